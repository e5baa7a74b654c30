"""The methods by the names under which they are published, each with its source."""

from __future__ import annotations

from typing import Final

import attrs


@attrs.frozen
class Method:
    """A statistical method.

    Args:
        name: The name under which analysts know it.
        source: Where it is published.

    >>> print(GARWOOD)
    exact (Garwood)
    """

    name: str
    source: str

    def __str__(self) -> str:
        return self.name


class Published:
    """A result that says by which method it was worked out, and where that is published."""

    __slots__ = ()
    by: Method

    @property
    def method(self) -> str:
        """The name of the method."""
        return self.by.name

    @property
    def source(self) -> str:
        """Where the method is published."""
        return self.by.source


_BRESLOW_DAY: Final = "Breslow & Day 1987, Statistical Methods in Cancer Research II, IARC"
_OHID: Final = "OHID (formerly PHE) Public Health Technical Guidance, as in R package PHEindicatormethods"

GARWOOD: Final = Method("exact (Garwood)", "Garwood 1936, Biometrika 28:437-442")
BYAR: Final = Method("Byar", _BRESLOW_DAY)
OHID_COUNT: Final = Method("exact below 10, Byar from 10", _OHID)
WILSON: Final = Method("Wilson score", "Wilson 1927, J Am Stat Assoc 22:209-212")
CLOPPER_PEARSON: Final = Method("exact (Clopper-Pearson)", "Clopper & Pearson 1934, Biometrika 26:404-413")
DOBSON_EXACT: Final = Method("Dobson, exact total", "Dobson et al. 1991, Stat Med 10:457-462")
DOBSON_BYAR: Final = Method("Dobson, Byar total", "Dobson et al. 1991, Stat Med 10:457-462")
DOBSON_OHID: Final = Method(
    "Dobson, Byar total, none below 10 cases", f"Dobson et al. 1991, Stat Med 10:457-462; {_OHID}"
)
CONDITIONAL: Final = Method(
    "exact conditional (binomial)",
    "Przyborowski & Wilenski 1940, Biometrika 31:313-323; interval: Clopper & Pearson 1934",
)
MARSHALL: Final = Method("empirical Bayes, moments (Marshall)", "Marshall 1991, Applied Statistics 40:283-294")
GAMMA_POISSON: Final = Method(
    "empirical Bayes, gamma-Poisson, marginal maximum likelihood", "Clayton & Kaldor 1987, Biometrics 43:671-681"
)
KASS_STEFFEY: Final = Method(
    "empirical Bayes, gamma-Poisson, prior estimated (Kass & Steffey, first order)",
    "Kass & Steffey 1989, J Am Stat Assoc 84:717-726",
)
FUNNEL_POISSON: Final = Method("exact Poisson control limits", _OHID)
FUNNEL_SCORE: Final = Method("Wilson score control limits", _OHID)
FUNNEL_MULTIPLICATIVE: Final = Method(
    "control limits with multiplicative over-dispersion", "Spiegelhalter 2005, Stat Med 24:1185-1202"
)
FUNNEL_ADDITIVE: Final = Method(
    "control limits with additive over-dispersion",
    "Spiegelhalter 2005, Stat Med 24:1185-1202; Spiegelhalter et al. 2012, J R Stat Soc A 175:1-47",
)
TREND_SCORE: Final = Method("score test for a log-linear trend in Poisson rates", f"{_BRESLOW_DAY}, ch. 3")
TREND_EXACT: Final = Method(
    "exact conditional test for a log-linear trend in Poisson rates",
    "Cox & Lewis 1966, Statistical Analysis of Series of Events",
)
LOG_LINEAR: Final = Method("log-linear Poisson model, Wald interval", f"{_BRESLOW_DAY}, ch. 4")
FISHER: Final = Method(
    "exact conditional (non-central hypergeometric)", "Fisher 1935, J R Stat Soc 98:39-82; Cornfield 1956"
)
PREDICTED: Final = Method(
    "gamma-Poisson prediction, exact negative-binomial interval",
    "Robbins 1956; Hauer 1997, Observational Before-After Studies in Road Safety",
)
