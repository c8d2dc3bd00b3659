"""Programs that read a file in a process of their own: what it may take of time and memory has a limit.

A file of some kilobytes can ask for more than there is of both: footnotes that hold one another, forms inside forms.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from steelyard.ingest.readers.file import File

SECONDS = 120
GIGABYTES = 1
HINT = "Split it, or save it as plain text."


def run(file: File, command: Sequence[str], content: bytes) -> subprocess.CompletedProcess[bytes]:
    """Run a program on a file's content and give what came of it, which may be a failure.

    Args:
        file: for the message.
        command: the program, which limits its memory itself.
        content: for its standard input.

    Raises:
        SteelyardError: it takes too long.
    """
    try:
        return subprocess.run(command, input=content, capture_output=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        raise file.fault(f"takes longer than {SECONDS} s to read", HINT) from None
