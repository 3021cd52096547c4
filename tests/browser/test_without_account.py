"""A suggestion without an account: filled in from the address, made in the browser, copied, saved and printed, and sent nowhere."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import lxml.html
import pytest
import yaml
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from macros.cli.suggest.issue_form import FORM, Objection, Suggestion, form_fields, named_record, read_suggestion
from macros.model.core import Recommendation, Term
from macros.model.framework import Framework
from macros.model.output import Stamp
from macros.model.singletons import Site
from tests.conftest import ROOT
from tests.support.http_server import served

URL = "about/suggest/"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 800}, permissions=["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


def one(real: Framework) -> Recommendation:
    """Return a recommendation that readers see."""
    return next(r for r in reversed(real.all(Recommendation)) if not r.withdrawn)


def from_recommendation(page: Page, address: str, real: Framework) -> None:
    page.goto(f"{address}{one(real).url}")
    ways = page.locator(f'[data-id="{one(real).id}"] .ways')
    ways.locator("summary").click()
    ways.get_by_role("link", name="Without an account").click()
    page.wait_for_url(f"**/about/suggest/?ref={one(real).id}*")
    expect(page.get_by_label("The wording now")).not_to_have_value("")


def test_it_begins_with_the_record_that_was_read(page: Page, address: str, real: Framework) -> None:
    from_recommendation(page, address, real)
    record = one(real)
    expect(page.get_by_label("Which record is it about?")).to_have_value(record.id)
    expect(page.get_by_label("The wording now")).to_have_value(record.why)
    expect(page.get_by_text(f"It is about {record.name}.")).to_be_visible()


@pytest.mark.parametrize(
    "asked",
    [
        "ref=2f&kind=../../etc&field=says",
        "ref=nothing&kind=recommendations&field=says",
        "ref=<b>x</b>",
        "",
        "ref=2f&kind=recommendations&field=a.b.1",
    ],
)
def test_a_wrong_address_leaves_the_fields_to_the_reader(page: Page, address: str, asked: str) -> None:
    page.goto(f"{address}{URL}?{asked}")
    expect(page.get_by_role("button", name="Copy it")).to_be_visible()
    expect(page.get_by_label("The wording now")).to_have_value("")
    assert page.locator("#suggest-id").input_value() in ("2f", "nothing", "")


NONE = "There is no such record. Choose one from the list, or write the id that ends the address of the one you mean"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("{id}", "It is about {name}."),
        (" {ID} ", "It is about {name}."),
        ("recommendation {id}", "It is about {name}."),
        ("{home}{url}", "It is about {name}."),
        ("term/{term}", "It is about {term name}."),
        ("report", "It is about "),
        ("social-value", "More than one record ends so. Write which one you mean: term/social-value, approach/social-value"),
        ("outcom", NONE),
        ("<b>x</b>", NONE),
    ],
)
def test_an_id_that_is_typed_gets_an_answer(page: Page, address: str, real: Framework, stamp: Stamp, typed: str, said: str) -> None:
    page.goto(address + URL)
    expect(page.get_by_role("button", name="Copy it")).to_be_visible()
    answer = page.locator(".suggestion .record")
    expect(answer).to_have_text("")
    expect(answer).to_have_attribute("role", "status")
    box = page.get_by_label("Which record is it about?")
    box.focus()
    record, term = one(real), real.all(Term)[0]
    known = {"id": record.id, "ID": record.id.upper(), "name": record.name, "url": record.url, "term": term.id, "term name": term.name}
    for name, text in {**known, "home": stamp.home}.items():
        typed, said = typed.replace(f"{{{name}}}", text), said.replace(f"{{{name}}}", text)
    page.keyboard.type(typed)
    page.keyboard.press("Tab")
    expect(answer).to_contain_text(said)
    assert answer.locator("*").count() == 0, "what is said is text"
    box.fill("")
    page.keyboard.press("Tab")
    expect(answer).to_have_text("")


@pytest.mark.parametrize("ref", ["nothing", "<b>x</b>", "Call 0900 123"])
def test_an_address_with_a_wrong_id_gets_an_answer_that_repeats_nothing(page: Page, address: str, ref: str) -> None:
    page.goto(f"{address}{URL}?{urlencode({'ref': ref, 'kind': 'glossary', 'field': 'meaning'})}")
    expect(page.locator(".suggestion .record")).to_contain_text(NONE)
    assert ref not in page.locator(".suggestion .record").inner_text()


def test_the_list_holds_every_record_that_a_suggestion_may_name(site: Path, real: Framework) -> None:
    options = lxml.html.parse(site / URL / "index.html").getroot().xpath('//datalist[@id="suggest-ids"]/option')
    keys = [named_record(real, option.get("value")) for option in options]
    assert set(keys) == {key for key in real.records if key[0] not in ("site", "words")}
    assert [option.text for option in options] == [real.records[key].name for key in keys if not isinstance(key, Objection)]


def test_nothing_of_it_is_sent_or_kept(page: Page, address: str, real: Framework) -> None:
    """But the page may be counted."""
    asked: list[str] = []
    page.on("request", lambda r: asked.append(f"{r.method} {r.url} {r.post_data}") if r.url != real.site.counts else None)
    from_recommendation(page, address, real)
    page.get_by_label("Your new wording").fill("Quite unlike anything else")
    page.get_by_label("Which record is it about?").press("Enter")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save it as a file").click()
    assert saved.value.suggested_filename == f"suggestion-{one(real).id}.txt"
    page.get_by_role("button", name="Copy it").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert not [line for line in asked if "Quite" in line or not line.startswith("GET ")]
    assert {urlsplit(line.split(" ")[1]).netloc for line in asked if " blob:" not in line} == {urlsplit(address).netloc}
    assert page.context.cookies() == []
    assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0
    page.reload()
    expect(page.get_by_label("Your new wording")).to_have_value("")


def test_what_is_copied_and_saved_is_read_as_an_issue_of_the_form(page: Page, address: str, real: Framework) -> None:
    from_recommendation(page, address, real)
    page.get_by_label("Your new wording").fill("Ask for data\nthat somebody will use.")
    page.get_by_label("Why should it change?").fill("It is clearer.")
    page.get_by_label("Where do you work?").select_option("The NHS")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save it as a file").click()
    text = Path(saved.value.path()).read_text("utf-8")
    page.get_by_role("button", name="Copy it").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == text
    suggestion = read_suggestion(text, form_fields(ROOT))
    assert isinstance(suggestion, Suggestion)
    assert (suggestion.id, suggestion.current) == (one(real).id, one(real).why)
    assert suggestion.new == "Ask for data\nthat somebody will use."
    assert (suggestion.why, suggestion.source, suggestion.sector) == ("It is clearer.", "", "The NHS")


def test_it_asks_what_the_form_asks(site: Path) -> None:
    built = lxml.html.parse(site / URL / "index.html").getroot()
    form = [field for field in yaml.safe_load((ROOT / FORM).read_text("utf-8"))["body"] if "id" in field]
    assert built.xpath('//fieldset[@class="suggestion"]//@data-heading') == [field["attributes"]["label"] for field in form]
    assert built.xpath('//fieldset[@class="suggestion"]//label/text()') == [field["attributes"]["label"] for field in form]
    assert built.xpath('//select[@id="suggest-sector"]/option/text()')[1:] == form[-1]["attributes"]["options"]


def test_only_the_suggestion_is_printed(page: Page, address: str, real: Framework) -> None:
    from_recommendation(page, address, real)
    page.get_by_label("Your new wording").fill("A new wording\n" * 60)
    page.evaluate("window.print = () => dispatchEvent(new Event('beforeprint'))")
    page.get_by_role("button", name="Print it").click()
    printed = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf())).pages)
    assert printed.count("A new wording") == 60
    assert "Which record is it about?" in printed
    assert "How it stays anonymous" not in printed


def test_an_empty_suggestion_is_said(page: Page, address: str) -> None:
    page.goto(address + URL)
    page.get_by_role("button", name="Copy it").click()
    expect(page.get_by_text("Write your new wording first.")).to_be_visible()
    expect(page.get_by_label("Your new wording")).to_be_focused()
    page.get_by_label("Your new wording").fill("Better.")
    page.get_by_role("button", name="Copy it").click()
    expect(
        page.get_by_text("Copied. Nobody can ask you about what is still empty: Which record is it about?, The wording now, Why")
    ).to_be_visible()


def test_without_a_script_there_is_a_sheet_to_print(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + URL)
    page.get_by_label("Your new wording").fill("x")
    page.get_by_label("Which record is it about?").press("Enter")
    assert page.url == address + URL, "nothing is sent"
    assert page.get_by_role("button", name="Copy it").count() == 0
    context.close()


def test_the_publishers_own_form_is_told_which_record(browser: Browser, site: Path, real: Framework, tmp_path: Path) -> None:
    html = (site / URL / "index.html").read_text("utf-8")
    own = real.site.model_copy(update={"form": "https://forms.testshire.gov.uk/x?a=1"})
    assert isinstance(own, Site)
    folder = tmp_path / "about" / "suggest"
    folder.mkdir(parents=True)
    for name in ("framework.js", "suggest.js", "framework.css"):
        (tmp_path / name).write_bytes((site / name).read_bytes())
    link = f'<ul class="post"><li><a class="own-form" href="{own.form}">form</a></li></ul>'
    (folder / "index.html").write_text(html.replace("Then hand it on:", link), "utf-8")
    page = browser.new_page()
    with served(tmp_path) as root:
        page.goto(f"{root}{URL}?ref=2d")
        expect(page.locator("a.own-form").first).to_have_attribute("href", "https://forms.testshire.gov.uk/x?a=1&ref=2d")
    page.close()
