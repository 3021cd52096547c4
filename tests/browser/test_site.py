"""Test that the built site has every record, relation and short address."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urljoin

import lxml.html
import pytest
from markupsafe import escape
from playwright.sync_api import Page

from macros.model.framework import Framework
from macros.model.records import KINDS, SINGLES, Recommendation
from macros.rendering.edit_links import id_of, suggest_url
from tests.conftest import TESTS, html_of
from tests.crawl import dead


@pytest.mark.parametrize("kind", KINDS)
def test_every_record_is_at_its_address_with_links_to_change_it(site: Path, real: Framework, kind: str) -> None:
    for key, record in real.records.items():
        if key[0] == kind:
            html = (site / record.url.partition("#")[0] / "index.html").read_text("utf-8")
            assert f'{real.site.file_at(real.documents[key].path)}"' in html, key
            assert f"{real.site.file_at(real.documents[key].path, 'blob')}?plain=1#L" in html, key
            assert f"?ref={quote(id_of(real, record))}&amp;kind={record.folder}&amp;field=" in html, key
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
            shown[path] = {urljoin(f"/{path}", link).lstrip("/") for link in re.findall(r'href="([^"]*)"', main)}
        return shown[path]

    def page(url: str) -> str:
        return url.partition("#")[0]

    missing = []
    for reference in filter(real.shows, real.references):
        holder = real.records[reference.holder]
        kind, target_id = reference.target
        url = f"about/coverage/#point-{target_id}" if kind == "point" else real.records[reference.target].url
        on_its_page = page(url) == page(holder.url) and kind in ("stage", "recommendation")
        if not on_its_page and url not in links(page(holder.url)):
            missing.append(f"{holder.url} does not link {url} ({reference.relation})")
        if holder.url not in links(page(url)):
            missing.append(f"{url} does not link {holder.url} ({reference.relation})")
    assert missing == []


def test_the_contents_of_a_page_have_typographic_marks(site: Path) -> None:
    for file in html_of(site):
        contents = lxml.html.parse(file).getroot().xpath('//*[contains(@class, "contents")]//a')
        assert not [link.text_content() for link in contents if set("\"'") & set(link.text_content())], file
