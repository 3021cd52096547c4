"""What no page uses is taken out of the built site, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from macros.built import parsed_pages
from macros.prune import names_used, prune, pruned
from macros.render import TEMPLATES

NAMES = {"html", "p", "a", "href", ".note", "#menu", "ul", "li", "class", "id"}


@pytest.mark.parametrize(
    ("css", "left"),
    [
        ("p { color: red }", "p{color:red}"),
        ("p, .gone { color: red }", "p{color:red}"),
        (".gone p { color: red }", ""),
        ('.note > a:hover::after { content: "}" }', '.note > a:hover::after{content:"}"}'),
        ("#menu li, #other li { margin: 0 }", "#menu li{margin:0}"),
        ("a[href] { x: y }", "a[href]{x:y}"),
        ("a[data-gone] { x: y }", ""),
        ("p:not(.gone):is(.gone, .note) { x: y }", "p:not(.gone):is(.gone, .note){x:y}"),
        ("* { x: y !important }", "*{x:y!important}"),
        ("P { x: y }", "P{x:y}"),
        ("/* a remark */ p {}", ""),
        ("@media print { .gone { x: y } p { x: y } }", "@media print{p{x:y}}"),
        ("@media print { .gone { x: y } }", ""),
        ("@supports (x: y) { @media print { p { x: y } } }", "@supports (x: y){@media print{p{x:y}}}"),
        ('@charset "utf-8"; p { x: y }', '@charset "utf-8";p{x:y}'),
        ("@keyframes turn { to { x: y } } p { animation: turn 1s }", "p{animation:turn 1s}"),
        ("@font-face { font-family: a; src: url(a.woff) }", "@font-face{font-family:a;src:url(a.woff)}"),
        (
            ':root { --used: 1; --chain: var(--end); --end: 2; --gone: url("data:a;b{c}") } p { x: var(--used) var(--chain, 3) }',
            ":root{--used:1;--chain:var(--end);--end:2}p{x:var(--used) var(--chain, 3)}",
        ),
        (":root { --a: var(--b); --b: 1 }", ""),
    ],
)
def test_rules_that_fit_nothing_go(css: str, left: str) -> None:
    assert pruned(css, NAMES) == left


def test_variables_that_another_stylesheet_uses_stay() -> None:
    assert pruned(":root { --a: 1; --b: 2 }", NAMES | {"root"}, ["--a"]) == ":root{--a:1}"


def test_files_that_no_page_loads_go(tmp_path: Path) -> None:
    for name, text in {
        "assets/a.css": ".used { x: y } .scripted { x: y } .gone { x: y } .note { color: var(--ours) }",
        "assets/js/gone.js": "x",
        "assets/a.css.map": "x",
        "ours.js": "element.classList.add('scripted')",
        "unlinked.txt": "x",
        "b/index.html": '<link rel="stylesheet" href="../assets/a.css?v=1"><p class="used note">x</p>',
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    prune(tmp_path, parsed_pages(tmp_path))
    left = sorted(file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*"))
    assert left == ["assets", "assets/a.css", "b", "b/index.html", "ours.js", "unlinked.txt"], "only the theme's own files may go"
    assert (tmp_path / "assets/a.css").read_text() == ".used{x:y}.scripted{x:y}.note{color:var(--ours)}"


def test_what_stays_all_the_same_has_a_reason() -> None:
    for item in yaml.safe_load((TEMPLATES / "prune.yml").read_text("utf-8")):
        assert item["why"]


def test_the_site_has_no_file_of_the_theme_that_it_does_not_load(site: Path) -> None:
    left = [file.relative_to(site / "assets").as_posix() for file in (site / "assets").rglob("*") if file.is_file()]
    assert [name.partition("/")[0] for name in left] == ["stylesheets"]


class Everything:
    def __contains__(self, name: object) -> bool:
        return True


def test_our_own_stylesheet_has_no_rule_to_spare(site: Path) -> None:
    """Ours is not pruned: a rule in it that fits no page, whatever the records say, is a leftover, for a person to take out."""
    css = (site / "framework.css").read_text("utf-8")
    used = set(re.findall(r"--[\w-]+", css))
    templates = "".join(file.read_text("utf-8") for file in TEMPLATES.glob("*.j2"))
    sometimes = {f".{name}" for names in re.findall(r'class="([^"{]+)"', templates) for name in names.split()}
    rules, fitting = (
        set(pruned(css, names, used).split("}")) for names in (Everything(), names_used(site, parsed_pages(site)) | sometimes)
    )
    assert rules - fitting == set()
