import math

import pandas as pd
import pytest
from small_corpus import Said, corpus

from steelyard.vocabulary import OPINION_KINDS
from steelyard.weigh.balance import interval, shown


@pytest.mark.parametrize(
    ("voices_for", "voices_against", "probability", "low", "high"),
    [
        # Beta(1.5, 1.5) on the semicircle: x = (1 - cos t) / 2 with t - sin t cos t = .05 pi, so t = 0.6366…
        (1, 1, 0.9, 0.0973, 0.9027),
        # The table of Brown, Cai & DasGupta (2001), 95 %, n = 7: x = 3 and x = 1.
        (3, 4, 0.95, 0.139, 0.766),
        (1, 6, 0.95, 0.016, 0.501),
    ],
)
def test_jeffreys_interval_has_the_published_values(
    voices_for: float, voices_against: float, probability: float, low: float, high: float
) -> None:
    assert interval(voices_for, voices_against, 0.5, probability) == pytest.approx((low, high), abs=6e-4)


def test_an_interval_holds_the_share_at_the_edges_and_is_missing_without_voices() -> None:
    assert interval(0, 5, 0.5, 0.9)[0] == 0
    assert interval(5, 0, 0.5, 0.9)[1] == 1
    assert all(math.isnan(bound) for bound in interval(0, 0, 0.5, 0.9))


def test_the_three_quantities_by_hand() -> None:
    weighed = corpus(
        [
            Said("Ann", {"greed": "supports"}, "statistic"),
            Said("Ann", {"greed": "opposes"}, "reasoning"),
            Said("Bob", {"greed": "supports"}, "testimony", hedged=True),
            Said("Cy", {"greed": "opposes"}, "assertion"),
            Said("Di", {"greed": "raises", "need": "supports"}, "reasoning"),
            Said("Ed"),
            Said("Page", {"greed": "supports"}, "statistic", role="headline"),
        ]
    )
    greed = weighed.hypothesis("greed")
    assert greed.said == 3 / 5  # Ann, Bob and Cy of five voices of posts; the headline is derived
    assert (greed.voices_for, greed.voices_against) == (1.5, 1.5)  # Ann counts half on each side
    assert greed.balance == 0.5
    assert greed.shown == pytest.approx((0.6 - 0.2) + 0.25 - 0.1)
    assert (greed.mentions, greed.speakers, greed.voices) == (4, 3, 3)
    assert greed["rank"] == 1


def test_every_hypothesis_of_the_codebook_appears_and_only_motives_rank() -> None:
    weighed = corpus(
        [Said("Ann", {"need": "supports"}, "statistic"), Said("Bob", {"greed": "opposes"}), Said("Cy", {"x": "raises"})]
    )
    rows = weighed.weights.hypotheses.set_index("hypothesis_id")
    assert set(rows.index) == {"greed", "honour", "habit", "need"}
    assert list(rows["rank"][["honour", "habit", "greed"]]) == [1, 1, 3]  # equals share the better rank
    assert pd.isna(rows["rank"]["need"])
    assert (rows.voices["honour"], rows.said["honour"], rows.shown["honour"]) == (0, 0, 0)
    assert math.isnan(rows.balance["honour"])


def test_what_is_shown_does_not_depend_on_the_order_of_voices_to_the_last_bit() -> None:
    rows = pd.DataFrame({"best_for": [0.1, 0.2, 0.3], "best_against": 0.0})
    assert sum(rows.best_for) != sum(rows.best_for[::-1])
    assert shown(rows) == shown(rows[::-1])


def test_equal_sums_of_different_strengths_are_equal_in_rank() -> None:
    weighed = corpus(
        [
            Said("Ann", {"greed": "supports"}, "assertion"),
            Said("Bob", {"greed": "supports"}, "reasoning"),
            Said("Cy", {"honour": "supports"}, "statistic", hedged=True),
            Said("Di", {"need": "opposes"}),
        ]
    )
    assert 0.1 + 0.2 != 0.6 * 0.5
    assert weighed.hypothesis("greed")["rank"] == weighed.hypothesis("honour")["rank"] == 1


def test_an_echo_is_a_mention_and_a_speaker_but_no_voice() -> None:
    greed = corpus(
        [Said("Ann", {"greed": "supports"}), Said("Bob", {"greed": "supports"}, echoes=0), Said("Cy", {"x": "opposes"})]
    ).hypothesis("greed")
    assert (greed.mentions, greed.speakers, greed.voices, greed.said) == (2, 2, 1, 0.5)
    assert greed.shown == 0.1


def test_shown_by_kind_sums_to_shown_and_has_its_empty_cells() -> None:
    weighed = corpus(
        [
            Said("Ann", {"greed": "supports"}, "statistic"),
            Said("Ann", {"greed": "supports"}, "assertion"),
            Said("Bob", {"greed": "supports"}, "assertion"),
            Said("Cy", {"greed": "opposes"}, "assertion"),
        ]
    )
    cells = weighed.weights.shown_by_kind
    assert len(cells) == 4 * 9
    greed = cells[cells.hypothesis_id == "greed"].set_index("kind")
    assert (greed.shown_for["statistic"], greed.shown_for["assertion"]) == (0.6, 0.1)  # Ann counts with her best
    assert greed.shown_against["assertion"] == 0.1
    assert (greed.voices["statistic"], greed.voices["assertion"], greed.voices["testimony"]) == (1, 3, 0)
    assert (greed.shown_for - greed.shown_against).sum() == pytest.approx(weighed.hypothesis("greed").shown)


def test_better_shown_is_the_part_of_kinds_better_than_reasoning() -> None:
    weighed = corpus(
        [
            Said("Ann", {"greed": "supports"}, "statistic"),
            Said("Ann", {"greed": "opposes"}, "reasoning"),
            Said("Bob", {"greed": "supports"}, "assertion"),
            Said("Cy", {"greed": "opposes"}, "observation"),
            Said("Di", {"honour": "supports"}, "reasoning"),
        ]
    )
    greed = weighed.hypothesis("greed")
    assert greed.better_shown == pytest.approx(0.6 - 0.35)
    assert greed.shown == pytest.approx(0.6 - 0.2 + 0.1 - 0.35)
    assert weighed.hypothesis("honour").better_shown == 0
    cells = weighed.weights.shown_by_kind
    better = cells[(cells.hypothesis_id == "greed") & ~cells.kind.isin(OPINION_KINDS)]
    assert (better.shown_for - better.shown_against).sum() == pytest.approx(greed.better_shown)
