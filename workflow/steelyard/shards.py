"""Shards: parts of the corpus that are read and coded by jobs of their own, so that none holds more than a part."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from pathlib import Path

from steelyard.study import Source

WHOLE = "whole"  # the name of the only shard of a corpus that needs no more
# A job takes a second to start. A small shard is not worth that; a large one takes memory, and long to make again.
_SMALL, _LARGE = 256 << 10, 8 << 20  # bytes of documents
_ENOUGH = 16  # shards: from these on they grow, until they are large


def shards(sources: Sequence[Source], folder: Path) -> dict[str, list[Source]]:
    """Divide a corpus' files into shards.

    A file's shard hangs on its path and on the number of shards alone, and that number doubles with the corpus: so a
    changed file changes one shard. A file is never divided.

    Args:
        sources: one for each file.
        folder: the folder that their paths start from.

    Returns:
        By name, the files of each shard, in their order.
    """
    size = sum((folder / source.path).stat().st_size for source in sources)
    count = 1 << math.ceil(math.log2(max(1, size / _LARGE, min(_ENOUGH, size / _SMALL))))
    if count == 1:
        return {WHOLE: list(sources)}
    digits = len(str(count - 1))
    found: dict[str, list[Source]] = {}
    for source in sources:
        number = int.from_bytes(hashlib.sha256(source.path.encode(errors="surrogateescape")).digest()[:8]) % count
        found.setdefault(f"{number:0{digits}}", []).append(source)
    return dict(sorted(found.items()))
