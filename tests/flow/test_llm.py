"""A language model among a study's coders, through the real commands, behind a scripted server."""

from __future__ import annotations

import http.server
import json
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pandas as pd
import pytest

from project import snakemake

pytestmark = pytest.mark.xdist_group("ferry")  # one worker, so that the small study is built once


class Endpoint(http.server.BaseHTTPRequestHandler):
    asked = 0

    def do_POST(self):
        Endpoint.asked += 1
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        material = json.loads(request["messages"][1]["content"].splitlines()[-1])
        fares = {"quote": "fares", "asserts": True, "denies": False} if "fares" in material["statement"] else None
        evidence = dict.fromkeys(
            ("statistic", "cited", "testimony", "attributed", "observation", "reasoning", "assertion")
        )
        answer = {
            "hypotheses": {"fares": fares, "timetable": None, "bridge": None},
            "other_motive": None,
            "evidence": evidence,
            "hedged": None,
            "gap": None,
        }
        body = json.dumps({"choices": [{"message": {"content": json.dumps(answer)}, "finish_reason": "stop"}]})
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


def estimate(folder: Path) -> str:
    command = [sys.executable, "-m", "steelyard.cli", "estimate", "--configfile", "ferry/config.yaml"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=60).stdout


def test_it_codes_once_keeps_its_answers_and_is_not_run_again(ferry, tmp_path):
    folder = shutil.copytree(ferry, tmp_path / "copy", copy_function=shutil.copy2)
    config = folder / "ferry" / "config.yaml"
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/v1"
    coder = {"name": "model", "type": "llm", "url": url, "model": "m", "answers": "codes/model.jsonl"}
    config.write_text(config.read_text().replace("\nmethod:", f"\n  - {json.dumps(coder)}\nmethod:"))
    target = "results/ferry/annotate/llm/model/readings.parquet"
    said = estimate(folder)
    assert re.search(r"^Coder model \(m\): 17 requests for 17 statements, .* cost unknown", said), said
    assert Endpoint.asked == 0
    done = snakemake(target, "--configfile", "ferry/config.yaml", folder=folder)
    server.shutdown()
    server.server_close()
    assert done.returncode == 0, done.stderr
    readings = pd.read_parquet(folder / target)
    assert set(readings.hypothesis_id) == {"fares"} and set(readings.origin) == {"language_model"}
    kept = (folder / "ferry" / "codes" / "model.jsonl").read_text().splitlines()
    assert len(kept) == Endpoint.asked > len(readings) > 3
    again = snakemake(target, "--configfile", "ferry/config.yaml", "--dry-run", folder=folder)
    assert "Nothing to be done" in again.stdout + again.stderr
