"""Cited sources that somebody checked: reading their list, and finding them in statements."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from steelyard import csv_file
from steelyard.errors import Problem, SteelyardError
from steelyard.yaml_file import did_you_mean

COLUMNS = ("reference", "what", "shows", "checked_by", "checked_on", "verdict", "party", "note")
# What a check found. Only `documented` lifts a citation; `opinion` and `self` (the speaker's own words) do not.
VERDICTS = ("documented", "opinion", "self", "unreachable", "unchecked")


def read(path: Path) -> pd.DataFrame:
    """Read the list of checked sources.

    Args:
        path: a UTF-8 CSV file with exactly the columns of `COLUMNS`. `party` is true where the source has a stake in
            the question; it may be empty only for a source that is unreachable or unchecked.

    Returns:
        One row a source: `COLUMNS` as text, but `party` as a flag (true where it is not known).

    Raises:
        SteelyardError: with every mistake, each with file and line.
    """
    rows, problems = csv_file.read(path, COLUMNS)
    first: dict[str, str] = {}
    for where, source in rows:
        problems += _mistakes(source, where)
        before = first.setdefault(source["reference"], where)
        if before != where:
            problems.append(Problem(f"reference '{source['reference']}' stands twice (first at {before})", where))
    if problems:
        raise SteelyardError(csv_file.by_line(problems))
    frame = pd.DataFrame([cells for _, cells in rows], columns=list(COLUMNS), dtype="str")
    return frame.assign(party=frame.party != "false")


def cited(statements: pd.DataFrame, checked_sources: pd.DataFrame | None) -> pd.DataFrame:
    """Find which statements cite which checked sources: those whose text holds the source's reference.

    An address is found with or without "https://", "www." or a closing slash, but not within a longer address.

    Args:
        statements: rows with `statement_id` and `text`.
        checked_sources: as `read` gives it; None where the study has none.

    Returns:
        One row for each statement and source it cites: `statement_id`, `verdict`, `party`.
    """
    columns = ["statement_id", "verdict", "party"]
    if checked_sources is None or checked_sources.empty or statements.empty:
        return pd.DataFrame({name: pd.Series(dtype=bool if name == "party" else "str") for name in columns})
    found = []
    for source in checked_sources.to_dict("records"):
        citing = statements[statements["text"].str.contains(_pattern(source["reference"]))]
        found.append(citing.assign(verdict=source["verdict"], party=source["party"])[columns])
    return pd.concat(found, ignore_index=True)


def documented(citations: pd.DataFrame, *, independent: bool = False) -> set[str]:
    """Give the ids of the statements that cite a source with the verdict `documented`.

    Args:
        citations: as `cited` gives it.
        independent: count only sources that are no party to the question.
    """
    rows = citations[citations.verdict == "documented"]
    return set(rows.statement_id[~rows.party.astype(bool)] if independent else rows.statement_id)


def _pattern(reference: str) -> re.Pattern[str]:
    bare = re.sub(r"^(https?://)?(www\.)?", "", reference.strip(), flags=re.IGNORECASE).rstrip("/")
    words = r"\s+".join(re.escape(word) for word in bare.split())
    before = r"(?<![A-Za-z0-9_.@/-])(?:https?://)?(?:www\.)?"
    after = r"(?![./?#&=%:]*[A-Za-z0-9_%~+-])"
    return re.compile(before + words + after, re.IGNORECASE)


def _mistakes(source: dict[str, str], where: str) -> Iterator[Problem]:
    if not source["reference"]:
        yield Problem("a source has no reference", where, "Give the address or reference as it stands in the corpus.")
    verdict, party = source["verdict"], source["party"]
    if verdict not in VERDICTS:
        yield Problem(
            f"verdict is '{verdict}', which is none of: {', '.join(VERDICTS)}", where, did_you_mean(verdict, VERDICTS)
        )
    if party not in ("true", "false") and (party or verdict not in ("unreachable", "unchecked")):
        yield Problem(
            f"party is '{party}', which is neither true nor false", where, "Has the source a stake in the question?"
        )
    if verdict != "unchecked":
        if not source["checked_by"]:
            yield Problem("checked_by is empty", where, "Say who checked it, or give the verdict unchecked.")
        if not _is_date(source["checked_on"]):
            yield Problem(f"checked_on is '{source['checked_on']}', which is no date", where, "Write it as 2025-01-31.")


def _is_date(text: str) -> bool:
    try:
        return bool(datetime.date.fromisoformat(text))
    except ValueError:
        return False
