"""A server that speaks the chat protocol by a script, and a small task for it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pandas as pd
from annotate_corpus import codebook, corpus

from steelyard.annotate.llm import prompt, run
from steelyard.study import LlmCoder

Behaviour = Callable[[BaseHTTPRequestHandler, dict], None]
SAID = ("It is dumping, I think.", "Altruism is not the reason.", "Hello.", "Nobody has counted it.")


def answer(**changes: Any) -> str:
    """Give an answer that says no to everything but what is named: hypotheses, kinds of evidence, other fields."""
    blank = prompt.blank(prompt.schema(codebook()))
    for name, said in changes.items():
        place = next((part for part in (blank["hypotheses"], blank["evidence"]) if name in part), blank)
        place[name] = said
    return json.dumps(blank)


def yes(quote: str, *, asserts: bool = True, denies: bool = False) -> dict:
    return {"quote": quote, "asserts": asserts, "denies": denies}


def reply(content: str | None, *, end: str = "stop", **message: Any) -> Behaviour:
    choice = {"message": {"role": "assistant", "content": content} | message, "finish_reason": end}
    usage = {"prompt_tokens": 100, "completion_tokens": 20}
    return raw(200, json.dumps({"id": "1", "object": "chat.completion", "choices": [choice], "usage": usage}))


def raw(status: int, body: str, **headers: str) -> Behaviour:
    def behave(handler: BaseHTTPRequestHandler, _: dict) -> None:
        data = body.encode()
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(data)

    return behave


def cut(handler: BaseHTTPRequestHandler, _: dict) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')
    handler.close_connection = True


def late(seconds: float, then: Behaviour) -> Behaviour:
    def behave(handler: BaseHTTPRequestHandler, request: dict) -> None:
        time.sleep(seconds)
        with contextlib.suppress(OSError):  # nobody waits any longer
            then(handler, request)

    return behave


class Server:
    """Plays a script in order, its last part again and again; notes what it was asked."""

    def __init__(self, *script: Behaviour) -> None:
        self.script, self.requests, self.keys = list(script), [], []
        self.at_once = self.most_at_once = 0
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with outer._lock:
                    outer.requests.append(request)
                    outer.keys.append(self.headers["Authorization"])
                    outer.at_once += 1
                    outer.most_at_once = max(outer.most_at_once, outer.at_once)
                    behave = outer.script.pop(0) if len(outer.script) > 1 else outer.script[0]
                behave(self, request)
                with outer._lock:
                    outer.at_once -= 1

            def log_message(self, *_: Any) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

        self._server = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    @contextlib.contextmanager
    def running(self) -> Iterator[Server]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield self
        self._server.shutdown()
        self._server.server_close()


def by_statement(answers: dict[str, str]) -> Behaviour:
    """Answer by what the statement is; no to everything where it is none of those named."""

    def behave(handler: BaseHTTPRequestHandler, request: dict) -> None:
        material = json.loads(request["messages"][1]["content"].splitlines()[-1])
        reply(answers.get(material["statement"], answer()))(handler, request)

    return behave


def frames(folder: Path, *said: str) -> dict[str, pd.DataFrame]:
    """Give the tables of a document of one post whose sentences are those, and write it."""
    made = corpus(list(said or SAID))
    (folder / "doc.txt").write_bytes(made["text"].encode())
    digest = hashlib.sha256(made["text"].encode()).hexdigest()
    documents = pd.DataFrame([{"document_id": "doc", "path": "doc.txt", "sha256": digest}])
    return {"statements": made["statements"], "utterances": made["utterances"], "documents": documents}


def settings(url: str, **given: Any) -> LlmCoder:
    plain = {"name": "model", "type": "llm", "url": url, "model": "m", "answers": "answers.jsonl", "retries": 1}
    return LlmCoder.model_validate(plain | {"seconds": 5, "parallel": 2} | given)


def task(folder: Path, url: str, *said: str, **given: Any) -> run.Task:
    return run.task(settings(url, **given), folder, **frames(folder, *said), extracted=folder, codebook=codebook())
