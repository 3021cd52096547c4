"""Commands for whoever publishes the site."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from macros.cli.context import checked, project_root
from macros.cli.reporters import tell


@click.command("editor-config")
def editor_config() -> None:
    """Print the configuration of the form at /edit/, made from the models and the records, as YAML."""
    project = checked(project_root())
    from macros.outputs.cms_config import as_yaml, config

    if project.framework is not None:
        click.echo(as_yaml(config(project.framework)), nl=False)


@click.command("finish")
@click.argument(
    "folder",
    type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path),
    metavar="DIR",
    help="The folder into which the site was built.",
)
def finish(folder: Path) -> None:
    """Finish the site that another engine than MkDocs has just built into DIR: add downloads, search index and all else that is ours.

    DIR then holds what svf build would have put into site/.
    """
    root = project_root()
    project = checked(root)
    from macros.loading.yaml_reader import setting
    from macros.outputs.pdf.typst_compile import NotPrintedError
    from macros.site_build import postprocess as steps
    from macros.site_build.artifacts import outputs
    from macros.site_build.search_index import NotIndexedError

    try:
        home = setting(root, "site_url")[1]
        made = outputs(project, project.stamp(home, setting(root, "site_name")[1]))
        shutil.rmtree(folder / "assets", ignore_errors=True)  # the theme's
        steps.put(folder, made)
        found = steps.finish(folder, project, home)
    except (NotIndexedError, NotPrintedError) as error:
        sys.exit(f"Not finished. {error}")
    if found:
        tell(found, "text", None)
        sys.exit("Not finished.")
    click.echo(f"Finished {sum(1 for _ in folder.rglob('*.html'))} pages in {folder}", err=True)
