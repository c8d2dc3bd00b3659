"""What finds texts that are alike by another library; run by `echoes.py` in an environment that has it.

Answers each line it reads: "time" by the seconds that it took, "pairs" by what was found.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from datasketch import MinHash, MinHashLSH

given = json.loads((Path(sys.argv[1]) / "given.json").read_text(encoding="utf-8"))
texts = given["texts"]


def pairs() -> list[tuple[int, int]]:
    """Give the pairs that the index holds for alike, the lesser place first."""
    index = MinHashLSH(threshold=given["threshold"], num_perm=128)
    signatures = list(MinHash.generator([[word.encode() for word in text] for text in texts], num_perm=128))
    for place, signature in enumerate(signatures):
        index.insert(place, signature)
    return [
        (place, other)
        for place, signature in enumerate(signatures)
        for other in index.query(signature)
        if place < other
    ]


for line in sys.stdin:
    begin = time.perf_counter()
    found = pairs()
    print(json.dumps(found) if line.strip() == "pairs" else time.perf_counter() - begin, flush=True)
