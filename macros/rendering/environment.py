"""The Jinja environments that render templates, with addresses relative to the page."""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from macros.model.framework import Framework
from macros.model.output import Output
from macros.model.records import KINDS, Part, Record
from macros.model.types import Statement
from macros.rendering.edit_links import id_of, main_text, record_texts, suggest_url
from macros.templates import TEMPLATES, texts
from macros.text import inline_markdown as markup

_BLANK = re.compile(r"\[[^\[\]]+\]")


@functools.lru_cache(maxsize=100_000)
def relative(here: str, target: str) -> str:
    """Return the address of `target` relative to the page `here`; both are from the site's root, for example `values/#trust`."""
    path, hash_mark, fragment = target.partition("#")
    if path == here:
        return f"#{fragment}" if hash_mark else "./"
    address = posixpath.relpath(path or ".", posixpath.dirname(here) or ".")
    if not path or path.endswith("/"):
        address += "/"
    return f"{address}{hash_mark}{fragment}"


class Renderer:
    """Renders templates, which may use `downloads` (outputs by path) and `since` (since which edition a record has its text)."""

    def __init__(
        self,
        framework: Framework,
        here: Callable[[], str],
        downloads: Mapping[str, Output] | None = None,
        since: Callable[[Record], str | None] = lambda _: None,
    ) -> None:
        self.framework, self.here = framework, here
        self.environment = text_environment(
            prose=functools.partial(markup.prose, resolve=self._resolve),
            inline=functools.partial(markup.inline, resolve=self._resolve),
            heading=markup.heading,
            literal=markup.literal,
            blanks=lambda text: Markup(_BLANK.sub(r'<span class="blank">\g<0></span>', str(escape(text)))),  # noqa: S704  (escaped)
            href=lambda record: self.to(record.url),
            edit=lambda record: framework.site.file_at(framework.documents[record.kind, record.id].path),
            lines=self.lines,
            suggest=lambda record: suggest_url(framework, record),
            in_form=lambda record: f"edit/#/collections/{record.folder}/entries/{record.id}",
            named=lambda record: id_of(framework, record),
            has_protected=lambda record: Statement.REPORT in {text.statement for text in record_texts(framework, (record.kind, record.id))},
        )
        self.environment.bytecode_cache = FileSystemBytecodeCache(pattern="svf_escaped_%s.cache")
        self.environment.globals = {
            "framework": framework,
            "all": lambda kind: framework.all(KINDS[kind]),
            "statement": statement,
            "to": self.to,
            "downloads": downloads or {},
            "since": since,
            "choices": texts("pages/choices.yml"),
        }
        self.environment.tests["contains"] = lambda group, item: item in group

    def render(self, template: str, /, **values: Any) -> str:
        """Return the text of macros/templates/`template` with `values`; raise UndefinedError if it uses any other name."""
        return self.environment.get_template(template).render(**values)

    def to(self, address: str) -> str:
        """Return `address`, from the site's root, relative to the current page."""
        return relative(self.here(), address)

    def lines(self, record: Record) -> str:
        """Return the address at which the lines of the main text of `record` are shown."""
        document = self.framework.documents[record.kind, record.id]
        wording = main_text(self.framework, record)
        first = document.place(wording.loc, key=True).line
        last = max(first, document.place_in(wording.loc, len(wording.text)).line, document.place(wording.loc).line)
        return f"{self.framework.site.file_at(document.path, 'blob')}?plain=1#L{first}" + (f"-L{last}" if last > first else "")

    def named(self, name: str) -> Record:
        """Return the record called `name`, its id or kind/id; raise KeyError if there is none."""
        key = self.framework.resolve(name)
        if isinstance(key, str):
            raise KeyError(key)
        return self.framework.records[key]

    def _resolve(self, target: str) -> str:
        return target if markup.is_address(target) else self.to(self.named(target).url)


def text_environment(**filters: Callable[..., Any]) -> Environment:
    """Return the environment of our templates, which may use `filters`; values in HTML and SVG are escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda name: str(name).startswith("pages/") or str(name).endswith(("html.j2", "svg.j2")),  # noqa: S701  (messages and other plain text)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= filters
    return environment


def statement(part: Part | type[Part], field: str) -> str:
    """Return the kind of statement of `field` in its model: report, fact or advice."""
    cls = part if isinstance(part, type) else type(part)
    return next(mark.value for mark in cls.model_fields[field].metadata if isinstance(mark, Statement))
