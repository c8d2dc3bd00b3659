"""Which recorded codes to look at again, as the codebook has changed since they were made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from steelyard import tables, vocabulary
from steelyard.annotate.recorded_file import Basis, Passage
from steelyard.codebook import Codebook

_CHANGED = "the codebook has changed since the statement was read"
_Finding = tuple[Basis, str | None, str]  # what is to be looked at, the hypothesis (None: all of the statement), why


def listed(coded: Iterable[tuple[str | None, Passage]], coder: str, codebook: Codebook, folder: Path) -> pd.DataFrame:
    """List codes made by another definition, and statements read before a hypothesis was changed or added.

    What a row says it was coded by is compared with the codebook as it is now. A row that says nothing is not listed.
    A row for a hypothesis names that hypothesis' definition, a row without one all definitions together; a coding
    sheet's rows name both, so that a statement is listed for what was changed and not yet named.

    Args:
        coded: passages, each with the statement that holds it, if one does.
        coder: name that the table carries.
        codebook: the codebook as it is now.
        folder: the study's folder; files are named from it.

    Returns:
        Rows per `tables.REVIEW`: one a code, or one a statement that is to be read again as a whole.
    """
    rows = []
    for statement_id, passage in coded:
        for basis, hypothesis_id, reason in [*_codes(passage, codebook), *_statement(passage, codebook)]:
            about = {"coder": coder, "statement_id": statement_id, "hypothesis_id": hypothesis_id, "reason": reason}
            where = basis.where.removeprefix(f"{folder}/")
            rows.append(about | {"where": where, "codebook": _present(basis, codebook)})
    return tables.REVIEW.frame(rows)


def _codes(passage: Passage, codebook: Codebook) -> Iterator[_Finding]:
    for basis in passage.bases:
        current = {codebook.version, codebook.versions.get(basis.hypothesis_id)}
        if basis.hypothesis_id and basis.versions and not basis.versions & current:
            named = basis.hypothesis_id != vocabulary.OTHER_MOTIVE
            reason = "coded by another definition of this hypothesis" if named else _CHANGED
            yield basis, basis.hypothesis_id, reason


def _statement(passage: Passage, codebook: Codebook) -> Iterator[_Finding]:
    """Give the statement once, where no row says that it was read by all definitions as they are now."""
    telling = [one for one in passage.bases if one.versions and (not one.hypothesis_id or len(one.versions) > 1)]
    if not telling or any(codebook.version in basis.versions for basis in passage.bases):
        return
    basis, named = telling[0], {one.hypothesis_id for one in passage.bases}
    changed = [
        hypothesis.id
        for hypothesis in codebook.hypotheses
        if hypothesis.version not in basis.versions and hypothesis.id not in named
    ]
    if len(basis.versions) == 1:
        yield basis, None, _CHANGED
    elif changed:
        yield basis, None, f"changed or added since the statement was read: {', '.join(changed)}"


def _present(basis: Basis, codebook: Codebook) -> str:
    """Give what the row would name if it were coded by the codebook as it is now."""
    if len(basis.versions) > 1:
        return codebook.every_version
    return codebook.versions.get(basis.hypothesis_id, codebook.version)
