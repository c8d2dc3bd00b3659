"""A small corpus whose texts are hard on spreadsheets, its codebook, and codes that a person may give."""

from __future__ import annotations

import pandas as pd

from steelyard.annotate.recorded_file import Passage
from steelyard.codebook import Codebook
from steelyard.coding_sheet.rows import rows

CODEBOOK = Codebook.model_validate(
    {
        "question": "Why does it cost $5 & <more>?",
        "hypotheses": [
            {
                "id": name,
                "name": f"{name} <b>",
                "role": "motive",
                "claim": f"It costs $5 because of {name} & “others”.",
                "count_also": ["=1+1"],
                "observations": [
                    {
                        "id": f"sign_of_{name}",
                        "see": "A sign.",
                        "where": "Here.",
                        "effort": 1,
                        "bears_on": {
                            "fares": {"rating": "C", "seen_if_true": 0.6, "seen_if_false": 0.4},
                            "tides": {"rating": "I", "seen_if_true": 0.4, "seen_if_false": 0.6},
                        },
                    }
                ],
            }
            for name in ("fares", "tides")
        ],
    }
)
TEXTS = [
    "=cmd|'/C calc'!A0",
    "+1 to that.",
    "-1 for this.",
    "@council It is the fares.",
    'One line,\r\nand "another"; a third.\n\nAnd \r a bare return.',
    "A bell \x07 rings, and \ufffe is no character.",
    "😆 fares 🏴‍☠️ and 𠀋.",
    "票价太贵了。",
    "_x0041_ and _x005F_x0041_ stay as they are.",
    "#N/A",
    "TRUE",
    "12",
    "{{< var question >}} <b>bold</b> &amp; $quote ${x}",
]
DOCUMENT = "\r\n~ ".join(["A heading", *TEXTS])
DOCUMENTS = {"page": DOCUMENT}


def drawn() -> pd.DataFrame:
    """Give every text as drawn."""
    starts = [DOCUMENT.index(f"~ {text}") + 2 for text in TEXTS]
    parts = ["random", "least_sure", "most_weighty"]
    return pd.DataFrame(
        [
            {"document_id": "page", "start": s, "end": s + len(text), "text": text, "sample": parts[n % 3]}
            for n, (s, text) in enumerate(zip(starts, TEXTS, strict=True))
        ]
    )


ROWS = rows(drawn(), DOCUMENTS, CODEBOOK)
# What a person says of each text: number in TEXTS -> kind, hedged, gap, codes, sightings. The others stay uncoded.
CODED: dict[int, tuple] = {
    0: ("none", "false", "false", {}, {}),
    2: ("statistic", "true", "false", {"fares": ("supports", "")}, {}),
    4: ("assertion", "false", "true", {"fares": ("supports", ""), "tides": ("opposes", "")}, {"sign_of_tides": "seen"}),
    5: ("none", "false", "false", {}, {"sign_of_fares": "reported"}),
    6: ("reasoning", "false", "false", {"other_motive": ("raises", "=a whim 😆"), "tides": ("supports", "")}, {}),
    8: ("cited", "false", "false", {"tides": ("raises", "")}, {}),
    12: ("observation", "false", "false", {"fares": ("opposes", "")}, {"sign_of_fares": "sought_not_found"}),
}


def filled_rows() -> list[dict[str, str]]:
    """Give the sheet's rows as a person leaves them: several rows for several hypotheses."""
    made = []
    for number, row in enumerate(ROWS):
        kind, hedged, gap, codes, sightings = CODED.get(number, ("", "", "", {}, {}))
        said = {"kind": kind, "hedged": hedged, "gap": gap, "coder": "Ann", "origin": "human", "note": ""}
        codes_of = list(codes.items()) or [("", ("", ""))]
        seen = [*sightings.items(), *[("", "")] * len(codes_of)]
        for (name, (stance, label)), (observation, finding) in zip(codes_of, seen, strict=False):
            about = {"hypothesis_id": name, "stance": stance, "label": label}
            made.append(row | said | about | {"observation_id": observation, "finding": finding})
    return made


def expected() -> list[tuple]:
    """Give what must come back: place, traits, codes, sightings, part of the sheet."""
    return [
        (
            *("page", int(row["start"]), int(row["start"]) + len(row["quote"])),
            *(kind, hedged == "true", gap == "true", "human"),
            {name: (stance, label or None) for name, (stance, label) in codes.items()},
            sightings,
            row["sample"],
        )
        for number, (kind, hedged, gap, codes, sightings) in CODED.items()
        for row in [ROWS[number]]
    ]


def said(passages: list[Passage]) -> list[tuple]:
    return [
        (p.document_id, p.start, p.end, p.kind, p.hedged, p.gap, p.origin, p.codes, p.sightings, p.drawn)
        for p in passages
    ]
