"""What a report is made of: the declared outputs of a run, with look-ups by id. Nothing is computed here."""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from steelyard import codebook as codebooks
from steelyard import tables, vocabulary
from steelyard.aggregate.subject import naming
from steelyard.codebook import Codebook, Hypothesis, Observation
from steelyard.corpus_files import sidecars
from steelyard.errors import Problem, SteelyardError
from steelyard.ingest.texts import read_texts
from steelyard.render import markdown as md
from steelyard.render.earlier import Earlier, facts, read_earlier
from steelyard.render.escape import attribute, entities
from steelyard.render.places import Places
from steelyard.render.selection import COUNTED, SELECTED, select
from steelyard.render.totals import Given, Totals
from steelyard.render.words import STATUSES
from steelyard.study import Study

MOST_VOICES = 40  # that are drawn
DUPLICATE = "duplicate of"  # how the reason begins for which a copy is dropped
_SIDES = ("supports", "opposes")
_CHARACTERS_AT_ONCE = 8 << 20
_MATRIX_ROWS = 40  # as many as can be read on a page of paper


@dataclass(frozen=True)
class Passage:
    """A statement with all that a quotation of it shows."""

    statement_id: str
    text: str
    language: str
    speaker: str
    role: str
    document_id: str
    document: str
    place: str
    anchor: str

    def quotation(self) -> str:
        """Give the statement verbatim, linked to its passage, with who said it and where."""
        source = f"{md.name(self.speaker)}, {md.name(self.document)}, {entities(self.place)}"
        return f"[{md.spoken(self.text, self.language)}](#{self.anchor}) — {source}"


@dataclass(frozen=True)
class Run:
    """A finished run, for the report to show.

    Args:
        study: the study's config.
        codebook: its codebook.
        frames: the run's tables by name ("weigh/hypotheses"); of a large corpus only what is selected of them.
        texts: text by document_id of each document that statements are shown of.
        digests: SHA-256 of the study's other files (codebook, codes, checked sources), by their paths in the config.
        earlier: the earlier result that the config names, if any.
        given: the tables of the whole corpus; those of `frames` where nothing is selected.
        turns: where a selection is shown, the place in it of each statement that was selected.
    """

    study: Study
    codebook: Codebook
    frames: Mapping[str, pd.DataFrame]
    texts: Mapping[str, str]
    digests: Mapping[str, str]
    earlier: Earlier | None = None
    given: Mapping[str, Given] = field(default_factory=dict)
    turns: Mapping[str, int] = field(default_factory=dict)

    @functools.cached_property
    def totals(self) -> Totals:
        """Figures of the whole corpus, whether or not it is shown whole."""
        return Totals({**self.frames, **self.given})

    @property
    def is_whole(self) -> bool:
        """Whether the report shows the whole corpus, not a selection."""
        return not self.turns

    def __getitem__(self, table: tables.Table) -> pd.DataFrame:
        """Give a table of the run."""
        return self.frames[table.name]

    @functools.cached_property
    def summary(self) -> dict[str, str]:
        """The run's facts by name (weigh/summary); an empty text where there is none."""
        return facts(self[tables.SUMMARY])

    @property
    def ranks(self) -> bool:
        """Whether this is a ranking; else it is a map."""
        return self.summary["form"] == "ranking"

    @functools.cached_property
    def hypotheses(self) -> dict[str, Hypothesis]:
        """Hypotheses by id, in the codebook's order."""
        return {hypothesis.id: hypothesis for hypothesis in self.codebook.hypotheses}

    @functools.cached_property
    def observations(self) -> dict[str, Observation]:
        """Expected observations by id, in the codebook's order."""
        return {observation.id: observation for _, observation in self.codebook.observations}

    @functools.cached_property
    def matrix_parts(self) -> list[list[str]]:
        """Hypotheses by the picture of the matrix that has their observations: one, or several of about a page each."""
        sizes = {i: len(self.hypotheses[i].observations) for i in self.everything if self.hypotheses[i].observations}
        total, done = sum(sizes.values()), 0
        count = math.ceil(total / _MATRIX_ROWS)
        parts: list[list[str]] = [[] for _ in range(count)]
        for identifier, size in sizes.items():
            parts[min(done * count // total, count - 1)].append(identifier)
            done += size
        return parts

    @functools.cached_property
    def weights(self) -> pd.DataFrame:
        """weigh/hypotheses with the id as its index."""
        return self[tables.HYPOTHESES].set_index("hypothesis_id", drop=False)

    def weight(self, hypothesis_id: str) -> Any:
        """Give a hypothesis' row of weigh/hypotheses."""
        return self.weights.loc[hypothesis_id]

    def ordered(self, role: str) -> list[str]:
        """Give the hypotheses of a role: by rank where there is one, else by how many voices take them up."""
        frame = self[tables.HYPOTHESES]
        frame = frame[frame.role == role].assign(place=lambda f: f.hypothesis_id.map(list(self.hypotheses).index))
        return list(frame.sort_values(["rank", "said", "place"], ascending=[True, False, True]).hypothesis_id)

    @functools.cached_property
    def everything(self) -> list[str]:
        """All hypotheses as the report lists them: motives, then conditions, then what is said about the set."""
        return [identifier for role in vocabulary.ROLES for identifier in self.ordered(role)]

    def name(self, hypothesis_id: str) -> str:
        """Give a hypothesis' short name, or "another motive"."""
        hypothesis = self.hypotheses.get(hypothesis_id)
        return hypothesis.name if hypothesis else "Another motive"

    def link(self, hypothesis_id: str) -> str:
        """Give a hypothesis' name as a link to its section."""
        return f"[{md.name(self.name(hypothesis_id))}](#{self.section_id(hypothesis_id)})"

    def section_id(self, hypothesis_id: str) -> str:
        """Give the id of a hypothesis' section."""
        return f"sec-h-{hypothesis_id.replace('_', '-')}"

    def statements(
        self, text: str, hypothesis_id: str, *, stance: str = "", kind: str = "", voice: str = "", best: bool = False
    ) -> str:
        """Give a figure as a link to the statements that it rests on, in the evidence table; plain if there are none.

        Args:
            text: the figure, as Markdown.
            hypothesis_id: whose statements; of these the page shows
            stance: only those that support, oppose or raise it; without it, those that support or oppose it;
            kind: only those of one kind of evidence;
            voice: only those of one independent voice;
            best: only the best of each voice on each side. Off the page the link leads to the first row of the stance.
        """
        if not self.are_shown(hypothesis_id, stance=stance, kind=kind, voice=voice):
            return text
        narrowed = {"kind": kind, "best": "yes" if best else "", "voice": voice}
        return _to_evidence(text, self.evidence_anchor(hypothesis_id, stance), narrowed)

    def are_shown(self, hypothesis_id: str, *, stance: str = "", kind: str = "", voice: str = "") -> bool:
        """Say whether the evidence table has rows that a figure rests on; see `statements`."""
        sides = [stance] if stance else _SIDES if kind or voice else vocabulary.STANCES
        return any(
            row.stance in sides and (not kind or row.kind == kind) and (not voice or row.voice_id == voice)
            for row in self._weighed.get(hypothesis_id, ())
        )

    def statements_of(self, text: str, voice_id: str) -> str:
        """Give a figure of an independent voice as a link to its statements, on whatever hypothesis."""
        if not any(row.voice_id == voice_id for rows in self._weighed.values() for row in rows):
            return text
        return _to_evidence(text, "sec-evidence", {"voice": voice_id})

    def evidence_anchor(self, hypothesis_id: str, stance: str = "") -> str:
        """Give the id of the first row that the evidence table has for a hypothesis, or for one stance on it."""
        return "-".join(filter(None, ["ev", hypothesis_id.replace("_", "-"), stance]))

    def status(self, observation_id: str) -> str:
        """Say what became of an expected observation, with links to the statements that speak of it."""
        sightings, observations = self[tables.SIGHTINGS], self[tables.OBSERVATIONS]
        [status] = observations.status[observations.observation_id == observation_id]
        told = sightings.statement_id[sightings.observation_id == observation_id]
        passages = [p for p in map(self.passages.get, sorted(told)) if p and p.role == "post"]
        links = [f"[{number}](#{passage.anchor})" for number, passage in enumerate(passages, start=1)]
        more = "" if self.is_whole else self.of_all(len(links), self.totals.sightings.get(observation_id, 0))
        return f"{STATUSES[status]} ({', '.join(links)}{more})" if links else STATUSES[status]

    @functools.cached_property
    def dropped(self) -> dict[str, tuple[int, int]]:
        """Passages and characters that were dropped, by reason; beside a selection all duplicates are one reason."""
        found: dict[str, tuple[int, int]] = {}
        for reason, (passages, characters) in self.totals.dropped.items():
            named = reason if self.is_whole or not reason.startswith(DUPLICATE) else f"{DUPLICATE} another document"
            before = found.get(named, (0, 0))
            found[named] = (before[0] + passages, before[1] + characters)
        return found

    def of_all(self, shown: int, number: int) -> str:
        """Say of how many things those that are shown are a part; nothing where they are all."""
        return "" if shown == number else f", {shown} of {number:,}"

    @functools.cached_property
    def _weighed(self) -> dict[str, list[Any]]:
        """Rows of aggregate/evidence that are shown, by hypothesis."""
        groups = self[tables.EVIDENCE].groupby("hypothesis_id")
        return {str(name): list(tables.records(part)) for name, part in groups}

    @functools.cached_property
    def on_subject(self) -> set[str]:
        """Ids of the original statements that name the question's subject, if the codebook gives words for it."""
        statements = self[tables.STATEMENTS]
        return set(statements.echo_id[naming(statements, self.codebook.subject)])

    @functools.cached_property
    def documents(self) -> list[Any]:
        """Rows of ingest/documents in the order of the config's files and their records."""
        paths = [source.path for source in self.study.sources]
        places = {path: place for place, path in reversed(list(enumerate(paths)))}

        def place(row: Any) -> tuple[int, int]:
            return places.get(row.path, len(places)), optional(row, "record") or 0

        return sorted(tables.records(self[tables.DOCUMENTS]), key=place)

    @functools.cached_property
    def shown(self) -> pd.DataFrame:
        """Rows of ingest/documents that the report shows statements of: all, unless it shows a selection."""
        documents = self[tables.DOCUMENTS]
        return documents if self.is_whole else documents[documents.document_id.isin(list(self.texts))]

    @property
    def shown_documents(self) -> list[Any]:
        """The rows of `shown` in the order of `documents`."""
        ids = set(self.shown.document_id)
        return [row for row in self.documents if row.document_id in ids]

    @functools.cached_property
    def _document_numbers(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self[tables.DOCUMENTS].document_id, start=1)}

    def document_anchor(self, document_id: str) -> str:
        """Give the id of a shown document's page; ids of documents may hold what an anchor cannot."""
        return f"sec-document-{self._document_numbers[document_id]}"

    def anchor(self, document_id: str, start: int) -> str:
        """Give the id of the passage that begins at a code point of a document."""
        return f"p{self._document_numbers[document_id]}-{start}"

    @functools.cached_property
    def passages(self) -> dict[str, Passage]:
        """Every statement by id.

        Raises:
            SteelyardError: a statement is not the exact text of its span.
        """
        documents = self[tables.DOCUMENTS].set_index("document_id")
        utterances = self[tables.UTTERANCES].set_index("utterance_id")
        statements = self[tables.STATEMENTS]
        require_unchanged(statements, self.texts, self[tables.DOCUMENTS])
        return {
            s.statement_id: Passage(
                s.statement_id,
                s.text,
                s.language,
                self.speakers[s.voice_id],
                utterances.role[s.utterance_id],
                s.document_id,
                documents.title[s.document_id],
                self.places[s.document_id].of(s.start, optional(s, "place")),
                self.anchor(s.document_id, s.start),
            )
            for s in tables.records(statements)
        }

    def where(self, statement: Any) -> str:
        """Say where a row of ingest/statements stands in its document: its page, time or record, else its line."""
        return self.places[statement.document_id].where(statement.start, optional(statement, "place"))

    @functools.cached_property
    def places(self) -> dict[str, Places]:
        """Of each document that is shown, where its statements stand."""
        starts = self.totals.starts(self.texts)
        return {name: Places(text, starts.get(name, [])) for name, text in self.texts.items()}

    @functools.cached_property
    def speakers(self) -> dict[str, str]:
        """What each voice is called in the report: its name, or what it is where it has none."""
        utterances = self[tables.UTTERANCES].drop_duplicates("voice_id").set_index("voice_id")
        return {
            v.voice_id: called(v.voice_id, v.name, utterances.role.get(v.voice_id, "post"))
            for v in tables.records(self[tables.VOICES])
        }


def optional(row: Any, column: str) -> Any:
    """Give a row's value of a column that a table may lack; None where it is lacking or null."""
    value = getattr(row, column, None)
    return None if pd.isna(value) else value


def _to_evidence(text: str, anchor: str, narrowed: Mapping[str, str]) -> str:
    keys = "".join(f' data-{name}="{attribute(value)}"' for name, value in narrowed.items() if value)
    return f"[{text}](#{anchor}){{.evidence{keys}}}"


def called(voice_id: str, name: str | None, role: str) -> str:
    """Give what a voice is called: its name, or who it is where it has none.

    That says its id's last part: its number in a thread, or its label on the page.

    Args:
        voice_id: the voice.
        name: its name, if it has one.
        role: of its first utterance.
    """
    if not pd.isna(name):
        return str(name)
    if role != "post":
        return "the page's editor"
    label = voice_id.rsplit(":", 1)[-1]
    if label.startswith("post-"):
        return f"unnamed voice {label.removeprefix('post-')}"
    return f"speaker {label}" if len(label) == 1 else f"the {label.removeprefix('a ')}"


def load(
    paths: Mapping[str, str],
    unmapped: Sequence[str],
    unanswered: Sequence[str],
    study: Study,
    folder: Path,
    extracted: Path,
) -> Run:
    """Read a run's tables and documents.

    Args:
        paths: file of each table by the table's name.
        unmapped: files of recorded codes that lie in no statement, one a recorded coder.
        unanswered: files of statements that a language model left uncoded, one a model.
        study: the study's config.
        folder: the config's folder, from which its paths are read.
        extracted: the folder ingest/texts.

    Raises:
        SteelyardError: a table is missing or breaks its schema, or the earlier result cannot be compared with.
    """
    given = {name: [path] for name, path in paths.items()}
    given |= {tables.UNMAPPED.name: list(unmapped), tables.UNANSWERED.name: list(unanswered)}
    totals = Totals(given)
    large = totals.statements > study.report.shown_whole
    unread = {table.name for table in (*SELECTED, *COUNTED)} if large else set()
    frames = {name: _read(tables.TABLES[name], files) for name, files in given.items() if name not in unread}
    turns: dict[str, int] = {}
    if large:
        selected, turns = select(totals, study.report.selected, study.report.quotes, _named(totals, frames))
        frames |= selected
    documents = frames[tables.DOCUMENTS.name]
    if large:
        documents = documents[documents.document_id.isin(frames[tables.STATEMENTS.name].document_id)]
    others = [*study.other_files, *sidecars(study.sources, folder)]
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in others}
    texts = read_texts(documents, folder, extracted)
    name = study.report.compare_with
    earlier = read_earlier(name, folder) if name else None
    book = codebooks.load(folder / study.codebook)
    return Run(study, book, frames, texts, digests, earlier, given if large else {}, turns)


def in_parts(run: Run, folder: Path, extracted: Path) -> Iterator[Mapping[str, str]]:
    """Give the texts of all documents, some at a time: of a corpus that is shown whole those at hand.

    Args:
        run: the run.
        folder: the config's folder, from which its paths are read.
        extracted: the folder ingest/texts.

    Raises:
        SteelyardError: with every document that is not the one that was ingested.
    """
    if run.is_whole:
        yield run.texts
        return
    documents = run[tables.DOCUMENTS].sort_values("path", kind="stable")
    for _, part in documents.groupby((documents.characters.cumsum() - 1) // _CHARACTERS_AT_ONCE):
        yield read_texts(part, folder, extracted)


def _read(table: tables.Table, files: Sequence[str]) -> pd.DataFrame:
    """Read a table of one file, or of several that together are the table."""
    if len(files) == 1:
        return tables.read(table, files[0])
    return pd.concat([table.empty(), *(tables.read(table, file) for file in files)], ignore_index=True)


def _named(totals: Totals, frames: Mapping[str, pd.DataFrame]) -> list[str]:
    """Give the voices that the report draws or names."""
    widest = facts(frames[tables.SUMMARY.name])["widest_voice"]
    talkers = [talker.voice_id for talker in totals.talkers(MOST_VOICES, by_words=True)]
    return list(dict.fromkeys([*talkers, *([widest] if widest else [])]))


def require_unchanged(statements: pd.DataFrame, texts: Mapping[str, str], documents: pd.DataFrame) -> None:
    """Raise an error unless every statement is the exact text of its span.

    Args:
        statements: rows of ingest/statements.
        texts: text by document_id.
        documents: the table ingest/documents.
    """
    changed = [s for s in tables.records(statements) if texts[s.document_id][s.start : s.end] != s.text]
    if changed:
        paths = documents.set_index("document_id").path
        hint = "The document was changed while the report was made: run snakemake again."
        raise SteelyardError(
            [Problem(f"is not the text of {paths[s.document_id]}", s.statement_id, hint) for s in changed]
        )
