"""Test that after each edit described in MAINTAINING.md the check, the build and the tests of real records pass.

The edits are made in a copy of the real project. Their records are chosen by what they are, not by id. Where an edit leaves old ids
behind, the check's messages are followed to the letter, so they must say enough.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import pytest

from macros.cli.release import CHANGELOG
from macros.history import editions
from macros.model.framework import Framework, Reference
from macros.model.problem import Problem
from macros.model.records import Principle, Recommendation, Record, Source, Stage, Term
from macros.rendering.page_macros import PageMacros
from macros.rendering.sandbox import article
from macros.site_build.project import read_project
from tests.cli.test_release import release, store
from tests.conftest import REAL, ROOT, copy_project, framework_of, sweep
from tests.end_to_end.test_readme import EXAMPLES
from tests.history.test_editions import next_edition
from tests.history.test_git import git


def write(file: Path, pattern: str, new: str) -> None:
    """Replace the first match of `pattern` in `file`."""
    text, times = re.subn(pattern, lambda _: new, file.read_text("utf-8"), count=1, flags=re.MULTILINE)
    assert times == 1, (file.name, pattern)
    file.write_text(text, "utf-8")


def formerly(file: Path, old: str) -> None:
    """Add `old` to the former ids of the record in `file`."""
    listed = re.search(r"^formerly: .*(?=\]$)", file.read_text("utf-8"), re.MULTILINE)
    write(file, r"^formerly: .*$" if listed else r"\Z", f"{listed[0]}, {old}]" if listed else f"\nformerly: [{old}]\n")


def path(root: Path, record: Record) -> Path:
    return root / f"data/{record.folder}/{record.id}.yml"


def follow(root: Path, old: str) -> list[Problem]:
    """Do what the check says about references to the id `old`; return the problems."""
    followed: list[Problem] = []
    for _ in range(5):
        for problem in (problem for problem in read_project(root).errors if problem.name != "lost-id"):
            file = root / problem.path
            lines = file.read_text("utf-8").split("\n")
            line, at = lines[problem.line - 1], problem.column - 1
            if new := re.search(r"\bwrite ([a-z0-9-]+)", problem.instead):
                changed = line[:at] + re.sub(rf"(?<![\w-]){re.escape(old)}(?![\w-])", new[1], line[at:], count=1)
            else:
                assert re.search(r"remove the reference|delete it", problem.instead), problem
                changed = re.sub(rf", {old}(?=[],])|(?<=\[){old}, ", "", line)
            lines[problem.line - 1] = changed if changed != line else ""  # the only item of its list
            file.write_text("\n".join(lines), "utf-8")
            followed.append(problem)
    return followed


def coming(root: Path, framework: Framework) -> str:
    """Return the next edition."""
    return editions.next_edition(framework, read_project(root).snapshots)


def next_id(framework: Framework, stage: Stage) -> str:
    """Return the next free id of a recommendation of `stage`."""
    used = {i for r in framework.all(Recommendation) for i in (r.id, *r.formerly)}
    return next(f"{stage.number}{letter}" for letter in ascii_lowercase if f"{stage.number}{letter}" not in used)


def most_named(framework: Framework, cls: type[Record]) -> list[Any]:
    """Return the records of `cls` that are not withdrawn and have no theme, those first that most records name."""
    records = [r for r in framework.all(cls) if not getattr(r, "withdrawn", None) and not getattr(r, "theme", None)]
    return sorted(records, key=lambda record: -len(framework.referrers(record)))


def add(root: Path, framework: Framework, cls: type[Recommendation | Term | Source]) -> None:
    """Add the example of data/README.md."""
    place, text = next((place, text) for place, text in EXAMPLES if place.startswith(f"data/{cls.folder}/"))
    file = root / place
    if cls is Recommendation:
        new = next_id(framework, framework.get(Stage, re.findall(r"^stage: (\S+)", text)[0]))
        text = re.sub(r"(?m)^letter: \w", f"letter: {new[-1]}", re.sub(r"(?m)^added: \S+", f"added: {coming(root, framework)}", text))
        file = file.with_stem(new)
    elif cls is Source:
        write(path(root, next(t for t in framework.all(Term) if t.sources)), r"^sources: \[", f"sources: [{file.stem}, ")
    file.write_text(text, "utf-8")


def reword(root: Path, framework: Framework) -> None:
    file = path(root, most_named(framework, Recommendation)[0])
    write(file, r"^title: .*$", "title: Do this in quite another way")
    write(file, r"^avoid:\n  - \|-\n    .*$", "avoid:\n  - |-\n    Doing it as [[outcome|the outcome]] was once sought.")


def first_not_alone(framework: Framework) -> Recommendation:
    """Return the report's most named recommendation without which others of its stage still serve each of its principles."""

    def alone(r: Recommendation) -> bool:
        served = (framework.get(Principle, service.principle) for service in r.compact)
        return any(len(framework.serving(principle, framework.get(Stage, r.stage))) == 1 for principle in served)

    found: Iterator[Recommendation] = (r for r in most_named(framework, Recommendation) if not r.added and not alone(r))
    return next(found)


def withdraw(root: Path, framework: Framework) -> None:
    """Withdraw one for one of another stage that no record names with it."""
    gone = first_not_alone(framework)
    naming = {(r.kind, r.id) for r in framework.referrers(gone)}
    elsewhere = [r for r in framework.all(Recommendation) if not r.withdrawn and r.stage != gone.stage and (r.kind, r.id) not in naming]
    other = next(r for r in elsewhere if not naming & {(named.kind, named.id) for named in framework.referrers(r)})
    withdrawn = f"  edition: {coming(root, framework)}\n  reason: |-\n    Another one says it better.\n  instead: [{other.id}]"
    write(path(root, gone), r"\Z", f"\nwithdrawn:\n{withdrawn}\n")
    assert follow(root, gone.id)


def move(root: Path, framework: Framework) -> None:
    record = first_not_alone(framework)
    stage = next(s for s in framework.all(Stage) if s.id != record.stage)
    new = next_id(framework, stage)
    file = path(root, record).rename(root / f"data/recommendations/{new}.yml")
    write(file, r"^stage: .*$", f"stage: {stage.id}")
    write(file, r"^letter: .*$", f"letter: {new[-1]}")
    formerly(file, record.id)
    follow(root, record.id)


def rename(root: Path, framework: Framework, cls: type[Term | Source]) -> None:
    record = most_named(framework, cls)[0]
    formerly(path(root, record).rename(root / f"data/{cls.folder}/quite-another-{record.id}.yml"), record.id)
    assert follow(root, record.id)


def merge(root: Path, framework: Framework, cls: type[Term | Source]) -> None:
    """Merge the most named record into another that is not named together with it."""

    def near(record: Record) -> set[str]:
        return {record.id, *(r.id for r in framework.referrers(record))}

    ranked = most_named(framework, cls)
    gone, into = next((a, b) for a in ranked for b in ranked if framework.referrers(a) and not near(a) & near(b))
    path(root, gone).unlink()
    formerly(path(root, into), gone.id)
    assert follow(root, gone.id)


def delete(root: Path, framework: Framework, cls: type[Term | Source]) -> None:
    """Delete a record that is only named in lists, and each reference to it; another keeps its address."""

    def in_list(reference: Reference) -> bool:
        line = framework.documents[reference.holder].place(reference.loc).line
        text = path(root, framework.records[reference.holder]).read_text("utf-8").split("\n")[line - 1]
        return re.search(r"\[.*,.*\]", text) is not None

    def only_in_lists(record: Record) -> bool:
        link = rf"(?:\[\[|\]\((?:{record.kind}/)?){record.id}[|\])]"
        references = framework.references_to((record.kind, record.id))
        return bool(references) and all(map(in_list, references)) and not any(re.search(link, text) for _, _, text in framework.prose)

    gone, keeper = list(filter(only_in_lists, framework.all(cls)))[:2]
    path(root, gone).unlink()
    problems = follow(root, gone.id)
    assert all(problem.instead.endswith(f"bring data/{cls.folder}/{gone.id}.yml back, or remove the reference") for problem in problems)
    formerly(path(root, keeper), gone.id)


EDITS: dict[str, Callable[[Path, Framework], None]] = {
    "Add a record: recommendation": lambda root, framework: add(root, framework, Recommendation),
    "Add a record: term": lambda root, framework: add(root, framework, Term),
    "Add a record: source": lambda root, framework: add(root, framework, Source),
    "Reword a record": reword,
    "Withdraw a recommendation": withdraw,
    "Move a recommendation to another stage": move,
    "Rename a term or a source: term": lambda root, framework: rename(root, framework, Term),
    "Rename a term or a source: source": lambda root, framework: rename(root, framework, Source),
    "Merge two terms or sources: terms": lambda root, framework: merge(root, framework, Term),
    "Merge two terms or sources: sources": lambda root, framework: merge(root, framework, Source),
    "Delete a term or a source: term": lambda root, framework: delete(root, framework, Term),
    "Delete a term or a source: source": lambda root, framework: delete(root, framework, Source),
    "Change the title of a stage": lambda root, framework: write(
        path(root, framework.all(Stage)[-1]), r"^title: .*$", "title: Looking back & learning"
    ),
}
"""The edits in MAINTAINING.md, before the colon, and ours for each."""
NAMES = list(EDITS)


def test_every_documented_edit_is_tested() -> None:
    table = (ROOT / "MAINTAINING.md").read_text("utf-8").partition("| What you want to do |")[2].partition("\n\n")[0]
    edits = dict.fromkeys(name.partition(":")[0] for name in EDITS)
    assert re.findall(r"^\| ([A-Z].*?) \|", table, re.MULTILINE) == [*edits, "Release an edition"]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the real project."""
    return copy_project(REAL, tmp_path)


def run_tests(root: Path) -> None:
    """Run the tests of real records on the records and the built site of `root`."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", "-m", "records and not costly"],
        cwd=ROOT,
        env={**os.environ, "SVF_PROJECT": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]


@pytest.mark.our_content
@pytest.mark.records
@pytest.mark.parametrize("name", [*NAMES[1::3], *sweep(*NAMES[::3], *NAMES[2::3])])
def test_the_check_passes_after_a_documented_edit_or_says_what_to_do(copy: Path, name: str) -> None:
    EDITS[name](copy, framework_of(copy))
    framework, project, here = framework_of(copy), read_project(copy), ""
    macros = PageMacros(framework, lambda: here, project.citations).macros()
    for page in project.all_pages:
        here = page.url
        assert article(page, macros), "the build does not stop either"


@pytest.mark.sweep
@pytest.mark.parametrize("first", range(3))
def test_the_tests_pass_after_documented_edits(copy: Path, first: int) -> None:
    for name in NAMES[first::3]:
        EDITS[name](copy, framework_of(copy))
    run_tests(copy)


def prepare_release(root: Path) -> None:
    """Make `root` a repository with a publisher and a tag for each released edition."""
    for name in ("data/site.yml", "mkdocs.yml", "CONTRIBUTING.md", ".github/ISSUE_TEMPLATE/config.yml", ".github/CODEOWNERS"):
        text = (root / name).read_text("utf-8").replace("example.org", "testshire.gov.uk").replace("publisher/", "council/")
        (root / name).write_text(text, "utf-8")
    write(root / "data/site.yml", r"^publisher: .*$", "publisher: Testshire Council")
    git(root, "init", "-q", "-b", framework_of(root).site.branch)
    store(root)
    for snapshot in read_project(root).snapshots:
        git(root, "tag", snapshot.tag)


def released(root: Path, edition: str, day: str) -> str:
    """Release `edition` on `day`; return its part of the changelog."""
    next_edition(root, edition, day)
    if git(root, "status", "--porcelain"):
        store(root)
    done = release(root, day=day)
    assert done.returncode == 0, done.stdout + done.stderr
    return (root / CHANGELOG).read_text("utf-8").partition(f"## Edition {edition}, ")[2].partition("\n## Edition ")[0]


@pytest.mark.sweep
def test_the_tests_pass_after_two_editions(copy: Path) -> None:
    prepare_release(copy)
    now = framework_of(copy)
    first = coming(copy, now)
    checked_on = max(day for record in now.records.values() if (day := getattr(record, "checked_on", None)))
    released(copy, first, max(now.site.edition_date.isoformat(), checked_on.isoformat(), f"{first}-01"))
    second = coming(copy, framework_of(copy))
    next_edition(copy, second, f"{second}-28")
    for name in NAMES[::3]:
        EDITS[name](copy, framework_of(copy))
    text = released(copy, second, f"{second}-28")
    assert "Do this in quite another way" in text
    run_tests(copy)
