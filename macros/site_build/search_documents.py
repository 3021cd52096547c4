"""What the search can find: each record and each part of a page, in the words that the built page shows."""

from __future__ import annotations

import copy
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import lxml.etree
import lxml.html
import yaml
from lxml.html import HtmlElement

from macros.loading.pages import Page
from macros.model.base import Record
from macros.model.core import Principle, Recommendation, Stage
from macros.model.framework import Framework
from macros.model.supporting import Law
from macros.templates import TEMPLATES

_NOT_READ = lxml.etree.XPath(
    './/*[self::nav or self::form or self::fieldset or self::svg or @popover or @class="tools" or contains(@class, "headerlink") or'
    ' contains(@class, "for-audience") or contains(@class, "cycle-picture") or contains(@class, "download") or'
    ' contains(@class, "letters") or contains(@class, "cites") or contains(@class, "screen-only") or contains(@class, "related") or'
    ' contains(@class, "search") or self::p[@class="mark"]]'
)
_HEADINGS = ("h2", "h3")
_WHOLE = (Stage.kind, Principle.kind, "audience")


@dataclass
class Result:
    """Something to be found: its address from the site's root, title, kind and place; its words, shown; others, never shown; filters."""

    url: str
    title: str
    kind: str
    place: str
    words: str
    hidden: tuple[str, ...] = ()
    filters: dict[str, list[str]] = field(default_factory=dict)


@functools.cache
def settings() -> dict[str, Any]:
    """Return macros/templates/outputs/search.yml: what a result says of itself, and how the search weighs."""
    found: dict[str, Any] = yaml.safe_load((TEMPLATES / "outputs/search.yml").read_text("utf-8"))
    return found


def results(trees: Mapping[str, HtmlElement], framework: Framework, pages: tuple[Page, ...]) -> Iterator[Result]:
    """Yield a result for each record and each part of `pages`, as built in `trees` by path; each word of a page belongs to one result."""
    said = settings()
    records = {record.url: record for record in framework.records.values() if record.kind in said["kinds"]}
    for page in pages:
        if page.url in said["never"]:
            continue
        built = trees[f"{page.url}index.html"]
        (opening,) = built.find_class("opening")
        (body,) = map(copy.deepcopy, built.find_class("body"))
        title = _words(opening)
        hidden, hidden_in = (page.meta.search, page.meta.parts) if page.meta else ((), {})
        record = records.get(page.url)
        rows = list(_rows(page, body, records))
        described = page.meta.description if page.meta else ""
        parts = [("", "", described)] if page.url in said["lists"] else list(_parts(body))
        if record is not None and record.kind == Principle.kind:
            parts = [("", "", " ".join(words for _, _, words in parts))]
        for anchor, heading, words in parts:
            url = f"{page.url}#{anchor}" if anchor else page.url
            here = record if not anchor else records.get(url)
            if here is not None:
                yield _of(framework, here, words, title if not anchor else here.name)
            elif not anchor:
                yield _part("page", url, title, words or described, title, hidden)
            elif page.url not in said["whole"] and (record is None or record.kind not in _WHOLE) and words:
                yield _part("section", url, heading, words, title, hidden_in.get(anchor, ()))
        for row, words in rows:
            yield _of(framework, row, words, row.name)


def _rows(page: Page, body: HtmlElement, records: dict[str, Record]) -> Iterator[tuple[Record, str]]:
    """Yield the records that are shown in `body` as a row or an item, with their words, and take them out of it."""
    for element in body.xpath(".//*[@id][not(self::h2 or self::h3)]"):
        record = records.get(f"{page.url}#{element.get('id')}")
        if record is not None:
            yield record, _words(element)
            element.drop_tree()


def _parts(body: HtmlElement) -> Iterator[tuple[str, str, str]]:
    """Yield the parts of `body`: the anchor and the words of its heading (both "" before the first), and its words."""
    anchor, heading = "", ""
    words: list[str] = []
    for child in body:
        if child.tag in _HEADINGS and child.get("id"):
            yield anchor, heading, " ".join(filter(None, words))
            anchor, heading, words = child.get("id"), _words(child), []
        else:
            words.append(_words(child))
    yield anchor, heading, " ".join(filter(None, words))


def _words(element: HtmlElement) -> str:
    """Return what `element` says to a reader, each block apart; buttons that are terms are words."""
    read = lxml.html.Element("div")
    read.append(copy.deepcopy(element))
    read[0].tail = None
    for gone in _NOT_READ(read):
        gone.drop_tree()
    for part in read.iter():
        if part.tag in ("p", "li", "dt", "dd", "td", "th", "h4", "h3", "h2", "caption", "br"):
            label = part.tag in ("h4", "dt") or part.get("class") == "for"
            stop = "." if label and not "".join(part.itertext()).rstrip().endswith((".", ":", "?", "!")) else ""
            part.tail = f"{stop} {part.tail or ''}"
            part.text = f" {part.text or ''}"
    return " ".join(read.text_content().split())


def _of(framework: Framework, record: Record, words: str, title: str) -> Result:
    said = settings()["kinds"][record.kind]
    stages: tuple[Stage, ...] = (record,) if isinstance(record, Stage) else ()
    fields = {name: getattr(record, name, "") for name in ("number", "id", "page")}
    if isinstance(record, Recommendation):
        stages = framework.some(Stage, [record.stage])
    if isinstance(record, Law):
        stages = tuple(framework.get(Stage, stage) for stage in record.stages)
    fields["stage"] = stages[0].number if stages else ""
    audiences = [framework.find("audience", audience) for audience in getattr(record, "audiences", ())]
    filters = {"kind": [said["kind"]]}
    if stages:
        filters["stage"] = [settings()["stage"].format(number=stage.number, title=stage.title) for stage in stages]
    if audiences:
        filters["audience"] = [audience.name for audience in audiences if audience]
    hidden = (*getattr(record, "also", ()), *getattr(record, "search", ()), *said.get("hidden", ()))
    if isinstance(record, Principle):
        hidden += tuple(name.format(number=u.number) for u in record.undertakings for name in said["undertakings"])
    return Result(record.url, title, said["kind"], said["place"].format(**fields), words, hidden, filters)


def _part(name: str, url: str, title: str, words: str, page: str, hidden: tuple[str, ...]) -> Result:
    said = settings()[name]
    return Result(url, title, said["kind"], said["place"].format(page=page), words, hidden, {"kind": [said["kind"]]})
