"""Reading sources: partials with file and line, values, YAML as Quarto reads it."""

from __future__ import annotations

import datetime

import pytest

from steelyard.errors import SteelyardError
from steelyard.render.embedded.options import as_text, load_yaml, merge, read_settings
from steelyard.render.embedded.sources import expand_shortcodes, read_source
from steelyard.render.embedded.svg import for_typst
from steelyard.render.embedded.words import long_date, words_for


@pytest.fixture
def project(tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "_a.md").write_text("first\n\n{{< include parts/_b c.md >}}\nlast\n")
    (tmp_path / "parts" / "_b c.md").write_text("\ufeffinner\r\nmore\r\n")
    return tmp_path


def read(project, body, header="title: T"):
    (project / "d.qmd").write_text(f"---\n{header}\n---\n{body}")
    return read_source(project, "d.qmd")


def test_each_line_of_a_partial_knows_where_it_stands(project):
    source = read(project, "above\n{{< include parts/_a.md >}}\nbelow")
    assert [(line.text, line.where) for line in source.lines] == [
        ("above", "d.qmd:4"),
        ("first", "parts/_a.md:1"),
        ("", "parts/_a.md:2"),
        ("inner", "parts/_b c.md:1"),
        ("more", "parts/_b c.md:2"),
        ("", "parts/_b c.md:3"),
        ("last", "parts/_a.md:4"),
        ("", "parts/_a.md:5"),
        ("below", "d.qmd:6"),
    ]


def test_a_partial_outside_the_project_is_refused(project):
    (project.parent / "outside.md").write_text("x")
    with pytest.raises(SteelyardError, match="was not found"):
        read(project, "{{< include ../outside.md >}}")


def test_values_are_put_in_and_shown_shortcodes_stay(project):
    (project / "_variables.yml").write_text('n: {list: [a, "b c"], half: 0.50, text: "x\\ny"}\n')
    source = read(
        project, "{{< var n.list.2 >}} {{<var n.half>}} {{{< var n >}}} {{< meta own >}} {{< var n.text >}}", "own: M"
    )
    _, value = read_settings(source, None)
    [line] = expand_shortcodes(source.lines, value)
    assert line.text == "b c 0.5 \ue0f0 var n \ue0f1 M x y"


def test_a_value_is_not_expanded_again(project):
    (project / "_variables.yml").write_text('a: "{{< var b >}}"\nb: no\n')
    source = read(project, "{{< var a >}}")
    _, value = read_settings(source, None)
    assert expand_shortcodes(source.lines, value)[0].text == "{{< var b >}}"


def test_metadata_that_refers_to_itself_is_refused(project):
    with pytest.raises(SteelyardError, match="refers to itself"):
        read_settings(read(project, "x", 'title: "{{< meta title >}}"'), None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.50", "0.5"),
        ("1234567.890", "1234567.89"),
        ("1e-3", "1.0e-3"),
        ("2024-03-05", "2024-03-05"),
        ("yes", "yes"),
        ("true", "true"),
        ("12:30", "12:30"),
        ("007", "7"),
        ('"0.50"', "0.50"),
    ],
)
def test_scalars_print_as_quarto_prints_them(text, expected):
    assert as_text(load_yaml(f"a: {text}", "x")["a"]) == expected


def test_options_merge_project_then_format_then_document(project):
    (project / "_quarto.yml").write_text("toc: true\nformat:\n  html:\n    toc-depth: 2\n    number-sections: true\n")
    settings, _ = read_settings(read(project, "x", "number-sections: false\nformat:\n  html:\n    toc-depth: 4"), None)
    html = settings["html"]
    assert (html.get("toc"), html.get("toc-depth"), html.get("number-sections")) == (True, 4, False)
    assert settings["typst"].get("toc-depth") is None


def test_merging_goes_into_mappings_only():
    assert merge({"a": {"b": 1, "c": [1]}}, {"a": {"c": [2], "d": 3}}) == {"a": {"b": 1, "c": [2], "d": 3}}


def test_words_fall_back_to_english():
    assert words_for("fr-CA").figure == "Figure"
    assert words_for("zh-Hans").figure == "图"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "March 5, 2024"), ("en-GB", "5 March 2024"), ("de", "5. März 2024"), ("zh-Hans", "2024年3月5日")],
)
def test_long_dates(language, expected):
    assert long_date(datetime.date(2024, 3, 5), language) == expected


def test_each_text_of_a_picture_names_its_weight():
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><text>a</text><g style="font-weight: bold"><text>b</text></g></svg>'
    assert for_typst(svg) == (
        '<svg xmlns="http://www.w3.org/2000/svg"><text font-variation-settings="\'wght\' 400">a</text>'
        '<g style="font-weight: bold"><text font-variation-settings="\'wght\' 700">b</text></g></svg>'
    )
    assert for_typst("<svg") == "<svg"
