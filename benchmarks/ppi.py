"""Our prediction-powered mean, held against its authors' own library on random data.

`prove()` installs the library (ppi-python) into an environment of its own, as steelyard does not need it.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import apart
import numpy as np

LIBRARY = "ppi-python==0.2.3"
CASES = 300
SEED = 20240601


def prove() -> str:
    """Run all of it, and give a line that says what was shown.

    Raises:
        AssertionError: something is not as it should be.
    """
    from steelyard.weigh.correction import prediction_powered_mean

    cases = random_cases()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
        apart.run(__file__, LIBRARY, folder)
        theirs = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    ours = [prediction_powered_mean(*case) for case in cases]
    difference = float(np.abs(np.array(ours) - np.array(theirs)).max())
    assert difference < 1e-12, difference
    return f"{len(cases)} prediction-powered means and intervals as of {LIBRARY}, at most {difference:.0e} apart"


def random_cases() -> list[tuple[list[int], list[int], list[int], float]]:
    """Give labels, predictions, predictions without labels, and the interval's probability, of random samples."""
    generator = np.random.default_rng(SEED)
    cases = []
    for _ in range(CASES):
        share, wrong = generator.uniform(0, 0.5, 2)
        labels = generator.random(generator.integers(1, 200)) < share
        predictions = labels ^ (generator.random(labels.size) < wrong)
        unlabelled = generator.random(generator.integers(1, 5000)) < share
        numbers = [values.astype(int).tolist() for values in (labels, predictions, unlabelled)]
        cases.append((*numbers, float(generator.uniform(0.5, 0.99))))
    return cases


def answer(folder: Path) -> None:
    """Ask the library; run in an environment that has it."""
    from ppi_py import ppi_mean_ci, ppi_mean_pointestimate

    answers = []
    for *samples, probability in json.loads((folder / "cases.json").read_text(encoding="utf-8")):
        arrays = [np.array(values, dtype=float) for values in samples]
        mean = ppi_mean_pointestimate(*arrays, lam=1)
        bounds = ppi_mean_ci(*arrays, alpha=1 - probability, lam=1)
        answers.append([float(np.squeeze(value)) for value in (mean, *bounds)])
    (folder / "answers.json").write_text(json.dumps(answers), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        answer(Path(sys.argv[1]))
    else:
        print(prove())
