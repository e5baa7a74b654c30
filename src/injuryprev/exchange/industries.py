"""Figures published by industry: the mean incidence to compare with, and whatever else a policy takes by industry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import attrs

from injuryprev.errors import InputError
from injuryprev.exchange.findings import Finding
from injuryprev.exchange.objects import Builder, RowError, from_model
from injuryprev.exchange.tables import Place, Row
from injuryprev.model import FactValue, Industry
from injuryprev.words import Words

Figures = Mapping[str, FactValue]


@attrs.define
class IndustryFigures:
    """Figures by industry; the most detailed code that an employer's code begins with answers.

    A row that was rejected leaves its industry without figures rather than with those of the wider industry.
    """

    _by_code: dict[tuple[str, str], tuple[Place, Figures | None]] = attrs.field(factory=dict)

    def of(self, industry: Industry) -> Figures:
        """The figures of an industry, or none.

        >>> IndustryFigures().of(Industry("06", "2017"))
        {}
        """
        digits = industry.code.lstrip("ABCDEFGHIJKLMNOPQRST")
        for length in range(len(digits), 1, -1):
            if (industry.edition, digits[:length]) in self._by_code:
                return self._by_code[industry.edition, digits[:length]][1] or {}
        return {}

    def add(self, row: Row, edition: str | None) -> list[Finding]:
        """Take a row of the table of industries; the findings if it is rejected."""
        findings = list(row.findings)
        try:
            industry = Builder((), edition).industry(row.cells)
        except RowError as error:
            return [*findings, row.finding(error.code, error.words, error.column)]
        except InputError as error:
            return [*findings, row.finding(*from_model(error))]
        if industry is None:
            return findings
        key = (industry.edition, industry.code.lstrip("ABCDEFGHIJKLMNOPQRST"))
        names = [name for name, cell in row.cells.items() if cell is not None]
        figures = {name: cast("FactValue", row.cells[name]) for name in names if not name.startswith("industry_e")}
        figures.pop("industry", None)
        if key in self._by_code:
            place, kept = self._by_code[key]
            same = kept == figures and not findings
            findings.append(row.finding("duplicate", _twice(str(place), same=same), "industry"))
            self._by_code[key] = (place, kept if same else None)
        else:
            self._by_code[key] = (row.place, None if findings else figures)
        return findings


def _twice(place: str, *, same: bool) -> Words:
    if same:
        return Words(f"the same industry again; {place} is kept", f"行业重复；保留 {place}")
    return Words(
        f"the industry again with other figures than {place}, so neither is used",
        f"行业与 {place} 重复且数值不同，两行均不采用",
    )
