"""Explain mistakes in YAML: where the mistake is, what is wrong and what to type instead."""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml

QUOTE = "put the whole text in straight double quotes"
NO_VALUE = ("no value", "write one after the colon, in double quotes if it begins with #, or delete the line if the key is optional")
_MESSAGES = (
    ("mapping values are not allowed", "a colon and a space inside the text", f"{QUOTE}, or write |- and the text on the next line"),
    ("could not find expected ':'", "a line without a colon after its key", "write key: value, or indent it if it continues a text"),
    ("unexpected end of stream", "a quotation mark that is never closed", "close it at the end of the text"),
    ("cannot start any token", "text that begins with a special character", QUOTE),
    ("expected alphabetic", "text that begins with * or &", QUOTE),
    ("undefined tag handle", "text that begins with !", QUOTE),
    ("unknown escape character", "a backslash inside double quotes", "use single quotes, or double the backslash"),
    ("expected ',' or ']'", "a list opened with [ that is not closed", "close it with ], and put a comma between items"),
    ("expected ',' or '}'", "a group opened with { that is not closed", "write each key on its own line"),
    ("comment or line break", "text after | or >", "write |- with a plain hyphen, and the text on the next line"),
    ("block sequence entries", "a list that begins on the line of its key", "write - on the next line, indented by two spaces"),
    ("expected '-' indicator", "a line that is neither an item of the list nor part of one", "begin it with - or indent it"),
    (
        "expected key",
        "wrong indentation, or text after a closing quotation mark",
        f"begin it in the same column as the key above, or {QUOTE}",
    ),
)
"""What PyYAML says, in part; what that means, and what to do about it. The first match counts."""

_AT_THE_START = ("could not find expected ':'", "end of stream", "',' or ']'", "',' or '}'")
"""Errors that PyYAML notices later than where the mistake begins."""

_INDENTATION = ("expected key", "expected '-' indicator", "expected ':'", "mapping values", "block sequence entries", "<document start>")
"""Errors that wrong indentation may cause."""

_KEY = re.compile(r"\s*(?:- )?[a-z_]+:(?=\s|$)")
_KEY_WITHOUT_COLON = re.compile(r"\s*((?:- )?[a-z_]+)(?: (.*))?$")
_NO_SPACE = re.compile(r"\s*((?:- )?[a-z_]+:(?!//)|-)(?=[^\s-]|-[^\s-])(.+)")
_LINE = re.compile(r"(?P<spaces> *)(?P<hyphen>-(?=\s|$) *)?(?P<key>[a-z_]+:(?=\s|$))?\s*(?P<rest>.*)")
_BLOCK = re.compile(r"[|>][-+0-9]*\s*(?:#.*)?")


def explain(error: yaml.MarkedYAMLError, lines: Sequence[str] = ()) -> tuple[int, int, str, str]:
    """Return line and column (from 1) of `error`, what is wrong and what to type instead; `lines` are those of the file."""
    error_text = str(error.problem or error.context or error)
    at_start = any(part in error_text for part in _AT_THE_START)
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
            advice = missing_colon(lines[first - 1]) or ("text without a key", "write key: |- on a line of its own above it")
            return first, _indentation(lines[first - 1]) + 1, *advice
    last = error.problem_mark.line if error.problem_mark else line - 1
    if any(part in error_text for part in _INDENTATION) and (found := misplaced(lines, last)):
        number, fitting = found
        return number + 1, _indentation(lines[number]) + 1, *_explain_indentation(lines[number], fitting)
    if "<document start>" in error_text:
        line, wrong, instead = no_record(lines)
        return line, 1, wrong, instead
    if "could not find expected ':'" in error_text and (advice := missing_colon(here)):
        return line, column, *advice
    matching = ((wrong, instead) for part, wrong, instead in _MESSAGES if part in error_text)
    return line, column, *next(matching, (f"not YAML ({error_text})", "compare it with the example in data/README.md"))


def misplaced(lines: Sequence[str], last: int) -> tuple[int, list[int]] | None:
    """Return the first line, up to `last` (both from 0), with the wrong indentation, and the numbers of spaces that would fit.

    Lists and groups are indented by two spaces more than their key, the text below |- by two more than its key.
    """
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
    instead = f"begin it {' or '.join(after_spaces(column) for column in sorted(fitting, reverse=True))}"
    if word := _KEY_WITHOUT_COLON.match(line):
        instead += f', or put a colon after "{word[1]}" if it is a key'
    elif spaces - 2 in fitting and _KEY.match(line):
        instead += ", or write - before it if it begins an item of a list"
    return f'"{_short(line)}" begins {after_spaces(spaces)}', instead


def after_spaces(spaces: int) -> str:
    """Return where a line with that many spaces begins, in words."""
    return f"after {spaces} space{'s' if spaces > 1 else ''}" if spaces else "at the start of the line"


def no_record(lines: Sequence[str]) -> tuple[int, str, str]:
    """Return the line (from 1) that keeps `lines` from being keys and values, what is wrong, and what to type instead."""
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#") and not _KEY.match(line):
            no_key = "a line without a key", "write key: value, or begin it with # if it is a comment"
            return number, *(missing_space(line) or missing_colon(line) or no_key)
    return 1, "not a record", "write keys and values, for example title: Output"


def missing_colon(line: str) -> tuple[str, str] | None:
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


def cut_by_hash(rest: str, style: str | None) -> tuple[int, str, str] | None:
    """Return the place of # in `rest` of a line, after a text of that YAML `style`, if it hides text; what is wrong, and what to type.

    A comment has one space after #, and after plain text two before it, as in data/README.md.
    """
    found = re.match(r"(?:[|>]\S*)?\s+#\S" if style else r" #|\s+#\S", rest)
    if not found:
        return None
    instead = "write it on its own line below |-" if rest.startswith(("|", ">")) else QUOTE
    return found[0].index("#"), "the text after # is lost", f"{instead}, or write the comment on a line of its own"


def _typed(start: str, text: str) -> str:
    return f"{start} {text if len(text) <= 40 else '...'}".rstrip()


def _short(line: str) -> str:
    return line.strip()[:40]


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
