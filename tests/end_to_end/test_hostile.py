"""Text in records never becomes markup or code, in any output."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import lxml.etree
import lxml.html
import openpyxl
import pytest
import yaml
from playwright.sync_api import Browser

from macros.cli.diff import Sides, diff_report
from macros.history.compare import compare, state_of
from macros.loading.loader import load
from macros.model.document import Loc
from macros.model.framework import Framework
from macros.model.introspection import leaves
from macros.model.output import Stamp
from macros.model.problem import Problem
from macros.model.types import Ref, Text
from macros.outputs.checklist_workbook import workbook
from macros.outputs.cms import as_yaml, config
from macros.outputs.open_data import open_data
from macros.outputs.pdf.guides import Guides
from macros.outputs.pdf.html_nodes import Node
from macros.rendering.edit_links import id_of, suggest_url
from macros.rendering.page_macros import PageMacros
from macros.rendering.sandbox import article
from macros.site_build import mkdocs_hooks
from macros.site_build.artifacts import images, short_addresses
from macros.site_build.project import Project
from macros.text.characters import invalid_characters
from macros.text.inline_markdown import is_address, links
from tests.conftest import html_of, watched
from tests.support.http_server import served

STAMP = Stamp("2026-11", date(2026, 11, 22), "abcdef01", "https://f.testshire.gov.uk/", "Small framework")
CODE_TAGS = {"script", "style", "iframe", "object", "embed", "base", "meta", "link", "img", "math"}
CODE_TAGS |= {"foreignobject", "animate", "template"}
TEXT_ATTRIBUTES = {"title", "alt", "content", "value", "placeholder", "label", "aria-label"}
TEXT_ATTRIBUTES |= {"data-ask", "data-label", "data-copy", "data-names", "data-text", "data-title"}
MARK = "zqx"
"""A mark in each hostile text by which outputs are searched."""

TEXTS: list[str] = json.loads(Path(__file__).with_name("hostile_texts.json").read_text("utf-8"))


def hostile(framework: Framework, texts: Sequence[str]) -> Framework:
    """Return `framework` with `texts`, in turn, in place of each text that is shown or searched, without any check."""
    records = dict(framework.records)
    turn = cycle(texts)
    for key, found in framework.leaves.items():
        for leaf in found:
            is_text = isinstance(leaf.value, str) and any(isinstance(mark, Text) for mark in leaf.marks)
            if not is_text or any(isinstance(mark, Ref) for mark in leaf.marks) or leaf.loc == ("branch",):
                continue
            if "undertakings" in leaf.loc and leaf.loc[-1] != "promise":
                continue
            text = next(turn)
            if Text.PROSE in leaf.marks and not all(map(is_address, links(text))):
                text = MARK  # rendering stops at such a link; checks find it before
            records[key] = replaced(records[key], leaf.loc, " ".join(text.split("\n")) if Text.LINE in leaf.marks else text)
    return Framework(records, framework.documents)


def replaced(value: Any, loc: Loc, text: str) -> Any:
    """Return `value` with `text` at `loc`."""
    if not loc:
        return text
    step, *rest = loc
    if isinstance(step, str):
        return value.model_copy(update={step: replaced(getattr(value, step), tuple(rest), text)})
    return (*value[:step], replaced(value[step], tuple(rest), text), *value[step + 1 :])


@pytest.fixture(scope="module", params=range(0, len(TEXTS), 20))
def attacked(small: Framework, request: pytest.FixtureRequest) -> Framework:
    """The small framework with hostile texts, each in other fields."""
    return hostile(small, [*TEXTS[request.param :], *TEXTS[: request.param]])


def assert_harmless(root: Any) -> None:
    for element in root.iter(lxml.etree.Element):
        name = str(element.tag).rpartition("}")[2].lower()
        ours = element.get("class") in ("role-choice", "term-filter", "checklist-filter") or element.get("method") == "dialog"
        assert name != "form" or ours, "our own"
        ours = element.get("id") == "question-parts" or (element.text or "").startswith("path{fill:#")
        assert name not in CODE_TAGS or ours, lxml.etree.tostring(element)
        assert MARK not in name
        for attribute, value in element.attrib.items():
            local = attribute.rpartition("}")[2].lower()
            assert MARK not in attribute
            assert not local.startswith("on"), lxml.etree.tostring(element)
            assert local != "style", lxml.etree.tostring(element)
            if local in ("href", "src", "action", "formaction"):
                assert is_safe(value), value
            elif local == "id":
                assert re.fullmatch(r"[\w-]*", value), value
            elif MARK in value:
                assert local in TEXT_ATTRIBUTES, (name, attribute, value)


def is_safe(target: str) -> bool:
    plain = "".join(target.split())
    local = ":" not in plain.split("/")[0].split("#")[0].split("?")[0] and not plain.startswith(("//", "\\", "/\\"))
    return local or is_address(target.partition("?subject=Suggestion")[0]) or target.startswith("https://")


def test_pages_show_it_as_text(small_project: Project, attacked: Framework) -> None:
    here, shown = "", 0
    macros = PageMacros(attacked, lambda: here, small_project.citations).macros()
    for page in small_project.pages:
        here = page.url
        html = article(page, macros)
        assert_harmless(lxml.html.fragment_fromstring(html, create_parent="div"))
        shown += html.count(MARK)
    assert shown > 200


def test_open_data_contain_it_as_text(attacked: Framework) -> None:
    for output in open_data(attacked, STAMP):
        text = output.content.decode("utf-8-sig")
        if output.path.endswith("csv"):
            for row in csv.reader(io.StringIO(text)):
                assert not any(cell.lstrip()[:1] in tuple("=+-@\uff1d\uff0b\uff0d\uff20") for cell in row if cell.strip())
        else:
            assert "<" not in text, "it may stand inside a page, too"
            json.loads(text)


def test_the_workbook_contains_it_as_text(attacked: Framework) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(attacked, STAMP).content))
    for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row):
        assert MARK not in str(cell.value) or cell.data_type == "s", cell.value
        assert cell.hyperlink is None or is_safe(cell.hyperlink.target or "#")


def nodes_of(nodes: list[Node]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        if not isinstance(node, str):
            yield node
            yield from nodes_of(node["content"])


def test_printed_guides_contain_it_as_text(small_project: Project, attacked: Framework) -> None:
    for guide in Guides(attacked, small_project.pages, STAMP).all():
        values = json.loads(guide.content)
        for picture in values["pictures"].values():
            assert_harmless(lxml.etree.fromstring(picture.encode()))
        for node in nodes_of(values["content"]):
            assert node["tag"] not in CODE_TAGS - {"img"}, node
            assert node["tag"] != "img" or node["src"] in values["pictures"], "our own"
            assert MARK not in node["tag"]
            assert is_safe(node.get("href", "")), node


def test_pictures_and_short_addresses_contain_it_as_text(attacked: Framework) -> None:
    for output in images(attacked, STAMP):
        if output.path.endswith(".svg"):
            assert_harmless(lxml.etree.fromstring(output.content))
    for output in short_addresses(attacked, STAMP):
        root = lxml.html.fromstring(output.content.decode())
        assert root.xpath("//script | //style | //*[@onclick or @style]") == []
        assert all(map(is_safe, root.xpath("//@href")))


def test_the_form_and_suggestion_links_contain_it_as_text(small: Framework, attacked: Framework) -> None:
    settings = config(attacked, "https://f.testshire.gov.uk/")
    assert yaml.safe_load(as_yaml(settings)) == json.loads(json.dumps(settings))
    for record in attacked.records.values():
        address = urlsplit(suggest_url(attacked, record))
        assert address._replace(query="").geturl() == f"{small.site.repository}/issues/new"
        values = {"template": ["suggest.yml"], "title": [f"Suggestion: {record.name}"], "id": [id_of(attacked, record)]}
        assert parse_qs(address.query) == values


def test_the_diff_report_shows_it_as_text(small_project: Project, small: Framework, attacked: Framework) -> None:
    compared = compare(state_of(small, small_project.pages), state_of(attacked, small_project.pages))
    sides = Sides("main", "here", small, attacked)
    markdown = diff_report(compared, sides, for_github=True)
    allowed = {f"<{end}{tag}>" for tag in ("del", "strong", "em", "code", "br", "sub", "span", "details", "summary") for end in ("", "/")}
    assert set(re.findall(r"<[^>]*>?", markdown)) <= allowed
    assert "](" not in markdown.replace("\\](", "")
    assert not re.search(r"(?<![\w`])@\w", markdown.replace("@&#8203;", ""))
    plain = diff_report(compared, sides, for_github=False)
    assert "##[" not in plain
    assert not any(line.lstrip().startswith("::") for line in plain.split("\n"))
    assert not any(ord(c) < 32 and c != "\n" for c in plain)


def test_every_kind_of_record_is_attacked(small: Framework) -> None:
    for key, record in hostile(small, [MARK]).records.items():
        assert any(leaf.value == MARK for leaf in leaves(record)), key


@pytest.mark.sweep
def test_a_browser_runs_nothing_of_it(project: Path, tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def attack(root: Path, _: object) -> tuple[Framework | None, tuple[Problem, ...]]:
        framework, problems = load(root, ())
        printable = [text for text in TEXTS if not any(invalid_characters(text))]
        return (hostile(framework, printable) if framework else None), problems

    monkeypatch.setattr("macros.site_build.project.load", attack)
    monkeypatch.setattr("macros.site_build.project.wording_problems", lambda *_: ())
    monkeypatch.setattr("macros.site_build.postprocess.dead_links", lambda *_: ())  # these texts may link nothing
    site = tmp_path / "site"
    mkdocs_hooks.build(project, site)
    with served(site) as address, watched(browser) as seen:
        seen.page.expose_function(MARK, lambda: seen.complaints.append("ran"))
        for file in html_of(site):
            seen.page.goto(address + file.relative_to(site).as_posix().removesuffix("index.html"))
            seen.page.wait_for_load_state("networkidle")
        seen.page.goto(f"{address}search/?q={MARK}")
        seen.page.locator(f"text={MARK}").locator("visible=true").first.wait_for()
        seen.page.wait_for_load_state("networkidle")
        assert {url for url in seen.requested if not url.startswith((address, "data:"))} == set()
    assert seen.complaints == []
    assert sum(MARK in file.read_text("utf-8") for file in html_of(site)) > 5
