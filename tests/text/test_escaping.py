"""Text of records never becomes a mark, a tag, a link, a mention or a command elsewhere."""

from __future__ import annotations

import re
from html import unescape

import lxml.html
import pytest
from markdown import Markdown

from macros.text.escaping import escape_log, escape_markdown
from tests.conftest import cases


@pytest.mark.parametrize("text", cases("escaping.text_is_shown_as_typed"))
def test_text_is_shown_as_typed(text: str) -> None:
    html = Markdown(extensions=["tables"]).convert(f"| Field | After |\n| --- | --- |\n| x | {escape_markdown(text)} |")
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    cells = root.xpath("//tbody/tr/td")
    assert len(cells) == 2
    assert {element.tag for element in cells[1].iter()} <= {"td", "span"}
    shown = cells[1].text_content().replace("\u200b", "")
    assert re.sub(r"\\([|~^])", r"\1", shown) == text
    assert not re.search(r"@\w|#\d|\w://|www\.|GH-\d|:smile:", unescape(escape_markdown(text))), "GitHub would make a link of it"


def test_lines_become_breaks_and_a_log_finds_no_commands() -> None:
    assert escape_markdown("one\n- two") == "one<br>&#45; two"
    assert escape_log("::error::x ##[add-mask]y") == ": :error: :x # #[add-mask]y"
    assert escape_log("a\x1b[31mb\x9b0m\nc") == "a[31mb0m\nc"
