"""Foreign text comes out as the characters it is."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from steelyard.render.escape import attribute, entities, link_target, visible

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT)
def test_entities_hold_nothing_that_could_be_markup(text):
    assert not re.search(r"[^\w\s&#;]", re.sub(r"&#\d+;", "", entities(text)).replace("_", "!")) or all(
        c.isalnum() or c == " " or ord(c) > 127 for c in re.sub(r"&#\d+;", "", entities(text))
    )


@given(TEXT)
def test_entities_decode_to_the_same_characters(text):
    one_line = " ".join(text.splitlines())
    # HTML's own table of exceptions (numbers 128 to 159) concerns control characters only, which are shown by code
    assert html.unescape(entities(text)) == visible(one_line)


def test_control_characters_are_shown_by_code():
    assert visible("a\x07b\x7f\x9f\t") == "a[U+0007]b[U+007F][U+009F] "
    assert html.unescape(entities("\x00")) == "[U+0000]"
    assert visible("a\u202eb\u200fc\u2066d") == "a[U+202E]b\u200fc[U+2066]d"  # a mark that turns nothing else may stay
    assert html.unescape(entities("\ufffe\ufdd0\U0001ffff")) == "[U+FFFE][U+FDD0][U+1FFFF]"


def test_a_shortcode_in_an_attribute_is_kept_apart():
    assert "{{" not in attribute("{{< meta title >}}")
    assert '"' not in attribute('a "b"')


def test_links_go_to_the_web_only():
    assert link_target("https://a.example/x?y=1#z") == "https://a.example/x?y=1#z"
    assert link_target("javascript:alert(1)") is None
    assert link_target("https://a.example/a) [b](c") == "https://a.example/a%29%20%5Bb%5D%28c"
