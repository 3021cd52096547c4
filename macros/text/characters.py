"""Characters: normalised for storage and comparison, decoded from entities, those that text must not have, and those of the typeface."""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from bisect import bisect
from pathlib import Path
from typing import NamedTuple

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
_ENTITY = re.compile(
    rf"(?P<code>{FENCE}|{CODE_SPAN}|{MACRO_CALL})|&(?:amp;|#38;|#x26;)*(?P<entity>(?:#[0-9]{{1,7}}|#[xX][0-9a-fA-F]{{1,6}}|[a-zA-Z][a-zA-Z0-9]{{1,31}});?)",
    re.DOTALL | re.MULTILINE,
)
# Characters that an entity keeps from being read as marks of Markdown or HTML.
_MARKUP = frozenset("\\`*_{}[]<>&\"'!#|~")
# Any character but the common ones, which every face has, so that their files are rarely opened.
_UNCOMMON = re.compile(r"[^\n\x20-\x7e\xa0-\xac\xae-\xff–—‘’“”…]")
# A combining accent that follows no letter, or the third one on a letter.
_LOOSE_ACCENT = re.compile(r"(?:(?<![^\W\d_])(?<![\u0300-\u036f])|(?<=[\u0300-\u036f]{2}))[\u0300-\u036f]")
_ALIKE = (
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425"
    "\u0406\u0408\u0405\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u03bd",
    "aeopcyxijsdhABEKMHOPCTYXIJSABEZHIKMNOPTYXov",
)
# A Cyrillic or Greek letter that looks like a Latin one, in a word with Latin letters.
_IN_A_WORD = re.compile(rf"[{_ALIKE[0]}](?=\w*[A-Za-z])|(?<=[A-Za-z])[{_ALIKE[0]}]")


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


class Decoded(NamedTuple):
    """A text with each entity replaced by its character: `shown`, and where entities stood in the `typed` text."""

    typed: str
    shown: str
    entities: tuple[tuple[int, int, int], ...] = ()
    """For each entity: the place of its character in `shown`, and its start and end in `typed`."""

    def place(self, offset: int) -> int:
        """Return where the character at `offset` of `shown` is typed."""
        found = bisect(self.entities, (offset, len(self.typed))) - 1
        if found < 0:
            return offset
        at, start, end = self.entities[found]
        return start if at == offset else end + offset - at - 1


@functools.lru_cache(maxsize=1_000)
def decoded(text: str) -> Decoded:
    """Return `text` with entities, even escaped or without semicolon, as their characters, except in code, in calls and for marks."""
    shown, done = "", 0
    entities: list[tuple[int, int, int]] = []
    for found in _ENTITY.finditer(text) if "&" in text else ():
        read = "" if found["code"] else html.unescape(f"&{found['entity']}") or "\ufffd"
        character, rest = read[:1], read[1:]  # without a semicolon, the rest is text
        if character and character not in _MARKUP:
            shown += text[done : found.start()]
            done = found.end() - len(rest)
            entities.append((len(shown), found.start(), done))
            shown += " " if normalised(character).isspace() else character
    return Decoded(text, shown + text[done:], tuple(entities))


@functools.lru_cache(maxsize=50_000)
def invalid_characters(text: str, *, entities: bool = True, printed: bool = True) -> tuple[tuple[int, str, str], ...]:
    """Return where (from 0) each character of `text` is that is not allowed, or not `printed`, what is wrong, and what to type instead."""
    read = decoded(text) if entities else Decoded(text, text)
    typed = {at: text[start:end] for at, start, end in read.entities}
    in_words = {letter.start() for letter in _IN_A_WORD.finditer(read.shown)}
    accents = {accent.start() for accent in _LOOSE_ACCENT.finditer(read.shown)}
    problems = []
    for found in _UNCOMMON.finditer(read.shown):
        at, character = found.start(), found[0]
        name, plain = character_name(character), unicodedata.normalize("NFKC", character)
        wrong = f"the character {name}"
        if INVISIBLE.match(character):
            wrong, instead = f"an invisible character, {name}", "delete it and type the text again"
        elif at in accents:
            wrong, instead = f"a loose accent, {name}", "type the letter with its accent, or leave the accent out"
        elif at in in_words or (printed and character in _ALIKE[0]):
            latin = character.translate(str.maketrans(*_ALIKE))
            wrong, instead = f'{wrong}, which only looks like "{latin}"', f"type a plain {latin}"
        elif printed and ord(character) not in printable_characters():
            wrong = f"{wrong}, which printed guides cannot show"
            instead = "write it in words or plain letters" if _UNCOMMON.search(plain) else f"write {plain}"
        elif at in typed and (unicodedata.combining(character) or normalised(character) != character):
            instead = "type the letter with its accent" if unicodedata.combining(character) else f"write {normalised(character)}"
        else:
            continue
        problems.append((read.place(at), f"{typed[at]} stands for {wrong}" if at in typed else wrong, instead))
    return tuple(problems)


def faces() -> tuple[Path, ...]:
    """Return the files of the typeface: regular, italic, bold and bold italic."""
    return tuple(Path(font_source_sans_pro.font_directory, f"SourceSansPro-{face}.ttf") for face in ("Regular", "It", "Bold", "BoldIt"))


@functools.cache
def printable_characters() -> frozenset[int]:
    """Return the code points of the characters that every face has."""
    from fontTools.ttLib import TTFont  # slow to import, and rarely needed

    return frozenset.intersection(*(frozenset(TTFont(face)["cmap"].getBestCmap()) for face in faces()))
