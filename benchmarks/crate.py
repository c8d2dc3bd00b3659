"""Holds the crate of a small study against the profile that it names, by rocrate-validator; a part of `make prove`.

`python benchmarks/crate.py` takes about a minute.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import apart

PROJECT = Path(__file__).resolve().parents[1]
VALIDATOR = "roc-validator==0.13.0"
CONTEXT = "rocrate==0.11.0"  # the last that carries the context of RO-Crate 1.1
# Recommendations that are not followed, by the validator's number, and why.
NOT_FOLLOWED = {
    "process-run-crate-0.5_3.2": "a program that names no home has no url",
    "process-run-crate-0.5_5.1": "the validator takes the type for the id; the ids are package URLs",
    "process-run-crate-0.5_8.4": "a run has no times: same inputs, same bytes",
    "process-run-crate-0.5_8.6": "who runs a study is known only where its config names an author",
    "ro-crate-1.1_22.2": "the same of the result's author",
    "ro-crate-1.1_22.3": "a result has no publisher yet",
    "ro-crate-1.1_28.1": "inputs are named by what they hold (`ni:`), which the validator cannot look up",
    "workflow-ro-crate-1.0_6.1": "a result has no README of its own",
    "workflow-ro-crate-1.0_6.2": "a result has no README of its own",
    "workflow-ro-crate-1.0_8.1": "the workflow has one parameter, its config, which is among the inputs",
}


def prove() -> str:
    """Build the study `ferry`, validate its crate, and one that is spoiled, and say what was found.

    Raises:
        SystemExit: a requirement does not hold, or a spoiled crate passes.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(PROJECT / "tests" / "studies" / "ferry", folder / "ferry")
        command = [sys.executable, "-m", "steelyard.cli", "report", "ferry"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        shutil.copytree(folder / "results" / "ferry", folder / "crate")
        executed, issues = validated(folder)
        left = [one for one in issues if one["severity"] == "REQUIRED" or one["check"] not in NOT_FOLLOWED]
        if left:
            sys.exit(json.dumps(left, indent=2))
        metadata = folder / "crate" / "ro-crate-metadata.json"
        crate = json.loads(metadata.read_text(encoding="utf-8"))
        for one in crate["@graph"]:
            if one["@id"] == "./":
                del one["mainEntity"]
        metadata.write_text(json.dumps(crate), encoding="utf-8")
        if not any(one["severity"] == "REQUIRED" for one in validated(folder)[1]):
            sys.exit("a crate without its workflow is taken for a whole one")
    return (
        f"{VALIDATOR.replace('==', ' ')}: of {executed} checks of Workflow Run Crate 0.5 and its bases, all that "
        f"are required hold; {len({one['check'] for one in issues})} recommendations are not followed."
    )


def validated(folder: Path) -> tuple[int, list[dict[str, str]]]:
    """Give how many checks there were, and what does not hold of folder/crate."""
    apart.run("benchmarks/crate_check.py", [VALIDATOR, CONTEXT], folder)
    found = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    return found["executed"], found["issues"]


if __name__ == "__main__":
    print(prove())
