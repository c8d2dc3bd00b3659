"""Runs a benchmark's own script in an environment of its own, for libraries that steelyard does not need."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


class NotInstalledError(Exception):
    """Libraries that cannot be installed here."""


def run(script: str, library: str | list[str], folder: Path) -> None:
    """Install a library into an environment below a folder, and run a script there with the folder as its argument.

    Args:
        script: path of a Python file.
        library: what to install, such as "ppi-python==0.2.3"; or several.
        folder: an empty folder, or one with the script's input.

    Raises:
        NotInstalledError: the library cannot be installed.
        subprocess.CalledProcessError: the script fails.
    """
    python = _install([library] if isinstance(library, str) else library, folder)
    subprocess.run([str(python), script, str(folder)], cwd=PROJECT, check=True)


@contextmanager
def asked(script: str, libraries: list[str], folder: Path) -> Iterator[Callable[[str], str]]:
    """Install libraries as `run` does, and give what puts questions to a script there, which goes on running.

    Args:
        script: path of a Python file, which answers each line that it reads by one line.
        libraries: what to install.
        folder: an empty folder, or one with the script's input; the script's argument.

    Raises:
        NotInstalledError: a library cannot be installed.
        subprocess.CalledProcessError: the script ends before it has answered.
    """
    command = [str(_install(libraries, folder)), script, str(folder)]
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        asking, answering = process.stdin, process.stdout
        assert asking and answering

        def ask(question: str) -> str:
            print(question, file=asking, flush=True)
            answer = answering.readline()
            if not answer:
                raise subprocess.CalledProcessError(process.wait(), command)
            return answer.rstrip("\n")

        yield ask


def _install(libraries: list[str], folder: Path) -> Path:
    """Install libraries into an environment below a folder, and give its Python."""
    uv = (PROJECT / ".venv" / ".uv").read_text().strip()
    python = folder / "environment" / "bin" / "python"
    for command in (
        [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(folder / "environment")],
        [uv, "pip", "install", "--quiet", "--python", str(python), *libraries],
    ):
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotInstalledError(
                f"{', '.join(libraries)} could not be installed: {' '.join(done.stderr.split())[:300]}"
            )
    return python
