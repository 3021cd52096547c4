"""What YAML's own complaints mean to a person, and what to type instead."""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml

from macros.loading.indentation import Misplaced, misplaced

_COMPLAINTS = (
    (
        "mapping values are not allowed",
        "a colon and a space inside the text",
        "put the whole text in straight double quotes, or write |- and the text on the next line",
    ),
    (
        "could not find expected ':'",
        "a line without a colon after its key",
        "write key: value, or indent the line if it belongs to the text above",
    ),
    ("found unexpected end of stream", "a quotation mark that is opened and never closed", "close it"),
    (
        "found character that cannot start any token",
        "text that begins with a mark that YAML keeps for itself",
        "put the text in straight double quotes",
    ),
    ("did not find expected alphabetic", "text that begins with * or &", "put the text in straight double quotes"),
    ("found undefined tag handle", "text that begins with !", "put the text in straight double quotes"),
    ("unknown escape character", "a backslash inside double quotes", "use single quotes, or double the backslash"),
    (
        "did not find expected ',' or ']'",
        "a list opened with [ that is not closed",
        "close it with ], and put a comma between items",
    ),
    (
        "did not find expected ',' or '}'",
        "a group opened with { that is not closed",
        "write each key on a line of its own",
    ),
    (
        "did not find expected '-' indicator",
        "a line that is neither an item of the list nor part of one",
        "begin it with - or indent it under the item above",
    ),
    (
        "did not find expected key",
        "a line that is indented wrongly, or text after a closing quotation mark",
        "begin it in the same column as the key above, or quote the whole text",
    ),
    ("expected comment or line break", "text behind | or >", "write |- with a plain hyphen, and the text on the next line"),
    (
        "block sequence entries are not allowed",
        "a list that begins on the line of its key",
        "write - on the next line, indented by two spaces",
    ),
)


_AT_THE_START = ("could not find expected ':'", "end of stream", "',' or ']'", "',' or '}'")
"""Complaints about what begins where YAML says that it was reading, and not where it noticed."""


_LONGEST_VALUE = 40
"""How many characters of a value a message tells to type."""

_INDENTED = ("expected key", "expected '-' indicator", "expected ':'", "mapping values", "<document start>", "block sequence entries")
"""Complaints that a line in a wrong column may cause."""

_MOST_SHOWN = 80
"""How many characters of a text a message repeats."""

_CUT = re.compile(r" #|\s+#\S")
_NO_COMMENT = re.compile(r"(?:[|>]\S*)?\s+#\S")
_LIKE_A_KEY = re.compile(r"\s*((?:- )?[a-z_]+)( .*)")
_CLOSE_COLON = re.compile(r"\s*((?:- )?[a-z_]+:)(?!//)(\S.*)")
_CLOSE_HYPHEN = re.compile(r"\s*-((?:[^\s-]|-[^\s-]).*)")
_KEY = re.compile(r"\s*(?:- )?[a-z_]+:(?=\s|$)")


def explain(error: yaml.MarkedYAMLError, lines: Sequence[str] = ()) -> tuple[int, int, str, str]:
    """Return line and column (from 1) of `error`, what is wrong and what to type instead; `lines` are those of the file."""
    said = str(error.problem or error.context or error)
    at_start = error.context_mark and any(part in said for part in _AT_THE_START)
    mark = error.context_mark if at_start else error.problem_mark or error.context_mark
    wrong, instead = next(
        ((wrong, instead) for part, wrong, instead in _COMPLAINTS if part in said),
        (f"not YAML ({said})", "compare it with the example in data/README.md"),
    )
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    above = _above(error, lines)
    if above:
        line, column, wrong, instead = above
    here = lines[line - 1] if line <= len(lines) else ""
    if close := unspaced(here):
        return line, column, *close
    last = error.problem_mark.line if error.problem_mark else 0
    odd = misplaced(lines, last) if above is None and any(part in said for part in _INDENTED) else None
    if above is None and "could not find expected ':'" in said:
        wrong, typed = no_colon(here)
        if typed and (odd is None or odd.line + 1 != line or here.rstrip().endswith("|-")):
            return line, column, wrong, typed
    if odd:
        wrong, instead = _column(odd, lines)
        word = _LIKE_A_KEY.match(here) if odd.line + 1 == line else None
        return odd.line + 1, odd.found + 1, wrong, f'{instead}, or put a colon after "{word[1]}" if it is a key' if word else instead
    return line, column, wrong, instead


def _above(error: yaml.MarkedYAMLError, lines: Sequence[str]) -> tuple[int, int, str, str] | None:
    """Return what is wrong above the line at which YAML stumbles, if that line itself is right."""
    said, mark = str(error.problem), error.problem_mark
    if mark is None or mark.line >= len(lines):
        return None
    stumbled = lines[mark.line]
    if "did not find expected <document start>" in said:
        first = next(n for n, line in enumerate(lines) if line.strip() and not line.startswith("#"))
        if _KEY.match(lines[first]):
            return None
        return *_place(first, lines), "a line that is no key", "begin it with # if it is a comment, or write key: value"
    first = mark.line
    if "did not find expected key" in said and stumbled.startswith("- ", mark.column):
        while first > 0 and _indent(lines[first - 1]) > mark.column:
            first -= 1
        if first < mark.line and _KEY.match(lines[first]) and not lines[first].lstrip().startswith("- "):
            return *_place(first, lines), "an item of a list that does not begin with -", "write - and a space before its first key"
    found = _KEY.match(stumbled)
    if "mapping values are not allowed" in said and found and found.end() == mark.column + 1:
        while first > 0 and lines[first - 1].strip() and not _KEY.match(lines[first - 1]):
            first -= 1
        if first < mark.line:
            if (told := no_colon(lines[first]))[1]:
                return *_place(first, lines), *told
            return *_place(first, lines), "text that no key and no |- stands before", "write key: |- in a line of its own above it"
    return None


def follows(lines: Sequence[str], key: int, column: int, line: int) -> bool:
    """Return whether what YAML stumbles over in `line` may well follow from the odd key in line `key` (all from 1) at `column`.

    So it is if it is next to it, or inside what it opens.
    """
    return line - key < 2 or all(_indent(text) >= column for text in lines[key:line] if text.strip())


def no_record(lines: Sequence[str]) -> tuple[int, str, str]:
    """Return the line (from 1) because of which `lines` hold no keys and values, what is wrong, and what to type instead."""
    for number, line in enumerate(lines, 1):
        wrong, instead = unspaced(line) or no_colon(line)
        if instead:
            return number, wrong, instead
    return 1, "not a record", "write keys and values, for example title: Output"


def no_colon(line: str) -> tuple[str, str]:
    """Return what is wrong with `line`, which should begin with a key, and what to type instead, or "" if it begins with no such word."""
    wrong, found = f'a line without a colon after its key ("{_short(line)}")', _LIKE_A_KEY.match(line)
    if found is None:
        return wrong, ""
    return wrong, f"write {_whole(f'{found[1]}:', found[2].strip())}, or indent the line if it belongs to the text above"


def _column(found: Misplaced, lines: Sequence[str]) -> tuple[str, str]:
    """Return what is wrong with a line that stands in a wrong column, and where to begin it."""
    places = [_begin(spaces) + (f", as line {line + 1} does" if line is not None else "") for spaces, line in found.fits]
    return f'"{_short(lines[found.line])}" begins {_begin(found.found)}', f"begin it {', or '.join(places)}"


def _begin(spaces: int) -> str:
    return f"after {spaces} space{'s' if spaces > 1 else ''}" if spaces else "at the start of the line"


def unspaced(line: str) -> tuple[str, str] | None:
    """Return what is wrong with `line` and what to type instead, if a space is missing after its hyphen or the colon of its key."""
    if found := _CLOSE_COLON.match(line):
        return f'no space after the colon ("{_short(line)}")', f"write {_whole(found[1], found[2])}"
    if found := _CLOSE_HYPHEN.match(line):
        return f'no space after the hyphen ("{_short(line)}")', f"write {_whole('-', found[1])}"
    return None


def _whole(key: str, text: str) -> str:
    return f"{key} {text if len(text) <= _LONGEST_VALUE else '...'}"


def _short(text: str) -> str:
    return text.strip()[:40]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _place(line: int, lines: Sequence[str]) -> tuple[int, int]:
    return line + 1, _indent(lines[line]) + 1


def nothing(rest: str) -> tuple[str, str]:
    """Return what is wrong where a key has no value and `rest` stands behind it in the line, and what to type instead."""
    if rest.lstrip().startswith("#"):
        return "no value before #", "if the text begins with #, put it in straight double quotes"
    return "no value", "write one after the colon, or delete the line if the key may be left out"


def lost(text: str, rest: str, style: str | None) -> tuple[int, str, str] | None:
    """Return where # stands in `rest`, what stands in the line behind `text`, if it hides words of it; what is wrong, and what to type.

    `style` is how YAML holds the text. Behind plain text a comment has two spaces before # and one after it, as in data/README.md.
    """
    found = (_NO_COMMENT if style else _CUT).match(rest)
    if not found:
        return None
    where, wrong = found[0].index("#"), "the text after # is lost"
    if rest.startswith(("|", ">")):
        return where, wrong, "write it on a line of its own below |-, or leave a space after # if it is a comment"
    whole = f"{text}{rest}"
    typed = f': "{whole}"' if len(whole) <= _MOST_SHOWN and not re.search(r'[]\n"\\]', whole) else ""
    return where, wrong, f"put the whole text in straight double quotes{typed}, or write the comment on a line of its own"
