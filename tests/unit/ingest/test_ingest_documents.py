import hashlib
from pathlib import Path

import pytest

from steelyard.errors import SteelyardError
from steelyard.ingest.documents import read_documents
from steelyard.study import Source


def sources(*paths: str) -> list[Source]:
    return [Source(path=path, source_type="post") for path in paths]


def test_text_keeps_line_ends_and_byte_order_mark(tmp_path: Path) -> None:
    content = "\ufeffone\r\ntwo\rthree 😆\n".encode()
    (tmp_path / "a.txt").write_bytes(content)
    (made,) = read_documents(sources("a.txt"), tmp_path)
    assert made.text == "\ufeffone\r\ntwo\rthree 😆\n"
    assert made.sha256 == hashlib.sha256(content).hexdigest()
    assert (made.document_id, made.path) == ("a", "a.txt")


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "blank.txt").write_bytes("\ufeff \r\n\t".encode())
    (tmp_path / "latin.txt").write_bytes("na\u00efve".encode("latin-1"))
    (tmp_path / "nul.txt").write_bytes(b"text\0text")
    (tmp_path / "control.txt").write_bytes(b"\x01\x02\x03text")
    (tmp_path / "good.txt").write_bytes(b"text")
    names = ["missing.txt", "folder", "empty.txt", "blank.txt", "latin.txt", "nul.txt", "control.txt", "good.txt"]
    with pytest.raises(SteelyardError) as caught:
        read_documents(sources(*names), tmp_path)
    assert [problem.where for problem in caught.value.problems] == [str(tmp_path / name) for name in names[:-1]]
    faults = [problem.what for problem in caught.value.problems]
    assert faults[0] == "there is no such file"
    assert faults[1].startswith("cannot be read")
    assert faults[2:4] == ["is empty", "is empty"]
    assert faults[4] == "is not UTF-8 (byte 2)"
    assert faults[5:] == ["is no text (it holds control characters)"] * 2
