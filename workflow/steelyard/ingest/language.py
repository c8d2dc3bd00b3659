"""Which of a study's languages a text is in."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from py3langid import langid

from steelyard.codebook import unknown_language
from steelyard.errors import SteelyardError
from steelyard.ingest.words import UNSPACED, words

_FEW_WORDS = 4  # a shorter text is a poor witness of its language
_IN_ARABIC_SCRIPT = frozenset(["ar", "ary", "arz", "fa", "ps", "sdh", "ug", "ur"])
_UNSPACED = re.compile(rf"[{UNSPACED}]")
# Without one of these no word is a character of a script without spaces, or begins with an Arabic letter.
_OTHER_SCRIPTS = re.compile(rf"[{UNSPACED}\u0620-\u06ff]")


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
        return self._guess(text, self._fitting(text)) if any(map(str.isalpha, text)) else None

    def _guess(self, text: str, fitting: Sequence[str]) -> str:
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
        fitting = self._fitting(text)
        if [document] == fitting or not any(map(str.isalpha, text)):
            return document
        may_be_short = document in fitting or len(fitting) > 1
        return document if may_be_short and len(words(text)) < _FEW_WORDS else self._guess(text, fitting)

    def _fitting(self, text: str) -> list[str]:
        """Give the languages whose script the text is in."""
        if text.isascii() or not _OTHER_SCRIPTS.search(text):
            return self._in_other_scripts
        tokens = words(text)
        han = 2 * len(_UNSPACED.findall("".join(tokens))) > len(tokens)  # each is a word
        if han and "zh" in self.codes and not ("ja" in self.codes and _has_kana(text)):
            return ["zh"]
        arabic = 2 * sum(_is_arabic(token) for token in tokens) > len(tokens)
        return self._spaced(arabic=arabic)

    @functools.cached_property
    def _in_other_scripts(self) -> list[str]:
        """The languages that a text is in which has neither Arabic letters nor characters of scripts without spaces."""
        return self._spaced(arabic=False)

    def _spaced(self, *, arabic: bool) -> list[str]:
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
