"""The corpus as a bibliography: CSL-JSON, one entry a document, for citations and for reference managers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from steelyard import tables
from steelyard.render.escape import link_target, visible
from steelyard.render.run import optional

Item = dict[str, Any]

# Words of a source type, or of its plural, and the CSL type that they stand for; the first that fits is taken.
_TYPES = {
    "article-newspaper": "news|newspaper|op-ed|editorial|letters? to the editor",
    "article-magazine": "magazine",
    "article-journal": "journal",
    "post-weblog": "blog|weblog",
    "post": "social media|forum|thread|comment|post|discussion",
    "report": "report|white paper",
    "speech": "talk|speech|speeches|lecture|hearing",
    "interview": "interview",
    "personal_communication": "letter|e-?mail",
    "webpage": "web ?page|web ?site",
    "dataset": "survey|data ?set",
    "book": "book",
}
_FORMATS = {"html": "webpage", "comment_page": "webpage"} | dict.fromkeys(
    ("social_thread", "hackernews", "reddit"), "post"
)
# Citeproc's own style lists neither unless it says where they can be read.
_UNPUBLISHED = ("interview", "personal_communication")
# A key that begins so would be a cross-reference to Quarto.
_REFERENCE = re.compile(
    r"(fig|tbl|lst|sec|eq|nte|tip|wrn|imp|cau|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg|prf|dia|vid)-", re.IGNORECASE
)
_KEY = re.compile(r"[A-Za-z0-9]+([-_][A-Za-z0-9]+)*")


def bibliography(documents: pd.DataFrame) -> list[Item]:
    """Give every document as an item of CSL-JSON; what the table does not tell is left out.

    Args:
        documents: the table ingest/documents.
    """
    keys = citation_keys(documents.document_id)
    return [_item(row, keys[row.document_id]) for row in tables.records(documents)]


def as_json(documents: pd.DataFrame) -> bytes:
    """Give the bibliography as a file of CSL-JSON."""
    return (json.dumps(bibliography(documents), ensure_ascii=False, indent=2) + "\n").encode()


def citation_keys(document_ids: Iterable[str]) -> dict[str, str]:
    """Give each document what it is cited by: its id, or where that is no citation key one made of it, each once."""
    ids = list(document_ids)
    keys = {name: name for name in ids if _KEY.fullmatch(name) and not _REFERENCE.match(name)}
    taken = set(keys)
    for name in ids:
        if name not in keys:
            made = "-".join(["document", *re.findall("[A-Za-z0-9]+", name)])
            keys[name] = next(key for n in range(len(ids) + 1) if (key := f"{made}-{n}" if n else made) not in taken)
            taken.add(keys[name])
    return keys


def _item(row: Any, key: str) -> Item:
    url = link_target(optional(row, "url") or "")
    author, date = optional(row, "author"), optional(row, "date")
    item = {
        "id": key,
        "type": _type(row.source_type, row.format, listed=url is not None),
        "title": _text(row.title),
        "author": _names(author) if author else None,
        "issued": {"date-parts": [[int(part) for part in date.split("-")]]} if date else None,
        "URL": url,
        "genre": _text(row.source_type),
        "language": row.language,
    }
    return {name: value for name, value in item.items() if value}


def _text(text: str) -> str:
    """Give text that is none of the HTML that CSL-JSON knows: a word joiner keeps `<` from what stands after it."""
    return re.sub(r"<(?=[/A-Za-z])", "<\u2060", visible(" ".join(text.split())))


def _type(source_type: str, form: str, *, listed: bool) -> str:
    words = source_type.casefold()
    named = (name for name, expression in _TYPES.items() if re.search(rf"\b(?:{expression})s?\b", words))
    found = next(named, _FORMATS.get(form, "document"))
    return "document" if found in _UNPUBLISHED and not listed else found


def _names(author: str) -> list[Item]:
    """Give each of several names parted by semicolons: "Okoro, Ada" in its parts, any other as it is written.

    Which words of "Ada Okoro" are the family's nobody can tell from the words: it may be a body, or begin with it.
    """
    people = [[_text(part) for part in name.split(",")] for name in author.split(";")]
    return [
        {"family": person[0], "given": person[1]}
        if len(person) == 2 and all(person)
        else {"literal": ", ".join(person)}
        for person in people
    ]
