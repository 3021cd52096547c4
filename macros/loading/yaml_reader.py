"""Read YAML into texts, lists and groups with their lines, refuse what YAML 1.1 would misread, and explain mistakes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from macros.loading.files import decode_file
from macros.model.document import Document, Loc, Place, dotted
from macros.model.problem import Problem
from macros.model.types import MAX_TEXT
from macros.templates import texts
from macros.text.characters import INVISIBLE, character_name, normalised

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = {"", "~", "null", "Null", "NULL"}

_QUOTE = "put the whole text in straight double quotes"
NO_VALUE = ("no value", "write one after the colon, in double quotes if it begins with #, or delete the line if the key is optional")
_KEY = re.compile(r"\s*(?:- )?[a-z_]+:(?=\s|$)")
_KEY_WITHOUT_COLON = re.compile(r"\s*((?:- )?[a-z_]+)(?: (.*))?$")
_NO_SPACE = re.compile(r"\s*((?:- )?[a-z_]+:(?!//)|-)(?=[^\s-]|-[^\s-])(.+)")
_LINE = re.compile(r"(?P<spaces> *)(?P<hyphen>-(?=\s|$) *)?(?P<key>[a-z_]+:(?=\s|$))?\s*(?P<rest>.*)")
_BLOCK = re.compile(r"[|>][-+0-9]*\s*(?:#.*)?")


class _StopReading(Exception):
    """Reading cannot go on; the problem is already noted."""


def read(file: Path, root: Path) -> Document:
    """Return the YAML file `file` as a document, which also holds what is wrong with it; paths in problems are relative to `root`."""
    path = file.relative_to(root).as_posix()
    text, problems = decode_file(file, path)
    return Document(path, None, tuple(problems)) if text is None else parse(text, path)


def parse(text: str, path: str) -> Document:
    """Return the YAML `text` as a document; problems call its file `path`."""
    return _Reader(text, path).document()


def reads_as_text(value: str) -> bool:
    """Return whether YAML reads `value` without quotes as text, not as a number, a date or a yes."""
    loader: Any = yaml.SafeLoader("")
    return bool(loader.resolve(yaml.ScalarNode, value, (True, False)) == "tag:yaml.org,2002:str")


class _Reader:
    """Turns the events of one YAML text into a document."""

    def __init__(self, text: str, path: str) -> None:
        self.path, self.lines = path, text.split("\n")
        self.events = iter(yaml.parse(text, Loader=LOADER))
        self.problems: list[Problem] = []
        self.places: dict[Loc, Place] = {}
        self.keys: dict[Loc, Place] = {}
        self.blocks: dict[Loc, Place] = {}
        # Where the last quoted text of several lines begins, and the line in which it ends.
        self.long_quote: tuple[Place, int] | None = None

    def document(self) -> Document:
        """Return the values of the text, and what is wrong with it."""
        value: Any = None
        try:
            value = self._record()
        except _StopReading:
            pass
        except RecursionError:
            self._note(Place(1, 1), "too-deep", "too many nested lists", "use fewer levels")
        except yaml.MarkedYAMLError as error:
            line, column, wrong, instead = explain(error, self.lines)
            if self.long_quote and self.long_quote[1] == line:
                line, column = self.long_quote[0]
                wrong, instead = "a quotation mark that is never closed", "close it at the end of the text"
            if odd := next(((key, place) for (*_, key), place in self.keys.items() if not re.fullmatch("[a-z_]+", str(key))), None):
                (line, column), wrong = odd[1], f'"{odd[0]}" is not a key'  # it is likely to have caused the error
                instead = "write small letters, then a colon, then a space or a new line"
            self._note(Place(line, column), "syntax", wrong, instead)
        except yaml.YAMLError as error:
            self._note(Place(1, 1), "syntax", f"not YAML ({error})", "compare it with the example in data/README.md")
        if value is not None and not isinstance(value, dict):
            line, wrong, instead = _no_record(self.lines if isinstance(value, str) else ())
            self._note(Place(line, 1), "wrong-type", wrong, instead)
            value = None
        return Document(self.path, value, tuple(self.problems), self.places, self.keys, self.blocks)

    def _note(self, place: Place, name: str, wrong: str, instead: str, loc: Loc = ()) -> None:
        self.problems.append(Problem(self.path, *place, name, wrong, instead, dotted(loc)))

    def _record(self) -> Any:
        next(self.events)  # the stream begins
        if isinstance(next(self.events), yaml.StreamEndEvent):
            self._note(Place(1, 1), "empty", "an empty file", "write the record, or delete the file")
            return None
        value = self._value(next(self.events), ())
        next(self.events)  # the document ends
        if not isinstance(more := next(self.events), yaml.StreamEndEvent):
            self._note(start_of(more), "several-documents", "a second record after ---", "put each record in its own file")
            return None
        return value

    def _value(self, event: Any, loc: Loc) -> Any:
        place = self.places[loc] = start_of(event)
        is_alias = isinstance(event, yaml.AliasEvent)
        for sign, name in (("*" if is_alias else "&", event.anchor), ("!", getattr(event, "tag", None))):
            if name is not None:
                self._note(place, "yaml-mark", f"a mark of YAML ({sign}{name})", "delete it, or put the text in double quotes", loc)
        if is_alias:
            return None
        if isinstance(event, yaml.ScalarEvent):
            return self._text(event, loc)
        return self._group(loc) if isinstance(event, yaml.MappingStartEvent) else self._list(loc)

    def _text(self, event: Any, loc: Loc) -> str | None:
        place, is_block, is_plain = start_of(event), event.style in ("|", ">"), not event.style
        if is_plain and event.value in _NULLS:
            self._note(self.keys.get(loc, place), "null", *NO_VALUE, loc)
            return None
        if is_plain and re.fullmatch("[“„‘].*[”“’]", event.value):
            self._note(place, "curly-quotes", "typographic quotation marks around a value", 'use straight quotes ("), or none', loc)
        if is_plain and event.value.startswith("-") and (advice := missing_space(self.lines[event.start_mark.line])):
            self._note(place, "no-space", *advice, loc)
        mark = event.start_mark if is_block else event.end_mark
        rest = self.lines[mark.line][mark.column :] if mark.line < len(self.lines) else ""
        if cut := _cut_by_hash(rest, event.style):
            self._note(Place(mark.line + 1, mark.column + cut[0] + 1), "cut-by-hash", *cut[1:], loc)
        if event.style in ("'", '"') and event.end_mark.line > event.start_mark.line:
            self.long_quote = place, event.end_mark.line + 1
        if event.style == "|" and event.value:
            first = next((line for line in self.lines[place.line :] if line.strip()), "")
            self.blocks[loc] = Place(place.line + 1, len(first) - len(first.lstrip(" ")) + 1)
        value = normalised(str(event.value))
        value = value.rstrip(" \n") if is_block else value.strip(" \n")
        if len(value) > MAX_TEXT:
            self._note(place, "too-long", f"a text of more than {MAX_TEXT:,} characters", "shorten or split it", loc)
        elif found := re.search(rf"\t|{INVISIBLE.pattern}", value):
            self._note(place, "control-character", f"an invisible character, {character_name(found[0])}", "type the text without it", loc)
        return value

    def _list(self, loc: Loc) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*loc, len(items))))
        return items

    def _group(self, loc: Loc) -> dict[str, Any]:
        group: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            place, key = start_of(event), str(getattr(event, "value", ""))
            is_text = isinstance(event, yaml.ScalarEvent) and event.anchor is None and event.tag is None
            if not is_text or INVISIBLE.search(key) or "\n" in key:
                instead = "write a word and a colon; put text that begins with { or ? in straight double quotes"
                self._note(place, "bad-key", "a key that is not a word", instead, loc)
                raise _StopReading
            at = (*loc, key)
            if key in group:
                wrong = f'"{key}" for the second time (first in line {self.keys[at].line})'
                new_item = ", or begin the second with - if it is an item of its own" if len(loc) > 1 else ""
                self._note(place, "duplicate-key", wrong, f"keep one of the two{new_item}", loc)
                self._value(next(self.events), (*loc, f"{key} (again)"))
            else:
                self.keys[at] = place
                group[key] = self._value(next(self.events), at)
        return group


def start_of(event: Any) -> Place:
    """Return the place at which an event of PyYAML begins."""
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def explain(error: yaml.MarkedYAMLError, lines: Sequence[str] = ()) -> tuple[int, int, str, str]:
    """Return line and column (from 1) of `error`, what is wrong and what to type instead; `lines` are those of the file."""
    known = texts("messages/yaml.yml")
    error_text = str(error.problem or error.context or error)
    at_start = any(part in error_text for part in known["late"])
    mark = (error.context_mark if at_start else None) or error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    here = lines[line - 1] if line <= len(lines) else ""
    if advice := missing_space(here):
        return line, column, *advice
    if "mapping values" in error_text and (key := _KEY.match(here)) and key.end() == column:
        first = line
        while first > 1 and lines[first - 2].strip() and not _KEY.match(lines[first - 2]):
            first -= 1
        if first < line:
            advice = _missing_colon(lines[first - 1]) or ("text without a key", "write key: |- on a line of its own above it")
            return first, _indentation(lines[first - 1]) + 1, *advice
    last = error.problem_mark.line if error.problem_mark else line - 1
    if any(part in error_text for part in known["indentation"]) and (found := misplaced(lines, last)):
        number, fitting = found
        return number + 1, _indentation(lines[number]) + 1, *_explain_indentation(lines[number], fitting)
    if "<document start>" in error_text:
        line, wrong, instead = _no_record(lines)
        return line, 1, wrong, instead
    if "could not find expected ':'" in error_text and (advice := _missing_colon(here)):
        return line, column, *advice
    matching = ((wrong, instead) for part, wrong, instead in known["errors"] if part in error_text)
    return line, column, *next(matching, (f"not YAML ({error_text})", "compare it with the example in data/README.md"))


def misplaced(lines: Sequence[str], last: int) -> tuple[int, list[int]] | None:
    """Return the first line, up to `last` (both from 0), with the wrong indentation, and the numbers of spaces that would fit."""
    keys, hyphens = [0], list[int]()
    keys_before, line_before = list[int](), 0
    text = opened = None
    first = False
    for number, line in enumerate(lines[: last + 1]):
        if not (parts := _LINE.fullmatch(line)) or not line.strip():
            continue
        spaces, hyphen, key, rest = len(parts["spaces"]), parts["hyphen"] or "", parts["key"], parts["rest"]
        if text is not None and (spaces == text or (spaces > text and not first)):
            first = False
            continue
        if text is not None and (first or not (hyphen or key or rest.startswith("#"))):
            return number, [text]
        text = None
        if not hyphen and not key:
            continue
        fitting = [opened + 2] if opened is not None and (hyphen or spaces > opened) else hyphens if hyphen else keys
        if fitting and spaces not in fitting:
            if spaces in keys_before and not hyphen and not lines[line_before].lstrip().startswith("-"):
                return line_before, [spaces]  # the line before is too far out
            nearest = min(abs(column - spaces) for column in fitting)
            return number, [column for column in fitting if abs(column - spaces) == nearest]
        keys_before, line_before, start = keys, number, spaces + len(hyphen)
        keys = [column for column in keys if column <= spaces]
        keys += [start] if key and start not in keys else []
        hyphens = [column for column in hyphens if column < spaces] + ([spaces] if hyphen else [])
        if _BLOCK.fullmatch(rest):
            text, first = (start if key else spaces) + 2, True
        opened = start if rest.endswith(":") or (key and (not rest or rest.startswith("#"))) else None
    return None


def _explain_indentation(line: str, fitting: Sequence[int]) -> tuple[str, str]:
    spaces = _indentation(line)
    instead = f"begin it {' or '.join(_after_spaces(column) for column in sorted(fitting, reverse=True))}"
    if word := _KEY_WITHOUT_COLON.match(line):
        instead += f', or put a colon after "{word[1]}" if it is a key'
    elif spaces - 2 in fitting and _KEY.match(line):
        instead += ", or write - before it if it begins an item of a list"
    return f'"{_short(line)}" begins {_after_spaces(spaces)}', instead


def _after_spaces(spaces: int) -> str:
    """Return where a line with that many spaces begins, in words."""
    return f"after {spaces} space{'s' if spaces > 1 else ''}" if spaces else "at the start of the line"


def _no_record(lines: Sequence[str]) -> tuple[int, str, str]:
    """Return the line (from 1) that keeps `lines` from being keys and values, what is wrong, and what to type instead."""
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#") and not _KEY.match(line):
            no_key = "a line without a key", "write key: value, or begin it with # if it is a comment"
            return number, *(missing_space(line) or _missing_colon(line) or no_key)
    return 1, "not a record", "write keys and values, for example title: Output"


def _missing_colon(line: str) -> tuple[str, str] | None:
    """Return what is wrong with `line` and what to type instead, if it may begin with a key without a colon."""
    if found := _KEY_WITHOUT_COLON.match(line):
        typed = _typed(f"{found[1]}:", (found[2] or "").strip())
        return f'a line without a colon after its key ("{_short(line)}")', f"write {typed}, or indent it if it continues a text"
    return None


def missing_space(line: str) -> tuple[str, str] | None:
    """Return what is wrong with `line` and what to type instead, if a space is missing after its hyphen or the colon of its key."""
    if found := _NO_SPACE.match(line):
        sign = "hyphen" if found[1] == "-" else "colon"
        return f'no space after the {sign} ("{_short(line)}")', f"write {_typed(found[1], found[2])}"
    return None


def _cut_by_hash(rest: str, style: str | None) -> tuple[int, str, str] | None:
    """Return the place of # in `rest` of a line, after a text of that YAML `style`, if it hides text; what is wrong, and what to type."""
    found = re.match(r"(?:[|>]\S*)?\s+#\S" if style else r" #|\s+#\S", rest)
    if not found:
        return None
    instead = "write it on its own line below |-" if rest.startswith(("|", ">")) else _QUOTE
    return found[0].index("#"), "the text after # is lost", f"{instead}, or write the comment on a line of its own"


def _typed(start: str, text: str) -> str:
    return f"{start} {text if len(text) <= 40 else '...'}".rstrip()


def _short(line: str) -> str:
    return line.strip()[:40]


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
