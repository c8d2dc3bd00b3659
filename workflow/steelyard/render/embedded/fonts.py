"""The fonts of the PDF: from packages, never from the machine, so that every machine sets the same pages."""

from __future__ import annotations

import importlib.util
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

ARABIC = "IBM Plex Sans Arabic"
TEXT = ("Source Sans 3", "Noto Sans SC", "Noto Sans", ARABIC, "Noto Sans Hebrew", "Noto Emoji")
CODE = ("DejaVu Sans Mono", "Noto Sans SC", "Noto Sans", ARABIC, "Noto Emoji")

# Package and folder in it. Of four large CJK fonts only the simplified Chinese one, which holds most of the others too.
_FOLDERS = (
    ("fontpkg_source_sans_3", "files"),
    ("fontpkg_ibm_plex_sans_arabic", "files"),
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


def package_files() -> list[Path]:
    """Give the font files of the packages, by name."""
    return sorted((path for folder in _folders() for path in folder.glob("*.[ot]tf")), key=lambda path: path.name)


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
    """Give the characters that a font file holds."""
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Zs", "Zl", "Zp") and not _selects_variant(character)


def _selects_variant(character: str) -> bool:
    return 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF


def _in_typst(character: str) -> bool:
    """Say whether the fonts inside Typst hold a character; only blocks that DejaVu Sans Mono holds whole are named."""
    code = ord(character)
    blocks = ((0x2190, 0x2213), (0x2250, 0x2269), (0x2500, 0x25FF), (0x1D400, 0x1D7FF), (0xFFFD, 0xFFFD))
    return any(first <= code <= last for first, last in blocks)
