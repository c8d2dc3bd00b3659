"""HTML and PDF say the same: every table of the page stands in the PDF row by row, and its figures are the run's."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
import pytest

from project import PROJECT
from steelyard import vocabulary
from steelyard.loaded_study import LoadedStudy

pytestmark = pytest.mark.xdist_group("default")  # one worker, so that the report is built once

DRAWN = ("all", "voices", "strengths", "coding")  # the doubts that are put in draws
FEW_VOICES = 3  # fewer voices than this get no balance


def squeezed(text: str) -> str:
    """A text without blanks and hyphens: the two formats break lines elsewhere, and only the PDF parts words."""
    return re.sub(r"[\s\u00ad-]+", "", text)


@pytest.fixture(scope="module")
def sheets(printed) -> list[str]:
    """The PDF's pages without blanks."""
    return [squeezed(text) for text in printed]


def rows_of(page, identifier: str) -> list[list[str]]:
    """The cells of a table's body, as the page has them."""
    rows = page.xpath(f"//*[@id='{identifier}']//tbody/tr")
    return [[re.sub(r"\s+", " ", cell.text_content()).strip() for cell in row.xpath("./td|./th")] for row in rows]


def missing(rows: list[list[str]], sheets: list[str], first: int) -> list[list[str]]:
    """Give the rows that don't follow one another from a page of the PDF on; a row may be broken between two pages."""
    number, place, absent = first, 0, []
    for row in rows:
        cells = [squeezed(cell) for cell in row]
        for sheet in range(number, min(number + 3, len(sheets))):
            found = sheets[sheet].find("".join(cells), place if sheet == number else 0)
            if found >= 0:
                number, place = sheet, found
                break
            if all(broken(cell, sheets[sheet], "".join(sheets[sheet + 1 : sheet + 2])) for cell in cells):
                number, place = sheet, 0
                break
        else:
            absent.append(row)
    return absent


def broken(cell: str, before: str, after: str) -> bool:
    """Whether a cell begins at the end of one page and ends at the beginning of the next, or stands on one of them."""
    return any(cell[:cut] in before and cell[cut:] in after for cut in range(len(cell) + 1))


def test_every_table_of_the_page_stands_in_the_pdf_row_by_row(page, sheets):
    tables = page.xpath("//*[starts-with(@id, 'tbl-')]/@id")
    assert len(tables) >= 20
    absent = {}
    for name in tables:
        caption = squeezed("".join(page.xpath(f"//*[@id='{name}']//*[self::caption or self::figcaption]//text()")))
        [first] = [number for number, sheet in enumerate(sheets) if caption in sheet] or [None]
        assert first is not None, caption
        rows = rows_of(page, name)
        assert rows, name
        if found := missing(rows, sheets, first):
            absent[name] = found
    assert absent == {}


def test_numbers_of_figures_and_tables_are_the_same(page, sheets):
    captions = page.xpath(
        "//*[starts-with(@id, 'tbl-') or starts-with(@id, 'fig-')]//*[self::caption or self::figcaption]"
    )
    labels = [re.match(r"(Figure|Table)\s(\d+):", caption.text_content().strip()) for caption in captions]
    assert None not in labels
    for kind in ("Figure", "Table"):
        numbers = [int(label[2]) for label in labels if label[1] == kind]
        assert numbers == list(range(1, len(numbers) + 1))
    text = "".join(sheets)
    assert [caption.text_content() for caption in captions if squeezed(caption.text_content()) not in text] == []


def percent(share: float) -> str:
    if 0 < share < 0.01:
        return "under 1 %"
    return "over 99 %" if 0.99 < share < 1 else f"{share:.0%}".replace("%", " %")


def ranks(low: float, high: float) -> str:
    return f"{low:.0f}" if low == high else f"{low:.0f}–{high:.0f}"


@dataclass
class Tables:
    """What each table of the report must hold, made anew from the run's tables; rows in any order."""

    results: Path

    def __getitem__(self, name: str) -> pd.DataFrame:
        return pd.read_parquet(self.results / f"{name}.parquet")

    @cached_property
    def names(self) -> dict[str, str]:
        study = LoadedStudy(PROJECT / "config.yaml")
        return {hypothesis.id: hypothesis.name for hypothesis in study.codebook.hypotheses}

    @cached_property
    def weights(self) -> pd.DataFrame:
        frame = self["weigh/hypotheses"]
        return frame.assign(name=frame.hypothesis_id.map(self.names)).set_index("hypothesis_id", drop=False)

    def said_shown(self) -> list[list[str]]:
        return [[row["name"], percent(row.said), f"{row.better_shown:.2f}"] for _, row in self.weights.iterrows()]

    def counts(self) -> list[list[str]]:
        def place(row: pd.Series, what: str) -> str:
            return f"{row[what]} ({row[f'{what}_place']:.0f})"

        ways = ("mentions", "speakers", "voices")
        return [[row["name"], percent(row.said), *(place(row, w) for w in ways)] for _, row in self.weights.iterrows()]

    def evidence_map(self) -> list[list[str]]:
        by_kind = self["weigh/shown_by_kind"].pivot(index="hypothesis_id", columns="kind", values="voices")
        cells = by_kind[[kind for kind in vocabulary.KINDS if kind != "none"]].map(
            lambda voices: f"{voices:.0f}" if voices else ""
        )
        return [[self.names[name], *row] for name, row in zip(cells.index, cells.to_numpy().tolist(), strict=True)]

    def robustness(self) -> list[list[str]]:
        frame = self["weigh/robustness"].set_index(["hypothesis_id", "doubt"])
        return [
            [
                self.names[name],
                percent(frame.p_first[name, "all"]),
                *(ranks(*frame.loc[(name, doubt), ["rank_low", "rank_high"]]) for doubt in DRAWN),
            ]
            for name in frame.index.unique("hypothesis_id")
        ]

    def coding_error(self) -> list[list[str]]:
        with_error = self["weigh/coding_error"].set_index("hypothesis_id")
        shown = self.weights[self.weights.voices_for + self.weights.voices_against >= FEW_VOICES]
        return [
            [
                row["name"],
                percent(row.balance),
                f"{percent(row.balance_low)} to {percent(row.balance_high)}",
                f"{percent(with_error.balance_low[name])} to {percent(with_error.balance_high[name])}",
            ]
            for name, row in shown.iterrows()
        ]

    def dropped(self) -> list[list[str]]:
        frame = self["ingest/dropped"].assign(characters=lambda f: f.end - f.start)
        return [[str(r), str(len(part)), f"{part.characters.sum():,}"] for r, part in frame.groupby("reason")]

    def inputs(self) -> list[list[str]]:
        study = LoadedStudy(PROJECT / "config.yaml").config
        files = [*self["ingest/documents"].path, *study.other_files]
        return [[name, hashlib.sha256((PROJECT / name).read_bytes()).hexdigest()] for name in files]


@pytest.mark.parametrize("name", [n for n in vars(Tables) if not n.startswith("_") and n not in ("names", "weights")])
def test_figures_of_the_page_are_those_of_the_runs_tables(page, results, name):
    expected = getattr(Tables(results), name)()
    found = [row[: len(expected[0])] for row in rows_of(page, f"tbl-{name.replace('_', '-')}")]
    assert len(expected) > 2
    assert sorted(found) == sorted(expected)


def test_the_table_of_evidence_holds_every_weighed_statement_with_its_strength(page, results):
    rows = page.xpath("//*[@id='tbl-evidence']//tbody/tr[not(.//*[contains(@class, 'unweighed')])]")

    def part(row, name: str, attribute: str = "") -> str:
        [found] = row.xpath(f".//*[contains(concat(' ', @class, ' '), ' {name} ')]")
        return found.get(attribute) if attribute else found.text_content().strip()

    found = [
        (
            part(row, "quote", "data-statement"),
            part(row, "hypothesis", "data-hypothesis"),
            part(row, "stance"),
            part(row, "kind"),
            part(row, "strength"),
            part(row, "voice", "data-voice"),
        )
        for row in rows
    ]
    evidence = pd.read_parquet(results / "aggregate" / "evidence.parquet")
    columns = ["statement_id", "hypothesis_id", "stance", "kind", "strength", "voice_id"]
    weighed = evidence.assign(strength=evidence.strength.map("{:.2f}".format))[columns]
    assert sorted(found) == sorted(weighed.itertuples(index=False, name=None))
