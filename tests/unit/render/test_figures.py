"""The pictures of a small corpus, drawn once: their words, links, marks and bytes."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import pytest

from steelyard import tables
from steelyard.render.figures import draw, save
from steelyard.render.figures.finish import finished
from steelyard.render.figures.said_shown import labels, ticks
from steelyard.render.figures.sheet import KIND_COLOURS, Link, Sheet, read_link, text_width
from steelyard.render.flow import steps
from steelyard.render.run import Run
from steelyard.render.sections.method import dropped
from steelyard.render.sections.who import who
from steelyard.render.voices import by_source, talking
from unit.render import test_sentences as sentences
from unit.weigh.small_corpus import Corpus, Said, corpus

SVG = "{http://www.w3.org/2000/svg}"
FOREIGN = "<b>Ann</b> & 'Bo' \u0007"
SAID = [
    Said(FOREIGN, {"greed": "supports", "honour": "opposes"}, "statistic"),
    Said("Bob", {"greed": "supports"}, "reasoning"),
    Said("Bob", {"greed": "opposes"}, "assertion"),
    Said("Cy", {"honour": "supports"}, "observation", document="letter"),
    Said("Dee", {"need": "raises"}),
    Said("Eve", {}, "none"),
    Said("Fay", {"greed": "supports"}, role="headline"),
]


def run(c: Corpus) -> Run:
    """Give a run with the tables that only the pictures read."""
    made = sentences.run(c)
    more = {tables.LEDGER.name: c.ledger, tables.UNMAPPED.name: tables.UNMAPPED.empty()}
    rows = [{"document_id": c.documents.document_id[0], "start": 0, "end": 5, "reason": "age line"}]
    return replace(made, frames={**made.frames, **more, tables.DROPPED.name: tables.DROPPED.frame(rows)})


@pytest.fixture(scope="module")
def ranking() -> Run:
    return run(corpus(SAID))


@pytest.fixture(scope="module")
def folder(ranking: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("figures")
    save(draw(ranking), made)
    return made


@pytest.fixture(scope="module")
def roots(folder: Path) -> dict[str, ElementTree.Element]:
    return {path.stem: ElementTree.parse(path).getroot() for path in folder.glob("*.svg")}


def links(root: ElementTree.Element) -> list[ElementTree.Element]:
    return list(root.iter(f"{SVG}a"))


def words(root: ElementTree.Element) -> str:
    return " ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))


def test_a_ranking_has_all_its_pictures_and_a_map_only_those_without_rank(ranking: Run) -> None:
    always = {"evidence-map", "matrix-1", "kinds", "voices", "flow"}
    assert set(draw(ranking)) == always | {"ranked", "ranked-narrow", "said-shown", "robustness"}
    assert set(draw(run(corpus(SAID, method=sentences.MAP)))) == always | {"said"}


def test_an_empty_corpus_and_a_bare_codebook_draw_what_there_is() -> None:
    pictures = draw(run(corpus([Said("Ann", {})], codebook=sentences.BARE)))
    assert "matrix-1" not in pictures
    assert all(picture.sheet.height > 0 and picture.description for picture in pictures.values())


def test_title_and_description_come_first_and_name_the_finding(roots: dict[str, ElementTree.Element]) -> None:
    for root in roots.values():
        assert [child.tag for child in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
        assert root.get("aria-labelledby") == root[0].get("id")
        assert root.get("role") == "graphics-document"
    assert "Most is shown for Greed (" in (roots["ranked"][1].text or "")


def test_the_same_pictures_give_the_same_bytes(ranking: Run, folder: Path, tmp_path: Path) -> None:
    save({name: picture for name, picture in draw(ranking).items() if name in ("ranked", "flow")}, tmp_path)
    assert all(path.read_bytes() == (folder / path.name).read_bytes() for path in tmp_path.glob("*.svg"))


def test_every_link_says_where_it_leads_and_leads_to_a_section_or_to_statements(
    ranking: Run, roots: dict[str, ElementTree.Element]
) -> None:
    evidence = {
        ranking.evidence_anchor(h, s) for h in ranking.hypotheses for s in ("", "supports", "opposes", "raises")
    }
    known = {ranking.section_id(h) for h in ranking.hypotheses} | evidence
    known |= {"sec-sources", "sec-evidence", "sec-who", "tbl-dropped"}
    for root in roots.values():
        for link in links(root):
            assert (link.get("href") or "").removeprefix(" #") in known
            assert link.get("aria-label")
    first = {link.get("href") for link in links(roots["ranked"]) if link.get("tabindex") is None}
    assert first == {f" #{ranking.section_id(h)}" for h in ranking.ordered("motive")}


def test_the_map_draws_a_box_for_every_cell_and_a_circle_that_filters_by_kind(
    ranking: Run, roots: dict[str, ElementTree.Element]
) -> None:
    boxes = [path for path in roots["evidence-map"].iter(f"{SVG}path") if path.get("stroke") == "#b8c0c8"]
    assert len(boxes) == len(ranking.everything) * len(KIND_COLOURS)
    circles = {
        (link.get("href"), link.get("data-kind")) for link in links(roots["evidence-map"]) if link.get("data-kind")
    }
    assert (" #ev-greed", "statistic") in circles
    assert (" #ev-greed", "documented") not in circles


def test_the_matrix_tells_unrated_from_neutral_and_each_status_by_its_word(
    ranking: Run, roots: dict[str, ElementTree.Element]
) -> None:
    rated = [group for group in roots["matrix-1"].iter(f"{SVG}g") if "bears" in (group.get("data-label") or "")]
    spoken = [g for g in roots["matrix-1"].iter(f"{SVG}g") if " speaks " in (g.get("data-label") or "")]
    assert len(rated) + len(spoken) == len(ranking[tables.MATRIX])
    assert words(roots["matrix-1"]).count("absent") == len(ranking.observations) + 1  # and once in the key
    dotted = [line for line in roots["matrix-1"].iter(f"{SVG}line") if line.get("stroke-dasharray")]
    assert len(dotted) == len(ranking.observations) + 1


def test_no_picture_is_wider_or_taller_than_the_place_it_stands_in(roots: dict[str, ElementTree.Element]) -> None:
    sizes = {name: (float(root.get("width", 0)), float(root.get("height", 0))) for name, root in roots.items()}
    assert {width for name, (width, _) in sizes.items() if name != "ranked-narrow"} == {720}
    assert sizes["ranked-narrow"][0] == 350
    fonts = {text.get("font-size") for root in roots.values() for text in root.iter(f"{SVG}text")}
    assert fonts <= {"11px", "12px"}


def test_thirteen_motives_leave_room_for_a_paragraph_on_the_first_screen() -> None:
    motives = [
        hypothesis.model_copy(update={"id": f"motive_{n}", "name": f"Motive {n}", "observations": []})
        for n, hypothesis in enumerate([sentences.CODEBOOK.hypotheses[0]] * 13)
    ]
    said = [Said(f"Voice {n}", {f"motive_{n}": "supports" if n else "opposes"}, "cited") for n in range(13)]
    book = sentences.CODEBOOK.model_copy(update={"hypotheses": motives})
    pictures = draw(run(corpus(said, codebook=book)))
    assert pictures["ranked"].sheet.height <= 400
    assert pictures["ranked-narrow"].sheet.height <= 420


def test_foreign_text_is_text(roots: dict[str, ElementTree.Element]) -> None:
    assert "<b>Ann</b> & 'Bo' [U+0007]" in words(roots["voices"])


def test_a_voice_stands_on_each_side_by_its_best_kind(ranking: Run) -> None:
    counted = ranking.totals.best_kinds
    assert counted["greed", "supports"] == {"statistic": 1, "reasoning": 1}
    assert counted["greed", "opposes"] == {"assertion": 1}
    everyone = talking(ranking)
    assert ranking.speakers[everyone[0].voice_id] == "Bob"  # the most statements
    assert [len(group) for group in by_source(ranking, everyone).values()] == [3, 1]  # paper, letter


def test_the_tables_beside_the_pictures_have_their_figures_with_links_to_statements(ranking: Run) -> None:
    text = who(ranking)
    assert '[1](#ev-greed-supports){.evidence data-kind="reasoning" data-best="yes"}' in text
    assert "{#tbl-kinds" in text
    assert "{#tbl-voices" in text
    assert "[Greed](#sec-h-greed) ([0.20](#ev-greed-supports){.evidence data-voice=" in text
    assert "<b>" not in text


def test_each_step_parts_all_that_the_step_before_let_through(ranking: Run) -> None:
    characters, statements, weighed, voices = steps(ranking)
    assert characters.number == ranking[tables.DOCUMENTS].characters.sum()
    assert statements.number == len(SAID)
    assert [part.number for part in statements.parts] == [6, 1]
    assert weighed.number == statements.parts[0].number
    assert [part.number for part in weighed.parts] == [5, 1]
    assert voices.parts[0].number == 3  # Ann, Bob and Cy take sides; Dee only raises
    assert "{#tbl-flow" in dropped(ranking)


def test_a_link_comes_back_from_whatever_address_vega_makes_of_it() -> None:
    link = Link("sec-a", 'a & "b" = ü?#', "cited", twin=True)
    assert read_link(f"https://example.org/{link.written()}") == link
    assert read_link("https://example.org/undefined") == Link()


def test_a_mark_that_only_says_something_is_no_link() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<a xlink:href="{Link(label="x").written()}"><path d="M0,0h1" fill="red"/></a></svg>'
    )
    root = ElementTree.fromstring(finished(svg, "t", "d"))
    assert [group.get("data-label") for group in root.iter(f"{SVG}g")] == ["x"]


def test_labels_cover_neither_one_another_nor_points() -> None:
    points = {name: (200.0, 200.0 + 2 * number, name * 9) for number, name in enumerate("abc")}
    places = labels(points, [])
    boxes = []
    for name, (side, y) in places.items():
        x, _, said = points[name]
        left = x + 9 if side > 0 else x - 9 - text_width(said, 11)
        boxes.append((left, left + text_width(said, 11), y))
    for number, (left, right, y) in enumerate(boxes):
        assert all(right <= a or left >= b or abs(y - m) >= 12 for a, b, m in boxes[number + 1 :])


def test_ticks_are_round_and_begin_at_nought() -> None:
    assert ticks(0, 0.27) == [0, 0.05, 0.1, 0.15, 0.2, 0.25]
    assert ticks(-0.06, 1.86) == [0, 0.5, 1, 1.5]
    assert ticks(-1.2, 1.2) == [-1, -0.5, 0, 0.5, 1]


def test_words_that_fit_are_left_whole_to_be_written() -> None:
    sheet = Sheet(100, 100)
    sheet.text(0, 10, "short", limit=90)
    sheet.text(0, 30, "much longer than there is room for", limit=90)
    marks = [layer.to_dict(validate=False)["mark"] for layer in sheet.chart().layer]
    assert sorted(mark.get("limit", 0) for mark in marks) == [0, 90]
