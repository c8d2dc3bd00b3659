"""The kind of evidence that a statement offers, whether it is hedged, and whether it names a gap."""

from __future__ import annotations

from steelyard.annotate.lexicon import CompiledLexicon
from steelyard.vocabulary import Kind

# From the strongest on (codebook.md, 3). A question offers no observation and no reasoning of its own.
_MARKERS: tuple[tuple[Kind, str], ...] = (
    ("statistic", "figures"),
    ("cited", "references"),
    ("testimony", "experiences"),
    ("attributed", "attributions"),
    ("observation", "events"),
    ("reasoning", "reasons"),
)
_IN_QUESTIONS: tuple[Kind, ...] = ("statistic", "cited", "testimony", "attributed")


def kind(text: bytes, lexicon: CompiledLexicon, *, has_cue: bool) -> Kind:
    """Give the strongest kind of evidence that a statement's own words offer.

    Args:
        text: the folded text of one statement.
        lexicon: the words of its language.
        has_cue: whether it holds a cue for a hypothesis: then it claims something, however short it is.

    Returns:
        `none` for a courtesy, a question, or a text too short to claim anything; `assertion` where no word marks a
        stronger kind.
    """
    asks = lexicon.asks(text)
    for found, marker in _MARKERS:
        if (not asks or found in _IN_QUESTIONS) and lexicon.found(marker, text):
            return found
    empty = lexicon.found("courtesies", text) or _length(text, lexicon) < lexicon.shortest_claim
    return "none" if asks or (empty and not has_cue) else "assertion"


def _length(text: bytes, lexicon: CompiledLexicon) -> int:
    said = text.decode()
    units = said.split() if lexicon.spaced else said
    return sum(any(character.isalnum() for character in unit) for unit in units)
