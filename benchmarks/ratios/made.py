"""The corpus that ratios are measured on: one of `million.py`, read as a study reads it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import million

from steelyard.ingest.corpus import Corpus, ingest
from steelyard.ingest.documents import read_documents
from steelyard.loaded_study import LoadedStudy

PROJECT = Path(__file__).resolve().parents[2]


@cache
def corpus(statements: int) -> Corpus:
    """Make a corpus of so many statements, and give its tables."""
    with TemporaryDirectory() as name:
        million.make(statements, Path(name))
        study = LoadedStudy(Path(name) / "config.yaml")
        options = study.config.ingest
        return ingest(read_documents(study.config.sources, study.folder, options.largest_megabytes), options)
