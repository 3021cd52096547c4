"""An issue becomes a change of one text of one record, or an answer that says why not."""

from __future__ import annotations

import dataclasses
import re
import shutil
from pathlib import Path

import lxml.html
import pytest
from markdown import Markdown

from macros.cli.suggest.command import FORM, Objection, Result, answer, fenced, propose
from macros.loading.yaml_reader import parse
from macros.site_build.project import read_project
from tests.cli.test_issue_form import GOOD, LABELS, body
from tests.conftest import ROOT, Done, svf


@pytest.fixture
def small_root(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small project, with the form, as the current folder."""
    shutil.copytree(ROOT / ".github", project / ".github")
    monkeypatch.chdir(project)
    return project


def suggest(folder: Path, text: str) -> Done:
    """Run svf suggest with the `text` of an issue in the current folder; the answer goes to `folder`."""
    return svf(Path.cwd(), "suggest", "--issue", "12", "--answer", f"{folder}/answer.md", "--title", f"{folder}/title.md", ISSUE_BODY=text)


def answered(folder: Path, **answers: str) -> tuple[int, str]:
    """Return the exit code and the answer for GOOD with other `answers`."""
    code = suggest(folder, body(dataclasses.replace(GOOD, **answers))).returncode
    return code, (folder / "answer.md").read_text()


def contents(project: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in project.rglob("*") if file.is_file() and "macros" not in file.relative_to(project).parts}


def test_a_good_suggestion_changes_one_text(small_root: Path, tmp_path: Path) -> None:
    file = small_root / "data/recommendations/1a.yml"
    file.write_bytes(b"# A comment that stays.\r\n" + file.read_bytes().replace(b"\n", b"\r\n"))
    before = contents(small_root)
    done = suggest(tmp_path, body(GOOD))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "changed data/recommendations/1a.yml\n")
    after = contents(small_root)
    assert {path for path in after if after[path] != before.get(path)} == {file}
    assert after[file] == before[file].replace(b"Did we ask in time?", b"Did we ask in good time?")
    assert read_project(small_root).errors == ()
    assert (tmp_path / "title.md").read_text() == '1a: new wording of "Questions to ask, question 1"\n'
    text = (tmp_path / "answer.md").read_text()
    assert text.startswith("Closes #12\n")
    where = (
        "recommendation 1a. Ask early for ideas",
        "`data/recommendations/1a.yml`",
        "Questions to ask, question 1 (`ask.1` in the file)",
    )
    assert [words for words in (*where, *dataclasses.astuple(GOOD)[1:]) if words not in text] == []
    assert "steering-group-agreed" not in text
    assert LABELS["source"] not in text


@pytest.mark.usefixtures("small_root")
def test_the_pull_request_tells_maintainers_what_to_check(tmp_path: Path) -> None:
    quoted = "The report says that asking should happen early..."
    for answers, note in (
        ({"current": quoted, "new": "The report asks that people be heard early enough."}, "only with the label `steering-group-agreed`"),
        ({"new": f"Did we ask {'and ask ' * 14}in time?"}, "- a sentence of 33 words; split it, or write at most 30"),
        ({"current": "Say what you have seen, with its outcomes.", "new": "Say what you have seen."}, "The wording now links to"),
    ):
        code, text = answered(tmp_path, **answers)
        assert (code, note in text) == (0, True), text


BAD = [
    ({"id": "`$(touch /tmp/x)`"}, "not the id of a record"),
    ({"new": "", "why": ""}, "nothing is written"),
    ({"new": "Did we  ask\nin time?"}, "the same as the wording now"),
    ({"new": "Did we ask? " * 500}, "write at most 5,000"),
    ({"new": "<b>Did we ask?</b>"}, "HTML does not work"),
    ({"new": "\u202e"}, "an invisible character (U+202E)"),
    ({"new": "We did not ask."}, "not a question; end it with ?"),
    ({"new": "Did we ask [them](javascript:alert)?"}, "javascript:alert"),
    ({"new": "Did we ask \U0001f600?"}, "which printed guides cannot show"),
    ({"current": "Ask early for ideas", "new": "• Ask for ideas\n• Ask early"}, "a list, where the record has room for one line"),
    ({"id": "output", "current": "Output", "new": "outcomes"}, "is already used in data/glossary/output.yml"),
]


@pytest.mark.parametrize(("answers", "wrong"), BAD, ids=[wrong for _, wrong in BAD])
def test_a_bad_suggestion_gets_an_answer_and_nothing_is_changed(
    answers: dict[str, str], wrong: str, small_root: Path, tmp_path: Path
) -> None:
    before = contents(small_root)
    code, found = answered(tmp_path, **answers)
    assert (code, wrong in found, "nothing was changed" in found, "1a.yml" in found) == (1, True, True, False), found
    assert contents(small_root) == before
    assert not (tmp_path / "title.md").exists()


@pytest.mark.usefixtures("small_root")
@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"current": "The report says that asking..."}, ["187 words; write 8 to 90"]),
        ({"id": "1z"}, ['there is no record "1z"', '"Questions to ask, question 1" of 1a']),
    ],
)
def test_each_problem_is_reported_once(tmp_path: Path, answers: dict[str, str], wrong: list[str]) -> None:
    typed = "<b>We organize it with [[nothing]] and [more](nowhere) " + "and more " * 90
    _, text = answered(tmp_path, **{"new": typed, "why": "", **answers})
    for each in ("nothing is written", "HTML", "American spelling", 'no term "nothing"', 'no record "nowhere"', *wrong):
        assert text.count(each) == 1, text


@pytest.mark.usefixtures("small_root")
def test_if_the_quotation_is_not_found_the_answer_lists_the_texts_of_the_record(tmp_path: Path) -> None:
    _, text = answered(tmp_path, current="What it was before.")
    assert "**Questions to ask, question 1**\n\n```text\nDid we ask in time?\n```" in text
    assert "**Compact principles that it serves, principle 1: Why it serves the principle**" in text
    assert not re.search(r"[a-z_]+\.\d", text), "no name of a field"


def test_only_invalid_records_prevent_a_change(small_root: Path, tmp_path: Path) -> None:
    page = small_root / "content/values.md"
    page.write_text(page.read_text("utf-8") + "\nWe organize it.\n", "utf-8")
    assert answered(tmp_path)[0] == 0
    (small_root / "data/values/trust.yml").write_text("x")
    code, text = answered(tmp_path)
    assert (code, "a record is invalid already" in text) == (1, True)


NASTY = "Hello @octocat, fixes #1, see https://evil.example/ and www.evil.example <img src=x onerror=alert(1)> ``` [x](javascript:y) GH-7"


def test_typed_text_never_becomes_a_link_a_mention_or_html_and_is_bounded(small_root: Path) -> None:
    typed = dataclasses.replace(GOOD, why=f"{NASTY} " * 35, source=f"```\n{NASTY}\n````\n# Big", sector="`\n" * 2_500)
    found = propose(small_root, read_project(small_root), body(typed))
    refusal = Result([Objection("", f"{NASTY} " * 90, "@" * 9_000)] * 99, choices={f"Why {n}": "x" * 5_000 for n in range(25)})
    for result, begin in ((found, "Closes #12"), (refusal, "Thank you")):
        text = answer(small_root, result, 12)[0]
        assert text.startswith(begin)
        assert len(text) < 65_536
        root = lxml.html.fragment_fromstring(Markdown(extensions=["fenced_code"]).convert(text), create_parent="div")
        assert not root.xpath("//a | //script | //img | //h1")
        assert not re.search(r"@\w|(?<!issue )(?<!Closes )#\d|\w://|www\.|GH-\d", "".join(root.xpath(".//text()[not(ancestor::code)]")))
    assert "and 89 more like these." in text


def test_text_cannot_end_its_code_block() -> None:
    assert fenced("one ```` two\n```\nthree") == "`````text\none ```` two\n```\nthree\n`````"
    assert fenced("a\x00b\u202e") == "```text\na\ufffdb\ufffd\n```"
    assert max(map(len, fenced("word " * 500).split("\n"))) <= 100
    assert fenced("abc", 2) == "```text\nab...\n```"


def test_missing_options_are_named(small_root: Path, tmp_path: Path) -> None:
    assert svf(small_root, "suggest", "--issue", "0").returncode == 2
    assert "There is no text of an issue" in svf(small_root, "suggest", "--issue", "3").stderr
    (tmp_path / "issue.md").write_bytes(body(GOOD).encode() + b"\xff")
    done = svf(small_root, "suggest", "--issue", "3", "--body", f"{tmp_path}/issue.md")
    assert (done.returncode, done.stdout.startswith("Closes #3\n")) == (0, True)
    (small_root / FORM).unlink()
    assert "There is no .github/ISSUE_TEMPLATE/suggest.yml" in svf(small_root, "suggest", "--issue", "3").stderr


FIRST = "People who use a service know best what it does for them, and what it fails to do."
SECOND = "A plan that hears them in time costs less to mend, and is trusted more when it must disappoint somebody."
BETTER = "People who use a service know best what it does for them in Testshire and what it fails to do for others."


@pytest.mark.parametrize(
    ("current", "new", "text"),
    [
        (f"> \u201c{FIRST}\u201d", f"> \u201c{BETTER}\u201d", f"{BETTER}\n{SECOND}"),
        (FIRST, f"{BETTER} {SECOND}", f"{BETTER}\n{SECOND}"),
        (f"{FIRST} {SECOND}", f"{BETTER.replace(' in ', ' in' + chr(10))}\n{SECOND}", f"{BETTER}\n{SECOND}"),
        (
            f"{FIRST} {SECOND}",
            f"{BETTER[:-1]}:\n- it is planned.\n- it is checked.\n{SECOND}",
            f"{BETTER[:-1]}:\n\n- it is planned.\n- it is checked.\n\n{SECOND}",
        ),
    ],
    ids=["a quoted part", "a part with repeated sentences", "wrapped lines", "a list"],
)
def test_pasted_text_replaces_only_what_is_quoted(small_root: Path, tmp_path: Path, current: str, new: str, text: str) -> None:
    file = small_root / "data/recommendations/1a.yml"
    before = parse(file.read_text("utf-8"), "").value
    code, pull = answered(tmp_path, current=current, new=new)
    assert code == 0, pull
    assert before is not None
    assert parse(file.read_text("utf-8"), "").value == {**before, "why": text}
    assert ('This is part of "Why it matters".' in pull) == new.endswith("\u201d")


LONG = ("Ask only for data you use. " * 230)[:5_994] + " Ask it."


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"current": FIRST, "new": "Too short."}, [("the whole text would have 22 words", "write 30 to 80")]),
        ({"current": f"{FIRST} {SECOND}", "new": LONG}, [("6,002 characters", "write at most 5,000"), ("1334 words", "write 30 to 80")]),
    ],
)
def test_a_text_of_the_wrong_length_gets_every_limit(small_root: Path, answers: dict[str, str], wrong: list[tuple[str, str]]) -> None:
    found = propose(small_root, read_project(small_root), body(dataclasses.replace(GOOD, **answers)))
    assert [objection[1:] for objection in found.objections] == wrong


@pytest.mark.parametrize("more", [{}, {"id": "9z"}])
@pytest.mark.usefixtures("small_root")
def test_each_answer_warns_of_personal_details(tmp_path: Path, more: dict[str, str]) -> None:
    _, text = answered(tmp_path, why="Ring 01992 555555.", source="jo.bloggs@example.com", **more)
    for kind in ("a phone number", "an e-mail address"):
        assert text.count(f"The suggestion contains what looks like {kind}. Check that it may be published before merging.") == 1
