"""Section 2: what is said against what is shown."""

from __future__ import annotations

from steelyard.render import markdown as md
from steelyard.render.run import Run


def said_against_shown(run: Run) -> str:
    """Compose the picture of prominence against evidence, and name the corner "often said, hardly shown"."""
    corner = [i for i in run.summary["often_said_hardly_shown"].split() if i]
    if corner:
        sentence = f"Often said, hardly shown: {md.listed([run.link(i) for i in corner])}."
    else:
        sentence = "No hypothesis is both often said and hardly shown."
    caption = "How often a hypothesis is said, against what better evidence than reasoning shows for it"
    return md.join([sentence, md.figure("said-shown", caption, f"{caption}. {_plain(run, corner)}")])


def _plain(run: Run, corner: list[str]) -> str:
    return f"Often said, hardly shown: {md.listed([run.name(i) for i in corner])}."
