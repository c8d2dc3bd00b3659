"""A file that is saved while it is ingested is told, as its time stamp would not tell it later."""

from __future__ import annotations

import hashlib

import pandas as pd
import pytest

from steelyard.errors import SteelyardError
from steelyard.ingest.texts import check_unchanged


def test_a_file_that_changed_or_went_is_told_and_others_are_not(tmp_path):
    for name in ("same.txt", "changed.txt", "gone.txt"):
        (tmp_path / name).write_text(name)
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(tmp_path.iterdir())]
    documents = pd.DataFrame({"path": sorted(path.name for path in tmp_path.iterdir()), "sha256": digests})
    check_unchanged(documents, tmp_path)
    (tmp_path / "changed.txt").write_text("other")
    (tmp_path / "gone.txt").unlink()
    with pytest.raises(SteelyardError) as failure:
        check_unchanged(documents, tmp_path)
    assert [problem.where for problem in failure.value.problems] == [
        str(tmp_path / "changed.txt"),
        str(tmp_path / "gone.txt"),
    ]
