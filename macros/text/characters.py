"""Characters: normalised for storage and comparison, those that text must not have, and those of the typeface."""

from __future__ import annotations

import functools
import re
import unicodedata
from pathlib import Path

import font_source_sans_pro  # type: ignore[import-untyped]

from macros.text.patterns import CODE_SPAN, FENCE, MACRO_CALL

TYPEFACE = "Source Sans Pro"
# An invisible character: a control, a change of writing direction, a mark without width.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U0010ffff]"
)
# The usual names of characters without a clear name in Unicode.
_NAMES = {0x08: "backspace", 0x09: "tab", 0x0A: "line feed", 0x0C: "form feed", 0x0D: "carriage return", 0xFEFF: "byte order mark"}
_VARIANT = re.compile("[\u00a0\u0149\u0132-\uffff\U00010000-\U0010ffff]")
_REPLACEMENTS = {0x2010: "-", 0x2011: "-", 0x02BC: "’"}  # non-breaking hyphens, and the apostrophe as a letter
# An entity, but not of a sign that Markdown or HTML reads as a mark; in code and calls, there are none.
_ENTITY = re.compile(rf"(?sm)(?P<code>{FENCE}|{CODE_SPAN}|{MACRO_CALL})|&(?!(?:amp|gt|lt|quot);)(?:#\w+|[a-zA-Z][a-zA-Z0-9]*);")
# Any character but the common ones, which every face has, so that their files are rarely opened.
_UNCOMMON = re.compile(r"[^\n\x20-\x7e\xa0-\xac\xae-\xff–—‘’“”…]")


def normalised(text: str) -> str:
    """Return `text` in NFC, with variants of letters, digits, spaces and hyphens as plain ones; signs with a meaning stay: ½, ², ™."""
    return text if text.isascii() else _VARIANT.sub(_plain, unicodedata.normalize("NFC", text))


def _plain(found: re.Match[str]) -> str:
    character = found[0]
    if ord(character) in _REPLACEMENTS:
        return _REPLACEMENTS[ord(character)]
    category, kind = unicodedata.category(character), unicodedata.decomposition(character).partition(" ")[0]
    if category == "Zs":
        return " "
    if not kind.startswith("<") or not (category[0] == "L" or (category[0] == "N" and kind not in ("<super>", "<sub>", "<fraction>"))):
        return character
    plain = unicodedata.normalize("NFKC", character)
    return plain.translate(_REPLACEMENTS) if plain.isalnum() else character


def caseless(text: str) -> str:
    """Return `text` in lower case, with as many characters as before, so offsets stay the same."""
    small = text.lower()
    return (small if len(small) == len(text) else "".join(c.lower()[0] for c in text)).replace("ς", "σ")


def kebab(text: str) -> str:
    """Return `text` as lower-case a to z, digits and hyphens, without accents, or "" if nothing is left."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return "-".join(re.findall(r"[a-z0-9]+", plain.casefold()))


def character_name(character: str) -> str:
    """Return the code point and name of `character`, such as `U+00AD (soft hyphen)`."""
    code = ord(character)
    unnamed = {"Cc": "control character", "Co": "private-use character"}.get(unicodedata.category(character), "no character")
    return f"U+{code:04X} ({_NAMES.get(code) or unicodedata.name(character, unnamed).lower()})"


@functools.lru_cache(maxsize=50_000)
def invalid_characters(text: str, *, entities: bool = True, printed: bool = True) -> tuple[tuple[int, str, str], ...]:
    """Return where (from 0) each character of `text` is that is not allowed, or not `printed`, what is wrong, and what to type instead."""
    found = _ENTITY.finditer(text) if entities and "&" in text else ()
    problems = [(one.start(), f'"{one[0]}" is a code for a character', "type the character itself") for one in found if not one["code"]]
    for uncommon in _UNCOMMON.finditer(text):
        name, plain = character_name(uncommon[0]), unicodedata.normalize("NFKC", uncommon[0])
        if INVISIBLE.match(uncommon[0]):
            problems.append((uncommon.start(), f"an invisible character, {name}", "delete it and type the text again"))
        elif printed and ord(uncommon[0]) not in printable_characters():
            instead = "write it in words or plain letters" if _UNCOMMON.search(plain) else f"write {plain}"
            problems.append((uncommon.start(), f"the character {name}, which printed guides cannot show", instead))
    return tuple(problems)


def faces() -> tuple[Path, ...]:
    """Return the files of the typeface: regular, italic, bold and bold italic."""
    return tuple(Path(font_source_sans_pro.font_directory, f"SourceSansPro-{face}.ttf") for face in ("Regular", "It", "Bold", "BoldIt"))


@functools.cache
def printable_characters() -> frozenset[int]:
    """Return the code points of the characters that every face has."""
    from fontTools.ttLib import TTFont  # slow to import, and rarely needed

    return frozenset.intersection(*(frozenset(TTFont(face)["cmap"].getBestCmap()) for face in faces()))
