"""Straight quotation marks and apostrophes become typographic ones."""

from __future__ import annotations

import pytest

from macros.text.typography import typographic
from tests.conftest import cases


@pytest.mark.parametrize(("html", "expected"), cases("typography.quotation_marks_and_apostrophes"))
def test_quotation_marks_and_apostrophes(html: str, expected: str) -> None:
    assert typographic(html) == expected
