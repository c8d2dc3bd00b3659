"""Section 6: how robust the ranking is."""

from __future__ import annotations

from steelyard import tables, vocabulary
from steelyard.render import markdown as md
from steelyard.render.escape import entities
from steelyard.render.run import Run
from steelyard.render.sections.counts import counts
from steelyard.render.words import DOUBTS, FEW_VOICES
from steelyard.weigh.multiverse import AS_CONFIGURED

_CANNOT = {
    "coding": "no error was measured for the coders whose codes count here",
    "document": "no document holds a part of what counts for the motives by itself, or one holds all of it",
    "voice": "all that counts for the motives is one voice's",
    "kind": "all that counts for the motives is of one kind",
    "coder": "all codes that count here are one coder's",
    "subject": "the codebook gives no words for the subject, or all of the evidence names it, or none",
}
_ALL = 1 - 1e-6
_DRAWN = ("all", *vocabulary.RANDOM_DOUBTS)


def robust(run: Run) -> str:
    """Compose rank intervals under each doubt, and the counts three ways."""
    if run[tables.ROBUSTNESS].empty:
        return md.join(["No motive is taken up, so there is no order to doubt.", counts(run)])
    caption = "Rank of each motive under each doubt"
    picture = md.figure("robustness", caption, f"{caption}. The tables below have the figures.")
    return md.join(
        [
            _put(run),
            picture,
            _ranks(run),
            md.heading(2, "Other coders, other strengths", "sec-multiverse"),
            _universes(run),
            md.heading(2, "Balance with coding error", "sec-coding-error"),
            _coding_error(run),
            md.heading(2, "Three counts", "sec-counts"),
            counts(run),
            _widest(run),
        ]
    )


def _put(run: Run) -> str:
    """Say which doubts were put, and which could not be and why."""
    found = set(run[tables.ROBUSTNESS].doubt)
    put = [DOUBTS[doubt] for doubt in DOUBTS if doubt in found]
    sentences = [f"Doubts put: {md.listed(put)}."]
    sentences += [f"Not put: {DOUBTS[doubt]}, as {why}." for doubt, why in _CANNOT.items() if doubt not in found]
    return " ".join(sentences)


def _ranks(run: Run) -> str:
    """Compose each motive's ranks: in the random draws, and with something left out or chosen otherwise."""
    by_key = {(row.hypothesis_id, row.doubt): row for row in tables.records(run[tables.ROBUSTNESS])}
    tried = [doubt for doubt in vocabulary.DOUBTS if any(doubt == key[1] for key in by_key)]
    drawn = [doubt for doubt in _DRAWN if doubt in tried]
    chosen = [doubt for doubt in tried if doubt not in _DRAWN]

    def ranks(identifier: str, doubts: list[str]) -> list[str]:
        return [md.span(by_key[identifier, doubt].rank_low, by_key[identifier, doubt].rank_high) for doubt in doubts]

    first = [
        [
            run.link(i),
            md.percent(by_key[i, "all"].p_first),
            *ranks(i, drawn),
            DOUBTS.get(run.summary[f"moved_most_by.{i}"], "none"),
        ]
        for i in run.ordered("motive")
    ]
    header = ["Motive", "First, together>", *(DOUBTS.get(doubt, "together") for doubt in drawn), "moved most by"]
    caption = "How often each motive is first in the draws, its intervals of rank, and the doubt that moves it most"
    blocks = [md.table(header, first, caption, "tbl-robustness", f"[24,10{',12' * len(drawn)},18]")]
    if chosen:
        second = [[run.link(i), *ranks(i, chosen)] for i in run.ordered("motive")]
        caption = "Least and greatest rank of each motive with something left out, or chosen otherwise"
        header = ["Motive", *(DOUBTS[doubt] for doubt in chosen)]
        blocks.append(md.table(header, second, caption, "tbl-left-out", f"[24{',13' * len(chosen)}]"))
    return md.join(blocks)


def _universes(run: Run) -> str:
    """Compose who leads in each universe, and in what share of those of coders that read."""
    frame = run[tables.MULTIVERSE]
    shares = run[tables.ROBUSTNESS].query("doubt == 'multiverse'").set_index("hypothesis_id").p_first
    leading = [f"{run.link(i)} in {md.percent(shares[i])}" for i in run.ordered("motive") if shares.get(i, 0) > 0]
    leading += ["nobody in the others"] if leading and shares.sum() < _ALL else []
    leads = "this leads" if len(leading) == 1 else "these lead"
    universes = md.count(int(run.summary["universes"]), "universe")
    text = (
        f"A universe is one choice of who reads first and of how strong each kind of evidence is. In {universes} of "
        f"coders that read, {leads}: {md.listed(leading)}; equals share a universe. Universes are no sample: they "
        "show whether the leader hangs on a choice that somebody else would have made otherwise. "
    )
    for coder in run.study.coders:
        if coder.type == "recorded" and coder.settles:
            made_of = md.listed([f"`{name}`" for name in coder.settles])
            text += f"`{coder.name}` is made of {made_of}: these are no independent choices. "
    if frame.origin.eq("program").any():
        text += "Programs go by words; their universes are shown, and not counted."
    first = frame[(frame["rank"] == 1) & (frame.shown > 0)]
    leaders = {
        key: ", ".join(run.link(i) for i in part.hypothesis_id) for key, part in first.groupby(["coder", "strengths"])
    }
    strengths = [AS_CONFIGURED, *run.study.method.robustness.other_strengths]
    read = {row.coder: row for row in tables.records(frame.drop_duplicates("coder"))}
    rows = [
        [f"`{name}` ({read[name].statements})", *(leaders.get((name, one), "–") for one in strengths)]
        for name in (coder.name for coder in run.study.coders)
        if name in read
    ]
    caption = "Who leads, by who reads first (with the statements it decides) and by strengths of evidence"
    return md.join([text, md.table(["Coder", *map(entities, strengths)], rows, caption, "tbl-multiverse")])


def _coding_error(run: Run) -> str:
    """Compose the interval of each balance without and with measured coding error."""
    frame = run[tables.CODING_ERROR]
    if frame.empty:
        return f"Not put, as {_CANNOT['coding']}."
    with_error = {row.hypothesis_id: row for row in tables.records(frame)}
    rows = []
    for identifier in (i for i in run.everything if i in with_error and run.weight(i).voices >= FEW_VOICES):
        weight, error = run.weight(identifier), with_error[identifier]
        rows.append(
            [
                run.link(identifier),
                run.statements(md.percent(weight.balance), identifier),
                f"{md.percent(weight.balance_low)} to {md.percent(weight.balance_high)}",
                f"{md.percent(error.balance_low)} to {md.percent(error.balance_high)}",
            ]
        )
    header = ["Hypothesis", "Supported by>", "Interval", "With coding error"]
    caption = (
        f"Balance of {FEW_VOICES} voices or more: interval with codes as they are, and with measured error of coding"
    )
    text = (
        "Balance counts voices, and takes codes as they are. Wrong codes draw it towards the share that all hypotheses "
        "have in common, wrong stances towards one half; where that is undone at the rates of error that were "
        "measured, its interval reaches as far as the last column shows. Codes that were missed are in neither."
    )
    return md.join([text, md.table(header, rows, caption, "tbl-coding-error")])


def _widest(run: Run) -> str:
    """Say how much hangs on the voice that takes up most hypotheses."""
    voice = run.summary["widest_voice"]
    if not voice:
        return ""
    number = md.count(int(run.summary["widest_voice_hypotheses"]), "hypothesis", "hypotheses")
    share = md.percent(float(run.summary["widest_voice_share"]))
    who = run.statements_of(entities(run.speakers[voice]), voice)
    return f"One voice takes up {number}: {who}. It counts once for each, and offers {share} of all strength."
