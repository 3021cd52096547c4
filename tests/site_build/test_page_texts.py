"""Test the documents of the search index: each record and section once, with the text that readers see."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from macros.model.framework import Framework
from macros.model.records import Audience, Recommendation, Stage, Term
from macros.site_build.page_texts import Result, search_results, settings
from macros.site_build.postprocess import parsed_pages
from macros.site_build.project import Project
from macros.text.typography import typographic


@pytest.fixture(scope="module")
def found(site: Path, real_project: Project) -> dict[str, Result]:
    listed = list(search_results(parsed_pages(site), real_project))
    assert [url for url, times in Counter(result.url for result in listed).items() if times > 1] == []
    return {result.url: result for result in listed}


def test_every_record_of_a_searched_kind_is_a_document(found: dict[str, Result], real: Framework) -> None:
    for (kind, _), record in real.records.items():
        if kind in settings(real.site.agreement_name)["kinds"]:
            assert record.url in found, record.url
            assert found[record.url].kind == settings(real.site.agreement_name)["kinds"][kind]["kind"]
            assert len(found[record.url].words) > 40, record.url


def test_every_page_is_a_document(found: dict[str, Result], real_project: Project) -> None:
    left_out = {page.url for page in real_project.all_pages} - set(found)
    assert left_out == {"about/sitemap/", "search/", *(f"{stage.url}all/" for stage in real_project.valid_framework.all(Stage))}


def test_a_document_has_its_place_and_filters(found: dict[str, Result], real: Framework) -> None:
    for record in (r for r in real.all(Recommendation) if not r.withdrawn):
        result, stage = found[record.url], real.get(Stage, record.stage)
        assert result.title == typographic(record.name)
        assert result.place == f"Stage {stage.number}, recommendation {record.id}"
        assert result.filters["stage"] == [f"Stage {stage.number}. {stage.title}"]
        assert set(result.filters["audience"]) == {real.get(Audience, audience).title for audience in record.audiences}
        assert found[stage.url].title == f"Stage {stage.number}. {stage.title}"


def test_the_excerpt_of_a_record_is_the_start_of_its_advice_or_meaning(found: dict[str, Result], real: Framework) -> None:
    excerpts = ("term", "law", "recommendation")
    for (kind, _), record in real.records.items():
        if kind in excerpts and not getattr(record, "withdrawn", None):
            excerpt = " ".join(found[record.url].excerpt.split())
            assert len(excerpt.split()) > 3, record.url
            assert excerpt in found[record.url].words, record.url
            assert kind != "term" or found[record.url].words.startswith(excerpt), record.url


def test_search_terms_are_hidden(found: dict[str, Result], real: Framework, real_project: Project) -> None:
    for record in real.records.values():
        if record.url in found and record.kind in settings(real.site.agreement_name)["kinds"]:
            assert set(getattr(record, "search", ())) <= set(found[record.url].hidden)
    for term in real.all(Term):
        assert set(term.also) <= set(found[term.url].hidden)
    for page in real_project.pages:
        if page.meta and page.url in found and page.url not in {record.url for record in real.records.values()}:
            assert set(page.meta.search) <= set(found[page.url].hidden)


def test_tools_and_sources_are_in_no_document(found: dict[str, Result]) -> None:
    for result in found.values():
        for words in ("Copy the address", "Download this guide", "On this page", "(revision", "Source:", "Sources:", "In the glossary"):
            assert words not in result.words, result.url


def test_blocks_are_separated_by_spaces(found: dict[str, Result], real: Framework) -> None:
    for record in (r for r in real.all(Recommendation) if not r.added):
        assert f"What the report says. {record.says.split()[0]}" in found[record.url].words
