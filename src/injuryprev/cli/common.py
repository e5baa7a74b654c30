"""What the commands share: exit statuses, options, and where things are printed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import attrs
import typer
from rich.console import Console
from typer.core import TyperGroup

import injuryprev as ip
from injuryprev.cli.stopping import ends_when_told
from injuryprev.errors import InjuryprevError
from injuryprev.exchange import Area, read_area, read_figures
from injuryprev.exchange.locate import locate
from injuryprev.exchange.sources import PARQUET
from injuryprev.model import FactValue
from injuryprev.units import as_json
from injuryprev.words import Lang

FAILED: Final = 1
"""Exit status: wrong usage, a profile or a file that cannot be used."""
REJECTS: Final = 2
"""Exit status: the work was done, but rows were rejected."""
RECORDS: Final = "records"
"""The engine that goes row by row."""


class Language(StrEnum):
    """Languages of everything printed and of the reasons in files."""

    en = "en"
    zh = "zh"


class Beyond(StrEnum):
    """What to do after the last day a profile covers."""

    last_known = "last-known"


class Group(TyperGroup):
    """Wrong usage ends with status 1, since 2 says that rows were rejected; errors of the library show no traceback."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the program; whoever ends it finds nothing half-written."""
        with ends_when_told():
            return super().main(*args, **kwargs)

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Parse the options before the command."""
        with _statuses():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        """Parse and run the command."""
        with _statuses():
            return super().invoke(ctx)


@contextlib.contextmanager
def _statuses() -> Iterator[None]:
    try:
        yield
    except InjuryprevError as error:
        # Not through Rich: a message is copied, searched and compared, so it is neither wrapped nor coloured.
        typer.echo(f"injuryprev: {error.message}", err=True)
        raise typer.Exit(FAILED) from error
    except Exception as error:
        # Typer's own errors of usage; by what they can do, since their class has moved between its versions.
        if hasattr(error, "format_message") and hasattr(error, "exit_code"):
            error.exit_code = FAILED
        raise


def usage(message: str) -> typer.BadParameter:
    """Wrong usage that Typer does not see by itself."""
    return typer.BadParameter(message)


def out() -> Console:
    """Standard output; where it is no terminal and nobody says how wide it is, wide enough for the tables."""
    console = Console(highlight=False)
    return console if console.is_terminal or "COLUMNS" in os.environ else Console(highlight=False, width=120)


def err() -> Console:
    """Standard error, for notes and progress."""
    return Console(stderr=True, highlight=False)


def print_json(results: Iterable[object]) -> None:
    """Results as JSON, one line each."""
    for one in results:
        typer.echo(as_json(one))


def policy_on(profile: str, on: str, beyond: Beyond | None) -> ip.Policy:
    """The policy asked for."""
    return ip.load_profile(profile).on(on, beyond=None if beyond is None else "last-known")


def lang_of(language: Language) -> Lang:
    """The language as the library writes it."""
    return "zh" if language is Language.zh else "en"


Profile = Annotated[
    str,
    typer.Option(
        "--profile",
        "-p",
        metavar="ID|FILE",
        help="The region's law: an id of [bold]injuryprev profiles[/bold], or a TOML file.",
    ),
]
On = Annotated[
    str, typer.Option("--on", metavar="YYYY-MM-DD", help="The day the rates are for; counting looks back from it.")
]
BeyondOption = Annotated[
    Beyond | None,
    typer.Option(
        "--beyond",
        help="After the last day the profile covers, use the last rules known (every result says so). "
        "Without it such a day is refused.",
    ),
]
Edition = Annotated[
    str | None,
    typer.Option(
        "--edition",
        metavar="YEAR",
        help="Edition of GB/T 4754 (2002, 2011, 2017) of industry codes whose row states none.",
    ),
]
AllowRejects = Annotated[bool, typer.Option("--allow-rejects", help="End with status 0 although rows were rejected.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON, one line for each result, in place of text.")]
LangOption = Annotated[Language, typer.Option("--lang", help="Language of what is printed and of the reasons.")]

Figures = Annotated[
    list[str] | None,
    typer.Option(
        "--figure",
        metavar="NAME=VALUE",
        help="A figure of the whole pooling area, given to every employer whose own row says nothing else, such as "
        "payable_months=24. May be given several times.",
        show_default=False,
    ),
]

EngineOption = Annotated[
    str | None,
    typer.Option(
        "--engine",
        metavar="records|polars|duckdb",
        help="Who reads and rates. [bold]records[/bold] goes row by row, and writes the reasons in words; "
        "[bold]polars[/bold] and [bold]duckdb[/bold] stream, for areas of any size. By default "
        "records, and polars where a table is Parquet.",
        show_default=False,
    ),
]

_PANEL: Final = "Tables, in place of those of PATH"


def _table(name: str, help_text: str) -> Any:
    """An option for the file of one table; given again, further parts of it."""
    return typer.Option(f"--{name}", metavar="FILE", help=help_text, rich_help_panel=_PANEL, show_default=False)


Paths = list[Path] | None
Employers = Annotated[Paths, _table("employers", "id, industry, industry_edition, kind, insured_since, …")]
Exposure = Annotated[Paths, _table("exposure", "insured (persons), payroll (money), hours, by employer and period.")]
Contributions = Annotated[Paths, _table("contributions", "Paid in: amount (money) by employer and period.")]
Cases = Annotated[Paths, _table("cases", "Injuries: worker (an opaque key), occurred_on, ground, grade 1-10, death, …")]
Payments = Annotated[Paths, _table("payments", "Benefits: paid_on, amount (money), kind, by employer and case.")]
Events = Annotated[Paths, _table("events", "Fraud, arrears and the like, by employer and day.")]
Recognitions = Annotated[Paths, _table("recognitions", "Certificates and honours, by employer and period.")]
Industries = Annotated[Paths, _table("industries", "Published means: industry_incidence (a fraction), by industry.")]


@attrs.frozen
class Given:
    """What a command was given to read: a place, files of single tables, an edition, figures of the area."""

    path: Path | None
    tables: Mapping[str, list[Path]]
    edition: str | None
    figures: Mapping[str, FactValue]

    @classmethod
    def of(
        cls,
        policy: ip.Policy,
        path: Path | None,
        tables: Mapping[str, Paths],
        edition: str | None,
        figures: list[str] | None,
        *others: ip.Policy,
    ) -> Given:
        """Check that there is something to read, and read the figures, which some policy must know.

        Raises:
            BadParameter: Neither a place nor a file.
        """
        files = {name: paths for name, paths in tables.items() if paths}
        if path is None and not files:
            raise usage("give a directory or workbook, or the files of the tables, --employers first")
        # Lowering a policy takes a moment, which only a figure needs here.
        stated: Mapping[str, FactValue] = {}
        if figures:
            specs, shapes = dict(policy.inputs), dict(policy.lowered.inputs)
            for other in others:
                specs, shapes = {**other.inputs, **specs}, {**other.lowered.inputs, **shapes}
            stated = read_figures(figures, specs, shapes)
        return cls(path, files, edition, stated)

    def read(self, policy: ip.Policy, *others: ip.Policy) -> Area:
        """The area, row by row, with columns for the inputs of every policy."""
        facts = dict(policy.inputs)
        for other in others:
            facts = {**other.inputs, **facts}
        return read_area(
            self.path or {},
            instead=self.tables,
            facts=facts,
            edition=self.edition,
            classified_by=policy.classified_by,
            stated=self.figures,
        )

    def usual_engine(self) -> str:
        """Row by row, unless a table is Parquet."""
        found, _ = locate(self.path or {}, self.tables)
        parquet = any(file.suffix.lower() == PARQUET for files in found.values() for file, _ in files)
        return "polars" if parquet else RECORDS
