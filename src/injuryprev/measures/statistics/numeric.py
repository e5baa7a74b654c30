"""SciPy and NumPy, asked for where a figure is worked out, so that importing this room loads neither."""

from __future__ import annotations

from functools import cache
from typing import Any

import attrs

from injuryprev.errors import InjuryprevError


@attrs.frozen
class Libraries:
    """The modules that the statistics are worked out with."""

    np: Any
    special: Any
    optimize: Any


@cache
def libraries() -> Libraries:
    """NumPy and SciPy, loaded at the first call.

    Raises:
        InjuryprevError: SciPy is not installed; the message says what to install.
    """
    try:
        import numpy as np  # noqa: PLC0415  # loaded by use, not by import of the package
        from scipy import optimize, special  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise InjuryprevError(
            "intervals, tests and shrinkage need SciPy",
            where="injuryprev.measures.statistics",
            expected="pip install 'injuryprev[stats]'",
        ) from error
    return Libraries(np, special, optimize)
