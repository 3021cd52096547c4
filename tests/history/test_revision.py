"""A Git revision is read without being checked out; what cannot be found or read gets a plain answer."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from macros.__main__ import main
from macros.cli.context import project_at, unread
from macros.cli.release import not_ready
from macros.history.git import RevisionError, base_of, commit
from macros.site_build.project import read_project

ENVIRONMENT = {
    **os.environ,
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Test",
    "GIT_AUTHOR_EMAIL": "test@testshire.gov.uk",
    "GIT_COMMITTER_NAME": "Test",
    "GIT_COMMITTER_EMAIL": "test@testshire.gov.uk",
}


def git(folder: Path, *words: str, given: str = "") -> str:
    done = subprocess.run(["git", *words], cwd=folder, env=ENVIRONMENT, input=given, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def save(folder: Path, message: str = "Change") -> str:
    """Commit the records, pages and settings of `folder`, and return the commit."""
    git(folder, "add", "-A", "data", "content", "mkdocs.yml")
    git(folder, "commit", "--allow-empty", "-qm", message)
    return git(folder, "rev-parse", "HEAD")


def repository(folder: Path) -> Path:
    git(folder, "init", "-q", "-b", "main")
    save(folder, "Begin")
    git(folder, "tag", "begin")
    return folder


def put(folder: Path, path: str, old: str, new: str) -> None:
    file = folder / path
    assert old in file.read_text("utf-8")
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")


@pytest.fixture
def repo(project: Path) -> Path:
    """The small project as a repository of its own, with everything in one commit, tagged begin."""
    return repository(project)


def test_a_revision_is_read_as_it_was(repo: Path) -> None:
    put(repo, "data/glossary/outcome.yml", "term: ", "term: Changed ")
    (repo / "data/values/trust.yml").unlink()
    found, problems = project_at(repo, "begin")
    assert problems == ()
    assert found.framework is not None
    git(repo, "checkout", "-q", "--", "data")
    here = read_project(repo)
    assert here.framework is not None
    assert found.framework.records == here.framework.records
    assert found.pages == here.pages
    assert not found.root.exists()


def test_nothing_in_the_folder_is_changed(repo: Path) -> None:
    put(repo, "data/glossary/outcome.yml", "term: ", "term: Changed ")
    before = git(repo, "status", "--porcelain")
    project_at(repo, "begin")
    base_of(repo, "begin")
    assert git(repo, "status", "--porcelain") == before
    assert git(repo, "stash", "list") == ""


def test_a_project_in_a_folder_of_the_repository_is_found(tmp_path: Path, project: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "-A", "project/data", "project/content", "project/mkdocs.yml")
    git(tmp_path, "commit", "-qm", "Begin")
    found, problems = project_at(project, "main")
    assert problems == ()
    assert found.framework is not None


@pytest.mark.parametrize("revision", ["", "-x", "--output=x", "nowhere", "main..begin", "main\0", "begin:data"])
def test_what_is_no_revision_gets_an_answer(repo: Path, revision: str) -> None:
    with pytest.raises(RevisionError, match="no revision"):
        commit(repo, revision)


def test_a_folder_without_git_gets_an_answer(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.parent))
    with pytest.raises(RevisionError, match="not in a Git repository"):
        commit(project, "main")


TRUST = (
    "This repository belongs to another user, so Git refuses to read it. If you trust it, run: git config --global --add safe.directory "
)


@pytest.fixture
def elsewhere(repo: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository that belongs to another user, as Git sees it; no setting of this machine trusts it."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    return repo


def test_a_repository_of_another_user_is_named_with_what_makes_git_read_it(elsewhere: Path) -> None:
    with pytest.raises(RevisionError) as caught:
        commit(elsewhere, "HEAD")
    assert str(caught.value) == f"{TRUST}{elsewhere}"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files to another user")
def test_a_clone_that_root_has_given_to_another_user_is_named(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config"
    config.touch()
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("SUDO_UID", raising=False)
    subprocess.run(["chown", "-R", "12345", str(repo)], check=True)
    with pytest.raises(RevisionError) as caught:
        commit(repo, "HEAD")
    assert str(caught.value) == f"{TRUST}{repo}"
    subprocess.run(str(caught.value).partition("run: ")[2].split(), check=True)
    assert commit(repo, "HEAD") == commit(repo, "begin")


@pytest.mark.parametrize("words", [["diff", "HEAD"], ["protected", "HEAD"], ["release", "--dry-run"]])
def test_every_command_says_that_a_repository_belongs_to_another_user(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(elsewhere)
    done = CliRunner().invoke(main, words)
    assert done.exit_code != 0
    assert f"{TRUST}{elsewhere}\n" in done.output
    assert "Usage" not in done.output


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda git: (git / "HEAD").unlink(), "(not a git repository (or any of the parent directories): .git)"),
        (lambda git: (git / "config").write_text("\n[x"), " in file .git/config)"),
        (lambda git: git.rename(git.with_name("moved")).with_name(".git").write_text("gitdir: nowhere\n"), "nowhere)"),
    ],
    ids=["no-head", "settings", "moved"],
)
def test_a_repository_that_is_damaged_is_named_with_what_git_says(repo: Path, spoil: Callable[[Path], object], said: str) -> None:
    spoil(repo / ".git")
    for revision in ("HEAD", "HEAD~1"):
        with pytest.raises(RevisionError) as caught:
            commit(repo, revision)
        assert str(caught.value).startswith("Git cannot read the repository here (")
        assert said in str(caught.value)
        assert "run git fsck" in str(caught.value)


def test_files_that_git_cannot_read_are_named(repo: Path) -> None:
    blob = git(repo, "rev-parse", "HEAD:data/values/trust.yml")
    (repo / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(RevisionError, match=r"Git cannot read the repository here \(data/values/trust.yml is missing from it\)"):
        project_at(repo, "HEAD")


def test_a_repository_without_a_folder_of_files_is_compared_but_not_released(repo: Path) -> None:
    git(repo, "config", "core.bare", "true")
    assert base_of(repo, "begin") == commit(repo, "HEAD")
    said = "\n".join(not_ready(repo, read_project(repo), date(2026, 11, 30)))
    assert "Git cannot read the repository here (this operation must be run in a work tree)" in said


def test_a_repository_without_a_commit_gets_an_answer(project: Path) -> None:
    git(project, "init", "-q")
    with pytest.raises(RevisionError, match='There is no revision "HEAD" here, or nothing is committed yet'):
        commit(project, "HEAD")


def test_a_clone_without_the_revision_is_told_to_fetch_it(repo: Path, tmp_path: Path) -> None:
    save(repo, "More")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repo}", str(tmp_path / "short"))
    for revision in ("HEAD~1", "begin"):
        with pytest.raises(RevisionError, match=f'no revision "{revision}" here, because .* run git fetch --unshallow'):
            commit(tmp_path / "short", revision)
    git(tmp_path / "short", "fetch", "-q", "--unshallow")
    assert commit(tmp_path / "short", "HEAD~1") == git(repo, "rev-parse", "HEAD~1")


def test_what_git_says_is_read_in_any_language(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.parent))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("LANGUAGE", "de")
    with pytest.raises(RevisionError, match="not in a Git repository"):
        commit(project, "main")


def test_a_machine_without_git_gets_an_answer(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(RevisionError, match="no Git on this machine"):
        project_at(repo, "main")


def test_what_the_base_got_meanwhile_does_not_count(repo: Path) -> None:
    git(repo, "checkout", "-qb", "offer")
    put(repo, "content/values.md", "#", "# ")
    save(repo)
    git(repo, "checkout", "-q", "main")
    save(repo, "Meanwhile")
    assert base_of(repo, "main", "offer") == git(repo, "rev-parse", "begin")
    assert base_of(repo, "begin") == git(repo, "rev-parse", "begin")


def test_two_histories_without_a_common_start_are_compared_as_they_are(repo: Path) -> None:
    git(repo, "checkout", "-q", "--orphan", "other")
    save(repo, "Begin again")
    assert base_of(repo, "main", "other") == git(repo, "rev-parse", "main")


def test_a_history_that_is_cut_short_gets_an_answer(repo: Path, tmp_path: Path) -> None:
    git(repo, "checkout", "-qb", "offer")
    save(repo, "Offer")
    git(repo, "checkout", "-q", "main")
    save(repo, "Meanwhile")
    short = tmp_path / "short"
    git(tmp_path, "clone", "-q", "--depth", "1", "--no-single-branch", f"file://{repo}", str(short))
    with pytest.raises(RevisionError, match="git fetch --unshallow"):
        base_of(short, "origin/main", "origin/offer")


def test_a_link_is_not_followed(repo: Path) -> None:
    (repo / "data/values/trust.yml").unlink()
    (repo / "data/values/trust.yml").symlink_to("/etc/passwd")
    save(repo)
    _, problems = project_at(repo, "main")
    assert ("data/values/trust.yml", "symlink") in {(p.path, p.name) for p in problems}
    assert "root:" not in str(problems)


def test_a_name_that_leads_out_of_the_folder_is_refused(repo: Path) -> None:
    blob = git(repo, "hash-object", "-w", "--stdin", "--path", "x", given="stolen")
    raw = b"100644 escaped.yml\0" + bytes.fromhex(blob)
    inner = write_tree(repo, raw)
    up = write_tree(repo, b"40000 ..\0" + bytes.fromhex(inner))
    data = write_tree(repo, b"40000 values\0" + bytes.fromhex(up))
    whole = write_tree(repo, b"40000 data\0" + bytes.fromhex(data))
    hostile = git(repo, "commit-tree", whole, "-m", "Climb")
    _, problems = project_at(repo, hostile)
    assert ("data/values/../escaped.yml", "file-name") in {(p.path, p.name) for p in problems}


def write_tree(repo: Path, raw: bytes) -> str:
    done = subprocess.run(
        ["git", "hash-object", "-t", "tree", "-w", "--stdin", "--literally"],
        cwd=repo,
        env=ENVIRONMENT,
        input=raw,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().strip()


def test_a_file_that_is_too_large_is_not_taken(repo: Path) -> None:
    (repo / "content/values.md").write_text("x" * 300_000)
    save(repo)
    assert "too-large" in {p.name for p in project_at(repo, "main")[1]}


def test_a_bad_record_or_page_keeps_a_project_from_being_compared_and_a_bad_style_does_not(repo: Path) -> None:
    assert unread(read_project(repo)) == ()
    put(repo, "data/values/trust.yml", "meaning: |-\n  ", "meaning: |-\n  Trust  it. ")
    assert read_project(repo).errors
    assert unread(read_project(repo)) == ()
    put(repo, "content/values.md", "description:", "about:")
    assert {p.path for p in unread(read_project(repo))} == {"content/values.md"}
    put(repo, "data/values/trust.yml", "number:", "figure:")
    assert {p.path for p in unread(read_project(repo))} == {"content/values.md", "data/values/trust.yml"}


def test_a_tree_that_no_folder_can_hold_is_a_problem_and_no_fault(repo: Path) -> None:
    blob = bytes.fromhex(git(repo, "hash-object", "-w", "--stdin", "--path", "x", given="title: x"))
    long = write_tree(repo, b"100644 " + b"x" * 4_000 + b".yml\0" + blob)
    both = write_tree(repo, b"100644 a\0" + blob + b"40000 a\0" + bytes.fromhex(write_tree(repo, b"100644 b.yml\0" + blob)))
    for inner in (long, both):
        data = write_tree(repo, b"40000 values\0" + bytes.fromhex(inner))
        whole = write_tree(repo, b"40000 data\0" + bytes.fromhex(data))
        _, problems = project_at(repo, git(repo, "commit-tree", whole, "-m", "Odd"))
        assert "file-name" in {p.name for p in problems if p.path.startswith("data/values/")}


def test_a_revision_that_holds_too_much_is_not_laid_out(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("macros.history.git.MOST_FILES", 3)
    with pytest.raises(RevisionError, match="too much to compare"):
        project_at(repo, "main")
