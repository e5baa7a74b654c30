"""What a policy takes and what it comes to, for whoever reads or writes tables of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import attrs

from injuryprev.words import Words


@attrs.frozen
class InputSpec:
    """What an input is and what may be given for it.

    ``low``, ``high`` and ``step`` are exact; ``absent`` is what is taken when nothing is given (``None``: nothing is,
    and what needs it is unknown).  ``required`` says that some output may need it and nothing stands in for it;
    ``used`` that some output looks at it at all.
    """

    name: str
    title: Words
    unit: str
    required: bool
    used: bool
    low: Decimal | None
    high: Decimal | None
    step: Fraction | None
    absent: Decimal | bool | str | None
    choices: Mapping[str, Words]
    note: Words


@attrs.frozen
class OutputSpec:
    """What an output is."""

    name: str
    title: Words
    unit: str
    choices: Mapping[str, Words]
