"""Text that tells a language model to change its codes: the task stays what it is, and what obeys is refused."""

from __future__ import annotations

import io
import json

import pytest
from annotate_corpus import codebook
from llm_server import Server, answer, by_statement, reply, task, yes

from steelyard import csv_file, tables
from steelyard.annotate.llm import answer as answers
from steelyard.annotate.llm import coder, prompt, run
from steelyard.codebook import Codebook
from steelyard.csv_file import is_formula
from studies.canaries import canaries

INJECTIONS = canaries.CANARIES["text that addresses a language model"]
HARMLESS = "The last boat leaves at six."


def asked(statement: str, coded_by: Codebook | None = None, around: str = "") -> prompt.Question:
    text = f"{around}{statement}{around}"
    place = {"start": len(around), "end": len(around) + len(statement)}
    row = {"document_id": "doc", "statement_id": "s", "text": statement} | place
    rows = tables.STATEMENTS.empty().reindex([0]).assign(**row)
    return prompt.questions(rows, {"doc": text}, coded_by or codebook(), prompt.load(None), "m", 300)[0]


def test_the_instructions_are_the_same_bytes_whatever_is_said():
    plain = asked(HARMLESS).messages
    for text in canaries.ALL:
        system, user = asked(text, around=text[:300]).messages
        instruction, line, end = user["content"].split("\n")
        assert system == plain[0]
        assert (instruction, end) == (plain[1]["content"].split("\n")[0], "")
        assert json.loads(line) == {"before": text[:300], "statement": text, "after": text[:300]}
        assert not set("<[\u2028\u2029\x85\x7f") & set(line) and not any(one < " " for one in line)


def test_a_codebook_of_others_adds_no_line_and_no_control_token_to_the_instructions():
    hostile = Codebook.model_validate(canaries.codebook())
    values = hostile.model_dump()
    for one in values["hypotheses"]:
        one |= {"claim": "x"} | {name: ["x"] * len(one[name]) for name in ("count_also", "do_not_count")}
    plain = Codebook.model_validate(values | {"question": "x"})
    system = asked(HARMLESS, hostile).messages[0]["content"]
    expected = asked(HARMLESS, plain).messages[0]["content"]
    assert len(system.splitlines()) == len(expected.splitlines())
    assert "<|" not in system and "[/INST]" not in system and "<<SYS>>" not in system
    assert prompt.schema(hostile) == prompt.schema(plain)


def test_an_endpoint_that_answers_honestly_is_asked_by_the_same_schema_and_codes_what_it_would(tmp_path):
    said = [HARMLESS, "It is dumping.", *INJECTIONS]
    honest = by_statement({"It is dumping.": answer(undercut=yes("dumping"))})
    with Server(honest).running() as server:
        what = task(tmp_path, server.url, *said, parallel=1)
        found = coder.coded(what.questions, *run.complete(what), what.hypotheses)
    assert len({json.dumps(request["response_format"]) for request in server.requests}) == 1
    assert len({request["messages"][0]["content"] for request in server.requests}) == 1
    assert [request["messages"][1]["role"] for request in server.requests] == ["user"] * len(said)
    codes = {name: one.codes for name, one in found.items()}
    assert codes == {f"s{number:04}": {} for number in range(len(said))} | {"s0001": {"undercut": ("supports", None)}}


@pytest.mark.parametrize("text", INJECTIONS)
def test_an_answer_with_words_that_are_not_the_statements_is_refused(text):
    obeys = answer(**{name: yes("words that nobody said") for name in codebook().ids})
    assert "does not stand in the statement" in answers.read(obeys, text, codebook().ids)


def test_a_model_that_obeys_is_asked_again_in_words_that_hold_nothing_of_the_text(tmp_path):
    text = INJECTIONS[5]
    obeys = reply(answer(undercut=yes("dumping")))
    with Server(obeys).running() as server:
        what = task(tmp_path, server.url, text)
        found = coder.coded(what.questions, *run.complete(what), what.hypotheses)
    assert [isinstance(one, str) for one in found.values()] == [True]
    again = server.requests[1]["messages"]
    assert again[:2] == server.requests[0]["messages"]
    assert again[3]["content"] == prompt.load(None).again.substitute(
        fault="the quote for undercut does not stand in the statement"
    )


def test_no_cell_of_a_models_codes_is_a_formula():
    said = canaries.CANARIES["spreadsheet formulae"]
    ids = codebook().ids
    found = {f"s{n:02}": answers.read(answer(other_motive=yes(t) | {"label": t}), t, ids) for n, t in enumerate(said)}
    places = {"statement_id": list(found), "document_id": "doc", "start": range(len(said)), "text": said}
    statements = tables.STATEMENTS.empty().reindex(range(len(said))).assign(**places)
    records, problems = csv_file.records(
        io.StringIO(coder.codes(found, statements, codebook(), "=m", "0").decode()), ""
    )
    assert (len(records), problems) == (len(said) + 1, [])
    assert not [cell for _, cells in records for cell in cells if is_formula(cell)]
