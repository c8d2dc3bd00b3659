"""What MkDocs is told besides mkdocs.yml: pages that stand outside docs/, and links that lead out of it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from mkdocs.structure.files import File, Files

_PROJECT = Path(__file__).resolve().parents[2]
_OUTSIDE = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
_PAGES = {"README.md": "index.md", **_OUTSIDE}
_FENCED = re.compile(r"^( *)(```+).*?^\1\2 *$", re.DOTALL | re.MULTILINE)
_LIST = re.compile(r"^((?!- |1\. |[ >|#]).+)\n(?=- |1\. )", re.MULTILINE)
_LINK = re.compile(
    r"(?P<image>!?)\[(?P<shown>(?:[^\[\]]|!\[[^\[\]]*\]\([^()\s]*\))*)\]"
    r"\((?P<path>(?!\w+:)[^()\s#]+)(?P<anchor>#[^()\s]*)?\)"
)


def on_config(config: Any) -> Any:
    """List every decision in the navigation, and under the explanations the pages that it does not name."""
    docs = _PROJECT / "docs"
    parts = {title: part for one in config.nav for title, part in one.items()}
    named = set(_named(config.nav))
    parts["Explanation"] += [path.name for path in sorted(docs.glob("*.md")) if path.name not in named]
    parts["Decisions"] += [f"decisions/{path.name}" for path in sorted((docs / "decisions").glob("*.md"))]
    return config


def _named(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    else:
        yield from (name for one in (part.values() if isinstance(part, dict) else part) for name in _named(one))


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that stand beside the README."""
    for name, page in _OUTSIDE.items():
        files.append(File.generated(config, page, abs_src_path=str(_PROJECT / name)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Give a page's text with the site's links; the first page's own text stands in the README's."""
    place, folder = page.file.src_uri, Path(page.file.abs_src_path).parent
    text = relinked(markdown, folder, place)
    if place == "index.md":
        _, _, own = text.partition("\n")  # its heading is for those who read it without the README
        readme = relinked((_PROJECT / "README.md").read_text(encoding="utf-8"), _PROJECT, place)
        begin, section, rest = readme.partition("\n## ")
        text = f"{begin}\n{own}{section}{rest}"
    # Python-Markdown wants a blank line before a list, which CommonMark doesn't.
    return outside_code(text, lambda part: _LIST.sub(r"\1\n\n", part))


def relinked(text: str, folder: Path, place: str) -> str:
    """Turn links to files into links to the site's pages, and those to files that it lacks into what they show.

    Args:
        text: Markdown.
        folder: where its links start from.
        place: of the page, in the site.
    """

    def link(match: re.Match[str]) -> str:
        path = PurePosixPath(os.path.relpath(folder / match["path"], _PROJECT))
        shown = relinked(match["shown"], folder, place)
        if (str(path) not in _PAGES and path.parts[0] != "docs") or (_PROJECT / path).is_dir():
            return shown
        target = _PAGES.get(str(path)) or path.relative_to("docs")
        there = os.path.relpath(target, PurePosixPath(place).parent)
        return f"{match['image']}[{shown}]({there}{match['anchor'] or ''})"

    return outside_code(text, lambda part: _LINK.sub(link, part))


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """Change a text but for the code blocks in it."""
    parts, end = [], 0
    for fence in _FENCED.finditer(text):
        parts += [change(text[end : fence.start()]), fence[0]]
        end = fence.end()
    return "".join([*parts, change(text[end:])])
