"""The employer: who is insured, in which industry, and what is known about it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import attrs

from injuryprev.errors import InputError
from injuryprev.model import _read as read
from injuryprev.model.industry import Industry
from injuryprev.model.privacy import is_identity_number, masked
from injuryprev.units import Number
from injuryprev.words import Words

FactValue = int | Decimal | str | bool

EMPLOYER_KINDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "ordinary": Words("an employer rated by its class", "一般用人单位"),
        "government": Words("a government body", "国家机关"),
        "institution": Words("a public institution", "事业单位"),
        "household": Words("a household that employs", "家庭雇主"),
        "disease_high_risk": Words("a unit of high risk of occupational disease", "职业病高危单位"),
        "labour_dispatch": Words("a labour dispatch agency", "劳务派遣单位"),
        "construction_project": Words("a construction project insured by its price", "建筑工程项目"),
    }
)
"""Kinds of employer, of which all but the first may stand outside the classes of a region."""

EMPLOYER_SIZES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "large": Words("large", "大型"),
        "medium": Words("medium", "中型"),
        "small": Words("small", "小型"),
        "micro": Words("micro", "微型"),
    }
)
"""Sizes of enterprise, as 工信部联企业〔2011〕300号 draws them."""

_CREDIT_CODE: Final = re.compile(r"[0-9ANY][0-9]{7}[0-9A-HJ-NPQRTUWXY]{10}")
# GB 32100-2015 gives these to registering bodies as well (armed forces, agriculture, others).  python-stdnum asks for
# a digit in their place and would refuse, for instance, every rural collective; its check character holds for them.
_LETTERS: Final = "ANY"


def _fact(name: str, value: object) -> FactValue:
    where = f"Facts[{name!r}]"
    try:
        if isinstance(value, (bool, int)):
            read.number(int(value))
            return value
        if isinstance(value, str):
            return read.text(value)
        if isinstance(value, Decimal):
            return read.number(value)
    except InputError as error:
        raise InputError(error.what, where=where, seen=error.seen, expected=error.expected) from None
    raise InputError(
        "a value of a kind that is not taken", where=where, seen=value, expected="int, Decimal, text or bool"
    )


def _read_facts(given: Mapping[str, FactValue]) -> Mapping[str, FactValue]:
    names: object = given
    if not isinstance(names, Mapping):
        raise InputError("not a mapping", where="Facts", seen=f"({type(names).__name__})", expected="names and values")
    # A copy: the caller's own dict could change under us.
    return dict(sorted((read.name_key(name), _fact(name, value)) for name, value in names.items()))


@attrs.frozen(eq=False, repr=False)
class Facts(Mapping[str, FactValue]):
    """An unchangeable mapping of further figures, by the names a profile gives its inputs.

    Values are ``int``, ``Decimal``, text or ``bool``.  A ``float`` is refused here: what it was meant to be cannot be
    told before the profile says its unit.  What is not known is left out, not given as ``None``.

    >>> Facts({"safety_credit": "A", "training_hours": 24})
    Facts(safety_credit, training_hours)
    """

    _items: Mapping[str, FactValue] = attrs.field(factory=dict, converter=_read_facts)

    def __getitem__(self, name: str) -> FactValue:
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(tuple(self._items.items()))

    def __repr__(self) -> str:
        return f"Facts({', '.join(self._items)})"


def _facts(value: Mapping[str, FactValue]) -> Facts:
    return value if isinstance(value, Facts) else Facts(value)


def credit_code(value: str) -> str:
    """Check a unified social credit code (统一社会信用代码) and return its 18 characters without separators.

    Raises:
        InputError: Wrong length, a character outside the alphabet, or a wrong check character.

    Source: GB 32100-2015; the check is python-stdnum's.

    >>> credit_code("91110000 600037341L")
    '91110000600037341L'
    """
    # Imported here: most runs rate employers without a code, and `import injuryprev` is to stay light.
    from stdnum.cn import uscc  # noqa: PLC0415

    code = uscc.compact(read.instance(value, str, "credit_code"))
    shaped = _CREDIT_CODE.fullmatch(code) is not None
    # A household or a shopkeeper may have been entered by an identity number, which has 18 characters too, and of which
    # one in 31 would pass.  Enterprises begin with 9, as no citizen's number does, so none of theirs is lost.
    personal = is_identity_number(code)
    if (
        shaped
        and not (personal and code[0] != "9")
        and uscc.calc_check_digit(code[:-1]) == code[-1]
        and (code[0] in _LETTERS or uscc.is_valid(code))
    ):
        return code
    if personal:
        what, expected = "this is a resident identity number", "the credit code of the licence, or None"
    elif len(code) != 18:
        what, expected = "the code has a wrong length", f"18 characters, not {len(code)}"
    elif shaped:
        what, expected = "the check character does not fit: a character is mistyped", "the code as on the licence"
    else:
        what, expected = "a character out of place", "8 digits, then 10 digits or letters without I, O, S, V, Z"
    seen = masked(value) if personal else value
    raise InputError(what, where="credit_code", seen=seen, expected=expected, source="GB 32100-2015")


def _industry(value: Industry) -> Industry:
    return read.instance(value, Industry)


def _kind(value: str) -> str:
    return read.choice(value, EMPLOYER_KINDS)


def _risk_class(value: Number) -> int:
    return read.whole(value, 1, 99)


def _size(value: str) -> str:
    return read.choice(value, EMPLOYER_SIZES)


@attrs.frozen(field_transformer=read.placed)
class Employer:
    """An employer (用人单位) as the agency that insures it knows it.

    Args:
        id: The agency's key (单位编号).
        industry: Its industry, code and edition together.
        credit_code: Unified social credit code (统一社会信用代码), checked when given.
        kind: One of ``EMPLOYER_KINDS``.
        subclass: A region's division of a class, such as 甲, 乙, 丙.
        area: The pooling area or county, as the profile names it.
        insured_since: The day from which it is insured; a new employer may not be rated yet.
        risk_class: The class the agency has settled (行业风险类别); without it the profile classifies the industry.
        size: One of ``EMPLOYER_SIZES``.
        name: For a reader.  Never shown in a ``repr``; refused for a household, whose name is a person's.
        facts: Further inputs by the names of a profile, see ``Facts``.

    Raises:
        InputError: A value is not what it must be; the message names the field.

    >>> Employer("E-001", Industry("06", "GB/T 4754-2017"), insured_since="2019-07-01", name="Fictional Mining")
    Employer(id='E-001', industry=Industry(code='06', edition='GB/T 4754-2017'), kind='ordinary')
    """

    id: str = attrs.field(converter=read.identifier)
    industry: Industry | None = attrs.field(
        default=None,
        converter=attrs.converters.optional(_industry),
    )
    credit_code: str | None = attrs.field(
        default=None, repr=False, kw_only=True, converter=attrs.converters.optional(credit_code)
    )
    kind: str = attrs.field(default="ordinary", kw_only=True, converter=_kind)
    subclass: str | None = attrs.field(
        default=None,
        repr=False,
        kw_only=True,
        converter=attrs.converters.optional(read.text),
    )
    area: str | None = attrs.field(
        default=None, repr=False, kw_only=True, converter=attrs.converters.optional(read.text)
    )
    insured_since: dt.date | None = attrs.field(
        default=None,
        repr=False,
        kw_only=True,
        converter=attrs.converters.optional(read.day),
    )
    risk_class: int | None = attrs.field(
        default=None,
        repr=False,
        kw_only=True,
        converter=attrs.converters.optional(_risk_class),
    )
    size: str | None = attrs.field(
        default=None,
        repr=False,
        kw_only=True,
        converter=attrs.converters.optional(_size),
    )
    name: str | None = attrs.field(
        default=None, repr=False, kw_only=True, converter=attrs.converters.optional(read.text)
    )
    facts: Facts = attrs.field(factory=Facts, repr=False, kw_only=True, converter=_facts)

    def __attrs_post_init__(self) -> None:
        if self.kind == "household" and self.name is not None:
            raise InputError(
                "a household's name is a person's name",
                where="Employer.name",
                seen=masked(self.name),
                expected="None for an employer of kind household",
            )
