"""The plain text of each page, for software that reads text, and llms.txt, which lists them (https://llmstxt.org)."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch

import lxml.etree
from inscriptis import Inscriptis
from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.html_properties import Display
from inscriptis.model.config import ParserConfig
from inscriptis.model.html_element import HtmlElement as Style
from lxml.html import HtmlElement

from macros.loading.pages import Page
from macros.model.output import Output, Stamp
from macros.rendering.environment import text_environment
from macros.site_build.project import Project
from macros.site_build.search_documents import settings

_SKIPPED = lxml.etree.XPath(
    './/*[self::nav or self::form or self::svg or self::template or self::dialog or @hidden or @popover or @class="headerlink"'
    ' or @data-pdf="skip" or contains(@class, "screen-only") or contains(@class, "needs-") or contains(@class, "suggest")]'
)
_BLOCKS = {"h1": "# ", "h2": "## ", "h3": "### ", "h4": "#### ", "dt": "", "dd": "", "fieldset": ""}  # with what begins each
_STYLES = {tag: Style(display=Display.block, margin_before=1, margin_after=1, prefix=start) for tag, start in _BLOCKS.items()}
_CONFIG = ParserConfig(css=STRICT_CSS_PROFILE | _STYLES)


def page_texts(trees: Mapping[str, HtmlElement], project: Project) -> Iterator[Output]:
    """Yield `index.txt` of each page of `project`, built as `trees` by path: its title and body as plain text with Markdown headings."""
    for page in _listed(project):
        built = trees[f"{page.url}index.html"]
        texts = []
        for part in map(copy.deepcopy, [*built.find_class("opening"), *built.find_class("body")]):
            for skipped in _SKIPPED(part):
                skipped.drop_tree()
            texts.append(Inscriptis(part, _CONFIG).get_text().strip())
        yield Output(f"{page.url}index.txt", "\n\n".join(texts).encode())


def llms_txt(project: Project, stamp: Stamp) -> Output:
    """Return llms.txt: a link to the plain text of each page, with its description."""
    names = {record.url: record.name for record in project.valid_framework.records.values()}
    template = text_environment().get_template("outputs/llms.txt.j2")
    return Output("llms.txt", template.render(pages=_listed(project), names=names, stamp=stamp).encode())


def _listed(project: Project) -> list[Page]:
    """Return the pages of `project` without those that only help to find others, or repeat them."""
    never = settings(project.valid_framework.site.agreement_name)["never"]
    return [page for page in project.all_pages if not any(fnmatch(page.url, pattern) for pattern in never)]
