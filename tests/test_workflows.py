"""What GitHub does for us is safe, valid, and does what it says: every file of .github/, and the steps of the workflow for suggestions."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Environment

from macros.suggestion import FORM
from macros.ways import suggest_url

from .conftest import ROOT
from .test_suggestion import GOOD, body

GITHUB = ROOT / ".github"
WORKFLOWS = sorted([*GITHUB.glob("workflows/*.yml"), *GITHUB.glob("workflows/*.yaml")])
SCHEMAS = {
    "vendor.github-workflows": WORKFLOWS,
    "vendor.github-issue-forms": sorted(f for f in GITHUB.glob("ISSUE_TEMPLATE/*.yml") if f.name != "config.yml"),
    "vendor.github-issue-config": sorted(GITHUB.glob("ISSUE_TEMPLATE/config.yml")),
    "vendor.dependabot": sorted(GITHUB.glob("dependabot.yml")),
    "vendor.github-actions": sorted(GITHUB.glob("actions/*/action.yml")),
}
SUGGESTION = GITHUB / "workflows/suggestion.yml"


def tool(name: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(Path(sys.executable).with_name(name)), *words], cwd=ROOT, capture_output=True, text=True, check=False)


def values(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each value in the tree `value`, with the key under which it stands."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key), inner
            yield from values(inner, str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from values(inner, name)


def loaded(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.BaseLoader(file.read_text("utf-8")).get_single_data()  # text only: `on` is no truth value
    return found


def test_nothing_unsafe_is_found_offline() -> None:
    done = tool("zizmor", "--offline", "--no-progress", "--format", "json", str(GITHUB))
    assert (done.returncode, json.loads(done.stdout)) == (0, []), done.stdout + done.stderr


@pytest.mark.parametrize("schema", [name for name, files in SCHEMAS.items() if files])
def test_every_file_is_of_its_form(schema: str) -> None:
    done = tool("check-jsonschema", "--builtin-schema", schema, *map(str, SCHEMAS[schema]))
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_of_yaml_is_left_out() -> None:
    assert {f for f in GITHUB.rglob("*") if f.suffix in (".yml", ".yaml")} == {f for files in SCHEMAS.values() for f in files}


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_every_action_is_pinned_and_its_version_said(file: Path) -> None:
    lines = [line.strip() for line in file.read_text("utf-8").splitlines() if re.match(r"\s*(?:- )?uses:", line)]
    assert len(lines) == sum(name == "uses" for name, _ in values(loaded(file)))
    for line in lines:
        assert re.fullmatch(r"(?:- )?uses: (?:\./[\w./-]+|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)", line), line


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_no_expression_stands_in_a_shell(file: Path) -> None:
    for name, value in values(loaded(file)):
        assert name != "run" or "${{" not in value, value


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_each_job_asks_for_no_more_than_it_says(file: Path) -> None:
    workflow = loaded(file)
    assert workflow["permissions"] == {} or set(workflow["permissions"].values()) == {"read"}
    assert not {"pull_request_target", "workflow_run"} & set(workflow["on"])
    for name, job in workflow["jobs"].items():
        assert "permissions" in job or workflow["permissions"], name
        for step in job.get("steps", ()):
            assert "actions/checkout" not in step.get("uses", "") or step["with"]["persist-credentials"] == "false"


def test_the_address_and_the_form_name_each_other(real: Any) -> None:
    assert f"template={Path(FORM).name}&" in suggest_url(real, real.records["recommendation", "2f"])
    contact = loaded(GITHUB / "ISSUE_TEMPLATE/config.yml")["contact_links"]
    assert [link["url"] for link in contact] == [real.site.file_at("CONTRIBUTING.md", "blob")]


# The steps of the workflow, run as they stand in the file: in a real repository, with a real remote, and a gh that notes what it is asked.

GH = """#!/bin/bash
printf '%s\\n' "$*" >> "$NOTES/gh"
for word in "$@"; do
  case "$previous" in --body-file) cp "$word" "$NOTES/body" ;; esac
  case "$word" in body=@*) cp "${word#body=@}" "$NOTES/body" ;; esac
  previous="$word"
done
case "$1 $2" in
  "api repos/"*"/permission") echo "$ROLE" ;;
  "pr list") echo "$OPEN" ;;
  "pr create") exit "${CANNOT:-0}" ;;
esac
"""


class Run:
    """The workflow, run on an issue in the repository at `folder`, whose remote is `origin`; `notes` is what gh was asked."""

    def __init__(self, folder: Path, tmp_path: Path) -> None:
        self.folder, self.tmp, self.origin = folder, tmp_path, tmp_path / "origin.git"
        self.bin, self.notes = tmp_path / "bin", tmp_path / "notes"
        self.bin.mkdir()
        self.notes.mkdir()
        self.program("gh", GH)
        self.program("svf", f'#!/bin/bash\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m macros "$@"\n')
        make = f'exec {shutil.which("make")} -f "{ROOT}/Makefile" -o .venv/ready BIN="{self.bin}" "$@"'
        self.program("make", f'#!/bin/bash\n[ "$2" != site ] || exec "${{SITE:-{self.bin}/svf}}" build\n{make}\n')
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("init", "--quiet", "--bare", str(self.origin))
        (folder / ".gitignore").write_text("site/\n.build.lock\n.cache/\n__pycache__/\n")
        self.git("add", "--all")
        self.git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet", "--message=Begin")
        self.git("remote", "add", "origin", str(self.origin))
        self.git("push", "--quiet", "origin", "main")

    def program(self, name: str, text: str) -> None:
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def git(self, *words: str) -> str:
        return subprocess.run(["git", *words], cwd=self.folder, capture_output=True, text=True, check=True).stdout

    def workflow(self, text: str, issue: int = 12, **more: str) -> dict[str, str]:
        """Run both jobs, and return the outcome of each step that has a name; the second begins with a fresh checkout."""
        (self.notes / "gh").write_text("")
        jobs = loaded(SUGGESTION)["jobs"]
        known = {
            "github.token": "secret",
            "github.repository": "o/r",
            "github.event.sender.login": "jo",
            "github.event.issue.number": str(issue),
            "github.event.issue.body": text,
            "github.event.repository.default_branch": "main",
            "github.server_url": "https://git.example.org",
            "github.run_id": "77",
            "runner.temp": str(self.tmp / "temp"),
        }
        shutil.rmtree(self.tmp / "temp", ignore_errors=True)
        done: dict[str, str] = {}
        for name, prefix in (("change", "steps."), ("offer", "needs.change.outputs.")):
            self.git("checkout", "--quiet", "--force", "main")
            for branch in self.git("branch", "--format=%(refname:short)").split():
                if branch != "main":
                    self.git("branch", "--quiet", "-D", branch)
            failed = False
            for step in jobs[name]["steps"]:
                if "run" not in step or not self._wanted(step.get("if", "success()"), known, failed=failed):
                    continue
                environment = {
                    key: self._filled(value, known) for key, value in {**jobs[name].get("env", {}), **step.get("env", {})}.items()
                }
                outputs = self.step(step["run"], {**environment, **more})
                failed |= outputs["outcome"] == "failure" and "continue-on-error" not in step
                done[step["name"]] = outputs["outcome"]
                known |= {f"{prefix}{step.get('id', '')}.outcome": outputs.pop("outcome")}
                known |= {f"needs.change.outputs.{key}": value for key, value in outputs.items()}
            if known.get("needs.change.outputs.allowed") != "yes":
                break
        return done

    def _filled(self, text: str, known: Mapping[str, str]) -> str:
        return re.sub(r"\$\{\{ (\S+) \}\}", lambda m: known.get(m[1], "") if m[1].startswith(("needs", "steps")) else known[m[1]], text)

    def _wanted(self, condition: str, known: Mapping[str, str], *, failed: bool) -> bool:
        """Return whether a step runs whose `if` is `condition`, in the few forms that the workflow uses."""
        condition = condition.removeprefix("${{ ").removesuffix(" }}")
        if not re.search(r"\b(?:success|always|failure|cancelled)\(\)", condition) and failed:
            return False
        for call, value in (("!cancelled()", True), ("always()", True), ("success()", not failed), ("failure()", failed)):
            condition = condition.replace(call, str(value))
        condition = re.sub(r"[a-z]+(?:\.[a-z]+)+", lambda m: repr(known.get(m[0], "")), condition)
        return bool(Environment(autoescape=True).compile_expression(condition.replace("&&", " and ").replace("||", " or "))())

    def step(self, script: str, environment: Mapping[str, str]) -> dict[str, str]:
        output = self.tmp / "output"
        output.write_text("")
        path = f"{self.bin}:{os.environ['PATH']}"
        given = {
            "PATH": path,
            "HOME": str(self.tmp),
            "GITHUB_OUTPUT": str(output),
            "NOTES": str(self.notes),
            "ROLE": "write",
            **environment,
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.folder,
            env=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        self.said = done.stdout + done.stderr
        outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        return {**outputs, "outcome": "failure" if done.returncode else "success"}

    @property
    def gh(self) -> list[str]:
        return (self.notes / "gh").read_text().splitlines()

    def branches(self) -> list[str]:
        return self.git("ls-remote", "--heads", str(self.origin)).split("\n")[:-1]


@pytest.fixture
def run(project: Path, tmp_path: Path) -> Run:
    shutil.copytree(GITHUB, project / ".github")
    return Run(project, tmp_path)


def test_a_suggestion_becomes_a_pull_request_and_is_brought_up_to_date(run: Run) -> None:
    done = run.workflow(body(GOOD))
    assert set(done.values()) == {"success"}
    assert "Say why it could not be made" not in done
    (create,) = [line for line in run.gh if line.startswith("pr create")]
    assert create.startswith("pr create --repo o/r --base main --head suggestion-12 --title 1a: new wording of ask.1 --body-file ")
    assert (run.notes / "body").read_text().startswith("Closes #12\n")
    assert run.gh[-1] == "api --silent --method DELETE repos/o/r/issues/12/labels/make-change"
    assert "secret" not in "".join(run.gh)

    run.git("fetch", "--quiet", "origin", "suggestion-12")
    diff = run.git("diff", "--unified=0", "main", "FETCH_HEAD")
    assert [line for line in diff.splitlines() if re.match(r"[-+](?![-+])", line)] == [
        "-    Did we ask in time?",
        "+    Did we ask in good time?",
    ]
    assert run.git("log", "--format=%s|%an|%P", "-1", "FETCH_HEAD").startswith("1a: new wording of ask.1|github-actions[bot]|")

    run.git("update-ref", "-d", "refs/remotes/origin/suggestion-12")
    again = run.workflow(body(dataclasses.replace(GOOD, new="Did we ask soon?")), OPEN="31", SITE="true")
    assert set(again.values()) == {"success"}
    assert not [line for line in run.gh if line.startswith("pr create")]
    (patch,) = [line for line in run.gh if "PATCH" in line]
    assert patch.startswith("api --silent --method PATCH repos/o/r/pulls/31 -f title=1a: new wording of ask.1 -F body=@")
    run.git("fetch", "--quiet", "origin", "suggestion-12")
    assert "Did we ask soon?" in run.git("show", "FETCH_HEAD:data/recommendations/1a.yml")
    assert "main" in run.git("log", "--format=%D", "FETCH_HEAD~1"), "one commit on main, not two"


def test_a_bad_suggestion_gets_a_comment_and_no_branch(run: Run) -> None:
    done = run.workflow(body(dataclasses.replace(GOOD, new="<b>$(touch x)</b> `touch y` @octocat\n---")), issue=7)
    assert done["Make the change, or write down why not"] == "failure"
    assert "Put the change on a branch of its own" not in done
    assert "Check the records and build the site with the change" not in done
    assert [line.split(" --body")[0] for line in run.gh[1:]] == [
        "issue comment 7 --repo o/r",
        "api --silent --method DELETE repos/o/r/issues/7/labels/make-change",
    ]
    assert "nothing was changed" in (run.notes / "body").read_text()
    assert len(run.branches()) == 1
    assert run.git("status", "--porcelain") == ""


def test_only_somebody_who_may_write_can_have_it_made(run: Run) -> None:
    for role in ("read", "none", ""):
        assert run.workflow(body(GOOD), ROLE=role) == {"See whether the person who set the label may write here": "failure"}
    assert len(run.branches()) == 1


def test_a_change_that_breaks_the_site_is_not_offered(run: Run) -> None:
    page = run.folder / "content/index.md"
    page.write_text(page.read_text() + "\n<a href='gone/'>gone</a>\n")
    run.git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet", "--all", "--message=Break")
    done = run.workflow(body(GOOD))
    assert done["Check the records and build the site with the change"] == "failure"
    assert "look at [what happened](https://git.example.org/o/r/actions/runs/77)" in (run.notes / "body").read_text()
    assert len(run.branches()) == 1


def test_a_pull_request_that_cannot_be_opened_is_told(run: Run) -> None:
    done = run.workflow(body(GOOD), CANNOT="1", SITE="true")
    assert done["Open the pull request, or bring it up to date"] == "failure"
    assert done["Say why it could not be made"] == "success"
    assert "what happened" in (run.notes / "body").read_text()
    assert "DELETE" in run.gh[-1]


@pytest.mark.parametrize(
    "path", ["content/index.md", "data/site.yml", "data/words.yml", "data/recommendations/new.yml", ".github/workflows/suggestion.yml"]
)
def test_a_patch_of_anything_but_one_record_is_not_taken(run: Run, path: str) -> None:
    answers = run.tmp / "temp/suggestion"
    (run.folder / path).open("a").write("\n")
    run.git("add", "--all")
    patch = run.git("diff", "--cached", "--binary")
    run.git("reset", "--quiet", "--hard")
    answers.mkdir(parents=True)
    (answers / "change.patch").write_text(patch)
    (answers / "title.md").write_text("1a: new wording\n")
    (script,) = [s["run"] for s in loaded(SUGGESTION)["jobs"]["offer"]["steps"] if s.get("name") == "Put the change on a branch of its own"]
    found = run.step(script, {"ISSUE": "12", "ANSWER": str(answers)})
    assert found["outcome"] == "failure"
    assert "The patch does not change one record and nothing else." in run.said
    assert len(run.branches()) == 1


def test_a_patch_of_two_records_is_not_taken(run: Run) -> None:
    answers = run.tmp / "temp/suggestion"
    answers.mkdir(parents=True)
    for path in ("data/recommendations/1a.yml", "data/glossary/outcome.yml"):
        (run.folder / path).open("a").write("# more\n")
    (answers / "change.patch").write_text(run.git("diff"))
    run.git("reset", "--quiet", "--hard")
    (answers / "title.md").write_text("1a: new wording\n")
    (script,) = [s["run"] for s in loaded(SUGGESTION)["jobs"]["offer"]["steps"] if s.get("name") == "Put the change on a branch of its own"]
    assert run.step(script, {"ISSUE": "12", "ANSWER": str(answers)})["outcome"] == "failure"
    assert len(run.branches()) == 1


def test_the_word_after_make_needs_no_shell(run: Run) -> None:
    done = run.step("make -s suggestion", {"ISSUE": "1; touch injected", "ISSUE_BODY": body(GOOD), "ANSWER": str(run.tmp / "a b")})
    assert done["outcome"] == "failure"
    assert not (run.folder / "injected").exists()
    done = run.step("make -s suggestion", {"ISSUE": "1", "ISSUE_BODY": body(GOOD), "ANSWER": str(run.tmp / "a b")})
    assert done["outcome"] == "success", run.said
    assert (run.tmp / "a b/answer.md").read_text().startswith("Closes #1\n")
