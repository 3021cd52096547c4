"""The form at /edit/: its configuration says what the models say, and what it writes is what a careful person would have typed."""

from __future__ import annotations

import copy
import difflib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from macros.loading.yaml_reader import parse
from macros.model.core import Term
from macros.model.document import Loc
from macros.model.framework import Framework
from macros.model.introspection import FieldGuide, guide
from macros.model.registry import KINDS
from macros.model.types import Statement
from macros.outputs.cms import form
from macros.outputs.cms_config import FOLDER, TYPED, as_yaml, called, config, hosts, pictures
from macros.rendering.edit_links import in_form
from macros.site_build.project import read_project
from macros.text.normalisation import normalised
from tests.conftest import REAL, ROOT, TESTS
from tests.node import node

FILES = sorted(file for cls in KINDS.values() for file in (REAL / "data" / cls.folder).glob("*.yml"))
RUN = """
import { format } from "./keep.js";
answer(given.jobs.map(({ folder, text, value }) => {
  const { fromFile, toFile } = format(given.fields[folder]);
  return toFile(value ? { ...value, typed_text: text } : fromFile(text));
}));
"""
AVATARS = "https://avatars.githubusercontent.com"
Write = Callable[[list[dict[str, Any]]], list[str]]


@pytest.fixture(scope="session")
def made(real: Framework) -> dict[str, Any]:
    """The configuration of the real framework."""
    return config(real)


@pytest.fixture(scope="session")
def write(real: Framework, made: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Write:
    """Let keep.js, as it is served, write records: each from its `folder`, the `text` of its file, and the `value` in the form."""
    folder = tmp_path_factory.mktemp("form")
    for output in form(real, ROOT):
        (folder / output.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / output.path).write_bytes(output.content)
    fields = {collection["name"]: collection["fields"] for collection in made["collections"]}

    def run(jobs: list[dict[str, Any]]) -> list[str]:
        written: list[str] = node(folder / FOLDER, RUN, {"fields": fields, "jobs": jobs})
        return written

    return run


def value_of(text: str) -> dict[str, Any]:
    """What our own strict reader finds in `text`."""
    read = parse(text, "x.yml")
    assert read.problems == (), text
    assert read.value is not None
    return read.value


def changed_lines(before: str, after: str) -> list[str]:
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


def every(fields: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for field in fields:
        yield field
        yield from every([*field.get("fields", []), *([field["field"]] if "field" in field else [])])


def find(made: dict[str, Any], folder: str, *names: str) -> dict[str, Any]:
    held: dict[str, Any] = next(collection for collection in made["collections"] if collection["name"] == folder)
    for name in names:
        held = next(field for field in held["fields"] if field["name"] == name)
    return held


# ---- The configuration ----


@pytest.mark.costly
def test_it_is_what_sveltia_takes(made: dict[str, Any]) -> None:
    schema = json.loads((ROOT / "node_modules/@sveltia/cms/schema/sveltia-cms.json").read_text("utf-8"))
    jsonschema.validate(yaml.safe_load(as_yaml(made)), schema)


def test_every_kind_and_field_is_in_it_in_the_models_order(made: dict[str, Any]) -> None:
    assert {collection["folder"] for collection in made["collections"]} == {f"data/{cls.folder}" for cls in KINDS.values()}

    def same(fields: list[dict[str, Any]], guides: tuple[FieldGuide, ...]) -> None:
        guides = tuple(found for found in guides if found.name != "formerly")
        assert [field["name"] for field in fields] == [found.name for found in guides]
        for field, found in zip(fields, guides, strict=True):
            assert field["required"] == found.must
            if found.fields:
                same(field["fields"], found.fields)

    for cls in KINDS.values():
        fields = find(made, cls.folder)["fields"]
        assert fields[-1] == {"name": TYPED, "widget": "hidden"}
        same(fields[:-1], tuple(found for found in guide(cls) if found.name != "id"))


def test_every_label_and_hint_is_in_words(made: dict[str, Any]) -> None:
    for collection in made["collections"]:
        for field in every(collection["fields"][:-1]):
            assert re.fullmatch(r"[A-Z][^_{}]*", field["label"]), field
            assert "data/" not in field.get("hint", "")
            assert re.fullmatch(r"[A-Z\"][^{}]*\.", field.get("hint", "A.")), field


def test_the_reports_words_are_marked_and_no_others(made: dict[str, Any]) -> None:
    def look(fields: list[dict[str, Any]], guides: tuple[FieldGuide, ...]) -> Iterator[bool]:
        for found in guides:
            for field in fields:
                if field["name"] == found.name:
                    marked = field["hint"].endswith("with the steering group's agreement.")
                    assert marked == (found.statement is Statement.REPORT), field
                    yield marked
                    yield from look(field.get("fields", []), found.fields)

    marks = [mark for cls in KINDS.values() for mark in look(find(made, cls.folder)["fields"], guide(cls))]
    assert 10 < sum(marks) < len(marks)


def test_limits_stand_in_the_hint_and_are_held_to(made: dict[str, Any]) -> None:
    says = find(made, "recommendations", "says")
    assert "8 to 90 words." in says["hint"]
    pattern, message = says["pattern"]
    assert message == "Write 8 to 90 words."
    assert [bool(re.search(pattern, " ".join(["word"] * n) + "\n")) for n in (7, 8, 90, 91)] == [False, True, True, False]
    do = find(made, "recommendations", "do")
    assert (do["min"], do["max"], do["hint"]) == (3, 6, "Practical steps, each for one or more audiences. 3 to 6 of them.")
    pattern, message = find(made, "recommendations", "added")["pattern"]
    assert message == "Write year and month, for example 2026-11."
    assert re.search(pattern, "2026-11")
    assert not re.search(pattern, "2026-1")


def test_choices_come_from_the_records(made: dict[str, Any], real: Framework) -> None:
    values = find(made, "recommendations", "values")
    assert (values["widget"], values["multiple"], values["collection"], values["value_field"]) == ("relation", True, "values", "{{slug}}")
    points = find(made, "recommendations", "points")
    assert [option["value"] for option in points["options"]] == list(real.points)
    assert find(made, "sources", "type")["options"][3] == {"label": "Council paper", "value": "council-paper"}


def test_nothing_can_be_deleted_or_renamed_and_what_is_new_gets_an_id(made: dict[str, Any]) -> None:
    for collection in made["collections"]:
        assert collection["delete"] is False
        assert "update" not in (collection["slug"]["editable"] or [])
        assert collection["create"] == bool(collection["slug"]["editable"])
    can = {collection["name"] for collection in made["collections"] if collection["create"]}
    assert {"recommendations", "glossary", "sources"} <= can
    assert not can & {"stages", "principles", "values", "aims", "audiences"}


def test_it_knows_github_and_a_github_of_ones_own(real: Framework) -> None:
    def backend(**change: str | None) -> tuple[dict[str, Any], tuple[str, ...]]:
        framework = copy.copy(real)
        site = real.site.model_copy(update=change)
        framework.records = {**real.records, ("site", "site"): site}
        return config(framework)["backend"], hosts(site)

    said, asked = backend(repository="https://github.com/council/framework", branch="live", sign_in=None)
    assert (said["repo"], said["branch"], asked) == ("council/framework", "live", ("https://api.github.com",))
    assert "api_root" not in said
    assert said["auth_methods"] == ["token"]
    assert (said["open_authoring"], said["auth_scope"]) == (True, "public_repo")
    said, asked = backend(repository="https://git.council.example/a/b", sign_in="https://sign-in.council.example/start")
    assert (said["api_root"], asked) == (
        "https://git.council.example/api/v3",
        ("https://git.council.example", "https://sign-in.council.example"),
    )
    assert (said["base_url"], said["auth_endpoint"]) == ("https://sign-in.council.example", "start")
    assert "auth_methods" not in said
    for repository, address in (("https://git.council.example/a/b", "https://git.council.example"), ("https://github.com/a/b", AVATARS)):
        assert pictures(real.site.model_copy(update={"repository": repository})) == address


def test_a_change_is_called_by_the_id_of_its_record(made: dict[str, Any]) -> None:
    assert {text.partition(":")[0] for text in made["backend"]["commit_messages"].values()} == {"{{slug}}"}


def test_every_record_has_an_address_in_the_form(real: Framework) -> None:
    offered = {collection["name"] for collection in config(real)["collections"]}
    term = real.all(Term)[0]
    assert in_form(term) == f"edit/#/collections/glossary/entries/{term.id}"
    for kind in KINDS:
        assert in_form(next(r for r in real.records.values() if r.kind == kind)).split("/")[3] in offered


# ---- What it writes ----


@pytest.mark.costly
def test_every_file_that_is_opened_and_saved_stays_as_it_is(write: Write) -> None:
    texts = [file.read_text("utf-8") for file in FILES]
    assert len(texts) > 350
    for file, text, written in zip(
        FILES, texts, write([{"folder": f.parent.name, "text": t} for f, t in zip(FILES, texts, strict=True)]), strict=True
    ):
        assert written == text, file


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The places of every text in `value`."""
    if isinstance(value, str):
        yield path
    else:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))


def with_leaf(value: Any, path: tuple[str | int, ...], change: Callable[[str], str]) -> Any:
    if not path:
        return change(value)
    made = copy.copy(value)
    made[path[0]] = with_leaf(value[path[0]], path[1:], change)
    return made


@pytest.mark.sweep
@pytest.mark.costly
def test_one_word_changed_anywhere_is_one_line_changed(write: Write) -> None:
    jobs, texts = [], []
    for file in FILES[::5]:
        text = file.read_text("utf-8")
        value = value_of(text)
        for path in leaves({key: inner for key, inner in value.items() if key != "formerly"}):
            jobs.append(
                {"folder": file.parent.name, "text": text, "value": with_leaf(value, path, lambda old: re.sub(r"\w+", "3", old, count=1))}
            )
            texts.append(text)
    assert len(jobs) > 800
    for job, text, written in zip(jobs, texts, write(jobs), strict=True):
        assert value_of(written) == job["value"]
        lines = changed_lines(text, written)
        assert [line[0] for line in lines] == (["-", "+"] if written != text else []), lines


HARD = """# A comment at the top.
stage: 2-specify   # behind a value
letter: "f"
title: 'It''s single'

says: >-
  A folded text that goes on over
  several lines, and is wrapped
  by hand.
why: "A long text in quotes that somebody
  has broken."
do:
  # Before the first.
  - audience: [ commissioner , funder ]  # spaced
    step: |-
      One.
      Two.

      After a gap.
  # Before the second.
  - audience:
      - provider
    step: Plain words
      over two lines.

# Before what to avoid.
avoid:
- |-
  Not indented.
- Second.
compact: []
search: [one, "two, with comma", three]
formerly: [1z]
"""


def hard(write: Write, *path: str | int, to: Any) -> list[str]:
    """The lines that change in HARD if what stands at `path` becomes `to`; None takes it away."""
    value = value_of(HARD)
    held: Any = value
    for step in path[:-1]:
        held = held[step]
    if to is None:
        del held[path[-1]]
    else:
        held[path[-1]] = to
    (written,) = write([{"folder": "recommendations", "text": HARD, "value": value}])
    assert value_of(written) == value
    return changed_lines(HARD, written)


@pytest.mark.costly
def test_comments_quotes_order_and_wrapping_are_kept(write: Write) -> None:
    assert hard(write, "letter", to="g") == ['- letter: "f"', '+ letter: "g"']
    assert hard(write, "stage", to="3-tender") == ["- stage: 2-specify   # behind a value", "+ stage: 3-tender   # behind a value"]
    assert hard(write, "title", to="It's double") == ["- title: 'It''s single'", "+ title: 'It''s double'"]
    folded = "A folded text that goes on over several lines, and is wrapped once more by hand."
    assert hard(write, "says", to=folded) == ["-   several lines, and is wrapped", "+   several lines, and is wrapped once more"]
    quoted = "A long text in quotes that nobody has broken."
    assert hard(write, "why", to=quoted) == ['- why: "A long text in quotes that somebody', '+ why: "A long text in quotes that nobody']
    assert hard(write, "do", 1, "step", to="Plain words over three lines.") == ["-       over two lines.", "+       over three lines."]
    assert hard(write, "avoid", 0, to="Never indented.") == ["-   Not indented.", "+   Never indented."]
    assert hard(write, "do", 0, "step", to="One.\nTwo.\n\nAfter the gap.") == ["-       After a gap.", "+       After the gap."]


@pytest.mark.costly
def test_lists_change_only_where_they_changed(write: Write) -> None:
    assert hard(write, "do", 0, "audience", to=["funder"]) == [
        "-   - audience: [ commissioner , funder ]  # spaced",
        "+   - audience: [funder]  # spaced",
    ]
    assert hard(write, "do", 1, "audience", to=["funder", "provider"]) == ["+       - funder"]
    assert hard(write, "search", to=["two, with comma", "three", "a, b"]) == [
        '- search: [one, "two, with comma", three]',
        '+ search: ["two, with comma", three, "a, b"]',
    ]
    first, second = value_of(HARD)["do"]
    new = {"audience": ["councillor"], "step": "Ask."}
    added = ["+   - audience: [councillor]", "+     step: |-", "+       Ask."]
    assert hard(write, "do", to=[first, second, new]) == added
    assert hard(write, "do", to=[first, new, second]) == added
    assert hard(write, "do", to=[new, first, second]) == added
    assert hard(write, "do", to=[first]) == ["-   - audience:", "-       - provider", "-     step: Plain words", "-       over two lines."]
    moved = hard(write, "do", to=[second, first])
    assert sorted(line[2:] for line in moved if line[0] == "+") == sorted(line[2:] for line in moved if line[0] == "-")
    assert hard(write, "avoid", to=["Not indented."]) == ["- - Second."]


@pytest.mark.costly
def test_fields_come_and_go_as_lines(write: Write) -> None:
    assert hard(write, "search", to=None) == ['- search: [one, "two, with comma", three]']
    assert hard(write, "says", to=None) == [
        "- says: >-",
        "-   A folded text that goes on over",
        "-   several lines, and is wrapped",
        "-   by hand.",
    ]
    assert hard(write, "theme", to="choosing-data") == ["+ theme: choosing-data"]
    assert hard(write, "values", to=["trust"]) == ["+ values: [trust]"]
    assert hard(write, "withdrawn", to={"edition": "2026-12", "reason": "Said twice.", "instead": ["2e"]}) == [
        "+ withdrawn:",
        "+   edition: 2026-12",
        "+   reason: |-",
        "+     Said twice.",
        "+   instead: [2e]",
    ]


def test_a_group_is_emptied_and_filled(write: Write) -> None:
    text = "number: 1\ntitle: T\ncompact: {}\nstrategy:\n  says: |-\n    Said.\nframework: {}\nchecked_on: 2026-11-22\n"
    value = value_of(text)
    jobs = [
        {"folder": "common-core", "text": text, "value": {**value, "compact": {"says": "", "points": ["intro"]}}},
        {"folder": "common-core", "text": text, "value": {**value, "strategy": {"says": None, "sources": []}}},
        {"folder": "common-core", "text": text, "value": {**value, "number": 12, "checked_on": "2026-12-01"}},
        {"folder": "common-core", "text": text, "value": {key: value[key] for key in value if key != "framework"}},
    ]
    written = [changed_lines(text, found) for found in write(jobs)]
    assert written[0] == ["- compact: {}", "+ compact:", "+   points: [intro]"]
    assert sorted(written[1]) == ["+ strategy: {}", "-     Said.", "-   says: |-", "- strategy:"]
    assert written[2] == ["- number: 1", "+ number: 12", "- checked_on: 2026-11-22", "+ checked_on: 2026-12-01"]
    assert written[3] == []


TRAPS = (
    """no|No|yes|on|off|y|true|null|~|1.10|1_000|0x1F|0o17|017|1e3|.5|+1|-1|12:30|1:2:3|2017-04-01|2017-04|2017-04-01T10:00:00Z|=|<<|-|?|: x
a: b|a:b|a :b|a: |:a|a #b|a# b|#a| lead|trail |  both  |"quoted"|'single'|it's|say "x"|"|'|{{ macro }}|{a}|[a]|[[term]]|[[term|words]]
*a|&a|!a|!!str a|%a|@a|`a`|>a|>-||-|a, b|,a|back\\slash|\\n|---|...|--- a|é|😀 yes|日本|£5|€5|(a)|“curly”|½|.inf|.nan|inf|NaN
a{TAB}b|{TAB}|a\u00a0b""".replace("[[term|words]]", "[[term¦words]]")
    .replace("\n", "|")
    .split("|")
)
TEXTS = [json.loads(f'"{text}"') if re.search(r"\\[ux]", text.replace("\\x7f", "\\u007f")) else text for text in TRAPS]


def traps() -> list[str]:
    found = [text.replace("{TAB}", "\t").replace("¦", "|") for text in TEXTS if text]
    assert len(found) > 80
    return found


def saved(value: Any) -> Any:
    """What the form saves of `value`: a tab becomes a space, and space around a text goes."""
    if isinstance(value, dict):
        return {key: kept for key, item in value.items() if (kept := saved(item))}
    if isinstance(value, list):
        return [kept for item in value if (kept := saved(item))]
    return re.sub(r" *\t[ \t]*", " ", value).strip(" \n")


@pytest.mark.costly
def test_what_is_hard_to_say_in_yaml_reads_back_the_same(write: Write) -> None:
    terms = {"folder": "glossary", "text": ""}
    outcome = (TESTS / "data/glossary/outcome.yml").read_text("utf-8")
    known = value_of(outcome)
    jobs = []
    for text in traps():
        new = {"term": text, "also": [text, "x"], "meaning": text, "example": f"A.\n{text}\nB.", "search": [text]}
        jobs.append({**terms, "value": new})
        jobs.append({**terms, "text": outcome, "value": {**known, **new}})
        jobs.append({**terms, "text": outcome, "value": {**known, "meaning": f"{text}\n{text}", "see": [text]}})
    for job, written in zip(jobs, write(jobs), strict=True):
        wanted = saved(job["value"])
        assert value_of(written) == json.loads(normalised(json.dumps(wanted, ensure_ascii=False))), written
        loose = yaml.safe_load(written)
        assert {**loose, "x": 0} == {**wanted, "x": 0}, "a reader of YAML 1.1 reads the same"
        assert "\t" not in written


def test_what_a_text_area_adds_is_taken_away(write: Write) -> None:
    (written,) = write(
        [{"folder": "glossary", "text": "", "value": {"term": "A", "meaning": "One.\r\nTwo.\r\n\r\n", "also": ["", "b\r\n"], "see": []}}]
    )
    assert written == "term: A\nalso:\n  - b\nmeaning: |-\n  One.\n  Two.\n"


def test_what_is_pasted_from_a_word_processor_is_saved_as_plain_text(write: Write) -> None:
    pasted = "One\t two.\vThree.\u2028Four."
    (written,) = write([{"folder": "glossary", "text": "", "value": {"term": "\tOut\tcome ", "meaning": pasted, "also": ["b\t"]}}])
    assert written == "term: Out come\nalso:\n  - b\nmeaning: |-\n  One two.\n  Three.\n  Four.\n"


@pytest.mark.costly
def test_a_new_record_is_written_in_our_style(write: Write) -> None:
    kinds = ("recommendations", "sources", "events", "law", "case-studies")
    files = [file for file in FILES if file.parent.name in kinds]
    texts = [file.read_text("utf-8") for file in files]
    written = write([{"folder": f.parent.name, "text": "", "value": value_of(t)} for f, t in zip(files, texts, strict=True)])
    assert [value_of(found) for found in written] == [value_of(text) for text in texts]
    same = sum(found == text for found, text in zip(written, texts, strict=True))
    assert same > len(files) * 0.7, "most of our own records are written as they stand"


def test_a_new_term_passes_the_projects_own_check(write: Write, project: Path) -> None:
    value = {
        "term": "No",
        "also": ["none: at all"],
        "meaning": "An answer that closes a question.\nIt takes five words: more.",
        "example": "A bidder asks whether travel counts, and the council says no to it.",
        "points": ["intro"],
        "typed_text": None,
        "automatic": "no",
        "not_to_be_confused_with": [],
        "search": ["=", "12:30"],
    }
    (written,) = write([{"folder": "glossary", "text": "", "value": value}])
    (project / "data/glossary/no.yml").write_text(written, "utf-8")
    read = read_project(project)
    assert read.errors == ()
    assert read.framework is not None
    term = read.framework.get(Term, "no")
    assert (term.term, term.automatic, term.search) == ("No", "no", ("=", "12:30"))


@pytest.mark.parametrize(
    ("loc", "kind", "name"),
    [
        (("title",), "recommendation", "The instruction"),
        (("do", 1, "step"), "recommendation", "What to do, step 2"),
        (("ask", 0), "recommendation", "Questions to ask, question 1"),
        (("compact", 0, "because"), "recommendation", "Compact principles that it serves, principle 1: Why it serves the principle"),
        (("brighton_hove", "says"), "criterion", "Brighton & Hove: What is said"),
        (("points", 2, "point"), "report", "Points of the report 3: Point"),
        ((), "term", ""),
    ],
)
def test_a_text_is_called_as_the_form_calls_it(loc: Loc, kind: str, name: str) -> None:
    assert called(loc, kind) == name
