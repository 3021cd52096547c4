"""The texts of built pages: the documents of the search index, and plain text for software, listed in llms.txt (https://llmstxt.org)."""

from __future__ import annotations

import copy
import functools
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from typing import NamedTuple

import lxml.html
from inscriptis import Inscriptis
from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.html_properties import Display
from inscriptis.model.config import ParserConfig
from inscriptis.model.html_element import HtmlElement as Style
from lxml.etree import XPath
from lxml.html import HtmlElement

from macros.loading.pages import Page
from macros.model.framework import Framework
from macros.model.output import Output, Stamp
from macros.model.records import Audience, Law, Principle, Recommendation, Record, Stage
from macros.rendering.environment import text_environment
from macros.site_build.project import Project
from macros.templates import texts
from macros.text.inline_markdown import to_plain_text
from macros.text.typography import typographic

_SKIPPED = XPath('.//*[self::nav or self::form or self::svg or @popover or @class="headerlink" or @data-search="skip" or @data-size]')
_NOT_PLAIN = XPath(
    './/*[self::nav | self::form | self::svg | self::template | self::dialog | @hidden | @popover | @data-size or @class="headerlink"'
    ' or contains(@class, "needs-") or contains(@class, "suggest") or (@data-pdf="skip" or contains(@class, "screen-only")) and not('
    'self::ul[ancestor::dl[@class="stage-files"]] or (self::ul or self::figure) and preceding-sibling::*[1][self::h2[not(@data-pdf)]])]'
)
_STARTS = {"h1": "# ", "h2": "## ", "h3": "### ", "h4": "#### ", "dt": "", "dd": "", "fieldset": ""}  # of blocks in plain text
_STYLES = {tag: Style(display=Display.block, margin_before=1, margin_after=1, prefix=start) for tag, start in _STARTS.items()}
_PLAIN = ParserConfig(css=STRICT_CSS_PROFILE | _STYLES)
_BLOCKS = ("p", "li", "dt", "dd", "td", "th", "h4", "h3", "h2", "caption", "legend", "br")
_ONE_DOCUMENT = (Stage.kind, Principle.kind, "audience")  # kinds of records whose pages have no documents for their sections
settings = functools.partial(texts, "outputs/search.yml")  # labels of documents, and weights


class Result(NamedTuple):
    """A document: its address from the site's root, title, kind, place, text, hidden search terms, excerpt, filters (with the kind)."""

    url: str
    title: str
    kind: str
    place: str
    words: str
    hidden: tuple[str, ...] = ()
    excerpt: str = ""  # shown instead of the text around the words found
    filters: Mapping[str, list[str]] = {}


def _listed(project: Project) -> list[Page]:
    """Return the pages of `project` without those that only help to find others, or repeat them."""
    never = settings(project.valid_framework.site.agreement_name)["never"]
    return [page for page in project.all_pages if not any(fnmatch(page.url, pattern) for pattern in never)]


def page_texts(trees: Mapping[str, HtmlElement], project: Project) -> Iterator[Output]:
    """Yield `index.txt` of each page of `project`, built as `trees` by path: its title and body as plain text with Markdown headings."""
    for page in _listed(project):
        built = trees[f"{page.url}index.html"]
        parts = []
        for part in map(copy.deepcopy, [*built.find_class("opening"), *built.find_class("body")]):
            for skipped in _NOT_PLAIN(part):
                skipped.drop_tree()
            parts.append(Inscriptis(part, _PLAIN).get_text().strip())
        yield Output(f"{page.url}index.txt", "\n\n".join(parts).encode())


def llms_txt(project: Project, stamp: Stamp) -> Iterator[Output]:
    """Yield llms.txt: a link to the plain text of each page, with its description; none if the site has no address."""
    names = {record.url: record.name for record in project.valid_framework.records.values() if record.url}
    if stamp.home:
        template = text_environment().get_template("outputs/llms.txt.j2")
        yield Output("llms.txt", template.render(pages=_listed(project), names=names, stamp=stamp).encode())


def search_results(trees: Mapping[str, HtmlElement], project: Project) -> Iterator[Result]:
    """Yield a document for each record and each section of the pages of `project`, built as `trees` by path, no text twice."""
    framework = project.valid_framework
    labels = settings(framework.site.agreement_name)
    records = {record.url: record for record in framework.records.values() if record.kind in labels["kinds"]}
    for page in _listed(project):
        built = trees[f"{page.url}index.html"]
        (opening,) = built.find_class("opening")
        (body,) = map(copy.deepcopy, built.find_class("body"))
        title = _text(opening)
        hidden, hidden_in, description = (page.meta.search, page.meta.parts, page.meta.description) if page.meta else ((), {}, "")
        record = records.get(page.url)
        rows = list(_rows(page, body, records))
        sections = [("", "", description)] if page.url in labels["lists"] else list(_sections(body))
        if record is not None and (record.generated or record.kind == Principle.kind):
            sections = [("", "", " ".join(f"{heading}. {text}" if heading else text for _, heading, text in sections))]
        for anchor, heading, text in sections:
            url = f"{page.url}#{anchor}" if anchor else page.url
            if shown := records.get(url):
                yield _record_result(framework, shown, text, shown.name if anchor else title)
            elif not anchor:
                yield _page_result(labels["page"], url, title, text or description, title, hidden)
            elif page.url not in labels["whole"] and (record is None or record.kind not in _ONE_DOCUMENT) and text:
                yield _page_result(labels["section"], url, heading, text, title, hidden_in.get(anchor, ()))
        yield from (_record_result(framework, row, text, row.name) for row, text in rows)


def _rows(page: Page, body: HtmlElement, records: dict[str, Record]) -> Iterator[tuple[Record, str]]:
    """Yield the records that `body` shows as a row or an item, with their text, and remove them from it."""
    for element in body.xpath(".//*[@id][not(self::h2 or self::h3)]"):
        record = records.get(f"{page.url}#{element.get('id')}")
        if record is not None:
            yield record, _text(element)
            element.drop_tree()


def _sections(body: HtmlElement) -> Iterator[tuple[str, str, str]]:
    """Yield the anchor, heading and text of each section of `body`; before the first heading, anchor and heading are ""."""
    anchor, heading = "", ""
    texts: list[str] = []
    for child in body:
        if child.tag in ("h2", "h3") and child.get("id"):
            yield anchor, heading, " ".join(filter(None, texts))
            anchor, heading, texts = child.get("id"), _text(child), []
        else:
            texts.append(_text(child))
    yield anchor, heading, " ".join(filter(None, texts))


def _text(element: HtmlElement) -> str:
    """Return the text of `element`, with a space between blocks and a full stop after labels."""
    root = lxml.html.Element("div")
    root.append(copy.deepcopy(element))
    root[0].tail = None
    for skipped in _SKIPPED(root):
        skipped.drop_tree()
    for part in root.iter(*_BLOCKS):
        label = part.tag in ("h4", "dt") or part.get("data-search") == "label"
        stop = "." if label and not "".join(part.itertext()).rstrip().endswith((".", ":", "?", "!")) else ""
        part.tail = f"{stop} {part.tail or ''}"
        part.text = f" {part.text or ''}"
    return " ".join(root.text_content().split())


def _record_result(framework: Framework, record: Record, text: str, title: str) -> Result:
    every = settings(framework.site.agreement_name)
    labels = every["kinds"][record.kind]
    ids = {Stage.kind: (record.id,), Recommendation.kind: (getattr(record, "stage", ""),), Law.kind: getattr(record, "stages", ())}
    stages = framework.some(Stage, ids.get(record.kind, ()))
    fields = {name: getattr(record, name, "") for name in ("number", "id", "page")} | {"stage": stages[0].number if stages else ""}
    filters = {
        "kind": [labels["kind"]],
        "stage": [every["stage"].format(number=stage.number, title=stage.title) for stage in stages],
        "audience": [framework.get(Audience, audience).name for audience in getattr(record, "audiences", ())],
    }
    filters = {name: values for name, values in filters.items() if values}
    hidden = (*getattr(record, "also", ()), *getattr(record, "search", ()), *labels.get("hidden", ()))
    if isinstance(record, Principle):
        hidden += tuple(name.format(number=u.number) for u in record.undertakings for name in labels["undertakings"])
    excerpt = typographic(to_plain_text(labels.get("excerpt", "").format_map(dict(record))).replace("\n", " "))
    return Result(record.url, title, labels["kind"], labels["place"].format(**fields), text, hidden, excerpt, filters)


def _page_result(labels: dict[str, str], url: str, title: str, text: str, page: str, hidden: tuple[str, ...]) -> Result:
    return Result(url, title, labels["kind"], labels["place"].format(page=page), text, hidden, filters={"kind": [labels["kind"]]})
