"""Section 2: what is said against what is shown."""

from __future__ import annotations

from steelyard.render import markdown as md
from steelyard.render.run import Run


def said_against_shown(run: Run) -> str:
    """Compose the picture of prominence against evidence, and name the corner "often said, hardly shown"."""
    corner = run.summary["often_said_hardly_shown"].split()
    medians = (
        f"said by more voices than the median hypothesis ({md.percent(float(run.summary['said_median']))}) and "
        f"shown no more than the median one ({md.decimal(float(run.summary['better_shown_median']))})"
    )
    if corner:
        sentence = f"Often said, hardly shown: {md.listed([run.link(i) for i in corner])}, {medians}."
    else:
        sentence = f"No hypothesis is both often said and hardly shown, that is {medians}."
    caption = "How often a hypothesis is said, against what better evidence than reasoning shows for it"
    alternative = f"{caption}. The sentence above names what is often said and hardly shown; the table has the figures."
    weights = [run.weight(i) for i in run.everything]
    rows = [
        [
            run.link(w.hypothesis_id),
            run.statements(md.percent(w.said), w.hypothesis_id),
            run.statements(md.decimal(w.better_shown), w.hypothesis_id),
        ]
        for w in weights
    ]
    header = ["Hypothesis", "Said>", "Shown by better kinds>"]
    table = md.table(header, rows, "Said, and shown by kinds of evidence better than reasoning", "tbl-said-shown")
    return md.join([sentence, md.figure("said-shown", caption, alternative), table])
