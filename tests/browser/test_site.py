"""Test that the built site has every record, relation and short address."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import get_args
from urllib.parse import quote, urljoin

import lxml.html
import pytest
from markupsafe import escape
from playwright.sync_api import Page, expect

from macros.model.framework import Framework
from macros.model.records import KINDS, SINGLES, Law, LawQuestion, Recommendation, Term
from macros.rendering.edit_links import id_of, suggest_url
from macros.text.typography import typographic
from tests.conftest import TESTS, html_of
from tests.crawl import dead


@pytest.mark.parametrize("kind", KINDS)
def test_every_record_is_at_its_address_with_links_to_change_it(site: Path, real: Framework, kind: str) -> None:
    for key, record in real.records.items():
        if key[0] == kind:
            html = (site / record.url.partition("#")[0] / "index.html").read_text("utf-8")
            assert f'{real.site.file_at(real.documents[key].path)}"' in html, key
            assert f"{real.site.file_at(real.documents[key].path, 'blob')}?plain=1#L" in html, key
            assert f"?ref={quote(id_of(real, record))}&amp;kind={record.folder}#without-account" in html, key
            assert str(escape(suggest_url(real, record))) in html, key
            assert record.kind in SINGLES or f'id="{record.url.partition("#")[2]}"' in html or "#" not in record.url, key


@pytest.mark.sweep
@pytest.mark.costly
def test_linkchecker_finds_no_dead_link(site: Path) -> None:
    assert dead(site, TESTS / "linkcheckerrc") == []


def test_a_short_address_leads_to_its_recommendation(screen: Callable[..., Page], address: str, real: Framework) -> None:
    for page, some in ((screen(), 5), (screen(java_script_enabled=False), 9)):
        for record in real.all(Recommendation)[::some]:
            page.goto(f"{address}{record.id}/")
            page.wait_for_url(f"{address}{record.url}")
            assert page.locator(f'[id="{record.id}"]').is_visible()


def test_every_relation_is_shown_at_both_ends(site: Path, real: Framework) -> None:
    """A record that names another links it on its page, and is linked from the other's; a withdrawn one keeps few of its relations."""
    shown: dict[str, set[str]] = {}

    def links(path: str) -> set[str]:
        if path not in shown:
            html = (site / path / "index.html").read_text("utf-8")
            main = html[html.index("<article") : html.index("</article>")]
            shown[path] = {urljoin(f"/{path}", link).lstrip("/") for link in re.findall(r'href="([^"?]*)', main)}
        return shown[path]

    def page(url: str) -> str:
        return url.partition("#")[0]

    missing = []
    one_way = ("moments.stages", "did.audience")  # the order of a page, and who acted in an example
    for reference in (r for r in real.references if real.shows(r) and r.relation not in one_way):
        holder = real.records[reference.holder]
        kind, target_id = reference.target
        url = f"about/coverage/#point-{target_id}" if kind == "point" else real.records[reference.target].url
        on_its_page = page(url) == page(holder.url) and kind in ("stage", "recommendation")
        if not on_its_page and url not in links(page(holder.url)):
            missing.append(f"{holder.url} does not link {url} ({reference.relation})")
        if holder.url not in links(page(url)):
            missing.append(f"{url} does not link {holder.url} ({reference.relation})")
    assert missing == []


def test_titles_and_navigation_have_typographic_marks(site: Path) -> None:
    for file in html_of(site):
        if (root := lxml.html.parse(file).getroot()).find_class("site-header"):
            labels = [part.text_content() for part in root.xpath("//title | //nav//a | //nav//li | //nav//p")]
            assert not [label for label in labels if set("\"'") & set(label)], file


def test_the_glossary_shows_the_terms_whose_names_are_typed(page: Page, address: str, real: Framework) -> None:
    page.goto(f"{address}glossary/")
    terms = real.all(Term)
    first, last = terms[0], terms[-1]
    field, status = page.get_by_label("Filter the terms"), page.locator(".term-filter [role=status]")
    field.fill(last.term.upper())
    named = [term for term in terms if last.term.lower() in " ".join((term.term, *term.also)).lower()]
    assert (status.text_content() or "").startswith(f"Showing {len(named)} of {len(terms)} terms")
    shown = page.locator(".body > h2:has(+ .term):visible").evaluate_all("all => all.map(heading => heading.id)")
    assert shown == [term.id for term in named]
    letters = page.locator(".letters summary:visible").all_text_contents()
    assert letters == sorted({term.term[0].upper() for term in named})
    field.fill("zzz qqq")
    assert page.locator(".term:visible").count() == 0
    assert "“zzz qqq”" in (status.text_content() or "")
    page.evaluate("id => { location.hash = id; }", first.id)
    expect(page.locator(f"[id='{first.id}']")).to_be_in_viewport()
    expect(page.locator(f"[id='{first.id}'] + .term .example")).to_be_visible()
    assert (field.input_value(), status.text_content(), page.locator(".term:visible").count()) == ("", "", len(terms))


def test_the_glossary_is_a_plain_list_without_a_script(without_script: Page, address: str, real: Framework) -> None:
    terms = real.all(Term)
    without_script.goto(f"{address}glossary/#{terms[-1].id}")
    expect(without_script.locator(f"[id='{terms[-1].id}']")).to_be_in_viewport()
    assert without_script.locator(".term:visible").count() == len(terms)
    assert without_script.locator(".term-filter").is_hidden()
    letter = terms[-1].term[0].upper()
    without_script.locator(".letters summary").get_by_text(letter, exact=True).click()
    listed = without_script.locator(".letters details[open] a").all_text_contents()
    assert listed == [typographic(term.term) for term in terms if term.term[0].upper() == letter]


def test_each_law_stands_under_its_question_and_opens_when_linked(page: Page, address: str, real: Framework) -> None:
    laws = sorted(real.all(Law), key=lambda law: get_args(LawQuestion).index(law.question))
    page.goto(f"{address}law/#{laws[-1].id}")
    assert [heading.get_attribute("id") for heading in page.locator("h3:has(+ .law)").all()] == [law.id for law in laws]
    assert page.locator(".law > .more[open]").count() == 1
    expect(page.locator(f"[id='{laws[-1].id}'] + .law .advice")).to_be_visible()
