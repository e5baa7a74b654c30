"""The commands put together."""

from __future__ import annotations

import re
from importlib.metadata import version
from inspect import cleandoc
from typing import Annotated

import typer

from injuryprev.cli import fund, project
from injuryprev.cli.bulletin import bulletin
from injuryprev.cli.check import check
from injuryprev.cli.common import Group
from injuryprev.cli.compare import compare
from injuryprev.cli.diff import diff
from injuryprev.cli.evaluate import evaluate
from injuryprev.cli.explain import explain
from injuryprev.cli.focus import focus
from injuryprev.cli.measures import measures
from injuryprev.cli.new import new
from injuryprev.cli.places import Command
from injuryprev.cli.profiles import profiles
from injuryprev.cli.rate import rate
from injuryprev.cli.show import show
from injuryprev.cli.targets import targets

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Work-injury prevention: rate employers under a region's law, and say why.\n\n"
    "Exit status: 0 all well, 1 wrong usage or a file or profile that cannot be used, 2 rows were rejected, "
    "or a check found something.",
)
for command in (rate, explain, compare, evaluate, measures, focus, bulletin, targets, profiles, show, check, diff, new):
    # Rich would keep the line ends of the source and break the lines again.
    app.command(cls=Command, help=re.sub(r"(?<!\n)\n(?!\n)", " ", cleandoc(command.__doc__ or "")))(command)

app.add_typer(fund.app, name="fund")
app.add_typer(project.app, name="project")


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"injuryprev {version('injuryprev')}")
        raise typer.Exit


@app.callback()
def options(
    *,
    _show: Annotated[
        bool,
        typer.Option(
            "--version", callback=lambda value: _version(wanted=value), is_eager=True, help="Say the version."
        ),
    ] = False,
) -> None:
    """Options before the command."""
