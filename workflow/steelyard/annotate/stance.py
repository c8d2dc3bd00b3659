"""Whether a statement supports, opposes or raises what its cues point to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from steelyard.annotate.lexicon import Marks, asks
from steelyard.annotate.matching import Span
from steelyard.vocabulary import Stance


@dataclass(frozen=True)
class Scope:
    """A stretch of a statement in which a marker governs the stance of cues.

    Args:
        marker: where the marker begins.
        start: first byte that it governs.
        end: the byte after the last one that it governs.
        stance: what it makes of the cues.
    """

    marker: int
    start: int
    end: int
    stance: Stance


def scopes(length: int, marks: Marks) -> list[Scope]:
    """Find what negation, denial, report and question govern in a statement.

    A negation governs what follows it up to the end of its clause; a report ("some say that …") what follows up to a
    contrast ("but", "in fact"); a denial ("I don't buy that") all that was said before it; a question everything. A
    rhetorical question ("isn't it …?") asserts, so that nothing governs it.

    Args:
        length: bytes of the statement.
        marks: where it holds the markers of its language.
    """
    if "questions" in marks:
        return [Scope(0, 0, length, "raises")] if asks(marks) else []
    contrasts = [start for start, _ in marks.get("contrasts", ())]
    breaks = sorted([*contrasts, *(start for start, _ in marks.get("breaks", ()))])
    negations = [
        (start, end) for start, end in marks.get("negations", ()) if _next(contrasts, start + 1, length) >= end
    ]
    return [
        *(Scope(0, 0, start, "opposes") for start, _ in marks.get("denials", ())),
        *(Scope(start, end, _next(breaks, end, length), "opposes") for start, end in negations),
        *(Scope(start, end, _next(contrasts, end, length), "raises") for start, end in marks.get("reports", ())),
    ]


def stance(cues: Sequence[Span], governing: Sequence[Scope]) -> Stance:
    """Give the stance toward what the cues point to.

    Of several scopes around a cue the outermost governs ("some say that it isn't X" raises X). Of several cues that
    point to one hypothesis an affirmed one counts before a denied one, and that before one that is only raised.

    Args:
        cues: [start, end) of each; at least one.
        governing: the statement's scopes.
    """
    found = {_governed(cue, governing) for cue in cues}
    return "supports" if "supports" in found else "opposes" if "opposes" in found else "raises"


def as_a_whole(length: int, governing: Sequence[Scope]) -> Stance:
    """Give the stance toward what a statement says on the whole, where no cue tells which part says it.

    The outermost scope that covers more than half of the statement governs.

    Args:
        length: bytes of the statement.
        governing: the statement's scopes.
    """
    wide = [scope for scope in governing if 2 * (scope.end - scope.start) > length]
    return min(wide, key=lambda scope: scope.marker).stance if wide else "supports"


def _governed(cue: Span, governing: Sequence[Scope]) -> Stance:
    around = [scope for scope in governing if scope.start <= cue[0] and cue[1] <= scope.end]
    return min(around, key=lambda scope: scope.marker).stance if around else "supports"


def _next(places: Sequence[int], after: int, length: int) -> int:
    place = bisect_left(places, after)
    return places[place] if place < len(places) else length
