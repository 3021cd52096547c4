"""Every file of .github/ is valid and safe, and the steps of the workflows do what they should.

The steps run here in an imitation of GitHub, which proves less than a run there: HACKING.md says what it cannot show.
"""

from __future__ import annotations

import dataclasses
import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Environment

from macros.cli.diff import LABEL
from macros.cli.suggest.command import FORM
from macros.model.framework import Framework
from macros.rendering.edit_links import suggest_url
from tests.cli.test_suggest import GOOD, body
from tests.conftest import REAL, ROOT, cases
from tests.history.test_git import ENVIRONMENT

GITHUB = ROOT / ".github"
WORKFLOWS = sorted(GITHUB.glob("workflows/*.yml"))
SCHEMAS = {
    "vendor.github-workflows": WORKFLOWS,
    "vendor.github-issue-forms": sorted(f for f in GITHUB.glob("ISSUE_TEMPLATE/*.yml") if f.name != "config.yml"),
    "vendor.github-issue-config": [GITHUB / "ISSUE_TEMPLATE/config.yml"],
    "vendor.dependabot": [GITHUB / "dependabot.yml"],
}
BUILD, CHECK, PROTECTED, SUGGESTION, PREVIEW, WEEKLY, RELEASE = (
    GITHUB / f"workflows/{name}.yml" for name in ("build", "check", "protected", "suggestion", "preview", "weekly", "release")
)
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):(?:.*## |$)", MAKEFILE, re.MULTILINE))
VARIABLES = ("BASE", "HEAD", "ADDRESS", "AGREED", "DATE", "SUMMARY", "FILE", "FOLDER", "TAG", "OTHER", "ISSUE", "ISSUE_BODY", "ANSWER")
"""The environment variables that targets read."""


def output_of(*command: str | Path, folder: Path = ROOT, env: Mapping[str, str] = os.environ) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


def tool(name: str) -> Path:
    """Return the program `name` of .venv/."""
    return Path(sys.executable).with_name(name)


def make(*arguments: str, env: Mapping[str, str] = os.environ, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return output_of(str(shutil.which("make")), "-s", *arguments, folder=folder, env=env)


def write_program(file: Path, text: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/bash\n{text}\n")
    file.chmod(0o755)


def loaded(file: Path) -> dict[str, Any]:
    workflow: dict[str, Any] = yaml.BaseLoader(file.read_text("utf-8")).get_single_data()  # text only: `on` is not a truth value
    return workflow


def steps(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each step of the workflow in `file`, with the id of its job."""
    for name, job in loaded(file)["jobs"].items():
        yield from ((name, step) for step in job["steps"])


def script(file: Path, name: str) -> str:
    (step,) = [step for _, step in steps(file) if step.get("name") == name]
    return str(step["run"])


def test_zizmor_finds_nothing_unsafe() -> None:
    done = output_of(tool("zizmor"), "--offline", "--no-progress", "--format", "json", GITHUB)
    assert (done.returncode, json.loads(done.stdout)) == (0, []), done.stdout + done.stderr


def test_actionlint_finds_nothing() -> None:
    command = re.findall(r"^ACTIONLINT := (.*)$", MAKEFILE, re.MULTILINE)[0].split()
    if shutil.which("go") is None or output_of(*command, "-version").returncode:
        pytest.skip("actionlint needs Go, and the network the first time")
    done = output_of(*command, "-oneline")
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


@pytest.mark.parametrize("missing", ["go", "shellcheck"])
def test_the_check_of_workflows_cannot_leave_actionlint_out(tmp_path: Path, missing: str) -> None:
    (job,) = [job for job in loaded(CHECK)["jobs"].values() if job["name"] == "Workflows"]
    assert job["steps"][-1] == {"run": "make -s workflows"}
    for name in {"go", "shellcheck"} - {missing}:
        write_program(tmp_path / name, "")
    done = make("workflows", env={"PATH": str(tmp_path)})
    assert (done.returncode, f"{missing}: command not found" in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("schema", SCHEMAS)
def test_each_file_is_valid_for_githubs_schema(schema: str) -> None:
    assert {f for f in GITHUB.rglob("*") if f.suffix in (".yml", ".yaml")} == {f for files in SCHEMAS.values() for f in files}
    done = output_of(tool("check-jsonschema"), "--builtin-schema", schema, *SCHEMAS[schema])
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_action_has_one_pinned_version() -> None:
    used = re.findall(r"\buses: (.*)", "".join(file.read_text("utf-8") for file in WORKFLOWS))
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action) for action in used)
    assert len({action.partition("@")[0] for action in used}) == len(set(used))


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_jobs_have_only_the_permissions_they_need_and_run_only_make(file: Path) -> None:
    workflow = loaded(file)
    assert workflow["permissions"] == {} or set(workflow["permissions"].values()) == {"read"}
    assert "pull_request_target" not in workflow["on"]
    assert "workflow_run" not in workflow["on"] or file == PREVIEW, "only where no code of a fork runs"
    assert all("permissions" in job or workflow["permissions"] for job in workflow["jobs"].values())
    assert "secrets." not in file.read_text("utf-8") or file == PREVIEW
    for _, step in steps(file):
        assert "actions/checkout" not in step.get("uses", "") or step["with"]["persist-credentials"] == "false"
        assert "CI" not in step.get("env", {}), "GitHub sets CI"
        run = step.get("run", "")
        assert "${{" not in run, "expressions in a script can inject code"
        targets = re.findall(r"\bmake (?:-s )?([a-z-]+)(?:$| >)", run, re.MULTILINE)
        assert len(targets) == len(re.findall(r"^\s*make ", run, re.MULTILINE)), run
        assert set(targets) <= TARGETS, run
        assert not re.search(r"(?:^|[\s/])(?:python3?|pip|npm|npx|node|pytest|svf|mkdocs|curl|wget|eval|source)\s", run), run


def test_no_code_of_a_fork_runs_with_a_token_that_may_write_or_with_a_secret() -> None:
    checkouts = [step["with"] for _, step in steps(PREVIEW) if "actions/checkout" in step.get("uses", "")]
    assert len(checkouts) == 2
    assert not any({"ref", "repository"} & set(given) for given in checkouts), "only the branch main is checked out"
    runs = "\n".join(step["run"] for _, step in steps(PREVIEW) if "run" in step)
    assert re.findall(r"git (?:reset|checkout|merge|pull|switch).*", runs) == ["git reset --quiet --hard FETCH_HEAD"], "of the previews"
    for name, job in loaded(PREVIEW)["jobs"].items():
        assert ("write" in job["permissions"].values()) == (name == "comment")
    for step in loaded(PREVIEW)["jobs"]["comment"]["steps"]:
        assert not re.search(r"^\s*make ", step.get("run", ""), re.MULTILINE)
        assert "checkout" not in step.get("uses", "")
    secret = [(name, step["name"]) for name, step in steps(PREVIEW) if "secrets." in json.dumps(step)]
    assert secret == [("show", "Publish it, and take away those of closed pull requests")]


def test_workflows_run_on_the_branch_that_is_published(real: Framework) -> None:
    texts = "".join(file.read_text("utf-8") for file in WORKFLOWS)
    assert set(re.findall(r"\bbranches: \[(.+)\]|refs/heads/([\w-]+)'", texts)) <= {(real.site.branch, ""), ("", real.site.branch)}


def test_help_lists_every_target_and_none_is_a_file() -> None:
    (phony,) = re.findall(r"^\.PHONY: ((?:.*\\\n)*.*)$", MAKEFILE, re.MULTILINE)
    assert set(phony.replace("\\", "").split()) == TARGETS
    assert set(re.findall(r"^  make ([a-z-]+) +\S", make("help").stdout, re.MULTILINE)) == TARGETS


def test_variables_of_targets_are_never_run_as_commands(tmp_path: Path) -> None:
    for name in VARIABLES:
        assert not re.search(rf"(?<!\$)\$[({{]{name}\b", MAKEFILE), "make must not expand what it is given"
    write_program(tmp_path / "svf", 'printf "[%s]" "$@"')
    nasty = f"$(shell touch {tmp_path}/a);`touch {tmp_path}/b`$(touch {tmp_path}/c)\" 'x"
    answers = f"{tmp_path}/a b"
    given = {**os.environ, **dict.fromkeys(VARIABLES, nasty), "AGREED": "yes", "ANSWER": answers}
    for target, arguments in {
        "serve": ["serve", "--address", nasty],
        "changes": ["diff", "--summary", nasty, "--", nasty, nasty],
        "protected": ["protected", "--agreed", "--", nasty, nasty],
        "preview": ["unpack", "--", nasty, nasty],
        "release-notes": ["notes", "--", nasty],
        "release": ["release", "--day", nasty],
        "missing": ["release", "--dry-run", "--day", nasty],
        "overdue": ["check", "--only", "overdue", "--summary", nasty, "--due", nasty],
        "suggestion": ["suggest", "--issue", nasty, "--answer", f"{answers}/answer.md", "--title", f"{answers}/title.md"],
    }.items():
        done = make("-o", ".venv/ready", f"BIN={tmp_path}", target, env=given)
        assert done.stdout.endswith("".join(f"[{argument}]" for argument in arguments))
    assert {file.name for file in tmp_path.iterdir()} == {"svf", "a b"}


@pytest.mark.parametrize(
    ("ci", "npm", "code", "warning"),
    [
        ("", "exit 1", 0, "The site is built without it"),
        ("true", "exit 1", 2, "The site is not built without it, because CI is set"),
        ("true", "mkdir -p node_modules", 0, ""),
    ],
)
def test_the_site_is_built_without_the_form_only_outside_ci(tmp_path: Path, ci: str, npm: str, code: int, warning: str) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / ".venv").mkdir()
    for name in ("package-lock.json", "package.json", "requirements-node.lock", "requirements.lock", "pyproject.toml", ".venv/ready"):
        (tmp_path / name).touch()
    write_program(tmp_path / "bin/npm", npm)
    write_program(tmp_path / "bin/svf", 'echo "$@" > built')
    done = make("BIN=bin", "site", folder=tmp_path, env={**os.environ, "CI": ci, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"})
    assert (done.returncode, (tmp_path / "built").exists()) == (code, code == 0), done.stderr
    assert ("npm could not set up the form at /edit/\n" in done.stderr) == bool(warning)
    assert warning in done.stderr


def test_a_second_make_waits_for_the_set_up_of_the_first_and_does_not_repeat_it(tmp_path: Path) -> None:
    write_program(tmp_path / "python", f'[ "$1" = -c ] && exec {sys.executable} "$@"; exit 9')
    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / name).touch()
    command = [str(shutil.which("make")), "-f", f"{ROOT}/Makefile", f"PYTHON={tmp_path}/python", ".venv/ready"]
    with (tmp_path / ".setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        assert "Setting up .venv/" in str(second.stderr and second.stderr.readline())
        (tmp_path / ".venv").mkdir()
        (tmp_path / ".venv/ready").touch()
    assert second.wait() == 0


def test_a_failed_set_up_says_that_it_needs_the_network_and_keeps_the_last_one(tmp_path: Path) -> None:
    write_program(tmp_path / "python", f'[ "$1" = -c ] && exec {sys.executable} "$@"; mkdir .venv; exit 9')
    (tmp_path / ".venv").mkdir()
    for name in (".venv/ready", "requirements.lock", "pyproject.toml"):
        (tmp_path / name).touch()
    os.utime(tmp_path / ".venv/ready", (0, 0))
    shutil.copy(ROOT / "Makefile", tmp_path)
    done = make(f"PYTHON={tmp_path}/python", ".venv/ready", folder=tmp_path)
    assert "Set-up failed. It needs the network: run it again when you are connected.\n" in done.stderr
    assert (done.returncode, [file.name for file in tmp_path.glob(".venv*/*")]) == (2, ["ready"])


@pytest.mark.parametrize(("target", "given", "message"), cases("workflows.a_target_says_what_it_needs_in_one_line"))
def test_a_target_says_what_it_needs_in_one_line(target: str, given: str, message: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    environment |= dict(word.split("=") for word in given.split())
    done = make("-o", ".venv/ready", "-o", "node_modules/ready", f"BIN={tool('x').parent}", target, env=environment)
    (line,) = [line for line in done.stderr.splitlines() if not line.startswith("make: ***")]
    assert (done.returncode, line[: len(message)]) == (2, message)


def test_required_checks_are_documented() -> None:
    checks = [job["name"] for job in loaded(CHECK)["jobs"].values()]
    (protected,) = loaded(PROTECTED)["jobs"].values()
    assert protected["name"] == "What the report says"
    assert f"labels.*.name, '{LABEL}'" in protected["steps"][-1]["env"]["AGREED"]
    text = " ".join((ROOT / "PUBLISHING.md").read_text("utf-8").split())
    (listed,) = re.findall(r'the checks ([^.]+) and "What the report says"', text)
    assert set(listed.split(", ")) == {"Build", *checks} - {"Changes for readers"}


def test_the_preview_waits_for_the_build_alone() -> None:
    assert loaded(PREVIEW)["on"]["workflow_run"] == {"workflows": ["Build"], "types": ["completed"]}
    assert loaded(BUILD)["name"] == "Build"
    (job,) = loaded(BUILD)["jobs"].values()
    assert [step["run"] for step in job["steps"] if "run" in step] == ["make -s zip"]
    assert job["steps"][-1]["with"]["name"] == "preview"


def test_code_owners_guard_files_that_exist() -> None:
    rules = re.findall(r"^/\S+", (GITHUB / "CODEOWNERS").read_text("utf-8"), re.MULTILINE)
    guarded = {pattern.strip("/") for pattern in rules}
    assert {"data/report.yml", "data/site.yml", "macros", ".github"} <= guarded
    assert all(list(ROOT.glob(pattern)) for pattern in guarded), "each rule guards something"


def test_dependabot_updates_every_lock_file() -> None:
    updates = loaded(GITHUB / "dependabot.yml")["updates"]
    expected = {("pip", "/"), ("github-actions", "/"), ("npm", "/"), ("npm", "/tests/benchmarks")}
    assert {(update["package-ecosystem"], update["directory"]) for update in updates} == expected
    assert all(update["groups"] and update["cooldown"] for update in updates)


def test_released_files_are_built(site: Path) -> None:
    laid_out = script(RELEASE, "Lay out what is released")
    from_site, from_sbom = re.findall(r"site/(\S+)", laid_out), re.findall(r"sbom/(\S+)", laid_out)
    assert all((site / path).is_file() for path in from_site)
    assert all(f"sbom/{name}" in MAKEFILE for name in from_sbom)
    released = re.findall(r"[\w.-]+", re.findall(r"files=\((.*)\)", RELEASE.read_text("utf-8"))[0])
    assert set(released) == {*(Path(path).name for path in from_site), *from_sbom, "framework.zip"}
    assert not list(site.rglob(".*")), "upload-pages-artifact leaves hidden files out"


def test_pre_commit_hooks_run_what_make_installs() -> None:
    assert output_of(tool("pre-commit"), "validate-config").returncode == 0
    (local,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert all(tool(hook["entry"].split()[0].removeprefix(".venv/bin/")).is_file() for hook in local["hooks"])


def test_suggestion_links_open_the_form(real: Framework) -> None:
    assert f"template={Path(FORM).name}&" in suggest_url(real, next(iter(real.records.values())))
    contact = loaded(REAL / ".github/ISSUE_TEMPLATE/config.yml")["contact_links"]
    assert [link["url"] for link in contact] == [real.site.file_at("CONTRIBUTING.md", "blob")]


# The steps of the workflows run as written, in a real repository with a real remote, and with a gh that records its arguments.

GH = """printf '%s\\n' "$*" >> "$NOTES/gh"
for word in "$@"; do
  case "$previous" in --body-file) cp "$word" "$NOTES/body" ;; esac
  case "$word" in body=@*) cp "${word#body=@}" "$NOTES/body" ;; esac
  previous="$word"
done
case "$*" in
  "api repos/"*"/permission "*) echo "$ROLE" ;;
  "pr list "*) echo "$OPEN" ;;
  "pr create "*) [ -n "$CANNOT" ] || echo "https://git.example.org/o/r/pull/44" ; exit "${CANNOT:-0}" ;;
  *"GET repos/o/r/pulls -f state=open -f head="*) printf '%b' "$PULL_FOUND" ;;
  *"GET --paginate repos/o/r/pulls "*) printf '%s\\n' $PULLS_OPEN ;;
  *"GET repos/o/r/actions/runs/"*"/artifacts "*) printf '%s' "$COPY_FOUND" ;;
  *"GET --paginate repos/o/r/issues/"*"/comments "*) printf '%b' "$OURS" ;;
  *"GET --paginate repos/o/r/issues "*) printf '%b' "$ISSUE_FOUND" ;;
  "release view "*) exit "${RELEASED:-1}" ;;
esac
"""
WEEKLY_MAKE = """problem="FOUND_${2//-/_}"
[ "${!problem}" = "no file" ] || echo "$2: ${!problem:-nothing}" > "${SUMMARY:-/dev/null}"
[ -z "${!problem}" ]
"""
"""A stand-in for make, whose targets find what the environment says."""


class Run:
    """Runs workflows in the repository at `folder`, whose remote is `origin`; `notes` has the arguments of gh."""

    def __init__(self, folder: Path, tmp_path: Path) -> None:
        self.folder, self.tmp, self.origin = folder, tmp_path, tmp_path / "origin.git"
        self.bin, self.notes, self.artefacts = tmp_path / "bin", tmp_path / "notes", tmp_path / "artefacts"
        self.notes.mkdir()
        (self.notes / "gh").write_text("")
        write_program(self.bin / "gh", GH)
        write_program(self.bin / "svf", f'PYTHONPATH="{ROOT}" exec "{sys.executable}" -m macros "$@"')
        real_make = f'exec {shutil.which("make")} -f "{ROOT}/Makefile" -o .venv/ready BIN="{self.bin}" "$@"'
        write_program(self.bin / "make", f'[ "$2" != site ] || exec "${{SITE:-{self.bin}/svf}}" build\n{real_make}')
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("init", "--quiet", "--bare", str(self.origin))
        (folder / ".gitignore").write_text("site/\n.build.lock\n.cache/\n__pycache__/\n")
        self.git("remote", "add", "origin", str(self.origin))
        self.save("Begin")
        self.git("push", "--quiet", "origin", "main")

    def git(self, *words: str) -> str:
        return subprocess.run(["git", *words], cwd=self.folder, env=ENVIRONMENT, capture_output=True, text=True, check=True).stdout

    def save(self, message: str) -> str:
        """Commit all that has changed, and return the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", f"--message={message}")
        return self.git("rev-parse", "HEAD").strip()

    def offer(self, path: str, old: str, new: str, makefile: str = "") -> str:
        """Push a commit that changes one file, and adds `makefile`, as that of the pull requests 9 and 12 of a fork, and return it."""
        file = self.folder / path
        file.write_text(file.read_text().replace(old, new))
        (self.folder / "Makefile").write_text(makefile)
        commit = self.save("Offer")
        self.git("push", "--quiet", "origin", "HEAD:refs/pull/9/head", "HEAD:refs/pull/12/head")
        self.git("reset", "--quiet", "--hard", "HEAD~1")
        return commit

    def workflow(self, file: Path, known: Mapping[str, str], **more: str) -> dict[str, str]:
        """Run the jobs of `file`, each in a fresh checkout, and return the outcome of each named step.

        `known` are values of expressions, and `more` is added to the environment. An artefact is a folder in `artefacts`.
        """
        (self.notes / "gh").write_text("")
        values = {"github.token": "secret", "github.repository": "o/r", "github.event.repository.default_branch": "main"}
        values |= {"github.server_url": "https://git.example.org", "github.run_id": "77", "runner.temp": str(self.tmp / "temp"), **known}
        outcomes: dict[str, str] = {}
        failed_jobs: set[str] = set()
        for name, job in loaded(file)["jobs"].items():
            needs = job.get("needs", [])
            known, failed = dict(values), bool(failed_jobs & {*([needs] if isinstance(needs, str) else needs)})
            if not wanted(job, values, failed=failed):
                failed_jobs.add(name)
                continue
            self.git("checkout", "--quiet", "--force", "main")
            self.git("clean", "--quiet", "-dff")
            shutil.rmtree(self.tmp / "temp", ignore_errors=True)
            (self.tmp / "temp").mkdir()
            failed = False
            for step in job["steps"]:
                if not wanted(step, known, failed=failed):
                    continue
                if "run" in step:
                    environment = {**filled(job.get("env", {}), known), **filled(step.get("env", {}), known), **more}
                    outcome, outputs = self.step(step["run"], environment)
                else:
                    outcome, outputs = self._action(step["uses"], filled(step.get("with", {}), known)), {}
                failed |= outcome == "failure" and "continue-on-error" not in step
                outcomes[step.get("name", "")] = outcome
                id_ = f"steps.{step.get('id', '')}"
                known |= {f"{id_}.outcome": outcome, **{f"{id_}.outputs.{key}": value for key, value in outputs.items()}}
            failed_jobs |= {name} if failed else set()
            values |= {f"needs.{name}.outputs.{key}": value for key, value in filled(job.get("outputs", {}), known).items()}
        outcomes.pop("", None)
        return outcomes

    def _action(self, name: str, given: Mapping[str, str]) -> str:
        """Imitate the action `name`, if it moves artefacts."""
        kept, place = self.artefacts / given.get("name", ""), Path(given.get("path", ""))
        if "/download-artifact@" in name and not kept.is_dir():
            return "failure"
        if "/download-artifact@" in name:
            shutil.copytree(kept, place, dirs_exist_ok=True)
        elif "/upload-artifact@" in name and place.exists():
            kept.mkdir(parents=True, exist_ok=True)
            for file in place.iterdir() if place.is_dir() else [place]:
                shutil.copy(file, kept)
        return "success"

    def step(self, code: str, environment: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """Run a script; return its outcome and outputs."""
        output = self.tmp / "output"
        output.write_text("")
        given = {"PATH": f"{self.bin}:{os.environ['PATH']}", "HOME": str(self.tmp), "GITHUB_OUTPUT": str(output), "NOTES": str(self.notes)}
        done = output_of("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", code, folder=self.folder, env={**given, **environment})
        assert "Traceback" not in done.stderr, done.stderr
        self.printed = done.stdout + done.stderr
        return "failure" if done.returncode else "success", dict(line.split("=", 1) for line in output.read_text().splitlines())

    @property
    def gh(self) -> list[str]:
        return (self.notes / "gh").read_text().splitlines()

    @property
    def body(self) -> str:
        """The last comment or description that was sent."""
        return (self.notes / "body").read_text()

    @property
    def branches(self) -> list[str]:
        return self.git("ls-remote", "--heads", str(self.origin)).splitlines()


def filled(values: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """Fill in the expressions of `values`; what a step that did not run or a missing setting would give is empty."""
    return {key: re.sub(r"\$\{\{ (\S+) \}\}", lambda match: known.get(match[1], ""), text) for key, text in values.items()}


def wanted(part: Mapping[str, str], known: Mapping[str, str], *, failed: bool) -> bool:
    """Evaluate the `if` of a step or job, in the few forms that the workflows use."""
    condition = part.get("if", "success()").removeprefix("${{ ").removesuffix(" }}")
    if not re.search(r"\b(?:success|always|failure|cancelled)\(\)", condition) and failed:
        return False
    for call, value in (("!cancelled()", True), ("always()", True), ("success()", not failed), ("failure()", failed)):
        condition = condition.replace(call, str(value))
    condition = re.sub(r"[a-zA-Z_]+(?:\.[a-zA-Z_]+)+", lambda m: repr(known.get(m[0], "")), condition)
    return bool(Environment(autoescape=True).compile_expression(condition.replace("&&", " and ").replace("||", " or "))())


@pytest.fixture
def run(project: Path, tmp_path: Path) -> Run:
    shutil.copytree(GITHUB, project / ".github")
    return Run(project, tmp_path)


def suggested(run: Run, text: str, **more: str) -> dict[str, str]:
    """Run the workflow for the issue 12 with the text `text`."""
    known = {"github.event.label.name": "make-change", "github.event.sender.login": "jo"}
    known |= {"github.event.issue.number": "12", "github.event.issue.body": text}
    return run.workflow(SUGGESTION, known, **{"ROLE": "write", **more})


def test_a_suggestion_becomes_a_pull_request_and_is_updated(run: Run) -> None:
    title = '1a: new wording of "Check your work, question 1"'
    outcomes = suggested(run, body(GOOD))
    assert set(outcomes.values()) == {"success"}
    assert "Say why it could not be made" not in outcomes
    (create,) = [line for line in run.gh if line.startswith("pr create")]
    assert create.startswith(f"pr create --repo o/r --base main --head suggestion-12 --title {title} --body-file ")
    assert run.body.startswith("Closes #12\n")
    assert "is offered for review as pull request #44, which shows" in run.gh[-2]
    assert run.gh[-1] == "api --silent --method DELETE repos/o/r/issues/12/labels/make-change"
    assert "secret" not in "".join(run.gh)
    run.git("fetch", "--quiet", "origin", "suggestion-12")
    diff = run.git("diff", "--unified=0", "main", "FETCH_HEAD")
    assert re.findall(r"^[-+](?![-+]).*", diff, re.MULTILINE) == [f"-    {GOOD.current}", f"+    {GOOD.new}"]
    assert run.git("log", "--format=%s|%an", "-1", "FETCH_HEAD") == f"{title}|github-actions[bot]\n"

    run.git("checkout", "--quiet", "main")
    run.git("branch", "--quiet", "-D", "suggestion-12")
    run.git("update-ref", "-d", "refs/remotes/origin/suggestion-12")
    outcomes = suggested(run, body(dataclasses.replace(GOOD, new="Did we ask soon?")), OPEN="31", SITE="true")
    assert set(outcomes.values()) == {"success"}
    assert not [line for line in run.gh if line.startswith("pr create")]
    (patch,) = [line for line in run.gh if "PATCH" in line]
    assert patch.startswith(f"api --silent --method PATCH repos/o/r/pulls/31 -f title={title} -F body=@")
    assert "is brought up to date in pull request #31, which shows" in run.gh[-2]
    run.git("fetch", "--quiet", "origin", "suggestion-12")
    assert "Did we ask soon?" in run.git("show", "FETCH_HEAD:data/recommendations/1a.yml")
    assert "main" in run.git("log", "--format=%D", "FETCH_HEAD~1"), "one commit on main, not two"


SEE, CHECKED = "See whether the person who set the label may write here", "Check the records and build the site with the change"
MAKE_CHANGE, OPENED = "Make the change, or write down why not", "Open the pull request, or bring it up to date"
LOOK = "A maintainer will look at [what happened](https://git.example.org/o/r/actions/runs/77)"


@pytest.mark.parametrize(
    ("new", "environment", "failed", "answer"),
    [
        ("<b>$(touch x)</b> `touch y` @octocat\n---", {}, MAKE_CHANGE, "nothing has changed"),
        (GOOD.new, {"ROLE": "read"}, SEE, ""),
        (GOOD.new, {"ROLE": ""}, SEE, ""),
        (GOOD.new, {"SITE": "false"}, CHECKED, LOOK),
        (GOOD.new, {"SITE": "true", "CANNOT": "1"}, OPENED, LOOK),
    ],
    ids=["refused", "not allowed", "unknown person", "breaks the site", "cannot be opened"],
)
def test_a_suggestion_that_is_not_offered_is_answered(run: Run, new: str, environment: dict[str, str], failed: str, answer: str) -> None:
    outcomes = suggested(run, body(dataclasses.replace(GOOD, new=new)), **environment)
    assert [name for name, outcome in outcomes.items() if outcome == "failure"] == [failed]
    assert len(run.branches) == (2 if failed == OPENED else 1)
    assert run.git("status", "--porcelain", "--untracked-files=all", "--", ":!data") == ""
    if answer:
        assert answer in run.body
        assert run.gh[-2].startswith("issue comment 12 --repo o/r --body-file")
        assert run.gh[-1] == "api --silent --method DELETE repos/o/r/issues/12/labels/make-change"
    else:
        assert list(outcomes) == [SEE]


RECORD = "data/recommendations/1a.yml"


@pytest.mark.parametrize(
    "paths",
    ["content/index.md", "data/site.yml", "data/words.yml", "data/glossary/new.yml", "Makefile", f"{RECORD} data/glossary/outcome.yml"],
)
def test_a_patch_of_anything_but_one_record_is_refused(run: Run, paths: str) -> None:
    for path in paths.split():
        with (run.folder / path).open("a") as file:
            file.write("# more\n")
    run.git("add", "--all")
    (run.tmp / "change.patch").write_text(run.git("diff", "--cached", "--binary"))
    run.git("reset", "--quiet", "--hard")
    (run.tmp / "title.md").write_text("1a: new wording\n")
    outcome, _ = run.step(script(SUGGESTION, "Put the change on a branch of its own"), {"ISSUE": "12", "ANSWER": str(run.tmp)})
    assert outcome == "failure"
    assert "The patch does not change one record and nothing else." in run.printed
    assert len(run.branches) == 1


# After the build of a pull request: the commit of a fork is in the remote as refs/pull/9/head.

MARK = "<!-- What changes for readers; brought up to date by preview.yml. -->\n"
BUILD_RUN = "[Build](https://git.example.org/o/r/actions/runs/55)"
NOT_BUILT = f"There is no preview: the site could not be built with this change. {BUILD_RUN} says why."
NOT_KEPT = f"There is no preview: {BUILD_RUN} did not keep a copy of the site as make zip packs it."
WITH_PREVIEWS = {"vars.PREVIEW_REPOSITORY": "o/previews", "secrets.PREVIEW_KEY": "key"}


CHANGE = (RECORD, "a school gate.", "a <b>garden</b> gate @octocat.")


def zipped(run: Run, *names: str) -> None:
    """Store a copy of the site with the files `names` as the artefact of the build."""
    folder = run.artefacts / "preview"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / "framework.zip", "w") as made:
        for name in ("framework/index.html", *names):
            made.writestr(name, "<!doctype html><html><head><title>x</title></head></html>")


def previewed(run: Run, commit: str, known: Mapping[str, str] | None = None, ended: str = "success", **more: str) -> dict[str, str]:
    """Run the workflow after the build of `commit`, which ended so."""
    event = {"event": "pull_request", "conclusion": ended, "head_branch": "a-branch", "head_sha": commit, "id": "55"}
    event["head_repository.owner.login"] = "fork"
    values = {f"github.event.workflow_run.{key}": value for key, value in event.items()}
    return run.workflow(PREVIEW, {**values, **(known or {})}, **{"PULL_FOUND": "9\n", "COPY_FOUND": "70\n", **more})


def test_a_pull_request_gets_one_comment_that_is_updated(run: Run) -> None:
    ran = run.tmp / "run-by-fork"
    commit = run.offer(*CHANGE, f"changes preview:\n\ttouch {ran}\n")
    zipped(run)
    assert set(previewed(run, commit).values()) == {"success"}, run.printed
    assert run.gh[-1].startswith("api --silent --method POST repos/o/r/issues/9/comments -F body=@")
    copy = "https://git.example.org/o/r/actions/runs/55/artifacts/70"
    assert run.body.startswith(f"{MARK}[Download a copy of the site with this change]({copy}). ")
    assert "## What changes for readers\n\n1 change: 1a reworded." in run.body
    assert "<b>" not in run.body
    assert "@octocat" not in run.body
    assert not ran.exists()
    assert run.git("status", "--porcelain") == ""

    previewed(run, commit, OURS="81\\n82\\n")
    assert run.gh[-1].startswith("api --silent --method PATCH repos/o/r/issues/comments/81 -F body=@")
    assert not [line for line in run.gh if "POST" in line]
    assert "secret" not in "".join(run.gh)


@pytest.mark.parametrize(
    ("ended", "new", "files", "message", "also"),
    [
        ("failure", CHANGE[2], (), NOT_BUILT, "1 change: 1a reworded."),
        ("failure", ": [", (), NOT_BUILT, RECORD),
        ("timed_out", CHANGE[2], (), NOT_BUILT, "1 change: 1a reworded."),
        ("success", CHANGE[2], (), NOT_KEPT, "1 change: 1a reworded."),
        ("success", CHANGE[2], ("../../evil.html",), NOT_KEPT, "1 change: 1a reworded."),
    ],
    ids=["not built", "invalid record", "timed out", "no copy", "unsafe copy"],
)
def test_the_comment_says_why_there_is_no_preview(run: Run, ended: str, new: str, files: tuple[str], message: str, also: str) -> None:
    if files:
        zipped(run, *files)
    commit = run.offer(*CHANGE[:2], new)
    outcomes = previewed(run, commit, WITH_PREVIEWS, ended, COPY_FOUND="70" if files else "", REMOTE=str(previews(run)))
    assert outcomes.get("Unpack the copy, if it is nothing else") == ("failure" if files else None)
    assert "Publish it, and take away those of closed pull requests" not in outcomes
    assert message in run.body
    assert also in run.body
    assert not list(run.tmp.rglob("evil.html"))


@pytest.mark.parametrize(
    ("ended", "pulls"), [("cancelled", "9"), ("action_required", "9"), ("success", ""), ("success", "9\n10\n"), ("success", "$(touch x)")]
)
def test_only_the_newest_build_of_one_open_pull_request_gets_a_comment(run: Run, ended: str, pulls: str) -> None:
    commit = run.offer(*CHANGE)
    previewed(run, commit, ended=ended, PULL_FOUND=pulls)
    assert not [line for line in run.gh if "comments" in line]
    previewed(run, run.git("rev-parse", "main").strip())
    assert not [line for line in run.gh if "comments" in line], "of an outdated commit"
    assert previewed(run, commit, {"github.event.workflow_run.event": "push"}) == {}


def previews(run: Run) -> Path:
    home = run.tmp / "previews.git"
    if not home.exists():
        run.git("init", "--quiet", "--bare", str(home))
    return home


def test_previews_are_published_and_those_of_closed_pull_requests_removed(run: Run) -> None:
    commit = run.offer(*CHANGE)

    def show(*words: str) -> str:
        return run.git("--git-dir", str(previews(run)), *words)

    def publish(pull: str, pulls: str, known: Mapping[str, str] = WITH_PREVIEWS) -> list[str]:
        outcomes = previewed(run, commit, known, REMOTE=str(previews(run)), PULLS_OPEN=pulls, PULL_FOUND=pull)
        assert set(outcomes.values()) == {"success"}, run.printed
        return show("ls-tree", "-r", "--name-only", "gh-pages").split() if show("for-each-ref") else []

    zipped(run)
    assert publish("9", "9", {**WITH_PREVIEWS, "secrets.PREVIEW_KEY": ""}) == [], "not without the key"
    assert "artifacts/70" in run.body
    assert publish("9", "9 4") == [".nojekyll", "pr-9/index.html", "robots.txt"]
    assert run.body.startswith(f"{MARK}[Look at the site with this change](https://o.github.io/previews/pr-9/). ")
    assert show("show", "gh-pages:pr-9/index.html").count('<head><meta name="robots" content="noindex">') == 1
    assert show("show", "gh-pages:robots.txt") == "User-agent: *\nDisallow: /\n"
    assert publish("12", "9 12") == [".nojekyll", "pr-12/index.html", "pr-9/index.html", "robots.txt"]
    assert publish("12", "12") == [".nojekyll", "pr-12/index.html", "robots.txt"]
    assert show("rev-list", "--count", "gh-pages").strip() == "1", "what is gone is gone"


SAYS_WHY = "[The run](https://git.example.org/o/r/actions/runs/77) says why.\n"
LINKS, REVIEWS = "## Links to others' sites\n\n", "## Reviews that are overdue\n\n"
POST, PATCH = "--method POST repos/o/r/issues -f title=To look at this week -F body=@", "--method PATCH repos/o/r/issues/31 "


@pytest.mark.parametrize(
    ("environment", "call", "parts"),
    [
        ({}, "", ""),
        ({"FOUND_overdue": "2 late"}, POST, f"{REVIEWS}overdue: 2 late\n"),
        ({"FOUND_external": "1 dead", "ISSUE_FOUND": "31\\n33\\n"}, f"{PATCH}-F body=@", f"{LINKS}external: 1 dead\n"),
        ({"ISSUE_FOUND": "31\\n"}, f"{PATCH}-f state=closed -f state_reason=completed", ""),
        ({"FOUND_overdue": "no file"}, POST, f"{REVIEWS}This could not be checked. {SAYS_WHY}"),
        (
            {"FOUND_site": "error", "FOUND_audit": "1 unsafe"},
            POST,
            f"## The site\n\nThe site could not be built. {SAYS_WHY}\n{LINKS}This could not be checked. {SAYS_WHY}"
            "\n## Packages that are known to be unsafe\n\naudit: 1 unsafe\n",
        ),
    ],
    ids=["nothing found", "opened", "updated", "closed", "no result", "site cannot be built"],
)
def test_the_weekly_issue(run: Run, environment: dict[str, str], call: str, parts: str) -> None:
    write_program(run.bin / "make", WEEKLY_MAKE)
    assert run.workflow(WEEKLY, {}, **environment)["Update or close the issue"] == "success", run.printed
    assert [line.partition("@")[0] for line in run.gh[1:]] == ([f"api --silent {call}".removesuffix("@")] if call else [])
    if parts:
        assert run.body.partition("\n\n")[2] == parts


def test_an_edition_is_released_with_its_notes_and_its_files_can_be_replaced(run: Run) -> None:
    (run.folder / "CHANGELOG.md").write_text("# Changelog\n\n## Edition 2026-11, 22 November 2026\n\n- First.\n")
    notes = {"TAG": "edition-2026-11", "NOTES": str(run.tmp / "notes.md")}
    assert run.step(script(RELEASE, "Write down what the changelog says of the edition"), notes)[0] == "success"
    assert (run.tmp / "notes.md").read_text() == "- First.\n"
    given = {"TAG": "edition-2026-11", "REPOSITORY": "o/r", "EDITION": str(run.tmp)}
    for released, call in (
        ("1", "create edition-2026-11 --repo o/r --verify-tag --title Edition 2026-11 --notes-file notes.md"),
        ("0", "upload edition-2026-11 --repo o/r --clobber"),
    ):
        assert run.step(script(RELEASE, "Make the release, or put its files there again"), {**given, "RELEASED": released})[0] == "success"
        assert run.gh[-1].startswith(f"release {call} framework.pdf framework-large-print.pdf framework.zip checklists.xlsx ")
