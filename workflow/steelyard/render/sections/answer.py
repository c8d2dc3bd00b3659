"""Section 1: the answer in brief, or, where a study may not rank yet, why there is none."""

from __future__ import annotations

import functools
from typing import Any

import pandas as pd

from steelyard import tables, vocabulary
from steelyard.render import markdown as md
from steelyard.render.escape import entities
from steelyard.render.run import Run
from steelyard.render.sections.coding import accuracy
from steelyard.render.sections.counts import counts
from steelyard.render.words import DOUBTS, FEW_VOICES, KINDS, ORIGINS


def answer(run: Run) -> str:
    """Compose the first screen, a paragraph of the run's figures and a picture, then how sure that is, and a table."""
    return _ranking(run) if run.ranks else _map(run)


def _ranking(run: Run) -> str:
    brief = [_leader(run), _race(run), _other_leader(run), _said_most(run), _contested(run), _nobody(run), _grades(run)]
    return md.join(
        [
            " ".join(filter(None, brief)),
            _picture(run),
            md.heading(2, "How sure that is", "sec-sure"),
            " ".join(filter(None, [_next(run), _counted_otherwise(run), _sides_of_contested(run)])),
            _how_sure(run),
            _coded(run),
            _table(run) if run.ordered("motive") else "",
        ]
    )


def _picture(run: Run) -> str:
    """Give the motives' picture, drawn once for wide screens and paper and once for narrow screens."""
    if not run.ordered("motive"):
        return _said_picture()
    caption = "Motives ranked by the evidence offered for them"
    order = md.listed([run.name(i) for i in run.ordered("motive")])
    alternative = f"{caption}, from most to least: {order}. The table below has the figures."
    return md.figure("ranked", caption, alternative, narrow=True)


def _said_picture() -> str:
    alternative = "Hypotheses by the share of independent voices that take them up. The tables below have the figures."
    return md.figure("said", "Hypotheses by the voices that take them up", alternative)


def _leader(run: Run) -> str:
    leader = run.summary["leader"]
    if not leader:
        return "**No motive has more evidence for it than against it.**" if run.ordered("motive") else ""
    weight, first = run.weight(leader), _at_rank(run, 1)
    strength = f"strength {run.statements(md.decimal(weight.shown), leader)}"
    if len(first) > 1:
        names = md.listed([f"**{run.link(i)}**" for i in first])
        return f"Most evidence is offered for {names} alike: {strength} each."
    return (
        f"Most evidence is offered for **{run.link(leader)}**: {strength}, with {_sides(run, weight)}, mostly by "
        f"{KINDS[run.summary['leader_main_kind']]}."
    )


def _next(run: Run) -> str:
    after = [i for i in _at_rank(run, len(_at_rank(run, 1)) + 1) if run.weight(i).shown > 0]
    if not run.summary["leader"] or not after:
        return ""
    come, each = ("comes", "") if len(after) == 1 else ("come", " each")
    strength = run.statements(md.decimal(run.weight(after[0]).shown), after[0])
    return f"Next {come} {_links(run, after)} (strength {strength}{each})."


def _at_rank(run: Run, rank: int) -> list[str]:
    return [i for i in run.ordered("motive") if run.weight(i)["rank"] == rank]


def _sides(run: Run, weight: Any) -> str:
    identifier = weight.hypothesis_id
    supporting = run.statements(md.count(weight.voices_for, "voice"), identifier, stance="supports")
    against = md.number(weight.voices_against) if weight.voices_against else "none"
    return f"{supporting} for it and {run.statements(against, identifier, stance='opposes')} against"


def _race(run: Run) -> str:
    """Say whether the first place is settled, and how often the leader has it; what the draws are is said below."""
    leader, found = run.summary["leader"], _doubts(run)
    if (leader, "all") not in found or not run.summary["runner_up"]:
        return ""
    open_to = run.summary["may_be_first"].split()
    close = run.summary["close_race"] == "true"
    verdict = "**The race is close.**" if close else "Who is first is fairly settled."
    first = "it comes" if len(_at_rank(run, 1)) == 1 else f"{run.link(leader)} comes"
    others = f", and {md.count(len(open_to), 'motive')} could" if close and len(open_to) > 1 else ""
    share = md.percent(found[leader, "all"].p_first)
    return f"{verdict} With all that is doubtful varied, {first} first in {share} of the draws{others}."


def _doubts(run: Run) -> dict[tuple[str, str], Any]:
    return {(row.hypothesis_id, row.doubt): row for row in tables.records(run[tables.ROBUSTNESS])}


def _said_most(run: Run) -> str:
    most = run.summary["first_by_voices"].split()
    if not most:
        return "No voice takes any hypothesis up."
    weight = run.weight(most[0])
    each = [f"{run.link(i)} ({run.statements(md.number(weight.voices), i)})" for i in most]
    voices = md.count(float(run.summary["voices"]), "independent voice")
    return f"Said most {'is' if len(most) == 1 else 'are'} {md.listed(each)}, of {voices}."


def _counted_otherwise(run: Run) -> str:
    """Say which hypothesis another count would put first; nothing where all three agree."""
    counts = {"mentions": "mentions", "speakers": "voices as printed"}
    others = {words: run.summary[f"first_by_{name}"].split() for name, words in counts.items()}
    by = [
        f"{_links(run, o)} {'is' if len(o) == 1 else 'are'} said most by {words}"
        for words, o in others.items()
        if o != run.summary["first_by_voices"].split()
    ]
    return f"Counted otherwise, {md.listed(by)}." if by else ""


def _links(run: Run, ids: list[str]) -> str:
    return md.listed([run.link(identifier) for identifier in ids])


def _contested(run: Run) -> str:
    contested = _contested_ones(run)
    if contested:
        return f"Voices divide most on {_links(run, contested)}."
    return "Little is contested." if run.summary["most_contested"] else "No hypothesis has voices on both sides."


def _contested_ones(run: Run) -> list[str]:
    return [i for i in run.everything if i in run.summary["contested"].split()]


def _sides_of_contested(run: Run) -> str:
    """Say how many voices stand on each side of what is contested most."""
    each = [f"{run.link(i)} ({_sides(run, run.weight(i))})" for i in _contested_ones(run)]
    if each:
        limit, is_ = md.percent(run.study.method.certainty.contested_high), "is" if len(each) == 1 else "are"
        return f"Divided, with less than {limit} of the voices on either side, {is_} {md.listed(each)}."
    most = run.summary["most_contested"]
    return f"Most voices on the lesser side has {run.link(most)} ({_sides(run, run.weight(most))})." if most else ""


def _nobody(run: Run) -> str:
    """Say what nobody has shown: motives without a checked source, and observations that nobody speaks of."""
    motives = run.ordered("motive")
    if not motives:
        return "The codebook names no motive, so nothing is ranked."
    without = [i for i in motives if i not in run.summary["documented_motives"].split()]
    if len(without) == len(motives):
        documented = "**No checked source documents any motive**"
    elif not without:
        documented = "A checked source documents each motive"
    else:
        documented = f"No checked source documents {md.listed([run.link(i) for i in without], 'or')}"
    return f"{md.listed([documented, *_first_hand(run, motives), *_unspoken(run)])}."


def _first_hand(run: Run, motives: list[str]) -> list[str]:
    gaps = run[tables.GAPS]
    lacking = set(gaps.hypothesis_id[gaps.gap_kind == "no first-hand speaker"]) & set(motives)
    if not lacking:
        return []
    none = len(lacking) == len(motives)
    have = "none has" if none else f"{len(lacking)} of {len(motives)} {'lacks' if len(lacking) == 1 else 'lack'}"
    return [f"{have} a [first-hand speaker](#sec-gaps)"]


def _unspoken(run: Run) -> list[str]:
    expected = len(run.observations)
    absent = int((run[tables.OBSERVATIONS].status == "absent").sum())
    if not absent:
        return []
    some = "any" if absent == expected else str(absent)
    return [
        f"nobody speaks of {some} of the [{md.count(expected, 'fact')}](#sec-next) that would tell hypotheses apart"
    ]


def _how_sure(run: Run) -> str:
    leader = run.summary["leader"]
    found = _doubts(run)
    if (leader, "all") not in found:
        return ""
    if not run.summary["runner_up"]:
        return "Only one motive is named, so there is no order to doubt."
    row = found[leader, "all"]
    low, high = md.decimal(row.rank_low, 0), md.decimal(row.rank_high, 0)
    place = f"in place {low}" if low == high else f"between places {low} and {high}"
    close = run.summary["close_race"] == "true"
    varied = [DOUBTS[d] for d in vocabulary.RANDOM_DOUBTS if d in run.summary["doubts_tried"].split()]
    sure = (
        f"Who is first is {'not settled' if close else 'fairly settled'}. With {md.listed(varied)} varied together, "
        f"{run.link(leader)} comes first in {md.percent(row.p_first)} of the draws, and {place} in "
        f"{md.percent(run.study.method.robustness.interval)} of them."
    )
    rivals = [r for (i, doubt), r in found.items() if doubt == "all" and i != leader]
    if close and rivals:
        second = max(rivals, key=lambda r: (r.p_first, -run.everything.index(r.hypothesis_id)))
        often = "More often first" if second.p_first > row.p_first else "Next most often first"
        sure += f" {often} is {run.link(second.hypothesis_id)} ({md.percent(second.p_first)})."
    open_to = [i for i in run.ordered("motive") if i in run.summary["may_be_first"].split()]
    if len(open_to) > 1:
        least = md.percent((1 - run.study.method.robustness.interval) / 2)
        sure += (
            f" First place is open to {md.count(len(open_to), 'motive')} (first in {least} of the draws, or more): "
            f"{_links(run, open_to)}."
        )
    choices = ("document", "voice", "kind", "coder", "multiverse")
    falls = [DOUBTS[doubt] for doubt in choices if _falls(found.get((leader, doubt)))]
    if falls:
        sure += f" In some case {run.link(leader)} is caught up or overtaken with {md.listed(falls, 'or')}."
    if not _other_leader(run):
        sure += f" {_of_subject(run)}"
    return f"{sure.strip()} {_close(run)}" if close else sure.strip()


def _other_leader(run: Run) -> str:
    """Say who has most evidence where only the question's subject counts, if that is somebody else than the leader."""
    return _of_subject(run) if run.summary["subject_leader"].split() != [run.summary["leader"]] else ""


def _of_subject(run: Run) -> str:
    """Say who has most evidence where only statements that name the question's subject count."""
    leader, subject = run.summary["subject_leader"].split(), run.codebook.subject
    if not leader or not subject:
        return ""
    have = "has" if len(leader) == 1 else "have"
    number = f"{run.summary['subject_statements']} of {run.summary['motive_statements']}"
    return (
        f"Counting only statements that name {entities(subject.name)} ({number}), {_links(run, leader)} {have} most "
        "evidence."
    )


def _close(run: Run) -> str:
    """Say that the race is close, and whether the first two exclude one another."""
    related = {
        "compatible": " can hold together, so that the one need not be wrong where the other is right.",
        "part_of": ": the first is a part of the second.",
        "has_part": ": the second is a part of the first.",
        "rival": " are rivals: the more the one explains, the less is left for the other.",
    }
    warning = "**The race is close: do not lean on who is first.**"
    relation = related.get(run.summary["leader_and_runner_up"])
    two = _links(run, [run.summary["leader"], run.summary["runner_up"]]) if relation else ""
    return f"{warning} {two}{relation}" if relation else warning


def _falls(row: Any) -> bool:
    return row is not None and row.p_first < 1


def _grades(run: Run) -> str:
    grades = [g for g in vocabulary.CERTAINTIES if g in set(run.weights.certainty)]
    if not grades:
        return ""
    equal = run.summary["equal_grades"]
    grade = f"**[{equal or grades[0]}](#sec-weighed)**"
    return f"Certainty is {grade} {'throughout' if equal else 'at most'}."


def _coded(run: Run) -> str:
    """Say what a corpus of argument can show, and who coded it."""
    by_nobody = "" if "human" in {origin for _, origin in run.totals.readers} else " No person coded any of it."
    return (
        '::: {.callout-important title="What this can show"}\nThe corpus shows what people argue, not what is '
        f"so. It was coded by {_coders(run)}: see [the last section](#sec-coding).{by_nobody}\n:::"
    )


def _coders(run: Run) -> str:
    readers = run.totals.readers
    return md.listed([f"`{coder}` ({ORIGINS[origin]}; {accuracy(run, coder)})" for coder, origin in readers])


def _table(run: Run) -> str:
    header = ["#>", "Motive", "Shown>", "Said>", "Counts>", "Supported by (interval)", "For, against>", "Certainty"]
    rows = [_row(run, run.weight(identifier)) for identifier in run.ordered("motive")]
    caption = (
        "Motives: what is shown and said, counts (mentions, voices as printed, independent voices), and who is for and "
        f"against (a voice on both sides counts half on each); no share is made of fewer than {FEW_VOICES} voices"
    )
    return md.table(header, rows, caption, "tbl-ranked", "[4,26,9,8,12,22,9,10]")


def _row(run: Run, weight: Any) -> list[md.Cell]:
    interval = f"{md.percent(weight.balance)} ({md.percent(weight.balance_low)} to {md.percent(weight.balance_high)})"
    enough = weight.voices >= FEW_VOICES and not pd.isna(weight.balance)
    identifier = weight.hypothesis_id
    statements = functools.partial(run.statements, hypothesis_id=identifier)
    counts = f"{weight.mentions}, {weight.speakers}, {weight.voices}"
    supporting = statements(md.number(weight.voices_for), stance="supports")
    opposing = statements(md.number(weight.voices_against), stance="opposes")
    grade = "–" if pd.isna(weight.certainty) else weight.certainty
    return [
        "–" if pd.isna(weight["rank"]) else int(weight["rank"]),
        run.link(identifier),
        statements(md.decimal(weight.shown)),
        statements(md.percent(weight.said)),
        statements(counts),
        statements(interval) if enough else "–",
        f"{supporting}, {opposing}",
        grade if grade == "–" else f"[{grade}](#{run.section_id(identifier)}-certainty)",
    ]


def _map(run: Run) -> str:
    why = (
        f"{md.capital(run.summary['form_reason'])} So this report is a map: what is said, by how many voices, in which "
        "words, and where evidence is missing. It gives no balance, no rank and no verdict. It was coded by "
        f"{_coders(run)}."
    )
    step = (
        "The next step is to draw a sample of the statements (`steelyard report STUDY coding_sheet`, with the study's "
        "folder for STUDY), to read and code it, and to name the file in the study's config as a coder of type "
        "`recorded`."
    )
    return md.join(
        [
            f'::: {{.callout-important title="A map, not a ranking"}}\n{why}\n\n{step}\n:::',
            f"{_said_most(run)} {_counted_otherwise(run)}",
            _said_picture(),
            counts(run),
        ]
    )
