"""Pictures that become part of the page: named, with links that can be reached, and nothing that runs or loads."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from lxml import html

from steelyard.errors import SteelyardError
from steelyard.render.embedded import render
from steelyard.render.embedded.svg import inline

PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="20" '
    'viewBox="0 0 40 20" role="graphics-document" aria-labelledby="title" aria-describedby="desc">'
    '<title id="title">What it shows</title><desc id="desc">How to read it</desc>'
    '<defs><clipPath id="cut"><rect width="3" height="3"/></clipPath></defs>'
    '<a href=" #sec-one" aria-label="One: a \\ url(x)" data-kind="cited">'
    '<rect width="40" height="20" fill="#246" clip-path="url(#cut)"/></a>'
    '<use xlink:href="#cut"/><text>a &lt;b&gt; &amp; c</text></svg>'
)


def drawing(inside: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{inside}</svg>'


def test_two_pictures_of_one_page_share_no_id_and_are_named_by_their_own_words(tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text("project:\n  type: default\n")
    (tmp_path / "a.svg").write_text(PICTURE)
    (tmp_path / "bare.svg").write_text(drawing("<rect/>"))
    (tmp_path / "d.qmd").write_text(
        '# One {#sec-one}\n\n![Cap](a.svg){#fig-a .inline-svg fig-alt="Alt"}\n\n![](a.svg){.inline-svg .on-wide}\n\n'
        '![](bare.svg){.inline-svg fig-alt="A bare one"}\n\n![](a.svg)\n'
    )
    render(tmp_path, "d.qmd", tmp_path / "d.html", None)
    page = html.fromstring((tmp_path / "d.html").read_text(encoding="utf-8"))
    first, second, bare = page.xpath("//*[local-name()='svg']")
    assert first.get("class") == "inline-svg img-fluid figure-img"
    assert second.get("class").split() == ["inline-svg", "on-wide", "img-fluid", "figure-img"]
    assert [svg.get("role") for svg in (first, second, bare)] == ["graphics-document"] * 3
    identifiers = page.xpath("//@id")
    assert len(identifiers) == len(set(identifiers))
    for svg in (first, second):
        (title,), (description,) = (
            page.xpath(f"//*[@id='{svg.get(f'aria-{n}')}']") for n in ("labelledby", "describedby")
        )
        assert (title.text, description.text) == ("What it shows", "How to read it")
        (rect,) = svg.xpath(".//*[@clip-path]")
        assert page.xpath(f"//*[@id='{rect.get('clip-path')[5:-1]}']")
        (link,) = svg.xpath(".//a")
        assert (link.get("href"), link.get("data-kind")) == ("#sec-one", "cited")
        assert link.get("aria-label") == "One: a \\ url(x)"
        assert svg.xpath("string(.//text)") == "a <b> & c"
    assert bare.get("aria-label") == "A bare one"
    assert len(page.xpath("//img[starts-with(@src, 'data:image/svg')]")) == 1


@pytest.mark.parametrize(
    ("inside", "fault"),
    [
        ("<script>x()</script>", "the element script"),
        ("<style>p { color: red }</style>", "the element style"),
        ("<foreignObject/>", "the element foreignObject"),
        ('<image href="#a"/>', "the element image"),
        ('<a href="#a"><set attributeName="href" to="javascript:x()"/></a>', "the element set"),
        ('<h:iframe xmlns:h="http://www.w3.org/1999/xhtml"/>', "the element iframe"),
        ('<rect onclick="x()"/>', "runs something (onclick)"),
        ('<rect onLoad="x()"/>', "runs something (onLoad)"),
        ('<a href="javascript:x()"/>', "from elsewhere (javascript:x())"),
        ('<a href="https://x.org/"/>', "from elsewhere (https://x.org/)"),
        ('<use xlink:href="b.svg#c"/>', "from elsewhere (b.svg#c)"),
        ('<g xml:base="https://x.org/"/>', "from elsewhere"),
        ('<rect fill="url(https://x.org/a#b)"/>', "loads something (fill)"),
        ("<rect style=\"fill: url( 'x.svg#a')\"/>", "loads something (style)"),
        ('<rect style="fill: u\\72l(x)"/>', "loads something (style)"),
        ("<rect", "no valid XML"),
    ],
)
def test_what_could_run_or_load_is_refused(inside: str, fault: str) -> None:
    assert fault in "; ".join(inline(drawing(inside), "svg-1-").faults)


def test_a_drawing_is_not_refused() -> None:
    picture = inline(PICTURE, "svg-1-")
    assert (picture.faults, picture.targets) == ([], ["sec-one"])
    assert b"xlink" not in ElementTree.tostring(picture.root)


def test_faults_and_dead_links_are_told_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text("project:\n  type: default\n")
    (tmp_path / "a.svg").write_text(drawing('<a href="#sec-gone"><rect onclick="x()"/></a>'))
    (tmp_path / "d.qmd").write_text("# One\n\n![Cap](a.svg){.inline-svg}\n")
    with pytest.raises(SteelyardError) as error:
        render(tmp_path, "d.qmd", tmp_path / "d.html", None)
    assert [(problem.where, problem.what) for problem in error.value.problems] == [
        ("d.qmd:3", "The picture a.svg runs something (onclick)"),
        ("d.qmd:3", "The picture a.svg links to #sec-gone, which leads nowhere"),
    ]
