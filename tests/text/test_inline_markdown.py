"""Prose in records becomes HTML or plain text with a few marks, safe links and nothing else."""

from __future__ import annotations

import re

import lxml.html
import pytest
from markdown import Markdown, markdown

from macros.model.framework import Framework
from macros.text.inline_markdown import first_heading, heading, inline, is_address, links, literal, prose, to_plain_text
from tests.conftest import cases


def show(text: str) -> str:
    return str(prose(text, lambda target: f"at:{target}"))


@pytest.mark.parametrize(("text", "html"), cases("inline_markdown.prose_becomes_html"))
def test_prose_becomes_html(text: str, html: str) -> None:
    assert show(text) == html


@pytest.mark.parametrize(
    "text",
    [
        *("<script>alert(1)</script>", "a <b onclick=x>b</b>", "<div>\n\n*x*\n\n</div>", "<!-- comment -->", "&lt;script&gt;", "<?php ?>"),
        *("![x](https://a.example/x.png)", "[a][b]\n\n[b]: https://a.example", "# heading", "heading\n======="),
        *("text {: onclick=alert(1) }", "*[[<b>x</b>]]*"),
    ],
)
def test_prose_makes_no_html_pictures_or_headings_of_its_own(text: str) -> None:
    html = show(text)
    for tag in ("<script", "<b", "<div", "<img", "<h1", "<!--", "<?php", 'onclick=a"'):
        assert tag not in html
    assert [target for target in links(text) if target != "https://a.example/x.png"] == []


def test_the_targets_of_links_are_found_as_typed() -> None:
    text = "[a](2f) [[outcome]] [b](javascript:alert(1)) <https://a.example/x&y>"
    assert list(links(text)) == ["2f", "term/outcome", "javascript:alert(1)", "https://a.example/x&y"]


@pytest.mark.parametrize(
    ("target", "is_one"),
    [
        *((target, True) for target in ("https://a.example/b", "http://a.example", "mailto:a@b.example")),
        *((target, False) for target in ("javascript:alert(1)", "data:text/html,x", "//a.example", "https://", "mailto:", "https:a")),
        *((target, False) for target in ("2f", "#x", " https://a.example")),
    ],
)
def test_an_address_leads_off_the_site(target: str, is_one: bool) -> None:
    assert is_address(target) is is_one


def test_a_single_paragraph_can_lose_its_tags() -> None:
    assert inline("One *two*.", str) == "One <em>two</em>."
    assert inline("One.\n\nTwo.", str) == "<p>One.</p>\n<p>Two.</p>"
    assert inline("- one", str) == "<ul>\n<li>one</li>\n</ul>"


@pytest.mark.parametrize(
    "text", ["Ask <b>*early*</b>", "1. #one {: .x } [a](b) `c` _d_ \\e ! + - | ~ : $", "{{ x }} & {% y %}", "[[outcome]]", "a ![x](y)"]
)
def test_a_heading_is_plain_text(text: str) -> None:
    html = markdown(f"## {heading(text)} {{: #x }}", extensions=["attr_list", "toc", "tables"])
    assert html == f'<h2 id="x">{text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")}</h2>'


def test_literal_text_stays_literal_when_markdown_reads_it_again() -> None:
    text = "[x](javascript:y) *a*{: onclick=x } <b> `c` ![d](e) \\ & \"f\" 'g' __h__"
    html = Markdown(extensions=["attr_list"]).convert(f'Words <a href="#a">{literal(text)}</a>.')
    root = lxml.html.fragment_fromstring(html)
    assert [element.tag for element in root.iter()] == ["p", "a"]
    assert root.text_content() == f"Words {text}."


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ('<p>x</p><h1 id="a">One &amp; <b>two</b><a class="headerlink" href="#a">#</a></h1><h1>Three</h1>', "One & two"),
        ("<h1>\n  One\n  two </h1>", "One two"),
    ],
)
def test_the_first_heading_of_a_page_is_found(page: str, text: str) -> None:
    assert first_heading(page) == text


@pytest.mark.parametrize(("text", "plain_text"), cases("inline_markdown.plain_text_has_all_words_and_no_marks"))
def test_plain_text_has_all_words_and_no_marks(text: str, plain_text: str) -> None:
    assert to_plain_text(text) == plain_text


def test_the_plain_text_of_every_record_has_no_marks(real: Framework) -> None:
    for _, _, text in real.prose:
        assert not re.search(r"\[\[|\]\(|\*\*", to_plain_text(text)), text
        assert re.findall(r"\w+", to_plain_text(text))
