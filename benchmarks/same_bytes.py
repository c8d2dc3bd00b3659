"""The default study built in two clones that have as little in common as two machines: the bytes must be the same.

python benchmarks/same_bytes.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from faults import PROJECT, differences, digests

# Each time: the clone's folder, cores, umask, and the environment.
PLACES = (
    ("one", "1", 0o022, {"LC_ALL": "C", "TZ": "Asia/Shanghai", "PYTHONHASHSEED": "1"}),
    (
        "an other 有空格/further/down",
        "2",
        0o077,
        {"LC_ALL": "C.UTF-8", "TZ": "America/New_York", "PYTHONHASHSEED": "2"},
    ),
)


def prove() -> str:
    """Build both and compare; a difference ends the proof."""
    with tempfile.TemporaryDirectory() as name:
        made = [_digests(Path(name) / place, *others) for place, *others in PLACES]
    different = differences(*made)
    if different:
        sys.exit(f"differ between two clones: {', '.join(different)}")
    return f"{len(made[0])} files of the default study have the same SHA-256 in two clones"


def _digests(clone: Path, cores: str, umask: int, environment: dict[str, str]) -> dict[str, str]:
    subprocess.run(["git", "clone", "--quiet", str(PROJECT), str(clone)], check=True)
    kept = {name: value for name, value in os.environ.items() if name not in ("LANG", "SOURCE_DATE_EPOCH")}
    command = [sys.executable, "-m", "steelyard.cli", "report", "-c", cores]
    variables = kept | {"PYTHONPATH": str(clone / "workflow")} | environment
    done = subprocess.run(command, cwd=clone, env=variables, umask=umask, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return digests(clone / "results" / "open-weights")


if __name__ == "__main__":
    print(prove())
