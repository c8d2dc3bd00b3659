"""What every reader is given, and what it gives: a file of the corpus, and the texts in it with who says what."""

from __future__ import annotations

import codecs
import datetime
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath
from typing import Protocol

from steelyard.errors import Problem, SteelyardError
from steelyard.ingest.readers.layout import Layout
from steelyard.study import Source

BYTE_ORDER_MARK = "\ufeff"
_CONTROL_SHARE = 0.01  # text files hold hardly any control characters but white space
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")  # those that are no white space
_MARKS = (  # the longer first: UTF-32's begins as UTF-16's does
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class File:
    """A file of the corpus.

    Args:
        where: its path, for messages.
        content: its bytes.
        source: what the config says of it.
        limit: most bytes that it may have, or unpack to.
    """

    where: str
    content: bytes
    source: Source
    limit: int = 64 << 20

    @property
    def suffix(self) -> str:
        """The ending of its name, in small letters."""
        return PurePath(self.where).suffix.lower()

    @cached_property
    def text(self) -> str:
        """The file as text, line ends and a byte order mark of UTF-8 untouched.

        Raises:
            SteelyardError: it is empty, in another encoding, or no text.
        """
        marked = next((name for mark, name in _MARKS if self.content.startswith(mark)), None)
        encoding = self.source.encoding or marked or "utf-8"
        try:
            text = self.content.decode(encoding)
            text.encode()  # some encodings can write halves of characters
        except ValueError as failure:  # UnicodeError is one
            byte = f" (byte {failure.start})" if isinstance(failure, UnicodeDecodeError) else ""
            name = "UTF-8" if encoding == "utf-8" else encoding
            hint = "Save it as UTF-8, or name its `encoding` in the config, such as windows-1252."
            raise self.fault(f"is not {name}{byte}", hint) from None
        if not text.lstrip(BYTE_ORDER_MARK).strip():
            raise self.fault("is empty", "Take it out of the config, or fill it.")
        controls = sum(1 for _ in _CONTROLS.finditer(text))
        if "\0" in text or controls > _CONTROL_SHARE * len(text):
            raise self.fault("is no text (it holds control characters)", "Save it as plain text in UTF-8.")
        return text

    @cached_property
    def head(self) -> str:
        """The first characters, whatever else is wrong with the file: what kinds of file are told by."""
        encoding = next((name for mark, name in _MARKS if self.content.startswith(mark)), "utf-8")
        return self.content[:4096].decode(encoding, errors="ignore").lstrip(BYTE_ORDER_MARK).lstrip()

    def check_size(self, size: int, what: str) -> None:
        """Raise a SteelyardError where a file has, or unpacks to, more than the limit.

        Args:
            size: in bytes.
            what: such as "has".
        """
        if size > self.limit:
            hint = "Split it, or raise `ingest: largest_megabytes` in the config."
            said = f"{what} {-(-size >> 20)} MB, more than the {self.limit >> 20} MB that a file may have"
            raise self.fault(said, hint)

    def fault(self, what: str, hint: str = "") -> SteelyardError:
        """Say what is wrong with the file."""
        return SteelyardError(Problem(what, self.where, hint))


@dataclass(frozen=True)
class Told:
    """What a document tells of itself; the config, and the file beside it, know better."""

    title: str | None = None
    author: str | None = None
    date: datetime.date | None = None
    url: str | None = None


@dataclass(frozen=True)
class Extract:
    """A text of a file.

    Args:
        text: what spans count the code points of.
        layout: who says what in it.
        told: what it tells of itself.
        record: its number in the file, from 1, where each record is a document of its own.
    """

    text: str
    layout: Layout
    told: Told = field(default_factory=Told)
    record: int | None = None


class Reader(Protocol):
    """Reads the files of one format. It looks at form, never at what is said."""

    def recognises(self, file: File) -> bool:
        """Say whether a file has this format; a file that is no text must not be taken for one."""

    def read(self, file: File) -> list[Extract]:
        """Give the texts of a file, of which most have one.

        Raises:
            SteelyardError: with every fault of the file.
        """


def day(text: str) -> datetime.date | None:
    """Give the day with which a text begins, as 2025-01-31 or 20250131; None where there is none."""
    digits = text.strip().removeprefix("D:")[:10]
    try:
        return datetime.date.fromisoformat(digits if "-" in digits else digits[:8])
    except ValueError:
        return None
