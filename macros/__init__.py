"""The Hertfordshire Social Value Framework: hands the library of macros to the engine that renders pages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # no other package has a say in our records, and it is quicker

if TYPE_CHECKING:
    from macros.framework import Framework

_framework: Framework | None = None


def define_env(env: Any) -> None:
    """Give the pages of `env` our macros and nothing else; raise InvalidDataError if a record or page is wrong.

    While a site is being served, the hook shows the problems in place of the pages, and nothing is raised. An engine that calls this
    for each page, as Zensical does, has glossary terms linked in the page of `env`; MkDocs calls it once, and has no page yet.
    """
    global _framework
    from macros.library import Library
    from macros.outputs import outputs
    from macros.problem import InvalidDataError
    from macros.project import read_project
    from macros.terms import set_page

    project = read_project(Path(env.project_dir))
    env.macros.clear()
    serving = bool(env.conf["extra"].get("problems_shown"))
    _framework = None if project.errors else project.framework
    if project.framework is None or project.errors:
        if serving:
            return
        raise InvalidDataError(project.errors)
    stamp = project.stamp(env.conf["site_url"] or "", env.conf["site_name"], preview=serving)
    downloads = {output.path: output for output in outputs(project, stamp)}
    library = Library(project.framework, lambda: _start(env.page), project.citations, downloads, project.editions)
    for name, macro in library.macros().items():
        env.macro(macro, name)
    page = getattr(env, "page", None)
    if page is not None:
        env.variables.clear()
        set_page(project.framework, _start(page), lambda heading: _entitle(page, heading))


def _start(page: Any) -> str:
    """Return the address from which the links of `page` are counted: its own; but its file's folder, if its engine moves links in HTML.

    Zensical does that: it takes each link in a page as one from the file, `stages/1-strategy.md`, and adds `../`.
    """
    path = getattr(page, "path", None)
    return str(page.url) if path is None else f"{path.rpartition('/')[0]}/".lstrip("/")


def _entitle(page: Any, heading: str) -> None:
    """Let `page` be called by its `heading`, as MkDocs calls it, unless mkdocs.yml or the page's own head says otherwise."""
    if heading and page.title_override is None and "title" not in page.meta:
        page.title = heading


def on_pre_page_macros(env: Any) -> None:
    """Leave the Jinja environment of `env` a sandbox that runs calls of our macros, with no loader, no filter and no other object.

    The page that it makes next is the one in which glossary terms are linked.
    """
    from macros.sandbox import CallsOnly
    from macros.terms import set_page

    set_page(_framework, _start(env.page))
    env.env.__class__ = CallsOnly
    env.variables.clear()
    env.variables["macros"] = {}
    env.env.loader = None
    env.env.filters.clear()
    env.env.tests.clear()
    env.env.globals.clear()
    env.env.globals.update(env.macros)
