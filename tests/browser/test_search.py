"""Test the search index, and the search by keyboard, by address and without a script."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from urllib.parse import quote

import cbor2
import pytest
from playwright.sync_api import Page, expect

from macros.model.framework import Framework
from macros.model.records import Stage
from macros.site_build.search_documents import Result
from macros.site_build.search_index import NotIndexedError, write_index
from tests.conftest import REAL, html_of, served, sweep

STAGE = "stages/3-tender/"


def test_only_what_a_browser_needs_is_there(site: Path) -> None:
    names = {file.name for file in (site / "pagefind").iterdir()}
    assert {"pagefind.js", "pagefind-worker.js", "wasm.en.pagefind", "words.json", "index", "fragment", "filter"} <= names
    assert not [name for name in names if "ui" in name or "highlight" in name or "unknown" in name]


def test_hidden_search_terms_are_in_no_excerpt_and_no_page(site: Path, real: Framework) -> None:
    hidden = {"race to the bottom", "underbidding", "measure later"}
    assert {"race to the bottom", "underbidding"} <= {words for record in real.records.values() for words in getattr(record, "search", ())}
    assert "measure later" in (REAL / "content/framework.md").read_text("utf-8")
    for file in (site / "pagefind" / "fragment").iterdir():
        fragment = json.loads(gzip.decompress(file.read_bytes()).removeprefix(b"pagefind_dcd"))
        assert not [term for term in hidden if term in fragment["content"]]
    for file in html_of(site):
        assert not [term for term in hidden if term in file.read_text("utf-8")], file


def test_words_json_lists_common_words_first(site: Path) -> None:
    words = json.loads((site / "pagefind" / "words.json").read_text("utf-8"))
    shown = words["shown"]
    assert len(shown) == len(set(shown)) > 2000
    assert not set(shown) & set(words["hidden"])
    assert "underbidding" in words["hidden"]
    assert shown.index("commissioner") < shown.index("deadweight")


RESULTS = [
    Result("a/", "First", "Page", "The place", "What it says.", (), {"kind": ["Page"], "audience": ["Funder"]}),
    Result("c/#2", "Second", "Term", "", "Café & bar", ("hidden",), {"stage": ["Stage 2", "Stage 1"], "kind": ["Term"]}),
    Result("b/", "Third", "Page", "", "", (), {"kind": ["Page"]}),
]


def index(folder: Path, found: list[Result]) -> dict[str, bytes]:
    write_index(folder, found)
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_an_index_holds_every_result_with_its_filters(tmp_path: Path) -> None:
    files = index(tmp_path, RESULTS)

    def read(path: str) -> bytes:
        return gzip.decompress(files[f"pagefind/{path}"]).removeprefix(b"pagefind_dcd")

    entry = json.loads(files["pagefind/pagefind-entry.json"])
    _, pages, _, filters, *_ = cbor2.loads(read(f"pagefind.{entry['languages']['en']['hash']}.pf_meta"))
    results = [json.loads(read(f"fragment/{page[0]}.pf_fragment")) for page in pages]
    assert [result["meta"] for result in results] == [
        {"title": "First", "place": "The place", "kind": "Page", "address": "a/", "search": ""},
        {"title": "Second", "place": "", "kind": "Term", "address": "c/#2", "search": "hidden"},
        {"title": "Third", "place": "", "kind": "Page", "address": "b/", "search": ""},
    ]
    assert [result["content"] for result in results] == ["What it says.", "Café & bar.", "Third."]
    assert {name: cbor2.loads(read(f"filter/{file}.pf_filter"))[1] for name, file in filters} == {
        "audience": [["Funder", [0]]],
        "kind": [["Page", [0, 2]], ["Term", [1]]],
        "stage": [["Stage 1", [1]], ["Stage 2", [1]]],
    }
    assert len([path for path in files if path.endswith((".pf_filter", ".pf_meta"))]) == 4


def test_an_incomplete_index_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotIndexedError, match=r"Pagefind did not index every result\.$"):
        write_index(tmp_path, [*RESULTS, Result("d/", "…", "Page", "", "")])  # a result without a word
    monkeypatch.setattr("macros.site_build.search_index._record", lambda _: {"url": 1})
    with pytest.raises(NotIndexedError, match="invalid type: integer"):
        write_index(tmp_path, RESULTS)
    stopped = tmp_path / "pagefind"
    stopped.write_text("#!/bin/sh\necho No memory >&2\nexit 1\n")
    stopped.chmod(0o755)
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(stopped))
    with pytest.raises(NotIndexedError, match="No memory"):
        write_index(tmp_path, RESULTS)
    assert list(tmp_path.iterdir()) == [stopped]


def results(page: Page, within: str) -> list[str]:
    return [link.text_content() or "" for link in page.locator(f"{within} .search-results a").all()]


def test_nothing_is_fetched_before_it_is_used(page: Page, address: str) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto(address + STAGE)
    page.wait_for_load_state("networkidle")
    assert not [url for url in requested if "pagefind" in url or "search.js" in url]
    page.get_by_role("link", name="Search", exact=True).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert not [url for url in requested if "pagefind" in url], "opening the search fetches nothing yet"
    page.keyboard.type("outcome")
    page.locator("#search[data-shown=outcome]").wait_for()
    assert [url for url in requested if url.endswith("pagefind/pagefind.js")]


def test_escape_gives_the_focus_back(page: Page, address: str) -> None:
    page.goto(address + STAGE)
    link = page.get_by_role("link", name="Search", exact=True).first
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.type("trust")
    page.locator("#search[data-shown=trust]").wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).not_to_be_visible()
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    assert results(page, "#search")[0] == "Trust", "the query is still there"


def test_a_query_has_an_address(page: Page, address: str, real: Framework) -> None:
    page.goto(address + "search/?q=silos")
    page.locator("#search-page[data-shown=silos]").wait_for()
    silos = [found.name for kind, name in (("term", "silo"), ("recommendation", "7d")) if (found := real.find_now(kind, name))]
    assert set(results(page, "#search-page")[:2]) == set(silos)
    page.get_by_label("Search the framework").fill("trust & partners")
    page.locator("#search-page[data-shown='trust & partners']").wait_for()
    assert page.url.endswith("search/?q=trust+%26+partners")


def test_results_can_be_narrowed_and_the_address_says_so(page: Page, address: str, real: Framework) -> None:
    page.goto(address + "search/?q=outcome")
    page.locator("#search-page[data-shown=outcome]").wait_for()
    page.get_by_text("Show only one kind").click()
    page.get_by_label("Kind").select_option("Recommendation")
    page.get_by_label("Stage").select_option(f"Stage 2. {real.get(Stage, '2-specify').title}")
    expect(page.locator(".search-results .search-place").first).to_have_text(re.compile("Stage 2, recommendation 2"))
    expect(page.locator(".search-kind").filter(has_not_text=re.compile("^Recommendation$"))).to_have_count(0)
    assert "kind=Recommendation" in page.url
    page.reload()
    page.locator("#search-page[data-shown=outcome]").wait_for()
    assert page.get_by_label("Kind").input_value() == "Recommendation"
    assert {kind.text_content() for kind in page.locator(".search-results .search-kind").all()} == {"Recommendation"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("inovation", "innovation"), ("anonimous", "anonymous"), ("mesurement", "measurement")],  # codespell:ignore mesurement
)
def test_a_typo_is_corrected_and_mentioned(page: Page, address: str, typed: str, meant: str) -> None:
    page.goto(f"{address}search/?q={typed}")
    page.locator(f"#search-page[data-shown={typed}]").wait_for()
    assert f"These are results for “{meant}”." in (page.locator(".search-count").text_content() or "")
    assert len(results(page, "#search-page")) > 0


def test_a_typo_in_a_hidden_word_is_corrected_without_mention(page: Page, address: str, site: Path) -> None:
    words = json.loads((site / "pagefind" / "words.json").read_text("utf-8"))
    assert "mobilisation" in words["hidden"]
    page.goto(f"{address}search/?q=moblisation")  # codespell:ignore moblisation
    page.locator("#search-page[data-shown=moblisation]").wait_for()  # codespell:ignore moblisation
    assert len(results(page, "#search-page")) > 0
    assert "mobilisation" not in (page.locator(".search-count").text_content() or "")
    assert "footfall" in words["hidden"]
    page.goto(f"{address}search/?q=football")
    page.locator("#search-page[data-shown=football]").wait_for()
    expect(page.locator(".search-count")).to_have_text("Nothing was found for “football”.")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("T.U.P.E.", "TUPE"),
        ("undertaking 1.4", "Principle 1."),
        ("cafe\u0301", "Displacement"),
        ("SMEs", "Procurement Act"),
        ("safe guarding", "Safeguarding"),
        ("silos", "Silo"),
        *sweep(
            ("K P I", "Key performance indicator"),
            ("KPI's", "Key performance indicator"),
            ("2.f", "2f."),
            ("recommendation 2 f", "2f."),
            ("２ｆ", "2f."),
            ("cafe", "Displacement"),
            ("co\u2011design", "Co-design"),
            ("stage2", "Stage 2."),
            ("663,540", "Light touch contracts"),
        ),
    ],
)
def test_other_spellings_find_the_same(page: Page, address: str, typed: str, found: str) -> None:
    page.goto(f"{address}search/?q={quote(typed)}")
    page.wait_for_function("words => document.querySelector('#search-page').dataset.shown === words", arg=typed)
    assert any(title.startswith(found) or found in title for title in results(page, "#search-page")[:3])


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("zzzzqqqq", "Nothing was found for “zzzzqqqq”."),
        ("modern zzzzqqqq", "Nothing was found for “modern zzzzqqqq”."),
        ("zzzzqqqq outcome", "Not on this site: zzzzqqqq."),
    ],
)
def test_unknown_words_are_named(page: Page, address: str, typed: str, answer: str) -> None:
    page.goto(f"{address}search/?q={quote(typed)}")
    page.locator(f"#search-page[data-shown='{typed}']").wait_for()
    expect(page.locator(".search-count")).to_contain_text(answer)
    assert page.locator(".search-help").is_visible() is answer.startswith("Nothing")


def test_ctrl_k_on_the_search_page_moves_to_the_field(page: Page, address: str) -> None:
    page.goto(address + "search/")
    page.keyboard.press("Control+k")
    expect(page.locator("#search-words")).to_be_focused()


def test_the_search_works_in_a_folder_of_a_server(page: Page, site: Path, tmp_path: Path) -> None:
    (tmp_path / "social-value").symlink_to(site)
    missing: list[str] = []
    page.on("response", lambda answer: missing.append(answer.url) if answer.status != 200 else None)
    with served(tmp_path) as root:
        page.goto(f"{root}social-value/{STAGE}")
        page.keyboard.press("Control+k")
        page.keyboard.type("lived experience")
        page.locator("#search .search-results a").first.click()
        page.wait_for_url(f"{root}social-value/**#*")
        page.locator(".site-name").click()
        page.wait_for_url(f"{root}social-value/")
    assert missing == []


def test_more_results_are_shown_on_demand(page: Page, address: str) -> None:
    page.goto(address + "search/?q=commissioner")
    page.locator("#search-page[data-shown=commissioner]").wait_for()
    assert len(results(page, "#search-page")) == 10
    page.get_by_role("button", name="Show more results").click()
    expect(page.locator(".search-results a")).to_have_count(20)
    assert page.evaluate("[...document.querySelectorAll('.search-results a')].indexOf(document.activeElement)") == 10


def test_html_in_a_query_is_text(page: Page, address: str) -> None:
    page.goto(address + "search/?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%20outcome")
    page.locator("#search-page .search-results a").first.wait_for()
    assert page.locator("#search-page img").count() == 0


def test_without_a_script_the_search_page_says_so(without_script: Page, address: str) -> None:
    without_script.goto(address + STAGE)
    without_script.get_by_role("link", name="Search", exact=True).first.click()
    without_script.wait_for_url("**/search/")
    expect(without_script.get_by_text("The search needs JavaScript.")).to_be_visible()
    expect(without_script.locator(".search-form")).to_be_hidden()
