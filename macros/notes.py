"""What the changelog says of one edition, for the page of its release."""

from __future__ import annotations

import re

import click

from macros.command import project_root
from macros.problem import did_you_mean

TAG = "edition-"
"""What a tag of an edition begins with; the edition follows, for example `edition-2026-11`."""

_HEADING = re.compile(r"^## (.*)$", re.MULTILINE)
_EDITION = re.compile(r"Edition (\S+),")


class NoNotesError(Exception):
    """The changelog says nothing of an edition; its text says which editions it knows."""


def notes_of(changelog: str, edition: str) -> str:
    """Return the words of the section `## Edition <edition>, <date>` of `changelog`; raise NoNotesError if there are none."""
    headings = list(_HEADING.finditer(changelog))
    known = {}
    for heading, end in zip(headings, [*(h.start() for h in headings[1:]), len(changelog)], strict=True):
        if found := _EDITION.match(heading[1]):
            known[found[1]] = changelog[heading.end() : end].strip()
    if edition not in known:
        instead = did_you_mean(edition, known) or "svf release makes the section of an edition"
        raise NoNotesError(f"CHANGELOG.md has no section of edition {edition}; {instead}")
    if not known[edition]:
        raise NoNotesError(f"The section of edition {edition} in CHANGELOG.md is empty; write what changed.")
    return known[edition] + "\n"


@click.command()
@click.argument("tag", metavar="TAG", help="The tag of the edition, for example edition-2026-11.")
def notes(tag: str) -> None:
    """Print what CHANGELOG.md says of the edition that TAG names, in Markdown."""
    file = project_root() / "CHANGELOG.md"
    if not tag.startswith(TAG):
        raise click.UsageError(f'"{tag}" is no tag of an edition; an edition\'s tag is like {TAG}2026-11.')
    if not file.is_file():
        raise click.UsageError("There is no CHANGELOG.md in this folder.")
    try:
        click.echo(notes_of(file.read_text("utf-8", "replace"), tag.removeprefix(TAG)), nl=False)
    except NoNotesError as error:
        raise click.ClickException(str(error)) from None
