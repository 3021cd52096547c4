"""The framework of an invented county in tests/starter/, with some kinds empty, is complete and speaks only of itself."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import lxml.html
import pikepdf
import pytest
import yaml
from lxml.html import HtmlElement

from macros.model.framework import Framework
from macros.site_build import mkdocs_hooks
from tests.conftest import ROOT, TESTS, copy_project, framework_of, html_of, share_cache, svf
from tests.support.pdf import sheets_of

STARTER = TESTS / "starter"
SHARED = ("data/words.yml", "content/*.css", "content/*.js")
"""What a county keeps of data/ and content/ when it copies the starter over them, as PUBLISHING.md says."""
OF_OURS = r"Hertfordshire|Brighton|\b[Tt]he Compact|Compact principle|Commissioning Strategy|2017 report|[Ss]even stages|28 recommendations"


LEFT_OUT = ("compact", "glossary", "law", "principles", "values")
"""Folders and pages of kinds that a framework can do without."""


@pytest.fixture(scope="module", params=["all its kinds", "few kinds"])
def starter(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    folder = copy_project(STARTER, tmp_path_factory.mktemp("starter") / "project")
    shutil.copytree(ROOT / "overrides", folder / "overrides")
    share_cache(folder)
    for file in (file for pattern in SHARED for file in ROOT.glob(pattern)):
        shutil.copy(file, folder / file.relative_to(ROOT))
    if request.param == "few kinds":
        leave_out(folder)
    return folder


def leave_out(folder: Path) -> None:
    """Delete the records and pages of LEFT_OUT from the project in `folder`, with what names them."""
    for path in (
        path for name in LEFT_OUT for form in (f"data/{name}/*", f"content/{name}/*", f"content/{name}.md") for path in folder.glob(form)
    ):
        path.unlink()
    changes = {
        r"^compact:\n(  .*\n)+|^(values|terms|agreement\w*): .*\n|^principles: .*\n  .*\n|^- \[The Charter.*\n|^ +- The Charter:\n": ""
    }
    changes |= {
        rf"^ +- (\w[\w ]*: )?({'|'.join(LEFT_OUT)})[/.].*\n": "",
        r"\[\[.*\|(.*)\]\]": r"\1",
        r"\[1a, intro\]": "[1a, intro, meaning, openness]",
    }
    for path in (*folder.glob("data/*.yml"), *folder.glob("data/[rs]*/*.yml"), folder / "content/index.md", folder / "mkdocs.yml"):
        text = path.read_text("utf-8")
        for pattern, instead in changes.items():
            text = re.sub(pattern, instead, text, flags=re.MULTILINE)
        path.write_text(text, "utf-8")


@pytest.fixture(scope="module")
def starter_site(starter: Path) -> Path:
    """The site; the build fails if a link leads nowhere."""
    mkdocs_hooks.build(starter, starter / "site")
    return starter / "site"


def texts_of(file: Path) -> Iterator[str]:
    """Yield the texts of a built file that names could be in; none of scripts, styles, and packed files of the search."""
    if file.suffix == ".pdf":
        with pikepdf.open(file) as pdf:
            yield from [str(pdf.docinfo.get("/Title")), *sheets_of(file)]
    elif file.suffix in (".xlsx", ".docx"):
        packed = ZipFile(io.BytesIO(file.read_bytes()))
        yield from (packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    elif file.suffix in (".html", ".json", ".jsonld", ".csv", ".yml", ".xml", ".txt", ".svg"):
        yield file.read_text("utf-8")


def empty_parts(main: HtmlElement) -> Iterator[str]:
    """Yield the headings, terms, folds and lists of `main` without content; scripts fill those with `data-` attributes or a role."""
    for part in main.xpath(".//template|.//dialog|.//*[contains(@class, 'needs-checklist')]|.//div[@id and not(node())]"):
        part.drop_tree()
    for part in main.xpath(".//h2|.//h3|.//h4"):
        following = part.getnext()
        if following is None or not following.text_content().strip() or (following.tag in ("h2", "h3", "h4") and following.tag <= part.tag):
            yield part.text_content()
    yield from (part.text_content() for part in main.xpath(".//dt[not(following-sibling::*[1][self::dd or self::dt])]"))
    for part in main.xpath(".//p|.//ul|.//ol|.//table|.//dl|.//details"):
        shown = "".join(child.text_content() for child in part if child.tag != "summary") + (part.text or "")
        if not shown.strip() and not part.xpath(".//img|.//svg|.//button|self::*[@hidden or @role]|self::ol[@class='search-results']"):
            yield lxml.html.tostring(part, encoding="unicode")


def test_its_settings_are_ours_but_for_names_and_the_menu() -> None:
    theirs, ours = (yaml.safe_load((folder / "mkdocs.yml").read_text("utf-8")) for folder in (STARTER, ROOT))
    assert {key for key in theirs | ours if theirs.get(key) != ours.get(key)} <= {"site_name", "site_url", "site_description", "nav"}


def test_it_has_no_problem(starter: Path) -> None:
    done = svf(starter, "check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(" is a placeholder; " in line for line in done.stdout.splitlines() if "warning" in line)


def test_nothing_in_it_speaks_of_another_framework(starter: Path, starter_site: Path, real: Framework) -> None:
    own = {record_id for _, record_id in framework_of(starter).records}
    foreign = "|".join(record_id for _, record_id in real.records if record_id not in own and record_id.count("-") > 1)
    pattern = re.compile(rf"{OF_OURS}|\b(?:{foreign or 'none-of-ours'})\b")
    kinds = re.compile(pattern.pattern + "|[Gg]lossary|[Pp]rinciple|[Uu]ndertaking" * ("outcome" not in own))
    found = {
        f"{file.relative_to(starter_site)}: {match[0]}"
        for file in starter_site.rglob("*")
        if file.is_file()
        for text in texts_of(file)
        for match in (pattern if {"api", "data", "edit", "pagefind"} & {*file.parts} else kinds).finditer(text)
    }
    assert found == set()
    assert {"framework.pdf", "checklists.xlsx"} <= {file.name for file in (starter_site / "downloads").iterdir()}
    assert not (starter_site / "downloads/core-terms.pdf").exists()


def test_no_part_of_a_page_is_empty(starter_site: Path) -> None:
    mains = {file: lxml.html.fromstring(file.read_bytes()).find(".//main") for file in html_of(starter_site)}
    assert {
        file.relative_to(starter_site): parts for file, main in mains.items() if main is not None and (parts := [*empty_parts(main)])
    } == {}
