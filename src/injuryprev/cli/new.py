"""``injuryprev new``: a profile to begin with, and its tests."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Final

import typer

import injuryprev as ip
from injuryprev.cli.common import usage
from injuryprev.exchange.files import atomic_text
from injuryprev.policy.document import ID
from injuryprev.units import as_date

_HEAD: Final = """\
# {id}: fill in what you read, and leave unknown what you did not.  Nobody can tell a figure that was guessed.
# 只填写查到的内容；未见的数值一律写作未知。
# Copy the words of the law beside each figure; then: injuryprev check {id}.toml, and pytest test_{module}.py
# The format: docs/profile-format.md.  An example built from nothing: docs/add-a-region.md.

format = 1

[profile]
id = "{id}"
version = "1"
title = {{ en = "{id}", zh = "{id}" }}
since = {since}            # the first day whose law the file states
until = {until}            # the first day of which nobody has looked
checked_on = {checked_on}
{head}

# official: read in the official text. reprint: in a copy. recalled: from memory. assumed: not read anywhere.
[sources.law]
title = {{ en = "the law that was read", zh = "所依据的文件" }}
# number = "…"
# date = {since}
confidence = "assumed"
checked_on = {checked_on}
"""
_ALONE: Final = """
# What is given -----------------------------------------------------------------------------------------------

[inputs.payroll]
title = { en = "contribution wages", zh = "缴费工资总额" }
unit = "money"
range = [0, 1_000_000_000_000]
step = 0.01

# What the law says -------------------------------------------------------------------------------------------

[definitions.rate]
title = { en = "rate to pay", zh = "缴费费率" }
unit = "fraction"
unknown = { en = "not read yet", zh = "尚未查阅" }   # in its place: formula = "…", [definitions.rate.table], …
source = { document = "law", article = "…" }

[definitions.contribution]
title = { en = "contribution due", zh = "应缴额" }
unit = "money"
formula = "payroll * rate"
round = { to = 0.01, mode = "half_up" }
source = { document = "law", article = "…" }
"""
_CHILD: Final = """
# What is different here: a name of {parent} written again takes its place from the first day on.
# 与上级文件不同之处：重新写出上级文件中的名称即可覆盖。
#
# [parameters.class_rate]
# …
# source = {{ document = "law", article = "…" }}
"""
_EXAMPLE: Final = """
# Cases worked by hand from the law, before the profile is asked: each threshold from below, at, and above.

[[examples]]
name = "nothing is given"
on = {since}
given = {{}}
expect = {{ {name} = {expected} }}
source = "law"
"""
_TEST: Final = '''\
"""The law of {id}: it loads on every day, its cases come out, and proofs find nothing that it does not accept."""

from __future__ import annotations

from pathlib import Path

from injuryprev.testing import check_profile

PROFILE = Path(__file__).with_name("{id}.toml")


def test_the_profile_holds_together() -> None:
    """One record, an explanation, a dataframe and the proofs say the same."""
    assert check_profile(PROFILE).passes
'''


def new(
    id: Annotated[str, typer.Argument(metavar="ID", help="Small letters, digits and -, such as xx-north.")],  # noqa: A002  # what it is
    *,
    since: Annotated[str, typer.Option("--since", metavar="YYYY-MM-DD", help="The first day whose law it states.")],
    extends: Annotated[
        str | None,
        typer.Option("--extends", metavar="ID", help="The profile whose rules hold where this one has none."),
    ] = None,
    currency: Annotated[
        str | None,
        typer.Option("--currency", metavar="XXX", help="Currency of a profile that extends none; by default CNY."),
    ] = None,
    folder: Annotated[Path, typer.Option("--folder", help="Where the files go.")] = Path(),
    checked_on: Annotated[
        str | None,
        typer.Option("--checked-on", metavar="YYYY-MM-DD", help="The day on which the law was read; by default today."),
    ] = None,
) -> None:
    """Begin a profile: ID.toml, which states nothing yet and says so, and test_ID.py, which tests it.

    Both pass as they are. Nothing is overwritten.
    """
    if not re.fullmatch(ID, id):
        raise usage("not an id: small letters, digits and -, such as xx-north")
    if id in {info.id for info in ip.list_profiles()}:
        raise usage(f"a profile {id!r} is installed already")
    if extends is not None and currency is not None:
        raise usage("the currency is that of the profile it extends: leave --currency out")
    if not re.fullmatch("[A-Z]{3,5}", currency := currency or "CNY"):
        raise usage("not a currency, such as CNY")
    begins = as_date(since, where="--since")
    read = as_date(checked_on, where="--checked-on") if checked_on else dt.datetime.now(tz=dt.UTC).date()
    module = id.replace("-", "_")
    files = {
        folder / f"{id}.toml": _profile(id, begins, read, extends, currency, folder),
        folder / f"test_{module}.py": _TEST.format(id=id),
    }
    for path in files:
        if path.exists():
            raise usage(f"{path} is there already")
    for path, text in files.items():
        with atomic_text(path) as file:
            file.write(text)
        typer.echo(path)


def _profile(id_: str, since: dt.date, checked_on: dt.date, extends: str | None, currency: str, folder: Path) -> str:
    until = dt.date(max(since, checked_on).year + 1, 1, 1)
    if extends is None:
        head, body = f'currency = "{currency}"\noutputs = ["rate", "contribution"]', _ALONE
        name, expected = "rate", '{ unknown = "not_known:rate" }'
    else:
        beside = folder / f"{extends}.toml"
        head, body = f'extends = "{extends}"', _CHILD.format(parent=extends)
        parent = ip.load_profile(beside if beside.exists() else extends)
        until = min(until, parent.covers.until or until)
        name, expected = _of_nothing(parent.on(since))
    values = {"id": id_, "module": id_.replace("-", "_"), "since": since, "checked_on": checked_on}
    text = _HEAD.format(**values, until=until, head=head) + body
    return text + _EXAMPLE.format(since=since, name=name, expected=expected)


def _of_nothing(policy: ip.Policy) -> tuple[str, str]:
    """An output of a parent where nothing is given: one that is unknown if there is such a one, and why."""
    found = policy.evaluate()
    for name, value in found.items():
        if isinstance(value, ip.Unknown):
            return name, f'{{ unknown = "{value.codes[0]}" }}'
    name, value = next(iter(found.items()))
    return name, f'"{value}"' if isinstance(value, str) else f"{value}".lower()
