"""The zip file for reading without a server: links lead to files, and a browser opens it from a folder."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from macros.model.framework import Framework
from macros.model.records import Recommendation
from macros.outputs.offline_zip import FOLDER, by_file, offline_zip
from macros.site_build.postprocess import dead_links, parsed_pages
from macros.text.typography import typographic
from tests.conftest import STAGE, cases, html_of


@pytest.mark.parametrize(("link", "to_file"), cases("offline_zip.links_lead_to_files"))
def test_links_lead_to_files(link: str, to_file: str) -> None:
    assert by_file(link) == to_file


@pytest.fixture(scope="module")
def copy(site: Path, real: Framework, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    with zipfile.ZipFile(io.BytesIO(offline_zip(site, real.site.edition_date).content)) as packed:
        packed.extractall(folder)
    return folder / FOLDER


def test_it_has_every_page_and_no_dead_link(site: Path, copy: Path) -> None:
    pages = {file.relative_to(site) for file in html_of(site)} - {Path("404.html")}
    assert {file.relative_to(copy) for file in copy.rglob("*.html")} == pages
    assert list(dead_links(copy, parsed_pages(copy))) == []
    assert (copy / "downloads/framework.pdf").read_bytes() == (site / "downloads/framework.pdf").read_bytes()


@pytest.mark.costly
def test_it_is_reproducible(site: Path, real: Framework) -> None:
    first, second = (offline_zip(site, real.site.edition_date).content for _ in range(2))
    assert first == second


def test_a_browser_reads_it_from_a_folder(browser: Browser, copy: Path, real: Framework) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((copy / "index.html").as_uri())
    assert page.evaluate("getComputedStyle(document.querySelector('.menu-button')).display") == "none", "the stylesheet is there"
    page.locator(".cycle-picture svg a").nth(1).click()
    page.wait_for_url(f"**/{STAGE}index.html")
    page.goto(page.url.replace("/index.html", "/all/index.html"))
    page.locator(".term-link:visible").first.click()
    expect(page.locator(".term-popover:popover-open")).to_be_visible()
    record = real.all(Recommendation)[0]
    page.goto((copy / record.url / "index.html").as_uri())
    expect(page.locator("h1")).to_contain_text(typographic(record.title))
    page.get_by_role("link", name="Search", exact=True).first.click()
    page.wait_for_url("**/search/index.html")
    expect(page.locator("#search-page .search-count")).to_have_text("The search could not start. It needs the site to be on a web server.")
    assert errors == []
    context.close()
