"""Pages made from records, without a file in content/: each recommendation, each template, and each complete stage."""

from __future__ import annotations

import functools
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from macros.loading.pages import Page, parse_page
from macros.model.framework import Framework
from macros.model.records import Recommendation, Record, Stage, Template
from macros.rendering.environment import text_environment
from macros.text.inline_markdown import to_plain_text

# The path of the page in content/; {} is the id of the record. Its text is macros/templates/record_pages/KIND.md.j2.
_PATHS: dict[type[Record], str] = {Recommendation: "{}.md", Stage: "stages/{}/all.md", Template: "templates/{}.md"}


@dataclass(frozen=True)
class RecordPage:
    """A page made from `record`: its path in content/ and its text, with front matter."""

    record: Record
    path: str
    text: str

    @functools.cached_property
    def page(self) -> Page:
        """Return the page, parsed."""
        page, problems = parse_page(self.text, f"content/{self.path}")
        if page is None or problems:
            raise ValueError(f"{self.path}: {problems}")
        return page


@functools.lru_cache(maxsize=2)
def record_pages(framework: Framework) -> dict[str, RecordPage]:
    """Return the pages made from records, by their path in content/, in reading order."""
    environment, pages = text_environment(plain=_plain), {}
    for cls, form in _PATHS.items():
        for record in framework.all(cls):
            stage = framework.find(Stage.kind, getattr(record, "stage", ""))
            text = environment.get_template(f"record_pages/{cls.kind}.md.j2").render(record=record, stage=stage)
            pages[form.format(record.id)] = RecordPage(record, form.format(record.id), text)
    return pages


def _plain(prose: str) -> str:
    """Return `prose` as plain text for front matter, which may hold no brace and no tag."""
    return re.sub(r"[{}<>]", "", " ".join(to_plain_text(prose).split()))


def write_content(framework: Framework, root: Path, folder: Path) -> None:
    """Write a copy of content/ of the project `root` into the new `folder`, with the pages made from records as files."""
    shutil.copytree(root / "content", folder)
    for path, made in record_pages(framework).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(made.text, "utf-8")
