"""The kind of evidence that a statement offers, whether it is hedged, and whether it names a gap."""

from __future__ import annotations

from itertools import islice

from steelyard.annotate.lexicon import CompiledLexicon, Marks, asks
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


def kind(text: bytes, marks: Marks, lexicon: CompiledLexicon, *, has_cue: bool) -> Kind:
    """Give the strongest kind of evidence that a statement's own words offer.

    Args:
        text: the folded text of one statement.
        marks: where it holds the markers of its language.
        lexicon: of its language.
        has_cue: whether it holds a cue for a hypothesis: then it claims something, however short it is.

    Returns:
        `none` for a courtesy, a question, or a text too short to claim anything; `assertion` where no word marks a
        stronger kind.
    """
    question = asks(marks)
    for found, marker in _MARKERS:
        if marker in marks and (not question or found in _IN_QUESTIONS):
            return found
    claims = has_cue or not ("courtesies" in marks or _is_short(text.decode(), lexicon))
    return "assertion" if claims and not question else "none"


def _is_short(text: str, lexicon: CompiledLexicon) -> bool:
    """Tell whether a text has fewer words, or characters where spaces don't set them apart, than a claim."""
    units = text.split() if lexicon.spaced else text
    said = islice((unit for unit in units if any(map(str.isalnum, unit))), lexicon.shortest_claim)
    return sum(1 for _ in said) < lexicon.shortest_claim
