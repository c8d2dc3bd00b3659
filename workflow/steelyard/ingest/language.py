"""Which of a study's languages a text is in."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Sequence

from py3langid import langid

from steelyard.codebook import unknown_language
from steelyard.errors import SteelyardError
from steelyard.ingest.words import is_unspaced, words

_FEW_WORDS = 4  # a shorter text is a poor witness of its language
_IN_ARABIC_SCRIPT = frozenset(["ar", "ary", "arz", "fa", "ps", "sdh", "ug", "ur"])


class Languages:
    """Tells a study's languages apart.

    Args:
        codes: ISO 639-1 codes; a tie goes to the earlier.

    Raises:
        SteelyardError: a code that is not known.
    """

    def __init__(self, codes: Sequence[str]) -> None:
        """Check the codes."""
        self.codes = list(codes)
        known = _identifier().labels
        unknown = sorted(set(codes) - set(known))
        if unknown:
            raise SteelyardError([unknown_language(code, "ingest.languages") for code in unknown])

    def guess(self, text: str) -> str | None:
        """Give the language of a text; None where it has no letters."""
        if not any(character.isalpha() for character in text):
            return None
        fitting = self._fitting(text)
        if len(fitting) == 1:
            return fitting[0]
        return next(str(code) for code, _ in _identifier().rank(text) if code in fitting)

    def of_document(self, texts: Iterable[str]) -> str:
        """Give the language that most characters of a document's sentences are in."""
        counts = Counter(dict.fromkeys(self.codes, 0))
        for text in texts:
            if guess := self.guess(text):
                counts[guess] += len(text)
        return max(self.codes, key=counts.__getitem__)

    def of_statement(self, text: str, document: str) -> str:
        """Give the language of a statement; that of its document where the statement is too short to tell."""
        guess = self.guess(text)
        fitting = self._fitting(text)
        short = len(words(text)) < _FEW_WORDS
        if guess is None or (short and (document in fitting or len(fitting) > 1)):
            return document
        return guess

    def _fitting(self, text: str) -> list[str]:
        """Give the languages whose script the text is in."""
        tokens = words(text)
        han = 2 * sum(is_unspaced(token) for token in tokens) > len(tokens)
        if han and "zh" in self.codes and not ("ja" in self.codes and _has_kana(text)):
            return ["zh"]
        arabic = 2 * sum(_is_arabic(token) for token in tokens) > len(tokens)
        others = [code for code in self.codes if code != "zh"]
        return [code for code in others if (code in _IN_ARABIC_SCRIPT) == arabic] or others or self.codes


@functools.cache
def _identifier() -> langid.LanguageIdentifier:
    """Load the model of letter sequences, once: it never changes."""
    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE)


def _has_kana(text: str) -> bool:
    return any("\u3040" <= character <= "\u30ff" for character in text)


def _is_arabic(word: str) -> bool:
    return "\u0620" <= word[0] <= "\u06ff"
