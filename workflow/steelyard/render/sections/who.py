"""Appendix: kinds of evidence per hypothesis, and who says what."""

from __future__ import annotations

from steelyard.render.run import Run


def who(run: Run) -> str:
    """Compose the two pictures with their tables."""
    return ""
