"""A Markdown extension that links the first use of each glossary term in a section to a pop-up with its meaning."""

from __future__ import annotations

import functools
import html
import re
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from markupsafe import Markup

from macros.model.framework import Framework
from macros.model.records import Term
from macros.rendering.environment import Renderer
from macros.text.characters import caseless, normalised
from macros.text.inline_markdown import first_heading
from macros.text.patterns import ID_PATTERN, TERM_PATTERN

_ALL, _TYPED, _NONE = range(3)  # which terms are linked in an element: all, those typed as [[term]], or none
_ELEMENTS = {
    **dict.fromkeys(("blockquote", "figure", "q", "code", "pre", "nav", "dt", "th", "caption"), _TYPED),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "a", "button", "option"), _NONE),
}
_CLASSES = {"tools", "cites", "statement", "mark", "for", "web", "fields"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_SECTIONS = {"h1", "h2", "h3"}
_INLINE = "a|abbr|b|bdi|bdo|button|cite|code|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|time|u|var"

_CLASS = re.compile(r'\sclass="([^"]*)"')
_ID = re.compile(r'\sid="([^"]*)"')
_TAGS = (
    r"(?P<skip><!--(?:(?!<!--|-->).)*-->|<(?P<raw>script|style)\b(?:(?!</?(?P=raw)\b).)*</(?P=raw)>)"
    rf'|(?P<typed><a class="term" href="[^"]*\#(?P<linked>{ID_PATTERN})">[^<]*</a>|<span data-term="(?P<marked>{ID_PATTERN})">[^<]*</span>)'
    r"|(?P<end></(?P<closed>[a-z0-9-]+)\s*>)"
    r"|(?P<start><(?P<name>[a-z0-9-]+)(?:\s[^<>]*)?>)"
)
_QUOTED = re.compile(
    rf'<!--(?:(?!<!--|-->).)*-->|<[^<>]*>|(?P<quotation>(?:"|&\#34;|&quot;)(?:[^"<&]|&(?!\#34;|quot;)|</?(?:{_INLINE})\b[^<>]*>)*+(?:"|&\#34;|&quot;)'
    rf"|“(?:[^“”<]|</?(?:{_INLINE})\b[^<>]*>)*+”)",
    re.DOTALL,
)

_BLOCK = re.compile(r"^<(?P<name>[a-z][a-z0-9]*)(?=[\s>])", re.MULTILINE)
"""Where a block of HTML may begin."""

_RAW = re.compile(r"<(?:script|style|textarea)", re.IGNORECASE)
"""Elements whose text may look like tags, so blocks with them are left to Markdown's own parser."""

_EMPTY_LINE = re.compile(r"(?: *\n){2}")
_AS_TYPED = {" ": r"(?:\s|&nbsp;|&#160;)+", "'": "(?:['’]|&#39;)"}
"""The forms of a space and an apostrophe in HTML."""

# Zensical may make several pages in parallel, each in its own thread.
_page: ContextVar[tuple[Framework, str, Callable[[str], None]] | None] = ContextVar("_page", default=None)
_address: ContextVar[str] = ContextVar("_address", default="")


def set_page(framework: Framework | None, address: str = "", set_title: Callable[[str], None] = lambda _: None) -> None:
    """Link the terms of `framework` in the page that is converted next, which has this `address` from the site's root.

    `set_title` is called with its heading. Without `framework`, no terms are linked.
    """
    _page.set((framework, address, set_title) if framework else None)


def names(term: Term) -> Iterator[str]:
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


class _Glossary:
    """The terms of a framework by their names, and the pattern that finds them in HTML."""

    def __init__(self, framework: Framework) -> None:
        self.terms = {term.id: term for term in framework.all(Term)}
        self.renderer = Renderer(framework, _address.get)
        self._acronyms: dict[str, Term] = {}
        self._names: dict[str, Term] = {}
        for term in self.terms.values():
            for name in (name.replace("’", "'") for name in names(term)):
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
    """Return a pattern that finds `names` (lower case, straight apostrophes) as complete words, longest first.

    It groups them by their first letter, so that few are tried at each word.
    """
    by_initial: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        initial, *rest = (_AS_TYPED.get(letter, re.escape(letter)) for letter in html.escape(name, quote=False))
        by_initial.setdefault(initial, []).append("".join(rest))
    alternatives = "|".join(f"{initial}(?:{'|'.join(rest)})" for initial, rest in by_initial.items()) or "(?!)"
    return rf"(?P<term>(?<![\w&#-])(?:{alternatives})(?![\w-]))"


_glossary = functools.lru_cache(maxsize=1)(_Glossary)


class _Use(NamedTuple):
    """The use of a term in a page: `typed` as [[term]], and `plain` if it cannot be linked there."""

    token: re.Match[str]
    section: int
    term: Term
    typed: bool = False
    plain: bool = False


class _Linker:
    """Links the terms in the HTML of one page."""

    def __init__(self, glossary: _Glossary, text: str) -> None:
        self.glossary, self.text = glossary, text
        self.open: list[tuple[str, int]] = [("", _ALL)]
        """The open elements, and which terms are linked in each."""
        self.section, self.section_id = 0, ""

    def linked(self) -> str:
        """Return the page with its terms linked and their pop-ups at its end."""
        uses = list(self._uses())
        used = {(use.section, use.term.id) for use in uses if use.typed and not use.plain}
        terms: dict[str, Term] = {}
        parts, done = [], 0
        for use in uses:
            text = self.text[use.token.start() : use.token.end()]
            if use.typed:
                text = text.partition(">")[2].rpartition("<")[0]
            elif (use.section, use.term.id) in used:
                continue
            if not use.plain:
                used.add((use.section, use.term.id))
                terms[use.term.id] = use.term
                popover = f"term-{use.term.id}"
                text = self.glossary.renderer.render("pages/term_trigger.html.j2", popover=popover, words=Markup(text))  # noqa: S704
            parts += [self.text[done : use.token.start()], text]
            done = use.token.end()
        popovers = [(term, f"term-{term_id}") for term_id, term in terms.items()]
        end = "\n" + self.glossary.renderer.render("pages/term_popover.html.j2", popovers=popovers) if popovers else ""
        return "".join([*parts, self.text[done:], end])

    def _uses(self) -> Iterator[_Use]:
        quotations = [(0, 0), *(m.span("quotation") for m in _QUOTED.finditer(self.text) if m["quotation"])]
        for token in self.glossary.tokens.finditer(caseless(self.text)):
            level = self.open[-1][1]
            if token.lastgroup == "start":
                self._start(token["name"], self.text[token.start() : token.end()])
            elif token.lastgroup == "end":
                self._end(token["closed"])
            elif token.lastgroup == "typed":
                if term := self.glossary.terms.get(token["linked"] or token["marked"]):
                    yield _Use(token, self.section, term, typed=True, plain=level == _NONE or term.id == self.section_id)
            elif token.lastgroup == "term" and level == _ALL:
                term = self.glossary.term(self.text[token.start() : token.end()])
                quoted = quotations[bisect(quotations, (token.start(), 0)) - 1][1] > token.start()
                if term and term.automatic == "yes" and term.id != self.section_id and not quoted:
                    yield _Use(token, self.section, term)

    def _start(self, name: str, tag: str) -> None:
        if name in _SECTIONS:
            anchor = _ID.search(tag)
            self.section, self.section_id = self.section + 1, anchor[1] if anchor else ""
        if name not in _VOID:
            level = max(self.open[-1][1], _ELEMENTS.get(name, _ALL))
            if level == _ALL and (classes := _CLASS.search(tag)) and not _CLASSES.isdisjoint(classes[1].split()):
                level = _TYPED
            self.open.append((name, level))

    def _end(self, name: str) -> None:
        for at in range(len(self.open) - 1, 0, -1):
            if self.open[at][0] == name:
                del self.open[at:]
                break


class _TypedTerms(InlineProcessor):
    """Marks `[[outcome]]` and `[[outcome|outcomes]]`, to be linked when the page is complete."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]  # noqa: ARG002, N802
        """Return the marked text and the span that it replaces; nothing for an unknown term."""
        if (page := _page.get()) is None or page[0].find(Term.kind, m[1]) is None:
            return None, None, None
        element = Element("span", {"data-term": m[1]})
        element.text = AtomicString(m[2] or m[1].replace("-", " "))
        return element, m.start(0), m.end(0)


class _Normalise(Preprocessor):
    """Normalises the text of a page, as the check does."""

    def run(self, lines: list[str]) -> list[str]:
        """Return `lines` normalised."""
        return normalised("\n".join(lines)).split("\n")


class _StashHtml(Preprocessor):
    """Stashes blocks of HTML unchanged, as Markdown's own parser does in more than twice the time; that parses what is left."""

    def run(self, lines: list[str]) -> list[str]:
        """Return `lines` with a placeholder for each block."""
        text = "\n".join(lines)
        parts, done = [], 0
        for opening in _BLOCK.finditer(text) if "<!" not in text else ():
            if opening.start() < done or opening["name"] == "hr" or not self.md.is_block_level(opening["name"]):
                continue
            if not (end := _end_of_block(text, opening)):
                break  # the rest of the text may be inside it
            block = text[opening.start() : end]
            parts.append(text[done : opening.start()])
            if text[end : end + 1] not in ("", "\n") or _RAW.search(block):
                parts.append(block)
            else:
                newline = "\n" if _EMPTY_LINE.match(text, end) else ""
                parts += ["\n\n", self.md.htmlStash.store(block + newline), "\n\n"]
            done = end
        return "".join([*parts, text[done:]]).split("\n")


def _end_of_block(text: str, opening: re.Match[str]) -> int:
    """Return where the element that begins at `opening` ends in `text`, or 0 if it does not."""
    depth = 0
    for tag in _tags_of(opening["name"]).finditer(text, opening.start()):
        depth += -1 if tag["closing"] else 1
        if not depth:
            return tag.end()
    return 0


@functools.cache
def _tags_of(name: str) -> re.Pattern[str]:
    return re.compile(rf'<(?P<closing>/?){name}(?:\s(?:[^<>"]|"[^"]*")*)?>', re.IGNORECASE)


class _NoteCompletion(Treeprocessor):
    """Notes that a page is complete: before that, the toc extension runs postprocessors on each heading."""

    complete = False

    def run(self, root: Element) -> None:
        """Note it."""
        del root
        self.complete = True


class _LinkTerms(Postprocessor):
    """Links the terms of the page that `set_page` has announced."""

    def __init__(self, md: Markdown, note: _NoteCompletion) -> None:
        super().__init__(md)
        self.note = note

    def run(self, text: str) -> str:
        """Return `text`, the HTML of a page or of a heading; in a page, terms are linked."""
        if not self.note.complete:
            return text
        page, self.note.complete = _page.get(), False
        _page.set(None)
        if page is None:
            return text
        framework, address, set_title = page
        _address.set(address)
        set_title(first_heading(text))
        return _Linker(_glossary(framework), text).linked()


class _Extension(Extension):
    """Reads [[term]] before other links, and links terms after raw HTML is back in the page."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register the processors with `md`."""
        note = _NoteCompletion(md)
        md.preprocessors.register(_Normalise(md), "normalise", 100)
        md.preprocessors.register(_StashHtml(md), "blocks", 22)  # just before the HTML parsers of MkDocs (21) and Markdown (20)
        md.inlinePatterns.register(_TypedTerms(TERM_PATTERN, md), "terms", 175)
        md.treeprocessors.register(note, "terms", -100)
        md.postprocessors.register(_LinkTerms(md, note), "terms", 0)


def makeExtension(**settings: Any) -> Extension:  # noqa: N802
    """Return the extension; Markdown calls this by name."""
    return _Extension(**settings)
