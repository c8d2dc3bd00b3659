"""The long proofs: what `make test` has no time for, from 300 examples of every property to a cluster.

    python benchmarks/prove.py [PROOF ...]

Writes docs/proofs.md: of each proof the date, the machine and the figures as measured, as soon as it has ended, so that
one that fails or is cut off costs no other. Without arguments, as in `make prove`, all are run. `weighing` writes
section 8 of docs/method.md too: how well the weighing finds what was planted.
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
from collections.abc import Callable
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


def properties() -> list[str]:
    """Run all tests under hypothesis' long profile and give pytest's closing line."""
    command = [str(BIN / "pytest"), "-q", "--hypothesis-profile=prove", "tests/unit"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout[-5000:])
    [passed] = re.findall(r"^\d+ passed.*$", done.stdout, re.MULTILINE)[-1:]
    return [
        f"All unit tests with hypothesis' long profile (300 examples, fewer where a whole corpus is made): {passed}."
    ]


def fuzzing() -> list[str]:
    """Fuzz for half an hour, and say how often what was tried; whatever is found ends the proof."""
    runs, found = fuzz.fuzz(FUZZED)
    if found:
        sys.exit("\n".join(found))
    return [
        "Files of every format, settings, recorded codes and quotes, spoiled at random, as "
        f"[bad input, tried](bad-input.md) says: {runs.total():,} runs of {len(runs)} targets in {FUZZED // 60} "
        f"minutes, the fewest {min(runs.values()):,}. Nothing was found."
    ]


def killed() -> list[str]:
    """Kill runs at fixed moments."""
    return [
        f"kill -9 at {faults.TRIALS} moments, uniform over the run of a small study by fixed seeds, every other "
        "time with another result already there:",
        "",
        *(f"- {line}" for line in faults.summary(faults.prove())),
    ]


def alike() -> list[str]:
    """Build the default study in two clones."""
    told = same_bytes.prove()
    return [
        f"{told[0].upper()}{told[1:]}, in folders of other depth and name, by one core and by two, in other locales, "
        "time zones, umasks and with other hash seeds."
    ]


def other_programs() -> list[str]:
    """Ask other programs, which are installed for it."""
    told = [label_studio.prove(), llama_server.prove(), ppi.prove(), crate.prove()]
    return [
        "Each in an environment of its own, which it is installed into from the package index.",
        "",
        *(f"- {line}" for line in told),
    ]


def installed() -> list[str]:
    """Install the package and run it."""
    told = package.prove()
    return [f"{told[0].upper()}{told[1:]}."]


def weighed() -> list[str]:
    """Weigh corpora with planted truth, and measure how long weighing takes."""
    planted.main()
    return [
        "How well it finds what was planted stands in [method.md](method.md), section 8, measured in the same run.",
        "",
        "Seconds, each once: the table weigh/multiverse, all ranks under doubt (2,000 draws each), the balances with "
        "coding error.",
        "",
        "| corpus | statements | codes | multiverse | ranks | balances |",
        "|---|---|---|---|---|---|",
        *(
            f"| {what} | {n} | {codes} | {one:.1f} | {two:.1f} | {three:.1f} |"
            for what, n, codes, (one, two, three) in weighing.measure()
        ),
    ]


def long_table() -> list[str]:
    """Measure the evidence table of large reports."""
    return [
        "A page and a PDF with so many coded statements, made at random in the words of the default study, each once. "
        "Seconds to compose and to render; milliseconds in Chromium until the table is ready, the first filter is "
        "applied and painted, a word searched, a column sorted.",
        "",
        "| rows | compose | HTML | PDF | MB | ready | filter | painted | search | sort |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *(
            f"| {t.rows} | {t.compose:.1f} | {t.html:.1f} | {t.pdf:.1f} | {t.megabytes:.1f} | {t.ready:.0f} "
            f"| {t.filtered:.0f} | {t.painted:.0f} | {t.searched:.0f} | {t.sorted:.0f} |"
            for t in (evidence_table.measure(rows, pdf=True) for rows in (1_000, 10_000))
        ),
    ]


def million() -> list[str]:
    """Run corpora of 10,000 to 1,000,000 statements."""
    return [
        "From raw files to weights, with both cores, each once; corpora with planted hypotheses as "
        "`benchmarks/million.py` makes them. Then the report of the largest. Memory is the peak of any job of a rule.",
        "",
        scale.section().rstrip(),
    ]


def by_slurm() -> list[str]:
    """Run studies on a cluster of one machine."""
    return [
        "Built by jobs of a real SLURM on this one machine, which kills what takes more memory than it asked for, and "
        "locally: all results but run.json have the same SHA-256. What `scancel` ended was done again, by a second run "
        "(default) or by the same one, and nothing else was. Wall time, each once; each job costs seconds to submit.",
        "",
        *cluster.prove(),
    ]


def start_up() -> list[str]:
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

    def row(what: str, times: list[float]) -> str:
        middle = statistics.median(times)
        return f"| {what} | {middle:.1f} s (n = {len(times)}) | {middle / limit:.2f} |"

    return [
        "Medians of wall time, measured side by side in one run; the ratio is to Snakemake's floor.",
        "",
        "| what | time | ratio |",
        "|---|---|---|",
        row("`make report` from a fresh clone, set-up included", [nothing]),
        row("`make report`, full rebuild once set up", [rebuild]),
        row("`make report` with nothing to do", ours),
        row("`snakemake` with nothing to do", bare),
        row("a Snakefile of one rule with nothing to do (the floor)", least),
    ]


PROOFS: dict[str, tuple[str, Callable[[], list[str]]]] = {  # by name, its heading and what gives its lines
    "start-up": ("Start-up", start_up),
    "properties": ("Properties", properties),
    "faults": ("Faults", killed),
    "bytes": ("Same bytes", alike),
    "scale": ("A million statements", million),
    "slurm": ("SLURM", by_slurm),
    "programs": ("Other programs", other_programs),
    "package": ("Installed", installed),
    "weighing": ("Weighing", weighed),
    "table": ("Evidence table", long_table),
    "fuzzing": ("Fuzzing", fuzzing),
}
TITLE = "# Proofs and timings\n\nWritten by `make prove`, each proof on the day and the machine that it names.\n"


def written(page: str, heading: str, lines: list[str]) -> str:
    """Give the page with a proof's section in its place; the others stay as they are."""
    sections = dict(re.findall(r"^## (.+)\n\n((?:(?!## ).*\n?)*)", page, re.MULTILINE))
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("snakemake", "pandas", "typst"))
    machine = f"{platform.system()}, Python {platform.python_version()}, {os.cpu_count()} cores"
    sections[heading] = "\n".join(
        [*lines, "", f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}; {machine}; {versions}."]
    )
    order = [heading for heading, _ in PROOFS.values()]
    found = (f"\n## {one}\n\n{sections[one].rstrip()}\n" for one in order if one in sections)
    return TITLE + "".join(found)


def main() -> None:
    """Run the proofs that are named, or all."""
    page = PROJECT / "docs" / "proofs.md"
    for name in sys.argv[1:] or PROOFS:
        heading, prove = PROOFS[name]
        lines = prove()
        page.write_text(written(page.read_text(encoding="utf-8"), heading, lines), encoding="utf-8")
        print(f"{name}: done", flush=True)


if __name__ == "__main__":
    main()
