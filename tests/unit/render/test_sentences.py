"""What the report says in each case of its sentences, from small corpora written by hand."""

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pandas as pd
import pytest

from steelyard import tables
from steelyard.codebook import Codebook, Cues, Subject
from steelyard.render.project import title_block
from steelyard.render.run import Run
from steelyard.render.sections.answer import answer
from steelyard.render.sections.counts import counts
from steelyard.render.sections.hypotheses import hypotheses
from steelyard.render.sections.matrix import matrix
from steelyard.render.sections.missing import missing
from steelyard.render.sections.robust import robust
from steelyard.render.sections.together import together
from steelyard.study import Ranking, Study
from unit.render import small_study
from unit.weigh.small_corpus import CODEBOOK, METHOD, Corpus, Said, checked, corpus


@pytest.fixture(autouse=True, scope="module")
def _unchecked_doors() -> Iterator[None]:
    """Leave out the check of schemas, which takes half the time; the tests of rule weigh hold the tables to them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables.Table, "check", lambda _self, frame, where: frame)
        yield


STUDY = small_study.STUDY | {
    "coders": [{"name": "reader", "type": "recorded", "path": "reader.csv", "sample": "all"}],
}
DISSENT = Said("Zed", {"need": "opposes"})  # a ranking needs both stances


@functools.cache
def run(c: Corpus) -> Run:
    """Weigh a corpus, and give what the report is made of."""
    weights = c.weights
    frames = {
        tables.DOCUMENTS.name: c.documents,
        tables.VOICES.name: c.voices,
        tables.UTTERANCES.name: c.utterances,
        tables.STATEMENTS.name: c.statements,
        tables.CODES.name: c.codes,
        tables.TRAITS.name: c.traits,
        tables.SIGHTINGS.name: c.sightings,
        tables.EVIDENCE.name: c.evidence,
        tables.HYPOTHESES.name: weights.hypotheses,
        tables.SHOWN_BY_KIND.name: weights.shown_by_kind,
        tables.OBSERVATIONS.name: weights.observations,
        tables.MATRIX.name: weights.matrix,
        tables.INCONSISTENCY.name: weights.inconsistency,
        tables.RELATIONS.name: weights.relations,
        tables.ROBUSTNESS.name: c.doubts,
        tables.MULTIVERSE.name: c.multiverse,
        tables.GAPS.name: c.gaps,
        tables.SUMMARY.name: tables.SUMMARY.frame([{"name": n, "value": v} for n, v in c.summary.items()]),
        tables.CODING_ERROR.name: tables.CODING_ERROR.empty(),
        tables.QUALITY.name: tables.QUALITY.empty(),
    }
    study = Study.model_validate(STUDY | {"method": c.method.model_dump()})
    # each statement has nine characters, and begins ten after the one before, in whatever document it stands
    texts = dict.fromkeys(c.documents.document_id, "\n".join(c.statements.text))
    return Run(study, c.codebook, frames, texts, {})


def composed(section: Callable[[Run], str], c: Corpus) -> str:
    """Compose a section, with plain blanks and full stops, and words in the place of links to sections and evidence."""
    text = section(run(c)).replace("\u00a0", " ").replace("&#46;", ".")
    return re.sub(r"\[([^\]]*)\]\(#(?:sec|ev)-[^)]*\)(\{\.evidence[^}]*\})?", r"\1", text)


def told(sentence: str, text: str) -> bool:
    """Say whether a text has a sentence, in which NN stands for any number (what is drawn at random)."""
    return re.search(re.escape(sentence).replace("NN", r"\d+"), text) is not None


def case(
    name: str, section: Callable[[Run], str], c: Corpus, says: list[str] | None = None, never: list[str] | None = None
) -> object:
    return pytest.param(section, c, says or [], never or [], id=name)


def by(hypothesis: str, *kinds: str, stance: str = "supports") -> list[Said]:
    """One voice for each kind, that says no more than this."""
    return [Said(f"{stance} {hypothesis} {n}", {hypothesis: stance}, kind) for n, kind in enumerate(kinds)]


def book(owner: str = "greed", **changed: object) -> Codebook:
    """The small codebook with something else said of one hypothesis."""
    hypotheses = [h.model_copy(update=changed if h.id == owner else {}) for h in CODEBOOK.hypotheses]
    return CODEBOOK.model_copy(update={"hypotheses": hypotheses})


BARE = CODEBOOK.model_copy(
    update={"hypotheses": [h.model_copy(update={"observations": []}) for h in CODEBOOK.hypotheses]}
)


def universes(*shown: dict[str, float]) -> pd.DataFrame:
    """A universe for each set of what is shown, all of one coder."""
    rows = [
        {"coder": "reader", "origin": "human", "statements": 3, "strengths": name, "hypothesis_id": h, "shown": value}
        | {"rank": 1 + sum(other > value for other in values.values())}
        for name, values in zip(["as configured", "opinion counts nothing"], shown, strict=True)
        for h, value in values.items()
    ]
    return tables.MULTIVERSE.frame(rows)


ONE_MOTIVE = CODEBOOK.model_copy(update={"hypotheses": [BARE.hypotheses[0], BARE.hypotheses[-1]]})
NO_MOTIVE = CODEBOOK.model_copy(update={"hypotheses": [BARE.hypotheses[-1]]})


AHEAD = corpus([*by("greed", *["statistic"] * 4), *by("honour", "assertion"), DISSENT])
# .45 by one voice, and .4 by two: who is first hangs on the one.
CLOSELY = [*by("greed", "attributed"), *by("honour", "reasoning", "reasoning"), DISSENT]
CLOSE = corpus(CLOSELY)
# Somebody takes up what no hypothesis is: both stances are there, and nothing is weighed.
NOTHING = corpus([Said("Ann", {"other_motive": "supports"}), Said("Bob", {"other_motive": "opposes"})])
BEHIND = corpus([*by("greed", "assertion", stance="opposes"), *by("need", "assertion")])
MAP = METHOD.model_copy(update={"ranking": Ranking(read_statements=99)})
FERRY = Subject(name="the ferry", cues={"en": Cues(phrases=["ferry"])})
CITED = Said("Ann", {"greed": "supports"}, "cited", text="x.com/abc")
SOURCE = checked(("x.com/abc", "documented", True))
# More is said of greed than by how many.
TALKED = [Said("Ann", {"greed": "supports"}) for _ in range(3)]
TALKED += [Said("Bob", {"honour": "supports"}), Said("Cy", {"honour": "opposes"}), DISSENT]
TALK = corpus(TALKED)
OF_A_LEADER = ["Most evidence", "Who is first", "The race is close", "Counting only"]

ANSWERS = [
    case(
        "leader",
        answer,
        AHEAD,
        [
            "Most evidence is offered for **Greed**: strength 2.40, with 4 voices for it and none against, mostly by "
            "figures. Who is first is fairly settled. With all that is doubtful varied, it comes first in NN % "
            "of the "
            "draws. Said most is Greed",
            "Next comes Honour (strength 0.10).",
            "Who is first is fairly settled. With the voices and the strengths of evidence varied together, Greed "
            "comes first in NN % of the draws, and in place 1 in 90 % of them.",
        ],
        ["The race is close", "often first is", "First place is open"],
    ),
    case(
        "tie for first",
        answer,
        corpus([*by("greed", "assertion"), *by("honour", "assertion"), DISSENT]),
        [
            "Said most are Greed (1), Honour (1) and Need (1), of 3 independent voices.",
            "**The race is close.** With all that is doubtful varied, Greed comes first in NN % of the draws, "
            "and 2 motives "
            "could.",
            "Who is first is not settled",
            "**The race is close: do not lean on who is first.**",
        ],
    ),
    case(
        "nothing shown above 0",
        answer,
        BEHIND,
        ["**No motive has more evidence for it than against it.**", "No hypothesis has voices on both sides."],
        OF_A_LEADER,
    ),
    case(
        "a rival more often first than the leader",
        answer,
        CLOSE,
        [
            "Most evidence is offered for **Greed**: strength 0.45, with 1 voice for it and none against, mostly by "
            "what named people or firms say or do. **The race is close.** With all that is doubtful varied, it "
            "comes first "
            "in NN % of the draws, and 2 motives could.",
            "Next comes Honour (strength 0.40).",
            "Greed comes first in NN % of the draws, and between places 1 and 2 in 90 % of them. More often first is "
            "Honour (NN %).",
            "First place is open to 2 motives (first in 5 % of the draws, or more): Greed and Honour.",
            "In some case Greed is caught up or overtaken with one voice left out or one kind of evidence left out.",
        ],
        ["Next most often first"],
    ),
    case(
        "a rival less often first than the leader",
        answer,
        corpus([*by("greed", "reasoning", "reasoning"), *by("honour", "reasoning", "assertion"), DISSENT]),
        ["Next most often first is Honour (NN %)."],
        ["More often first"],
    ),
    *(
        case(
            f"close race, {name}",
            answer,
            replace(CLOSE, codebook=book(**relation)),
            [f"**The race is close: do not lean on who is first.**{more}\n"],
        )
        for name, relation, more in (
            ("undeclared", {}, ""),
            (
                "compatible",
                {"compatible": ["honour"]},
                " Greed and Honour can hold together, so that the one need not be wrong where the other is right.",
            ),
            (
                "rival",
                {"rivals": ["honour"]},
                " Greed and Honour are rivals: the more the one explains, the less is left for the other.",
            ),
            ("part", {"part_of": ["honour"]}, " Greed and Honour: the first is a part of the second."),
            (
                "whole",
                {"owner": "honour", "part_of": ["greed"]},
                " Greed and Honour: the second is a part of the first.",
            ),
        )
    ),
    case(
        "nobody takes anything up",
        answer,
        NOTHING,
        [
            "**No motive has more evidence for it than against it.** No voice takes any hypothesis up. No hypothesis "
            "has voices on both sides."
        ],
        ["Said most", "Counted", *OF_A_LEADER],
    ),
    case(
        "said most by one",
        answer,
        AHEAD,
        ["Said most is Greed (4), of 6 independent voices."],
        ["Counted otherwise"],
    ),
    case(
        "said most by two at once",
        answer,
        corpus(
            [
                *by("greed", "testimony", "testimony"),
                *by("honour", "assertion"),
                *by("honour", "assertion", stance="opposes"),
                DISSENT,
            ]
        ),
        ["Said most are Greed (2) and Honour (2), of 5 independent voices."],
    ),
    case("other counts", answer, TALK, ["Counted otherwise, Greed is said most by mentions.", "Said most is Honour"]),
    case(
        "contested",
        answer,
        corpus([*by("greed", "assertion", "reasoning"), *by("greed", "assertion", stance="opposes"), DISSENT]),
        [
            "Voices divide most on Greed. ",
            "Divided, with less than 75 % of the voices on either side, is Greed (2 voices for it and 1 against).",
        ],
    ),
    case(
        "two contested",
        answer,
        corpus([*TALKED, *by("greed", "assertion", stance="opposes")]),
        [
            "Voices divide most on Greed and Honour. ",
            "Divided, with less than 75 % of the voices on either side, are Greed (1 voice for it and 1 against) and "
            "Honour (1 voice for it and 1 "
            "against).",
        ],
    ),
    case(
        "a voice on both sides is a half on each",
        answer,
        corpus([*TALKED, Said("Ann", {"greed": "opposes"}), Said("Di", {"greed": "supports"})]),
        # three quarters of greed's voices are for it, which is not contested
        [
            "strength 0.10, with 1.5 voices for it and 0.5 against",
            "Voices divide most on Honour. ",
            "Divided, with less than 75 % of the voices on either side, is Honour (1 voice for it and 1 against).",
        ],
    ),
    case(
        "little contested",
        answer,
        corpus([*by("greed", *["assertion"] * 4), *by("greed", "assertion", stance="opposes")]),
        ["Little is contested. ", "Most voices on the lesser side has Greed (4 voices for it and 1 against)."],
        ["Voices divide"],
    ),
    case(
        "no motive documented",
        answer,
        AHEAD,
        [
            "**No checked source documents any motive**, 2 of 3 lack a first-hand speaker and nobody speaks of "
            "any of the 3 facts that would "
            "tell hypotheses apart. Certainty is **low** at most."
        ],
    ),
    case("equal grades", answer, NOTHING, ["Certainty is **very low** throughout."]),
    case(
        "an observation told of",
        answer,
        corpus([*by("greed", "assertion"), DISSENT, Said("Ann", sightings={"medal": "reported"})]),
        ["and nobody speaks of 2 of the 3 facts that would tell hypotheses apart."],
    ),
    case(
        "all observations told of, or none expected",
        answer,
        replace(AHEAD, codebook=BARE),
        ["**No checked source documents any motive** and 2 of 3 lack a first-hand speaker. "],
        ["nobody speaks of"],
    ),
    case(
        "some motives documented",
        answer,
        corpus([CITED, DISSENT], checked_sources=SOURCE),
        [
            "No checked source documents Honour or Habit, 1 of 3 lacks a first-hand speaker and nobody speaks of",
            "mostly by checked sources.",
        ],
        ["any motive"],
    ),
    case(
        "all motives documented",
        answer,
        corpus(
            [*(Said("Ann", {h: "supports"}, "cited", text=CITED.text) for h in ("greed", "honour", "habit")), DISSENT],
            checked_sources=SOURCE,
        ),
        [
            "A checked source documents each motive, none has a first-hand speaker and nobody speaks of any of the 3 "
            "facts"
        ],
        ["No checked source"],
    ),
    case(
        "subject",
        answer,
        corpus(
            [Said("Ann", {"honour": "supports"}, text="By ferry."), *CLOSELY],
            codebook=CODEBOOK.model_copy(update={"subject": FERRY}),
        ),
        ["Counting only statements that name the ferry (1 of 4), Honour has most evidence."],
    ),
    case(
        "one motive",
        answer,
        corpus([*by("greed", "assertion"), DISSENT], codebook=ONE_MOTIVE),
        ["Most evidence is offered for **Greed**", "Only one motive is named, so there is no order to doubt."],
        ["The race", "settled", "of the draws"],
    ),
    case(
        "no motive",
        answer,
        corpus([*by("need", "assertion"), DISSENT], codebook=NO_MOTIVE),
        [
            "Said most is Need (2), of 2 independent voices.",
            "The codebook names no motive, so nothing",
            "figures/said.svg",
        ],
        ["No motive has", "ranked.svg"],
    ),
    case("no subject", answer, CLOSE, never=["Counting only"]),
    case(
        "shares of three voices and more in the first table",
        answer,
        corpus([*by("greed", *["assertion"] * 3), *by("honour", "statistic"), DISSENT]),
        [
            "| 1 | Honour | 0.60 | 20 % | 1, 1, 1 | – | 1, 0 | very low |",
            "| 2 | Greed | 0.30 | 60 % | 3, 3, 3 | 100 % (56 % to 100 %) | 3, 0 | very low |",
            "| 3 | Habit | 0.00 | 0 % | 0, 0, 0 | – | 0, 0 | very low |",
        ],
    ),
    case(
        "map",
        answer,
        replace(TALK, method=MAP),
        [
            "6 statements were read by a person or a language model; a ranking needs at least 99. So this report is a "
            "map: ",
            "It gives no balance, no rank and no verdict. It was coded by `reader` (people who read the text; accuracy "
            "unknown).",
            "Said most is Honour (2), of 4 independent voices. Counted otherwise, Greed is said most by mentions.",
            "The three give different orders: ",
            "| Honour | 50 % | 2 (2) | 2 (1) | 2 (1) |",
        ],
        [*OF_A_LEADER, "What this can show", "ranked.svg", "ontested"],
    ),
    case(
        "map for want of a side",
        answer,
        corpus(by("greed", "assertion", "assertion")),
        [
            "but nothing read opposes a hypothesis; a ranking needs both sides.",
            "Said most is Greed (2), of 2 independent voices.",
        ],
    ),
    case(
        "map in which nobody takes anything up",
        answer,
        replace(NOTHING, method=MAP),
        ["No voice takes any hypothesis up."],
    ),
]

OTHERS = [
    case(
        "nobody takes a motive up",
        robust,
        NOTHING,
        ["No motive is taken up, so there is no order to doubt.", "The three give the same order."],
        ["Doubts put", "One voice takes up"],
    ),
    case(
        "nothing to leave out",
        robust,
        corpus([*by("greed", "assertion"), DISSENT]),
        [
            "Doubts put: the voices and the strengths of evidence. Not put: coding error, as no error was measured for "
            "the coders whose codes count here. Not put: one document left out, as no document holds a part of what "
            "counts for the motives by itself, or one holds all of it. Not put: one voice left out, as all that counts "
            "for the motives is one voice's. Not put: one kind of evidence left out, as all that counts for the "
            "motives is of one kind. Not put: one coder left out, as all codes that count here are one coder's. Not "
            "put: only what names the subject itself, as the codebook gives no words for the subject, or all of the "
            "evidence names it, or none.\n",
            "Not put, as no error was measured for the coders whose codes count here.",
        ],
        ["left out, or chosen otherwise"],
    ),
    case(
        "one document only",
        robust,
        CLOSE,
        [
            "Doubts put: the voices, the strengths of evidence, one voice left out and one kind of evidence left out.",
            "Not put: one document left out, as no document holds",
        ],
        ["Not put: one voice", "Not put: one kind"],
    ),
    case(
        "two documents",
        robust,
        corpus([*CLOSELY, Said("Cy", {"honour": "supports"}, document="blog")]),
        ["one document left out, one voice left out"],
        ["Not put: one document"],
    ),
    case(
        "a universe in which nobody is first",
        robust,
        replace(
            AHEAD,
            multiverse=universes(
                {"greed": 1.2, "honour": 0.1, "habit": 0.0}, {"greed": 0.0, "honour": 0.0, "habit": 0.0}
            ),
        ),
        [
            "In 2 universes of coders that read, these lead: Greed in 50 % and nobody in the others; equals share a "
            "universe.",
            "| `reader` (3) | Greed | – | – | – | – |",
        ],
    ),
    case(
        "somebody first in every universe",
        robust,
        replace(
            AHEAD,
            multiverse=universes(
                {"greed": 1.2, "honour": 0.1, "habit": 0.0}, {"greed": 0.3, "honour": 0.3, "habit": 0.0}
            ),
        ),
        ["these lead: Greed in 75 % and Honour in 25 %; equals share", "| `reader` (3) | Greed | – | Greed, Honour |"],
        ["nobody in the others"],
    ),
    case(
        "a voice that takes up most",
        robust,
        corpus(
            [Said("Ann", {"greed": "supports", "honour": "supports"}, "reasoning"), *by("greed", "assertion"), DISSENT]
        ),
        ["One voice takes up 2 hypotheses: Ann. It counts once for each, and offers 67 % of all strength."],
    ),
    case("counts that agree", counts, AHEAD, ["The three give the same order."], ["different orders"]),
    case(
        "counts that differ",
        counts,
        TALK,
        [
            "The three give different orders: 3 of 4 hypotheses have not the same place in all, most of all Greed "
            "(place 1 by mentions, 2 by independent voices), Honour (place 2 by mentions, 1 by independent voices) and "
            "Need (place 3 by mentions, 2 by independent voices). Many mentions by few voices are talk, not support: "
            "only independent voices enter a weight.",
            "| Greed | 25 % | 3 (1) | 1 (2) | 1 (2) |",
        ],
        ["the same order"],
    ),
    case(
        "no relations declared",
        together,
        AHEAD,
        ["The codebook does not declare which motives can hold together."],
        ["at once"],
    ),
    case(
        "relations declared",
        together,
        replace(AHEAD, codebook=book(compatible=["honour"], rivals=["habit"])),
        [
            "With Greed, which comes first, these can all hold at once, taken in order of rank: Honour.",
            "| Greed | Honour | – | Habit | – |",
            "| Habit | – | – | Greed | Honour |",
        ],
    ),
    case(
        "relations declared and nothing shown above 0",
        together,
        replace(BEHIND, codebook=book(compatible=["honour", "habit"])),
        ["| Greed | all others | – | – | – |"],
        ["at once"],
    ),
    case(
        "parting observation",
        missing,
        AHEAD,
        [
            "**To part the first two**, Greed and Honour: One sees ledger&#95;book. Seen, it would speak for Greed: "
            "the "
            "codebook expects it with a probability of 0.80 if that holds, and of 0.10 if Honour does. Where to "
            "look: In the archive.",
        ],
        ["No unsettled observation"],
    ),
    case(
        "no parting observation",
        missing,
        corpus([*by("greed", "statistic"), *by("habit", "assertion"), DISSENT]),
        [
            "No unsettled observation of the codebook parts Greed from Habit: none is rated for both, or what is would "
            "be seen as likely if the one holds as if the other does. What would part the two has yet to be written "
            "down.",
            "| First |",
        ],
        ["To part the first"],
    ),
    case(
        "nothing shown above 0, so nothing to part",
        missing,
        BEHIND,
        ["No speaker says that evidence is missing.", "No weighed statement was coded so."],
        ["To part the first", "No unsettled observation"],
    ),
    case(
        "no observations",
        missing,
        replace(AHEAD, codebook=BARE),
        ["No unsettled observation of the codebook parts Greed from Honour", "The codebook names none."],
        ["| First |", "is settled"],
    ),
    case(
        "all observations settled",
        missing,
        corpus(
            [replace(CITED, sightings=dict.fromkeys(["ledger_book", "price_list", "medal"], "seen")), DISSENT],
            checked_sources=SOURCE,
        ),
        ["Every expected observation is settled."],
        ["The codebook names none.", "| First |"],
    ),
    case(
        "other motives",
        missing,
        NOTHING,
        ["| no voice | 4 | all 4 |", "- [&#8220;So it is.&#8221;](#p1-0) — Ann, paper, line 1"],
    ),
    case(
        "ratings and statuses",
        matrix,
        corpus(
            [
                *by("greed", "assertion"),
                DISSENT,
                Said("Ann", sightings={"medal": "reported", "price_list": "sought_not_found"}),
            ]
        ),
        [
            "| **Ledger book.** One sees ledger&#95;book. | nobody speaks of it | Greed&nbsp;(CC) | "
            "Honour&nbsp;(II) | – | 4 |",
            "| **Medal.** One sees medal. | told, without a source ([1](#p1-20)) | Honour&nbsp;(C) | "
            "Greed&nbsp;(I) | – | 2 |",
            # greed: an I that is told of and a C that was sought in vain
            "| Greed | 2.0 | 2 | 3 |",
            "| Honour | 1.0 | 2 | 3 |",
            "| Habit | – | 0 | 0 |",
        ],
    ),
    case(
        "no observations to rate",
        matrix,
        replace(AHEAD, codebook=BARE),
        ["The codebook names no expected observation."],
        ["&nbsp;("],
    ),
    case(
        "one voice, a side each, and nobody",
        hypotheses,
        corpus(
            [
                *by("greed", "assertion"),
                Said("Ann", {"honour": "supports"}),
                Said("Ann", {"honour": "opposes"}),
                DISSENT,
            ]
        ),
        [
            "**Rank 1. 1 independent voice of 3 takes it up (33 %)**: 1 for and 0 against (1 mention, 1 voice as "
            "printed). Evidence shown: 0.10.",
            "**Rank 2 (shared). 1 independent voice of 3 takes it up (33 %)**: one voice, on both sides (2 mentions, 1 "
            "voice as printed). Evidence shown: 0.00.",
            "**No voice takes it up.**",
            "That it is a reason, as far as this corpus shows: **very low**.",
            "That it holds, as far as this corpus shows: **very low**.",
        ],
        ["supported by", "interval"],
    ),
    case(
        "three voices have a share and an interval",
        hypotheses,
        corpus([*by("greed", *["assertion"] * 3), DISSENT]),
        ["3 for and 0 against; supported by 100 % of them, interval 56 % to 100 % (3 mentions, 3 voices as printed)."],
    ),
    case(
        "map",
        hypotheses,
        corpus([*by("greed", "assertion"), DISSENT], method=MAP),
        [
            "**1 independent voice of 2 takes it up (50 %; 1 mention, 1 voice as printed)**.",
            "#### Statements for it",
            "- One-sided: 1 voice supports it&#44; and none opposes it.",
        ],
        ["Rank", "Evidence shown", "Strongest", "Certainty", "far as this corpus", "supported by", "Not looked for"],
    ),
    case(
        "one quotation a voice",
        hypotheses,
        TALK,
        ["— Ann, paper, line 1 (assertion)", "— Bob, paper, line 4 (assertion)"],
        ["— Ann, paper, line 2"],
    ),
]


@pytest.mark.parametrize(("section", "c", "says", "never"), [*ANSWERS, *OTHERS])
def test_sentences(section: Callable[[Run], str], c: Corpus, says: list[str], never: list[str]) -> None:
    text = composed(section, c)
    assert [sentence for sentence in says if not told(sentence, text)] == [], text
    assert [sentence for sentence in never if told(sentence, text)] == [], text


@pytest.mark.parametrize(
    "c", [AHEAD, CLOSE, NOTHING, BEHIND, TALK], ids=["ahead", "close", "nothing", "behind", "talk"]
)
def test_no_sentence_has_a_hole_where_a_value_is_missing(c: Corpus) -> None:
    for section in (answer, robust, counts, together, missing, matrix, hypotheses):
        text = composed(section, c)
        assert not re.search(r"\bnan\b|\bNone\b|<NA>|\(\)|  [^|]|\b1 (voices|mentions|hypotheses)\b", text)


def test_likelihood_and_confidence_never_share_a_sentence() -> None:
    likelihood = re.compile(r"\bdraws\b|\bprobab|\blikel|%")
    confidence = re.compile(r"(?i)\bcertain|\bgrade[sd]?\b|\*\*(very low|low|moderate|high)\*\*")
    found = set()
    for c in (AHEAD, CLOSE, NOTHING, BEHIND, TALK):
        for section in (answer, robust, counts, missing, hypotheses):
            prose = [line for line in composed(section, c).splitlines() if not line.startswith("|")]
            for sentence in (one for line in prose for one in re.split(r"(?<=[.:;])\s", line)):
                words = [bool(pattern.search(sentence)) for pattern in (likelihood, confidence)]
                assert not all(words), sentence
                found.add(tuple(words))
    assert {(True, False), (False, True)} <= found


def test_a_question_that_is_no_title_begins_the_subtitle() -> None:
    given = run(AHEAD)
    assert title_block(given)["subtitle"] == "Why&#63;"  # the title is "Why"
    report = given.study.report.model_copy(update={"title": "WHY?", "subtitle": "Who knows"})
    study = given.study.model_copy(update={"report": report})
    assert title_block(replace(given, study=study))["subtitle"] == "Who knows"


def test_equals_are_told_together() -> None:
    c = corpus([*by("greed", "assertion"), *by("honour", "assertion"), DISSENT])
    text = composed(answer, c)
    assert told("Most evidence is offered for **Greed** and **Honour** alike: strength 0.10 each.", text)
    assert "Next come" not in text  # nothing is shown for habit
    second = composed(
        answer, corpus([*by("greed", "statistic"), *by("honour", "assertion"), *by("habit", "assertion"), DISSENT])
    )
    assert told("Next come Honour and Habit (strength 0.10 each).", second)


def test_a_leader_with_nothing_left_does_not_lead() -> None:
    # without the one figure nothing is shown for any motive, and none is first
    c = corpus([*by("greed", "statistic"), *by("habit", "assertion", stance="opposes"), DISSENT])
    sentence = "In some case Greed is caught up or overtaken with one voice left out or one kind of evidence left out."
    assert told(sentence, composed(answer, c))
