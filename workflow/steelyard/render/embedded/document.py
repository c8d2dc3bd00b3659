"""The pass over pandoc's tree that makes a Quarto document of it: ids, numbers, floats, callouts, references."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote

from steelyard.errors import Problem
from steelyard.render.embedded import pandoc, svg
from steelyard.render.embedded.options import Settings, as_text
from steelyard.render.embedded.pandoc import Node
from steelyard.render.embedded.sources import Source
from steelyard.render.embedded.words import Words, long_date, words_for

NO_BREAK = "\u00a0"
CALLOUTS = ("note", "tip", "warning", "important", "caution")
CALLOUT_PREFIXES = {"nte": "note", "tip": "tip", "wrn": "warning", "imp": "important", "cau": "caution"}
FLOATS = {"fig": "figure", "tbl": "table"}
REFERENCE = re.compile(r"(fig|tbl|sec|eq|nte|tip|wrn|imp|cau)-.", re.IGNORECASE)

_CONDITIONS = {"when-format", "unless-format", "when-meta", "unless-meta", "when-profile", "unless-profile"}
_REFUSED_CLASS = re.compile(r"(aside|column(-.*)?|panel-.*|layout-.*|list-table|hidden)$")

_REFUSED_KEYS = {"layout", "layout-ncol", "layout-nrow", "layout-valign", "fig-env", "fig-pos", "fig-subcap"}
_CITATION_KEYS = ("nocite", "link-citations", "lang")
_SCHEME = re.compile(r"[\s\x00-\x1f]*([A-Za-z][A-Za-z0-9+.\-\s]*):")
_LINK_SCHEMES = {"http", "https", "mailto"}
_EXTERNAL = re.compile(
    r"\b(src|srcset|poster|data|action)\s*=\s*[\"']?\s*(https?:)?//"
    r"|<(link|iframe|object|embed|base|meta)\b|<img\b(?![^>]*\bsrc=[\"']?data:)",
    re.IGNORECASE,
)
_SCRIPT = re.compile(r"<script\b(?![^>]*type=[\"']?application/(ld\+)?json)|\son[a-z]+\s*=\s*[\"']|javascript:", re.I)


@dataclass(frozen=True)
class Image:
    """An image as the formats need it."""

    path: Path
    alternative: str | None
    width: str
    height: str
    title: str = ""
    align: str = ""
    classes: tuple[str, ...] = ()
    inline: svg.Inline | None = None  # what becomes part of the page, in HTML


@dataclass(frozen=True)
class Target:
    """What a reference can point at.

    Args:
        kind: "section", "figure", "table", "equation" or a kind of callout.
        number: the numbers level by level; none for a section without a number.
    """

    kind: str
    number: tuple[int, ...]


@dataclass
class Heading:
    """A heading, with its level counted from the document's highest one."""

    level: int
    relative_level: int
    identifier: str
    classes: list[str]
    number: tuple[int, ...]
    inlines: list[Node]

    @property
    def listed(self) -> bool:
        """Say whether the contents name it."""
        return not {"unnumbered", "unlisted"} <= set(self.classes)


@dataclass
class Float:
    """A figure or a table with its caption."""

    identifier: str
    kind: str
    label: list[Node]
    caption: list[Node]
    content: list[Node]
    align: str = ""


@dataclass
class Callout:
    """A callout box."""

    identifier: str
    kind: str
    title: list[Node]
    own_title: bool
    body: list[Node]
    appearance: str = "default"
    icon: bool = True
    collapse: bool | None = None


@dataclass
class Author:
    """One author as the title block names them."""

    name: list[Node]
    affiliation: list[Node]
    email: str = ""
    orcid: str = ""


@dataclass
class TitleBlock:
    """What stands above the text."""

    title: list[Node]
    subtitle: list[Node]
    authors: list[Author]
    dates: list[tuple[str, str]]
    abstract: list[Node]
    keywords: list[str]
    description: str


class Output(Protocol):
    """What a format does with the parts that pandoc has no notion of."""

    name: str

    def title_block(self, block: TitleBlock) -> list[Node]:
        """Write the title block."""

    def number(self, target: Target) -> list[Node]:
        """Write a number."""

    def heading(self, heading: Heading) -> list[Node]:
        """Write a heading."""

    def image(self, image: Image, *, in_text: bool) -> list[Node]:
        """Write an image as inlines."""

    def float(self, item: Float) -> list[Node]:
        """Write a figure or table with its caption."""

    def table(self, node: Node, label: str) -> list[Node]:
        """Write pandoc's table."""

    def callout(self, callout: Callout) -> list[Node]:
        """Write a callout."""

    def equation(self, identifier: str, tex: str, number: int) -> list[Node]:
        """Write a numbered equation as inlines."""

    def wrapped(self, node: Node, inner: Any) -> list[Node] | None:
        """Write a div or span that needs more than pandoc does; None leaves it to pandoc."""

    def page_break(self) -> list[Node]:
        """Begin a new page."""

    def references(self, heading: str) -> list[Node]:
        """Write the head of the list of references, where the document has no place for it."""


@dataclass
class Document:
    """One document on its way into one format.

    Args:
        output: the format.
        settings: the options for it.
        source: the text, for messages.
        strict_references: whether a reference to a section needs numbered sections (as Typst does).
    """

    output: Output
    settings: Settings
    source: Source
    strict_references: bool
    problems: list[Problem] = field(default_factory=list)
    targets: dict[str, Target] = field(default_factory=dict)
    identifiers: set[str] = field(default_factory=set)
    raw_identifiers: set[str] = field(default_factory=set)
    images: list[Path] = field(default_factory=list)
    pictures: int = 0

    def __post_init__(self) -> None:
        """Set the counters to zero."""
        self.words: Words = words_for(self.settings.language)
        self.counts: dict[str, int] = {}
        self.section_counts = [0] * 7
        self.top_level = 1
        self.bibliography: set[str] | None = None
        self._handlers: dict[str, Callable[[Any], list[Node] | None]] = {
            "Header": self._visit_header,
            "Figure": self._visit_figure,
            "Para": self._visit_para,
            "Image": self._visit_image,
            "Table": self._visit_table,
            "Div": self._visit_div,
            "Span": self._visit_span,
        }

    def title_block(self, meta: Node) -> TitleBlock:
        """Gather the title block from pandoc's metadata (see `metadata_for_pandoc`)."""
        authors = [
            Author(
                _meta_inlines(author["c"].get("name")),
                _meta_inlines(author["c"].get("affiliation")),
                pandoc.plain_text(author["c"].get("email", {})),
                pandoc.plain_text(author["c"].get("orcid", {})),
            )
            for author in meta.get("author", {"c": []})["c"]
        ]
        return TitleBlock(
            _meta_inlines(meta.get("title")),
            _meta_inlines(meta.get("subtitle")),
            authors,
            self._dates(),
            _meta_blocks(meta.get("abstract")),
            [pandoc.plain_text(keyword) for keyword in meta.get("keywords", {"c": []})["c"]],
            pandoc.plain_text(meta.get("description", {})),
        )

    def _dates(self) -> list[tuple[str, str]]:
        """Give the dates with their labels; the page says them in words and the PDF in figures, as Quarto does."""
        style = self.settings.text("date-format", "long" if self.output.name == "html" else "iso")
        dates = [(self.words.published, self.settings.date)]
        if self.output.name == "html":
            dates.append((self.words.modified, self.settings.modified))
        language = self.settings.language
        return [(name, long_date(day, language) if style == "long" else day.isoformat()) for name, day in dates if day]

    def transform(self, tree: Node, bibliography: set[str] | None) -> Node:
        """Give the tree for the format; what is wrong with it is in `problems`.

        Args:
            tree: as pandoc read it; it is not changed.
            bibliography: the keys that can be cited, or None without a bibliography.
        """
        tree = json.loads(json.dumps(tree))
        self.bibliography = bibliography
        self._check_duplicates(tree)
        # Of two formats' texts only this one's can hold headings that count.
        tree = pandoc.rewrite(tree, self._only_this_format)
        nodes = pandoc.elements(tree["blocks"])
        self.top_level = min((node["c"][0] for node in nodes if node["t"] == "Header"), default=1)
        self._note_identifiers(nodes)
        self.title = self.title_block(tree["meta"])
        tree["blocks"] = self.output.title_block(self.title) + tree["blocks"]
        tree = {**tree, "meta": {key: tree["meta"][key] for key in _CITATION_KEYS if key in tree["meta"]}}
        tree = pandoc.rewrite(tree, self._visit)
        self._add_references(tree)
        tree = pandoc.rewrite(tree, self._resolve)
        return tree

    # --- messages

    def problem(self, what: str, pattern: str, hint: str = "", *, last: bool = False) -> None:
        """Note a problem at the line where a pattern matches."""
        self.problems.append(Problem(what, self.source.find(pattern, last=last), hint))

    # --- conditional content

    def _only_this_format(self, node: Node) -> list[Node] | None:
        if node["t"] in ("RawBlock", "RawInline"):
            return self._raw(node)
        if node["t"] not in ("Div", "Span"):
            return None
        (_, classes, pairs), inner = node["c"]
        visible, hidden = "content-visible" in classes, "content-hidden" in classes
        if not visible and not hidden:
            return None
        if self._condition(pairs) != visible:
            return []
        return list(pandoc.rewrite(inner, self._only_this_format))

    def _condition(self, pairs: list[list[str]]) -> bool:
        """Say whether all conditions of a conditional element hold."""
        holds = True
        for key, value in pairs:
            if key not in _CONDITIONS or key.endswith("profile"):
                self.problem(f"The condition {key} is not supported", re.escape(key))
                continue
            met = self._meta_is_true(value) if key.endswith("meta") else value == self.output.name
            holds = holds and (met if key.startswith("when") else not met)
        return holds

    def _meta_is_true(self, key: str) -> bool:
        node: Any = self.settings.values
        for part in key.split("."):
            node = node.get(part) if isinstance(node, dict) else None
        return node is True or (isinstance(node, str) and node not in ("", "false"))

    def _raw(self, node: Node) -> list[Node] | None:
        """Drop what is raw for another format; refuse raw HTML that would load or run something."""
        name, text = node["c"]
        if name in ("html", "html5", "html4"):
            self._check_html(text)
        if name == self.output.name or (name in ("html", "html5") and self.output.name == "html"):
            if name.startswith("html"):
                self.raw_identifiers.update(re.findall(r"\bid\s*=\s*[\"']?([^\s\"'>]+)", text))
            return None
        if self.output.name == "typst" and name.startswith("html") and re.search(r"<table\b", text, re.IGNORECASE):
            hint = 'Use a pipe table, or a div with .content-visible when-format="html" around it'
            self.problem("An HTML table would be lost in the PDF", r"<table\b", hint)
        return []

    def _check_html(self, text: str) -> None:
        for expression, what, hint in (
            (_EXTERNAL, "Raw HTML that loads something", "The page must stand alone"),
            (_SCRIPT, "Raw HTML that runs something", "A script can be put in by the option include-after-body"),
        ):
            found = expression.search(text)
            if found:
                # Only the name of the tag or attribute: pandoc may have changed the marks around it.
                self.problem(what, re.escape("".join(re.findall(r"[\w-]+", found.group())[:1])), hint)

    # --- identifiers

    def _check_duplicates(self, tree: Node) -> None:
        """Refuse ids given twice, in whatever format: Typst does, and a reference could not know which is meant."""
        seen: set[str] = set()
        for identifier in _identifiers(pandoc.elements(tree["blocks"])):
            if identifier in seen:
                self.problem(f"The id {identifier} is given twice", _identifier_pattern(identifier), last=True)
            seen.add(identifier)

    def _note_identifiers(self, nodes: list[Node]) -> None:
        self.identifiers = set(_identifiers(nodes)) | self.raw_identifiers
        self.identifiers |= {node["c"][2:-1] for node in nodes if _is_equation_label(node)}
        if self.bibliography is not None:
            self.identifiers |= {"refs", *(f"ref-{key}" for key in self.bibliography)}

    # --- structure: numbers are given in the order of the text

    def _visit(self, node: Node) -> list[Node] | None:
        handler = self._handlers.get(node["t"])
        return handler(node["c"]) if handler else None

    def _inner(self, content: Any) -> Any:
        return pandoc.rewrite(content, self._visit)

    def _visit_header(self, content: Any) -> list[Node]:
        level, (identifier, classes, _), inlines = content
        relative = level - self.top_level + 1
        number: tuple[int, ...] = ()
        if "unnumbered" not in classes:
            self.section_counts[relative - 1] += 1
            self.section_counts[relative:] = [0] * (7 - relative)
            number = tuple(self.section_counts[:relative])
            self.targets[identifier] = Target("section", number)
        shown = number if self._shows_number(relative) else ()
        return self.output.heading(Heading(level, relative, identifier, classes, shown, self._inner(inlines)))

    def _shows_number(self, level: int) -> bool:
        depth = self.settings.get("number-depth", 6) if self.output.name == "html" else 6
        return bool(self.settings.get("number-sections", False)) and level <= depth

    def _visit_figure(self, content: Any) -> list[Node]:
        (identifier, classes, pairs), caption, blocks = content
        image = blocks[0]["c"][0] if blocks and blocks[0]["t"] in ("Plain", "Para") else {}
        if image.get("t") == "Image":
            # pandoc repeats the caption as the image's text; the alternative stands in fig-alt.
            attributes, inlines, target = image["c"]
            together = [identifier, [*attributes[1], *classes], [*attributes[2], *pairs]]
            inner = self._image(together, inlines, target, in_text=False)
            align = pandoc.key_value(attributes, "fig-align") or ""
            return self._float(identifier, "figure", _caption(caption), [pandoc.plain(inner)], align)
        return self._float(identifier, "figure", _caption(caption), self._inner(blocks))

    def _visit_para(self, content: Any) -> list[Node] | None:
        if len(content) == 1 and content[0]["t"] == "Image":
            attributes, inlines, target = content[0]["c"]
            inner = [pandoc.plain(self._image(attributes, inlines, target, in_text=False))]
            if attributes[0].startswith("fig-"):
                return self._float(attributes[0], "figure", [], inner, pandoc.key_value(attributes, "fig-align") or "")
            return [{"t": "Para", "c": inner[0]["c"]}]
        return None if not any(_is_equation_label(item) for item in content) else [self._equations(content)]

    def _equations(self, content: list[Node]) -> Node:
        """Number the equations of a paragraph: display maths followed by {#eq-...}."""
        result: list[Node] = []
        for item in content:
            if not _is_equation_label(item):
                result.append(item)
                continue
            while result and result[-1]["t"] in ("Space", "SoftBreak"):
                result.pop()
            if not result or result[-1]["t"] != "Math":
                self.problem("An equation's id does not follow an equation", re.escape(item["c"]))
                continue
            identifier = item["c"][2:-1]
            tex = result.pop()["c"][1]
            result += self.output.equation(identifier, tex, self._count(identifier, "equation").number[0])
        return {"t": "Para", "c": self._inner(result)}

    def _visit_image(self, content: Any) -> list[Node]:
        return self._image(*content, in_text=True)

    def _image(self, attributes: Any, inlines: list[Node], target: list[str], *, in_text: bool) -> list[Node]:
        source, title = target
        path = self._image_path(source)
        if path is None:
            return []
        self.images.append(path)
        alternative = pandoc.key_value(attributes, "fig-alt")
        if alternative is None:
            alternative = pandoc.plain_text(inlines)
        width, height = (pandoc.key_value(attributes, key) or "" for key in ("width", "height"))
        title = pandoc.key_value(attributes, "title") or title.removeprefix("fig:")
        inline = None
        if "inline-svg" in attributes[1] and path.suffix.lower() == ".svg" and self.output.name == "html":
            inline = self._inline(path, source)
        image = Image(path, alternative, width, height, title, "", tuple(attributes[1]), inline)
        return self.output.image(image, in_text=in_text)

    def _inline(self, path: Path, source: str) -> svg.Inline:
        """Read a picture that becomes part of the page; what it may not hold, or links to in vain, is a problem."""
        self.pictures += 1
        picture = svg.inline(path.read_text(encoding="utf-8-sig"), f"svg-{self.pictures}-")
        lost = [target for target in dict.fromkeys(picture.targets) if unquote(target) not in self.identifiers]
        for fault in [*picture.faults, *(f"links to #{target}, which leads nowhere" for target in lost)]:
            self.problem(f"The picture {source} {fault}", re.escape(source))
        return picture

    def _image_path(self, source: str) -> Path | None:
        pattern = rf"\(<?{re.escape(source)}|{re.escape(source)}"
        if _SCHEME.match(source) or source.startswith("//"):
            self.problem(f"The image {source} is not a file of the project", pattern, "The page must stand alone")
            return None
        path = self.source.path(unquote(source))
        if path is None or not path.is_file():
            hint = f"Paths start at the folder of {self.source.document}, in partials too"
            self.problem(f"The image {source} was not found", pattern, hint)
            return None
        if path.suffix.lower() not in (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp"):
            self.problem(f"The image {source} is not of a supported kind", pattern, "svg, png, jpg, gif or webp")
            return None
        return path

    def _visit_table(self, content: Any) -> list[Node]:
        attributes, caption, columns = content[:3]
        widths = pandoc.key_value(attributes, "tbl-colwidths")
        if widths:
            content = [["", attributes[1], []], caption, self._with_widths(columns, widths), *content[3:]]
        words = _caption(caption)
        identifier = attributes[0]
        if not identifier:
            # Its caption, if it has one, has no number, in both formats.
            node = {"t": "Table", "c": self._inner([["", attributes[1], []], *content[1:]])}
            return self.output.table(node, pandoc.plain_text(words) or self.words.table)
        content = [["", attributes[1], []], [None, []], *content[2:]]
        node = {"t": "Table", "c": self._inner(content)}
        return self._float(identifier, "table", words, lambda label: self.output.table(node, label))

    def _with_widths(self, columns: list[Any], widths: str) -> list[Any]:
        numbers = [float(text) for text in re.findall(r"\d+(?:\.\d+)?", widths)]
        if len(numbers) != len(columns) or not sum(numbers):
            self.problem(f"tbl-colwidths names {len(numbers)} of {len(columns)} columns", re.escape(widths))
            return columns
        return [
            [align, {"t": "ColWidth", "c": number / sum(numbers)}]
            for (align, _), number in zip(columns, numbers, strict=True)
        ]

    def _visit_div(self, content: Any) -> list[Node] | None:
        (identifier, classes, pairs), blocks = content
        self._check_classes(classes, [key for key, _ in pairs])
        if "steelyard-page-break" in classes:
            return self.output.page_break()
        kinds = [name.removeprefix("callout-") for name in classes if name.startswith("callout-")]
        if kinds and kinds[0] in CALLOUTS:
            return self._callout(identifier, kinds[0], dict(pairs), blocks)
        prefix = identifier.split("-")[0]
        if prefix in FLOATS and "-" in identifier:
            return self._float_div(identifier, FLOATS[prefix], blocks)
        node = {"t": "Div", "c": content}
        return self.output.wrapped(node, self._inner(blocks))

    def _visit_span(self, content: Any) -> list[Node] | None:
        (_, classes, pairs), inlines = content
        self._check_classes(classes, [key for key, _ in pairs])
        return self.output.wrapped({"t": "Span", "c": content}, self._inner(inlines))

    def _check_classes(self, classes: list[str], keys: list[str]) -> None:
        for name in classes:
            if _REFUSED_CLASS.match(name):
                self.problem(
                    f"The class .{name} is not supported", rf"\.{re.escape(name)}\b", "See docs/quarto-subset.md"
                )
        for key in keys:
            if key in _REFUSED_KEYS:
                self.problem(
                    f"The attribute {key} is not supported", re.escape(key), "Give every figure its own caption"
                )

    def _float_div(self, identifier: str, kind: str, blocks: list[Node]) -> list[Node]:
        """Make a float of a div: its last paragraph is the caption."""
        nested = [name for name in _identifiers(pandoc.elements(blocks)) if name.split("-")[0] in FLOATS]
        if nested:
            hint = "Subfigures are not supported: give every figure its own caption"
            self.problem(f"{nested[0]} stands inside {identifier}", _identifier_pattern(nested[0]), hint)
            return []
        caption = blocks[-1]["c"] if len(blocks) > 1 and blocks[-1]["t"] == "Para" else []
        inner = blocks[:-1] if caption else blocks
        return self._float(identifier, kind, caption, lambda _: self._float_content(inner))

    def _float_content(self, blocks: list[Node]) -> list[Node]:
        result: list[Node] = []
        for block in blocks:
            if block["t"] == "Para" and len(block["c"]) == 1 and block["c"][0]["t"] == "Image":
                result.append(pandoc.plain(self._image(*block["c"][0]["c"], in_text=False)))
            elif block["t"] == "Figure":
                result += self._inner(block["c"][2])
            else:
                result += self._inner([block])
        return result

    def _float(
        self,
        identifier: str,
        kind: str,
        caption: list[Node],
        content: list[Node] | Callable[[str], list[Node]],
        align: str = "",
    ) -> list[Node]:
        if not identifier:
            blocks = content if isinstance(content, list) else content("")
            return self.output.float(Float("", kind, [], self._inner(caption), blocks, align))
        if not identifier.startswith({"figure": "fig-", "table": "tbl-"}[kind]):
            hint = f"Begin it with {'fig-' if kind == 'figure' else 'tbl-'}"
            self.problem(f"The id {identifier} does not say that it is a {kind}", _identifier_pattern(identifier), hint)
        target = self._count(identifier, kind)
        label = f"{self._caption_word(kind)}{NO_BREAK}{target.number[0]}"
        blocks = content if isinstance(content, list) else content(label)
        return self.output.float(Float(identifier, kind, [pandoc.string(label)], self._inner(caption), blocks, align))

    def _count(self, identifier: str, kind: str) -> Target:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self.targets[identifier] = Target(kind, (self.counts[kind],))
        return self.targets[identifier]

    def _callout(self, identifier: str, kind: str, keys: dict[str, str], blocks: list[Node]) -> list[Node]:
        title: list[Node] = []
        if blocks and blocks[0]["t"] == "Header":
            title, blocks = blocks[0]["c"][2], blocks[1:]
        elif "title" in keys:
            title = self._parsed(keys["title"])
        own = bool(title)
        title = self._inner(title) if own else [pandoc.string(getattr(self.words, kind))]
        if identifier.split("-")[0] in CALLOUT_PREFIXES and "-" in identifier:
            number = self._count(identifier, kind).number[0]
            label = f"{getattr(self.words, kind)}{NO_BREAK}{number}"
            title = [pandoc.string(f"{label}:"), {"t": "Space"}, *title] if own else [pandoc.string(label)]
            own = True
        appearance = keys.get("appearance", "default")
        callout = Callout(
            identifier,
            kind,
            title if own or appearance == "default" else [],
            own,
            self._inner(blocks),
            appearance="simple" if appearance == "minimal" else appearance,
            icon=keys.get("icon") != "false" and appearance != "minimal",
            collapse={"true": True, "false": False}.get(keys.get("collapse", "")),
        )
        return self.output.callout(callout)

    def _parsed(self, text: str) -> list[Node]:
        if re.fullmatch(r"[\w\s.,:;()/–-]*", text):
            return [pandoc.string(text)]
        tree, _ = pandoc.read(text, {}, self.source.folder)
        blocks = tree["blocks"]
        return list(blocks[0]["c"]) if blocks and blocks[0]["t"] in ("Para", "Plain") else [pandoc.string(text)]

    # --- references: resolved when every number is known

    def _resolve(self, node: Node) -> list[Node] | None:
        if node["t"] == "Cite":
            return self._cite(node["c"][0])
        if node["t"] == "Link":
            self._check_link(node["c"])
        return None

    def _check_link(self, content: Any) -> None:
        target = content[2][0]
        if target.startswith("#"):
            if target[1:] not in self.identifiers and unquote(target[1:]) not in self.identifiers:
                self.problem(f"The link to {target} leads nowhere", re.escape(target) + r"(?![\w.:-])")
            return
        scheme = refused_scheme(target)
        if scheme:
            hint = "Links may begin with http:, https:, mailto: or be paths"
            self.problem(f"A link to {scheme}: is not allowed", re.escape(target[:12]), hint)

    def _cite(self, citations: list[Node]) -> list[Node] | None:
        references = [bool(REFERENCE.match(citation["citationId"])) for citation in citations]
        if not any(references):
            for citation in citations:
                self._check_citation(citation["citationId"])
            return None
        if not all(references):
            name = citations[references.index(False)]["citationId"]
            self.problem(f"@{name} stands in one bracket with references", f"@{re.escape(name)}", "Write two brackets")
            return []
        result: list[Node] = []
        for citation in citations:
            link = self._reference(citation)
            result += [*([pandoc.string(","), {"t": "Space"}] if result else []), *link]
        return result

    def _check_citation(self, key: str) -> None:
        pattern = rf"@\{{?{re.escape(key)}"
        if self.bibliography is None:
            self.problem(
                f"@{key} is cited, but there is no bibliography", pattern, "Write \\@ for the character itself"
            )
        elif key not in self.bibliography and key != "*":
            self.problem(f"@{key} is not in the bibliography", pattern)

    def _reference(self, citation: Node) -> list[Node]:
        written = citation["citationId"]
        name = written[0].lower() + written[1:]
        pattern = rf"@{re.escape(written)}(?![\w-])"
        target = self.targets.get(name)
        if target is None:
            what = "has no number" if name in self.identifiers else "does not exist"
            self.problem(f"The reference @{written} cannot be resolved: {name} {what}", pattern)
            return []
        if target.kind == "section" and self.strict_references and not self.settings.get("number-sections", False):
            self.problem(
                f"@{written} refers to a section, but sections are not numbered", pattern, "number-sections: true"
            )
        inlines = self.output.number(target)
        if citation["citationPrefix"]:
            inlines = [*citation["citationPrefix"], pandoc.string(NO_BREAK), *inlines]
        elif citation["citationMode"]["t"] != "SuppressAuthor":
            inlines = [pandoc.string(f"{self._reference_word(target.kind)}{NO_BREAK}"), *inlines]
        link = {"t": "Link", "c": [["", ["quarto-xref"], []], inlines, [f"#{name}", ""]]}
        return [link, *citation["citationSuffix"]]

    def _caption_word(self, kind: str) -> str:
        return self._crossref({"figure": "fig-title", "table": "tbl-title"}[kind], str(getattr(self.words, kind)))

    def _reference_word(self, kind: str) -> str:
        prefixes = {"figure": "fig-prefix", "table": "tbl-prefix", "section": "sec-prefix", "equation": "eq-prefix"}
        word = str(getattr(self.words, kind))
        return self._crossref(prefixes[kind], word) if kind in prefixes else word

    def _crossref(self, key: str, default: str) -> str:
        options = self.settings.get("crossref", {})
        return as_text(options.get(key, default)) if isinstance(options, dict) else default

    def _add_references(self, tree: Node) -> None:
        """Give the list of references a place at the end if the document has none for it."""
        nodes = pandoc.elements(tree["blocks"])
        if self.bibliography is None or "refs" in _identifiers(nodes):
            return
        cited = (node["c"][0][0]["citationId"] for node in nodes if node["t"] == "Cite")
        if any(not REFERENCE.match(key) for key in cited) or "nocite" in tree["meta"]:
            tree["blocks"] += [*self.output.references(self.words.references), pandoc.div([], "refs", ["references"])]


def refused_scheme(target: str) -> str:
    """Give the scheme of a link's target if links may not begin so."""
    scheme = _SCHEME.match(target)
    refused = scheme and re.sub(r"\s", "", scheme.group(1)).lower() not in _LINK_SCHEMES
    return scheme.group(1).strip() if scheme and refused else ""


def metadata_for_pandoc(settings: Settings) -> dict[str, Any]:
    """Give the metadata that pandoc is to read as Markdown, in one form whatever the form in the source."""
    metadata: dict[str, Any] = {
        key: as_text(settings.get(key))
        for key in ("title", "subtitle", "abstract", "description", "nocite")
        if settings.get(key)
    }
    metadata["lang"] = settings.language
    metadata["keywords"] = [as_text(keyword) for keyword in settings.items("keywords")]
    metadata["author"] = [_author(item) for item in settings.items("author")]
    if settings.get("link-citations"):
        metadata["link-citations"] = True
    return metadata


def _author(item: Any) -> dict[str, str]:
    if not isinstance(item, dict):
        return {"name": as_text(item)}
    places = item.get("affiliation") or item.get("affiliations") or []
    names = [place.get("name", "") if isinstance(place, dict) else place for place in _as_list(places)]
    pairs = {key: as_text(item[key]) for key in ("name", "email", "orcid") if item.get(key)}
    return pairs | {"affiliation": ", ".join(as_text(name) for name in names)}


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _meta_inlines(value: Node | None) -> list[Node]:
    if value is None:
        return []
    if value["t"] == "MetaBlocks":
        return [inline for block in value["c"] if block["t"] in ("Para", "Plain") for inline in block["c"]]
    return list(value["c"]) if value["t"] == "MetaInlines" else [pandoc.string(str(value["c"]))]


def _meta_blocks(value: Node | None) -> list[Node]:
    if value is not None and value["t"] == "MetaBlocks":
        return list(value["c"])
    inlines = _meta_inlines(value)
    return [{"t": "Para", "c": inlines}] if inlines else []


def _caption(caption: Any) -> list[Node]:
    """Give the inlines of a pandoc caption."""
    blocks = caption[1]
    return list(blocks[0]["c"]) if blocks and blocks[0]["t"] in ("Plain", "Para") else []


def _is_equation_label(node: Node) -> bool:
    return node["t"] == "Str" and bool(re.fullmatch(r"\{#eq-[^\s}]+\}", node["c"]))


def _identifier_pattern(identifier: str) -> str:
    return rf"\{{[^}}]*#{re.escape(identifier)}(?![\w.:-])"


_ATTRIBUTES_AT = {
    "Header": 1,
    "Div": 0,
    "Span": 0,
    "Figure": 0,
    "Table": 0,
    "Code": 0,
    "CodeBlock": 0,
    "Link": 0,
    "Image": 0,
}


def _identifiers(nodes: list[Node]) -> list[str]:
    """Give the ids of elements, in the order of the text."""
    places = ((node, _ATTRIBUTES_AT.get(node["t"])) for node in nodes)
    found = [str(node["c"][place][0]) for node, place in places if place is not None]
    return [identifier for identifier in found if identifier]
