"""The canaries' study as it was built, and its twin, in which every hostile character of foreign text is an x."""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pypandoc

from project import PROJECT, steelyard
from steelyard import tables
from steelyard.codebook import Codebook
from steelyard.loaded_study import LoadedStudy
from steelyard.render import run
from steelyard.render.embedded import render
from steelyard.render.project import build
from steelyard.render.run import Run
from steelyard.study import RecordedCoder, Study
from studies.canaries import canaries

_FOREIGN = {
    tables.DOCUMENTS.name: ("title", "author", "source_type", "path"),
    tables.VOICES.name: ("name",),
    tables.STATEMENTS.name: ("text",),
    tables.CODES.name: ("label",),
    tables.QUALITY.name: ("sample",),
    tables.EVIDENCE.name: ("source_type",),
    tables.MULTIVERSE.name: ("strengths",),
}
_VOICES = ("voice_id", "speaker_id")
# Marks that set a text apart for its direction of writing (an attribute of its own), as right-to-left letters do.
_KEPT = "\u200f\u061c"


def built(base: Path) -> Path:
    """Build the study by the real command, once below a folder, and give the folder in which that was done."""
    folder = base / "canaries-built"
    if not (folder / "results" / "canaries" / "report.html").exists():
        config = canaries.complete(folder / "canaries")
        done = steelyard(str(config.relative_to(folder)), folder=folder)
        assert done.returncode == 0, done.stderr
    return folder


def load(folder: Path) -> Run:
    """Give what the report of a built study was made of."""
    study, results = LoadedStudy(folder / "canaries" / "config.yaml"), folder / "results" / "canaries"
    paths = {name: str(path) for name in tables.TABLES if (path := results / f"{name}.parquet").exists()}
    unmapped = [str(path) for path in results.glob("annotate/recorded/*/unmapped.parquet")]
    return run.load(paths, unmapped, [], study.config, study.folder, results / "ingest" / "texts")


def page(folder: Path) -> Path:
    """Render the twin's page, once, and give its file."""
    made = folder / "twin"
    if not (made / "report.html").exists():
        build(twin(load(folder)), PROJECT / "report", made)
        render(made, "report.qmd", made / "report.html", None)
    return made / "report.html"


def twin(given: Run) -> Run:
    """Give the same run with nothing in its texts but letters, digits and blanks; every text is as long as it was."""
    voices = {voice: f"name:voice{number}" for number, voice in enumerate(given[tables.VOICES].voice_id)}
    frames = {}
    for name, frame in given.frames.items():
        tamed = {column: frame[column].map(_tame) for column in _FOREIGN.get(name, ())}
        frames[name] = frame.assign(**tamed, **{c: frame[c].map(voices) for c in _VOICES if c in frame})
    facts = frames[tables.SUMMARY.name]
    frames[tables.SUMMARY.name] = facts.assign(value=facts.value.map(lambda value: voices.get(value, value)))
    texts = {name: _tame(text) for name, text in given.texts.items()}
    digests = {_tame(name): digest for name, digest in given.digests.items()}
    return dataclasses.replace(
        given,
        study=_study(given.study),
        codebook=_codebook(given.codebook),
        frames=frames,
        texts=texts,
        digests=digests,
    )


def _tame(value: Any) -> Any:
    return re.sub(rf"[^A-Za-z0-9\s{_KEPT}]", "x", value) if isinstance(value, str) else value


def _study(study: Study) -> Study:
    report = {name: _tame(getattr(study.report, name)) for name in ("title", "subtitle", "author")}
    strengths = {_tame(name): one for name, one in study.method.robustness.other_strengths.items()}
    robustness = study.method.robustness.model_copy(update={"other_strengths": strengths})
    coders = [
        one.model_copy(update={"path": _tame(one.path), "sample": _tame(one.sample)})
        if isinstance(one, RecordedCoder)
        else one
        for one in study.coders
    ]
    changed = {
        "question": _tame(study.question),
        "sources": [one.model_copy(update={"path": _tame(one.path)}) for one in study.sources],
        "coders": coders,
        "method": study.method.model_copy(update={"robustness": robustness}),
        "report": study.report.model_copy(update=report),
    }
    return study.model_copy(update=changed)


def _codebook(codebook: Codebook) -> Codebook:
    values = codebook.model_dump()
    values["question"] = _tame(values["question"])
    for one in values["hypotheses"]:
        one |= {name: _tame(one[name]) for name in ("name", "claim")}
        one |= {name: list(map(_tame, one[name])) for name in ("count_also", "do_not_count", "exemplars")}
        for observation in one["observations"]:
            observation |= {name: _tame(observation[name]) for name in ("see", "where")}
    return Codebook.model_validate(values)


def shape(fragment: str) -> Counter[str]:
    """Count what pandoc makes of a Quarto source beside words: elements, with ids, classes, names of keys and targets.

    Widths of columns follow the length of a table's lines, and are left out; of raw HTML count tags and attributes.
    """
    reader = "markdown-yaml_metadata_block-pandoc_title_block"
    command = [pypandoc.get_pandoc_path(), "--from", reader, "--to", "json"]
    tree = json.loads(subprocess.run(command, input=fragment.encode(), capture_output=True, check=True).stdout)
    counted: Counter[str] = Counter()
    waiting: list[Any] = [tree["blocks"]]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            counted.update(_described(node))
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
    return counted


_ATTRIBUTES_AT = {"Span": 0, "Div": 0, "Link": 0, "Image": 0, "Code": 0, "CodeBlock": 0, "Header": 1}


def _described(node: dict[str, Any]) -> list[str]:
    kind, content = node.get("t", ""), node.get("c")
    if kind in ("", "Str", "Space", "SoftBreak") or kind.startswith("ColWidth"):
        return []
    if kind in ("RawInline", "RawBlock"):
        tags = re.findall(r"</?[A-Za-z][^<>]*>|<!--", content[1])
        return [f"{kind} {content[0]}", *(re.sub(r'(data-(?:voice|speaker))="[^"]*"', r"\1", tag) for tag in tags)]
    said = [kind]
    if kind in _ATTRIBUTES_AT:
        identifier, classes, pairs = content[_ATTRIBUTES_AT[kind]]
        said += [identifier, *classes, *(name for name, _ in pairs)]
    return [" ".join([*said, *(content[2][:1] if kind in ("Link", "Image") else [])])]
