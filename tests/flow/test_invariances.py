"""What must not change the weights: copies, line ends, order, names, where sentences are cut, what is beside the point.

The rooms' functions are called one after the other on variants of the study `ferry`, without Snakemake.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import yaml

import plain_aggregation
from project import copy_study
from steelyard.aggregate import sources
from steelyard.annotate import adjudicate, cues, recorded
from steelyard.ingest.corpus import ingest
from steelyard.ingest.documents import read_documents
from steelyard.ingest.texts import read_texts
from steelyard.loaded_study import LoadedStudy
from steelyard.study import least_confidence
from steelyard.weigh import weigh

COMPARED = ["rank", "shown", "balance", "voices_for", "voices_against"]
CUT = ("doubled in March, so people", "doubled in March. So people")


def hypotheses(config: Path) -> pd.DataFrame:
    """Go through all rooms from the corpus to the table weigh/hypotheses."""
    study = LoadedStudy(config)
    made = ingest(read_documents(study.config.sources, study.folder), study.config.ingest)
    texts = read_texts(made.documents, study.folder, study.folder)
    path = Path(study.recorded_path("reader"))
    read = recorded.read(path, "reader", texts, made.statements, study.codebook)
    assert read.unmapped == ()
    coders = study.config.coders
    found = [read, cues.code(made.statements, made.utterances, study.codebook, "cues")]
    codes, traits, sightings = adjudicate.accept(found, [coder.name for coder in coders], least_confidence(coders))
    checked = sources.read(Path(study.checked_sources_path[0]))
    rows = plain_aggregation.evidence(
        codes=codes,
        traits=traits,
        statements=made.statements,
        utterances=made.utterances,
        documents=made.documents,
        checked_sources=checked,
        strength=study.config.method.strength,
    )
    weights = weigh(
        evidence=rows,
        ledger=plain_aggregation.ledger(rows),
        sightings=sightings,
        prints=plain_aggregation.prints(codes, sightings, made.statements, made.utterances, checked, None),
        counts=plain_aggregation.counts(codes, traits, made.statements, made.utterances),
        codebook=study.codebook,
        method=study.config.method,
    )
    return weights.hypotheses.set_index("hypothesis_id")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The config of a copy of the study, to be changed."""
    return tmp_path / copy_study("ferry", tmp_path)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """The weights of the study as it is."""
    folder = tmp_path_factory.mktemp("ferry")
    made = hypotheses(folder / copy_study("ferry", folder))
    assert made.loc[["timetable", "fares"], "rank"].tolist() == [1, 2]
    return made


def assert_same(made: pd.DataFrame, expected: pd.DataFrame, *more: str) -> None:
    columns = [*COMPARED, *more]
    pd.testing.assert_frame_equal(made[columns], expected[columns], check_exact=True)


def change_sources(config: Path, change: Callable[[list[dict]], list[dict]]) -> None:
    told = yaml.safe_load(config.read_text(encoding="utf-8"))
    told["sources"] = change(told["sources"])
    config.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")


def change_codes(config: Path, change: Callable[[dict[str, str]], list[dict[str, str]]]) -> None:
    path = config.parent / "codes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(new for row in rows for new in change(row))


def add_copy(config: Path, name: str, content: bytes, **told: str) -> None:
    (config.parent / f"{name}.txt").write_bytes(content)
    copy = {"path": f"{name}.txt", "source_type": "social media", "title": "A thread"} | told
    change_sources(config, lambda given: [*given, copy])


def thread(config: Path) -> bytes:
    return (config.parent / "thread.txt").read_bytes()


ALL = ("said", "balance_low", "balance_high", "mentions", "speakers", "voices", "certainty")


@pytest.mark.parametrize("name", ["copy", "zopy"])
@pytest.mark.parametrize("title", [{}, {"title": "A thread"}])
def test_a_document_listed_twice_changes_nothing(config, expected, name, title):
    copy = {"path": "thread.txt", "id": name, "source_type": "social media"} | title
    change_sources(config, lambda given: [*given, copy])
    assert_same(hypotheses(config), expected, *ALL)


@pytest.mark.parametrize("name", ["copy", "zopy"])
@pytest.mark.parametrize(
    "copied",
    [
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: text + b"\n\n \n",
        lambda text: text.replace(b"\n", b"  \n"),
        lambda text: b"\xef\xbb\xbf" + text,
    ],
    ids=["line ends", "lines at the end", "blanks at line ends", "byte order mark"],
)
@pytest.mark.parametrize("told", [{}, {"url": "https://copy.example"}], ids=["copy", "copy that more is told of"])
def test_a_copy_that_differs_in_white_space_changes_nothing(config, expected, name, copied, told):
    add_copy(config, name, copied(thread(config)), **told)
    assert_same(hypotheses(config), expected, *ALL)


def test_codes_recorded_on_both_copies_count_once(config, expected):
    text = thread(config).replace(b"\n", b"\r\n")
    add_copy(config, "copy", text)

    def on_both(row: dict[str, str]) -> list[dict[str, str]]:
        quote = row["quote"].replace("\n", "\r\n")
        before = (thread(config).decode()[: int(row["start"])]).count("\n")
        copy = row | {"document_id": "copy", "quote": quote, "start": str(int(row["start"]) + before)}
        return [row, copy] if row["document_id"] == "thread" else [row]

    change_codes(config, on_both)
    assert_same(hypotheses(config), expected, *ALL)


def test_the_corpus_with_other_line_ends_changes_nothing(config, expected):
    path = config.parent / "thread.txt"
    before = path.read_text(encoding="utf-8")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    def moved(row: dict[str, str]) -> list[dict[str, str]]:
        lines = before[: int(row["start"])].count("\n") if row["document_id"] == "thread" else 0
        return [row | {"start": str(int(row["start"]) + lines)}]

    change_codes(config, moved)
    assert_same(hypotheses(config), expected, *ALL)


def test_the_order_of_sources_changes_nothing(config, expected):
    change_sources(config, lambda given: given[::-1])
    assert_same(hypotheses(config), expected, *ALL)


def test_the_names_of_documents_change_nothing(config, expected):
    names = {"thread": "a-page", "article": "the-paper"}
    change_sources(config, lambda given: [one | {"id": names[Path(one["path"]).stem]} for one in given])
    change_codes(config, lambda row: [row | {"document_id": names[row["document_id"]]}])
    assert_same(hypotheses(config), expected, *ALL)


def test_a_sentence_cut_in_two_weighs_what_it_weighed(config, expected):
    path = config.parent / "thread.txt"
    text = path.read_text(encoding="utf-8")
    assert text.count(CUT[0]) == 2
    path.write_text(text.replace(*CUT), encoding="utf-8")

    def halves(row: dict[str, str]) -> list[dict[str, str]]:
        if CUT[0] not in row["quote"]:
            return [row]
        first, second = row["quote"].replace(*CUT).split(". ")
        start = str(int(row["start"]) + len(first) + 2)
        return [row | {"quote": f"{first}."}, row | {"quote": second, "start": start}]

    change_codes(config, halves)
    made = hypotheses(config)
    assert made.mentions["fares"] > expected.mentions["fares"], "the sentence was not cut"
    assert_same(made, expected, "said", "voices")


def test_a_post_that_says_nothing_of_the_question_changes_only_what_is_said(config, expected):
    path = config.parent / "thread.txt"
    path.write_text(path.read_text(encoding="utf-8") + "\n@council Good morning to all of you.\n", encoding="utf-8")
    made = hypotheses(config)
    assert_same(made, expected, "mentions", "voices")
    assert made.said.to_dict() == pytest.approx((expected.said * 8 / 9).to_dict())
