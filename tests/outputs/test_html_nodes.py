"""HTML becomes nodes: the text is kept, tools of the screen are left out, and links lead inside the document if they can."""

from __future__ import annotations

from typing import Any

import pytest

from macros.outputs.pdf.html_nodes import document, first, text


def at(url: str) -> str:
    return f"https://f.example/{url}"


def one(html: str, page: str = "stages/1/") -> Any:
    (node,) = document([(page, html)], at)
    return node


@pytest.mark.parametrize(
    ("html", "content"),
    [
        ("<p>\n  A <b>bold</b>\n word. </p>", ["A ", {"tag": "b", "class": [], "content": ["bold"]}, " word."]),
        ("<li> a\n<p>b</p>\n c</li>", ["a", {"tag": "p", "class": [], "content": ["b"]}, "c"]),
        ("<p>a <!-- x --> b</p>", ["a b"]),
        ("<span>&nbsp;</span>", ["\xa0"]),
    ],
)
def test_spaces_are_kept_only_inside_text(html: str, content: list[Any]) -> None:
    assert one(html)["content"] == content


def test_tools_of_the_screen_are_left_out() -> None:
    dropped = (
        '<button>Outcome</button><nav><a href="x/">x</a></nav><script>x</script><details data-pdf="skip">x</details><div popover>x</div>'
    )
    assert document([("", f"<p>a</p>{dropped}")], at) == [{"tag": "p", "class": [], "content": ["a"]}]


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("#1a", {"to": "stages/1/#1a"}),
        ("../../glossary/#outcome", {"to": "glossary/#outcome"}),
        ("../../glossary/#gone", {"href": "https://f.example/glossary/#gone"}),
        ("../../", {"href": "https://f.example/"}),
        ("/compact/", {"href": "https://f.example/compact/"}),
        ("mailto:a@b.example", {"href": "mailto:a@b.example"}),
    ],
)
def test_a_link_leads_inside_the_document_if_it_can(link: str, target: dict[str, str]) -> None:
    parts = [("stages/1/", f'<h3 id="1a">1a</h3><p><a href="{link}">x</a></p>'), ("glossary/", '<h2 id="outcome">Outcome</h2>')]
    link_node: Any = first(document(parts, at), "p")[0]
    assert {k: v for k, v in link_node.items() if k in ("to", "href")} == target


def test_what_the_screen_folds_is_printed_like_a_block() -> None:
    folded = '<p>a</p> <details class="more"><summary data-pdf="skip">More</summary> <p>b</p></details>'
    assert document([("", folded)], at) == document([("", "<p>a</p> <div><p>b</p></div>")], at)


def test_an_id_is_kept_once() -> None:
    nodes: Any = document([("x/", '<p id="a">1</p>'), ("x/", '<p id="a">2</p>')], at)
    assert [node.get("id") for node in nodes] == ["x/#a", None]


def test_text_has_a_space_between_blocks() -> None:
    assert text(document([("", "<h1>a <b>b</b></h1><ul><li>c</li><li>d</li></ul>")], at)) == "a b c d"


def test_no_level_of_headings_is_skipped() -> None:
    nodes: Any = document([("", "<h1>a</h1><div><h4>b</h4><h4>c</h4></div><h2>d</h2><h3>e</h3><h1>f</h1>")], at)
    assert [text([n]) + n["tag"] for n in [nodes[0], *nodes[1]["content"], *nodes[2:]]] == ["ah1", "bh2", "ch2", "dh2", "eh3", "fh1"]


def test_a_table_with_row_headers_becomes_sections() -> None:
    html = """<table><caption>All rows</caption><thead><tr><th scope="col">Name</th><th scope="col">Aim</th></tr></thead><tbody>
    <tr id="x"><th scope="row">One<p class="since">1980s</p></th><td><p>First.</p></td></tr>
    <tr><th scope="row">Two</th><td>Second.</td></tr></tbody></table>"""
    section: Any = document([("p/", f"<h1>P</h1><h2>T</h2>{html}")], at)[2]
    assert [(n["tag"], n.get("id"), text([n])) for n in section["content"]] == [
        ("p", None, "All rows"),
        ("h3", "p/#x", "One"),
        ("p", None, "1980s"),
        ("p", None, "Aim"),
        ("div", None, "First."),
        ("h3", None, "Two"),
        ("p", None, "Aim"),
        ("div", None, "Second."),
    ]


def test_without_an_address_of_the_site_a_link_to_another_page_is_dropped() -> None:
    link: Any = first(document([("x/", '<p><a href="../y/">y</a></p>')], str), "p")[0]
    assert (link["content"], "href" in link, "to" in link) == (["y"], False, False)
