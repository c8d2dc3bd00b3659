"""Section 9: who coded the corpus, how far two readings agree, and how far programs agree with them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from steelyard import tables
from steelyard.render import markdown as md
from steelyard.render.escape import entities
from steelyard.render.run import Run
from steelyard.render.words import ORIGINS
from steelyard.vocabulary import KINDS, STANCES

_AXES = {
    "hypothesis": "Hypotheses",
    "stance": "Stance",
    "kind": "Kind of evidence",
    "hedged": "Hedged",
    "gap": "Names a gap",
}
_SHOWN_CONFUSIONS = 8


def coding(run: Run) -> str:
    """Compose who or what coded the corpus, and with what measured error, or that it is unknown."""
    quality = run[tables.QUALITY]
    readers = quality[quality.origin == quality.reference_origin]
    others = quality[quality.origin != quality.reference_origin]
    compared = list(dict.fromkeys((row.coder, row.reference) for row in tables.records(readers)))
    return md.join(
        [
            "What was accepted:",
            md.bullets(_accepted(run)),
            *(_agreement(run, *pair, number) for number, pair in enumerate(compared, start=1)),
            _programs(others),
            _left(run),
            _shares(run),
        ]
    )


def accuracy(run: Run, coder: str) -> str:
    """Say what is known of a coder's error: nothing, how a second reading differs, or how a better reader's does."""
    everything = run[tables.QUALITY].query("coder == @coder")
    rows = everything[everything.origin != everything.reference_origin]
    if rows.empty:
        return "accuracy unknown" if everything.empty else "accuracy unknown, repeatability measured"
    return f"accuracy measured on {md.count(int(rows[rows.axis == 'kind'].n.max()), 'statement')}"


def _accepted(run: Run) -> Iterable[str]:
    settling = {coder.name: coder for coder in run.study.coders if coder.type == "recorded" and coder.settles}
    for (coder, origin), number in run.totals.readers.items():
        read = f"`{coder}`: {md.count(number, 'statement')} read by {ORIGINS[origin]}"
        if coder in settling:
            file = entities(settling[coder].path)
            read += f", which settled where {_names(settling[coder].settles)} differ (each reason stands in {file})"
        yield f"{read}; **{accuracy(run, coder)}**"


def _names(coders: Iterable[str]) -> str:
    return md.listed([f"`{name}`" for name in coders])


def _agreement(run: Run, coder: str, reference: str, number: int) -> str:
    """Compose how far two readings of one kind agree: by axis, by hypothesis, and what was taken for what."""
    rows = run[tables.QUALITY].query("coder == @coder and reference == @reference")
    confusion = run[tables.CONFUSION].query("coder == @coder and reference == @reference")
    first = rows.iloc[0]
    two = f"`{first.reading}` and `{reference}`"
    suffix = "" if number == 1 else f"-{number}"
    kind = ORIGINS[first.origin]
    text = (
        f"{two} are two readings by {kind} ({entities(first['sample'])}). **How far two "
        "readings of one kind agree shows whether a reading can be repeated, not whether it is true**: both may be "
        "wrong in the same way. Their disagreement stands in for the unknown error in the robustness analysis; the "
        "true error may well be larger."
    )
    pooled = rows[rows.label.isin(["all", "true"])]
    pooled = pooled.assign(place=pooled.axis.map(list(_AXES).index)).sort_values("place")
    axes: list[list[md.Cell]] = [[_AXES[row.axis], row.n, *_alpha(row)] for row in tables.records(pooled)]
    by_hypothesis = rows[(rows.axis == "hypothesis") & (rows.label != "all") & (rows.given + rows.expected > 0)]
    both = confusion[(confusion.axis == "hypothesis") & (confusion.given == confusion.expected)]
    shared = dict(zip(both.given, both.n, strict=True))
    each: list[list[md.Cell]] = [
        [entities(run.name(row.label)), row.expected, row.given, shared.get(row.label, 0), *_alpha(row)]
        for row in tables.records(by_hypothesis)
    ]
    return md.join(
        [
            text,
            md.table(
                ["Axis", "Units compared>", "Alpha>", "Interval"],
                axes,
                f"Agreement of {two}: Krippendorff's alpha and its bootstrap interval",
                f"tbl-agreement{suffix}",
            ),
            md.table(
                ["Hypothesis", f"`{reference}`>", f"`{first.reading}`>", "Both>", "Alpha>", "Interval"],
                each,
                "Statements that each reading gave a hypothesis, and their agreement on it",
                f"tbl-agreement-hypotheses{suffix}",
                "[32,14,14,10,12,18]",
            ),
            _crossed(confusion, "kind", KINDS, first.reading, reference, suffix),
            _crossed(confusion, "stance", STANCES, first.reading, reference, suffix),
            _mistaken(run, confusion, first.reading, reference),
        ]
    )


def _alpha(row: Any) -> list[md.Cell]:
    return [md.decimal(row.alpha), _interval(row.low, row.high)]


def _interval(low: float, high: float) -> str:
    return "–" if pd.isna(low) else f"{md.decimal(low)} to {md.decimal(high)}"


def _crossed(
    confusion: pd.DataFrame, axis: str, labels: tuple[str, ...], reading: str, reference: str, suffix: str
) -> str:
    """Compose a confusion table: rows are what one reading says, columns what the other says."""
    part = confusion[confusion.axis == axis]
    counts = {(row.given, row.expected): row.n for row in tables.records(part)}
    used = [label for label in labels if any(label in pair for pair in counts)]
    if not used:
        return ""
    rows: list[list[md.Cell]] = [[given, *(counts.get((given, other), "·") for other in used)] for given in used]
    caption = f"{_AXES[axis]}: rows as `{reading}` has it, columns as `{reference}` has it"
    return md.table([f"`{reading}`", *(f"{label}>" for label in used)], rows, caption, f"tbl-confusion-{axis}{suffix}")


def _mistaken(run: Run, confusion: pd.DataFrame, reading: str, reference: str) -> str:
    """Say which hypotheses one reading gave where the other gave another, or none."""
    part = confusion[(confusion.axis == "hypothesis") & (confusion.given != confusion.expected)]
    part = part.sort_values(["n", "given", "expected"], ascending=[False, True, True])
    if part.empty:
        return "On hypotheses the two never differ."

    def said(identifier: str) -> str:
        return "no hypothesis" if identifier == "none" else f"*{entities(run.name(identifier))}*"

    pairs = [
        f"{said(row.given)} against {said(row.expected)} ({row.n})"
        for row in tables.records(part.head(_SHOWN_CONFUSIONS))
    ]
    more = part.n.sum() - part.head(_SHOWN_CONFUSIONS).n.sum()
    rest = f", and {md.count(more, 'other pair')}" if more else ""
    return f"On hypotheses `{reading}` has, against `{reference}`: {'; '.join(pairs)}{rest}."


def _programs(others: pd.DataFrame) -> str:
    """Compose how far programs agree with those who read, and models with people."""
    shown = others[others.label.isin(["all", "true"])]
    if shown.empty:
        return ""
    shown = shown.assign(place=shown.axis.map(list(_AXES).index)).sort_values(["coder", "place"])
    rows: list[list[md.Cell]] = [
        [
            _labelled(row),
            _AXES[row.axis],
            row.n,
            _with(row.precision, row.precision_low, row.precision_high),
            _with(row.recall, row.recall_low, row.recall_high),
            _with(row.alpha, row.low, row.high),
        ]
        for row in tables.records(shown)
    ]
    against = [
        f"`{row.coder}` against {_names(row.reference.split(', '))} ({entities(row.sample)})"
        for row in tables.records(shown.drop_duplicates(["coder", "reference"]))
    ]
    text = f"How far what was computed agrees with what was read: {md.listed(against)}."
    caption = "Precision, recall and Krippendorff's alpha, each with its bootstrap interval"
    header = ["Coder", "Axis", "n>", "Precision", "Recall", "Alpha"]
    return md.join([text, md.table(header, rows, caption, "tbl-quality", "[23,15,8,18,18,18]")])


def _labelled(row: Any) -> str:
    """Figures of cues that were made with the corpus at hand say so."""
    return f"{entities(row.coder)} (development)" if row.sample.endswith("development") else entities(row.coder)


def _with(value: float, low: float, high: float) -> str:
    return md.decimal(value) if pd.isna(low) else f"{md.decimal(value)} ({_interval(low, high)})"


def _left(run: Run) -> str:
    """Say how many statements programs were not sure enough of, and which a language model gave no valid answer to."""
    sentences = []
    for coder, left in run.totals.left.items():
        number = md.count(left.statements, "statement")
        said = f"`{coder}` was not sure enough of {number} of {run.totals.statements}, and left them"
        others = "another coder decided them"
        if left.undecided:
            others = f"nobody else decided {left.undecided} of them"
        sentences.append(f"{said} to people; {others}.")
    for coder, reasons in run.totals.unanswered.items():
        first = list(reasons.items())[:_SHOWN_CONFUSIONS]
        why = "; ".join(f"{entities(reason)} ({number})" for reason, number in first)
        sentences.append(f"`{coder}` left {md.count(sum(reasons.values()), 'statement')} uncoded: {why}.")
    return " ".join(sentences)


def _shares(run: Run) -> str:
    """Compose shares of statements with their correction by a random sample, or say why there is none."""
    by_id = {row.hypothesis_id: row for row in tables.records(run[tables.SHARES])}
    first = next(iter(by_id.values()))
    if {row.reason for row in by_id.values()} == {first.reason} and not first.enough:
        return f"Shares of statements are as coded, uncorrected ({first.reason})."
    rows: list[list[md.Cell]] = []
    for identifier in run.everything:
        row = by_id[identifier]
        interval = f"{md.percent(row.low)} to {md.percent(row.high)}" if row.enough else row.reason
        rows.append([run.link(identifier), md.percent(row.coded), row.differences, md.percent(row.corrected), interval])
    text = (
        f"What share of the {md.count(first.statements, 'statement')} of posts (echoes once) supports or opposes "
        f"each hypothesis. People read {first.read} of them that were drawn at random; where they differ there "
        "from what models and programs would have coded without them, the share that is computed for all others is "
        "corrected by as much. People's reading is taken for true, and the statements for a sample of statements like "
        "them."
    )
    header = ["Hypothesis", "As coded>", "Differences>", "Corrected>", "Interval"]
    caption = "Shares of statements, as coded and corrected"
    return md.join([text, md.table(header, rows, caption, "tbl-shares", "[34,12,14,12,28]")])
