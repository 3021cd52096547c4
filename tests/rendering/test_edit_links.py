"""Test the links to the issue form, filled in for a record."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import lxml.html
import pytest

from macros.cli.suggest.command import named_record
from macros.model.framework import Framework
from macros.model.output import Output
from macros.model.records import KINDS, Recommendation
from macros.model.types import Statement
from macros.rendering.edit_links import id_of, main_text, record_texts, suggest_url
from macros.rendering.page_macros import PageMacros
from macros.text.inline_markdown import to_html
from macros.text.typography import typographic
from tests.conftest import html_of


def filled_in(url: str) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(url).query, strict_parsing=True).items()}


def test_every_record_has_a_link_that_names_it(real: Framework) -> None:
    for key, record in real.records.items():
        if key[0] in KINDS:
            url = suggest_url(real, record)
            assert url.startswith(f"{real.site.repository}/issues/new?template=suggest.yml&")
            filled = filled_in(url)
            assert named_record(real, filled.pop("id")) == key
            assert filled == {"template": "suggest.yml", "title": f"Suggestion: {record.name}"}, "no text that nobody chose"


def test_every_suggest_link_names_the_text_beside_it(site: Path, real: Framework) -> None:
    linked: dict[str, set[str]] = {}
    for file in html_of(site, "index.html"):
        links = lxml.html.parse(file).getroot().find_class("suggest")
        assert len({link.text_content() for link in links}) == len(links), f"{file}: two links have the same name"
        for link in links:
            at = filled_in(link.get("href"))
            value = json.loads((site / f"api/v1/{at['kind']}/{at['ref'].rpartition('/')[2]}.json").read_text("utf-8"))["record"]
            for step in at["field"].split("."):
                value = value[int(step) - 1 if step.isdigit() else step]
            html = lxml.html.fromstring(f"<div>{to_html(value.removeprefix('Proposed: '))}</div>")
            last = typographic(html.xpath("(//p | //li)[last()]")[0].text_content())
            assert " ".join(last.split()) in " ".join(link.getparent().text_content().split()), (file, at)
            linked.setdefault(at["ref"], set()).add(at["field"])
    for record in real.all(Recommendation):
        fields = {text.field for text in record_texts(real, (record.kind, record.id))} - {"title", "in_short"}
        assert linked[record.id] == ({"says"} if record.withdrawn else fields), record.id


@pytest.mark.parametrize(("settings", "linked"), [({}, False), ({"edit_form": "yes"}, True), ({"sign_in": "https://a.example/auth"}, True)])
def test_pages_link_to_the_form_only_if_the_publisher_offers_it(small: Framework, settings: dict[str, str], linked: bool) -> None:
    site = small.site.model_copy(update=settings)
    framework = Framework({**small.records, ("site", "site"): site}, small.documents)
    macros = PageMacros(framework, lambda: "", downloads={"edit/index.html": Output("edit/index.html", b"")})
    assert ('href="edit/#/collections/' in macros.glossary()) is ('href="edit/"' in macros.post()) is linked


def test_the_main_text_is_the_first_that_is_not_protected(small: Framework) -> None:
    def field(*key: str) -> str:
        return main_text(small, small.records[key[0], key[1]]).field

    assert field("recommendation", "1a") == "why"
    assert field("term", "outcome") == "meaning"
    assert field("question", "impact") == "answer"
    assert field("criterion", "author") == "report.says"
    assert main_text(small, small.report).statement is Statement.REPORT
    assert id_of(small, small.records["value", "openness"]) == "value/openness", "an id of two kinds has its kind"


def test_only_text_that_readers_see_can_be_changed(small: Framework) -> None:
    texts = record_texts(small, ("recommendation", "1a"))
    fields = [wording.field for wording in texts]
    assert fields[:5] == ["title", "says", "why", "in_short", "do.1.step"]
    assert not {"search.1", "stage", "letter", "theme", "points.1", "sources.1"} & set(fields)
    assert [(wording.field, wording.prose) for wording in texts if wording.statement is Statement.REPORT] == [("says", True)]
