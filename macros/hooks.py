"""The only module that knows MkDocs: stops a build on problems, shows them while serving, adds our outputs."""

from __future__ import annotations

import functools
import logging
import os
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")

from jinja2 import Environment, FileSystemBytecodeCache
from mkdocs.commands import build as mkdocs_build
from mkdocs.commands import serve as mkdocs_serve
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError, PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from macros.editing import can_edit, without
from macros.finish import finish
from macros.mend import MendError
from macros.output import Output
from macros.outputs import outputs
from macros.press import NotPrintedError
from macros.problem import InvalidDataError, Problem, count, report
from macros.project import Project, read_project
from macros.render import text_page
from macros.search import NotIndexedError

__all__ = ["Abort", "build", "serve"]

log = logging.getLogger("mkdocs.hooks.svf")
_serving = False
_project: Project | None = None


def on_startup(command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    """Remember whether the site is being served: then problems are shown, and nothing stops."""
    global _serving
    del dirty
    _serving = command == "serve"


@event_priority(100)
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Read and check the project before any plugin does; raise PluginError on problems, unless serving."""
    global _project
    _project = read_project(Path(config.config_file_path).parent)
    config.extra["problems_shown"] = _serving
    if _serving:
        config.plugins["macros"].config["on_error_fail"] = False
    if _project.errors:
        text = f"{report(_project.errors)}\n{count(_project.errors)}"
        if not _serving:
            raise PluginError(text)
        log.error("%s\nThe pages show them until they are mended.", text)
    else:
        try:
            _made(_project, config)
        except NotPrintedError as error:
            raise PluginError(f"{error}\nAsk whoever looks after the code; the last good site is untouched.") from error
        if not can_edit(_project.root):
            _say_once(without())
    return config


@functools.cache
def _say_once(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add our outputs, so that links to them are validated and they reach the site."""
    if _project and _project.framework and not _project.errors:
        for output in _made(_project, config):
            files.append(File.generated(config, output.path, content=output.content))
    return files


def _made(project: Project, config: MkDocsConfig) -> tuple[Output, ...]:
    return outputs(project, project.stamp(config.site_url or "", config.site_name, preview=_serving))


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Let the theme's templates be compiled once and not in every build."""
    del config, files
    env.bytecode_cache = FileSystemBytecodeCache()
    return env


@event_priority(100)
def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Return the page's text; while serving with problems, the problems in its place.

    The day that the sitemap gives is the edition's, not today: the same words give the same bytes.
    """
    del config, files
    if _project and _project.framework:
        page.update_date = _project.framework.site.edition_date.isoformat()
    if _project and _project.errors:
        return text_page(f"Not shown: {count(_project.errors)}", report(_project.errors).split("\n"))
    return markdown


def on_post_build(config: MkDocsConfig) -> None:
    """Finish the built tree; raise PluginError if anything is wrong with it, unless serving."""
    if _project is None or _project.framework is None or _project.errors:
        return
    try:
        found = finish(Path(config.site_dir), _project, _made(_project, config), config.site_url or "")
    except (MendError, NotIndexedError) as error:
        raise PluginError(str(error)) from error
    wrong = tuple(_at_its_source(problem, config) for problem in found)
    config.extra["wrong"] = wrong
    if wrong and _serving:
        log.error(report(wrong))
    elif wrong:
        raise PluginError(f"{report(wrong)}\n{count(wrong)}")


def _at_its_source(problem: Problem, config: MkDocsConfig) -> Problem:
    """Return `problem` of a built page at the page's own file in content/, and at its line if the link is typed there."""
    inside = problem.path.removeprefix("site/").removesuffix("index.html").rstrip("/")
    for name in (f"{inside}.md", f"{inside}/index.md".lstrip("/")):
        file = Path(config.docs_dir) / name
        if file.is_file():
            typed = re.search(r'"(.+?)"|<(.+?)>', problem.wrong)
            words = (typed[1] or f"<{typed[2]}") if typed else ""
            lines = [n for n, line in enumerate(file.read_text("utf-8").split("\n"), 1) if words and words in line]
            return replace(problem, path=f"{Path(config.docs_dir).name}/{name}", line=lines[0] if lines else 1)
    return problem


def build(root: Path, target: Path) -> int:
    """Build the project `root` into the folder `target`; return how many pages there are.

    Warnings and errors go to standard error; raise InvalidDataError if problems of the built tree are among them, or else Abort.
    """
    _logs(logging.WARNING)
    config = _config(root, site_dir=str(target), strict=True)
    config.plugins.on_startup(command="build", dirty=False)
    try:
        mkdocs_build.build(config)
    except Abort:
        if config.extra.get("wrong"):
            raise InvalidDataError(config.extra["wrong"]) from None
        raise
    finally:
        config.plugins.on_shutdown()
    return sum(1 for _ in target.rglob("*.html"))


class _WithoutSearchWords(BasePlugin):  # type: ignore[type-arg,no-untyped-call]
    """Takes our `search:` out of the heads of pages: the theme's search means another thing by it."""

    def on_page_markdown(self, markdown: str, /, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Return the page's text as it is."""
        del config, files
        page.meta.pop("search", None)
        return markdown


def build_with_theme(root: Path, target: Path) -> None:
    """Build the project `root` into the folder `target` with the theme's own pages and search, to compare them with ours."""
    _logs(logging.ERROR)
    theme = {"name": "material", "language": "en", "font": False, "features": ["search.suggest", "search.share"]}
    plugins: list[Any] = ["search", {"macros": {"module_name": "macros"}}]
    config = _config(root, site_dir=str(target), theme=theme, plugins=plugins, hooks=[], extra_css=[], strict=False)
    config.plugins["without"] = _WithoutSearchWords()
    mkdocs_build.build(config)


def serve(root: Path, address: str) -> None:
    """Serve the project `root` at `address` (host:port), rebuilding on each change, until interrupted."""
    _logs(logging.INFO)
    try:
        mkdocs_serve.serve(str(root / "mkdocs.yml"), livereload=True, dev_addr=address, strict=False)
    except (ConfigurationError, OSError, OverflowError) as error:
        raise Abort(f"Cannot serve at {address}: {error}") from None


def _config(root: Path, **settings: Any) -> MkDocsConfig:
    try:
        return load_config(str(root / "mkdocs.yml"), **settings)
    except ConfigurationError as error:
        raise Abort(str(error)) from None


def _logs(level: int) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger("mkdocs")
    logger.handlers = [handler]
    logger.setLevel(level)
