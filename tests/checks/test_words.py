"""Our words: each rule finds what it is for, at its place, and leaves alone what it should."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from macros.checks.house_style import _is_theirs, slips
from macros.checks.relations import CHECKS
from macros.loading.loader import load
from macros.loading.pages import Page
from macros.model.framework import Framework
from macros.model.problem import Problem
from macros.model.singletons import Avoided, Words
from macros.site_build.project import read_project
from tests.conftest import REAL

LONG = (
    "This sentence says what it has to say in more words than anybody would ever want to read, "
    "and then it goes on to say the same again, as they do."
)


def of(text: str, words: Words) -> list[tuple[str, str]]:
    """Return the name of each slip in a page of `text`, and what is wrong."""
    return [(p.name, p.wrong) for p in slips(Page("content/x.md", None, text, 1), words)]


@pytest.fixture(scope="session")
def listed(real: Framework) -> Words:
    return real.get(Words, "words")


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        ("utilise", "instead: use, in the form that fits"),
        ("Facilitating", "instead: help, run or make easier"),
        ("leverage", "instead: use, or say what it adds"),
        ("going forward", "instead: from now on, or nothing"),
        ("ROBUST", "instead: strong, or say what it withstands; in a quotation it may stand"),
        ("stakeholders", "instead: name them: the council, providers, people who use the service"),
        ("deliver outcomes", "instead: say what changes, and for whom"),
        ("e.g.", "instead: for example"),
        ("eg", "instead: for example"),
        ("i.e.", "instead: that is"),
        ("etc.", "instead: name the rest, or begin with for example"),
        ("in order to", "instead: to"),
        ("click here", "instead: link the words that say where it goes"),
    ],
)
def test_a_word_to_avoid_is_named_with_what_to_write(listed: Words, typed: str, instead: str) -> None:
    (found,) = slips(Page("content/x.md", None, f"We {typed} now.", 5), listed)
    assert found == Problem("content/x.md", 5, 4, "avoided-word", f'we do not write "{typed}"', instead)


@pytest.mark.parametrize(
    ("typed", "british"),
    [
        ("organize", "organise"),
        ("Organization's", "organisation"),
        ("prioritizing", "prioritising"),
        ("behaviors", "behaviours"),
        ("colorful", "colourful"),
        ("centers", "centres"),
        ("programs", "programmes"),
        ("labor", "labour"),
        ("neighborhood", "neighbourhood"),
        ("fulfill", "fulfil"),
        ("enrollment", "enrolment"),
        ("analyzing", "analysing"),
        ("catalog", "catalogue"),
        ("defense", "defence"),
        ("practicing", "practising"),
        ("labeled", "labelled"),
        ("re-organized", "organised"),
    ],
)
def test_an_american_spelling_is_named_with_the_british(listed: Words, typed: str, british: str) -> None:
    (found,) = slips(Page("content/x.md", None, f"We {typed} now.", 1), listed)
    assert (found.name, found.instead, found.severity) == ("american-spelling", f'write "{british}"', "error")


@pytest.mark.parametrize(
    "word",
    """size sizes prize capsize seize assize exercise advise practice license licensed licensing fulfilled enrolled controlled
    judgment inquiry metre storey programmer programming organisation analyses colourful honorary humorous vigorous laborious
    glamour rigorous cancellation excellent cataloguing defensive offensive meter tire check draft story realist organ organs""".split(),  # noqa: SIM905
)
def test_a_british_spelling_is_let_be(listed: Words, word: str) -> None:
    assert of(f"We {word} now.", listed) == []


@pytest.mark.parametrize(
    "text",
    [
        'It asks for "robust" plans.',
        "It asks for “ideas that are robust\nand so organized”.",
        "It runs `utilise` and {{ link('x', 'utilise') }}.",
        "It is at https://www.organization.org/program.",
        "It is [there](https://www.center.org/labor) or [there](color.md).",
        '<span class="center">It</span> is.',
        "## Here {: #program }",
        "Ask the World Health Organization.",
        "Write a computer program.",
        "See [[program]].",
        "It is robustious.",
        "A sub_center_x is.",
    ],
)
def test_what_is_not_our_wording_is_let_be(listed: Words, text: str) -> None:
    assert of(text, listed) == []


def test_a_word_in_marks_or_over_two_lines_is_found(listed: Words) -> None:
    assert of("Meet in **order**\nto ask.", listed) == [("avoided-word", 'we do not write "in order to"')]
    assert of("A [robust](1a) and\n_robust_ plan; multi-stakeholder.", listed) == [
        ("avoided-word", 'we do not write "robust"'),
        ("avoided-word", 'we do not write "robust"'),
        ("avoided-word", 'we do not write "stakeholder"'),
    ]


def test_of_two_that_fit_the_longer_counts() -> None:
    words = Words(id="words", avoid=tuple(Avoided(word=w, use="x") for w in ("going", "going forward", "e.g", "e.g.")))
    assert of("Going forward, e.g. here.", words) == [
        ("avoided-word", 'we do not write "Going forward"'),
        ("avoided-word", 'we do not write "e.g."'),
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("One  sentence.", [(1, 4)]),
        ("One.  Two.", [(1, 5)]),
        ("One.\n\n- a  b", [(3, 4)]),
        ("A [link](1a)  more.", [(1, 13)]),
        ("-  An item\n1.  another", []),
        ("A line that breaks  \nhere.", []),
        ("| a  b |   c |", []),
        ("A `x  y` z.", []),
        ("    indented", []),
    ],
)
def test_two_spaces_inside_a_sentence(listed: Words, text: str, places: list[tuple[int, int]]) -> None:
    found = [p for p in slips(Page("content/x.md", None, text, 1), listed) if p.name == "double-space"]
    assert [(p.line, p.column) for p in found] == places


@pytest.mark.parametrize(
    ("text", "stopped"),
    [
        ("It ends.", True),
        ("Does it end?", True),
        ("It leads on:", True),
        ("It ends!", True),
        ('It says "so."', True),
        ("It says “so.”", True),
        ("It ends (here.)", True),
        ("It **ends.**", True),
        ("It ends with [a link.](1a)", True),
        ("It ends. {{ edition() }}", True),
        ("- an item\n- another", True),
        ("1. an item", True),
        ("## A heading", True),
        ("| a | cell |", True),
        ("[A link alone](index.md)", True),
        ("<div>\nwords\n</div>", True),
        ("{{ values() }}", True),
        ("", True),
        ("It does not", False),
        ("It does not;", False),
        ('It says "so"', False),
        ("It ends (here)", False),
        ("It runs `x`", False),
        ("Two [links](a.md) [here](b.md)", False),
        ("One does not\n\nBut two does.", False),
    ],
)
def test_a_paragraph_ends_with_a_stop(listed: Words, text: str, stopped: bool) -> None:
    assert [name for name, _ in of(text, listed) if name == "no-stop"] == ([] if stopped else ["no-stop"])


def test_a_long_sentence_is_a_warning(listed: Words) -> None:
    (found,) = slips(Page("content/x.md", None, f"Short.\n{LONG}\nShort.", 7), listed)
    assert (found.line, found.column, found.severity, found.name) == (8, 1, "warning", "long-sentence")
    assert found.message == "a sentence of 31 words; write at most 30; make two of it"


@pytest.mark.parametrize(
    "text",
    [
        LONG.replace("ever ", ""),
        f'"{LONG}"',
        f'It says "yes. {LONG} No."',
        f"- {LONG.replace('ever ', '')}\n- two",
        f"{LONG.replace('ever ', '')}\n\n- {LONG.replace('ever ', '')}",
        LONG.replace("read, and", "read. And"),
        LONG.replace("ever", "–").replace("This", "`This`"),
    ],
)
def test_a_sentence_of_30_words_or_one_quoted_is_fine(listed: Words, text: str) -> None:
    assert of(text, listed) == []


def test_words_of_a_quotation_count_in_a_sentence_of_ours(listed: Words) -> None:
    assert of(LONG.replace("more words than anybody", '"more words than anybody"'), listed) == [("long-sentence", "a sentence of 31 words")]


def problems(project: Path) -> list[tuple[str, int, int, str]]:
    return [(p.path.removeprefix("data/"), p.line, p.column, p.name) for p in read_project(project).problems]


def change(file: Path, before: str, after: str) -> None:
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), "utf-8")


def test_a_slip_in_a_record_is_named_at_its_line_and_column(project: Path) -> None:
    change(project / "data/values/trust.yml", "Each side", "Each side trusts.\n  A robust  side")
    assert problems(project) == [("values/trust.yml", 5, 5, "avoided-word"), ("values/trust.yml", 5, 11, "double-space")]


def test_titles_and_roles_are_judged_by_words_alone(project: Path) -> None:
    change(project / "data/stages/1-plan.yml", "role: Asks.", 'role: "Asks  for a robust program"')
    assert problems(project) == [("stages/1-plan.yml", 11, 11, "american-spelling"), ("stages/1-plan.yml", 11, 11, "avoided-word")]


def test_what_others_wrote_or_readers_type_is_let_be(project: Path) -> None:
    change(project / "data/sources/small-law.yml", "The small law", "The robust program")
    change(project / "data/sources/small-law.yml", "Parliament", "Center for Labor")
    change(project / "data/report.yml", "Small Report", "Robust Report")
    change(project / "data/report.yml", "what the test says it is.", f"a  robust program {LONG} e.g.\n  so")
    change(project / "data/recommendations/1a.yml", "when to ask", "robust program")
    change(project / "data/glossary/outcome.yml", "also: [outcomes]", "also: [robust program]")
    assert problems(project) == []


def test_which_fields_are_not_ours() -> None:
    assert _is_theirs(("definition", "x"), ("quotation",))
    assert _is_theirs(("source", "x"), ("title",))
    assert not _is_theirs(("term", "x"), ("title",))
    assert not _is_theirs(("report", "report"), ("points", 0, "point"))


def test_a_note_of_ours_on_a_source_is_judged(project: Path) -> None:
    change(project / "data/sources/small-law.yml", "type: law", "note: |-\n  A robust note\ntype: law")
    assert [name for *_, name in problems(project)] == ["avoided-word", "no-stop"]


def test_a_page_is_judged_once_its_calls_can_be_read(project: Path) -> None:
    page = project / "content/values.md"
    page.write_text(page.read_text() + "\nA robust plan.\n")
    assert problems(project) == [("content/values.md", 9, 3, "avoided-word")]
    page.write_text(page.read_text() + "\n{% x %}\n")
    assert {name for *_, name in problems(project)} == {"jinja"}


def test_the_list_may_be_changed(project: Path) -> None:
    change(project / "data/words.yml", "word: robust", "word: believes")
    assert problems(project) == [("values/trust.yml", 4, 13, "avoided-word")]


def test_a_project_needs_the_list(project: Path) -> None:
    (project / "data/words.yml").unlink()
    assert [(p.path, p.name) for p in load(project, CHECKS)[1]] == [("data/words.yml", "missing-file")]


def test_the_real_list_is_whole(listed: Words) -> None:
    american = {avoided.word: avoided.use for avoided in listed.avoid if avoided.american}
    assert len(american) > 400
    assert not {"license", "practice", "size", "prize", "judgment"} & set(american)
    assert not set(american) & set(american.values()), "one spelling is both wrong and right"
    others = [avoided.word for avoided in listed.avoid if not avoided.american]
    assert {"utilise", "robust", "stakeholder", "e.g.", "i.e.", "etc.", "click here", "in order to"} <= set(others)


def test_no_advice_holds_what_it_warns_of(listed: Words) -> None:
    for avoided in listed.avoid:
        assert of(f"{avoided.use.split(';')[0]}.", listed) == [], avoided


def test_the_real_list_reads_the_same_as_plain_yaml(listed: Words) -> None:
    plain = yaml.safe_load((REAL / "data/words.yml").read_text("utf-8"))["avoid"]
    assert [entry["word"] for entry in plain] == [avoided.word for avoided in listed.avoid]


def test_our_own_words_keep_the_rules() -> None:
    names = {"avoided-word", "american-spelling", "double-space", "no-stop", "twice"}
    assert [p for p in read_project(REAL).problems if p.name in names] == []
