"""Section 1, second part: what changed against an earlier result, where the config names one.

What would print alike is no change.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from steelyard import tables
from steelyard.render import markdown as md
from steelyard.render.earlier import Earlier
from steelyard.render.run import Run

_NAMED = 5  # documents that a sentence names, at most
_RANKING = {"rank": "Rank>", "shown": "Shown>", "voices": "Voices>", "certainty": "Certainty"}
_MAP = {"voices": "Voices>"}
_IN_WORDS = {"rank": "rank", "shown": "strength", "voices": "voices", "certainty": "certainty"}
_NOTHING = "–"


class _Part(NamedTuple):
    """A part of the comparison: whether anything changed in it, and the sentences that say so or not."""

    changed: bool
    text: str


def changes(run: Run) -> str:
    """Compose what changed; nothing where no earlier result is named."""
    if run.earlier is None:
        return ""
    heading, name = md.heading(1, "What changed", "sec-changes"), md.quoted(run.earlier.name)
    documents, codes = _documents(run, run.earlier), _codes(run, run.earlier)
    results = [_form(run, run.earlier), _first(run, run.earlier), _voices(run, run.earlier)]
    hypotheses = _hypotheses(run, run.earlier)
    if not any(part.changed for part in (documents, codes, *results, hypotheses)):
        compared = md.listed([_IN_WORDS[column] for column in _columns(run, run.earlier)])
        return md.join(
            [
                heading,
                f"Nothing changed against the earlier result {name}: the documents, the codes of the weighed "
                f"statements, and the {compared} of every hypothesis are the same.",
            ]
        )
    inputs = [documents.text, codes.text]
    if not documents.changed and not codes.changed:
        inputs.append("So what changed comes from constants of the method, from the codebook or from the program.")
    form, first, voices = (part.text for part in results)
    what = " ".join(filter(None, [f"This result is compared with an earlier one, {name}.", form, first]))
    return md.join([heading, what, " ".join(filter(None, [*inputs, voices])), hypotheses.text])


def _rankings(run: Run, earlier: Earlier) -> bool:
    return run.ranks and earlier.summary["form"] == "ranking"


def _columns(run: Run, earlier: Earlier) -> dict[str, str]:
    """What is compared of a hypothesis: a map gives neither rank nor strength nor certainty."""
    return _RANKING if _rankings(run, earlier) else _MAP


def _name(run: Run, hypothesis_id: str) -> str:
    """Give a hypothesis' link; of one that the codebook no longer has nothing but its id is known."""
    return run.link(hypothesis_id) if hypothesis_id in run.hypotheses else md.quoted(hypothesis_id)


def _form(run: Run, earlier: Earlier) -> _Part:
    then, now = earlier.summary["form"], run.summary["form"]
    if then == now:
        return _Part(False, "")
    fate = "are new" if run.ranks else "are no longer given"
    return _Part(
        True,
        f"The earlier result was a {then}, this one is a {now}: ranks, strengths and certainty {fate}, and only what "
        "both give is compared.",
    )


def _first(run: Run, earlier: Earlier) -> _Part:
    """Say who has most evidence, then and now, and how often each of these is first in the draws."""
    if not _rankings(run, earlier):
        return _Part(False, "")
    then = _leaders(run, earlier[tables.HYPOTHESES], earlier.summary["leader"])
    now = _leaders(run, run[tables.HYPOTHESES], run.summary["leader"])
    draws = _draws(run, earlier, list(dict.fromkeys([*now, *then])))
    return _Part(then != now or draws.changed, " ".join(filter(None, [_who(run, then, now), draws.text])))


def _leaders(run: Run, hypotheses: pd.DataFrame, leader: str) -> list[str]:
    """Give the motives of rank 1, where anything is shown for them; gone ones last."""
    first = list(hypotheses.hypothesis_id[(hypotheses["rank"] == 1).fillna(False)]) if leader else []
    return [i for i in run.everything if i in first] + [i for i in first if i not in run.hypotheses]


def _who(run: Run, then: list[str], now: list[str]) -> str:
    none = "no motive had more evidence for it than against it"
    if not then and not now:
        return f"As before, {none.replace('had', 'has')}."
    if not now:
        return f"Now {none.replace('had', 'has')}; most was offered for {_alike(run, then)}."
    if not then:
        return f"Most evidence is now offered for {_alike(run, now)}; in the earlier result {none}."
    if then == now:
        return f"Most evidence is still offered for {_alike(run, now)}."
    return f"Most evidence is now offered for {_alike(run, now)}; in the earlier result it was for {_alike(run, then)}."


def _alike(run: Run, ids: list[str]) -> str:
    return md.listed([_name(run, i) for i in ids]) + (" alike" if len(ids) > 1 else "")


def _draws(run: Run, earlier: Earlier, ids: list[str]) -> _Part:
    then, now = _first_in_draws(earlier[tables.ROBUSTNESS]), _first_in_draws(run[tables.ROBUSTNESS])
    each: list[str] = []
    changed = False
    for i in (i for i in ids if i in now):
        before = "as before" if then.get(i) == now[i] else f"before: {then.get(i, _NOTHING)}"
        changed |= then.get(i) != now[i]
        verb = "" if each else " comes first"
        each.append(f"{_name(run, i)}{verb} in {now[i]}{'' if each else ' of the draws'} ({before})")
    return _Part(changed, f"With the random doubts put together, {md.listed(each)}." if each else "")


def _first_in_draws(robustness: pd.DataFrame) -> dict[str, str]:
    together = robustness[robustness.doubt == "all"]
    return {row.hypothesis_id: md.percent(row.p_first) for row in tables.records(together)}


def _documents(run: Run, earlier: Earlier) -> _Part:
    then = {row.document_id: row for row in tables.records(earlier[tables.DOCUMENTS])}
    now = {row.document_id: row for row in tables.records(run[tables.DOCUMENTS])}
    same = _same_documents(run, earlier)
    gone = {row.sha256: i for i, row in then.items() if i not in now}
    renamed = {i: gone[row.sha256] for i, row in now.items() if i not in then and row.sha256 in gone}
    shown = set(run.shown.document_id)
    links = {
        i: f"[{md.name(row.title)}](#{run.document_anchor(i)})" if i in shown else md.name(row.title)
        for i, row in now.items()
    }
    lists = {
        "new": [links[i] for i in now if i not in then and i not in renamed],
        "gone": [md.name(row.title) for i, row in then.items() if i not in now and i not in renamed.values()],
        "changed in the text": [links[i] for i in now if i in then and i not in same],
        "known by another id": [f"{links[i]}, before {md.quoted(old)}" for i, old in renamed.items()],
    }
    said = [f"{len(found)} {_are(len(found))} {what} ({_some(found)})" for what, found in lists.items() if found]
    if not said:
        return _Part(False, f"{_all(len(same), 'document')} {_are(len(same))} the same.")
    rest = f"{len(same)} {_are(len(same))} the same" if same else "none is the same"
    return _Part(True, f"Of the documents, {md.listed([*said, rest])}.")


def _same_documents(run: Run, earlier: Earlier) -> set[str]:
    """Give the ids that name the same bytes in both results."""
    key = ["document_id", "sha256"]
    return set(run[tables.DOCUMENTS][key].merge(earlier[tables.DOCUMENTS][key]).document_id)


def _some(items: list[str]) -> str:
    """List items, the first few where they are many."""
    more = len(items) - _NAMED
    return md.listed([*items[:_NAMED], md.count(more, "other")] if more > 0 else items)


def _all(number: int, noun: str, plural: str = "") -> str:
    """Say all of a number of things: "The document", "Both documents", "All 3 documents"."""
    start = {1: "The", 2: "Both"}.get(number, f"All {number}")
    return f"{start} {noun if number == 1 else plural or noun + 's'}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _codes(run: Run, earlier: Earlier) -> _Part:
    """Say how the codes of what both results weigh differ; where a document changed, so did its statements."""
    same = _same_documents(run, earlier)
    if not same:
        return _Part(False, "No document is the same in both, so codes are not compared.")
    codes = run.totals.compared(earlier[tables.EVIDENCE], same)
    counts = {
        "new": codes.new,
        "gone": codes.gone,
        "read otherwise (stance, kind of evidence or hedge)": codes.otherwise,
    }
    said = [f"{number} {_are(number)} {what}" for what, number in counts.items() if number]
    everywhere = len(same) == len(run[tables.DOCUMENTS]) == len(earlier[tables.DOCUMENTS])
    text = "The codes of the weighed statements are the same."
    if not everywhere:
        text = "In the documents that are the same, so are the codes of the weighed statements."
    if said:
        where = "" if everywhere else " in the documents that are the same"
        text = f"Of the codes of the weighed statements{where}, {md.listed(said)}."
    number = codes.stronger
    if number:
        which, verb = "Of those that are the same" if said else "Of them", "counts" if number == 1 else "count"
        text += f" {which}, {number} {verb} with another strength, as the constants of strength changed."
    return _Part(bool(said) or number > 0, text)


def _voices(run: Run, earlier: Earlier) -> _Part:
    then, now = (float(summary["voices"]) for summary in (earlier.summary, run.summary))
    if then == now:
        return _Part(False, "")
    return _Part(
        True, f"There {'is' if now == 1 else 'are'} now {md.count(now, 'independent voice')}, before {md.number(then)}."
    )


def _hypotheses(run: Run, earlier: Earlier) -> _Part:
    """Compose which hypotheses came, went and changed."""
    then = earlier[tables.HYPOTHESES].set_index("hypothesis_id", drop=False)
    shared = [i for i in run.everything if i in then.index]
    new = [run.link(i) for i in run.everything if i not in then.index]
    gone = [md.quoted(i) for i in then.index if i not in run.hypotheses]
    if not shared:
        return _Part(
            True,
            "The two have no hypothesis in common: the earlier one is another study's, or its codebook was another. So "
            "no hypothesis is compared.",
        )
    columns = _columns(run, earlier)
    rows = [row for i in shared if (row := _row(run, then.loc[i], i, columns))]
    caption = "Hypotheses that changed: then → now, or one figure for both; voices are independent ones"
    widths = "[36,12,20,12,20]" if len(columns) > 1 else "[70,30]"
    table = md.table(["Hypothesis", *columns.values()], rows, caption, "tbl-changes", widths) if rows else ""
    both = " in common" if new or gone else ""
    text = " ".join(
        filter(None, [_came_and_went(new, gone, columns), _how_many(len(rows), len(shared), both, columns)])
    )
    return _Part(bool(new or gone or rows), md.join([text, table]))


def _came_and_went(new: list[str], gone: list[str], columns: dict[str, str]) -> str:
    if not new and not gone:
        return ""
    where = "it" if new else "the codebook"
    ranks = ", and ranks stand among each result's own motives" if "rank" in columns else ""
    sentences = [
        f"New in the codebook {_are(len(new))} {md.listed(new)}." if new else "",
        f"No longer in {where} {_are(len(gone))} {md.listed(gone)}." if gone else "",
        f"Hypotheses are compared by their ids{ranks}.",
    ]
    return " ".join(filter(None, sentences))


def _how_many(changed: int, compared: int, both: str, columns: dict[str, str]) -> str:
    """Say how many of the compared hypotheses changed; `both` are words that set them off from those of one result."""
    figures = md.listed([_IN_WORDS[column] for column in columns])
    everyone = f"{_all(compared, 'hypothesis', 'hypotheses')}{both}"
    if not changed:
        return f"{everyone} {_are(compared)} the same in {figures}."
    if changed == compared:
        return f"{everyone} changed (@tbl-changes)."
    did = "the other one is" if compared - changed == 1 else f"the other {compared - changed} are"
    return f"Of {compared} hypotheses{both}, {changed} changed (@tbl-changes); {did} the same in {figures}."


def _row(run: Run, then: Any, hypothesis_id: str, columns: dict[str, str]) -> list[md.Cell]:
    """Give a hypothesis' row; an empty one where it would print the same twice."""
    now = run.weight(hypothesis_id)
    pairs = {column: (_printed(then, column), _printed(now, column)) for column in columns}
    if all(before == after for before, after in pairs.values()):
        return []
    return [
        run.link(hypothesis_id),
        *(_cell(run, hypothesis_id, column, before, after) for column, (before, after) in pairs.items()),
    ]


def _cell(run: Run, hypothesis_id: str, column: str, before: str, after: str) -> str:
    linked = run.statements(after, hypothesis_id) if column in ("shown", "voices") else after
    blank = " " if column == "certainty" else "\u00a0"  # figures stay on one line
    return linked if before == after else f"{before}\u00a0→{blank}{linked}"


def _printed(weight: Any, column: str) -> str:
    value = weight[column]
    if pd.isna(value):
        return _NOTHING
    return md.decimal(value) if column == "shown" else str(value)
