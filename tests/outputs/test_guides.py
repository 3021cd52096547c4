"""The printed guides are complete, accessible, stamped, reproducible, and small enough to send."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import lxml.html
import page as page_validation
import pikepdf
import pytest
from pypdf import PdfReader

from macros.model.framework import Framework
from macros.model.output import Output, Stamp
from macros.model.records import Stage, Term
from macros.outputs.pdf.guides import Guides
from macros.outputs.pdf.html_nodes import Node, document, is_block, text
from macros.outputs.pdf.typst_compile import printed
from macros.site_build.artifacts import outputs
from macros.site_build.project import Project
from macros.text.typography import typographic
from tests.conftest import edition_line, in_page_order, sweep

STAGES = ["1-strategy", "2-specify", "3-tender", "4-choose", "5-contract", "6-manage", "7-review"]
SOME = ["stage-2-specify", "stage-2-specify-checklist", "framework"]
WHOLE = ["framework", "framework-large-print", "glossary", "core-terms", "golden-rules"]
NAMES = [*(f"stage-{s}{end}" for s in STAGES for end in ("", "-checklist")), *WHOLE]


@pytest.fixture(scope="module")
def guides(real_project: Project, stamp: Stamp) -> dict[str, Output]:
    return {Path(guide.path).stem: guide for guide in outputs(real_project, stamp) if guide.path.endswith(".pdf")}


def reader(guide: Output) -> PdfReader:
    return PdfReader(io.BytesIO(guide.content))


def squeezed(shown: str) -> str:
    """Return the text `shown` without spaces and ligatures."""
    return re.sub(r"[\s\u200b]+", "", unicodedata.normalize("NFKC", shown))


def sheets(guide: Output, stamp: Stamp) -> list[str]:
    """Return the text of each sheet, without spaces, header and footer."""
    texts = []
    pdf = reader(guide)
    title, _, site = str(pdf.metadata and pdf.metadata.title).partition(" | ")
    header = squeezed(title) if site else ""
    for number, sheet in enumerate(pdf.pages, 1):
        shown = squeezed(sheet.extract_text())
        for footer in (f"Page{number}of{guide.pages}", squeezed(f"{edition_line(stamp)}, revision {stamp.revision}")):
            assert shown.count(footer) == 1, f"{guide.path}, page {number}: {footer}"
            shown = shown.replace(footer, "")
        shown, addresses = re.subn(re.escape(stamp.home) + "[a-z0-9/-]*" + re.escape(header) + "$", "", shown)
        assert addresses == 1
        texts.append(shown)
    return texts


def leaves(nodes: Iterable[Node]) -> Iterator[str]:
    """Yield the text of each block without blocks in it, and between blocks."""
    run: list[Node] = []
    for node in nodes:
        if not isinstance(node, str) and is_block(node):
            yield from filter(None, [text(run)])
            run = []
            yield from leaves(node["content"])
        else:
            run.append(node)
    yield from filter(None, [text(run)])


def article(site: Path, url: str) -> list[Node]:
    """Return the article of the built page at `url`, as nodes."""
    return article_of(lxml.html.parse(site / url / "index.html").getroot().find(".//article"), url)


def article_of(built: lxml.html.HtmlElement, url: str) -> list[Node]:
    """Return the article `built` of the page at `url`, as nodes."""
    for footer in built.xpath(".//footer"):
        footer.drop_tree()
    for term in built.xpath('.//button[@class="term-link"]'):
        term.tag = "span"
    return document([(url, lxml.html.tostring(built, encoding="unicode"))], str)


@pytest.mark.parametrize("name", NAMES)
def test_each_guide_conforms_to_pdf_ua_and_has_title_language_and_bookmarks(guides: dict[str, Output], stamp: Stamp, name: str) -> None:
    assert sorted(guides) == sorted(NAMES)
    report = page_validation.validate_pdf_bytes(guides[name].content, profile="ua1")
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    found = reader(guides[name])
    root: Any = found.trailer["/Root"]
    assert found.metadata is not None
    assert str(found.metadata.title).endswith(stamp.name + ", in large print" * name.endswith("large-print"))
    assert (root["/Lang"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == ("en-GB", True)
    assert len(found.outline) >= 1
    assert [float(side) for side in found.pages[0].mediabox[2:]] == pytest.approx([595.276, 841.89], abs=0.01)


@pytest.mark.parametrize("stage", STAGES)
def test_all_text_of_the_page_is_in_the_guide(site: Path, guides: dict[str, Output], stamp: Stamp, stage: str) -> None:
    shown = "".join(sheets(guides[f"stage-{stage}"], stamp))
    blocks = list(leaves(article(site, f"stages/{stage}/")))
    assert len(blocks) > 100
    only_on_screen = "Answer yes, partly or no."
    assert [block for block in blocks if squeezed(block.replace(only_on_screen, "")) not in shown] == []


@pytest.mark.parametrize("name", [*SOME, *sweep(*(name for name in NAMES if name not in SOME))])
def test_every_sheet_has_stamp_and_page_number(guides: dict[str, Output], stamp: Stamp, name: str) -> None:
    assert len(sheets(guides[name], stamp)) == guides[name].pages


@pytest.mark.parametrize("stage", STAGES)
def test_bookmarks_follow_the_recommendations(real: Framework, guides: dict[str, Output], stage: str) -> None:
    def titles(outline: list[Any]) -> Iterator[str]:
        for item in outline:
            yield from titles(item) if isinstance(item, list) else [item.title]

    found = list(titles(reader(guides[f"stage-{stage}"]).outline))
    names = [f"{typographic(r.name)}{' (withdrawn)' * bool(r.withdrawn)}" for r in in_page_order(real, real.get(Stage, stage))]
    assert [title for title in found if title in names] == names
    assert {"Checklist", "Terms used in this stage", "Sources"} <= set(found)


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_guide_is_small_and_its_checklist_one_page(guides: dict[str, Output], stage: str) -> None:
    assert len(guides[f"stage-{stage}"].content) <= 150 * 1024
    assert guides[f"stage-{stage}-checklist"].pages == 1


def test_the_whole_framework_is_short_and_the_golden_rules_one_page(guides: dict[str, Output]) -> None:
    assert guides["framework"].pages < 120
    assert guides["golden-rules"].pages == 1


def test_type_is_11_points_and_large_print_18(guides: dict[str, Output]) -> None:
    for name, least in (("stage-1-strategy", 11.0), ("framework-large-print", 18.0)):
        sizes: list[tuple[float, int]] = []
        for sheet in reader(guides[name]).pages[3:6]:
            sheet.extract_text(visitor_text=lambda *drawn, sizes=sizes: sizes.append((round(drawn[4], 1), len(drawn[0].strip()))))
        body = max({size for size, _ in sizes}, key=lambda size: sum(n for s, n in sizes if s == size))
        assert body == least
        assert name == "stage-1-strategy" or min(size for size, words in sizes if words) == least


def test_the_first_sheet_has_the_address_and_its_qr_code(guides: dict[str, Output], stamp: Stamp) -> None:
    sheet = reader(guides["stage-3-tender"]).pages[0]
    assert squeezed(stamp.at("stages/3-tender/")) in squeezed(sheet.extract_text())
    assert "".join(_alternatives(guides["stage-3-tender"])).count(f"QR code that leads to {stamp.at('stages/3-tender/')}") == 1


def _alternatives(guide: Output) -> Iterator[str]:
    with pikepdf.open(io.BytesIO(guide.content)) as found:
        for item in found.objects:
            if isinstance(item, pikepdf.Dictionary) and "/Alt" in item:
                yield str(item["/Alt"])


def _links(guide: Output) -> Iterator[str]:
    for sheet in reader(guide).pages:
        for note in sheet.get("/Annots", ()):
            if uri := note.get_object().get("/A", {}).get("/URI"):
                yield str(uri)


@pytest.mark.sweep
def test_the_complete_framework_has_every_record_that_readers_see(real: Framework, guides: dict[str, Output], stamp: Stamp) -> None:
    kinds = {"stage", "recommendation", "golden-rule", "value", "aim", "principle", "term"}
    kinds |= {"definition", "question", "approach", "criterion", "law", "source"}
    for name in ("framework", "framework-large-print"):
        printed = "".join(sheets(guides[name], stamp))
        for key, record in real.records.items():
            assert key[0] not in kinds or squeezed(typographic(record.name)) in printed, key
        for term in real.all(Term):
            example = re.sub(r"\[\[(?:[^]|]*\|)?([^]]*)\]\]", r"\1", term.example.split("[")[0])
            assert squeezed(typographic(example)) in printed


def test_the_glossary_is_complete_without_links_to_stages(real: Framework, guides: dict[str, Output], stamp: Stamp) -> None:
    printed = "".join(sheets(guides["glossary"], stamp))
    assert [term.term for term in real.all(Term) if squeezed(term.term) not in printed] == []
    assert squeezed("Used in:") not in printed


def test_the_core_terms_fit_on_two_pages(real: Framework, guides: dict[str, Output], stamp: Stamp) -> None:
    printed = "".join(sheets(guides["core-terms"], stamp))
    core = [term for term in real.all(Term) if term.core == "yes"]
    assert [term.term for term in core if squeezed(term.term) not in printed] == []
    assert guides["core-terms"].pages <= 2


@pytest.mark.parametrize("stage", STAGES)
def test_the_page_gives_size_and_length_of_its_guide(site: Path, stage: str) -> None:
    built = lxml.html.parse(site / f"stages/{stage}/index.html").getroot()
    links = built.xpath('.//p[contains(@class, "download")]/a')
    assert [link.get("href").rpartition("/")[2] for link in links] == [f"stage-{stage}.pdf", f"stage-{stage}-checklist.pdf"]
    for link in links:
        file = site / "downloads" / link.get("href").rpartition("/")[2]
        pages = len(PdfReader(file).pages)
        extent = f"(PDF, {round(file.stat().st_size / 1024)} KB, {pages} page{'s' * (pages != 1)})"
        assert " ".join(link.text_content().split()).endswith(extent)


def test_a_draft_is_labelled(small_project: Project, small: Framework) -> None:
    made = small_project.stamp("https://f.testshire.gov.uk/", "Small framework")
    for draft in (True, False):
        guide = printed([next(Guides(small, small_project.pages, made, draft=draft).all())])[0]
        assert ("draft without a publisher" in " ".join(reader(guide).pages[0].extract_text().split())) == draft


def test_without_an_address_there_is_no_qr_code_and_no_dead_link(small_project: Project, small: Framework) -> None:
    for guide in printed(list(Guides(small, small_project.pages, small_project.stamp("", "Small framework")).all())):
        assert page_validation.validate_pdf_bytes(guide.content, profile="ua1").is_compliant
        assert not any("QR code" in alt for alt in _alternatives(guide))
        assert [link for link in _links(guide) if not link.startswith(("https://", "mailto:"))] == []


def test_a_withdrawn_recommendation_is_labelled_and_has_no_questions(small_project: Project, small: Framework) -> None:
    made = small_project.stamp("https://f.testshire.gov.uk/", "Small framework")
    found = {Path(g.path).stem: g for g in printed(list(Guides(small, small_project.pages, made).all()))}
    words = " ".join(" ".join(sheet.extract_text() for sheet in reader(found["stage-2-buy"]).pages).split())
    assert "(withdrawn)" in words
    assert "Withdrawn in edition 2026-11." in words
    assert "2c." not in "".join(sheet.extract_text() for sheet in reader(found["stage-2-buy-checklist"]).pages)
