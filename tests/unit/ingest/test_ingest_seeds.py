"""The default study's own corpus: five pages as they were saved."""

from pathlib import Path

import pytest

from steelyard.evaluate.echoes import planted_echoes
from steelyard.ingest.corpus import Corpus, ingest
from steelyard.ingest.documents import read_documents
from steelyard.ingest.words import words
from steelyard.study import Ingest, Source

SEEDS = Path(__file__).parents[3] / "seeds"
TURNS = {
    "003": [
        {"from": "The US government has also grossly", "speaker": "replier"},
        {"from": "Yes, I agree.", "speaker": "foo12bar"},
        {"from": "I actually expect they will keep", "speaker": "replier"},
    ],
    "004": [{"from": "It will be interesting how this plays out.", "speaker": "reader"}],
}


def read(turns: dict[str, list[dict[str, str]]]) -> Corpus:
    sources = [
        Source.model_validate(
            {
                "path": path.name,
                "id": path.name[:3],
                "source_type": "page",
                "turns": turns.get(path.name[:3], []),
            }
        )
        for path in sorted(SEEDS.glob("*.txt"))
    ]
    return ingest(read_documents(sources, SEEDS), Ingest(languages=["en", "zh"]))


@pytest.fixture(scope="module")
def seeds() -> Corpus:
    return read(TURNS)


def test_formats_are_recognised(seeds: Corpus) -> None:
    assert seeds.documents.set_index("document_id")["format"].to_dict() == {
        "000": "social_thread",
        "001": "social_thread",
        "002": "transcript",
        "003": "comment_page",
        "004": "article",
    }


def test_utterances_by_role(seeds: Corpus) -> None:
    assert seeds.utterances.groupby(["document_id", "role"]).size().to_dict() == {
        ("000", "headline"): 1,
        ("000", "post"): 20,
        ("000", "summary"): 1,
        ("001", "headline"): 1,
        ("001", "post"): 23,
        ("001", "summary"): 1,
        ("002", "post"): 1,
        ("003", "post"): 4,
        ("004", "post"): 2,
    }


def test_statements_by_document(seeds: Corpus) -> None:
    assert seeds.statements.groupby("document_id").size().to_dict() == {
        "000": 57,
        "001": 56,
        "002": 155,
        "003": 35,
        "004": 45,
    }


def test_a_voice_for_each_post_and_each_speaker(seeds: Corpus) -> None:
    assert len(seeds.voices) == (1 + 20) + (1 + 23) + 1 + 2 + 2
    assert seeds.voices["name"].dropna().tolist() == ["foo12bar"]


def test_without_turns_a_page_is_one_voice() -> None:
    plain = read({})
    voices = plain.statements.groupby("document_id")["voice_id"].unique()
    assert voices["003"].tolist() == ["name:foo12bar"]
    assert voices["004"].tolist() == ["004:author"]


def test_one_reply_printed_three_times_is_one_echo(seeds: Corpus) -> None:
    sizes = seeds.utterances["echo_id"].value_counts()
    assert sizes[sizes > 1].to_dict() == {"001:u571": 3, "001:u843": 2}  # the latter is the headline's
    roles = seeds.utterances.set_index("utterance_id")["role"]
    assert roles[["001:u571", "001:u843"]].tolist() == ["post", "post"]
    statements = seeds.statements["echo_id"].value_counts()
    assert sorted(statements[statements > 1].tolist()) == [2, 3, 3, 3]


def test_only_one_statement_is_chinese(seeds: Corpus) -> None:
    chinese = seeds.statements[seeds.statements["language"] == "zh"]
    assert chinese["text"].tolist() == ["没有特殊的,就是闭源比不过美国,那就开源,在算力不行的情况下做闭源那不是找死"]


def test_what_was_dropped(seeds: Corpus) -> None:
    assert seeds.dropped["reason"].value_counts().to_dict() == {
        "addressee": 38,
        "page furniture": 5,
        "speaker label": 1,
        "author line": 1,
        "age line": 1,
        "link": 1,
        "no words": 1,
    }


def test_first_statements(seeds: Corpus) -> None:
    statements = seeds.statements.sort_values(["document_id", "start"])
    assert statements.groupby("document_id").head(4)["text"].str.slice(0, 60).tolist() == [
        "Imbue co-founder Kanjun Qiu requests research examining if C",
        "She seeks empirical evidence on Chinese AI open-source strat",
        "Positive users praised Chinese AI labs open sourcing models ",
        "If your economy thrives on commoditization, you want the eco",
        "Why are Chinese companies releasing very strong open-source ",
        "Teortaxes argues Chinese companies open-source competitive A",
        "Compute limits and talent acquisition also drive the strateg",
        "Positive users highlight the strong performance and open-sou",
        "When I went on and I tried to like understand this question,",
        "They don't want to be dependent on like you, the US at any l",
        "You know, this is like dreadnought moment.",
        "Dreadnought is like this like period in World War I where li",
        "The Chinese government grossly subsidized many industries to",
        "Yes, they are more efficient, I don't disagree with you ther",
        "But they aren't making any money releasing open weight model",
        "The US government has also grossly subsidized many industrie",
        "China’s latest AI advance shows that America is in no positi",
        "China is pushing ahead with open-source projects that are be",
        "If its benchmarks are representative, it surpasses all open ",
        "These breakthroughs are the product of a stark policy differ",
    ]


def test_planted_repeats_excerpts_and_light_edits_are_all_found_and_nothing_else(seeds: Corpus) -> None:
    found = planted_echoes(list(seeds.statements["text"]), Ingest(), seed=1).set_index("measure")
    assert found.loc[["repeats found", "excerpts found", "light edits found"], "value"].eq(1).all()
    assert found.loc["repeats found", "n"] > 150
    assert found.loc["false pairs", "value"] == 0


def test_what_is_joined_in_the_corpus_repeats_word_for_word(seeds: Corpus) -> None:
    text = seeds.statements.set_index("statement_id")["text"]
    joined = seeds.statements[seeds.statements["echo_id"] != seeds.statements["statement_id"]]
    assert len(joined) == 7
    assert [words(row.text) for row in joined.itertuples()] == [words(text[name]) for name in joined["echo_id"]]
