"""What a person who codes is told: the meaning of each answer (docs/method.md, 1-2)."""

STANCES = {
    "supports": "asserts or implies that the claim holds",
    "opposes": "denies or weakens the claim",
    "raises": "asks, reports that others claim it, or mentions it and leaves it open",
}
KINDS = {
    "none": "no claim: a greeting, a question, a headline, a joke",
    "assertion": "a bare opinion",
    "reasoning": "a mechanism, theory, analogy or historical parallel",
    "observation": "an event, behaviour or state of the world told as fact, without a source",
    "attributed": "what a named person, firm, document or study says or does, with no figure and no link",
    "cited": "a link, or a reference that can be looked up, to a source for this claim",
    "testimony": "the speaker's own first-hand experience",
    "statistic": "a figure or a measured comparison",
}
FLAGS = {
    "hedged": "true where the speaker marks doubt: could, probably, I think, seems, if …, not sure",
    "gap": "true where it says that evidence is missing, asked for, inconclusive or hard to get",
}
FINDINGS = {
    "seen": "the statement itself shows it: the speaker saw it, or gives a figure or source for it",
    "reported": "the statement says that it is so, without showing it",
    "sought_not_found": "the statement says that somebody looked for it and did not find it",
}
ORIGINS = {"human": "you read the statement and decided", "language_model": "a language model did"}
OTHER_MOTIVE = "a motive that none of these names; name it in a few words under label"
INTRODUCTION = (
    "Code from the top: the first rows are a random sample, and stay one however far you get.",
    "Code what the statement in the column quote says in its context, not what you believe. Leave the other columns "
    "that are filled in as they are.",
    "One row codes one hypothesis. Where a statement bears on several, copy the row, once for each; where it bears on "
    "none, leave hypothesis_id and stance empty and fill in the rest.",
    "Every row needs kind, hedged, gap, coder (your name) and origin. All rows of one statement have the same kind "
    "(the strongest that the statement itself offers), hedged and gap.",
    "observation_id and finding are for statements that say whether an expected observation was made; mostly they "
    "stay empty. Rows that you have not coded stay empty; they are left out when the sheet is read.",
    "Save a copy beside the study's config and name it there under coders.",
)
