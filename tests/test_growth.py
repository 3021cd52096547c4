"""A framework that has been copied many times is whole, and its pages stay as small as they were."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import lxml.html
import pytest
from lxml.html import HtmlElement

from .benchmarks import growth, scale
from .benchmarks.measure import OVER_MEMORY, OverError, Taken, taken
from .benchmarks.plain import expanded, for_hugo
from .conftest import make_project

COPIES = 13


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small framework many times over, built without its printed guides: its maker, and every check of a build, let it pass."""
    folder = tmp_path_factory.mktemp("grown")
    (folder / "small").mkdir()
    growth.build(scale.copied(make_project(folder / "small"), folder / "source", COPIES), folder / "site")
    return folder / "site"


def tree(site: Path, url: str) -> HtmlElement:
    return lxml.html.parse(site / url / "index.html").getroot()


def test_every_copy_has_pages_of_its_own(grown: Path) -> None:
    for pages in ("stages/*-plan", "stages/*-buy", "compact/*-fairness", "audiences/provider*", "downloads/stage-*-plan.pdf"):
        assert len(list(grown.glob(pages))) == COPIES
    assert len(tree(grown, "glossary/").xpath('//h2[starts-with(@id, "outcome")]')) == COPIES


@pytest.mark.parametrize("at", [0, 9, 12, 25])
def test_the_menu_of_a_large_section_names_the_pages_beside_this_one(grown: Path, at: int) -> None:
    stages = sorted(folder.name for folder in (grown / "stages").iterdir())
    near = stages[max(at - 10, 0) : at + 11]
    menu = tree(grown, f"stages/{stages[at]}/").xpath('//*[@class="section-pages"]//a')
    assert [link.get("href") for link in menu] == ["./" if name == stages[at] else f"../{name}/" for name in near]
    assert [link.get("aria-current") for link in menu].index("page") == near.index(stages[at])
    page = tree(grown, f"stages/{stages[at]}/")
    assert len(page.xpath('//nav[@id="menu"]//ul[@class="pages"]//a')) <= 21
    assert len(page.xpath('//nav[@id="menu"]//ul[@class="pages"]//a[@aria-current="page"]')) == (stages[at] != stages[0])


def test_a_stage_shows_its_own_cycle_and_its_own_audiences(grown: Path) -> None:
    guide = tree(grown, "stages/21-plan/")
    assert [link.get("href") for link in guide.xpath('//*[contains(@class, "cycle-picture")]//ol//a')] == ["./", "../22-buy/"]
    asked = [link.get("href") for link in guide.xpath('//*[@class="audience-links"]/a')]
    assert asked == ["../../audiences/commissioner-10/#21-plan", "../../audiences/provider-10/#21-plan"]


def test_each_copy_has_a_matrix_of_its_own(grown: Path) -> None:
    tables = tree(grown, "compact/").find_class("matrix")
    assert len(tables) == COPIES
    assert {(len(table.xpath("./tbody/tr")), len(table.xpath("./thead/tr/th"))) for table in tables} == {(2, 2)}


def test_others_get_the_same_pages_with_the_macros_expanded(project: Path, tmp_path: Path) -> None:
    plain = expanded(scale.copied(project, tmp_path / "source", 2), tmp_path / "plain")
    small = for_hugo(plain, tmp_path / "hugo")
    written = {file.relative_to(plain).as_posix(): file.read_text("utf-8") for file in plain.glob("content/**/*.md")}
    assert "content/stages/3-plan.md" in written
    assert not any("{{" in text for text in written.values())
    assert '<div class="recommendation" data-id="3a">' in written["content/stages/3-plan.md"]
    names = {name.replace("/index.md", "/_index.md") for name in written}
    assert {file.relative_to(small).as_posix() for file in small.glob("content/**/*.md")} == names
    taken([sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(tmp_path / "site")], plain)
    found = json.loads((tmp_path / "site/search/search_index.json").read_text("utf-8"))
    assert [page for page in found["docs"] if page["location"].startswith("stages/3-plan/#3a")], "MkDocs has its own search, as it comes"
    assert not list(tmp_path.glob("site/downloads/*.pdf")), "nothing of ours is in it"


@pytest.mark.parametrize(
    ("command", "limit", "over"), [(f"raise SystemExit({OVER_MEMORY})", None, "memory"), ("input()", 0, "time")], ids=["memory", "time"]
)
def test_what_takes_too_much_is_stopped_and_said(tmp_path: Path, command: str, limit: float | None, over: str) -> None:
    with pytest.raises(OverError, match=over):
        taken([sys.executable, "-c", command], tmp_path, limit)
    cells = growth.shown("2 times", "ours", growth.Built(over=over), 1.0, 1.0)
    assert cells[2] in ("over 6 GB", "over 60 min")
    assert set(cells[3:]) == {""}


def test_each_cell_of_the_table_has_a_column() -> None:
    for built in (growth.Built(over="time"), growth.Built(Taken(2.0, 1024, 1.0), 1, 10**6, 1000, (1000, 0.5))):
        assert len(growth.shown("1 times", "ours", built, 1.0, 1.0)) == len(growth.COLUMNS)
