"""How the closed lists of the vocabulary read in a sentence."""

FEW_VOICES = 3  # fewer voices than this are counted, and no share is made of them
ROLES = {"motive": "Motives", "condition": "Conditions", "about_the_set": "About the set"}
KINDS = {
    "none": "no evidence",
    "assertion": "bare assertion",
    "reasoning": "reasoning",
    "observation": "claims of fact without a source",
    "attributed": "what named people or firms say or do",
    "cited": "sources that nobody has checked",
    "testimony": "first-hand testimony",
    "statistic": "figures",
    "documented": "checked sources",
}
ORIGINS = {
    "human": "people who read the text",
    "language_model": "a language model that read the text",
    "program": "a program",
}
DOUBTS = {
    "voices": "the voices",
    "strengths": "the strengths of evidence",
    "coding": "coding error",
    "document": "one document left out",
    "voice": "one voice left out",
    "kind": "one kind of evidence left out",
    "coder": "one coder left out",
    "subject": "only what names the subject itself",
    "multiverse": "another coder or other strengths chosen",
}
STATUSES = {
    "documented": "documented",
    "claimed": "told, without a source",
    "contested": "contested",
    "sought_not_found": "looked for and not found",
    "absent": "nobody speaks of it",
}
RELATIONS = {
    "rival": "Rivals",
    "part_of": "Part of",
    "has_part": "Has as parts",
    "compatible": "Can hold together with",
}
