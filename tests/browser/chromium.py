"""An installed Chromium, and pages opened in it that note whatever a reader must never meet."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


def installed() -> str | None:
    """Give the browser's path: that of STEELYARD_CHROMIUM, or the first that is found; None where there is none."""
    return os.environ.get("STEELYARD_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextlib.contextmanager
def launched() -> Iterator[Browser]:
    """Start the installed browser; it is closed at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=list(QUIET))
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page that is open, with what it complained of and what it asked for beside itself."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def noted(self) -> list[str]:
        """Give all that a reader must never meet: errors, broken policy, dialogs, requests."""
        return [*self.complaints, *self.requests]


@contextlib.contextmanager
def visit(browser: Browser, file: Path, fragment: str = "", **options: Any) -> Iterator[Visit]:
    """Open a file from disk in a browser that knows nothing yet.

    Args:
        browser: the browser.
        file: the page.
        fragment: what stands behind the address, "#..." or nothing.
        options: Playwright's options of a context (viewport, color_scheme, ...).
    """
    # Without motion the page is where a link leads as soon as it was followed.
    context = browser.new_context(**({"viewport": WIDE, "reduced_motion": "reduce"} | options))
    page = context.new_page()
    page.set_default_timeout(5000)
    visited = Visit(page)
    address = file.resolve().as_uri()
    page.on("console", lambda said: visited.complaints.append(f"{said.type}: {said.text}"))
    page.on("pageerror", lambda error: visited.complaints.append(f"error: {error}"))

    def dismiss(dialog: Any) -> None:
        visited.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def ask(request: Any) -> None:
        if request.url.partition("#")[0] != address and not request.url.startswith(("data:", "blob:")):
            visited.requests.append(f"request: {request.url}")

    page.on("dialog", dismiss)
    page.on("request", ask)
    page.goto(address + fragment)
    yield visited
    context.close()
