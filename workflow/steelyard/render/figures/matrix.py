"""Expected observations by hypotheses: how each would bear, and what the corpus says of it."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence

from steelyard import tables, vocabulary
from steelyard.render import markdown as md
from steelyard.render.figures.sheet import (
    DARK_SIGN,
    FAINT,
    INK,
    LIGHT_SIGN,
    LINK,
    QUIET,
    SMALL,
    Link,
    Picture,
    Sheet,
    text_width,
)
from steelyard.render.figures.words import heads, plain, to_section
from steelyard.render.run import Run

_FILLS = {"CC": "#2166ac", "C": "#92c5de", "N": "#e4e6e8", "I": "#f4a582", "II": "#b2182b"}
_SIGNS = {rating: LIGHT_SIGN if rating in ("CC", "II") else DARK_SIGN for rating in _FILLS}
_BEARS = {
    "CC": "speaks strongly for",
    "C": "speaks for",
    "N": "bears neither way on",
    "I": "speaks against",
    "II": "speaks strongly against",
}
# shape, whether filled, and word of each status
_STATUSES = {
    "documented": ("square", True, "documented"),
    "claimed": ("circle", True, "told"),
    "contested": ("diamond", True, "contested"),
    "sought_not_found": ("cross", True, "not found"),
    "absent": ("circle", False, "absent"),
}
_MEANINGS = {
    "claimed": "(without a source)",
    "sought_not_found": "(though looked for)",
    "absent": "(nobody speaks of it)",
}
_OWNER, _NAME, _STATUS, _LEFT, _ROW = 2, 126, 288, 362, 14


def matrix(run: Run, owners: Sequence[str]) -> Picture:
    """Draw a row for each observation that one of the owners names, and a column for each hypothesis."""
    ids = run.everything
    step = min(18.0, 318 / len(ids))
    ratings = {(row.observation_id, row.hypothesis_id): row.rating for row in tables.records(run[tables.MATRIX])}
    drawn = {o.id for owner in owners for o in run.hypotheses[owner].observations}
    status = {o.observation_id: o.status for o in tables.records(run[tables.OBSERVATIONS]) if o.observation_id in drawn}
    sheet, y = Sheet(720), 142
    heads(sheet, run, ids, _LEFT, step, y - 7)
    sheet.lines(_OWNER, y - 7, ["named for"])
    sheet.lines(_NAME, y - 7, ["expected observation"])
    sheet.lines(_STATUS, y - 7, ["in the corpus"])
    for owner in owners:
        observations = [o.id for o in run.hypotheses[owner].observations]
        sheet.rule(_OWNER, y, _LEFT + step * len(ids), y, FAINT)
        for line, words in enumerate(textwrap.wrap(run.name(owner), 20)[: len(observations)]):
            link = to_section(run, owner, twin=True)
            sheet.text(_OWNER, y + 8 + 13 * line, words, size=SMALL, limit=122, link=link, colour=LINK)
        for observation in observations:
            sheet.dots(_LEFT, y + 7, _LEFT + step * len(ids), step)
            _row(sheet, run, observation, status[observation], y + 1)
            for number, identifier in enumerate(ids):
                rating = ratings.get((observation, identifier), "")
                if rating:
                    _cell(sheet, run, observation, identifier, rating, (_LEFT + step * number, y + 1, step))
            y += _ROW
    sheet.height = _key(sheet, y + 18)
    title = "How each expected observation would bear on each hypothesis, and whether the corpus shows it"
    shown = {key: rating for key, rating in ratings.items() if key[0] in drawn}
    return Picture(sheet, title, _description(status, shown, len(ids)))


def _row(sheet: Sheet, run: Run, observation: str, status: str, y: float) -> None:
    label = Link(label=f"{run.observations[observation].see} ({_STATUSES[status][2]})")
    sheet.text(_NAME, y + 7, observation.replace("_", " "), size=SMALL, limit=158, link=label)
    _symbol(sheet, status, _STATUS + 5, y + 7)


def _symbol(sheet: Sheet, status: str, x: float, y: float) -> None:
    shape, filled, word = _STATUSES[status]
    sheet.point(x, y, 42, INK if filled else "transparent", shape=shape, stroke=INK)
    sheet.text(x + 9, y, word, size=SMALL, colour=INK if filled else QUIET)


def _cell(
    sheet: Sheet, run: Run, observation: str, identifier: str, rating: str, place: tuple[float, float, float]
) -> None:
    """Draw a rating in its colour, over the dot that marks what nobody rated."""
    x, y, step = place
    words = observation.replace("_", " ")
    link = Link(label=f"“{words}” {_BEARS[rating]} {run.name(identifier)} ({rating})")
    sheet.box(x + 0.5, y, step - 1, _ROW - 2, _FILLS[rating], link=link)
    sheet.sign(x + step / 2, y + 6.5, rating, _SIGNS[rating])


def _key(sheet: Sheet, y: float) -> float:
    left = 2.0
    words = {"CC": "strongly for", "C": "for", "N": "neither", "I": "against", "II": "strongly against"}
    for rating, meaning in words.items():
        sheet.box(left, y - 8, 20, 16, _FILLS[rating])
        sheet.sign(left + 10, y, rating, _SIGNS[rating])
        sheet.text(left + 25, y, meaning, size=SMALL)
        left += 40 + text_width(meaning, SMALL)
    sheet.dots(left, y, left + 10, 10)
    sheet.text(left + 14, y, "nobody rated it, which is not neutral", size=SMALL)
    left, y = 2.0, y + 22
    for status, (_, _, word) in _STATUSES.items():
        more = _MEANINGS.get(status, "")
        _symbol(sheet, status, left + 5, y)
        sheet.text(left + 20 + text_width(word, SMALL), y, more, size=SMALL, colour=QUIET)
        left += 34 + text_width(word + more, SMALL)
    return y + 12


def _description(status: dict[str, str], ratings: dict[tuple[str, str], str], columns: int) -> str:
    counts = Counter(status.values())
    found = md.listed([f"{counts[s]} {_STATUSES[s][2]}" for s in vocabulary.STATUSES if counts[s]])
    return plain(
        "Each row is an observation that one would expect, under the hypothesis that names it; each column is a "
        "hypothesis. CC and C speak for a hypothesis, II and I against it, N for neither; a dot marks what nobody "
        f"rated, which is not neutral: {len(ratings)} of {len(status) * columns} cells are rated. Of "
        f"{md.count(len(status), 'observation')}, the corpus has {found}."
    )
