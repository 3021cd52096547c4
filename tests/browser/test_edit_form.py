"""Test the form at /edit/ in a browser with a stand-in for GitHub: a changed word and a new term become pull requests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from macros.loading.yaml_reader import parse
from macros.outputs import cms
from tests.browser.test_accessibility import all_violations
from tests.conftest import ROOT, Watched, framework_of, watched
from tests.github import NAME, OWNER, TOKEN, USER, GitHub, github
from tests.support.http_server import served

ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>'


class Form(NamedTuple):
    """The form in a browser, for a user without write access."""

    seen: Watched
    page: Page
    address: str
    github: GitHub
    project: Path

    def hosts(self) -> set[str]:
        """The hosts that were requested for anything, by name and port."""
        return {urlsplit(url.removeprefix("blob:")).netloc for url in self.seen.requested if not url.startswith("data:")}


@pytest.fixture
def form(project: Path, tmp_path: Path, browser: Browser) -> Iterator[Form]:
    """The form for the small project, whose repository is the stand-in."""
    with github(tmp_path / "repository") as hub:
        settings = project / "data/site.yml"
        settings.write_text(settings.read_text().replace("https://git.testshire.gov.uk/council/framework", f"{hub.address}/{OWNER}/{NAME}"))
        hub.take(project)
        site = tmp_path / "site"
        for output in cms.form(framework_of(project), ROOT):
            (site / output.path).parent.mkdir(parents=True, exist_ok=True)
            (site / output.path).write_bytes(output.content)
        (site / "favicon.svg").write_text(ICON)
        shutil.copy(project / "content/framework.css", site)
        with served(site) as address, watched(browser) as seen:
            seen.page.set_default_timeout(60_000)
            yield Form(seen, seen.page, address, hub, project)


def sign_in(form: Form) -> None:
    page = form.page
    page.goto(f"{form.address}edit/#/collections/recommendations/entries/1a")
    page.get_by_role("button", name="Open the form").click()
    page.get_by_role("button", name="Sign In Using Access Token").click()
    page.get_by_role("textbox", name="Personal Access Token").fill(TOKEN)
    assert form.hosts() == {urlsplit(form.address).netloc}, "before sign-in, nobody but the site is requested"
    page.get_by_role("alertdialog").get_by_role("button", name="Sign In").click()
    page.get_by_role("alertdialog", name="Fork Repository").get_by_role("button", name="Fork").click()


def test_it_is_explained_before_it_opens(form: Form, without_script: Page) -> None:
    form.page.goto(f"{form.address}edit/")
    expect(form.page.get_by_role("button")).to_have_text(["Open the form"])
    assert all_violations(form.page, "edit/") == []
    assert not [url for url in form.seen.requested if "sveltia" in url], "nothing of the form is loaded"
    without_script.goto(f"{form.address}edit/")
    expect(without_script.get_by_text("The form needs JavaScript.")).to_be_visible()
    without_script.get_by_role("link", name="Back to the framework").click()
    without_script.wait_for_url(form.address)


def save_and_send(form: Form, pulls: int, collection: str) -> None:
    """Send the open record for review, and wait for the list to which the form returns: it would close a record opened before that."""
    form.page.get_by_role("button", name="Save").click()
    with form.page.expect_response(lambda answer: answer.url.endswith("/pulls") and answer.request.method == "POST"):
        form.page.get_by_role("alertdialog", name="Send for Review").get_by_role("button", name="Send for Review").click()
    form.page.wait_for_url(f"**/edit/#/collections/{collection}")
    expect(form.page.get_by_role("button", name="Save")).to_have_count(0)
    assert len(form.github.pulls) == pulls


def test_a_word_changed_and_a_term_added_become_pull_requests(form: Form) -> None:
    sign_in(form)
    page, hub = form.page, form.github
    why = page.get_by_role("textbox", name="Why it matters")
    expect(why).to_be_visible()
    why.fill(why.input_value().replace("lunch club", "tea room"))
    save_and_send(form, 1, "recommendations")
    branch = f"cms/{USER}/{NAME}/recommendations/1a"
    assert hub.branches() == [branch]
    assert hub.pulls == [{"title": "1a: change", "head": f"{USER}:{branch}", "base": "main", "draft": False, "body": hub.pulls[0]["body"]}]
    assert hub.git("log", "--format=%s", f"main..{hub.ref(USER, branch)}") == "1a: change\n"
    (before,) = (line for line in (form.project / "data/recommendations/1a.yml").read_text().splitlines() if "lunch club or" in line)
    assert [line for line in hub.diff(branch).splitlines() if line[0] in "+-"] == [
        "--- a/data/recommendations/1a.yml",
        "+++ b/data/recommendations/1a.yml",
        f"-{before}",
        f"+{before.replace('lunch club', 'tea room')}",
    ]

    page.goto(f"{form.address}edit/#/collections/glossary/new")
    page.get_by_role("textbox", name="Term").fill("No")
    page.get_by_role("textbox", name="Meaning").fill(
        "The answer that a council gives when it will not do something.\n\nIt is said: kindly.\n"
    )
    page.get_by_role("textbox", name="Example").fill("A bidder asks for another week, and the council says no.")
    page.get_by_role("group", name="Explain it wherever it is used").get_by_role("radio", name="No", exact=True).click()
    page.get_by_role("checkbox", name="The Testshire Charter").click()
    save_and_send(form, 2, "glossary")
    branch = f"cms/{USER}/{NAME}/glossary/no"
    assert hub.branches()[0] == branch
    assert (hub.pulls[1]["title"], hub.pulls[1]["head"], hub.pulls[1]["base"]) == ("no: add", f"{USER}:{branch}", "main")
    assert hub.git("diff", "--name-status", "refs/heads/main", hub.ref(USER, branch)) == "A\tdata/glossary/no.yml\n"
    added = hub.git("show", f"{hub.ref(USER, branch)}:data/glossary/no.yml")
    assert added == (
        'term: "No"\nmeaning: |-\n  The answer that a council gives when it will not do something.\n\n  It is said: kindly.\n'
        'example: |-\n  A bidder asks for another week, and the council says no.\nautomatic: "no"\nsources: [testshire-charter]\n'
    )
    assert parse(added, "no.yml").problems == ()
    (form.project / "data/glossary/no.yml").write_text(added)
    framework_of(form.project)

    assert form.hosts() == {urlsplit(form.address).netloc, urlsplit(hub.address).netloc}
    assert form.seen.complaints == []
    assert hub.unknown == []
