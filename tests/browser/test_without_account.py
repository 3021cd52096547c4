"""Test suggestions without an account: filled in from the address, copied, saved, printed, put into links, and never sent."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import lxml.html
import pytest
import yaml
from playwright.sync_api import Page, expect

from macros.cli.suggest.command import FORM, Objection, Suggestion, form_labels, named_record, read_suggestion
from macros.cli.suggest.quotation import CUT
from macros.model.framework import Framework
from macros.model.records import Recommendation, Stage, Term
from macros.text.typography import typographic
from tests.conftest import ROOT, cases
from tests.support.pdf import sheets_of

URL, LABEL = "about/suggest/", "Which recommendation or term is it about?"


@pytest.fixture
def record(real: Framework) -> Recommendation:
    """A recommendation that readers see, added since the report."""
    return next(r for r in reversed(real.all(Recommendation)) if r.added and not r.withdrawn)


@pytest.fixture
def opened(phone: Page, address: str, record: Recommendation) -> Page:
    """The form, opened from the second step of `record`."""
    phone.goto(f"{address}{record.url}")
    phone.get_by_role("link", name="Suggest a change to step 2").click()
    phone.wait_for_url(f"**/about/suggest/?ref={record.id}*")
    expect(phone.get_by_label("Current wording")).to_have_value(record.do[1].step)
    return phone


def queried(page: Page, name: str) -> dict[str, str]:
    """Return what the address of the link `name` holds."""
    address = page.get_by_role("link", name=name).get_attribute("href") or ""
    return {field: value for field, (value,) in parse_qs(urlsplit(address).query, strict_parsing=True).items()}


def test_it_is_filled_in_with_the_text_that_was_read(opened: Page, address: str, record: Recommendation) -> None:
    expect(opened.get_by_label(LABEL)).to_have_value(record.id)
    expect(opened.get_by_text(f"It is about {record.name}.")).to_be_visible()
    current, new = opened.get_by_label("Current wording"), opened.get_by_label("Your new wording")
    expect(new).to_have_value(record.do[1].step)
    expect(opened.get_by_label("Which of its texts?")).to_be_hidden()
    assert 0 < (new.bounding_box() or {"y": 0})["y"] < 700, "seen without scrolling"
    current.fill("One sentence.")
    expect(new).to_have_value("One sentence.")
    new.fill("Another.")
    current.fill("A sentence.")
    expect(new).to_have_value("Another.")
    current.fill(f"2. Commissioner:\n{record.do[1].step}\nSuggest a change to step 2")
    expect(current).to_have_value(record.do[1].step)
    opened.goto(f"{address}{record.url}")
    opened.get_by_role("link", name="Suggest a change to what we propose").click()
    expect(current).to_have_value(record.says)
    assert queried(opened, "A short form on GitHub")["new"] == record.says, "ready to edit there too"


def test_a_record_without_a_text_offers_its_texts(phone: Page, address: str, record: Recommendation) -> None:
    phone.goto(f"{address}{record.url}")
    phone.locator(".edit-links summary").click()
    phone.get_by_role("link", name="Write it here").click()
    choice, current = phone.get_by_label("Which of its texts?"), phone.get_by_label("Current wording")
    expect(choice).to_be_visible()
    expect(current).to_have_value("")
    values = [option.get_attribute("value") for option in choice.locator("option").all()]
    assert {"", record.title, record.says, record.why, record.avoid[0], record.do[1].step} <= {*values}
    choice.select_option(record.why)
    expect(current).to_have_value(record.why)
    expect(phone.get_by_label("Your new wording")).to_have_value(record.why)


def test_links_to_send_it_carry_what_is_written(opened: Page, real: Framework, record: Recommendation) -> None:
    step, new, why = record.do[1].step, "Ask first & last.\n100% £5+", "It is clearer."
    opened.get_by_label("Your new wording").fill(new)
    opened.get_by_label("Why should it change?").fill(why)
    mail = queried(opened, "Send it by email")
    assert mail["subject"] == f"Suggestion: {record.name}"
    assert read_suggestion(mail["body"], form_labels(ROOT)) == Suggestion(record.id, step, new, why, "", "")
    assert mail["body"].count("\r\n") == mail["body"].count("\n")
    assert not [sign for sign in ("#", "_No response_", "Where can we check it?") if sign in mail["body"]], "only what is written, plain"
    issue = {"template": "suggest.yml", "title": mail["subject"], "id": record.id, "current": step, "new": new, "why": why}
    assert queried(opened, "A short form on GitHub") == issue
    file = real.site.file_at(real.documents[record.kind, record.id].path)
    expect(opened.get_by_role("link", name="Its file on GitHub")).to_have_attribute("href", file)


def test_a_long_suggestion_is_cut_in_links_and_a_note_says_so(opened: Page) -> None:
    note, current, new = opened.get_by_text("This is too long for an email link"), "What it says now. " * 90, "A new wording. " * 9
    expect(note).to_have_count(0)
    opened.get_by_label("Current wording").fill(current)
    opened.get_by_label("Your new wording").fill(new)
    expect(note).to_be_visible()
    found = read_suggestion(queried(opened, "Send it by email")["body"], form_labels(ROOT))
    assert isinstance(found, Suggestion)
    assert current.startswith(CUT.sub("", found.current)), "cut after a word"
    assert found.new == new.strip(), "what can be looked up is cut first"
    opened.get_by_label("Your new wording").fill("£é " * 3_000)
    for name, most in (("Send it by email", 1_800), ("A short form on GitHub", 6_000)):
        assert most - 80 < len(opened.get_by_role("link", name=name).get_attribute("href") or "") <= most
    opened.get_by_label("Current wording").fill(current * 2)
    opened.get_by_label("Your new wording").fill(current * 2)
    issue = queried(opened, "A short form on GitHub")
    assert (issue["current"], "new" in issue) == ((current * 2).strip(), False), "a long text that nobody changed is there once"


@pytest.mark.parametrize(
    "query", ["ref=2f&kind=../../etc&field=says", "ref=nothing&kind=recommendations&field=says", "ref=<b>x</b>", "ref=2f&field=a.b.1"]
)
def test_a_wrong_address_leaves_the_fields_to_the_reader(phone: Page, address: str, query: str) -> None:
    phone.goto(f"{address}{URL}?{query}")
    expect(phone.get_by_role("button", name="Copy it")).to_be_visible()
    expect(phone.get_by_label("Current wording")).to_have_value("")
    assert phone.locator("#suggest-id").input_value() in ("2f", "nothing", "")
    expect(phone.locator(".suggestion .record")).not_to_have_text("")
    assert phone.locator(".suggestion .record *").count() == 0


SEVERAL = "More than one thing has this name. Write one of these instead: common-core/shared-language, criterion/shared-language"
OURS = pytest.param("shared-language", SEVERAL, marks=pytest.mark.our_content)


@pytest.mark.parametrize(("typed", "message"), [*cases("suggest.typed"), OURS])
def test_a_typed_name_is_looked_up(phone: Page, address: str, real: Framework, record: Recommendation, typed: str, message: str) -> None:
    phone.goto(address + URL)
    expect(phone.get_by_role("button", name="Copy it")).to_be_visible()
    answer = phone.locator(".suggestion .record")
    expect(answer).to_have_text("")
    expect(answer).to_have_attribute("role", "status")
    box = phone.get_by_label(LABEL)
    values = {"record": record, "ID": record.id.upper(), "term": real.all(Term)[0], "stage": real.get(Stage, record.stage), "site": address}
    box.fill(typed.format(**values))
    phone.keyboard.press("Tab")
    expect(answer).to_contain_text(message.format(**values))
    assert answer.locator("*").count() == 0, "the answer is text"
    box.fill("")
    phone.keyboard.press("Tab")
    expect(answer).to_have_text("")


def test_the_list_has_every_record_that_a_suggestion_may_name(site: Path, real: Framework) -> None:
    options = lxml.html.parse(site / URL / "index.html").getroot().xpath('//datalist[@id="suggest-ids"]/option')
    keys = [named_record(real, option.get("value")) for option in options]
    assert set(keys) == {key for key in real.records if key[0] not in ("site", "words")}
    assert [option.text for option in options] == [typographic(real.records[key].name) for key in keys if not isinstance(key, Objection)]


def test_what_is_copied_or_saved_reads_like_an_issue_and_nothing_is_sent_or_stored(
    phone: Page, address: str, real: Framework, record: Recommendation, request: pytest.FixtureRequest
) -> None:
    requested: list[str] = []
    phone.on("request", lambda r: requested.append(f"{r.method} {r.url} {r.post_data}") if r.url != real.site.counts else None)
    request.getfixturevalue("opened")
    phone.get_by_label("Your new wording").fill("Ask for data\nthat is quite unlike.")
    phone.get_by_label("Why should it change?").fill("It is clearer.")
    phone.get_by_label("Where do you work?").select_option("The NHS")
    phone.get_by_label(LABEL).press("Enter")
    with phone.expect_download() as saved:
        phone.get_by_role("button", name="Save it as a file").click()
    assert saved.value.suggested_filename == f"suggestion-{record.id}.txt"
    text = Path(saved.value.path()).read_text("utf-8")
    phone.get_by_role("button", name="Copy it").click()
    expect(phone.get_by_text("Copied.")).to_be_visible()
    assert phone.evaluate("navigator.clipboard.readText()") == text
    expected = Suggestion(record.id, record.do[1].step, "Ask for data\nthat is quite unlike.", "It is clearer.", "", "The NHS")
    assert read_suggestion(text, form_labels(ROOT)) == expected
    assert not [line for line in requested if "quite" in line or not line.startswith("GET ")]
    assert {urlsplit(line.split(" ")[1]).netloc for line in requested if " blob:" not in line} == {urlsplit(address).netloc}
    assert phone.context.cookies() == []
    assert phone.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0
    phone.reload()
    expect(phone.get_by_label("Your new wording")).to_have_value(record.do[1].step)


def test_it_has_the_fields_of_the_issue_form(site: Path) -> None:
    built = lxml.html.parse(site / URL / "index.html").getroot()
    form = [field for field in yaml.safe_load((ROOT / FORM).read_text("utf-8"))["body"] if "id" in field]
    assert built.xpath('//fieldset[@class="suggestion"]//@data-heading') == [field["attributes"]["label"] for field in form]
    assert built.xpath("//*[@data-heading]/preceding-sibling::label/text()") == [field["attributes"]["label"] for field in form]
    assert len(built.xpath('//fieldset//a[contains(@href, "/CONTRIBUTING.md#add-a-term")]')) == 1
    assert built.xpath('//select[@id="suggest-sector"]/option/text()')[1:] == form[-1]["attributes"]["options"]


def test_only_the_suggestion_is_printed(opened: Page, real: Framework) -> None:
    opened.get_by_label("Your new wording").fill("A new wording\n" * 60)
    opened.evaluate("window.print = () => dispatchEvent(new Event('beforeprint'))")
    opened.get_by_role("button", name="Print it").click()
    printed = "".join(sheets_of(opened.pdf()))
    assert printed.count("A new wording") == 60
    assert [words for words in (LABEL, f"Send this suggestion to {real.site.email}.") if words not in " ".join(printed.split())] == []
    assert "How to stay anonymous" not in printed


def test_an_empty_suggestion_is_not_copied_and_one_without_new_wording_is(opened: Page, record: Recommendation) -> None:
    opened.get_by_role("button", name="Copy it").click()
    expect(opened.get_by_text("First change the new wording, or say why")).to_be_visible()
    expect(opened.get_by_label("Your new wording")).to_be_focused()
    opened.get_by_label("Why should it change?").fill("It is unclear.")
    for current in (record.do[1].step, ""):
        for label in ("Current wording", "Your new wording"):
            opened.get_by_label(label).fill(current)
        opened.locator(".suggestion-tools [role=status]").evaluate("status => status.textContent = ''")
        opened.get_by_role("button", name="Copy it").click()
        expect(opened.get_by_text("Copied.", exact=True)).to_be_visible()
        found = read_suggestion(opened.evaluate("navigator.clipboard.readText()"), form_labels(ROOT))
        assert found == Suggestion(record.id, current, "", "It is unclear.", "", "")
    for label in (LABEL, "Current wording", "Why should it change?"):
        opened.get_by_label(label).fill("")
    opened.get_by_label("Your new wording").fill("Better.")
    opened.get_by_role("button", name="Copy it").click()
    expect(opened.get_by_text(f"Copied. You have not filled in: {LABEL}, Why")).to_be_visible()


def test_without_a_script_the_form_can_be_printed_and_sends_nothing(without_script: Page, address: str, real: Framework) -> None:
    without_script.goto(address + URL)
    mail = without_script.get_by_role("link", name="Send it by email")
    expect(mail).to_have_attribute("href", f"mailto:{real.site.email}?subject=Suggestion")
    without_script.get_by_label("Your new wording").fill("x")
    without_script.get_by_label(LABEL).press("Enter")
    assert without_script.url == address + URL, "nothing is sent"
    assert without_script.get_by_role("button", name="Copy it").count() == 0


def test_the_link_to_the_publishers_own_form_names_the_record(phone: Page, site: Path, address: str) -> None:
    own, ways = "https://forms.testshire.gov.uk/x?a=1", '<ol class="post">'
    html = (site / URL / "index.html").read_text("utf-8").replace(ways, f'{ways}<li><a class="own-form" href="{own}">form</a></li>')
    phone.route("**/about/suggest/*", lambda route: route.fulfill(body=html, content_type="text/html"))
    phone.goto(f"{address}{URL}?ref=2d")
    expect(phone.locator("a.own-form")).to_have_attribute("href", f"{own}&ref=2d")
