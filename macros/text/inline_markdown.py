"""Markdown in records (CommonMark, as GitHub reads it): as HTML, as plain text, its links, and what the site does not show."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Callable, Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup

from macros.templates import texts
from macros.text.patterns import ID_PATTERN, MAIL_PATTERN, TERM_PATTERN, WEB_PATTERN

_TERM = re.compile(TERM_PATTERN)
_HREF = re.compile(r'(?:(?<=<a href=")|(?<=<a class="term" href="))[^"]*(?=")')
_HEADING = re.compile(r'<h1\b[^>]*>(.*?)(?:<a class="headerlink"|</h1>)', re.DOTALL)
_ID = re.compile(rf"(?:([a-z]+(?:-[a-z]+)*)/)?({ID_PATTERN})")
_WEB = re.compile(rf"{WEB_PATTERN}|mailto:{MAIL_PATTERN}")
_UNMARKED = re.compile(r"(?!www\.)[^\W\d_](?:[^\W_]|[ ,;.?!'\"()%£–—’‘“”-](?!www\.))*(?<! )")
"""A paragraph without anything that Markdown may read as a mark."""
_TEXTS = texts("messages/markdown.yml")
_RECORD, _STRIKETHROUGH = _TEXTS["record"], _TEXTS["strikethrough"]
_MARKS = tuple((re.compile(pattern), wrong, instead) for pattern, wrong, instead in _TEXTS["marks"])


def _term(state: StateInline, silent: bool) -> bool:
    """Read `[[outcome]]` and `[[outcome|outcomes]]` as links to a term."""
    found = _TERM.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.push("link_open", "a", 1).attrs = {"class": "term", "href": f"term/{found[1]}"}
        state.push("text", "", 0).content = found[2] or found[1].replace("-", " ")
        state.push("link_close", "a", -1)
    state.pos = found.end()
    return True


def _text(_renderer: RendererProtocol, tokens: Sequence[Token], at: int, _options: object, _env: object) -> str:
    return html.escape(tokens[at].content, quote=False)


def _parser(*extensions: str) -> MarkdownIt:
    """Return a parser of CommonMark and these of GitHub's `extensions`; it leaves the targets of links as typed, for a check."""
    made = MarkdownIt("commonmark", {"xhtmlOut": False}).enable(list(extensions))
    made.add_render_rule("text", _text)
    made.add_render_rule("text_special", _text)
    made.validateLink = bool  # type: ignore[method-assign, assignment]
    made.normalizeLink = made.normalizeLinkText = str  # type: ignore[method-assign, assignment]
    return made


# Prose of a record: what is off is shown as typed.
_PROSE = _parser().disable(["heading", "lheading", "hr", "code", "fence", "html_block", "reference", "image", "html_inline"])
# What GitHub's preview shows; escaped characters stay separate from the text, since they are not marks.
GITHUB = _parser("table", "strikethrough").disable("text_join")
_STRICT = _parser("table", "strikethrough").disable(["text_join", "reference"])
for parser in (_PROSE, _STRICT):
    parser.inline.ruler.before("link", "term", _term)
    parser.render("-")  # prepares its rules, before several threads use it


@functools.lru_cache(maxsize=256)
def github_tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens of `text`, a page, as GitHub reads it; several checks share them."""
    return tuple(GITHUB.parse(text))


@functools.lru_cache(maxsize=100_000)
def to_html(text: str) -> str:
    """Return `text`, prose of a record, as HTML, with the targets of links as they are typed."""
    return f"<p>{text}</p>" if _UNMARKED.fullmatch(text) else str(_PROSE.render(text)).rstrip("\n")


def prose(text: str, resolve: Callable[[str], str]) -> Markup:
    """Return `text` as HTML paragraphs and lists; `resolve` turns a link's target into its address."""
    linked = _HREF.sub(lambda href: html.escape(resolve(html.unescape(href[0]))), to_html(text))
    return Markup(linked)  # noqa: S704  (Markdown without raw HTML escaped it)


def inline(text: str, resolve: Callable[[str], str]) -> Markup:
    """Return `text` as `prose` does, without the paragraph tags if there is only one paragraph."""
    shown = prose(text, resolve)
    is_single = shown.startswith("<p>") and shown.count("<p>") == 1 and shown.endswith("</p>")
    return Markup(shown[3:-4]) if is_single else shown  # noqa: S704


def links(text: str) -> Iterator[str]:
    """Yield the target of each link that `text` makes, as typed."""
    for target in _HREF.findall(to_html(text)) if "[" in text or "<" in text else ():
        yield html.unescape(target)


def is_address(target: str) -> bool:
    """Return whether a link's target leads off the site, by http, https or mailto."""
    return bool(_WEB.fullmatch(target))


def parse_id(target: str) -> tuple[str, str] | None:
    """Return the kind ("" if there is none) and the id in a link's target, or None if it is not an id."""
    found = _ID.fullmatch(target)
    return (found[1] or "", found[2]) if found else None


@functools.lru_cache(maxsize=20_000)
def to_plain_text(text: str) -> str:
    """Return `text` without marks: a line for each paragraph and item, and web addresses in brackets after their words."""
    if _UNMARKED.fullmatch(text):
        return " ".join(text.split())
    lines, mark = [], ""
    for token in _PROSE.parse(text):
        if token.type == "list_item_open":
            mark = f"{token.info}. " if token.info else "• "
        elif token.type == "inline":
            lines.append(mark + " ".join(_words(token.children or ()).split()))
            mark = ""
    return "\n".join(lines)


def _words(tokens: Sequence[Token]) -> str:
    words, start, target = "", 0, ""
    for token in tokens:
        if token.type == "link_open":
            start, target = len(words), str(token.attrs["href"])
        elif token.type == "link_close" and is_address(target) and words[start:] != target.removeprefix("mailto:"):
            words += f" ({target})"
        else:
            words += " " if token.type == "softbreak" else token.content
    return words


def literal(text: str) -> Markup:
    """Return `text` as HTML without any sign that Markdown would read as a mark."""
    return Markup(re.sub(r"[\\`*_{}\[\]<>&\"'!]", lambda mark: f"&#{ord(mark[0])};", " ".join(text.split())))  # noqa: S704  (no sign of HTML is left)


def first_heading(page: str) -> str:
    """Return the text of the first heading of the HTML `page`, or "" if it has none."""
    found = _HEADING.search(page)
    return Markup(found[1]).striptags() if found else ""  # noqa: S704  (its tags are taken out)


def heading(text: str) -> Markup:
    """Return `text` escaped for a Markdown heading."""
    escaped = " ".join(html.escape(text, quote=False).split())
    return Markup(re.sub(r"([\\`*_{}\[\]()>#+\-.!])", r"\\\1", escaped))  # noqa: S704  (escaped)


@functools.lru_cache(maxsize=20_000)
def unsupported(text: str, *, page: bool = False) -> tuple[tuple[int, str, str], ...]:
    """Return the Markdown in `text`, a record's or a `page`'s, that the site does not show: where (from 0), what it is, what to write."""
    if _UNMARKED.fullmatch(text):
        return ()
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    problems: list[tuple[int, str, str]] = []
    columns = 0
    for token in github_tokens(text) if page else _STRICT.parse(text):
        at = starts[token.map[0]] if token.map else 0
        line = text[at:].partition("\n")[0]
        columns = len(_cells(line)) if token.type == "table_open" else columns
        if not page and (advice := _RECORD.get(token.type)):
            problems.append((at + len(line) - len(line.lstrip(" ")), *advice))
        elif token.type == "ordered_list_open" and "start" in token.attrs:
            wrong = f"a list that begins with {token.attrs['start']}"
            problems.append((at, wrong, rf"begin it with 1., or write {token.attrs['start']}\. if it is not a list"))
        elif token.type == "tr_open" and (cells := len(_cells(line))) != columns:
            instead = r"write a cell for each column, between |; write \| for the sign itself"
            problems.append((at, f"a row of {cells} in a table of {columns} columns", instead))
        elif token.type == "inline":
            problems += _inline(token, text, at, page=page)
    return tuple(problems)


def _cells(row: str) -> list[str]:
    return re.split(r"(?<!\\)\|", row.strip().removeprefix("|").removesuffix("|"))


def _inline(block: Token, text: str, at: int, *, page: bool) -> Iterator[tuple[int, str, str]]:
    """Yield the same for the marks inside one paragraph, which begins in `text` at `at`."""
    first, links = True, 0
    for token in block.children or ():
        here = max(text.find("![" if token.type == "image" else token.content or token.markup, at), at)
        links += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "s_open":
            yield here, *_STRIKETHROUGH
        elif not page and (advice := _RECORD.get(token.type)):
            yield here, *advice
        elif token.type == "text" and not links:
            for pattern, wrong, instead in _MARKS:
                for match in pattern.finditer(token.content) if first or not pattern.pattern.startswith(r"\A") else ():
                    yield here + match.start(), wrong, instead
        first = token.type == "softbreak"
        if token.type in ("text", "code_inline", "html_inline"):
            at = here + len(token.content)
