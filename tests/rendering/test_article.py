"""Test that an article has the same text as the page that MkDocs builds."""

from __future__ import annotations

from pathlib import Path

import lxml.html
import pytest

from macros.loading.pages import Page
from macros.model.framework import Framework
from macros.outputs.pdf.html_nodes import document, text
from macros.rendering.page_macros import PageMacros
from macros.rendering.sandbox import article
from macros.site_build.project import Project
from tests.conftest import present

PAGES = present("cycle/", "values/", "law/", "glossary/", "compact/", "definition/", "framework/", "brighton-and-hove/")


@pytest.mark.parametrize("url", PAGES)
def test_the_text_is_that_of_the_built_page(site: Path, real: Framework, real_project: Project, url: str) -> None:
    (page,) = (page for page in real_project.pages if page.url == url)
    html = article(page, PageMacros(real, lambda: url).macros())
    built = lxml.html.parse(site / url / "index.html").getroot().find(".//article")
    for gone in built.xpath('.//footer | .//a[@class="headerlink"]'):
        gone.drop_tree()
    for term in built.xpath('.//button[@class="term-link"]'):
        term.tag = "span"
    assert text(document([(url, html)], str)) == text(document([(url, lxml.html.tostring(built, encoding="unicode"))], str))


def test_a_link_to_a_file_leads_to_its_page_and_a_macro_is_called_with_its_argument() -> None:
    page = Page("content/compact/index.md", None, "[a](../common-core.md) [b](1-x.md#y) [c](index.md) [d](https://x.example/y.md)", 1)
    html = article(page, {})
    assert '<a href="/common-core/">a</a> <a href="/compact/1-x/#y">b</a> <a href="/compact/">c</a>' in html
    assert '<a href="https://x.example/y.md">d</a>' in html
    assert article(Page("content/x.md", None, '{{ point("1a") }}', 1), {"point": lambda name: f"<b>{name}</b>"}) == "<p><b>1a</b></p>"
