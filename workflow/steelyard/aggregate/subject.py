"""Which statements name what the question is about (docs/method.md, 5)."""

from __future__ import annotations

import pandas as pd

from steelyard.annotate.matching import fold, matcher_of
from steelyard.codebook import Subject


def naming(statements: pd.DataFrame, subject: Subject | None) -> pd.Series:
    """Say which statements hold a cue of the subject.

    It goes by words: what names the subject by "it", or by the sentence before, is not found.

    Args:
        statements: rows with `text` and `language`.
        subject: cues by language; without any, and in a language without cues, none is found.

    Returns:
        A flag for each row.
    """
    if subject is None:
        return pd.Series(False, index=statements.index)
    lists = {subject.name: subject.cues}
    matchers = {language: matcher_of(lists, language) for language in set(statements["language"])}
    texts = zip(statements["text"], statements["language"], strict=True)
    found = [bool(matchers[language].spans(fold(text))) for text, language in texts]
    return pd.Series(found, index=statements.index, dtype=bool)
