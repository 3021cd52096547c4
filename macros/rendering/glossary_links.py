"""A Markdown extension: the first use of a glossary term in each section of a page opens its meaning, without leaving the page."""

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

from macros.model.core import Term
from macros.model.framework import Framework
from macros.rendering.environment import Renderer
from macros.text.inline_markdown import first_heading
from macros.text.normalisation import caseless, normalised
from macros.text.patterns import ID_PATTERN, TERM_PATTERN

_FREE, _BY_HAND, _NOTHING = range(3)  # what may become a trigger: any term, only one linked by hand, none
_ELEMENTS = {
    **dict.fromkeys(("blockquote", "figure", "q", "code", "pre", "nav", "dt", "th", "caption"), _BY_HAND),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "a", "button", "option"), _NOTHING),
}
_CLASSES = {"tools", "cites", "statement", "mark", "for", "web", "fields"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_SECTIONS = {"h1", "h2", "h3"}
_INLINE = "a|abbr|b|bdi|bdo|button|cite|code|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|time|u|var"

_CLASS = re.compile(r'\sclass="([^"]*)"')
_ID = re.compile(r'\sid="([^"]*)"')
_TAGS = (
    r"(?P<skip><!--(?:(?!<!--|-->).)*-->|<(?P<raw>script|style)\b(?:(?!</?(?P=raw)\b).)*</(?P=raw)>)"
    rf'|(?P<hand><a class="term" href="[^"]*\#(?P<linked>{ID_PATTERN})">[^<]*</a>|<span data-term="(?P<typed>{ID_PATTERN})">[^<]*</span>)'
    r"|(?P<end></(?P<closed>[a-z0-9-]+)\s*>)"
    r"|(?P<start><(?P<name>[a-z0-9-]+)(?:\s[^<>]*)?>)"
)
_QUOTED = re.compile(
    rf'<!--(?:(?!<!--|-->).)*-->|<[^<>]*>|(?P<said>(?:"|&\#34;|&quot;)(?:[^"<&]|&(?!\#34;|quot;)|</?(?:{_INLINE})\b[^<>]*>)*+(?:"|&\#34;|&quot;)'
    rf"|“(?:[^“”<]|</?(?:{_INLINE})\b[^<>]*>)*+”)",
    re.DOTALL,
)

_BLOCK = re.compile(r"^<(?P<name>[a-z][a-z0-9]*)(?=[\s>])", re.MULTILINE)
"""Where a block of HTML may begin."""

_RAW = re.compile(r"<(?:script|style|textarea)", re.IGNORECASE)
"""What keeps a block for Markdown's own parser: tags in these elements are none."""

_EMPTY_LINE = re.compile(r"(?: *\n){2}")
_AS_TYPED = {" ": r"(?:\s|&nbsp;|&#160;)+", "'": "(?:['’]|&#39;)"}
"""How a space and an apostrophe of a name may stand in a page."""

_page: ContextVar[tuple[Framework, str, Callable[[str], None]] | None] = ContextVar("_page", default=None)
_here: ContextVar[str] = ContextVar("_here", default="")  # an engine may make several pages at once, each in a thread of its own


def set_page(framework: Framework | None, address: str = "", titled: Callable[[str], None] = lambda _: None) -> None:
    """Say which page is made next, by its address from the root, and what is told its heading; without `framework` it stays as it is."""
    _page.set((framework, address, titled) if framework else None)


def names(term: Term) -> Iterator[str]:
    """Yield every form of the names of `term`; one that is all capitals is to be matched as it is written."""
    for name in (term.term, *term.also):
        yield name
        if _is_capitals(name):
            yield f"{name.removesuffix('s')}s"
        elif re.search(r"[^aeiou]y$", name, re.IGNORECASE):
            yield f"{name[:-1]}ies"
        else:
            yield from (f"{name}s", f"{name}es")


def _is_capitals(name: str) -> bool:
    return name.removesuffix("s").isupper()


def _straight(name: str) -> str:
    return name.replace("’", "'")


class _Glossary:
    """The terms of a framework, ready to be found in a page and shown there."""

    def __init__(self, framework: Framework) -> None:
        self.terms = {term.id: term for term in framework.all(Term)}
        self.renderer = Renderer(framework, _here.get)
        self._as_written: dict[str, str] = {}
        self._any_case: dict[str, str] = {}
        for term in self.terms.values():
            for name in map(_straight, names(term)):
                if _is_capitals(name):
                    self._as_written.setdefault(name, term.id)
                else:
                    self._any_case.setdefault(caseless(name), term.id)
                    self._any_case.setdefault(caseless(name.upper()), term.id)  # ß is SS there
        self.tokens = re.compile(f"{_TAGS}|{_pattern({*self._any_case, *map(caseless, self._as_written)})}", re.DOTALL)

    def term(self, words: str) -> Term | None:
        """Return the term that `words` of a page name, if any."""
        plain = _straight(" ".join(html.unescape(words).split()))
        found = self._as_written.get(plain) or self._any_case.get(caseless(plain))
        return self.terms[found] if found else None


def _pattern(forms: Iterable[str]) -> str:
    """Return the pattern that finds `forms` (in small letters, with straight apostrophes) as complete words, the longest first.

    Forms with the same initial stand together, so that few of them are tried at each word.
    """
    by_initial: dict[str, list[str]] = {}
    for form in sorted(forms, key=lambda form: (-len(form), form)):
        initial, *rest = (_AS_TYPED.get(letter, re.escape(letter)) for letter in html.escape(form, quote=False))
        by_initial.setdefault(initial, []).append("".join(rest))
    found = "|".join(f"{initial}(?:{'|'.join(rest)})" for initial, rest in by_initial.items()) or "(?!)"
    return rf"(?P<term>(?<![\w&#-])(?:{found})(?![\w-]))"


_glossary = functools.lru_cache(maxsize=1)(_Glossary)


class _Use(NamedTuple):
    """A place where a page names a term; by hand it is always meant, and `plain` if no trigger may stand there."""

    token: re.Match[str]
    section: int
    term: Term
    by_hand: bool = False
    plain: bool = False


class _Page:
    """One page while its terms are linked: what is open, which terms it names, and which pop-ups it needs."""

    def __init__(self, glossary: _Glossary, text: str) -> None:
        self.glossary, self.text = glossary, text
        self.anchors = set(_ID.findall(text))
        self.open: list[tuple[str, int]] = [("", _FREE)]
        self.section, self.own = 0, ""
        self.popovers: dict[str, str] = {}

    def linked(self) -> str:
        """Return the page with its triggers, and the pop-ups at its end."""
        uses = list(self._uses())
        used = {(use.section, use.term.id) for use in uses if use.by_hand and not use.plain}
        parts, done = [], 0
        for use in uses:
            words = self.text[use.token.start() : use.token.end()]
            if use.by_hand:
                words = words.partition(">")[2].rpartition("<")[0]
            elif (use.section, use.term.id) in used:
                continue
            if not use.plain:
                used.add((use.section, use.term.id))
            parts += [self.text[done : use.token.start()], words if use.plain else self._trigger(use.term, words)]
            done = use.token.end()
        popovers = [(self.glossary.terms[term], popover) for term, popover in self.popovers.items()]
        end = "\n" + self.glossary.renderer.render("pages/term_popover.html.j2", popovers=popovers) if popovers else ""
        return "".join([*parts, self.text[done:], end])

    def _uses(self) -> Iterator[_Use]:
        quoted = [(0, 0), *(m.span("said") for m in _QUOTED.finditer(self.text) if m["said"])]
        for token in self.glossary.tokens.finditer(caseless(self.text)):
            level = self.open[-1][1]
            if token.lastgroup == "start":
                self._start(token["name"], self.text[token.start() : token.end()])
            elif token.lastgroup == "end":
                self._end(token["closed"])
            elif token.lastgroup == "hand":
                if term := self.glossary.terms.get(token["linked"] or token["typed"]):
                    yield _Use(token, self.section, term, by_hand=True, plain=level == _NOTHING or term.id == self.own)
            elif token.lastgroup == "term" and level == _FREE:
                term = self.glossary.term(self.text[token.start() : token.end()])
                said = quoted[bisect(quoted, (token.start(), 0)) - 1][1] > token.start()
                if term and term.automatic == "yes" and term.id != self.own and not said:
                    yield _Use(token, self.section, term)

    def _start(self, name: str, tag: str) -> None:
        if name in _SECTIONS:
            found = _ID.search(tag)
            self.section, self.own = self.section + 1, found[1] if found else ""
        if name not in _VOID:
            level = max(self.open[-1][1], _ELEMENTS.get(name, _FREE))
            if level == _FREE and (found := _CLASS.search(tag)) and not _CLASSES.isdisjoint(found[1].split()):
                level = _BY_HAND
            self.open.append((name, level))

    def _end(self, name: str) -> None:
        for at in range(len(self.open) - 1, 0, -1):
            if self.open[at][0] == name:
                del self.open[at:]
                break

    def _trigger(self, term: Term, words: str) -> str:
        if term.id not in self.popovers:
            popover = f"term-{term.id}"
            while popover in self.anchors:
                popover += "-meaning"
            self.anchors.add(popover)
            self.popovers[term.id] = popover
        return self.glossary.renderer.render("pages/term_trigger.html.j2", popover=self.popovers[term.id], words=Markup(words))  # noqa: S704


class _Typed(InlineProcessor):
    """Marks `[[outcome]]` and `[[outcome|outcomes]]` in a page, for the pop-up to be made when the page is whole."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]  # noqa: ARG002, N802
        """Return the marked words and the span that they replace; nothing if no such term is known."""
        if (made := _page.get()) is None or made[0].find(Term.kind, m[1]) is None:
            return None, None, None
        marked = Element("span", {"data-term": m[1]})
        marked.text = AtomicString(m[2] or m[1].replace("-", " "))
        return marked, m.start(0), m.end(0)


class _Normalised(Preprocessor):
    """Reads a page in the form in which it was checked."""

    def run(self, lines: list[str]) -> list[str]:
        """Return `lines` in that form."""
        return normalised("\n".join(lines)).split("\n")


class _Stashed(Preprocessor):
    """Sets blocks of HTML aside as they are, as Markdown's own parser of HTML does, which is much slower; it reads what this leaves."""

    def run(self, lines: list[str]) -> list[str]:
        """Return `lines` with a placeholder for each block."""
        text = "\n".join(lines)
        parts, done = [], 0
        for opening in _BLOCK.finditer(text) if "<!" not in text else ():
            if opening.start() < done or opening["name"] == "hr" or not self.md.is_block_level(opening["name"]):
                continue
            if not (end := _end_of_block(text, opening)):
                break  # whatever follows may be inside it
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


class _Whole(Treeprocessor):
    """Notes that all of a page is there: before that, postprocessors are run on its headings one by one."""

    reached = False

    def run(self, root: Element) -> None:
        """Note it."""
        del root
        self.reached = True


class _Linked(Postprocessor):
    """Links the terms of the page that is made now."""

    def __init__(self, md: Markdown, whole: _Whole) -> None:
        super().__init__(md)
        self.whole = whole

    def run(self, text: str) -> str:
        """Return `text`, the whole HTML of a page, with its terms linked."""
        if not self.whole.reached:
            return text
        made, self.whole.reached = _page.get(), False
        _page.set(None)
        if made is None:
            return text
        _here.set(made[1])
        made[2](first_heading(text))
        return _Page(_glossary(made[0]), text).linked()


class _Terms(Extension):
    """Reads what is typed by hand before other links are made, and works on the whole page after raw HTML is back."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Change `md` in place."""
        whole = _Whole(md)
        md.preprocessors.register(_Normalised(md), "terms", 100)
        md.preprocessors.register(_Stashed(md), "blocks", 22)  # just before HTML is parsed, by the engine (21) and by Markdown (20)
        md.inlinePatterns.register(_Typed(TERM_PATTERN, md), "terms", 175)
        md.treeprocessors.register(whole, "terms", -100)
        md.postprocessors.register(_Linked(md, whole), "terms", 0)


def makeExtension(**settings: Any) -> Extension:  # noqa: N802
    """Return the extension, as Markdown asks for it by the module's name."""
    return _Terms(**settings)
