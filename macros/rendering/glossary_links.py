"""A Markdown extension that links the first use of each glossary term in a section, or in a page, to a pop-up with its meaning."""

from __future__ import annotations

import functools
import html
import re
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from lxml.html.defs import empty_tags
from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.util import AtomicString
from markupsafe import Markup

from macros.model.framework import Framework
from macros.model.records import Term
from macros.rendering.environment import Renderer
from macros.text.characters import caseless, normalised
from macros.text.inline_markdown import first_heading
from macros.text.patterns import ID_PATTERN, TERM_PATTERN
from macros.text.typography import typographic

_ALL, _TYPED, _NONE = range(3)  # which terms are linked in an element: all, those typed as [[term]], or none
_ELEMENTS = {
    **dict.fromkeys(("blockquote", "figure", "q", "code", "pre", "nav", "dt", "th", "caption"), _TYPED),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "a", "button", "option", "summary"), _NONE),
}
_SECTIONS = {"h1", "h2", "h3"}
_INLINE = "a|abbr|b|bdi|bdo|button|cite|code|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|time|u|var"

_ID = re.compile(r'\sid="([^"]*)"')
_TAGS = (
    rf'(?P<typed><a class="term" href="[^"]*\#(?P<linked>{ID_PATTERN})">[^<]*</a>|<span data-term="(?P<marked>{ID_PATTERN})">[^<]*</span>)'
    r"|(?P<end></(?P<closed>[a-z0-9-]+)\s*>)"
    r"|(?P<start><(?P<name>[a-z0-9-]+)(?:\s[^<>]*)?>)"
)
_QUOTED = re.compile(
    rf'<[^<>]*>|(?P<quotation>(?:"|&\#34;|&quot;)(?:[^"<&]|&(?!\#34;|quot;)|</?(?:{_INLINE})\b[^<>]*>)*+(?:"|&\#34;|&quot;)'
    rf"|“(?:[^“”<]|</?(?:{_INLINE})\b[^<>]*>)*+”)",
    re.DOTALL,
)
_AS_TYPED = {" ": r"(?:\s|&nbsp;|&#160;)+", "'": "(?:['’]|&#39;)"}  # the forms of a space and an apostrophe in HTML
_MACRO = re.compile("<!--macro-->(.*?)<!--end-->", re.DOTALL)
_HEADING = re.compile("^(#.*)$", re.MULTILINE)

# Zensical may make several pages in parallel, each in its own thread.
_page: ContextVar[tuple[Framework, str, Callable[[str], None]] | None] = ContextVar("_page", default=None)
_address: ContextVar[str] = ContextVar("_address", default="")


def set_page(framework: Framework | None, address: str = "", set_title: Callable[[str], None] = lambda _: None) -> None:
    """Link terms, if there is a `framework`, in the page converted next, which is at `address`; `set_title` is called with its heading."""
    _page.set((framework, address, set_title) if framework else None)


def marked(macro: Callable[..., str]) -> Callable[..., str]:
    """Return `macro` with its output marked, so that this extension knows it as HTML, in which only headings are Markdown."""

    def call(*arguments: str, **keywords: str) -> str:
        text = macro(*arguments, **keywords)
        return f"<!--macro-->{text}<!--end-->" if "\n" in text else text

    return call


def _names(term: Term) -> Iterator[str]:
    """Yield the names of `term` and their plurals; names in capitals are matched as written."""
    for name in (term.term, *term.also):
        yield name
        if _is_acronym(name):
            yield f"{name.removesuffix('s')}s"
        elif re.search(r"[^aeiou]y$", name, re.IGNORECASE):
            yield f"{name[:-1]}ies"
        else:
            yield from (f"{name}s", f"{name}es")


def _is_acronym(name: str) -> bool:
    return name.removesuffix("s").isupper()


_MARK = re.compile(r"[,.;:?!)]*")  # what must not begin a line after a term


class _Glossary:
    """The terms of a framework by their names, and the pattern that finds them in HTML."""

    def __init__(self, framework: Framework) -> None:
        self.terms = {term.id: term for term in framework.all(Term)}
        self.renderer = Renderer(framework, _address.get)
        self._acronyms: dict[str, Term] = {}
        self._names: dict[str, Term] = {}
        for term in self.terms.values():
            for name in (name.replace("’", "'") for name in _names(term)):
                if _is_acronym(name):
                    self._acronyms.setdefault(name, term)
                else:
                    self._names.setdefault(caseless(name), term)
                    self._names.setdefault(caseless(name.upper()), term)  # ß becomes SS
        self.tokens = re.compile(f"{_TAGS}|{_pattern({*self._names, *map(caseless, self._acronyms)})}", re.DOTALL)

    def term(self, text: str) -> Term | None:
        """Return the term with the name `text`, if any."""
        name = " ".join(html.unescape(text).split()).replace("’", "'")
        return self._acronyms.get(name) or self._names.get(caseless(name))


def _pattern(names: Iterable[str]) -> str:
    """Return a pattern of `names` as complete words, longest first, grouped by their first letter so that few are tried at each word."""
    by_initial: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        initial, *rest = (_AS_TYPED.get(letter, re.escape(letter)) for letter in html.escape(name, quote=False))
        by_initial.setdefault(initial, []).append("".join(rest))
    alternatives = "|".join(f"{initial}(?:{'|'.join(rest)})" for initial, rest in by_initial.items()) or "(?!)"
    return rf"(?P<term>(?<![\w&#-])(?:{alternatives})(?![\w-]))"


_known: dict[object, _Glossary] = {}


@functools.lru_cache(maxsize=1)
def _glossary(framework: Framework) -> _Glossary:
    """Return the glossary of `framework`: the last one, if that has the same terms and addresses."""
    shown = framework.all(Term), tuple((key, record.url) for key, record in framework.records.items())
    if shown not in _known:
        _known.clear()
    return _known.setdefault(shown, _Glossary(framework))


class _Use(NamedTuple):
    """The use of a term in a page, from `start` to `end`: `typed` as [[term]], and `plain` if it cannot be linked there."""

    start: int
    end: int
    section: int
    term: Term
    typed: bool = False
    plain: bool = False


def _uses(glossary: _Glossary, text: str) -> Iterator[_Use]:
    """Yield the uses of terms in `text`, the HTML of a page."""
    open_elements = [("", _ALL)]
    section, section_id, once = 0, "", False  # `once`: the page is one section
    quotations = [(0, 0), *(m.span("quotation") for m in _QUOTED.finditer(text) if m["quotation"])]
    for token in glossary.tokens.finditer(caseless(text)):
        start, end = token.span()
        level = open_elements[-1][1]
        if token.lastgroup == "start":
            name = token["name"]
            if name in _SECTIONS and not once:
                once = 'data-terms="once"' in text[start:end]
                anchor = _ID.search(text, start, end)
                section, section_id = section + 1, anchor[1] if anchor else ""
            if name not in empty_tags:
                own = _TYPED if 'data-terms="off"' in text[start:end] else _ELEMENTS.get(name, _ALL)
                open_elements.append((name, max(level, own)))
        elif token.lastgroup == "end":
            at = next((at for at in range(len(open_elements) - 1, 0, -1) if open_elements[at][0] == token["closed"]), len(open_elements))
            del open_elements[at:]
        elif token.lastgroup == "typed":
            if term := glossary.terms.get(token["linked"] or token["marked"]):
                yield _Use(start, end, section, term, typed=True, plain=level == _NONE or term.id == section_id)
        elif token.lastgroup == "term" and level == _ALL:
            found = glossary.term(text[start:end])
            quoted = quotations[bisect(quotations, (start, 0)) - 1][1] > start
            if found and found.automatic == "yes" and found.id != section_id and not quoted:
                yield _Use(start, end, section, found)


def _linked(glossary: _Glossary, text: str) -> str:
    """Return `text`, the HTML of a page, with its terms linked and their pop-ups at its end."""
    uses = list(_uses(glossary, text))
    used = {(use.section, use.term.id) for use in uses if use.typed and not use.plain}
    terms: dict[str, Term] = {}
    parts, done = [], 0
    for use in uses:
        words = text[use.start : use.end]
        if use.typed:
            words = words.partition(">")[2].rpartition("<")[0]
        elif (use.section, use.term.id) in used:
            continue
        if not use.plain:
            used.add((use.section, use.term.id))
            terms[use.term.id] = use.term
            words = glossary.renderer.render("pages/term_trigger.html.j2", term=use.term, words=Markup(words))  # noqa: S704
        mark = "" if use.plain else _MARK.match(text, use.end)[0]  # type: ignore[index]
        parts += [text[done : use.start], f'<span class="term-end">{words}{mark}</span>' if mark else words]
        done = use.end + len(mark)
    end = "\n" + glossary.renderer.render("pages/term_popover.html.j2", terms=terms.values()) if terms else ""
    return "".join([*parts, text[done:], end])


@functools.lru_cache(maxsize=1_000)
def _finished(glossary: _Glossary, text: str, address: str) -> str:
    """Return `text`, the HTML of the page at `address`, with terms linked and with typographic marks; while serving, few pages change."""
    _address.set(address)
    return typographic(_linked(glossary, text))


class _TypedTerms(InlineProcessor):
    """Marks `[[outcome]]` and `[[outcome|outcomes]]`, to be linked when the page is complete."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]  # noqa: ARG002, N802
        """Return the marked text and the span that it replaces; nothing for an unknown term."""
        if (page := _page.get()) is None or page[0].find(Term.kind, m[1]) is None:
            return None, None, None
        element = Element("span", {"data-term": m[1]})
        element.text = AtomicString(m[2] or m[1].replace("-", " "))
        return element, m.start(0), m.end(0)


class KeepHtml(Preprocessor):
    """Keeps the HTML of marked macros as it is, since Markdown's own parser of HTML is slow."""

    def run(self, lines: list[str]) -> list[str]:
        """Return `lines` with a placeholder for the HTML between the headings of each macro."""

        def keep(output: re.Match[str]) -> str:
            parts = _HEADING.split(output[1])
            parts[::2] = [self.md.htmlStash.store(f"{part.strip()}\n") if part.strip() else "" for part in parts[::2]]
            return "\n\n" + "\n\n".join(parts) + "\n\n"

        return _MACRO.sub(keep, "\n".join(lines)).split("\n")


def _typographic_contents(entries: list[dict[str, Any]]) -> None:
    """Put typographic marks into the page's list of contents, which Markdown makes from the headings."""
    for entry in entries:
        entry["name"] = typographic(entry["name"])
        _typographic_contents(entry["children"])


class _Extension(Extension):
    """Reads [[term]] before other links, and links terms when the page is complete."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register the processors with `md`, and link terms in what it converts."""
        md.preprocessors.register(KeepHtml(md), "macro_html", 22)  # just before the HTML parsers of MkDocs (21) and Markdown (20)
        md.inlinePatterns.register(_TypedTerms(TERM_PATTERN, md), "terms", 175)
        convert = md.convert

        def converted(source: str) -> str:
            text, page = convert(normalised(source)), _page.get()
            _page.set(None)
            if page is None:
                return text
            framework, address, set_title = page
            set_title(first_heading(text))
            _typographic_contents(getattr(md, "toc_tokens", []))
            return _finished(_glossary(framework), text, address)

        md.convert = converted  # type: ignore[method-assign]


def makeExtension(**settings: Any) -> Extension:  # noqa: N802
    """Return the extension; Markdown calls this by name."""
    return _Extension(**settings)
