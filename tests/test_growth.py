"""A framework that has been copied many times is whole, and its pages stay as small as they were."""

from __future__ import annotations

from pathlib import Path

import lxml.html
import pytest
from lxml.html import HtmlElement

from .benchmarks import growth, scale
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


def test_a_stage_shows_its_own_cycle_and_its_own_audiences(grown: Path) -> None:
    guide = tree(grown, "stages/21-plan/")
    assert [link.get("href") for link in guide.xpath('//*[contains(@class, "cycle-picture")]//ol//a')] == ["./", "../22-buy/"]
    asked = [link.get("href") for link in guide.xpath('//*[@class="audience-links"]/a')]
    assert asked == ["../../audiences/commissioner-10/#21-plan", "../../audiences/provider-10/#21-plan"]


def test_each_copy_has_a_matrix_of_its_own(grown: Path) -> None:
    tables = tree(grown, "compact/").find_class("matrix")
    assert len(tables) == COPIES
    assert {(len(table.xpath("./tbody/tr")), len(table.xpath("./thead/tr/th"))) for table in tables} == {(2, 2)}
