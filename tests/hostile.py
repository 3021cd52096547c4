"""Text that looks like markup or code, put into every text field of every record, without any check."""

from __future__ import annotations

from itertools import cycle
from typing import Any

from pydantic import BaseModel

from macros.model.document import Loc
from macros.model.framework import Framework
from macros.model.types import Ref, Text
from macros.text.inline_markdown import is_address, links

MARK = "zqx"
"""A mark in each hostile text by which outputs are searched."""

TEXTS = (
    "<script>zqx()</script>",
    "</script><script>zqx()</script>",
    "<img src=zqx onerror=zqx()>",
    "<svg/onload=zqx()>",
    '"><b onclick="zqx()">',
    "' onclick='zqx()' x='",
    "<zqx>",
    "<!-- zqx",
    "--> zqx ]]>",
    "<style>zqx{}</style>",
    "&lt;script&gt;zqx()&lt;/script&gt;",
    "&#60;script&#62;zqx()",
    "[zqx](javascript:zqx())",
    "[zqx](&#74;AVASCRIPT:zqx)",
    "[zqx](//zqx.example)",
    "![zqx](https://zqx.example/x.png)",
    "[zqx][zqx]",
    "<javascript:zqx>",
    "<https://zqx.example\\@a.example>",
    "*zqx*{: onclick=zqx() }",
    "zqx {: onclick=zqx() style=zqx }",
    "`zqx`{ onmouseover=zqx() }",
    "**zqx** __zqx__ `zqx`",
    "# zqx",
    "zqx\n===",
    "| zqx | zqx |\n| --- | --- |\n| zqx | zqx |",
    "- zqx\n    - zqx\n\n        zqx",
    "    zqx",
    "```\nzqx\n```",
    "[zqx]: javascript:zqx()",
    "[TOC] zqx",
    "{{ zqx.__class__ }}",
    "{% for zqx in zqx %}",
    "{# zqx",
    "[[outcome|<b onclick=zqx()>]] [[zqx]]",
    '#set text(fill: red); #eval("zqx"); $zqx$ \\u{41} #zqx',
    "= zqx",
    "*zqx _zqx",
    '=HYPERLINK("https://zqx.example","zqx")',
    "@SUM(zqx)",
    "+zqx",
    "-2+3+cmd|' /C zqx'!A0",
    "\uff1dzqx",
    "=zqx",
    '{"@id": "zqx", "@context": "https://zqx.example"}',
    "zqx\\u003c/script\\u003e",
    "\u202ezqx\u202c \u2066zqx",
    "zq\u200bzqx\ufeff",
    "zqx" * 100,
    "zqx" + "\u0301" * 40,
    "zqx \U0001f600 \U000e0041 \U0010fffd",
    "::error::zqx ##[error]zqx",
    "@zqx #1 GH-1 https://zqx.example www.zqx.example",
    "javascript:zqx()",
    "../../../zqx",
    "%00%0d%0azqx",
    "zqx\\",
    "\\[zqx](javascript:zqx())",
    "${zqx} <%= zqx %> #{zqx} [[${zqx}]]",
)


def hostile(framework: Framework, texts: list[str]) -> Framework:
    """Return `framework` with `texts`, in turn, in place of each text that is shown or searched."""
    records = dict(framework.records)
    turn = cycle(texts)
    for key, leaves in framework.leaves.items():
        for leaf in leaves:
            if (
                isinstance(leaf.value, str)
                and any(isinstance(m, Text) for m in leaf.marks)
                and not any(isinstance(m, Ref) for m in leaf.marks)
            ):
                text = next(turn)
                if Text.PROSE in leaf.marks and not all(is_address(target) for target in links(text)):
                    text = MARK  # rendering stops at such a link; checks find it before
                if Text.LINE in leaf.marks:
                    text = " ".join(text.split("\n"))
                if leaf.loc != ("branch",) and not ("undertakings" in leaf.loc and leaf.loc[-1] != "promise"):
                    records[key] = _with(records[key], leaf.loc, text)
    return Framework(records, framework.documents)


def _with(value: Any, loc: Loc, text: str) -> Any:
    if not loc:
        return text
    step, *rest = loc
    if isinstance(value, BaseModel):
        return value.model_copy(update={str(step): _with(getattr(value, str(step)), tuple(rest), text)})
    assert isinstance(step, int)
    return (*value[:step], _with(value[step], tuple(rest), text), *value[step + 1 :])
