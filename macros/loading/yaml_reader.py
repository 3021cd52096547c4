"""YAML that remembers its lines and refuses what YAML 1.1 would misread."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from macros.loading.decode import text_of
from macros.loading.yaml_errors import explain, follows, lost, no_record, nothing, unspaced
from macros.model.document import Document, Loc, Place
from macros.model.problem import Problem
from macros.model.types import LONGEST
from macros.text.normalisation import UNSEEN, named, normalised

DEEPEST = 20
"""How many lists and groups may stand inside one another."""

MOST = 100
"""How many problems are told of one file; after that, nothing of it is read."""

LONGEST_KEY = 100
"""How many characters a key may have."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORD = re.compile("[a-z_]+")
_NULLS = {"", "~", "null", "Null", "NULL"}


class _StopReading(Exception):
    """Reading cannot go on; the problem is already noted."""


def read(file: Path, root: Path) -> Document:
    """Read the YAML file `file`; paths in problems run from `root`. Nothing is raised for bad content."""
    path = file.relative_to(root).as_posix()
    text, problems = text_of(file, path)
    return Document(path, None, tuple(problems)) if text is None else parse(text, path)


def parse(text: str, path: str) -> Document:
    """Read the YAML `text` of the file at `path` (only named in problems)."""
    return _Reader(text, path).document()


def setting(root: Path, name: str) -> tuple[int, str]:
    """Return the line of the setting `name` in mkdocs.yml and its text, or "" if there is none; tags of MkDocs are not followed."""
    try:
        node = yaml.compose((root / "mkdocs.yml").read_text("utf-8"), Loader=_LOADER)
    except (OSError, ValueError, yaml.YAMLError):
        return 1, ""
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next(((key.start_mark.line + 1, normalised(str(value.value)).strip()) for key, value in pairs if key.value == name), (1, ""))


class _Reader:
    """Turns the events of one YAML text into a document."""

    def __init__(self, text: str, path: str) -> None:
        self.text, self.path = text, path
        self.lines = text.split("\n")
        self.problems: list[Problem] = []
        self.places: dict[Loc, Place] = {}
        self.keys: dict[Loc, Place] = {}
        self.blocks: dict[Loc, Place] = {}
        self.long_quote: tuple[Place, int] | None = None
        """Where the last quoted text of several lines begins, and the line in which it ends."""

    def document(self) -> Document:
        """Return what the text holds, and what is wrong with it."""
        value: Any = None
        try:
            value = self._whole()
        except _StopReading:
            value = None
        except yaml.MarkedYAMLError as error:
            self._syntax(error)
        except yaml.YAMLError as error:
            self._note(Place(1, 1), "syntax", f"not YAML ({error})", "compare it with the example in data/README.md")
        else:
            if not isinstance(value, dict) and not self.problems:
                line, wrong, instead = no_record(self.lines if isinstance(value, str) else ())
                self._note(Place(line, 1), "wrong-type", wrong, instead)
        value = value if isinstance(value, dict) else None
        return Document(self.path, value, tuple(self.problems), self.places, self.keys, self.blocks)

    def _note(self, place: Place, name: str, wrong: str, instead: str, loc: Loc = ()) -> None:
        where = ".".join(str(step + 1 if isinstance(step, int) else step) for step in loc)
        self.problems.append(Problem(self.path, *place, name, wrong, instead, where))

    def _syntax(self, error: yaml.MarkedYAMLError) -> None:
        line, column, wrong, instead = explain(error, self.lines)
        if self.long_quote and self.long_quote[1] == line:
            line, column = self.long_quote[0]
            wrong, instead = "a quotation mark that is not closed in its line", "close it at the end of the text"
        odd = [(loc, place) for loc, place in self.keys.items() if not _WORD.fullmatch(str(loc[-1]))]
        for loc, place in odd:
            self._note(place, "bad-key", f'"{loc[-1]}" is no key', "a key is small letters, then a colon, then a space or a new line")
        if not any(follows(self.lines, place.line, place.column, line) for _, place in odd):
            self._note(Place(line, column), "syntax", wrong, instead)

    def _whole(self) -> Any:
        self.events = iter(yaml.parse(self.text, Loader=_LOADER))
        value: Any = None
        seen = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                seen += 1
                if seen > 1:
                    self._note(
                        _place(event),
                        "several-documents",
                        "a second record after ---",
                        "put each record in a file of its own",
                    )
                    raise _StopReading
                if event.version or event.tags:
                    self._note(_place(event), "directive", "a line that begins with %", "delete it")
                value = self._value(next(self.events), (), 1)
        if not seen:
            self._note(Place(1, 1), "empty", "an empty file", "write the record, or delete the file")
        return value

    def _value(self, event: Any, loc: Loc, depth: int) -> Any:
        if len(self.problems) >= MOST:
            raise _StopReading
        place = _place(event)
        self.places[loc] = place
        if isinstance(event, yaml.AliasEvent):
            self._note(place, "alias", f"an alias (*{event.anchor})", "write the text out, or put it in double quotes", loc)
            return None
        if event.anchor is not None:
            self._note(place, "anchor", f"an anchor (&{event.anchor})", "delete it, or put the text in double quotes", loc)
        if event.tag is not None:
            self._note(place, "tag", f"a tag ({event.tag})", "delete it, or put the text in double quotes", loc)
        if isinstance(event, yaml.ScalarEvent):
            return self._text(event, loc)
        if depth > DEEPEST:
            self._note(place, "too-deep", f"more than {DEEPEST} lists inside one another", "make it flatter", loc)
            raise _StopReading
        return self._group(loc, depth) if isinstance(event, yaml.MappingStartEvent) else self._list(loc, depth)

    def _text(self, event: Any, loc: Loc) -> str | None:
        if not event.style and event.value in _NULLS:
            self._note(self.keys.get(loc, _place(event)), "null", *nothing(self._rest(event)), loc)
            return None
        if not event.style and event.value.startswith("-") and (close := unspaced(self.lines[event.start_mark.line])):
            self._note(_place(event), "no-space", *close, loc)
        if cut := lost(event.value, self._rest(event), event.style):
            mark = event.start_mark if event.style in ("|", ">") else event.end_mark
            self._note(Place(mark.line + 1, mark.column + cut[0] + 1), "cut-by-hash", *cut[1:], loc)
        if event.style in ("'", '"') and event.end_mark.line > event.start_mark.line:
            self.long_quote = _place(event), event.end_mark.line + 1
        if event.style == "|" and event.value:
            body = self.lines[event.start_mark.line + 1 :]
            first = next((line for line in body if line.strip()), "")
            self.blocks[loc] = Place(event.start_mark.line + 2, len(first) - len(first.lstrip(" ")) + 1)
        value = normalised(str(event.value))
        value = value.rstrip(" \n") if event.style in ("|", ">") else value.strip(" \n")
        if len(value) > LONGEST:
            self._note(_place(event), "too-long", f"a text of more than {LONGEST:,} characters", "split it, or say it shorter", loc)
        elif found := UNSEEN.search(value):
            wrong = f"an invisible character by its number, {named(found[0])}"
            self._note(_place(event), "control-character", wrong, "write the text itself, without a backslash", loc)
        elif "\t" in value:
            self._note(_place(event), "tab", "a tab in the text, typed as \\t", "type a space", loc)
        return value

    def _rest(self, event: Any) -> str:
        """Return what stands in the line behind `event`, or behind the mark that opens it if it is a block."""
        mark = event.start_mark if event.style in ("|", ">") else event.end_mark
        return self.lines[mark.line][mark.column :] if mark.line < len(self.lines) else ""

    def _list(self, loc: Loc, depth: int) -> list[Any]:
        items: list[Any] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._value(event, (*loc, len(items)), depth + 1))
        return items

    def _group(self, loc: Loc, depth: int) -> dict[str, Any]:
        group: dict[str, Any] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent) or event.anchor is not None or event.tag is not None:
                self._note(
                    _place(event),
                    "bad-key",
                    "a key that is not plain text",
                    "write a word and a colon; put text that begins with { or ? in straight double quotes",
                    loc,
                )
                raise _StopReading
            key = str(event.value)
            if len(key) > LONGEST_KEY or UNSEEN.search(key) or "\n" in key:
                self._note(_place(event), "bad-key", "a key that is no word", "write a word and a colon", loc)
                raise _StopReading
            place = _place(event)
            at = (*loc, key)
            if key in group:
                self._note(
                    place,
                    "duplicate-key",
                    f'"{key}" for the second time (first in line {self.keys[at].line})',
                    "keep one of the two" + (", or begin the second with - if it is an item of its own" if len(loc) > 1 else ""),
                    loc,
                )
                at = (*loc, f"{key} (again)")
                self._value(next(self.events), at, depth + 1)
                continue
            self.keys[at] = place
            group[key] = self._value(next(self.events), at, depth + 1)
        return group


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)
