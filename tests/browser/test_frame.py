"""Test the frame of pages: menu, breadcrumbs, contents and diagram of the cycle, by keyboard and without a script, too."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urljoin

import lxml.html
import pytest
from lxml.html import HtmlElement
from playwright.sync_api import Page

from macros.model.framework import Framework
from macros.model.output import Stamp
from macros.model.records import Audience, Recommendation, Stage, Template
from macros.site_build.project import Project
from macros.templates import TEMPLATES
from tests.browser.conftest import Partly
from tests.conftest import ROOT, STAGE, html_of, in_page_order, wait_until


def words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, HtmlElement]:
    """The trees of all pages that have the site's frame, by address."""
    trees = {f.relative_to(site).as_posix().removesuffix("index.html"): lxml.html.parse(f).getroot() for f in html_of(site)}
    return {url: tree for url, tree in trees.items() if tree.find_class("site-header")}


def test_every_page_has_the_frame(pages: dict[str, HtmlElement], real_project: Project, stamp: Stamp) -> None:
    menus, titles, descriptions = set(), set(), set()
    listed = {urljoin("/about/sitemap/", a.get("href")) for a in pages["about/sitemap/"].find_class("sitemap")[0].iter("a")} - {"/"}
    stages = [stage.url for stage in real_project.valid_framework.all(Stage)]
    for url, page in pages.items():
        levels = [int(heading.tag[1]) for heading in page.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")]
        assert levels.count(1) == 1, url
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), url
        titles.add(words(page.find(".//title")))
        sections = page.xpath('//nav[@id="menu"]/ul/li/a')
        menus.add(tuple(map(words, sections)))
        inside = url not in ("", "404.html")
        assert len([a for a in sections if a.get("aria-current")]) == inside, url
        assert len(page.xpath('//nav[@id="menu"]//a[@aria-current="page"]')) == (f"/{url}" in listed), url
        if page.find_class("section-pages"):
            assert len(page.xpath('//nav[@class="section-pages"]//a[@aria-current="page"]')) == (
                url[:10] != "templates/" or f"/{url}" in listed
            ), url
        crumbs = page.xpath('//nav[@class="breadcrumbs"]//li')
        assert [words(crumb) for crumb in crumbs[:1]] == ["Home"] * inside, url
        assert all(crumb.find("a") is not None for crumb in crumbs), url
        strip = page.xpath('//nav[@class="stages"]//a[@aria-current]/@href')
        assert [urljoin(f"/{url}", link) for link in strip] == [
            f"/{stage}" for stage in stages if url.startswith((stage, stage[7])) and url != "404.html"
        ], url
        if contents := page.find_class("contents"):
            parts = page.xpath('//div[starts-with(@class, "body")]//*[self::h2 or self::h3][a[@class="headerlink"]]/@id')
            assert [link.get("href") for link in contents[0].iter("a")] == [f"#{part}" for part in parts], url
        properties = {meta.get("property"): meta.get("content") for meta in page.xpath("//meta[@property]")}
        assert properties["og:title"], url
        assert properties["og:image"] == stamp.at("card.png"), url
        assert properties.get("og:url") == stamp.at(url) or url == "404.html", url
        descriptions.add(properties["og:description"])
        assert f"Edition {stamp.edition}." in words(page.find_class("site-footer")[0]), url
        assert len(page.find_class("draft")) == real_project.draft, url
        assert len(page.find_class("page-footer")) == (url != "404.html"), url
    assert len(menus) == 1
    assert len(titles) == len(pages)
    assert len(descriptions) >= len(pages) - 1, "only the page 404 may repeat one"


def test_a_page_names_its_place_title_and_footer(site: Path, pages: dict[str, HtmlElement], real: Framework, stamp: Stamp) -> None:
    title = f"Stage 2. {real.all(Stage)[1].title}"
    assert [words(li) for li in pages[STAGE].xpath('//nav[@class="breadcrumbs"]//li')] == ["Home", "Stages"]
    assert words(pages[STAGE].find(".//title")) == f"{title} - {stamp.name}"
    marks = pages[STAGE].find_class("headerlink")
    assert {(mark.get("aria-hidden"), mark.get("tabindex")) for mark in marks} == {("true", "-1")}, "the keyboard skips them"
    (footer,) = pages["glossary/"].find_class("page-footer")
    assert f"Edition {stamp.edition}" in words(footer)
    assert f"(revision {stamp.revision})" in words(footer)
    subject = quote(words(pages["glossary/"].find(".//h1")).removesuffix("#"))
    links = [f"mailto:{real.site.email}?subject={subject}", "../about/suggest/", real.site.file_at("content/glossary.md")]
    links.append(f"mailto:?subject={subject}&body={stamp.at('glossary/')}")
    assert [a.get("href") for a in footer.iter("a")] == links
    assert (site / "card.png").is_file()
    assert not (site / "assets").exists(), "nothing of the theme"


def test_404_page_and_sitemap_list_every_page(pages: dict[str, HtmlElement]) -> None:
    assert words(pages["404.html"].find(".//h1")) == "There is no page at this address"
    assert words(pages["404.html"].find(".//title")).startswith("There is no page at this address")
    assert pages["404.html"].xpath('//div[@class="body"]//a[starts-with(@href, "mailto:")]')
    for url in ("404.html", "about/sitemap/"):
        listed = {a.get("href") for a in pages[url].find_class("sitemap")[0].iter("a")}
        assert {urljoin(f"/{url}", link) for link in listed} >= {
            f"/{page}" for page in pages if page[:1].isalpha() and page[:10] != "templates/" and "/all/" not in page
        } - {"/404.html"}, url


def test_the_picture_of_the_cycle_and_the_strip_link_every_stage_in_order(pages: dict[str, HtmlElement], real: Framework) -> None:
    stages = real.all(Stage)
    for url in ("", "cycle/"):
        (figure,) = pages[url].find_class("cycle-picture")
        drawn, listed = figure.xpath(".//svg//a"), figure.xpath("./ol//a")
        for links in (drawn, listed):
            assert [urljoin(f"/{url}", link.get("href")) for link in links] == [f"/{stage.url}" for stage in stages]
        assert [link.get("aria-label") for link in drawn] == [f"Stage {s.number}. {s.title}" for s in stages]
        assert [words(link) for link in listed] == [f"{s.number} {s.title}" for s in stages]
    strip = pages[STAGE].xpath('//nav[@class="stages"]//a')
    assert [urljoin(f"/{STAGE}", link.get("href")) for link in strip] == [f"/{stage.url}" for stage in stages]


def test_the_cycle_is_a_list_on_a_phone_and_a_picture_on_a_desktop(page: Page, phone: Page, address: str) -> None:
    for screen, drawn in ((page, True), (phone, False)):
        screen.goto(address)
        assert screen.locator(".cycle-picture svg").is_visible() is drawn
        assert screen.locator(".cycle-picture ol").is_visible() is not drawn
    phone.set_viewport_size({"width": 320, "height": 700})
    phone.goto(address + STAGE)
    strip = [stage.bounding_box() for stage in phone.locator(".stages a").all()]
    assert all(box and box["width"] >= 24 and box["height"] >= 24 and box["x"] + box["width"] <= 320 for box in strip)
    assert len({box and box["y"] for box in strip}) == 1, "the strip is one row"


def test_home_is_one_screen_and_the_choice_of_audience_is_in_the_first_of_a_phone(page: Page, phone: Page, address: str) -> None:
    for screen, last in ((page, ".home > :is(ul, p)"), (phone, ".audience-choice")):
        screen.set_viewport_size({"width": screen.evaluate("innerWidth"), "height": 844 if screen is phone else 900})
        screen.goto(address)
        box = screen.locator(last).last.bounding_box()
        assert box
        assert box["y"] + box["height"] <= screen.evaluate("innerHeight"), last


def test_the_menu_takes_one_line_at_1024_pixels(screen: Callable[..., Page], address: str) -> None:
    page = screen(1024)
    page.goto(address)
    assert page.locator(".sections > ul > li:visible").evaluate_all("items => new Set(items.map(i => i.offsetTop)).size") == 1


def test_the_first_step_of_a_recommendation_is_in_the_first_screen(page: Page, phone: Page, address: str, real: Framework) -> None:
    for screen in (page, phone):
        for record in [r for r in real.all(Recommendation) if not r.withdrawn][::6]:
            screen.goto(address + record.url)
            assert screen.locator(".steps .do").first.evaluate("step => step.getBoundingClientRect().bottom < innerHeight"), record.id


def test_a_stage_takes_at_most_four_screens_and_700_words(screen: Callable[..., Page], address: str, real: Framework) -> None:
    """What is folded counts in neither."""
    desktop = screen(1440)
    for stage in real.all(Stage):
        desktop.goto(address + stage.url)
        assert desktop.locator("article").evaluate("article => article.getBoundingClientRect().bottom") <= 4 * 900, stage.id
        assert len(desktop.locator(".body").inner_text().split()) <= 700, stage.id


def test_the_contents_mark_the_part_that_is_read(page: Page, address: str) -> None:
    page.goto(address + "golden-rules/")
    for part in page.locator(".body > h2[id]").all()[1:8:3]:
        part.evaluate("part => part.scrollIntoView()")
        marked = f'.contents [href="#{part.get_attribute("id")}"][aria-current]'
        wait_until(page, lambda marked=marked: page.locator(marked).count() == page.locator(".contents [aria-current]").count() == 1)  # type: ignore[misc]


def test_the_menu_opens_and_closes_by_keyboard_on_a_phone(phone: Page, address: str) -> None:
    phone.goto(address + STAGE)
    menu, button = phone.locator("#menu"), phone.get_by_role("button", name="Menu")
    assert not menu.is_visible()
    button.focus()
    phone.keyboard.press("Enter")
    assert menu.is_visible()
    assert phone.evaluate("document.activeElement.textContent") == "Close the menu"
    phone.keyboard.press("Tab")
    assert phone.evaluate("document.activeElement.closest('#menu') !== null")
    size = "(({ left, top, width, height }) => [left, top, width, height])(document.querySelector('#menu').getBoundingClientRect())"
    assert phone.evaluate(size) == phone.evaluate("[0, 0, innerWidth, innerHeight]")
    phone.locator("#menu button.colours").focus()
    phone.keyboard.press("Tab")
    assert menu.is_hidden(), "the menu closes when the focus leaves it"
    button.press("Enter")
    phone.keyboard.press("Escape")
    assert not menu.is_visible()
    assert phone.evaluate("document.activeElement.textContent") == "Menu"
    phone.keyboard.press("Tab")
    assert phone.evaluate("document.activeElement.closest('#menu') === null"), "a closed menu takes no focus"


def test_a_meaning_does_not_cover_its_word_on_a_phone(phone: Page, address: str) -> None:
    phone.goto(f"{address}{STAGE}all/")
    height = phone.evaluate("innerHeight")
    word = phone.locator(".recommendation .term-link").first
    word.evaluate("word => scrollBy(0, word.getBoundingClientRect().top - innerHeight + 60)")
    assert word.evaluate("word => word.getBoundingClientRect().bottom") > height - 80
    word.press("Enter")
    meaning = phone.locator(".term-popover:popover-open")
    meaning.wait_for()  # not wait_for_function: the page's policy forbids what it evaluates while it waits
    wait_until(
        phone,
        lambda: (
            word.evaluate("word => word.getBoundingClientRect().bottom")
            <= meaning.evaluate("meaning => meaning.getBoundingClientRect().top")
        ),
    )


def test_the_skip_link_leads_to_the_title(page: Page, address: str) -> None:
    page.goto(address + STAGE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert page.evaluate("getComputedStyle(document.activeElement).opacity") == "1"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.querySelector('h1').textContent").startswith("Stage 2.")


def test_no_single_key_does_anything(page: Page, address: str) -> None:
    page.goto(address + STAGE)
    before = page.evaluate("[location.href, document.activeElement.tagName, scrollY]")
    for key in "abcdefghijklmnopqrstuvwxyz/?.,;'[]1234567890":
        page.keyboard.press(key)
    page.wait_for_timeout(200)
    assert page.evaluate("[location.href, document.activeElement.tagName, scrollY]") == before
    assert page.locator("dialog[open], :popover-open").count() == 0


def test_colours_are_chosen_and_kept(page: Page, address: str) -> None:
    page.goto(address)
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("button", name="Dark colours").click()
    assert page.evaluate(ground) != light
    page.goto(address + STAGE)
    assert page.evaluate(ground) != light
    page.get_by_role("button", name="Light colours").click()
    assert page.evaluate(ground) == light


def shown_steps(page: Page) -> list[int]:
    return list(page.locator(".steps > li:visible").evaluate_all("all => all.map(li => li.value)"))


def test_a_role_hides_the_steps_of_others_and_keeps_numbers(page: Page, address: str, real: Framework) -> None:
    page.goto(address + STAGE + "all/")
    recommendations = [r for r in in_page_order(real, real.all(Stage)[1]) if not r.withdrawn]
    steps = [(number, do) for r in recommendations for number, do in enumerate(r.do, 1)]
    status = page.locator(".role-choice [role=status]")
    assert shown_steps(page) == [number for number, _ in steps]
    assert page.locator(".role-tools, .others").locator("visible=true").count() == 0
    for audience in real.all(Audience):
        page.get_by_role("radio", name=audience.plural).check()
        mine = [number for number, do in steps if audience.id in do.audience]
        assert shown_steps(page) == mine
        assert status.text_content() == f"Steps for {audience.plural.lower()}, {len(mine)} of {len(steps)}"
        assert page.url.endswith(f"?for={audience.id}")
        without = [r for r in recommendations if audience.id not in r.audiences]
        assert page.get_by_text(f"No step here is for {audience.plural.lower()}.").count() == len(without)
    page.reload()
    assert page.get_by_role("radio", name=audience.plural).is_checked()
    assert shown_steps(page) == mine
    others = page.get_by_role("button", name=re.compile(r"Steps for others \(\d+\)")).first
    others.press("Enter")
    assert others.get_attribute("aria-expanded") == "true"
    assert shown_steps(page)[: len(recommendations[0].do)] == list(range(1, len(recommendations[0].do) + 1))
    page.get_by_role("button", name="Show all steps").press("Enter")
    assert page.evaluate("document.activeElement.parentElement.textContent") == "Everyone"
    for number in (1, 2):  # the second press undoes the first
        page.get_by_role("radio", name=audience.plural).click()
        assert page.get_by_role("radio", name="Everyone").is_checked() == (number == 2)
    assert shown_steps(page) == [number for number, _ in steps]
    assert (status.text_content(), "?" in page.url) == ("", False)


def test_a_role_chosen_once_holds_on_every_page(page: Page, address: str, partly: Partly) -> None:
    (role, people), stage, current = (partly.audience.id, partly.audience.plural.lower()), partly.stage, partly.current
    absent = partly.without[0]
    mine = f"e.matches('[data-for~={role}]') || !e.checkVisibility()"
    page.add_init_script(
        f"""document.addEventListener("readystatechange", () => {{ window.early ??= [document.documentElement.dataset.role,
        [...document.querySelectorAll("main li[data-for]")].every(e => {mine})]; }})"""
    )
    page.goto(f"{address}{stage.url}?for={role}")  # a shared address
    assert page.evaluate("window.early") == [role, True], "before the first paint"
    shown = sorted(r.id for r in current if role in r.audiences)
    present = next(r for r in current if r.id in shown)
    listed = page.locator(".recommendations > [data-for]:visible")
    assert sorted(listed.evaluate_all("all => all.map(li => li.id)")) == shown
    words = f"Recommendations with a step for {people}, {len(shown)} of {len(current)}"
    assert page.locator(".role-choice [role=status]").text_content() == words
    steps = {r.id: (sum(role in do.audience for do in r.do), len(r.do)) for r in current}
    counts = [
        f"{mine} of {number} steps for {people}"
        for mine, number in (steps[id_] for id_ in listed.evaluate_all("all => all.map(li => li.id)"))
    ]
    assert listed.locator(".count").all_text_contents() == counts
    page.get_by_role("button", name=f"Recommendations without a step for {people}").first.click()
    assert listed.count() > len(shown)
    page.goto(f"{address}{stage.url}#{absent.id}")
    assert page.locator(f"[id='{absent.id}']").is_visible(), "an old address leads to its entry"
    page.goto(address + absent.url)
    assert page.evaluate("window.early") == [role, True]
    page.get_by_text(f"No step here is for {people}.").wait_for()
    assert len(shown_steps(page)) == len(absent.do), "a page without a step for the role shows those of others"
    page.get_by_role("button", name=f"Steps for others ({len(absent.do)})").click()
    assert shown_steps(page) == []
    page.get_by_role("button", name="Show all steps").click()
    page.goto(address + present.url)
    assert len(shown_steps(page)) == len(present.do)
    page.goto(f"{address}{present.url}?for=nobody")
    assert page.get_by_role("radio", name="Everyone").is_checked()
    assert len(shown_steps(page)) == len(present.do)


def test_links_carry_the_role_where_nothing_is_kept(page: Page, address: str, real: Framework) -> None:
    audience = real.all(Audience)[1]
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('blocked'); } })")
    page.goto(address + STAGE)
    page.get_by_role("radio", name=audience.plural).check()
    page.locator(".recommendations a:visible").first.click()
    page.wait_for_url(f"**/?for={audience.id}")
    assert page.get_by_role("radio", name=audience.plural).is_checked()
    page.locator("input:checked").evaluate("r => { r.value = 'id-of-words'; r.dispatchEvent(new Event('change', { bubbles: true })); }")
    assert page.locator("main a[href$='?for=id-of-words']").count()
    page.get_by_role("radio", name="Everyone").check()
    assert page.locator("main a[href*='?for=']").count() == 0


def test_undoing_a_choice_survives_going_back(page: Page, address: str, partly: Partly) -> None:
    page.goto(f"{address}{partly.stage.url}?for={partly.audience.id}")
    page.goto(address + partly.without[0].url)
    page.get_by_role("button", name="Show all steps").click()
    page.go_back()
    assert page.get_by_role("radio", name="Everyone").is_checked()
    assert "?" not in page.url


@pytest.mark.our_content
def test_the_wording_of_a_template_is_copied_with_its_structure(page: Page, address: str, real: Framework) -> None:
    def has(template: Template, kind: str) -> bool:
        return any(getattr(part, kind) for part in template.parts)

    template = next(t for t in real.all(Template) if has(t, "items") and has(t, "rows"))
    page.goto(address + template.url)
    page.get_by_role("button", name="Copy the wording").first.click()
    page.get_by_text("Copied.").wait_for()
    read = "async kind => { const [item] = await navigator.clipboard.read(); return (await item.getType(kind)).text(); }"
    html, plain = (page.evaluate(read, kind) for kind in ("text/html", "text/plain"))
    wording = page.locator(f"#wording-{template.id}")
    for tag in ("h3", "li", "table", "th", "td"):
        texts = wording.locator(tag).all_text_contents()
        assert [words(element) for element in lxml.html.fromstring(html).iter(tag)] == [" ".join(text.split()) for text in texts], tag
    assert "class=" not in html
    blanks = wording.locator(".blank").all_text_contents()
    assert blanks
    for blank in blanks:
        assert blank.startswith("[")
        assert " ".join(blank.split()) in " ".join(plain.split())
    for part in template.parts:
        assert part.heading in plain.splitlines()
    assert len(re.findall(r"^(?:- |\d+\. )", plain, re.MULTILINE)) >= wording.locator("li").count()
    assert page.locator(f"#wording-{template.id}").count() == 1, "the copy made for the clipboard is gone"


def test_the_address_of_a_recommendation_is_copied(page: Page, address: str, real: Framework) -> None:
    record = real.recommendations(real.all(Stage)[1])[0]
    page.goto(f"{address}{STAGE}all/")
    page.get_by_role("button", name=f"Copy the address of {record.id}").click()
    page.get_by_text("Copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == address + record.url


def test_without_a_script_everything_but_filters_is_there(without_script: Page, address: str, real: Framework) -> None:
    page = without_script
    page.goto(address + STAGE)
    for offered in ("button.colours", "button.copy", ".print-page", ".role-choice"):
        assert page.locator(offered).first.is_hidden(), offered
    for audience in real.all(Audience):
        link = page.locator(".for-audience").get_by_role("link", name=audience.plural)
        assert link.get_attribute("href") == f"../../audiences/{audience.id}/#{real.all(Stage)[1].id}"
    page.get_by_role("button", name="Menu").click()
    page.locator("#menu").get_by_role("link", name="Glossary").click()
    page.wait_for_url("**/glossary/")
    page.goto(f"{address}{STAGE}all/")
    page.locator(".term-link:visible").first.click()
    assert page.locator(".term-popover:popover-open").is_visible()


def test_without_a_script_dark_screens_get_dark_colours(screen: Callable[..., Page], address: str) -> None:
    for scheme, ground in (("light", "rgb(255, 255, 255)"), ("dark", "rgb(17, 25, 23)")):
        page = screen(java_script_enabled=False, color_scheme=scheme)
        page.goto(address)
        assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == ground


@pytest.mark.our_content
@pytest.mark.parametrize("url", ["definition/", "glossary/"])
def test_lines_have_60_to_75_letters(page: Page, address: str, url: str) -> None:
    page.goto(address + url)
    letters = page.evaluate(
        """[...document.querySelectorAll('.body > p:not(.purpose, .lead), .body > div:not([popover]) > p')]
            .filter(p => p.textContent.length > 200).map(p => {
            const pen = document.createElement('canvas').getContext('2d');
            const style = getComputedStyle(p);
            pen.font = `${style.fontSize} ${style.fontFamily}`;
            return p.clientWidth / (pen.measureText(p.textContent).width / p.textContent.length);
        })"""
    )
    middle = sorted(letters)[len(letters) // 2]
    assert 60 <= middle <= 75


def test_the_stylesheet_has_no_unused_class(site: Path) -> None:
    """A class counts as used, too, if a script or a template names it, as some records make it appear only sometimes."""
    sources = [*html_of(site), *(ROOT / "content").glob("*.js"), *TEMPLATES.rglob("*.j2"), *(ROOT / "overrides").rglob("*.html")]
    named = set(re.findall(r"[\w-]+", "".join(file.read_text("utf-8") for file in sources)))
    style = (site / "framework.css").read_text("utf-8")
    assert not re.search(r"\b(?:transition|animation)\b", style), "nothing moves"
    css = re.sub(r"/\*.*?\*/|\{[^{}]*\}", "", style, flags=re.DOTALL)
    assert set(re.findall(r"[.#]([a-z][\w-]*)", css)) - named == set()
