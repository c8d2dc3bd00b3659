"""The one class of error that a user can cause and mend: what is wrong, where, and a hint."""

from __future__ import annotations

import errno
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One mistake in words.

    Args:
        what: what is wrong, as a sentence without a full stop.
        where: file, and line where there is one ("config.yaml:12"); may be empty.
        hint: what to do about it; may be empty.
    """

    what: str
    where: str = ""
    hint: str = ""

    def __str__(self) -> str:
        """Give "where: what" and, on a line of its own, the hint."""
        message = shown(f"{self.where}: {self.what}" if self.where else self.what)
        return f"{message}\n    Hint: {shown(self.hint)}" if self.hint else message


def shown(text: str) -> str:
    """Write what would break the line, or steer the terminal, as Python does: names of files may hold anything."""
    hidden = ("Cc", "Cs", "Zl", "Zp")
    return "".join(
        ascii(one)[1:-1] if unicodedata.category(one) in hidden or unicodedata.bidirectional(one) in _TURNING else one
        for one in text
    )


_TURNING = frozenset(["LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"])


class SteelyardError(Exception):
    """All the problems found at once; printed without a traceback, exit code 1.

    Anything else that is raised is a bug of steelyard's and keeps its traceback.
    """

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        """Take one problem or several (at least one)."""
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__(str(self))

    def __str__(self) -> str:
        """Give the problems, one below the other, after a line that counts them."""
        count = len(self.problems)
        head = "Error" if count == 1 else f"{count} errors"
        return "\n".join([f"{head}:", *(f"  {problem}" for problem in self.problems)])


def users_mistake(failure: BaseException) -> SteelyardError | None:
    """Give the error that a user can mend, such as a full disk or a missing permission; None where it is a bug."""
    if isinstance(failure, SteelyardError):
        return failure
    if not isinstance(failure, OSError) or failure.errno not in _REFUSED:
        return None
    what, hint = _REFUSED[failure.errno]
    return SteelyardError(Problem(f"{what} ({failure.strerror})", str(failure.filename or ""), hint))


_ROOM = "Make room there, and run the same command again: it goes on from what is finished."
_RIGHT = "Give yourself the right to write there, or work in a folder that is yours."
_REFUSED = {
    errno.ENOSPC: ("the disk is full", _ROOM),
    errno.EDQUOT: ("your share of the disk is full", _ROOM),
    errno.EROFS: ("cannot be written to", "Run in a folder on a disk that can be written to."),
    errno.EACCES: ("no permission", _RIGHT),
    errno.EPERM: ("no permission", _RIGHT),
}
