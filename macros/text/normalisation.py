"""Normalise text for storage and comparison, and name characters."""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U0010ffff]"
)
"""An invisible character: a control, a change of writing direction, a mark without width."""

_NAMES = {0x08: "backspace", 0x09: "tab", 0x0A: "line feed", 0x0B: "vertical tab", 0x0C: "form feed", 0x0D: "carriage return"}
_NAMES |= {0x00: "null", 0x07: "bell", 0x1B: "escape", 0x7F: "delete", 0x85: "next line", 0xFEFF: "byte order mark"}
"""The usual names of characters without a clear name in Unicode."""

_VARIANT = re.compile("[\u00a0\u0149\u0132-\uffff\U00010000-\U0010ffff]")
_REPLACEMENTS = {0x2010: "-", 0x2011: "-", 0x02BC: "’"}
"""Characters that are replaced: non-breaking hyphens, and the apostrophe as a letter."""


def normalised(text: str) -> str:
    """Return `text` in NFC, with variants of letters, digits and spaces as plain ones.

    Ligatures, mathematical letters, full-width characters, Roman numerals and circled digits become plain letters and digits;
    non-breaking spaces and hyphens become plain ones. Signs with a meaning of their own stay: ½, ², ™.
    """
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
