"""Pages that are made from the code are as the code would make them now, and names in documents lead somewhere."""

from __future__ import annotations

import re

import pytest

from project import PROJECT
from steelyard import configuration_page, tables_page


@pytest.mark.parametrize(
    ("name", "page"), [*configuration_page.PAGES.items(), ("tables.md", tables_page.page)], ids=lambda one: str(one)[:9]
)
def test_pages_made_from_the_code_are_up_to_date(name, page):
    assert (PROJECT / "docs" / name).read_text() == page(), "write it anew: make docs"


def test_relative_links_in_documents_lead_to_files():
    pages = [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
