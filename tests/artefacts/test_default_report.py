"""The default study, built through the real command: totals reconcile, quotes are exact, figures agree."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from project import PROJECT
from steelyard import vocabulary
from steelyard.loaded_study import LoadedStudy

pytestmark = pytest.mark.xdist_group("default")  # one worker, so that the report is built once

CHINESE = "没有特殊的,就是闭源比不过美国,那就开源,在算力不行的情况下做闭源那不是找死"


@pytest.fixture(scope="module")
def study() -> LoadedStudy:
    return LoadedStudy(PROJECT / "config.yaml")


def table(results: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(results / f"{name}.parquet")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_statements_and_dropped_cover_each_document_exactly_once(results):
    documents = table(results, "ingest/documents").set_index("document_id")
    spans = pd.concat([table(results, "ingest/statements"), table(results, "ingest/dropped")])
    for name, part in spans.groupby("document_id"):
        text = (PROJECT / documents.path[name]).read_bytes().decode()
        covered = [0] * len(text)
        for start, end in zip(part.start, part.end, strict=True):
            for place in range(start, end):
                covered[place] += 1
        assert max(covered) == 1
        assert not [place for place, times in enumerate(covered) if not times and not text[place].isspace()]


def test_every_statement_is_the_text_of_its_span(results):
    documents = table(results, "ingest/documents").set_index("document_id")
    for row in table(results, "ingest/statements").itertuples():
        assert (PROJECT / documents.path[row.document_id]).read_bytes().decode()[row.start : row.end] == row.text


def test_every_statement_was_read_and_says_by_whom(results):
    statements, traits = table(results, "ingest/statements"), table(results, "annotate/traits")
    assert set(traits.statement_id) == set(statements.statement_id)
    assert set(traits.coder) == {"settled"}
    assert set(traits.origin) == {"language_model"}


def test_the_reply_printed_three_times_is_one_voice(results):
    statements = table(results, "ingest/statements")
    repeated = statements[statements.text.str.startswith("They don't have much secrets Americans don't know")]
    assert len(repeated) == 3
    assert repeated.echo_id.nunique() == 1
    evidence = table(results, "aggregate/evidence")
    found = evidence[evidence.statement_id.isin(repeated.statement_id)]
    assert found.speaker_id.nunique() == 3
    assert found.voice_id.nunique() == 1


def test_headlines_and_summaries_weigh_nothing(results):
    roles = table(results, "ingest/utterances").set_index("utterance_id").role
    statements = table(results, "ingest/statements").set_index("statement_id")
    weighed = statements.utterance_id[table(results, "aggregate/evidence").statement_id].map(roles)
    assert set(weighed) == {"post"}


def test_every_hypothesis_stands_in_the_verdicts_the_page_and_the_pdf(results, page, printed, study):
    assert set(table(results, "weigh/hypotheses").hypothesis_id) == set(study.codebook.ids)
    text, in_print = page.text_content(), squeezed("".join(printed))
    for hypothesis in study.codebook.hypotheses:
        assert page.xpath(f"//*[@id='sec-h-{hypothesis.id.replace('_', '-')}']")
        assert hypothesis.claim in re.sub(r"\s+", " ", text)
        assert squeezed(hypothesis.name) in in_print


def test_only_motives_are_ranked(results):
    weights = table(results, "weigh/hypotheses")
    ranked = weights["rank"].notna()
    assert set(weights.role[ranked]) == {"motive"}
    assert ranked.sum() == (weights.role == "motive").sum() == 13


def test_no_voice_adds_more_than_one(results):
    ledger = table(results, "aggregate/ledger")
    assert ledger.best_for.max() <= 1
    shown = (ledger.best_for - ledger.best_against).groupby(ledger.hypothesis_id).sum()
    weights = table(results, "weigh/hypotheses").set_index("hypothesis_id").shown
    assert shown.reindex(weights.index).fillna(0).to_numpy() == pytest.approx(weights.to_numpy())


def test_a_corpus_of_opinion_is_graded_low_at_best(results):
    assert set(table(results, "weigh/hypotheses").certainty) <= {"low", "very low"}


def test_gaps_are_of_the_closed_list_and_say_what_is_missing(results):
    gaps = table(results, "weigh/gaps")
    assert set(gaps.gap_kind) <= set(vocabulary.GAP_KINDS)
    assert gaps.detail.str.len().min() > 20


def test_figures_of_the_first_screen_are_those_of_the_tables(results, page):
    summary = table(results, "weigh/summary").set_index("name").value
    weights = table(results, "weigh/hypotheses").set_index("hypothesis_id")
    first = re.sub(r"\s+", " ", page.xpath("//section[@id='sec-answer']")[0].text_content())
    leader, most = weights.loc[summary["leader"]], weights.loc[summary["most_said"]]
    assert f"strength {leader.shown:.2f}" in first
    assert f"({most.voices}), of {summary['voices']} independent voices" in first
    robustness = table(results, "weigh/robustness").set_index(["hypothesis_id", "doubt"])
    assert f"{robustness.p_first[summary['leader'], 'all']:.0%}".replace("%", " %") in first


def test_the_table_of_the_first_screen_is_the_tables_order(results, page, study):
    names = {h.id: h.name for h in study.codebook.hypotheses}
    weights = table(results, "weigh/hypotheses").dropna(subset="rank").sort_values("rank", kind="stable")
    rows = page.xpath("//*[@id='tbl-ranked']//tbody/tr")
    shown = [[cell.text_content().strip() for cell in row.xpath("./td")][:3] for row in rows]
    assert sorted((r, n, s) for r, n, s in shown) == sorted(
        (str(row["rank"]), names[row.hypothesis_id], f"{row.shown:.2f}") for _, row in weights.iterrows()
    )


def test_every_quotes_link_leads_to_its_passage_word_for_word(page):
    links = [a for a in page.xpath("//a") if re.fullmatch(r"#p\d+-\d+", a.get("href", ""))]
    quotes = [a for a in links if a.text_content().startswith("“")]
    assert len(quotes) > 300
    for quote in quotes:
        [target] = page.xpath(f"//*[@id='{quote.get('href')[1:]}']")
        assert squeezed(quote.text_content()).strip("“”") == squeezed(target.text_content())


def test_every_link_inside_the_page_has_its_target(page):
    ids = set(page.xpath("//@id"))
    assert {href[1:] for href in page.xpath("//a/@href") if href.startswith("#")} <= ids


def test_the_page_asks_nothing_of_the_network_and_is_small(page, results):
    loaded = page.xpath("//img/@src | //script/@src | //link[@rel='stylesheet']/@href")
    assert all(address.startswith("data:") for address in loaded)
    assert (results / "report.html").stat().st_size < 5_000_000


def test_every_picture_has_a_text_alternative(page, results):
    source = (results / "report.html").read_text(encoding="utf-8")  # lxml leaves out a <title> in the body
    pictures = page.xpath("//figure//*[local-name() = 'svg']")
    assert len(page.xpath("//figure")) >= 5 and not page.xpath("//figure//img")
    for picture in pictures:
        title, description = picture.get("aria-labelledby"), picture.get("aria-describedby")
        assert re.search(rf'<title id="{title}">[^<]+</title>', source)
        assert re.search(rf'<desc id="{description}">[^<]{{30,}}</desc>', source)


def test_the_chinese_statement_shows_in_the_pdf(pdf, printed):
    assert CHINESE in squeezed("".join(printed))
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in pdf.pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert any(name.startswith("NotoSansSC") for name in fonts), fonts


def test_the_documents_stand_in_both_formats(page, printed, results):
    in_print = squeezed("".join(printed))
    text = squeezed(page.xpath("//section[@id='sec-sources']")[0].text_content())
    for row in table(results, "ingest/statements").itertuples():
        assert squeezed(row.text) in text
    for title in table(results, "ingest/documents").title:
        assert squeezed(title) in in_print


def test_the_pdf_has_a_title_and_an_outline(pdf):
    assert pdf.metadata.title == "Why do Chinese AI labs release the weights of strong models?"
    assert len(pdf.outline) >= 8


def test_no_character_reference_shows_as_such(page, printed):
    shown = page.xpath("//main")[0].text_content() + "".join(printed)
    assert re.findall(r"&#\d+;", shown) == []
