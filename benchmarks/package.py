"""The source distribution and the wheel, installed in empty environments: a study built from there has the same bytes.

python benchmarks/package.py
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from faults import PROJECT, differences, digests

_BUILD = "import sys; from setuptools import build_meta; getattr(build_meta, sys.argv[1])(sys.argv[2])"


def tracked() -> list[str]:
    """Give the paths of the checkout's files: what git has, and what it would take in."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return sorted(name for name in listed.split("\0") if name and (PROJECT / name).exists())


def distributions(folder: Path) -> tuple[Path, Path]:
    """Build the source distribution from the checkout's files, and the wheel from that; nothing is asked of an index.

    Args:
        folder: an empty one.

    Returns:
        The source distribution and the wheel.
    """
    checkout = folder / "checkout"
    for name in tracked():
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, checkout / name)
    archive = _built("sdist", checkout, folder / "sdist")
    with tarfile.open(archive) as packed:
        packed.extractall(folder / "unpacked", filter="data")
    [source] = (folder / "unpacked").iterdir()
    return archive, _built("wheel", source, folder / "wheel")


def environment(folder: Path, *installed: str) -> Path:
    """Make an empty environment, install into it, and give its folder of programs.

    Args:
        folder: not there yet.
        installed: arguments of `uv pip install`.
    """
    uv = (PROJECT / ".venv" / ".uv").read_text().strip()
    _run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)], PROJECT)
    _run([uv, "pip", "install", "--quiet", "--python", str(folder / "bin" / "python"), *installed], PROJECT)
    return folder / "bin"


def built(bin_: Path, folder: Path, study: str) -> dict[str, str]:
    """Build a study's report with an environment's `steelyard`, and give the digests of its result.

    Args:
        bin_: the environment's folder of programs.
        folder: where to run.
        study: the study's folder from there, which is also its name.
    """
    _run([str(bin_ / "steelyard"), "report", study], folder)
    return digests(folder / "results" / Path(study).name)


def prove() -> str:
    """Install wheel and source distribution, build a new study and compare an old one; what fails ends the proof."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive, wheel = distributions(folder)
        # What the wheel asks for and no more, in the locked versions, whose hashes are checked.
        bin_ = environment(folder / "empty", "--constraints", "requirements.lock", str(wheel))
        other = environment(folder / "other", "--no-deps", str(archive))
        if _files(bin_) != _files(other):
            sys.exit("the wheel and the source distribution do not install the same files")
        run = folder / "a folder" / "of its own"
        run.mkdir(parents=True)
        _run([str(bin_ / "steelyard"), "new", "mine"], run)
        new = built(bin_, run, "mine")
        made = []
        for place, programs in ((run, bin_), (folder / "beside", Path(sys.executable).parent)):
            shutil.copytree(PROJECT / "tests" / "studies" / "ferry", place / "ferry")
            made.append(built(programs, place, "ferry"))
        different = differences(*made)
        if different:
            sys.exit(f"differ between the wheel and the checkout: {', '.join(different)}")
        packages = len(list(bin_.parent.glob("lib/python*/site-packages/*.dist-info")))
    return (
        "the wheel, built from the source distribution, installed in an empty environment with the "
        f"{packages - 1} packages that it asks for, in the locked versions: `steelyard new` and `report` make "
        f"{len(new)} files outside the checkout, and {len(made[0])} files of the study `ferry` have the same SHA-256 "
        "as from the checkout; the source distribution installs the same files as the wheel"
    )


def _built(kind: str, source: Path, target: Path) -> Path:
    target.mkdir()
    _run([sys.executable, "-c", _BUILD, f"build_{kind}", str(target)], source)
    [made] = target.iterdir()
    return made


def _files(bin_: Path) -> dict[str, str]:
    [package] = bin_.parent.glob("lib/python*/site-packages/steelyard")
    return {name: digest for name, digest in digests(package).items() if not name.endswith(".pyc")}


def _run(command: list[str], folder: Path) -> None:
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout[-5000:]}{done.stderr[-5000:]}")


if __name__ == "__main__":
    print(prove())
