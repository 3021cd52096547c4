"""Test what import-linter and ruff do not: docstrings, macro signatures, and where words may stand."""

from __future__ import annotations

import ast
import importlib
import inspect
from pathlib import Path

import pytest

from tests.conftest import ROOT

MODULES = sorted((ROOT / "macros").rglob("*.py"))


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.relative_to(ROOT / "macros").as_posix())
def test_everything_public_says_what_it_is(file: Path) -> None:
    tree = ast.parse(file.read_text("utf-8"))
    docstring = ast.get_docstring(tree) or ""
    assert docstring.count(". ") == 0 < docstring.count("."), "a module's docstring is one sentence"
    for node in ast.walk(tree):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and not node.name.startswith("_"):
            inner = any(isinstance(p, ast.FunctionDef) and node in ast.walk(p) and p is not node for p in ast.walk(tree))
            assert inner or ast.get_docstring(node), f"{file.name}: {node.name} has no docstring"


def test_python_holds_no_words_of_a_page() -> None:
    for name in ("rendering.page_macros", "site_build.artifacts", "rendering.environment", "site_build.postprocess"):
        module = importlib.import_module(f"macros.{name}")
        assert "<p" not in inspect.getsource(module)
        assert "<h" not in inspect.getsource(module)


def test_no_registry_host_is_named() -> None:
    locks = [*ROOT.glob("requirements*.lock"), *ROOT.glob("package*.json"), *(ROOT / "tests/benchmarks").glob("package*.json")]
    assert len(locks) == 7
    for file in (*locks, ROOT / "pyproject.toml", ROOT / "Makefile"):
        for host in ("pypi." + "org", "pythonhosted." + "org", "npmjs." + "org"):
            assert host not in file.read_text("utf-8")
