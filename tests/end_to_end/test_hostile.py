"""Text in records never becomes markup or code, in any output."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import lxml.etree
import lxml.html
import openpyxl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Dialog

from macros.cli.affected_pages import Affected
from macros.cli.diff_report import Sides, diff_report
from macros.history.compare import compare, state_of
from macros.loading.loader import load
from macros.model.framework import Framework
from macros.model.introspection import leaves
from macros.model.output import Stamp
from macros.model.problem import Problem
from macros.outputs.checklist_workbook import workbook
from macros.outputs.cms import as_yaml, config
from macros.outputs.images import images
from macros.outputs.open_data import open_data
from macros.outputs.pdf.guides import Guides
from macros.outputs.pdf.html_nodes import Node
from macros.rendering.edit_links import record_texts, suggest_url
from macros.rendering.page_macros import PageMacros
from macros.rendering.sandbox import article
from macros.site_build import mkdocs_hooks
from macros.site_build.artifacts import short_addresses
from macros.site_build.project import Project
from macros.text.characters import invalid_characters
from macros.text.inline_markdown import is_address
from tests.conftest import html_of, served
from tests.hostile import MARK, TEXTS, hostile

STAMP = Stamp("2026-11", date(2026, 11, 22), "abcdef01", "https://f.testshire.gov.uk/", "Small framework")
CODE_TAGS = {"script", "style", "iframe", "object", "embed", "base", "meta", "link", "img", "math"}
CODE_TAGS |= {"foreignobject", "animate", "template"}
TEXT_ATTRIBUTES = {"title", "alt", "content", "value", "placeholder", "label", "aria-label"}
TEXT_ATTRIBUTES |= {"data-label", "data-copy", "data-text", "data-title"}
texts = st.lists(
    st.one_of(
        st.sampled_from(TEXTS),
        st.tuples(st.sampled_from(TEXTS), st.sampled_from(TEXTS)).map(" ".join),
        st.lists(st.sampled_from([*"<>\"'&`*_[](){}:#|\\!-=+@$%;/\n ", "on", "script", MARK]), max_size=30).map("".join),
    ),
    min_size=1,
    max_size=7,
)
quick = settings(max_examples=5, deadline=None, derandomize=True)


def assert_harmless(root: Any) -> None:
    for element in root.iter(lxml.etree.Element):
        name = str(element.tag).rpartition("}")[2].lower()
        assert name != "form" or element.get("class") == "audience-filter", "our own"
        assert name not in CODE_TAGS or (element.text or "").startswith(".ring{"), lxml.etree.tostring(element)
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
    return local or is_address(target) or target.startswith("https://")


@pytest.mark.parametrize("first", range(0, len(TEXTS), 10))
def test_pages_show_it_as_text(small_project: Project, small: Framework, first: int) -> None:
    here, shown = "", 0
    macros = PageMacros(hostile(small, [*TEXTS[first:], *TEXTS[:first]]), lambda: here, small_project.citations).macros()
    for page in small_project.pages:
        here = page.url
        html = article(page, macros)
        assert_harmless(lxml.html.fragment_fromstring(html, create_parent="div"))
        shown += html.count(MARK)
    assert shown > 200


@quick
@given(texts)
def test_open_data_contain_it_as_text(small: Framework, hostile_texts: list[str]) -> None:
    framework = hostile(small, hostile_texts)
    for output in open_data(framework, STAMP):
        text = output.content.decode("utf-8-sig")
        if output.path.endswith("csv"):
            for row in csv.reader(io.StringIO(text)):
                assert not any(cell.lstrip()[:1] in tuple("=+-@\uff1d\uff0b\uff0d\uff20") for cell in row if cell.strip())
        else:
            assert "<" not in text, "it may stand inside a page, too"
            value = json.loads(text)
            if output.path.endswith("jsonld"):
                assert MARK not in json.dumps(value["@context"])
                assert all(MARK not in term["@id"] for term in value["hasDefinedTerm"])


@quick
@given(texts)
def test_the_workbook_contains_it_as_text(small: Framework, hostile_texts: list[str]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(hostile(small, hostile_texts), STAMP).content))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None and MARK in str(cell.value):
                    assert cell.data_type == "s", cell.value
                if cell.hyperlink is not None:
                    assert is_safe(cell.hyperlink.target or "#")


def nodes_of(nodes: list[Node]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        if not isinstance(node, str):
            yield node
            yield from nodes_of(node["content"])


@settings(quick, max_examples=2)
@given(texts)
def test_printed_guides_contain_it_as_text(small_project: Project, small: Framework, hostile_texts: list[str]) -> None:
    for guide in Guides(hostile(small, hostile_texts), small_project.pages, STAMP).all():
        values = json.loads(guide.content)
        for picture in values["pictures"].values():
            assert_harmless(lxml.etree.fromstring(picture.encode()))
        for node in nodes_of(values["content"]):
            assert node["tag"] not in CODE_TAGS - {"img"}, node
            assert node["tag"] != "img" or node["src"] in values["pictures"], "our own"
            assert MARK not in node["tag"]
            assert is_safe(node.get("href", "")), node


@quick
@given(texts)
def test_pictures_and_short_addresses_contain_it_as_text(small: Framework, hostile_texts: list[str]) -> None:
    framework = hostile(small, hostile_texts)
    for output in images(framework, STAMP):
        if output.path.endswith(".svg"):
            assert_harmless(lxml.etree.fromstring(output.content))
    for output in short_addresses(framework, STAMP):
        root = lxml.html.fromstring(output.content.decode())
        assert root.xpath("//script | //style | //*[@onclick or @style]") == []
        assert all(is_safe(link) for link in root.xpath("//@href"))


@quick
@given(texts)
def test_the_form_and_suggestion_links_contain_it_as_text(small: Framework, hostile_texts: list[str]) -> None:
    framework = hostile(small, hostile_texts)
    settings_ = config(framework, "https://f.testshire.gov.uk/")
    assert yaml.safe_load(as_yaml(settings_)) == json.loads(json.dumps(settings_))
    for key, record in framework.records.items():
        for wording in record_texts(framework, key):
            address = urlsplit(suggest_url(framework, record, wording.text))
            assert f"{address.scheme}://{address.netloc}{address.path}" == f"{small.site.repository}/issues/new"
            requested = parse_qs(address.query, keep_blank_values=True)
            assert set(requested) == {"template", "title", "id", "current"}
            assert requested["current"] == [wording.text] or requested["current"][0].endswith("...")
            assert address.fragment == ""


@quick
@given(texts)
def test_the_diff_report_shows_it_as_text(small_project: Project, small: Framework, hostile_texts: list[str]) -> None:
    after = hostile(small, hostile_texts)
    compared = compare(state_of(small, small_project.pages), state_of(after, small_project.pages))
    sides, nothing = Sides("main", "here", small, after), Affected({}, ())
    markdown = diff_report(compared, nothing, sides, for_github=True)
    allowed = {f"<{end}{tag}>" for tag in ("del", "strong", "em", "code", "br", "sub", "span") for end in ("", "/")}
    assert set(re.findall(r"<[^>]*>?", markdown)) <= allowed
    assert "](" not in markdown.replace("\\](", "")
    assert not re.search(r"(?<![\w`])@\w", markdown.replace("@&#8203;", ""))
    plain = diff_report(compared, nothing, sides, for_github=False)
    assert "##[" not in plain
    assert not any(line.lstrip().startswith("::") for line in plain.split("\n"))
    assert not any(ord(c) < 32 and c != "\n" for c in plain)


def test_every_kind_of_record_is_attacked(small: Framework) -> None:
    framework = hostile(small, ["zqx"])
    for key, record in framework.records.items():
        assert any(leaf.value == "zqx" for leaf in leaves(record)), key


@pytest.mark.sweep
def test_a_browser_runs_nothing_of_it(project: Path, tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def attacked(root: Path, checks: Any) -> tuple[Framework | None, tuple[Problem, ...]]:
        framework, problems = load(root, ())
        del checks
        printable = [text for text in TEXTS if not any(invalid_characters(text))]
        return (hostile(framework, printable) if framework else None), problems

    monkeypatch.setattr("macros.site_build.project.load", attacked)
    monkeypatch.setattr("macros.site_build.project.wording_problems", lambda *_: ())
    monkeypatch.setattr("macros.site_build.postprocess.dead_links", lambda *_: ())  # what data link is not held to lead somewhere here
    mkdocs_hooks.build(project, tmp_path / "site")
    context = browser.new_context()
    page = context.new_page()
    problems: list[str] = []
    requested: list[str] = []

    def on_dialog(dialog: Dialog) -> None:
        problems.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page.on("dialog", on_dialog)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: requested.append(request.url))
    page.expose_function("refused", lambda what: problems.append(what))
    page.add_init_script(
        "globalThis.zqx = () => refused('ran');"
        "addEventListener('securitypolicyviolation', (event) => refused(`${event.violatedDirective} ${event.blockedURI}`))"
    )
    with served(tmp_path / "site") as address:
        seen = 0
        for file in html_of(tmp_path / "site"):
            page.goto(address + file.relative_to(tmp_path / "site").as_posix().removesuffix("index.html"))
            page.wait_for_load_state("networkidle")
            seen += MARK in file.read_text("utf-8")
        page.goto(f"{address}search/?q=zqx")
        page.locator("text=zqx").locator("visible=true").first.wait_for()
        page.wait_for_load_state("networkidle")
        assert {url for url in requested if not url.startswith((address, "data:"))} == set()
    context.close()
    assert problems == []
    assert seen > 5
