"""The Hertfordshire Social Value Framework: hands the library of macros to the engine that renders pages."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # no other package has a say in our records, and it is quicker
gc.set_threshold(100_000)  # hardly any of what we make is garbage, and looking for it takes a tenth of the time

if TYPE_CHECKING:
    from macros.site_build.project import Project

_project: Project | None = None


def define_env(env: Any) -> None:
    """Give the pages of `env` our macros and nothing else; raise InvalidDataError if a record or page is wrong.

    While a site is being served, the hook shows the problems in place of the pages, and nothing is raised. An engine that calls this
    for each page, as Zensical does, has glossary terms linked in the page of `env`; MkDocs calls it once, and has no page yet.
    """
    global _project
    from macros.model.problem import InvalidDataError
    from macros.rendering.page_macros import Library
    from macros.site_build.artifacts import outputs
    from macros.site_build.project import read_project

    project = read_project(Path(env.project_dir))
    env.macros.clear()
    serving = bool(env.conf["extra"].get("problems_shown"))
    _project = None if project.errors else project
    if project.framework is None or project.errors:
        if serving:
            return
        raise InvalidDataError(project.errors)
    stamp = project.stamp(env.conf["site_url"] or "", env.conf["site_name"], preview=serving)
    downloads = {output.path: output for output in outputs(project, stamp, printing=not serving)}
    library = Library(project.framework, lambda: _start(env.page), project.citations, downloads, project.editions)
    for name, macro in library.macros().items():
        env.macro(macro, name)
    page = getattr(env, "page", None)
    if page is not None:
        env.variables.clear()
        _begin(page, project)


def _start(page: Any) -> str:
    """Return the address from which the links of `page` are counted: its own; but its file's folder, if its engine moves links in HTML.

    Zensical does that: it takes each link in a page as one from the file, `stages/1-strategy.md`, and adds `../`.
    """
    path = getattr(page, "path", None)
    return str(page.url) if path is None else f"{path.rpartition('/')[0]}/".lstrip("/")


def _begin(page: Any, project: Project | None, nonce: str = "") -> None:
    """Link glossary terms in `page`, and give its template in `page.meta` what it shows from the records; `nonce` is for `svf serve`.

    Zensical does not name a page by its heading, as MkDocs does unless mkdocs.yml or front matter has a title; so this does.
    """
    from macros.rendering.glossary_links import set_page
    from macros.site_build.csp import policy

    if project is None or project.framework is None:
        set_page(None)
        return
    site = project.framework.site
    page.meta["site"] = {
        "draft": project.draft,
        "edition": site.edition,
        "date": site.edition_date.isoformat(),
        "day": f"{site.edition_date.day} {site.edition_date:%B %Y}",
        "revision": project.revision,
        "email": site.email,
        "feedback": site.feedback,
        "counts": site.counts,
        "policy": policy(site, nonce),
    }
    path = getattr(page, "path", None)
    page.meta["edit"] = site.file_at(f"content/{page.file.src_uri if path is None else path}")

    def titled(heading: str) -> None:
        page.meta["mailto"] = f"mailto:{site.email}?subject={quote(heading)}"
        if path is not None and heading and page.title_override is None and "title" not in page.meta:
            page.title = heading

    set_page(project.framework, _start(page), titled)


def on_pre_page_macros(env: Any) -> None:
    """Leave the Jinja environment of `env` a sandbox that runs calls of our macros, with no loader, no filter and no other object.

    The page that it makes next is the one in which glossary terms are linked.
    """
    from macros.rendering.sandbox import CallsOnly

    _begin(env.page, _project, env.conf["extra"].get("nonce", ""))
    env.env.__class__ = CallsOnly
    env.variables.clear()
    env.variables["macros"] = {}
    env.env.loader = None
    env.env.filters.clear()
    env.env.tests.clear()
    env.env.globals.clear()
    env.env.globals.update(env.macros)
