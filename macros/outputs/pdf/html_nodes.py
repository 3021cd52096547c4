"""Our HTML as nodes for guide.typ, with links that lead inside the document where it has their target, and else to the site."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urljoin

import lxml.html
from lxml.html import HtmlElement

from macros.text.typography import typographic

# A text, or an element: tag, class, id, link (`to` in the document, `href` outside), attributes of a picture, and content.
Node = str | dict[str, Any]
_BLOCK = re.compile(
    "address|article|blockquote|caption|dd|details|div|dl|dt|figcaption|figure|h[1-6]|img|li|ol|p|section|table|tbody|td|tfoot|th|thead|tr|ul"
)
_DROPPED_TAGS = frozenset(("button", "nav", "script", "style", "template"))
_ATTRIBUTES = ("alt", "src", "scope")
_SPACE = re.compile(r"[ \t\r\n\f]+")


def document(fragments: Iterable[tuple[str, str]], at: Callable[[str], str]) -> list[Node]:
    """Return the nodes of `fragments`, addresses and HTML; links get `to`, an id in the document, or `href`, an address from `at`."""
    roots = [(page, lxml.html.fragment_fromstring(typographic(html), create_parent="div")) for page, html in fragments]
    nodes = [node for page, root in roots for node in _content(root, page)]
    ids: set[str] = set()
    for node in _elements(nodes):
        if node.get("id") in ids:
            del node["id"]
        elif "id" in node:
            ids.add(node["id"])
    levels: list[int] = []
    for node in _elements(nodes):
        if (target := node.pop("link", None)) is not None:
            href = target if _is_absolute(target) else at(target)
            node |= {"to": target} if target in ids else {"href": href} if _is_absolute(href) else {}
        if heading := re.fullmatch("h([1-6])", node["tag"]):
            levels = [*(level for level in levels if level < int(heading[1])), int(heading[1])]
            node["tag"] = f"h{len(levels)}"
    return nodes


def text(nodes: Iterable[Node]) -> str:
    """Return the text of `nodes`, with one space between blocks."""
    return _SPACE.sub(" ", "".join(_texts(nodes))).strip()


def _texts(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        else:
            edge = " " * (is_block(node) or node["tag"] == "br")
            yield from (edge, *_texts(node["content"]), edge)


def is_block(node: Node) -> bool:
    """Return whether `node` is a block element."""
    return not isinstance(node, str) and bool(_BLOCK.fullmatch(node["tag"]))


def first(nodes: Iterable[Node], tag: str) -> list[Node]:
    """Return the content of the first `tag` in `nodes`, or nothing."""
    return next((node["content"] for node in _elements(nodes) if node["tag"] == tag), [])


def _elements(nodes: Iterable[Node]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        if not isinstance(node, str):
            yield node
            yield from _elements(node["content"])


def _content(element: HtmlElement, page: str) -> list[Node]:
    """Return the content of `element`, without spaces at the edges of blocks."""
    nodes: list[Node] = [_SPACE.sub(" ", element.text or "")]
    for child in element:
        if isinstance(child.tag, str) and (node := _node(child, page)) is not None:
            nodes.append(node)
            nodes.append("")
        nodes[-1] = _SPACE.sub(" ", f"{nodes[-1]}{child.tail or ''}")
    is_edge = bool(_BLOCK.fullmatch(element.tag))
    edges = [is_edge, *map(is_block, nodes), is_edge]
    for position, node in enumerate(nodes):
        if isinstance(node, str):
            before, after = edges[position], edges[position + 2]
            nodes[position] = (node.lstrip(" ") if before else node).rstrip(" " if after else "")
    return [node for node in nodes if node != ""]


def _node(element: HtmlElement, page: str) -> Node | None:
    """Return `element` as a node, or None if it is left out or empty."""
    classes = element.get("class", "").split()
    if element.tag in _DROPPED_TAGS or "popover" in element.attrib or "headerlink" in classes or element.get("data-pdf") == "skip":
        return None
    content = _content(element, page)
    tag, classes = ("div", []) if element.tag == "details" else (element.tag, classes)  # paper folds nothing
    node: dict[str, Any] = {"tag": tag, "class": classes, "content": content}
    node |= {name: element.get(name) for name in _ATTRIBUTES if element.get(name) is not None}
    if (link := element.get("href")) is not None:
        node["link"] = link if _is_absolute(link) else urljoin(f"/{page}", link).lstrip("/")
    anchor = element.get("id")
    if address := element.get("data-address", anchor and f"{page}#{anchor}"):
        node["id"] = address
    if element.tag == "table" and element.get("data-pdf") != "table" and any(cell.get("scope") == "row" for cell in _elements(content)):
        node |= {"tag": "section", "content": list(_row_sections(content))}
    return node if content or element.tag in ("img", "br", "td", "th") or "id" in node else None


def _row_sections(table: list[Node]) -> Iterator[Node]:
    """Yield each row of `table`: its header as a heading, then each cell below the name of its column."""
    columns: list[str] = []
    for part in (part for part in table if not isinstance(part, str)):
        if part["tag"] == "caption":
            yield part | {"tag": "p", "class": ["label"]}
        elif part["tag"] == "thead":
            columns = [text(cell["content"]) for cell in part["content"][0]["content"]]
        else:
            for row in part["content"]:
                header, *cells = row["content"]
                heading = [node for node in header["content"] if not is_block(node)]
                yield {"tag": "h3", "class": [], "content": heading} | ({"id": row["id"]} if "id" in row else {})
                yield from (node for node in header["content"] if is_block(node))
                for column, cell in zip(columns[1:], cells, strict=True):
                    yield {"tag": "p", "class": ["label"], "content": [column]}
                    yield {"tag": "div", "class": [], "content": cell["content"]}


def _is_absolute(link: str) -> bool:
    return ":" in link.split("#")[0].split("/")[0]
