"""Our tasks and labelling config, held against Label Studio's own library, and codes that went through its export.

`prove()` installs the library (label-studio-sdk) into an environment of its own, as steelyard does not need it.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import apart

PROJECT = Path(__file__).resolve().parents[1]
LIBRARY = "label-studio-sdk==2.1.2"
TEXT = '=cmd() costs $5.\r\n😆 "Fares", she said: 票价太贵了。\n<b>I</b> rode it; {{see}} $quote.\n_x0041_\n'
# What is answered of each line of the text: control -> answers, as a person gives them.
ANSWERS: list[dict[str, list[str]]] = [
    {"supports": ["soft_power", "other_motive"], "label": ['=a "whim"'], "kind": ["statistic"], "hedged": ["true"]},
    {"opposes": ["shared_rnd"], "raises": ["soft_power"], "kind": ["assertion"], "hedged": ["false"]},
    {"kind": ["testimony"], "hedged": ["false"], "seen": ["<first>"], "note": ["two\nlines"]},
    {"kind": ["none"], "hedged": ["false"]},
]


def prove() -> str:
    """Run all of it, and give a line that says what was shown.

    Raises:
        AssertionError: something is not as it should be.
    """
    import pandas as pd

    from steelyard import codebook
    from steelyard.annotate.recorded_file import passages
    from steelyard.coding_sheet import label_studio, rows

    coded_by = codebook.load(PROJECT / "seeds" / "codebook.yaml")
    first = coded_by.observations[0][1].id
    lines = TEXT.splitlines()
    places = [TEXT.index(line) for line in lines]
    drawn = pd.DataFrame(
        {"document_id": "page", "start": places, "end": [p + len(t) for p, t in zip(places, lines, strict=True)]}
    ).assign(text=lines, sample="random")
    tasks = label_studio.tasks(rows.rows(drawn, {"page": TEXT}, coded_by))
    answers = [
        {name: [first if one == "<first>" else one for one in given] for name, given in said.items()}
        for said in ANSWERS
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.xml").write_text(label_studio.labelling_config(coded_by), encoding="utf-8")
        (folder / "tasks.json").write_text(tasks, encoding="utf-8")
        (folder / "answers.json").write_text(json.dumps(answers), encoding="utf-8")
        apart.run(__file__, LIBRARY, folder)
        for export in ("json", "json_min"):
            back = passages(folder / export / "result.json", {"page": TEXT}, coded_by)
            assert [(one.start, one.end) for one in back] == [*zip(drawn.start, drawn.end, strict=True)], export
            for one, said in zip(back, answers, strict=True):
                stances = ("supports", "opposes", "raises")
                codes = {hypothesis: stance for stance in stances for hypothesis in said.get(stance, [])}
                assert {hypothesis: stance for hypothesis, (stance, _) in one.codes.items()} == codes
                assert {label for _, label in one.codes.values() if label} == {*said.get("label", [])}
                assert one.sightings == dict.fromkeys(said.get("seen", []), "seen")
                assert ([one.kind], one.hedged, one.gap) == (said["kind"], said["hedged"] == ["true"], False)
                assert (one.origin, one.drawn) == ("human", "random")
    return f"{len(back)} tasks and annotations valid to {LIBRARY}; codes came back from its JSON and JSON-MIN"


def check(folder: Path) -> None:
    """Validate config, tasks and annotations, and export; run in an environment that has the library."""
    from label_studio_sdk.converter import Converter
    from label_studio_sdk.label_interface import LabelInterface

    config = (folder / "config.xml").read_text(encoding="utf-8")
    interface = LabelInterface(config)
    interface.validate()
    exported = []
    answers = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    for number, task in enumerate(json.loads((folder / "tasks.json").read_text(encoding="utf-8"))):
        assert interface.validate_task(task), task
        annotation = {"id": number, "result": [*_results(answers[number] | {"gap": ["false"]})]}
        assert interface.validate_annotation(annotation), annotation
        wrong = {"id": number, "result": [*_results({"kind": ["nonsense"]})]}
        assert not interface.validate_annotation(wrong), "the library refuses what the config does not ask"
        by = {"id": 1, "email": "ann@example.org"} if number % 2 else 1
        made = {"completed_by": by, "was_cancelled": False, "created_at": "2025-01-02T03:04:05.000000Z"}
        exported.append(task | {"id": number + 1, "annotations": [annotation | made], "predictions": []})
    (folder / "export.json").write_text(json.dumps(exported), encoding="utf-8")
    converter = Converter(config, project_dir=None)
    converter.convert_to_json(str(folder / "export.json"), str(folder / "json"), is_dir=False)
    converter.convert_to_json_min(str(folder / "export.json"), str(folder / "json_min"), is_dir=False)


def _results(answers: dict[str, list[str]]) -> list[dict[str, Any]]:
    results = []
    for name, given in answers.items():
        kind, key = ("textarea", "text") if name in ("label", "note") else ("choices", "choices")
        results.append({"id": name, "from_name": name, "to_name": "quote", "type": kind, "value": {key: given}})
    return results


if __name__ == "__main__":
    if len(sys.argv) > 1:
        check(Path(sys.argv[1]))
    else:
        print(prove())
