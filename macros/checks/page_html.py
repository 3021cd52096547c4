"""What a page in content/ may hold besides plain Markdown: harmless tags, anchors and links, and nothing that runs, loads or hides."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from macros.loading.pages import Page
from macros.model.problem import Problem
from macros.model.types import tangled
from macros.text.markup import is_address

_TAGS = {
    **dict.fromkeys(("abbr", "b", "bdi", "br", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s"), ()),
    **dict.fromkeys(("small", "span", "strong", "sub", "sup", "u", "wbr"), ()),
    "a": ("href",),
    "time": ("datetime",),
}
"""The tags that may be typed, each with its own attributes; all of them stand inside a line, so none changes the page around it."""

_EVERYWHERE = ("class", "dir", "id", "lang", "title")
_SHOWN = "a, abbr, b, br, code, em, i, kbd, q, small, span, strong, sub, sup or time"

_CALL = re.compile(r"\{\{(?:(?!\}\}|\{\{).)*\}\}", re.DOTALL)
_GONE = "\0"
"""What stands for each character of a macro call; no file that is read may hold it."""

_OPEN = re.compile(r"<(?=[a-zA-Z/!?\0])")
_COMMENT = re.compile(r"<!--(?!-?>)(?:(?!--|\0).)*-->", re.DOTALL)
_AUTOMATIC = re.compile(r"<(https?://[^\s<>]+|[^\s<>@]+@[^\s<>@]+)>")
_TAG = re.compile(r'<(?P<end>/?)(?P<name>[a-zA-Z]+)(?P<attributes>(?:\s+[a-zA-Z-]+="[^"<>\0]*")*)\s?/?>')
_ATTRIBUTE = re.compile(r'([a-zA-Z-]+)="([^"]*)"')
_NAME = re.compile(r"<[/!?]?[a-zA-Z][^\s/<>\0]*|<[/!?]?")
_BRACES = re.compile(r"\{(?![{%#])[^\n}]*\}?")
_LIST = re.compile(r"\{: ?(?:[#.][a-zA-Z][\w-]* ?)+\}|\{[^}]*", re.ASCII)
_LINK = re.compile(r"""\]\((?:(?P<target><[^\s<>()]*>|[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)(?: (?:"[^"\n]*"|'[^'\n]*'))?\))?""")
_REFERENCE = re.compile(r"^[ >*+-]*\[[^\[\]\n]+\]:[ ]*\n?[ ]*(?P<target>\S+)", re.MULTILINE)
_PICTURE = re.compile(r"(?<!\\)!\[(?!\[)")
_SNIPPET = re.compile(r"-8<-")
_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|[/\\]{2}")

Slip = tuple[int, str, str, str]
"""Where (from 0), the problem's name, what is wrong, and what to type instead."""


def unsafe(page: Page) -> Iterator[Problem]:
    """Yield a problem for each tag, attribute, link and picture of `page` that is not one of the harmless few, in code and comments too."""
    text = _CALL.sub(lambda call: re.sub(r"[^\n]", _GONE, call[0]), page.text)
    for find in (_tags, _attribute_lists, _links, _others):
        for offset, name, wrong, instead in find(text):
            before = text[:offset]
            yield Problem(page.path, page.first + before.count("\n"), offset - before.rfind("\n"), name, wrong, instead)


def bad_address(target: str) -> tuple[str, str] | None:
    """Return what is wrong with the `target` of a link in a page, and what to type instead, or None if it may stand there."""
    plain = html.unescape(target)
    if plain != target and html.unescape(plain) != plain:
        return f"a link to {target}", "write its address in plain letters"
    if is_address(plain):
        return None
    if re.search(r"[\s\\\0-\x1f\"'<>`{}]", plain):
        return (
            f"a link to {target.replace(_GONE, '')}",
            "write its address in plain letters, without spaces, backslashes, quotes and macros",
        )
    if _ELSEWHERE.match(plain) or ":" in re.split(r"[/?#]", plain)[0]:
        return (
            f"a link to {target}",
            "write the path of a page, or an address that begins with https:// or mailto: and has a name in plain letters",
        )
    return None


def _tags(text: str) -> Iterator[Slip]:
    for sign in _OPEN.finditer(text):
        at = sign.start()
        if _COMMENT.match(text, at):
            continue
        if found := _AUTOMATIC.match(text, at):
            yield from _judged(at, found[1] if "://" in found[1] else f"mailto:{found[1]}")
        elif (found := _TAG.match(text, at)) and (name := found["name"].lower()) in _TAGS:
            for attribute in _ATTRIBUTE.finditer(text, *found.span("attributes")):
                held = attribute[1].lower()
                if held not in (*_EVERYWHERE, *_TAGS[name]):
                    yield attribute.start(), "raw-html", f"the attribute {held} of <{name}>", "take it out"
                elif held == "href":
                    yield from _judged(attribute.start(), attribute[2])
        else:
            typed = _NAME.match(text, at)
            shown = typed[0] if typed else "<"
            if shown.lstrip("</").lower() in _TAGS:
                yield at, "raw-html", f"HTML that begins {shown} and is not plain", f'write {shown}>, or {shown} class="name">'
            elif shown == "<!":
                yield at, "raw-html", "a comment that is not closed, or holds --", "write <!-- words --> or take it out"
            else:
                yield at, "raw-html", f"HTML that begins {shown}", f"write it in Markdown, or with {_SHOWN}; for the sign itself write &lt;"


def _attribute_lists(text: str) -> Iterator[Slip]:
    for found in _BRACES.finditer(text):
        if not _LIST.fullmatch(found[0]):
            shown = found[0].replace(_GONE, "")
            yield found.start(), "attributes", f"{shown[:60]} is no anchor", "write {: #anchor } or {: .class }, or take the braces out"


def _links(text: str) -> Iterator[Slip]:
    for found in _LINK.finditer(text):
        if found["target"] is None:
            yield found.start() + 2, "bad-link", "a link that cannot be read", "write [words](address), without spaces and macros in it"
        else:
            yield from _judged(found.start("target"), found["target"].strip("<>"))
    for found in _REFERENCE.finditer(text):
        yield from _judged(found.start("target"), found["target"].strip("<>"))


def _judged(at: int, target: str) -> Iterator[Slip]:
    if wrong := bad_address(target):
        yield at, "bad-link", *wrong


def _others(text: str) -> Iterator[Slip]:
    for found in _PICTURE.finditer(text):
        yield (
            found.start(),
            "picture",
            "a picture",
            "describe in words what it shows; a page holds only pictures that the site draws itself",
        )
    for found in _SNIPPET.finditer(text):
        yield found.start(), "snippet", "a mark that would take in another file", "write the words themselves"
    if too_much := tangled(text):
        offset, wrong, instead = too_much
        yield offset, "tangled", wrong, instead
