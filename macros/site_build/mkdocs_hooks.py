"""The only module that knows MkDocs: stops a build on problems, shows them while serving, adds our outputs."""

from __future__ import annotations

import functools
import logging
import os
import re
import secrets
import shutil
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")

from jinja2 import Environment, FileSystemBytecodeCache, TemplateSyntaxError
from mkdocs.commands import build as mkdocs_build
from mkdocs.commands import serve as mkdocs_serve
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError, PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from macros.checks.settings import FILE, accepted, read_settings, refused
from macros.loading.discover import state
from macros.model.output import Output, Stamp
from macros.model.problem import InvalidDataError, Problem, count, report
from macros.outputs.cms import FOLDER, can_edit, without
from macros.outputs.pdf.typst_compile import NotPrintedError
from macros.rendering.environment import bare, text_page
from macros.site_build.artifacts import outputs, printed_guide
from macros.site_build.postprocess import finish
from macros.site_build.project import Project, read_project
from macros.site_build.search_documents import Result
from macros.site_build.search_index import NotIndexedError, write_index
from macros.site_build.serve_address import shown
from macros.templates import TEMPLATES

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["Abort", "build", "serve"]

log = logging.getLogger("mkdocs.hooks.svf")
_serving = False
_project: Project | None = None
_sound: tuple[Project, Stamp] | None = None
"""The project, if it has no errors, and the stamp of the site that is built of it."""
_states: dict[Path, tuple[int, int]] = {}
"""When each watched file was changed, and its size."""
_templates: list[tuple[Path, int, int]] = []
_NONCE = secrets.token_urlsafe(16)
"""What marks MkDocs' live-reload script as one that a served page may run."""

_LIVE_RELOAD = b"<script>\nvar livereload"
"""How that script begins."""

_ID = re.compile(r'\sid="([^"]*)"')
_INDEX_DELAY = 1.0
"""How many seconds after a served build the search index is written, so that the pages come first."""

_busy = threading.Lock()
"""Held while the served site is built or a guide is printed."""

_indexing = threading.Timer(_INDEX_DELAY, lambda: None)
"""Writes the search index of the served site."""


def on_startup(command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    """Remember whether the site is being served: then problems are shown, and nothing stops."""
    global _serving
    del dirty
    _serving = command == "serve"
    if _serving:
        _say("Building the site; this takes a moment.")


@event_priority(100)
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Read and check the project before any plugin does; raise PluginError on problems, unless serving."""
    global _project, _sound
    if _serving:
        _forget_changed_templates()
    _project = read_project(Path(config.config_file_path).parent)
    _sound = None
    config.extra["problems_shown"] = _serving
    config.extra["nonce"] = _NONCE if _serving else ""
    config.theme.dirs = [config.theme.dirs[0], config.theme.dirs[-1]]  # overrides/, and MkDocs's sitemap; nothing of the theme between
    if _project.errors:
        text = f"{report(_project.errors)}\n{count(_project.errors)}"
        if not _serving:
            raise PluginError(text)
        log.error("%s\nThe pages show this until it is fixed.", text)
    else:
        _sound = _project, _project.stamp(config.site_url or "", config.site_name, preview=_serving)
        try:
            _made(*_sound)
        except NotPrintedError as error:
            raise PluginError(f"{error}\nAsk whoever looks after the code; the last good site is untouched.") from error
        if not can_edit(_project.root):
            _say_once(without())
    return config


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


_say_once = functools.cache(_say)


def _forget_changed_templates() -> None:
    """Clear what is kept between builds if a file of macros/templates/ has changed, as it may have been made from that file."""
    global _templates
    found = [(file, (status := file.stat()).st_mtime_ns, status.st_size) for file in sorted(TEMPLATES.rglob("*")) if file.is_file()]
    if _templates and found != _templates:
        for name, module in list(sys.modules.items()):
            if name.startswith("macros."):
                for value in vars(module).values():
                    if callable(clear := getattr(value, "cache_clear", None)):
                        clear()
    _templates = found


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add our outputs, so that links to them are validated and they reach the site."""
    if _sound:
        for output in _made(*_sound):
            files.append(File.generated(config, output.path, content=output.content))
    return files


def _made(project: Project, stamp: Stamp) -> tuple[Output, ...]:
    return outputs(project, stamp, printing=not _serving)


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


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    """Tell MkDocs, which checks links to anchors, of those in HTML that `macros/rendering/glossary_links.py` has set aside."""
    del config, files
    page.present_anchor_ids = {*(page.present_anchor_ids or ()), *_ID.findall(html)}


def on_post_build(config: MkDocsConfig) -> None:
    """Finish the built tree; raise PluginError if anything is wrong with it, unless serving."""
    if _sound is None:
        return
    try:
        index = _index_later if _serving else write_index
        found = finish(Path(config.site_dir), _sound[0], config.site_url or "", index)
    except NotIndexedError as error:
        raise PluginError(str(error)) from error
    wrong = tuple(_at_its_source(problem, config) for problem in found)
    config.extra["wrong"] = wrong
    if wrong and _serving:
        log.error(report(wrong))
    elif wrong:
        raise PluginError(f"{report(wrong)}\n{count(wrong)}")


def _index_later(site: Path, found: Sequence[Result]) -> None:
    """Write the search index of the served `site` when its pages are up."""
    global _indexing

    def write() -> None:
        try:
            write_index(site, found)
        except (NotIndexedError, OSError) as error:
            log.error("The search does not work: %s", error)

    _indexing = threading.Timer(_INDEX_DELAY, write)
    _indexing.daemon = True
    _indexing.start()


def _stop_indexing() -> None:
    """Return when no search index is being written and none will be."""
    _indexing.cancel()
    if _indexing.is_alive():
        _indexing.join()


def on_shutdown() -> None:
    """Let the served site be removed."""
    _stop_indexing()


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


def on_serve(server: LiveReloadServer, config: MkDocsConfig, builder: Callable[[], None]) -> LiveReloadServer:
    """Let pages run MkDocs' live-reload script, print guides on request, show what stops a rebuild, and say where the site is."""
    server.set_app(_with_nonce(_printing(server.serve_request, Path(config.site_dir), server.mount_path)))
    _changed(config)
    server.builder = functools.partial(_save, builder, config)
    host, port = server.server_address[:2]
    _say(f"Open http://{shown(str(host), int(port))}{server.mount_path} in your browser. Open pages reload when you save a file.")
    _say("Press Ctrl-C to stop.")
    return server


def _with_nonce(app: WSGIApplication) -> WSGIApplication:
    """Return `app` with our nonce on the live-reload script that it adds to each page.

    The form at /edit/ keeps its own policy, which refuses the script: a reload would lose what somebody is typing there.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        begun: list[Any] = []
        content = b"".join(app(environ, lambda *words: begun.extend(words)))  # type: ignore[arg-type]
        status, headers = begun[:2]
        before, script, after = content.rpartition(_LIVE_RELOAD)
        if script and ("Content-Type", "text/html") in headers:
            content = before + script.replace(b">", f' nonce="{_NONCE}">'.encode(), 1) + after
            headers = [(name, str(len(content)) if name == "Content-Length" else value) for name, value in headers]
        start_response(status, headers)
        return [content]

    return answer


def _printing(app: WSGIApplication, site: Path, mount_path: str) -> WSGIApplication:
    """Return `app`, which serves `site`, with each guide printed when it is first asked for after a build."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"].removeprefix(mount_path)
        try:
            if path.endswith(".pdf"):
                _print(site, path)
        except NotPrintedError as error:
            log.error("%s", error)
            start_response("500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")])
            return [str(error).encode()]
        return app(environ, start_response)

    return answer


def _print(site: Path, path: str) -> None:
    """Print the guide at `path` of the served `site`, if it is still an empty file."""
    with _busy:
        file = site / path
        if _sound and file.is_file() and not file.stat().st_size and (made := printed_guide(*_sound, path)):
            file.write_bytes(made.content)


def _changed(config: MkDocsConfig) -> set[Path]:
    """Return the watched files that have changed since this was called last."""
    global _states
    watched = [Path(path) for path in (config.docs_dir, config.config_file_path, *config.watch)]
    files = [file for path in watched for file in ((path, *path.rglob("*")) if path.is_dir() else (path,))]
    before, _states = _states, {file: state(file) for file in files}
    return {file for file, _ in before.items() ^ _states.items() if not file.is_dir()}


def _save(builder: Callable[[], None], config: MkDocsConfig) -> None:
    """Bring what was saved into the served site: build it anew, but only copy stylesheets and scripts of content/."""
    docs, site, changed = Path(config.docs_dir), Path(config.site_dir), _changed(config)
    if changed and all(file.is_relative_to(docs) and file.suffix in (".css", ".js") and file.is_file() for file in changed):
        for file in changed:
            shutil.copyfile(file, site / file.relative_to(docs))
    else:
        _build_again(builder, Path(config.config_file_path).parent, site)


def _build_again(builder: Callable[[], None], root: Path, site: Path) -> None:
    """Build the served `site` of the project `root` anew; if that fails, show why in the terminal and on each page it had."""
    pages = [file for file in site.rglob("*.html") if not file.is_relative_to(site / FOLDER)]
    _say(f"{time.strftime('%H:%M:%S')} A file has changed; building again.")
    _stop_indexing()
    try:
        with _busy:
            builder()
    except (Exception, SystemExit) as error:
        if not (wrong := _fault(error, root)):
            raise
        _say(f"{wrong}\nThe pages show this until it is fixed.")
        shown = bare().get_template("messages/not_built.html.j2").render(wrong=wrong)
        for file in pages:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(shown, "utf-8")
    _say(f"{time.strftime('%H:%M:%S')} Reloading the open pages.")


def _fault(error: BaseException | None, root: Path) -> str:
    """Return what stops a build of `root`: a setting, or a template with its line; "" if it is neither.

    The macros plugin exits on a fault, or fails to describe it; then the fault is the context of that error.
    """
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


def serve(root: Path, host: str, port: int) -> None:
    """Serve the project `root` at `port` of `host`, rebuilding on each change, until interrupted; raise Abort if that fails."""
    _logs(logging.WARNING)
    logging.getLogger("mkdocs.livereload").addFilter(lambda record: bool(record.exc_info))  # not each request
    logging.getLogger("mkdocs.plugins.mkdocs_macros.util").setLevel(logging.CRITICAL)  # `_fault` says what is wrong
    try:
        mkdocs_serve.serve(str(root / "mkdocs.yml"), livereload=True, dev_addr=f"{host}:{port}", strict=False)
    except OSError as error:
        raise Abort(f"{shown(host, port)}: {error.strerror or error}") from None
    except (Exception, SystemExit) as error:
        if not (wrong := _fault(error, root)):
            raise
        raise Abort(wrong) from None


def settings_problems(root: Path) -> tuple[Problem, ...]:
    """Return what MkDocs has against mkdocs.yml of `root`."""
    config = MkDocsConfig(config_file_path=str(root / FILE))
    messages: list[tuple[str, str]] = []
    try:
        with (root / FILE).open("rb") as file:
            config.load_file(file)
        config.load_dict({})
        errors, warnings = config.validate()
        messages = [(name, str(message)) for name, message in (*errors, *warnings)]
    except ConfigurationError as error:
        messages.append(("", str(error)))
    if not messages:
        with suppress(OSError):
            accepted(root).parent.mkdir(exist_ok=True)
            accepted(root).touch()
    return tuple(refused(read_settings(root), messages, [name for name, _ in config._schema]))


def _config(root: Path, **settings: Any) -> MkDocsConfig:
    try:
        return load_config(str(root / FILE), **settings)
    except ConfigurationError as error:
        if problems := settings_problems(root):
            raise InvalidDataError(problems) from None
        raise Abort(str(error)) from None


def _logs(level: int) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger("mkdocs")
    logger.handlers = [handler]
    logger.setLevel(level)
