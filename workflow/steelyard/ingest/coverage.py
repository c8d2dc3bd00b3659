"""The promise of the ingest room: nothing that a document says is lost, and nothing is counted twice."""

from __future__ import annotations

from collections.abc import Iterable


def check(text: str, spans: Iterable[tuple[int, int]], name: str) -> None:
    """Hold that spans cover every code point that is no white space exactly once, and begin and end with none.

    Args:
        text: the document.
        spans: first code point, and first one after, of each statement and dropped span; in any order.
        name: of the document, for the message.

    Raises:
        AssertionError: they do not, which is a bug.
    """
    covered = 0
    for start, end in sorted(spans):
        assert 0 <= start < end <= len(text), f"{name}: no span: {start}-{end}"
        assert not text[start].isspace(), f"{name}: white space at the edge of {start}-{end}"
        assert not text[end - 1].isspace(), f"{name}: white space at the edge of {start}-{end}"
        assert covered <= start, f"{name}: spans overlap at {start}"
        _check_blank(text, covered, start, name)
        covered = end
    _check_blank(text, covered, len(text), name)


def _check_blank(text: str, start: int, end: int, name: str) -> None:
    rest = text[start:end].lstrip()
    assert not rest, f"{name}: nothing covers {end - len(rest)}"
