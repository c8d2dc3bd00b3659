"""The closed lists that every stage shares (codebook.md, method.md)."""

from __future__ import annotations

from typing import Literal, get_args

Stance = Literal["supports", "opposes", "raises"]
Kind = Literal["none", "assertion", "reasoning", "observation", "attributed", "cited", "testimony", "statistic"]
Origin = Literal["human", "language_model", "program"]
Role = Literal["motive", "condition", "about_the_set"]
UtteranceRole = Literal["post", "headline", "summary", "furniture"]
Interest = Literal["lab", "investor", "competitor", "official", "analyst", "public", "unknown"]
Rating = Literal["CC", "C", "N", "I", "II"]
Finding = Literal["seen", "reported", "sought_not_found"]
Status = Literal["documented", "claimed", "contested", "sought_not_found", "absent"]
Certainty = Literal["high", "moderate", "low", "very low"]
Doubt = Literal["voices", "strengths", "coding", "document", "voice", "kind", "coder", "subject", "all", "multiverse"]
GapKind = Literal[
    "no voice",
    "one-sided",
    "single document",
    "opinion only",
    "no first-hand speaker",
    "not diagnostic",
    "not looked for",
    "looked for and not found",
]
Form = Literal["ranking", "map"]
# What a hypothesis is to another: parts and wholes are read from the first to the second.
Relation = Literal["compatible", "rival", "part_of", "has_part"]
Drawn = Literal["random", "least_sure", "most_weighty"]

STANCES: tuple[str, ...] = get_args(Stance)
KINDS: tuple[str, ...] = get_args(Kind)
# `cited` becomes `documented` in the aggregate stage, once somebody has checked the source.
STRENGTH_KINDS: tuple[str, ...] = (*KINDS, "documented")
# What a study's strengths are given for: kinds of evidence, and the hedge's factor.
StrengthName = Literal[Kind, "documented", "hedged"]
# Kinds that offer a view and nothing that could be checked; all others are better than reasoning.
OPINION_KINDS: tuple[str, ...] = ("none", "assertion", "reasoning")
ORIGINS: tuple[str, ...] = get_args(Origin)
READERS: tuple[str, ...] = ("human", "language_model")  # they read what they code; a program goes by words
ROLES: tuple[str, ...] = get_args(Role)
UTTERANCE_ROLES: tuple[str, ...] = get_args(UtteranceRole)
INTERESTS: tuple[str, ...] = get_args(Interest)
RATINGS: tuple[str, ...] = get_args(Rating)
FINDINGS: tuple[str, ...] = get_args(Finding)
STATUSES: tuple[str, ...] = get_args(Status)
CERTAINTIES: tuple[str, ...] = get_args(Certainty)
DOUBTS: tuple[str, ...] = get_args(Doubt)
RANDOM_DOUBTS: tuple[str, ...] = ("voices", "strengths", "coding")  # drawn; `all` puts these at once
GAP_KINDS: tuple[str, ...] = get_args(GapKind)
RELATIONS: tuple[str, ...] = get_args(Relation)
DRAWN: tuple[str, ...] = get_args(Drawn)  # parts of a coding sheet, in the order in which they are drawn

# A code for a motive that the codebook does not name; allowed in every study.
OTHER_MOTIVE = "other_motive"
