"""Test that quotes, &, < and > in any text appear as typed, in attributes, too."""

from __future__ import annotations

import json
import re
from pathlib import Path

import lxml.html
import pytest
import yaml

from macros.site_build import mkdocs_hooks
from tests.conftest import html_of, make_project

WORDS = """Say "no" & 'yes' to R&D"""
SPECIAL = """Say "no" & 'yes' if 1 <b 2> 1"""
SHOWN = "Say “no” & ‘yes’ to R&D"
PARTS = {part.lower() for text in (WORDS, SPECIAL) for part in text.replace('"', " ").split()}
"""What would become the name of an attribute if another one ended at a quote."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site with special characters in titles, names and descriptions."""
    project, target = make_project(tmp_path_factory.mktemp("project")), tmp_path_factory.mktemp("site")
    settings = yaml.safe_load((project / "mkdocs.yml").read_text("utf-8"))
    settings |= {"site_name": SPECIAL, "site_description": SPECIAL, "copyright": SPECIAL, "site_author": SPECIAL}
    files = sorted(file.relative_to(project / "content").as_posix() for file in (project / "content").rglob("*.md"))
    parts = [{WORDS: name} if name == "values.md" else name for name in files if name not in ("index.md", "about/report.md")]
    settings["nav"] = ["index.md", {WORDS: parts}, {"About": ["about/report.md"]}]
    (project / "mkdocs.yml").write_text(yaml.safe_dump(settings), "utf-8")
    (project / "content/definition.md").write_text(
        f"""---\ndescription: 'Say "no" & ''yes'' to R&D.'\nsearch: ['{WORDS.replace("'", "''")}']\n---\n"""
        f"\n# {WORDS}, &lt;now&gt;\n\n{{{{ approaches() }}}}\n\n{{{{ questions() }}}}\n\n{{{{ definitions() }}}}\n"
        f"\n## {WORDS}\n\nText {{{{ point('intro') }}}}.\n",
        "utf-8",
    )
    named = ("stages/1-find-out", "recommendations/1a", "principles/1-equal-voice", "audiences/provider", "glossary/outcome")
    for path in (*named, "values/openness", "law/social-value-act", "sources/social-value-act"):
        record = project / f"data/{path}.yml"
        record.write_text(
            re.sub("^(title|term): .*", lambda m: f"{m[1]}: {json.dumps(SPECIAL)}", record.read_text(), flags=re.MULTILINE), "utf-8"
        )
    mkdocs_hooks.build(project, target)
    return target


def test_text_appears_as_typed(built: Path) -> None:
    page = lxml.html.parse(built / "definition/index.html", lxml.html.HTMLParser(encoding="utf-8")).getroot()
    metadata = {meta.get("name") or meta.get("property"): meta.get("content") for meta in page.iter("meta")}
    assert metadata["description"] == metadata["og:description"] == f"{WORDS}."
    assert metadata["og:title"] == f"{SHOWN}, <now>"
    assert metadata["og:site_name"] == metadata["og:image:alt"] == SPECIAL
    assert metadata["author"] == SPECIAL
    assert page.findtext(".//title") == f"{SHOWN}, <now> - {SPECIAL}"
    assert page.findtext(".//a[@class='site-name']") == SPECIAL
    assert page.xpath("//nav[@id='menu']//a[@aria-current='page']")[0].text_content() == f"{SHOWN}, <now>"
    assert page.xpath("//nav[@id='menu']/ul/li[1]/a")[0].text_content() == WORDS
    assert page.xpath("//p[@id='section-title']")[0].text_content() == WORDS
    record = lxml.html.parse(built / "1b/index.html", lxml.html.HTMLParser(encoding="utf-8")).getroot()
    assert SPECIAL in record.xpath("//@aria-label"), "the name of a pop-up"
    lost = lxml.html.parse(built / "404.html", lxml.html.HTMLParser(encoding="utf-8")).getroot()
    assert lost.findtext(".//title").endswith(f" - {SPECIAL}")
    assert {meta.get("content") for meta in lost.xpath("//meta[@name='description']")} == {SPECIAL}


def test_no_attribute_ends_early(built: Path) -> None:
    for file in html_of(built):
        for element in lxml.html.parse(file, lxml.html.HTMLParser(encoding="utf-8")).getroot().iter(lxml.etree.Element):
            odd = {name for name in element.attrib if name in PARTS or not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9-]*", name)}
            assert not odd, (file, element.sourceline, odd)


def test_nothing_is_escaped_twice(built: Path) -> None:
    for file in html_of(built):
        text = file.read_text("utf-8")
        for twice in ("&amp;amp;", "&amp;#", "&amp;quot;", "&amp;lt;"):
            assert twice not in text, (file, text[text.index(twice) - 200 : text.index(twice) + 50])
