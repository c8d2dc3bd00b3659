"""The same bytes wherever a study is built: in which folder, by how many cores, in which locale and time zone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from project import PROJECT, copy_study

sys.path.insert(0, str(PROJECT / "benchmarks"))
from faults import differences, digests

pytestmark = pytest.mark.xdist_group("ferry")  # one worker, so that the small study is built once

ELSEWHERE = {"LC_ALL": "C", "TZ": "America/New_York", "PYTHONHASHSEED": "12345"}


@pytest.mark.slow
def test_another_folder_core_count_locale_time_zone_umask_and_hash_seed_make_no_difference(ferry, tmp_path):
    folder = tmp_path / "a folder 有空格" / "further down"
    folder.mkdir(parents=True)
    config = copy_study("ferry", folder)
    environment = {name: value for name, value in os.environ.items() if name not in ("LANG", "SOURCE_DATE_EPOCH")}
    done = subprocess.run(
        [sys.executable, "-m", "steelyard.cli", "report", str(config), "-c", "1"],
        cwd=folder,
        env=environment | ELSEWHERE,
        umask=0o077,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    made = digests(folder / "results" / "ferry")
    assert {"report.html", "report.pdf", "evidence.csv", "quarto/figures/kinds.svg"} <= set(made)
    assert differences(made, digests(ferry / "results" / "ferry")) == []
    # What others may not read, they may not read afterwards.
    assert not [path for path in (folder / "results").rglob("*") if path.is_file() and path.stat().st_mode & 0o077]


def test_a_byte_that_differs_is_found_and_so_is_a_file_too_many_or_too_few(ferry, tmp_path):
    results = ferry / "results" / "ferry"
    expected = digests(results)
    assert differences(digests(results), expected) == []
    copy = Path(shutil.copytree(results, tmp_path / "copy"))
    content = bytearray((copy / "report.pdf").read_bytes())
    content[len(content) // 2] ^= 1
    (copy / "report.pdf").write_bytes(content)
    (copy / "weigh" / "gaps.parquet").unlink()
    (copy / "weigh" / "more.parquet").touch()
    (copy / "run.json").write_text("{}")  # holds run times
    assert differences(digests(copy), expected) == ["report.pdf", "weigh/gaps.parquet", "weigh/more.parquet"]
