"""What became of the text, step by step: what was dropped and why, what was weighed. For a table and a picture."""

from __future__ import annotations

from dataclasses import dataclass

from steelyard import tables
from steelyard.render import markdown as md
from steelyard.render.run import Run


@dataclass(frozen=True)
class Part:
    """A part of a step: how much, whether it goes on to the next step, and where the page tells more."""

    words: str
    number: int
    kept: bool
    to: str = ""


@dataclass(frozen=True)
class Step:
    """One step of the way: what is parted, in which unit."""

    words: str
    parts: list[Part]

    @property
    def number(self) -> int:
        """All that is parted."""
        return sum(part.number for part in self.parts)


def steps(run: Run) -> list[Step]:
    """Give the four steps from the text to the voices, each part in the step's unit."""
    totals, characters = run.totals, int(run[tables.DOCUMENTS].characters.sum())
    dropped = {reason: size for reason, (_, size) in run.dropped.items()}
    between = characters - totals.within - sum(dropped.values())
    posts = totals.roles.get("post", 0)
    everyone = int(float(run.summary["voices"]))
    return [
        Step(
            f"Characters of {md.count(len(run[tables.DOCUMENTS]), 'document')}",
            [
                Part("in statements", totals.within, True, "sec-sources"),
                *(Part(f"dropped: {reason}", n, False, "tbl-dropped") for reason, n in sorted(dropped.items())),
                Part("blanks and line ends between", between, False),
            ],
        ),
        Step(
            "Statements",
            [
                Part("in posts: weighed", posts, True, "sec-sources"),
                *(
                    Part(f"in a {role}: shown, not weighed", n, False)
                    for role, n in sorted(totals.roles.items())
                    if role != "post"
                ),
            ],
        ),
        Step(
            "Weighed statements",
            [
                Part("bear on a hypothesis", totals.bearing, True, "sec-evidence"),
                Part("bear on none", posts - totals.bearing, False),
            ],
        ),
        Step(
            "Independent voices",
            [
                Part("take a side on a hypothesis", totals.taking, True, "sec-who"),
                Part("take none", everyone - totals.taking, False),
            ],
        ),
    ]
