"""Test the search index, and the search by keyboard, by address and without a script."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from macros.model.framework import Framework
from macros.model.records import Stage, Term
from macros.site_build.page_texts import Result
from macros.site_build.project import Project
from macros.site_build.search_index import NotIndexedError, write_index
from macros.templates import TEMPLATES
from macros.text.inline_markdown import to_plain_text
from macros.text.typography import typographic
from tests.conftest import REAL, STAGE, html_of, sweep
from tests.support.http_server import served


def test_only_what_a_browser_needs_is_there(site: Path) -> None:
    names = {file.name for file in (site / "pagefind").iterdir()}
    assert {"pagefind.js", "pagefind-worker.js", "wasm.en.pagefind", "words.json", "index", "fragment", "filter"} <= names
    assert not [name for name in names if "ui" in name or "highlight" in name or "unknown" in name]
    words = json.loads((site / "pagefind" / "words.json").read_text("utf-8"))
    shown = words["shown"]
    assert len(shown) == len(set(shown)) > 500
    assert not set(shown) & set(words["hidden"])
    assert words["hidden"]
    assert shown.index("stage") < len(shown) / 10, "common words come first"


@pytest.mark.our_content
def test_hidden_search_terms_are_in_no_excerpt_and_no_page(site: Path, real_project: Project) -> None:
    files = (file for folder in (REAL / "data", REAL / "content", TEMPLATES) for file in folder.rglob("*.*"))
    marked = "".join(file.read_text("utf-8").lower() for file in files if file.suffix in (".yml", ".md", ".j2"))
    sources = " ".join(re.sub(r"\[\[(?:[^]|]*\|)?|\]\(.*?\)|[][*]", "", marked).split())
    holders = [*real_project.valid_framework.records.values(), *(page.meta for page in real_project.pages)]
    listed = {words for holder in holders[::7] for words in getattr(holder, "search", ())}
    hidden = {words for words in listed if " " in words and sources.count(words.lower()) == 1}
    assert hidden
    for file in (site / "pagefind" / "fragment").iterdir():
        fragment = json.loads(gzip.decompress(file.read_bytes()).removeprefix(b"pagefind_dcd"))
        assert not [term for term in hidden if term in fragment["content"]]
    for file in html_of(site):
        assert not [term for term in hidden if term in file.read_text("utf-8")], file


RESULT = Result("a/", "First", "Page", "The place", "What it says.")


def test_an_incomplete_index_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotIndexedError, match=r"Pagefind did not index every result\.$"):
        write_index(tmp_path, [RESULT, Result("d/", "…", "Page", "", "")])  # a result without a word
    monkeypatch.setattr("macros.site_build.search_index._record", lambda _: {"url": 1})
    with pytest.raises(NotIndexedError, match="invalid type: integer"):
        write_index(tmp_path, [RESULT])
    stopped = tmp_path / "pagefind"
    stopped.write_text("#!/bin/sh\necho No memory >&2\nexit 1\n")
    stopped.chmod(0o755)
    monkeypatch.setattr("pagefind_bin.get_executable", lambda: stopped)
    with pytest.raises(NotIndexedError, match="No memory"):
        write_index(tmp_path, [RESULT])
    assert list(tmp_path.iterdir()) == [stopped]


def results(page: Page, within: str = "#search-page") -> list[str]:
    return [link.text_content() or "" for link in page.locator(f"{within} .search-results a").all()]


def search(page: Page, address: str, typed: str) -> list[str]:
    """Open the search page with a query; return the titles that it finds."""
    page.goto(f"{address}search/?q={quote(typed)}")
    page.wait_for_function("words => document.querySelector('#search-page').dataset.shown === words", arg=typed)
    return results(page)


def test_the_excerpt_of_a_term_is_its_meaning(page: Page, address: str, real: Framework) -> None:
    term = real.get(Term, real.ids("term")[-1])
    assert search(page, address, term.term)[0] == typographic(term.term)
    excerpt = page.locator("#search-page .search-excerpt").first.text_content() or ""
    assert excerpt.split() == typographic(to_plain_text(term.meaning)).split()


def count(page: Page) -> str:
    """Return what the search page says above its results."""
    return page.locator("#search-page .search-count").text_content() or ""


def test_nothing_is_fetched_before_it_is_used_and_escape_gives_the_focus_back(page: Page, address: str, real: Framework) -> None:
    term = real.get(Term, real.ids("term")[-1]).term
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto(address + STAGE)
    page.wait_for_load_state("networkidle")
    assert not [url for url in requested if "pagefind" in url or "search.js" in url]
    link = page.get_by_role("link", name="Search", exact=True).first
    link.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert not [url for url in requested if "pagefind" in url], "opening the search fetches nothing yet"
    page.keyboard.type(term)
    page.locator(f"#search[data-shown={json.dumps(term)}]").wait_for()
    assert [url for url in requested if url.endswith("pagefind/pagefind.js")]
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).not_to_be_visible()
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    assert results(page, "#search")[0] == typographic(term), "the query is still there"


def test_a_query_has_an_address(page: Page, address: str) -> None:
    assert search(page, address, "outcomes")
    page.keyboard.press("Control+k")
    expect(page.locator("#search-words")).to_be_focused()
    page.get_by_label("Search the framework").fill("trust & partners")
    page.locator("#search-page[data-shown='trust & partners']").wait_for()
    assert page.url.endswith("search/?q=trust+%26+partners")


def test_results_can_be_narrowed_and_the_address_says_so(page: Page, address: str, real: Framework) -> None:
    stage = real.all(Stage)[1]
    typed = real.recommendations(stage)[0].title
    search(page, address, typed)
    page.get_by_text("Show only one kind").click()
    page.get_by_label("Kind").select_option("Recommendation")
    page.get_by_label("Stage").select_option(f"Stage {stage.number}. {stage.title}")
    expect(page.locator(".search-results .search-place").first).to_have_text(re.compile("Stage 2, recommendation 2"))
    expect(page.locator(".search-kind").filter(has_not_text=re.compile("^Recommendation$"))).to_have_count(0)
    assert "kind=Recommendation" in page.url
    page.reload()
    page.locator(f"#search-page[data-shown={json.dumps(typed)}]").wait_for()
    assert page.get_by_label("Kind").input_value() == "Recommendation"
    assert {kind.text_content() for kind in page.locator(".search-results .search-kind").all()} == {"Recommendation"}


@pytest.mark.parametrize("typo", [r"\1\3", r"\1\2\2\3", r"\1x\3"], ids=["missing", "double", "wrong"])
def test_a_typo_is_corrected_and_mentioned(page: Page, address: str, real: Framework, typo: str) -> None:
    meant = max(re.findall(r"\b[a-z]+\b", " ".join(term.term.lower() for term in real.all(Term))), key=len)
    assert search(page, address, re.sub(r"(....)(.)(.*)", typo, meant))
    assert f"These are results for “{meant}”." in count(page)


def test_a_typo_in_a_hidden_word_is_corrected_without_mention(page: Page, address: str, site: Path) -> None:
    words = json.loads((site / "pagefind" / "words.json").read_text("utf-8"))
    word = max((word for word in words["hidden"] if word.isalpha()), key=len)
    assert search(page, address, word[:4] + word[5:])
    assert word not in count(page)


OURS = [("T.U.P.E.", "TUPE"), ("cafe\u0301", "Displacement"), ("SMEs", "Procurement Act"), ("undertaking 1.1", "Principle 1.")]
OURS += [("K P I", "Key performance indicator"), ("KPI's", "Key performance indicator"), ("663,540", "Light touch contracts")]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        *(("outcomes", "Outcome"), ("recommen\u2011dation 2b", "2b.")),
        *sweep(("recommen dation 2b", "2b."), ("２ｂ", "2b."), ("recommendation 2 b", "2b.")),
        *(pytest.param(*case, marks=pytest.mark.our_content) for case in OURS),
    ],
)
def test_other_spellings_find_the_same(page: Page, address: str, typed: str, found: str) -> None:
    assert any(found in title for title in search(page, address, typed)[:3])


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("zzzzqqqq", "Nothing was found for “zzzzqqqq”."),
        ("modern zzzzqqqq", "Nothing was found for “modern zzzzqqqq”."),
        ("zzzzqqqq outcome", "Not on this site: zzzzqqqq."),
        ("<img src=x onerror=alert(1)> outcome", "Not on this site: img, src, onerror, alert."),
    ],
)
def test_unknown_words_are_named(page: Page, address: str, typed: str, answer: str) -> None:
    search(page, address, typed)
    assert answer in count(page)
    assert page.locator("#search-page img").count() == 0
    assert page.locator(".search-help").is_visible() is answer.startswith("Nothing")


def test_the_search_works_in_a_folder_of_a_server(page: Page, site: Path, tmp_path: Path) -> None:
    (tmp_path / "social-value").symlink_to(site)
    missing: list[str] = []
    page.on("response", lambda answer: missing.append(answer.url) if answer.status != 200 else None)
    with served(tmp_path) as root:
        page.goto(f"{root}social-value/{STAGE}")
        page.keyboard.press("Control+k")
        page.keyboard.type("outcome")
        page.locator("#search .search-results a").first.click()
        page.wait_for_url(f"{root}social-value/**#*")
        page.locator(".site-name").click()
        page.wait_for_url(f"{root}social-value/")
    assert missing == []


def test_more_results_are_shown_on_demand(page: Page, address: str) -> None:
    assert len(search(page, address, "stage")) == 10
    found = int(count(page).split()[0])
    page.get_by_role("button", name="Show more results").click()
    expect(page.locator(".search-results a")).to_have_count(min(20, found))
    assert page.evaluate("[...document.querySelectorAll('.search-results a')].indexOf(document.activeElement)") == 10


def test_without_a_script_the_search_page_says_so(without_script: Page, address: str) -> None:
    without_script.goto(address + STAGE)
    without_script.get_by_role("link", name="Search", exact=True).first.click()
    without_script.wait_for_url("**/search/")
    expect(without_script.get_by_text("The search needs JavaScript.")).to_be_visible()
    expect(without_script.locator(".search-form")).to_be_hidden()
