"""Straight quotation marks and apostrophes become typographic ones."""

from __future__ import annotations

import pytest

from macros.text.typography import typographic


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<p>It calls this "a key area".</p>', "<p>It calls this “a key area”.</p>"),
        ("<p>A bidder's plan, the councils' plans: don't.</p>", "<p>A bidder’s plan, the councils’ plans: don’t.</p>"),
        ('<p>"A <em>new</em>"</p><p>"b"</p>', "<p>“A <em>new</em>”</p><p>“b”</p>"),
        ("<p>(&#34;usual suspects&#34;) &quot;x&quot; it&#39;s</p>", "<p>(“usual suspects”) “x” it’s</p>"),
        ("<p>\"He said 'no'\"</p>", "<p>“He said ‘no’”</p>"),
        ('<a title="a \'b\'" href="x">"c"</a>', '<a title="a \'b\'" href="x">“c”</a>'),
        ('<code>"x"</code> <textarea>"y"</textarea><script>"z"</script>', '<code>"x"</code> <textarea>"y"</textarea><script>"z"</script>'),
        ("the <code>x</code>'s value", "the <code>x</code>’s value"),
        ("<p>“already”</p>", "<p>“already”</p>"),
    ],
)
def test_quotation_marks_and_apostrophes(html: str, expected: str) -> None:
    assert typographic(html) == expected
