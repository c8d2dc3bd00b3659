"""docs/tables.md, written from the tables' schemas; a test holds the page to them (`make docs` writes it anew)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from steelyard.tables import TABLES, Table

_HEAD = """# Tables

*Written from the schemas by `make docs`.*

Everything that a run computes crosses between its stages as tables: `results/<study>/<stage>/<table>.parquet`. Any
program that reads Parquet opens them: `pandas.read_parquet`, DuckDB, R's `arrow`. The key names a row, and rows are
sorted by it. A column that *may be empty* is null where nothing is known or nothing applies. Spans count code points of
the document's text: `text == document[start:end]` holds for every statement.

`results/<study>/evidence.csv` has every coded statement with names written out, for people and spreadsheets.
[How to find out why a figure is what it is](how-to/figures.md) has examples.
"""

_HOLDS = {
    "ingest/documents": "Each document, with its digest and what is known of it.",
    "ingest/voices": "Distinct speakers, and what each stands for.",
    "ingest/utterances": "Posts, headlines and summaries: who says them, in answer to whom, and what they repeat.",
    "ingest/statements": "Sentences with their exact spans, and what each repeats.",
    "ingest/dropped": "What is no statement, and why.",
    "annotate/readings": "Every coder's reading of which hypotheses a statement bears on.",
    "annotate/trait_readings": "Every coder's reading of a statement's kind of evidence, hedging and gap.",
    "annotate/sighting_readings": "Every coder's reading of which expected observation a statement tells of.",
    "annotate/codes": "The accepted readings of hypotheses.",
    "annotate/traits": "The accepted traits; its rows are the statements that somebody has read.",
    "annotate/sightings": "The accepted sightings.",
    "annotate/left": "Statements that a program was not sure enough of, and who decided them instead.",
    "annotate/unanswered": "Statements that a language model left uncoded, and why.",
    "annotate/unmapped": "Recorded codes that lie in no statement, and so were left out.",
    "annotate/review": "Recorded codes to look at again, as the codebook has changed since.",
    "annotate/quality": "Each coder against better readers, with intervals.",
    "annotate/confusion": "How often a coder gave one label where the reference has another, or the same.",
    "aggregate/evidence": "Accepted codes of posts, with independent voice, kind and strength: what is weighed.",
    "aggregate/ledger": "The best of each voice for and against each hypothesis.",
    "aggregate/prints": "The statements that codes and sightings rest on, in all prints, without their words.",
    "aggregate/counts": "What is counted over the whole corpus.",
    "weigh/hypotheses": "What is said, supported and shown of each hypothesis, its rank and its certainty.",
    "weigh/shown_by_kind": "Strength for and against and voices, by kind of evidence.",
    "weigh/robustness": "Interval of rank and chance of the first place under each doubt.",
    "weigh/multiverse": "The motives weighed under each choice of who reads first and of how strong each kind is.",
    "weigh/coding_error": "Interval of the balance with the coders' measured error in it.",
    "weigh/relations": "Which hypotheses rival, go together or are parts of one another; each pair in both directions.",
    "weigh/shares": "Share of statements that take a hypothesis up, as coded and as corrected by a random sample.",
    "weigh/observations": "Status of each expected observation, and what looking for it would teach.",
    "weigh/matrix": "How each observation bears on each hypothesis that it is rated for.",
    "weigh/inconsistency": "How far each hypothesis is at odds with what the corpus shows.",
    "weigh/gaps": "Every gap of every hypothesis, in words.",
    "weigh/summary": "The facts that the report's prose names.",
}

# By column, or by "table.column" where one means something else there.
_MEANINGS = {
    "document_id": "the document",
    "path": "from the study's folder",
    "sha256": "of the file's bytes",
    "title": "as the config, the file beside it or the document tells it; else the file's name",
    "format": "by which it was read",
    "source_type": "as the config names it",
    "author": "where it is known",
    "documents.date": "when it was published",
    "utterances.date": "its own, where it has one",
    "url": "where it was published",
    "record": "its number in the file, where each record is a document",
    "text_sha256": "of `ingest/texts/<document_id>.txt`; empty where spans count the file itself",
    "characters": "of its text",
    "language": "code, such as en",
    "voice_id": "who prints it",
    "evidence.voice_id": "the independent voice: an echo has the voice of what it repeats",
    "ledger.voice_id": "the independent voice",
    "voices.voice_id": "`name:` and the name, or the document and a label",
    "voices.name": "as written, where it is known",
    "summary.name": "of the fact",
    "counts.name": "such as statements, voices",
    "is_post": "whether it stands in a post",
    "prints.documented": "whether it cites a checked source that documents what it says",
    "independent": "whether it cites one that is no party to the question",
    "names_subject": "whether it holds a word for what the question is about",
    "interest": "what the voice stands for",
    "utterance_id": "the utterance: document and place",
    "utterances.role": "only posts are weighed",
    "hypotheses.role": "only motives are ranked",
    "replies_to": "the names it addresses, as written",
    "parent_id": "the utterance that it answers, where the format tells",
    "start": "first code point",
    "end": "first code point after it",
    "utterances.echo_id": "the utterance that it repeats; its own where it repeats none",
    "echo_id": "the statement that it repeats; its own where it repeats none",
    "statement_id": "the statement: document and span",
    "text": "word for word",
    "place": "page, time or record; empty where the line tells",
    "reason": "in words",
    "shares.reason": "why there is no correction",
    "hypothesis_id": "the hypothesis, or `other_motive`",
    "stance": "raising adds no weight",
    "confidence": "of the coder",
    "codes.label": "what an `other_motive` is",
    "readings.label": "what an `other_motive` is",
    "quality.label": "the label measured",
    "coder": "who coded it, as the config names it",
    "multiverse.coder": "who reads first",
    "origin": "what the coder is",
    "kind": "kind of evidence",
    "hedged": "whether the speaker marks doubt",
    "gap": "whether it says that evidence is missing",
    "drawn": "the part of a coding sheet that it was drawn for",
    "observation_id": "the expected observation",
    "finding": "what the statement says of it",
    "decided_by": "whose reading was accepted, if anybody's was",
    "where": "file and line, from the study's folder",
    "what": "what is wrong with it",
    "codebook": "what to put into the file's column of that name, once it has been looked at",
    "reference": "names of the better readers",
    "reading": "whose reading was compared",
    "reference_origin": "what the better readers are",
    "axis": "what was compared, such as stance",
    "n": "units compared",
    "given": "units that the coder gave the label",
    "expected": "units that the reference gave it",
    "confusion.given": "the coder's label",
    "confusion.expected": "the reference's label",
    "sample": "how the units were drawn",
    "precision": "of what was given the label, the share that is right",
    "recall": "of what has the label, the share that was given it",
    "precision_low": "bootstrap interval",
    "precision_high": "bootstrap interval",
    "recall_low": "bootstrap interval",
    "recall_high": "bootstrap interval",
    "alpha": "Krippendorff's",
    "low": "interval",
    "high": "interval",
    "speaker_id": "the voice that printed it",
    "strength": "by its kind; less if hedged",
    "best_for": "largest strength among what supports it",
    "best_against": "largest strength among what opposes it",
    "takes_up": "supports or opposes it somewhere",
    "supports": "supports it somewhere",
    "opposes": "opposes it somewhere",
    "kind_for": "of the best supporting statement",
    "kind_against": "of the best opposing statement",
    "statements": "how many",
    "shares.statements": "of posts, echoes once, whatever they take up",
    "multiverse.statements": "that this coder decides",
    "rank": "of a motive; empty in a map",
    "said": "share of all independent voices that take it up",
    "voices_for": "a voice on both sides counts half on each",
    "voices_against": "a voice on both sides counts half on each",
    "balance": "share of support among the voices that take it up",
    "balance_low": "interval",
    "balance_high": "interval",
    "shown": "evidence for it less evidence against it; the rank goes by it",
    "better_shown": "the part of `shown` from kinds better than reasoning",
    "mentions": "statements that support or oppose it, as printed",
    "speakers": "voices as printed, before echoes are joined",
    "voices": "independent voices that take it up",
    "mentions_place": "its place by this count; equals share the better",
    "speakers_place": "its place by this count; equals share the better",
    "voices_place": "its place by this count; equals share the better",
    "documented": "whether a checked source documents what supports it",
    "certainty": "that it is a reason, as far as the corpus shows",
    "reasons": "of the certainty, one step a line",
    "shown_for": "strength for it",
    "shown_against": "strength against it",
    "doubt": "what is doubted; `all` puts voices, strengths and coding at once",
    "rank_low": "best rank",
    "rank_high": "worst rank",
    "p_first": "how often it comes first",
    "strengths": "name of the strengths chosen",
    "other_id": "the other hypothesis",
    "relation": "of the first to the other",
    "coded": "share, as coded",
    "read": "by people, of those drawn at random",
    "differences": "of those read, how many people and the prediction differ on",
    "corrected": "share, corrected",
    "enough": "whether there is a correction",
    "status": "what the corpus says of it",
    "information": "bits, at the stated prior; the largest over its hypotheses",
    "information_low": "least over the priors it is varied over",
    "information_high": "most over the priors it is varied over",
    "effort": "1 an afternoon, 2 weeks, 3 months",
    "worth": "bits for the effort; empty where it is settled",
    "tier": "1 to 3 by worth; empty where it is settled",
    "tier_best": "over the priors it is varied over",
    "tier_worst": "over the priors it is varied over",
    "diagnosticity": "spread of its ratings; empty below two",
    "rating": "from very consistent (CC) to very inconsistent (II)",
    "p_seen_if_true": "as the codebook says",
    "p_seen_if_false": "as the codebook says",
    "decibans": "10 log10 (p_seen_if_true / p_seen_if_false)",
    "inconsistency": "summed over observations that the corpus shows",
    "observed": "rated observations that the corpus shows",
    "rated": "rated observations",
    "gap_id": "the gap",
    "gap_kind": "of eight",
    "detail": "in words",
    "value": "as text",
}
_TYPES = {"float64": "number", "int64": "whole number", "Int64": "whole number", "bool": "true or false"}


def page() -> str:
    """Give the page as Markdown."""
    lines, stage = [_HEAD], ""
    for name, table in TABLES.items():
        if name.partition("/")[0] != stage:
            stage = name.partition("/")[0]
            lines.append(f"## {stage}\n")
        lines += [f"### `{name}`\n", f"{_HOLDS[name]} Key: {', '.join(f'`{key}`' for key in table.key)}.\n"]
        lines += ["| column | holds | meaning |", "|---|---|---|"]
        lines += [
            f"| `{column}` | {_type(schema)} | {_meaning(table, column)} |" for column, schema in table.columns.items()
        ]
        lines.append("")
    return "\n".join(lines)


def _type(schema: Any) -> str:
    choices = next((check.statistics["allowed_values"] for check in schema.checks if check.name == "isin"), None)
    words = ", ".join(f"`{choice}`" for choice in choices) if choices else _TYPES.get(str(schema.dtype), "text")
    return f"{words}; may be empty" if schema.nullable else words


def _meaning(table: Table, column: str) -> str:
    own = f"{table.name.partition('/')[2]}.{column}"
    return _MEANINGS[own] if own in _MEANINGS else _MEANINGS[column]


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
