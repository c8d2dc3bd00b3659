"""Makes inquiry.pdf and memo.docx of their sources: python make.py, with the packages typst and pypandoc_binary."""

import datetime
import os
from pathlib import Path

import pypandoc
import typst


def seconds(year: int, month: int, day: int) -> int:
    """Give the moment that a file is said to be made at, so that its bytes are the same whenever it is."""
    return int(datetime.datetime(year, month, day, 9, tzinfo=datetime.UTC).timestamp())


here = Path(__file__).parent
typst.compile(here / "inquiry.typ", output=here.parent / "inquiry.pdf", timestamp=seconds(2025, 11, 18))
os.environ["SOURCE_DATE_EPOCH"] = str(seconds(2025, 9, 8))  # pandoc's
pypandoc.convert_file(here / "memo.md", "docx", outputfile=here.parent / "memo.docx")
