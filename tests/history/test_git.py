"""A commit is read without being checked out; one that cannot be found or read is an error with advice."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from macros.cli.context import project_at, unread
from macros.history.git import GitError, base_of, commit
from macros.site_build.project import read_project

ENVIRONMENT = {
    **os.environ,
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    **dict.fromkeys(["GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"], "Test"),
    **dict.fromkeys(["GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"], "test@testshire.gov.uk"),
}


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=True).stdout.strip()


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


def test_a_commit_is_read_without_changing_the_working_tree(repo: Path) -> None:
    before = read_project(repo)
    put(repo, "data/glossary/outcome.yml", "term: ", "term: Changed ")
    (repo / "data/values/openness.yml").unlink()
    status = git(repo, "status", "--porcelain")
    found, problems = project_at(repo, "begin")
    assert problems == ()
    assert found.framework is not None
    assert before.framework is not None
    assert found.framework.records == before.framework.records
    assert found.pages == before.pages
    assert not found.root.exists()
    assert git(repo, "status", "--porcelain") == status


def test_a_project_in_a_folder_of_the_repository_is_found(tmp_path: Path, project: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "-A", "project/data", "project/content", "project/mkdocs.yml")
    git(tmp_path, "commit", "-qm", "Begin")
    found, problems = project_at(project, "main")
    assert problems == ()
    assert found.framework is not None


@pytest.mark.parametrize("name", ["", "-x", "--output=x", "nowhere", "main..begin", "begin:data"])
def test_an_unknown_commit_is_an_error(repo: Path, name: str) -> None:
    with pytest.raises(GitError, match=r"There is no branch, tag or commit .* Run git fetch, or name another"):
        commit(repo, name)


def test_a_repository_of_another_user_is_refused_with_the_advice_of_git(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(GitError, match=rf"(?s)Git cannot read the repository: .*git config --global --add safe.directory {repo}"):
        commit(repo, "HEAD")


def test_git_that_cannot_read_is_an_error(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blob = git(repo, "rev-parse", "HEAD:data/values/openness.yml")
    (repo / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(GitError, match=rf"Git cannot read the repository: .*{blob}"):
        project_at(repo, "HEAD")
    (repo / ".git/config").write_text("\n[x")
    with pytest.raises(GitError, match=r"Git cannot read the repository: .* in file .git/config"):
        commit(repo, "HEAD")
    (repo / ".git").rename(repo / "git")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(repo.parent))
    monkeypatch.setenv("LANGUAGE", "de")
    with pytest.raises(GitError, match="Git cannot read the repository: not a git repository"):
        commit(repo, "main")


def test_a_shallow_clone_is_told_to_fetch_the_history(repo: Path, tmp_path: Path) -> None:
    git(repo, "checkout", "-qb", "offer")
    save(repo, "Offer")
    git(repo, "checkout", "-q", "main")
    save(repo, "Meanwhile")
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "1", "--no-single-branch", f"file://{repo}", str(shallow))
    with pytest.raises(GitError, match="Run git fetch --unshallow"):
        base_of(shallow, "origin/main", "origin/offer")
    with pytest.raises(GitError, match=r'commit "HEAD~1" here. Run git fetch --unshallow'):
        commit(shallow, "HEAD~1")


def test_later_commits_of_the_base_are_left_out(repo: Path) -> None:
    begin = git(repo, "rev-parse", "begin")
    git(repo, "checkout", "-qb", "offer")
    save(repo)
    git(repo, "checkout", "-q", "main")
    main = save(repo, "Meanwhile")
    assert base_of(repo, "main", "offer") == base_of(repo, "begin") == begin
    git(repo, "checkout", "-q", "--orphan", "other")
    save(repo, "Begin again")
    assert base_of(repo, "main", "other") == main, "without a common ancestor, they are compared as they are"


@pytest.mark.parametrize("target", ["/etc/passwd", "../../mkdocs.yml", "../audiences/provider.yml"])
def test_a_link_is_not_followed(repo: Path, target: str) -> None:
    (repo / "data/values/openness.yml").unlink()
    (repo / "data/values/openness.yml").symlink_to(target)
    save(repo)
    _, problems = project_at(repo, "main")
    assert "a link" in next(p.wrong for p in problems if p.path == "data/values/openness.yml")
    assert "root:" not in str(problems)


def test_invalid_records_and_pages_prevent_a_comparison_but_house_style_does_not(repo: Path) -> None:
    assert unread(read_project(repo)) == ()
    put(repo, "data/values/openness.yml", "meaning: |-\n  ", "meaning: |-\n  Trust  it. ")
    assert read_project(repo).errors
    assert unread(read_project(repo)) == ()
    put(repo, "content/values.md", "description:", "about:")
    assert {p.path for p in unread(read_project(repo))} == {"content/values.md"}
    put(repo, "data/values/openness.yml", "number:", "figure:")
    assert {p.path for p in unread(read_project(repo))} == {"content/values.md", "data/values/openness.yml"}
