"""A file's bytes become plain text, or problems at their lines; and text in the one form in which it is kept and compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from macros.problem import Problem

LARGEST = 256 * 1024
"""The largest file that is read, in bytes."""

_CONFLICT = re.compile(r"(?:<{7}|>{7}|\|{7})(?: .*)?|={7}")
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U0010ffff]"
)
"""A character that nobody sees: a control, a turn of the writing's direction, a mark without width."""

_WIDE_SPACE = re.compile("[ ]*(?:[-*+]|[a-z_]+:|\\d+[.)])?[ ]*[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
"""A line that begins, or goes on behind its key or its mark, with a space that neither YAML nor Markdown takes for one."""

_NAMES = {0x08: "backspace", 0x09: "tab", 0x0A: "line feed", 0x0B: "vertical tab", 0x0C: "form feed", 0x0D: "carriage return"}
_NAMES |= {0x00: "null", 0x07: "bell", 0x1B: "escape", 0x7F: "delete", 0x85: "next line", 0xFEFF: "byte order mark"}
"""The usual names of characters that have none in Unicode, or a strange one."""

_VARIANT = re.compile("[\u00a0\u0149\u0132-\uffff\U00010000-\U0010ffff]")
_AS = {0x2010: "-", 0x2011: "-", 0x02BC: "’"}
"""Characters that are read as another: hyphens that do not break the line, and the apostrophe as a letter."""


def normalised(text: str) -> str:
    """Return `text` in the form in which it is kept and compared: NFC, with variants of letters, digits and spaces as plain ones.

    Ligatures, letters of mathematics, full-width and Roman figures and circled digits become letters and digits; a space or hyphen
    that does not break the line becomes a plain one. Signs that mean something of their own stay: ½, ², ™.
    """
    return text if text.isascii() else _VARIANT.sub(_plain, unicodedata.normalize("NFC", text))


def _plain(found: re.Match[str]) -> str:
    character = found[0]
    if ord(character) in _AS:
        return _AS[ord(character)]
    category, kind = unicodedata.category(character), unicodedata.decomposition(character).partition(" ")[0]
    if category == "Zs":
        return " "
    if not kind.startswith("<") or not (category[0] == "L" or (category[0] == "N" and kind not in ("<super>", "<sub>", "<fraction>"))):
        return character
    plain = unicodedata.normalize("NFKC", character)
    return plain.translate(_AS) if plain.isalnum() else character


def caseless(text: str) -> str:
    """Return `text` in small letters, one for each character, so that an offset in it is the same offset in `text`."""
    small = text.lower()
    return (small if len(small) == len(text) else "".join(c.lower()[0] for c in text)).replace("ς", "σ")


def kebab(text: str) -> str:
    """Return `text` as small letters a to z, digits and hyphens, without accents; "" if none of it can be written so."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return "-".join(re.findall(r"[a-z0-9]+", plain.casefold()))


def named(character: str) -> str:
    """Return code and name of `character`, as in `U+00AD (soft hyphen)`."""
    code = ord(character)
    unnamed = {"Cc": "control character", "Co": "a sign of one font only"}.get(unicodedata.category(character), "no character")
    return f"U+{code:04X} ({_NAMES.get(code) or unicodedata.name(character, unnamed).lower()})"


def text_of(file: Path, path: str, largest: int = LARGEST) -> tuple[str | None, list[Problem]]:
    """Return the text of `file` of at most `largest` bytes, or None and what is wrong; problems call it `path`."""

    def refused(name: str, wrong: str, instead: str, line: int = 1) -> tuple[None, list[Problem]]:
        return None, [Problem(path, line, 1, name, wrong, instead)]

    if file.is_symlink():
        return refused("symlink", "a link to another file", "put the file itself here")
    if file.exists() and not file.is_file():
        return refused("unreadable", "no file", "check that it is a file that you may read")
    try:
        with file.open("rb") as stream:
            raw = stream.read(largest + 1)
    except OSError as error:
        return refused("unreadable", f"cannot be read ({error.strerror})", "check that it is a file that you may read")
    if len(raw) > largest:
        return refused("too-large", f"larger than {largest // 1024} KB", "split it; one file holds one thing")
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or raw[:3] == b"\xef\xbb\xbf":
        return refused("byte-order-mark", "an invisible mark at the start", "save the file as UTF-8 without BOM")
    if b"\x00" in raw:
        line = raw[: raw.index(b"\x00")].count(b"\n") + 1
        return refused("binary", "not text (it holds a NUL byte)", "save it as plain text in UTF-8", line)
    try:
        text = raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return refused("not-utf-8", "a character that is not UTF-8", "save the file as UTF-8", line)
    problems = list(_lines(text, path))
    return (None if problems else text), problems


def _lines(text: str, path: str) -> Iterator[Problem]:
    for number, line in enumerate(text.split("\n"), 1):
        if _CONFLICT.fullmatch(line):
            yield Problem(
                path, number, 1, "merge-conflict", "a mark left by a merge", "keep the right one of the two versions and delete the marks"
            )
        elif found := UNSEEN.search(line):
            wrong = f"an invisible character, {named(found[0])}"
            yield Problem(path, number, found.start() + 1, "control-character", wrong, "delete it and type the text again")
        elif found := _WIDE_SPACE.match(line):
            wrong = f"the space {named(found[0][-1])}, which is no plain space"
            yield Problem(path, number, found.end(), "odd-space", wrong, "type a plain space")
        elif "\t" in line:
            column = line.index("\t") + 1
            leading = not line[: column - 1].strip()
            name, wrong = ("tab-indentation", "a tab at the start of the line") if leading else ("tab", "a tab in the text")
            yield Problem(path, number, column, name, wrong, "use spaces")
