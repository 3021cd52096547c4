"""The code keeps its rooms: imports run one way, one module knows MkDocs, and everything public says what it is."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from macros.library import Library

from .conftest import ROOT

MODULES = sorted((ROOT / "macros").glob("*.py"))
# From left to right; none imports one to its right.
ORDER = [
    "fields",
    "record",
    "model",
    "singles",
    "context",
    "kinds",
    "output",
    "problem",
    "indent",
    "syntax",
    "text",
    "typeface",
    "sentences",
    "tree",
    "source",
    "fieldguide",
    "index",
    "validate",
    "dialect",
    "markup",
    "plain",
    "framework",
    "ways",
    "load",
    "numbering",
    "marks",
    "head",
    "prose",
    "raw",
    "page_markdown",
    "settings",
    "page_outline",
    "article",
    "splice",
    "pasted",
    "quoted",
    "words",
    "reading",
    "checks",
    "review",
    "render",
    "published",
    "text_diff",
    "snapshot",
    "compare",
    "edition_checks",
    "editions",
    "cells",
    "terms",
    "cycle",
    "library",
    "project",
    "trial",
    "nodes",
    "press",
    "emblem",
    "built",
    "policy",
    "editor",
    "suggestion",
    "editing",
    "guides",
    "verbatim",
    "reporting",
    "affected_pages",
    "diff_report",
    "revision",
    "sheet",
    "workbook",
    "linked",
    "exports",
    "outputs",
    "schema",
    "links",
    "results",
    "search",
    "finish",
    "offline",
    "preview",
    "host",
    "command",
    "diff",
    "release",
    "staging",
    "suggest",
    "sandbox",
    "__init__",
    "hooks",
    "publish",
    "__main__",
]


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_every_module_has_its_place() -> None:
    assert sorted(file.stem for file in MODULES) == sorted(ORDER)


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_imports_run_one_way(file: Path) -> None:
    allowed = set(ORDER[: ORDER.index(file.stem)])
    ours = {name.split(".")[1] for name in imports(file) if name.startswith("macros.")}
    assert ours & set(ORDER) <= allowed


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_only_hooks_knows_mkdocs(file: Path) -> None:
    used = {name.split(".")[0] for name in imports(file)}
    assert ("mkdocs" in used) == (file.stem == "hooks")
    assert not used & {"material", "mkdocs_macros"}


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_everything_public_says_what_it_is(file: Path) -> None:
    tree = ast.parse(file.read_text("utf-8"))
    docstring = ast.get_docstring(tree) or ""
    assert docstring.count(". ") == 0 < docstring.count("."), "a module's docstring is one sentence"
    for node in ast.walk(tree):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and not node.name.startswith("_"):
            inner = any(isinstance(p, ast.FunctionDef) and node in ast.walk(p) and p is not node for p in ast.walk(tree))
            assert inner or ast.get_docstring(node), f"{file.name}: {node.name} has no docstring"


def test_every_macro_has_a_docstring_and_takes_text() -> None:
    for name in Library.names():
        method = getattr(Library, name)
        assert inspect.getdoc(method), name
        parameters = list(inspect.signature(method).parameters.values())[1:]
        assert all(str(p.annotation) == "str" or str(p.annotation).endswith(("Id", "Page")) for p in parameters), name


def test_python_holds_no_words_of_a_page() -> None:
    for name in ("library", "outputs", "render", "finish"):
        module = importlib.import_module(f"macros.{name}")
        assert "<p" not in inspect.getsource(module)
        assert "<h" not in inspect.getsource(module)


def test_no_registry_host_is_named() -> None:
    locks = [*ROOT.glob("requirements*.lock"), *ROOT.glob("package*.json"), *(ROOT / "tests/benchmarks").glob("package*.json")]
    assert len(locks) == 7
    for file in (*locks, ROOT / "pyproject.toml", ROOT / "Makefile"):
        for host in ("pypi." + "org", "pythonhosted." + "org", "npmjs." + "org"):
            assert host not in file.read_text("utf-8")
