"""Where statements stand in a document, in words: at a page, time or record, or in a line."""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

_LONG_LINE = 500  # code points; a longer line is no place that an eye can find
_TIME = re.compile(r"[\d:.,]*:[\d:.,]*")


@dataclass(frozen=True)
class Places:
    """The places of a document.

    Args:
        text: the document's.
        starts: where its statements begin, in order.
    """

    text: str
    starts: Sequence[int]

    @functools.cached_property
    def _line_ends(self) -> list[int]:
        return [found.start() for found in re.finditer("\n", self.text)]

    def where(self, start: int, own: str | None) -> str:
        """Say where a statement stands: its own page, time or record, else its line.

        Args:
            start: where it begins.
            own: the place that it has of its own, if any.
        """
        if own:
            return f"at {own}" if _TIME.fullmatch(own) else own
        return f"line {bisect.bisect_left(self._line_ends, start) + 1}"

    def of(self, start: int, own: str | None) -> str:
        """Say where a statement stands, as `where` does; of a long line the sentence too."""
        begin, end = self.text.rfind("\n", 0, start) + 1, self.text.find("\n", start)
        where = self.where(start, own)
        if own or (end if end >= 0 else len(self.text)) - begin < _LONG_LINE:
            return where
        return f"{where}, sentence {bisect.bisect_right(self.starts, start) - bisect.bisect_left(self.starts, begin)}"
