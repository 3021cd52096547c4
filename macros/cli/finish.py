"""The commands editor-config and finish, for publishers."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from macros.cli.context import checked, project_root
from macros.cli.reporters import print_problems


@click.command("editor-config")
def editor_config() -> None:
    """Print the configuration of the form at /edit/ as YAML."""
    project = checked(project_root())
    from macros.outputs.cms import as_yaml, config

    if project.framework is not None:
        click.echo(as_yaml(config(project.framework)), nl=False)


@click.command("finish")
@click.argument(
    "folder",
    type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path),
    metavar="DIR",
    help="The folder that the site was built into.",
)
def finish(folder: Path) -> None:
    """Finish a site that another engine than MkDocs has built into DIR: add downloads, search index and all other files of ours.

    DIR then holds the same files as site/ after svf build.
    """
    root = project_root()
    project = checked(root)
    from macros.loading.yaml_reader import setting
    from macros.outputs.pdf.typst_compile import NotPrintedError
    from macros.site_build import postprocess
    from macros.site_build.artifacts import outputs
    from macros.site_build.search_index import NotIndexedError

    try:
        home = setting(root, "site_url")[1]
        shutil.rmtree(folder / "assets", ignore_errors=True)  # the theme's
        postprocess.write_outputs(folder, outputs(project, project.stamp(home, setting(root, "site_name")[1])))
        problems = postprocess.finish(folder, project, home)
    except (NotIndexedError, NotPrintedError) as error:
        sys.exit(f"Not finished. {error}")
    if problems:
        print_problems(problems, "text")
        sys.exit("Not finished.")
    click.echo(f"Finished {sum(1 for _ in folder.rglob('*.html'))} pages in {folder}", err=True)
