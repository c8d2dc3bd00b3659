"""Section 7: every coded statement in one table, the target of every figure's link; and the same table as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from steelyard import csv_file, tables
from steelyard.engine import Engine
from steelyard.render import markdown as md
from steelyard.render.coded import NEEDED
from steelyard.render.coded import coded as in_order
from steelyard.render.escape import attribute, entities
from steelyard.render.places import Places
from steelyard.render.run import Run, called, optional, require_unchanged
from steelyard.render.totals import Totals
from steelyard.vocabulary import OTHER_MOTIVE

Link = Callable[[str, str], str]  # from text and the id that it leads to

COLUMNS = (
    "hypothesis_id",
    "hypothesis",
    "stance",
    "statement",
    "language",
    "speaker",
    "voice_id",
    "independent_voice",
    "document_id",
    "document",
    "place",
    "kind",
    "hedged",
    "weighed",
    "strength",
    "coder",
    "origin",
    "statement_id",
)
_ALL = [*COLUMNS, "start", "reason", "speaker_id", "echo_id", "best"]
_COLUMNS = {"Hypothesis": 16, "Stance": 10, "Statement": 44, "Kind": 12, "Strength": 8, "Coder": 10}  # widths, in print
_CAPTION = "Coded statements, by hypothesis and stance, the strongest first"
PRINTED_ROWS = 1_000  # eighty pages
# Why a code carries no weight, by the role of the utterance; a post's only if somebody better read what it repeats.
_UNWEIGHED = {"post": "repeat", "headline": "headline", "summary": "summary", "furniture": "furniture"}
_PEOPLE = """
    create or replace temp table people as
    select voice_id, any_value(name) as name, coalesce(arg_min(role, utterance_id), 'post') as role
    from voices left join utterances using (voice_id) group by voice_id
"""
_YES_OR_NO = {True: "yes", False: "no"}


def evidence(run: Run) -> str:
    """Compose the table of coded statements, or of the strongest ones where there are more than there is room for.

    The page has it as HTML and paper as a pipe table: pandoc takes minutes to read a pipe table of ten thousand rows.
    """
    rows = coded(run)
    if rows.empty:
        return "No statement was coded for a hypothesis.\n"
    page, paper = shown(run, rows)
    number = run.totals.codes
    extents = [_when("html", _extent(run, len(page), number)), _when("typst", _extent(run, len(paper), number))]
    if len(page) == len(paper):
        extents = [_extent(run, len(page), number)]
    tables_ = [_when("html", _html_table(run, page)), _when("typst", _pipe_table(run, paper))]
    return md.join([*extents, f"::: {{#tbl-evidence}}\n{md.join(tables_)}\n{_CAPTION}\n:::"])


def _extent(run: Run, shown_rows: int, all_rows: int) -> str:
    file = f"[evidence.csv]{{.evidence-file data-study={run.study.study} data-rows={all_rows}}}"
    if shown_rows == all_rows:
        return f"The table is also the file {file}, beside this report."
    return (
        f"Shown are the strongest {_thousands(shown_rows)} of {_thousands(all_rows)} rows, as many of each hypothesis "
        f"as there is room for; the whole is in the file {file}, beside this report."
    )


def _when(output: str, content: str) -> str:
    return f'::: {{.content-visible when-format="{output}"}}\n{content}\n:::'


def _html_table(run: Run, rows: pd.DataFrame) -> str:
    """Write the table as HTML, which Quarto is told to leave as it is."""
    head = "".join(f"<th>{name}</th>" for name in _COLUMNS)
    body = "\n".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in _cells(run, rows, _anchor))
    opening = '<table class="caption-top table" data-quarto-disable-processing="true">'
    table = f"{opening}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
    return f"```{{=html}}\n{table}\n```"


def _pipe_table(run: Run, rows: pd.DataFrame) -> str:
    rule = [f"{'-' * width}:" if name == "Strength" else f":{'-' * width}" for name, width in _COLUMNS.items()]
    return "\n".join(f"| {' | '.join(line)} |" for line in [list(_COLUMNS), rule, *_cells(run, rows, _link)])


def _anchor(text: str, target: str) -> str:
    return f'<a href="#{target}">{text}</a>'


def _link(text: str, target: str) -> str:
    return f"[{text}](#{target})"


def shown(run: Run, rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the rows that the page carries, and those that paper does."""
    room = run.study.report.evidence_rows
    return strongest(rows, room), strongest(rows, min(room, PRINTED_ROWS))


def coded(run: Run) -> pd.DataFrame:
    """Give every accepted code with its statement, as the table lists them; of a selection those that are shown.

    Returns:
        One row a code: `COLUMNS`, with `start`, `reason` (why it is not weighed, else empty), `speaker_id` (the voice
        that printed it), `echo_id` (the statement that it repeats, or its own id) and `best` (whether its independent
        voice says nothing stronger on this side of the hypothesis). Codes that are not weighed, such
        as those of headlines, have no strength. Sorted by hypothesis as the report lists them, stance, strength, then
        as they stand in the sources.
    """
    places = [(name, passage.place) for name, passage in run.passages.items()]
    people = [(voice, name, None) for voice, name in run.speakers.items()]
    shown = Totals(run.frames)
    connection = shown.engine(*NEEDED)
    connection.register("places", pd.DataFrame(places, columns=["statement_id", "place"], dtype="str"))
    connection.register("people", pd.DataFrame(people, columns=["voice_id", "name", "role"], dtype="str"))
    parts = [_named(run, part) for part in in_order(connection, *_listed(run))]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=_ALL)


def _listed(run: Run) -> tuple[list[str], list[str]]:
    """Give hypotheses and documents in their order."""
    return [*run.everything, OTHER_MOTIVE], [row.document_id for row in run.documents]


def _named(run: Run, rows: pd.DataFrame) -> pd.DataFrame:
    """Give rows of codes what the report calls things: hypotheses, documents, voices."""
    titles = dict(zip(run[tables.DOCUMENTS].document_id, run[tables.DOCUMENTS].title, strict=True))
    return rows.assign(
        reason=rows.role.map(_UNWEIGHED).fillna(""),
        hypothesis=rows.hypothesis_id.map(run.name),
        document=rows.document_id.map(titles),
        speaker=list(map(called, rows.speaker_id, rows.printed_name, rows.printed_role)),
        independent_voice=list(map(called, rows.voice_id, rows.behind_name, rows.behind_role)),
    )[_ALL]


def strongest(rows: pd.DataFrame, limit: int) -> pd.DataFrame:
    """Give the rows that a page carries: all, or as many of each hypothesis as there is room for, the strongest first.

    The first row of each hypothesis and stance is always there: links lead to it.

    Args:
        rows: as `coded` gives them.
        limit: how many rows there is room for.
    """
    if len(rows) <= limit:
        return rows
    first = ~rows.duplicated(["hypothesis_id", "stance"])
    best_first = rows.assign(later=~first).sort_values(["later", "strength"], ascending=[True, False], kind="stable")
    # One row of each hypothesis after another; those that links lead to come before all.
    turn = best_first.groupby("hypothesis_id").cumcount().sort_index().where(~first, -1)
    kept = turn.sort_values(kind="stable").index[: max(limit, int(first.sum()))]
    return rows[rows.index.isin(kept)].reset_index(drop=True)


def as_csv(run: Run, texts: Iterable[Mapping[str, str]]) -> Iterator[bytes]:
    """Give the whole table as CSV, the file that the page exports where nothing is filtered, part by part.

    A cell that a spreadsheet would take for a formula has an apostrophe before it.

    Args:
        run: the run.
        texts: the documents' texts by document_id, some documents at a time.

    Raises:
        SteelyardError: a statement is not the exact text of its span.
    """
    yield b"\xef\xbb\xbf" + csv_file.written(COLUMNS, [])
    connection = run.totals.engine(*NEEDED, tables.VOICES)
    connection.execute("create or replace temp table places (statement_id varchar, place varchar)")
    connection.execute(_PEOPLE)
    for part in texts:
        _place(connection, run, part)
    for rows in in_order(connection, *_listed(run)):
        yield csv_file.written(COLUMNS, _texts(_named(run, rows)), header=False)


def _place(connection: Engine, run: Run, texts: Mapping[str, str]) -> None:
    """Add where the coded statements of some documents stand to the engine's table `places`."""
    chosen = pd.DataFrame({"document_id": pd.Series(list(texts), dtype="str")})
    query = """select statement_id, document_id, start, "end", "text", place,
        statement_id in (select statement_id from codes) as coded
        from statements semi join chosen using (document_id) order by document_id, start"""
    rows = connection.register("chosen", chosen).sql(query).df()
    require_unchanged(rows, texts, run[tables.DOCUMENTS])
    found = []
    for name, part in rows.groupby("document_id"):
        places = Places(texts[str(name)], list(part.start))
        found += [
            (row.statement_id, places.of(row.start, optional(row, "place"))) for row in tables.records(part[part.coded])
        ]
    connection.register("found", pd.DataFrame(found, columns=["statement_id", "place"], dtype="str"))
    connection.execute("insert into places from found")


def _texts(rows: pd.DataFrame) -> Iterator[dict[str, str]]:
    """Give each row's cells as texts."""
    texts = rows.assign(
        hedged=rows.hedged.map(_YES_OR_NO),
        weighed=rows.weighed.map(_YES_OR_NO),
        strength=[_exact(value) for value in rows.strength],
        kind=rows.kind.fillna(""),
    )
    cells = texts[list(COLUMNS)].astype(str).to_numpy()
    return (dict(zip(COLUMNS, row, strict=True)) for row in cells)


def _exact(strength: float) -> str:
    """Give a strength as it is, without the noise of its last binary places; empty where there is none."""
    return "" if pd.isna(strength) else f"{strength:.6g}"


def _cells(run: Run, rows: pd.DataFrame, link: Link) -> list[list[str]]:
    """Give each row's cells in marks that HTML and Markdown share, but for the links."""
    firsts = zip(
        ~rows.duplicated("hypothesis_id"),
        ~rows.duplicated(["hypothesis_id", "stance"]),
        ~rows.duplicated("statement_id"),
        strict=True,
    )
    return [
        [
            _hypothesis(run, row, link, first_of_hypothesis, first_of_stance),
            _span(row.stance, "stance", run.evidence_anchor(row.hypothesis_id, row.stance) if first_of_stance else ""),
            f"{_quote(run, row, link, first_of_statement)} {_who(run, row, link)}",
            _kind(row),
            _span(md.decimal(row.strength), "strength", value=_exact(row.strength), best=_YES_OR_NO[row.best]),
            f"{_span(entities(row.coder), 'coder')} {_span(row.origin.replace('_', ' '), 'origin', origin=row.origin)}",
        ]
        for row, (first_of_hypothesis, first_of_stance, first_of_statement) in zip(
            tables.records(rows), firsts, strict=True
        )
    ]


def _hypothesis(run: Run, row: Any, link: Link, first_of_hypothesis: bool, first_of_stance: bool) -> str:
    name = md.name(row.hypothesis)
    if first_of_stance and row.hypothesis_id in run.hypotheses:
        name = link(name, run.section_id(row.hypothesis_id))
    anchor = run.evidence_anchor(row.hypothesis_id) if first_of_hypothesis else ""
    return _span(name, "hypothesis", anchor, hypothesis=row.hypothesis_id)


def _quote(run: Run, row: Any, link: Link, first_of_statement: bool) -> str:
    words = md.spoken(row.statement, row.language)
    anchor = run.anchor(row.document_id, row.start)
    return _span(link(words, anchor), "quote", row_id(anchor) if first_of_statement else "", statement=row.statement_id)


def _kind(row: Any) -> str:
    kind = [] if pd.isna(row.kind) else [_span(str(row.kind), "kind")]
    kind += [_span("hedged", "hedged")] if row.hedged else []
    kind += [] if row.weighed else [_span(f"{row.reason}, not weighed", "unweighed")]
    return ", ".join(kind)


def row_id(anchor: str) -> str:
    """Give the id of the first row of a statement, by the id of its passage."""
    return f"row-{anchor}"


def _who(run: Run, row: Any, link: Link) -> str:
    """Say who printed a statement and where; and whom it repeats, if the independent voice is another."""
    parts = [_span(md.name(row.speaker), "voice", voice=row.voice_id, speaker=row.speaker_id)]
    if row.voice_id != row.speaker_id:
        original = _span(md.name(row.independent_voice), "original")
        itself = row.echo_id == row.statement_id
        parts.append(
            _span(f"a repeat of {original if itself else link(original, run.passages[row.echo_id].anchor)}", "repeat")
        )
    parts += [_span(md.name(row.document), "source", source=row.document_id), _span(entities(row.place), "place")]
    return _span(f"&#8212; {', '.join(parts)}", "who")


def _span(text: str, name: str, identifier: str = "", **values: str) -> str:
    marks = [f'id="{identifier}"'] if identifier else []
    # Without colons nothing in the raw HTML looks like an address that runs something.
    keys = {key: attribute(value).replace(":", "&#58;") for key, value in values.items()}
    marks += [f'class="{name}"', *(f'data-{key}="{value}"' for key, value in keys.items())]
    return f"<span {' '.join(marks)}>{text}</span>"


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")
