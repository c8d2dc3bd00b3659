"""What the report says of shares that a random sample corrects."""

import pandas as pd
import pytest

from steelyard import tables
from steelyard.codebook import Codebook, Hypothesis
from steelyard.render.run import Run
from steelyard.render.sections.coding import coding
from steelyard.study import Study
from unit.render import small_study

IDS = ("greed", "need")
CODEBOOK = Codebook(
    question="Why?", hypotheses=[Hypothesis(id=h, name=h.title(), role="motive", claim="So.") for h in IDS]
)
STUDY = Study.model_validate(small_study.STUDY)
NOT_READ = "no random sample was read by people"
FEW = "too small: people and predictions differ on 0 of 40 statements, and it takes at least 2"
ENOUGH = {"corrected": 0.125, "low": 0.0, "high": 0.25, "enough": True, "reason": None}


def without(reason: str) -> dict[str, object]:
    return {"corrected": None, "low": None, "high": None, "enough": False, "reason": reason}


def composed(*found: dict[str, object]) -> str:
    rows = [
        {"hypothesis_id": h, "statements": 348, "coded": 0.1, "read": 40, "differences": 3} | said
        for h, said in zip(IDS, found, strict=True)
    ]
    names = (tables.QUALITY, tables.CONFUSION, tables.TRAITS, tables.LEFT, tables.UNANSWERED)
    weights = pd.DataFrame({"hypothesis_id": IDS, "role": "motive", "rank": [2, 1], "said": 0.5})
    frames = {table.name: table.empty() for table in names}
    frames |= {tables.SHARES.name: tables.SHARES.frame(rows), tables.HYPOTHESES.name: weights}
    return coding(Run(STUDY, CODEBOOK, frames, {}, {}))


def test_shares_stand_beside_their_correction() -> None:
    text = composed(ENOUGH, without(FEW))
    lines = [line.replace("\u00a0", " ") for line in text.splitlines() if line.startswith("| [")]
    assert lines == [
        f"| [Need](#sec-h-need) | 10 % | 3 | – | {FEW} |",
        "| [Greed](#sec-h-greed) | 10 % | 3 | 12 % | 0 % to 25 % |",
    ]
    assert "348 statements of posts (echoes once)" in text
    assert "People read 40 of them that were drawn at random" in text


@pytest.mark.parametrize("reason", [NOT_READ, "too small: 3 statements drawn at random were read"])
def test_without_a_sample_that_is_large_enough_one_clause_says_so(reason: str) -> None:
    text = composed(without(reason), without(reason))
    assert f"Shares of statements are as coded, uncorrected ({reason})." in text
    assert "tbl-shares" not in text
