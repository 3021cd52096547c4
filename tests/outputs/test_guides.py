"""The printed guides: complete, accessible, stamped, the same each time, and small enough to send."""

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

from macros.model.core import Principle, Source, Stage, Term
from macros.model.framework import Framework
from macros.model.output import Output, Stamp
from macros.outputs.pdf.guides import Guides
from macros.outputs.pdf.html_nodes import Node, document, is_block, text
from macros.outputs.pdf.typst_compile import Cache, printed
from macros.site_build.project import Project, read_project
from macros.templates import TEMPLATES
from tests.conftest import ROOT, as_shown, in_words, swept

STAGES = ["1-strategy", "2-specify", "3-tender", "4-choose", "5-contract", "6-manage", "7-review"]
SOME = ["stage-2-specify", "stage-2-specify-checklist", "framework"]
NAMES = [*(f"stage-{s}{end}" for s in STAGES for end in ("", "-checklist")), "framework", "framework-large-print", "glossary"]


@pytest.fixture(scope="module")
def guides(real: Framework, real_project: Project, stamp: Stamp) -> dict[str, Output]:
    made = Guides(real, real_project.pages, stamp, draft=real_project.draft, editions=real_project.editions).all()
    found = printed(list(made), Cache(ROOT / ".cache/pdf"))
    return {Path(guide.path).stem: guide for guide in found}


def reader(guide: Output) -> PdfReader:
    return PdfReader(io.BytesIO(guide.content))


def squeezed(words: str) -> str:
    """Return `words` without space; letters that a typeface draws as one are two again."""
    return re.sub(r"[\s\u200b]+", "", unicodedata.normalize("NFKC", words))


def sheets(guide: Output, stamp: Stamp) -> list[str]:
    """Return the words of each sheet, without space and without running matter."""
    found = []
    read = reader(guide)
    title, _, site = str(read.metadata and read.metadata.title).partition(" | ")
    running = squeezed(title) if site else ""
    for number, sheet in enumerate(read.pages, 1):
        words = squeezed(sheet.extract_text())
        for foot in (f"Page{number}of{guide.pages}", squeezed(f"{in_words(stamp)}, revision {stamp.revision}")):
            assert words.count(foot) == 1, f"{guide.path}, page {number}: {foot}"
            words = words.replace(foot, "")
        words, addresses = re.subn(re.escape(stamp.home) + "[a-z0-9/-]*" + re.escape(running) + "$", "", words)
        assert addresses == 1
        found.append(words)
    return found


def leaves(nodes: Iterable[Node]) -> Iterator[str]:
    """Yield the words of each block that holds no other, and of each stretch between blocks."""
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
    """Return the article of the built page at `url`, as nodes; what the theme adds is left out."""
    return article_of(lxml.html.parse(site / url / "index.html").getroot().find(".//article"), url)


def article_of(built: lxml.html.HtmlElement, url: str) -> list[Node]:
    """Return the article `built` of the page at `url`, as nodes."""
    for gone in built.xpath(".//footer"):
        gone.drop_tree()
    for term in built.xpath('.//button[@class="term-link"]'):
        term.tag = "span"
    return document([(url, lxml.html.tostring(built, encoding="unicode"))], str)


def test_there_is_a_guide_of_each_kind(guides: dict[str, Output]) -> None:
    assert sorted(guides) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_it_conforms_to_pdf_ua(guides: dict[str, Output], name: str) -> None:
    report = page_validation.validate_pdf_bytes(guides[name].content, profile="ua1")
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert report.is_compliant


@pytest.mark.parametrize("stage", STAGES)
def test_every_word_of_the_page_is_in_the_guide(site: Path, guides: dict[str, Output], stamp: Stamp, stage: str) -> None:
    printed = "".join(sheets(guides[f"stage-{stage}"], stamp))
    said = list(leaves(article(site, f"stages/{stage}/")))
    assert len(said) > 100
    not_a_sentence = "Answer yes, partly or no."
    assert [words for words in said if squeezed(words.replace(not_a_sentence, "")) not in printed] == []


@pytest.mark.parametrize("stage", STAGES)
def test_every_word_of_the_guide_is_on_the_page_or_known(
    site: Path, real: Framework, guides: dict[str, Output], stamp: Stamp, stage: str
) -> None:
    """What is not on the page comes from the words of the form and the cover, the meanings of terms, the sources or the stamp."""

    def words(said: str) -> set[str]:
        return set(re.findall(r"[^\W\d_]+|\d+", re.sub("\u200b\\s*", "", said)))

    record = real.get(Stage, stage)
    recommendations = real.recommendations(record)
    terms = {term for r in recommendations for term in r.terms}
    known = words(" ".join(leaves(article(site, record.url))))
    for template in TEMPLATES.glob("guides/*.j2"):
        known |= words(re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", template.read_text("utf-8"), flags=re.DOTALL))
    for term in real.all(Term):
        if term.id in terms:
            known |= words(f"{term.term} {re.sub(r'[][|]', ' ', term.meaning)}")
    named = " ".join(f"{s.title} {s.publisher} {s.published} {s.web} Last checked on {s.checked_on.day}" for s in real.all(Source))
    known |= words(f"{named} {real.site.email} {stamp.at('x/downloads/1a')} {stamp.name} {in_words(stamp)} {stamp.revision}")
    known |= {record.id, *words(" ".join(f"{s.number} {s.title}" for s in real.all(Stage))), *(r.id for r in recommendations)}
    known |= words(f"{real.report.title} {real.report.author} {real.report.published} stages {stage}")
    known |= words(" ".join(f"{p.number} {p.title}" for p in real.all(Principle))) | {str(n) for n in range(1, 30)}
    printed = " ".join(sheet.extract_text() for sheet in reader(guides[f"stage-{stage}"]).pages)
    # A long address may be broken anywhere, so a piece of one is known too.
    assert {word for word in words(printed) - known if word not in named} == {"Page"}


@pytest.mark.parametrize("name", [*SOME, *swept(*(name for name in NAMES if name not in SOME))])
def test_every_sheet_has_the_stamp_and_its_number(guides: dict[str, Output], stamp: Stamp, name: str) -> None:
    assert len(sheets(guides[name], stamp)) == guides[name].pages


@pytest.mark.parametrize("name", NAMES)
def test_title_language_and_bookmarks(guides: dict[str, Output], stamp: Stamp, name: str) -> None:
    found = reader(guides[name])
    root: Any = found.trailer["/Root"]
    assert found.metadata is not None
    assert str(found.metadata.title).endswith(stamp.name + ", in large print" * name.endswith("large-print"))
    assert (root["/Lang"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == ("en-GB", True)
    assert len(found.outline) >= 1
    assert [float(side) for side in found.pages[0].mediabox[2:]] == pytest.approx([595.276, 841.89], abs=0.01)


@pytest.mark.parametrize("stage", STAGES)
def test_bookmarks_follow_the_recommendations(real: Framework, guides: dict[str, Output], stage: str) -> None:
    def titles(outline: list[Any]) -> Iterator[str]:
        for item in outline:
            yield from titles(item) if isinstance(item, list) else [item.title]

    found = list(titles(reader(guides[f"stage-{stage}"]).outline))
    names = [f"{r.name}{' (withdrawn)' * bool(r.withdrawn)}" for r in as_shown(real, real.get(Stage, stage))]
    assert [title for title in found if title in names] == names
    assert {"Checklist", "Terms used in this stage", "Sources"} <= set(found)


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_guide_is_small_and_its_checklist_one_page(guides: dict[str, Output], stage: str) -> None:
    assert len(guides[f"stage-{stage}"].content) <= 150 * 1024
    assert guides[f"stage-{stage}-checklist"].pages == 1


def test_type_is_11_points_and_large_print_18(guides: dict[str, Output]) -> None:
    for name, least in (("stage-1-strategy", 11.0), ("framework-large-print", 18.0)):
        sizes: list[tuple[float, int]] = []
        for sheet in reader(guides[name]).pages[3:6]:
            sheet.extract_text(visitor_text=lambda *drawn, sizes=sizes: sizes.append((round(drawn[4], 1), len(drawn[0].strip()))))
        body = max({size for size, _ in sizes}, key=lambda size: sum(n for s, n in sizes if s == size))
        assert body == least
        assert name == "stage-1-strategy" or min(size for size, words in sizes if words) == least


def test_the_page_and_its_address_are_on_the_first_sheet(guides: dict[str, Output], stamp: Stamp) -> None:
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
def test_the_whole_framework_holds_every_record_that_a_reader_sees(real: Framework, guides: dict[str, Output], stamp: Stamp) -> None:
    for name in ("framework", "framework-large-print"):
        printed = "".join(sheets(guides[name], stamp))
        for kind in (
            "stage",
            "recommendation",
            "value",
            "aim",
            "principle",
            "term",
            "definition",
            "question",
            "approach",
            "criterion",
            "law",
            "source",
        ):
            for key, record in real.records.items():
                if key[0] == kind:
                    assert squeezed(record.name) in printed, key
        for term in real.all(Term):
            assert squeezed(re.sub(r"\[\[(?:[^]|]*\|)?([^]]*)\]\]", r"\1", term.example.split("[")[0])) in printed


def test_no_guide_begins_with_an_almost_empty_sheet(guides: dict[str, Output]) -> None:
    for name, guide in guides.items():
        assert len(reader(guide).pages[0].extract_text().split()) > 90, name


def test_the_glossary_stands_alone(real: Framework, guides: dict[str, Output], stamp: Stamp) -> None:
    printed = "".join(sheets(guides["glossary"], stamp))
    assert [term.term for term in real.all(Term) if squeezed(term.term) not in printed] == []
    assert squeezed("Used in:") not in printed


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.printed
def test_the_page_says_the_size_and_length_of_its_guide(site: Path, stage: str) -> None:
    said = text(article(site, f"stages/{stage}/"))
    built = lxml.html.parse(site / f"stages/{stage}/index.html").getroot()
    links = built.xpath('.//p[contains(@class, "download")]/a')
    assert [link.get("href").rpartition("/")[2] for link in links] == [f"stage-{stage}.pdf", f"stage-{stage}-checklist.pdf"]
    for link in links:
        file = site / "downloads" / link.get("href").rpartition("/")[2]
        pages = len(PdfReader(file).pages)
        extent = f"(PDF, {round(file.stat().st_size / 1024)} KB, {pages} page{'s' * (pages != 1)})"
        assert " ".join(link.text_content().split()).endswith(extent)
    assert "Download this guide" not in said


def test_an_undertaking_is_said_to_be_the_national_compact_of_2010(site: Path, guides: dict[str, Output], stamp: Stamp) -> None:
    for stage in STAGES:
        printed = "".join(sheets(guides[f"stage-{stage}"], stamp))
        said = list(leaves(article(site, f"stages/{stage}/")))
        undertakings = [words for words in said if ": undertaking " in words]
        assert printed.count(squeezed("in the national Compact of December 2010, in our words:")) == len(undertakings)
        assert all(words.startswith("A fact with its source") for words in undertakings)
        assert squeezed("The text of the Hertfordshire Compact could not be obtained") in printed


def test_a_draft_says_so(small_project: Project, small: Framework) -> None:
    made = small_project.stamp("https://f.testshire.gov.uk/", "Small framework")
    for draft in (True, False):
        guide = printed([next(Guides(small, small_project.pages, made, draft=draft).all())])[0]
        assert ("draft without a publisher" in " ".join(reader(guide).pages[0].extract_text().split())) == draft


def test_without_an_address_there_is_no_code_and_no_dead_link(small_project: Project, small: Framework) -> None:
    for guide in printed(list(Guides(small, small_project.pages, small_project.stamp("", "Small framework")).all())):
        assert page_validation.validate_pdf_bytes(guide.content, profile="ua1").is_compliant
        assert not any("QR code" in alt for alt in _alternatives(guide))
        assert [link for link in _links(guide) if not link.startswith(("https://", "mailto:"))] == []


def test_what_is_withdrawn_says_so_and_has_no_questions(small_project: Project, small: Framework) -> None:
    made = small_project.stamp("https://f.testshire.gov.uk/", "Small framework")
    found = {Path(g.path).stem: g for g in printed(list(Guides(small, small_project.pages, made).all()))}
    words = " ".join(" ".join(sheet.extract_text() for sheet in reader(found["stage-2-buy"]).pages).split())
    assert "(withdrawn)" in words
    assert "Withdrawn in edition 2026-11." in words
    assert "2c." not in "".join(sheet.extract_text() for sheet in reader(found["stage-2-buy-checklist"]).pages)


def test_hostile_words_of_a_record_are_printed_as_they_are(project: Path) -> None:
    hostile = '#set page(fill: red) \\ $x$ <tag> = "q" @ref'
    file = project / "data/recommendations/1a.yml"
    text_of_file = file.read_text("utf-8")
    title = re.search(r"^title: (.*)$", text_of_file, re.MULTILINE)
    assert title
    file.write_text(text_of_file.replace(title[0], "title: '#eval(\"1\") \\ {{ 7*7 }} *x* $y$'"), "utf-8")
    watch = project / "data/stages/1-plan.yml"
    watch.write_text(watch.read_text("utf-8").replace("watch_outs:\n", f"watch_outs:\n  - |-\n    A trap: `{hostile}`.\n"), "utf-8")
    read = read_project(project)
    assert read.errors == ()
    assert read.framework
    made = read.stamp("https://f.testshire.gov.uk/", "Small framework")
    guide = printed([next(Guides(read.framework, read.pages, made).all())])[0]
    words = squeezed("".join(sheet.extract_text() for sheet in reader(guide).pages))
    assert squeezed(hostile) in words
    assert squeezed('1a. #eval("1") \\ {{ 7*7 }} *x* $y$') in words


def test_the_same_words_give_the_same_bytes_again(small_project: Project, small: Framework) -> None:
    from macros.outputs.pdf import typst_compile

    made = small_project.stamp("https://f.testshire.gov.uk/", "Small framework")
    guides = list(Guides(small, small_project.pages, made).all())
    at_once = printed(guides)
    typst_compile._PRINTED.clear()
    typst_compile._compiler.cache_clear()
    assert tuple(printed([guide])[0] for guide in guides) == at_once
