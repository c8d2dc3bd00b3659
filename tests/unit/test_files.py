"""Files and folders are written whole or not at all."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from steelyard.files import write_folder_whole, write_whole


def no_room(path: Path) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")  # as write() raises it: without a name


def fill(folder: Path) -> None:
    (folder / "new.txt").write_text("new")


def test_a_write_that_fails_leaves_the_earlier_file_and_names_it(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("earlier")
    with pytest.raises(OSError, match=r"table\.csv") as failure:
        write_whole(path, no_room)
    assert failure.value.errno == errno.ENOSPC
    assert path.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_replaced_once_the_new_one_is_whole(tmp_path):
    folder = tmp_path / "quarto"
    folder.mkdir()
    (folder / "old.txt").write_text("old")
    with pytest.raises(OSError, match="quarto"):
        write_folder_whole(folder, no_room)
    assert [path.name for path in folder.iterdir()] == ["old.txt"]
    write_folder_whole(folder, fill)
    assert [path.name for path in folder.iterdir()] == ["new.txt"]
    assert list(tmp_path.iterdir()) == [folder]
