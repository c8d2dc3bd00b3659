"""Aggregation in plain pandas, whole tables at a time: what the engine's queries are held to, and measured against."""

from __future__ import annotations

import pandas as pd

from steelyard.aggregate import sources
from steelyard.aggregate.counts import Counts
from steelyard.aggregate.subject import naming
from steelyard.codebook import Subject
from steelyard.errors import Problem, SteelyardError
from steelyard.study import Strength
from steelyard.tables import EVIDENCE, LEDGER, PRINTS
from steelyard.vocabulary import ORIGINS, READERS, STRENGTH_KINDS


def evidence(
    codes: pd.DataFrame,
    traits: pd.DataFrame,
    statements: pd.DataFrame,
    utterances: pd.DataFrame,
    documents: pd.DataFrame,
    checked_sources: pd.DataFrame | None,
    strength: Strength,
) -> pd.DataFrame:
    """Give each code of a post its independent voice, its kind after the check of sources, and its strength.

    Strength is base(kind) x (the hedge's factor if hedged), in [0, 1]. A coder's confidence does not enter. Where a
    person read a statement, models' and programs' codes of its echoes count for nothing, and models' before programs'.

    Args:
        codes: accepted codes (annotate/codes).
        traits: accepted kind of evidence and hedging of each coded statement (annotate/traits).
        statements: all statements; those of headlines, summaries and furniture are derived and left out here.
        utterances: all utterances.
        documents: all documents.
        checked_sources: as `sources.read` gives it; None where nobody checked any.
        strength: the base of each kind and the hedge's factor.

    Returns:
        The table aggregate/evidence, one row a statement and hypothesis.

    Raises:
        SteelyardError: a coded statement has no kind of evidence.
    """
    rows = (
        posts(statements, utterances)
        .merge(codes[["statement_id", "hypothesis_id", "stance", "coder", "origin"]], on="statement_id")
        .merge(traits[["statement_id", "kind", "hedged"]], on="statement_id", how="left")
        .merge(documents[["document_id", "source_type"]], on="document_id")
    )
    _require_kinds(rows)
    rows = rows[~_outranked(rows, traits, statements)]
    hedged = rows.hedged.astype(bool)
    kind = _checked(rows, sources.cited(statements, checked_sources))
    base = kind.map(strength.model_dump()).astype(float)
    return EVIDENCE.frame(rows.assign(kind=kind, hedged=hedged, strength=base.where(~hedged, base * strength.hedged)))


def posts(statements: pd.DataFrame, utterances: pd.DataFrame) -> pd.DataFrame:
    """Give the statements of posts with the voice that printed each and the independent voice behind it.

    A statement that repeats another has the voice of what it repeats, and so has an utterance.

    Returns:
        `statement_id`, `document_id`, `echo_id`, `speaker_id` (who printed it), `voice_id` (the independent voice).
    """
    utterance_of = statements.set_index("statement_id")["utterance_id"]
    by_utterance = utterances.set_index("utterance_id")
    original = statements["echo_id"].map(utterance_of).map(by_utterance["echo_id"])
    chosen = statements.assign(speaker_id=statements["voice_id"], voice_id=original.map(by_utterance["voice_id"]))
    chosen = chosen[statements["utterance_id"].map(by_utterance["role"]) == "post"]
    return chosen[["statement_id", "document_id", "echo_id", "speaker_id", "voice_id"]]


def _outranked(rows: pd.DataFrame, traits: pd.DataFrame, statements: pd.DataFrame) -> pd.Series:
    """Say which codes count for nothing, as a better reader read what the statement repeats, or what repeats it."""
    echo = statements.set_index("statement_id")["echo_id"]
    best = traits["origin"].map(ORIGINS.index).groupby(traits["statement_id"].map(echo)).min()
    return rows["origin"].map(ORIGINS.index) > rows["echo_id"].map(best)


def _checked(rows: pd.DataFrame, citations: pd.DataFrame) -> pd.Series:
    """Give kinds after the check: a citation is documented, or merely attributed, or stays what it was."""
    is_cited = rows["kind"] == "cited"
    opinion = set(citations.statement_id[citations.verdict.isin(["opinion", "self"])])
    kind = rows["kind"].mask(is_cited & rows["statement_id"].isin(opinion), "attributed")
    return kind.mask(is_cited & rows["statement_id"].isin(sources.documented(citations)), "documented")


def _require_kinds(rows: pd.DataFrame) -> None:
    missing = rows.statement_id[rows.kind.isna()].drop_duplicates()
    if not missing.empty:
        hint = "Whoever coded its hypotheses should code its kind of evidence too (codebook, axis 3)."
        raise SteelyardError(
            [Problem("coded for a hypothesis, but its kind of evidence is not", s, hint) for s in missing]
        )


_KEY = ["voice_id", "hypothesis_id"]


def ledger(evidence: pd.DataFrame) -> pd.DataFrame:
    """Keep, within each voice, only its best statement for a hypothesis and its best against it.

    So a voice adds at most 1 however long it talks. `raises` adds nothing, and does not take a hypothesis up.

    Args:
        evidence: the table aggregate/evidence.

    Returns:
        The table aggregate/ledger, one row a voice and hypothesis it mentions. Echoes count as one statement.
    """
    if evidence.empty:
        return LEDGER.empty()
    sides = evidence.assign(supports=evidence.stance == "supports", opposes=evidence.stance == "opposes").groupby(_KEY)
    rows = sides.agg(supports=("supports", "any"), opposes=("opposes", "any"), statements=("echo_id", "nunique"))
    rows["takes_up"] = rows.supports | rows.opposes
    rows[["best_for", "kind_for"]] = _best(evidence[evidence.stance == "supports"])
    rows[["best_against", "kind_against"]] = _best(evidence[evidence.stance == "opposes"])
    return LEDGER.frame(rows.fillna({"best_for": 0.0, "best_against": 0.0}).reset_index())


def _best(evidence: pd.DataFrame) -> pd.DataFrame:
    """Give strength and kind of each voice's strongest row; of equals, the kind that stands last in the vocabulary."""
    order = evidence.assign(order=evidence.kind.map(STRENGTH_KINDS.index))
    return order.sort_values(["strength", "order"]).groupby(_KEY)[["strength", "kind"]].last()


def prints(
    evidence_: pd.DataFrame,
    sightings: pd.DataFrame,
    statements: pd.DataFrame,
    utterances: pd.DataFrame,
    checked_sources: pd.DataFrame | None,
    subject: Subject | None,
) -> pd.DataFrame:
    """Give the statements that coded statements and sightings rest on, with all that repeat them."""
    bases = statements[statements["statement_id"].isin({*evidence_["statement_id"], *sightings["statement_id"]})]
    rows = statements[statements["echo_id"].isin(bases["echo_id"])]
    citations = sources.cited(rows, checked_sources)
    return PRINTS.frame(
        rows.assign(
            is_post=rows["statement_id"].isin(posts(statements, utterances)["statement_id"]),
            documented=rows["statement_id"].isin(sources.documented(citations)),
            independent=rows["statement_id"].isin(sources.documented(citations, independent=True)),
            names_subject=naming(rows, subject),
        )
    )


def counts(codes: pd.DataFrame, traits: pd.DataFrame, statements: pd.DataFrame, utterances: pd.DataFrame) -> Counts:
    """Count over the whole corpus."""
    post = posts(statements, utterances)
    read = post[post["statement_id"].isin(traits["statement_id"][traits["origin"].isin(READERS)])]
    stances = codes["stance"][codes["origin"].isin(READERS) & codes["statement_id"].isin(post["statement_id"])]
    return Counts(
        statements=len(statements),
        documents=statements["document_id"].nunique(),
        post_statements=len(post),
        original_statements=post["echo_id"].nunique(),
        voices=post["voice_id"].nunique(),
        read_statements=read["echo_id"].nunique(),
        read_supports=int((stances == "supports").sum()),
        read_opposes=int((stances == "opposes").sum()),
    )
