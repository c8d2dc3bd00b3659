"""Section 7: every coded statement in one table, the target of every figure's link."""

from __future__ import annotations

from steelyard.render.run import Run


def evidence(run: Run) -> str:
    """Compose the table of coded statements."""
    links = [
        f"[]{{#{run.evidence_anchor(h, s)}}}"
        for h in run.evidence_by_hypothesis
        for s in ("", "supports", "opposes", "raises")
    ]
    return "".join(links)
