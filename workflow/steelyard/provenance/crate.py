"""A result as a Workflow Run RO-Crate: what went in and what came out, with digests; who coded, and which programs ran.

The crate says nothing of when, where or how fast: same inputs, same bytes. So its action has no times, and the inputs,
which lie outside the result, are named by what they hold (`ni:` and their SHA-256).
"""

from __future__ import annotations

import datetime
import hashlib
import importlib.metadata
import json
import mimetypes
import platform
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from steelyard import __version__
from steelyard.provenance.digests import named, sha256

Entity = dict[str, Any]

CRATE = "ro-crate-metadata.json"
WORKFLOW = "workflow/Snakefile"
WORKFLOW_RUN = "https://w3id.org/ro/wfrun/workflow/0.5"
# Of the terms that the context of RO-Crate 1.1 does not have, this is the one that is used.
_CONTEXT = ["https://w3id.org/ro/crate/1.1/context", {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}]
_WORKFLOW_CRATE = "https://w3id.org/workflowhub/workflow-ro-crate/1.0"
_PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    WORKFLOW_RUN: ("Workflow Run Crate", "0.5"),
    _WORKFLOW_CRATE: ("Workflow RO-Crate", "1.0"),
}
_SNAKEMAKE = "https://w3id.org/workflowhub/workflow-ro-crate#snakemake"
_TYPES = {  # the computer's own table of types may lack them, or call them otherwise
    ".css": "text/css",
    ".csv": "text/csv",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
    ".qmd": "text/markdown",
    ".smk": "text/plain",
    ".srt": "application/x-subrip",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain",
    ".vtt": "text/vtt",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}
_ABOUT = {
    "report.html": "The report as one page",
    "report.pdf": "The report in print",
    "evidence.csv": "Every coded statement",
    "corpus.json": "The documents as a bibliography, CSL-JSON",
    WORKFLOW: "The workflow: its rules stand beside it",
}


@dataclass(frozen=True)
class Facts:
    """What a crate says of a study that its files do not say.

    Args:
        study: its name.
        title: the report's.
        question: what the study asks.
        author: who made it, if that is known.
        licence: what others may do with it, as an address or in words, if that is known.
        date: the report's.
        settings: by name, what else the result depends on: sections of the config, each coder, digests of prompts.
        renderer: which renderer made the report.
    """

    study: str
    title: str
    question: str
    author: str | None
    licence: str | None
    date: datetime.date
    settings: Mapping[str, str]
    renderer: str


def crate(facts: Facts, results: Path, made: Iterable[Path], folder: Path, inputs: Iterable[Path]) -> bytes:
    """Give a finished result's ro-crate-metadata.json.

    Args:
        facts: what is known of the study.
        results: the folder results/<study>.
        made: files below it, and folders of which all files are meant; the workflow's among them.
        folder: the config's folder, from which inputs are named.
        inputs: the files that the result was made from, the config among them.
    """
    went_in = list(_inputs(folder, inputs))
    came_out = [_file(results, path) for path in sorted(set(_files(made)))]
    programs = [*_software(), *_renderer(facts.renderer)]
    settings = [
        {"@id": f"#setting-{quote(name, safe='')}", "@type": "PropertyValue", "name": name, "value": value}
        for name, value in sorted(facts.settings.items())
    ]
    results_ = [one for one in came_out if not one["@id"].startswith("workflow/")]
    action = _action(facts, went_in, settings, results_)
    graph = [
        _descriptor(),
        *_root(facts, [*came_out, *went_in], action["@id"]),
        *({"@id": iri, "@type": "CreativeWork", "name": name, "version": v} for iri, (name, v) in _PROFILES.items()),
        *_language(),
        action,
        *programs,
        *settings,
        *went_in,
        *(one | _workflow(programs) if one["@id"] == WORKFLOW else one for one in came_out),
    ]
    return (json.dumps({"@context": _CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1) + "\n").encode()


def _descriptor() -> Entity:
    return {
        "@id": CRATE,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": _ids(["https://w3id.org/ro/crate/1.1", _WORKFLOW_CRATE]),
    }


def _root(facts: Facts, files: Sequence[Entity], action: str) -> Iterator[Entity]:
    """The result itself, and what it names: its author and its licence."""
    licence, author = _licence(facts.licence), _author(facts.author)
    yield {
        "@id": "./",
        "@type": "Dataset",
        "name": facts.title,
        "description": f"{facts.question} Rival hypotheses weighed against a corpus of text by steelyard, in the study "
        f"“{facts.study}”.",
        "identifier": facts.study,
        "datePublished": facts.date.isoformat(),
        "license": {"@id": licence["@id"]},
        **({"author": {"@id": author["@id"]}} if author else {}),
        "conformsTo": _ids(_PROFILES),
        "mainEntity": {"@id": WORKFLOW},
        "mentions": {"@id": action},
        "hasPart": _ids(one["@id"] for one in files),
    }
    yield licence
    if author:
        yield author


def _licence(licence: str | None) -> Entity:
    if licence and re.fullmatch(r"https?://\S+", licence):
        return {"@id": licence, "@type": "CreativeWork", "name": licence, "description": "The licence of this result"}
    words = licence or "The study's config names none; whoever wrote the documents keeps the rights in them."
    return {"@id": "#licence", "@type": "CreativeWork", "name": licence or "No licence named", "description": words}


def _author(author: str | None) -> Entity | None:
    return {"@id": "#author", "@type": "Person", "name": author} if author else None


def _language() -> Iterator[Entity]:
    yield {
        "@id": _SNAKEMAKE,
        "@type": "ComputerLanguage",
        "name": "Snakemake",
        "identifier": {"@id": "https://doi.org/10.1093/bioinformatics/bts480"},
        "url": {"@id": "https://snakemake.readthedocs.io"},
        "version": importlib.metadata.version("snakemake"),
    }


def _workflow(programs: Sequence[Entity]) -> Entity:
    return {
        "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
        "name": "steelyard",
        "version": __version__,
        "programmingLanguage": {"@id": _SNAKEMAKE},
        "license": {"@id": "https://spdx.org/licenses/MIT"},
        "softwareRequirements": _ids(one["@id"] for one in programs),
    }


def _action(facts: Facts, went_in: Sequence[Entity], settings: Sequence[Entity], results: Sequence[Entity]) -> Entity:
    """The run, named by all that went in and came out: the same again is the same run."""
    told = json.dumps([went_in, settings, results, facts.renderer], sort_keys=True)
    return {
        "@id": f"#run-{hashlib.sha256(told.encode()).hexdigest()[:16]}",
        "@type": "CreateAction",
        "name": f"Building the report of the study {facts.study}",
        "description": f"snakemake --configfile <the study's config>; report.html and report.pdf by {facts.renderer}",
        "actionStatus": "http://schema.org/CompletedActionStatus",
        "instrument": {"@id": WORKFLOW},
        **({"agent": {"@id": "#author"}} if facts.author else {}),
        "object": _ids(one["@id"] for one in [*went_in, *settings]),
        "result": _ids(one["@id"] for one in results),
    }


def _inputs(folder: Path, paths: Iterable[Path]) -> Iterator[Entity]:
    """One entity for each content; files of the same content are other names of one."""
    names: dict[str, list[Path]] = {}
    for path in sorted(set(paths)):
        names.setdefault(sha256(path), []).append(path)
    for digest, (first, *others) in names.items():
        known = _about(first, digest)
        called = [_below(folder, path) for path in (first, *others)]
        yield {"@id": named(digest), **known, "name": called[0], **({"alternateName": called[1:]} if others else {})}


def _file(results: Path, path: Path) -> Entity:
    name = path.relative_to(results).as_posix()
    return {"@id": quote(name), **_about(path, sha256(path)), "name": _ABOUT.get(name, name)}


def _about(path: Path, digest: str) -> Entity:
    return {
        "@type": "File",
        "encodingFormat": _TYPES.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or _UNKNOWN,
        "contentSize": str(path.stat().st_size),
        "sha256": digest,
    }


_UNKNOWN = "application/octet-stream"


def _below(folder: Path, path: Path) -> str:
    """Give a path as the config has it: from the config's folder, where it lies below it."""
    return (path.relative_to(folder) if path.is_relative_to(folder) else path).as_posix()


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            # Snakemake leaves a mark in each folder that it makes.
            yield from (one for one in path.rglob("*") if one.is_file() and one.name != ".snakemake_timestamp")
        else:
            yield path


def _software() -> Iterator[Entity]:
    """Python, this package and all that it asks for; what an extra asks for takes no part in a run."""
    yield _program("generic", "Python", platform.python_version(), "https://www.python.org")
    yield _program("generic", "steelyard", __version__, None)
    wanted = [
        re.split(r"[^\w.-]", line)[0] for line in importlib.metadata.requires("steelyard") or () if ";" not in line
    ]
    for name in sorted(wanted):
        about = importlib.metadata.metadata(name)
        links = dict(line.split(", ", 1) for line in about.get_all("Project-URL") or ())
        home = {label.casefold(): link for label, link in links.items()}
        own = next((home[label] for label in _HOMES if label in home), about["Home-page"])
        yield _program("pypi", name, about["Version"], own)


_HOMES = ("homepage", "home", "repository", "source", "source code", "documentation")


def _renderer(renderer: str) -> Iterator[Entity]:
    """The programs that the renderer names, such as "(pandoc 3.9, typst 0.15.2)"."""
    homes = {"pandoc": "https://pandoc.org", "Quarto CLI": "https://quarto.org"}
    for name, version in re.findall(rf"({'|'.join(homes)}) (\d[\w.]*)", renderer):
        yield _program("generic", name, version, homes[name])


def _program(kind: str, name: str, version: str, url: str | None) -> Entity:
    """A program by its package URL, which names its kind, such as pypi, and its version."""
    iri = f"pkg:{kind}/{name.casefold().replace(' ', '-')}@{version}"
    program = {"@id": iri, "@type": "SoftwareApplication", "name": name, "softwareVersion": version}
    return program | ({"url": url} if url else {})


def _ids(iris: Iterable[str]) -> list[Entity]:
    return [{"@id": iri} for iri in iris]
