"""Commands for whoever publishes the site, run as people run them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from macros.__main__ import main
from macros.model.framework import Framework
from macros.outputs.cms_config import config
from tests.conftest import ROOT


@pytest.mark.costly
def test_the_configuration_of_the_form_is_printed(real: Framework, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(main, ["editor-config"])
    assert done.exit_code == 0
    assert yaml.safe_load(done.stdout) == config(real)


def test_with_a_wrong_record_the_problems_are_printed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = project / "data/glossary/outcome.yml"
    file.write_text(file.read_text().replace("term: Outcome", "trem: Outcome"))
    monkeypatch.chdir(project)
    done = CliRunner().invoke(main, ["editor-config"])
    assert done.exit_code == 1
    assert "data/glossary/outcome.yml:1:1:" in done.output
    assert "backend" not in done.output
