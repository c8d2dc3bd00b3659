"""What changed against an earlier result: read and checked, told in sentences, and listed in a table."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from steelyard.codebook import Codebook, Hypothesis
from steelyard.errors import SteelyardError
from steelyard.loaded_study import LoadedStudy
from steelyard.render.earlier import Earlier, read_earlier
from steelyard.render.run import Run
from steelyard.render.sections.changes import changes
from steelyard.study import COMPARED_FILES, Study
from unit.render import small_study

IDS = ("greed", "honour", "need")
CODEBOOK = Codebook(
    question="Why?",
    hypotheses=[
        Hypothesis(id=h, name=h.title(), role="condition" if h == "need" else "motive", claim="So.") for h in IDS
    ],
)
STUDY = Study.model_validate(small_study.STUDY)
Frames = dict[str, pd.DataFrame]


def result(**values: dict[int, object]) -> Frames:
    """A result of two documents, three codes and three hypotheses; `shown={0: 2.0}` is another value in that row."""
    frames = {
        "ingest/documents": {"document_id": ["a", "b"], "sha256": ["aa", "bb"], "title": ["Ann", "Bob"]},
        "aggregate/evidence": {
            "statement_id": ["a1", "a2", "b1"],
            "hypothesis_id": ["greed", "greed", "need"],
            "document_id": ["a", "a", "b"],
            "stance": ["supports"] * 3,
            "kind": ["assertion"] * 3,
            "hedged": [False] * 3,
            "strength": [0.1] * 3,
        },
        "weigh/hypotheses": {
            "hypothesis_id": list(IDS),
            "role": ["motive", "motive", "condition"],
            "rank": pd.array([1, 2, None], "Int64"),
            "said": [0.5, 0.3, 0.2],
            "shown": [1.5, 0.2, 0.7],
            "voices": [4, 2, 1],
            "certainty": ["low", "very low", "very low"],
        },
        "weigh/robustness": {"hypothesis_id": ["greed", "honour"], "doubt": ["all"] * 2, "p_first": [0.8, 0.2]},
        "weigh/summary": {"name": ["form", "leader", "voices"], "value": ["ranking", "greed", "6"]},
    }
    made = {name: pd.DataFrame(columns) for name, columns in frames.items()}
    for column, changed in values.items():
        frame = next(frame for frame in made.values() if column in frame)
        for row, value in changed.items():
            frame.loc[row, column] = value
    return made


def without(frames: Frames, table: str, *rows: int) -> Frames:
    return frames | {table: frames[table].drop(index=list(rows))}


def told(now: Frames, then: Frames) -> str:
    """Compose the section, with plain characters and the links' texts alone."""
    text = changes(Run(STUDY, CODEBOOK, now, {}, {}, Earlier("old/x", then)))
    text = re.sub(r"&#(\d+);", lambda match: chr(int(match[1])), text.replace("\u00a0", " "))
    return re.sub(r"\[([^\]]*)\]\(#[^)]*\)(\{\.evidence\})?", r"\1", text)


def test_a_first_run_says_nothing() -> None:
    assert changes(Run(STUDY, CODEBOOK, result(), {}, {})) == ""


def test_where_all_prints_alike_one_sentence_says_so() -> None:
    text = told(result(shown={0: 1.5001}, p_first={0: 0.8001}), result())
    assert text == (
        "# What changed {#sec-changes}\n\nNothing changed against the earlier result “old/x”: the documents, the codes "
        "of the weighed statements, and the rank, strength, voices and certainty of every hypothesis are the same.\n"
    )


TURNED = result(rank={0: 2, 1: 1}, value={1: "honour"}, p_first={0: 0.35, 1: 0.65}, shown={1: 1.7})
TIED = result(rank={1: 1}, shown={1: 1.5})
NOBODY = result(value={1: None})
MAP = result(value={0: "map", 1: None})
OTHER_DOCUMENT = result(document_id={1: "c"}, sha256={1: "cc"}, title={1: "Cat"})
OTHER_ID = result(document_id={1: "c"})
CASES = {
    "the leader stays": (
        result(shown={0: 1.6}),
        result(),
        [
            "Most evidence is still offered for Greed.",
            "Greed comes first in 80 % of the draws (as before).",
            "Both documents are the same. The codes of the weighed statements are the same. So what changed comes",
            "Of 3 hypotheses, 1 changed (@tbl-changes); the other 2 are the same in rank, strength, voices and",
            "| Greed | 1 | 1.50 → 1.60 | 4 | low |",
        ],
    ),
    "the leader changes": (
        TURNED,
        result(),
        [
            "Most evidence is now offered for Honour; in the earlier result it was for Greed.",
            "Honour comes first in 65 % of the draws (before: 20 %) and Greed in 35 % (before: 80 %).",
            "Of 3 hypotheses, 2 changed (@tbl-changes); the other one is the same",
            "| Honour | 2 → 1 | 0.20 → 1.70 | 2 | very low |",
        ],
    ),
    "a tie": (
        TIED,
        result(),
        ["Most evidence is now offered for Greed and Honour alike; in the earlier result it was for Greed."],
    ),
    "a leader at last": (
        result(),
        NOBODY,
        ["now offered for Greed; in the earlier result no motive had more evidence for it than against it."],
    ),
    "no leader any more": (NOBODY, result(), ["Now no motive has more evidence for it than against it; most was"]),
    "never a leader": (result(value={1: None}, shown={1: 0.1}), NOBODY, ["As before, no motive has more evidence"]),
    "a map becomes a ranking": (
        result(),
        MAP,
        [
            "The earlier result was a map, this one is a ranking: ranks, strengths and certainty are new,",
            "All 3 hypotheses are the same in voices.",
        ],
    ),
    "a ranking becomes a map": (
        result(value={0: "map", 1: None}, voices={2: 3}),
        result(),
        ["this one is a map: ranks, strengths and certainty are no longer given,", "| Need | 1 → 3 |"],
    ),
    "a document for another": (
        OTHER_DOCUMENT,
        result(),
        [
            "Of the documents, 1 is new (Cat), 1 is gone (Bob) and 1 is the same.",
            "In the documents that are the same, so are the codes of the weighed statements.",
            "All 3 hypotheses are the same in rank, strength, voices and certainty.",
        ],
    ),
    "a document under another id": (
        OTHER_ID,
        result(),
        ["Of the documents, 1 is known by another id (Bob, before “b”) and 1 is the same."],
    ),
    "all documents changed": (
        result(sha256={0: "xx", 1: "yy"}),
        result(),
        [
            "Of the documents, 2 are changed in the text (Ann and Bob) and none is the same.",
            "No document is the same in both, so codes are not compared.",
        ],
    ),
    "codes": (
        result(kind={0: "statistic"}),
        without(result(), "aggregate/evidence", 2),
        [
            "Of the codes of the weighed statements, 1 is new and 1 is read otherwise (stance, kind of evidence or",
        ],
    ),
    "strengths": (
        result(strength={0: 0.2}),
        result(),
        [
            "Of them, 1 counts with another strength, as the constants of strength changed.",
        ],
    ),
    "voices": (result(value={2: "7"}), result(), ["There are now 7 independent voices, before 6."]),
    "a hypothesis for another": (
        result(),
        result(hypothesis_id={}) | {"weigh/hypotheses": result()["weigh/hypotheses"].replace("need", "thirst")},
        [
            "New in the codebook is Need. No longer in it is “thirst”. Hypotheses are compared by their ids",
            "Both hypotheses in common are the same in",
        ],
    ),
    "a hypothesis less": (
        result(),
        {**result(), "weigh/hypotheses": pd.concat([result()["weigh/hypotheses"], pd.DataFrame(
            {"hypothesis_id": ["thirst"], "role": ["condition"], "voices": [1]})])},
        ["No longer in the codebook is “thirst”."],
    ),
    "another study": (
        result(),
        result() | {"weigh/hypotheses": result()["weigh/hypotheses"].assign(hypothesis_id=["x", "y", "z"])},
        ["The two have no hypothesis in common:", "no hypothesis is compared."],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_sentences(name: str) -> None:
    now, then, expected = CASES[name]
    text = told(now, then)
    assert [sentence for sentence in expected if sentence not in text] == [], text
    sentences = re.split(r"(?<=[.:])\s", text)
    assert not [s for s in sentences if "draws" in s and "certainty" in s], "likelihood and certainty stand apart"


def test_many_documents_are_counted_after_the_first_five() -> None:
    now = result()
    ids = [f"d{n}" for n in range(9)]
    more = pd.DataFrame({"document_id": ids, "sha256": ids, "title": ids})
    now["ingest/documents"] = pd.concat([now["ingest/documents"], more])
    assert "9 are new (d0, d1, d2, d3, d4 and 4 others) and 2 are the same." in told(now, result())


def written(folder: Path) -> Path:
    """Write a result's tables below a folder, with no more than the columns that are compared."""
    for name, frame in result().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        typed = frame.drop(columns=[column for column in ("role", "said") if column in frame])
        typed.to_parquet(folder / f"{name}.parquet")
    return folder


def test_a_result_is_read_and_what_cannot_be_is_told_table_by_table(tmp_path: Path) -> None:
    old = written(tmp_path / "old")
    assert read_earlier("old", tmp_path).summary == {"form": "ranking", "leader": "greed", "voices": "6"}
    (old / "weigh" / "summary.parquet").write_text("no parquet")
    pd.DataFrame({"hypothesis_id": ["greed"], "doubt": ["all"]}).to_parquet(old / "weigh" / "robustness.parquet")
    frame = pd.read_parquet(old / "weigh" / "hypotheses.parquet")
    frame.assign(certainty="quite").to_parquet(old / "weigh" / "hypotheses.parquet")
    with pytest.raises(SteelyardError) as failure:
        read_earlier("old", tmp_path)
    hypotheses, robustness, summary = failure.value.problems
    assert "rule isin" in hypotheses.what and hypotheses.where.endswith("old/weigh/hypotheses.parquet")
    assert robustness.what == "cannot be compared with as table weigh/robustness (it has no column p_first)"
    assert summary.what.startswith("cannot be compared with as table weigh/summary (")
    assert {problem.hint for problem in failure.value.problems} == {
        "Build the earlier result anew with this version of steelyard, or leave `report: compare_with:` out."
    }


def loaded(folder: Path, compare_with: str) -> LoadedStudy:
    (folder / "codebook.yaml").write_text(
        "question: Why?\nhypotheses: [{id: one, name: One, role: motive, claim: So.}]\n"
    )
    (folder / "a.txt").write_text("A text.")
    (folder / "config.yaml").write_text(
        "study: small\nquestion: Why?\ncodebook: codebook.yaml\nsources: [{path: a.txt, source_type: talk}]\n"
        f"report:\n  title: Why\n  compare_with: {compare_with}\n"
    )
    return LoadedStudy(folder / "config.yaml")


def test_every_table_that_is_compared_is_a_declared_input(tmp_path: Path) -> None:
    written(tmp_path / "old")
    study = loaded(tmp_path, "old/")
    assert study.other_paths[1:] == [f"{tmp_path}/old/{file}" for file in COMPARED_FILES]


@pytest.mark.parametrize(
    ("named", "what", "hint"),
    [
        ("odl", "there is no folder odl", "Did you mean 'old'?"),
        (
            "old",
            "old is no whole result: it holds no weigh/robustness.parquet, weigh/summary.parquet",
            "Name the folder",
        ),
        ("results/small", "report.compare_with names results/small, the very result that is built", "Copy the folder"),
        ("old/../results/small/", "results/small, the very result that is built", "Copy the folder"),
    ],
)
def test_a_result_that_cannot_be_compared_with_is_told_before_anything_runs(
    named: str, what: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    old = written(tmp_path / "old")
    for table in ("robustness", "summary"):
        (old / "weigh" / f"{table}.parquet").unlink()
    with pytest.raises(SteelyardError) as failure:
        loaded(tmp_path, named)
    (problem,) = failure.value.problems
    assert what in problem.what.replace(f"{tmp_path}/", "") and problem.hint.startswith(hint)
    assert problem.where.endswith("config.yaml:7")
