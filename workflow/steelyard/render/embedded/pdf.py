"""The PDF, set by Typst: pandoc writes the text, this module the parts that pandoc has no notion of."""

from __future__ import annotations

import re
import sys
import unicodedata
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from steelyard.errors import Problem, SteelyardError
from steelyard.render.embedded import fonts, pandoc, svg
from steelyard.render.embedded.document import NO_BREAK, Author, Callout, Float, Heading, Image, Target, TitleBlock
from steelyard.render.embedded.options import Settings, as_text
from steelyard.render.embedded.pandoc import Node, raw, raw_block
from steelyard.render.embedded.words import Words

# pandoc's time for a word grows with the square of its length: it gets a longer one as it is to stand.
_PLAIN_WORD = re.compile(r"[^\W\d_][^\W_]{0,99}[.,;:]?|\d{1,100}")
# So does Typst's for a paragraph: one with more characters than this is set as several.
_LONGEST_PARAGRAPH = 10_000
# No line has room for as many letters without a blank, and Typst would let them run off the page.
_LONG_WORD = re.compile("[0-9A-Za-z\u00c0-\u024f]{100,}")
_BLANKS = ("Space", "SoftBreak")
_TARGET = "#metadata(none) "
_END_OF_TITLE = "/*steelyard:text*/"
_LONGEST_BOX = 40
_ISOLATE, _END_OF_ISOLATE = {"ltr": "\u2066", "rtl": "\u2067"}, "\u2069"
# A row with more characters than this in a cell may go on on the next page: no column is so narrow that fewer fill one.
_LONGEST_WHOLE_CELL = 500
# The standard of accessible PDFs (texts for pictures, headings in order ...): kept wherever the document allows it.
_ACCESSIBLE = "ua-1"
_NOT_ACCESSIBLE = "PDF/UA-1 error: "
_LENGTH = re.compile(r"\d+(\.\d+)?(pt|mm|cm|in|em|%)")
_TYPST_CHARACTERS = re.compile(r'[\\"]')


def quoted(text: str) -> str:
    """Write a Typst string: whatever stands in it is text, never markup or code."""
    return '"' + _TYPST_CHARACTERS.sub(r"\\\g<0>", text.replace("\n", " ")) + '"'


class TypstOutput:
    """What Typst does with the parts that pandoc has no notion of."""

    name = "typst"

    def __init__(self, settings: Settings, words: Words) -> None:
        """Take the options for Typst."""
        self.settings = settings
        self.words = words

    def title_block(self, block: TitleBlock) -> list[Node]:
        """Write title, authors, date and abstract. Keywords stand in the PDF's metadata only, as with Quarto."""
        inlines = [raw("typst", "#title-block(")]
        for name, content in (("title", block.title), ("subtitle", block.subtitle)):
            if content:
                inlines += [raw("typst", f"{name}: ["), *content, raw("typst", "], ")]
        if block.authors:
            people = [inline for author in block.authors for inline in self._author(author)]
            inlines += [raw("typst", "authors: ("), *people, raw("typst", "), ")]
        if block.dates:
            inlines.append(raw("typst", f"dates: [#{quoted(block.dates[0][1])}], "))
        end = raw_block("typst", _END_OF_TITLE)
        if not block.abstract:
            return [pandoc.plain([*inlines, raw("typst", ")")]), end]
        inlines.append(raw("typst", f"abstract-label: [#{quoted(self.words.abstract)}], abstract: ["))
        first, *rest = block.abstract
        inlines += first["c"] if first["t"] in ("Para", "Plain") else []
        rest = rest if first["t"] in ("Para", "Plain") else block.abstract
        if not rest:
            return [pandoc.plain([*inlines, raw("typst", "])")]), end]
        return [pandoc.plain(inlines), *rest, raw_block("typst", "])"), end]

    def _author(self, author: Author) -> list[Node]:
        inlines = [raw("typst", "["), *author.name]
        if author.affiliation:
            inlines += [raw("typst", " \\ "), *author.affiliation]
        if author.email:
            inlines.append(raw("typst", f" \\ #link({quoted('mailto:' + author.email)})[#{quoted(author.email)}]"))
        return [*inlines, raw("typst", "], ")]

    def number(self, target: Target) -> list[Node]:
        """Write a number; a section's by the pattern of the document."""
        if target.kind == "section":
            return [raw("typst", self._section_number(target.number) + ";")]
        return [pandoc.string(str(target.number[0]))]

    def _section_number(self, number: tuple[int, ...]) -> str:
        # Quarto's own default, "1.1.a"; a report that wants the numbers of the HTML page sets "1.1.1".
        pattern = self.settings.text("section-numbering") or "1.1.a"
        return f"#numbering({quoted(pattern)}, {', '.join(str(part) for part in number)})"

    def heading(self, heading: Heading) -> list[Node]:
        """Write a heading with its number before it."""
        number = [raw("typst", f"{self._section_number(heading.number)} ")] if heading.number else []
        listed = "" if heading.listed else ", outlined: false"
        opening = f"#heading(level: {heading.relative_level}{listed})["
        return [
            pandoc.plain(
                [raw("typst", opening), *number, *heading.inlines, raw("typst", f"] {_label(heading.identifier)}")]
            )
        ]

    def image(self, image: Image, *, in_text: bool) -> list[Node]:
        """Write an image by its path from the project's folder, which Typst takes for its root, or with its content."""
        file = quoted("/" + image.path.relative_to(self.settings.source.project.resolve()).as_posix())
        if image.path.suffix.lower() == ".svg":
            content = image.path.read_text(encoding="utf-8-sig", errors="replace")
            if "<text" in content:
                file = f'bytes({quoted(svg.for_typst(content))}), format: "svg"'
        written = {"width": _size(image.width), "height": _size(image.height)}
        sizes = [f", {name}: {size}" for name, size in written.items() if size]
        text = f"image({file}{''.join(sizes)}, alt: {quoted(image.alternative or '')})"
        # What has no alternative is an ornament, which a screen reader passes over.
        text = text if image.alternative else f"pdf.artifact({text})"
        return [raw("typst", f"#box({text})" if in_text else f"#{text}")]

    def float(self, item: Float) -> list[Node]:
        """Write a figure or table with its caption, in Quarto's kinds (pandoc's would be counted beside them)."""
        if not item.label and not item.caption:
            return item.content
        kind = "tbl" if item.kind == "table" else "fig"
        delimiter = [pandoc.string(":"), {"t": "Space"}] if item.label and item.caption else []
        align = f"#set align({_ALIGN[item.align]})\n" if item.align in _ALIGN else ""
        closing = f'], kind: "quarto-float-{kind}", supplement: none, numbering: none) {_label(item.identifier)}'
        caption = [raw("typst", "], caption: ["), *item.label, *delimiter, *item.caption, raw("typst", closing)]
        return [raw_block("typst", f"#figure([{align}"), *item.content, pandoc.plain(caption)]

    def table(self, node: Node, label: str) -> list[Node]:
        """Write a table whose head is repeated on every page."""
        _, caption, columns, head, bodies, foot = node["c"]
        widths = ", ".join(
            "auto" if width["t"] == "ColWidthDefault" else f"{width['c'] * 100:.4g}%" for _, width in columns
        )
        aligns = ", ".join(_TABLE_ALIGN[align["t"]] for align, _ in columns)
        blocks = [raw_block("typst", f"#table(columns: ({widths},), align: ({aligns},),")]
        if head[1]:
            blocks += [
                raw_block("typst", "table.header("),
                *_rows(head[1], strong=True),
                raw_block("typst", "table.hline(stroke: 0.9pt + ink)),"),
            ]
        for _, _, intermediate, rows in bodies:
            blocks += [*_rows(intermediate, strong=True), *_rows(rows, ruled=True)]
        if foot[1]:
            blocks += [raw_block("typst", "table.footer("), *_rows(foot[1], strong=True), raw_block("typst", "),")]
        blocks.append(raw_block("typst", ")"))
        words = [inline for block in caption[1] for inline in block["c"]]
        return self.float(Float("", "table", [], words, blocks)) if words else blocks

    def callout(self, callout: Callout) -> list[Node]:
        """Write a callout; on paper it is always open."""
        title = callout.title or [pandoc.string(getattr(self.words, callout.kind))]
        simple = "true" if callout.appearance == "simple" else "false"
        icon = "true" if callout.icon else "false"
        opening = [
            raw("typst", f'#callout("{callout.kind}", simple: {simple}, icon: {icon}, title: ['),
            *title,
            raw("typst", "])["),
        ]
        return [pandoc.plain(opening), *callout.body, raw_block("typst", f"] {_label(callout.identifier)}")]

    def equation(self, identifier: str, tex: str, number: int) -> list[Node]:
        """Write a numbered equation."""
        opening = f'#math.equation(block: true, numbering: (..) => "({number})", alt: {quoted(tex)}, ['
        return [
            raw("typst", opening),
            {"t": "Math", "c": [{"t": "DisplayMath"}, tex]},
            raw("typst", f"]) {_label(identifier)}"),
        ]

    def wrapped(self, node: Node, inner: Any) -> list[Node] | None:
        """Give landscape pages, directions of writing and targets of links what Typst needs for them."""
        (identifier, classes, pairs), _ = node["c"]
        keys = dict(pairs)
        turned = keys.get("dir", "")
        before, after = "", ""
        if "landscape" in classes:
            before, after = "#page(flipped: true)[", "]"
        elif node["t"] == "Div" and turned in _ISOLATE:
            before, after = f"#block(width: 100%)[#set text(dir: {turned}); ", "]"
        elif node["t"] == "Span":
            before, after = _isolated(turned, keys.get("lang", ""))
        if node["t"] == "Div":
            content = [{"t": "Div", "c": [[identifier, classes, pairs], inner]}]
            return [raw_block("typst", before), *content, raw_block("typst", after)] if before else content
        target = f"{_TARGET}{_label(identifier)}" if identifier else ""
        content = [{"t": "Span", "c": [["", classes, pairs], inner]}]
        return [raw("typst", target + before), *content, raw("typst", after)] if before or target else content

    def page_break(self) -> list[Node]:
        """Begin a new page."""
        return [raw_block("typst", "#pagebreak(weak: true)")]

    def references(self, heading: str) -> list[Node]:
        """Head the list of references."""
        return [raw_block("typst", f"#heading(level: 1)[#{quoted(heading)}]")]


def _isolated(direction: str, language: str) -> tuple[str, str]:
    """Give what stands around words of another language, or that are to be kept apart for their direction of writing.

    Typst's own `dir` embeds words without isolating them: what stands between two Arabic names would turn with them.
    """
    before, after = "", ""
    if re.fullmatch("[A-Za-z]{2,3}(-.*)?", language):  # pandoc sets it for divs only
        before, after = f"#[#set text(lang: {quoted(language.split('-')[0].lower())}); ", "]"
    if direction in _ISOLATE:
        before, after = f"#{quoted(_ISOLATE[direction])};{before}", f"{after}#{quoted(_END_OF_ISOLATE)};"
    return before, after


_ALIGN = {"left": "left", "right": "right", "center": "center"}
_TABLE_ALIGN = {"AlignLeft": "left", "AlignRight": "right", "AlignCenter": "center", "AlignDefault": "auto"}


def _label(identifier: str) -> str:
    return f"#label({quoted(identifier)})" if identifier else ""


def _size(value: str) -> str:
    """Give a size in Typst's units; pixels are 1/96 inch, as with Quarto."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(%|px|in|cm|mm|em|pt)?\s*", value)
    if not match:
        return ""
    if match.group(2) in (None, "px"):
        return f"{float(match.group(1)) / 96:.4g}in"
    return f"{match.group(1)}{match.group(2)}"


def _rows(rows: list[Any], *, strong: bool = False, ruled: bool = False) -> list[Node]:
    blocks: list[Node] = []
    for index, (_, cells) in enumerate(rows):
        if ruled and index:
            blocks.append(raw_block("typst", "table.hline(stroke: 0.4pt + rule-color),"))
        blocks += _row(cells, strong)
    return blocks


def _row(cells: list[Any], strong: bool) -> list[Node]:
    """Write a row: on one line if its cells hold nothing but text."""
    opening, closing = ("[#strong[", "]], ") if strong else ("[", "], ")
    whole = all(len(pandoc.plain_text(cell[4])) <= _LONGEST_WHOLE_CELL for cell in cells)
    if all(len(cell[4]) <= 1 and all(block["t"] in ("Plain", "Para") for block in cell[4]) for cell in cells):
        inlines: list[Node] = []
        for cell in cells:
            content = cell[4][0]["c"] if cell[4] else []
            inlines += [raw("typst", _cell_options(cell, whole) + opening), *content, raw("typst", closing)]
        return [pandoc.plain(inlines)]
    blocks: list[Node] = []
    for cell in cells:
        blocks += [raw_block("typst", _cell_options(cell, whole) + opening), *cell[4], raw_block("typst", closing)]
    return blocks


def _cell_options(cell: Any, whole: bool) -> str:
    _, align, rows, columns, _ = cell
    options = [f"rowspan: {rows}"] if rows > 1 else []
    options += [f"colspan: {columns}"] if columns > 1 else []
    options += [f"align: {_TABLE_ALIGN[align['t']]}"] if align["t"] != "AlignDefault" else []
    options += [] if whole else ["breakable: true"]
    return f"table.cell({', '.join(options)})" if options else ""


def _as_strings(node: Node) -> list[Node] | None:
    """Make Typst strings of all that is not a plain word: no quote, dash or mark of a list is read as markup."""
    match node["t"]:
        case "Str":
            return None if _PLAIN_WORD.fullmatch(node["c"]) else [raw("typst", _unbroken(_broken(node["c"])))]
        case "Quoted":
            opening, closing = pandoc.quotation_marks(node)
            inner = pandoc.rewrite(node["c"][1], _as_strings)
            return [raw("typst", f"#{quoted(opening)};"), *inner, raw("typst", f"#{quoted(closing)};")]
        case "Math":
            alternative = f"#[#set math.equation(alt: {quoted(node['c'][1])}); "
            return [raw("typst", alternative), node, raw("typst", "]")]
        case "Link" if "quarto-xref" in node["c"][0][1]:
            attributes, inlines, target = node["c"]
            words = [pandoc.string(i["c"].replace(NO_BREAK, " ")) if i["t"] == "Str" else i for i in inlines]
            inner = pandoc.rewrite(words, _as_strings)
            return [{"t": "Link", "c": [attributes, [raw("typst", "#box["), *inner, raw("typst", "]")], target]}]
    return None


def _divided(node: Node) -> list[Node] | None:
    """Make several paragraphs of a very long one, at blanks before targets of links (the statements of a source)."""
    if node["t"] != "Para":
        return None
    parts: list[list[Node]] = [[]]
    length = 0
    for inline, following in zip(node["c"], [*node["c"][1:], {"t": ""}], strict=True):
        if length > _LONGEST_PARAGRAPH and inline["t"] in _BLANKS and _is_target(following):
            parts.append([])
            length = 0
        else:
            parts[-1].append(inline)
            length += len(pandoc.plain_text(inline))
    return [{"t": "Para", "c": part} for part in parts if part] if len(parts) > 1 else None


def _is_target(node: Node) -> bool:
    return node["t"] == "RawInline" and bool(node["c"][1].startswith(_TARGET))


def _broken(text: str) -> str:
    """Let a very long word break after every few letters, at zero-width spaces."""
    return _LONG_WORD.sub(lambda word: re.sub(".{8}(?=.)", "\\g<0>\u200b", word[0]), text)


def _unbroken(text: str) -> str:
    """Write a text in which blanks must not break as a box with ordinary blanks.

    A no-break space shares its glyph with the blank: once it is used, every blank of the PDF is copied and searched as
    a no-break space.
    """
    string = f"#{quoted(text.replace(NO_BREAK, ' '))};"
    return f"#box[{string}]" if NO_BREAK in text and len(text) <= _LONGEST_BOX else string


def pdf(tree: Node, title: TitleBlock, settings: Settings, words: Words) -> bytes:
    """Set the document.

    Args:
        tree: the document after its transformation.
        title: the title block, for the metadata.
        settings: the options for Typst.
        words: the renderer's words in the document's language.
    """
    available = fonts.load(_font_folders(settings))
    text = typst_source(tree, title, settings, words, _families(settings, available))
    project = settings.source.project.resolve()
    _warn(settings, text, available)
    standards = settings.items("pdf-standard")

    def compiled(standards: list[Any]) -> tuple[bytes, list[typst.TypstWarning]]:
        # Typst reads a source given as bytes only once.
        compiler = typst.Compiler(text.encode(), root=str(project), font_paths=available, ignore_system_fonts=True)
        content, warnings = compiler.compile_with_warnings(
            format="pdf", timestamp=settings.timestamp, pdf_standards=standards
        )
        assert isinstance(content, bytes)
        return content, warnings

    try:
        content, warnings = compiled(standards or [_ACCESSIBLE])
    except typst.TypstError as error:
        problem = _problem(error, text, settings)
        if standards or _NOT_ACCESSIBLE not in error.message:
            raise SteelyardError(problem) from None
        why = error.message.partition(_NOT_ACCESSIBLE)[2]
        print(f"{problem.where}: PDF: tagged, but not PDF/UA-1: {why}", file=sys.stderr)
        content, warnings = compiled([])
    for warning in dict.fromkeys(f"{settings.source.document}: PDF: {item.message}" for item in warnings):
        print(warning, file=sys.stderr)
    return content


def typst_source(tree: Node, title: TitleBlock, settings: Settings, words: Words, families: list[str]) -> str:
    """Write the document in Typst."""
    tree = pandoc.rewrite(pandoc.rewrite(tree, _divided), _as_strings)
    body = pandoc.write(tree, ["--to=typst-citations"], settings.source.folder)
    preamble = resources.files(__package__ or "").joinpath("preamble.typ").read_text(encoding="utf-8")
    before = [_included(settings, "include-in-header"), _included(settings, "include-before-body")]
    head, _, rest = body.partition(_END_OF_TITLE)
    return "\n".join([preamble, _options(title, settings, families), *before, head, _contents(settings, words), rest])


def _options(title: TitleBlock, settings: Settings, families: list[str]) -> str:
    """Write the call that sets the look and the metadata."""
    language, _, region = settings.text("lang", "en").partition("-")
    region = settings.text("region") or (region if len(region) == 2 else "")
    date = settings.date
    description = title.description or settings.text("description")
    options = {
        "title": quoted(pandoc.plain_text(title.title)) if title.title else "none",
        "authors": _array(pandoc.plain_text(author.name) for author in title.authors),
        "keywords": _array(title.keywords or [as_text(keyword) for keyword in settings.items("keywords")]),
        "description": quoted(description) if description else "none",
        "date": f"datetime(year: {date.year}, month: {date.month}, day: {date.day})" if date else "auto",
        "lang": quoted(language.lower() or "en"),
        "region": quoted(region.lower()) if region else "none",
        "direction": settings.text("dir") if settings.text("dir") in ("ltr", "rtl") else "auto",
        "paper": quoted({"letter": "us-letter"}.get(paper := settings.text("papersize", "a4"), paper)),
        "fonts": _array(families),
        "code-fonts": _array(fonts.CODE),
        "page-numbering": quoted(settings.text("page-numbering", "1")),
        "linestretch": str(settings.get("linestretch", 1)),
    }
    if settings.get("fontsize"):
        options["size"] = _length(settings, "fontsize", settings.get("fontsize"))
    if settings.get("margin"):
        options["margin"] = _margin(settings)
    return "#show: report.with(" + ", ".join(f"{key}: {value}" for key, value in options.items()) + ")"


def _array(items: Any) -> str:
    return "(" + "".join(f"{quoted(item)}, " for item in items) + ")"


def _length(settings: Settings, key: str, value: Any) -> str:
    if not _LENGTH.fullmatch(str(value)):
        raise SteelyardError(Problem(f"{value} is not a length", settings.where(key), "Such as 25mm, 2cm, 10pt"))
    return str(value)


def _margin(settings: Settings) -> str:
    margin = settings.get("margin")
    if not isinstance(margin, dict):
        return _length(settings, "margin", margin)
    sides = {"x", "y", "top", "bottom", "left", "right"}
    if not set(margin) <= sides:
        raise SteelyardError(Problem(f"margin knows {', '.join(sorted(sides))} only", settings.where("margin")))
    return "(" + ", ".join(f"{side}: {_length(settings, 'margin', value)}" for side, value in margin.items()) + ")"


def _contents(settings: Settings, words: Words) -> str:
    if not settings.get("toc", False):
        return ""
    title = quoted(settings.text("toc-title", words.contents))
    return f"#outline(title: [#{title}], depth: {int(settings.get('toc-depth', 3))}, indent: 1.2em)\n#v(1em)"


def _included(settings: Settings, key: str) -> str:
    parts = []
    for item in settings.items(key):
        if isinstance(item, dict) and "text" in item:
            parts.append(str(item["text"]))
            continue
        name = str(item.get("file", "") if isinstance(item, dict) else item)
        path = settings.source.path(name)
        if path is None or not path.is_file():
            raise SteelyardError(Problem(f"{key} names {name}, which was not found", settings.where(key)))
        parts.append(path.read_text(encoding="utf-8-sig"))
    return "\n".join(parts)


def _font_folders(settings: Settings) -> list[Path]:
    folders = []
    for name in settings.items("font-paths"):
        path = settings.source.path(str(name))
        if path is None or not path.is_dir():
            raise SteelyardError(Problem(f"font-paths names {name}, which is no folder", settings.where("font-paths")))
        folders.append(path)
    return folders


def _families(settings: Settings, available: typst.Fonts) -> list[str]:
    """Give the fonts of the text in order; one that is asked for but not there is named on stderr."""
    families = {family.lower() for family in available.families()}
    main = [str(name) for name in settings.items("mainfont")]
    for name in main:
        if name.lower() not in families:
            print(f"{settings.source.document}: PDF: there is no font {name}", file=sys.stderr)
    return [*(name for name in main if name.lower() in families), *fonts.TEXT]


def _warn(settings: Settings, text: str, available: typst.Fonts) -> None:
    """Say on stderr which characters the PDF will lack: Typst itself prints boxes without a word."""
    for character in fonts.without_glyph(text, available):
        name = unicodedata.name(character, "a character without a name")
        print(f"{settings.source.document}: PDF: no font shows U+{ord(character):04X} ({name})", file=sys.stderr)


def _problem(error: typst.TypstError, text: str, settings: Settings) -> Problem:
    """Say what Typst found wrong, and where in the sources if the line came from there."""
    match = re.search(r":(\d+):\d+", error.diagnostic)
    lines = text.splitlines()
    line = lines[int(match.group(1)) - 1].strip() if match and int(match.group(1)) <= len(lines) else ""
    where = settings.source.find(re.escape(line)) if len(line) > 3 else settings.source.document
    return Problem(f"Typst: {error.message}", where, "; ".join(error.hints))
