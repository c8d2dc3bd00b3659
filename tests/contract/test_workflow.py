"""The DAG keeps the house rules."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

import pytest

from project import PROJECT
from steelyard.digest import code_digest

RULES = {path.stem: path.read_text() for path in (PROJECT / "workflow" / "rules").glob("*.smk")}
SCRIPTS = sorted(path.stem for path in (PROJECT / "workflow" / "scripts").glob("*.py"))
STAGES = ["ingest", "annotate", "aggregate", "weigh", "render"]
SIDE_ROOMS = ["coding_sheet", "provenance"]


def bodies() -> dict[str, str]:
    """Each rule's text by its name."""
    found = {}
    for text in RULES.values():
        for part in re.split(r"^(?=rule )", text, flags=re.MULTILINE)[1:]:
            found[re.match(r"rule (\w+):", part)[1]] = part
    return found


def test_one_rule_file_a_stage():
    assert set(RULES) == {*STAGES, *SIDE_ROOMS, "common"}
    for stage in [*STAGES, *SIDE_ROOMS]:
        assert (PROJECT / "workflow" / "steelyard" / stage).is_dir()


@pytest.mark.parametrize("name", sorted(bodies()))
def test_each_rule_has_a_log_a_digest_and_a_script(name):
    body = bodies()[name]
    assert "    log:" in body and "    script:" in body and "    run:" not in body
    assert f'code_digest("{name}")' in body
    assert f'"../scripts/{name}.py"' in body


def test_every_script_is_a_rules_script():
    assert sorted(bodies()) == SCRIPTS


def test_a_digest_covers_what_a_script_imports_and_no_more():
    from steelyard import digest

    def names(script: str) -> set[str]:
        folder = PROJECT / "workflow" / "steelyard"
        files = digest._closure(PROJECT / "workflow" / "scripts" / f"{script}.py")
        return {path.relative_to(folder).as_posix() for path in files if path.is_relative_to(folder)}

    assert {"weigh/weights.py", "tables.py", "vocabulary.py", "codebook.py"} <= names("weigh")
    assert not any(name.startswith(("render/", "ingest/")) for name in names("weigh"))
    assert any(name.endswith(".yaml") for name in names("cues")), "lexicons are data that the coder depends on"
    assert len({code_digest(script) for script in SCRIPTS}) == len(SCRIPTS)


def test_imports_read_by_pattern_are_those_read_by_parsing():
    from steelyard import digest

    for path in (PROJECT / "workflow").rglob("*.py"):
        parsed = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                parsed |= {alias.name for alias in node.names if alias.name.startswith("steelyard")}
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("steelyard"):
                parsed |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        assert digest._imports(path) == parsed, path


def test_the_snakefile_imports_no_pandas():
    code = "import sys, steelyard.session, steelyard.digest; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_nothing_in_the_library_imports_snakemake():
    for path in (PROJECT / "workflow" / "steelyard").rglob("*.py"):
        assert not re.search(r"^\s*(import|from) snakemake", path.read_text(), re.MULTILINE), path
