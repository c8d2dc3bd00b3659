"""A study looked through before it is run: every mistake at once, what may not be meant, and what a run will do.

Nothing is run and nothing written. The rules are the rooms' own: what is said here is what they would say.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

import pandas as pd
import pydantic
import quarto

from steelyard import codebook as codebooks
from steelyard import corpus_files, session, vocabulary
from steelyard.aggregate import sources
from steelyard.aggregate.counts import counts
from steelyard.aggregate.evidence import posts
from steelyard.annotate import embedding, learned, lexicon, recorded
from steelyard.annotate.adjudicate import accept
from steelyard.annotate.llm import coder as llm_coder
from steelyard.annotate.llm import kept, prompt
from steelyard.annotate.llm.prompt import Question
from steelyard.annotate.readings import Readings
from steelyard.annotate.recorded_file import passages
from steelyard.annotate.sentences import statements_read
from steelyard.codebook import Codebook, Hypothesis, Observation
from steelyard.engine import engine, view
from steelyard.errors import Problem, SteelyardError
from steelyard.files import is_dir, is_file
from steelyard.ingest.corpus import Corpus, ingest
from steelyard.ingest.documents import Document, read_documents
from steelyard.loaded_study import LoadedStudy
from steelyard.render.earlier import read_earlier
from steelyard.study import COMPARED_FILES, Coder, CuesCoder, Ingest, LearnedCoder, LlmCoder, RecordedCoder
from steelyard.tables import CODES, STATEMENTS, TRAITS, UTTERANCES
from steelyard.weigh.form import ReportForm, report_form
from steelyard.weigh.words import count, percent
from steelyard.yaml_file import EACH, M, YamlFile, collecting

Summary = list[tuple[str, list[str]]]  # headings, each with its lines

_CODER: pydantic.TypeAdapter[Coder] = pydantic.TypeAdapter(Coder)
_READERS = (RecordedCoder, LlmCoder)
_DUPLICATE = "duplicate of "  # how ingest begins its reason for leaving out a copy
_SHOWN = 10


@dataclass(frozen=True)
class Checked:
    """What is to be said of a study without mistakes.

    Args:
        summary: what it holds, and what a run will do.
        warnings: what is no mistake, but may not be meant.
    """

    summary: Summary
    warnings: list[Problem]


def check(config: Path) -> Checked:
    """Look a study through.

    Args:
        config: path of the study's config.

    Returns:
        What it holds and what a run will do, and warnings.

    Raises:
        SteelyardError: with every mistake of the config, the codebook, the documents, the recorded codes, the prompts
            and kept answers, the checked sources and the earlier result. Only what rests on something that cannot be
            read at all is not looked at.
    """
    file, folder = YamlFile(config), config.parent
    problems: list[Problem] = []
    study: LoadedStudy | None = None
    corpus: Corpus | None = None
    with collecting(problems):
        study = LoadedStudy(config)
    options = study.config.ingest if study else Ingest()
    documents, unread = _documents(file, folder, options)
    texts = {document.document_id: document.text for document in documents}
    with collecting(problems):
        corpus = ingest(documents, options)
    problems += [*unread, *_of_other_files(file, folder, texts), *_of_renderer(file)]
    codes = _of_codes(file, folder, texts)
    # Which documents are unknown nobody can say where some cannot be read.
    problems += [one for one in codes if not unread or not one.what.startswith("unknown document_id")]
    if problems or study is None or corpus is None:
        raise SteelyardError(list(dict.fromkeys(problems)))
    known = _Known(study, corpus, texts)
    return Checked(_summary(known), list(_warnings(known, file)))


# Mistakes. The config's plain values are looked at, so that one mistake hides no other.


def _documents(file: YamlFile, folder: Path, options: Ingest) -> tuple[list[Document], list[Problem]]:
    """Read the documents that can be read, and say what is wrong with the others."""
    documents: list[Document] = []
    problems: list[Problem] = []
    found, mistakes = corpus_files.find(file, folder)
    for source in found:
        if is_file(folder / source.path):  # else it is told with the config's mistakes
            with collecting(problems):
                documents += read_documents([source], folder, options.largest_megabytes)
    return documents, problems + mistakes


def _of_other_files(file: YamlFile, folder: Path, texts: Mapping[str, str]) -> list[Problem]:
    """Find what is wrong with checked sources, an earlier result, prompts and kept answers."""
    problems: list[Problem] = []
    for _, name in file.texts("checked_sources"):
        if is_file(folder / name):
            with collecting(problems):
                sources.read(folder / name)
    for _, name in file.texts("report", "compare_with"):
        if all(is_file(folder / name / table) for table in COMPARED_FILES):
            with collecting(problems):
                read_earlier(name, folder)
    for coder in _coders(file):
        if isinstance(coder, LlmCoder):
            with collecting(problems):
                kept.read(folder / coder.answers)
            if not coder.prompts or is_dir(folder / coder.prompts):
                with collecting(problems):
                    _prompts(coder, folder)
    return problems


def _of_codes(file: YamlFile, folder: Path, texts: Mapping[str, str]) -> list[Problem]:
    """Find what is wrong with recorded codes."""
    problems: list[Problem] = []
    for _, name in file.texts("codebook"):
        codebook = _ids(folder / name)
        for coder in _coders(file):
            if codebook and isinstance(coder, RecordedCoder) and is_file(folder / coder.path):
                with collecting(problems):
                    passages(folder / coder.path, texts, codebook)
    return problems


def _ids(path: Path) -> Codebook | None:
    """Give a codebook; of one with mistakes, which are told elsewhere, the ids alone; None where an id is missing."""
    with contextlib.suppress(SteelyardError):
        return codebooks.load(path)
    with contextlib.suppress(SteelyardError):
        file = YamlFile(path)
        names = file.texts("hypotheses", EACH, "id")
        expected = file.texts("hypotheses", EACH, "observations", EACH, "id")
        if len(names) == len(file.find("hypotheses", EACH)):
            observations = [_unchecked(Observation, id=name) for _, name in expected]
            hypotheses = [_unchecked(Hypothesis, id=name, observations=observations) for _, name in names]
            return _unchecked(Codebook, hypotheses=hypotheses)
    return None


def _unchecked(model: type[M], **values: object) -> M:
    return cast(M, model.model_construct(None, **values))


def _of_renderer(file: YamlFile) -> list[Problem]:
    hint = "Install Quarto, or write `renderer: auto`."
    return [
        Problem("report.renderer is quarto, and the Quarto CLI is not installed", file.where(place), hint)
        for place, choice in file.texts("report", "renderer")
        if choice == "quarto" and not quarto.path()
    ]


def _coders(file: YamlFile) -> Iterator[Coder]:
    """Give the coders that are well formed."""
    for _, raw in file.find("coders", EACH):
        with contextlib.suppress(pydantic.ValidationError):
            yield _CODER.validate_python(raw)


def _prompts(coder: LlmCoder, folder: Path) -> prompt.Prompts:
    return prompt.load(folder / coder.prompts if coder.prompts else None)


# A study without mistakes.


@dataclass(frozen=True)
class _Asked:
    """What a language model is asked, the answers that are kept, and what they say."""

    questions: list[Question]
    answers: kept.Answers
    readings: Readings
    cost: str

    @property
    def is_complete(self) -> bool:
        return all(question.key in self.answers for question in self.questions)


@dataclass(frozen=True)
class _Known:
    """A study, its corpus with the documents' texts by id, and what those say who have read it."""

    study: LoadedStudy
    corpus: Corpus
    texts: Mapping[str, str]

    @property
    def coders(self) -> list[Coder]:
        return self.study.config.coders

    @property
    def has_programs(self) -> bool:
        return not all(isinstance(coder, _READERS) for coder in self.coders)

    @cached_property
    def recorded(self) -> dict[str, tuple[Readings, pd.DataFrame]]:
        """By name of a recorded coder its readings, and its codes to look at again."""
        study = self.study
        shared = self.texts, self.corpus.statements, study.codebook, study.folder
        return {
            name: recorded.read_for_review(Path(study.recorded_path(name)), name, *shared)
            for name in study.recorded_names
        }

    @cached_property
    def asked(self) -> dict[str, _Asked]:
        """By name of a language model what it is asked."""
        return {coder.name: self._asked(coder) for coder in self.coders if isinstance(coder, LlmCoder)}

    def _asked(self, coder: LlmCoder) -> _Asked:
        folder, codebook = self.study.folder, self.study.codebook
        prompts, answers = _prompts(coder, folder), kept.read(folder / coder.answers)
        rows, schema = self.read_by_coders, prompt.schema(codebook)
        questions = prompt.questions(rows, self.texts, codebook, prompts, coder.model, coder.context)
        answered = [question for question in questions if question.key in answers]
        said = llm_coder.readings(llm_coder.coded(answered, answers, {}, codebook.ids), coder.name)
        cost = llm_coder.estimate(questions, answers, schema, coder.price_in, coder.price_out)
        return _Asked(questions, answers, said, cost)

    @cached_property
    def read_by_coders(self) -> pd.DataFrame:
        """The statements that programs and language models read."""
        return statements_read(self.corpus.statements, self.corpus.utterances)

    @cached_property
    def accepted(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The codes and traits that people and language models decide, as far as they have read."""
        readings = [*(found for found, _ in self.recorded.values()), *(one.readings for one in self.asked.values())]
        codes, traits, _ = accept(readings, [coder.name for coder in self.coders], {})
        return codes, traits

    @cached_property
    def form(self) -> ReportForm:
        """The form of the report, as far as it is known."""
        needed = self.study.config.method.ranking.read_statements
        codes, traits = self.accepted
        given = {UTTERANCES: self.corpus.utterances, STATEMENTS: self.corpus.statements, CODES: codes, TRAITS: traits}
        with engine() as connection:
            for table, frame in given.items():
                view(connection, table, frame)
            posts(connection)
            return report_form(counts(connection), needed)

    def fault(self, coder: LearnedCoder) -> Problem | None:
        """Say why a coder has too little to learn from; None where it has enough."""
        corpus, names = self.corpus, self.study.recorded_names
        readings = [found for found, _ in self.recorded.values()]
        tables = corpus.statements, corpus.utterances, corpus.documents
        return learned.fault(*tables, self.study.codebook, readings, names, coder.fewest)


# What it holds, and what a run will do.


def _summary(known: _Known) -> Summary:
    study, form = known.study.config, known.form
    open_form = [] if all(one.is_complete for one in known.asked.values()) else ["Answers to come may change it."]
    return [
        ("Study", [f"{study.study} ({known.study.config_path})"]),
        ("Question", [study.question]),
        ("Documents", _of_documents(known.corpus.documents)),
        ("Statements", _of_statements(known.corpus)),
        ("Hypotheses", [_of_hypotheses(known.study.codebook)]),
        ("Coders", [f"{coder.name} ({coder.type}): {_does(known, coder)}" for coder in known.coders]),
        ("Form", [f"{form.form}: {form.reason}", *open_form]),
        ("Stages", _stages(known)),
        ("Results", [f"results/{study.study}/: report.html, report.pdf, evidence.csv, corpus.json and every table"]),
    ]


def _of_documents(documents: pd.DataFrame) -> list[str]:
    return [
        f"{count(len(documents), 'document')}, {documents.characters.sum():,} characters",
        f"formats: {_tally(documents.format)}",
        f"languages: {_tally(documents.language)}",
        f"types of source: {_tally(documents.source_type)}",
    ]


def _of_statements(corpus: Corpus) -> list[str]:
    statements, reasons = corpus.statements, corpus.dropped.reason
    echoes = int((statements.echo_id != statements.statement_id).sum())
    repeating = f"; {count(echoes, 'repeats', 'repeat')} another" if echoes else ""
    said = f"{count(len(statements), 'statement')} of {count(statements.voice_id.nunique(), 'voice')}{repeating}"
    copies = reasons.str.startswith(_DUPLICATE)
    left_out = reasons.mask(copies, f"{_DUPLICATE}another document")
    return [said, *([f"left out: {_tally(left_out)}"] if len(left_out) else [])]


def _of_hypotheses(codebook: Codebook) -> str:
    numbers = {role: sum(one.role == role for one in codebook.hypotheses) for role in vocabulary.ROLES}
    words = {"motive": "motive", "condition": "condition"}
    roles = [
        count(number, words[role]) if role in words else f"{number} about the set"
        for role, number in numbers.items()
        if number
    ]
    expected = count(len(codebook.observations), "expected observation")
    return f"{len(codebook.ids)} ({', '.join(roles)}), with {expected}"


def _does(known: _Known, coder: Coder) -> str:
    """Say what a coder will do."""
    if isinstance(coder, RecordedCoder):
        found, all_of_them = known.recorded[coder.name][0], len(known.corpus.statements)
        share = percent(len(found.traits) / all_of_them) if all_of_them else "none"
        read = f"{count(len(found.traits), 'statement')} read, {share} of the corpus"
        return f"{coder.path}, {count(len(found.readings), 'code')}; {read}"
    if isinstance(coder, LlmCoder):
        return f"asks {coder.model} at {coder.url}: {known.asked[coder.name].cost}"
    if isinstance(coder, LearnedCoder):
        fault = known.fault(coder)
        return f"codes nothing: {fault.what}" if fault else f"learns from {', '.join(known.study.recorded_names)}"
    by = "the codebook's cues" if isinstance(coder, CuesCoder) else "likeness to claims and exemplars"
    return f"reads {count(len(known.read_by_coders), 'statement')} by {by}"


def _stages(known: _Known) -> list[str]:
    study, documents = known.study, known.corpus.documents
    decided, method, report = len(known.accepted[1]), study.config.method, study.config.report
    left = len(known.read_by_coders) - decided
    others = f", programs {left} at most" if known.has_programs and left > 0 else ""
    checked = [len(sources.read(Path(path))) for path in study.checked_sources_path]
    motives = count(sum(one.role == "motive" for one in study.codebook.hypotheses), "motive")
    weighed = f"ranks {motives}" if known.form.form == "ranking" else f"draws a map of {motives}, and ranks none"
    compared = f", with what changed since {report.compare_with}" if report.compare_with else ""
    return [
        f"ingest: makes statements, voices and echoes of {count(len(documents), 'document')}",
        f"annotate: {count(len(known.coders), 'coder')}; those who read decide {count(decided, 'statement')}{others}",
        f"aggregate: takes each voice's best evidence; {count(sum(checked), 'checked source')}",
        f"weigh: {weighed}; {count(method.robustness.draws, 'random draw')} under each doubt",
        f"render: by {_renderer(report.renderer)}{compared}",
    ]


def _renderer(choice: str) -> str:
    return "the embedded renderer" if choice == "embedded" or not quarto.path() else "the Quarto CLI"


# What may not be meant.


def _warnings(known: _Known, file: YamlFile) -> Iterator[Problem]:
    yield from _about_config(known, file)
    yield from _about_corpus(known, file)
    yield from _about_codebook(known)
    for number, coder in enumerate(known.coders):
        yield from _about_coder(known, coder, file.where(("coders", number)))
    yield from session.unwritable(Path(), known.study.config.study)


def _about_config(known: _Known, file: YamlFile) -> Iterator[Problem]:
    if known.study.config.question != known.study.codebook.question:
        hint = "The report shows the config's; language models are asked the codebook's."
        yield Problem("the question is not the codebook's", file.where(("question",)), hint)
    types = known.corpus.documents.source_type.unique()
    if len(types) == 1:
        hint = "What one kind of source likes to tell looks stronger than it is; add another kind, if there is one."
        yield Problem(f"all sources are of one type, {types[0]}", file.where(("sources",)), hint)


def _about_corpus(known: _Known, file: YamlFile) -> Iterator[Problem]:
    documents, statements, dropped = known.corpus.documents, known.corpus.statements, known.corpus.dropped
    where = file.where(("sources",))
    undated = documents.document_id[documents.date.isna()]
    if len(undated):
        hint = "A date tells which of two prints came first, and readers how old a document is."
        yield Problem(f"no date is known of: {_listed(undated)}", where, hint)
    copies = dropped[dropped.reason.str.startswith(_DUPLICATE)]
    for copy, reason in zip(copies.document_id, copies.reason, strict=True):
        yield Problem(f"document '{copy}' counts for nothing, as it is a {reason}", where, "Take one of them out.")
    silent = sorted(set(documents.document_id) - set(statements.document_id) - set(copies.document_id))
    if silent:
        hint = "Is the right format given? Nothing in them was taken for speech."
        yield Problem(f"no statement was found in: {_listed(silent)}", where, hint)
    foreign = statements.language[~statements.language.isin(lexicon.languages())]
    if len(foreign) and known.has_programs:
        hint = f"Programs read neither stance nor kind of evidence there; they do for {_listed(lexicon.languages())}."
        yield Problem(f"no lexicon for the language of: {_tally(foreign)}", file.where(("ingest", "languages")), hint)


def _about_codebook(known: _Known) -> Iterator[Problem]:
    hypotheses, path = known.study.codebook.hypotheses, known.study.codebook_path
    codes, traits = known.accepted
    lacking: list[tuple[str, list[str], str]] = []
    if known.has_programs:
        for language in sorted(known.corpus.statements.language.unique()):
            ids = [one.id for one in hypotheses if language not in one.cues]
            lacking.append((f"no cues in '{language}'", ids, "Programs find them less surely, or not at all."))
        ids = [one.id for one in hypotheses if not one.exemplars]
        lacking.append(("no exemplars", ids, "Programs know them by their claims alone."))
    ids = [one.id for one in hypotheses if not one.observations]
    lacking.append(("no expected observations", ids, "The report can't say what would tell them from their rivals."))
    if len(traits):
        ids = [one.id for one in hypotheses if one.id not in set(codes.hypothesis_id)]
        lacking.append(("no codes of those who read", ids, "Where nobody speaks of them the report lists a gap."))
    for what, ids, hint in lacking:
        if ids:
            yield Problem(f"{count(len(ids), 'hypothesis has', 'hypotheses have')} {what}: {_listed(ids)}", path, hint)


def _about_coder(known: _Known, coder: Coder, where: str) -> Iterator[Problem]:
    if isinstance(coder, RecordedCoder):
        found, again = known.recorded[coder.name]
        yield from found.unmapped
        if len(again):
            what = f"{count(len(again), 'code')} to look at again, as the codebook has changed since"
            yield Problem(what, known.study.recorded_path(coder.name), "A run lists them in review.csv.")
    elif isinstance(coder, LlmCoder):
        variable = coder.key_variable
        if variable and not os.environ.get(variable) and not known.asked[coder.name].is_complete:
            yield Problem(f"the environment variable {variable} holds no API key", where, "Set it before a run.")
    else:
        needs_model = not isinstance(coder, CuesCoder)
        faults = [known.fault(coder) if isinstance(coder, LearnedCoder) else None]
        faults.append(embedding.fault() if needs_model else None)
        yield from (Problem(f"{coder.name}: {fault.what}", where, fault.hint) for fault in faults if fault)


def _tally(values: pd.Series) -> str:
    """Say how often each value stands there, the most frequent first."""
    counts = sorted(values.value_counts().items(), key=lambda pair: (-pair[1], str(pair[0])))
    return ", ".join(f"{number} {value}" for value, number in counts)


def _listed(names: Iterable[str]) -> str:
    """List the first names, and say how many more there are."""
    names = list(names)
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
