"""Discussions of Hacker News and Reddit, saved as JSON: who says what, and who answers whom."""

from __future__ import annotations

import datetime
import html
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt

from steelyard.ingest.readers.composer import Composer, plain, said
from steelyard.ingest.readers.file import Extract, File, Told, day
from steelyard.ingest.readers.layout import EDITOR, Utterance, known_name
from steelyard.ingest.readers.web_page import fragments

_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_LEFT_OUT = {"quoted": "quoted from another", "code": "code"}


@dataclass(frozen=True)
class _Comment:
    """One post or comment, as either site has it; paragraphs with their kinds, as `fragments` gives them."""

    identifier: str
    parent: str
    author: str
    date: datetime.date | None
    paragraphs: list[tuple[str, str]]


class HackerNews:
    """Reads an item with all its comments, as the search API gives it (`children` in one another)."""

    def recognises(self, file: File) -> bool:
        """Say whether it is an item."""
        return file.head.startswith("{") and b'"children"' in file.content and b'"author"' in file.content

    def read(self, file: File) -> list[Extract]:
        """Give the story's title and text, then the comments in the order of the tree."""
        item = _json(file)
        if not isinstance(item, dict) or "children" not in item:
            raise file.fault("is no item of Hacker News", "Save items/<id> of its search API.")
        told = Told(
            _string(item, "title") or None,
            _string(item, "author") or None,
            day(_string(item, "created_at")),
            f"https://news.ycombinator.com/item?id={item['id']}" if isinstance(item.get("id"), int) else None,
        )
        return [_thread(told, _items(item))]


class Reddit:
    """Reads a post with its comments, as the address of the post with `.json` behind it gives them (two listings)."""

    def recognises(self, file: File) -> bool:
        """Say whether it begins with a listing."""
        return file.head.startswith(("[", "{")) and '"Listing"' in file.head[:200]

    def read(self, file: File) -> list[Extract]:
        """Give the post's title and text, then the comments in the order of the tree."""
        value = _json(file)
        comments = list(_listings(value if isinstance(value, list) else [value]))
        posts = [data for kind, data in comments if kind == "t3"]
        if not posts:
            raise file.fault("holds no post of Reddit", "Save the post's address with .json behind it.")
        link = _string(posts[0], "permalink")
        told = Told(
            html.unescape(_string(posts[0], "title")) or None,
            _string(posts[0], "author") or None,
            _of_seconds(posts[0].get("created_utc")),
            f"https://www.reddit.com{link}" if link.startswith("/r/") else None,
        )
        return [_thread(told, (_reddit(data) for _, data in comments))]


def _thread(told: Told, comments: Iterator[_Comment]) -> Extract:
    composer = Composer()
    composer.say(said("headline", EDITOR), (told.title or "", None))
    begun: dict[str, int] = {}
    authors: dict[str, str] = {}
    for number, comment in enumerate(comments, start=1):
        name = known_name(comment.author)
        post = Utterance(
            *(0, 0, "post", name or f"post-{number}", name),
            replies_to=authors.get(comment.parent),
            parent=begun.get(comment.parent),
            date=comment.date.isoformat() if comment.date else None,
        )
        if name:
            authors[comment.identifier] = name
        for kind, text in comment.paragraphs:
            place = f"post {number}"
            if kind in _LEFT_OUT:
                composer.drop(text, _LEFT_OUT[kind], place)
            elif text in ("[deleted]", "[removed]"):
                composer.drop(text, "deleted", place)
            else:
                start = composer.say(post, (text, place), new=comment.identifier not in begun)
                if start is not None:
                    begun.setdefault(comment.identifier, start)
    return composer.extract(None, told)


def _items(item: dict) -> Iterator[_Comment]:
    waiting = [item]
    while waiting:
        one = waiting.pop()
        waiting += [child for child in reversed(_list(one.get("children"))) if isinstance(child, dict)]
        yield _Comment(
            str(one.get("id")),
            str(one.get("parent_id")),
            _string(one, "author"),
            day(_string(one, "created_at")),
            list(fragments(_string(one, "text"))),
        )


def _listings(listings: list[Any]) -> Iterator[tuple[str, dict]]:
    """Give posts and comments with their kinds, each before those that answer it."""
    waiting = list(reversed(listings))
    while waiting:
        thing = waiting.pop()
        data = thing.get("data") if isinstance(thing, dict) else None
        if not isinstance(data, dict):
            continue
        if thing.get("kind") == "Listing":
            waiting += reversed(_list(data.get("children")))
        elif thing.get("kind") in ("t1", "t3"):
            waiting.append(data.get("replies"))
            yield str(thing["kind"]), data


def _reddit(data: dict) -> _Comment:
    written = html.unescape(_string(data, "body") or _string(data, "selftext"))
    return _Comment(
        _string(data, "name"),
        _string(data, "parent_id"),
        _string(data, "author"),
        _of_seconds(data.get("created_utc")),
        list(fragments(_MARKDOWN.render(written))),
    )


def _json(file: File) -> Any:
    try:
        return json.loads(file.text.lstrip("\ufeff"))
    except ValueError as failure:
        raise file.fault(f"is no valid JSON ({failure})", "Save it anew.") from None


def _string(data: dict, name: str) -> str:
    value = data.get(name)
    return plain(value) if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _of_seconds(value: Any) -> datetime.date | None:
    try:
        return datetime.datetime.fromtimestamp(value, datetime.UTC).date()
    except (TypeError, ValueError, OverflowError, OSError):
        return None
