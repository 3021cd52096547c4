"""Commands for whoever publishes the site."""

from __future__ import annotations

import click

from macros.command import checked, project_root


@click.command("editor-config")
def editor_config() -> None:
    """Print the configuration of the form at /edit/, made from the models and the records, as YAML."""
    project = checked(project_root())
    from macros.editor import as_yaml, config

    if project.framework is not None:
        click.echo(as_yaml(config(project.framework)), nl=False)
