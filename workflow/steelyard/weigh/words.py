"""Figures in sentences."""


def count(number: int, one: str, many: str = "") -> str:
    """Say a number with its noun: "1 voice", "3 voices"; with what follows where singular and plural differ there."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def percent(share: float) -> str:
    """Say a share as a whole percentage: "43 %"."""
    return f"{share:.0%}".replace("%", " %")
