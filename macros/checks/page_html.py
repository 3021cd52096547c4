"""Rules for HTML and links in pages: a few harmless tags and attributes, and nothing that runs, loads or hides."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from macros.loading.pages import Page, problem_at
from macros.model.problem import Problem
from macros.model.types import too_complex
from macros.text.inline_markdown import is_address

_TAGS = {
    **dict.fromkeys(("abbr", "b", "bdi", "br", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s"), ()),
    **dict.fromkeys(("small", "span", "strong", "sub", "sup", "u", "wbr"), ()),
    "a": ("href",),
    "time": ("datetime",),
}
"""The allowed tags, each with its own attributes; all are inline, so none changes the page around it."""

_EVERYWHERE = ("class", "dir", "id", "lang", "title")

_CALL = re.compile(r"\{\{(?:(?!\}\}|\{\{).)*\}\}", re.DOTALL)
_GONE = "\0"
"""Replaces each character of a macro call; no file that is read may hold it."""

_OPEN = re.compile(r"<(?=[a-zA-Z/!?\0])")
_COMMENT = re.compile(r"<!--(?!-?>)(?:(?!--|\0).)*-->", re.DOTALL)
_AUTOMATIC = re.compile(r"<(https?://[^\s<>]+|[^\s<>@]+@[^\s<>@]+)>")
_TAG = re.compile(r'</?(?P<name>[a-zA-Z]+)(?P<attributes>(?:\s+[a-zA-Z-]+="[^"<>\0]*")*)\s?/?>')
_ATTRIBUTE = re.compile(r'([a-zA-Z-]+)="([^"]*)"')
_TAG_START = re.compile(r"<[/!?]?(?:[a-zA-Z][^\s/<>\0]*)?")
_BRACES = re.compile(r"\{(?![{%#])[^\n}]*\}?")
_ATTRIBUTE_LIST = re.compile(r"\{: ?(?:[#.][a-zA-Z][\w-]* ?)+\}|\{[^}]*", re.ASCII)
_LINK = re.compile(r"""\]\((?:(?P<target><[^\s<>()]*>|[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)(?: (?:"[^"\n]*"|'[^'\n]*'))?\))?""")
_REFERENCE = re.compile(r"^[ >*+-]*\[[^\[\]\n]+\]:[ ]*\n?[ ]*(?P<target>\S+)", re.MULTILINE)
_PICTURE = re.compile(r"(?<!\\)!\[(?!\[)")
_ODD_IN_ADDRESS = re.compile(r"[\s\\\0-\x1f\"'<>`{}]")

Fault = tuple[int, str, str, str]
"""Where in the text (from 0), the problem's name, what is wrong, and what to write instead."""


def html_problems(page: Page) -> Iterator[Problem]:
    """Yield a problem for each tag, attribute, link and picture of `page` that is not one of the harmless few, in code and comments too."""
    text = _CALL.sub(lambda call: re.sub(r"[^\n]", _GONE, call[0]), page.text)
    for find in (_tags, _attribute_lists, _links, _others):
        for offset, name, wrong, instead in find(text):
            yield problem_at(page, offset, name, wrong.replace(_GONE, ""), instead)


def is_safe_address(target: str) -> bool:
    """Return whether a link in a page may have this `target`: a path on this site, or a plain http, https or mailto address."""
    plain = html.unescape(target)
    if html.unescape(plain) != plain:
        return False
    elsewhere = plain.startswith("//") or ":" in re.split(r"[/?#]", plain)[0]
    return is_address(plain) or not (elsewhere or _ODD_IN_ADDRESS.search(plain))


def _tags(text: str) -> Iterator[Fault]:
    for start in (found.start() for found in _OPEN.finditer(text)):
        if _COMMENT.match(text, start):
            continue
        if found := _AUTOMATIC.match(text, start):
            yield from _address(start, found[1] if "://" in found[1] else f"mailto:{found[1]}")
        elif (found := _TAG.match(text, start)) and (name := found["name"].lower()) in _TAGS:
            for attribute in _ATTRIBUTE.finditer(text, *found.span("attributes")):
                if attribute[1].lower() not in (*_EVERYWHERE, *_TAGS[name]):
                    yield attribute.start(), "raw-html", f"the attribute {attribute[1]} of <{name}>", "delete it"
                elif attribute[1].lower() == "href":
                    yield from _address(attribute.start(), attribute[2])
        elif found := _TAG_START.match(text, start):
            instead = 'write it in Markdown, or with a plain tag such as <b> or <span class="name">; for the sign itself write &lt;'
            yield start, "raw-html", f"HTML that begins {found[0]}", instead


def _attribute_lists(text: str) -> Iterator[Fault]:
    for found in _BRACES.finditer(text):
        if not _ATTRIBUTE_LIST.fullmatch(found[0]):
            yield (
                found.start(),
                "attributes",
                f"{found[0][:60]} is not an anchor",
                "write {: #anchor } or {: .class }, or delete the braces",
            )


def _links(text: str) -> Iterator[Fault]:
    for found in (*_LINK.finditer(text), *_REFERENCE.finditer(text)):
        if found["target"] is None:
            yield found.start() + 2, "bad-link", "a link that cannot be read", "write [words](address), without spaces and macros in it"
        else:
            yield from _address(found.start("target"), found["target"].strip("<>"))


def _address(offset: int, target: str) -> Iterator[Fault]:
    if not is_safe_address(target):
        instead = "write the path of a page, or an address that begins with https:// or mailto:, in plain letters"
        yield offset, "bad-link", f"a link to {target}", instead


def _others(text: str) -> Iterator[Fault]:
    for found in _PICTURE.finditer(text):
        yield found.start(), "picture", "a picture", "describe it in words; pages hold only pictures that the site draws itself"
    for found in re.finditer("-8<-", text):
        yield found.start(), "snippet", "a mark that would include another file", "write the text itself"
    if fault := too_complex(text):
        offset, wrong, instead = fault
        yield offset, "tangled", wrong, instead
