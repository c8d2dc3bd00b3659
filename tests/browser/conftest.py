"""One browser, and one page of the default report that the tests share, put back to its beginning before each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import chromium
import pytest
from chromium import Visit
from playwright.sync_api import Browser, Page

from project import need


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    need("chromium", chromium.installed())
    with chromium.launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def report(browser: Browser, results: Path) -> Path:
    """The page's file; what needs it needs the browser first, so that nothing is built for tests that skip."""
    return results / "report.html"


@pytest.fixture(scope="session")
def visited(browser: Browser, report: Path) -> Iterator[Visit]:
    with chromium.visit(browser, report) as visited:
        yield visited


@pytest.fixture(scope="session")
def phone(browser: Browser, report: Path) -> Iterator[Visit]:
    """The report as a phone opens it."""
    with chromium.visit(browser, report, viewport=chromium.PHONE, has_touch=True) as visited:
        yield visited


@pytest.fixture
def page(visited: Visit) -> Iterator[Page]:
    """The report on a wide screen in daylight, at its beginning, nothing filtered; no test may make it complain."""
    page = visited.page
    page.set_viewport_size(chromium.WIDE)
    page.emulate_media(color_scheme="light", media="screen")
    page.evaluate("() => { document.querySelector('#evidence-reset')?.click(); location.hash = ''; scrollTo(0, 0); }")
    yield page
    assert visited.noted() == []
