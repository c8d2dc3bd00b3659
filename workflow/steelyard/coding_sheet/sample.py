"""Draws the statements that people are asked to code."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from steelyard.annotate.adjudicate import confident
from steelyard.study import CodingSheet


def draw(
    statements: pd.DataFrame,
    utterances: pd.DataFrame,
    documents: pd.DataFrame,
    readings: pd.DataFrame,
    traits: pd.DataFrame,
    evidence: pd.DataFrame,
    ledger: pd.DataFrame,
    least_confidence: Mapping[str, float],
    settings: CodingSheet,
) -> pd.DataFrame:
    """Draw a sample in three parts from the statements of posts that no person has coded; of echoes the first only.

    `random` is a simple random sample of them: what estimates of rates and errors may rest on. Of the others
    `least_sure` are those on which programs and models disagree most, then those that a program leaves to people, then
    those with a code whose confidence is nearest to what decides its acceptance; and of the others `most_weighty` are
    those whose accepted codes, by programs and models, carry the most: the strengths of their evidence that is its
    voice's best for or against a hypothesis.

    Args:
        statements, utterances, documents: all of the study.
        readings, traits: what each coder read (annotate/readings, annotate/trait_readings).
        evidence, ledger: of the accepted codes.
        least_confidence: least confidence of what is accepted, by coder; 0 for coders not named.
        settings: sizes of the parts, and the seed. A part is smaller where there are not enough.

    Returns:
        Statements with the part in `sample`: the random part first, in the order in which it was drawn, so that what is
        coded from the top on is a random sample however far somebody gets; then the others in the order of (document
        digest, start), on which the draws rest too: ids don't matter.
    """
    left = _uncoded_posts(statements, utterances, documents, traits)
    rng = np.random.default_rng(settings.seed)
    parts = {"random": left.iloc[rng.permutation(len(left))[: settings.random]]}
    cluster = statements.set_index("statement_id")["echo_id"]
    scores = {
        "least_sure": (_doubts(readings, traits, least_confidence), settings.least_sure),
        "most_weighty": (_weights(evidence, ledger), settings.most_weighty),
    }
    for name, (score, most) in scores.items():
        left = left[~left["statement_id"].isin(pd.concat(parts.values())["statement_id"])]
        parts[name] = _top(left, score.groupby(cluster.reindex(score.index)).max(), most)
    others = pd.concat([part.assign(sample=name) for name, part in parts.items() if name != "random"])
    drawn = [parts["random"].assign(sample="random"), others.sort_values(["digest", "start"])]
    return pd.concat(drawn, ignore_index=True).drop(columns="digest")


def _uncoded_posts(
    statements: pd.DataFrame, utterances: pd.DataFrame, documents: pd.DataFrame, traits: pd.DataFrame
) -> pd.DataFrame:
    """Give what may be drawn, one statement of each that repeat one another, in the order of the draws."""
    posts = utterances.loc[utterances["role"] == "post", "utterance_id"]
    coded = statements["statement_id"].isin(traits.loc[traits["origin"] == "human", "statement_id"])
    left = statements["utterance_id"].isin(posts) & ~statements["echo_id"].isin(statements.loc[coded, "echo_id"])
    digests = documents.set_index("document_id")["sha256"]
    with_digests = statements.assign(digest=statements["document_id"].map(digests))
    return with_digests[left].sort_values(["digest", "start"]).drop_duplicates("echo_id")


def _doubts(readings: pd.DataFrame, traits: pd.DataFrame, least_confidence: Mapping[str, float]) -> pd.DataFrame:
    """Give, by statement, on how many hypotheses programs and models disagree, and how unsure a program is.

    `left` is how far a program is from sure where it leaves the statement to people, else 0. `undecided` is 1 where a
    code has just the confidence that decides whether it is accepted, 0 farthest from it.
    """
    computed = readings[readings["origin"] != "human"]
    least = computed["coder"].map(lambda coder: least_confidence.get(coder, 0.0)).astype(float)
    readers = traits[traits["origin"] != "human"].groupby("statement_id")["coder"].nunique()
    accepted = confident(computed, least_confidence).groupby(["statement_id", "hypothesis_id"])
    said = accepted.agg(coders=("coder", "nunique"), stances=("stance", "nunique")).reset_index()
    disputed = (said["coders"] < said["statement_id"].map(readers)) | (said["stances"] > 1)
    distance: pd.Series = (computed["confidence"] - least).abs() / np.maximum(least, 1 - least)
    undecided: pd.Series = distance.rsub(1)[computed["origin"] == "program"]
    unsure = traits.drop(confident(traits, least_confidence).index)
    return pd.DataFrame(
        {
            "disputed": disputed.groupby(said["statement_id"]).sum(),
            "left": 1 - unsure.groupby("statement_id")["confidence"].min(),
            "undecided": undecided.groupby(computed["statement_id"]).max().round(9),
        }
    )


def _weights(evidence: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Give, by statement, the strength of its evidence that is its voice's best, summed over hypotheses."""
    rows = evidence[evidence["origin"] != "human"].merge(ledger, on=["voice_id", "hypothesis_id"])
    best = rows["best_for"].where(rows["stance"] == "supports", rows["best_against"])
    carries = rows[(rows["strength"] == best) & (rows["stance"] != "raises")]
    return carries.groupby("statement_id")["strength"].sum().round(9).to_frame("weight")


def _top(left: pd.DataFrame, scores: pd.DataFrame, most: int) -> pd.DataFrame:
    """Give the statements that score most, first by the first column; of equals those that come first."""
    scored = left.join(scores, on="echo_id").fillna(dict.fromkeys(scores.columns, 0.0))
    scored = scored[(scored[list(scores.columns)] > 0).any(axis=1)]
    return scored.sort_values(list(scores.columns), ascending=False, kind="stable").head(most)[list(left.columns)]
