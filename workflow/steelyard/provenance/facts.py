"""What a crate says of a study: its words, its date, its settings and who coded."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pyarrow.parquet as pq

from steelyard.provenance.crate import Facts
from steelyard.study import LlmCoder, Study


def facts(study: Study, folder: Path, renderer: str, newest_document: str | None) -> Facts:
    """Give what a crate says of a study.

    Args:
        study: its config.
        folder: the config's folder.
        renderer: which renderer made the report.
        newest_document: the newest document's date (ISO), if any has one.
    """
    return Facts(
        study=study.study,
        title=study.report.title,
        question=study.question,
        author=study.report.author,
        licence=None,
        date=study.report.date or _date(newest_document),
        settings=settings(study, folder),
        renderer=renderer,
    )


def settings(study: Study, folder: Path) -> dict[str, str]:
    """Give the sections of the config that a result depends on, with their defaults, each coder's and its prompts'.

    Args:
        study: the config.
        folder: its folder.
    """
    found = {"ingest": study.ingest.model_dump_json(by_alias=True), "method": study.method.model_dump_json()}
    for coder in study.coders:
        found[f"coder {coder.name}"] = coder.model_dump_json(by_alias=True)
        if isinstance(coder, LlmCoder):
            from steelyard.annotate.llm import prompt  # it takes time to load, and few studies ask a model

            found[f"prompts of {coder.name}"] = prompt.load(folder / coder.prompts if coder.prompts else None).digest
    return found


def own_answers(study: Study, folder: Path) -> list[str]:
    """Give the files that keep the answers of language models, those that are there."""
    files = [folder / coder.answers for coder in study.coders if isinstance(coder, LlmCoder)]
    return [str(path) for path in files if path.is_file()]


def newest(documents: Path) -> str | None:
    """Give the date of the newest document (ISO), if any has one.

    Args:
        documents: the table ingest/documents.
    """
    dates = pq.read_table(documents, columns=["date"]).column("date").drop_null().to_pylist()
    return max(dates, default=None)


def _date(newest_document: str | None) -> datetime.date:
    """The newest document's date, else SOURCE_DATE_EPOCH, else 1970, as the PDF has it; never the clock."""
    if newest_document:
        return datetime.date.fromisoformat(newest_document)
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.datetime.fromtimestamp(int(epoch) if epoch.isdigit() else 0, datetime.UTC).date()
