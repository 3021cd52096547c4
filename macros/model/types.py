"""The types of fields: texts with their limits, kinds of statement, and ids of other records."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from macros.text.patterns import ID_PATTERN, MAIL_PATTERN, SERVER_PATTERN, WEB_PATTERN

MAX_TEXT = 5_000
"""How many characters one text of a record, or one paragraph of a page, may have."""

MAX_BRACKETS = 100
"""How many opening square brackets one paragraph may have; Markdown compares each with each."""

_NESTED = re.compile(r"^ *(?:(?:[-+*]|\d{1,9}\.) +|> ?){7}|^ {40}", re.MULTILINE)


@dataclass(frozen=True)
class Ref:
    """Marks an id of another record: the kind of that record, or "" for any."""

    kind: str


class Statement(Enum):
    """The kind of statement that a field makes; pages show it, and only REPORT is protected."""

    REPORT = "report"
    FACT = "fact"
    ADVICE = "advice"


class Text(Enum):
    """Marks text for readers: PROSE may have some Markdown; a LINE is shown as it is typed."""

    PROSE = "prose"
    LINE = "line"


@dataclass(frozen=True)
class Words:
    """Marks the number of words that a text may have, from `least` to `most`."""

    least: int
    most: int

    def __call__(self, text: str) -> str:
        """Return `text` unchanged; raise PydanticCustomError if it is too short or too long."""
        count = len(text.split())
        if not self.least <= count <= self.most:
            raise PydanticCustomError(
                "words",
                "{count}; write {least} to {most}",
                {"count": "1 word" if count == 1 else f"{count} words", "least": self.least, "most": self.most},
            )
        return text


def words(least: int, most: int) -> AfterValidator:
    """Return the validator of a text that must have `least` to `most` words."""
    return AfterValidator(Words(least, most))


def _one_line(text: str) -> str:
    if "\n" in text:
        raise PydanticCustomError("one_line", "more than one line; write it on one line")
    return text


def _folded(value: Any) -> Any:
    return re.sub(r" {2,}", " ", value) if isinstance(value, str) else value


def _question(text: str) -> str:
    if not text.rstrip().endswith("?"):
        raise PydanticCustomError("question", "not a question; end it with ?")
    return text


def _digits(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"[1-9][0-9]{0,3}", value):
        raise PydanticCustomError("number", "not a whole number; write it in digits, for example 3")
    return value


def _day(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise PydanticCustomError("day", "not a day of the calendar; write year-month-day, for example 2026-11-22")


@dataclass(frozen=True)
class Form:
    """Marks text that must match `pattern`; `wrong` is the message for other text, such as "not a letter; write one small letter"."""

    pattern: str
    wrong: str

    def __call__(self, text: str) -> str:
        """Return `text` unchanged; raise PydanticCustomError if it does not match."""
        if not re.fullmatch(self.pattern, text):
            raise PydanticCustomError("form", "{wrong}", {"wrong": self.wrong})
        return text


def form(pattern: str, wrong: str) -> tuple[AfterValidator, Any]:
    """Return the annotations of a text that must match `pattern`; `wrong` is the message for other texts."""
    return AfterValidator(Form(pattern, wrong)), Field(json_schema_extra={"pattern": f"^{pattern}$"})


def too_complex(text: str) -> tuple[int, str, str] | None:
    """Return the offset at which `text` is too complex to parse as Markdown, what is wrong and what to do; None if it is not."""
    for paragraph in re.finditer(r"[^\n]+(?:\n[^\n]+)*", text):
        if len(paragraph[0]) > MAX_TEXT:
            return paragraph.start(), f"a paragraph of more than {MAX_TEXT:,} characters", "split it into shorter ones"
        if paragraph[0].count("[") > MAX_BRACKETS:
            return paragraph.start(), f"more than {MAX_BRACKETS} square brackets in one paragraph", "split it into shorter ones"
    if found := _NESTED.search(text):
        return found.start(), "more than six nested lists or quotations", "use fewer levels"
    return None


_UNWRITTEN = re.compile(
    r"\bnot (?:yet )?(?:been )?(?:named|known|decided|chosen|agreed|set|written)\b|\bno publisher\b|lorem ipsum"
    r"|\bto be (?:named|confirmed|decided|announced|agreed|chosen|written)\b|\b(?:tb[acdn]|todo|fixme|xxx|placeholder|example)\b"
    r"|\b(?:your|insert) (?:name|address|council|organisation)\b|^(?:(?:the )?publisher|name|none|nobody|unknown|unnamed|n/?a)$"
    r"|^\W*$|^[\[<({].*[\])}>]$",
    re.IGNORECASE,
)


def is_placeholder(text: str) -> bool:
    """Return whether `text` is only a placeholder for a name or an address, for example "Not yet named"."""
    return bool(_UNWRITTEN.search(text.strip().rstrip(".")))


def _simple_enough(text: str) -> str:
    if found := too_complex(text):
        raise PydanticCustomError("tangled", "{wrong}; {instead}", {"wrong": found[1], "instead": found[2]})
    return text


Prose = Annotated[str, Field(min_length=1), Text.PROSE, AfterValidator(_simple_enough)]
Line = Annotated[str, Field(min_length=1), BeforeValidator(_folded), Text.LINE, AfterValidator(_one_line)]
Question = Annotated[str, Field(min_length=1), Text.PROSE, AfterValidator(_question), AfterValidator(_simple_enough)]
Title = Annotated[Line, Field(description="What it is called.")]
Web = Annotated[str, *form(WEB_PATTERN, "not a web address; write it whole, from https:// on, its name in plain letters")]
Repository = Annotated[
    str,
    *form(
        rf"https?://{SERVER_PATTERN}(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*){{2}}",
        "not a repository; write its address whole, as https://github.com/owner/name",
    ),
]
Branch = Annotated[str, *form(r"[A-Za-z0-9_][A-Za-z0-9_-]*(?:[./][A-Za-z0-9_-]+)*", "not a branch; write its name, for example main")]
Number = Annotated[int, BeforeValidator(_digits), Field(description="Its place in the order, from 1.")]
Day = Annotated[date, BeforeValidator(_day)]
Edition = Annotated[str, *form(r"[0-9]{4}-(?:0[1-9]|1[0-2])", "not an edition; write year and month, for example 2026-11")]
Letter = Annotated[str, *form(r"[a-z]", "not a letter; write one small letter, for example a")]
PartId = Annotated[str, *form(ID_PATTERN, "not an id; write small letters, digits and hyphens")]
Mail = Annotated[str, *form(MAIL_PATTERN, "not a mail address; write it whole and in plain letters, for example office@council.gov.uk")]
PromiseNumber = Annotated[str, *form(r"[0-9]{1,4}\.[0-9]{1,2}", 'not an undertaking\'s number; write it in quotes, for example "1.4"')]

StageId = Annotated[str, Ref("stage")]
RecommendationId = Annotated[str, Ref("recommendation")]
ValueId = Annotated[str, Ref("value")]
PrincipleId = Annotated[str, Ref("principle")]
TermId = Annotated[str, Ref("term")]
AudienceId = Annotated[str, Ref("audience")]
PointId = Annotated[str, Ref("point")]
SourceId = Annotated[str, Ref("source")]
AnyId = Annotated[str, Ref("")]

Terms = Annotated[tuple[TermId, ...], Field(description="Terms that a reader needs here: ids from data/glossary/.")]
Search = Annotated[tuple[Line, ...], Field(description="Words that readers type to find this; found, never shown.")]
Points = Annotated[tuple[PointId, ...], Field(description="Points of the report that this rests on: ids from data/report.yml.")]
Sources = Annotated[tuple[SourceId, ...], Field(description="Sources of the facts stated here: ids from data/sources/.")]
