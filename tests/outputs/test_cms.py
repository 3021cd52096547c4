"""The form at /edit/: its configuration follows the models, and it changes only those lines of a file that an editor changed."""

from __future__ import annotations

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
from macros.model.document import Loc
from macros.model.framework import Framework
from macros.model.introspection import FieldDescription, field_guides
from macros.model.output import Stamp
from macros.model.records import KINDS, Term
from macros.model.types import Statement
from macros.outputs.cms import FOLDER, TYPED, as_yaml, can_edit, config, form, form_texts, hosts, text_name
from macros.site_build import mkdocs_hooks
from macros.site_build.atomic_build import write_outputs
from macros.site_build.project import read_project
from macros.templates import TEMPLATES
from macros.text.characters import normalised
from tests.conftest import REAL, ROOT, TESTS, cases, svf
from tests.node import node

FILES = sorted(file for cls in KINDS.values() for file in (REAL / "data" / cls.folder).glob("*.yml"))
RUN = """
import { format } from "./keep.js";
answer(given.jobs.map(({ folder, text, value }) => {
  const { fromFile, toFile } = format(given.fields[folder]);
  return toFile(value ? { ...value, typed_text: text } : fromFile(text));
}));
"""
Save = Callable[[list[dict[str, Any]]], list[str]]


@pytest.fixture(scope="session")
def configuration(real: Framework) -> dict[str, Any]:
    """The configuration for the real framework."""
    return config(real)


@pytest.fixture(scope="session")
def save(real: Framework, configuration: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Save:
    """Return what keep.js writes for each job: the `folder` of a record, the `text` of its file, and its `value` in the form."""
    folder = tmp_path_factory.mktemp("form")
    write_outputs(folder, form(real, ROOT))
    fields = {collection["name"]: collection["fields"] for collection in configuration["collections"]}

    def run(jobs: list[dict[str, Any]]) -> list[str]:
        files: list[str] = node(folder / FOLDER, RUN, {"fields": fields, "jobs": jobs})
        return files

    return run


def value_of(text: str) -> dict[str, Any]:
    document = parse(text, "x.yml")
    assert document.problems == (), text
    assert document.value is not None
    return document.value


def changed_lines(before: str, after: str) -> list[str]:
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


def all_fields(fields: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for field in fields:
        yield field
        yield from all_fields([*field.get("fields", []), *([field["field"]] if "field" in field else [])])


def find(configuration: dict[str, Any], folder: str, *names: str) -> dict[str, Any]:
    part: dict[str, Any] = next(collection for collection in configuration["collections"] if collection["name"] == folder)
    for name in names:
        part = next(field for field in part["fields"] if field["name"] == name)
    return part


# ---- The files of the form ----


def test_the_form_loads_nothing_from_other_sites_and_each_patch_of_it_still_fits(small: Framework) -> None:
    files = {output.path: output.content for output in form(small, ROOT)}
    script = files["edit/sveltia-cms.js"].decode()
    assert not re.search(r"cdn\.jsdelivr\.net|unpkg\.com/@sveltia/cms", script)
    fonts = set(re.findall(r"url\((fonts/[\w-]+\.woff2)\)", script))
    assert len(fonts) == 3
    assert {f"edit/{font}" for font in fonts} <= set(files)
    assert len([path for path in files if path.endswith("LICENSE.txt")]) == 3
    page = files["edit/index.html"].decode()
    assert "connect-src 'self' blob: data: https://git.testshire.gov.uk;" in page
    own = ["../favicon.svg", "../framework.css", "start.js", "../", "../about/suggest/", "../about/privacy/"]
    assert re.findall(r'(?:src|href)="(?!https://git\.testshire|mailto:)([^"]*)"', page) == own
    script = (ROOT / "node_modules/@sveltia/cms/dist/sveltia-cms.js").read_text("utf-8")
    for patch in form_texts()["patches"]:
        assert len(re.findall(patch["find"], script)) == patch["times"], patch["find"]


def test_the_built_site_holds_the_form(site: Path, real: Framework, stamp: Stamp) -> None:
    for output in form(real, ROOT, stamp.home):
        assert (site / output.path).read_bytes() == output.content, output.path


def test_a_build_without_the_npm_packages_warns_once_and_leaves_the_form_out(project: Path, small: Framework) -> None:
    assert not can_edit(project)
    assert list(form(small, project)) == []
    mkdocs_hooks._print_once.cache_clear()
    done = svf(project, "build")
    warning = form_texts()["texts"]["without"]
    assert done.stderr.splitlines()[0] == warning
    assert done.stderr.count(warning) == 1
    assert (project / "site/index.html").is_file()
    assert not (project / "site/edit").exists()


# ---- The configuration ----


@pytest.mark.costly
def test_the_configuration_is_valid_for_sveltia(configuration: dict[str, Any]) -> None:
    schema = json.loads((ROOT / "node_modules/@sveltia/cms/schema/sveltia-cms.json").read_text("utf-8"))
    jsonschema.validate(yaml.safe_load(as_yaml(configuration)), schema)


def test_every_kind_and_field_is_in_it_in_the_models_order(configuration: dict[str, Any], real: Framework) -> None:
    assert {collection["folder"] for collection in configuration["collections"]} == {f"data/{cls.folder}" for cls in KINDS.values()}

    def compare(fields: list[dict[str, Any]], guides: tuple[FieldDescription, ...]) -> None:
        guides = tuple(field for field in guides if field.name != "formerly")
        assert [field["name"] for field in fields] == [description.name for description in guides]
        for field, field_guide in zip(fields, guides, strict=True):
            assert field["required"] == field_guide.required
            assert field["hint"].endswith(f"and {real.site.decides} agrees.") == (field_guide.statement is Statement.REPORT), field
            if field_guide.fields:
                compare(field["fields"], field_guide.fields)

    for cls in KINDS.values():
        fields = find(configuration, cls.folder)["fields"]
        assert fields[-1] == {"name": TYPED, "widget": "hidden"}
        compare(fields[:-1], tuple(field for field in field_guides(cls) if field.name != "id"))


def test_every_label_and_hint_is_a_phrase_without_field_names(configuration: dict[str, Any]) -> None:
    for collection in configuration["collections"]:
        for field in all_fields(collection["fields"][:-1]):
            assert re.fullmatch(r"[A-Z][^_{}]*", field["label"]), field
            assert "data/" not in field.get("hint", "")
            assert re.fullmatch(r"[A-Z\"][^{}]*\.", field.get("hint", "A.")), field


def test_limits_are_in_the_hint_and_enforced(configuration: dict[str, Any]) -> None:
    says = find(configuration, "recommendations", "says")
    assert "8 to 90 words." in says["hint"]
    pattern, message = says["pattern"]
    assert message == "Write 8 to 90 words."
    assert [bool(re.search(pattern, " ".join(["word"] * n) + "\n")) for n in (7, 8, 90, 91)] == [False, True, True, False]
    do = find(configuration, "recommendations", "do")
    assert (do["min"], do["max"], do["hint"]) == (3, 6, "Practical steps, each for one or more audiences. 3 to 6 of them.")
    pattern, message = find(configuration, "recommendations", "added")["pattern"]
    assert message == "Write year and month, for example 2026-11."
    assert re.search(pattern, "2026-11")
    assert not re.search(pattern, "2026-1")


def test_choices_come_from_the_records(configuration: dict[str, Any], real: Framework) -> None:
    values = find(configuration, "recommendations", "values")
    assert (values["widget"], values["multiple"], values["collection"], values["value_field"]) == ("relation", True, "values", "{{slug}}")
    points = find(configuration, "recommendations", "points")
    assert [option["value"] for option in points["options"]] == list(real.points)
    assert find(configuration, "sources", "type")["options"][3] == {"label": "Council paper", "value": "council-paper"}


def test_records_cannot_be_deleted_or_renamed_and_new_ones_get_an_id(configuration: dict[str, Any]) -> None:
    for collection in configuration["collections"]:
        assert collection["delete"] is False
        assert "update" not in (collection["slug"]["editable"] or [])
        assert collection["create"] == bool(collection["slug"]["editable"])
    can_create = {collection["name"] for collection in configuration["collections"] if collection["create"]}
    assert {"recommendations", "glossary", "sources"} <= can_create
    assert not can_create & {"stages", "principles", "values", "aims", "audiences"}
    assert {text.partition(":")[0] for text in configuration["backend"]["commit_messages"].values()} == {"{{slug}}"}


def test_it_works_with_github_and_github_enterprise(real: Framework) -> None:
    def backend(repository: str, sign_in: str | None) -> tuple[dict[str, Any], tuple[list[str], str]]:
        site = real.site.model_copy(update={"repository": repository, "branch": "live", "sign_in": sign_in})
        found = config(Framework({**real.records, ("site", "site"): site}, real.documents))["backend"]
        del found["commit_messages"]
        return found, hosts(site)

    common = {"name": "github", "branch": "live", "auth_scope": "public_repo", "open_authoring": True}
    assert backend("https://github.com/council/framework", None) == (
        common | {"repo": "council/framework", "auth_methods": ["token"]},
        (["https://api.github.com"], "https://avatars.githubusercontent.com"),
    )
    own, signing_in = "https://git.council.example", "https://sign-in.council.example"
    assert backend(f"{own}/a/b", f"{signing_in}/start") == (
        common | {"repo": "a/b", "api_root": f"{own}/api/v3", "base_url": signing_in, "auth_endpoint": "start"},
        ([own, signing_in], own),
    )


def test_every_record_has_an_address_in_the_form(real: Framework, configuration: dict[str, Any]) -> None:
    collections = {collection["name"] for collection in configuration["collections"]}
    for record in (record for record in real.records.values() if record.kind in KINDS):
        assert record.folder in collections


@pytest.mark.parametrize(
    ("loc", "kind", "name"),
    [
        (("title",), "recommendation", "Title"),
        (("do", 1, "step"), "recommendation", "What to do, step 2"),
        (("compact", 0, "because"), "recommendation", "How it serves the principles, reason 1"),
        (("other", "says"), "criterion", "The other framework: What it says"),
        (("points", 2, "point"), "report", "Points of the report, point 3"),
    ],
)
def test_messages_name_a_text_as_the_form_does(loc: Loc, kind: str, name: str) -> None:
    assert text_name(loc, kind) == name


@pytest.mark.parametrize("name", ["do", "why", "says", "avoid", "ask"])
def test_messages_name_a_text_by_the_heading_of_its_page(name: str) -> None:
    page = (TEMPLATES / "pages/recommendation_page.md.j2").read_text("utf-8")
    assert f"## {text_name((name,), 'recommendation')} {{: #{name} }}" in page


# ---- Saving records ----


@pytest.mark.costly
def test_a_file_that_is_opened_and_saved_does_not_change(save: Save) -> None:
    texts = [file.read_text("utf-8") for file in FILES]
    saved = save([{"folder": file.parent.name, "text": text} for file, text in zip(FILES, texts, strict=True)])
    for file, text, written in zip(FILES, texts, saved, strict=True):
        assert written == text, file


HARD: str = cases("cms.hard")
STEPS = value_of(HARD)["do"]


def test_only_the_lines_of_a_change_change(save: Save) -> None:
    changes = cases("cms.only_the_lines_of_a_change_change")  # the path of a value in HARD, its new value, and the lines that change
    values = []
    for path, to, _ in changes:
        value: Any = value_of(HARD)
        values.append(value)
        for step in path[:-1]:
            value = value[step]
        if to is None:
            del value[path[-1]]
        else:
            value[path[-1]] = to
    reordered = {**value_of(HARD), "do": STEPS[::-1]}
    *written, moved = save([{"folder": "recommendations", "text": HARD, "value": value} for value in (*values, reordered)])
    for text, value, (path, _, lines) in zip(written, values, changes, strict=True):
        assert (value_of(text), changed_lines(HARD, text)) == (value, lines), path
    assert value_of(moved) == reordered
    assert sorted(moved.split("\n")) == sorted(HARD.split("\n"))


def test_a_group_can_be_emptied_and_filled(save: Save) -> None:
    text = "number: 1\ntitle: T\ncompact: {}\nstrategy:\n  says: |-\n    Said.\nframework: {}\nchecked_on: 2026-11-22\n"
    value = value_of(text)
    jobs = [
        {"folder": "common-core", "text": text, "value": {**value, "compact": {"says": "", "points": ["intro"]}}},
        {"folder": "common-core", "text": text, "value": {**value, "strategy": {"says": None, "sources": []}}},
        {"folder": "common-core", "text": text, "value": {**value, "number": 12, "checked_on": "2026-12-01"}},
        {"folder": "common-core", "text": text, "value": {key: value[key] for key in value if key != "framework"}},
    ]
    written = [changed_lines(text, found) for found in save(jobs)]
    assert written[0] == ["- compact: {}", "+ compact:", "+   points: [intro]"]
    assert sorted(written[1]) == ["+ strategy: {}", "-     Said.", "-   says: |-", "- strategy:"]
    assert written[2] == ["- number: 1", "+ number: 12", "- checked_on: 2026-11-22", "+ checked_on: 2026-12-01"]
    assert written[3] == []


TRAPS = [
    *r"""no|No|yes|on|off|y|true|null|~|1.10|1_000|0x1F|0o17|017|1e3|.5|+1|-1|12:30|1:2:3|2017-04-01|2017-04|2017-04-01T10:00:00Z|=|<<|-
?|: x|a: b|a:b|a :b|a: |:a|a #b|a# b|#a| lead|trail |  both  |"quoted"|'single'|it's|say "x"|"|'|{{ macro }}|{a}|[a]|[[term]]|*a|&a|!a
!!str a|%a|@a|`a`|>a|>-|a, b|,a|back\slash|\n|---|...|--- a|é|😀 yes|日本|£5|€5|(a)|“curly”|½
.inf|.nan|inf|NaN""".replace("\n", "|").split("|"),
    *("|", "|-", "[[term|words]]", "a\tb", "\tb", "a\u00a0b"),
]


def as_saved(value: Any) -> Any:
    """Return `value` as the form saves it: a tab becomes a space, and white space around a text is removed."""
    if isinstance(value, dict):
        return {key: kept for key, item in value.items() if (kept := as_saved(item))}
    if isinstance(value, list):
        return [kept for item in value if (kept := as_saved(item))]
    return re.sub(r" *\t[ \t]*", " ", value).strip(" \n")


@pytest.mark.costly
def test_text_that_yaml_might_misread_is_read_back_the_same(save: Save) -> None:
    outcome = (TESTS / "starter/data/glossary/outcome.yml").read_text("utf-8")
    known = value_of(outcome)
    jobs = []
    for text in TRAPS:
        new = {"term": text, "also": [text, "x"], "meaning": text, "example": f"A.\n{text}\nB.", "search": [text]}
        jobs.append({"folder": "glossary", "text": "", "value": new})
        jobs.append({"folder": "glossary", "text": outcome, "value": {**known, **new}})
        jobs.append({"folder": "glossary", "text": outcome, "value": {**known, "meaning": f"{text}\n{text}", "see": [text]}})
    for job, written in zip(jobs, save(jobs), strict=True):
        wanted = as_saved(job["value"])
        assert value_of(written) == json.loads(normalised(json.dumps(wanted, ensure_ascii=False))), written
        assert yaml.safe_load(written) == wanted, "a reader of YAML 1.1 reads the same"
        assert "\t" not in written


def test_white_space_of_a_text_area_or_a_word_processor_is_cleaned(save: Save) -> None:
    values = [
        {"term": "A", "meaning": "One.\r\nTwo.\r\n\r\n", "also": ["", "b\r\n"], "see": []},
        {"term": "\tOut\tcome ", "meaning": "One\t two.\vThree.\u2028Four.", "also": ["b\t"]},
    ]
    assert save([{"folder": "glossary", "text": "", "value": value} for value in values]) == [
        "term: A\nalso:\n  - b\nmeaning: |-\n  One.\n  Two.\n",
        "term: Out come\nalso:\n  - b\nmeaning: |-\n  One two.\n  Three.\n  Four.\n",
    ]


def test_a_new_term_passes_the_projects_own_check(save: Save, project: Path) -> None:
    value = {
        "term": "No",
        "also": ["none: at all"],
        "meaning": "An answer that closes a question.\nIt takes five words: more.",
        "example": "A bidder asks whether travel counts, and the council says no to it.",
        "points": ["intro"],
        "typed_text": None,
        "automatic": "no",
        "search": ["=", "12:30"],
    }
    (written,) = save([{"folder": "glossary", "text": "", "value": value}])
    (project / "data/glossary/no.yml").write_text(written, "utf-8")
    read = read_project(project)
    assert read.errors == ()
    assert read.framework is not None
    term = read.framework.get(Term, "no")
    assert (term.term, term.automatic, term.search) == ("No", "no", ("=", "12:30"))
