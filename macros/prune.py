"""Takes out of the built site what none of its pages uses: files of the theme, and rules of its stylesheets."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import lxml.etree
import tinycss2
import yaml
from lxml.html import HtmlElement

from macros.render import TEMPLATES

THEME = "assets"
"""The folder of the site that holds the theme's files."""
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)")
_BASE = "https://site.invalid/"
_NESTING = ("media", "supports", "layer", "container")


@dataclass(frozen=True)
class _Rule:
    """A rule: what stands before its braces; and in them, declarations by name or other rules. A statement has no braces."""

    head: str
    declarations: tuple[tuple[str, str], ...] = ()
    rules: tuple[_Rule, ...] = ()

    def __str__(self) -> str:
        if not self.declarations and not self.rules:
            return f"{self.head};"
        inner = ";".join(f"{name}:{value}" for name, value in self.declarations) + "".join(map(str, self.rules))
        return f"{self.head}{{{inner}}}"


def prune(site: Path, trees: Mapping[str, HtmlElement]) -> None:
    """Take out of `site` each file of the theme that no page loads, and each rule of its stylesheets that fits no page.

    `trees` are its pages by path. macros/templates/prune.yml lists the names whose rules stay although no page and no script mentions
    them, and why.
    """
    loaded = set(_loaded(trees))
    for file in sorted((site / THEME).rglob("*"), reverse=True):
        if file.is_file() and file.relative_to(site).as_posix() not in loaded:
            file.unlink()
        elif file.is_dir() and not any(file.iterdir()):
            file.rmdir()
    names = names_used(site, trees) | {
        name for item in yaml.safe_load((TEMPLATES / "prune.yml").read_text("utf-8")) for name in item["names"]
    }
    asked = set(_VARIABLE.findall("".join(sheet.read_text("utf-8") for sheet in site.glob("*.css"))))
    for sheet in (site / THEME).rglob("*.css"):
        sheet.write_text(pruned(sheet.read_text("utf-8"), names, asked), "utf-8")


def names_used(site: Path, trees: Mapping[str, HtmlElement]) -> set[str]:
    """Return the names that a rule may ask for in `site`: of its pages' elements, attributes, classes (with a point) and ids (a hash).

    Every word of a script of ours counts as each of them, and as the end of data-….
    """
    names: set[str] = set()
    for root in trees.values():
        for element in root.iter(lxml.etree.Element):
            names |= {element.tag, *element.attrib, f"#{element.get('id')}", *(f".{name}" for name in (element.get("class") or "").split())}
    for script in site.glob("*.js"):
        for word in _WORD.findall(script.read_text("utf-8")):
            names |= {word, f"data-{word}", f".{word}", f"#{word}"}
    return names


def _loaded(trees: Mapping[str, HtmlElement]) -> Iterator[str]:
    """Yield the path of each file of the theme that a page names, from the site's root."""
    for path, root in trees.items():
        for link in root.xpath("//@href | //@src"):
            if THEME in link:
                yield unquote(urlsplit(urljoin(_BASE + path, link)).path).lstrip("/")


def pruned(css: str, names: Container[str], asked: Iterable[str] = ()) -> str:
    """Return the stylesheet `css` without the rules whose selectors ask for what is not in `names`, and without unused variables.

    `names` are elements and attributes as they are, classes with a point before them, ids with a hash; `asked` are the variables
    that other stylesheets use. What is animated counts for nothing: our own stylesheet lets nothing move.
    """
    rules = tuple(_rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), names))
    while True:
        used = {*asked, *_VARIABLE.findall("".join(map(str, rules)))}
        fewer = tuple(_with_variables(rules, used))
        if fewer == rules:
            return "".join(map(str, rules))
        rules = fewer


def _rules(parsed: list[Any], names: Container[str]) -> Iterator[_Rule]:
    for rule in parsed:
        head = f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}".rstrip() if rule.type == "at-rule" else ""
        if rule.type == "qualified-rule":
            selectors = ",".join(tinycss2.serialize(s).strip() for s in _selectors(rule.prelude) if _fits(s, names))
            if selectors and (declared := _declared(rule.content)):
                yield _Rule(selectors, declared)
        elif rule.content is None:
            yield _Rule(head)
        elif rule.lower_at_keyword in _NESTING:
            inside = tuple(_rules(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True), names))
            if inside:
                yield _Rule(head, rules=inside)
        elif not rule.lower_at_keyword.endswith("keyframes"):
            yield _Rule(head, _declared(rule.content))


def _declared(content: list[Any]) -> tuple[tuple[str, str], ...]:
    inner = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    return tuple((d.name, _value(d)) for d in inner if d.type == "declaration")


def _value(declaration: Any) -> str:
    return str(tinycss2.serialize(declaration.value).strip()) + ("!important" if declaration.important else "")


def _with_variables(rules: tuple[_Rule, ...], used: set[str]) -> Iterator[_Rule]:
    for rule in rules:
        kept = tuple(d for d in rule.declarations if not d[0].startswith("--") or d[0] in used)
        inside = tuple(_with_variables(rule.rules, used))
        if kept or inside or not (rule.declarations or rule.rules):
            yield _Rule(rule.head, kept, inside)


def _selectors(prelude: list[Any]) -> Iterator[list[Any]]:
    """Yield each selector of a list of selectors."""
    selector: list[Any] = []
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            yield selector
            selector = []
        else:
            selector.append(token)
    yield selector


def _fits(selector: list[Any], names: Container[str]) -> bool:
    """Return whether each element, class, id and attribute that `selector` asks for is in `names`; inside :is() or :not() all may be."""
    before = ""
    for token in selector:
        if token.type == "ident" and before != ":":
            wanted = f".{token.value}" if before == "." else token.lower_value
        elif token.type == "hash":
            wanted = f"#{token.value}"
        elif token.type == "[] block":
            wanted = next(inside.value for inside in token.content if inside.type == "ident")
        else:
            wanted = ""
        if wanted and wanted not in names:
            return False
        before = token.value if token.type == "literal" else ""
    return True
