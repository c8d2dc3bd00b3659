"""Take the README's pictures of the default report: `make screenshots` writes them into docs/.

An installed Chromium draws the page and typst the PDF's pages; they are written with few colours, to be small.
"""

from __future__ import annotations

import base64
import shutil
import struct
import sys
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import typst
from playwright.sync_api import Browser, Page
from sklearn.cluster import KMeans

PROJECT = Path(__file__).resolve().parents[1]
RESULTS = PROJECT / "results" / "open-weights"
DOCS = PROJECT / "docs"
COLORS = 128
PAGES = (1, 3, 5)  # of the PDF: title page, the answer, said against shown

sys.path += [str(PROJECT / "tests" / "browser")]
import chromium  # noqa: E402


def main() -> None:
    """Write all pictures and say how large they are."""
    if not chromium.installed():
        sys.exit("No Chromium is installed; name one in STEELYARD_CHROMIUM.")
    with chromium.launched() as browser:
        for name, drawn in {**pictures_of_the_page(browser), "report-pdf": picture_of_the_pdf()}.items():
            path = DOCS / f"{name}.png"
            path.write_bytes(png(*with_few_colors(pixels(browser, drawn))))
            print(f"{path.relative_to(PROJECT)}: {path.stat().st_size / 1000:.0f} kB")


def pictures_of_the_page(browser: Browser) -> Mapping[str, bytes]:
    """Draw the first screen, that of a phone, and the evidence table behind one count, as PNG by file name."""
    report = RESULTS / "report.html"
    wide = {"viewport": {"width": 1280, "height": 1180}, "device_scale_factor": 1000 / 1280}
    with chromium.visit(browser, report, **wide) as visit:
        first = visit.page.screenshot()
        table = evidence_table(visit.page)
    with chromium.visit(browser, report, viewport=chromium.PHONE, is_mobile=True) as visit:
        phone = visit.page.screenshot()
    return {"report": first, "report-phone": phone, "evidence-table": table}


def evidence_table(page: Page) -> bytes:
    """Follow the first count of the first hypothesis to its statements, and draw the top of the table."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator("#sec-hypotheses a[href^='#ev-']").first.click()
    page.wait_for_selector("#tbl-evidence.enhanced")
    return page.screenshot()


def picture_of_the_pdf() -> bytes:
    """Draw some pages of the PDF side by side, as PNG."""
    sheets = ", ".join(f'box(stroke: 0.5pt + luma(180), image("report.pdf", page: {n}, width: 20cm))' for n in PAGES)
    source = f"#set page(width: auto, height: auto, margin: 4mm)\n#grid(columns: {len(PAGES)}, gutter: 4mm, {sheets})\n"
    with tempfile.TemporaryDirectory() as folder:
        shutil.copyfile(RESULTS / "report.pdf", Path(folder) / "report.pdf")
        (Path(folder) / "pages.typ").write_text(source, encoding="utf-8")
        return typst.compile(str(Path(folder) / "pages.typ"), format="png", ppi=50)


def pixels(browser: Browser, drawn: bytes) -> np.ndarray:
    """Read a PNG by the browser: rows x columns x (red, green, blue), 0 to 255."""
    read = """async (text) => {
        const image = await createImageBitmap(await (await fetch(text)).blob());
        const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
        context.drawImage(image, 0, 0);
        const {data} = context.getImageData(0, 0, image.width, image.height);
        let binary = "";
        for (let at = 0; at < data.length; at += 32768) binary += String.fromCharCode(...data.subarray(at, at + 32768));
        return [image.height, image.width, btoa(binary)];
    }"""
    page = browser.new_page()
    height, width, data = page.evaluate(read, "data:image/png;base64," + base64.b64encode(drawn).decode())
    page.close()
    return np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)[:, :, :3]


def with_few_colors(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give each pixel the nearest of at most `COLORS` colours: their numbers (rows x columns), and the colours."""
    colors, place, times = np.unique(picture.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    if len(colors) <= COLORS:
        return place.reshape(picture.shape[:2]).astype(np.uint8), colors
    # Rare colours count too, or no mark of a picture would keep its own.
    found = KMeans(COLORS, n_init=1, random_state=1).fit(colors, sample_weight=np.sqrt(times))
    numbers = found.labels_[place].reshape(picture.shape[:2])
    return numbers.astype(np.uint8), found.cluster_centers_.round().astype(np.uint8)


def png(numbers: np.ndarray, colors: np.ndarray) -> bytes:
    """Write a PNG with a palette, by the W3C's specification: signature, IHDR, PLTE, IDAT, IEND."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width = numbers.shape
    lines = np.hstack([np.zeros((height, 1), np.uint8), numbers])  # each line begins with its filter: none
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            chunk(b"PLTE", colors.astype(np.uint8).tobytes()),
            chunk(b"IDAT", zlib.compress(lines.tobytes(), 9)),
            chunk(b"IEND", b""),
        ]
    )


if __name__ == "__main__":
    main()
