"""Dead links of a built tree are named at their line."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.site_build.html import parsed_pages
from macros.site_build.link_check import dead_links


def tree(folder: Path, **pages: str) -> Path:
    for name, text in pages.items():
        file = folder / name.replace("__", "/") / "index.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (folder / "style.css").write_text("")
    return folder


@pytest.mark.parametrize(
    "link",
    [
        "../b/",
        "../b/#there",
        "#here",
        "./",
        "../style.css",
        "https://a.example/x",
        "mailto:a@b.example",
        "/b/",
        "?q=x",
        "../b/?q=x#there",
        "#:~:text=x",
        "",
    ],
)
def test_good_links(tmp_path: Path, link: str) -> None:
    tree(tmp_path, a=f'<p id="here"><a href="{link}">x</a>', b='<p id="there">')
    assert list(dead_links(tmp_path, parsed_pages(tmp_path))) == []


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("../c/", "no file"),
        ("../b", "end it with /"),
        ("../b/#gone", "no anchor"),
        ("#gone", "no anchor"),
        ("../gone.css", "no file"),
        ("/../../c", "no file"),
    ],
)
def test_dead_links(tmp_path: Path, link: str, said: str) -> None:
    tree(tmp_path, a=f'<p>\n<a href="{link}">x</a>', b='<p id="there">')
    problem = next(iter(dead_links(tmp_path, parsed_pages(tmp_path))))
    assert said in problem.message
    assert (problem.path, problem.line) == ("site/a/index.html", 2)


def test_a_link_from_the_servers_root_starts_at_the_sites_own_folder(tmp_path: Path) -> None:
    tree(tmp_path, a='<a href="/county/b/">x</a>\n<a href="/b/">x</a>\n<a href="../../b/">x</a>\n<a href="/county/c/">x</a>', b="")
    assert [problem.line for problem in dead_links(tmp_path, parsed_pages(tmp_path), "https://www.testshire.gov.uk/county")] == [2, 3, 4]


def test_pictures_and_scripts_count_as_links(tmp_path: Path) -> None:
    tree(tmp_path, a='<img src="gone.png"><script src="gone.js"></script>')
    assert len(list(dead_links(tmp_path, parsed_pages(tmp_path)))) == 2


def test_an_anchor_stands_once(tmp_path: Path) -> None:
    tree(tmp_path, a='<p id="x"><p id="x">')
    assert [p.name for p in dead_links(tmp_path, parsed_pages(tmp_path))] == ["anchor-twice"]
