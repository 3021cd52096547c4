"""HTML of ours as plain nodes, whose links lead inside one document where it holds what they name, and else to the site."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urljoin

import lxml.html
from lxml.html import HtmlElement

Node = str | dict[str, Any]
"""A text, or an element: its tag, classes, id, link (`to` inside the document, `href` outside), picture, and content."""

_BLOCK = re.compile(
    "address|article|blockquote|caption|dd|div|dl|dt|figcaption|figure|h[1-6]|img|li|ol|p|section|table|tbody|td|tfoot|th|thead|tr|ul"
)
_HEADING = re.compile("h([1-6])")
_GONE = frozenset(("button", "nav", "script", "style", "template"))
_GONE_CLASSES = frozenset(("address", "ways", "headerlink", "term-popover", "visually-hidden", "screen-only", "print-only"))
_KEPT = ("alt", "src", "scope")
_SPACE = re.compile(r"[ \t\r\n\f]+")


def document(fragments: Iterable[tuple[str, str]], at: Callable[[str], str]) -> list[Node]:
    """Return the nodes of `fragments`, in order.

    A fragment is the address of a page, from the site's root, and HTML of that page. A link to an id that one of the
    fragments holds leads there (`to`); any other leads to the whole address that `at` makes of it (`href`), or nowhere
    if `at` knows none. Buttons, navigation and tools of the screen are left out, and so is an element that then holds
    nothing. No level of headings is skipped. A table whose rows have headers becomes a section for each row, since few
    formats can tell such a table.
    """
    held = [node for page, html in fragments for node in _fragment(page, html)]
    known: set[str] = set()
    for node in _walk(held):
        if "id" in node:
            if node["id"] in known:
                del node["id"]
            else:
                known.add(node["id"])
    for node in _walk(held):
        if (target := node.pop("link", None)) is not None:
            href = target if ":" in target.split("/")[0] else at(target)
            node |= {"to": target} if target in known else {"href": href} if ":" in href.split("/")[0] else {}
    over: list[int] = []
    for node in _walk(held):
        if found := _HEADING.fullmatch(node["tag"]):
            over = [*(level for level in over if level < int(found[1])), int(found[1])]
            node["tag"] = f"h{len(over)}"
    return held


def text(nodes: Iterable[Node]) -> str:
    """Return the words of `nodes`, one space between blocks."""
    return _SPACE.sub(" ", "".join(_words(nodes))).strip()


def _words(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        else:
            edge = " " * (is_block(node) or node["tag"] == "br")
            yield from (edge, *_words(node["content"]), edge)


def is_block(node: Node) -> bool:
    """Return whether `node` is an element that stands in lines of its own."""
    return not isinstance(node, str) and bool(_BLOCK.fullmatch(node["tag"]))


def first(nodes: Iterable[Node], tag: str) -> list[Node]:
    """Return the content of the first `tag` in `nodes`, or nothing if there is none."""
    return next((node["content"] for node in _walk(nodes) if node["tag"] == tag), [])


def _fragment(page: str, html: str) -> list[Node]:
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    return _content(root, page)


def _walk(nodes: Iterable[Node]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        if not isinstance(node, str):
            yield node
            yield from _walk(node["content"])


def _content(element: HtmlElement, page: str) -> list[Node]:
    """Return what `element` holds: runs of spaces are one, and none stands at the edge of a block."""
    found: list[Node] = [_SPACE.sub(" ", element.text or "")]
    for child in element:
        if isinstance(child.tag, str) and (node := _node(child, page)) is not None:
            found.append(node)
        found.append(_SPACE.sub(" ", child.tail or ""))
    joined: list[Node] = []
    for node in found:
        if isinstance(node, str) and joined and isinstance(joined[-1], str):
            joined[-1] = _SPACE.sub(" ", joined[-1] + node)
        else:
            joined.append(node)
    edge = bool(_BLOCK.fullmatch(element.tag))
    edges = [edge, *map(is_block, joined), edge]
    for position, node in enumerate(joined):
        if isinstance(node, str):
            before, after = edges[position], edges[position + 2]
            joined[position] = (node.lstrip(" ") if before else node).rstrip(" " if after else "")
    return [node for node in joined if node != ""]


def _node(element: HtmlElement, page: str) -> Node | None:
    classes = (element.get("class") or "").split()
    if element.tag in _GONE or _GONE_CLASSES & set(classes):
        return None
    content = _content(element, page)
    node: dict[str, Any] = {"tag": element.tag, "class": classes, "content": content}
    node |= {name: element.get(name) for name in _KEPT if element.get(name) is not None}
    if (link := element.get("href")) is not None:
        node["link"] = _target(link, page)
    if anchor := element.get("id"):
        node["id"] = f"{page}#{anchor}"
    if element.tag == "table" and any(cell.get("scope") == "row" for cell in _walk(content)):
        node |= {"tag": "section", "content": list(_told(content))}
    return node if content or element.tag in ("img", "br", "td", "th") or "id" in node else None


def _told(table: list[Node]) -> Iterator[Node]:
    """Yield what a table tells, row by row: the row's header, then each cell under the name of its column."""
    names: list[str] = []
    for part in (part for part in table if not isinstance(part, str)):
        if part["tag"] == "caption":
            yield part | {"tag": "p", "class": ["label"]}
        elif part["tag"] == "thead":
            names = [text(cell["content"]) for cell in part["content"][0]["content"]]
        else:
            for row in part["content"]:
                header, *cells = row["content"]
                said = [node for node in header["content"] if not is_block(node)]
                yield {"tag": "h3", "class": [], "content": said} | ({"id": row["id"]} if "id" in row else {})
                yield from (node for node in header["content"] if is_block(node))
                for name, cell in zip(names[1:], cells, strict=True):
                    yield {"tag": "p", "class": ["label"], "content": [name]}
                    yield {"tag": "div", "class": [], "content": cell["content"]}


def _target(link: str, page: str) -> str:
    """Return where `link` of `page` leads: from the site's root, or a whole address if it leads off the site."""
    path, mark, anchor = link.partition("#")
    if not path:
        return f"{page}#{anchor}"
    if ":" in path.split("/")[0]:
        return link
    found = urljoin(f"/{page}", path).lstrip("/")
    return f"{found}{mark}{anchor}"
