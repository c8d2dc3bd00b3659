"""Running again after nothing, or little, has changed: beside Snakemake alone, and beside a full rebuild."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from unittest import mock

import million

from ratios import Ratio, in_turns, studies
from steelyard.leftovers import seconds as seconds_of

DEFAULT = "open-weights"
# With a parameter, as nearly every rule has: to see whether one has changed, Snakemake loads pandas.
FLOOR = (
    'rule all:\n    input: "made"\nrule make:\n    output: "made"\n    params: x="1"\n    shell: "echo > {output}"\n'
)
DOCUMENTS, SIZE = 100, 660  # documents and statements of each, which are about 100 kB
ADDED = "The labs publish their weights because of a sentence that was added.\n"


def ratios() -> list[Ratio]:
    """Build the default study in a clone, and a corpus of many documents, and change one thing after the other."""
    with tempfile.TemporaryDirectory() as name:
        return [*of_the_default_study(Path(name)), *of_documents(Path(name) / "documents")]


def of_the_default_study(folder: Path) -> list[Ratio]:
    """Run again with nothing to do, after a hypothesis was changed, and after a sentence of the report's was."""
    clone, floor = folder / "clone", folder / "floor"
    subprocess.run(["git", "clone", "--quiet", str(studies.PROJECT), str(clone)], check=True)
    floor.mkdir()
    (floor / "Snakefile").write_text(FLOOR)

    def run(*arguments: str) -> float:
        return studies.snakemake(clone, *arguments, snakefile=clone / "Snakefile", library=clone / "workflow")

    rebuilt = [run()]
    no_op, least = in_turns(run, lambda: studies.snakemake(floor, snakefile=floor / "Snakefile"), rounds=11)
    looked = [run("--dry-run")]
    coded = _times(clone, DEFAULT)
    _edit(clone / "report" / "_how-to-read.qmd", lambda text: f"{text}\nA sentence that was added.\n")
    prose = [run()]
    assert _times(clone, DEFAULT) == coded, "prose was edited, and statements were coded again"
    _edit(clone / "seeds" / "codebook.yaml", _with_a_cue)
    hypothesis = [run()]
    assert _times(clone, DEFAULT) != coded, "a cue was added, and no statement was coded again"
    rebuild, what = f"a full rebuild, {studies.CORES} cores", "the default study"
    return [
        Ratio(
            "`snakemake` with nothing to do",
            f"a Snakefile of one rule with one parameter, with nothing to do (Snakemake {version('snakemake')})",
            1.3,
            no_op,
            least,
            what,
            "both run no job",
        ),
        Ratio("`snakemake --dry-run` with nothing to do", rebuild, None, looked, rebuilt, what, "no job is run"),
        Ratio(
            "one sentence of the report's prose edited",
            rebuild,
            None,
            prose,
            rebuilt,
            what,
            "no statement was coded again: every log of annotate is untouched",
        ),
        Ratio(
            "one hypothesis edited: a cue added",
            rebuild,
            None,
            hypothesis,
            rebuilt,
            what,
            "the corpus is one shard, all of which is coded again by every coder that is a program",
        ),
    ]


def of_documents(folder: Path) -> list[Ratio]:
    """Run again after one of many documents was changed."""
    with mock.patch.multiple(million, DOCUMENT=(SIZE, SIZE), LARGE=SIZE):
        million.make(DOCUMENTS * SIZE, folder)
    study, files = f"million-{DOCUMENTS * SIZE}", sorted(folder.glob("corpus/*/*.txt"))
    tables = [f"results/{study}/{table}.parquet" for table in ("annotate/quality", "weigh/hypotheses")]
    rebuilt = [studies.snakemake(folder, *tables, "--configfile", "config.yaml")]
    before, first = _times(folder, study), _seconds(folder, study)
    edited = files[len(files) // 2]
    _edit(edited, lambda text: text + ADDED)
    again = [studies.snakemake(folder, *tables, "--configfile", "config.yaml")]
    second = {
        name: took for name, took in _seconds(folder, study).items() if _times(folder, study)[name] != before[name]
    }
    coders, later = ({n: t for n, t in part.items() if n.startswith("cues-")} for part in (first, second))
    size = sum(path.stat().st_size for path in folder.glob("corpus/*/*.*"))
    measured_on = f"{len(list(folder.glob('corpus/*/*.*')))} documents, {size / 1e6:.1f} MB, in {len(coders)} shards"
    said = f"{len(later)} of {len(coders)} shards coded again; a corpus below 256 kB is one shard, and is coded whole"
    what = "one document of 100 edited"
    return [
        Ratio(
            f"{what}: seconds of the coder's jobs",
            "those of the full run",
            0.1,
            *_sums(later, coders),
            measured_on,
            said,
        ),
        Ratio(
            f"{what}: seconds of all jobs of annotate",
            "those of the full run",
            0.1,
            *_sums(second, first),
            measured_on,
            f"{said}; what was read is put together anew ({', '.join(sorted(second.keys() - later.keys()))})",
        ),
        Ratio(
            f"{what}: all, from files to weights",
            f"a full rebuild, {studies.CORES} cores",
            None,
            again,
            rebuilt,
            measured_on,
            said,
        ),
    ]


def _sums(*parts: dict[str, float]) -> list[list[float]]:
    return [[sum(part.values())] for part in parts]


def _edit(path: Path, change: Callable[[str], str]) -> None:
    before = path.read_text(encoding="utf-8")
    assert change(before) != before, path
    path.write_text(change(before), encoding="utf-8")


def _with_a_cue(codebook: str) -> str:
    head, key, hypotheses = codebook.partition("\nhypotheses:")
    return head + key + re.sub(r"phrases: \[", "phrases: [a cue that was added, ", hypotheses, count=1)


def _logs(folder: Path, study: str) -> dict[str, Path]:
    return {path.stem: path for path in sorted((folder / "logs" / study / "annotate").glob("*.log"))}


def _times(folder: Path, study: str) -> dict[str, int]:
    """Give when each log of annotate was written."""
    return {name: path.stat().st_mtime_ns for name, path in _logs(folder, study).items()}


def _seconds(folder: Path, study: str) -> dict[str, float]:
    """Give the seconds that each job of annotate says it took."""
    return {name: seconds_of(path) or 0.0 for name, path in _logs(folder, study).items()}
