"""The run's facts for prose, by name."""

from __future__ import annotations

import math

import pandas as pd

from steelyard.aggregate.evidence import posts
from steelyard.codebook import Codebook
from steelyard.study import Method
from steelyard.tables import SUMMARY
from steelyard.vocabulary import DOUBTS, STRENGTH_KINDS
from steelyard.weigh.form import READERS, report_form
from steelyard.weigh.observations import parting
from steelyard.weigh.relations import hold_together
from steelyard.weigh.robustness import moves_most
from steelyard.weigh.subject import naming


def summary(
    *,
    codes: pd.DataFrame,
    traits: pd.DataFrame,
    statements: pd.DataFrame,
    utterances: pd.DataFrame,
    evidence: pd.DataFrame,
    ledger: pd.DataFrame,
    hypotheses: pd.DataFrame,
    shown_by_kind: pd.DataFrame,
    observations: pd.DataFrame,
    matrix: pd.DataFrame,
    relations: pd.DataFrame,
    multiverse: pd.DataFrame,
    robustness: pd.DataFrame,
    gaps: pd.DataFrame,
    codebook: Codebook,
    method: Method,
) -> pd.DataFrame:
    """Give the table weigh/summary: names and values as text; a value that does not exist is null.

    Of equals the first in the codebook is named. Lists are ids with a space between, in the codebook's order.

    In every report:
        form: ranking or map. form_reason: why, as a sentence.
        read_statements, needed_statements: read by people or a language model, and how many a ranking needs.
        statements, post_statements, documents: how many, as printed.
        voices: independent voices of posts.
        most_said: the hypothesis that most voices take up.
        first_by_mentions, first_by_speakers, first_by_voices: the hypotheses that come first by each of the counts.
        places_differ: how many hypotheses do not have the same place by all three.
        places_differ_most: the three whose places by mentions and by independent voices lie furthest apart, if any do.
        not_taken_up: hypotheses that no voice takes up.

    In a ranking only:
        leader, runner_up: the two motives first by shown; none where nothing is shown for any (W above 0).
        leader_main_kind: the kind that gives most of what is offered for the leader, by each voice's best statement; of
            equals the weaker.
        leader_p_first, runner_up_p_first: shares of draws in which they are first, all random doubts at once.
        may_be_first: motives whose interval of rank, all random doubts at once, reaches the first place.
        close_race: true where the other motives' shares together reach `robustness.close_race`, or the two are equal.
        best_shown: the hypothesis with the largest W from kinds better than reasoning, if above 0.
        documented_motives: motives with a documented item that supports them.
        most_contested: the hypothesis with the most voices on its lesser side, if any.
        often_said_hardly_shown: hypotheses said by more voices than the median hypothesis, with W from kinds better
            than reasoning at most the median's. said_median, better_shown_median: those medians.
        opinion_only: hypotheses with the gap of that name.
        equal_grades: the grade of certainty, where all hypotheses have the same.
        parting_observation: the unsettled observation that would best part leader and runner-up.
        leader_and_runner_up: what the one is to the other (vocabulary.Relation), where the codebook declares it.
        hold_together: motives that can all hold at once: the leader, and in order of rank each that can hold together
            with all before it.
        universes: how many pairs of a coder that reads and a set of strengths were tried.
        widest_voice: the independent voice that takes up most hypotheses. widest_voice_hypotheses: how many.
            widest_voice_share: its share of all strength offered, for or against, each voice by its best.
        subject_leader: motives with most evidence in statements that name the question's subject.
            motive_statements: how many support or oppose a motive. subject_statements: how many of these name it.
        doubts_tried, doubts_not_tried: the doubts that robustness holds, and the others, in the vocabulary's order.
        moved_most_by.<hypothesis>: the doubt that moves the rank of a motive most (null where none does).
    """
    post = posts(statements, utterances)
    form = report_form(codes, traits, statements, utterances, method.ranking.read_statements)
    rows = hypotheses.set_index("hypothesis_id").loc[codebook.ids]
    facts: dict[str, object] = {
        "form": form.form,
        "form_reason": form.reason,
        "read_statements": form.read_statements,
        "needed_statements": method.ranking.read_statements,
        "statements": len(statements),
        "post_statements": len(post),
        "documents": statements.document_id.nunique(),
        "voices": post.voice_id.nunique(),
        "most_said": _largest(rows.voices),
        "not_taken_up": _listed(rows.voices == 0),
        "first_by_mentions": _listed((rows.mentions_place == 1) & (rows.mentions > 0)),
        "first_by_speakers": _listed((rows.speakers_place == 1) & (rows.speakers > 0)),
        "first_by_voices": _listed((rows.voices_place == 1) & (rows.voices > 0)),
        **_places(rows),
    }
    if form.form == "ranking":
        ids = pd.Series(rows.index, rows.index)
        facts |= _said_and_shown(rows) | _widest(ledger)
        facts["documented_motives"] = _listed((rows.role == "motive") & ids.isin(_documented(evidence)))
        facts["opinion_only"] = _listed(ids.isin(gaps.hypothesis_id[gaps.gap_kind == "opinion only"]))
        facts |= _race(rows, robustness, method.robustness.close_race)
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
        facts |= {"doubts_tried": _listed(tried), "doubts_not_tried": _listed(~tried)}
        facts |= _of_subject(evidence, statements, robustness, codebook)
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
    "leader_p_first",
    "runner_up_p_first",
    "may_be_first",
    "close_race",
    "best_shown",
    "documented_motives",
    "most_contested",
    "often_said_hardly_shown",
    "said_median",
    "better_shown_median",
    "opinion_only",
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
    "doubts_not_tried",
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


def _said_and_shown(rows: pd.DataFrame) -> dict[str, object]:
    shown = rows.better_shown.round(9)
    grades = set(rows.certainty)
    return {
        "best_shown": _largest(shown),
        "most_contested": _largest(rows[["voices_for", "voices_against"]].min(axis=1)),
        "often_said_hardly_shown": often_said_hardly_shown(rows),
        "said_median": rows.said.median(),
        "better_shown_median": shown.median(),
        "equal_grades": grades.pop() if len(grades) == 1 else None,
    }


def _of_subject(
    evidence: pd.DataFrame, statements: pd.DataFrame, robustness: pd.DataFrame, codebook: Codebook
) -> dict[str, object]:
    """Say who leads where statements that name the subject count alone, and how many these are."""
    rows = robustness[(robustness.doubt == "subject") & (robustness.rank_low == 1)].set_index("hypothesis_id")
    if rows.empty or not codebook.subject:
        return {}
    motives = {hypothesis.id for hypothesis in codebook.hypotheses if hypothesis.role == "motive"}
    taken = evidence[evidence.hypothesis_id.isin(motives) & (evidence.stance != "raises")]
    own = statements[statements.statement_id.isin(taken.statement_id)]
    return {
        "subject_leader": _listed(pd.Series([i in rows.index for i in codebook.ids], codebook.ids)),
        "subject_statements": len(naming(own, codebook.subject)),
        "motive_statements": len(own),
    }


def often_said_hardly_shown(hypotheses: pd.DataFrame) -> str | None:
    """List the hypotheses said by more voices than the median, while better evidence shows at most the median.

    Args:
        hypotheses: `said` and `better_shown` by id.
    """
    shown = hypotheses.better_shown.round(9)
    return _listed((hypotheses.said > hypotheses.said.median()) & (shown <= shown.median()))


def _documented(evidence: pd.DataFrame) -> pd.Series:
    return evidence.hypothesis_id[(evidence.kind == "documented") & (evidence.stance == "supports")]


def _main_kind(shown_by_kind: pd.DataFrame, leader: str) -> str:
    own = shown_by_kind[shown_by_kind.hypothesis_id == leader].set_index("kind").shown_for
    return str(own.reindex(list(STRENGTH_KINDS)).round(9).idxmax())


def _race(rows: pd.DataFrame, robustness: pd.DataFrame, close_race: float) -> dict[str, object]:
    motives = rows[rows["rank"].notna()].sort_values("rank", kind="stable")
    if motives.empty or motives.shown.iloc[0] <= 0:
        return {"leader": None, "runner_up": None}
    everything = robustness[robustness.doubt == "all"].set_index("hypothesis_id")
    first = everything.p_first
    leader, runner_up = [*motives.index[:2], None][:2]
    race: dict[str, object] = {"leader": leader, "runner_up": runner_up, "leader_p_first": first.get(leader)}
    race["may_be_first"] = _listed((everything.rank_low == 1).reindex(motives.index, fill_value=False))
    if runner_up:
        race["runner_up_p_first"] = first.get(runner_up)
        others = float(first.drop(leader, errors="ignore").sum())
        race["close_race"] = bool(round(others, 9) >= close_race or motives["rank"].iloc[1] == 1)
    return race


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
