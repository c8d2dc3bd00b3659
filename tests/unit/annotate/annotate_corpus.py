"""A small corpus, codebook and recorded codes for the tests of the annotate room."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from steelyard import tables
from steelyard.annotate.readings import Readings
from steelyard.annotate.recorded_file import COLUMNS
from steelyard.codebook import Codebook


def codebook() -> Codebook:
    def hypothesis(name: str, en: Sequence[str], zh: Sequence[str] = (), patterns: Sequence[str] = ()) -> dict:
        return {
            "id": name,
            "name": name,
            "role": "motive",
            "claim": name,
            "cues": {"en": {"phrases": list(en), "patterns": list(patterns)}, "zh": {"phrases": list(zh)}},
            "observations": [
                {
                    "id": f"sign_of_{name}",
                    "see": "A sign.",
                    "where": "Anywhere.",
                    "effort": 1,
                    "bears_on": {name: {"rating": "C", "seen_if_true": 0.6, "seen_if_false": 0.4}},
                }
            ],
        }

    return Codebook.model_validate(
        {
            "question": "Why do labs open their weights?",
            "hypotheses": [
                hypothesis(
                    "undercut",
                    ["dumping", "undercut*", "price war", "kill margins"],
                    ["倾销"],
                    [r"race\s+to\s+the\s+bottom"],
                ),
                hypothesis("goodwill", ["soft power", "goodwill", "open-source diplomacy"], ["软实力"]),
                hypothesis("culture", ["altruism", "sharing culture", "generosity"], ["利他"]),
                hypothesis("chips", ["don't have enough GPUs", "lack of chips", "export controls"], ["缺芯片"]),
            ],
        }
    )


def corpus(*utterances: str | Sequence[str], role: str = "post", language: str = "en", gap: str = " ") -> dict:
    """Give text, statements and utterances of one document; an utterance is its statements in a row."""
    text, statements, uttered = "", [], []
    for u, said in enumerate(utterances):
        said = [said] if isinstance(said, str) else list(said)
        begin = len(text)
        for statement in said:
            name = f"s{len(statements):04}"
            statements.append(
                {
                    "statement_id": name,
                    "utterance_id": f"u{u:04}",
                    "document_id": "doc",
                    "voice_id": f"v{u:04}",
                    "start": len(text),
                    "end": len(text) + len(statement),
                    "text": statement,
                    "language": language,
                    "echo_id": name,
                }
            )
            text += statement + gap
        uttered.append(
            {
                "utterance_id": f"u{u:04}",
                "document_id": "doc",
                "voice_id": f"v{u:04}",
                "role": role,
                "replies_to": None,
                "start": begin,
                "end": len(text) - len(gap),
                "echo_id": f"u{u:04}",
            }
        )
    return {
        "text": text,
        "statements": pd.DataFrame(statements),  # unchecked: these frames are made often, and checks take time
        "utterances": pd.DataFrame(uttered),
    }


def documents() -> pd.DataFrame:
    return pd.DataFrame([{"document_id": "doc", "sha256": "d1"}])


def readings(
    coder: str, codes: dict[str, dict[str, str]], traits: dict[str, tuple] | None = None, **given: object
) -> Readings:
    """Give a coder's readings: statement -> hypothesis -> stance; statement -> kind, hedged, gap."""
    signature = {"coder": coder, "origin": "human", "confidence": 1.0, "label": None} | given
    said = traits or dict.fromkeys(codes, ("assertion", False, False))
    return Readings(
        tables.READINGS.frame(
            [
                signature | {"statement_id": statement, "hypothesis_id": hypothesis, "stance": stance}
                for statement, found in codes.items()
                for hypothesis, stance in found.items()
            ]
        ),
        tables.TRAIT_READINGS.frame(
            [
                signature | {"statement_id": statement, "kind": kind, "hedged": hedged, "gap": gap}
                for statement, (kind, hedged, gap) in said.items()
            ]
        ),
        tables.SIGHTING_READINGS.empty(),
    )


def recorded_file(path: Path, *rows: dict[str, str], columns: Sequence[str] = COLUMNS) -> Path:
    """Write recorded codes; each row need only say what differs from a plain one."""
    plain = dict.fromkeys(COLUMNS, "") | {
        "document_id": "doc",
        "kind": "assertion",
        "hedged": "false",
        "gap": "false",
        "coder": "reader-a",
        "origin": "human",
        "date": "2025-01-01",
    }
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(plain | row for row in rows)
    path.write_bytes(buffer.getvalue().encode())
    return path
