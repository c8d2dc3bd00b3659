"""Figures in sentences."""


def count(number: int, one: str, many: str = "") -> str:
    """Say a number with its noun: "1 voice", "3 voices"; with what follows where singular and plural differ there."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def percent(share: float, decimals: int = 0) -> str:
    """Say a share as a percentage: "43 %"; closing zeros are left out."""
    return f"{round(100 * share, decimals):g} %"


def percents(share: float, threshold: float) -> tuple[str, str]:
    """Say a share and the threshold that it misses; with decimals only where the two would else read the same."""
    decimals = next((d for d in range(4) if percent(share, d) != percent(threshold, d)), 4)
    return percent(share, decimals), percent(threshold, decimals)
