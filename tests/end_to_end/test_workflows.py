"""Every file of .github/ is valid and safe, and the steps of the workflows do what they should.

The steps run here in an imitation of GitHub, which proves less than a run there: HACKING.md says what it cannot show.
"""

from __future__ import annotations

import dataclasses
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
from urllib.parse import urlsplit

import pytest
import yaml
from jinja2 import Environment

from macros.cli.diff import LABEL
from macros.cli.suggest.command import FORM
from macros.model.framework import Framework
from macros.rendering.edit_links import suggest_url
from tests.cli.test_suggest import GOOD, body
from tests.conftest import REAL, ROOT
from tests.history.test_git import ENVIRONMENT

GITHUB = ROOT / ".github"
WORKFLOWS = sorted([*GITHUB.glob("workflows/*.yml"), *GITHUB.glob("workflows/*.yaml")])
SCHEMAS = {
    "vendor.github-workflows": WORKFLOWS,
    "vendor.github-issue-forms": sorted(f for f in GITHUB.glob("ISSUE_TEMPLATE/*.yml") if f.name != "config.yml"),
    "vendor.github-issue-config": sorted(GITHUB.glob("ISSUE_TEMPLATE/config.yml")),
    "vendor.dependabot": sorted(GITHUB.glob("dependabot.yml")),
}
BUILD, CHECK, SUGGESTION, PREVIEW, WEEKLY, RELEASE = (
    GITHUB / f"workflows/{name}.yml" for name in ("build", "check", "suggestion", "preview", "weekly", "release")
)
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):(?:.*## |$)", MAKEFILE, re.MULTILINE))
VARIABLES = ("BASE", "HEAD", "AGREED", "DATE", "SUMMARY", "FILE", "FOLDER", "TAG", "OTHER", "ISSUE", "ISSUE_BODY", "ANSWER")
"""The environment variables that targets read."""


def tool(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name(name)), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def make(*arguments: str, env: Mapping[str, str] = os.environ, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", "-s", *arguments], cwd=folder, env=env, capture_output=True, text=True, check=False)


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
    done = tool("zizmor", "--offline", "--no-progress", "--format", "json", str(GITHUB))
    assert (done.returncode, json.loads(done.stdout)) == (0, []), done.stdout + done.stderr


def test_actionlint_finds_nothing() -> None:
    (command,) = re.findall(r"^ACTIONLINT := (.*)$", MAKEFILE, re.MULTILINE)
    if shutil.which("go") is None or subprocess.run([*command.split(), "-version"], capture_output=True, check=False).returncode:
        pytest.skip("actionlint needs Go, and the network the first time")
    done = subprocess.run([*command.split(), "-oneline"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


@pytest.mark.parametrize("missing", ["go", "shellcheck"])
def test_the_check_of_workflows_cannot_leave_actionlint_out(tmp_path: Path, missing: str) -> None:
    (job,) = [job for job in loaded(CHECK)["jobs"].values() if job["name"] == "Workflows"]
    assert job["steps"][-1] == {"run": "make -s workflows"}
    for name in {"go", "shellcheck"} - {missing}:
        write_program(tmp_path / name, "")
    command = [str(shutil.which("make")), "-s", "workflows"]
    done = subprocess.run(command, cwd=ROOT, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"{missing}: command not found" in done.stderr


@pytest.mark.parametrize("schema", SCHEMAS)
def test_each_file_is_valid_for_githubs_schema(schema: str) -> None:
    assert {f for f in GITHUB.rglob("*") if f.suffix in (".yml", ".yaml")} == {f for files in SCHEMAS.values() for f in files}
    done = tool("check-jsonschema", "--builtin-schema", schema, *map(str, SCHEMAS[schema]))
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_action_has_one_pinned_version() -> None:
    used = [line.strip() for file in WORKFLOWS for line in file.read_text("utf-8").splitlines() if re.match(r"\s*(?:- )?uses:", line)]
    versions = set()
    for line in used:
        found = re.fullmatch(r"(?:- )?uses: (actions/[\w-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)", line)
        assert found, line
        versions.add(found.groups())
    assert len({name for name, _ in versions}) == len(versions)


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


def test_the_site_has_no_hidden_files(site: Path) -> None:
    assert not list(site.rglob(".*")), "upload-pages-artifact leaves them out"


def test_help_lists_every_target_and_none_is_a_file() -> None:
    (phony,) = re.findall(r"^\.PHONY: ((?:.*\\\n)*.*)$", MAKEFILE, re.MULTILINE)
    assert set(phony.replace("\\", "").split()) == TARGETS
    assert set(re.findall(r"^  make ([a-z-]+) +\S", make("help").stdout, re.MULTILINE)) == TARGETS


def test_variables_of_targets_are_never_run_as_commands(tmp_path: Path) -> None:
    for name in VARIABLES:
        assert not re.search(rf"(?<!\$)\$[({{]{name}\b", MAKEFILE), "make must not expand what it is given"
    write_program(tmp_path / "svf", 'printf "[%s]" "$@"')
    nasty = f"$(shell touch {tmp_path}/a);`touch {tmp_path}/b`$(touch {tmp_path}/c)\" 'x"
    given = {**os.environ, **dict.fromkeys(("BASE", "HEAD", "SUMMARY", "FILE", "FOLDER", "TAG", "DATE", "ISSUE", "ISSUE_BODY"), nasty)}
    answers = tmp_path / "a b"
    expected = {
        "changes": ["diff", "--summary", nasty, "--", nasty, nasty],
        "protected": ["protected", "--", nasty, nasty],
        "preview": ["unpack", "--", nasty, nasty],
        "release-notes": ["notes", "--", nasty],
        "overdue": ["check", "--only", "overdue", "--summary", nasty, "--due", nasty],
        "suggestion": ["suggest", "--issue", nasty, "--answer", f"{answers}/answer.md", "--title", f"{answers}/title.md"],
    }
    options = ("-o", ".venv/ready", f"BIN={tmp_path}")
    for target, arguments in expected.items():
        done = make(*options, target, env={**given, "AGREED": "no", "ANSWER": str(answers)})
        assert done.stdout.endswith("".join(f"[{argument}]" for argument in arguments))
    assert make(*options, "protected", env={**os.environ, "BASE": "x", "AGREED": "yes"}).stdout == "[protected][--agreed][--][x][]"
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
    assert done.returncode == code, done.stderr
    assert (tmp_path / "built").exists() == (code == 0)
    assert ("npm could not set up the form at /edit/\n" in done.stderr) == bool(warning)
    assert warning in done.stderr
    assert all("CI" not in step.get("env", {}) for file in WORKFLOWS for _, step in steps(file)), "GitHub sets CI"


@pytest.mark.parametrize(
    ("target", "given", "message"),
    [
        ("suggestion", {}, 'Give the number of the issue and its text: ISSUE=12 ISSUE_BODY="$(cat issue.md)" make suggestion'),
        ("suggestion", {"ISSUE": "0", "ISSUE_BODY": "x"}, 'Error: "0" is not the number of an issue; write it in digits, for example 12.'),
        (
            "preview",
            {"FILE": "framework.zip"},
            "Give the packed copy and a new folder for it: make preview FILE=framework.zip FOLDER=preview",
        ),
        ("preview", {"FILE": "framework.zip", "FOLDER": "data"}, "Error: data already exists. Name a new folder."),
        ("release-notes", {}, "Give the tag of an edition: make release-notes TAG=edition-2026-11"),
        ("release-notes", {"TAG": "v1"}, 'Error: CHANGELOG.md has no text for the edition "v1"'),
        ("changes", {"BASE": "nowhere"}, 'Error: There is no revision "nowhere" here'),
        ("changes", {"BASE": "HEAD", "SUMMARY": "data"}, "SUMMARY is a folder; give the name of a file: make changes SUMMARY=summary.md"),
        ("protected", {"AGREED": "true"}, "AGREED is yes or no: make protected AGREED=yes"),
        ("overdue", {"DATE": "2026-02-30"}, '"2026-02-30" is not a date'),
        ("overdue", {"SUMMARY": "data"}, "SUMMARY is a folder; give the name of a file: make overdue SUMMARY=summary.md"),
        ("other-python", {"OTHER": "python9.9"}, "There is no python9.9 here; name a Python that is: make other-python OTHER=python3.12"),
    ],
)
def test_a_target_says_what_it_needs_in_one_line(target: str, given: dict[str, str], message: str) -> None:
    clean = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    options = ("-o", ".venv/ready", "-o", "node_modules/ready", f"BIN={Path(sys.executable).parent}")
    done = make(*options, target, env={**clean, **given})
    assert done.returncode == 2
    lines = [line for line in done.stderr.splitlines() if not line.startswith("make: ***")]
    assert len(lines) == 1, done.stderr
    assert message in lines[0]


def test_a_missing_python_is_named(tmp_path: Path) -> None:
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    done = make("check", "PYTHON=python9.9", folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("There is no python9.9 here; name a Python that is: make PYTHON=python3.12\n")
    assert not (tmp_path / ".venv").exists()


def test_checks_have_plain_names_and_the_required_ones_are_documented() -> None:
    checks = [job["name"] for job in loaded(CHECK)["jobs"].values()]
    assert checks == ["Data", "Words", "Links", "Accessibility", "Guides", "Workflows", "Changes for readers", "Tests"]
    (protected,) = loaded(GITHUB / "workflows/protected.yml")["jobs"].values()
    assert protected["name"] == "What the report says"
    assert f"labels.*.name, '{LABEL}'" in protected["steps"][-1]["env"]["AGREED"]
    text = " ".join((ROOT / "PUBLISHING.md").read_text("utf-8").split())
    (listed,) = re.findall(r'the checks ([^.]+) and "What the report says"', text)
    assert set(listed.split(", ")) == {"Build", *checks} - {"Changes for readers"}


def test_the_preview_waits_for_the_build_alone() -> None:
    build, preview = loaded(BUILD), loaded(PREVIEW)
    assert preview["on"]["workflow_run"] == {"workflows": [build["name"]], "types": ["completed"]}
    assert [file.stem for file in WORKFLOWS if loaded(file)["name"] == build["name"]] == ["build"]
    (job,) = build["jobs"].values()
    assert (build["name"], job["name"]) == ("Build", "Build")
    assert [step["run"] for step in job["steps"] if "run" in step] == ["make -s zip"]
    assert job["steps"][-1]["with"]["name"] == "preview"


def test_the_newest_copy_is_taken_if_the_build_ran_more_than_once() -> None:
    (query,) = re.findall(r"--jq '(\[\.artifacts.*?)'", PREVIEW.read_text("utf-8"))
    if (jq := shutil.which("jq")) is None:
        pytest.skip("jq is not installed")
    artifacts = [{"id": 70, "expired": False}, {"id": 71, "expired": False}, {"id": 72, "expired": True}]
    for given, expected in (([], ""), (artifacts, "71\n")):
        done = subprocess.run([jq, query], input=json.dumps({"artifacts": given}), capture_output=True, text=True, check=True)
        assert done.stdout == expected


def test_code_owners_belong_to_the_repositorys_organisation(real: Framework) -> None:
    owner = urlsplit(real.site.repository).path.split("/")[1]
    rules = [line.split() for line in (REAL / ".github/CODEOWNERS").read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert {name.split("/")[0] for _, *names in rules for name in names} == {f"@{owner}"}
    guarded = {pattern.strip("/") for pattern, *_ in rules}
    assert {"data/report.yml", "data/site.yml", "macros", ".github"} <= guarded
    assert all(list(ROOT.glob(pattern)) for pattern in guarded), "each rule guards something"


def test_the_pull_request_template_asks_what_why_and_where_to_check() -> None:
    text = (GITHUB / "pull_request_template.md").read_text("utf-8")
    assert all(part in text for part in ("What changed?", "Why?", "Where can we check it?", "CC BY 4.0", "MIT", LABEL))
    assert len(text.splitlines()) < 15


def test_dependabot_updates_every_lock_file() -> None:
    updates = loaded(GITHUB / "dependabot.yml")["updates"]
    found = {(update["package-ecosystem"], update["directory"]) for update in updates}
    npm = {
        ("npm", f"/{f.parent.relative_to(ROOT)}".removesuffix(".")) for f in (ROOT / "package.json", ROOT / "tests/benchmarks/package.json")
    }
    assert found == {("pip", "/"), ("github-actions", "/"), *npm}
    assert all(update["groups"] and update["cooldown"] for update in updates)


def test_released_files_are_built(site: Path) -> None:
    lay_out = script(RELEASE, "Lay out what is released")
    from_site, from_sbom = re.findall(r"site/(\S+)", lay_out), re.findall(r"sbom/(\S+)", lay_out)
    assert (len(from_site), len(from_sbom)) == (4, 3)
    assert all((site / path).is_file() for path in from_site)
    sbom = MAKEFILE.partition("\nsbom: ")[2].partition("\n\n")[0]
    assert all(f"sbom/{name}" in sbom for name in from_sbom)
    assert "framework.zip" in lay_out
    released = re.findall(r"[\w.-]+", re.findall(r"files=\((.*)\)", RELEASE.read_text("utf-8"))[0])
    assert set(released) <= {*(Path(path).name for path in from_site), *from_sbom, "framework.zip", "notes.md"}


@pytest.mark.sweep
def test_pre_commit_hooks_pass_and_name_an_invalid_record(tmp_path: Path) -> None:
    assert tool("pre-commit", "validate-config").returncode == 0
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert [repo["repo"] for repo in hooks] == ["local"]
    assert {hook["language"] for hook in hooks[0]["hooks"]} == {"system"}
    folder = tmp_path / "copy"
    ignored = shutil.ignore_patterns(
        ".venv", "node_modules", "site", ".site-*", ".git", "*_cache", ".cache", "screenshots", "framework.zip"
    )
    shutil.copytree(ROOT, folder, ignore=ignored, symlinks=True)
    (folder / ".venv").mkdir()
    for name in ("python", "ruff", "codespell", "zizmor", "check-jsonschema"):
        write_program(folder / ".venv/bin" / name, f'exec "{Path(sys.executable).with_name(name)}" "$@"')
    environment = {**ENVIRONMENT, "PRE_COMMIT_HOME": str(tmp_path / "home")}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)

    pre_commit = str(Path(sys.executable).with_name("pre-commit"))
    run("git", "init", "--quiet")
    run("git", "add", "--all")
    done = run(pre_commit, "run", "--all-files")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Skipped" not in done.stdout
    record = folder / "data/recommendations/2f.yml"
    record.write_text(record.read_text("utf-8").replace("stage: ", "stage: x"), "utf-8")
    run("git", "add", "--all")
    done = run(pre_commit, "run")
    assert done.returncode == 1
    assert "data/recommendations/2f.yml:" in done.stdout


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
  *"GET repos/o/r/pulls -f state=open -f head="*) printf '%s' "$PULL_FOUND" ;;
  *"GET --paginate repos/o/r/pulls "*) printf '%s\\n' $PULLS_OPEN ;;
  *"GET repos/o/r/actions/runs/"*"/artifacts "*) printf '%s' "$COPY_FOUND" ;;
  *"GET --paginate repos/o/r/issues/"*"/comments "*) printf '%b' "$OURS" ;;
  *"GET --paginate repos/o/r/issues "*) printf '%s' "$ISSUE_FOUND" ;;
  "release view "*) exit "${RELEASED:-1}" ;;
esac
"""


class Run:
    """Runs workflows in the repository at `folder`, whose remote is `origin`; `notes` has the arguments of gh."""

    def __init__(self, folder: Path, tmp_path: Path) -> None:
        self.folder, self.tmp, self.origin = folder, tmp_path, tmp_path / "origin.git"
        self.bin, self.notes, self.artefacts = tmp_path / "bin", tmp_path / "notes", tmp_path / "artefacts"
        self.bin.mkdir()
        self.notes.mkdir()
        self.program("gh", GH)
        self.program("svf", f'PYTHONPATH="{ROOT}" exec "{sys.executable}" -m macros "$@"')
        real_make = f'exec {shutil.which("make")} -f "{ROOT}/Makefile" -o .venv/ready BIN="{self.bin}" "$@"'
        self.program("make", f'[ "$2" != site ] || exec "${{SITE:-{self.bin}/svf}}" build\n{real_make}')
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("init", "--quiet", "--bare", str(self.origin))
        (folder / ".gitignore").write_text("site/\n.build.lock\n.cache/\n__pycache__/\n")
        self.git("remote", "add", "origin", str(self.origin))
        self.save("Begin")
        self.git("push", "--quiet", "origin", "main")

    def program(self, name: str, text: str) -> None:
        write_program(self.bin / name, text)

    def git(self, *words: str) -> str:
        return subprocess.run(["git", *words], cwd=self.folder, capture_output=True, text=True, check=True).stdout

    def save(self, message: str) -> str:
        """Commit all that has changed, and return the commit."""
        self.git("add", "--all")
        self.git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet", f"--message={message}")
        return self.git("rev-parse", "HEAD").strip()

    def suggestion(self, text: str, issue: int = 12, **more: str) -> dict[str, str]:
        """Run the workflow for an issue with the text `text`."""
        known = {"github.event.label.name": "make-change", "github.event.sender.login": "jo"}
        known |= {"github.event.issue.number": str(issue), "github.event.issue.body": text}
        return self.workflow(SUGGESTION, known, **more)

    def workflow(self, file: Path, known: Mapping[str, str], **more: str) -> dict[str, str]:
        """Run the jobs of `file`, each in a fresh checkout, and return the outcome of each named step.

        `known` are values of expressions, and `more` is added to the environment. An artefact is a folder in `artefacts`.
        """
        (self.notes / "gh").write_text("")
        values = {
            "github.token": "secret",
            "github.repository": "o/r",
            "github.event.repository.default_branch": "main",
            "github.server_url": "https://git.example.org",
            "github.run_id": "77",
            "runner.temp": str(self.tmp / "temp"),
            **known,
        }
        done: dict[str, str] = {}
        bad: set[str] = set()
        for name, job in loaded(file)["jobs"].items():
            needs = job.get("needs", [])
            failed = bool(bad & set([needs] if isinstance(needs, str) else needs))
            if not self._wanted(job.get("if", "success()"), values, failed=failed):
                bad.add(name)
                continue
            self._fresh()
            own = dict(values)
            if self._job(job, own, done, more):
                bad.add(name)
            for key, value in job.get("outputs", {}).items():
                values[f"needs.{name}.outputs.{key}"] = self._filled(value, own)
        return done

    def _fresh(self) -> None:
        self.git("checkout", "--quiet", "--force", "main")
        self.git("clean", "--quiet", "-dff")
        for branch in self.git("branch", "--format=%(refname:short)").split():
            if branch != "main":
                self.git("branch", "--quiet", "-D", branch)
        shutil.rmtree(self.tmp / "temp", ignore_errors=True)
        (self.tmp / "temp").mkdir()

    def _job(self, job: dict[str, Any], known: dict[str, str], done: dict[str, str], more: Mapping[str, str]) -> bool:
        """Run the steps of `job`, and return whether it failed."""
        failed = False
        of_job = {key: self._filled(value, known) for key, value in job.get("env", {}).items()}
        for step in job["steps"]:
            if not self._wanted(step.get("if", "success()"), known, failed=failed):
                continue
            if "run" in step:
                of_step = {key: self._filled(value, known) for key, value in step.get("env", {}).items()}
                outputs = self.step(step["run"], {**of_job, **of_step, **more})
            else:
                outputs = {"outcome": self._action(step["uses"], {k: self._filled(v, known) for k, v in step.get("with", {}).items()})}
            failed |= outputs["outcome"] == "failure" and "continue-on-error" not in step
            if "name" in step:
                done[step["name"]] = outputs["outcome"]
            known |= {f"steps.{step.get('id', '')}.outcome": outputs.pop("outcome")}
            known |= {f"steps.{step.get('id', '')}.outputs.{key}": value for key, value in outputs.items()}
        return failed

    def _action(self, name: str, given: Mapping[str, str]) -> str:
        """Imitate the action `name`, if it moves artefacts."""
        kept, place = self.artefacts / given.get("name", ""), Path(given.get("path", ""))
        if "/upload-artifact@" in name and place.exists():
            shutil.rmtree(kept, ignore_errors=True)
            kept.mkdir(parents=True)
            for item in sorted(place.iterdir()) if place.is_dir() else [place]:
                shutil.copy(item, kept)
        elif "/download-artifact@" in name:
            if not kept.is_dir():
                return "failure"
            shutil.copytree(kept, place, dirs_exist_ok=True)
        return "success"

    def _filled(self, text: str, known: Mapping[str, str]) -> str:
        """Fill in the expressions of `text`; steps and needs that did not run, and settings that nobody made, are empty."""
        optional = ("needs.", "steps.", "vars.", "secrets.")
        return re.sub(r"\$\{\{ (\S+) \}\}", lambda m: known.get(m[1], "") if m[1].startswith(optional) else known[m[1]], text)

    def _wanted(self, condition: str, known: Mapping[str, str], *, failed: bool) -> bool:
        """Evaluate `condition`, the `if` of a step or job, in the few forms that the workflows use."""
        condition = condition.removeprefix("${{ ").removesuffix(" }}")
        if not re.search(r"\b(?:success|always|failure|cancelled)\(\)", condition) and failed:
            return False
        for call, value in (("!cancelled()", True), ("always()", True), ("success()", not failed), ("failure()", failed)):
            condition = condition.replace(call, str(value))
        condition = re.sub(r"[a-zA-Z_]+(?:\.[a-zA-Z_]+)+", lambda m: repr(known.get(m[0], "")), condition)
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


def test_a_suggestion_becomes_a_pull_request_and_is_updated(run: Run) -> None:
    done = run.suggestion(body(GOOD))
    assert set(done.values()) == {"success"}
    assert "Say why it could not be made" not in done
    (create,) = [line for line in run.gh if line.startswith("pr create")]
    assert create.startswith(
        'pr create --repo o/r --base main --head suggestion-12 --title 1a: new wording of "Questions to ask, question 1" --body-file '
    )
    assert (run.notes / "body").read_text().startswith("Closes #12\n")
    assert run.gh[-1] == "api --silent --method DELETE repos/o/r/issues/12/labels/make-change"
    assert run.gh[-2].startswith("issue comment 12 --repo o/r --body Thank you. ")
    assert "is offered for review as pull request #44, which shows" in run.gh[-2]
    assert "secret" not in "".join(run.gh)

    run.git("fetch", "--quiet", "origin", "suggestion-12")
    diff = run.git("diff", "--unified=0", "main", "FETCH_HEAD")
    assert [line for line in diff.splitlines() if re.match(r"[-+](?![-+])", line)] == [
        "-    Did we ask in time?",
        "+    Did we ask in good time?",
    ]
    assert run.git("log", "--format=%s|%an|%P", "-1", "FETCH_HEAD").startswith(
        '1a: new wording of "Questions to ask, question 1"|github-actions[bot]|'
    )

    run.git("update-ref", "-d", "refs/remotes/origin/suggestion-12")
    again = run.suggestion(body(dataclasses.replace(GOOD, new="Did we ask soon?")), OPEN="31", SITE="true")
    assert set(again.values()) == {"success"}
    assert not [line for line in run.gh if line.startswith("pr create")]
    (patch,) = [line for line in run.gh if "PATCH" in line]
    assert patch.startswith(
        'api --silent --method PATCH repos/o/r/pulls/31 -f title=1a: new wording of "Questions to ask, question 1" -F body=@'
    )
    assert "is brought up to date in pull request #31, which shows" in run.gh[-2]
    run.git("fetch", "--quiet", "origin", "suggestion-12")
    assert "Did we ask soon?" in run.git("show", "FETCH_HEAD:data/recommendations/1a.yml")
    assert "main" in run.git("log", "--format=%D", "FETCH_HEAD~1"), "one commit on main, not two"


def test_a_bad_suggestion_gets_a_comment_and_no_branch(run: Run) -> None:
    done = run.suggestion(body(dataclasses.replace(GOOD, new="<b>$(touch x)</b> `touch y` @octocat\n---")), issue=7)
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


def test_only_people_with_write_access_can_start_the_change(run: Run) -> None:
    for role in ("read", "none", ""):
        assert run.suggestion(body(GOOD), ROLE=role) == {"See whether the person who set the label may write here": "failure"}
    assert len(run.branches()) == 1


def test_a_change_that_breaks_the_site_is_not_offered(run: Run) -> None:
    page = run.folder / "content/index.md"
    page.write_text(page.read_text() + "\n<a href='gone/'>gone</a>\n")
    run.git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet", "--all", "--message=Break")
    done = run.suggestion(body(GOOD))
    assert done["Check the records and build the site with the change"] == "failure"
    assert "look at [what happened](https://git.example.org/o/r/actions/runs/77)" in (run.notes / "body").read_text()
    assert len(run.branches()) == 1


def test_the_issue_is_told_if_the_pull_request_cannot_be_opened(run: Run) -> None:
    done = run.suggestion(body(GOOD), CANNOT="1", SITE="true")
    assert done["Open the pull request, or bring it up to date"] == "failure"
    assert done["Say why it could not be made"] == "success"
    assert "what happened" in (run.notes / "body").read_text()
    assert "DELETE" in run.gh[-1]
    assert "Thank you" not in "".join(run.gh)


@pytest.mark.parametrize(
    "paths",
    [
        ["content/index.md"],
        ["data/site.yml"],
        ["data/words.yml"],
        ["data/recommendations/new.yml"],
        [".github/workflows/suggestion.yml"],
        ["data/recommendations/1a.yml", "data/glossary/outcome.yml"],
    ],
    ids=str,
)
def test_a_patch_of_anything_but_one_record_is_refused(run: Run, paths: list[str]) -> None:
    answers = run.tmp / "temp/suggestion"
    answers.mkdir(parents=True)
    for path in paths:
        with (run.folder / path).open("a") as file:
            file.write("# more\n")
    run.git("add", "--all")
    (answers / "change.patch").write_text(run.git("diff", "--cached", "--binary"))
    run.git("reset", "--quiet", "--hard")
    (answers / "title.md").write_text("1a: new wording\n")
    done = run.step(script(SUGGESTION, "Put the change on a branch of its own"), {"ISSUE": "12", "ANSWER": str(answers)})
    assert done["outcome"] == "failure"
    assert "The patch does not change one record and nothing else." in run.said
    assert len(run.branches()) == 1


# After the build of a pull request: the commit of a fork is in the remote as refs/pull/9/head.

MARK = "<!-- What changes for readers; brought up to date by preview.yml. -->\n"
BUILT = {
    "github.event.workflow_run.event": "pull_request",
    "github.event.workflow_run.conclusion": "success",
    "github.event.workflow_run.head_branch": "a-branch",
    "github.event.workflow_run.head_repository.owner.login": "fork",
    "github.event.workflow_run.id": "55",
}


@pytest.fixture
def offered(run: Run) -> str:
    """The commit of a fork that changes a record and the Makefile, which must not run."""
    record = run.folder / "data/recommendations/1a.yml"
    record.write_text(record.read_text().replace("Ask people what they need.", "Ask people what they <b>want</b> @octocat."))
    (run.folder / "Makefile").write_text(f"changes preview:\n\ttouch {run.tmp}/run-by-fork\n")
    commit = run.save("Offer")
    run.git("push", "--quiet", "origin", "HEAD:refs/pull/9/head")
    run.git("reset", "--quiet", "--hard", "HEAD~1")
    return commit


def packed(run: Run, *names: str) -> None:
    """Store a copy of the site with the files `names` as the artefact of the build."""
    folder = run.artefacts / "preview"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "framework.zip", "w") as made:
        for name in ("framework/index.html", *names):
            made.writestr(name, "<!doctype html><html><head><title>x</title></head></html>")


def previewed(run: Run, commit: str, known: Mapping[str, str] | None = None, **more: str) -> dict[str, str]:
    given = {"PULL_FOUND": "9\n", "COPY_FOUND": "70\n", **more}
    return run.workflow(PREVIEW, {**BUILT, "github.event.workflow_run.head_sha": commit, **(known or {})}, **given)


def comment(run: Run) -> str:
    return (run.notes / "body").read_text()


def test_a_pull_request_gets_one_comment_that_is_updated(run: Run, offered: str) -> None:
    packed(run)
    done = previewed(run, offered)
    assert set(done.values()) == {"success"}, run.said
    assert run.gh[-1].startswith("api --silent --method POST repos/o/r/issues/9/comments -F body=@")
    assert comment(run).startswith(
        f"{MARK}[Download a copy of the site with this change](https://git.example.org/o/r/actions/runs/55/artifacts/70). "
    )
    assert "## What changes for readers\n\n1 recommendation changes" in comment(run)
    assert "<b>" not in comment(run)
    assert "@octocat" not in comment(run)
    assert not (run.tmp / "run-by-fork").exists()
    assert run.git("status", "--porcelain") == ""

    previewed(run, offered, OURS="81\\n82\\n")
    assert run.gh[-1].startswith("api --silent --method PATCH repos/o/r/issues/comments/81 -F body=@")
    assert not [line for line in run.gh if "POST" in line]
    assert "secret" not in "".join(run.gh)


def test_the_comment_names_a_record_that_cannot_be_read(run: Run) -> None:
    (run.folder / "data/recommendations/1a.yml").write_text("stage: [\n")
    commit = run.save("Break")
    run.git("push", "--quiet", "origin", "HEAD:refs/pull/9/head")
    run.git("reset", "--quiet", "--hard", "HEAD~1")
    done = previewed(run, commit, {"github.event.workflow_run.conclusion": "failure"}, COPY_FOUND="")
    assert done["Tell what changes for readers"] == "failure"
    assert "Unpack the copy, if it is nothing else" not in done
    said = (
        "There is no preview: the site could not be built with this change. [Build](https://git.example.org/o/r/actions/runs/55) says why."
    )
    assert said in comment(run)
    assert "data/recommendations/1a.yml" in comment(run)


@pytest.mark.parametrize("found", ["", "9\n10\n", "null", "$(touch x)"])
def test_without_one_open_pull_request_nothing_is_done(run: Run, offered: str, found: str) -> None:
    done = previewed(run, offered, PULL_FOUND=found)
    assert list(done) == ["Find the pull request and the copy of the site"]
    assert len(run.gh) == 2


def test_an_outdated_commit_gets_no_comment(run: Run, offered: str) -> None:
    assert offered
    done = previewed(run, run.git("rev-parse", "main").strip())
    assert "Tell what changes for readers" not in done
    assert not [line for line in run.gh if "comments" in line]


@pytest.mark.parametrize(
    ("conclusion", "message"),
    [
        ("failure", "the site could not be built with this change. [Build](https://git.example.org/o/r/actions/runs/55) says why."),
        ("timed_out", "the site could not be built with this change. [Build](https://git.example.org/o/r/actions/runs/55) says why."),
        ("success", "[Build](https://git.example.org/o/r/actions/runs/55) did not keep a copy of the site as make zip packs it."),
    ],
)
def test_the_comment_says_why_there_is_no_preview(run: Run, offered: str, conclusion: str, message: str) -> None:
    previewed(run, offered, {"github.event.workflow_run.conclusion": conclusion}, COPY_FOUND="")
    assert message in comment(run)
    assert ("could not be built" in comment(run)) == (conclusion != "success")
    assert "1 recommendation changes" in comment(run)


@pytest.mark.parametrize("more", [{"event": "push"}, {"conclusion": "cancelled"}, {"conclusion": "action_required"}, {"conclusion": ""}])
def test_other_runs_of_the_build_get_no_comment(run: Run, offered: str, more: dict[str, str]) -> None:
    assert previewed(run, offered, {f"github.event.workflow_run.{key}": value for key, value in more.items()}) == {}
    assert run.gh == []


def test_an_unsafe_copy_is_neither_published_nor_offered(run: Run, offered: str) -> None:
    packed(run, "../../evil.html")
    done = previewed(run, offered, {"vars.PREVIEW_REPOSITORY": "o/previews", "secrets.PREVIEW_KEY": "key"}, REMOTE=str(previews(run)))
    assert done["Unpack the copy, if it is nothing else"] == "failure"
    assert "Publish it, and take away those of closed pull requests" not in done
    assert (
        "There is no preview: [Build](https://git.example.org/o/r/actions/runs/55) did not keep a copy of the site as make zip"
        in comment(run)
    )
    assert "artifacts/70" not in comment(run)
    assert not list(run.tmp.rglob("evil.html"))


def previews(run: Run) -> Path:
    home = run.tmp / "previews.git"
    if not home.exists():
        run.git("init", "--quiet", "--bare", str(home))
    return home


def published(run: Run) -> list[str]:
    return run.git("--git-dir", str(previews(run)), "ls-tree", "-r", "--name-only", "gh-pages").split()


def test_previews_are_published_and_those_of_closed_pull_requests_removed(run: Run, offered: str) -> None:
    packed(run, "framework/stages/index.html")
    known = {"vars.PREVIEW_REPOSITORY": "o/previews", "secrets.PREVIEW_KEY": "key"}
    done = previewed(run, offered, known, REMOTE=str(previews(run)), PULLS_OPEN="9 4")
    assert set(done.values()) == {"success"}, run.said
    assert published(run) == [".nojekyll", "pr-9/index.html", "pr-9/stages/index.html", "robots.txt"]
    assert comment(run).startswith(f"{MARK}[Look at the site with this change](https://o.github.io/previews/pr-9/). ")
    home = run.git("--git-dir", str(previews(run)), "show", "gh-pages:pr-9/index.html")
    assert home.count('<head><meta name="robots" content="noindex">') == 1
    assert run.git("--git-dir", str(previews(run)), "show", "gh-pages:robots.txt") == "User-agent: *\nDisallow: /\n"

    run.git("push", "--quiet", "origin", f"{offered}:refs/pull/12/head")
    shutil.rmtree(run.artefacts / "preview")
    packed(run)
    previewed(run, offered, known, REMOTE=str(previews(run)), PULLS_OPEN="9 12", PULL_FOUND="12\n")
    assert [name for name in published(run) if name.endswith(".html")] == ["pr-12/index.html", "pr-9/index.html", "pr-9/stages/index.html"]
    previewed(run, offered, known, REMOTE=str(previews(run)), PULLS_OPEN="12", PULL_FOUND="12\n")
    assert [name for name in published(run) if name.endswith(".html")] == ["pr-12/index.html"]
    assert run.git("--git-dir", str(previews(run)), "rev-list", "--count", "gh-pages").strip() == "1", "what is gone is gone"


def test_without_its_key_no_preview_is_published(run: Run, offered: str) -> None:
    packed(run)
    done = previewed(run, offered, {"vars.PREVIEW_REPOSITORY": "o/previews"}, REMOTE=str(previews(run)))
    assert done["Publish it, and take away those of closed pull requests"] == "success"
    assert "artifacts/70" in comment(run)
    assert run.git("--git-dir", str(previews(run)), "for-each-ref") == ""


# The weekly issue.

NOT_LOOKED = "This could not be looked at. [The run](https://git.example.org/run) says why.\n"


def weekly(run: Run, links: str, reviews: str, packages: str = "success", **more: str) -> None:
    """Write or close the issue, after steps that ended as given."""
    found = run.tmp / "found"
    shutil.rmtree(found, ignore_errors=True)
    found.mkdir()
    for name, ended, text in (
        ("links", links, "1 problem in 1 file; here is what to type.\n" if links == "failure" else "No problems.\n"),
        ("reviews", reviews, "2 problems in 2 files; here is what to type.\n" if reviews == "failure" else "No problems.\n"),
        ("packages", packages, "Asked.\n\n" + ("one 1.0 is unsafe\n" if packages == "failure" else "")),
    ):
        if ended in {"success", "failure"}:
            (found / f"{name}.md").write_text(text)
    (run.notes / "gh").write_text("")
    given = {"REPOSITORY": "o/r", "FOUND": str(found), "LOG": "https://git.example.org/run", "TITLE": "T", "SITE": "success"}
    given |= {"LINKS": links, "REVIEWS": reviews, "PACKAGES": packages, **more}
    assert run.step(script(WEEKLY, "Bring the issue up to date, or close it"), given)["outcome"] == "success"


def test_what_is_found_goes_into_one_issue_which_is_closed_when_all_is_well(run: Run) -> None:
    weekly(run, "success", "success")
    assert len(run.gh) == 1
    weekly(run, "success", "failure")
    assert run.gh[-1].startswith("api --silent --method POST repos/o/r/issues -f title=T -F body=@")
    assert "## Reviews that are overdue\n\n2 problems in 2 files" in comment(run)
    assert "Links" not in comment(run)
    weekly(run, "failure", "failure", "failure", ISSUE_FOUND="31\n33\n")
    assert run.gh[-1].startswith("api --silent --method PATCH repos/o/r/issues/31 -F body=@")
    assert "## Links to others' sites\n\n1 problem in 1 file" in comment(run)
    assert "## Packages that are known to be unsafe\n\nAsked.\n\none 1.0 is unsafe" in comment(run)
    assert not [line for line in run.gh if "POST" in line]
    weekly(run, "success", "success", ISSUE_FOUND="31\n")
    assert run.gh[-1] == "api --silent --method PATCH repos/o/r/issues/31 -f state=closed -f state_reason=completed"


@pytest.mark.parametrize("ended", ["skipped", "cancelled", ""])
def test_a_step_that_did_not_run_is_reported(run: Run, ended: str) -> None:
    weekly(run, ended, "success", "failure", ISSUE_FOUND="31\n")
    assert run.gh[-1].startswith("api --silent --method PATCH repos/o/r/issues/31 -F body=@")
    assert f"## Links to others' sites\n\n{NOT_LOOKED}" in comment(run)
    assert "one 1.0 is unsafe" in comment(run)
    assert "Reviews" not in comment(run)


def test_a_step_that_left_no_result_is_reported(run: Run) -> None:
    weekly(run, "success", "success", FOUND=str(run.tmp / "empty"))
    assert comment(run).count(NOT_LOOKED) == 3
    assert "could not be built" not in comment(run)


MAKE = """case "$2" in
  site) exit 1 ;;
  external) echo "1 problem" > "$SUMMARY" ; exit 1 ;;
  overdue) echo "No problems." > "$SUMMARY" ;;
  audit) echo "one 1.0 is unsafe" > "$SUMMARY" ; exit 1 ;;
esac
"""


def test_the_issue_is_written_if_the_site_cannot_be_built(run: Run) -> None:
    run.program("make", MAKE)
    done = run.workflow(WEEKLY, {})
    assert (done["Build the site"], done["Bring the issue up to date, or close it"]) == ("failure", "success")
    assert "Follow links to others' sites" not in done
    assert run.gh[-1].startswith("api --silent --method POST repos/o/r/issues -f title=To look at this week -F body=@")
    log = "[The run](https://git.example.org/o/r/actions/runs/77) says why.\n"
    assert f"## The site\n\nThe site could not be built. {log}" in comment(run)
    assert f"## Links to others' sites\n\nThis could not be looked at. {log}" in comment(run)
    assert "## Packages that are known to be unsafe\n\none 1.0 is unsafe\n" in comment(run)
    assert "Reviews" not in comment(run)


def test_the_issue_is_written_if_the_first_job_fails(run: Run) -> None:
    run.program("mkdir", 'case "$2" in */found) [ -n "$LOG" ] || exit 1 ;; esac\nexec /bin/mkdir "$@"')
    assert run.workflow(WEEKLY, {}) == {"Bring the issue up to date, or close it": "success"}
    assert "The site could not be built." in comment(run)
    assert comment(run).count("This could not be looked at.") == 3


def test_overdue_reviews_are_listed_for_the_issue(run: Run) -> None:
    reviews = run.tmp / "reviews.md"
    given = {"SUMMARY": str(reviews), "DATE": "2030-01-01"}
    assert run.step(script(WEEKLY, "List overdue reviews"), given)["outcome"] == "failure"
    assert re.match(r"\d+ problems in \d+ files; here is what to type\.\n", reviews.read_text())
    assert "due on" in reviews.read_text()
    assert run.step(script(WEEKLY, "List overdue reviews"), {**given, "DATE": "2026-12-01"})["outcome"] == "success"
    assert reviews.read_text().endswith("No problems.\n\n")


def test_an_edition_is_released_with_its_notes_and_its_files_can_be_replaced(run: Run) -> None:
    (run.folder / "CHANGELOG.md").write_text("# Changelog\n\n## Edition 2026-11, 22 November 2026\n\n- First.\n")
    given = {"TAG": "edition-2026-11", "NOTES": str(run.tmp / "notes.md")}
    assert run.step(script(RELEASE, "Write down what the changelog says of the edition"), given)["outcome"] == "success"
    assert (run.tmp / "notes.md").read_text() == "- First.\n"
    files = "framework.pdf framework-large-print.pdf framework.zip checklists.xlsx framework.json python.cdx.json npm.cdx.json licences.md"
    given = {"REPOSITORY": "o/r", "TAG": "edition-2026-11", "EDITION": str(run.folder)}
    release = script(RELEASE, "Make the release, or put its files there again")
    assert run.step(release, given)["outcome"] == "success"
    assert run.gh[-1] == (f"release create edition-2026-11 --repo o/r --verify-tag --title Edition 2026-11 --notes-file notes.md {files}")
    assert run.step(release, {**given, "RELEASED": "0"})["outcome"] == "success"
    assert run.gh[-1] == f"release upload edition-2026-11 --repo o/r --clobber {files}"
