"""Foreign text in attributes of Quarto sources: read back by pandoc as it is, also in a row of a table."""

from __future__ import annotations

import json
import subprocess

import pypandoc

from steelyard.render import markdown as md
from steelyard.render.escape import attribute, visible
from studies.canaries.canaries import NAMES, SHORT


def read(text: str) -> dict:
    command = [pypandoc.get_pandoc_path(), "--from", "markdown", "--to", "json"]
    return json.loads(subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout)


def test_no_shortcode_is_left_however_many_braces_there_are():
    for braces in range(2, 6):
        assert "{{" not in attribute("{" * braces + "< meta title >" + "}" * braces)


def test_every_canary_is_read_back_from_an_attribute_of_a_row_of_its_own():
    rows = [[f'[x](#y){{.evidence data-voice="{attribute(text)}"}}', "z"] for text in [*SHORT, *NAMES]]
    [table] = read(md.table(["A", "B"], rows, "Rows", "tbl-x"))["blocks"]
    [[_, _, _, lines]] = table["c"][4]
    found = [dict(cells[0][4][0]["c"][0]["c"][0][2])["data-voice"] for _, cells in lines]
    assert [value.replace("{\u2060", "{") for value in found] == [
        visible(" ".join(text.split())).replace("{\u2060", "{") for text in [*SHORT, *NAMES]
    ]
