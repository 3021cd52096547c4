"""Prose in records carries a few marks, safe links and nothing else."""

from __future__ import annotations

import lxml.html
import pytest
from markdown import Markdown, markdown

from macros.text.inline_markdown import as_id, first_heading, heading, inline, is_address, links, literal, prose


def show(text: str) -> str:
    return str(prose(text, lambda target: f"at:{target}"))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One.\nTwo.", "<p>One.\nTwo.</p>"),
        ("One.\n\nTwo & 3 > 2.", "<p>One.</p>\n<p>Two &amp; 3 &gt; 2.</p>"),
        ("*one* **two** `three`", "<p><em>one</em> <strong>two</strong> <code>three</code></p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("1. one\n2. two", "<ol>\n<li>one</li>\n<li>two</li>\n</ol>"),
        ("Before:\n- one\n  - inner\n- two", "<p>Before:</p>\n<ul>\n<li>one\n<ul>\n<li>inner</li>\n</ul>\n</li>\n<li>two</li>\n</ul>"),
        ("1) one\n2) two", "<ol>\n<li>one</li>\n<li>two</li>\n</ol>"),
        ("[[outcome]]", '<p><a class="term" href="at:term/outcome">outcome</a></p>'),
        ("[[value-for-money|good value]]", '<p><a class="term" href="at:term/value-for-money">good value</a></p>'),
        ("[words](2f)", '<p><a href="at:2f">words</a></p>'),
        ("<https://a.example/?b=c&d>", '<p><a href="at:https://a.example/?b=c&amp;d">https://a.example/?b=c&amp;d</a></p>'),
    ],
)
def test_what_is_shown(text: str, html: str) -> None:
    assert show(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a <b onclick=x>b</b>",
        "<div>\n\n*x*\n\n</div>",
        "![x](https://a.example/x.png)",
        "[a][b]\n\n[b]: https://a.example",
        "# heading",
        "heading\n=======",
        "<!-- comment -->",
        "text {: onclick=alert(1) }",
        "{{ 7 * 7 }} {% raw %}",
        "<img src=x onerror=alert(1)>",
        "&lt;script&gt;",
        "<?php ?>",
        "*[[<b>x</b>]]*",
    ],
)
def test_no_html_no_picture_and_no_heading_comes_of_text(text: str) -> None:
    html = show(text)
    for tag in ("<script", "<b", "<div", "<img", "<h1", "<!--", "<?php", 'onclick=a"'):
        assert tag not in html
    assert [target for target in links(text) if target != "https://a.example/x.png"] == []


def test_targets_are_found_as_typed() -> None:
    assert list(links("[a](2f) [[outcome]] [b](javascript:alert(1)) <https://a.example/x&y>")) == [
        "2f",
        "term/outcome",
        "javascript:alert(1)",
        "https://a.example/x&y",
    ]
    assert list(links("no link at all")) == []


@pytest.mark.parametrize("target", ["https://a.example/b", "http://a.example", "mailto:a@b.example"])
def test_addresses_that_lead_off_the_site(target: str) -> None:
    assert is_address(target)


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//a.example",
        "vbscript:x",
        "https://",
        "mailto:",
        "https:a",
        "2f",
        "#x",
        " https://a.example",
    ],
)
def test_no_other_target_is_an_address(target: str) -> None:
    assert not is_address(target)


def test_ids_are_told_from_addresses() -> None:
    assert as_id("2f") == ("", "2f")
    assert as_id("term/outcome") == ("term", "outcome")
    assert as_id("common-core/trust") == ("common-core", "trust")
    for target in ("/2f", "../2f", "2F", "a b", "", "a/b/c", "#x"):
        assert as_id(target) is None


def test_one_paragraph_can_stand_without_its_tags() -> None:
    assert inline("One *two*.", str) == "One <em>two</em>."
    assert inline("One.\n\nTwo.", str) == "<p>One.</p>\n<p>Two.</p>"
    assert inline("- one", str) == "<ul>\n<li>one</li>\n</ul>"


@pytest.mark.parametrize(
    "text", ["Ask <b>*early*</b>", "1. #one {: .x } [a](b) `c` _d_ \\e ! + - | ~ : $", "{{ x }} & {% y %}", "[[outcome]]", "a ![x](y)"]
)
def test_a_heading_is_plain_text(text: str) -> None:
    html = markdown(f"## {heading(text)} {{: #x }}", extensions=["attr_list", "toc", "tables"])
    assert html == f'<h2 id="x">{text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")}</h2>'


def test_literal_text_stays_so_when_markdown_reads_it_again() -> None:
    text = "[x](javascript:y) *a*{: onclick=x } <b> `c` ![d](e) \\ & \"f\" 'g' __h__"
    made = Markdown(extensions=["attr_list"]).convert(f'Words <a href="#a">{literal(text)}</a>.')
    root = lxml.html.fragment_fromstring(made)
    assert [element.tag for element in root.iter()] == ["p", "a"]
    assert root.text_content() == f"Words {text}."


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ('<p>x</p><h1 id="a">One &amp; <b>two</b><a class="headerlink" href="#a">#</a></h1><h1>Three</h1>', "One & two"),
        ("<h1>\n  One\n  two </h1>", "One two"),
        ("<h2>One</h2>", ""),
    ],
)
def test_a_page_is_called_by_its_first_heading(page: str, words: str) -> None:
    assert first_heading(page) == words
