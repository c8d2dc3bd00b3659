"""The whole way through on a small study whose answers were worked out by hand."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from lxml import html
from pypdf import PdfReader

from project import HOSTILE, copy_study, snakemake, steelyard

pytestmark = pytest.mark.xdist_group("ferry")  # one worker, so that the small study is built once


def table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(folder / "results" / "ferry" / f"{name}.parquet")


def test_weights_are_those_worked_out_by_hand(ferry):
    weights = table(ferry, "weigh/hypotheses").set_index("hypothesis_id")
    # fares: observation .35 (one voice, though printed twice), assertion .1, hedged assertion .05, less .1 and .1;
    # timetable: assertion .1, testimony .5, documented .8 (cited, and the source was checked).
    assert weights.shown.round(6).to_dict() == {"bridge": 0.35, "fares": 0.30, "timetable": 1.40}
    assert weights["rank"].dropna().to_dict() == {"fares": 2, "timetable": 1}
    # Eight independent voices: nine posts of which one repeats another, less none, and the article's author.
    assert weights.said.to_dict() == {"bridge": 1 / 8, "fares": 5 / 8, "timetable": 3 / 8}
    assert weights.loc["fares", ["voices_for", "voices_against", "mentions", "speakers", "voices"]].tolist() == [
        3,
        2,
        6,
        6,
        5,
    ]


def test_cited_becomes_documented_only_through_the_checked_source(ferry):
    evidence = table(ferry, "aggregate/evidence").set_index("statement_id")
    assert evidence.kind["article:19-159"] == "documented"
    assert (evidence.kind.drop("article:19-159") != "documented").all()


def test_headlines_and_summaries_are_not_weighed(ferry):
    roles = table(ferry, "ingest/utterances").set_index("utterance_id").role
    statements = table(ferry, "ingest/statements").set_index("statement_id")
    weighed = statements.utterance_id[table(ferry, "aggregate/evidence").statement_id].map(roles)
    assert set(weighed) == {"post"}
    assert {"headline", "summary"} <= set(roles)


def test_status_of_observations_comes_from_linked_statements(ferry):
    status = table(ferry, "weigh/observations").set_index("observation_id").status
    assert status["counts_fall_after_cut"] == "documented"
    assert status["fare_rise_first"] == "sought_not_found"
    assert status["riders_name_fares"] == "absent"


def test_every_door_is_a_table_of_the_contract(ferry):
    from steelyard import tables

    stages = ("ingest", "aggregate", "weigh")
    files = [path for stage in stages for path in (ferry / "results" / "ferry" / stage).glob("*.parquet")]
    assert len(files) >= 15
    for path in files:
        tables.read(tables.TABLES[f"{path.parent.name}/{path.stem}"], path)


def test_quotes_are_the_characters_they_are_in_html(ferry):
    page = html.parse(str(ferry / "results" / "ferry" / "report.html")).getroot()
    assert HOSTILE in re.sub(r"\s+", " ", page.text_content())
    assert not page.xpath("//b") and not page.xpath("//a[starts-with(@href, 'javascript')]")
    assert not [s for s in page.xpath("//script") if "alert(1)" in (s.text or "")]


def test_quotes_are_the_characters_they_are_in_the_pdf(ferry):
    reader = PdfReader(ferry / "results" / "ferry" / "report.pdf")
    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in reader.pages))
    for part in HOSTILE.split():
        assert part in text, part
    assert "票价太贵了。" in text


def test_the_pdf_has_fonts_for_chinese_and_emoji(ferry):
    reader = PdfReader(ferry / "results" / "ferry" / "report.pdf")
    fonts = set()
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            fonts.add(str(font.get_object()["/BaseFont"]).partition("+")[2])
    assert any(font.startswith("NotoSansSC") for font in fonts), fonts
    assert any(font.startswith("NotoEmoji") for font in fonts), fonts


def test_every_link_in_the_page_has_its_target(ferry):
    page = html.parse(str(ferry / "results" / "ferry" / "report.html")).getroot()
    ids = set(page.xpath("//@id"))
    targets = {href[1:] for href in page.xpath("//a/@href") if href.startswith("#")}
    assert len(targets) > 20
    assert targets <= ids


def test_the_page_asks_nothing_of_the_network(ferry):
    page = html.parse(str(ferry / "results" / "ferry" / "report.html")).getroot()
    loaded = page.xpath("//img/@src | //script/@src | //link[@rel='stylesheet']/@href | //iframe/@src | //source/@src")
    assert all(address.startswith("data:") for address in loaded)
    assert page.xpath("//figure//*[local-name() = 'svg']"), "its pictures stand in the page itself"


def test_the_project_that_quarto_can_open_is_complete(ferry):
    project = ferry / "results" / "ferry" / "quarto"
    sources = "\n".join(path.read_text(encoding="utf-8") for path in sorted(project.rglob("*.qmd")))
    for included in re.findall(r"{{< include (\S+) >}}", sources):
        assert (project / included).is_file(), included
    assert not re.search(r"^```\{(python|r)\}", sources, re.MULTILINE)
    assert (project / "_variables.yml").is_file() and list((project / "fonts").glob("*.ttf"))


def test_nothing_to_do_is_said_and_where_the_report_is(ferry):
    again = steelyard("--configfile", "ferry/config.yaml", folder=ferry)
    assert again.returncode == 0
    assert "Nothing to be done" in again.stderr
    assert again.stderr.splitlines()[-3:-1] == ["results/ferry/report.html", "results/ferry/report.pdf"]
    assert again.stderr.splitlines()[-1].startswith("made by the embedded renderer")


def test_run_json_has_the_renderer_and_times(ferry):
    run = json.loads((ferry / "results" / "ferry" / "run.json").read_text())
    assert run["renderer"].startswith("the embedded renderer")
    assert set(run["seconds"]) >= {"ingest/ingest", "weigh/weigh", "render/render"}


def test_a_dry_run_says_what_would_be_rebuilt_and_why(ferry, tmp_path):
    import shutil

    shutil.copytree(ferry, tmp_path / "copy", copy_function=shutil.copy2)
    folder = tmp_path / "copy"
    config = folder / "ferry" / "config.yaml"
    config.write_text(config.read_text().replace("draws: 200", "draws: 300"))
    plan = snakemake("--configfile", "ferry/config.yaml", "--dry-run", folder=folder)
    assert plan.returncode == 0, plan.stderr
    said = plan.stdout + plan.stderr
    assert re.search(r"Params have changed", said)
    assert re.search(r"^robustness +1$", said, re.MULTILINE)
    assert not re.search(r"^(ingest|cues|recorded|aggregate) +1$", said, re.MULTILINE)


def test_a_dry_run_in_an_empty_folder_says_what_would_be_made(tmp_path):
    plan = steelyard("--configfile", str(copy_study("ferry", tmp_path)), "--dry-run", folder=tmp_path)
    assert plan.returncode == 0, plan.stderr
    assert not (tmp_path / "results").exists()


def test_words_of_the_default_study_do_not_stand_in_another_studys_report(ferry):
    text = html.parse(str(ferry / "results" / "ferry" / "report.html")).getroot().xpath("//main")[0].text_content()
    assert not re.search(r"\b(labs?|weights are|openness|Chinese)\b", text)


def test_every_file_that_went_in_is_listed_with_its_digest(ferry):
    page = html.parse(str(ferry / "results" / "ferry" / "report.html")).getroot()
    listed = [row.xpath("./td")[0].text_content() for row in page.xpath("//*[@id='tbl-inputs']//tbody/tr")]
    assert listed == ["article.txt", "thread.txt", "codebook.yaml", "codes.csv", "sources.csv"]


def test_the_coder_whose_codes_count_is_said_to_be_unmeasured(ferry):
    page = html.parse(str(ferry / "results" / "ferry" / "report.html")).getroot()
    coding = page.xpath("//section[@id='sec-coding']")[0].text_content()
    assert re.search(r"reader: 12 statements read by a language model that read the text; accuracy unknown", coding)
