"""What finds phrases in texts by other libraries; run by `cue_matching.py` in an environment that has them.

Answers each line it reads: the name of a function below by the seconds that it took, "hits" by what spaCy finds.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import ahocorasick_rs
import spacy
from spacy.matcher import PhraseMatcher

given = json.loads((Path(sys.argv[1]) / "given.json").read_text(encoding="utf-8"))
texts, lists = given["texts"], given["phrases"]
folded = [text.encode() for text in given["texts_in_lower_case"]]

automaton = ahocorasick_rs.BytesAhoCorasick(
    [word.encode() for word in given["stems"]], implementation=ahocorasick_rs.Implementation.DFA
)
english = spacy.blank("en")
matcher = PhraseMatcher(english.vocab, attr="LOWER")
for name, phrases in lists.items():
    # A hyphen is a token of its own there, while our phrases take it for a space.
    matcher.add(name, [english.make_doc(phrase.replace(" ", gap)) for phrase in phrases for gap in (" ", "-")])
tokenized = [english.make_doc(text) for text in texts]


def scan() -> None:
    """Scan the bytes, and do nothing else."""
    for text in folded:
        automaton.find_matches_as_indexes(text, overlapping=True)


def phrase_matcher() -> None:
    """Cut texts into tokens and find phrases, which cannot be had otherwise."""
    for text in texts:
        matcher(english.make_doc(text))


def phrase_matcher_alone() -> None:
    """Find phrases in texts that are cut into tokens already."""
    for document in tokenized:
        matcher(document)


def hits() -> list[tuple[int, str]]:
    """Give which text holds a phrase of which list."""
    found = {(row, english.vocab.strings[key]) for row, doc in enumerate(tokenized) for key, _, _ in matcher(doc)}
    return sorted(found)


for line in sys.stdin:
    question = line.strip()
    if question == "hits":
        print(json.dumps(hits()), flush=True)
        continue
    begin = time.perf_counter()
    {"scan": scan, "phrase_matcher": phrase_matcher, "phrase_matcher_alone": phrase_matcher_alone}[question]()
    print(time.perf_counter() - begin, flush=True)
