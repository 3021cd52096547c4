"""An issue becomes a change of one text of one record, or an answer that says why not."""

from __future__ import annotations

import dataclasses
import re
import shutil
from pathlib import Path

import lxml.html
import pytest
import yaml
from markdown import Markdown

from macros.cli.suggest import command
from macros.cli.suggest.command import FORM, Objection, Result, Suggestion, propose, read_suggestion
from macros.loading.yaml_reader import parse
from macros.model.framework import Framework
from macros.site_build.project import read_project
from tests.conftest import ROOT, Done, cases, svf

LABELS = command.form_labels(ROOT)
GOOD = Suggestion("1a", "Did we visit places where people already meet?", "Did we go where people meet?", "It is clearer.", "", "A council")


def body(suggestion: Suggestion) -> str:
    """Return the text of the issue as GitHub makes it from the form."""
    answers = dataclasses.asdict(suggestion)
    answers |= {name: f"```text\n{answers[name]}\n```" for name in ("current", "new") if answers[name]}
    return "\n\n".join(f"### {label}\n\n{answers[name] or '_No response_'}" for name, label in LABELS.items())


def test_the_form_has_a_question_for_each_part_of_a_suggestion() -> None:
    assert [*LABELS] == [field.name for field in dataclasses.fields(Suggestion)]
    questions = [part for part in yaml.safe_load((ROOT / FORM).read_text("utf-8"))["body"] if part["type"] != "markdown"]
    assert [part["id"] for part in questions if "render" in part["attributes"]] == ["current", "new"]
    assert [part["id"] for part in questions if part.get("validations", {}).get("required")] == ["id", "why"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("around", ["", "  \n"])
@pytest.mark.parametrize(
    "answers",
    [
        {"new": "One.\n\n- two\n- three", "why": "A reason.\n\n### A heading\n\nMore.", "sector": ""},
        {"new": f"One.\n\n### {LABELS['why']}\n\nTwo.", "current": f"### {LABELS['id']}"},
    ],
    ids=["headings of one's own", "headings of the form in a code block"],
)
def test_an_issue_is_read_as_it_was_filled_in(answers: dict[str, str], around: str, line_end: str) -> None:
    typed = dataclasses.replace(GOOD, **answers)
    assert read_suggestion(around + body(typed).replace("\n", line_end) + around, LABELS) == typed


@pytest.mark.parametrize(
    "text",
    [
        "Please change 1a.",
        "\n".join(f"### {label}" for label in reversed(LABELS.values())),
        "\n".join(f"{label}\nText." for label in reversed(LABELS.values())),
        body(GOOD).replace("### Why should it change?", "#### Why should it change?"),
        body(GOOD).replace("### Where do you work?\n\nA council", ""),
        body(dataclasses.replace(GOOD, why=f"One.\n\n### {LABELS['source']}\n\nTwo.")),
        body(dataclasses.replace(GOOD, new="One.\n```\nTwo.")),
        body(dataclasses.replace(GOOD, new="One.\n```\n\n" + body(GOOD).rpartition("```")[2] + "\n\n```")),
    ],
)
def test_an_issue_that_cannot_be_read_is_refused(text: str) -> None:
    found = read_suggestion(text, LABELS)
    assert isinstance(found, Objection)
    assert found.wrong.startswith("the headings of the form are missing")


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"new": "Did\u200b we a\u00adsk in\u00a0good \ufefftime?"}, []),
        ({"new": "Members pay £5 @ the door, 3 < 4, R&D; see [the law](https://www.testshire.gov.uk/), {so} – or not."}, []),
        ({"why": "Ask @octocat, <b>not</b> {{ me }} ![x](y)", "source": "https://example.org/<x>"}, []),
        ({"new": "Turn \u202egnirts\u202c back."}, ["an invisible character (U+202E)"]),
        ({"new": "Bell \x07", "current": ""}, ["this is empty", "an invisible character (U+0007)"]),
        ({"new": "word " * 1_001, "source": "x" * 6_000}, ["this has 5,005 characters", "this has 6,000 characters"]),
    ],
)
def test_everything_that_is_wrong_with_the_answers_is_reported(answers: dict[str, str], wrong: list[str]) -> None:
    assert [objection.wrong for objection in command.objections(dataclasses.replace(GOOD, **answers), LABELS)] == wrong


@pytest.mark.parametrize(("typed", "found"), cases("suggest.named"))
def test_a_record_is_named_by_its_id_or_address(small: Framework, typed: str, found: str) -> None:
    key = command.named_record(small, typed, "Which record?")
    assert (f"{key.wrong}; {key.instead}" if isinstance(key, Objection) else "/".join(key)) == found


def test_a_term_comes_before_others_of_its_name(small: Framework) -> None:
    records = {**small.records, ("term", "open"): small.records["term", "outcome"].model_copy(update={"id": "open", "term": "Openness"})}
    assert command.named_record(Framework(records, small.documents), "Openness") == ("term", "open")


@pytest.mark.parametrize(("typed", "wrong"), cases("suggest.unclear_quotations"))
def test_a_quotation_must_fit_one_place(small: Framework, typed: str, wrong: str) -> None:
    objection = command.quoted_part(small, ("recommendation", "1a"), typed, LABELS["current"])
    assert isinstance(objection, Objection)
    assert (objection.label, f"{objection.wrong}; {objection.instead}") == (LABELS["current"], wrong)


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
    kept = {"macros", ".cache"}
    return {file: file.read_bytes() for file in project.rglob("*") if file.is_file() and not kept & set(file.relative_to(project).parts)}


def test_a_good_suggestion_changes_one_text(small_root: Path, tmp_path: Path) -> None:
    file = small_root / "data/recommendations/1a.yml"
    file.write_bytes(b"# A comment that stays.\r\n" + file.read_bytes().replace(b"\n", b"\r\n"))
    before = contents(small_root)
    done = suggest(tmp_path, body(GOOD))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "changed data/recommendations/1a.yml\n")
    after = contents(small_root)
    assert {path for path in after if after[path] != before.get(path)} == {file}
    assert after[file] == before[file].replace(GOOD.current.encode(), GOOD.new.encode())
    assert read_project(small_root).errors == ()
    assert (tmp_path / "title.md").read_text() == '1a: new wording of "Check your work, question 1"\n'
    text = (tmp_path / "answer.md").read_text()
    assert text.startswith("Closes #12\n")
    where = (
        "recommendation 1a. Go where people already meet",
        "`data/recommendations/1a.yml`, at `ask.1`",
        "**Text:** Check your work, question 1\n",
    )
    assert [words for words in (*where, *dataclasses.astuple(GOOD)[1:]) if words not in text] == []
    assert [words for words in ("steering-group-agreed", "Before merging", "git restore", LABELS["source"]) if words in text] == []


@pytest.mark.usefixtures("small_root")
def test_the_pull_request_tells_maintainers_what_to_check(tmp_path: Path) -> None:
    quoted = "People should be asked where they [cut to fit the link]"
    for answers, note in (
        ({"current": quoted, "new": "The report asks that people be heard early enough."}, "only with the label `steering-group-agreed`"),
        ({"new": f"Did we ask {'and ask ' * 14}in time?"}, "- a sentence of 33 words; split it, or write at most 30"),
        ({"id": "1b", "current": "what they say about its outcomes.", "new": "what they say."}, "The current wording links to"),
    ):
        code, text = answered(tmp_path, **answers)
        assert (code, note in text) == (0, True), text


BAD = [*cases("suggest.bad"), ({"new": "Did we ask? " * 500}, "write at most 5,000")]


@pytest.mark.parametrize(("answers", "wrong"), BAD, ids=[wrong for _, wrong in BAD])
def test_a_bad_suggestion_gets_an_answer_and_nothing_is_changed(
    answers: dict[str, str], wrong: str, small_root: Path, tmp_path: Path
) -> None:
    before = contents(small_root)
    code, found = answered(tmp_path, **answers)
    assert (code, wrong.casefold() in found.casefold(), "nothing has changed" in found, "1a.yml" in found) == (1, True, True, False), found
    assert contents(small_root) == before
    assert not (tmp_path / "title.md").exists()


@pytest.mark.parametrize("new", ["", GOOD.current])
def test_without_new_wording_nothing_changes_and_a_maintainer_looks_at_it(small_root: Path, tmp_path: Path, new: str) -> None:
    before = contents(small_root)
    code, text = answered(tmp_path, new=new, id="the page on outcomes")
    assert (code, "A maintainer will look at it" in text, "What to correct" in text) == (1, True, False)
    assert contents(small_root) == before


@pytest.mark.usefixtures("small_root")
@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"current": "People should be asked [cut to fit the link]", "new": "<b>" + "ask " * 182}, ["HTML", "182 words. Write 8 to 90."]),
        ({"new": "Do we organize it with [[nothing]] and [more](nowhere)?"}, ["American", 'no term "nothing"', 'no record "nowhere"']),
        ({"id": "1z"}, ['there is no record "1z"']),
    ],
)
def test_each_problem_is_reported_once(tmp_path: Path, answers: dict[str, str], wrong: list[str]) -> None:
    _, text = answered(tmp_path, why="", **answers)
    for each in ("This is empty", *wrong):
        assert text.casefold().count(each.casefold()) == 1, text
    assert ":**" not in text.replace("Current wording:**", "").replace("Your new wording:**", "")


@pytest.mark.usefixtures("small_root")
def test_if_the_quotation_is_not_found_the_answer_lists_the_texts_of_the_record(tmp_path: Path) -> None:
    _, text = answered(tmp_path, current="What it was before.")
    assert f"**Check your work, question 1**\n\n> {GOOD.current}\n" in text
    assert "**How it serves the principles, reason 1**" in text
    assert not re.search(r"[a-z_]+\.\d", text), "no name of a field"


def test_only_invalid_records_prevent_a_change(small_root: Path, tmp_path: Path) -> None:
    page = small_root / "content/values.md"
    page.write_text(page.read_text("utf-8") + "\nWe organize it.\n", "utf-8")
    assert answered(tmp_path)[0] == 0
    (small_root / "data/values/openness.yml").write_text("x")
    code, text = answered(tmp_path)
    assert (code, "Another text has a mistake" in text, "edit your" in text) == (1, True, False)


@pytest.mark.usefixtures("small_root")
@pytest.mark.parametrize(("answers", "parts"), cases("suggest.answers"))
def test_the_answer_says_what_happens_next(tmp_path: Path, answers: dict[str, str] | str, parts: list[str]) -> None:
    suggest(tmp_path, answers) if isinstance(answers, str) else answered(tmp_path, **answers)
    text = (tmp_path / "answer.md").read_text()
    assert [part for part in parts if part not in text] == []
    assert "don't need to do anything more" not in text or "edit your suggestion" not in text


NASTY = "Hello @octocat, fixes #1, see https://evil.example/ and www.evil.example <img src=x onerror=alert(1)> ``` [x](javascript:y) GH-7"


def test_typed_text_never_becomes_a_link_a_mention_or_html_and_is_bounded(small_root: Path) -> None:
    typed = dataclasses.replace(GOOD, why=f"{NASTY} " * 35, source=f"```\n{NASTY}\n````\n# Big", sector="`\n" * 2_500)
    found = propose(read_project(small_root), body(typed))
    refusal = Result([Objection("", f"{NASTY} " * 90, "@" * 9_000)] * 99, choices={f"Why {n}": "x" * 5_000 for n in range(25)})
    for result, begin in ((found, "Closes #12"), (refusal, "Thank you")):
        text = command.answer(small_root, result, 12)[0]
        assert text.startswith(begin)
        assert len(text) < 65_536
        root = lxml.html.fragment_fromstring(Markdown(extensions=["fenced_code"]).convert(text), create_parent="div")
        assert not root.xpath("//a | //script | //img | //h1")
        assert not re.search(r"@\w|(?<!issue )(?<!Closes )#\d|\w://|www\.|GH-\d", "".join(root.xpath(".//text()[not(ancestor::code)]")))
    assert "and 89 more like these." in text


def test_what_was_typed_is_quoted_as_it_is() -> None:
    assert command.quoted("one ```` two\n# three\n\n> four") == "> one \\`\\`\\`\\` two<br>#&#8203; three<br><br>&gt; four"
    assert command.quoted("a\x00b\u202e") == "> a\ufffdb\ufffd"
    assert command.quoted("abc", 2) == "> ab..."


def test_missing_options_are_named(small_root: Path, tmp_path: Path) -> None:
    assert svf(small_root, "suggest", "--issue", "0").returncode == 2
    assert "There is no text of an issue" in svf(small_root, "suggest", "--issue", "3").stderr
    (tmp_path / "issue.md").write_bytes(body(GOOD).encode() + b"\xff")
    done, again = (svf(small_root, "suggest", "--body", f"{tmp_path}/issue.md") for _ in range(2))
    assert (done.returncode, "git restore data/recommendations/1a.yml" in done.stdout, "Approve" in done.stdout) == (0, True, False)
    assert (again.returncode, "run the command again" in again.stdout, "three dots" in again.stdout) == (1, True, False)
    (small_root / FORM).unlink()
    assert FORM in svf(small_root, "suggest", "--issue", "3", ISSUE_BODY="x").stderr


FIRST = "A survey on a website reaches people who like surveys."
SECOND = "A visit to a lunch club or a school gate reaches those who never fill one in, and they often know most about what is missing."
BETTER = "A survey on a website reaches people in Testshire who like surveys and have the time for one."


@pytest.mark.parametrize(
    ("current", "new", "text"),
    [
        (f"> \u201c{FIRST}\u201d", f"> \u201c{BETTER}\u201d", f"{BETTER}\n{SECOND}"),
        (f"{FIRST} {SECOND}", f"{BETTER.replace(' in ', ' in' + chr(10))}\n{SECOND}", f"{BETTER}\n{SECOND}"),
        (
            f"{FIRST} {SECOND}",
            f"{BETTER[:-1]}:\n- plan.\n- check.\n{SECOND}",
            f"{BETTER[:-1]}:\n\n- plan.\n- check.\n\n{SECOND}",
        ),
    ],
    ids=["a quoted part", "wrapped lines", "a list"],
)
def test_pasted_text_replaces_only_what_is_quoted(small_root: Path, tmp_path: Path, current: str, new: str, text: str) -> None:
    file = small_root / "data/recommendations/1a.yml"
    before = parse(file.read_text("utf-8"), "").value
    code, pull = answered(tmp_path, current=current, new=new)
    assert code == 0, pull
    assert before is not None
    assert parse(file.read_text("utf-8"), "").value == {**before, "why": text}
    assert ("Only the words quoted below were replaced" in pull) == new.endswith("\u201d")


LONG = ("Ask only for data you use. " * 230)[:5_994] + " Ask it."


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"current": FIRST, "new": "Too short."}, [("the whole text would have 28 words", "write 30 to 80")]),
        ({"current": f"{FIRST} {SECOND}", "new": LONG}, [("this has 6,002 characters", "write at most 5,000")]),
    ],
)
def test_a_text_of_the_wrong_length_gets_every_limit(small_root: Path, answers: dict[str, str], wrong: list[tuple[str, str]]) -> None:
    found = propose(read_project(small_root), body(dataclasses.replace(GOOD, **answers)))
    assert [objection[1:] for objection in found.objections] == wrong
