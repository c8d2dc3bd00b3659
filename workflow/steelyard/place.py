"""Where the project's files lie that are no modules: the Snakefile, the prose, the template of a study."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def project_folder(package: Path = PACKAGE) -> Path:
    """Give the folder that holds Snakefile, report/ and workflow/: what a wheel carries along, or else the checkout.

    Args:
        package: the folder of the package `steelyard`.
    """
    carried = package / "_project"  # laid there by setup.py
    return carried if carried.is_dir() else package.parents[1]
