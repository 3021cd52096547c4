"""Text is normalised: what looks the same is found, linked and printed the same, however it is typed."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from markdown import Markdown

from macros.cli.suggest.command import Suggestion, named_record, read_suggestion
from macros.cli.suggest.quotation import Part, quoted_parts
from macros.cli.suggest.yaml_edit import splice
from macros.history.compare import Comparison, State, compare, state_of
from macros.model.framework import Framework
from macros.model.records import Term
from macros.rendering.edit_links import RecordText
from macros.rendering.glossary_links import makeExtension, set_page
from macros.site_build.project import Project, read_project
from macros.text.characters import caseless, character_name, kebab, normalised
from tests.conftest import cases

OUTCOME = "data/glossary/outcome.yml"
ONE = "data/recommendations/1c.yml"
PAGE = "content/golden-rules.md"


@pytest.mark.parametrize(("typed", "read"), cases("characters.variants_become_plain_letters"))
def test_variants_become_plain_letters(typed: str, read: str) -> None:
    assert normalised(typed) == read
    assert normalised(read) == read


def test_normalising_makes_no_mark_of_markdown_html_or_a_macro() -> None:
    made = {normalised(chr(n)) for n in range(0x80, 0x110000) if not 0xD800 <= n < 0xE000}
    assert {text for text in made if text.isascii() and not text.isalnum()} == {" ", "-", ";", "`"}


def test_every_character_has_one_small_letter() -> None:
    assert all(len(caseless(chr(n))) == 1 for n in range(0x110000))
    assert len(caseless("İstanbul ΟΔΟΣ ŉ ẞ")) == len("İstanbul ΟΔΟΣ ŉ ẞ")


def test_every_character_has_a_name() -> None:
    names = {"\t": "tab", "\u2028": "line separator", "\x01": "control character", "\uf0b7": "private-use character"}
    assert [character_name(c) for c in names] == [f"U+{ord(c):04X} ({name})" for c, name in names.items()]


@pytest.mark.parametrize(("name", "id_"), [("Café", "cafe"), (unicodedata.normalize("NFD", "Café"), "cafe"), ("Straße 2", "strasse-2")])
def test_a_file_name_has_no_accents(name: str, id_: str) -> None:
    assert kebab(name) == id_


def changed(project: Path, path: str, old: str, new: str) -> Project:
    text = (project / path).read_text("utf-8")
    assert old in text
    (project / path).write_text(text.replace(old, new, 1), "utf-8")
    return read_project(project)


@pytest.mark.parametrize(("typed", "in_text"), cases("characters.a_term_is_linked_however_it_is_typed"))
def test_a_term_is_linked_however_it_is_typed(project: Path, typed: str, in_text: str) -> None:
    changed(project, OUTCOME, "term: Outcome", f'term: "{typed}"\nautomatic: "yes"')
    found = changed(project, PAGE, "\n{{", f"\nSay {in_text} here.\n\n{{{{")
    assert found.framework is not None, found.problems
    page = next(page for page in found.pages if page.path == PAGE)
    set_page(found.framework, page.url)
    html = Markdown(extensions=[makeExtension()]).convert(page.text)
    assert html.count('class="term-link"') == 1, html


def test_spaces_around_a_value_are_ignored(project: Path) -> None:
    plain = read_project(project).framework
    for old, new in (
        ("stage: 1-find-out", 'stage: "1-find-out "'),
        ("[commissioner]", '["commissioner "]'),
        ("values: [openness]", 'values: ["\u00a0openness"]'),
        ('undertakings: ["1.1"]', 'undertakings: ["1.1 "]'),
        ("  - when to ask", '  - " when  to ask\u00a0"'),
    ):
        found = changed(project, ONE, old, new)
    assert found.framework is not None, found.problems
    assert plain is not None
    assert found.framework.records["recommendation", "1c"] == plain.records["recommendation", "1c"]


@pytest.mark.parametrize(("avoided", "typed"), [("Straße", "STRASSE"), ("can’t", "CAN'T"), ("cafe\u0301", "Café"), ("re\u2011do", "re-do")])
def test_a_word_to_avoid_is_found_however_it_is_typed(project: Path, avoided: str, typed: str) -> None:
    changed(project, "data/words.yml", "avoid:\n", f'avoid:\n  - word: "{avoided} "\n    use: something else\n')
    found = changed(project, "data/values/openness.yml", "what went wrong.", f"so {typed} here.")
    assert [p.wrong for p in found.errors] == [f'"{typed}" is on our list of words to avoid']


@pytest.mark.parametrize(
    ("path", "old", "new", "wrong"),
    [
        ("data/site.yml", "edition: 2026", "edition: \u0662\u0660\u0662\u0666", "not an edition"),
        (OUTCOME, "term: Outcome", 'term: " \u00a0 "', "no text"),
        (ONE, "  - when to ask", '  - "va\\u200blue"', "an invisible character"),
        ("mkdocs.yml", "site_name: ", "site_name: A &#9746; ", '"&#9746;" is a code for a character'),
        (PAGE, "\n{{", "\nAsk in&nbsp;order to learn, R&amp;D `&shy;`.\n\n{{", '"&nbsp;" is a code for a character'),
        (PAGE, "\n{{", "\nAsk in\u00a0order to learn.\n\n{{", '"in order to" is on'),
    ],
)
def test_invisible_characters_entities_and_wide_spaces_are_not_overlooked(project: Path, path: str, old: str, new: str, wrong: str) -> None:
    (problem,) = changed(project, path, old, new).errors
    assert wrong in problem.wrong


def test_entities_in_a_line_are_text(project: Path) -> None:
    found = changed(project, OUTCOME, "term: Outcome", 'term: "Outcome &#9746; &amp; more"')
    assert found.errors == ()
    assert found.framework is not None
    assert found.framework.get(Term, "outcome").term == "Outcome &#9746; &amp; more"


def test_a_suggestion_is_normalised(small: Framework) -> None:
    labels = ("id", "current", "new", "why", "source", "sector")
    answers = ("outcome", "A cafe\u0301\u00a0in an o\ufb03ce.", "A cafe\u0301.", "x", "x", "x")
    body = "".join(f"### {label}\n\n{answer}\n\n" for label, answer in zip(labels, answers, strict=True))
    found = read_suggestion(body, {label: label for label in labels})
    assert named_record(small, "\uff11\uff41") == ("recommendation", "1a")
    wording = RecordText(("meaning",), "A café in an office.", prose=True, statement=None)
    assert isinstance(found, Suggestion)
    assert quoted_parts([wording], found.current) == (Part(wording, 0, len(wording.text)),)
    text = "meaning: |-\n  A cafe\u0301 there.\nexample: |-\n  An o\ufb03ce.\n"
    assert splice(text, ("meaning",), found.new) == "meaning: |-\n  A café.\nexample: |-\n  An o\ufb03ce.\n"


def test_states_that_differ_only_in_unicode_form_are_equal(project: Path) -> None:
    def state(text: str) -> State:
        found = changed(project, OUTCOME, "cooks supper", text)
        assert found.framework is not None
        return state_of(found.framework, found.pages)

    before = state("cooks supper, in a café")
    (project / OUTCOME).write_text(unicodedata.normalize("NFD", (project / OUTCOME).read_text("utf-8")), "utf-8")
    page = (project / PAGE).read_text("utf-8")
    spaced = page.replace(" ", "\u00a0").replace("#\u00a0", "# ").replace("description:\u00a0", "description: ")
    (project / PAGE).write_text(spaced, "utf-8")
    after = read_project(project)
    assert after.framework is not None, after.problems
    assert compare(before, state_of(after.framework, after.pages)) == Comparison((), ())
