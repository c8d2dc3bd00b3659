"""The method as one would write it in a notebook, straight on: `ratios/end_to_end.py` measures the library beside it.

    python benchmarks/notebook.py FOLDER

FOLDER holds a corpus of `million.py`, whose layouts it knows; those alone. It checks nothing, knows few exceptions,
keeps no tables on the way and finds no echoes but those that begin alike. Prints the hypotheses with their voices.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from pathlib import Path

import pandas as pd
import sentencex
import yaml
from rapidfuzz import fuzz

LEXICON = Path(__file__).resolve().parents[1] / "workflow" / "steelyard" / "annotate" / "lexicon"
STRENGTH = {"none": 0, "assertion": 0.1, "reasoning": 0.2, "observation": 0.35, "attributed": 0.45, "cited": 0.45}
STRENGTH |= {"testimony": 0.5, "statistic": 0.6}
KINDS = {"statistic": "figures", "cited": "references", "testimony": "experiences", "attributed": "attributions"}
KINDS |= {"observation": "events", "reasoning": "reasons"}


# Files: posts with their voice.


def posts_of(path: Path) -> list[dict]:
    """Read a file's posts; nobody's name means a voice for each post, or for the whole page."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        records = map(json.loads, text.splitlines())
        return [{"name": record["author"], "date": record["date"], "text": record["text"]} for record in records]
    if comments := re.findall(r"^Comment by (.+)\n.+ ago\n(.*)\nReply$", text, re.MULTILINE):
        return [{"name": name, "text": said} for name, said in comments]
    if turns := re.findall(r"^\*\*(.+)\*\* \(\d+:\d+\):\n(.*)$", text, re.MULTILINE):
        who = "voice" if len(turns[0][0]) == 1 else "name"
        return [{who: f"{path.name} {name}" if who == "voice" else name, "text": said} for name, said in turns]
    blocks = text.strip().split("\n\n")
    if "\nMost Activity\n" in text:
        blocks[0] = blocks[0].partition("Most Activity\n")[2]
        said = [re.sub(r"^@\S+ ", "", block) for block in blocks]
        return [{"voice": f"{path.name} {number}", "text": one} for number, one in enumerate(said)]
    author = re.search(r"\nBy (.+)$", blocks[0])
    who = {"name": author[1]} if author else {"voice": path.name}
    return [{**who, "text": " ".join(block.split("\n"))} for block in blocks[1:]]


def read_posts(folder: Path) -> pd.DataFrame:
    """Read all files, copies of one another once."""
    rows, seen = [], set()
    for path in sorted(folder.glob("corpus/*/*.*")):
        if (content := path.read_bytes()) not in seen:
            seen.add(content)
            rows += [{"document": path.name, **post} for post in posts_of(path)]
    posts = pd.DataFrame(rows, columns=["document", "name", "voice", "date", "text"])
    return posts.assign(voice=posts["voice"].where(posts["name"].isna(), posts["name"]))


# Statements.


def statements_of(posts: pd.DataFrame) -> pd.DataFrame:
    """Cut posts into sentences."""
    posts = posts.assign(language=posts["text"].str.contains("[一-鿿]").map({True: "zh", False: "en"}))
    sentences = [
        [said for one in sentencex.segment(language, text) if (said := one.strip())]
        for language, text in zip(posts["language"], posts["text"], strict=True)
    ]
    return posts.rename(columns={"text": "post"}).assign(text=sentences).explode("text", ignore_index=True)


def words(text: str) -> tuple[str, ...]:
    """Give a text's words."""
    return tuple(re.findall(r"[一-鿿]|[^\W一-鿿]+", text.lower()))


def originals(texts: pd.Series, at_least: int = 8, alike: float = 90) -> list[int]:
    """Give the row of what each text repeats: the same words by a dict; of those that begin alike, pair by pair."""
    said = [words(text) for text in texts]
    first: dict[tuple, int] = {}
    beginnings = defaultdict(list)
    found = []
    for row, own in enumerate(said):
        original = row if len(own) < at_least else first.setdefault(own, row)
        if original == row and len(own) >= at_least:
            others = beginnings[own[:3]]
            original = next((other for other in others if fuzz.ratio(own, said[other]) >= alike), row)
            if original == row:
                others.append(row)
        found.append(original)
    return found


# Codes.


def pattern_of(cues: dict, spaced: bool) -> re.Pattern | None:
    """Make one pattern of phrases and patterns."""
    phrases = [re.escape(phrase.rstrip("*")) + r"\w*" * phrase.endswith("*") for phrase in cues.get("phrases", [])]
    parts = [rf"\b{phrase}\b" if spaced else phrase for phrase in phrases]
    parts += [pattern.replace(r"\PL", r"\W").replace(r"\p{Han}", "一-鿿") for pattern in cues.get("patterns", [])]
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def coder_of(language: str, codebook: dict):
    """Give a function that finds in a text hypotheses with stances, the kind of evidence, and whether it is hedged."""
    lexicon = yaml.safe_load((LEXICON / f"{language}.yaml").read_text(encoding="utf-8"))
    spaced = lexicon["spaced"]
    markers = {name: pattern_of(part, spaced) for name, part in lexicon.items() if isinstance(part, dict)}
    voids = {name: pattern_of(lexicon[name].get("unless", {}), spaced) for name in markers}
    cues = {one["id"]: pattern_of(one["cues"][language], spaced) for one in codebook["hypotheses"]}

    def marks(name: str, text: str) -> list[int]:
        held = voids[name].sub(lambda match: "\0" * len(match[0]), text) if voids[name] else text
        return [match.start() for match in markers[name].finditer(held)]

    def stance(place: int, text: str) -> str:
        if marks("questions", text) and not marks("rhetorical", text):
            return "raises"
        if any(place < denial for denial in marks("denials", text)):
            return "opposes"
        ends = marks("breaks", text) + marks("contrasts", text)
        reported, denied = ([at for at in marks(name, text) if at < place] for name in ("reports", "negations"))
        denied = [at for at in denied if not any(at < end < place for end in ends)]
        return (
            "raises" if reported and not (denied and denied[0] < reported[0]) else "opposes" if denied else "supports"
        )

    def code(text: str) -> tuple[dict[str, str], str, bool]:
        found = {name: [match.start() for match in pattern.finditer(text)] for name, pattern in cues.items()}
        stances = {name: {stance(place, text) for place in places} for name, places in found.items() if places}
        order = ("supports", "opposes", "raises")
        said = {name: next(one for one in order if one in each) for name, each in stances.items()}
        if not said:
            return {}, "none", False
        kind = next((kind for kind, name in KINDS.items() if marks(name, text)), "assertion")
        return said, kind, bool(marks("hedges", text))

    return code


def evidence_of(statements: pd.DataFrame, codebook: dict) -> pd.DataFrame:
    """Code statements, and take what repeats another for its voice's."""
    coders = {language: coder_of(language, codebook) for language in statements["language"].unique()}
    rows = []
    for row in statements.itertuples():
        said, kind, hedged = coders[row.language](row.text)
        strength = STRENGTH[kind] * (0.5 if hedged else 1)
        rows += [(row.Index, name, stance, strength) for name, stance in said.items()]
    evidence = pd.DataFrame(rows, columns=["statement", "hypothesis", "stance", "strength"])
    # Names come first, then dates: whoever is known is not an echo of somebody who is not.
    order = statements.assign(none=statements["name"].isna(), undated=statements["date"].isna())
    order = order.sort_values(["none", "undated", "date", "name"], key=lambda column: column.fillna("")).index
    original = dict(zip(order, order[originals(statements.loc[order, "text"])], strict=True))
    return evidence.assign(voice=statements["voice"].loc[evidence["statement"].map(original)].to_numpy())


# Weights.


def hypotheses_of(evidence: pd.DataFrame, codebook: dict) -> pd.DataFrame:
    """Count voices for and against each hypothesis (one on both sides half on each), and what they show."""
    best = evidence.pivot_table(index=["hypothesis", "voice"], columns="stance", values="strength", aggfunc="max")
    best = best.reindex(columns=["supports", "opposes"]).dropna(how="all")
    sides = best.notna()
    share = sides.div(sides.sum(axis=1), axis=0).groupby("hypothesis").sum()
    shown = (best["supports"].fillna(0) - best["opposes"].fillna(0)).groupby("hypothesis").sum()
    table = pd.DataFrame({"voices_for": share["supports"], "voices_against": share["opposes"], "shown": shown})
    return table.reindex([one["id"] for one in codebook["hypotheses"]], fill_value=0.0).rename_axis("hypothesis_id")


def main(folder: Path) -> pd.DataFrame:
    """From files to weights."""
    codebook = yaml.safe_load((folder / "codebook.yaml").read_text(encoding="utf-8"))
    statements = statements_of(read_posts(folder))
    return hypotheses_of(evidence_of(statements, codebook), codebook)


if __name__ == "__main__":
    print(main(Path(sys.argv[1])).to_csv())
