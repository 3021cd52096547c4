"""The MkDocs hooks, which stop a build on problems or show them while serving, and the commands to build and serve."""

from __future__ import annotations

import functools
import html
import logging
import mimetypes
import os
import shutil
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")

import click
from jinja2 import TemplateSyntaxError
from mkdocs.commands import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError, PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

from macros.checks.settings import FILE, read_settings, refused_settings
from macros.loading.files import file_state
from macros.model.output import Output, Stamp
from macros.model.problem import InvalidDataError, Problem, count, report
from macros.outputs.cms import FOLDER, can_edit, form_texts
from macros.outputs.pdf.typst_compile import NotPrintedError
from macros.rendering.environment import text_environment
from macros.site_build import search_index
from macros.site_build.artifacts import documents, outputs, requested
from macros.site_build.atomic_build import write_outputs
from macros.site_build.page_texts import search_results
from macros.site_build.postprocess import finish, parsed_pages
from macros.site_build.project import Project, read_project
from macros.site_build.record_pages import record_pages
from macros.templates import TEMPLATES

__all__ = ["Abort", "build", "serve"]

log = logging.getLogger("mkdocs.hooks.svf")

_print = functools.partial(click.echo, err=True)
_print_once = functools.cache(_print)

_serving = False
_project: Project | None = None
_stamp: Stamp | None = None  # the stamp of the site; None if the project has errors
_printing: Future[tuple[Output, ...]] | None = None  # the documents of the site, unless it is being served
_busy = threading.Lock()  # held while the served site is built, or a file of it is made on request
_states: dict[Path, tuple[int, int]] = {}  # the modification time and size of each watched file


def on_startup(command: Literal["build", "gh-deploy", "serve"], **_: object) -> None:
    """Remember whether the site is being served: then problems are shown on its pages and stop nothing."""
    global _serving
    _serving = command == "serve"
    if _serving:
        _print("Building the site; this takes a moment.")


@event_priority(100)
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Read and check the project before any plugin does; raise PluginError on problems, unless serving."""
    global _project, _stamp, _printing
    _project = read_project(Path(config.config_file_path).parent)
    _stamp = None
    config.extra["serving"] = _serving
    config.theme.dirs = [config.theme.dirs[0], config.theme.dirs[-1]]  # overrides/ and MkDocs' own sitemap, without the theme between
    if _project.errors:
        text = f"{report(_project.errors)}\n{count(_project.errors)}"
        if not _serving:
            raise PluginError(text)
        log.error("%s\nThe pages show this until it is fixed.", text)
        return config
    _stamp = _project.stamp(config.site_url or "", config.site_name, preview=_serving)
    if not _serving:  # Typst prints while MkDocs makes pages
        _printing = ThreadPoolExecutor(1).submit(documents, _project, _stamp)
    if not can_edit(_project.root):
        _print_once(form_texts()["texts"]["without"])
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages made from records, and our outputs, so that links to them are validated and they reach the site."""
    for path, made in record_pages(_project.framework).items() if _project and _project.framework else ():
        files.append(File.generated(config, path, content=made.text, inclusion=InclusionLevel.NOT_IN_NAV))
    for output in outputs(_project, _stamp) if _project and _stamp else ():
        files.append(File.generated(config, output.path, content=output.content))
    return files


@event_priority(100)
def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Return the text of the page, or the problems while serving, and give it the date of the edition, so that builds are reproducible."""
    if _project and _project.framework:
        page.update_date = _project.framework.site.edition_date.isoformat()
    if _project and _project.errors:
        text = html.escape(report(_project.errors)).replace("{", "&#123;")
        return f"# Not shown: {count(_project.errors)}\n\n<pre>{text}</pre>\n"
    return markdown


def on_post_build(config: MkDocsConfig) -> None:
    """Finish the built site; raise PluginError if there are problems in it, unless serving."""
    if _project is None or _stamp is None:
        return
    site, made = Path(config.site_dir), outputs(_project, _stamp)

    def all_outputs() -> Iterable[Output]:
        printed = _printing.result() if _printing else ()
        write_outputs(site, printed)
        return *made, *printed

    try:
        problems = finish(site, _project, config.site_url or "", all_outputs, index=not _serving)
    except NotPrintedError as error:
        raise PluginError(f"{error}\nAsk whoever looks after the code; the last good site is untouched.") from error
    except search_index.NotIndexedError as error:
        raise PluginError(str(error)) from error
    problems = tuple(_at_source(problem, Path(config.docs_dir)) for problem in problems)
    config.extra["problems"] = problems
    if problems and _serving:
        log.error(report(problems))
    elif problems:
        raise PluginError(f"{report(problems)}\n{count(problems)}")


def _at_source(problem: Problem, docs: Path) -> Problem:
    """Return a `problem` of a built page at the line in `docs` where its link is typed, if that page has such a line."""
    name = problem.path.removeprefix("site/").removesuffix("index.html").rstrip("/")
    quoted = f'{problem.wrong}""'.split('"')[1]
    for file in (docs / f"{name}.md", docs / name / "index.md"):
        before, link, _ = (file.read_text("utf-8") if file.is_file() else "").partition(quoted)
        if link:
            return replace(problem, path=file.relative_to(docs.parent).as_posix(), line=before.count("\n") + 1)
    return problem


def on_serve(server: Any, config: MkDocsConfig, builder: Callable[[], None]) -> Any:
    """Make some files on request, show what stops a rebuild, and print the site's address."""
    server.set_app(_make_on_request(server.serve_request, Path(config.site_dir), server.mount_path))
    _changed_files(config)
    server.builder = functools.partial(_update, builder, config)
    host, port = map(str, server.server_address[:2])
    home = f"http://{f'[{host}]' if ':' in host else host}:{port}{server.mount_path}"
    _print(f"Open {home} in your browser. Open pages reload when you save a file.")
    _print("Press Ctrl-C to stop.")
    return server


def _make_on_request(app: WSGIApplication, site: Path, mount_path: str) -> WSGIApplication:
    """Return `app`, which serves `site`, but make a document or the search index when it is first requested after a build."""

    def respond(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"].removeprefix(mount_path)
        file, index = site / path, site / search_index.FOLDER
        is_document = file.suffix in (".docx", ".pdf")
        try:
            with _busy if is_document or index in file.parents else nullcontext():
                if _project and _stamp and index in file.parents and not index.exists():
                    results = list(search_results(parsed_pages(site), _project))
                    search_index.write_index(site, results, _project.valid_framework.site.agreement_name)
                elif _project and _stamp and is_document and file.is_file():
                    if not (content := file.read_bytes()):
                        file.write_bytes(content := requested(_project, _stamp, path).content)
                    start_response("200 OK", [("Content-Type", mimetypes.guess_type(path)[0] or "application/octet-stream")])
                    return [content]  # read while no build empties the file again
        except (NotPrintedError, search_index.NotIndexedError) as error:
            log.error("%s", error)
            start_response("500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")])
            return [str(error).encode()]
        return app(environ, start_response)

    return respond


def _changed_files(config: MkDocsConfig) -> set[Path]:
    """Return the watched files that have changed since the last call, except compiled Python (.pyc), which the first import writes."""
    global _states
    watched = [Path(path) for path in (config.docs_dir, config.config_file_path, *config.watch)]
    files = [file for path in watched for file in (path, *path.rglob("*")) if file.is_file() and file.suffix != ".pyc"]
    before, _states = _states, {file: file_state(file) for file in files}
    return {file for file, _ in before.items() ^ _states.items()}


def _update(builder: Callable[[], None], config: MkDocsConfig) -> None:
    """Update the served site: copy changed stylesheets and scripts, or build it again if anything else has changed."""
    docs, site, changed = Path(config.docs_dir), Path(config.site_dir), _changed_files(config)
    if changed and all(file.is_relative_to(docs) and file.suffix in (".css", ".js") and file.is_file() for file in changed):
        for file in changed:
            shutil.copyfile(file, site / file.relative_to(docs))
        return
    if any(file.is_relative_to(TEMPLATES) for file in changed):
        _clear_caches()
    if changed:
        _build_again(builder, Path(config.config_file_path).parent, site)


def _clear_caches() -> None:
    """Clear the caches of our modules, as they may hold text from a template."""
    for name, module in list(sys.modules.items()):
        if name.startswith("macros."):
            for value in vars(module).values():
                if callable(clear := getattr(value, "cache_clear", None)):
                    clear()


def _build_again(builder: Callable[[], None], root: Path, site: Path) -> None:
    """Build the served `site` of the project `root` again; if that fails, show why in the terminal and on each page."""
    global _stamp
    pages = [file for file in site.rglob("*.html") if not file.is_relative_to(site / FOLDER)]
    _print(f"{time.strftime('%H:%M:%S')} A file has changed; building again.")
    try:
        with _busy:
            builder()
    except (Exception, SystemExit) as error:
        if not (reason := _fault(error, root)):
            raise
        _stamp = None  # nothing can be made of these pages on request
        _print(f"{reason}\nThe pages show this until it is fixed.")
        not_built = text_environment().get_template("messages/not_built.html.j2").render(wrong=reason)
        for file in pages:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(not_built, "utf-8")
    _print(f"{time.strftime('%H:%M:%S')} Reloading the open pages.")


def _fault(error: BaseException | None, root: Path) -> str:
    """Return the setting or the line of a template that made a build of `root` fail, searching the contexts of `error` too, else ""."""
    if error is None:
        return ""
    if isinstance(error, (ConfigurationError, Abort)):
        return str(error.__context__ if isinstance(error.__context__, PluginError) else error)
    frames = [(frame.filename, frame.lineno or 1) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, TemplateSyntaxError) and error.filename:
        frames.append((error.filename, error.lineno))
    for name, line in reversed(frames):
        for folder in (root, TEMPLATES.parents[1]):
            if name.endswith((".j2", ".html")) and Path(name).is_relative_to(folder):
                return f"{Path(name).relative_to(folder).as_posix()}:{line}:1: {str(error).rstrip('.')}; correct the template"
    return _fault(error.__context__, root)


def build(root: Path, target: Path) -> int:
    """Build the project `root` into `target`; return the number of pages, or raise InvalidDataError or, for any other error, Abort."""
    logging.basicConfig(format="%(message)s", level=logging.WARNING, force=True)
    try:
        config = load_config(str(root / FILE), site_dir=str(target), strict=True)
    except ConfigurationError as error:
        if problems := settings_problems(root):
            raise InvalidDataError(problems) from None
        raise Abort(str(error)) from None
    config.plugins.on_startup(command="build", dirty=False)
    try:
        mkdocs_build.build(config)
    except Abort:
        if config.extra.get("problems"):
            raise InvalidDataError(config.extra["problems"]) from None
        raise
    finally:
        config.plugins.on_shutdown()
    return sum(1 for _ in target.rglob("*.html"))


def serve(root: Path, address: str) -> None:
    """Serve the project `root` at `address`, an IP address with a port, and rebuild it on each change; raise Abort if that fails."""
    logging.basicConfig(format="%(message)s", level=logging.WARNING, force=True)
    logging.getLogger("mkdocs.livereload").addFilter(lambda record: bool(record.exc_info))  # not each request
    logging.getLogger("mkdocs.plugins.mkdocs_macros.util").setLevel(logging.CRITICAL)  # `_fault` describes its errors
    try:
        from mkdocs.commands.serve import serve as mkdocs_serve  # imports a web server

        mkdocs_serve(str(root / "mkdocs.yml"), livereload=True, dev_addr=address, strict=False)
    except OSError as error:
        raise Abort(f"{address}: {error.strerror or error}. Try another address, for example make serve ADDRESS=127.0.0.1:8001") from None
    except (Exception, SystemExit) as error:
        if not (reason := _fault(error, root)):
            raise
        raise Abort(reason) from None


def settings_problems(root: Path) -> tuple[Problem, ...]:
    """Return the problems that MkDocs finds in mkdocs.yml of `root`."""
    config = MkDocsConfig(config_file_path=str(root / FILE))
    try:
        with (root / FILE).open("rb") as file:
            config.load_file(file)
        config.load_dict({})
        messages = [(name, str(message)) for group in config.validate() for name, message in group]
        messages += [("site_url", "")] * any(part in (config.site_url or "") for part in ("?", "#", ".html"))
    except ConfigurationError as error:
        messages = [("", str(error))]
    return tuple(refused_settings(read_settings(root), messages, [name for name, _ in config._schema]))
