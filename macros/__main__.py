"""The command svf: checks, builds and serves the project in the current folder."""

from __future__ import annotations

import errno
import shutil
import sys
import time
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from macros.checks.house_style import WORDING_PROBLEMS, grades
from macros.checks.relations import overdue
from macros.checks.settings import setting
from macros.cli.context import CommandError, checked, day, print_problems, project_root, reporting_options, settings_problems
from macros.model.problem import Format, InvalidDataError
from macros.site_build.atomic_build import SITE_UNCHANGED, build_lock, describe_error, replace, staging_folder, stoppable, write
from macros.site_build.project import read_project

_MODULES = {"diff": "diff", "notes": "release", "protected": "diff", "release": "release", "suggest": "suggest.command", "unpack": "unpack"}


class _Group(click.Group):
    """Prints errors of files in one line; imports the commands of `_MODULES` only to run or list them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, sorted."""
        return sorted([*super().list_commands(ctx), *_MODULES])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command `cmd_name`, or None if there is none."""
        module = _MODULES.get(cmd_name)
        return getattr(import_module(f"macros.cli.{module}"), cmd_name) if module else super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command of `ctx`; exit with status 1 if a file cannot be read or written."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            sys.exit(f"Stopped. {describe_error(error)}")


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Check, build and serve the framework in the current folder.

    The folder holds mkdocs.yml, data/ and content/. Every command ends with status 0 if all is well,
    1 if the content has problems, and 2 if the command was mistyped.
    """


@main.command()
@reporting_options
@click.option("--only", type=click.Choice(["data", "words", "overdue"]), help="Print only problems of this kind (words means house style).")
@click.option("--reading", is_flag=True, help="Also print the reading age of each stage.")
@click.option("--due", type=day, metavar="DATE", help="Also list the records whose review is overdue on DATE.")
def check(form: Format, summary: Path | None, only: str | None, due: date | None, reading: bool) -> None:
    """Check all records and pages, and print their problems.

    Text output is one problem a line, as path:line:column: message.
    """
    root = project_root()
    if only == "overdue" and due is None:
        raise CommandError("svf check --only overdue needs --due DATE.")
    project = read_project(root)
    framework, problems = project.framework, (*project.problems, *settings_problems(project))
    if framework:
        problems += tuple(overdue(framework, due)) if due else ()
    if only and framework:
        kinds = dict.fromkeys(WORDING_PROBLEMS, "words") | {"overdue": "overdue"}
        problems = tuple(problem for problem in problems if kinds.get(problem.name, "data") == only)
    if reading and framework:
        for stage, grade in grades(framework):
            click.echo(f"{stage}: Flesch-Kincaid grade {grade:.1f}, a reading age of about {grade + 5:.0f}", err=True)
    print_problems(problems, form, summary)
    if not framework:
        click.echo("Other checks were skipped. Fix these problems, and check again.", err=True)
    sys.exit(any(p.severity == "error" for p in problems))


@main.command()
@reporting_options
def build(form: Format, summary: Path | None) -> None:
    """Build the site into site/; if anything is wrong, the last good site/ stays as it is."""
    root = project_root()
    start = time.monotonic()
    with stoppable():
        checked(root, form, summary)
        from macros.site_build import mkdocs_hooks

        try:
            with build_lock(root), staging_folder(root) as staging:
                pages = mkdocs_hooks.build(root, staging)
                replace(root / "site", staging)
        except InvalidDataError as error:
            print_problems(error.problems, form, summary, printed=True)
            sys.exit(f"Not built. {SITE_UNCHANGED}")
        except mkdocs_hooks.Abort as error:
            reason = "" if error.message.startswith("Aborted") else f" {error.message}"
            sys.exit(f"Not built.{reason} {SITE_UNCHANGED}")
        except OSError as error:
            sys.exit(f"Not built. {describe_error(error)} {SITE_UNCHANGED}")
    click.echo(f"Built {pages} pages into site/ in {time.monotonic() - start:.1f} s", err=True)


@main.command("zip")
def pack() -> None:
    """Pack site/ as framework.zip, a copy that can be opened without a server."""
    root = project_root()
    project = checked(root)
    if project.framework is None or not (root / "site" / "index.html").is_file():
        raise CommandError("There is no site/ to pack. Run svf build first.")
    from macros.outputs.offline_zip import FOLDER, offline_zip

    with build_lock(root):
        output = offline_zip(root / "site", project.framework.site.edition_date)
    write(root / output.path, output.content)
    click.echo(f"Packed site/ as {output.path}, {len(output.content) / 1e6:.1f} MB; unpack it, and open {FOLDER}/index.html", err=True)


@main.command()
@click.option("--address", default="127.0.0.1:8000", show_default=True, metavar="IP:PORT", help="Where to serve the site.")
def serve(address: str) -> None:
    """Serve the site and rebuild it on each change of content, data or templates.

    Open pages reload by themselves. An invalid record shows its problem here and on every page until it is fixed.
    """
    root = project_root()
    from macros.site_build import mkdocs_hooks

    try:
        mkdocs_hooks.serve(root, address)
    except mkdocs_hooks.Abort as error:
        sys.exit(f"Not served. {error.message}")


@main.command()
def schema() -> None:
    """Write the JSON Schemas to data/schema/ and their map to .vscode/settings.json, for editors."""
    root = project_root()
    from macros.outputs.json_schema import stale

    for output in stale(root):
        (root / output.path).parent.mkdir(parents=True, exist_ok=True)
        write(root / output.path, output.content)
        click.echo(f"wrote {output.path}", err=True)


@main.command()
@click.argument("folder", type=click.Path(exists=False, path_type=Path), metavar="DIR", help="The folder to write; it must not exist.")
def prepare(folder: Path) -> None:
    """Write content/ with the pages made from records into DIR, for another engine than MkDocs to build from."""
    root = project_root()
    from macros.site_build.record_pages import write_content

    write_content(checked(root).valid_framework, root, folder)


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR", help="The folder of the site.")
def finish(folder: Path) -> None:
    """Finish a site that another engine than MkDocs has built into DIR: add downloads, search index and all other files of ours."""
    root, folder = project_root(), folder.resolve()
    project = checked(root)
    from macros.outputs.pdf.typst_compile import NotPrintedError
    from macros.site_build import postprocess
    from macros.site_build.artifacts import documents, outputs
    from macros.site_build.atomic_build import write_outputs
    from macros.site_build.search_index import NotIndexedError

    try:
        home = setting(root, "site_url")[1]
        shutil.rmtree(folder / "assets", ignore_errors=True)  # the theme's
        stamp = project.stamp(home, setting(root, "site_name")[1])
        files = *outputs(project, stamp), *documents(project, stamp)
        write_outputs(folder, files)
        problems = postprocess.finish(folder, project, home, lambda: files)
    except (NotIndexedError, NotPrintedError) as error:
        sys.exit(f"Not finished. {error}")
    if problems:
        print_problems(problems, "text")
        sys.exit("Not finished.")
    click.echo(f"Finished {sum(1 for _ in folder.rglob('*.html'))} pages in {folder}", err=True)


if __name__ == "__main__":
    main()
