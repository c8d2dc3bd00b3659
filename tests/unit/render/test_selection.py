"""What is shown of a corpus that is too large to be shown whole, and that its figures are those of the whole."""

from __future__ import annotations

import functools
import hashlib
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from steelyard import tables
from steelyard.errors import SteelyardError
from steelyard.render.figures.words import brief
from steelyard.render.flow import steps
from steelyard.render.run import Run, require_unchanged
from steelyard.render.sections.evidence import as_csv, coded, evidence
from steelyard.render.sections.hypotheses import hypotheses
from steelyard.render.sections.missing import missing
from steelyard.render.sections.sources import sources
from steelyard.render.sections.who import who
from steelyard.render.selection import SELECTED, select
from steelyard.render.totals import Talker, Totals
from unit.render.test_sentences import run
from unit.weigh.small_corpus import Corpus, Said, corpus

ROOM = 12
VOICES = [f"voice {n}" for n in range(12)]
KINDS = ["assertion", "reasoning", "statistic", "observation"]
STANCES = ["supports", "supports", "opposes", "raises"]
HYPOTHESES = ["greed", "honour", "need"]


def said(number: int) -> Said:
    """Say something or other; every ninth statement repeats the one before, and some bear on nothing."""
    voice, document = VOICES[number * number % 11], ["paper", "letter", "talk"][number % 3]
    hypothesis, stance = HYPOTHESES[number // 4 % 3], STANCES[number // 2 % 4]
    codes = {} if number % 5 == 4 else {hypothesis: stance}
    if number % 13 == 0:
        codes["habit" if number % 2 else "other_motive"] = "supports"
    echoes = number - 1 if number % 9 == 8 else None
    return Said(voice, codes, KINDS[number * 7 % 4], number % 6 == 0, document, f"N{number:04} so.", echoes=echoes)


@functools.cache
def whole() -> Corpus:
    return corpus([*map(said, range(150)), Said("the page", {"greed": "supports"}, role="headline", text="Head line")])


def given(c: Corpus) -> dict[str, pd.DataFrame]:
    frames = [c.documents, c.voices, c.utterances, c.statements, c.codes, c.traits, c.sightings, c.evidence, c.ledger]
    return dict(zip([tables.DOCUMENTS.name, *(table.name for table in SELECTED)], frames, strict=True))


@functools.cache
def selected(c: Corpus, room: int = ROOM) -> tuple[dict[str, pd.DataFrame], dict[str, int]]:
    talker = Totals(given(c)).talkers(1, by_words=True)[0]
    return select(Totals(given(c)), room, 2, [talker.voice_id])


def shown(c: Corpus, table: tables.Table) -> pd.DataFrame:
    return selected(c)[0][table.name]


def words(c: Corpus, *, room: int = ROOM) -> list[str]:
    """The texts of the chosen statements in the order in which they were taken."""
    text = c.statements.set_index("statement_id").text
    turns = selected(c, room)[1]
    return [text[name] for name in sorted(turns, key=lambda name: turns[name])]


@functools.cache
def both() -> tuple[Run, Run]:
    """The run that shows the corpus whole, and the one that shows a selection."""
    c = whole()
    other = {tables.DROPPED.name: tables.DROPPED.empty(), tables.LEDGER.name: c.ledger}
    all_of_it = run(c)
    everything = Run(all_of_it.study, c.codebook, {**all_of_it.frames, **other}, all_of_it.texts, {})
    frames, turns = selected(c)
    chosen = {**everything.frames, **frames}
    return everything, Run(everything.study, c.codebook, chosen, everything.texts, {}, None, everything.frames, turns)


def _renamed(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:12]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(lambda: whole().shuffled(1), id="rows in another order"),
        pytest.param(lambda: corpus([*map(said, range(150)), HEAD], name=_renamed), id="other ids"),
    ],
)
def test_neither_ids_nor_the_order_of_rows_say_what_is_shown(other: Callable[[], Corpus]) -> None:
    assert words(other()) == words(whole())


HEAD = Said("the page", {"greed": "supports"}, role="headline", text="Head line")


def test_more_room_adds_and_takes_nothing_away() -> None:
    few, more = words(whole()), words(whole(), room=60)
    assert len(few) < len(more) == 60
    assert more[: len(few)] == few


def test_every_hypothesis_stance_and_kind_is_there_with_the_best_of_some_voice() -> None:
    every = given(whole())[tables.EVIDENCE.name]
    chosen = shown(whole(), tables.EVIDENCE)
    cell = ["hypothesis_id", "stance", "kind"]
    assert set(map(tuple, chosen[cell].to_numpy())) == set(map(tuple, every[cell].to_numpy()))
    for side, part in every.groupby(["hypothesis_id", "stance"]):
        kept = chosen[(chosen.hypothesis_id == side[0]) & (chosen.stance == side[1])]
        assert kept.strength.max() == part.strength.max()


def test_the_strongest_of_different_voices_come_before_a_voice_s_second() -> None:
    chosen = shown(whole(), tables.EVIDENCE)
    every = whole().evidence
    one = every[(every.hypothesis_id == "greed") & (every.stance == "supports")]
    best = one.groupby("voice_id").strength.max().nlargest(2)
    kept = chosen[(chosen.hypothesis_id == "greed") & (chosen.stance == "supports")]
    assert kept.groupby("voice_id").strength.max().nlargest(2).tolist() == best.tolist()


def test_what_is_repeated_and_who_speaks_is_shown_too() -> None:
    frames = selected(whole())[0]
    statements = frames[tables.STATEMENTS.name]
    mentioned = statements[statements.statement_id.isin(list(selected(whole())[1]))]
    assert (mentioned.echo_id != mentioned.statement_id).any()
    assert set(mentioned.echo_id) <= set(statements.statement_id)
    assert set(statements.utterance_id) <= set(frames[tables.UTTERANCES.name].utterance_id)
    voices = set(frames[tables.VOICES.name].voice_id)
    assert {*statements.voice_id, *frames[tables.EVIDENCE.name].voice_id} <= voices


def test_the_statements_beside_one_in_its_utterance_are_shown() -> None:
    c = whole()
    one = c.statements.utterance_id.mask(c.statements.document_id == "letter", "u1")
    frames = given(c) | {tables.STATEMENTS.name: c.statements.assign(utterance_id=one)}
    found, turns = select(Totals(frames), 1, 1, [])
    kept = found[tables.STATEMENTS.name]
    text = c.statements.text[c.statements.document_id == "letter"].tolist()
    is_shown = [one in set(kept.text) for one in text]
    is_chosen = [name in turns for name in c.statements.statement_id[c.statements.document_id == "letter"]]
    near = [any(is_chosen[max(0, at - 2) : at + 3]) for at in range(len(text))]
    assert is_shown.count(True) < len(text)
    assert [a for a, b in zip(is_shown, near, strict=True) if b] == [True] * near.count(True)


def test_every_figure_is_that_of_the_whole() -> None:
    everything, chosen = both()
    assert len(chosen[tables.STATEMENTS]) < len(everything[tables.STATEMENTS])
    assert steps(chosen) == steps(everything)
    for name in ("statements", "roles", "readers", "codes", "bearing", "taking", "best_kinds", "talking"):
        assert getattr(chosen.totals, name) == getattr(everything.totals, name), name

    def plain(text: str) -> list[list[str]]:
        lines = re.sub(r"\[([^][]*)\]\(#[^)]*\)(\{[^}]*\})?", r"\1", text).splitlines()
        cells = [line.split(" | ") for line in lines]
        return sorted(row[:1] + row[2:] if len(row) == 6 else row for row in cells)  # of equal sources any is named

    assert plain(who(chosen)) == plain(who(everything))


def test_totals_are_what_counting_gives() -> None:
    c, totals = whole(), both()[0].totals
    assert totals.statements == 151
    assert totals.roles == {"headline": 1, "post": 150}
    assert totals.codes == len(c.codes)
    assert totals.readers == {("reader", "human"): 151}
    assert totals.within == 9 * 151
    weighed = c.evidence[c.evidence.hypothesis_id != "other_motive"]
    assert totals.bearing == weighed.statement_id.nunique() < c.evidence.statement_id.nunique()
    assert totals.other_motives == (c.codes.hypothesis_id == "other_motive").sum()
    taking = c.ledger[c.ledger.takes_up & (c.ledger.hypothesis_id != "other_motive")]
    assert totals.taking == taking.voice_id.nunique()
    counted = c.ledger[c.ledger.hypothesis_id == "greed"].kind_for.dropna()
    assert totals.best_kinds["greed", "supports"] == dict(sorted(Counter(counted).items()))
    every = c.evidence.drop_duplicates(["voice_id", "statement_id"])
    most = Counter(every.voice_id)
    first = sorted(most, key=lambda voice: (-most[voice], voice))[:3]
    documents = [Counter(every.document_id[every.voice_id == voice]) for voice in first]
    placed = [min(d, key=lambda name, d=d: (-d[name], name)) for d in documents]
    expected = [Talker(voice, document, most[voice]) for voice, document in zip(first, placed, strict=True)]
    assert totals.talkers(3, by_words=False) == expected


def test_the_file_has_every_row_whatever_is_shown() -> None:
    everything, chosen = both()
    file = b"".join(as_csv(everything, [everything.texts]))
    parts = [{name: text} for name, text in everything.texts.items()]
    assert b"".join(as_csv(chosen, parts)) == file
    assert file.count(b"\n") == len(whole().codes) + 1
    assert len(coded(chosen)) < len(whole().codes)
    assert f"of {len(whole().codes)} rows" in evidence(chosen)


def test_a_changed_document_that_is_not_shown_fails_the_file() -> None:
    _, chosen = both()
    changed = {name: text.replace("so.", "no.") for name, text in chosen.texts.items()}
    with pytest.raises(SteelyardError, match="is not the text of"):
        list(as_csv(chosen, [changed]))
    require_unchanged(chosen[tables.STATEMENTS], chosen.texts, chosen[tables.DOCUMENTS])


def test_all_links_lead_somewhere() -> None:
    _, chosen = both()
    text = "".join(make(chosen) for make in (evidence, hypotheses, missing, sources, who))
    ids = [*re.findall(r"\{#([\w-]+)", text), *re.findall(r'id="([\w-]+)"', text)]
    assert [name for name, times in Counter(ids).items() if times > 1] == [
        name for name, times in Counter(ids).items() if times > 1 and name.startswith(("ev-", "row-"))
    ]  # the rows stand once in the page's table and once in that on paper
    prose = ("sec-evidence", "sec-sources", "sec-next", "sec-gaps", "sec-weighed")
    leads = {*re.findall(r"\]\(#([\w-]+)\)", text), *re.findall(r'href="#([\w-]+)"', text)}
    assert leads - set(ids) - set(prose) == set()


def test_what_is_left_out_of_an_utterance_is_marked() -> None:
    _, chosen = both()
    c = whole()
    statement = chosen[tables.STATEMENTS].iloc[0]
    utterances = chosen[tables.UTTERANCES]
    longer = utterances.assign(end=utterances.end.mask(utterances.utterance_id == statement.utterance_id, 1500))
    with_more = Run(
        chosen.study, c.codebook, {**chosen.frames, tables.UTTERANCES.name: longer}, chosen.texts, {}, None,
        chosen.given, chosen.turns,
    )  # fmt: skip
    assert sources(with_more).count("{.left-out}") == sources(chosen).count("{.left-out}") + 1
    assert "{.left-out}" not in sources(both()[0])


def test_duplicates_are_one_reason_beside_a_selection() -> None:
    rows = [
        {"document_id": f"d{n}", "start": 0, "end": 5, "reason": f"duplicate of d{n + 10}" if n else "link"}
        for n in range(4)
    ]
    everything, chosen = both()
    dropped = {tables.DROPPED.name: tables.DROPPED.frame(rows)}
    assert len(replace(everything, frames={**everything.frames, **dropped}).dropped) == 4
    merged = replace(chosen, given={**chosen.given, **dropped}).dropped
    assert merged == {"duplicate of another document": (3, 15), "link": (1, 5)}


def test_a_small_mark_holds_a_brief_number() -> None:
    assert [brief(n) for n in (7, 999, 1000, 9949, 9950, 123_456)] == ["7", "999", "1.0k", "9.9k", "10k", "123k"]
