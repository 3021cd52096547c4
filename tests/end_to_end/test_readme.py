"""What the guides for people say is true: the examples load, and every command and macro is there."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from macros.__main__ import main
from macros.checks.settings import setting
from macros.cli.suggest.command import FORM
from macros.history.editions import next_edition
from macros.model.introspection import field_guides
from macros.model.records import KINDS
from macros.rendering.page_macros import PageMacros
from macros.site_build.project import read_project
from tests.conftest import REAL, ROOT, copy_project, framework_of

GUIDE = (ROOT / "data/README.md").read_text("utf-8")
EXAMPLES = re.findall(r"^## .*?`(data/\S+\.yml)`\n.*?^```yaml\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


def test_there_is_an_example_of_each_kind() -> None:
    assert {Path(path).parent.name for path, _ in EXAMPLES} == {cls.folder for cls in KINDS.values()}


@pytest.mark.our_content
@pytest.mark.records
def test_every_example_loads_among_the_real_records(tmp_path: Path) -> None:
    coming = next_edition(framework_of(copy_project(REAL, tmp_path)), read_project(tmp_path).snapshots)
    for path, text in EXAMPLES:
        file = tmp_path / path
        added = re.search(r"(?m)^added: (\S+)", file.read_text("utf-8") if file.exists() else "")
        file.write_text(re.sub(r"(?m)^added: \S+", f"added: {added[1] if added else coming}", text), "utf-8")
    framework_of(tmp_path)


def test_the_examples_state_every_limit_of_words() -> None:
    classes = {cls.folder: cls for cls in KINDS.values()}
    for path, text in EXAMPLES:
        fields = field_guides(classes[Path(path).parent.name])
        for field in (*fields, *(inner for group in fields for inner in group.fields)):
            limit = field.words and rf"\b{field.name}:.*\n?.*\b{field.words.least} to {field.words.most} words"
            assert not limit or re.search(limit, text), (path, field.name)


def test_every_macro_is_listed() -> None:
    assert set(re.findall(r"\{\{ (\w+)\(", GUIDE)) == set(PageMacros.names())


def test_the_readmes_name_what_exists() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    guides = "\n".join(
        (ROOT / f"{name}.md").read_text("utf-8") for name in ("README", "CONTRIBUTING", "MAINTAINING", "HACKING", "PUBLISHING")
    )
    for target in re.findall(r"(?:^|`)make ([\w-]+)", guides, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for command in re.findall(r"svf ([a-z][a-z-]*)", guides):
        assert command in main.list_commands(click.Context(main)), command
    paths = r"`((?:\.github|content|data|macros|templates|tests)/[\w/.-]+|[a-z_]+/[\w/]+\.(?:py|[\w.]*j2))`"
    for path in re.findall(paths, guides) + re.findall(r"^\| `([\w/.-]+)`", readme, re.MULTILINE):
        exists = any((ROOT / folder / path).exists() for folder in ("", "macros", "macros/templates"))
        assert exists or path == "data/editions/", path  # which the first release makes
    for link in re.findall(r"\]\(([^)#]+)\)", guides + GUIDE):
        assert link.startswith(("http", "../../issues/")) or link == "2f" or (ROOT / link).exists(), link
    for name, anchor in re.findall(r"\]\((\w+\.md)#([\w-]+)\)", guides):
        headings = re.findall(r"^#+ (.*)$", (ROOT / name).read_text("utf-8"), re.MULTILINE)
        assert anchor in {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}, (name, anchor)


@pytest.mark.records
def test_the_first_screen_of_contributing_lets_anyone_act() -> None:
    opening = (REAL / "CONTRIBUTING.md").read_text("utf-8").partition("\n## ")[0]
    assert 100 <= len(re.sub(r"\]\([^)]*\)", "]", opening).split()) <= 170
    links = [f"../../issues/new?template={Path(FORM).name}", f"{setting(REAL, 'site_url')[1]}about/suggest/", "../../issues/new/choose"]
    assert re.findall(r"\]\(([^)]+)\)", opening) == links


def test_readme_begins_with_commands_outside_the_environment() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    start = readme.partition("## Start\n")[2].partition("\n| ")[0]
    assert re.findall(r"^(git clone|make \w+)", start, re.MULTILINE) == ["git clone", "make serve", "make check"]
    assert ".venv/bin" not in readme
