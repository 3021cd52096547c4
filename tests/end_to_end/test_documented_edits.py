"""Each edit that CONTRIBUTING.md describes, made in a copy of the real project: check, build and tests that judge records still pass.

The records to edit are chosen by what they are, not by name. Where an edit leaves old ids behind, the messages of the check are followed
to the letter, so that they must say enough.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from string import ascii_lowercase

import pytest

from macros.cli.release import CHANGELOG
from macros.history import edition_checks
from macros.model.base import Record
from macros.model.core import Recommendation, Source, Stage, Term
from macros.model.framework import Framework
from macros.model.problem import Problem
from macros.site_build.project import read_project
from tests.cli.test_release import release, store
from tests.conftest import REAL, ROOT, TESTS, swept
from tests.end_to_end.test_readme import EXAMPLES
from tests.history.test_revision import git
from tests.history.test_snapshot import next_edition

FILES = [file for file in sorted(TESTS.rglob("test_*.py")) if re.search(r"\b(?:real|real_project|site): ", file.read_text("utf-8"))]
OWN = Path(__file__).name


def read(root: Path) -> Framework:
    """Return the framework of `root`, which must have no problems."""
    project = read_project(root)
    assert project.errors == ()
    assert project.framework is not None
    return project.framework


def write(file: Path, old: str, new: str) -> None:
    """Replace `old`, a pattern that is found at the beginning of a line, by `new` in `file`."""
    text, times = re.subn(old, lambda _: new, file.read_text("utf-8"), count=1, flags=re.MULTILINE)
    assert times == 1, (file.name, old)
    file.write_text(text, "utf-8")


def add_lines(file: Path, lines: str) -> None:
    text = file.read_text("utf-8")
    file.write_text(f"{text.rstrip()}\n{lines}\n", "utf-8")


def formerly(file: Path, old: str) -> None:
    """Write that the record in `file` had the id `old`, or takes its place."""
    found = re.search(r"^formerly: \[(.*)\]$", file.read_text("utf-8"), re.MULTILINE)
    if found:
        write(file, r"^formerly: .*$", f"formerly: [{found[1]}, {old}]")
    else:
        add_lines(file, f"formerly: [{old}]")


def path(root: Path, record: Record) -> Path:
    return root / f"data/{record.folder}/{record.id}.yml"


def links(framework: Framework, record: Record) -> int:
    """Return how often prose of records links `record`."""
    return sum(bool(re.search(rf"(?:\[\[|\]\((?:{record.kind}/)?){record.id}[|\])]", text)) for _, _, text in framework.prose)


def follow(root: Path, old: str) -> list[Problem]:
    """Do what the check says of the id `old` until it says nothing, and return the problems that there were."""
    followed: list[Problem] = []
    for _ in range(5):
        problems = read_project(root).errors
        if not problems:
            return followed
        for problem in problems:
            file = root / problem.path
            lines = file.read_text("utf-8").split("\n")
            line, at = lines[problem.line - 1], problem.column - 1
            word = rf"(?<![\w-]){re.escape(old)}(?![\w-])"
            if new := re.search(r"\bwrite ([a-z0-9-]+)", problem.instead):
                lines[problem.line - 1] = line[:at] + re.sub(word, new[1], line[at:], count=1)
            else:
                assert re.search(r"remove the reference|delete it", problem.instead), problem
                lines[problem.line - 1] = without_item(line, at)
            assert lines[problem.line - 1] != line, problem
            file.write_text("\n".join(lines), "utf-8")
            followed.append(problem)
    pytest.fail(f"the check is not content: {read_project(root).errors}")


def without_item(line: str, at: int) -> str:
    """Return `line` without the item of its list that begins at the column `at`; nothing, if there is no other."""
    item = re.match(r"[a-z0-9-]+", line[at:])
    assert item, line
    before, after = line[:at], line[at + len(item[0]) :]
    if after.startswith(", "):
        return before + after[2:]
    return before.removesuffix(", ") + after if before.endswith(", ") else ""


def coming(root: Path, framework: Framework) -> str:
    """Return the edition that comes next."""
    return edition_checks.next_edition(framework, read_project(root).snapshots)


def next_id(framework: Framework, stage: Stage) -> str:
    """Return the next free id of a recommendation of `stage`."""
    used = {i for r in framework.all(Recommendation) for i in (r.id, *r.formerly)}
    return next(f"{stage.number}{letter}" for letter in ascii_lowercase if f"{stage.number}{letter}" not in used)


def unnamed(framework: Framework) -> Recommendation:
    """Return the last recommendation that nothing names, without a theme, in a stage with others."""
    return next(
        r
        for r in reversed(framework.all(Recommendation))
        if not (r.withdrawn or r.theme or framework.naming(r) or links(framework, r))
        and len([o for o in framework.recommendations(framework.get(Stage, r.stage)) if not o.withdrawn]) > 1
    )


def named(framework: Framework) -> Recommendation:
    """Return the recommendation, without a theme, that most records name."""
    return max((r for r in framework.all(Recommendation) if not r.withdrawn and not r.theme), key=lambda r: len(framework.naming(r)))


def example(root: Path, kind: str) -> tuple[Path, str]:
    """Return where the example of `kind` in data/README.md is to be put, and its text."""
    place, text = next((place, text) for place, text in EXAMPLES if place.startswith(f"data/{kind}/"))
    assert not (root / place).exists() or kind == "recommendations"
    return root / place, text


def add_recommendation(root: Path, framework: Framework) -> None:
    _, text = example(root, "recommendations")
    stage = framework.get(Stage, re.findall(r"^stage: (\S+)", text)[0])
    new = next_id(framework, stage)
    text = re.sub(r"(?m)^letter: \w", f"letter: {new[-1]}", re.sub(r"(?m)^added: \S+", f"added: {coming(root, framework)}", text))
    (root / f"data/recommendations/{new}.yml").write_text(text, "utf-8")


def reword_recommendation(root: Path, framework: Framework) -> None:
    file = path(root, named(framework))
    write(file, r"^title: .*$", "title: Do this in quite another way")
    write(file, r"^avoid:\n  - \|-\n    .*$", "avoid:\n  - |-\n    Doing it as [[outcome|the outcome]] was once sought.")


def withdraw_recommendation(root: Path, framework: Framework) -> None:
    gone = unnamed(framework)
    other = next(r for r in framework.all(Recommendation) if r.stage != gone.stage and not r.withdrawn)
    add_lines(
        path(root, gone),
        f"withdrawn:\n  edition: {coming(root, framework)}\n  reason: |-\n    Another one says it better.\n  instead: [{other.id}]",
    )


def withdraw_named_recommendation(root: Path, framework: Framework) -> None:
    gone = named(framework)
    naming = {r.id for r in framework.naming(gone)}
    other = next(
        r for r in framework.all(Recommendation) if not r.withdrawn and r is not gone and not framework.naming(r) and r.id not in naming
    )
    add_lines(
        path(root, gone),
        f"withdrawn:\n  edition: {coming(root, framework)}\n  reason: |-\n    Another one says it better.\n  instead: [{other.id}]",
    )
    assert follow(root, gone.id)


def move_recommendation(root: Path, framework: Framework, record: Recommendation | None = None) -> None:
    record = record or unnamed(framework)
    stage = next(s for s in framework.all(Stage) if s.id != record.stage)
    new = next_id(framework, stage)
    file = path(root, record).rename(root / f"data/recommendations/{new}.yml")
    write(file, r"^stage: .*$", f"stage: {stage.id}")
    write(file, r"^letter: .*$", f"letter: {new[-1]}")
    formerly(file, record.id)
    follow(root, record.id)


def move_named_recommendation(root: Path, framework: Framework) -> None:
    move_recommendation(root, framework, named(framework))


def add_term(root: Path, _: Framework) -> None:
    file, text = example(root, "glossary")
    file.write_text(text, "utf-8")


def add_source(root: Path, framework: Framework) -> None:
    file, text = example(root, "sources")
    file.write_text(text, "utf-8")
    write(path(root, next(t for t in framework.all(Term) if t.sources)), r"^sources: \[", f"sources: [{file.stem}, ")


def rename(root: Path, framework: Framework, cls: type[Term | Source]) -> None:
    record = max(framework.all(cls), key=lambda r: len(framework.naming(r)))
    formerly(path(root, record).rename(root / f"data/{cls.folder}/quite-another-{cls.kind}.yml"), record.id)
    assert follow(root, record.id)


def merge(root: Path, framework: Framework, cls: type[Term | Source]) -> None:
    """Let the record that most others name, of those that share none with it, become part of another."""
    ranked = sorted(framework.all(cls), key=lambda r: -len(framework.naming(r)))

    def apart(one: Record, other: Record) -> bool:
        return not ({one.id, *(r.id for r in framework.naming(one))} & {other.id, *(r.id for r in framework.naming(other))})

    gone, into = next((a, b) for a in ranked for b in ranked if apart(a, b) and framework.naming(a))
    path(root, gone).unlink()
    formerly(path(root, into), gone.id)
    assert follow(root, gone.id)


def delete(root: Path, framework: Framework, cls: type[Term | Source]) -> None:
    """Remove a record and each reference to it; another keeps its address."""

    def only_in_lists(record: Record) -> bool:
        references = framework.index.naming((record.kind, record.id))
        return (
            bool(references)
            and not links(framework, record)
            and all(
                re.search(
                    r"\[.*,.*\]",
                    path(root, framework.records[r.holder])
                    .read_text("utf-8")
                    .split("\n")[framework.documents[r.holder].place(r.loc)[0] - 1],
                )
                for r in references
            )
        )

    gone = next(r for r in framework.all(cls) if only_in_lists(r))
    path(root, gone).unlink()
    told = follow(root, gone.id)
    assert told
    assert {problem.instead for problem in told} == {f"bring data/{cls.folder}/{gone.id}.yml back, or remove the reference"}
    formerly(path(root, next(r for r in framework.all(cls) if r is not gone)), gone.id)


def retitle_stage(root: Path, framework: Framework) -> None:
    write(path(root, framework.all(Stage)[-1]), r"^title: .*$", "title: Looking back & learning")


EDITS: dict[str, Callable[[Path, Framework], None]] = {
    "add-recommendation": add_recommendation,
    "reword-recommendation": reword_recommendation,
    "withdraw-recommendation": withdraw_recommendation,
    "withdraw-named-recommendation": withdraw_named_recommendation,
    "move-recommendation": move_recommendation,
    "move-named-recommendation": move_named_recommendation,
    "add-term": add_term,
    "rename-term": lambda root, framework: rename(root, framework, Term),
    "merge-terms": lambda root, framework: merge(root, framework, Term),
    "delete-term": lambda root, framework: delete(root, framework, Term),
    "add-source": add_source,
    "rename-source": lambda root, framework: rename(root, framework, Source),
    "merge-sources": lambda root, framework: merge(root, framework, Source),
    "delete-source": lambda root, framework: delete(root, framework, Source),
    "retitle-stage": retitle_stage,
}


DOCUMENTED = {
    "Add a record": ("add-recommendation", "add-term", "add-source"),
    "Reword a record": ("reword-recommendation",),
    "Withdraw a recommendation": ("withdraw-recommendation", "withdraw-named-recommendation"),
    "Move a recommendation to another stage": ("move-recommendation", "move-named-recommendation"),
    "Rename a term or a source": ("rename-term", "rename-source"),
    "Merge two terms or sources": ("merge-terms", "merge-sources"),
    "Delete a term or a source": ("delete-term", "delete-source"),
    "Change the title of a stage": ("retitle-stage",),
    "Release an edition": (),
}
"""The edits that CONTRIBUTING.md describes, and ours of each; a release has a test of its own."""


def test_every_edit_that_is_described_is_tried() -> None:
    table = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("| What you want to do |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| ([A-Z].*?) \|", table, re.MULTILINE) == list(DOCUMENTED)
    assert sorted(edit for edits in DOCUMENTED.values() for edit in edits) == sorted(EDITS)


QUICK = ("add-recommendation", "withdraw-named-recommendation", "move-recommendation", "merge-sources", "delete-term")
"""The edits that `make test` checks; `make test-all` checks every one."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the real project."""
    for name in ("data", "content", "overrides", ".github", ".vscode"):
        shutil.copytree(REAL / name, tmp_path / name)
    for name in ("mkdocs.yml", "CHANGELOG.md", ".gitignore"):
        shutil.copy(REAL / name, tmp_path)
    for name in ("macros", "node_modules", "package.json", "package-lock.json"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def judge(root: Path, *which: str) -> None:
    """Let the tests that judge records do so with the records and the built site of `root`; or those of the guides that `which` choose."""
    chosen = which or ("-m", "records and not printed and not costly")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", *chosen, *map(str, FILES)],
        cwd=ROOT,
        env={**os.environ, "SVF_PROJECT": str(root), "SVF_PRINT": "yes" if which else "no"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]


@pytest.mark.parametrize("edit", [*QUICK, *swept(*(edit for edit in EDITS if edit not in QUICK))])
def test_the_check_passes_after_a_documented_edit_or_says_what_to_do(copy: Path, edit: str) -> None:
    EDITS[edit](copy, read(copy))
    read(copy)


TOGETHER = (
    ("add-recommendation", "reword-recommendation", "move-named-recommendation", "add-term", "add-source"),
    ("withdraw-recommendation", "merge-terms", "rename-source"),
    ("withdraw-named-recommendation", "retitle-stage", "delete-term", "merge-sources"),
    ("move-recommendation", "rename-term", "delete-source"),
)
"""The edits of which one site is built: they touch different kinds of records, so that none hides what another breaks."""


def test_every_edit_is_built() -> None:
    assert sorted(edit for edits in TOGETHER for edit in edits) == sorted(EDITS)


@pytest.mark.sweep
@pytest.mark.parametrize("edits", TOGETHER, ids=" ".join)
def test_the_site_stands_after_documented_edits(copy: Path, edits: tuple[str, ...]) -> None:
    for edit in edits:
        EDITS[edit](copy, read(copy))
    judge(copy)


@pytest.mark.sweep
def test_the_guides_stand_after_a_recommendation_is_withdrawn_and_another_moved(copy: Path) -> None:
    for edit in ("withdraw-recommendation", "move-named-recommendation", "retitle-stage"):
        EDITS[edit](copy, read(copy))
    judge(copy, "-m", "records and printed", "-k", "bookmarks or every_word or small or test_forms")


def settle(root: Path) -> None:
    """Make a repository of `root`, in which a publisher is named and each edition that was released has its tag."""
    for file in (root / "data/site.yml", root / "mkdocs.yml", root / ".github/ISSUE_TEMPLATE/config.yml"):
        file.write_text(file.read_text("utf-8").replace("example.org", "testshire.gov.uk"), "utf-8")
    write(root / "data/site.yml", r"^publisher: .*$", "publisher: Testshire Council")
    git(root, "init", "-q", "-b", read(root).site.branch)
    store(root)
    for snapshot in read_project(root).snapshots:
        git(root, "tag", snapshot.tag)


def released(root: Path, edition: str, day: str) -> str:
    """Release `edition` on `day`, and return what the changelog says of it."""
    next_edition(root, edition, day)
    if git(root, "status", "--porcelain"):
        store(root)
    done = release(root, day=day)
    assert done.returncode == 0, done.stdout + done.stderr
    return (root / CHANGELOG).read_text("utf-8").partition(f"## Edition {edition}, ")[2].partition("\n## Edition ")[0]


@pytest.mark.sweep
def test_the_site_stands_after_an_edition_a_change_and_the_next(copy: Path) -> None:
    settle(copy)
    now = read(copy)
    first = coming(copy, now)
    looked_at = max(day for record in now.records.values() if (day := getattr(record, "checked_on", None)))
    released(copy, first, max(now.site.edition_date.isoformat(), looked_at.isoformat(), f"{first}-01"))
    second = coming(copy, read(copy))
    next_edition(copy, second, f"{second}-28")
    for edit in ("reword-recommendation", "add-recommendation", "withdraw-recommendation", "move-named-recommendation", "rename-term"):
        EDITS[edit](copy, read(copy))
    text = released(copy, second, f"{second}-28")
    assert "Do this in quite another way" in text
    judge(copy)
