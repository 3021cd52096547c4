"""The types of fields: texts with their limits, kinds of statement, and marks of references."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from macros.templates import texts
from macros.text.patterns import ID_PATTERN, WEB_PATTERN

MAX_TEXT = 5_000  # how many characters one text of a record, or one paragraph of a page, may have
_NESTED = re.compile(r"^ *(?:(?:[-+*]|\d{1,9}\.) +|> ?){7}|^ {40}", re.MULTILINE)
_PLACEHOLDER = re.compile("|".join(texts("messages/placeholders.yml")["names"]), re.IGNORECASE)


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
    """Marks the number of words that a text may have, from `least` to `most`, and checks it."""

    least: int
    most: int

    def __call__(self, text: str) -> str:
        """Return `text`; raise PydanticCustomError if it is too short or too long."""
        count = len(text.split())
        if not self.least <= count <= self.most:
            raise PydanticCustomError("words", f"{count} word{'s' if count != 1 else ''}; write {self.least} to {self.most}")
        return text


@dataclass(frozen=True)
class Form:
    """Marks text that must match `pattern`, and checks it; `message` says what other text is, and what to write."""

    pattern: str
    message: str

    def __call__(self, text: str) -> str:
        """Return `text`; raise ValueError if it does not match."""
        if not re.fullmatch(self.pattern, text):
            raise ValueError(self.message)
        return text


def words(least: int, most: int) -> AfterValidator:
    """Return the annotation of a text that must have `least` to `most` words."""
    return AfterValidator(Words(least, most))


def form(pattern: str, message: str) -> tuple[AfterValidator, Any]:
    """Return the annotations of a text that must match `pattern`; `message` is for other texts: "not a letter; write one letter"."""
    return AfterValidator(Form(pattern, message)), Field(json_schema_extra={"pattern": f"^{pattern}$"})


def too_complex(text: str) -> tuple[int, str, str] | None:
    """Return the offset at which `text` is too complex to parse as Markdown, what is wrong and what to do; None if it is not."""
    for paragraph in re.finditer(r"[^\n]+(?:\n[^\n]+)*", text):
        if len(paragraph[0]) > MAX_TEXT:
            return paragraph.start(), f"a paragraph of more than {MAX_TEXT:,} characters", "split it into shorter ones"
    if nested := _NESTED.search(text):
        return nested.start(), "more than six nested lists or quotations", "use fewer levels"
    return None


def is_placeholder(text: str) -> bool:
    """Return whether `text` is only a placeholder for a name or an address, for example "Not yet named"."""
    return bool(_PLACEHOLDER.search(text.strip().rstrip(".")))


def _simple_enough(text: str) -> str:
    if problem := too_complex(text):
        raise ValueError("; ".join(problem[1:]))
    return text


def _number(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"[1-9][0-9]{0,3}", value):
        raise ValueError("not a whole number; write it in digits, for example 3")
    return value


def _day(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise ValueError("not a date that we can read; write it as year-month-day, for example 2026-11-28")


_one_line = Form(r"[^\n]*", "more than one line; write it on one line")
_question = Form(r"(?s).*\?\s*", "not a question; end it with ?")

Prose = Annotated[str, Field(min_length=1), Text.PROSE, AfterValidator(_simple_enough)]
Question = Annotated[str, Field(min_length=1), Text.PROSE, AfterValidator(_question), AfterValidator(_simple_enough)]
Line = Annotated[str, Field(min_length=1), Text.LINE, AfterValidator(_one_line), AfterValidator(lambda text: re.sub(" {2,}", " ", text))]
Search = Annotated[tuple[Line, ...], Field(description="Words that readers type to find this; found, never shown.")]
PartId = Annotated[str, *form(ID_PATTERN, "not an id; write small letters, digits and hyphens")]
Web = Annotated[str, *form(WEB_PATTERN, "not a web address; write it in full, from https:// on, its name in plain letters")]
Number = Annotated[int, BeforeValidator(_number), Field(description="Its place in the order, from 1.")]
Day = Annotated[date, BeforeValidator(_day)]
