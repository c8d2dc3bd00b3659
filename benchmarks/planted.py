"""Planted truth in full: how well the weighing finds what a generator of corpora has put into them.

    python benchmarks/planted.py

Writes its figures into the last section of docs/method.md, between two markers. Run by `make prove`.
"""

from __future__ import annotations

import importlib
import os
import sys
import textwrap
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd

from steelyard.study import Method, Ranking, Robustness
from steelyard.tables import Table

PROJECT = Path(__file__).resolve().parents[1]
# The generator is the tests' own; it has this file's name, and so is found by its folder's.
sys.path += [str(PROJECT / "tests" / "unit" / "weigh"), str(PROJECT / "tests")]
truth = importlib.import_module("unit.weigh.planted")

DOCUMENT = PROJECT / "docs" / "method.md"
BEGIN, END = "<!-- planted truth: written by benchmarks/planted.py -->", "<!-- end of planted truth -->"
BATCH = 25  # corpora that are weighed side by side
CORPORA, FEWER, WORLDS, SPARSE = 1000, 200, 500, 200
METHOD = Method(ranking=Ranking(read_statements=2), robustness=Robustness(draws=500))
CODER = truth.Coder()
# What errs, one at a time.
ERRORS = {
    "misses 20 % of codes": truth.Coder(added=0, mistaken=0),
    "adds a wrong code to 10 % of statements": truth.Coder(missed=0, mistaken=0),
    "mistakes 10 % of stances, half of them fade": truth.Coder(missed=0, added=0),
    "mistakes 10 % of stances, all turn round": truth.Coder(missed=0, added=0, faded=0),
}
VOICES = pd.IntervalIndex.from_tuples([(0, 2), (2, 5), (5, 10), (10, 60)])
BALANCES = pd.IntervalIndex.from_tuples([(-0.01, 0.25), (0.25, 0.75), (0.75, 1)])
STATED = pd.IntervalIndex.from_breaks([-0.01, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1])
BALANCE_NAMES = ("below .25", ".25 to .75", "above .75")
# Corpora to rank in: (what, column, above, up to).
CORPORA_OF = [
    ("5-12 voices", "voices", 0, 12),
    ("13-30 voices", "voices", 12, 30),
    ("31-60 voices", "voices", 30, 60),
    ("motives moved by less than a third", "likeness", -1, 1 / 3),
    ("motives moved by a third to two thirds", "likeness", 1 / 3, 2 / 3),
    ("motives moved by more", "likeness", 2 / 3, 1),
    ("all", "voices", 0, 60),
]


def known(begin: int) -> pd.DataFrame:
    """Weigh a batch of corpora with codes known: rows of `found_balances`."""
    return _weighed(truth.corpora(range(begin, begin + BATCH)))


def echoes_unknown(begin: int) -> pd.DataFrame:
    """The same, with every echo taken for a voice."""
    return _weighed([truth.echoes_unknown(one) for one in truth.corpora(range(begin, begin + BATCH))])


def statements_as_voices(begin: int) -> pd.DataFrame:
    """The same, with every statement taken for a voice."""
    return _weighed([truth.statements_as_voices(one) for one in truth.corpora(range(begin, begin + BATCH))])


def _weighed(planted: Sequence[truth.Planted]) -> pd.DataFrame:
    hypotheses = truth.tables_of(planted).weights.hypotheses
    return truth.found_balances(planted, hypotheses, hypotheses)


def misread(begin: int, coder: truth.Coder = CODER) -> pd.DataFrame:
    """Weigh a batch as a coder reads it: rows of `found_balances`, with `modelled`: whether that interval holds."""
    planted = truth.corpora(range(begin, begin + BATCH))
    read = truth.tables_of(truth.misread(planted, coder), METHOD)
    quality = truth.measured(truth.tables_of(planted), read, np.random.default_rng([truth.SEED, begin, 2]))
    intervals = read.balances(quality)
    plain, modelled = (
        truth.found_balances(planted, read.weights.hypotheses, each) for each in (read.weights.hypotheses, intervals)
    )
    return plain.assign(modelled=modelled.held)


def race(number: int, shape: dict[str, tuple[float, float]] = truth.RACES) -> pd.DataFrame:
    """Rank the motives of one corpus with and without doubt about strengths and codes: rows of `found_first`."""
    frames = []
    for doubt, strengths_known in (("voices", True), ("all", False)):
        planted = truth.corpora([number], strengths_known=strengths_known, **shape)
        codes = truth.tables_of(planted, METHOD)
        quality = None
        if doubt == "all":
            read = truth.tables_of(truth.misread(planted, CODER), METHOD)
            quality, codes = truth.measured(codes, read, np.random.default_rng([truth.SEED, number, 2])), read
        found = truth.found_first(planted[0], codes.robustness(quality), doubt)
        of = planted[0].world
        frames.append(found.assign(doubt=doubt, corpus=number, voices=of.voices, likeness=of.likeness))
    return pd.concat(frames)


def share(values: pd.Series) -> str:
    """Say how often: "91.4 %"; of nothing a dash."""
    return f"{100 * values.mean():.1f} %" if len(values) else "-"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table; the first column is text, the others are figures."""
    marks = ["---", *["--:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in (head, marks, *rows))


def coverage_table(off: pd.DataFrame, on: pd.DataFrame) -> str:
    """Tell how often intervals hold the planted balance, by voices that take the motive up and by that balance."""
    head = ["voices", "true balance", "n", "no error", "n", "errors, plain interval", "errors modelled"]

    def row(name: str, balance: str, a: pd.DataFrame, b: pd.DataFrame) -> list[str]:
        return [name, balance, f"{len(a):,}", share(a.held), f"{len(b):,}", share(b.held), share(b.modelled)]

    def cell(frame: pd.DataFrame, voices: pd.Interval, balance: pd.Interval) -> pd.DataFrame:
        inside = (frame.voices > voices.left) & (frame.voices <= voices.right)
        return frame[inside & (frame.balance > balance.left) & (frame.balance <= balance.right)]

    rows = [
        row(name, of, cell(off, voices, balance), cell(on, voices, balance))
        for name, voices in zip(("1-2", "3-5", "6-10", "11 or more"), VOICES, strict=True)
        for of, balance in zip(BALANCE_NAMES, BALANCES, strict=True)
    ]
    return table(head, [*rows, row("all", "all", off, on)])


def reliability_table(found: pd.DataFrame) -> str:
    """Tell, for what P(first) states, how often the motive is first."""
    head = ["P(first)", *(f"{what}, {doubt}" for doubt in ("voices", "all") for what in ("n", "stated", "is first"))]
    rows = []
    for bounds in STATED:
        row: list[str] = [f"{max(bounds.left, 0):.2f} to {bounds.right:.2f}"]
        for doubt in ("voices", "all"):
            own = found[(found.doubt == doubt) & (found.p_first > bounds.left) & (found.p_first <= bounds.right)]
            row += [f"{len(own):,}", share(own.p_first), share(own["first"])]
        rows.append(row)
    return table(head, rows)


LEADER = ["corpora", "doubt", "n", "stated", "is first", "Brier score", "of always 1/k"]


def leader_rows(found: pd.DataFrame, kinds: Sequence[tuple[str, str, float, float]]) -> list[list[str]]:
    """Tell how often the motive with the largest P(first) is first, and Brier scores, by what the corpora are like."""
    rows = []
    for name, column, above, up_to in kinds:
        for doubt in ("voices", "all"):
            chosen = (found.doubt == doubt) & (found[column] > above) & (found[column] <= up_to)
            part = found[chosen].reset_index(drop=True)
            best = part.loc[part.groupby("corpus").p_first.idxmax()]
            scores = [f"{score:.3f}" for score in truth.brier(part)]
            rows.append([name, doubt, f"{len(best):,}", share(best.p_first), share(best["first"]), *scores])
    return rows


def verdict(rows: Sequence[Sequence[str]]) -> str:
    """Say how far P(first) can be trusted, from the rows of leaders; the last two are of all corpora."""
    voices, all_ = rows[-2:]
    worse = [f"{name} ({doubt})" for name, doubt, *_, score, equal in rows if float(score) > float(equal)]
    return f"""Over all corpora the motive with the largest P(first) is stated to be first in {voices[3]} under `voices`
        and is in {voices[4]}; under `all` {all_[3]} and {all_[4]}. P(first) does worse than 1/k in these rows:
        {", ".join(worse) or "none"}. It rests on the voices heard and on nothing else: it doesn't know how near to one
        another the motives of other questions lie. Where they lie near, or few voices are heard, much of what parts
        them in a corpus is chance."""


def section(
    off: pd.DataFrame,
    on: pd.DataFrame,
    naive: dict[str, pd.DataFrame],
    errors: dict[str, pd.DataFrame],
    races: pd.DataFrame,
    sparse: pd.DataFrame,
) -> str:
    """Write the section's text."""
    one_sided = (off.low == 0) | (off.high == 1)
    maps = {doubt: WORLDS - found.corpus.nunique() for doubt, found in races.groupby("doubt")}
    single = [[name, f"{len(found):,}", share(found.held), share(found.modelled)] for name, found in errors.items()]
    leaders = leader_rows(sparse, [("45 voices, 13 motives", "voices", 0, 60)]) + leader_rows(races, CORPORA_OF)
    paragraphs = [
        f"""Corpora were made of which everything is known, and weighed by the same functions as any other. Each has a
        world of its own: 5 to 60 voices and 4 motives, each taken up by a voice with a chance of 20 to 95 %, its true
        balance drawn from the prior Beta(½, ½). A voice holds one position on a motive and says it 1 to 12 times, most
        once, a few very often; kind and hedging change from time to time. {100 * truth.PRINTED_AGAIN:.0f} % of the
        statements are printed again by 1 to 12 other speakers. All figures are of such worlds; in others they may
        differ.""",
        f"""**Balance.** With all codes known, the 90 % interval held the planted balance in {share(off.held)} of
        {len(off):,} motives that a voice takes up, in {CORPORA:,} corpora. {share(pd.Series(0.9 + 0.05 * one_sided))}
        is what one would expect: 90 %, and 5 % more where all voices are of one mind ({share(one_sided)} of the
        motives), since the interval then reaches 0 or 1. With every echo taken for a voice it would hold
        {share(naive["echoes"].held)} (n = {len(naive["echoes"]):,}), with every statement taken for a voice
        {share(naive["statements"].held)} (n = {len(naive["statements"]):,}).""",
        f"""Then a coder that errs read the same corpora: it misses {100 * CODER.missed:.0f} % of the codes, adds a
        wrong one, of either stance, to up to {100 * CODER.added:.0f} % of the statements, and mistakes
        {100 * CODER.mistaken:.0f} % of the stances (half turn to the other side, half fade to a mention). Its error was
        measured in each corpus on {truth.SAMPLE} random statements with known codes, and undone in the interval
        (*modelled*). Voices are those that take the motive up, as coded.""",
        coverage_table(off, on),
        f"One error at a time, {FEWER} corpora each, n motives:",
        table(["the coder", "n", "plain interval", "modelled"], single),
        """What is missed at random thins out both sides alike. Wrong codes and wrong stances draw every balance towards
        one half, the more so the further off it is; and the more voices there are, the narrower is the plain interval
        around the wrong place. Undoing it (section 5) moves the interval back. It takes wrong codes to support as often
        as codes do in common, and stances to turn either way alike. A coder that misses, adds or turns one side more
        than the other was not tried, and no interval knows of it.""",
        f"""**P(first).** Here a world has 3 to 6 motives, moved towards one another by a random share, so that
        their gaps have every size. First is the motive for which one more voice of the world is expected to
        offer the largest net strength (best for less best against), by an exact formula, if that is above 0.
        Under the doubt `voices` the strengths are the method's and the codes known; under `all` the true
        strengths are drawn anew in each world, in the same order, and the coder above errs. Of {WORLDS} corpora
        each, {maps["voices"]} and {maps["all"]} gave a map only, as nothing is coded on one of the sides.
        {METHOD.robustness.draws} draws; n counts motives, and those of one corpus are not independent.""",
        reliability_table(races),
        f"""How often the motive with the largest P(first) is first, and the Brier score over motives (0 is best) beside
        that of always saying 1/k, where k is the number of motives; n counts corpora. The rows of 45 voices and 13
        motives are of {SPARSE} more worlds, of the shape of the default study: a voice takes a motive up with a chance
        of 2 to 25 %, and balances are drawn from Beta(8, 1).""",
        table(LEADER, leaders),
        verdict(leaders),
    ]
    return "\n\n".join(each if "|" in each else textwrap.fill(" ".join(each.split()), 120) for each in paragraphs)


def write(text: str) -> None:
    """Put the section's text between its markers."""
    document = DOCUMENT.read_text(encoding="utf-8")
    before, rest = document.split(BEGIN)
    _, after = rest.split(END)
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def _unchecked() -> None:
    """Leave out the check of schemas, as the tests of weighing do: it takes half the time."""
    Table.check = lambda _self, frame, where: frame  # type: ignore[method-assign]


def main() -> None:
    """Measure everything and write the section."""
    all_, fewer = range(0, CORPORA, BATCH), range(0, FEWER, BATCH)
    with ProcessPoolExecutor(os.cpu_count(), initializer=_unchecked) as pool:

        def each(function: Callable[..., pd.DataFrame], *arguments: Iterable) -> pd.DataFrame:
            return pd.concat(pool.map(function, *arguments), ignore_index=True)

        text = section(
            each(known, all_),
            each(misread, all_),
            {"echoes": each(echoes_unknown, fewer), "statements": each(statements_as_voices, fewer)},
            {name: each(misread, fewer, [coder] * len(fewer)) for name, coder in ERRORS.items()},
            each(race, range(WORLDS)),
            each(race, range(WORLDS, WORLDS + SPARSE), [truth.SPARSE] * SPARSE),
        )
    write(text)


if __name__ == "__main__":
    main()
