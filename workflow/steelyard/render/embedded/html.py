"""The HTML page: one file with everything in it, in the structure and with the class names that Quarto gives."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import tempfile
import xml.etree.ElementTree as ElementTree
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2

from steelyard.errors import Problem, SteelyardError
from steelyard.render.embedded import pandoc
from steelyard.render.embedded.document import Author, Callout, Float, Heading, Image, Target, TitleBlock
from steelyard.render.embedded.options import Settings, lines_of
from steelyard.render.embedded.pandoc import Node, raw, raw_block
from steelyard.render.embedded.words import Words

_MEDIA_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
_SPLIT = "<!--steelyard:body-->"
_SCSS_ONLY = re.compile(r"(?<![\w-])\$[A-Za-z]|@(mixin|include|extend|use|function|if|each)\b")
_LOADS = re.compile(r"@import|url\(\s*[\"']?(?!data:|#)", re.IGNORECASE)
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur", "yi")
_INCLUDES = ("include-in-header", "include-before-body", "include-after-body")
_NAMED_THEME = re.compile(r"[a-z]+")


def _quoted(text: str) -> str:
    return html.escape(text, quote=True)


def _attributes(**values: str | None) -> str:
    """Write attributes; those without a value are left out (an empty text is a value)."""
    return "".join(f' {key.replace("_", "-")}="{_quoted(value)}"' for key, value in values.items() if value is not None)


class HtmlOutput:
    """What HTML does with the parts that pandoc has no notion of."""

    name = "html"

    def __init__(self, settings: Settings, words: Words) -> None:
        """Take the options for HTML."""
        self.settings = settings
        self.words = words

    def number(self, target: Target) -> list[Node]:
        """Write a number such as 1.2."""
        return [pandoc.string(_dotted(target.number))]

    def heading(self, heading: Heading) -> list[Node]:
        """Write a heading with its number before it."""
        number: list[Node] = []
        if heading.number:
            number = [pandoc.span([pandoc.string(_dotted(heading.number))], "", ["header-section-number"])]
            number.append({"t": "Space"})
        attributes = [heading.identifier, heading.classes, []]
        return [{"t": "Header", "c": [heading.level, attributes, [*number, *heading.inlines]]}]

    def image(self, image: Image, *, in_text: bool) -> list[Node]:
        """Write an image that carries its file with it."""
        width, style = _size(image.width, "width")
        height, more = _size(image.height, "height")
        classes = " ".join([*image.classes, "img-fluid", *([] if in_text else ["figure-img"])])
        style = "; ".join(filter(None, [style, more]))
        if image.inline:
            return [raw("html", _drawn(image, classes, style, width, height))]
        text = _attributes(
            src=data_uri(image.path),
            **{"class": classes},
            style=style or None,
            width=width,
            height=height,
            title=image.title or None,
            alt=image.alternative or "",
        )
        return [raw("html", f"<img{text}>")]

    def float(self, item: Float) -> list[Node]:
        """Write a figure or table with its caption, as Quarto structures it."""
        kind = "tbl" if item.kind == "table" else "fig"
        align = item.align or "center"
        outer = (
            f"quarto-float quarto-figure quarto-figure-{align}"
            if item.identifier
            else f"quarto-figure quarto-figure-{align}"
        )
        inner = f"quarto-float quarto-float-{kind} figure" if item.identifier else "figure"
        caption = self._caption(item, kind)
        content = [raw_block("html", "<div>"), *item.content, raw_block("html", "</div>")]
        parts = [*caption, *content] if kind == "tbl" else [*content, *caption]
        opening = f'<div{_attributes(id=item.identifier or None, **{"class": outer})}>\n<figure class="{inner}">'
        return [raw_block("html", opening), *parts, raw_block("html", "</figure>\n</div>")]

    def _caption(self, item: Float, kind: str) -> list[Node]:
        if not item.label and not item.caption:
            return []
        place = "top" if kind == "tbl" else "bottom"
        classes = f"quarto-float-caption-{place} quarto-float-caption quarto-float-{kind}"
        opening = f'<figcaption class="{classes}">' if item.label else "<figcaption>"
        delimiter: list[Node] = []
        if item.label and item.caption:
            delimiter = [pandoc.string(self._delimiter()), {"t": "Space"}]
        return [
            pandoc.plain([raw("html", opening), *item.label, *delimiter, *item.caption, raw("html", "</figcaption>")])
        ]

    def _delimiter(self) -> str:
        options = self.settings.get("crossref", {})
        return str(options.get("title-delim", ":")) if isinstance(options, dict) else ":"

    def table(self, node: Node, label: str) -> list[Node]:
        """Write a table in a box of its own that can be scrolled, by keyboard too, where the screen is narrow."""
        content = node["c"]
        content = [[content[0][0], [*content[0][1], "caption-top", "table"], content[0][2]], *content[1:]]
        box = pandoc.div([{"t": "Table", "c": content}], "", ["table-scroll"], tabindex="0", role="region")
        box["c"][0][2].append(["aria-label", label])
        return [box]

    def callout(self, callout: Callout) -> list[Node]:
        """Write a callout; one that can be closed is a details element, which needs no script."""
        classes = f"callout callout-style-{callout.appearance} callout-{callout.kind}"
        classes += "" if callout.icon else " no-icon"
        classes += " callout-titled" if callout.title else ""
        folds = callout.collapse is not None and bool(callout.title)
        box, head = ("details", "summary") if folds else ("div", "div")
        opened = " open" if folds and not callout.collapse else ""
        blocks = [
            raw_block("html", f"<{box}{_attributes(id=callout.identifier or None, **{'class': classes})}{opened}>")
        ]
        if callout.title:
            blocks.append(self._callout_title(callout, head))
        blocks.append(raw_block("html", '<div class="callout-body-container callout-body">'))
        return [*blocks, *callout.body, raw_block("html", f"</div>\n</{box}>")]

    def _callout_title(self, callout: Callout, head: str) -> Node:
        kind = getattr(self.words, callout.kind)
        icon = '<span class="callout-icon-container" aria-hidden="true"><i class="callout-icon"></i></span>'
        spoken = f'<span class="screen-reader-only">{_quoted(kind)}: </span>' if callout.own_title else ""
        opening = f'<{head} class="callout-header">{icon}<span class="callout-title-container">{spoken}'
        return pandoc.plain([raw("html", opening), *callout.title, raw("html", f"</span></{head}>")])

    def title_block(self, block: TitleBlock) -> list[Node]:
        """Write title, authors, dates, abstract and keywords."""
        blocks = [
            raw_block("html", '<header id="title-block-header" class="quarto-title-block">\n<div class="quarto-title">')
        ]
        if block.title:
            blocks.append(_element("h1", "title", block.title))
        if block.subtitle:
            blocks.append(_element("p", "subtitle lead", block.subtitle))
        blocks.append(raw_block("html", '</div>\n<div class="quarto-title-meta">'))
        blocks += self._authors(block.authors)
        for label, date in block.dates:
            blocks += _labelled(label, [_element("p", "date", [pandoc.string(date)])])
        blocks.append(raw_block("html", "</div>"))
        if block.abstract:
            blocks += self._title_part("abstract", self.words.abstract, block.abstract)
        if block.keywords:
            words = [pandoc.plain([pandoc.string(", ".join(block.keywords))])]
            blocks += self._title_part("keywords", self.words.keywords, words)
        return [*blocks, raw_block("html", "</header>")]

    def _title_part(self, name: str, label: str, content: list[Node]) -> list[Node]:
        opening = f'<div class="{name}">\n<div class="block-title">{_quoted(label)}</div>'
        content = [{"t": "Para", "c": block["c"]} if block["t"] == "Plain" else block for block in content]
        return [raw_block("html", opening), *content, raw_block("html", "</div>")]

    def _authors(self, authors: list[Author]) -> list[Node]:
        if not authors:
            return []
        content = []
        for author in authors:
            name = list(author.name)
            if author.email:
                name += [
                    raw(
                        "html",
                        f' <a class="quarto-title-author-email" href="mailto:{_quoted(author.email)}">'
                        f"{_quoted(author.email)}</a>",
                    )
                ]
            if author.orcid:
                name += [
                    raw(
                        "html",
                        f' <a class="quarto-title-author-orcid" href="https://orcid.org/{_quoted(author.orcid)}">'
                        "ORCID</a>",
                    )
                ]
            content.append(_element("p", "author", name))
            if author.affiliation:
                content.append(_element("p", "affiliation", author.affiliation))
        return _labelled(self.words.authors if len(authors) > 1 else self.words.author, content)

    def equation(self, identifier: str, tex: str, number: int) -> list[Node]:
        """Write a numbered equation."""
        math = {"t": "Math", "c": [{"t": "DisplayMath"}, f"{tex.rstrip()} \\qquad({number})"]}
        return [pandoc.span([math], identifier)]

    def wrapped(self, node: Node, inner: Any) -> list[Node] | None:
        """Leave divs and spans to pandoc; a landscape page is nothing to a screen."""
        if node["t"] == "Div" and "landscape" in node["c"][0][1]:
            return list(inner)
        return [{"t": node["t"], "c": [node["c"][0], inner]}]

    def page_break(self) -> list[Node]:
        """Begin a new page in print."""
        return [raw_block("html", '<div class="page-break"></div>')]

    def references(self, heading: str) -> list[Node]:
        """Head the list of references in the appendix."""
        text = f'<h2 id="quarto-bibliography" class="quarto-appendix-heading">{_quoted(heading)}</h2>'
        return [raw_block("html", text)]


def _drawn(image: Image, classes: str, style: str, width: str | None, height: str | None) -> str:
    """Write a picture as an element of the page."""
    assert image.inline
    root = image.inline.root
    given = {"class": classes, "style": style, "width": width, "height": height}
    if "aria-labelledby" not in root.attrib:
        given["aria-label"] = image.alternative
    root.attrib.update({name: value for name, value in given.items() if value})
    return ElementTree.tostring(root, encoding="unicode")


def _element(tag: str, classes: str, inlines: list[Node]) -> Node:
    return pandoc.plain([raw("html", f'<{tag} class="{classes}">'), *inlines, raw("html", f"</{tag}>")])


def _labelled(label: str, content: list[Node]) -> list[Node]:
    """Write one entry of the title block: its label and what it says."""
    opening = f'<div>\n<div class="quarto-title-meta-heading">{_quoted(label)}</div>'
    opening += '\n<div class="quarto-title-meta-contents">'
    return [raw_block("html", opening), *content, raw_block("html", "</div>\n</div>")]


def _dotted(number: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in number)


def _size(value: str, name: str) -> tuple[str | None, str]:
    """Give a size as an attribute (pixels) or as a style (anything else), as pandoc does."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(%|px|in|cm|mm|em|pt)?\s*", value)
    if not match:
        return None, ""
    if match.group(2) in (None, "px"):
        return match.group(1), ""
    number = str(float(match.group(1))) if match.group(2) == "%" else match.group(1)
    return None, f"{name}:{number}{match.group(2)}"


def data_uri(path: Path) -> str:
    """Give a file as a data: address."""
    return f"data:{_MEDIA_TYPES[path.suffix.lower()]};base64,{base64.b64encode(path.read_bytes()).decode()}"


def page(tree: Node, title: TitleBlock, settings: Settings, words: Words) -> str:
    """Write the whole page.

    Args:
        tree: the document after its transformation.
        title: the title block, for the head of the page.
        settings: the options for HTML.
        words: the renderer's words in the document's language.
    """
    contents, body = _written(tree, settings)
    includes = {key: _included(settings, key) for key in _INCLUDES}
    script = _resource("page.js").strip() if contents else ""
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    return environment.from_string(_resource("page.html")).render(
        language=settings.language,
        direction=settings.text("dir") or ("rtl" if settings.language.split("-")[0] in _RIGHT_TO_LEFT else ""),
        title=pandoc.plain_text(title.title) or Path(settings.source.document).stem,
        meta=_meta(title, settings),
        contents=contents,
        contents_title=settings.text("toc-title", words.contents),
        body=_with_notes_heading(body, words),
        words=words,
        style=_style(settings),
        script=script,
        policy=_policy([script, *_scripts("".join(includes.values()))]),
        head=includes["include-in-header"],
        before=includes["include-before-body"],
        after=includes["include-after-body"],
    )


def _resource(name: str) -> str:
    return resources.files(__package__ or "").joinpath(name).read_text(encoding="utf-8")


def _written(tree: Node, settings: Settings) -> tuple[str, str]:
    """Let pandoc write the contents and the body."""
    depth = int(settings.get("toc-depth", 3)) + _top_level(tree) - 1
    options = ["--to=html5", "--mathml", "--section-divs", "--toc", f"--toc-depth={depth}", "--email-obfuscation=none"]
    with tempfile.TemporaryDirectory() as scratch:
        template = Path(scratch, "template.html")
        template.write_text(f"$toc$\n{_SPLIT}\n$body$\n", encoding="utf-8")
        options += ["--syntax-highlighting=none", f"--template={template}"]
        text = pandoc.write(tree, options, settings.source.folder)
    contents, body = text.split(_SPLIT, 1)
    return (contents.strip() if settings.get("toc", False) else ""), body.strip()


def _top_level(tree: Node) -> int:
    return min((node["c"][0] for node in pandoc.elements(tree["blocks"]) if node["t"] == "Header"), default=1)


def _with_notes_heading(body: str, words: Words) -> str:
    heading = f'<h2 class="quarto-appendix-heading">{_quoted(words.footnotes)}</h2>'
    return re.sub(r'(<section id="footnotes"[^>]*>)\s*<hr />', rf"\1\n{heading}", body, count=1)


def _meta(title: TitleBlock, settings: Settings) -> list[tuple[str, str]]:
    pairs = [("author", pandoc.plain_text(author.name)) for author in title.authors]
    pairs.append(("dcterms.date", settings.date.isoformat() if settings.date else ""))
    pairs += [("keywords", ", ".join(title.keywords)), ("description", title.description)]
    return [(name, content) for name, content in pairs if content]


def _included(settings: Settings, key: str) -> str:
    """Give what an include-... option puts into the page: the text of files, or text given in place."""
    parts = []
    for item in settings.items(key):
        text = item.get("text") if isinstance(item, dict) else None
        name = item.get("file") if isinstance(item, dict) else item
        parts.append(str(text) if text is not None else _file(settings, key, str(name))[1])
    return "\n".join(parts)


def _file(settings: Settings, key: str, name: str) -> tuple[str, str]:
    """Read a file that an option names; give its path within the project and its text."""
    path = settings.source.path(name)
    if path is None or not path.is_file():
        raise SteelyardError(Problem(f"{key} names {name}, which was not found", settings.where(key)))
    return path.relative_to(settings.source.project.resolve()).as_posix(), path.read_text(encoding="utf-8-sig")


def _style(settings: Settings) -> str:
    """Put the page's own style, the theme's rules and the style sheets together."""
    parts, problems = [_resource("page.css")], []
    for key in ("theme", "css"):
        for item in settings.items(key):
            if key == "theme" and _NAMED_THEME.fullmatch(str(item)):
                continue  # a theme by name is one of Quarto's own; this page has its own look
            name, text = _file(settings, key, str(item))
            text = _scss_rules(text) if name.endswith(".scss") else text
            problems += _style_problems(name, text)
            parts.append(text)
    if problems:
        raise SteelyardError(problems)
    return "\n".join(part.strip() for part in parts)


def _scss_rules(text: str) -> str:
    """Give the part of a theme that holds rules; other parts become empty lines, so that line numbers stay true."""
    lines, inside = [], False
    for line in text.splitlines():
        mark = re.match(r"\s*/\*--\s*scss:(\w+)\s*--\*/", line)
        inside = mark.group(1) == "rules" if mark else inside
        lines.append(line if inside and not mark else "")
    return "\n".join(lines)


def _style_problems(name: str, text: str) -> list[Problem]:
    problems = []
    for line in lines_of(re.sub(r"(?m)^\s*//.*$", "", text), name):
        if _SCSS_ONLY.search(line.text):
            problems.append(Problem("Sass that is not plain CSS", line.where, "Write CSS custom properties: var(--x)"))
        if _LOADS.search(line.text) or "</" in line.text:
            problems.append(Problem("A style that loads something", line.where, "The page must stand alone"))
    return problems


def _scripts(text: str) -> list[str]:
    return re.findall(r"<script(?![^>]*application/json)[^>]*>(.*?)</script>", text, re.DOTALL | re.IGNORECASE)


def _policy(scripts: list[str]) -> str:
    """Give the content security policy: nothing from outside, and no script but those that the project names."""
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts if text]
    sources = " ".join(f"'sha256-{value}'" for value in hashes) or "'none'"
    rules = f"default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; script-src {sources}"
    return f"{rules}; base-uri 'none'; form-action 'none'"
