"""Asking an endpoint: faults, limits, and answers that are kept."""

from __future__ import annotations

import json
import socket
import threading

import pytest
from annotate_corpus import codebook
from llm_server import SAID, Server, answer, by_statement, cut, late, raw, reply, task, yes

from steelyard.annotate.llm import coder, kept, run
from steelyard.errors import SteelyardError

GOOD = reply(answer())


@pytest.fixture(autouse=True)
def _hurry(monkeypatch):
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.01)


def outcome(what: run.Task) -> coder.Coded:
    return coder.coded(what.questions, *run.complete(what), what.hypotheses)


def reasons(found: coder.Coded) -> list[str]:
    return [said for said in found.values() if isinstance(said, str)]


FAULTS = {
    "busy": raw(429, "{}", Retry_After="0.05"),
    "failing": raw(500, "{}"),
    "cut": cut,
    "slow": late(0.5, GOOD),
    "a page": raw(200, "<html>Welcome</html>", Content_Type="text/html"),
    "no choices": raw(200, '{"choices": []}'),
    "garbage": reply("Sure! Here are the codes: {"),
    "another schema": reply('{"hypotheses": {}, "verdict": "undercut"}'),
    "no such hypothesis": reply(answer().replace('"chips"', '"chops"')),
    "a number for yes": reply(answer(undercut=yes("dumping") | {"asserts": 0.9})),
    "both": reply(answer(undercut=yes("dumping", denies=True))),
    "no such quote": reply(answer(undercut=yes("dumped"))),
    "empty quote": reply(answer(hedged=" ")),
    "no label": reply(answer(other_motive=yes("dumping") | {"label": " "})),
    "refusal": reply(None, refusal="I can't help with that."),
    "filtered": reply(None, end="content_filter"),
    "too long": reply('{"hypotheses": {"undercut', end="length"),
    "nothing": reply(None),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_after_a_fault_it_is_asked_again(fault, tmp_path):
    with Server(FAULTS[fault], GOOD).running() as server:
        found = outcome(task(tmp_path, server.url, SAID[0], seconds=0.25))
    assert reasons(found) == [] and len(found) == 1
    assert len(server.requests) == 2


@pytest.mark.parametrize("fault", FAULTS)
def test_after_every_try_it_is_left_uncoded_and_listed(fault, tmp_path, capsys):
    with Server(FAULTS[fault]).running() as server:
        found = outcome(task(tmp_path, server.url, SAID[0], seconds=0.25))
    [reason] = reasons(found)
    listed = coder.unanswered(found, "model")
    assert listed.to_dict("records") == [{"coder": "model", "statement_id": "s0000", "reason": reason}]
    assert coder.readings(found, "model").traits.empty
    assert len(server.requests) == 2


def test_what_is_wrong_is_told_to_the_model_in_our_words_only(tmp_path):
    with Server(FAULTS["no such quote"], GOOD).running() as server:
        outcome(task(tmp_path, server.url, SAID[0]))
    first, second = (request["messages"] for request in server.requests)
    assert second[:2] == first and [message["role"] for message in second[2:]] == ["assistant", "user"]
    assert "the quote for undercut does not stand in the statement" in second[3]["content"]


def test_the_schema_is_sent_in_the_other_form_where_the_first_is_refused(tmp_path):
    refused = raw(500, '{"error": {"message": "response_format: Input should be json_object"}}')
    for refusal, times in ((raw(422, "{}"), 1), (refused, 2)):
        folder = tmp_path / str(times)
        folder.mkdir()
        with Server(*[refusal] * times, GOOD).running() as server:
            assert reasons(outcome(task(folder, server.url))) == []
        forms = [request["response_format"]["type"] for request in server.requests]
        assert forms == ["json_schema"] * times + ["json_object"] * 4
        schemas = [
            form.get("schema") or form["json_schema"]["schema"]
            for form in (request["response_format"] for request in server.requests)
        ]
        assert all(schema == schemas[0] for schema in schemas)


@pytest.mark.parametrize(("status", "words"), [(401, "API key"), (404, "model"), (403, "access")])
def test_where_there_is_no_hope_it_is_asked_once(status, words, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("MY_KEY", "sk-secret")
    with Server(raw(status, '{"error": {"message": "not sk-secret, for sure"}}')).running() as server:
        found = outcome(task(tmp_path, server.url, key_variable="MY_KEY"))
    said = capsys.readouterr().err
    assert len(server.requests) == 1 and server.keys == ["Bearer sk-secret"]
    assert len(reasons(found)) == 4 and all(words in reason for reason in reasons(found))
    assert said.count("Warning:") == 1 and words in said and "Hint:" in said and server.url in said
    assert "sk-secret" not in said and not (tmp_path / "answers.jsonl").exists()


def test_an_endpoint_that_is_down_is_told_at_once(tmp_path, capsys):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    found = outcome(task(tmp_path, url))
    assert reasons(found) == ["the endpoint cannot be reached"] * 4
    assert capsys.readouterr().err.count("Warning:") == 1


def test_three_failures_in_a_row_end_it_and_what_came_before_counts(tmp_path):
    with Server(GOOD, raw(500, "{}")).running() as server:
        found = outcome(task(tmp_path, server.url, *(f"Statement {n}." for n in range(20)), parallel=1))
    assert len(server.requests) == 1 + 3 * 2
    assert len(reasons(found)) == 19


def test_without_its_key_nothing_is_asked(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("MY_KEY", raising=False)
    with Server(GOOD).running() as server:
        found = outcome(task(tmp_path, server.url, key_variable="MY_KEY"))
    assert reasons(found) == ["there is no API key"] * 4 and not server.requests
    assert "Set the environment variable MY_KEY" in capsys.readouterr().err


def test_no_more_are_asked_at_once_than_allowed(tmp_path):
    said = [f"Statement {number}." for number in range(13)]
    with Server(late(0.05, GOOD)).running() as server:
        outcome(task(tmp_path, server.url, *said, parallel=3))
    assert len(server.requests) == 13 and server.most_at_once == 3


def test_a_rerun_asks_nothing_and_needs_no_key(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MY_KEY", "k")
    script = by_statement({SAID[0]: answer(undercut=yes("dumping"))})
    with Server(script).running() as server:
        what = task(tmp_path, server.url, key_variable="MY_KEY")
        first = outcome(what)
    monkeypatch.delenv("MY_KEY")
    before = what.path.read_bytes()
    assert outcome(what) == first and what.path.read_bytes() == before
    assert len(server.requests) == 4
    assert "nothing is to be asked" in capsys.readouterr().err


def test_answers_that_cannot_be_used_are_kept_too(tmp_path):
    with Server(FAULTS["garbage"]).running() as server:
        what = task(tmp_path, server.url)
        first = outcome(what)
        assert len(reasons(first)) == 4
        asked = len(server.requests)
        assert outcome(what) == first and len(server.requests) == asked


def test_only_what_changed_is_asked_again(tmp_path):
    with Server(GOOD).running() as server:
        outcome(task(tmp_path, server.url, context=0))
        outcome(task(tmp_path, server.url, *SAID[:3], "And one more.", context=0))
        assert len(server.requests) == 5
        outcome(task(tmp_path, server.url, context=0, model="another"))
        assert len(server.requests) == 9
    assert len(kept.read(tmp_path / "answers.jsonl")) == 9


def test_statements_alike_in_text_and_context_are_asked_about_once(tmp_path):
    with Server(GOOD).running() as server:
        found = outcome(task(tmp_path, server.url, "Altruism.", "Altruism.", context=0))
    assert len(server.requests) == 1 and len(found) == 2


def test_the_order_of_arrival_does_not_show(tmp_path):
    kept_bytes = []
    for order in range(2):
        folder = tmp_path / str(order)
        folder.mkdir()
        script = [GOOD, *(late(0.1 * (n % 2 == order), GOOD) for n in range(3)), GOOD]
        with Server(*script).running() as server:
            outcome(task(folder, server.url, parallel=3))
        kept_bytes.append((folder / "answers.jsonl").read_bytes())
    assert kept_bytes[0] == kept_bytes[1] and len(kept_bytes[0].splitlines()) == 4


def test_a_run_that_is_killed_keeps_what_came(tmp_path, monkeypatch):
    arrived = []

    def killed(path, given):
        if len(arrived) == 2:
            raise KeyboardInterrupt
        arrived.append(given)
        add(path, given)

    add = kept.add
    with Server(GOOD).running() as server:
        what = task(tmp_path, server.url, parallel=1)
        with monkeypatch.context() as patch:
            patch.setattr(kept, "add", killed)
            with pytest.raises(KeyboardInterrupt):
                run.complete(what)
        asked = len(server.requests)
        with what.path.open("a") as file:
            file.write('{"key": "half a li')  # and it was killed while it wrote
        assert list(kept.read(what.path).values()) == arrived
        assert reasons(outcome(what)) == []
        assert len(server.requests) == asked + 2
    assert len(what.path.read_text().splitlines()) == 4


def test_a_file_of_answers_that_was_spoilt_is_told_with_its_lines(tmp_path):
    with Server(GOOD).running() as server:
        what = task(tmp_path, server.url)
        run.complete(what)
    lines = what.path.read_text().splitlines()
    other = json.dumps(json.loads(lines[0]) | {"text": "another"})
    what.path.write_text("\n".join([lines[0], "<<<<<<< HEAD", lines[1], other, lines[0], ""]))
    with pytest.raises(SteelyardError) as told:
        run.complete(what)
    assert [problem.where for problem in told.value.problems] == [f"{what.path}:2", f"{what.path}:4"]


def test_what_is_asked_and_what_it_costs_is_said_before(tmp_path, capsys):
    said = []

    def listening(handler, request):
        said.append(capsys.readouterr().err)
        GOOD(handler, request)

    with Server(listening).running() as server:
        what = task(tmp_path, server.url, price_in=1000.0, price_out=0.0, parallel=1)
        run.complete(what)
    sent = sum(len(m["content"].encode()) for request in server.requests for m in request["messages"])
    assert "4 requests for 4 statements" in said[0]
    assert f"about {sent // 4:,} tokens to send" in said[0] and f"cost about {sent // 4 / 1000:.2f}" in said[0]
    assert "The first answer took" in said[1]
    assert threading.active_count() < 20
    answers = kept.read(what.path)
    answers.pop(what.questions[0].key)
    assert "and 20 to answer" in what.estimate(answers), "as the kept answers have it"
    assert codebook().ids == what.hypotheses
