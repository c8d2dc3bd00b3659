"""The run's facts for prose, by name."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from steelyard.aggregate.counts import Counts
from steelyard.codebook import Codebook
from steelyard.study import Method
from steelyard.tables import SUMMARY
from steelyard.vocabulary import DOUBTS, READERS, STRENGTH_KINDS
from steelyard.weigh.form import report_form
from steelyard.weigh.observations import parting
from steelyard.weigh.relations import hold_together
from steelyard.weigh.robustness import moves_most


def summary(
    *,
    counts: Counts,
    prints: pd.DataFrame,
    evidence: pd.DataFrame,
    ledger: pd.DataFrame,
    hypotheses: pd.DataFrame,
    shown_by_kind: pd.DataFrame,
    observations: pd.DataFrame,
    matrix: pd.DataFrame,
    relations: pd.DataFrame,
    multiverse: pd.DataFrame,
    robustness: pd.DataFrame,
    codebook: Codebook,
    method: Method,
) -> pd.DataFrame:
    """Give the table weigh/summary: names and values as text; a value that does not exist is null.

    Of equals the first in the codebook is named. Lists are ids with a space between, in the codebook's order.

    In every report:
        form: ranking or map. form_reason: why, as a sentence.
        statements, post_statements, documents: how many, as printed.
        voices: independent voices of posts.
        most_said: the hypothesis that most voices take up.
        first_by_mentions, first_by_speakers, first_by_voices: the hypotheses that come first by each of the counts.
        places_differ: how many hypotheses do not have the same place by all three.
        places_differ_most: the three whose places by mentions and by independent voices lie furthest apart, if any do.

    In a ranking only:
        leader, runner_up: the two motives first by shown; none where nothing is shown for any (W above 0).
        leader_main_kind: the kind that gives most of what is offered for the leader, by each voice's best statement; of
            equals the weaker.
        may_be_first: motives that are first in as many draws, all random doubts at once, as lie below the interval.
        close_race: true where the other motives' shares together reach `robustness.close_race`, or the two are equal.
        documented_motives: motives with a documented item that supports them.
        most_contested: the hypothesis with the most voices on its lesser side, if any.
        contested: hypotheses of several voices, of which a part below `certainty.contested_high` supports it and one
            below it opposes it.
        often_said_hardly_shown: hypotheses said by more voices than the median hypothesis, with W from kinds better
            than reasoning at most the median's. said_median, better_shown_median: those medians.
        equal_grades: the grade of certainty, where all hypotheses have the same.
        parting_observation: the unsettled observation that would best part leader and runner-up.
        leader_and_runner_up: what the one is to the other (vocabulary.Relation), where the codebook declares it.
        hold_together: motives that can all hold at once: the leader, and in order of rank each that can hold together
            with all before it.
        universes: how many pairs of a coder that reads and a set of strengths were tried.
        widest_voice: the independent voice that takes up most hypotheses. widest_voice_hypotheses: how many.
            widest_voice_share: its share of all strength offered, for or against, each voice by its best.
        subject_leader: motives with most evidence in statements that name the question's subject.
            motive_statements: how many support or oppose a motive, echoes once. subject_statements: how many of these
            name it.
        doubts_tried: the doubts that robustness holds, in the vocabulary's order.
        moved_most_by.<hypothesis>: the doubt that moves the rank of a motive most (null where none does).
    """
    form = report_form(counts, method.ranking.read_statements)
    rows = hypotheses.set_index("hypothesis_id").loc[codebook.ids]
    facts: dict[str, object] = {
        "form": form.form,
        "form_reason": form.reason,
        "statements": counts.statements,
        "post_statements": counts.post_statements,
        "documents": counts.documents,
        "voices": counts.voices,
        "most_said": _largest(rows.voices),
        "first_by_mentions": _listed((rows.mentions_place == 1) & (rows.mentions > 0)),
        "first_by_speakers": _listed((rows.speakers_place == 1) & (rows.speakers > 0)),
        "first_by_voices": _listed((rows.voices_place == 1) & (rows.voices > 0)),
        **_places(rows),
    }
    if form.form == "ranking":
        facts |= _said_and_shown(rows, method) | _widest(ledger[ledger.hypothesis_id.isin(codebook.ids)])
        facts["documented_motives"] = _listed((rows.role == "motive") & rows.documented)
        facts |= _race(rows, robustness, method)
        if facts["leader"]:
            facts["leader_main_kind"] = _main_kind(shown_by_kind, str(facts["leader"]))
            motives = rows[rows["rank"].notna()].sort_values("rank", kind="stable").index
            facts["hold_together"] = " ".join(hold_together(relations, list(motives)))
        if facts["leader"] and facts["runner_up"]:
            two = str(facts["leader"]), str(facts["runner_up"])
            facts["parting_observation"] = parting(matrix, observations, *two)
            facts["leader_and_runner_up"] = codebook.relations.get(two)
        universes = multiverse[multiverse.origin.isin(READERS)]
        facts["universes"] = len(universes[["coder", "strengths"]].drop_duplicates())
        tried = pd.Series(DOUBTS, DOUBTS).isin(robustness.doubt)
        facts["doubts_tried"] = _listed(tried)
        facts |= _of_subject(evidence, prints, robustness, codebook)
        moves = moves_most(robustness, rows["rank"])
        facts |= {f"moved_most_by.{motive}": moves.get(motive) for motive in rows.index[rows.role == "motive"]}
    return SUMMARY.frame(
        [{"name": name, "value": _text(facts.get(name))} for name in {**dict.fromkeys(_RANKING), **facts}]
    )


# Names that stand in every summary, in a map with no value.
_RANKING = (
    "leader",
    "runner_up",
    "leader_main_kind",
    "may_be_first",
    "close_race",
    "documented_motives",
    "most_contested",
    "contested",
    "often_said_hardly_shown",
    "said_median",
    "better_shown_median",
    "equal_grades",
    "parting_observation",
    "leader_and_runner_up",
    "hold_together",
    "universes",
    "widest_voice",
    "widest_voice_hypotheses",
    "widest_voice_share",
    "subject_leader",
    "subject_statements",
    "motive_statements",
    "doubts_tried",
)


def _places(rows: pd.DataFrame) -> dict[str, object]:
    """Say how far the three counts give one order."""
    places = rows[["mentions_place", "speakers_place", "voices_place"]].astype(int)
    apart = (places.mentions_place - places.voices_place).abs().sort_values(ascending=False, kind="stable")
    return {
        "places_differ": int((places.nunique(axis=1) > 1).sum()),
        "places_differ_most": " ".join(apart[apart > 0].index[:3]) or None,
    }


def _widest(ledger: pd.DataFrame) -> dict[str, object]:
    """Name the voice that takes up most hypotheses; of equals the one that offers most, then none: no id decides."""
    taken = ledger[ledger.takes_up]
    offered = (taken.best_for + taken.best_against).groupby(taken.voice_id).agg(math.fsum).round(9)
    voices = pd.DataFrame({"hypotheses": taken.voice_id.value_counts(), "offered": offered})
    first = voices[voices.hypotheses == voices.hypotheses.max()]
    first = first[first.offered == first.offered.max()]
    total = math.fsum(offered)
    if len(first) != 1 or not total:
        return {"widest_voice": None, "widest_voice_hypotheses": None, "widest_voice_share": None}
    return {
        "widest_voice": first.index[0],
        "widest_voice_hypotheses": int(first.hypotheses.iloc[0]),
        "widest_voice_share": float(first.offered.iloc[0] / total),
    }


def _said_and_shown(rows: pd.DataFrame, method: Method) -> dict[str, object]:
    shown = rows.better_shown.round(9)
    greater = rows[["voices_for", "voices_against"]].max(axis=1) / rows.voices
    grades = set(rows.certainty)
    return {
        "most_contested": _largest(rows[["voices_for", "voices_against"]].min(axis=1)),
        "contested": _listed((rows.voices > 1) & (greater < method.certainty.contested_high)),
        "often_said_hardly_shown": often_said_hardly_shown(rows),
        "said_median": rows.said.median(),
        "better_shown_median": shown.median(),
        "equal_grades": grades.pop() if len(grades) == 1 else None,
    }


def _of_subject(
    evidence: pd.DataFrame, prints: pd.DataFrame, robustness: pd.DataFrame, codebook: Codebook
) -> dict[str, object]:
    """Say who leads where statements that name the subject count alone, and how many these are."""
    rows = robustness[(robustness.doubt == "subject") & (robustness.p_first > 0)].set_index("hypothesis_id")
    if rows.empty or not codebook.subject:
        return {}
    motives = {hypothesis.id for hypothesis in codebook.hypotheses if hypothesis.role == "motive"}
    taken = set(evidence.echo_id[evidence.hypothesis_id.isin(motives) & (evidence.stance != "raises")])
    return {
        "subject_leader": _listed(pd.Series([i in rows.index for i in codebook.ids], codebook.ids)),
        "subject_statements": prints.echo_id[prints.names_subject & prints.echo_id.isin(taken)].nunique(),
        "motive_statements": len(taken),
    }


def often_said_hardly_shown(hypotheses: pd.DataFrame) -> str | None:
    """List the hypotheses said by more voices than the median, while better evidence shows at most the median.

    Args:
        hypotheses: `said` and `better_shown` by id.
    """
    shown = hypotheses.better_shown.round(9)
    return _listed((hypotheses.said > hypotheses.said.median()) & (shown <= shown.median()))


def _main_kind(shown_by_kind: pd.DataFrame, leader: str) -> str:
    own = shown_by_kind[shown_by_kind.hypothesis_id == leader].set_index("kind").shown_for
    return str(own.reindex(list(STRENGTH_KINDS)).round(9).idxmax())


def _race(rows: pd.DataFrame, robustness: pd.DataFrame, method: Method) -> dict[str, object]:
    motives = rows[rows["rank"].notna()].sort_values("rank", kind="stable")
    if motives.empty or motives.shown.iloc[0] <= 0:
        return {"leader": None, "runner_up": None}
    first = robustness[robustness.doubt == "all"].set_index("hypothesis_id").p_first.reindex(motives.index)
    leader, runner_up = [*motives.index[:2], None][:2]
    least = (1 - method.robustness.interval) / 2
    race: dict[str, object] = {
        "leader": leader,
        "runner_up": runner_up,
        "may_be_first": _listed(first.round(2) >= least),
    }
    if runner_up:
        race["close_race"] = is_close(first, list(motives["rank"]), method.robustness.close_race)
    return race


def is_close(p_first: pd.Series, ranks: Sequence[int], close_race: float) -> bool:
    """Say whether a race is close: others than the first are first often enough, or the second has its rank.

    Args:
        p_first: share of first places of each motive, the leader's first.
        ranks: their ranks.
        close_race: least share of the others.
    """
    return bool(round(float(p_first.iloc[1:].sum()), 9) >= close_race or ranks[1] == ranks[0])


def _largest(values: pd.Series) -> str | None:
    """Name the row with the largest value above 0; of equals the first."""
    values = values.dropna()
    return str(values.idxmax()) if (values > 0).any() else None


def _listed(chosen: pd.Series) -> str | None:
    return " ".join(chosen.index[chosen]) or None


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or value != value:  # NaN
        return None
    return f"{value:.4f}" if isinstance(value, float) else str(value)
