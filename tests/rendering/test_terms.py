"""Glossary terms in a page open their meaning on the spot, each once a section, by pointer, finger and keyboard."""

from __future__ import annotations

import html
import re
import string
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import lxml.html
import pytest
from jinja2 import Environment
from markdown import Markdown
from playwright.sync_api import Browser, Page

import macros
from macros.model.core import Term
from macros.model.framework import Framework
from macros.rendering import glossary_links
from tests.conftest import ROOT, html_of

EXTENSION = "macros.rendering.glossary_links"

MEANING = "What somebody means by it here."
EXAMPLE = "An illustration of it that is no real body."
TERMS: dict[str, dict[str, Any]] = {
    "outcome": {
        "term": "Outcome",
        "also": ["outcomes"],
        "meaning": "A change, not an [[output]], as the [[output|counted thing]] is & was.",
    },
    "output": {"term": "Output"},
    "social-value": {"term": "Social value"},
    "social-value-act": {"term": "Social Value Act"},
    "strategy": {"term": "Commissioning strategy"},
    "survey": {"term": "Survey"},
    "process": {"term": "Process"},
    "meat": {"term": "Most economically advantageous tender", "also": ["MEAT"]},
    "toms": {"term": "National TOMs", "also": ["TOMs"]},
    "r-and-d": {"term": "R&D (new)", "also": ["2+2=5"]},
    "contract": {"term": "Contract", "automatic": "no"},
    "outcome-contract": {"term": "Outcome contract", "automatic": "no"},
    "cafe": {"term": "Café"},
    "users-view": {"term": "User’s view"},
}


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


def test_a_trigger_and_its_pop_up(framework: Framework) -> None:
    html = show(framework, "# Page\n\nAn outcome.")
    head, _, popover = html.partition("\n<div popover")
    assert head == (
        '<h1 id="page">Page</h1>\n<p>An <button type="button" class="term-link" popovertarget="term-outcome">outcome</button>.</p>'
    )
    (element,) = lxml.html.fragments_fromstring(f"<div popover{popover}")
    assert dict(element.attrib) == {
        "popover": "",
        "id": "term-outcome",
        "class": "term-popover",
        "role": "note",
        "aria-label": "Outcome",
    }
    assert "A change, not an output, as the counted thing is & was." in element.text_content()
    assert [a.get("href") for a in element.iter("a")] == [
        "../../glossary/#output",
        "../../glossary/#output",
        "../../glossary/#outcome",
    ]
    (close,) = element.iter("button")
    assert (close.get("type"), close.get("popovertarget"), close.get("popovertargetaction")) == ("button", "term-outcome", "hide")


def test_a_page_without_terms_is_not_touched(framework: Framework) -> None:
    text = "# Page\n\nNothing <b title='a &amp; b'>here</b>.\n\n<!-- an outcome -->\n"
    assert show(framework, text) == Markdown(extensions=["toc"]).convert(text)


@pytest.mark.parametrize(
    "text",
    [
        "words\n<div>\n\n<div class='a'>*one*</div>\n</div>\n\nmore",
        "<div>one</div>\n<ul>\n<li>two\n</ul>\n*three*",
        "<div>one</div> *two*\n\n<p>three</p>\n\n\n# Four",
        "<details>\n<summary>one</summary>\n<div>\n\ntwo</div>\n</details>\n",
        "<div>\n<script>'</div>'</script>\n\n*one*</div>\n",
        "<div>\n<p>one</p>\n\n*two*\n\n<ul><li>three</li></ul>",
        "<hr>\n<!-- <div> -->\n<div>one</div>\n",
        "```\n<div>one</div>\n```\n\n    <div>two</div>\n\n`<div>\n<p>` three",
        '<div title="</div>">one</div>\n<DIV>two</div>\n<span>\n<div>three</div>\n</span>',
    ],
)
def test_blocks_of_html_are_read_as_markdown_reads_them(text: str) -> None:
    extensions = ["attr_list", "tables", "fenced_code", "toc"]
    assert Markdown(extensions=[*extensions, EXTENSION]).convert(text) == Markdown(extensions=extensions).convert(text)


def test_only_triggers_are_added(framework: Framework) -> None:
    text = "# Page\n\n<div class='x'\n data-a=\"outcome\">An  outcome &amp; <br/>ŒUVRE İ <i>output</i></div>\n\nOutput &lt; é"
    plain = Markdown(extensions=["toc"]).convert(text)
    html = show(framework, text).partition("\n<div popover")[0]
    assert re.sub(r'<button type="button" class="term-link"[^>]*>(.*?)</button>', r"\1", html) == plain


def test_first_use_in_each_section(framework: Framework) -> None:
    text = "outcome outcome\n\n# A\n\noutcome, outcomes\n\n## B\n\noutcome\n\n### C\n\noutcome\n\n#### D\n\noutcome output"
    assert linked(framework, text) == [("outcome", "outcome")] * 4 + [("output", "output")]
    assert show(framework, text).count("<div popover") == 2


@pytest.mark.parametrize(
    "html",
    [
        *(f"<{tag}>an outcome</{tag}>" for tag in ("h1", "h2", "h3", "h4", "h5", "h6")),
        '<a href="x.html">an outcome</a>',
        "<button>an outcome</button>",
        "<select><option>an outcome</option></select>",
        "<blockquote><p>an <b>outcome</b></p></blockquote>",
        "<figure><img alt=outcome><figcaption>an outcome</figcaption></figure>",
        "<p><q>an outcome</q></p>",
        "<code>an outcome</code>",
        "<pre>an outcome</pre>",
        "<nav><ul><li>an outcome</li></ul></nav>",
        "<script>if (a<b) outcome</script>",
        "<style>outcome > a</style>",
        "<dl><dt>outcome</dt></dl>",
        *(f'<p class="x {name} y">an <i>outcome</i></p>' for name in ("tools", "cites", "statement", "mark", "for", "web")),
        "<!-- an outcome -->",
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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("outcomesque foutcome outcome_x non-outcome outcome-like routput", []),
        ("(outcome), output's", ["outcome", "output"]),
        ("an outcome—output", ["outcome", "output"]),
        ("OUTCOME Output", ["OUTCOME", "Output"]),
        ("social value act", ["social value act"]),
        ("social values and a social value act", ["social values", "social value act"]),
        ("social value acting", ["social value"]),
        ("Social\nvalue", ["Social\nvalue"]),
        ("commissioning strategies", ["commissioning strategies"]),
        ("commissioning strategys", []),
        ("surveys", ["surveys"]),
        ("processes", ["processes"]),
        ("surveies", []),
        ("MEAT", ["MEAT"]),
        ("MEATs", ["MEATs"]),
        ("meat Meat MEATS MEATes", []),
        ("TOMs", ["TOMs"]),
        ("national toms", ["national toms"]),
        ("toms TOMS TOMses", []),
        ("R&D (new) 2+2=5", ["R&amp;D (new)"]),
        ("2+2=5", ["2+2=5"]),
        ("22=5 R&D new", []),
        ("CAFÉ cafés", ["CAFÉ"]),
        ("social&nbsp;value", ["social&nbsp;value"]),
        ("social &#160; value", ["social &#160; value"]),
        ("user's view", ["user's view"]),
        ("user&#39;s view", ["user&#39;s view"]),
        ("users view", []),
        ("contract", []),
        ("outcome contract", []),
    ],
)
def test_which_words_are_a_name(framework: Framework, text: str, found: list[str]) -> None:
    assert words(framework, text) == found


def test_a_longer_name_hides_the_shorter_one_every_time(framework: Framework) -> None:
    assert words(framework, "social value act, social value act") == ["social value act"]


def test_terms_linked_by_hand_in_a_page(framework: Framework) -> None:
    text = "An outcome, [[outcome]], a [[contract|deal]] and [[social-value]].\n\n## B\n\nAn outcome."
    assert linked(framework, text) == [
        ("outcome", "outcome"),
        ("contract", "deal"),
        ("social-value", "social value"),
        ("outcome", "outcome"),
    ]
    assert show(framework, text).startswith("<p>An outcome, <button")


def test_by_hand_goes_where_the_machine_does_not(framework: Framework) -> None:
    assert words(framework, '> [[outcome]]\n\n"[[output]]"\n\n[[social-value|a <b> *c*]]') == ["outcome", "output", "a &lt;b&gt; *c*"]


def test_by_hand_there_is_no_button_in_headings_links_or_code(framework: Framework) -> None:
    html = show(framework, "# [[outcome]]\n\n[to [[output|the output]]](x.md) `[[survey]]`\n\nAn outcome, an output")
    assert html.partition("</h1>")[0] == '<h1 id="outcome">outcome'
    assert '<a href="x.md">to the output</a> <code>[[survey]]</code>' in html
    assert words(framework, "# T [[outcome]]\n\n[to [[output|the output]]](x.md)\n\nAn outcome, an output") == ["outcome", "output"]


def test_what_is_no_term_stays_as_it_is_typed(framework: Framework) -> None:
    assert show(framework, "[[nothing]]") == "<p>[[nothing]]</p>"
    assert show(framework, '<p><a class="term" href="../#nothing">x</a></p>') == '<p><a class="term" href="../#nothing">x</a></p>'


def test_terms_linked_by_hand_in_a_record(framework: Framework) -> None:
    by_hand = '<a class="term" href="../../glossary/#outcome">a &amp; change</a>'
    html = f'<div><p>An outcome and {by_hand}, <a href="../../glossary/#output">x</a>.</p></div>'
    assert linked(framework, html) == [("outcome", "a &amp; change")]
    assert '<a href="../../glossary/#output">x</a>' in show(framework, html)


def test_ids_do_not_clash_with_anchors(framework: Framework) -> None:
    html = show(framework, "## Outcome {: #term-outcome }\n\nAn outcome. <b id='x'></b>\n\n<p id=\"term-outcome-meaning\"></p>")
    assert 'popovertarget="term-outcome-meaning-meaning">outcome' in html
    assert '<div popover id="term-outcome-meaning-meaning"' in html


def test_on_the_glossary_page_the_entry_is_the_target(framework: Framework) -> None:
    assert 'href="#outcome"' in show(framework, "An outcome", "glossary/")


def test_without_a_page_set_nothing_is_done(framework: Framework) -> None:
    assert show(None, "An outcome [[outcome]]") == "<p>An outcome [[outcome]]</p>"
    assert "term-link" in show(framework, "An outcome")
    assert Markdown(extensions=[EXTENSION]).convert("An outcome") == "<p>An outcome</p>", "a page is set for one page only"


def test_a_framework_without_terms() -> None:
    assert show(Framework({}, {}), "An outcome") == "<p>An outcome</p>"


def test_the_engine_says_which_page_is_made(project: Path) -> None:
    engine = SimpleNamespace(
        project_dir=str(project),
        conf={"extra": {"serving": True}, "site_url": None, "site_name": "Small framework"},
        macros={},
        variables={},
        page=SimpleNamespace(url="values/", file=SimpleNamespace(src_uri="values.md"), meta={}),
        macro=lambda *_: None,
    )
    markdown = Markdown(extensions=[EXTENSION])

    def made() -> str:
        engine.env = Environment(autoescape=True)
        macros.on_pre_page_macros(engine)
        return markdown.reset().convert("An outcome")

    macros.define_env(engine)
    assert 'href="../glossary/#outcome"' in made()
    (project / "data/values/trust.yml").write_text("x")
    macros.define_env(engine)
    assert made() == "<p>An outcome</p>"


@pytest.mark.costly
def test_the_pattern_is_made_once_and_a_long_page_is_quick(real: Framework) -> None:
    glossary = glossary_links._glossary(real)
    assert glossary_links._glossary(real) is glossary
    text = '<p>The outcome of social value, and a most economically advantageous "tender" that \u201cnobody won.</p>\n' * 20_000
    start = time.process_time()
    show(real, text)
    assert time.process_time() - start < 20


def test_the_pattern_finds_what_trying_each_name_finds(real: Framework) -> None:
    names = sorted(
        {name.lower().replace("’", "'") for term in real.all(Term) for name in glossary_links.names(term)}, key=len, reverse=True
    )
    whole = [re.compile(rf"{re.escape(html.escape(name, quote=False))}(?![\w-])") for name in names]
    text = " ".join(" ".join(file.read_text("utf-8").lower().split()) for file in sorted((ROOT / "content").rglob("*.md")))[:20_000]
    expected, at = [], 0
    while at < len(text):
        starts = not at or not re.match(r"[\w&#-]", text[at - 1])
        found = next(filter(None, (name.match(text, at) for name in whole)), None) if starts else None
        expected += [found[0]] if found else []
        at = found.end() if found else at + 1
    assert [found[0] for found in re.finditer(glossary_links._pattern(names), text)] == expected
    assert len(expected) > 20


def test_ten_times_the_names_do_not_take_ten_times_as_long() -> None:
    names = [f"{one}{other}{n} thing" for n in range(10) for one in string.ascii_lowercase for other in string.ascii_lowercase]
    text = " ".join(names).replace("thing", "word") * 20

    def seconds(some: list[str]) -> float:
        pattern = re.compile(glossary_links._pattern(some))
        start = time.process_time()
        assert not pattern.search(text)
        return time.process_time() - start

    assert seconds(names) < 5 * seconds(names[::10]) + 0.5


# The built site.


def pages(site: Path) -> Iterator[tuple[str, Any]]:
    for file in html_of(site):
        yield file.relative_to(site).as_posix(), lxml.html.fromstring(file.read_bytes(), parser=lxml.html.HTMLParser(encoding="utf-8"))


def test_no_button_in_a_link_or_heading_and_no_id_twice(site: Path) -> None:
    triggers = 0
    for path, page in pages(site):
        inside = "//*[self::a or self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6 or self::button]//button"
        assert page.xpath(inside) == [], path
        assert [i for i, n in Counter(page.xpath("//@id")).items() if n > 1] == [], path
        popovers = page.xpath("//*[@popover][not(self::nav)]/@id")
        wanted = page.xpath('//button[@class="term-link"]/@popovertarget')
        assert sorted(set(wanted)) == sorted(popovers), path
        assert page.xpath("//*[@data-term]") == [], path
        assert page.xpath('//a[@class="term"][not(ancestor::*[@popover])]') == [], path
        triggers += len(wanted)
    assert triggers > 300


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
    page.goto(f"{address}stages/2-specify/")
    before = page.url
    yield page
    assert page.url == before
    assert faults == []
    context.close()


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def opened(page: Page) -> Any:
    return page.locator(".term-popover:popover-open")


@pytest.mark.parametrize("guide", [{}, PHONE], indirect=True, ids=["desk", "phone"])
def test_by_keyboard(guide: Page) -> None:
    trigger = guide.locator(".term-link").first
    for _ in range(300):
        guide.keyboard.press("Tab")
        if trigger.evaluate("e => e === document.activeElement"):
            break
    assert trigger.evaluate("e => e === document.activeElement")
    assert trigger.evaluate("e => parseFloat(getComputedStyle(e).outlineWidth)") >= 2
    assert opened(guide).count() == 0
    guide.keyboard.press("Enter")
    assert opened(guide).is_visible()
    guide.keyboard.press("Tab")
    assert opened(guide).evaluate("e => e.contains(document.activeElement)"), "the pop-up comes next after its trigger"
    guide.keyboard.press("Escape")
    assert opened(guide).count() == 0
    assert trigger.evaluate("e => e === document.activeElement")
    guide.keyboard.press("Space")
    assert opened(guide).is_visible()
    guide.keyboard.press("Escape")
    assert trigger.evaluate("e => e === document.activeElement")


def test_by_pointer(guide: Page, real: Framework) -> None:
    trigger = guide.locator(".term-link", has_text="outcomes").first
    trigger.click()
    popover = opened(guide)
    term = real.find_now("term", "outcome")
    assert isinstance(term, Term)
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


@pytest.mark.parametrize("guide", [PHONE], indirect=True)
def test_by_finger(guide: Page) -> None:
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


def test_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}stages/2-specify/")
    page.locator(".term-link").first.click()
    assert opened(page).is_visible()
    context.close()


def luminance(colour: str) -> float:
    parts = [float(part) / 255 for part in re.findall(r"[\d.]+", colour)[:3]]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("guide", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True, ids=["light", "dark"])
def test_contrast(guide: Page) -> None:
    guide.locator(".term-link").first.click()
    popover = opened(guide)
    paint = """(e, name) => {
        const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
        const fill = colour => { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); };
        fill(getComputedStyle(e.closest(".term-popover")).backgroundColor);
        if (name) fill(getComputedStyle(e).color);
        return "rgb(" + [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3) + ")";
    }"""
    ground = luminance(popover.evaluate(paint, ""))
    for part in (".term-name", "p >> nth=1", ".term-more a", ".term-close"):
        ink = luminance(popover.locator(part).first.evaluate(paint, "color"))
        assert (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05) >= 4.5, part


def test_triggers_can_be_hit(guide: Page) -> None:
    for trigger in guide.locator(".term-link").all():
        box = trigger.bounding_box()
        assert box
        assert box["height"] >= 24
        assert box["width"] >= 24


def test_in_print_a_trigger_is_plain_text(guide: Page) -> None:
    trigger = guide.locator(".term-link").first
    trigger.click()
    guide.emulate_media(media="print")
    assert not guide.locator(".term-popover").first.is_visible()
    assert guide.locator(".term-popover:visible").count() == 0
    assert trigger.is_visible()
    assert "none" in trigger.evaluate("e => getComputedStyle(e).textDecorationLine")
