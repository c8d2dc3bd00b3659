"""Section 1, second part: what changed against an earlier result, where the config names one."""

from __future__ import annotations

from steelyard.render.run import Run


def changes(run: Run) -> str:
    """Compose what changed; nothing where no earlier result is named."""
    return ""
