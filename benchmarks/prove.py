"""The long proofs: every property with 300 examples, and times of a user's commands beside Snakemake's own floor.

Run by `make prove`; writes docs/proofs.md with the date, the machine and the figures as measured, and section 8 of
docs/method.md: how well the weighing finds what was planted.
"""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cluster
import crate
import evidence_table
import faults
import fuzz
import label_studio
import llama_server
import package
import planted
import ppi
import same_bytes
import scale
import weighing

PROJECT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
FUZZED = 30 * 60  # seconds
FLOOR = (
    'rule all:\n    input: "made"\nrule make:\n    output: "made"\n    params: x="1"\n    shell: "echo > {output}"\n'
)


def seconds(command: list[str], folder: Path, times: int = 1) -> list[float]:
    """Wall time of a command, each time it is run; a failing command ends the proof."""
    found = []
    for _ in range(times):
        begin = time.perf_counter()
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        found.append(time.perf_counter() - begin)
    return found


def properties() -> str:
    """Run all tests under hypothesis' long profile and give pytest's closing line."""
    command = [str(BIN / "pytest"), "-q", "--hypothesis-profile=prove", "tests/unit"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout[-5000:])
    return re.findall(r"^\d+ passed.*$", done.stdout, re.MULTILINE)[-1]


def fuzzed() -> str:
    """Fuzz for half an hour, and say how often what was tried; whatever is found ends the proof."""
    runs, found = fuzz.fuzz(FUZZED)
    if found:
        sys.exit("\n".join(found))
    return f"{runs.total():,} runs of {len(runs)} targets in {FUZZED // 60} minutes, the fewest {min(runs.values()):,}"


def start_up() -> list[tuple[str, str, str]]:
    """Time set-up, a full rebuild and runs with nothing to do, from a fresh clone, beside a Snakefile of one rule."""
    with tempfile.TemporaryDirectory() as name:
        clone, floor = Path(name) / "clone", Path(name) / "floor"
        subprocess.run(["git", "clone", "--quiet", str(PROJECT), str(clone)], check=True)
        floor.mkdir()
        (floor / "Snakefile").write_text(FLOOR)
        [nothing] = seconds(["make", "report"], clone)
        shutil.rmtree(clone / "results")
        [rebuild] = seconds(["make", "report"], clone)
        seconds([str(BIN / "snakemake"), "--cores", "1"], floor)
        ours, bare, least = [], [], []
        for _ in range(5):  # side by side, so that a busy moment meets all three
            ours += seconds(["make", "report"], clone)
            bare += seconds([str(clone / ".venv" / "bin" / "snakemake")], clone)
            least += seconds([str(BIN / "snakemake"), "--cores", "1"], floor)
    limit = statistics.median(least)

    def row(what: str, times: list[float]) -> tuple[str, str, str]:
        middle = statistics.median(times)
        return what, f"{middle:.1f} s (n = {len(times)})", f"{middle / limit:.2f}"

    return [
        row("`make report` from a fresh clone, set-up included", [nothing]),
        row("`make report`, full rebuild once set up", [rebuild]),
        row("`make report` with nothing to do", ours),
        row("`snakemake` with nothing to do", bare),
        row("a Snakefile of one rule with nothing to do (the floor)", least),
    ]


def main() -> None:
    """Write docs/proofs.md."""
    rows = start_up()
    passed = properties()
    spoiled = fuzzed()
    kills, bytes_ = faults.summary(faults.prove()), same_bytes.prove()
    doubts = weighing.measure()
    planted.main()
    tables = [evidence_table.measure(rows, pdf=True) for rows in (1_000, 10_000)]
    others = [label_studio.prove(), llama_server.prove(), ppi.prove(), crate.prove()]
    by_slurm, installed = cluster.prove(), package.prove()
    grown = scale.section()
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("snakemake", "pandas", "typst"))
    lines = [
        "# Proofs and timings",
        "",
        f"Written by `make prove` on {datetime.datetime.now(datetime.UTC):%Y-%m-%d}; {platform.system()}, Python "
        f"{platform.python_version()}, {os.cpu_count()} cores; {versions}.",
        "",
        "## Properties",
        "",
        f"All unit tests with hypothesis' long profile (300 examples, fewer where a whole corpus is made): {passed}.",
        "",
        "## Fuzzing",
        "",
        "Files of every format, settings, recorded codes and quotes, spoiled at random, as "
        f"[bad input, tried](bad-input.md) says: {spoiled}. Nothing was found.",
        "",
        "## Faults and bytes",
        "",
        f"kill -9 at {faults.TRIALS} moments, uniform over the run of a small study by fixed seeds, every other "
        "time with another result already there:",
        "",
        *(f"- {line}" for line in kills),
        "",
        f"{bytes_[0].upper()}{bytes_[1:]}, in folders of other depth and name, by one core and by two, in other "
        "locales, time zones, umasks and with other hash seeds.",
        "",
        "## Other programs",
        "",
        "Each in an environment of its own, which it is installed into from the package index.",
        "",
        *(f"- {line}" for line in others),
        "",
        "## Installed",
        "",
        f"{installed[0].upper()}{installed[1:]}.",
        "",
        "## Weighing",
        "",
        "How well it finds what was planted stands in [method.md](method.md), section 8, measured in the same run.",
        "",
        "Seconds, each once: the table weigh/multiverse, all ranks under doubt (2,000 draws each), the balances with "
        "coding error.",
        "",
        "| corpus | statements | codes | multiverse | ranks | balances |",
        "|---|---|---|---|---|---|",
        *(
            f"| {what} | {n} | {codes} | {one:.1f} | {two:.1f} | {three:.1f} |"
            for what, n, codes, (one, two, three) in doubts
        ),
        "",
        "## Evidence table",
        "",
        "A page and a PDF with so many coded statements, made at random in the words of the default study, each once. "
        "Seconds to compose and to render; milliseconds in Chromium until the table is ready, the first filter is "
        "applied and painted, a word searched, a column sorted.",
        "",
        "| rows | compose | HTML | PDF | MB | ready | filter | painted | search | sort |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *(
            f"| {t.rows} | {t.compose:.1f} | {t.html:.1f} | {t.pdf:.1f} | {t.megabytes:.1f} | {t.ready:.0f} "
            f"| {t.filtered:.0f} | {t.painted:.0f} | {t.searched:.0f} | {t.sorted:.0f} |"
            for t in tables
        ),
        "",
        "## A million statements",
        "",
        "From raw files to weights, with coder `cues` and both cores, each once; corpora with planted hypotheses as "
        "`benchmarks/million.py` makes them. Then the report of the largest. Memory is the peak of any job of a rule.",
        "",
        grown,
        "## SLURM",
        "",
        "Built by jobs of a real SLURM on this one machine, which kills what takes more memory than it asked for, and "
        "locally: all results but run.json have the same SHA-256. What `scancel` ended was done again, by a second run "
        "(default) or by the same one, and nothing else was. Wall time, each once; each job costs seconds to submit.",
        "",
        *by_slurm,
        "",
        "## Start-up",
        "",
        "Medians of wall time, measured side by side in one run; the ratio is to Snakemake's floor.",
        "",
        "| what | time | ratio |",
        "|---|---|---|",
        *(f"| {what} | {duration} | {ratio} |" for what, duration, ratio in rows),
    ]
    (PROJECT / "docs" / "proofs.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
