"""Which statements name what the question is about (docs/method.md, 5)."""

from __future__ import annotations

import pandas as pd

from steelyard.annotate.matching import fold, matcher_of
from steelyard.codebook import Subject


def naming(statements: pd.DataFrame, subject: Subject) -> set[str]:
    """Give the statements with a cue of the subject in any of their prints, as ids of the originals.

    It goes by words: what names the subject by "it", or by the sentence before, is not found.

    Args:
        statements: `echo_id`, `text` and `language` of all.
        subject: cues by language; in a language without cues none is found.
    """
    found: set[str] = set()
    for language, part in statements.groupby("language"):
        matcher = matcher_of({subject.name: subject.cues}, str(language))
        found.update(e for e, text in zip(part.echo_id, part.text, strict=True) if matcher.spans(fold(text)))
    return found
