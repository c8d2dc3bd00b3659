import pandas as pd
import pytest
from small_corpus import METHOD, Corpus, Said, corpus

from steelyard import tables
from steelyard.engine import engine, view
from steelyard.study import CODERS, Ranking, Robustness
from steelyard.weigh import multiverse, robustness

ALIKE = {"every kind alike": dict.fromkeys(["assertion", "reasoning", "testimony", "statistic", "hedged"], 1.0)}
FEW = METHOD.model_copy(update={"robustness": Robustness(draws=50, other_strengths=ALIKE)})
NAMES = ("first", "second", "words")
CODERS_OF = CODERS.validate_python(
    [
        {"name": "first", "type": "recorded", "path": "a.csv", "sample": "all"},
        {"name": "second", "type": "recorded", "path": "b.csv", "sample": "all"},
        {"name": "words", "type": "cues", "accept": 0.5},
    ]
)
# Who says what, and how each coder codes it; the program reads only what it is sure of.
VOICES = ["Ann", "Bob", "Cy", "Di"]
CODES = {
    "first": [{"greed": "supports"}, {"honour": "supports"}, {"honour": "supports"}, {"need": "opposes"}],
    "second": [{"honour": "supports"}, {"honour": "supports"}, {"greed": "supports"}, {"need": "opposes"}],
    "words": [{"habit": "supports"}, {}, {}, {}],
}
KINDS = ["statistic", "assertion", "reasoning", "assertion"]


def read_by(coder: str, coded: list[dict[str, str]]) -> Corpus:
    origin = "program" if coder == "words" else "language_model"
    given = zip(VOICES, coded, KINDS, strict=True)
    return corpus([Said(voice, codes, kind, coder=coder, origin=origin) for voice, codes, kind in given], method=FEW)


def universes(least: int = 2, coded: dict[str, list[dict[str, str]]] = CODES) -> tuple[Corpus, pd.DataFrame]:
    read = [read_by(coder, coded[coder]) for coder in NAMES]
    accepted = read[0]
    traits = pd.concat([c.traits for c in read], ignore_index=True)
    unsure = (traits.coder == "words") & (traits.statement_id != "s0")
    method = FEW.model_copy(update={"ranking": Ranking(read_statements=least)})
    c = corpus([Said(v, k, kind) for v, k, kind in zip(VOICES, CODES["first"], KINDS, strict=True)], method=method)
    given = {
        tables.DOCUMENTS: accepted.documents,
        tables.UTTERANCES: accepted.utterances,
        tables.STATEMENTS: accepted.statements,
        tables.READINGS: pd.concat([c.codes for c in read], ignore_index=True),
        tables.TRAIT_READINGS: traits.assign(confidence=traits.confidence.mask(unsure, 0.1)),
    }
    with engine() as corpus_:
        for table, frame in given.items():
            view(corpus_, table, frame)
        made = multiverse(
            hypotheses=c.weights.hypotheses,
            corpus=corpus_,
            documents=accepted.documents,
            checked_sources=None,
            coders=CODERS_OF,
            codebook=c.codebook,
            method=method,
        )
    return c, made


def shown(made: pd.DataFrame, coder: str, strengths: str) -> dict[str, float]:
    rows = made[(made.coder == coder) & (made.strengths == strengths)]
    return dict(zip(rows.hypothesis_id, rows.shown.round(9), strict=True))


def test_each_universe_by_hand() -> None:
    _, made = universes()
    assert shown(made, "first", "as configured") == {"greed": 0.6, "honour": 0.3, "habit": 0.0}
    assert shown(made, "first", "every kind alike") == {"greed": 1.0, "honour": 2.0, "habit": 0.0}
    assert shown(made, "second", "as configured") == {"greed": 0.2, "honour": 0.7, "habit": 0.0}


def test_what_a_coder_is_not_sure_of_stays_as_it_was_accepted() -> None:
    _, made = universes()
    # the program is sure of Ann's statement only; the first coder's codes of the others stand
    assert shown(made, "words", "as configured") == {"greed": 0.0, "honour": 0.3, "habit": 0.6}
    assert made.groupby("coder").statements.first().to_dict() == {"first": 4, "second": 4, "words": 1}


def test_a_coder_that_finds_nothing_in_what_it_read_decides_that_too() -> None:
    _, made = universes(coded=CODES | {"second": [{}, *CODES["second"][1:]]})
    # the first coder's code of Ann's figure for greed does not stand in the second's universe
    assert shown(made, "second", "as configured") == {"greed": 0.2, "honour": 0.1, "habit": 0.0}


def test_shares_of_universes_are_of_coders_that_read() -> None:
    c, made = universes()
    rows = robustness(
        hypotheses=c.weights.hypotheses,
        evidence=c.evidence,
        quality=tables.QUALITY.empty(),
        prints=c.prints,
        documents=c.documents,
        multiverse=made,
        codebook=c.codebook,
        method=c.method,
    )
    rows = rows[rows.doubt == "multiverse"].set_index("hypothesis_id")
    # greed leads as configured with the first coder only; the program's two universes are not counted
    assert rows.p_first.to_dict() == {"greed": 0.25, "honour": 0.75, "habit": 0.0}
    assert rows.rank_low.to_dict() == {"greed": 1, "honour": 1, "habit": 3}
    assert rows.rank_high.to_dict() == {"greed": 2, "honour": 2, "habit": 3}


def test_a_map_has_no_universes() -> None:
    assert universes(least=99)[1].empty


@pytest.mark.parametrize("wrong", [{"testimny": 1.0}, {"testimony": 2.0}])
def test_other_strengths_are_checked(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="testim"):
        Robustness(other_strengths={"mine": wrong})  # type: ignore[arg-type]
