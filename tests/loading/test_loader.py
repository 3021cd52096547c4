"""Every file of data/ is a record with a proper name, or a problem."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from macros.checks.relations import CHECKS
from macros.loading.loader import ENOUGH, load
from macros.model.problem import Problem


def problems(project: Path) -> tuple[Problem, ...]:
    return load(project, CHECKS)[1]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("glossary/lunch.yaml", "rename it to lunch.yml"),
        ("glossary/Lunch Club.yml", "rename it to lunch-club.yml"),
        ("glossary/lunch_club.yml", "rename it to lunch-club.yml"),
        ("glossary/-.yml", "give it a name of small letters"),
        ("glossary/notes.txt", "rename it to notes.yml"),
        ("terms/lunch.yml", 'no kind of record lives in "terms"'),
        ("stage/lunch.yml", 'did you mean "stages"?'),
        ("sites.yml", 'did you mean "site.yml"?'),
    ],
)
def test_a_file_with_a_wrong_name_is_named(project: Path, name: str, said: str) -> None:
    file = project / "data" / name
    file.parent.mkdir(exist_ok=True)
    shutil.copy(project / "data/glossary/output.yml", file)
    found = problems(project)
    assert [p.path for p in found] == [f"data/{name}"]
    assert said in found[0].message


def test_two_files_that_differ_by_case_only(project: Path) -> None:
    shutil.copy(project / "data/glossary/output.yml", project / "data/glossary/Output.yml")
    found = problems(project)
    assert {p.name for p in found} == {"file-name", "same-name"}
    assert all(p.path in ("data/glossary/Output.yml", "data/glossary/output.yml") for p in found)


def test_a_missing_single_is_named(project: Path) -> None:
    (project / "data/site.yml").unlink()
    assert [(p.path, p.name) for p in problems(project)] == [("data/site.yml", "missing-file")]


def test_no_data_at_all(tmp_path: Path) -> None:
    framework, found = load(tmp_path)
    assert framework is None
    assert {p.name for p in found} == {"missing-file"}


def test_references_are_judged_only_when_all_files_can_be_read(project: Path) -> None:
    (project / "data/glossary/outcome.yml").write_text("term: [\n")
    assert {p.path for p in problems(project)} == {"data/glossary/outcome.yml"}


def test_all_problems_of_all_files_come_at_once_and_sorted(project: Path) -> None:
    (project / "data/glossary/outcome.yml").write_text("term: Outcome\n")
    (project / "data/values/trust.yml").write_text("number: x\n")
    found = problems(project)
    assert {p.path for p in found} == {"data/glossary/outcome.yml", "data/values/trust.yml"}
    assert list(found) == sorted(found)


def test_hidden_files_and_the_schemas_are_no_records(project: Path) -> None:
    (project / "data/schema").mkdir()
    (project / "data/schema/term.json").write_text("{}")
    (project / "data/README.md").write_text("x")
    (project / "data/glossary/.swp").write_text("x")
    assert problems(project) == ()


def test_a_folder_in_a_folder_and_a_link_are_refused(project: Path) -> None:
    (project / "data/glossary/more.yml").mkdir()
    (project / "data/sources/linked.yml").symlink_to(project / "data/sources/small-law.yml")
    assert {(p.path, p.name) for p in problems(project)} == {
        ("data/glossary/more.yml", "unreadable"),
        ("data/sources/linked.yml", "symlink"),
    }


def test_a_linked_folder_is_not_followed(project: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (project / "data/extra").symlink_to(tmp_path / "elsewhere")
    assert [p.path for p in problems(project)] == ["data/extra"]


def test_a_change_is_seen(project: Path) -> None:
    assert problems(project) == ()
    file = project / "data/glossary/output.yml"
    file.write_text(file.read_text().replace("term: Output", "term: Product"))
    framework, found = load(project, CHECKS)
    assert found == ()
    assert framework is not None
    assert framework.records["term", "output"].name == "Product"


def test_after_so_many_problems_no_further_record_is_read(project: Path) -> None:
    for number in range(20):
        (project / f"data/values/n{number:02}.yml").write_text("".join(f"a{key}: b\n" for key in range(200)))
    framework, found = load(project)
    assert framework is None
    assert ENOUGH < len(found) <= ENOUGH + 200


@pytest.mark.parametrize(
    ("path", "instead"),
    [
        ("data/sources/small-law.yml", "bring data/sources/small-law.yml back, or remove the reference"),
        ("data/glossary/output.yml", "bring data/glossary/output.yml back, or remove the "),
        ("data/values/trust.yml", "bring data/values/trust.yml back, or remove the "),
        ("data/audiences/provider.yml", "bring data/audiences/provider.yml back, or remove the "),
        ("data/recommendations/1b.yml", "bring data/recommendations/1b.yml back, or remove the "),
    ],
)
def test_where_a_deleted_record_is_named_no_other_is_suggested(project: Path, path: str, instead: str) -> None:
    (project / path).unlink()
    found = [p for p in problems(project) if p.name in ("unknown-reference", "bad-link")]
    assert found
    assert [p for p in found if not p.instead.startswith(instead)] == []


def test_where_an_old_id_is_named_the_new_one_is_said(project: Path) -> None:
    old = project / "data/glossary/output.yml"
    old.rename(old.with_name("product.yml")).write_text(old.with_name("product.yml").read_text("utf-8") + "formerly: [output]\n", "utf-8")
    found = problems(project)
    assert found
    assert {p.instead for p in found} == {'it is "product" now; write product'}


@pytest.mark.parametrize(
    ("old", "new", "instead"),
    [
        ("[commissioner, provider]", "[commissioner provider]", "put a comma between: commissioner, provider"),
        ("[commissioner, provider]", "[commissioner and provider]", "put a comma between: commissioner, provider"),
        (
            "[commissioner, provider]",
            "\n      - commissioner, provider",
            "write each on a line of its own, after -: commissioner, provider",
        ),
        ("[commissioner, provider]", "[commissioner nobody]", 'did you mean "commissioner"?'),
        ("stage: 1-plan", "stage: 1-plan 1-plan", "did you mean"),
    ],
)
def test_ids_that_run_together_are_told_apart(project: Path, old: str, new: str, instead: str) -> None:
    file = project / "data/recommendations/1a.yml"
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    _, problems = load(project)
    assert problems
    assert problems[0].name == "unknown-reference"
    assert problems[0].instead.startswith(instead), problems
