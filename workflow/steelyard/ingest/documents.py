"""Documents as they are read from disk: the thin edge of the ingest room."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from steelyard.errors import Problem, SteelyardError
from steelyard.study import Source

BYTE_ORDER_MARK = "\ufeff"
_CONTROL_SHARE = 0.01  # text files hold hardly any control characters but white space


@dataclass(frozen=True)
class Document:
    """One file of the corpus.

    Args:
        document_id: short name, unique in the study.
        path: as given in the config.
        text: the file decoded as UTF-8, its line ends and a byte order mark untouched; spans count its code points.
        sha256: of the file's bytes, in hexadecimal.
        source: what the config says of it.
    """

    document_id: str
    path: str
    text: str
    sha256: str
    source: Source


def readable(text: str) -> str:
    """Give the text with a byte order mark as white space, so that places stay the same."""
    return " " + text[1:] if text.startswith(BYTE_ORDER_MARK) else text


def read_documents(sources: Sequence[Source], folder: Path) -> list[Document]:
    """Read the files of a corpus.

    Args:
        sources: the config's sources.
        folder: the folder that their paths start from.

    Returns:
        One document for each source, in order.

    Raises:
        SteelyardError: with every file that is missing, unreadable, empty, not UTF-8 or no text.
    """
    documents = []
    problems = []
    for source in sources:
        try:
            documents.append(_read(source, folder / source.path))
        except SteelyardError as failure:
            problems += failure.problems
    if problems:
        raise SteelyardError(problems)
    return documents


def _read(source: Source, path: Path) -> Document:
    try:
        content = path.read_bytes()
        text = content.decode("utf-8")
    except FileNotFoundError:
        fault, hint = "there is no such file", "Check the name and the folder."
    except OSError as failure:
        fault, hint = f"cannot be read ({failure.strerror})", ""
    except UnicodeDecodeError as failure:
        fault, hint = f"is not UTF-8 (byte {failure.start})", "Save it as plain text in UTF-8."
    else:
        fault, hint = _fault(text)
    if fault:
        raise SteelyardError(Problem(fault, str(path), hint))
    return Document(source.document_id, source.path, text, hashlib.sha256(content).hexdigest(), source)


def _fault(text: str) -> tuple[str, str]:
    if not text.lstrip(BYTE_ORDER_MARK).strip():
        return "is empty", "Take it out of the config, or fill it."
    controls = sum(unicodedata.category(character) == "Cc" and not character.isspace() for character in text)
    if "\0" in text or controls > _CONTROL_SHARE * len(text):
        return "is no text (it holds control characters)", "Save it as plain text in UTF-8."
    return "", ""
