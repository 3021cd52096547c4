"""Test the checklist: answered by keyboard and touch, kept on the device, in step, saved, printed, cleared, and never sent."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from macros.model.framework import Framework
from macros.model.records import Recommendation, Stage
from macros.text.typography import typographic
from tests.browser.conftest import Partly
from tests.browser.test_accessibility import all_violations
from tests.conftest import AUDIENCE, sweep, watched
from tests.support.pdf import sheets_of

ANSWERS = ["Yes", "Partly", "No", "Not applicable"]


@pytest.fixture
def record(real: Framework) -> Recommendation:
    """A recommendation with a step for the audience of the tests."""
    return next(r for r in real.all(Recommendation) if not r.withdrawn and AUDIENCE in r.audiences)


def current(real: Framework) -> list[Recommendation]:
    return [r for stage in real.all(Stage) for r in real.recommendations(stage) if not r.withdrawn]


def asked(page: Page, record: Recommendation, number: int) -> Locator:
    """Return the question of `record` with this number, from 1, as a group named by its text."""
    return page.get_by_role("group", name=typographic(record.ask[number - 1]), exact=True)


def answer(question: Locator, label: str) -> None:
    question.get_by_text(label, exact=True).click()
    expect(question.get_by_label(label, exact=True)).to_be_checked()


def stored(page: Page) -> Any:
    return json.loads(page.evaluate("localStorage.getItem('checklist')") or "null")


def store(page: Page, address: str, answers: dict[str, list[dict[str, Any]]], **values: object) -> None:
    """Have a browser at `address` that answered an earlier edition."""
    page.goto(f"{address}values/")
    kept = {"format": "social-value-checklist", "version": 1, "edition": "2017-01", "answers": answers} | values
    page.evaluate("text => localStorage.setItem('checklist', text)", json.dumps(kept))


def test_it_is_filled_in_by_keyboard_and_kept(page: Page, address: str, record: Recommendation) -> None:
    page.goto(f"{address}checklist/#{record.id}")
    expect(asked(page, record, 1).get_by_label("Yes")).to_be_visible()  # once the script has run
    asked(page, record, 1).get_by_label("Yes").focus()
    for key in ("Space", "ArrowRight", "Tab", "Tab", "Enter"):  # yes, then partly, past Clear, to the note
        page.keyboard.press(key)
    page.keyboard.type("By June")
    page.close()
    again = page.context.new_page()
    for url in (f"checklist/#{record.id}", record.url):
        again.goto(address + url)
        expect(asked(again, record, 1).get_by_label("Partly")).to_be_checked()
        expect(asked(again, record, 1).get_by_label("Note")).to_have_value("By June")
    asked(again, record, 1).get_by_role("button", name="Clear").press("Enter")
    expect(asked(again, record, 1).get_by_label("Partly")).not_to_be_checked()
    assert again.evaluate("document.activeElement.name") == f"{record.id}-1", "the focus stays at the question"
    assert stored(again)["answers"][record.id][0] == {"question": typographic(record.ask[0]), "note": "By June"}


def test_it_is_filled_in_by_touch_on_a_phone_in_step_with_other_pages(screen: Callable[..., Page], address: str, real: Framework) -> None:
    phone = screen(390, 844, has_touch=True, is_mobile=True)
    record = current(real)[-1]
    stage = real.get(Stage, record.stage)
    hub, checklist = phone.context.new_page(), phone.context.new_page()
    hub.goto(address + stage.url)
    assert hub.locator(".if-answered").is_hidden()
    checklist.goto(f"{address}checklist/#{stage.id}")
    phone.goto(address + record.url)
    question = asked(phone, record, 1)
    for label in question.locator("label").all():
        box = label.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24
    question.get_by_text("No", exact=True).tap()
    question.get_by_text("Add a note").tap()
    phone.keyboard.type("Later")
    count = sum(len(r.ask) for r in real.recommendations(stage) if not r.withdrawn)
    for other in (hub, checklist):
        shown = other.locator(".if-answered, h2:target + .checklist-stage .checklist-progress")
        expect(shown).to_have_text(f"1 of {count} questions answered; 1 partly or no")
    expect(asked(checklist, record, 1).get_by_label("Note")).to_have_value("Later")
    asked(checklist, record, 1).get_by_label("Note").fill("Sooner")
    expect(question.get_by_label("Note")).to_have_value("Sooner")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_answers_survive_a_new_edition(page: Page, address: str, record: Recommendation) -> None:
    moved = {"question": typographic(record.ask[1]), "answer": "yes"}
    reworded = {"question": "How was it asked?", "answer": "partly", "note": "Two of five"}
    gone = [{"question": f"Old {number}?", "answer": "no"} for number in range(len(record.ask))]
    store(page, address, {record.id: [reworded, gone[0], moved, *gone[1:]], "9z": [{"question": "Withdrawn?", "note": "Why"}]})
    page.goto(f"{address}checklist/#{record.id}")
    first = asked(page, record, 1)
    expect(first.get_by_label("Partly")).to_be_checked()
    expect(first.get_by_text("This question has been reworded since you answered. It was: How was it asked?")).to_be_visible()
    expect(asked(page, record, 2).get_by_label("Yes")).to_be_checked()
    expect(asked(page, record, 2).locator(".reworded")).to_be_hidden()
    lost = page.locator(".gone li").all_text_contents()
    assert "9z. Withdrawn? – Why" in lost
    expect(page.get_by_text(f"Answers to questions that are no longer asked: {len(lost)}")).to_be_visible()
    first.get_by_role("button", name="My answer still applies").press("Enter")
    expect(first.locator(".reworded")).to_be_hidden()
    page.reload()
    expect(first.get_by_label("Partly")).to_be_checked()
    expect(first.locator(".reworded")).to_be_hidden()
    assert page.locator(".gone li").all_text_contents() == lost


def test_it_is_saved_and_opened_again(page: Page, address: str, tmp_path: Path, record: Recommendation) -> None:
    page.goto(f"{address}checklist/#{record.id}")
    answer(asked(page, record, 1), "Partly")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save to a file").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    kept = stored(page)
    assert json.loads(file.read_text("utf-8")) == kept
    answer(asked(page, record, 1), "Yes")
    status = page.locator(".checklist-status [role=status]")

    def open_file(text: str) -> None:
        file.write_text(text, "utf-8")
        page.locator("input[type=file]").set_input_files(file)

    wrong = [("{", "is damaged"), ('{"a": 1}', "was not saved from this checklist"), (json.dumps(kept | {"version": 2}), "newer version")]
    wrong += [(json.dumps(kept | {"answers": {record.id: [{"question": "x", "answer": "maybe"}]}}), "is damaged")]
    for text, message in wrong:
        open_file(text)
        expect(status).to_contain_text(message)
        expect(asked(page, record, 1).get_by_label("Yes")).to_be_checked()
    for button, checked in (("Cancel", "Yes"), ("Replace", "Partly")):
        open_file(json.dumps(kept))
        page.get_by_role("dialog").get_by_role("button", name=button).click()
        expect(asked(page, record, 1).get_by_label(checked)).to_be_checked()
    page.get_by_role("button", name="Undo").click()
    expect(asked(page, record, 1).get_by_label("Yes")).to_be_checked()


def test_the_table_has_every_question_and_no_formula(page: Page, address: str, real: Framework) -> None:
    notes = ["=1+1", " @x", "-2", '+"x"\n=y']
    store(page, address, {r.id: [{"question": typographic(r.ask[0]), "note": note}] for r, note in zip(current(real), notes, strict=False)})
    page.goto(f"{address}checklist/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").click()
    rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"), newline="")))[1:]
    assert [row[2] for row in rows] == [typographic(question) for r in current(real) for question in r.ask]
    assert sorted(row[4] for row in rows if row[4]) == sorted(f"'{note}" for note in notes)
    assert not re.search(r'(^|[,\n])"?\s*[=+@-]', Path(download.value.path()).read_text("utf-8-sig").replace("\n=y", ""))


def printed(page: Page) -> str:
    text = "".join(sheets_of(page.pdf(format="A4")))
    return " ".join(text.split())


def test_what_is_not_yet_yes_is_printed_with_answers(page: Page, address: str, record: Recommendation) -> None:
    page.goto(f"{address}checklist/#{record.id}")
    for number, label in enumerate(("Yes", "No"), 1):
        answer(asked(page, record, number), label)
    asked(page, record, 2).get_by_text("Add a note").click()
    page.keyboard.type("Ask the board\n" * 12)
    assert record.ask[-1] in printed(page)
    page.get_by_label("Partly or no", exact=True).check()
    assert page.locator(".questions fieldset:visible").count() == 1
    answer(asked(page, record, 2), "Yes")
    assert asked(page, record, 2).is_visible(), "it stays until the filter is used again, so that the focus is not lost"
    answer(asked(page, record, 2), "No")
    text = printed(page)
    assert text.count("Ask the board") == 12
    assert record.ask[0] not in text
    assert "Partly or no: 1 of" in text
    assert "Clear" not in text
    page.emulate_media(media="print")
    boxes = asked(page, record, 2).locator("[type=radio]").evaluate_all("all => all.map(e => getComputedStyle(e, '::before').content)")
    assert [label for label, box in zip(ANSWERS, boxes, strict=True) if box != "none"] == ["No"]


def test_all_is_cleared_after_a_question_and_comes_back(page: Page, address: str, record: Recommendation) -> None:
    page.goto(f"{address}checklist/#{record.id}")
    answer(asked(page, record, 1), "Yes")
    clear = page.get_by_role("button", name="Clear all answers")
    clear.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Answers: 1, notes: 0.")
    page.keyboard.press("Escape")
    expect(clear).to_be_focused()
    assert stored(page)
    clear.press("Enter")
    page.get_by_role("button", name="Clear all", exact=True).press("Enter")
    expect(page.get_by_text("All answers and notes are cleared.")).to_be_visible()
    assert stored(page) is None
    page.get_by_role("button", name="Undo").press("Enter")
    expect(clear).to_be_focused()
    expect(asked(page, record, 1).get_by_label("Yes")).to_be_checked()
    assert stored(page)


def test_a_role_hides_the_others_and_is_counted(page: Page, address: str, real: Framework, partly: Partly) -> None:
    mine = [r for r in current(real) if partly.audience.id in r.audiences]
    page.goto(f"{address}checklist/?for={partly.audience.id}")
    total = page.locator(".checklist-tools > .checklist-progress")
    expect(total).to_have_text(f"0 of {sum(len(r.ask) for r in mine)} questions for {partly.audience.plural.lower()} answered")
    expect(page.locator(".role-status")).to_contain_text(f"{len(mine)} of {len(current(real))}")
    page.get_by_label("Partly, no, or not answered").check()
    assert page.locator(".to-check > li:visible").count() == len(mine)
    page.get_by_role("button", name="Show all recommendations").click()
    expect(total).to_have_text(f"0 of {sum(len(r.ask) for r in current(real))} questions answered")
    assert page.locator(".to-check > li:visible").count() == len(current(real))


def test_without_storage_it_works_until_the_page_closes(page: Page, address: str, record: Recommendation) -> None:
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError'); } })")
    for url in ("checklist/", record.url):
        page.goto(address + url)
        expect(page.get_by_text("Your browser does not let this site keep anything.")).to_be_visible()
    answer(asked(page, record, 1), "Yes")
    answer(asked(page, record, 2), "No")
    expect(asked(page, record, 1).get_by_label("Yes")).to_be_checked()


def test_what_a_newer_edition_stored_is_left_alone(page: Page, address: str, record: Recommendation) -> None:
    store(page, address, {}, version=2)
    before = stored(page)
    page.goto(address + record.url)
    answer(asked(page, record, 1), "Yes")
    expect(page.get_by_text("a newer version of this page wrote them")).to_be_visible()
    assert stored(page) == before


def test_nothing_is_sent(browser: Browser, address: str) -> None:
    with watched(browser) as seen:
        seen.page.goto(f"{address}checklist/")
        seen.page.locator(".checklist-ready").wait_for()  # the script has added the notes
        seen.requested.clear()
        seen.page.locator("details").evaluate_all("all => all.forEach(e => { e.open = true; })")
        for number, question in enumerate(seen.page.locator(".questions fieldset").all()[::6]):
            question.locator("label").nth(number % 4).click()
            question.locator("textarea").fill(f"Note {number}")
        for label in ("Partly or no", "All questions"):
            seen.page.get_by_label(label, exact=True).check()
        for name in ("Save to a file", "Download as CSV"):
            with seen.page.expect_download():
                seen.page.get_by_role("button", name=name).click()
        assert len([e for entries in stored(seen.page)["answers"].values() for e in entries if "note" in e]) == number + 1
        assert [url for url in seen.requested if not url.startswith("blob:")] == []
        assert seen.complaints == []
        assert seen.page.context.cookies() == []


@pytest.mark.parametrize("width", [1280, *sweep(390)])
def test_axe_finds_nothing_in_any_state(screen: Callable[..., Page], address: str, record: Recommendation, width: int) -> None:
    page = screen(width)

    def right(url: str = "checklist/") -> None:
        assert all_violations(page, url) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.goto(f"{address}checklist/#{record.stage}")
    right()
    store(
        page,
        address,
        {record.id: [{"question": "How was it asked?", "answer": "no", "note": "x " * 200}], "9z": [{"question": "Old?", "answer": "no"}]},
    )
    page.goto(f"{address}checklist/?for={AUDIENCE}#{record.stage}")
    asked(page, record, 2).get_by_text("Add a note").click()
    page.locator(".gone summary").click()
    right()
    page.get_by_label("Partly or no", exact=True).check()
    right()
    page.get_by_role("button", name="Clear all answers").click()
    right()
    page.goto(address + record.url)
    right(record.url)


def test_without_a_script_it_is_a_list_with_boxes_to_print(without_script: Page, address: str, record: Recommendation) -> None:
    without_script.goto(f"{address}checklist/")
    assert without_script.locator(":is(input, button, textarea):visible").count() == without_script.locator(".menu-button").count()
    without_script.emulate_media(media="print")
    assert asked(without_script, record, 1).locator("[type=radio]:visible").count() == len(ANSWERS)
