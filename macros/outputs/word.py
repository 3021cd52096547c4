"""Word documents, for those who edit them: our HTML in the styles of templates/word/; the same input gives the same bytes."""

from __future__ import annotations

import functools
import html
import io
import itertools
import math
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

from macros.model.output import Output, Stamp
from macros.outputs.offline_zip import packed
from macros.outputs.pdf.guides import Guides
from macros.outputs.pdf.html_nodes import document, first, is_block, text
from macros.templates import TEMPLATES

_SHORT = 9  # characters: no column is narrower than for texts as long as this
_FORMATS = {"bold": {"b", "strong"}, "italic": {"cite", "em", "i"}}
_BOX = (TEMPLATES / "guides/word/box.xml").read_text("utf-8")


def word_document(path: str, guides: Guides) -> Output:
    """Return the document at `path`, one of `guides.word_forms`."""
    url, part, values = guides.word_forms[path]
    content, footer = (document([guides.part(url, name, **values)], guides.stamp.at) for name in (part, "word/footer.html.j2"))
    return Output(path, _Writer(guides.stamp).written(content, footer, author=guides.framework.site.publisher))


@functools.cache
def _empty(day: date) -> bytes:
    """Return an empty document with our styles."""
    root = TEMPLATES / "word"
    return packed(((file.relative_to(root).as_posix(), file.read_bytes()) for file in sorted(root.rglob("*")) if file.is_file()), day)


class _Writer:
    """Writes a document; a block has the style whose ID is one of its classes or its tag, or else the style of the block around it."""

    def __init__(self, stamp: Stamp) -> None:
        """Begin an empty document."""
        self._stamp = stamp
        self._document = docx.Document(io.BytesIO(_empty(stamp.day)))
        self._styles = {style.style_id for style in self._document.styles}
        self._list = 0  # the number of the last numbered list
        self._fresh = False  # whether the next paragraph begins a page

    def written(self, content: Sequence[Any], footer: Sequence[Any], *, author: str) -> bytes:
        """Return the document with the nodes `content`, and `footer` on each page."""
        self._add(self._document, content, "")
        self._fill(self._document.sections[0].footer, footer, "footer")
        properties = self._document.core_properties
        properties.created = properties.modified = datetime.combine(self._stamp.day, time())
        values = {"title": text(first(content, "h1")), "subject": self._stamp.name, "author": author, "last_modified_by": author}
        for name, value in {**values, "language": "en-GB"}.items():
            setattr(properties, name, value[:255])  # the longest that Word allows
        saved = io.BytesIO()
        self._document.save(saved)
        with zipfile.ZipFile(saved) as parts:  # python-docx gives them the present time
            return packed(((name, parts.read(name)) for name in parts.namelist()), self._stamp.day)

    def _add(self, container: Any, nodes: Iterable[Any], style: str) -> None:
        """Add `nodes` to `container`; words outside of a block in them become a paragraph in `style`."""
        for are_blocks, group in itertools.groupby(nodes, is_block):
            if are_blocks:
                for node in group:
                    self._add_block(container, node, style)
            else:
                paragraph = container.add_paragraph()
                if style:
                    paragraph._p.style = style
                if self._fresh:
                    paragraph.paragraph_format.page_break_before, self._fresh = True, False
                if style == "ol":
                    paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = self._list
                self._add_words(paragraph, paragraph._p, group, ())

    def _fill(self, container: Any, nodes: Iterable[Any], style: str) -> None:
        """Replace the empty paragraph in `container` with `nodes`."""
        empty = container.paragraphs[0]._p
        self._add(container, nodes, style)
        empty.getparent().remove(empty)

    def _add_block(self, container: Any, node: dict[str, Any], style: str) -> None:
        self._fresh |= "fresh" in node["class"]
        if node["tag"] == "table":
            return self._add_table(node)
        if node["tag"] == "ol":
            numbering = self._document.part.numbering_part.element
            instance = numbering.add_num(1)  # the numbers in numbering.xml, from 1 again
            instance.add_lvlOverride(0).add_startOverride(1)
            self._list = instance.numId
        style = next((name for name in (*node["class"], node["tag"]) if name in self._styles), style)
        return self._add(container, node["content"], style)

    def _add_table(self, node: dict[str, Any]) -> None:
        rows = [(part["tag"] == "thead", row["content"]) for part in node["content"] for row in part["content"]]
        columns = zip(*(cells for _, cells in rows), strict=True)
        longest = [max(_SHORT, *(len(text(cell["content"])) for cell in column)) for column in columns]
        table = self._document.add_table(0, len(longest))
        table._tbl.tblStyle_val = "table"
        room = sum(column.width for column in table.columns) / sum(map(math.sqrt, longest))
        for column, length in zip(table.columns, longest, strict=True):
            column.width = round(room * math.sqrt(length))
        for is_header, cells in rows:
            row = table.add_row()
            for name in ("w:cantSplit", "w:tblHeader")[: 1 + is_header]:
                row._tr.get_or_add_trPr().append(OxmlElement(name))
            for cell, made in zip(cells, row.cells, strict=True):
                self._fill(made, cell["content"] or [""], cell["tag"])

    def _add_words(self, paragraph: Any, parent: Any, nodes: Iterable[Any], around: tuple[str, ...]) -> None:
        """Add `nodes` to `parent`, which is `paragraph` or an element in it; `around` are the tags and classes around them."""
        for node in nodes:
            if isinstance(node, str) or node["tag"] == "br":
                run = paragraph.add_run(node if isinstance(node, str) else "\n")
                if style := next((name for name in around if name in self._styles), None):
                    run._r.style = style
                for attribute, tags in _FORMATS.items():
                    if not tags.isdisjoint(around):
                        setattr(run, attribute, True)
                parent.append(run._r)
            elif "box" in node["class"]:
                parent.append(parse_xml(_BOX.replace("LABEL", html.escape(text(node["content"])))))
            else:
                inside = parent
                if "field" in node["class"]:
                    inside = OxmlElement("w:fldSimple", {qn("w:instr"): text(node["content"])})
                    parent.append(inside)
                elif address := node.get("href") or (self._stamp.home and "to" in node and self._stamp.at(node["to"])):
                    link = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
                    inside = OxmlElement("w:hyperlink", {qn("r:id"): link})
                    parent.append(inside)
                self._add_words(paragraph, inside, node["content"], (*node["class"], node["tag"], *around))
