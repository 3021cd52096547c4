"""An issue becomes a change of one text of one record, or an answer in plain words, and nothing else happens."""

from __future__ import annotations

import dataclasses
import functools
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest
from click.testing import CliRunner, Result

from macros.__main__ import main
from macros.model import Recommendation
from macros.project import Project, read_project
from macros.source import parse
from macros.suggest import Proposal, Refusal, answer, fenced, propose, quiet
from macros.suggestion import FORM, Objection

from .conftest import REAL, ROOT
from .test_suggestion import GOOD, LABELS, body


@pytest.fixture
def asked(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small project, with the form, as the current folder."""
    shutil.copytree(ROOT / ".github", project / ".github")
    monkeypatch.chdir(project)
    return project


def svf(folder: Path, text: str | None, *words: str) -> Result:
    environment = {"ISSUE_BODY": text}
    return CliRunner().invoke(
        main, ["suggest", "--issue", "12", "--answer", f"{folder}/answer.md", "--title", f"{folder}/title.md", *words], env=environment
    )


def contents(project: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in project.rglob("*") if file.is_file() and "macros" not in file.relative_to(project).parts}


def test_a_good_suggestion_changes_one_text(asked: Path, tmp_path: Path) -> None:
    file = asked / "data/recommendations/1a.yml"
    file.write_bytes(b"# A comment that stays.\r\n" + file.read_bytes().replace(b"\n", b"\r\n"))
    before = contents(asked)
    done = svf(tmp_path, body(GOOD))
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "changed data/recommendations/1a.yml\n")
    after = contents(asked)
    assert {path for path in after if after[path] != before.get(path)} == {file}
    assert after[file] == before[file].replace(b"Did we ask in time?", b"Did we ask in good time?")
    assert read_project(asked).errors == ()
    assert (tmp_path / "title.md").read_text() == '1a: new wording of "Questions to ask, question 1"\n'
    said = (tmp_path / "answer.md").read_text()
    assert said.startswith("Closes #12\n")
    for words in (
        "recommendation 1a. Ask early for ideas",
        "`data/recommendations/1a.yml`",
        "Questions to ask, question 1 (`ask.1` in the file)",
        *dataclasses.astuple(GOOD)[1:],
    ):
        assert words in said
    assert "steering-group-agreed" not in said
    assert LABELS["source"] not in said


def test_what_the_report_says_needs_the_steering_group(asked: Path, tmp_path: Path) -> None:
    protected = dataclasses.replace(
        GOOD, current="The report says that asking should happen early...", new="The report asks that people be heard early enough."
    )
    assert svf(tmp_path, body(protected)).exit_code == 0
    assert "merged only with the label `steering-group-agreed`" in (tmp_path / "answer.md").read_text()
    assert "people be heard early enough.\n" in (asked / "data/recommendations/1a.yml").read_text()


def test_a_line_stays_on_its_line(asked: Path, tmp_path: Path) -> None:
    assert svf(tmp_path, body(dataclasses.replace(GOOD, current="Ask early for ideas", new="Ask: early\n\n  for ideas"))).exit_code == 0
    assert '\ntitle: "Ask: early for ideas"\n' in (asked / "data/recommendations/1a.yml").read_text()


def test_a_warning_is_for_the_maintainer(asked: Path, tmp_path: Path) -> None:
    long = "Did we ask " + "and ask " * 14 + "in time?"
    assert svf(tmp_path, body(dataclasses.replace(GOOD, new=long))).exit_code == 0
    assert "- a sentence of 33 words; write at most 30; make two of it" in (tmp_path / "answer.md").read_text()
    assert asked.is_dir()


BAD = [
    ({"id": "1z"}, 'there is no record "1z"'),
    ({"id": "trust"}, "names more than one record"),
    ({"id": "`$(touch /tmp/x)`"}, "no id of a record"),
    ({"new": ""}, "nothing is written"),
    ({"why": ""}, "nothing is written"),
    ({"current": "Something else."}, "no text of this record reads like this"),
    ({"new": "Did we ask in time?"}, "the same as the wording now"),
    ({"new": "Did we ask? " * 500}, "write at most 5,000"),
    ({"new": "---\ntitle: x\n---\nIs it so?"}, "a line of dashes"),
    ({"new": "<b>Did we ask?</b>"}, "HTML"),
    ({"new": "Did {{ we }} ask?"}, "the braces of a macro (Jinja)"),
    ({"new": "Did @octocat ask?"}, "a name that begins with @"),
    ({"new": "Did we \u202eask?"}, "an invisible character (U+202E)"),
    ({"new": "Did ![we](https://example.org/a.png) ask?"}, "a picture"),
    ({"new": "We did not ask."}, "not a question; end it with ?"),
    ({"new": "Did we organize it?"}, "is an American spelling"),
    ({"new": "Did we ask [them](nowhere)?"}, 'there is no record "nowhere"'),
    ({"new": "Did we ask [them](javascript:alert)?"}, "javascript:alert"),
    ({"new": "Did we ask about [[nothing]]?"}, 'there is no term "nothing"'),
    ({"new": "Did we ask \U0001f600?"}, "which printed guides cannot show"),
    ({"current": "Ask early for ideas", "new": "Ask"}, "1 word; write 3 to 9"),
    ({"new": "Kind regards,\nJo"}, "the end of a mail"),
    ({"new": "## Did we ask?"}, "the mark of a heading"),
    ({"new": "Who\tWhen\nwe\tnow\nyou\tthen"}, "a table"),
    ({"current": "Ask early for ideas", "new": "• Ask for ideas\n• Ask early"}, "a list, where the record has room for one line"),
    ({"new": "Did we ask?\n\n### Why should it change?\n\nForged", "why": "### Where do you work?"}, "a line that the form itself uses"),
]


@pytest.mark.parametrize(("answers", "said"), BAD, ids=[said for _, said in BAD])
def test_a_bad_suggestion_gets_an_answer_and_nothing_is_changed(answers: dict[str, str], said: str, asked: Path, tmp_path: Path) -> None:
    before = contents(asked)
    done = svf(tmp_path, body(dataclasses.replace(GOOD, **answers)))
    assert (done.exit_code, done.output) == (1, "")
    found = (tmp_path / "answer.md").read_text()
    assert said in found
    assert "nothing was changed" in found
    assert "data/recommendations/1a.yml" not in found
    assert contents(asked) == before
    assert not (tmp_path / "title.md").exists()


def test_all_faults_are_said_at_once(asked: Path, tmp_path: Path) -> None:
    svf(tmp_path, body(dataclasses.replace(GOOD, id="1z", new="<b>{{ x }}</b>", why="")))
    said = (tmp_path / "answer.md").read_text()
    assert said.count("\n- **") == 5
    assert '"Questions to ask, question 1" of 1a' in said
    svf(tmp_path, body(dataclasses.replace(GOOD, new="Does  it say [[nothing]] and [more](nowhere)?")))
    assert (tmp_path / "answer.md").read_text().count("\n- **Your new wording:** ") == 2
    assert asked.is_dir()


def test_a_text_that_is_too_long_hears_what_else_is_wrong_with_it(asked: Path, tmp_path: Path) -> None:
    typed = "<b>We  organize</b> it with [[nothing]] and [more](nowhere) " + "and more " * 90
    svf(tmp_path, body(dataclasses.replace(GOOD, current="The report says that asking...", new=typed, why="")))
    said = (tmp_path / "answer.md").read_text()
    for one in (
        "**Why should it change?:** nothing is written",
        "HTML",
        "words; write 8 to 90",
        "American spelling",
        'there is no term "nothing"',
        'there is no record "nowhere"',
        "does not end with a stop",
    ):
        assert one in said, said
    assert said.count("HTML") == 1, "said once"
    assert asked.is_dir()


def test_a_list_of_a_word_processor_is_laid_out(asked: Path, tmp_path: Path) -> None:
    pasted = dataclasses.replace(GOOD, current="Asking when all is settled.", new="Asking late:\n•\twhen all is settled;\n•\tor in August.")
    assert svf(tmp_path, body(pasted)).exit_code == 0, (tmp_path / "answer.md").read_text()
    assert "    Asking late:\n\n    - when all is settled;\n    - or in August.\n" in (asked / "data/recommendations/1a.yml").read_text()


def test_a_wording_that_has_changed_shows_what_the_record_says_now(asked: Path, tmp_path: Path) -> None:
    svf(tmp_path, body(dataclasses.replace(GOOD, current="What it was before.")))
    said = (tmp_path / "answer.md").read_text()
    assert "**Questions to ask, question 1**\n\n```text\nDid we ask in time?\n```" in said
    assert "**What to do, step 2**" in said
    assert "**Compact principles that it serves, principle 1: Why it serves the principle**" in said
    assert not re.search(r"[a-z_]+\.\d", said), "no name of a field"
    assert asked.is_dir()


def test_a_fault_elsewhere_is_said_with_its_place(asked: Path, tmp_path: Path) -> None:
    renamed = dataclasses.replace(GOOD, id="output", current="Output", new="outcomes")
    before = contents(asked)
    assert svf(tmp_path, body(renamed)).exit_code == 1
    assert "is already a name of the term" in (tmp_path / "answer.md").read_text()
    assert contents(asked) == before


def test_a_project_with_a_fault_is_not_made_worse(asked: Path, tmp_path: Path) -> None:
    (asked / "data/values/trust.yml").write_text("x")
    assert svf(tmp_path, body(GOOD)).exit_code == 1
    assert "a record has a fault already" in (tmp_path / "answer.md").read_text()


def test_every_answer_is_bounded(asked: Path) -> None:
    project = read_project(asked)
    worst = dataclasses.replace(GOOD, why="`" * 5_000, source="\u202e@" * 2_500, sector="w " * 2_500)
    assert len(answer(asked, propose(asked, project, body(worst)), 12)[0]) < 65_536
    many = Refusal(tuple(Objection("", "x" * 9_000, "<" * 9_000) for _ in range(99)), ())
    assert len(answer(asked, many, 12)[0]) < 65_536
    found = propose(asked, project, body(dataclasses.replace(GOOD, id="report", current="Not there.")))
    assert isinstance(found, Refusal)
    said = answer(asked, Refusal(many.objections, found.choices * 20), 12)[0]
    assert len(said) < 65_536
    assert "and 74 more like these." in said


NASTY = "Hello @octocat, fixes #1, see https://evil.example/ and www.evil.example <img src=x onerror=alert(1)> ``` [x](javascript:y) GH-7"


def test_what_was_typed_is_never_live(asked: Path) -> None:
    project = read_project(asked)
    typed = dataclasses.replace(GOOD, why=NASTY, source=f"```\n{NASTY}\n````\n# Big", sector=NASTY)
    found = propose(asked, project, body(typed))
    assert isinstance(found, Proposal)
    for said in (answer(asked, found, 12)[0], answer(asked, Refusal((Objection("", NASTY, NASTY),)), 12)[0]):
        bare = re.sub(r"(?ms)^(`{3,})text\n.*?^\1$", "", said)
        bare = re.sub(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", "", bare)
        assert "Closes #12" in bare or "could not be made" in bare
        for live in ("@", "evil", "<", "#1,", "javascript", "GH-"):
            assert live not in bare, bare


def test_plain_words_are_not_set_as_code() -> None:
    assert quiet("612 words; write 8 to 90") == "612 words; write 8 to 90"
    assert quiet("use `it`") == "`` use `it` ``"
    assert quiet("a\nb\u202e") == "` a b\ufffd `"
    assert quiet("x" * 600, 10) == "x" * 10 + "..."


def test_a_block_of_code_cannot_be_left() -> None:
    assert fenced("one ```` two\n```\nthree") == "`````text\none ```` two\n```\nthree\n`````"
    assert fenced("a\x00b\u202e") == "```text\na\ufffdb\ufffd\n```"
    assert max(map(len, fenced("word " * 500).split("\n"))) <= 100
    assert fenced("abc", 2) == "```text\nab...\n```"


def test_the_issue_may_come_from_a_file_and_the_answer_go_to_the_screen(asked: Path, tmp_path: Path) -> None:
    (tmp_path / "issue.md").write_bytes(body(GOOD).encode() + b"\xff")
    done = CliRunner().invoke(main, ["suggest", "--issue", "3", "--body", f"{tmp_path}/issue.md"], env={"ISSUE_BODY": None})
    assert done.exit_code == 0
    assert done.stdout.startswith("Closes #3\n")
    assert "Did we ask in good time?" in (asked / "data/recommendations/1a.yml").read_text()


def test_without_an_issue_or_a_form_the_command_says_so(asked: Path, tmp_path: Path) -> None:
    done = svf(tmp_path, None)
    assert (done.exit_code, "There is no text of an issue" in done.output) == (2, True)
    (asked / FORM).unlink()
    done = svf(tmp_path, body(GOOD))
    assert (done.exit_code, "There is no .github/ISSUE_TEMPLATE/suggest.yml" in done.output) == (2, True)
    assert CliRunner().invoke(main, ["suggest", "--issue", "0"]).exit_code == 2


def test_nothing_of_the_issue_is_run(asked: Path, tmp_path: Path) -> None:
    probe = tmp_path / "run"
    code = f"$(touch {probe}) `touch {probe}` ; touch {probe} && {{{{ ''.__class__ }}}} !!python/object/apply:os.system ['touch {probe}']"
    for field in ("id", "current", "new", "why"):
        done = subprocess.run(
            [sys.executable, "-m", "macros", "suggest", "--issue", "12", "--answer", f"{tmp_path}/answer.md"],
            cwd=asked,
            env={**os.environ, "ISSUE_BODY": body(dataclasses.replace(GOOD, **{field: code}))},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in (0, 1)
        assert "Traceback" not in done.stderr
        assert not probe.exists()


@pytest.mark.costly
def test_any_short_text_of_a_real_record_can_be_suggested(real_project: Project) -> None:
    assert real_project.framework is not None
    record = next(r for r in real_project.framework.all(Recommendation) if not r.withdrawn)
    question = record.ask[0]
    better = f"{question.removesuffix('?')}, in the draft?"
    found = propose(REAL, real_project, body(dataclasses.replace(GOOD, id=record.id, current=question, new=better)))
    assert isinstance(found, Proposal)
    assert found.content == (REAL / found.path).read_bytes().replace(question.encode(), better.encode())


SENTENCE = "Each figure that nobody reads costs a support worker time with the people they support."
REST = """\
Providers learn that returns go unread and take less care with them, so the figures that matter get worse too.
A short return that is read and answered tells a commissioner more than a long one that is filed."""
SHORTER = "Each figure that nobody reads costs support workers time with people."
INTRO = "Each figure that nobody reads costs support workers time with people:"
ENDING = "Providers learn that returns go unread and take less care with them, so the figures that matter get worse too."


def suggested(project: Project, **answers: str) -> Proposal | Refusal:
    return propose(ROOT, project, body(dataclasses.replace(GOOD, **{"id": "2f", "current": f"{SENTENCE}\n{REST}", **answers})))


def text_of(found: Proposal | Refusal) -> str:
    """Return the text as the record then has it, and prove that nothing else of the record has changed."""
    assert isinstance(found, Proposal), found
    before, after = (parse(content.decode(), "").value for content in ((ROOT / found.path).read_bytes(), found.content))
    assert before is not None
    assert after is not None
    assert {key for key in before if before[key] != after[key]} == {found.wording.loc[0]}
    return str(functools.reduce(lambda value, step: value[step], found.wording.loc, cast(Any, after)))


@pytest.mark.parametrize(
    ("current", "new"),
    [
        (SENTENCE, SHORTER),
        (SENTENCE.upper().removesuffix("."), SHORTER),
        (f"\u201c{SENTENCE}\u201d", f"\u201c{SHORTER}\u201d"),
        (f"> {SENTENCE[:40]}\n> {SENTENCE[40:]}", f"> {SHORTER}"),
        (SENTENCE.replace(" ", "  ", 3).replace("support", "sup-\nport", 1), SHORTER),
        ("costs a support worker time with the people they support", "costs support workers time with people"),
        (f"Why it matters: {SENTENCE}", SHORTER),
        ("Each figure that nobody reads ... they support.", SHORTER),
        (SENTENCE, f"{SHORTER} {REST}"),
    ],
)
def test_a_quoted_part_is_replaced_and_the_rest_stays(real_project: Project, current: str, new: str) -> None:
    found = suggested(real_project, current=current, new=new)
    assert text_of(found) == f"{SHORTER}\n{REST}"
    if REST not in new:
        assert 'This is part of "Why it matters".' in answer(ROOT, found, 12)[0]


def test_a_part_that_makes_the_whole_break_a_rule_is_refused(real_project: Project) -> None:
    found = suggested(real_project, current=f"{SENTENCE} {ENDING}", new="Too short.")
    assert isinstance(found, Refusal)
    assert found.objections == (Objection(LABELS["new"], "the whole text would have 21 words", "write 30 to 80"),)
    assert 'This is part of "Why it matters".' in answer(ROOT, found, 12)[0]


def test_a_whole_new_text_for_a_part_is_not_called_a_part(real_project: Project) -> None:
    found = suggested(real_project, current=SENTENCE, new=f"{SHORTER} {REST} We utilise it.")
    assert isinstance(found, Refusal)
    assert (found.part_of, len(found.objections)) == ("", 1)


def test_a_text_of_another_record_is_not_changed(real_project: Project) -> None:
    found = suggested(real_project, id="3a", current=SENTENCE, new=SHORTER)
    assert isinstance(found, Refusal)
    assert found.objections[0].wrong == 'this is not in this record, but in "Why it matters" of 2f'
    assert found.choices == (), "texts of the wrong record help nobody"


@pytest.mark.parametrize(
    ("new", "made"),
    [
        (
            f"Each figure that nobody reads costs support workers in\nHertfordshire time with people.\n{REST}",
            f"Each figure that nobody reads costs support workers in Hertfordshire time with people.\n{REST}",
        ),
        (f"{INTRO}\n- it is collected.\n- it is checked.\n{ENDING}", f"{INTRO}\n\n- it is collected.\n- it is checked.\n\n{ENDING}"),
        (
            f"{INTRO}\n\u2022\tit is collected;\n\u2022\tit is\nchecked.\n{ENDING}",
            f"{INTRO}\n\n- it is collected;\n- it is checked.\n\n{ENDING}",
        ),
        (
            f"{INTRO}\n(a) it is collected;\n(b) it is checked.\n\n{ENDING}",
            f"{INTRO}\n\n1. it is collected;\n2. it is checked.\n\n{ENDING}",
        ),
    ],
)
def test_what_is_pasted_is_laid_out(real_project: Project, new: str, made: str) -> None:
    assert text_of(suggested(real_project, new=new)) == made


def test_every_problem_of_a_suggestion_is_said_once(real_project: Project) -> None:
    long = "# Better data\n\n" + "We utilise it. " * 450 + "See [it](nowhere)."
    found = suggested(real_project, id="9z", new=long, why="")
    assert isinstance(found, Refusal)
    assert sorted(objection.wrong for objection in found.objections) == [
        f"{len(long):,} characters",
        "a line that begins with #, the mark of a heading",
        "nothing is written",
        'there is no record "9z"',
        'there is no record "nowhere"',
        'this is in "Why it matters" of 2f',
        'we do not write "utilise"',
    ]


def test_a_text_that_is_too_long_is_told_both_limits(real_project: Project) -> None:
    found = suggested(real_project, new=("Ask only for data you use. " * 230)[:6_000])
    assert isinstance(found, Refusal)
    assert [(objection.wrong, objection.instead) for objection in found.objections if objection.instead != "end it with . or ? or :"] == [
        ("6,000 characters", "write at most 5,000"),
        ("1334 words", "write 30 to 80"),
    ]


def test_personal_details_are_for_the_maintainer(real_project: Project) -> None:
    typed = {"new": f"{SHORTER}\n{REST}", "why": "Ring 01992 555555.", "source": "jo.bloggs@example.com"}
    for new in ({}, {"id": "9z"}):
        said = answer(ROOT, suggested(real_project, **{**typed, **new}), 12)[0]
        for what in ("a phone number", "an e-mail address"):
            assert said.count(f"The suggestion contains what looks like {what}. Check that it may be published before merging.") == 1


def test_a_link_that_goes_is_for_the_maintainer(asked: Path) -> None:
    typed = dataclasses.replace(GOOD, current="Say what you have seen, with its outcomes.", new="Say what you have seen, with its results.")
    found = propose(asked, read_project(asked), body(typed))
    assert isinstance(found, Proposal)
    assert found.notes == ('The wording now links to "outcome", and the new one does not. Add the link again if it is still needed.',)
