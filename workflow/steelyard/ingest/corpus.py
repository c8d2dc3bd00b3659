"""The ingest room: documents become voices, utterances and statements; what is no statement is kept with its reason.

The corpus is cut into statements part by part (`part.py`). What the parts share is found here: copies of one document,
voices, and what repeats what. Of all parts at a time no text is held, but a few numbers of each statement.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from steelyard import tables
from steelyard.ingest import echoes
from steelyard.ingest.documents import Document
from steelyard.ingest.echoes import Keys, Places, Rule, Slice
from steelyard.ingest.part import Part, part
from steelyard.ingest.voices import joined
from steelyard.ingest.words import words
from steelyard.study import Ingest
from steelyard.tables import Table

_RUNS_AT_ONCE = 2_000_000
_LAST_KEY = (1 << 63) - 1


@dataclass(frozen=True)
class Corpus:
    """The tables of the ingest room, as `tables` describes them, and the texts that were extracted from files.

    `texts` has, by document_id, those whose spans do not count the file itself.
    """

    documents: pd.DataFrame
    voices: pd.DataFrame
    utterances: pd.DataFrame
    statements: pd.DataFrame
    dropped: pd.DataFrame
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Shared:
    """What the parts of a corpus share.

    Args:
        voices: the table ingest/voices.
        copies: of each document that is a copy, by id, the id and the language of the one that was kept.
        utterance_echoes: of each utterance that repeats another, the other, by id.
        statement_echoes: the same of statements.
    """

    voices: pd.DataFrame
    copies: pd.DataFrame
    utterance_echoes: pd.Series
    statement_echoes: pd.Series


def ingest(documents: Sequence[Document], options: Ingest) -> Corpus:
    """Make a corpus of documents.

    Args:
        documents: in any order, which changes nothing.
        options: languages, and what counts as an echo.

    Returns:
        The tables; statements and dropped spans hold every code point that is no white space exactly once.

    Raises:
        SteelyardError: with every turn that cannot be found, speaker with two names, or unknown language.
    """
    only = part(documents, options)
    found = shared([only], options)
    return Corpus(voices=found.voices, texts=only.texts, **finished(only, found))


def finished(one: Part, found: Shared) -> dict[str, pd.DataFrame]:
    """Give a part's documents, utterances, statements and dropped spans, as the tables of the room have them.

    Args:
        one: the part.
        found: what it shares with the others.
    """
    documents = one.frame(tables.PART_DOCUMENTS)
    copies = documents.drop(columns="language").join(found.copies, on="document_id", how="inner")
    language = documents["document_id"].map(found.copies["language"]).astype("str").fillna(documents["language"])

    def own(table: Table) -> pd.DataFrame:
        frame = one.frame(table)
        return frame[~frame["document_id"].isin(copies["document_id"])] if len(copies) else frame

    def echoing(frame: pd.DataFrame, name: str, repeats: pd.Series) -> pd.DataFrame:
        return frame.assign(echo_id=frame[name].map(repeats).astype("str").fillna(frame[name]))

    whole = copies.assign(start=copies["begin"], reason="duplicate of " + copies["original"])
    dropped = pd.concat([own(tables.DROPPED), whole[list(tables.DROPPED.columns)]], ignore_index=True)
    utterances = echoing(own(tables.PART_UTTERANCES), "utterance_id", found.utterance_echoes)
    statements = echoing(own(tables.PART_STATEMENTS), "statement_id", found.statement_echoes)
    return {
        "documents": tables.DOCUMENTS.frame(documents.assign(language=language)),
        "utterances": tables.UTTERANCES.frame(utterances),
        "statements": tables.STATEMENTS.frame(statements),
        "dropped": tables.DROPPED.frame(dropped),
    }


def shared(parts: Sequence[Part], options: Ingest) -> Shared:
    """Find what the parts of a corpus share.

    Args:
        parts: in any order, which changes nothing.
        options: what counts as an echo.
    """
    names = ["document_id", "language", "date", "fingerprint", "told"]
    documents = pd.concat([one.frame(tables.PART_DOCUMENTS, names) for one in parts], ignore_index=True)
    copies = _copies(documents)
    told = pd.concat([one.frame(tables.PART_VOICES) for one in parts], ignore_index=True)
    voices = joined(told[~told["document_id"].isin(copies.index)])
    utterances = _Texts(parts, tables.PART_UTTERANCES, tables.PART_UTTERANCE_RUNS, copies.index)
    statements = _Texts(parts, tables.PART_STATEMENTS, tables.PART_STATEMENT_RUNS, copies.index)
    ranks = _Ranks(documents.set_index("document_id"), voices.set_index("voice_id")["name"], utterances)
    rule = Rule(options.echo_words, options.echo_similarity, within=False)
    utterance_echoes = echoes.originals(len(utterances), echoes.repeated(utterances, rule), ranks.of_utterances)
    same = echoes.same_words(statements.digests, utterance_echoes[_utterances_of(statements, utterances)])
    pairs = np.concatenate([same, echoes.repeated(statements, replace(rule, within=True))])
    statement_echoes = echoes.originals(len(statements), pairs, lambda places: ranks.of_statements(statements, places))
    return Shared(
        voices,
        copies,
        _named(utterances, "utterance_id", utterance_echoes),
        _named(statements, "statement_id", statement_echoes),
    )


def _copies(documents: pd.DataFrame) -> pd.DataFrame:
    """Give the documents that are copies of another: of copies the one is kept that the config says most about."""
    ordered = documents.sort_values(["fingerprint", "told"])
    kept = ordered.drop_duplicates("fingerprint").set_index("fingerprint")
    copies = ordered[ordered.duplicated("fingerprint")].set_index("document_id")["fingerprint"]
    found = {"original": copies.map(kept["document_id"]), "language": copies.map(kept["language"])}
    return pd.DataFrame(found, dtype="str")


class _Texts:
    """Utterances, or statements, of all parts that are in no copy of a document, by position.

    Args:
        parts: of the corpus.
        table: which of a part's tables.
        runs: that of their runs of words.
        copies: ids of documents that are copies.
    """

    def __init__(self, parts: Sequence[Part], table: Table, runs: Table, copies: pd.Index) -> None:
        self._parts, self._table, self._runs = parts, table, runs
        narrow = [one.frame(table, ["document_id", "digest", "words"]) for one in parts]
        self._kept = [np.flatnonzero(~frame["document_id"].isin(copies)) for frame in narrow]
        self._places = []  # of each part's rows, -1 for those of copies
        count = 0
        for frame, kept in zip(narrow, self._kept, strict=True):
            places = np.full(len(frame), -1)
            places[kept] = count + np.arange(len(kept))
            self._places.append(places)
            count += len(kept)
        rows = [frame.iloc[kept] for frame, kept in zip(narrow, self._kept, strict=True)]
        self.digests: Keys = np.concatenate([part["digest"].to_numpy(dtype=np.uint64) for part in rows])
        self.lengths: Places = np.concatenate([part["words"].to_numpy(dtype=np.int64) for part in rows])

    def __len__(self) -> int:
        return len(self.digests)

    def slices(self, run: int) -> Iterator[Slice]:
        """Give keys of runs and the places of their texts, as `echoes.Texts` has it; some millions at a time."""
        count = 1 + int(np.maximum(self.lengths - run + 1, 0).sum()) // _RUNS_AT_ONCE
        bounds = [number * (_LAST_KEY + 1) // count for number in range(count + 1)]
        for low, end in itertools.pairwise(bounds):
            found = [one.runs(self._runs, low, end - 1) for one in self._parts]
            owners = [places[frame["owner"]] for places, frame in zip(self._places, found, strict=True)]
            keys, central = (np.concatenate([frame[name].to_numpy() for frame in found]) for name in ("key", "central"))
            places = np.concatenate(owners)
            kept = places >= 0
            yield keys[kept], places[kept], central[kept]

    def minima(self, places: Places) -> Keys:
        """Give the MinHash signatures of the texts at these places, which ascend."""
        found = [rows.to_numpy() for rows in self._rows_by_part(places, tables.MINIMA)]
        return np.ascontiguousarray(np.concatenate([np.empty((0, len(tables.MINIMA)), dtype=np.uint64), *found]))

    def spelled(self, places: Places) -> Iterator[bytes]:
        """Give the texts at these places, which ascend, as `echoes.spelled` does."""
        for rows in self._rows_by_part(places, ["text"]):
            yield from echoes.spelled([words(text) for text in rows["text"]])

    def rows(self, places: Places, columns: Sequence[str]) -> pd.DataFrame:
        """Give some columns of the texts at these places, which ascend."""
        return pd.concat(self._rows_by_part(places, columns), ignore_index=True)

    def _rows_by_part(self, places: Places, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        for one, kept, of_rows in zip(self._parts, self._kept, self._places, strict=True):
            first = of_rows[kept[0]] if len(kept) else 0
            within = places[np.searchsorted(places, first) : np.searchsorted(places, first + len(kept))]
            if len(within):
                yield one.frame(self._table, columns).iloc[kept[within - first]]

    def by_part(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Give some columns of each part's texts, in order."""
        for one, kept in zip(self._parts, self._kept, strict=True):
            yield one.frame(self._table, columns).iloc[kept]


def _utterances_of(statements: _Texts, utterances: _Texts) -> Places:
    """Give the place of each statement's utterance."""
    found, before = [np.empty(0, dtype=np.int64)], 0
    both = zip(statements.by_part(["utterance_id"]), utterances.by_part(["utterance_id"]), strict=True)
    for said, whole in both:
        found.append(before + pd.Index(whole["utterance_id"]).get_indexer(pd.Index(said["utterance_id"])))
        before += len(whole)
    return np.concatenate(found)


@dataclass(frozen=True)
class _Ranks:
    """The order in which the representative of a cluster of echoes is chosen.

    A known name comes first, then the earliest date, then the alphabet: no other text of the page has a part in whose
    words they are. What is left is settled by the document's words; ids and line ends have no part.

    Args:
        documents: `date` and `fingerprint` by document_id.
        names: of voices by voice_id.
        utterances: of the corpus.
    """

    documents: pd.DataFrame
    names: pd.Series
    utterances: _Texts

    def of_utterances(self, places: Places) -> list[tuple]:
        """Give the rank of utterances by their places."""
        return self._ranks(self.utterances.rows(places, ["document_id", "voice_id", "role", "date", "start"]))

    def of_statements(self, statements: _Texts, places: Places) -> list[tuple]:
        """Give the rank of statements by their places: that of their utterance, but for where they stand."""
        said = statements.rows(places, ["utterance_id", "document_id", "voice_id", "start"])
        at = np.unique(_utterances_of(statements, self.utterances)[places])
        about = self.utterances.rows(at, ["utterance_id", "role", "date"])
        return self._ranks(said.merge(about, on="utterance_id", how="left"))

    def _ranks(self, rows: pd.DataFrame) -> list[tuple]:
        documents = self.documents.loc[rows["document_id"]]
        date = rows["date"].astype("object").where(rows["date"].notna(), documents["date"].to_numpy())
        date, name = date.where(date.notna(), ""), rows["voice_id"].map(self.names)
        spelled = [str(one).casefold() for one in name.astype("object").where(name.notna(), "")]
        known = (name.isna(), rows["role"] != "post", date == "", date)
        return list(zip(*known, spelled, documents["fingerprint"], rows["start"], strict=True))


def _named(texts: _Texts, key: str, originals: Places) -> pd.Series:
    """Give what each text repeats that repeats another, by id."""
    again = np.flatnonzero(originals != np.arange(len(originals)))
    if not len(again):
        return pd.Series(dtype="str")
    told, inverse = np.unique(originals[again], return_inverse=True)
    repeated = texts.rows(told, [key])[key].to_numpy()[inverse]
    return pd.Series(repeated, index=texts.rows(again, [key])[key], dtype="str")
