"""The report's folder: a complete Quarto project of hand-written prose, generated fragments, figures and fonts."""

from __future__ import annotations

import datetime
import re
import shutil
from collections.abc import Mapping
from functools import partial
from importlib import resources
from pathlib import Path

import yaml

from steelyard import __version__, tables
from steelyard.files import write_folder_whole
from steelyard.render import markdown as md
from steelyard.render.bibliography import as_json
from steelyard.render.embedded.fonts import package_files
from steelyard.render.escape import entities
from steelyard.render.figures import draw, save
from steelyard.render.run import Run
from steelyard.render.sections import compose

MAIN = {"ranking": "report.qmd", "map": "map.qmd"}
BIBLIOGRAPHY = "corpus.json"  # what the main files name
SELECTION = "selection"  # prose of a report that shows a selection of the corpus
SCRIPTS = "scripts.html"  # what _quarto.yml puts at the end of the page


def build(run: Run, prose: Path, folder: Path) -> None:
    """Write the project anew: an earlier one at this place is replaced once this one is whole.

    Args:
        run: what the report is made of.
        prose: the folder of hand-written sources (report/); its main file of the other form is left out, and its
            scripts go into one file with the table library. Of what its folder `selection` holds, the files take the
            place of those of the same name where the report shows a selection.
        folder: the project's folder.
    """
    write_folder_whole(folder, partial(_fill, run, prose))


def _fill(run: Run, prose: Path, folder: Path) -> None:
    (folder / "_generated").mkdir()
    others = prose / SELECTION
    for source in sorted(path for path in prose.rglob("*") if path.is_file()):
        if source.name not in MAIN.values() and source.suffix != ".js" and not source.is_relative_to(others):
            target = folder / source.relative_to(prose)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    if not run.is_whole:
        for source in sorted(others.iterdir()):
            shutil.copyfile(source, folder / source.name)
    main = (prose / MAIN[run.summary["form"]]).read_text(encoding="utf-8")
    (folder / "report.qmd").write_text(with_title_block(main, title_block(run)), encoding="utf-8")
    for name, text in compose(run).items():
        (folder / "_generated" / f"{name}.md").write_text(text, encoding="utf-8")
    values = yaml.safe_dump(variables(run), allow_unicode=True, sort_keys=True, default_style='"')
    (folder / "_variables.yml").write_text(values, encoding="utf-8")
    (folder / SCRIPTS).write_text(scripts(prose), encoding="utf-8")
    (folder / BIBLIOGRAPHY).write_bytes(as_json(run.shown))
    save(draw(run), folder / "figures")
    (folder / "fonts").mkdir()
    for font in package_files():
        shutil.copyfile(font, folder / "fonts" / font.name)


def with_title_block(main: str, block: Mapping[str, object]) -> str:
    """Add keys to the front matter with which the main file begins."""
    assert main.startswith("---\n"), "report.qmd and map.qmd begin with front matter"
    return "---\n" + yaml.safe_dump(dict(block), allow_unicode=True, sort_keys=False) + main.removeprefix("---\n")


def title_block(run: Run) -> dict[str, object]:
    """Give title, subtitle, author and date, those that are known; a question that is no title begins the subtitle."""
    report, question = run.study.report, run.study.question
    asked = [] if question.casefold() == report.title.casefold() else [question]
    subtitle = " ".join([*asked, *([report.subtitle] if report.subtitle else [])])
    texts = {"title": report.title, "subtitle": subtitle, "author": report.author}
    block: dict[str, object] = {key: entities(text) for key, text in texts.items() if text}
    date = report_date(run)
    return block | ({"date": date} if date else {})


def report_date(run: Run) -> datetime.date | None:
    """Give the config's date, else the newest document's, else none. No clock is asked: same inputs, same bytes."""
    if run.study.report.date:
        return run.study.report.date
    dates = run[tables.DOCUMENTS].date.dropna()
    return None if dates.empty else datetime.date.fromisoformat(max(dates))


def variables(run: Run) -> dict[str, str]:
    """Give what the hand-written prose names by `{{< var … >}}`: texts, escaped, ready to print."""
    strength, method = run.study.method.strength, run.study.method
    values = {
        "study": run.study.study,
        "version": __version__,
        "documents": md.count(len(run[tables.DOCUMENTS]), "document"),
        "statements": md.count(run.totals.statements, "statement"),
        "weighed": run.summary["post_statements"],
        "voices": md.count(float(run.summary["voices"]), "independent voice"),
        "hedge": md.decimal(strength.hedged),
        "interval": md.percent(method.balance.interval),
        "draws": str(method.robustness.draws),
        "balance-prior": md.decimal(method.balance.prior),
        "prior": md.decimal(method.observations.prior),
        "prior-low": md.decimal(method.observations.prior_low),
        "prior-high": md.decimal(method.observations.prior_high),
        "strengths": md.listed(
            [f"{kind} {value:.2f}" for kind, value in strength.model_dump().items() if kind != "hedged"]
        ),
    }
    if not run.is_whole:
        values["shown-documents"] = md.count(len(run.shown), "document")
    return {name: str(value) for name, value in values.items()}


def scripts(prose: Path) -> str:
    """Give the page's scripts as HTML: the evidence table's, with the table library that it uses, and the pictures'."""
    library = resources.files("itables").joinpath("html/dt_bundle.js").read_text(encoding="utf-8")
    table = f"{as_constant(library, 'DataTable')}\n{(prose / 'evidence.js').read_text(encoding='utf-8')}"
    pictures = (prose / "pictures.js").read_text(encoding="utf-8")
    return f'<script type="module">\n{inline(table)}\n</script>\n' + (
        f"<script>\n{inline(pictures)}\n</script>\n" if pictures.strip() else ""
    )


def as_constant(module: str, name: str) -> str:
    """Make a constant of a bundled module's default export, so that a script can stand behind it in one element.

    Args:
        module: JavaScript that imports nothing and exports by one clause, `export{a as b,c as default}`.
        name: of the constant.

    Raises:
        ValueError: the module is not of that form.
    """
    clauses = list(re.finditer(r"\bexport\s*\{([^{}]*)\};?", module))
    defaults = re.findall(r"([\w$]+)\s+as\s+default\b", clauses[0][1]) if len(clauses) == 1 else []
    if len(defaults) != 1 or re.search(r"(?:^|[;}])\s*import\b\s*[\w{*\"']", module):
        raise ValueError("the table library is not one module with a default export, as this was written for")
    before, after = module[: clauses[0].start()], module[clauses[0].end() :]
    # The licence notices stand behind the export.
    return f"const {name} = (() => {{\n{before}\nreturn {defaults[0]};\n{after}\n}})();"


def inline(script: str) -> str:
    """Write a script so that HTML finds its end where it is: in strings and expressions, these mean the same."""
    return re.sub("</(?=script)", r"<\\/", script.replace("<!--", r"\x3C!--"), flags=re.IGNORECASE)
