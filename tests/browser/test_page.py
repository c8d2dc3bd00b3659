"""The default report as a reader meets it, in a browser: at a glance, by keyboard, in the dark, on a phone."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import chromium
import pytest

pytestmark = pytest.mark.xdist_group("default")  # one worker, so that the report is built once

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
PICTURE = "#fig-ranked :is(svg, img):visible"
ANSWER = "#sec-answer p >> nth=0"
CONTROLS = ":is(a[href], button, input, select, summary, [role=button], [tabindex='0']):not([aria-disabled=true])"
HIDDEN = "[aria-hidden=true]"  # marks of pictures whose links stand elsewhere too
# What repeats itself: of it only the first is looked at where axe-core takes a millisecond or more for each element.
REPEATED = """section[id^=sec-h-] ~ section[id^=sec-h-], #sec-sources section ~ section, .utterance ~ .utterance,
    #TOC li li, tbody tr:nth-child(n + 4), svg *"""


def box(page, selector):
    """Where an element stands in the window, in pixels."""
    return page.locator(selector).first.bounding_box()


def bottom(of):
    return of["y"] + of["height"]


def violations(page, *, without="", **options):
    """What axe-core finds: each broken rule with the first element that breaks it.

    Args:
        page: the page.
        without: what is hidden before, as a selector.
        options: of `axe.run`.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8") + "; 0")
    run = """async ([without, options]) => {
        const style = document.createElement("style");
        style.textContent = `:is(${without}) { display: none !important }`;
        document.head.append(style);
        const found = await axe.run({resultTypes: ["violations"], ...options});
        style.remove();
        return found.violations.map((rule) => [rule.id, rule.nodes[0].html]);
    }"""
    return page.evaluate(run, [without, options])


def test_the_first_screen_answers(page):
    assert box(page, "h1.title")["y"] >= 0
    answer, picture = box(page, ANSWER), box(page, PICTURE)
    assert bottom(answer) <= 800
    assert picture["x"] >= 0 and picture["width"] > 500
    assert bottom(picture) <= 800


def test_the_first_screen_of_a_phone_answers_and_the_page_never_moves_sideways(phone):
    page = phone.page
    assert box(page, "h1.title")["y"] >= 0
    assert bottom(box(page, ANSWER)) <= 844
    seen = page.locator("#fig-ranked svg:visible a[href^='#sec-h-']").evaluate_all(
        "all => all.filter((a) => a.getBoundingClientRect().bottom <= innerHeight).map((a) => a.getAttribute('href'))"
    )
    assert len(set(seen)) >= 3, "the first three motives of the picture show"
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    assert page.evaluate("innerWidth") == 390
    assert phone.noted() == []


def test_every_link_has_its_target_in_pictures_too(page):
    links = page.evaluate("""() => [...document.querySelectorAll("a")].map((a) =>
        a.getAttribute("href") ?? a.getAttributeNS("http://www.w3.org/1999/xlink", "href"))""")
    assert None not in links
    ids = set(page.evaluate("() => [...document.querySelectorAll('[id]')].map((element) => element.id)"))
    inside = {link[1:] for link in links if link.startswith("#")}
    assert len(inside) > 300
    # The table of evidence shows some rows at a time; where links to others lead is tested with that table.
    assert {link for link in inside if not link.startswith(("ev-", "row-"))} <= ids
    assert {link.partition(":")[0] for link in links if not link.startswith("#")} <= {"http", "https", "mailto"}


def test_a_mark_of_a_picture_leads_to_its_section(page):
    mark = page.locator("#fig-ranked svg:visible a").first
    target = mark.evaluate("a => a.getAttribute('href') ?? a.getAttribute('xlink:href')")
    assert target.startswith("#sec-h-")
    mark.click()
    assert page.evaluate("location.hash") == target
    assert 0 <= box(page, target)["y"] < 100


def test_every_picture_says_what_it_shows(page):
    pictures = page.evaluate("""() => [...document.querySelectorAll("figure svg")].map((svg) =>
        [svg.getAttribute("role"), svg.querySelector("title")?.textContent, svg.querySelector("desc")?.textContent])""")
    assert len(pictures) >= 5
    for role, title, description in pictures:
        assert role in ("img", "graphics-document", "graphics-document document", "figure", "group")
        assert title and len(description or "") > 30


def test_a_quote_leads_to_its_passage_and_back(page):
    quote = page.locator("section[id^=sec-h-] a[href^='#p']").first
    passage = quote.get_attribute("href")
    quote.click()
    assert "".join(page.inner_text(passage).split()) in "".join(quote.inner_text().split())
    assert 0 <= box(page, passage)["y"] < 400
    page.locator(f"{passage} + a.back").click()
    assert page.evaluate("document.activeElement.id") == "evidence-status"
    assert page.locator(f"#tbl-evidence a[href='{passage}']").count() >= 1


def test_the_skip_link_comes_first_and_leads_to_the_text(browser, report):
    with chromium.visit(browser, report) as visited:
        page = visited.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip-link"
        assert box(page, ".skip-link")["x"] >= 0 and box(page, ".skip-link")["y"] >= 0
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_every_control_is_reached_by_keyboard_and_shows_that_it_has_the_focus(page):
    page.keyboard.press("Tab")  # from here on the browser takes the reader for one who uses the keyboard
    unseen = page.evaluate(
        """(controls) => [...document.querySelectorAll(controls)].filter((element) => {
            if (element.tabIndex < 0 || element.disabled || !element.checkVisibility?.()) return element.tabIndex < 0;
            element.focus({preventScroll: true});
            const style = getComputedStyle(element);
            const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
            return document.activeElement !== element || !outlined;
        }).map((element) => element.outerHTML.slice(0, 120))""",
        f"{CONTROLS}:not({HIDDEN})",
    )
    assert unseen == []
    reached, hidden = (
        set(page.locator(f"a[href]{which}").evaluate_all("links => links.map((link) => link.getAttribute('href'))"))
        for which in (f":not({HIDDEN})", HIDDEN)
    )
    # Statements that some mark counts are reached by the table's own filters.
    assert {link for link in hidden if not link.startswith("#ev-")} <= reached


def test_the_contents_say_where_one_is_and_lead_there(page):
    link = page.locator("#TOC a[href='#sec-missing']")
    link.focus()
    page.keyboard.press("Enter")
    assert 0 <= box(page, "#sec-missing")["y"] < 100
    page.wait_for_selector("#TOC a[href='#sec-missing'][aria-current]")


def test_dark_where_the_reader_has_it_dark(page):
    page.emulate_media(color_scheme="dark")
    style = "element => { const s = getComputedStyle(element); return [s.backgroundColor, s.color] }"
    background, text = page.locator("body").evaluate(style)
    assert brightness(background) < 0.2
    assert brightness(text) > 0.6
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme").startswith(("light dark", "dark"))


def brightness(color):
    """From 0 (black) to 1 (white), of "rgb(r, g, b)"."""
    return sum(float(part) for part in color.partition("(")[2].strip(")").split(",")[:3]) / 3 / 255


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_poor_contrast(page, scheme):
    page.emulate_media(color_scheme=scheme)
    assert violations(page, runOnly=["color-contrast", "link-in-text-block"], without=REPEATED) == []


def test_axe_finds_nothing_else_either(page):
    assert violations(page, rules={"color-contrast": {"enabled": False}}) == []


def test_axe_finds_nothing_on_a_phone(phone):
    assert violations(phone.page, without=REPEATED, rules={"color-contrast": {"enabled": False}}) == []


def test_print_has_the_words_and_no_controls(page):
    page.emulate_media(media="print")
    assert page.locator("#sec-answer").is_visible()
    for control in (
        ".skip-link",
        "#evidence-controls :is(input, select, button)",
        "#tbl-evidence .dt-paging",
        "a.back",
    ):
        seen = page.locator(control).evaluate_all("all => all.filter((e) => e.checkVisibility()).length")
        assert seen == 0, control


def test_the_page_keeps_its_policy_and_asks_for_nothing(browser, report):
    with chromium.visit(browser, report) as visited:
        policy = visited.page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
        directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
        scripts = directives.pop("script-src").split()
        allowed = {"img-src": "data:", "font-src": "data:", "style-src": "'unsafe-inline'"}
        assert directives["default-src"] == "'none'"
        assert {name: value for name, value in directives.items() if value != "'none'"} == allowed
        assert all(script.startswith("'sha256-") for script in scripts)
        visited.page.evaluate("() => scrollTo(0, document.body.scrollHeight)")
        assert visited.noted() == []
        # The policy holds: a script and a request that come in later do not run and do not leave.
        visited.page.evaluate("""() => {
            const script = document.createElement("script");
            script.textContent = "window.hacked = 1";
            document.body.append(script, Object.assign(new Image(), {src: "https://example.org/x.png"}));
        }""")
        assert visited.page.evaluate("window.hacked") is None
        assert len(visited.complaints) >= 2
        assert visited.requests == [] or all("example.org" in r for r in visited.requests)
