"""The printed guides are complete, accessible, stamped, reproducible, and small enough to send."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import lxml.html
import page as page_validation
import pikepdf
import pytest

from macros.loading.pages import Page
from macros.model.framework import Framework
from macros.model.output import Output, Stamp
from macros.model.records import Audience, ExampleStage, Law, Principle, Recommendation, Route, Source, Stage, Template, Term
from macros.outputs.pdf.guides import PARTS, Guides
from macros.outputs.pdf.html_nodes import Node, document, is_block, text
from macros.outputs.pdf.typst_compile import print_guide, printed
from macros.site_build.artifacts import documents
from macros.site_build.project import Project
from macros.text.inline_markdown import prose as prose_html
from macros.text.typography import typographic
from tests.conftest import AUDIENCE, REAL, edition_line, in_page_order, sweep
from tests.support.pdf import letter_sizes, sheets_of

STAGES, AUDIENCES = ([file.stem for file in sorted((REAL / "data" / kind).glob("*.yml"))] for kind in ("stages", "audiences"))
SOME = [*(f"stage-{STAGES[1]}{end}" for end in ("", "-checklist", "-summary")), f"{AUDIENCE}-guide", "framework"]
NAMES = [*(f"stage-{s}{end}" for s in STAGES for end in ("", "-summary", "-checklist")), *(f"{a}-guide" for a in AUDIENCES)]
NAMES += ["framework", "framework-large-print"]
OPTIONAL = {"glossary": "glossary", "golden-rules": "golden-rules", "start-here": "routes", "templates": "templates", "example": "example"}
NAMES += [name for name, folder in OPTIONAL.items() if (REAL / "data" / folder).is_dir()]  # another county may leave out these kinds
NAMES += ["core-terms"] * any("\ncore: yes" in file.read_text("utf-8") for file in (REAL / "data/glossary").glob("*.yml"))


@pytest.fixture(scope="module")
def guides(real_project: Project, stamp: Stamp) -> dict[str, Output]:
    return {Path(guide.path).stem: guide for guide in documents(real_project, stamp) if guide.path.endswith(".pdf")}


def opened(guide: Output) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(guide.content))


def squeezed(shown: str) -> str:
    """Return the text `shown` without spaces and ligatures."""
    return re.sub(r"[\s\u200b]+", "", unicodedata.normalize("NFKC", shown))


def sheets(guide: Output, stamp: Stamp) -> list[str]:
    """Return the text of each sheet, without spaces, header and footer."""
    texts = []
    with opened(guide) as pdf:
        title, _, site = str(pdf.docinfo["/Title"]).partition(" | ")
    header = squeezed(title) if site else ""
    for number, sheet in enumerate(sheets_of(guide.content), 1):
        shown = squeezed(sheet)
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
    assert set(NAMES) == set(guides)
    report = page_validation.validate_pdf_bytes(guides[name].content, profile="ua1")
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    found = opened(guides[name])
    root: Any = found.Root
    assert str(found.docinfo["/Title"]).endswith(stamp.name + ", in large print" * name.endswith("large-print"))
    assert (root["/Lang"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == ("en-GB", True)
    assert len(found.open_outline().root) >= 1
    assert [float(side) for side in found.pages[0].mediabox[2:]] == pytest.approx([595.276, 841.89], abs=0.01)


@pytest.mark.parametrize("stage", STAGES)
def test_all_text_of_the_page_is_in_the_guide(site: Path, guides: dict[str, Output], stamp: Stamp, stage: str) -> None:
    shown = "".join(sheets(guides[f"stage-{stage}"], stamp))
    blocks = list(leaves(article(site, f"stages/{stage}/all/")))
    assert len(blocks) > 30
    only_on_screen = "Answer yes, partly or no."
    assert [block for block in blocks if squeezed(block.replace(only_on_screen, "")) not in shown] == []


@pytest.mark.parametrize("name", [*SOME, *sweep(*(name for name in NAMES if name not in SOME))])
def test_every_sheet_has_stamp_and_page_number(guides: dict[str, Output], stamp: Stamp, name: str) -> None:
    assert len(sheets(guides[name], stamp)) == guides[name].pages


@pytest.mark.parametrize("stage", STAGES)
def test_bookmarks_follow_the_recommendations(real: Framework, guides: dict[str, Output], stage: str) -> None:
    def titles(items: Iterable[pikepdf.OutlineItem]) -> Iterator[str]:
        for item in items:
            yield from (item.title, *titles(item.children))

    with opened(guides[f"stage-{stage}"]) as guide:
        found = list(titles(guide.open_outline().root))
    names = [f"{typographic(r.name)}{' (withdrawn)' * bool(r.withdrawn)}" for r in in_page_order(real, real.get(Stage, stage))]
    assert [title for title in found if title in names] == names
    assert {"Checklist", *["Terms used in this stage"] * bool(real.all(Term)), "Sources"} <= set(found)


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_guide_is_small_and_its_checklist_page_2(real: Framework, guides: dict[str, Output], stamp: Stamp, stage: str) -> None:
    assert len(guides[f"stage-{stage}"].content) <= 150 * 1024
    assert guides[f"stage-{stage}-checklist"].pages == 1
    first, second, third, *_ = sheets(guides[f"stage-{stage}"], stamp)
    record = real.get(Stage, stage)
    assert [text for text in (record.purpose, *record.watch_outs) if _printed(text) not in first] == []
    assert second.startswith("ChecklistOuradvice")
    questions = [question for r in in_page_order(real, record) if not r.withdrawn for question in r.ask]
    assert [question for question in questions if _printed(question) not in second or _printed(question) in third] == []


@pytest.mark.parametrize("stage", STAGES)
def test_a_summary_is_one_readable_sheet(real: Framework, guides: dict[str, Output], stamp: Stamp, stage: str) -> None:
    (sheet,) = sheets(guides[f"stage-{stage}-summary"], stamp)
    record = real.get(Stage, stage)
    doing = [text for r in real.recommendations(record) if not r.withdrawn for text in (r.id, r.title, r.in_short)]
    served = [text for s in record.compact for text in (real.get(Principle, s.principle).title, s.because)]
    laws = real.holders(record, Law)
    texts = [record.purpose, record.good, *doing, *record.watch_outs, *served, *(law.in_short for law in laws[:5])]
    assert [text for text in texts if _printed(text) not in sheet] == []
    assert [law.id for law in laws[5:] if _printed(law.in_short) in sheet] == []
    assert ("Thelawinshort" in sheet) == bool(laws)
    assert (f"Theguidehas{len(laws) - 5}more" in sheet) == (len(laws) > 5)
    assert min(letter_sizes(guides[f"stage-{stage}-summary"].content, 1, 1)) >= 8.5


@pytest.mark.parametrize("audience", AUDIENCES)
def test_an_audience_guide_has_its_steps_questions_and_templates(
    real: Framework, guides: dict[str, Output], stamp: Stamp, audience: str
) -> None:
    printed = "".join(sheets(guides[f"{audience}-guide"], stamp))
    record = real.get(Audience, audience)
    asked = [r for r in real.all(Recommendation) if not r.withdrawn and audience in r.audiences]
    texts = [step for part in record.start for step in part.steps] + [moment.title for moment in record.moments]
    texts += [text for r in asked for text in (r.name, *(do.step for do in r.do if audience in do.audience), *r.ask)]
    texts += [text for t in real.holders(record, Template) for text in (t.title, stamp.at(t.url))]
    assert [text for text in texts if _printed(text) not in printed] == []
    others = [do.step for r in real.all(Recommendation) for do in r.do if audience not in do.audience]
    assert [step for step in others if _printed(step) in printed] == []
    assert [w.title for w in record.warnings if squeezed(w.title) not in printed] == []
    assert [word for w in record.warnings for word in w.words if squeezed(word) not in printed] == []


def _printed(prose: str) -> str:
    """Return `prose` as it stands in `sheets`."""
    return squeezed(text(document([("", str(prose_html(prose, lambda target: target)))], str)))


@pytest.mark.our_content
def test_the_whole_framework_is_short_and_the_golden_rules_one_page(guides: dict[str, Output]) -> None:
    assert guides["framework"].pages < 120
    assert guides["golden-rules"].pages == 1


def test_type_is_11_points_and_large_print_18(guides: dict[str, Output]) -> None:
    for name, least in ((f"stage-{STAGES[0]}", 11.0), ("framework-large-print", 18.0)):
        sizes = letter_sizes(guides[name].content, 2, 6)
        assert sizes.most_common(1)[0][0] == least
        assert name != "framework-large-print" or min(sizes) == least


def test_the_first_sheet_has_the_address_and_its_qr_code(guides: dict[str, Output], stamp: Stamp) -> None:
    assert squeezed(stamp.at(f"stages/{STAGES[-1]}/")) in squeezed(sheets_of(guides[f"stage-{STAGES[-1]}"].content)[0])
    assert "".join(_alternatives(guides[f"stage-{STAGES[-1]}"])).count(f"QR code that leads to {stamp.at(f'stages/{STAGES[-1]}/')}") == 1


def _alternatives(guide: Output) -> Iterator[str]:
    with opened(guide) as pdf:
        yield from (str(item["/Alt"]) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/Alt" in item)


def _links(guide: Output) -> Iterator[str]:
    with opened(guide) as pdf:
        notes: Iterable[Any] = (note for sheet in pdf.pages for note in sheet.get("/Annots", ()))
        yield from (str(note["/A"]["/URI"]) for note in notes if "/URI" in note.get("/A", {}))


def links(nodes: Iterable[Node]) -> Iterator[tuple[str, str]]:
    """Yield the links in `nodes`: `to` and a place in the document, or `href` and an address."""
    for node in nodes:
        if not isinstance(node, str):
            yield from ((kind, node[kind]) for kind in ("to", "href") if kind in node)
            yield from links(node["content"])


def test_links_lead_inside_a_guide_that_has_their_target_and_else_to_the_site(real: Framework, real_project: Project, stamp: Stamp) -> None:
    made = Guides(real, real_project.pages, stamp).makers
    shown_addresses = {"about/sources/", real.all(Recommendation)[0].url}
    for name in ("framework", "framework-large-print", *(f"stage-{stage}" for stage in STAGES)):
        found = list(links(json.loads(made[f"downloads/{name}.pdf"]().content)["content"]))
        inside = {target for kind, target in found if kind == "to"}
        outside = {target.removeprefix(stamp.home) for kind, target in found if kind == "href"} - shown_addresses
        stages = [stage for stage in real.all(Stage) if name.startswith("framework") or name == f"stage-{stage.id}"]
        recommendations = [r for stage in stages for r in real.recommendations(stage)]
        assert {r.url for r in recommendations if not r.withdrawn} <= inside or not real.all(Principle)
        assert outside & {address for r in recommendations for address in (r.url, f"stages/{r.stage}/#{r.id}")} == set(), name
        assert [target for target in inside if target.startswith(("templates/", "routes/", "example/"))] == []
        if name.startswith("framework"):
            chapters = {part for part in (*PARTS["opening"], *PARTS["rest"], *PARTS["closing"]) if part.endswith("/")}
            assert outside & {*chapters, *(record.url for cls in (Stage, Source, Term) for record in real.all(cls))} == set()
            assert {record.url for cls in (Template, Route) for record in real.all(cls)} <= outside
        else:
            used = real.holders(stages[0], Template, "stages")
            assert {target for target in outside if target.startswith("templates/")} == {template.url for template in used}


@pytest.mark.our_content
def test_every_sheet_of_the_example_says_that_it_is_invented(real: Framework, guides: dict[str, Output], stamp: Stamp) -> None:
    found = sheets(guides["example"], stamp)
    assert [number for number, sheet in enumerate(found, 1) if not sheet.startswith("Inventedexample")] == []
    assert [part.id for part in real.all(ExampleStage) if squeezed(typographic(part.title)) not in "".join(found)] == []


@pytest.mark.our_content
def test_each_template_begins_a_sheet_and_its_wording_another(real: Framework, guides: dict[str, Output], stamp: Stamp) -> None:
    found = sheets(guides["templates"], stamp)
    for template in real.all(Template):
        title = squeezed(typographic(template.title))
        about = next(number for number, sheet in enumerate(found) if sheet.startswith(title))
        wording = next(number for number, sheet in enumerate(found) if sheet.startswith(f"Thewording:{title}"))
        assert "Beforeyouuseit" in found[about]
        assert about < wording
        for section in template.parts:
            texts = (section.text or "", *section.items, *(cell for row in section.rows for cell in row.cells))
            blanks = [blank for text in texts for blank in re.findall(r"\[[^]]+\]", typographic(text))]
            assert [blank for blank in blanks if squeezed(blank) not in "".join(found[wording:])] == []
    with pikepdf.open(io.BytesIO(guides["templates"].content)) as pdf:
        tables = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Table"]
    assert len(tables) == sum(bool(section.rows) for template in real.all(Template) for section in template.parts)


@pytest.mark.our_content
def test_start_here_is_short_and_has_every_audience_and_route(real: Framework, guides: dict[str, Output], stamp: Stamp) -> None:
    printed = "".join(sheets(guides["start-here"], stamp))
    assert [route.title for route in real.all(Route) if printed.count(squeezed(typographic(route.title))) < 2] == []
    starting = [squeezed(f"For {audience.plural.lower()} Our advice") for audience in real.all(Audience) if audience.start]
    assert [heading for heading in starting if heading not in printed] == []
    assert guides["start-here"].pages <= 10


def test_a_kind_without_records_makes_no_guide(small_project: Project, small: Framework, monkeypatch: pytest.MonkeyPatch) -> None:
    made = small_project.stamp("https://f.testshire.gov.uk/", "Small framework")
    names = {"downloads/start-here.pdf": Route, "downloads/templates.pdf": Template, "downloads/example.pdf": ExampleStage}
    pages = (*small_project.pages, Page("audiences/index.md", None, "# By audience", 1))
    assert names.keys() <= Guides(small, pages, made).makers.keys()
    every = Framework.all
    monkeypatch.setattr(Framework, "all", lambda self, cls: () if cls in names.values() else every(self, cls))
    guides = Guides(small, pages, made)
    assert not names.keys() & guides.makers.keys()
    assert "Templates, example" not in guides.makers["downloads/framework.pdf"]().content


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


@pytest.mark.skipif("glossary" not in NAMES, reason="a county without terms has no glossary")
def test_the_glossary_is_complete_without_links_to_stages(real: Framework, guides: dict[str, Output], stamp: Stamp) -> None:
    printed = "".join(sheets(guides["glossary"], stamp))
    assert [term.term for term in real.all(Term) if squeezed(term.term) not in printed] == []
    assert squeezed("Used in:") not in printed


@pytest.mark.our_content
def test_the_core_terms_fit_on_two_pages(real: Framework, guides: dict[str, Output], stamp: Stamp) -> None:
    printed = "".join(sheets(guides["core-terms"], stamp))
    core = [term for term in real.all(Term) if term.core == "yes"]
    assert [term.term for term in core if squeezed(term.term) not in printed] == []
    assert guides["core-terms"].pages <= 2


def files(site: Path, url: str, where: str) -> list[str]:
    """Return the names of the files in `where` on the built page at `url`, each with its size and length."""
    names = []
    for link in lxml.html.parse(site / url / "index.html").getroot().xpath(f"{where}//a[contains(@href, '.pdf')]"):
        file = site / "downloads" / link.get("href").rpartition("/")[2]
        pages = len(sheets_of(file))
        extent = f"(PDF, {round(file.stat().st_size / 1024)} KB, {pages} page{'s' * (pages != 1)})"
        assert " ".join(link.text_content().split()).endswith(extent)
        names.append(file.stem)
    return names


@pytest.mark.parametrize("stage", STAGES)
def test_pages_give_size_and_length_of_the_files_of_a_stage(site: Path, real: Framework, stage: str) -> None:
    own = [f"stage-{stage}-summary", f"stage-{stage}-checklist", f"stage-{stage}"]
    assert files(site, f"stages/{stage}", "//*[contains(@class, 'actions')]/details") == own
    assert files(site, real.recommendations(real.get(Stage, stage))[0].url, "//aside") == own
    position = STAGES.index(stage)
    assert files(site, "downloads", "//*[@class='stage-files']")[3 * position : 3 * position + 3] == own


def test_the_right_sheet_is_two_clicks_from_the_home_page(site: Path) -> None:
    def links(page: Path) -> set[Path]:
        return {(page.parent / link.split("?")[0].split("#")[0]).resolve() for link in lxml.html.parse(page).xpath("//main//a/@href")}

    home = links(site / "index.html")
    for page, file in ((f"stages/{STAGES[1]}", f"stage-{STAGES[1]}-summary"), (f"audiences/{AUDIENCE}", f"{AUDIENCE}-guide")):
        assert site.resolve() / page in home
        assert site.resolve() / f"downloads/{file}.pdf" in links(site / page / "index.html")


def test_a_draft_is_labelled(small_project: Project, small: Framework) -> None:
    made = small_project.stamp("https://f.testshire.gov.uk/", "Small framework")
    for draft in (True, False):
        guide = print_guide(next(Guides(small, small_project.pages, made, draft=draft).all()))
        assert ("draft without a publisher" in " ".join(sheets_of(guide.content)[0].split())) == draft


def test_without_an_address_there_is_no_qr_code_and_no_dead_link(small_project: Project, small: Framework) -> None:
    for guide in printed(list(Guides(small, small_project.pages, small_project.stamp("", "Small framework")).all())):
        assert page_validation.validate_pdf_bytes(guide.content, profile="ua1").is_compliant
        assert not any("QR code" in alt for alt in _alternatives(guide))
        assert [link for link in _links(guide) if not link.startswith(("https://", "mailto:"))] == []


def test_a_withdrawn_recommendation_is_labelled_and_has_no_questions(small_project: Project, small: Framework) -> None:
    made = small_project.stamp("https://f.testshire.gov.uk/", "Small framework")
    found = {Path(g.path).stem: g for g in printed(list(Guides(small, small_project.pages, made).all()))}
    words = " ".join(" ".join(sheets_of(found["stage-3-look-back"].content)).split())
    assert "(withdrawn)" in words
    assert "Withdrawn in edition 2026-11." in words
    assert "3c." not in "".join(sheets_of(found["stage-3-look-back-checklist"].content))
