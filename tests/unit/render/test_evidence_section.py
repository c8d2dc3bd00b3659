"""The evidence table: what stands in it, what its links need, its file, and the scripts that come with it."""

import base64
import csv
import functools
import hashlib
import io
import re
import sys
from pathlib import Path

import pandas as pd
import pytest

from steelyard import tables
from steelyard.csv_file import harmless
from steelyard.render import project
from steelyard.render.embedded import html
from steelyard.render.run import Run
from steelyard.render.sections.evidence import COLUMNS, as_csv, coded, evidence, strongest
from steelyard.render.sections.sources import sources
from steelyard.study import Study
from unit.weigh.small_corpus import CODEBOOK, Said, corpus

HOSTILE = "=1+1 | [x](javascript:alert(1)) <script>alert(1)</script> {{< meta x >}}\t“*”"
SAID = [
    Said("Ann", {"greed": "supports"}, "reasoning"),
    Said("Bob", {"greed": "supports", "honour": "opposes"}, "statistic", hedged=True),
    Said("Cid", {"greed": "raises"}, text=HOSTILE),
    Said("Dee", {"greed": "supports"}, "reasoning", echoes=0, document="other"),
    Said("the page", {"greed": "supports"}, role="headline", document="other"),
    Said("Eve", {"honour": "supports"}, "observation", document="other"),
]


@functools.cache
def run(limit: int = 100, *, codes: bool = True) -> Run:
    return made(SAID if codes else [Said(document=name) for name in ("paper", "other")], limit)


def made(said: list[Said], limit: int = 100) -> Run:
    """Give what the sections of evidence and sources are made of."""
    c = corpus(said)
    starts = c.statements.text.str.len().add(1).cumsum().shift(fill_value=0)
    place = {"start": starts, "end": starts + c.statements.text.str.len()}
    listed = [h.id for h in CODEBOOK.hypotheses]
    ranked = {"hypothesis_id": listed, "role": [h.role for h in CODEBOOK.hypotheses], "rank": [2.0, 1.0, None, None]}
    frames = {
        tables.DOCUMENTS.name: c.documents,
        tables.VOICES.name: c.voices,
        tables.UTTERANCES.name: c.utterances.assign(**place),
        tables.STATEMENTS.name: c.statements.assign(**place),
        tables.CODES.name: c.codes,
        tables.TRAITS.name: c.traits,
        tables.EVIDENCE.name: c.evidence,
        tables.LEDGER.name: c.ledger,
        tables.HYPOTHESES.name: pd.DataFrame(ranked).assign(said=0.5),
    }
    study = Study.model_validate(
        {
            "study": "small",
            "question": "Why?",
            "codebook": "codebook.yaml",
            "sources": [{"path": f"{name}.txt", "source_type": "talk"} for name in ("paper", "other")],
            "coders": [{"name": "reader", "type": "recorded", "path": "reader.csv"}],
            "report": {"title": "Why", "evidence_rows": limit},
        }
    )
    texts = dict.fromkeys(c.documents.document_id, "\n".join(c.statements.text))
    return Run(study, CODEBOOK, frames, texts, {})


def csv_file(made: Run) -> bytes:
    """Give the file evidence.csv."""
    return b"".join(as_csv(made, [made.texts]))


def test_every_code_is_a_row_in_the_order_of_the_report() -> None:
    rows = coded(run())
    found = list(zip(rows.hypothesis_id, rows.stance, rows.speaker, rows.strength.fillna(-1), strict=True))
    assert found == [
        ("honour", "supports", "Eve", 0.35),  # first by rank, though second in the codebook
        ("honour", "opposes", "Bob", 0.3),
        ("greed", "supports", "Bob", 0.3),  # the strongest, then as they stand in the sources
        ("greed", "supports", "Ann", 0.2),
        ("greed", "supports", "Dee", 0.2),
        ("greed", "supports", "the page", -1),
        ("greed", "raises", "Cid", 0.1),
    ]
    assert list(rows.reason) == ["", "", "", "", "", "headline", ""]
    assert rows.independent_voice[rows.speaker == "Dee"].tolist() == ["Ann"]


@pytest.mark.parametrize("output", ["html", "typst"])
@pytest.mark.parametrize("limit", [100, 4])
def test_every_link_to_the_table_finds_its_row_and_every_id_is_given_once(output: str, limit: int) -> None:
    text, pages = only(output, evidence(run(limit))), only(output, sources(run(limit)))
    ids = re.findall(r'id="([^"]+)"', text)
    wanted = {
        target
        for hypothesis in run().hypotheses
        for stance in ("", "supports", "opposes", "raises")
        for target in re.findall(r"\(#(ev-[^)]+)\)", run().statements("x", hypothesis, stance=stance))
    }
    back = re.findall(r"\(#(row-[^)]+)\)", pages)
    assert len(ids) == len(set(ids))
    assert wanted <= set(ids)
    assert sorted(back) == sorted(name for name in ids if name.startswith("row-"))
    assert len(back) == (len(SAID) if limit > 4 else 3)
    assert set(re.findall(r"#(p\d+-\d+)", text)) <= set(re.findall(r"\{#(p[\d-]+) ", pages))


def only(output: str, text: str) -> str:
    """Leave out what the other format gets."""
    other = {"html": "typst", "typst": "html"}[output]
    return re.sub(rf'(?ms)^::: {{\.content-visible when-format="{other}"}}$.*?^:::$', "", text)


def test_page_and_paper_have_the_same_cells() -> None:
    page, paper = only("html", evidence(run())), only("typst", evidence(run()))
    rows = [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr>(<td>.*)</tr>", page)]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines = [re.sub(r'<a href="#([^"]+)">(.*?)</a>', r"[\2](#\1)", line) for line in lines]
    assert lines == [line for line in paper.splitlines() if line.startswith("| <")]
    assert len(lines) == 7


def test_a_row_says_what_is_not_weighed_and_whose_repeat_it_is() -> None:
    text = only("html", evidence(run()))
    assert text.count('<span class="unweighed">headline, not weighed</span>') == 1
    repeat = '<span class="repeat">a repeat of <a href="#p1-0"><span class="original">Ann</span></a></span>'
    assert f'<span class="voice" data-voice="Ann" data-speaker="Dee">Dee</span>, {repeat}' in text
    assert text.count('<span class="hedged">hedged</span>') == 2


def test_a_passage_says_its_line_and_what_it_was_coded_for() -> None:
    page = sources(run())
    assert "**Bob**, [line 2]{.place}:" in page
    assert "Line 2, coded for Honour (opposes) and Greed (supports)" in page


def test_text_of_the_corpus_is_only_ever_text() -> None:
    page, paper = [line for line in evidence(run()).splitlines() if "Cid" in line]
    assert paper.count("|") == 7
    assert not re.search(r"javascript:|<script|\{\{<|\*", page + paper)
    [told] = [row for row in cells(csv_file(run())) if row["speaker"] == "Cid"]
    assert told["statement"] == f"'{HOSTILE}"


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(first: str) -> None:
    assert harmless(f"{first}1") == f"'{first}1"
    assert harmless(f"1{first}") == f"1{first}"


def cells(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_file_holds_all_rows_whatever_the_page_can_carry() -> None:
    assert csv_file(run(limit=2)) == csv_file(run())
    assert csv_file(run()).startswith(b"\xef\xbb\xbf")  # or some spreadsheets take it for another encoding
    assert [tuple(row) for row in cells(csv_file(run()))] == [COLUMNS] * 7


def test_a_page_with_too_little_room_shows_the_strongest_of_each_hypothesis_and_says_so() -> None:
    rows = coded(run())
    kept = strongest(rows, 4)
    # the first of each hypothesis and stance, whatever the room
    assert list(zip(kept.hypothesis_id, kept.stance, kept.speaker, strict=True)) == [
        ("honour", "supports", "Eve"),
        ("honour", "opposes", "Bob"),
        ("greed", "supports", "Bob"),
        ("greed", "raises", "Cid"),
    ]
    assert strongest(rows, 1).equals(kept)
    assert strongest(rows, 7).equals(rows)
    assert list(strongest(rows, 6).speaker) == ["Eve", "Bob", "Bob", "Ann", "Dee", "Cid"]
    assert "the strongest 5 of 7 rows" in evidence(run(limit=5))
    assert "strongest" not in evidence(run()).split("|")[0]


def test_paper_carries_less_than_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(sys.modules[coded.__module__]), "PRINTED_ROWS", 5)
    text, pages = evidence(run()), sources(run())
    assert "strongest 5 of 7 rows" in only("typst", text)
    assert "strongest" not in only("html", text).split(":::")[1]
    in_both = re.findall(r"(?<!\[)\[↑\]\(#(row-p[\d-]+)\)", pages)
    assert set(in_both) == set(re.findall(r'id="(row-[^"]+)"', only("typst", text)))
    assert pages.count('{.content-visible when-format="html"}') == len(SAID) - len(in_both)


def test_a_corpus_without_codes_has_no_table() -> None:
    bare = run(codes=False)
    assert evidence(bare) == "No statement was coded for a hypothesis.\n"
    assert csv_file(bare).decode("utf-8-sig") == ",".join(COLUMNS) + "\n"
    assert "↑" not in sources(bare)


MODULE = "var a=1;export{b as Other,a as default};/*! Licence */"


def test_the_default_export_of_a_module_becomes_a_constant_and_its_licence_stays() -> None:
    made = project.as_constant(MODULE, "Table")
    assert re.sub(r"\s+", " ", made) == "const Table = (() => { var a=1; return a; /*! Licence */ })();"


@pytest.mark.parametrize(
    "module",
    ["var a=1;", "export{a as b};", f"{MODULE}export{{c}};", f'import x from "x";{MODULE}', f'import"x";{MODULE}'],
)
def test_a_module_of_another_form_is_refused(module: str) -> None:
    with pytest.raises(ValueError, match="table library"):
        project.as_constant(module, "Table")


def test_scripts_end_where_html_says_and_the_policy_names_them(tmp_path: Path) -> None:
    prose = Path(project.__file__).parents[3] / "report"
    for name in ("evidence.js", "pictures.js"):
        (tmp_path / name).write_text((prose / name).read_text(encoding="utf-8") + '"</SCRIPT><!--<script>"\n')
    text = project.scripts(tmp_path)
    elements = re.findall(r"<script[^>]*>(.*?)</script", text, re.DOTALL | re.IGNORECASE)
    assert len(elements) == 2
    # HTML would read on over the element's end after these two
    assert "<!--" not in text
    assert r'"<\/SCRIPT>\x3C!--<script>"' in elements[0]
    assert "SpryMedia" in elements[0]
    assert html._scripts(text) == elements
    for element in elements:
        assert base64.b64encode(hashlib.sha256(element.encode()).digest()).decode() in html._policy(elements)
