"""Test what import-linter and ruff do not: docstrings of modules, and where words and hosts may stand."""

from __future__ import annotations

import ast
import importlib
import inspect
import re

from tests.conftest import ROOT


def test_a_module_says_what_it_is_in_one_sentence() -> None:
    for file in (ROOT / "macros").rglob("*.py"):
        docstring = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
        assert docstring.count(". ") == 0 < docstring.count("."), file


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


def test_code_and_templates_name_no_county() -> None:
    files = [file for folder in ("macros", "overrides") for file in (ROOT / folder).rglob("*") if file.is_file() and file.suffix != ".pyc"]
    named = re.compile("hertfordshire|brighton|connect hert|dacorum", re.IGNORECASE)
    assert len(files) > 150
    assert [file for file in files if named.search(file.read_text("utf-8"))] == []
