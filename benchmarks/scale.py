"""How a study grows: from raw files to weights for 10,000 to 1,000,000 statements, and the report of the most.

    python benchmarks/scale.py [STATEMENTS ...]

Makes corpora with planted hypotheses (million.py) and runs the pipeline on them, with coder `cues` and all cores, and
with `semantic` on the smallest. Prints, and gives to `make prove`, seconds, the largest memory of any job, and how far
what was planted is found.
"""

from __future__ import annotations

import math
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import million
import pandas as pd

PROJECT = Path(__file__).resolve().parents[1]
SIZES = (10_000, 100_000, 1_000_000)
WEIGHTS = ("weigh/hypotheses", "weigh/robustness", "weigh/shares", "weigh/gaps")
_LOOK = 0.05  # seconds between looks at the memory of jobs


def run(study: Path, *targets: str) -> tuple[float, Counter[str]]:
    """Run Snakemake in a study's folder; give wall seconds, and the peak memory of each rule's jobs in MB.

    A failing run ends the benchmark.
    """
    peaks: Counter[str] = Counter()
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(PROJECT / "Snakefile"), "--cores", "all", *targets]
    begin = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            [*command, "--configfile", "config.yaml"], cwd=study, stdout=said, stderr=subprocess.STDOUT
        )
        while process.poll() is None:
            for rule, megabytes in _jobs(study):
                peaks[rule] = max(peaks[rule], megabytes)
            time.sleep(_LOOK)
        if process.returncode:
            said.seek(0)
            sys.exit(said.read()[-3000:])
    return time.perf_counter() - begin, peaks


def _jobs(study: Path) -> list[tuple[str, int]]:
    """Give rule and peak memory so far of each job that is at work in a folder, its child processes included."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and (process / "cwd").readlink() == study:
                script = re.search(r"/scripts/\w+\.(\w+)\.py", (process / "cmdline").read_text().replace("\0", " "))
                status = (process / "status").read_text()
                if script:
                    found.append((script[1], int(re.search(r"VmHWM:\s+(\d+)", status)[1]) // 1024))
        except (OSError, TypeError):  # it has ended
            continue
    return found


def seconds_of_rules(study: Path, name: str) -> Counter[str]:
    """Add up the seconds that the jobs of each rule say they took."""
    seconds: Counter[str] = Counter()
    for log in (study / "logs" / name).rglob("*.log"):
        took = re.search(r"^done in ([\d.]+) s$", log.read_text(), re.MULTILINE)
        seconds[log.stem.partition("-")[0]] += float(took[1]) if took else 0
    return seconds


def planted(study: Path, name: str) -> str:
    """Say how far the voices found for and against each hypothesis are those that were planted."""
    truth = pd.read_csv(study / "truth.csv").set_index("hypothesis_id")
    found = pd.read_parquet(study / "results" / name / "weigh" / "hypotheses.parquet").set_index("hypothesis_id")
    apart = (found.loc[truth.index, ["voices_for", "voices_against"]] - truth[["voices_for", "voices_against"]]).abs()
    relative = apart.to_numpy().max() / truth[["voices_for", "voices_against"]].to_numpy().max()
    return f"{(apart.to_numpy() == 0).mean():.0%} exact, largest difference {apart.to_numpy().max():g} ({relative:.1%})"


def measure(statements: int, *, report: bool = False, coder: str = "cues") -> dict[str, object]:
    """Make a corpus, run it and give what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        study, name = Path(folder).resolve() / "study", f"million-{statements}"
        million.make(statements, study)
        config = study / "config.yaml"
        config.write_text(config.read_text().replace("{name: cues, type: cues}", f"{{name: {coder}, type: {coder}}}"))
        size = sum(file.stat().st_size for file in (study / "corpus").rglob("*") if file.is_file())
        files = [f"results/{name}/{table}.parquet" for table in WEIGHTS]
        seconds, peaks = run(study, *files)
        row: dict[str, object] = {
            "coder": coder,
            "statements": statements,
            "MB of text": round(size / 1e6, 1),
            "seconds": round(seconds, 1),
            "seconds of rules": dict(seconds_of_rules(study, name).most_common(6)),
            "peak MB": dict(peaks.most_common(4)),
            "voices as planted": planted(study, name),
        }
        if report:
            seconds, peaks = run(study)
            results = study / "results" / name
            row |= {
                "report seconds": round(seconds, 1),
                "report peak MB": dict(peaks),
                "report.html MB": round((results / "report.html").stat().st_size / 1e6, 2),
                "report.pdf MB": round((results / "report.pdf").stat().st_size / 1e6, 2),
            }
        return row


def said(row: dict[str, object]) -> str:
    """Give what was measured as an item of a list."""
    return f"- {', '.join(f'{name}: {value}' for name, value in row.items())}"


def exponent(rows: list[dict[str, object]]) -> float:
    """Give the exponent between the least and the greatest corpus: seconds grow with statements to its power."""
    first, last = rows[0], rows[-1]
    return math.log(last["seconds"] / first["seconds"]) / math.log(last["statements"] / first["statements"])


def section(sizes: tuple[int, ...] = SIZES) -> str:
    """Measure all sizes and give the section of docs/proofs.md."""
    rows = [measure(size, report=size == max(sizes)) for size in sizes]
    lines = [said(row) for row in [*rows, measure(min(sizes), coder="semantic")]]
    lines += [
        "",
        "Planted are cues, in sentences that mean little: `semantic`, which goes by meaning, is sure of hardly any.",
    ]
    growth = f"\nExponent from {sizes[0]:,} to {sizes[-1]:,}: {exponent(rows):.2f}.\n" if len(rows) > 1 else ""
    return "\n".join([*lines, growth])


if __name__ == "__main__":
    os.environ["PYTHONUNBUFFERED"] = "1"
    print(section(tuple(map(int, sys.argv[1:])) or SIZES))
