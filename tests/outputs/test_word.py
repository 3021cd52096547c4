"""The Word documents have real headings, lists, tables and links, all of the text, and the same bytes each time."""

from __future__ import annotations

import io
import itertools
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from macros.model.framework import Framework
from macros.model.output import Stamp
from macros.model.records import Stage, Template, Term
from macros.outputs.pdf.guides import Guides
from macros.outputs.word import word_document
from macros.site_build.artifacts import documents
from macros.site_build.project import Project
from macros.text.inline_markdown import to_plain_text
from macros.text.typography import typographic
from tests.conftest import edition_line


@pytest.fixture(scope="module")
def files(real_project: Project, stamp: Stamp) -> dict[str, bytes]:
    return {Path(file.path).stem: file.content for file in documents(real_project, stamp) if file.path.endswith(".docx")}


@pytest.fixture(scope="module")
def opened(files: dict[str, bytes]) -> dict[str, Any]:
    return {name: docx.Document(io.BytesIO(content)) for name, content in files.items()}


def values(part: Any, tag: str) -> list[str | None]:
    """Return the value of each element called `tag` in `part`, a document or a part of it."""
    return [element.get(qn("w:val")) for element in part._element.iter(qn(tag))]


def words(document: Any) -> str:
    return " ".join("".join(text.text or "" for text in paragraph.iter(qn("w:t"))) for paragraph in document.element.iter(qn("w:p")))


def missing(document: Any, *texts: str | None) -> list[str]:
    """Return each paragraph of `texts`, prose of records, that `document` has nowhere."""
    plain = [typographic(to_plain_text(paragraph)) for text in texts if text for paragraph in text.split("\n\n")]
    return [text for text in plain if " ".join(text.split()) not in words(document)]


def test_headings_language_properties_and_stamp(real: Framework, opened: dict[str, Any], stamp: Stamp) -> None:
    core = {"core-terms" for term in real.all(Term) if term.core == "yes"}
    names = {f"stage-{stage.id}-{end}" for stage in real.all(Stage) for end in ("checklist", "summary")}
    assert opened.keys() == names | {f"template-{template.id}" for template in real.all(Template)} | core
    for name, document in opened.items():
        headings = [paragraph for paragraph in document.paragraphs if paragraph.style.name.startswith("Heading ")]
        levels = [int(heading.style.name.removeprefix("Heading ")) for heading in headings]
        assert levels[0] == levels.count(1) == 1, name
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), name
        found = document.core_properties
        assert (found.title, found.author) == (headings[0].text, real.site.publisher), name
        assert (found.subject, found.language) == (stamp.name, "en-GB"), name
        assert [tag.get(qn("w:val")) for tag in document.styles.element.iter(qn("w:lang"))] == ["en-GB"]
        assert f"{edition_line(stamp)}, revision {stamp.revision}" in document.sections[0].footer.paragraphs[0].text, name
        assert all(paragraph.text for paragraph in document.paragraphs), f"{name}: an empty paragraph makes space"
        assert all(picture.get("descr") for picture in document.element.iter(qn("wp:docPr"))), name


def test_tables_are_simple_and_their_header_row_repeats(opened: dict[str, Any]) -> None:
    tables = [table for document in opened.values() for table in document.tables]
    assert tables
    for table in tables:
        assert [len(values(row, "w:tblHeader")) for row in table.rows] == [1, *(0 for _ in table.rows[1:])]
        assert all(cell.text for cell in table.rows[0].cells)
        assert values(table, "w:gridSpan") == values(table, "w:vMerge") == []


def test_a_template_has_all_of_its_text_in_real_lists_and_tables(real: Framework, opened: dict[str, Any]) -> None:
    for template in real.all(Template):
        document = opened[f"template-{template.id}"]
        texts = [template.title, template.use, *template.change, *template.avoid]
        for part in template.parts:
            texts += [part.heading, part.text or "", *part.items, *part.columns, *(cell for row in part.rows for cell in row.cells)]
        assert missing(document, *texts) == [], template.id
        assert ("Ask a lawyer to check it" in words(document)) == (template.legal_check == "yes"), template.id
        assert len(document.tables) == sum(bool(part.rows) for part in template.parts), template.id
        numbered = [part.items for part in template.parts if part.numbered == "yes"]
        numbers = [values(paragraph, "w:numId") for paragraph in document.paragraphs if paragraph.style.name == "List Number"]
        assert [len([*group]) for _, group in itertools.groupby(numbers)] == [*map(len, numbered)], "each list begins at 1"


def test_a_stage_has_its_questions_with_boxes_and_its_summary(real: Framework, opened: dict[str, Any]) -> None:
    for stage in real.all(Stage):
        live = [recommendation for recommendation in real.recommendations(stage) if not recommendation.withdrawn]
        questions = [question for recommendation in live for question in recommendation.ask]
        checklist, summary = opened[f"stage-{stage.id}-checklist"], opened[f"stage-{stage.id}-summary"]
        assert missing(checklist, *questions, *(recommendation.name for recommendation in live)) == []
        assert values(checklist, "w:alias") == ["Yes", "Partly", "No", "Not applicable"] * len(questions)
        served = [service.because for service in stage.compact]
        assert missing(summary, stage.purpose, *stage.watch_outs, *served, *(recommendation.in_short for recommendation in live)) == []
    core = [term for term in real.all(Term) if term.core == "yes"]
    assert not core or missing(opened["core-terms"], *(text for term in core for text in (term.term, term.meaning))) == []


def test_a_draft_is_labelled_and_links_are_complete(small_project: Project, small: Framework, opened: dict[str, Any]) -> None:
    found = [*opened.values()]
    for draft in (True, False):
        stamp = small_project.stamp("", "Small framework")
        guides = Guides(small, small_project.pages, stamp, draft=draft)
        for path in guides.word_forms:
            found.append(docx.Document(io.BytesIO(word_document(path, guides).content)))
            assert ("draft without a publisher" in words(found[-1])) == draft
    for part in (part for document in found for part in (document.part, document.sections[0].footer.part)):
        links = {key: link.target_ref for key, link in part.rels.items() if link.is_external}
        assert all(address.startswith(("https://", "mailto:")) for address in links.values())
        assert {link.get(qn("r:id")) for link in part.element.iter(qn("w:hyperlink"))} == links.keys()


def test_the_same_records_give_the_same_bytes(real: Framework, real_project: Project, files: dict[str, bytes], stamp: Stamp) -> None:
    guides = Guides(real, real_project.pages, stamp, draft=real_project.draft, editions=real_project.editions)
    assert {Path(path).stem: word_document(path, guides).content for path in guides.word_forms} == files
    for content in files.values():
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            assert {info.date_time[:3] for info in parts.infolist()} == {(stamp.day.year, stamp.day.month, stamp.day.day)}
