"""How long the evidence table takes: to render with 10,000 rows, and to answer in a browser.

Makes a page with so many coded statements at random, in the words of the default study (which must have been built),
by the embedded renderer, opens it in Chromium and measures there. Prints what was measured.

    python benchmarks/evidence_table.py [rows] [--pdf]
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from steelyard import codebook as codebooks
from steelyard import tables
from steelyard.aggregate.ledger import ledger
from steelyard.engine import engine, name_of, view
from steelyard.loaded_study import LoadedStudy
from steelyard.render import embedded, project
from steelyard.render import markdown as md
from steelyard.render.bibliography import as_json
from steelyard.render.escape import entities
from steelyard.render.run import Run
from steelyard.render.sections.evidence import evidence
from steelyard.render.sections.sources import sources
from steelyard.study import Source

PROJECT = Path(__file__).resolve().parents[1]
RESULTS = PROJECT / "results" / "open-weights"
DOCUMENTS, VOICES_EACH = 50, 20
FILTERS = """async () => {
  const began = performance.now();
  const select = document.getElementById("evidence-hypothesis");
  select.value = select.options[1].value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  const filtered = performance.now() - began;
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const painted = performance.now() - began;
  const search = document.getElementById("evidence-q");
  const again = performance.now();
  search.value = "model";
  search.dispatchEvent(new Event("input", { bubbles: true }));
  const searched = performance.now() - again;
  const heading = document.querySelector("#tbl-evidence th .dt-column-order");
  const third = performance.now();
  heading.click();
  while (!document.querySelector("#tbl-evidence th[aria-sort]")) await new Promise((done) => setTimeout(done));
  return { filtered, painted, searched, sorted: performance.now() - third };
}"""


@dataclasses.dataclass
class Timing:
    """What was measured of a page of so many rows; times in seconds and, in the browser, milliseconds."""

    rows: int
    compose: float
    html: float
    pdf: float | None
    megabytes: float
    ready: float
    filtered: float
    painted: float
    searched: float
    sorted: float


def random_run(rows: int) -> Run:
    """Make a run of so many coded posts, in the default study's words, by 1,000 voices in 50 documents."""
    study = LoadedStudy(PROJECT / "config.yaml")
    rng = np.random.default_rng(1)
    said = tables.read(tables.STATEMENTS, RESULTS / "ingest/statements.parquet")
    text = said.text.str.replace("\n", " ").to_numpy()[rng.integers(0, len(said), rows)]
    document = np.arange(rows) * DOCUMENTS // rows
    length = pd.Series(text).str.len() + 1
    start = length.groupby(document).cumsum() - length
    ids = [f"d{d:02d}:{s}-{s + n - 1}" for d, s, n in zip(document, start, length, strict=True)]
    place = {"document_id": [f"d{d:02d}" for d in document], "start": start, "end": start + length - 1}
    voice = [f"d{d:02d}:post-{v}" for d, v in zip(document, rng.integers(0, VOICES_EACH, rows), strict=True)]
    whose = {"voice_id": voice, "echo_id": ids}
    hypotheses = [h.id for h in study.codebook.hypotheses]
    about = {"statement_id": ids, "hypothesis_id": rng.choice(hypotheses, rows)}
    about["stance"] = rng.choice(["supports", "opposes", "raises"], rows, p=[0.7, 0.2, 0.1])
    kind = rng.choice(["assertion", "reasoning", "observation", "attributed", "statistic"], rows)
    trait = {"kind": kind, "hedged": rng.random(rows) < 0.2}
    strength = pd.Series(kind).map(study.config.method.strength.model_dump()) * np.where(trait["hedged"], 0.5, 1.0)
    coder = {"coder": "settled", "origin": "language_model"}
    names = [f"d{d:02d}" for d in range(DOCUMENTS)]
    documents: dict[str, object] = {"document_id": names, "path": [f"{n}.txt" for n in names], "sha256": "0" * 64}
    documents |= {"title": [f"Thread {n} of a corpus made at random" for n in names], "format": "social_thread"}
    documents |= {"source_type": "talk", "date": None, "url": None, "characters": 1, "language": "en"}
    frames = [
        (tables.DOCUMENTS, pd.DataFrame(documents)),
        (tables.VOICES, pd.DataFrame({"voice_id": sorted(set(voice)), "name": None, "interest": "unknown"})),
        (tables.UTTERANCES, pd.DataFrame({**place, **whose, "utterance_id": ids, "role": "post", "replies_to": None})),
        (
            tables.STATEMENTS,
            pd.DataFrame({**place, **whose, "statement_id": ids, "utterance_id": ids, "text": text, "language": "en"}),
        ),
        (tables.CODES, pd.DataFrame({**about, **coder, "confidence": 1.0, "label": None})),
        (
            tables.TRAITS,
            pd.DataFrame({**trait, **coder, "statement_id": ids, "gap": False, "confidence": 1.0, "drawn": None}),
        ),
        (
            tables.EVIDENCE,
            pd.DataFrame(
                {**about, **trait, **coder, **whose, "document_id": place["document_id"], "strength": strength}
            ).assign(speaker_id=voice, source_type="talk"),
        ),
    ]
    made = {table.name: table.frame(frame) for table, frame in frames}
    with engine() as connection:
        view(connection, tables.EVIDENCE, made[tables.EVIDENCE.name])
        connection.execute(f"create view offered as from {name_of(tables.EVIDENCE)}")
        made[tables.LEDGER.name] = tables.LEDGER.frame(connection.sql(ledger()).df())
    made[tables.HYPOTHESES.name] = tables.read(tables.HYPOTHESES, RESULTS / "weigh/hypotheses.parquet")
    lines = pd.Series(text).groupby(document).agg(lambda part: "\n".join(part) + "\n")
    listed = [Source(path=f"{name}.txt", source_type="talk") for name in names]
    config = study.config.model_copy(update={"sources": listed})
    texts = dict(zip(names, lines, strict=True))
    return Run(config, codebooks.load(PROJECT / config.codebook), made, texts, {}, given=made)


def write_project(run: Run, folder: Path) -> None:
    """Write a Quarto project with nothing but the hypotheses' headings, the evidence table and the sources."""
    for name in ("_quarto.yml", "theme.scss", "preamble.typ", "evidence.css", "pictures.css"):
        shutil.copyfile(PROJECT / "report" / name, folder / name)
    (folder / project.SCRIPTS).write_text(project.scripts(PROJECT / "report"), encoding="utf-8")
    shutil.copytree(RESULTS / "quarto" / "fonts", folder / "fonts")
    headings = [md.heading(2, entities(run.name(name)), run.section_id(name)) for name in run.everything]
    (folder / project.BIBLIOGRAPHY).write_bytes(as_json(run[tables.DOCUMENTS]))
    head = f"---\ntitle: Evidence table\nlang: en\nbibliography: {project.BIBLIOGRAPHY}\n---"
    parts = [head, "# Hypotheses {#sec-hypotheses}", *headings]
    parts += ["# Evidence {#sec-evidence}", evidence(run), "# Sources {#sec-sources}", sources(run)]
    (folder / "report.qmd").write_text(md.join(parts), encoding="utf-8")


def seconds(job: Callable[[], object]) -> float:
    """Time a job once."""
    began = time.perf_counter()
    job()
    return time.perf_counter() - began


def in_browser(page_file: Path) -> dict[str, float]:
    """Open a page and measure, in milliseconds, until it is ready (from the start of its loading) and its answers."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(page_file.as_uri(), wait_until="commit", timeout=120_000)
        page.wait_for_selector("html[data-evidence=ready]", timeout=120_000)
        ready = page.evaluate("performance.now()")
        found: dict[str, float] = page.evaluate(FILTERS)
        browser.close()
    return {"ready": ready, **found}


def measure(rows: int, *, pdf: bool) -> Timing:
    """Make a page of so many rows and measure."""
    run = random_run(rows)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        compose = seconds(lambda: write_project(run, folder))
        html = folder / "report.html"
        to_html = seconds(lambda: embedded.render(folder, "report.qmd", html, None))
        to_pdf = seconds(lambda: embedded.render(folder, "report.qmd", None, folder / "report.pdf")) if pdf else None
        return Timing(rows, compose, to_html, to_pdf, html.stat().st_size / 1e6, **in_browser(html))


def main() -> None:
    """Measure as the command line asks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int, nargs="?", default=10_000)
    parser.add_argument("--pdf", action="store_true", help="set the PDF too")
    known = parser.parse_args()
    found = measure(known.rows, pdf=known.pdf)
    pdf = "" if found.pdf is None else f", PDF {found.pdf:.1f} s"
    print(
        f"{found.rows} rows: composed in {found.compose:.1f} s, HTML {found.html:.1f} s{pdf}; {found.megabytes:.1f} MB"
    )
    print(
        f"in the browser: ready after {found.ready:.0f} ms; first filter {found.filtered:.0f} ms "
        f"({found.painted:.0f} ms until painted), search {found.searched:.0f} ms, sort {found.sorted:.0f} ms"
    )
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {sys.version.split()[0]}")


if __name__ == "__main__":
    main()
