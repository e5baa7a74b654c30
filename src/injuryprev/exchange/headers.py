"""The tables of a pooling area and every name a column may bear, in English and Chinese: data, read by all others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final, Literal

import attrs

from injuryprev.model import BENEFIT_KINDS, EMPLOYER_KINDS, EMPLOYER_SIZES, EVENT_KINDS, RECOGNITION_KINDS
from injuryprev.words import Lang, Words

Kind = Literal[
    "key",
    "text",
    "choice",
    "date",
    "month",
    "year",
    "money",
    "count",
    "fraction",
    "whole",
    "flag",
    "industry",
    "edition",
]
"""How the text of a cell is read; ``exchange.cells`` has one reader for each."""


_MARKS = re.compile(r"\((必填|选填|required|optional)\)|\*")


def fold(name: str) -> str:
    """A header without the differences that mean nothing: width, case, spaces, underscores, "required" marks.

    >>> fold("Employer ID *") == fold("employer_id"), fold("缴费金额（元）")
    (True, '缴费金额(元)')
    """
    text = unicodedata.normalize("NFKC", name).strip().casefold()
    return re.sub(r"[\s_\-]+", "", _MARKS.sub("", text))


@attrs.frozen
class Column:
    """One column: its name (that of the model's field), how a cell is read, and its other names.

    ``values`` are the keys of a closed list with their Chinese words.  The first Chinese name, and the first word, are
    those written by :func:`injuryprev.exchange.write_area`.  Of a column whose header the caller says, ``called`` is
    false: another column that happens to bear its name is not it.
    """

    name: str
    kind: Kind
    zh: tuple[str, ...]
    en: tuple[str, ...] = ()
    required: bool = False
    values: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict, repr=False)
    private: bool = False
    called: bool = True
    lookup: Mapping[str, str] = attrs.field(init=False, repr=False, eq=False)

    @lookup.default
    def _words_of_values(self) -> Mapping[str, str]:
        return {fold(word): key for key, words in self.values.items() for word in (key, *words)}

    @property
    def headers(self) -> tuple[str, ...]:
        """What it may be called in a file."""
        return (*((self.name,) if self.called else ()), *self.en, *self.zh)

    def written(self, lang: Lang) -> str:
        """The header as this library writes it."""
        return self.zh[0] if lang == "zh" else self.name


@attrs.frozen
class Table:
    """One table: its name, which is the stem of its file or the title of its sheet, and its columns.

    Of each tuple in ``one_of`` at least one column must be there: the table says nothing without.
    """

    name: str
    zh: tuple[str, ...]
    columns: tuple[Column, ...]
    one_of: tuple[tuple[str, ...], ...] = ()

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns without which the table cannot be read."""
        return tuple(column.name for column in self.columns if column.required)

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    def synonyms(self) -> dict[str, Column]:
        """Every folded name of every column."""
        return {fold(name): column for column in self.columns for name in column.headers}


_MORE: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "kind": {
        "ordinary": ("普通单位", "企业", "一般单位"),
        "government": ("机关",),
        "institution": ("事业单位",),
        "labour_dispatch": ("劳务派遣",),
        "construction_project": ("建设项目", "工程项目", "建筑项目"),
    },
    "size": {
        "large": ("大型企业",),
        "medium": ("中型企业",),
        "small": ("小型企业",),
        "micro": ("微型企业",),
    },
    "benefit": {
        "medical": ("医疗费", "工伤医疗费"),
        "rehabilitation": ("康复费", "工伤康复费"),
        "aids": ("辅助器具费", "辅助器具"),
        "hospital_meals": ("住院伙食补助",),
        "travel": ("异地就医交通食宿费",),
        "leaving_medical": ("一次性医疗补助金",),
        "refund": ("退回", "待遇退回"),
        "other": ("其他",),
    },
    "event": {
        "benefit_fraud": ("骗取待遇", "骗保"),
        "false_facts": ("虚假材料", "提供虚假材料"),
        "arrears": ("欠费", "欠缴"),
        "under_declaring": ("少报漏报", "少报瞒报"),
        "joint_punishment": ("联合惩戒",),
    },
    "recognition": {
        "standardisation": ("安全生产标准化", "标准化"),
        "harmonious_unit": ("和谐劳动关系",),
    },
}
_KNOWN: Final[Mapping[str, Mapping[str, Words]]] = {
    "kind": EMPLOYER_KINDS,
    "size": EMPLOYER_SIZES,
    "benefit": BENEFIT_KINDS,
    "event": EVENT_KINDS,
    "recognition": RECOGNITION_KINDS,
}
VALUES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    values: {key: (words.zh, *_MORE[values].get(key, ())) for key, words in known.items()}
    for values, known in _KNOWN.items()
}
"""Chinese words for the values of ``choice`` columns; the first, the model's own, is the one written."""

_EMPLOYER: Final = Column(
    "employer_id", "key", ("单位编号", "单位代码", "参保单位编号"), ("employer", "employer number"), required=True
)
# The written period is half-open; a "last day" is an inclusive end, as Chinese forms print it. Agencies often keep
# contributions by month (费款所属期). Each is its own column, so that no end date is read in two ways.
_PERIOD: Final = (
    Column("since", "date", ("起始日期", "开始日期", "起", "期初"), ("from", "start", "start date", "period start")),
    Column("until", "date", ("截止日期（不含）", "止（不含）", "至（不含）", "结束日期（不含）"), ("end exclusive",)),
    Column(
        "last_day",
        "date",
        ("截止日期", "结束日期", "终止日期", "止", "至", "截止日期（含）", "止（含）", "至（含）", "期末"),
        ("to inclusive", "end inclusive"),
    ),
    Column("month", "month", ("月份", "费款所属期", "所属期", "所属月份"), ("year month",)),
    Column("year", "year", ("年度", "年份"), ("calendar year",)),
)

_DATED: Final = (("since", "month", "year"),)

_INDUSTRY: Final = (
    Column("industry", "industry", ("行业代码", "国民经济行业代码", "行业分类代码"), ("industry code",)),
    Column(
        "industry_edition", "edition", ("行业版本", "行业分类标准", "行业代码版本"), ("edition", "industry standard")
    ),
)

TABLES: Final[Mapping[str, Table]] = {
    table.name: table
    for table in (
        Table(
            "employers",
            ("单位", "用人单位", "参保单位"),
            (
                Column(
                    "id",
                    "key",
                    ("单位编号", "单位代码", "参保单位编号"),
                    ("employer_id", "employer", "employer number"),
                    required=True,
                ),
                Column("name", "text", ("单位名称", "用人单位名称"), ("employer name",), private=True),
                *_INDUSTRY,
                Column(
                    "credit_code", "text", ("统一社会信用代码", "社会信用代码"), ("unified social credit code", "uscc")
                ),
                Column(
                    "kind",
                    "choice",
                    ("单位类型", "单位性质", "用人单位类型"),
                    ("employer kind",),
                    values=VALUES["kind"],
                ),
                Column("subclass", "text", ("行业子类", "子类", "风险子类"), ("sub class", "risk subclass")),
                Column("area", "text", ("统筹区", "统筹地区", "参保地"), ("pooling area", "region")),
                Column("insured_since", "date", ("参保日期", "首次参保日期", "参保起始日期"), ("first insured",)),
                Column("risk_class", "whole", ("行业风险类别", "风险类别", "费率类别"), ("class",)),
                Column("size", "choice", ("单位规模", "企业规模", "规模"), ("employer size",), values=VALUES["size"]),
            ),
        ),
        Table(
            "exposure",
            ("参保", "工资总额", "参保工资"),
            (
                _EMPLOYER,
                *_PERIOD,
                Column("insured", "count", ("参保人数", "平均参保人数", "职工人数"), ("insured workers", "workers")),
                Column("payroll", "money", ("缴费工资总额", "工资总额", "缴费基数"), ("contribution wages", "wages")),
                Column("hours", "count", ("工时", "总工时", "实际工时"), ("hours worked",)),
            ),
            _DATED,
        ),
        Table(
            "contributions",
            ("缴费", "缴费记录"),
            (
                _EMPLOYER,
                *_PERIOD,
                Column(
                    "amount",
                    "money",
                    ("缴费金额", "实缴金额", "缴费额"),
                    ("contribution", "paid amount"),
                    required=True,
                ),
                Column("paid_on", "date", ("缴费日期", "到账日期"), ("payment date",)),
            ),
            _DATED,
        ),
        Table(
            "cases",
            ("案件", "工伤案件", "工伤认定", "工伤"),
            (
                Column(
                    "id", "key", ("案件编号", "认定编号", "工伤编号"), ("case_id", "case", "case number"), required=True
                ),
                _EMPLOYER,
                Column(
                    "worker", "key", ("职工代号", "人员代号", "职工编号"), ("worker key",), required=True, private=True
                ),
                Column("occurred_on", "date", ("发生日期", "事故日期", "受伤日期"), ("accident date",), required=True),
                Column("recognised_on", "date", ("认定日期", "工伤认定日期"), ("recognized_on", "recognition date")),
                Column("ground", "text", ("认定依据", "认定条款", "认定情形"), ("recognition ground", "article")),
                Column("circumstances", "text", ("事故经过", "伤害经过", "情况说明"), private=True),
                Column("grade", "whole", ("伤残等级", "劳动能力鉴定等级"), ("disability grade",)),
                Column("death", "flag", ("是否工亡", "工亡", "死亡", "是否死亡"), ("fatal", "died")),
                Column("died_on", "date", ("死亡日期", "工亡日期"), ("date of death",)),
                Column("disease", "flag", ("是否职业病", "职业病"), ("occupational disease",)),
                Column("days_lost", "whole", ("损失工作日", "停工天数", "损失天数"), ("lost days",)),
                Column("accident", "key", ("事故编号",), ("accident number", "accident id")),
                Column("trade", "text", ("工种",), ()),
                Column("post", "text", ("岗位",), ("job",)),
                *_INDUSTRY,
            ),
            (("death", "died_on"), ("ground", "disease")),
        ),
        Table(
            "payments",
            ("支付", "待遇支付", "待遇"),
            (
                _EMPLOYER,
                Column("case_id", "key", ("案件编号", "认定编号", "工伤编号"), ("case", "case number")),
                Column("paid_on", "date", ("支付日期", "待遇支付日期"), ("payment date",), required=True),
                Column("amount", "money", ("支付金额", "待遇金额", "支付待遇"), ("benefit", "benefits"), required=True),
                Column(
                    "kind",
                    "choice",
                    ("待遇项目", "待遇类型", "支付项目"),
                    ("benefit kind",),
                    True,
                    values=VALUES["benefit"],
                ),
            ),
        ),
        Table(
            "events",
            ("事件", "单位事件"),
            (
                _EMPLOYER,
                Column("kind", "choice", ("事件类型", "事件"), ("event",), required=True, values=VALUES["event"]),
                Column("on", "date", ("发生日期", "事件日期", "日期"), ("date", "event date"), required=True),
                Column("until", "date", ("截止日期（不含）", "止（不含）", "至（不含）"), ("end exclusive",)),
                Column("last_day", "date", ("截止日期", "结束日期", "终止日期"), ("to inclusive", "end inclusive")),
            ),
        ),
        Table(
            "recognitions",
            ("称号", "荣誉", "达标", "认可"),
            (
                _EMPLOYER,
                Column(
                    "kind", "choice", ("称号类型", "类型", "称号"), ("recognition",), True, values=VALUES["recognition"]
                ),
                Column("grade", "whole", ("等级", "达标等级")),
                *_PERIOD,
            ),
            _DATED,
        ),
        Table(
            "industries",
            ("行业", "行业均值"),
            (
                attrs.evolve(_INDUSTRY[0], required=True),
                _INDUSTRY[1],
                Column(
                    "industry_incidence",
                    "fraction",
                    ("同行业平均工伤发生率", "行业平均工伤发生率"),
                    ("mean incidence of the industry",),
                ),
            ),
        ),
    )
}

UNITS: Final[Mapping[Kind, Mapping[str, int]]] = {
    "money": {**dict.fromkeys(("元", "人民币元", "yuan", "cny", "rmb"), 0), "千元": 3, "万元": 4, "亿元": 8},
    "count": dict.fromkeys(("人", "人次", "persons", "workers", "小时", "工时", "hours", "h"), 0),
    "whole": dict.fromkeys(("天", "日", "days", "级", "类"), 0),
    "fraction": {"%": -2, "‰": -3},
    "date": dict.fromkeys(("yyyy-mm-dd", "yyyy/mm/dd", "yyyymmdd"), 0),
    "month": dict.fromkeys(("yyyy-mm", "yyyymm"), 0),
}
"""Units that a header may state in brackets, as the power of ten that a cell is multiplied by. Any other unit makes the
header unknown, because a figure in a unit nobody understood is worse than none."""

_UNIT = re.compile(r"[(\[]([^()\[\]]+)[)\]]$")


def match(header: str, synonyms: Mapping[str, Column]) -> tuple[Column, int] | None:
    """The column a header names and the power of ten of the unit it states, or ``None``.

    >>> column, shift = match("缴费金额（万元）", TABLES["contributions"].synonyms())
    >>> column.name, shift
    ('amount', 4)
    """
    folded = fold(header)
    if folded in synonyms:
        return synonyms[folded], 0
    stated = _UNIT.search(folded)
    column = synonyms.get(folded[: stated.start()]) if stated else None
    if stated is None or column is None:
        return None
    shift = UNITS.get(column.kind, {}).get(stated.group(1))
    return None if shift is None else (column, shift)


def table_names(names: Iterable[str] = TABLES) -> dict[str, str]:
    """Folded English and Chinese names of the tables -> the table's name."""
    return {fold(word): name for name in names for word in (name, *TABLES[name].zh)}
