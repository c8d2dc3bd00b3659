"""What must not change the weights of any corpus: random pages go through all rooms, from files to gaps, in variants.

No sentence repeats another but for whole replies that are printed again: each ends with a number of its own, so that
no run of eight words stands twice. What is recorded goes with the sentence, so that each variant has its own codes.
"""

from __future__ import annotations

import csv
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steelyard.annotate import adjudicate, recorded
from steelyard.annotate.recorded_file import COLUMNS
from steelyard.ingest.corpus import ingest
from steelyard.ingest.documents import read_documents
from steelyard.ingest.texts import read_texts
from steelyard.study import Certainty, Ingest, Method, Ranking, Robustness, Source
from steelyard.tables import Table
from unit.weigh.small_corpus import CODEBOOK, METHOD, Corpus, checked, quality

DRAWS = 1000
# Two shares of as many draws differ by less, but for one pair in 100,000.
MONTE_CARLO = 4.5 * (0.5 / DRAWS) ** 0.5
# Documents are left out of certainty, and few draws are enough where the same are made.
COUNTED = METHOD.model_copy(update={"ranking": Ranking(read_statements=2), "robustness": Robustness(draws=50)})
UNCOUNTED = COUNTED.model_copy(
    update={"certainty": Certainty(documents=1), "robustness": Robustness(draws=DRAWS)},
)
MEASURED = quality(
    ("reader", "hypothesis", 20, 0.7, 0.8, "human", "x"),
    ("reader", "stance", 10, 0.8, 0.9, "human", "x"),
    ("second", "hypothesis", 30, 0.6, 0.7, "human", "x"),
)
CHECKED = checked(("harbour.example/book", "documented", False))
CODERS = ["reader", "second"]


@dataclass(frozen=True)
class Sentence:
    """A sentence, "{n}" where its number belongs, and how it was read; without a kind nobody read it."""

    text: str
    kind: str | None = None
    codes: tuple[tuple[str, str], ...] = ()  # hypothesis and stance
    sighting: tuple[str, str] = ("", "")
    hedged: bool = False
    coder: str = "reader"

    def numbered(self, number: int) -> Sentence:
        return replace(self, text=self.text.format(n=number), coder=CODERS[number % 2])

    def halves(self) -> list[Sentence]:
        first, cut, second = self.text.partition(", so ")
        return [replace(self, text=f"{first}."), replace(self, text=f"So {second}")] if cut else [self]


@dataclass(frozen=True)
class Post:
    """What somebody says in one go; nobody is named in a social thread."""

    sentences: tuple[Sentence, ...]
    voice: str | None = None


@dataclass(frozen=True)
class Page:
    """A page of posts, and whether codes were recorded on it."""

    name: str
    format: str
    posts: tuple[Post, ...]
    interest: str = "unknown"
    line_end: str = "\n"
    is_read: bool = True

    @property
    def source(self) -> Source:
        told = {"path": f"{self.name}.txt", "format": self.format, "source_type": "page", "title": "A page"}
        return Source.model_validate(told | {"interest": self.interest})

    def written(self) -> tuple[str, list[tuple[int, Sentence]]]:
        """Give the page's text, and where each sentence starts."""
        text, places = "", []
        for number, post in enumerate(self.posts, start=1):
            text += {
                "social_thread": "@council ",
                "comment_page": f"Comment by {post.voice or 'anonymous'}{2 * self.line_end}",
                "transcript": f"{post.voice or f'Speaker {number}'}: ",
            }[self.format]
            for sentence in post.sentences:
                places.append((len(text), sentence))
                text += f"{sentence.text} "
            text = text.strip() + 2 * self.line_end
        return text, places

    def with_posts(self, posts: Sequence[Post]) -> Page:
        return replace(self, posts=tuple(posts))


POOL = [
    Sentence("It pays them well, says customer {n}.", "attributed", (("greed", "supports"),)),
    Sentence("I was paid in silver, year {n}.", "testimony", (("greed", "supports"),)),
    Sentence("Nobody got rich by it before {n}.", "assertion", (("greed", "opposes"),)),
    Sentence(
        "Prices stand in harbour.example/book, page {n}.", "cited", (("greed", "supports"),), ("price_list", "seen")
    ),
    Sentence("Perhaps they wanted honour, as in {n}.", "reasoning", (("honour", "supports"),), hedged=True),
    Sentence(
        "I have seen the medal number {n}.",
        "testimony",
        (("honour", "supports"), ("greed", "opposes")),
        ("medal", "seen"),
    ),
    Sentence("No medal was found in room {n}.", "observation", (("honour", "opposes"),), ("medal", "sought_not_found")),
    Sentence("It was always so since {n}.", "reasoning", (("habit", "supports"),)),
    Sentence("Habit explains no case in {n}.", "statistic", (("habit", "opposes"),)),
    Sentence("Was it need, as in {n}?", "none", (("need", "raises"), ("habit", "raises"))),
    Sentence("They had no bread in winter {n}.", "observation", (("need", "supports"),)),
    Sentence("They took {n} crowns, so it paid {n}.", "statistic", (("greed", "supports"),)),
    Sentence("They wore ribbon {n}, so honour led {n}.", "observation", (("honour", "supports"), ("need", "opposes"))),
    Sentence("He gave {n} away, so greed fails {n}.", "reasoning", (("greed", "opposes"),), hedged=True),
]
BESIDE = [
    Sentence("Good morning to all on day {n}."),
    Sentence("The weather was fine on day {n}.", "none"),
]
LONG = Sentence(
    "The harbour master kept all the silver for himself that spring.", "testimony", (("greed", "supports"),)
)
# Printed again and again by anybody, but among named voices by one only.
REPLIES = {
    "Ann": (LONG, Sentence("He boasts of it.", "assertion", (("honour", "supports"),))),
    "Bob": (
        Sentence("Our families have done it this way since the great flood.", "attributed", (("habit", "supports"),)),
        Sentence("So did mine, so it stays.", "testimony", (("habit", "supports"), ("need", "opposes"))),
    ),
}
# With these a corpus may rank, and has what may go wrong: a sentence to cut, voices at both ends of a page and of known
# interest, a reply that stands on two pages.
FIXED = [
    Page(
        "minutes",
        "comment_page",
        (
            Post((POOL[0].numbered(1), POOL[8].numbered(2)), "Yan"),
            Post((POOL[11].numbered(3), POOL[6].numbered(4)), "Zed"),
            Post(REPLIES["Ann"]),
            Post((POOL[8].numbered(5), POOL[4].numbered(6)), "Yan"),
        ),
        interest="lab",
    ),
    Page("forum", "social_thread", (Post((POOL[2].numbered(7),)), Post(REPLIES["Ann"]), Post((POOL[1].numbered(8),)))),
]


@st.composite
def corpora(draw: st.DrawFn) -> list[Page]:
    """Draw one or two pages beside the fixed ones; each page begins and ends with what stands there only."""
    numbers = itertools.count(11)

    def own(layout: str) -> Post:
        chosen = draw(st.lists(st.sampled_from([*POOL, *BESIDE]), min_size=1, max_size=3))
        voice = None if layout == "social_thread" else draw(st.sampled_from([None, "Ann", "Bob", "Cy"]))
        return Post(tuple(sentence.numbered(next(numbers)) for sentence in chosen), voice)

    def again(layout: str) -> Post:
        owner = draw(st.sampled_from(sorted(REPLIES)))
        return Post(REPLIES[owner], draw(st.sampled_from([None, owner])) if layout == "comment_page" else None)

    pages = []
    for name in draw(st.sampled_from([["blog"], ["blog", "talk"]])):
        layout = draw(st.sampled_from(["social_thread", "comment_page", "transcript"]))
        makers = st.lists(st.sampled_from([own] if layout == "transcript" else [own, again]), max_size=3)
        middle = [make(layout) for make in draw(makers)]
        interest = draw(st.sampled_from(["unknown", "lab"]))
        pages.append(Page(name, layout, (own(layout), *middle, own(layout)), interest))
    return [*pages, *FIXED]


places = st.integers(0, 99)
few = settings(
    max_examples=settings.default.max_examples // 40,  # an example goes through all rooms twice, and is large in turn
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.fixture(autouse=True, scope="module")
def _unchecked_doors() -> Iterator[None]:
    """Leave out the check of schemas, which takes half the time; other tests hold the tables to them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Table, "check", lambda _self, frame, where: frame)
        yield


def weighed(pages: Sequence[Page], method: Method = COUNTED, seed: int | None = None) -> Corpus:
    """Write pages and codes to files, and go from there to tables; with a seed the rows of codes are shuffled."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        rows: dict[str, list[dict[str, object]]] = {coder: [] for coder in CODERS}
        for page in pages:
            text, found = page.written()
            (folder / page.source.path).write_bytes(text.encode())
            for start, sentence in found if page.is_read else []:
                rows[sentence.coder] += recorded_rows(page.name, start, sentence)
        for coder, told in rows.items():
            if seed is not None:
                random.Random(seed).shuffle(told)
            with (folder / f"{coder}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, COLUMNS)
                writer.writeheader()
                writer.writerows(told)
        made = ingest(read_documents([page.source for page in pages], folder), Ingest())
        texts = read_texts(made.documents, folder, folder)
        read = [recorded.read(folder / f"{c}.csv", c, texts, made.statements, CODEBOOK) for c in CODERS]
    assert not any(one.unmapped for one in read)
    codes = adjudicate.accept(read, CODERS, {})
    return Corpus(made.documents, made.voices, made.utterances, made.statements, *codes, CHECKED, method)


def recorded_rows(document: str, start: int, sentence: Sentence) -> Iterator[dict[str, object]]:
    """Give the rows that code a sentence, one a hypothesis; what nobody read has none."""
    observation, finding = sentence.sighting
    if sentence.kind:
        for hypothesis, stance in sentence.codes or [("", "")]:
            said = (hypothesis, stance, "", sentence.kind, str(sentence.hedged).lower(), "false", observation, finding)
            cells = (document, start, sentence.text, *said, "the tests", "human", "2026-01-01", "made up")
            yield dict(zip(COLUMNS, cells, strict=True))


def voices(pages: Sequence[Page]) -> int:
    """Count independent voices: each name, each reply that no named voice gives, each other post without a name."""
    posts = [post for page in pages for post in page.posts]
    named = {post.sentences: post.voice for post in posts if post.voice}
    return len({post.voice or named.get(post.sentences, post.sentences) for post in posts})


def check_same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def check_same_weights(one: Corpus, other: Corpus, n_voices: int) -> None:
    """Hold that weights are equal to the last bit, but for the share of voices, which are now so many."""
    before = one.weights.hypotheses
    check_same(before.assign(said=before.voices / n_voices), other.weights.hypotheses)
    for name in ("shown_by_kind", "observations", "inconsistency"):
        check_same(getattr(one.weights, name), getattr(other.weights, name))


def check_same_all(one: Corpus, other: Corpus, n_voices: int) -> None:
    """Hold the same of the doubts and gaps too."""
    check_same_weights(one, other, n_voices)
    check_same(one.robustness(MEASURED), other.robustness(MEASURED))
    check_same(one.gaps, other.gaps)


def check_same_but_draws(one: Corpus, other: Corpus, drawn: Sequence[str] = ("voices", "coding", "all")) -> None:
    """Hold that first places are equal, within Monte Carlo error where other draws are made."""
    tables = [corpus.robustness(MEASURED).set_index(["doubt", "hypothesis_id"]) for corpus in (one, other)]
    settled, random_ = (
        [table[table.index.isin(doubts, level="doubt")] for table in tables]
        for doubts in (("strengths", "voice", "kind", "coder"), drawn)
    )
    pd.testing.assert_frame_equal(*settled, rtol=0, atol=1e-12)  # means over the same groups in another order
    pd.testing.assert_series_equal(*(table.p_first for table in random_), rtol=0, atol=MONTE_CARLO)


def without_documents(gaps: pd.DataFrame) -> pd.DataFrame:
    return gaps[gaps.gap_kind != "single document"].reset_index(drop=True)


@few
@given(corpora(), places, st.sampled_from(["original", "copy", "both"]))
def test_a_document_given_twice_changes_nothing(pages: list[Page], chosen: int, coded: str) -> None:
    page = pages[chosen % len(pages)]
    others = [other for other in pages if other is not page]
    copy = replace(page, name=f"{'az'[chosen % 2]}-copy", is_read=coded != "original")
    given = [*others, replace(page, is_read=coded != "copy")]
    one, same_bytes, other_line_ends = (
        weighed(pages),
        weighed([*given, copy]),
        weighed([*given, replace(copy, line_end="\r\n")]),
    )
    check_same_all(one, same_bytes, voices(pages))
    check_same_weights(one, other_line_ends, voices(pages))  # the draws may go by the copy's digest
    check_same(one.gaps, other_line_ends.gaps)


@few
@given(corpora(), places)
def test_other_ids_and_another_order_of_files_and_codes_change_nothing(pages: list[Page], seed: int) -> None:
    shuffled = [replace(page, name=f"x{(7919 * (n + seed)) % 101}") for n, page in enumerate(pages)]
    random.Random(seed).shuffle(shuffled)
    check_same_all(weighed(pages), weighed(shuffled, seed=seed), voices(pages))


@few
@given(corpora(), places)
def test_files_split_between_two_posts_change_only_what_is_counted_in_documents(pages: list[Page], at: int) -> None:
    parts = []
    for page in pages:
        cut = 1 + at % (len(page.posts) - 1)
        for name, posts in (("first", page.posts[:cut]), ("second", page.posts[cut:])):
            parts.append(replace(page.with_posts(posts), name=f"{page.name}-{name}"))
    one, other = weighed(pages, UNCOUNTED), weighed(parts, UNCOUNTED)
    check_same_weights(one, other, voices(pages))
    check_same_but_draws(one, other)
    check_same(without_documents(one.gaps), without_documents(other.gaps))


@few
@given(corpora())
def test_sentences_cut_in_two_weigh_what_they_weighed(pages: list[Page]) -> None:
    cut = [
        page.with_posts(
            [replace(post, sentences=tuple(half for s in post.sentences for half in s.halves())) for post in page.posts]
        )
        for page in pages
    ]
    one, other = weighed(pages, UNCOUNTED), weighed(cut, UNCOUNTED)
    mentions = ["mentions", "mentions_place"]
    assert len(other.statements) > len(one.statements), "no sentence was cut"
    check_same(*(corpus.weights.hypotheses.drop(columns=mentions) for corpus in (one, other)))
    check_same(one.weights.shown_by_kind, other.weights.shown_by_kind)
    check_same(one.weights.inconsistency, other.weights.inconsistency)
    check_same_but_draws(one, other, ["voices"])  # each half may have been miscoded by itself
    check_same(*(without_documents(corpus.gaps)[["gap_id"]] for corpus in (one, other)))


@few
@given(corpora(), st.sampled_from([None, "Yan", "Dee"]), places)
def test_a_page_beside_the_point_changes_only_the_share_of_voices(
    pages: list[Page], voice: str | None, at: int
) -> None:
    beside = Page("letters", "comment_page", tuple(Post((s.numbered(901),), voice) for s in BESIDE))
    more = [*pages[:at], beside, *pages[at:]]
    check_same_all(weighed(pages), weighed(more), voices(more))


@few
@given(corpora(), places, places, st.sampled_from([None, "Yan", "Dee"]))
def test_a_post_or_a_sentence_beside_the_point_changes_only_the_share_of_voices(
    pages: list[Page], chosen: int, at: int, voice: str | None
) -> None:
    page = pages[chosen % len(pages)]
    posts = list(page.posts)
    sentence = BESIDE[at % 2].numbered(901)
    if at % 3:
        posts.insert(at % len(posts), Post((sentence,), None if page.format == "social_thread" else voice))
    else:
        posts[0] = replace(posts[0], sentences=(*posts[0].sentences, sentence))
    more = [page.with_posts(posts) if other is page else other for other in pages]
    one, other = weighed(pages, UNCOUNTED), weighed(more, UNCOUNTED)
    check_same_weights(one, other, voices(more))
    check_same_but_draws(one, other)
    check_same(without_documents(one.gaps), without_documents(other.gaps))


# Ann and Bob both write a long sentence; whose it is decides how much else they add.
TWO_NAMES = [
    Page("one", "comment_page", (Post((LONG,), "Ann"), Post((POOL[0].numbered(11),), "Ann"))),
    Page("two", "comment_page", (Post((LONG,), "Bob"),)),
    Page("minutes", "comment_page", (Post((POOL[2].numbered(1),), "Zed"),)),
]
# Nobody is named; where the long sentence is counted decides in how many documents its hypothesis is taken up.
NO_NAMES = [
    Page("one", "social_thread", (Post((LONG,)), Post((POOL[2].numbered(11),)))),
    Page("two", "social_thread", (Post((LONG,)), Post((POOL[7].numbered(12),)))),
]


@pytest.mark.parametrize("pages", [TWO_NAMES, NO_NAMES], ids=["two names", "no names"])
def test_whose_a_repeated_sentence_is_does_not_rest_on_what_is_beside_the_point(pages: list[Page]) -> None:
    first, *others = pages
    greetings = [Post((BESIDE[0].numbered(day),)) for day in (907, 908)]  # digests before and after the other page's
    made = [weighed([first.with_posts([*first.posts, greeting]), *others]) for greeting in greetings]
    rows = [corpus.hypothesis("greed")[["shown", "certainty", "reasons"]].to_dict() for corpus in made]
    assert rows[0] == rows[1]


def test_whose_a_repeated_sentence_is_does_not_rest_on_how_posts_lie_in_files() -> None:
    first, *others = TWO_NAMES
    parts = [replace(first.with_posts([post]), name=f"part-{n}") for n, post in enumerate(first.posts)]
    assert weighed(TWO_NAMES).hypothesis("greed").shown == weighed([*parts, *others]).hypothesis("greed").shown
