"""Typst prints nodes: text is never code, the same nodes give the same bytes, and whatever is not accessible is an error."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import page as page_validation
import pikepdf
import pytest

from macros.model.output import Output
from macros.outputs.pdf.html_nodes import document
from macros.outputs.pdf.typst_compile import Guide, NotPrintedError, print_guide, printed
from tests.support.pdf import sheets_of

DAY = date(2026, 11, 22)


def guide(html: str, **more: Any) -> dict[str, Any]:
    return {
        "title": "A title",
        "author": "Testshire Council",
        "address": "https://f.example/",
        "stamp": "Edition 2026-11",
        "size": 11,
        "compact": False,
        "running": "",
        "chapters": False,
        "pictures": {"dot": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="5" cy="5" r="4"/></svg>'},
        "content": document([("", f"<h1>A title</h1>{html}")], str),
        **more,
    }


def laid_out(path: str, content: dict[str, Any], day: date) -> Output:
    return print_guide(Guide.of(path, content, day))


def words(output: Output) -> str:
    return " ".join(" ".join(sheets_of(output.content)).split())


HOSTILE = [
    '#set page(fill: red) #panic("no")',
    "= No heading *not bold* _not slanted_ `no code` $x^2$ @none <label>",
    "- no list + none / no: term // no comment /* nor this */",
    "\\ back\\slash \\u{41} ~ -- --- ... 'one' \"two\"",
    '"; #eval("1") //',
    "e\N{COMBINING ACUTE ACCENT}a\N{COMBINING DIAERESIS}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_typst_markup_is_printed_as_typed(text: str) -> None:
    content = [{"tag": "h1", "class": [], "content": ["A title"]}, {"tag": "p", "class": [], "content": [text]}]
    found = words(laid_out("x.pdf", guide("", content=content, title=text), DAY))
    assert " ".join(text.split()) in found


def test_a_very_long_word_is_broken() -> None:
    word = "abcdefghij" * 30
    output = laid_out("x.pdf", guide(f"<p>{word}</p><ul><li>{word}</li></ul>"), DAY)
    shown = "\n".join(sheets_of(output.content)).replace("\u200b", "")
    assert shown.replace("\n", "").count(word) == 2
    assert max(len(line) for line in shown.split("\n")) < 110


@pytest.mark.parametrize(
    "html",
    [
        "<hr>",
        "<pre><code>words here</code></pre>",
        "<h2>a</h2><h3>b</h3><h4>c</h4><h5>d</h5><h6>e</h6>",
        "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>c</td><td></td></tr></tbody></table>",
        '<p><img src="elsewhere.png" alt="words for it"> and <img src="x.png"></p>',
        "<p>H<sub>2</sub>O <ins>new</ins> <marquee>still here</marquee></p>",
        "<blockquote><p>a</p><ul><li>b<ul><li>c</li></ul></li></ul></blockquote>",
        "<dl><dt>a</dt><dt>b</dt><dd>c</dd></dl>",
        "<ol><li></li></ol>",
    ],
)
def test_any_html_is_printed_and_accessible(html: str) -> None:
    output = laid_out("x.pdf", guide(html), DAY)
    assert page_validation.validate_pdf_bytes(output.content, profile="ua1").is_compliant
    for word in re.findall(r"[a-z]+", re.sub(r"<[^>]*>", " ", html)):
        assert word in words(output)
    if "alt" in html:
        assert "words for it" in words(output)


PICTURE = {"tag": "img", "class": [], "src": "dot", "content": []}
SKIP = {"tag": "h3", "class": [], "content": ["Skips a level"]}


@pytest.mark.parametrize("node", [PICTURE | {"alt": None}, SKIP], ids=["no words for a picture", "a level skipped"])
def test_inaccessible_content_stops_the_build(node: dict[str, Any]) -> None:
    good, wrong = Guide.of("good.pdf", guide(""), DAY), guide("", content=[{"tag": "h1", "class": [], "content": ["x"]}, node])
    with pytest.raises(NotPrintedError, match=r"x\.pdf cannot be printed: PDF/UA-1 error"):
        list(printed([good, Guide.of("x.pdf", wrong, DAY), good]))
    with pytest.raises(NotPrintedError, match=r"good\.pdf cannot be printed: its worker stopped"):
        list(printed([Guide("good.pdf", "\ud800", DAY)]))  # an error that is not Typst's ends a worker
    laid_out("x.pdf", guide("", content=[{"tag": "h1", "class": [], "content": ["x"]}, PICTURE | {"alt": "a dot"}]), DAY)


def test_links_lead_inside_the_document_and_to_the_web() -> None:
    html = '<p id="a">x</p><p><a href="#a">in</a> <a href="https://x.example/">out</a></p>'
    pdf = pikepdf.open(io.BytesIO(laid_out("x.pdf", guide(html), DAY).content))
    notes: Any = list(pdf.pages[0]["/Annots"])
    assert ["/Dest" in note or note["/A"]["/S"] == "/GoTo" for note in notes] == [True, False]
    assert notes[1]["/A"]["/URI"] == "https://x.example/"
    assert all("/Contents" in note for note in notes)
