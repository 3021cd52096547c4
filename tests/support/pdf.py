"""Read a PDF: the text of its sheets, and the size of its letters."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from pypdfium2 import PdfDocument, raw


def sheets_of(pdf: bytes | Path) -> list[str]:
    """Return the text of each sheet of `pdf`, as a reader copies it."""
    with PdfDocument(pdf) as document:
        texts = [sheet.get_textpage().get_text_range() for sheet in document]
    return [text.replace("\r\n", "\n").replace("\ufffe", "-") for text in texts]  # PDFium writes a hyphen at the end of a line as U+FFFE


def letter_sizes(pdf: bytes, first: int, last: int) -> Counter[float]:
    """Return how many letters on the sheets `first` to `last` of `pdf`, counted from 1, have each size in points."""
    sizes: Counter[float] = Counter()
    with PdfDocument(pdf) as document:
        for number in range(first - 1, min(last, len(document))):
            text = document[number].get_textpage()
            letters = [n for n in range(text.count_chars()) if not chr(raw.FPDFText_GetUnicode(text, n)).isspace()]
            sizes.update(round(raw.FPDFText_GetFontSize(text, n), 1) for n in letters)
    return sizes
