"""The fonts of the PDF: from packages, never from the machine, so that every machine sets the same pages."""

from __future__ import annotations

import importlib.util
import struct
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import typst

TEXT = ("Source Sans 3", "Noto Sans SC", "Noto Sans", "Noto Emoji")
CODE = ("DejaVu Sans Mono", "Noto Sans SC", "Noto Sans", "Noto Emoji")

# Package and folder in it. Of four large CJK fonts only the simplified Chinese one, which holds most of the others too.
_FOLDERS = (
    ("fontpkg_source_sans_3", "files"),
    ("justmytype_intl_cjk", "fonts/ofl/notosanssc"),
    ("manimgx_fonts", "."),
)


def _folders() -> list[Path]:
    found = []
    for package, folder in _FOLDERS:
        spec = importlib.util.find_spec(package)
        if spec and spec.origin:
            found.append(Path(spec.origin).parent / folder)
    return found


def load(folders: Iterable[Path]) -> typst.Fonts:
    """Load the fonts of the packages, those that Typst carries, and those in more folders (a project's own)."""
    return typst.Fonts(False, True, [str(folder) for folder in [*folders, *_folders()]])


def without_glyph(text: str, fonts: typst.Fonts) -> list[str]:
    """Give the characters of a text that no font can show, in order.

    The fonts inside Typst itself cannot be read from here; `_in_typst` knows what they hold.
    """
    wanted = {character for character in set(text) if ord(character) > 0x7E and _is_visible(character)}
    for path in _files(fonts):
        if not wanted:
            break
        wanted = {character for character in wanted if ord(character) not in _characters(path)}
    return sorted(character for character in wanted if not _in_typst(character))


def _files(fonts: typst.Fonts) -> Iterator[Path]:
    """Give the font files, those for the text first."""
    infos = sorted(fonts.fonts(), key=lambda info: (info.family not in TEXT, info.family))
    yield from dict.fromkeys(Path(info.path) for info in infos if info.path)


@cache
def _characters(path: Path) -> frozenset[int]:
    """Read from a TrueType or OpenType file which characters it holds (its "cmap" table, formats 4 and 12)."""
    data = path.read_bytes()
    directory = data[12 : 12 + 16 * struct.unpack_from(">H", data, 4)[0]]
    start = next(offset for tag, _, offset, _ in struct.iter_unpack(">4s3I", directory) if tag == b"cmap")
    count = struct.unpack_from(">H", data, start + 2)[0]
    offsets = {start + struct.unpack_from(">2HI", data, start + 4 + 8 * index)[2] for index in range(count)}
    found: set[int] = set()
    for offset in offsets:
        match struct.unpack_from(">H", data, offset)[0]:
            case 4:
                found |= _format_4(data, offset)
            case 12:
                found |= _format_12(data, offset)
    return frozenset(found)


def _format_4(data: bytes, offset: int) -> set[int]:
    segments = struct.unpack_from(">H", data, offset + 6)[0] // 2
    ends = struct.unpack_from(f">{segments}H", data, offset + 14)
    starts = struct.unpack_from(f">{segments}H", data, offset + 16 + 2 * segments)
    return {code for first, last in zip(starts, ends, strict=True) for code in range(first, last + 1) if last != 0xFFFF}


def _format_12(data: bytes, offset: int) -> set[int]:
    groups = struct.unpack_from(">I", data, offset + 12)[0]
    ranges = struct.iter_unpack(">3I", data[offset + 16 : offset + 16 + 12 * groups])
    return {code for first, last, _ in ranges for code in range(first, last + 1)}


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Zs", "Zl", "Zp") and not _selects_variant(character)


def _selects_variant(character: str) -> bool:
    return 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF


def _in_typst(character: str) -> bool:
    """Say whether the fonts inside Typst hold a character; only blocks that DejaVu Sans Mono holds whole are named."""
    code = ord(character)
    blocks = ((0x2190, 0x2213), (0x2250, 0x2269), (0x2500, 0x25FF), (0x1D400, 0x1D7FF), (0xFFFD, 0xFFFD))
    return any(first <= code <= last for first, last in blocks)
