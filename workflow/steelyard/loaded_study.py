"""A study's config, read and checked with its codebook and the files that they name; every mistake is told at once.

A study's config stands alone: nothing of another study leaks in, and its paths are resolved from its own folder.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pydantic

from steelyard import codebook as codebooks
from steelyard import corpus_files
from steelyard.codebook import LANGUAGES, Codebook, unknown_language
from steelyard.errors import Problem, SteelyardError
from steelyard.files import is_dir, is_file
from steelyard.shards import shards
from steelyard.study import COMPARED_FILES, SOURCES, Coder, LlmCoder, RecordedCoder, Source, Study
from steelyard.yaml_file import EACH, YamlFile, collecting, did_you_mean

BY_SHARD = ("cues", "semantic")  # coders that read each shard by itself
_LEXICONS = Path(__file__).parent / "annotate" / "lexicon"


class LoadedStudy:
    """A checked study, with its codebook and its paths as they are seen from the working folder.

    Args:
        config: path of the study's config.

    Raises:
        SteelyardError: with every mistake of the config, its codebook and the files they name.
    """

    def __init__(self, config: Path) -> None:
        """Read and check the config and its codebook."""
        file = YamlFile(config)
        self.config_path = config
        problems: list[Problem] = []
        sources, mistakes = corpus_files.find(file, self.folder)
        with collecting(problems):
            # From here on there is a source for each file, whatever pattern found it.
            self.config: Study = file.parse(Study).model_copy(update={"sources": sources})
        # What else may be wrong is looked for in the plain values, so that one mistake hides no other.
        problems += [*_twice(file), *_languages(file), *_unsettled(file), *mistakes]
        problems += [*self._missing(file), *self._earlier(file), *self._reserved(file)]
        for _, name in file.texts("codebook"):
            with collecting(problems):
                self.codebook: Codebook = codebooks.load(self.path(name))
        if problems:
            raise SteelyardError(problems)

    @property
    def folder(self) -> Path:
        """The config's own folder, from which its paths are read."""
        return self.config_path.parent

    def path(self, name: str) -> Path:
        """Resolve a path of the config from the config's own folder."""
        return self.folder / name

    @property
    def source_paths(self) -> list[str]:
        """The corpus' files."""
        return [str(self.path(source.path)) for source in self.config.sources]

    @functools.cached_property
    def shards(self) -> dict[str, list[Source]]:
        """The corpus' files by shard; one shard of all where the corpus is small."""
        return shards(self.config.sources, self.folder)

    @property
    def is_sharded(self) -> bool:
        """Whether there are several shards."""
        return len(self.shards) > 1

    def shard_sources(self, shard: str) -> str:
        """Give the sources of a shard as JSON."""
        return SOURCES.dump_json(self.shards[shard], by_alias=True).decode()

    def shard_paths(self, shard: str) -> list[str]:
        """The files of a shard."""
        return [str(self.path(source.path)) for source in self.shards[shard]]

    def read_by_shard(self, table: str) -> str:
        """Where a table of the ingest room lies of which a job reads one shard; the study is a wildcard, and the shard."""
        part = "parts/{shard}/" if self.is_sharded else ""
        return f"results/{{study}}/ingest/{part}{table}.parquet"

    @property
    def other_paths(self) -> list[str]:
        """The files beside the corpus that the report rests on."""
        return [str(self.path(name)) for name in self.other_files]

    @property
    def other_files(self) -> list[str]:
        """The same files as the config names them, and those that say what is known of documents."""
        return [*self.config.other_files, *corpus_files.sidecars(self.config.sources, self.folder)]

    @property
    def codebook_path(self) -> str:
        """The codebook's file."""
        return str(self.path(self.config.codebook))

    @property
    def checked_sources_path(self) -> list[str]:
        """The file of checked sources, or none."""
        return [str(self.path(self.config.checked_sources))] if self.config.checked_sources else []

    @property
    def recorded_names(self) -> list[str]:
        """Names of the recorded coders, in order of precedence."""
        return [coder.name for coder in self.config.coders if isinstance(coder, RecordedCoder)]

    def coder(self, name: str) -> Coder:
        """The coder of a name."""
        return next(coder for coder in self.config.coders if coder.name == name)

    @property
    def model_names(self) -> list[str]:
        """Names of the coders that ask a language model."""
        return [coder.name for coder in self.config.coders if isinstance(coder, LlmCoder)]

    @property
    def coder_folders(self) -> list[str]:
        """Where each coder's readings lie below annotate/, in order of precedence."""
        return [
            f"{coder.type}/{coder.name}{shard}"
            for coder in self.config.coders
            for shard in ([f"/{name}" for name in self.shards] if coder.type in BY_SHARD else [""])
        ]

    def recorded_path(self, name: str) -> str:
        """The file of a coder's recorded codes."""
        coder = self.coder(name)
        assert isinstance(coder, RecordedCoder)
        return str(self.path(coder.path))

    def prompt_paths(self, name: str) -> list[str]:
        """A language model's prompt files that are the study's own; none where they are the package's."""
        coder = self.coder(name)
        assert isinstance(coder, LlmCoder)
        return [str(path) for path in sorted(self.path(coder.prompts).glob("*.txt"))] if coder.prompts else []

    def section(self, name: str) -> str:
        """Give a part of the config ("method.strength"), with its defaults, as JSON: what a job depends on."""
        value: Any = self.config
        for part in name.split("."):
            value = getattr(value, part)
        return pydantic.TypeAdapter(type(value)).dump_json(value, by_alias=True).decode()

    def _reserved(self, file: YamlFile) -> list[Problem]:
        named = [
            *file.texts("codebook"),
            *file.texts("checked_sources"),
            *file.texts("coders", EACH, "path"),
            *file.texts("coders", EACH, "prompts"),
            *file.texts("report", "compare_with"),
        ]
        of_files = [problem for place, name in named for problem in corpus_files.reserved(name, file.where(place))]
        return [*corpus_files.reserved(str(self.folder), str(self.config_path)), *of_files]

    def _missing(self, file: YamlFile) -> list[Problem]:
        named = [
            *file.texts("coders", EACH, "path"),
            *file.texts("checked_sources"),
        ]
        folders = file.texts("coders", EACH, "prompts")
        wrong = [("file", *one) for one in named if not is_file(self.path(one[1]))]
        wrong += [("folder", *one) for one in folders if not is_dir(self.path(one[1]))]
        return [
            Problem(f"there is no {kind} {self.path(name)}", file.where(place), corpus_files.missing(self.path(name)))
            for kind, place, name in wrong
        ]

    def _earlier(self, file: YamlFile) -> list[Problem]:
        """Find out why an earlier result cannot be compared with: it is this very one, or not there, or not whole."""
        own = {(Path("results") / name).resolve() for _, name in file.texts("study")}
        problems = []
        for place, name in file.texts("report", "compare_with"):
            folder = self.path(name)
            missing = [table for table in COMPARED_FILES if not is_file(folder / table)]
            if folder.resolve() in own:
                what = f"report.compare_with names {folder}, the very result that is built"
                hint = "Copy the folder before anything changes, and name the copy."
            elif not is_dir(folder):
                what, hint = f"there is no folder {folder}", corpus_files.missing(self.path(name))
            elif missing:
                what = f"{folder} is no whole result: it holds no {', '.join(missing)}"
                hint = "Name the folder results/<study> of an earlier run, or a copy of it."
            else:
                continue
            problems.append(Problem(what, file.where(place), hint))
        return problems


def _twice(file: YamlFile) -> list[Problem]:
    coders = [(place[:2], name) for place, name in file.texts("coders", EACH, "name")]
    answers = file.texts("coders", EACH, "answers")
    return [*file.twice("coder", coders), *file.twice("file of answers", answers)]


def _unsettled(file: YamlFile) -> list[Problem]:
    kinds = {place[1]: kind for place, kind in file.texts("coders", EACH, "type")}
    recorded = [name for place, name in file.texts("coders", EACH, "name") if kinds.get(place[1]) == "recorded"]
    own = {place[1]: name for place, name in file.texts("coders", EACH, "name")}
    return [
        Problem(f"'{name}' is no other recorded coder", file.where(place), did_you_mean(name, recorded))
        for place, name in file.texts("coders", EACH, "settles", EACH)
        if name not in recorded or name == own.get(place[1])
    ]


def _languages(file: YamlFile) -> list[Problem]:
    cues = any(kind == "cues" for _, kind in file.texts("coders", EACH, "type"))
    lexicons = sorted(path.stem for path in _LEXICONS.glob("*.yaml"))
    problems = []
    for place, code in file.texts("ingest", "languages", EACH):
        if code not in LANGUAGES:
            problems.append(unknown_language(code, file.where(place)))
        elif cues and code not in lexicons:
            hint = f"There are lexicons for: {', '.join(lexicons)}. Another is one file beside them: {code}.yaml."
            problems.append(Problem(f"the cues coder has no lexicon for language '{code}'", file.where(place), hint))
    return problems
