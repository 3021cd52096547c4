"""Read YAML into texts, lists and groups with their lines, and refuse what YAML 1.1 would misread."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from macros.loading.decode import decode_file
from macros.loading.yaml_errors import NO_VALUE, cut_by_hash, explain, missing_space, no_record
from macros.model.document import Document, Loc, Place, dotted
from macros.model.problem import Problem
from macros.model.types import MAX_TEXT
from macros.text.characters import INVISIBLE, character_name, normalised

MAX_DEPTH = 20
"""How many lists and groups may be nested."""

MAX_PROBLEMS_PER_FILE = 100
"""How many problems of one file are reported; after that, reading stops."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = {"", "~", "null", "Null", "NULL"}


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


def setting(root: Path, name: str) -> tuple[int, str]:
    """Return the line and the text of the setting `name` in mkdocs.yml, or line 1 and "" if there is none."""
    try:
        node = yaml.compose((root / "mkdocs.yml").read_text("utf-8"), Loader=_LOADER)
    except (OSError, ValueError, yaml.YAMLError):
        return 1, ""
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next(((key.start_mark.line + 1, normalised(str(value.value)).strip()) for key, value in pairs if key.value == name), (1, ""))


class _Reader:
    """Turns the events of one YAML text into a document."""

    def __init__(self, text: str, path: str) -> None:
        self.path, self.lines = path, text.split("\n")
        self.events = iter(yaml.parse(text, Loader=_LOADER))
        self.problems: list[Problem] = []
        self.places: dict[Loc, Place] = {}
        self.keys: dict[Loc, Place] = {}
        self.blocks: dict[Loc, Place] = {}
        self.long_quote: tuple[Place, int] | None = None
        """Where the last quoted text of several lines begins, and the line in which it ends."""

    def document(self) -> Document:
        """Return the values of the text, and what is wrong with it."""
        value: Any = None
        try:
            value = self._record()
        except _StopReading:
            pass
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
            line, wrong, instead = no_record(self.lines if isinstance(value, str) else ())
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
        value = self._value(next(self.events), (), 1)
        next(self.events)  # the document ends
        if not isinstance(more := next(self.events), yaml.StreamEndEvent):
            self._note(_place(more), "several-documents", "a second record after ---", "put each record in its own file")
            return None
        return value

    def _value(self, event: Any, loc: Loc, depth: int) -> Any:
        if len(self.problems) >= MAX_PROBLEMS_PER_FILE:
            raise _StopReading
        place = self.places[loc] = _place(event)
        is_alias = isinstance(event, yaml.AliasEvent)
        for sign, name in (("*" if is_alias else "&", event.anchor), ("!", getattr(event, "tag", None))):
            if name is not None:
                self._note(place, "yaml-mark", f"a mark of YAML ({sign}{name})", "delete it, or put the text in double quotes", loc)
        if is_alias:
            return None
        if isinstance(event, yaml.ScalarEvent):
            return self._text(event, loc)
        if depth > MAX_DEPTH:
            self._note(place, "too-deep", f"more than {MAX_DEPTH} nested lists", "use fewer levels", loc)
            raise _StopReading
        return self._group(loc, depth) if isinstance(event, yaml.MappingStartEvent) else self._list(loc, depth)

    def _text(self, event: Any, loc: Loc) -> str | None:
        place, is_block = _place(event), event.style in ("|", ">")
        if not event.style and event.value in _NULLS:
            self._note(self.keys.get(loc, place), "null", *NO_VALUE, loc)
            return None
        if not event.style and event.value.startswith("-") and (advice := missing_space(self.lines[event.start_mark.line])):
            self._note(place, "no-space", *advice, loc)
        mark = event.start_mark if is_block else event.end_mark
        rest = self.lines[mark.line][mark.column :] if mark.line < len(self.lines) else ""
        if cut := cut_by_hash(rest, event.style):
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

    def _list(self, loc: Loc, depth: int) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*loc, len(items)), depth + 1))
        return items

    def _group(self, loc: Loc, depth: int) -> dict[str, Any]:
        group: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            place, key = _place(event), str(getattr(event, "value", ""))
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
                self._value(next(self.events), (*loc, f"{key} (again)"), depth + 1)
            else:
                self.keys[at] = place
                group[key] = self._value(next(self.events), at, depth + 1)
        return group


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)
