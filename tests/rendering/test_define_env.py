"""define_env gives pages our macros and nothing else, to any engine that calls it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment, StrictUndefined
from markdown import Markdown

import macros
from macros.model.problem import InvalidDataError
from macros.site_build.project import read_project


class Engine:
    """A stand-in for the argument that mkdocs-macros passes to define_env."""

    def __init__(self, root: Path, **extra: Any) -> None:
        self.project_dir = str(root)
        self.conf = {"extra": extra, "site_url": "https://f.testshire.gov.uk/", "site_name": "Small framework"}
        self.macros: dict[str, Any] = {"theirs": print}
        self.variables: dict[str, Any] = {"config": self, "page": self}
        self.page: Any = SimpleNamespace(url="values/", meta={}, file=SimpleNamespace(src_uri="values.md"))
        self.env = Environment(loader=None, autoescape=True, undefined=StrictUndefined)
        self.env.globals.update(self.macros)

    def macro(self, function: Any, name: str) -> None:
        self.macros[name] = function


def test_pages_get_our_macros_and_no_others(project: Path) -> None:
    engine = Engine(project)
    macros.define_env(engine)
    assert "theirs" not in engine.macros
    assert engine.macros["link"]("1a") == '<a href="../1a/">1a. Go where people already meet</a>'


def test_invalid_data_raises_an_error_unless_serving(project: Path) -> None:
    (project / "data/values/openness.yml").write_text("x")
    with pytest.raises(InvalidDataError):
        macros.define_env(Engine(project))
    engine = Engine(project, serving=True)
    macros.define_env(engine)
    assert engine.macros == {}


class PageOfZensical:
    """A stand-in for the page that Zensical passes to define_env."""

    def __init__(self, path: str, title: str | None = None, meta: dict[str, str] | None = None) -> None:
        self.url, self.path, self.title_override = path.replace(".md", "/"), path, title
        self.meta: dict[str, Any] = dict(meta or {})
        self.title = title or "From the file's name"


def made(page: PageOfZensical, project: Path) -> str:
    engine = Engine(project)
    engine.page = page
    macros.define_env(engine)
    assert engine.variables == {}
    return Markdown(extensions=["macros.rendering.glossary_links"]).convert(f"# Values here\n\nAn outcome. {engine.macros['link']('1a')}")


def test_links_are_relative_to_what_zensical_expects(project: Path) -> None:
    assert '<a href="1a/">' in made(PageOfZensical("values.md"), project)
    assert '<a href="../1a/">' in made(PageOfZensical("stages/3-look-back.md"), project)
    assert 'href="../glossary/#outcome"' in made(PageOfZensical("stages/3-look-back.md"), project)


def test_page_meta_has_what_templates_show_from_the_records(project: Path) -> None:
    engine = Engine(project, serving=True)
    macros.define_env(engine)
    macros.on_pre_page_macros(engine)
    Markdown(extensions=["macros.rendering.glossary_links"]).convert("# Everyone's values & more")
    site = engine.page.meta["site"]
    framework = read_project(project).framework
    assert framework is not None
    assert (site["edition"], site["email"]) == (framework.site.edition, framework.site.email)
    assert site["draft"] is read_project(project).draft
    assert "'unsafe-inline'" in site["policy"]
    assert engine.page.meta["edit"] == framework.site.file_at("content/values.md")
    assert engine.page.meta["mailto"] == f"mailto:{framework.site.email}?subject=Everyone%27s%20values%20%26%20more"
    assert engine.page.title == "Everyone’s values &amp; more"
    page = PageOfZensical("values.md")
    made(page, project)
    assert page.meta["site"] == site | {"policy": site["policy"].replace(" 'unsafe-inline'", "")}
    assert page.meta["mailto"].endswith("?subject=Values%20here")


@pytest.mark.parametrize(
    ("title", "meta", "shown"),
    [(None, {}, "Values here"), ("The menu's", {}, "The menu’s"), (None, {"title": "In the head"}, "From the file's name")],
)
def test_a_page_of_zensical_is_titled_by_its_heading_unless_it_has_a_title(project: Path, title: Any, meta: Any, shown: str) -> None:
    page = PageOfZensical("values.md", title, meta)
    made(page, project)
    assert page.title == shown
