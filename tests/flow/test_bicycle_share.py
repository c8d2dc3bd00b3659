"""The second study, on another question and in other formats: what was planted in its corpus comes out of the build."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd
import pytest
from lxml import html

from project import PROJECT, steelyard

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bicycle")]  # one worker, so that the study is built once
CONFIG = PROJECT / "examples" / "bicycle-share" / "config.yaml"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of the study, built by its config alone in an empty folder."""
    folder = tmp_path_factory.mktemp("bicycle")
    done = steelyard("--configfile", str(CONFIG), folder=folder)
    assert done.returncode == 0, done.stderr
    return folder / "results" / "bicycle-share"


@pytest.fixture(scope="module")
def text(results: Path) -> str:
    """The words of the report's page."""
    page = html.parse(str(results / "report.html")).getroot()
    return " ".join(page.xpath("//main")[0].text_content().split())


def table(results: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(results / f"{name}.parquet")


def weights(results: Path) -> pd.DataFrame:
    return table(results, "weigh/hypotheses").set_index("hypothesis_id")


def summary(results: Path) -> dict[str, str]:
    rows = table(results, "weigh/summary")
    return dict(zip(rows.name, rows.value, strict=True))


def said_by(results: Path, words: str) -> pd.DataFrame:
    """Give the utterances in which these words stand, with their statements."""
    found = table(results, "ingest/statements").query("text.str.contains(@words, regex=False)", engine="python")
    return found.merge(table(results, "ingest/utterances"), on="utterance_id", suffixes=("", "_of_utterance"))


def test_the_study_is_as_large_and_as_mixed_as_it_says(results):
    documents = table(results, "ingest/documents")
    assert len(documents) == 15
    assert set(documents.format) == {
        *("article", "markdown", "html", "pdf", "docx", "srt", "vtt", "csv", "jsonl", "hackernews", "reddit")
    }
    assert len(table(results, "ingest/statements")) == 346
    assert len(weights(results)) == 6
    assert set(documents.language) == {"en", "de"}


def test_every_code_lies_in_a_statement_and_every_statement_is_coded(results):
    assert table(results, "annotate/recorded/reader/unmapped").empty
    assert table(results, "annotate/recorded/reader/review").empty
    read = table(results, "annotate/recorded/reader/trait_readings")
    assert set(read.statement_id) == set(table(results, "ingest/statements").statement_id)
    assert set(read.origin) == {"language_model"}


def test_most_voices_say_the_fares_and_the_bicycles_are_shown_best(results):
    weight = weights(results)
    # Scooters: the company .35 (though printed three times), Ferrer .6, R-10 .35, R-26 .2, lenka .5, zipcode .2,
    # whisk_away .1, less the Committee .6, Brandt .35, oldspoke .2 and Quist .1: 2.3 - 1.25.
    # Stations: the Committee .6, Arents .6, R-07 .5, Svea .5, kilnhillkid .5, Holm .45, Kolb .35, Diallo .2, R-27 .1.
    assert weight.shown.round(6).to_dict() == {
        "broken_bikes": 11.175,
        "stations_removed": 3.8,
        "rival_scooters": 1.05,
        "price_rise": 0.65,
        "fear_of_traffic": 0.025,
        "remote_work": 0.95,
    }
    motives = weight["rank"].dropna().sort_values()
    assert list(motives.index) == [
        *("broken_bikes", "stations_removed", "rival_scooters", "price_rise", "fear_of_traffic")
    ]
    assert weight[["voices_for", "voices_against"]].T.astype(int).to_dict("list") == {
        "broken_bikes": [23, 6],
        "stations_removed": [9, 0],
        "rival_scooters": [7, 4],
        "price_rise": [28, 10],
        "fear_of_traffic": [7, 3],
        "remote_work": [6, 2],
    }
    told = summary(results)
    assert (told["leader"], told["most_said"], told["first_by_mentions"]) == ("broken_bikes", *["price_rise"] * 2)
    assert told["often_said_hardly_shown"] == "price_rise"
    assert told["voices"] == "89"


def test_only_what_an_independent_source_documents_is_more_than_low(results):
    assert weights(results).certainty.to_dict() == {
        "broken_bikes": "high",
        **dict.fromkeys(("stations_removed", "rival_scooters", "price_rise", "fear_of_traffic", "remote_work"), "low"),
    }
    evidence = table(results, "aggregate/evidence").query("kind == 'documented'")
    assert set(evidence.document_id) == {"chronicle", "hackernews", "inquiry", "reddit"}


def test_counted_by_heads_the_fares_would_lead(results):
    universes = table(results, "weigh/multiverse").query("coder == 'reader'")
    leaders = universes.sort_values("shown").groupby("strengths").hypothesis_id.last()
    assert leaders["every kind alike"] == "price_rise"
    assert set(leaders.drop("every kind alike")) == {"broken_bikes"}


def test_the_press_release_counts_once(results):
    prints = said_by(results, "The arrival of rental scooters in May 2024")
    assert set(prints.document_id) == {"chronicle", "herald", "where-our-riders-went"}
    assert prints.echo_id.str.startswith("where-our-riders-went:").all()
    evidence = table(results, "aggregate/evidence").set_index("statement_id").loc[prints.statement_id]
    assert set(evidence.voice_id) == {"name:tandem lindhaven"}
    assert weights(results).loc["rival_scooters", ["mentions", "speakers", "voices"]].tolist() == [20, 13, 11]


@pytest.mark.parametrize(
    ("voice", "documents"),
    [
        ("name:ilse brandt", {"hearing", "podcast"}),
        ("name:harald quist", {"hearing", "op-ed"}),
        ("name:lotte arents", {"hearing", "new-fares", "kiln-hill-stations"}),
    ],
)
def test_who_speaks_in_several_documents_is_one_voice(results, voice, documents):
    posts = table(results, "ingest/utterances").query("voice_id == @voice")
    assert set(posts.document_id) == documents


def test_who_talks_most_adds_what_one_voice_adds(results):
    evidence = table(results, "aggregate/evidence").query("hypothesis_id == 'price_rise' and stance == 'supports'")
    counts = evidence.voice_id.value_counts()
    assert (counts.index[0], counts.iloc[0]) == ("name:harald quist", 20)
    ledger = table(results, "aggregate/ledger").set_index(["voice_id", "hypothesis_id"])
    assert ledger.best_for["name:harald quist", "price_rise"] == 0.6


def test_what_is_missing_is_found(results):
    status = table(results, "weigh/observations").set_index("observation_id").status
    assert status.to_dict() == {
        "fewer_fit_to_ride": "documented",
        "more_collisions": "sought_not_found",
        **dict.fromkeys(("loss_starts_at_rise", "loss_where_scooters_stand", "commuting_hours_lost"), "contested"),
        **dict.fromkeys(("leavers_name_the_fare", "loss_follows_repairs", "loss_near_closed_stations"), "claimed"),
        **dict.fromkeys(
            ("leavers_on_scooters", "no_loss_before_closures", "members_of_closed_offices", "women_left_more"), "absent"
        ),
    }
    gaps = table(results, "weigh/gaps").query("gap_kind != 'not looked for'")
    assert set(gaps.gap_id) == {
        "stations_removed/one-sided",
        "remote_work/no-first-hand-speaker",
        "fear_of_traffic/looked-for-and-not-found/more_collisions",
    }


@pytest.mark.parametrize(
    ("answer", "answered"),
    [
        ("Correlation.", "Bikes flagged"),
        ("The flags start to climb", "Correlation."),
        ("Is it, though?", "Everything else is an excuse."),
        ("It does not help.", "crashes have not gone up"),
    ],
)
def test_who_answers_whom_is_kept(results, answer, answered):
    assert said_by(results, answer).parent_id.tolist() == said_by(results, answered).utterance_id.tolist()


def test_what_no_speaker_of_the_corpus_says_is_no_statement(results):
    said = "\n".join(table(results, "ingest/statements").text)
    for furniture in ("cookies", "Our morning letter", "Geese", "Council · Committee", "Page 2", "[deleted]"):
        assert furniture not in said
    assert said.count("It is the price, come on.") == 1  # the quoted line is another's


def test_documents_tell_of_themselves_and_sidecars_and_config_know_better(results):
    documents = table(results, "ingest/documents").set_index("document_id")
    assert documents.loc["herald", ["author", "date"]].tolist() == ["Petra Holm", "2025-10-18"]
    assert documents.loc["memo", ["author", "date"]].tolist() == ["Nadia Ferrer", "2025-09-08"]
    assert documents.loc["inquiry", ["title", "author"]].tolist() == [
        "The loss of riders by Tandem: interim report",
        "Committee of Inquiry",
    ]
    assert documents.loc["anzeiger", ["title", "author"]].tolist() == ["Grüne Räder, leere Ständer", "Friederike Kolb"]
    assert documents.title["hackernews"] == "Comments on the newspaper's report"


@pytest.mark.parametrize("place", ["page 2", "at 00:01:45", "record 33", "post 4", "paragraph 6", "line 14"])
def test_quotes_are_cited_by_their_places(text, place):
    assert place in text


def test_no_link_leads_to_a_place_that_is_not_invented(results):
    page = html.parse(str(results / "report.html")).getroot()
    links = {href for href in page.xpath("//main//a/@href") if href.startswith("http")}
    assert links
    assert not [href for href in links if not (urlsplit(href).hostname or "").endswith(".example")]
