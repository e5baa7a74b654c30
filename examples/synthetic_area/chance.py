"""Random draws that come out the same on every platform and Python version.

Only ``random.random()`` is promised to repeat itself from one Python version to the next, and the ``math`` functions
may differ in the last digit between C libraries. So every distribution is built here on that one method and on
``Decimal``, whose ``exp`` and ``ln`` are correctly rounded everywhere.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from decimal import Context, Decimal
from typing import Final, TypeVar

T = TypeVar("T")
PRECISION: Final = Context(prec=20)
"""The decimal context in which all draws must be made (see ``decimal.localcontext``)."""


class Chance:
    """A stream of draws named by its key: other streams do not change when this one draws more.

    >>> Chance(1, "LK-000001").whole(1, 6) == Chance(1, "LK-000001").whole(1, 6)
    True
    """

    def __init__(self, *key: object) -> None:
        digest = hashlib.sha256("/".join(str(part) for part in key).encode()).digest()
        self._random = random.Random(int.from_bytes(digest[:8], "big"))

    def unit(self) -> Decimal:
        """Strictly between 0 and 1, on 2**32 steps."""
        return Decimal(2 * int(self._random.random() * 2**32) + 1) / 2**33

    def whole(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both possible."""
        return low + int(self._random.random() * (high - low + 1))

    def happens(self, probability: Decimal | str) -> bool:
        """True with this probability."""
        return self.unit() < Decimal(probability)

    def pick(self, weighted: Sequence[tuple[T, int]]) -> T:
        """One of the things, in proportion to the whole numbers beside them."""
        left = self.whole(1, sum(weight for _, weight in weighted))
        for thing, weight in weighted:
            left -= weight
            if left <= 0:
                return thing
        raise ValueError("there is nothing to pick from")

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """The things in another order (Fisher and Yates)."""
        order = list(things)
        for last in range(len(order) - 1, 0, -1):
            other = self.whole(0, last)
            order[last], order[other] = order[other], order[last]
        return order

    def pareto(self, low: Decimal, high: Decimal) -> Decimal:
        """Pareto of shape 1 cut off at ``high``: many small, few large, as sizes of firms are."""
        return 1 / (1 / low - self.unit() * (1 / low - 1 / high))

    def gamma(self, shape: int) -> Decimal:
        """Gamma with mean 1 and a whole shape: the mean of that many exponentials; variance ``1 / shape``."""
        product = Decimal(1)
        for _ in range(shape):
            product *= self.unit()
        return -product.ln(PRECISION) / shape

    def poisson(self, mean: Decimal) -> int:
        """A count with this mean, by inversion."""
        left, count = self.unit(), 0
        probability = (-mean).exp(PRECISION)
        while left > probability and count < 100_000:
            left -= probability
            count += 1
            probability = probability * mean / count
        return count

    def skewed(self, median: int | Decimal, sigma: str) -> Decimal:
        """Near log-normal: ``median`` times the exponential of twelve uniforms' sum, centred, times ``sigma``."""
        normal = sum((self.unit() for _ in range(12)), Decimal(-6))
        return median * (Decimal(sigma) * normal).exp(PRECISION)
