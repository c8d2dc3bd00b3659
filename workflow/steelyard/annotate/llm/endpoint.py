"""An endpoint that speaks OpenAI's chat protocol (Ollama, vLLM, llama.cpp, hosted ones), asked through its package.

The package waits and tries again where a connection fails, the endpoint is slow, busy (429, as long as it asks for) or
failing (5xx). An answer that cannot be used is asked for again here, with the reason.

The schema is sent in OpenAI's form; where that is refused, in the form of llama-cpp-python's server.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any, Literal

import openai
import pydantic

from steelyard.annotate.llm.kept import Answer
from steelyard.annotate.llm.prompt import TEMPERATURE, Messages, Prompts, Question, Schema, again, blank
from steelyard.study import LlmCoder

NOT_ASKED = "it was not asked"

_MOST_FAILURES = 3  # in a row, before no more is asked
_HOPELESS = {401: "the API key is refused", 403: "access is refused", 404: "the model or address is unknown"}
_SHOWN = 300


class NoAnswerError(Exception):
    """No answer came.

    Args:
        reason: in words that are the same each time.
        detail: what the endpoint said.
        hopeless: asking about other statements would fail as well.
    """

    def __init__(self, reason: str, detail: str = "", *, hopeless: bool = False) -> None:
        """Take the words."""
        super().__init__(reason)
        self.reason, self.detail, self.hopeless = reason, detail, hopeless


class _Message(pydantic.BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(pydantic.BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Usage(pydantic.BaseModel):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Completion(pydantic.BaseModel):
    choices: list[_Choice] = pydantic.Field(min_length=1)
    usage: _Usage | None = None

    @property
    def text(self) -> str:
        message = self.choices[0].message
        return message.content or message.refusal or ""

    @property
    def end(self) -> Literal["complete", "refused", "cut off"]:
        choice = self.choices[0]
        if choice.message.refusal or choice.finish_reason == "content_filter":
            return "refused"
        return "cut off" if choice.finish_reason == "length" else "complete"


class Endpoint:
    """An endpoint and what it is asked for.

    Args:
        coder: its settings.
        key: the API key; empty where none is needed.
        prompts: the prompt files.
        schema: of the answers.
        fault: says why an answer to a question cannot be used, or gives None.
    """

    def __init__(
        self,
        coder: LlmCoder,
        key: str,
        prompts: Prompts,
        schema: Schema,
        fault: Callable[[Question, str], str | None],
    ) -> None:
        """Open nothing yet."""
        self._coder, self._key, self._prompts, self._fault = coder, key, prompts, fault
        self._client = openai.OpenAI(
            base_url=coder.url, api_key=key or "none", max_retries=coder.retries, timeout=coder.seconds
        )
        self._forms: list[dict[str, Any]] = [
            {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}},
            {"type": "json_object", "schema": schema},
        ]
        self._longest = len(json.dumps(blank(schema)))  # tokens: several times those of an answer of nothing but no
        self._answered = False

    def answer(self, question: Question) -> Answer:
        """Ask until an answer can be used, `retries` times more than once at most; give the last one.

        Raises:
            NoAnswerError: none came.
        """
        messages, used = question.messages, _Usage()
        for _ in range(self._coder.retries + 1):
            said = self._complete(messages, self._longest + 8 * len(question.text))
            self._answered = True
            usage = said.usage or _Usage()
            used = _Usage(
                prompt_tokens=used.prompt_tokens + usage.prompt_tokens,
                completion_tokens=used.completion_tokens + usage.completion_tokens,
            )
            fault = self._fault(question, said.text) if said.end == "complete" else f"it was {said.end}"
            if fault is None:
                break
            messages = again(question, self._prompts, said.text, fault)
        return Answer(
            key=question.key,
            model=self._coder.model,
            prompts=self._prompts.digest,
            statement=hashlib.sha256(question.text.encode()).hexdigest(),
            text=said.text,
            end=said.end,
            tokens_in=used.prompt_tokens,
            tokens_out=used.completion_tokens,
        )

    def _complete(self, messages: Messages, longest: int) -> _Completion:
        """Ask once; a reply that is no completion is asked for again."""
        for _ in range(self._coder.retries + 1):
            body = self._reply(messages, longest)
            try:
                return _Completion.model_validate_json(body)
            except pydantic.ValidationError:
                continue
        raise NoAnswerError("the endpoint's replies are no chat completions", self._shown(body))

    def _reply(self, messages: Messages, longest: int) -> str:
        request: dict[str, Any] = {
            "model": self._coder.model,
            "messages": messages,
            "temperature": TEMPERATURE,
            "max_tokens": longest,
            "response_format": self._forms[0],
        }
        try:
            reply = self._client.chat.completions.with_raw_response.create(**request)
        except openai.APITimeoutError:
            reason = f"the endpoint did not answer within {self._coder.seconds:g} s"
            raise NoAnswerError(reason, hopeless=not self._answered) from None
        except openai.APIConnectionError as failure:
            detail = self._shown(str(failure.__cause__ or failure))
            raise NoAnswerError("the endpoint cannot be reached", detail, hopeless=not self._answered) from None
        except openai.APIStatusError as failure:
            if not self._answered and len(self._forms) > 1 and _is_refused(failure):
                del self._forms[0]
                return self._reply(messages, longest)
            known = _HOPELESS.get(failure.status_code)
            reason = f"{known or 'the endpoint reports a fault'} (HTTP {failure.status_code})"
            raise NoAnswerError(reason, self._shown(failure.response.text), hopeless=bool(known)) from None
        return str(reply.text)

    def _shown(self, said: str) -> str:
        """Give what the endpoint said on one line, without the key that it may repeat."""
        line = " ".join((said.replace(self._key, "…") if self._key else said).split())
        return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _is_refused(failure: openai.APIStatusError) -> bool:
    """Whether the form of a request is refused; llama-cpp-python's server calls that a fault of its own (500)."""
    return failure.status_code in (400, 422) or "response_format" in failure.response.text


Asked = tuple[Question, Answer | NoAnswerError]


def ask(
    endpoint: Endpoint, questions: Iterable[Question], parallel: int, measured: Callable[[float], None]
) -> Iterator[Asked]:
    """Ask one question at a time until one is answered, then several; stop where there is no hope.

    Args:
        endpoint: what is asked.
        questions: with keys of their own.
        parallel: how many are asked at the same time, at most.
        measured: told the seconds that the first answer took.

    Yields:
        Each question as its answer comes, or why none does.
    """
    left, failures = iter(questions), _Failures()
    for question in left:
        begin = time.perf_counter()
        result = _asked(endpoint, question, failures)
        yield question, result
        if isinstance(result, Answer):
            measured(time.perf_counter() - begin)
            break
    with ThreadPoolExecutor(parallel) as pool:
        try:
            waiting = {pool.submit(_asked, endpoint, question, failures): question for question in left}
            for future in as_completed(waiting):
                yield waiting[future], future.result()
        finally:  # whoever stops listening wants no more to be asked
            failures.stop = True


class _Failures:
    """Counts failures in a row, and says when to stop."""

    def __init__(self) -> None:
        self.last = NoAnswerError(NOT_ASKED)
        self.stop = False
        self._in_a_row = 0
        self._lock = threading.Lock()

    def count(self, result: Answer | NoAnswerError) -> None:
        with self._lock:
            if isinstance(result, Answer):
                self._in_a_row = 0
            else:
                self.last, self._in_a_row = result, self._in_a_row + 1
                self.stop |= result.hopeless or self._in_a_row >= _MOST_FAILURES


def _asked(endpoint: Endpoint, question: Question, failures: _Failures) -> Answer | NoAnswerError:
    if failures.stop:
        return failures.last
    result: Answer | NoAnswerError
    try:
        result = endpoint.answer(question)
    except NoAnswerError as failure:
        result = failure
    failures.count(result)
    return result
