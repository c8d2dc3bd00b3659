"""The embedded renderer as a whole: same bytes, one file, nothing from outside, foreign text untouched."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pypdf
import pytest
from lxml import html

from steelyard.errors import SteelyardError
from steelyard.render.embedded import pdf as pdf_format
from steelyard.render.embedded import render
from steelyard.render.escape import attribute, entities

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="#246"/></svg>'
FOREIGN = [
    "{{< var secret >}}",
    "<script>alert(1)</script><b>x</b>",
    "- x",
    "+ x",
    "= x",
    "/ x: y",
    "1. x",
    "# x",
    '#import "a": b',
    "#let x = 1",
    "@cite [^1] [@cite] $x$ $$y$$",
    "```{python}",
    "::: {.callout-note}",
    "![i](http://x.org/y.png)",
    "[t](javascript:alert(1))",
    "a -- b --- c ... \"q\" 'it's' 1990's",
    "*a* _b_ `c` ~d~ ^e^ ==f==",
    "| a | b |",
    "\\alpha \\ #",
    "// c /* d */ <label>",
    "https://example.org/x a@b.org",
    "&amp; &#35; {#id .c}",
    "开源 「引」 中文，标点。",
    "emoji 😀 and é ü ß",
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "_quarto.yml").write_text("project:\n  type: default\n")
    (tmp_path / "_variables.yml").write_text('secret: LEAKED\nn: "3"\n')
    (tmp_path / "a.svg").write_text(SVG)
    return tmp_path


def write(project: Path, body: str, header: str = 'title: "T"') -> tuple[Path, Path]:
    """Render a text to both formats."""
    (project / "d.qmd").write_text(f"---\n{header}\n---\n\n{body}\n", encoding="utf-8")
    page, pdf = project / "out" / "d.html", project / "out" / "d.pdf"
    render(project, "d.qmd", page, pdf)
    return page, pdf


def problems(project: Path, body: str, header: str = 'title: "T"') -> list[str]:
    """Give what is wrong with a text."""
    with pytest.raises(SteelyardError) as error:
        write(project, body, header)
    assert not (project / "out").exists()
    return [f"{problem.where}: {problem.what}" for problem in error.value.problems]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_same_sources_give_the_same_bytes(project, monkeypatch):
    body = "# One {#sec-one}\n\n![Cap](a.svg){#fig-a}\n\nSee @fig-a.\n\n::: {.callout-tip}\nx\n:::"
    first = [path.read_bytes() for path in write(project, body, 'title: "T"\ntoc: true')]
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert [path.read_bytes() for path in write(project, body, 'title: "T"\ntoc: true')] == first


def test_the_date_of_the_pdf_is_the_documents_or_the_epochs_never_now(project, monkeypatch):
    _, pdf = write(project, "x", 'title: "T"\ndate: 2021-06-09')
    assert "20210609" in pypdf.PdfReader(pdf).metadata["/CreationDate"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    _, pdf = write(project, "x")
    assert "19700102" in pypdf.PdfReader(pdf).metadata["/CreationDate"]


def test_a_given_date_takes_the_place_of_the_documents(project):
    (project / "d.qmd").write_text("---\ntitle: T\ndate: 2021-06-09\n---\n\nx\n")
    render(project, "d.qmd", project / "d.html", None, date="2022-01-02")
    assert "January 2, 2022" in (project / "d.html").read_text(encoding="utf-8")


def test_the_page_loads_nothing_and_runs_one_script_that_its_policy_names(project):
    page, _ = write(project, "# One\n\n![Cap](a.svg){#fig-a}\n\n$x^2$", 'title: "T"\ntoc: true')
    text = page.read_text(encoding="utf-8")
    tree = html.document_fromstring(text)
    assert tree.xpath("//link | //script[@src] | //iframe | //@onclick | //@onload") == []
    assert all(source.startswith("data:") for source in tree.xpath("//@src"))
    [script] = tree.xpath("//script/text()")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    [policy] = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'")
    assert f"script-src 'sha256-{digest}'" in policy
    assert tree.xpath("//math")


def test_a_page_without_contents_has_no_script(project):
    page, _ = write(project, "# One")
    assert "<script" not in page.read_text(encoding="utf-8")


def test_a_projects_own_script_is_named_by_the_policy(project):
    (project / "own.html").write_text("<script>let a = 1;</script>")
    page, _ = write(project, "x", 'title: "T"\nformat:\n  html:\n    include-after-body: own.html')
    digest = base64.b64encode(hashlib.sha256(b"let a = 1;").digest()).decode()
    assert digest in page.read_text(encoding="utf-8")


def test_landmarks_and_language(project):
    page, _ = write(project, "# One\n\n| a |\n|---|\n| 1 |\n\n: Cap {#tbl-a}", 'title: "T"\ntoc: true\nlang: de')
    tree = html.document_fromstring(page.read_text(encoding="utf-8"))
    assert tree.get("lang") == "de"
    assert tree.xpath("//a[@class='skip-link']/@href") == ["#quarto-document-content"]
    assert len(tree.xpath("//main//header")) == 1
    assert tree.xpath("//nav[@role='doc-toc'][@aria-labelledby='toc-title']")
    [box] = tree.xpath("//div[@role='region']")
    assert (box.get("tabindex"), box.get("aria-label")) == ("0", "Tabelle\u00a01")


PLACES = {
    "paragraph": "{x}",
    "cell": "| a | b |\n|---|---|\n| {x} | {x} |\n\n: {x} {{#tbl-a}}",
    "item": "- {x}\n- {x}",
    "quote": "> {x}",
    "heading": "# {x} {{#sec-a}}",
    "caption": "![{x}](a.svg){{#fig-a}}",
    "note": "a[^n]\n\n[^n]: {x}",
    "link": "# A {{#sec-b}}\n\n[{x}](#sec-b)",
    "callout": "::: {{.callout-note}}\n## {x}\n\n{x}\n:::",
    "definition": "{x}\n: {x}",
    "span": "[{x}]{{lang=zh}}",
}


@pytest.mark.parametrize("foreign", FOREIGN, ids=range(len(FOREIGN)))
def test_foreign_text_comes_out_as_it_is_wherever_it_stands(project, foreign):
    text = "\n\n".join(PLACES.values())
    page, pdf = write(project, text.format(x=entities(foreign)))
    main = html.document_fromstring(page.read_text(encoding="utf-8")).xpath("//main")[0]
    assert squeezed(main.text_content()).count(squeezed(foreign)) == text.count("{x}")
    assert main.xpath(".//script") == []
    printed = "".join(squeezed(p.extract_text()) for p in pypdf.PdfReader(pdf).pages)
    assert printed.replace("-", "").count(squeezed(foreign).replace("-", "")) == text.count("{x}")
    assert "LEAKED" not in printed


def test_foreign_text_in_an_alternative(project):
    for foreign in FOREIGN:
        page, _ = write(project, f'![Cap](a.svg){{#fig-a fig-alt="{attribute(foreign)}"}}')
        [alternative] = html.document_fromstring(page.read_text(encoding="utf-8")).xpath("//main//img/@alt")
        assert alternative.replace("\u2060", "") == foreign


def test_control_characters_are_replaced(project):
    page, _ = write(project, "a&#1;b&#7;c \\\\u0001")
    assert "a\ufffdb\ufffdc \\u0001" in page.read_text(encoding="utf-8")


def test_a_character_without_a_glyph_is_named_on_stderr(project, capsys):
    write(project, "ordinary é 开源 😀 → text")
    assert capsys.readouterr().err == ""
    write(project, "hieroglyph \U00013000")
    assert "no font shows U+13000 (EGYPTIAN HIEROGLYPH A001)" in capsys.readouterr().err


def test_a_long_table_breaks_with_its_head_repeated(project):
    rows = "\n".join(f"| {n} | row {n} |" for n in range(150))
    _, pdf = write(project, f"| Number | Words |\n|--:|---|\n{rows}\n\n: Long {{#tbl-long}}")
    texts = [page.extract_text() for page in pypdf.PdfReader(pdf).pages]
    assert len(texts) > 2
    assert all("Number" in text for text in texts)
    assert sum(text.count("Table\u00a01") + text.count("Table 1") for text in texts) == 1
    assert all(re.search(rf"\brow {n}\b", "\n".join(texts)) for n in range(150))


def test_a_row_stays_whole_but_for_one_that_a_page_might_not_hold(project):
    rows = "\n".join(f"| {n} | start{n} {'word ' * 60} end{n} |" for n in range(20))
    _, pdf = write(
        project, f"| A | B |\n|--:|---|\n{rows}\n| 20 | start20 {'word ' * 3000} end20 |\n\n: Long {{#tbl-long}}"
    )
    texts = [page.extract_text() for page in pypdf.PdfReader(pdf).pages]
    pages = {n: [k for k, text in enumerate(texts) if re.search(rf"(start|end){n}\b", text)] for n in range(21)}
    assert all(len(pages[n]) == 1 for n in range(20))
    assert len(pages[20]) == 2, "from its first word to its last"
    assert sum(text.count("word") for text in texts) == 20 * 60 + 3000


def accessible(pdf: Path) -> bool:
    root = pypdf.PdfReader(pdf).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    return b"<pdfuaid:part>1<" in root["/Metadata"].get_data()


def test_a_pdf_is_made_to_the_standard_of_accessible_ones(project, capsys):
    body = "# A {#sec-a}\n\n![](a.svg) $x^2$\n\n$$y$$ {#eq-y}\n\n![Cap](a.svg){#fig-a}\n\n## B[^n]\n\n[^n]: x"
    _, pdf = write(project, body)
    assert accessible(pdf)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("body", "header", "why"),
    [
        ("# A\n\n### B", 'title: "T"', "skipped from heading level 1 to 3"),
        ("x", "lang: en", "missing document title"),
    ],
)
def test_a_document_that_cannot_be_accessible_is_tagged_and_says_why(project, capsys, body, header, why):
    _, pdf = write(project, body, header)
    assert not accessible(pdf)
    assert capsys.readouterr().err == f"d.qmd: PDF: tagged, but not PDF/UA-1: {why}\n"


def test_all_problems_come_at_once_and_nothing_is_written(project):
    (project / "_part.md").write_text("x\n\n![gone](gone.svg){#fig-x}\n")
    found = problems(project, "{{< include _part.md >}}\n\n@fig-none and [a](#none) and [b](data:x)")
    assert sorted(found) == [
        "_part.md:3: The image gone.svg was not found",
        "d.qmd:7: A link to data: is not allowed",
        "d.qmd:7: The link to #none leads nowhere",
        "d.qmd:7: The reference @fig-none cannot be resolved: fig-none does not exist",
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("```{r, echo=F}\n1\n```", "d.qmd:5: A code cell {r, echo=F}"),
        ("a {{< var n", "d.qmd:5: A shortcode is not closed on its line"),
        ("text {{< include a.md >}}", "d.qmd:5: The shortcode include is not supported here"),
        ("::: {.callout-note}\nx", "d.qmd:5: A div is not closed"),
        ("text\n::: {.x}\ny\n:::", "d.qmd:6: A div begins inside a paragraph"),
        ("[x]{.aside}", "d.qmd:5: The class .aside is not supported"),
        ("![x](//example.org/a.png)", "d.qmd:5: The image //example.org/a.png is not a file of the project"),
        ("![x](../a.svg)", "d.qmd:5: The image ../a.svg was not found"),
        ("<script>x()</script>", "d.qmd:5: Raw HTML that runs something"),
        ("<p onclick='x()'>a</p>", "d.qmd:5: Raw HTML that runs something"),
        ('<img src="a.svg">', "d.qmd:5: Raw HTML that loads something"),
        ("[x](&#106;avascript:alert(1))", "d.qmd: A link to javascript: is not allowed"),
        ("[x]( JavaScript:alert(1))", "d.qmd:5: A link to JavaScript: is not allowed"),
        ("a [@doe]", "d.qmd:5: @doe is cited, but there is no bibliography"),
        ("---\ntitle: again\n---", "d.qmd:5: Metadata in the middle of the text"),
        ("# A {#x}\n\n# B {#x}", "d.qmd:7: The id x is given twice"),
        ("| a |\n|---|\n| 1 |\n\n: C {#fig-t}", "d.qmd:9: The id fig-t does not say that it is a table"),
    ],
)
def test_what_is_refused_is_refused_with_file_and_line(project, body, expected):
    assert any(found.startswith(expected) for found in problems(project, body)), problems(project, body)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("title: T\nexecute:\n  echo: false", "d.qmd:3: The option execute is not supported"),
        ("title: T\nformat:\n  docx: default", "d.qmd:4: The format docx is not supported"),
        ("title: T\nformat:\n  html:\n    tocc: true", "d.qmd:5: The option tocc is not supported"),
        ("title: T\ndate: today", "d.qmd:3: The date must be a date"),
        ("title: T\ntoc: 1", "d.qmd:3: The option toc must be true or false"),
        ("title: [a", "d.qmd:2: Not YAML"),
        ("title: '{{< var gone >}}'", "d.qmd:2: There is no gone in _variables.yml"),
        ("title: T\nbibliography: gone.json", "d.qmd:3: The file gone.json was not found"),
    ],
)
def test_options_are_refused_with_file_and_line(project, header, expected):
    assert any(found.startswith(expected) for found in problems(project, "x", header)), problems(project, "x", header)


def test_a_themes_rules_are_put_after_the_pages_own_style(project):
    (project / "own.scss").write_text("/*-- scss:defaults --*/\n$a: 1px;\n/*-- scss:rules --*/\n.own { color: red; }\n")
    page, _ = write(project, "x", 'title: "T"\nformat:\n  html:\n    theme: [default, own.scss]')
    style = html.document_fromstring(page.read_text(encoding="utf-8")).findtext(".//style")
    assert style.rstrip().endswith(".own { color: red; }")
    assert "$a" not in style


def test_a_theme_that_loads_something_is_refused(project):
    (project / "own.css").write_text("a {}\nb { background: url(https://example.org/x.png) }\n")
    header = 'title: "T"\nformat:\n  html:\n    css: own.css'
    assert problems(project, "x", header) == ["own.css:2: A style that loads something"]


def test_the_numbers_of_html_and_pdf_agree(project):
    header = 'title: "T"\nnumber-sections: true\ntoc: true\nformat:\n  typst:\n    section-numbering: "1.1.1"'
    body = "# A\n\n### Jump\n\n# B {.unnumbered}\n\n## C\n\n# D {#sec-d}\n\n#### Deep\n\n@sec-d"
    page, pdf = write(project, body, header)
    tree = html.document_fromstring(page.read_text(encoding="utf-8"))
    shown = [" ".join(h.text_content().split()) for h in tree.xpath("//section/*[starts-with(name(), 'h')]")]
    assert shown == ["1 A", "1.0.1 Jump", "B", "1.1 C", "2 D", "2.0.0.1 Deep"]

    def titles(items):
        return [t for item in items for t in (titles(item) if isinstance(item, list) else [item.title])]

    assert titles(pypdf.PdfReader(pdf).outline) == shown


def test_a_very_long_word_and_a_very_long_paragraph_come_out_whole(project, monkeypatch):
    sources: list[str] = []
    written = pdf_format.typst_source
    monkeypatch.setattr(pdf_format, "typst_source", lambda *given: sources.append(written(*given)) or sources[-1])
    word, count = "x" * 30_000, 1500
    statements = [f"[one two six ten n{n}n{entities('.')}]{{#p1-{n} .coded}}" for n in range(count)]
    page, pdf = write(project, f"[{word}]{{#p0 .coded}}\n\n{' '.join(statements)}\n\n[last](#p1-{count - 1})")
    assert max(len(part) for part in sources[0].split("\n\n") if word[:8] not in part) < 30_000
    main = html.document_fromstring(page.read_text(encoding="utf-8")).xpath("//main")[0]
    assert word in main.text_content()
    assert len(main.xpath(".//p")) == 3  # only the PDF divides a paragraph
    text = squeezed("".join(p.extract_text() for p in pypdf.PdfReader(pdf).pages))
    assert text.count("x") - text.count("six") == len(word)
    assert [int(n) for n in re.findall(r"n(\d+)n\.", text)] == [*range(count)]


CITED = "Said so [@a, p. 3].\n\n# References {#sec-refs}\n\n::: {#refs}\n:::"
CITING = 'title: "T"\nlink-citations: true\nbibliography: refs'


def test_citations_and_references_are_the_same_in_both_formats_and_text_stays_text(project):
    title = "[@b] <script>1</script> {{< var secret >}} $x$ `c`{=html}"
    items = [
        {"id": "a", "type": "post", "title": title, "language": "de", "URL": f"https://example.org/{'long/' * 40}"}
    ]
    (project / "refs.json").write_text(json.dumps(items))
    page, pdf = write(project, CITED, f"{CITING}.json")
    [entry] = html.parse(page).xpath("//div[@id='ref-a']")
    printed = "".join(item.extract_text() for item in pypdf.PdfReader(pdf).pages)
    for text in (entry.text_content(), printed):
        assert squeezed(title) in squeezed(text)
        assert squeezed(items[0]["URL"]) in squeezed(text)
    assert html.parse(page).xpath("//a[@href='#ref-a']/text()")
    assert max(len(line) for line in printed.splitlines()) < 150  # the address is broken, not cut


@pytest.mark.parametrize(
    ("title", "told"),
    [(r"\href{javascript:x}{y}", "a link to javascript:x"), (r"\includegraphics{http://x.org/y.png}", "an image")],
)
def test_an_entry_that_runs_or_loads_something_is_refused(project, title, told):
    (project / "refs.bib").write_text(f"@misc{{a, title={{{title}}}}}")
    assert problems(project, CITED, f"{CITING}.bib") == [f"d.qmd:4: An entry of the bibliography holds {told}"]
