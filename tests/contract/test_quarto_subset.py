"""Holds both renderers to what the genuine Quarto was observed to do, document by document, fact by fact.

The embedded renderer is always held to it; the Quarto CLI where it is installed, in documents of the supported subset
and in what a report lives by (headings, numbers, references, notes, cells, quotes): so the two agree with each other.

The observations (a folder of cases, each with sources and facts.json) stand beside the project or where the variable
STEELYARD_QUARTO_CASES says; without them only the documents of our own in quarto_cases/ are checked. Every document of
the cases stands in exactly one of the tables below: rendered as it is, rendered after a named edit, or refused at a
named line.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
import quarto

from project import need
from quarto_facts import bare, html_facts, pdf_facts, squash, tex
from steelyard.errors import SteelyardError
from steelyard.render.embedded import render

ROOT = Path(__file__).parents[2]
OWN = Path(__file__).parent / "quarto_cases"
GENUINE = Path(os.environ.get("STEELYARD_QUARTO_CASES", ROOT.parent / "shared" / "quarto"))
CASES = GENUINE / "cases" if (GENUINE / "cases").is_dir() else GENUINE

RENDERED = [
    "01-title-block/date-format.qmd",
    "01-title-block/de.qmd",
    "01-title-block/main.qmd",
    "01-title-block/notitle.qmd",
    "01-title-block/plain.qmd",
    "01-title-block/zh.qmd",
    "02-toc-numbering/depth.qmd",
    "02-toc-numbering/level2start.qmd",
    "02-toc-numbering/main.qmd",
    "02-toc-numbering/nonumbers.qmd",
    "03-include/generated.qmd",
    "03-include/list.qmd",
    "03-include/sub/doc.qmd",
    "07-refs/options.qmd",
    "08-callouts/main.qmd",
    "10-notes-citations/bibtex.qmd",
    "10-notes-citations/citeproc-typst.qmd",
    "10-notes-citations/json-citeproc.qmd",
    "10-notes-citations/json.qmd",
    "10-notes-citations/norefsdiv.qmd",
    "10-notes-citations/notes-bottom.qmd",
    "11-lists-spans-links/main2.qmd",
    "13-quoted-text/attributes.qmd",
    "13-quoted-text/cells.qmd",
    "13-quoted-text/main.qmd",
    "14-scripts/main.qmd",
    "14-scripts/rtl.qmd",
    "15-pages/breakable.qmd",
    "15-pages/main.qmd",
    "15-pages/nocap.qmd",
    "16-selfcontained/plainmath.qmd",
    "17-typst-options/main.qmd",
    "18-report/report.qmd",
    "19-errors/empty.qmd",
    "20-errors-project/otherdoc/good.qmd",
]

# Documents that one of the two formats refuses, as the genuine Quarto does or for the reason given.
ONLY_HTML = {
    "07-refs/sec-unnumbered.qmd": ("sec-unnumbered.qmd:7", "sections are not numbered"),
    "12-conditional-raw/main.qmd": ("main.qmd:65", "HTML table"),
    "19-errors/typst-error.qmd": ("typst-error.qmd:6", "nosuchfunction"),
}

# Document: where it is refused, and words of the message.
REFUSED = {
    "03-include/image-beside-partial.qmd": ("parts/_img.qmd:1", "image b.svg was not found"),
    "03-include/inline.qmd": ("inline.qmd:6", "shortcode include"),
    "04-var-meta/err-list.qmd": ("err-list.qmd:5", "is a list"),
    "04-var-meta/err-noname.qmd": ("err-noname.qmd:5", "takes one key"),
    "04-var-meta/err-object.qmd": ("err-object.qmd:5", "is a group"),
    "04-var-meta/err-unknown-shortcode.qmd": ("err-unknown-shortcode.qmd:5", "shortcode nosuch"),
    "04-var-meta/missing.qmd": ("missing.qmd:5", "no nokey in _variables.yml"),
    "07-refs/fig-unresolved.qmd": ("fig-unresolved.qmd:5", "@fig-none"),
    "07-refs/unresolved.qmd": ("unresolved.qmd:5", "@nokey is cited"),
    "09-tabset/main.qmd": ("main.qmd:9", "panel-tabset"),
    "10-notes-citations/missingkey.qmd": ("missingkey.qmd:6", "@nokey is not in the bibliography"),
    "10-notes-citations/nobib.qmd": ("nobib.qmd:5", "there is no bibliography"),
    "11-lists-spans-links/missing-anchor.qmd": ("missing-anchor.qmd:5", "#nowhere"),
    "16-selfcontained/minimal.qmd": ("minimal.qmd:6", "minimal"),
    "16-selfcontained/themenone.qmd": ("themenone.qmd:28", "panel-tabset"),
    "17-typst-options/partials.qmd": ("partials.qmd:9", "template-partials"),
    "19-errors/bad-attr.qmd": ("bad-attr.qmd:5", "malformed"),
    "19-errors/bad-value.qmd": ("bad-value.qmd:3", "toc must be true or false"),
    "19-errors/bad-yaml.qmd": ("bad-yaml.qmd:3", "Not YAML"),
    "19-errors/codecell.qmd": ("codecell.qmd:5", "code cell"),
    "19-errors/duplicate-ids.qmd": ("duplicate-ids.qmd:7", "same is given twice"),
    "19-errors/duplicate-note.qmd": ("duplicate-note.qmd:5", "[^2] has no text"),
    "19-errors/include-loop.qmd": ("_loop.md:3", "include loop"),
    "19-errors/include-noarg.qmd": ("include-noarg.qmd:5", "names no file"),
    "19-errors/missing-bib.qmd": ("missing-bib.qmd:3", "nofile.bib was not found"),
    "19-errors/missing-image-embed.qmd": ("missing-image-embed.qmd:10", "nofile.svg was not found"),
    "19-errors/missing-image.qmd": ("missing-image.qmd:5", "nofile.svg was not found"),
    "19-errors/missing-include.qmd": ("missing-include.qmd:5", "_nofile.md was not found"),
    "19-errors/nested-relative.qmd": ("parts/_nested.md:1", "../_inner.md was not found"),
    "19-errors/unclosed-code.qmd": ("unclosed-code.qmd:5", "not closed"),
    "19-errors/unclosed-div.qmd": ("unclosed-div.qmd:5", "not closed"),
    "19-errors/unclosed-shortcode.qmd": ("unclosed-shortcode.qmd:5", "not closed"),
    "19-errors/unopened-div.qmd": ("unopened-div.qmd:7", "never opened"),
    "20-errors-project/badproject/main.qmd": ("_quarto.yml:3", "Not YAML"),
    "20-errors-project/badvars/main.qmd": ("_variables.yml:2", "Not YAML"),
    "20-errors-project/novars/main.qmd": ("main.qmd:5", "no count in _variables.yml"),
    "20-errors-project/otherdoc/bad.qmd": ("bad.qmd:5", "names no file"),
}


@dataclass(frozen=True)
class Edit:
    """What is taken out of a document that is refused as it stands, and the same in its facts.

    Args:
        refused: where the document is refused as it stands, and words of the message.
        sources: (file, old, new), replaced in the sources.
        facts: (old, new), replaced in every text of the facts; a list entry whose text becomes "-" is dropped.
        drop: entries of the facts that name one of these are dropped.
        formats: the formats in which it is refused.
    """

    refused: tuple[str, str]
    sources: tuple[tuple[str, str, str], ...]
    facts: tuple[tuple[str, str], ...] = ()
    drop: tuple[str, ...] = ()
    formats: tuple[str, ...] = ("html", "typst")


EDITED = {
    "03-include/main.qmd": Edit(
        ("parts/_b.qmd:1", "front matter"),
        (("parts/_b.qmd", '---\ntitle: "Title inside a partial"\nauthor: "Nobody"\n---\n', ""),),
        (("Title inside a partial", "Includes"), ('"Author", "Nobody"', ""), ("Nobody", "-")),
        ("author",),
    ),
    "04-var-meta/main.qmd": Edit(
        ("main.qmd:27", "keylist is a list"),
        (("main.qmd", "; whole list: {{< meta keylist >}}", ""),),
        (("; whole list: ?invalid meta type:keylist", ""),),
    ),
    "05-figures/main.qmd": Edit(
        ("main.qmd:27", "layout-ncol"),
        (
            ("main.qmd", " layout-ncol=2", ""),
            ("main.qmd", "![First](a.svg){#fig-pair-a}\n\n![Second](a.svg){#fig-pair-b}\n\nPair", "Both.\n\nPair"),
            ("main.qmd", " with @fig-pair-a and @fig-pair-b", ""),
        ),
        (
            (" with Figure 5 (a) and Figure 5 (b)", ""),
            (" with Figure 5a and Figure 5b", ""),
            ('["figcaption", "(a) First"]', '["p", "Both."]'),
            ('["figcaption", "(b) Second"]', '"-"'),
            ('{"src": "a.svg"}, {"src": "a.svg"}, ', ""),
            ('"F F", "(a) First (b) Second"', '"Both."'),
        ),
        ("fig-pair-a", "fig-pair-b"),
    ),
    "06-tables/main.qmd": Edit(
        ("main.qmd:51", "list-table"),
        (
            ("main.qmd", "::: {.list-table}\n* - x\n  - y\n* - 1\n  - 2\n:::\n", "| x | y |\n|---|---|\n| 1 | 2 |\n"),
            (
                "main.qmd",
                "```{=html}\n<table>",
                "| H1 | H2 |\n|----|---:|\n| cell \\<1> | 2 |\n| spanning ||\n\n```{=none}\n<table>",
            ),
        ),
        (('["spanning"]', '["spanning", ""]'), ("cell &lt;1&gt; 2", "cell <1> 2")),
    ),
    "07-refs/main.qmd": Edit(
        ("main.qmd:9", "@sec-plain"),
        (("main.qmd", ", @sec-plain;", ";"),),
        ((", ?@sec-plain;", ";"),),
    ),
    "07-refs/numbered.qmd": Edit(
        ("numbered.qmd:11", "@sec-plain"),
        (("numbered.qmd", ", @sec-plain;", ";"),),
        ((", ?@sec-plain;", ";"),),
    ),
    "11-lists-spans-links/main.qmd": Edit(
        ("main.qmd:26", ".aside"),
        (
            ("main.qmd", "::: {.aside}\nAside text.\n:::\n", ""),
            ("main.qmd", "::: {.column-margin}\nMargin text.\n:::\n", ""),
            ("main.qmd", "Before [margin span]{.aside} after.", "Before after."),
            ("main.qmd", " and [js](javascript:alert(1))", ""),
        ),
        (
            ("Before after. Aside text.", "Before after."),
            ("Bordered. Margin text.", "Bordered."),
            (" and js and", " and"),
        ),
        ("Aside text.", "Margin text.", "margin span", "javascript:alert(1)"),
    ),
    "13-quoted-text/named-entities.qmd": Edit(
        ("named-entities.qmd:29", "backslash"),
        (
            ("named-entities.qmd", "I \\{{< var secret >}} j.\n", ""),
            ("named-entities.qmd", "L {{< /* var secret */ >}} m.\n", ""),
        ),
        (),
        ("I 8fc729", "L {{<"),
    ),
    "16-selfcontained/main.qmd": Edit(
        ("own.scss:5", "not plain CSS"),
        (("own.scss", "solid $primary; font-size: $own-size", "solid; font-size: 17px"),),
        formats=("html",),
    ),
}

CITEPROC = "citations are always made by citeproc, in both formats; Quarto's Typst takes no CSL JSON"
DATE = "the date stands in the page's metadata whatever the language; Quarto gives it for some only"
UNNUMBERED = "a captioned image without an id has no number in both formats; Quarto counts it in the PDF only"
QUOTED = (
    "text written as entities stays text at the start of a cell or item; Quarto's PDF makes a list or heading of it"
)
EXPANDED_FIRST = (
    "values are put in before pandoc reads the text: ids are readable, cells stay plain, tables keep their widths"
)
OTHER = "an error in another document of the project is none of this one"
FORMULA = "the parts of a formula come in another order from the PDF's text"

# (document, format, fact): why we differ on purpose. An entry that no longer differs fails.
DIFFERENT: dict[tuple[str, str, str], str] = {
    ("01-title-block/de.qmd", "html", "meta"): DATE,
    ("01-title-block/main.qmd", "html", "links"): "e-mail and ORCID are links with words, not icons",
    ("01-title-block/main.qmd", "typst", "page_lines"): "the text of a PDF goes author by author, not line by line",
    ("01-title-block/zh.qmd", "html", "meta"): DATE,
    ("01-title-block/zh.qmd", "typst", "page_lines"): "captions read alike in both formats: 图 1: 站点, not 图1 站点",
    ("04-var-meta/main.qmd", "html", "blocks"): EXPANDED_FIRST,
    ("04-var-meta/main.qmd", "html", "headings"): EXPANDED_FIRST,
    ("04-var-meta/main.qmd", "html", "tables"): EXPANDED_FIRST,
    ("04-var-meta/main.qmd", "html", "toc"): EXPANDED_FIRST,
    ("05-figures/main.qmd", "typst", "page_lines"): UNNUMBERED,
    ("07-refs/numbered.qmd", "typst", "outline"): "a bookmark keeps the number of a reference in it",
    ("10-notes-citations/bibtex.qmd", "typst", "outline"): CITEPROC,
    ("10-notes-citations/bibtex.qmd", "typst", "page_lines"): CITEPROC,
    ("10-notes-citations/json.qmd", "typst", "exit"): CITEPROC,
    ("10-notes-citations/norefsdiv.qmd", "typst", "exit"): CITEPROC,
    ("13-quoted-text/attributes.qmd", "typst", "page_lines"): UNNUMBERED,
    ("13-quoted-text/cells.qmd", "typst", "outline"): QUOTED,
    ("13-quoted-text/cells.qmd", "typst", "page_lines"): QUOTED,
    ("13-quoted-text/main.qmd", "html", "images"): "an alternative text written as entities is not expanded",
    ("13-quoted-text/main.qmd", "typst", "page_lines"): QUOTED,
    ("16-selfcontained/main.qmd", "typst", "page_lines"): FORMULA,
    ("20-errors-project/otherdoc/good.qmd", "html", "exit"): OTHER,
    ("20-errors-project/otherdoc/good.qmd", "typst", "exit"): OTHER,
}

HTML_KEYS = (
    *(
        "lang",
        "dir",
        "title_element",
        "meta",
        "title_block",
        "toc_title",
        "toc",
        "headings",
        "figures",
        "tables",
        "images",
    ),
    *(
        "xrefs",
        "links",
        "footnote_refs",
        "footnotes",
        "citations",
        "bibliography",
        "appendix_headings",
        "callouts",
        "blocks",
    ),
)
PDF_KEYS = ("page_size_pt", "metadata", "lang", "tagged", "outline", "link_uris", "internal_links", "page_lines")
FORMATS = {"html": HTML_KEYS, "typst": PDF_KEYS}

CLI = quarto.path()
# What the Quarto CLI is held to: one document of each kind (each costs it seconds), and what a report lives by.
BY_QUARTO = [
    "02-toc-numbering/main.qmd",
    "03-include/main.qmd",
    "04-var-meta/main.qmd",
    "05-figures/main.qmd",
    "06-tables/main.qmd",
    "07-refs/numbered.qmd",
    "08-callouts/main.qmd",
    "10-notes-citations/citeproc-typst.qmd",
    "11-lists-spans-links/main2.qmd",
    "13-quoted-text/main.qmd",
    "18-report/report.qmd",
]
KEYS_BY_QUARTO = {
    "html": ("toc", "headings", "figures", "tables", "xrefs", "footnote_refs", "footnotes", "callouts", "blocks"),
    "typst": ("outline", "page_lines"),
}


# --- the two sides


@cache
def genuine(document: str) -> dict[str, Any]:
    """Give the facts of a document, after its edit."""
    case, _, name = document.partition("/")
    facts = json.loads((CASES / case / "facts.json").read_text(encoding="utf-8"))["documents"][name]
    edit = EDITED.get(document)
    if edit:
        text = json.dumps(facts, ensure_ascii=False).replace("\u00a0", " ")
        for old, new in edit.facts:
            assert old in text, f"The facts do not say {old}"
            text = text.replace(old, new)
        facts = _without(json.loads(text), edit.drop)
    return dict(facts)


def _without(value: Any, names: tuple[str, ...]) -> Any:
    """Drop the entries of lists that name something that the edit took out."""
    if isinstance(value, list):
        kept = [item for item in value if item != "-" and not _names(item, names)]
        return [_without(item, names) for item in kept]
    if isinstance(value, dict):
        return {key: _without(item, names) for key, item in value.items() if item != "-"}
    return value


def _names(item: Any, names: tuple[str, ...]) -> bool:
    flat = [item] if isinstance(item, str) else list(item.values()) if isinstance(item, dict) else item
    texts = [text for text in flat if isinstance(text, str)] if isinstance(flat, list) else []
    return any(text.lstrip("#") == name or text.startswith(name) for text in texts for name in names)


@dataclass
class Result:
    """What became of a document in one format."""

    facts: dict[str, Any] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)


@cache
def rendered(base: Path, document: str, name: str, edited: bool = True, renderer: str = "embedded") -> Result:
    """Render a document of a case in one format and observe it."""
    case, _, path = document.partition("/")
    folder = Path(mkdtemp(prefix="quarto-case-"))
    try:
        project = folder / "project"
        shutil.copytree(base / case, project)
        # The cases of errors in a project are one project each.
        if case.startswith("20-"):
            inner, _, path = path.partition("/")
            project = project / inner
        for file, old, new in EDITED[document].sources if edited and document in EDITED else ():
            text = (project / file).read_text(encoding="utf-8")
            assert old in text, f"{file} does not hold {old}"
            (project / file).write_text(text.replace(old, new), encoding="utf-8")
        target = folder / f"out.{name}"
        try:
            if renderer == "quarto":
                render_by_quarto(project, path, name, target)
            else:
                render(project, path, target if name == "html" else None, target if name == "typst" else None)
        except SteelyardError as error:
            return Result(problems=[(problem.where, problem.what) for problem in error.problems])
        except subprocess.CalledProcessError as error:
            return Result(problems=[(document, error.stderr)])
        return Result(facts=html_facts(target) if name == "html" else pdf_facts(target))
    finally:
        shutil.rmtree(folder)


def render_by_quarto(project: Path, document: str, name: str, target: Path) -> None:
    """Render a document by the Quarto CLI, which writes beside its source or into the project's own output folder."""
    command = [str(CLI), "render", document, "--to", name]
    subprocess.run(command, cwd=project, capture_output=True, text=True, check=True, timeout=300)
    made = f"{Path(document).stem}.{'html' if name == 'html' else 'pdf'}"
    shutil.copyfile(max(project.rglob(made), key=lambda path: path.stat().st_mtime), target)


# --- comparison


def differences(key: str, name: str, ours: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    """Say in what a fact of ours differs from Quarto's."""
    own, other = ours.get(key), theirs.get(key)
    compare = {
        "html": {"title_block": _title_block, "images": _images, "tables": _equal},
        "typst": {
            "page_size_pt": _page_size,
            "lang": _pdf_lang,
            "internal_links": _some,
            "page_lines": _lines,
            "metadata": _metadata,
            "outline": _outline,
            "link_uris": _targets,
        },
    }[name].get(key, _equal)
    if key == "page_lines":
        own = ours.get("text")
    return compare(_normal(own), _normal(other))


def _normal(value: Any) -> Any:
    """Bring texts into one form; an absent fact is an empty one."""
    if isinstance(value, str):
        return tex(squash(value))
    if isinstance(value, list):
        return [_normal(item) for item in value]
    if isinstance(value, dict):
        return {key: _normal(item) for key, item in value.items() if item not in (None, "", [])}
    return value if value else None


def _equal(own: Any, other: Any) -> list[str]:
    if own == other or (not own and not other):
        return []
    if isinstance(own, list) and isinstance(other, list):
        pairs = [f"{a!r} is not {b!r}" for a, b in zip(own, other, strict=False) if a != b]
        return pairs or [f"{len(own)} entries, not {len(other)}: {own[len(other) :] or other[len(own) :]}"]
    return [f"{own!r} is not {other!r}"]


def _title_block(own: Any, other: Any) -> list[str]:
    """Compare the title block; Quarto's columns of authors and affiliations are lines one below the other here."""
    own, other = own or {}, other or {}
    keys = [key for key in ("title", "subtitle", "abstract_label", "abstract", "keywords") if key in other]
    found = [line for key in keys for line in _equal(own.get(key), other.get(key))]
    said = [text for text in other.get("metadata", []) if text and not text.startswith("Affiliation")]
    return found + [f"{text} is not there" for text in said if text not in own.get("metadata", [])]


def _images(own: Any, other: Any) -> list[str]:
    """Compare number, alternatives and sizes of images; where Quarto gives no alternative, the caption is ours."""
    icons = "data:image/png"  # of ORCID, in Quarto's title block
    own, other = own or [], [image for image in other or [] if not str(image.get("src", "")).startswith(icons)]
    found = [] if len(own) == len(other) else [f"{len(own)} images, not {len(other)}"]
    for mine, theirs in zip(own, other, strict=False):
        wrong = [key for key in theirs if key != "src" and mine.get(key) != theirs[key]]
        found += [f"{key}: {mine.get(key)!r} is not {theirs[key]!r}" for key in wrong]
    return found


def _pdf_lang(own: str, other: str) -> list[str]:
    """Compare the language; Quarto adds the region US to every language without one (de-US), we add none."""
    return _equal(own.split("-")[0] if other.endswith("-US") else own, other.removesuffix("-US"))


def _page_size(own: Any, other: Any) -> list[str]:
    """Compare the size of pages; what is not set is US letter with Quarto and A4 here."""
    paper = {"612x792": "595x842", "792x612": "842x595"}
    return _equal(own, sorted(paper.get(size, size) for size in other))


def _some(own: Any, other: Any) -> list[str]:
    return [] if bool(own) == bool(other) else [f"{own} internal links, not {other}"]


def _targets(own: Any, other: Any) -> list[str]:
    """Compare the targets of links; a link over two lines counts twice in a PDF."""
    return _equal(list(dict.fromkeys(own or [])), list(dict.fromkeys(other or [])))


def _metadata(own: Any, other: Any) -> list[str]:
    """Compare metadata; several authors stand as "A & B" in Quarto's and as a list in ours."""
    other = other and {key: value.replace(" & ", ", ") if key == "/Author" else value for key, value in other.items()}
    return _equal(own, other)


def _outline(own: Any, other: Any) -> list[str]:
    """Compare bookmarks; ours have the quotation marks of the text."""
    return _equal(*([[level, straight(text)] for level, text in side or []] for side in (own, other)))


def straight(text: str) -> str:
    """Make all quotation marks typewriter ones (Quarto's PDF has a prime in 1990's, and straight ones in bookmarks)."""
    return re.sub("[“”″]", '"', re.sub("[‘’′]", "'", text))


def _lines(own: Any, other: Any) -> list[str]:
    """Look for every line of Quarto's pages in our text: pages break elsewhere, contents have other page numbers."""
    text = straight(bare(own or ""))
    lines = [re.sub(r" \.\.\. \d+$|^! ", "", line) for page in other or [] for line in page]
    return [line for line in lines if not _LEFT_OUT.search(line) and not _pattern(line).search(text)]


# Page numbers, letters within pictures, and script from right to left (whose order in a PDF is its reader's choice).
_LEFT_OUT = re.compile(r"^\d+$|^[A-Z]$|[\u0590-\u06ff\u202a-\u202e]")
_CHINESE = "[\u3000-\u303f\u4e00-\u9fff]"


def _pattern(line: str) -> re.Pattern[str]:
    """Give what a line must look like here; Quarto's PDF had no CJK font and lost characters (no fact to imitate)."""
    characters = [re.escape(character) for character in straight(bare(line))]
    return re.compile(f"{_CHINESE}?".join(characters) if re.search(_CHINESE, line) else "".join(characters))


# --- the tests

needs_cases = pytest.mark.skipif(not CASES.is_dir(), reason=f"no observations of the genuine Quarto at {GENUINE}")


def _checks() -> list[tuple[str, str, str]]:
    """List every fact to check of the embedded renderer: of each document, in each format."""
    if not CASES.is_dir():
        return []
    found = []
    for document in [*RENDERED, *EDITED, *ONLY_HTML]:
        for name, keys in FORMATS.items():
            if document in ONLY_HTML and name == "typst":
                continue
            facts = genuine(document)[name]
            found.append((document, name, "exit"))
            if facts["exit"] == 0:
                found += [(document, name, key) for key in keys if key in facts or key in _ABSENT_COUNTS]
    return found


# Facts that are left out where there is nothing: ours must be nothing too.
_ABSENT_COUNTS = {"toc", "figures", "tables", "xrefs", "footnotes", "citations", "callouts", "outline"}


@needs_cases
@pytest.mark.parametrize(("document", "name", "key"), _checks())
def test_agrees_with_the_genuine_quarto(document: str, name: str, key: str) -> None:
    result, theirs = rendered(CASES, document, name), genuine(document)[name]
    if key == "exit":
        agreed = bool(result.problems) == bool(theirs["exit"])
        found = [] if agreed else [f"{result.problems}, but Quarto's exit was {theirs['exit']}"]
    else:
        assert not result.problems
        found = differences(key, name, result.facts, theirs)
    reason = DIFFERENT.get((document, name, key))
    if reason:
        assert found, f"No longer different: take it out of the table ({reason})"
    else:
        assert not found, "\n".join(found)


def _own_pages() -> list[str]:
    return [document for document, name, key in _own_checks() if (name, key) == ("html", "blocks")]


def test_the_quarto_cli_agrees_with_what_was_observed_of_it() -> None:
    """Both renderers so agree with each other: here the CLI, in the test above the embedded one."""
    need("quarto", CLI)
    found = []
    for base, documents in ((CASES, BY_QUARTO if CASES.is_dir() else []), (OWN, _own_pages())):
        for document in documents:
            theirs = genuine(document) if base == CASES else _beside(document)
            # What is written beside our own documents is what both pages have; the PDFs differ by design.
            for name in FORMATS if base == CASES else ["html"]:
                result = rendered(base, document, name, renderer="quarto")
                found += [f"{document}: {name}: {problem}" for problem in result.problems]
                for key in KEYS_BY_QUARTO[name] if result.facts else ():
                    lines = differences(key, name, result.facts, theirs[name])
                    found += [f"{document}: {name}: {key}: {line}" for line in lines]
    assert not found, "\n".join(found)


def test_quartos_own_markup_is_read_as_the_embedded_renderers(tmp_path: Path) -> None:
    """What the CLI's page has that the embedded renderer's has not: see BEHAVIOUR of the observations."""
    page = tmp_path / "page.html"
    page.write_text(_QUARTOS_PAGE, encoding="utf-8")
    facts = html_facts(page)
    assert facts["headings"] == [
        {"level": 2, "text": "Counts", "number": "1.1", "id": "sec-counts"},
        {"level": 2, "text": "Aside", "id": "aside", "classes": ["unnumbered"]},
        {"level": 2, "text": "Footnotes", "id": "footnotes", "classes": ["quarto-appendix-heading"]},
    ]
    assert facts["figures"][0]["id"] == "tbl-a" and facts["figures"][0]["caption"] == "Table 1: Boats"
    assert facts["tables"][0]["rows"] == [["1", "2"]]
    assert facts["xrefs"] == [["Table 1", "#tbl-a"]]
    assert facts["footnotes"] == [{"id": "fn1", "text": "Noted."}]
    assert [facts["callouts"][0][key] for key in ("title", "collapsible", "expanded", "body")] == [
        *("Mind", True, "false", "Text."),
    ]


_QUARTOS_PAGE = """<html lang="en"><body><nav id="TOC" role="doc-toc"><h2 id="toc-title">Contents</h2></nav>
<main class="content" id="quarto-document-content"><header id="title-block-header"><h1 class="title">T</h1></header>
<section id="sec-counts" class="level2" data-number="1.1"><h2 data-number="1.1" class="anchored"
 data-anchor-id="sec-counts"><span class="header-section-number">1.1</span> Counts</h2>
<p>See <a href="#tbl-a" class="quarto-xref">Table&nbsp;1</a>.<a href="#fn1" class="footnote-ref" id="fnref1"
 role="doc-noteref"><sup>1</sup></a></p>
<div id="tbl-a" class="quarto-float quarto-figure quarto-figure-center anchored">
<figure class="quarto-float quarto-float-tbl figure"><figcaption class="quarto-float-caption-top quarto-float-caption
 quarto-float-tbl" id="tbl-a-caption">Table&nbsp;1: Boats</figcaption><div aria-describedby="tbl-a-caption">
<table class="caption-top table"><thead><tr class="header"><th>A</th><th>B</th></tr></thead>
<tbody><tr class="odd"><td>1</td><td>2</td></tr></tbody></table></div></figure></div>
<div class="callout callout-style-default callout-note callout-titled"><div class="callout-header d-flex
 align-content-center collapsed" data-bs-toggle="collapse" data-bs-target=".callout-1-contents"
 aria-expanded="false" aria-label="Toggle"><div class="callout-icon-container"><i class="callout-icon"></i></div>
<div class="callout-title-container flex-fill"><span class="screen-reader-only">Note</span>Mind</div>
<div class="callout-btn-toggle"><i class="callout-toggle"></i></div></div><div id="callout-1" class="callout-1-contents
 callout-collapse collapse"><div class="callout-body-container callout-body"><p>Text.</p></div></div></div></section>
<section id="aside" class="level2 unnumbered"><h2 class="unnumbered anchored">Aside</h2></section>
<div id="quarto-appendix" class="default"><section class="footnotes footnotes-end-of-document" role="doc-endnotes"
 id="footnotes"><h2 class="anchored quarto-appendix-heading">Footnotes</h2><ol><li id="fn1"><p>Noted.<a href="#fnref1"
 class="footnote-back" role="doc-backlink">↩︎</a></p></li></ol></section></div></main></body></html>"""


def _beside(document: str) -> dict[str, Any]:
    """Give the facts that are written beside a document of our own."""
    case, _, path = document.partition("/")
    return dict(json.loads((OWN / case / "facts.json").read_text(encoding="utf-8"))["documents"][path])


def _refusals() -> list[tuple[str, str, tuple[str, str]]]:
    found = [(document, name, where) for document, where in REFUSED.items() for name in FORMATS]
    found += [(document, "typst", where) for document, where in ONLY_HTML.items()]
    return found + [(document, name, edit.refused) for document, edit in EDITED.items() for name in edit.formats]


@needs_cases
@pytest.mark.parametrize(("document", "name", "expected"), _refusals())
def test_refuses_with_file_and_line(document: str, name: str, expected: tuple[str, str]) -> None:
    problems = rendered(CASES, document, name, edited=False).problems
    assert any(where == expected[0] and expected[1] in what for where, what in problems), problems


@needs_cases
def test_every_document_of_the_cases_stands_in_one_table() -> None:
    cases = {path.parent.name: json.loads(path.read_text(encoding="utf-8")) for path in CASES.glob("*/facts.json")}
    observed = [f"{case}/{name}" for case, facts in cases.items() for name in facts["documents"]]
    tables = [*RENDERED, *ONLY_HTML, *REFUSED, *EDITED]
    assert sorted(tables) == sorted(observed)


def _own_checks() -> list[tuple[str, str, str]]:
    found = []
    for path in sorted(OWN.glob("*/facts.json")):
        for name, formats in json.loads(path.read_text(encoding="utf-8"))["documents"].items():
            found += [(f"{path.parent.name}/{name}", form, key) for form, facts in formats.items() for key in facts]
    return found


@pytest.mark.parametrize(("document", "name", "key"), _own_checks())
def test_own_documents_have_the_facts_written_beside_them(document: str, name: str, key: str) -> None:
    theirs, result = _beside(document)[name], rendered(OWN, document, name)
    if key == "problems":
        assert [list(problem) for problem in result.problems] == theirs[key]
    else:
        assert not result.problems
        assert not (found := differences(key, name, result.facts, theirs)), "\n".join(found)
