"""Pages that are made from the code are as the code would make them now, and names in documents lead somewhere."""

from __future__ import annotations

import re

from project import PROJECT
from steelyard import configuration_page


def test_configuration_page_is_up_to_date():
    assert (PROJECT / "docs" / "configuration.md").read_text() == configuration_page.page(), "write it anew: make docs"


def test_relative_links_in_documents_lead_to_files():
    pages = [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
