"""Test that glossary terms are linked once in each section, and that their pop-ups work by pointer, touch and keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from markdown import Markdown
from playwright.sync_api import Browser, Page

from macros.model.framework import Framework
from macros.model.records import Recommendation, Term
from macros.rendering import glossary_links
from tests.conftest import STAGE, cases

EXTENSION = "macros.rendering.glossary_links"

MEANING = "What somebody means by it here."
EXAMPLE = "An illustration of it that is no real body."
TERMS: dict[str, dict[str, Any]] = cases("glossary_links.terms")


@pytest.fixture(scope="module")
def framework() -> Framework:
    made = [Term.model_validate({"id": i, "meaning": MEANING, "example": EXAMPLE, **more}) for i, more in TERMS.items()]
    return Framework({("term", term.id): term for term in made}, {})


@pytest.fixture(autouse=True)
def no_page() -> Iterator[None]:
    glossary_links.set_page(None)
    yield
    glossary_links.set_page(None)


def show(framework: Framework | None, text: str, address: str = "a/b/") -> str:
    """Return the HTML of a page whose Markdown is `text`."""
    glossary_links.set_page(framework, address)
    return Markdown(extensions=[EXTENSION, "attr_list", "tables", "toc"]).convert(text)


def linked(framework: Framework, text: str) -> list[tuple[str, str]]:
    """Return the id and the words of each trigger in the page `text`."""
    found = re.findall(
        r'<button type="button" class="term-link" popovertarget="term-([^"]*)">(.*?)</button>', show(framework, text), re.DOTALL
    )
    return [(str(term), str(words)) for term, words in found]


def words(framework: Framework, text: str) -> list[str]:
    return [found for _, found in linked(framework, text)]


def test_a_term_becomes_a_button_with_a_pop_up(framework: Framework) -> None:
    html = show(framework, "# Page\n\nAn outcome.")
    head, _, popover = html.partition("\n<div popover")
    assert head == (
        '<h1 id="page">Page</h1>\n<p>An <span class="term-end"><button type="button" class="term-link" popovertarget="term-outcome">'
        "outcome</button>.</span></p>"
    )
    (element,) = lxml.html.fragments_fromstring(f"<div popover{popover}")
    assert dict(element.attrib) == {"popover": "", "id": "term-outcome", "class": "term-popover", "role": "note", "aria-label": "Outcome"}
    assert "A change, not an output, as the counted thing is & was." in element.text_content()
    assert [a.get("href") for a in element.iter("a")] == ["../../glossary/#output", "../../glossary/#output", "../../glossary/#outcome"]
    (close,) = element.iter("button")
    assert (close.get("type"), close.get("popovertarget"), close.get("popovertargetaction")) == ("button", "term-outcome", "hide")


def test_only_changed_terms_and_addresses_need_all_pages_to_be_linked_again(small: Framework) -> None:
    def changed(record: Recommendation | Term, **values: str) -> Framework:
        return Framework({**small.records, (record.kind, record.id): record.model_copy(update=values)}, small.documents)

    glossary, term = glossary_links._glossary(small), small.all(Term)[0]
    assert glossary_links._glossary(changed(small.all(Recommendation)[0], title="Ask first")) is glossary
    assert glossary_links._glossary(changed(term, meaning="Another meaning.")) is not glossary


def test_linking_changes_nothing_else(framework: Framework) -> None:
    plain_page = "# Page\n\nNothing <b title='a &amp; b'>here</b>.\n"
    assert show(framework, plain_page) == Markdown(extensions=["toc"]).convert(plain_page)
    text = "# Page\n\n<div class='x'\n data-a=\"outcome\">An  outcome &amp; <br/>ŒUVRE İ <i>output</i></div>\n\nOutput &lt; é"
    plain = Markdown(extensions=["toc"]).convert(text)
    html = show(framework, text).partition("\n<div popover")[0]
    assert re.sub(r'<button type="button" class="term-link"[^>]*>(.*?)</button>', r"\1", html) == plain


def test_the_first_use_in_each_section_is_linked(framework: Framework) -> None:
    text = "outcome outcome\n\n# A\n\noutcome, outcomes\n\n## B\n\noutcome\n\n### C\n\noutcome\n\n#### D\n\noutcome output"
    assert linked(framework, text) == [("outcome", "outcome")] * 4 + [("output", "output")]
    assert show(framework, text).count("<div popover") == 2
    once = '# A {: #a data-terms="once" }\n\noutcome\n\n## B\n\noutcome\n\n### C\n\noutput'
    assert linked(framework, once) == [("outcome", "outcome"), ("output", "output")]


def test_each_recommendation_links_a_term_once(site: Path, real: Framework) -> None:
    for record in real.all(Recommendation):
        page = lxml.html.parse(site / record.url / "index.html").getroot().find_class("body")[0]
        (guide,) = lxml.html.parse(site / f"stages/{record.stage}/all/index.html").xpath(f'//div[@data-id="{record.id}"]')
        for part in (page, guide):
            terms = part.xpath('.//button[@class="term-link"][not(ancestor::*[@popover])]/@popovertarget')
            assert len(terms) == len(set(terms)), record.id


NO_LINKS = ("h1", "h6", "a", "button", "option", "summary", "blockquote", "figure", "q", "code", "pre", "nav", "dt", "th", "caption")


@pytest.mark.parametrize(
    "html",
    [
        *(f"<{tag}><b>an outcome</b></{tag}>" for tag in NO_LINKS),
        '<p class="x" data-terms="off">an <i>outcome</i></p>',
        '<p title="an outcome" class="outcome">x</p>',
        '<p>He said "an outcome".</p>',
        "<p>He said &#34;an outcome&#34; and &quot;an outcome&quot;.</p>",
        "<p>He said “an outcome”.</p>",
        '<p>He said "an <em class="a">outcome</em> of it".</p>',
        "<p>He said “an <em>emphasis</em>, an outcome”.</p>",
    ],
)
def test_where_no_term_is_linked(framework: Framework, html: str) -> None:
    assert words(framework, f"<div>{html}</div>") == []
    assert words(framework, f"<div>{html}<p>then an outcome<br> or two</p></div>") == ["outcome"]


def test_a_quotation_mark_that_nobody_closes_ends_with_its_block(framework: Framework) -> None:
    assert words(framework, '<p>5" wide, outcome</p><p>3" output</p>') == ["outcome", "output"]
    assert words(framework, '"output" outcome "output"') == ["outcome"]
    assert words(framework, '<p title="a">outcome <b title="b">output</b></p>') == ["outcome", "output"]
    assert words(framework, "'outcome' ‘output’") == ["outcome", "output"]


def test_an_entry_does_not_link_itself(framework: Framework) -> None:
    text = "## Outcome {: #outcome }\n\nAn outcome is no output.\n\n## Output {: #output }\n\nAn output is no outcome. [[output]]"
    assert words(framework, text) == ["output", "outcome"]
    assert "data-term" not in show(framework, text)


@pytest.mark.parametrize(("text", "found"), cases("glossary_links.names_and_their_plurals_are_found"))
def test_names_and_their_plurals_are_found(framework: Framework, text: str, found: list[str]) -> None:
    assert words(framework, text) == found


def test_typed_terms_are_linked(framework: Framework) -> None:
    text = "An outcome, [[outcome]], a [[contract|deal]] and [[social-value]].\n\n## B\n\nAn outcome."
    assert linked(framework, text) == [
        ("outcome", "outcome"),
        ("contract", "deal"),
        ("social-value", "social value"),
        ("outcome", "outcome"),
    ]
    assert show(framework, text).startswith('<p>An outcome, <span class="term-end"><button')
    assert words(framework, '> [[outcome]]\n\n"[[output]]"\n\n[[social-value|a <b> *c*]]') == ["outcome", "output", "a &lt;b&gt; *c*"]


def test_typed_terms_are_plain_text_in_headings_links_and_code(framework: Framework) -> None:
    html = show(framework, "# [[outcome]]\n\n[to [[output|the output]]](x.md) `[[survey]]`\n\nAn outcome, an output")
    assert html.partition("</h1>")[0] == '<h1 id="outcome">outcome'
    assert '<a href="x.md">to the output</a> <code>[[survey]]</code>' in html
    assert words(framework, "# T [[outcome]]\n\n[to [[output|the output]]](x.md)\n\nAn outcome, an output") == ["outcome", "output"]


def test_links_to_terms_in_records_become_buttons(framework: Framework) -> None:
    by_hand = '<a class="term" href="../../glossary/#outcome">a &amp; change</a>'
    html = f'<div><p>An outcome and {by_hand}, <a href="../../glossary/#output">x</a>.</p></div>'
    assert linked(framework, html) == [("outcome", "a &amp; change")]
    assert '<a href="../../glossary/#output">x</a>' in show(framework, html)
    for unknown in ("<p>[[nothing]]</p>", '<p><a class="term" href="../#nothing">x</a></p>'):
        assert show(framework, unknown) == unknown


def test_the_html_of_a_macro_stays_as_it_is_and_its_headings_are_linked(framework: Framework) -> None:
    macro = glossary_links.marked(lambda: "# One {: #one }\n\n<div>\n\n*outcome*</div>\n<p>two</p>")
    html = show(framework, f"*First.*\n\n{macro()}\n\n*Last.*").partition("\n<div popover")[0]
    button = '<button type="button" class="term-link" popovertarget="term-outcome">outcome</button>'
    shown = f'<p><em>First.</em></p>\n\n<h1 id="one">One</h1>\n<div>\n\n*{button}*</div>\n<p>two</p>\n\n<p><em>Last.</em></p>'
    assert html.split() == shown.split()
    assert glossary_links.marked(lambda words: f"<b>{words}</b>")("in a line") == "<b>in a line</b>"


def test_only_the_announced_page_is_linked(framework: Framework) -> None:
    assert show(None, "An outcome [[outcome]]") == "<p>An outcome [[outcome]]</p>"
    assert "term-link" in show(framework, "An outcome")
    assert Markdown(extensions=[EXTENSION]).convert("An outcome") == "<p>An outcome</p>", "a page is set for one page only"


# The built site.


@pytest.fixture
def guide(browser: Browser, address: str, real: Framework, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The guide of stage 2, in a window of the size asked for; at the end nothing was complained of in the console."""
    settings = getattr(request, "param", {})
    context = browser.new_context(**settings)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    if real.site.counts:
        page.route(re.compile(re.escape(real.site.counts)), lambda route: route.fulfill())
    page.goto(f"{address}{STAGE}all/")
    before = page.url
    yield page
    assert page.url == before
    assert faults == []
    context.close()


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def opened(page: Page) -> Any:
    return page.locator(".term-popover:popover-open")


def test_by_pointer_and_as_plain_text_in_print(guide: Page, real: Framework) -> None:
    trigger = guide.locator(".term-link").first
    trigger.evaluate("element => element.scrollIntoView()")
    trigger.click()
    popover = opened(guide)
    named = trigger.inner_text().lower()
    term = next(t for t in real.all(Term) if named in (t.term.lower(), *(name.lower() for name in t.also)))
    assert term.meaning.split("\n")[0] in popover.inner_text()
    assert popover.locator(".term-more a").evaluate("e => e.href").endswith(f"/{term.url}")
    above, below = trigger.bounding_box(), popover.bounding_box()
    assert above
    assert below
    assert 0 <= below["y"] - above["y"] - above["height"] < 20, "it opens below its trigger"
    popover.locator(".term-close").click()
    assert opened(guide).count() == 0
    trigger.click()
    guide.mouse.click(5, 300)
    assert opened(guide).count() == 0
    trigger.click()
    guide.emulate_media(media="print")
    assert guide.locator(".term-popover:visible").count() == 0
    assert "none" in trigger.evaluate("e => getComputedStyle(e).textDecorationLine")


@pytest.mark.parametrize("guide", [PHONE], indirect=True)
def test_by_touch(guide: Page) -> None:
    for trigger in guide.locator(".term-link").all()[:8]:
        trigger.tap()
        popover = opened(guide)
        box = popover.bounding_box()
        assert box
        assert (box["x"], box["width"]) == (0, 390)
        assert box["y"] + box["height"] == pytest.approx(844, abs=1)
        popover.locator(".term-close").tap()
        assert opened(guide).count() == 0


@pytest.mark.sweep
@pytest.mark.parametrize("size", [(320, 600), (700, 500), (1280, 800)])
def test_no_pop_up_leaves_the_window(browser: Browser, address: str, size: tuple[int, int]) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    page.goto(f"{address}law/")
    for trigger in page.locator(".term-link").all():
        trigger.focus()
        page.keyboard.press("Enter")
        box = opened(page).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= size[0]
        assert box["y"] + box["height"] <= size[1]
        assert box["width"] <= 600
        page.keyboard.press("Escape")
    context.close()
