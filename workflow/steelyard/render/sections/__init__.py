"""The report's sections, each composed as Quarto Markdown from a run's tables."""

from __future__ import annotations

from collections.abc import Callable

from steelyard.render.run import Run
from steelyard.render.sections.answer import answer
from steelyard.render.sections.changes import changes
from steelyard.render.sections.coding import coding
from steelyard.render.sections.evidence import evidence
from steelyard.render.sections.hypotheses import hypotheses
from steelyard.render.sections.matrix import matrix
from steelyard.render.sections.method import constants, dropped, inputs, thresholds
from steelyard.render.sections.missing import missing
from steelyard.render.sections.robust import robust
from steelyard.render.sections.said_shown import said_against_shown
from steelyard.render.sections.sources import sources
from steelyard.render.sections.together import together
from steelyard.render.sections.who import who

_ALWAYS: dict[str, Callable[[Run], str]] = {
    "answer": answer,
    "changes": changes,
    "hypotheses": hypotheses,
    "matrix": matrix,
    "together": together,
    "missing": missing,
    "evidence": evidence,
    "who": who,
    "sources": sources,
    "coding": coding,
    "dropped": dropped,
    "constants": constants,
    "inputs": inputs,
}
_RANKING: dict[str, Callable[[Run], str]] = {
    "said-shown": said_against_shown,
    "robust": robust,
    "thresholds": thresholds,
}


def compose(run: Run) -> dict[str, str]:
    """Give the text of every fragment by name, those of the report's form only."""
    return {name: make(run) for name, make in (_ALWAYS | (_RANKING if run.ranks else {})).items()}
