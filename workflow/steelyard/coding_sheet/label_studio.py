"""The coding sheet as tasks for Label Studio, with its labelling config; annotate/label_studio.py reads the answers."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from xml.etree import ElementTree as Xml

from steelyard import vocabulary
from steelyard.annotate.label_studio import TASK
from steelyard.codebook import Codebook
from steelyard.coding_sheet import words
from steelyard.xlsx_file import ILLEGAL

_ABOUT = "quote"  # the text that all answers are about


def tasks(rows: Iterable[Mapping[str, str]]) -> str:
    """Give the tasks as JSON, to be imported into a project; no task has a prediction.

    Args:
        rows: as `rows.rows` gives them.
    """
    return json.dumps([{"data": {name: row[name] for name in TASK}} for row in rows], ensure_ascii=False, indent=1)


def labelling_config(codebook: Codebook) -> str:
    """Give the labelling config as XML: the statement in its context, what is asked, and the codebook."""
    view = Xml.Element("View")
    _header(view, codebook.question, size=4)
    for name in ("before", "quote", "after"):
        _header(view, name, size=6)
        Xml.SubElement(view, "Text", name=name, value=f"${name}", valueType="text")
    hypotheses = {one.id: (f"{one.id}: {one.name}", one.claim) for one in codebook.hypotheses}
    hypotheses[vocabulary.OTHER_MOTIVE] = (vocabulary.OTHER_MOTIVE, words.OTHER_MOTIVE)
    for stance, meaning in words.STANCES.items():
        _choices(view, stance, f"{stance}: {meaning}", hypotheses, choice="multiple", showInline="true")
    _text_area(view, "label", "label: what the other motive is")
    kinds = {kind: (f"{kind}: {meaning}", "") for kind, meaning in words.KINDS.items()}
    _choices(view, "kind", "kind of evidence, the strongest that it offers itself", kinds, required="true")
    for flag, meaning in words.FLAGS.items():
        answers = {answer: (answer, "") for answer in ("true", "false")}
        _choices(view, flag, f"{flag}: {meaning}", answers, required="true", showInline="true")
    observations = {one.id: (f"{one.id}: {one.see}", "") for _, one in codebook.observations}
    for finding, meaning in words.FINDINGS.items() if observations else ():
        _choices(view, finding, f"{finding}: {meaning}", observations, choice="multiple", layout="select")
    _text_area(view, "note", "note")
    _codebook(view, codebook)
    Xml.indent(view)
    return Xml.tostring(view, encoding="unicode") + "\n"


def _header(view: Xml.Element, text: str, size: int) -> None:
    Xml.SubElement(view, "Header", value=_plain(text), size=str(size))


def _plain(text: str) -> str:
    """Keep Label Studio from reading "$5" as a variable of the task; XML cannot hold control characters."""
    return re.sub(f"[{ILLEGAL}]", "\ufffd", " ".join(text.split()).replace("$", "＄"))


def _choices(view: Xml.Element, name: str, asked: str, answers: Mapping[str, Sequence[str]], **attributes: str) -> None:
    """Ask for one of several answers, or for some; each has what is shown and a hint."""
    _header(view, asked, size=6)
    asked_for = Xml.SubElement(view, "Choices", {"choice": "single"} | attributes, name=name, toName=_ABOUT)
    for value, (shown, hint) in answers.items():
        shown = html.escape(_plain(shown))
        Xml.SubElement(asked_for, "Choice", {"hint": _plain(hint)} if hint else {}, value=value, html=shown)


def _text_area(view: Xml.Element, name: str, asked: str) -> None:
    _header(view, asked, size=6)
    Xml.SubElement(view, "TextArea", name=name, toName=_ABOUT, maxSubmissions="1", editable="true", rows="1")


def _codebook(view: Xml.Element, codebook: Codebook) -> None:
    panel = Xml.SubElement(Xml.SubElement(view, "Collapse"), "Panel", value="Codebook")
    for one in codebook.hypotheses:
        _header(panel, f"{one.id}: {one.name}", size=5)
        lines = [one.claim, *(f"Count also: {text}" for text in one.count_also)]
        for line in [*lines, *(f"Do not count: {text}" for text in one.do_not_count)]:
            _header(panel, line, size=6)
