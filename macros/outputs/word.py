"""Word documents, for those who edit them: checklists, summaries, templates and core terms."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from macros.model.framework import Framework
from macros.model.output import Output, Stamp
from macros.model.records import Stage, Template, Term
from macros.outputs.pdf.guides import Guides
from macros.outputs.pdf.html_nodes import document


def word_documents(framework: Framework, stamp: Stamp, guides: Guides) -> dict[str, Callable[[], Output]]:
    """Return a function for each document, by path; `guides` renders its content."""
    forms: dict[str, tuple[str, str, dict[str, Any]]] = {}
    for stage in framework.all(Stage):
        forms[f"stage-{stage.id}-checklist"] = stage.url, "word/checklist.html.j2", {}
        forms[f"stage-{stage.id}-summary"] = stage.url, "summary.html.j2", {}
    for template in framework.all(Template):
        forms[f"template-{template.id}"] = template.url, "word/template.html.j2", {"template": template}
    if any(term.core == "yes" for term in framework.all(Term)):
        forms["core-terms"] = "glossary/", "core_terms.html.j2", {}

    def make(path: str, url: str, part: str, values: dict[str, Any]) -> Output:
        from macros.outputs.word_writer import Writer  # imports the slow python-docx

        content, footer = (document([guides.part(url, name, **values)], stamp.at) for name in (part, "word/footer.html.j2"))
        return Output(path, Writer(stamp).written(content, footer, author=framework.site.publisher))

    return {path: functools.partial(make, path, *form) for name, form in forms.items() for path in [f"downloads/{name}.docx"]}
