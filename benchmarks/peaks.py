"""How much memory each job of a study takes, beside what it asks a cluster for (workflow/steelyard/resources.py).

    python benchmarks/peaks.py STUDY [OPTION OF SNAKEMAKE ...]

Builds the study's report in an empty folder, one job at a time.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from steelyard.resources import megabytes, minutes

# Python runs this at the start of every process that finds it. A job knows its rule and input, and leaves by os._exit.
_SITE = """
import os, resource, sys, time

begin, leave = time.time(), os._exit

def tell():
    job = getattr(sys.modules["__main__"], "snakemake", None)
    if job is not None:
        size = sum(os.path.getsize(path) for path in job.input)
        whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        own, children = (resource.getrusage(who).ru_maxrss // 1024 for who in whose)
        with open(os.environ["PEAKS"], "a") as file:
            print(job.rule, size, own, children, round(time.time() - begin, 1), sep=",", file=file)

def tell_and_leave(code):
    tell()
    leave(code)

os._exit = tell_and_leave
"""


def peaks(study: str, *options: str) -> list[tuple[str, int, int, int, float]]:
    """Build a report and give each job's rule, bytes of input, peak in MB of it and of its largest child, and seconds.

    A job that fails ends the benchmark.
    """
    with tempfile.TemporaryDirectory() as name:
        folder, found = Path(name), Path(name) / "peaks.csv"
        (folder / "site").mkdir()
        (folder / "site" / "sitecustomize.py").write_text(_SITE, encoding="utf-8")
        command = [sys.executable, "-m", "steelyard.cli", "report", str(Path(study).resolve()), "--cores=1", *options]
        environment = os.environ | {"PYTHONPATH": str(folder / "site"), "PEAKS": str(found)}
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
        with found.open(encoding="utf-8") as file:
            rows = list(csv.reader(file))
    return [(rule, int(size), int(own), int(child), float(took)) for rule, size, own, child, took in rows]


def main() -> None:
    """Print the table."""
    print("rule          input MB  peak MB  child MB  asked MB  seconds  asked minutes")
    for rule, size, own, child, took in peaks(*sys.argv[1:]):
        asked = megabytes(rule, size)
        print(
            f"{rule:<12} {size / 1e6:9.2f} {own:8} {child:9} {asked:9} {took:8.1f} {minutes(rule, size):14}"
            f"{'   TOO LITTLE' if own > asked - 350 else ''}"
        )


if __name__ == "__main__":
    main()
