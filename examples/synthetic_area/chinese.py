"""The same tables as an agency in China might hand them over.

Chinese headers and values, GB18030, inclusive last days, payrolls in units of ten thousand yuan.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from synthetic_area.readme import resource
from synthetic_area.records import COLUMNS, Row, as_csv

HEADERS: Final[dict[str, str]] = {
    "employers": "单位编号 行业代码 行业版本 单位类型 统筹区 参保日期 单位规模 行业风险类别",
    "exposure": "单位编号 起始日期 截止日期（含） 参保人数 缴费工资总额（万元） 工时",
    "contributions": "单位编号 起始日期 截止日期（含） 缴费金额（元） 缴费日期",
    "cases": (
        "案件编号 单位编号 职工代号 发生日期 认定日期 认定依据 事故经过 "
        "伤残等级 是否工亡 死亡日期 是否职业病 损失工作日 工种 岗位"
    ),
    "payments": "单位编号 案件编号 支付日期 支付金额（元） 待遇项目",
    "events": "单位编号 事件类型 发生日期 截止日期（不含）",
    "recognitions": "单位编号 称号类型 等级 起始日期 截止日期（含）",
    "industries": "行业代码 行业版本 同行业平均工伤发生率",
}
_WORDS: Final = """
ordinary=企业 government=机关 institution=事业单位 large=大型 medium=中型 small=小型 micro=微型 true=是
false=否 medical=医疗费 rehabilitation=康复费 aids=辅助器具费 hospital_meals=住院伙食补助费 travel=交通食宿费
care=生活护理费 disability_lump=一次性伤残补助金 disability_monthly=伤残津贴
leaving_medical=一次性工伤医疗补助金 funeral=丧葬补助金 kin=供养亲属抚恤金 death_lump=一次性工亡补助金
refund=退回 benefit_fraud=骗取待遇 false_facts=提供虚假材料 arrears=欠费 under_declaring=少报漏报
joint_punishment=联合惩戒 standardisation=安全生产标准化 harmonious_unit=和谐劳动关系示范单位
healthy_enterprise=健康企业 machinery=机械伤害 struck_by_object=物体打击 fall_from_height=高处坠落
slip_or_trip=滑倒绊倒 vehicle=车辆伤害 burn=灼烫 lifting=起重伤害 electric_shock=触电 collapse=坍塌
strain=扭伤 harmful_exposure=接触有害因素 road_traffic=道路交通事故 rail_or_ferry=轨道或轮渡 violence=暴力伤害
sudden_illness=突发疾病 rescue=抢险救灾 old_service_wound=旧伤复发 clerk=职员 sales=营业员 cook=厨师
cleaner=保洁员 guard=保安 courier=快递员 press_operator=冲床工 machinist=车工 assembler=装配工 welder=焊工
loader=装卸工 fitter=钳工 scaffolder=架子工 mason=瓦工 carpenter=木工 rigger=起重工 electrician=电工
labourer=普工 driver=驾驶员 mechanic=修理工 dispatcher=调度员 miner=采矿工 blaster=爆破工 field_hand=农工
stockman=饲养员 office=办公室 shop_floor=门店 kitchen=厨房 gate=门岗 press_shop=冲压车间 assembly=装配车间
warehouse=仓库 paint_shop=喷漆车间 maintenance=维修 scaffold=脚手架 shell=主体施工 pit=基坑 yard=料场
road=道路 dock=码头 depot=场站 face=采掘面 haulage=运输巷 plant=选厂 field=田间 stall=圈舍 north=北岸片
harbour=港口片 old_town=老城片 hills=山地片
"""
WORDS: Final[dict[str, str]] = {name: word for name, _, word in (pair.partition("=") for pair in _WORDS.split())}
_NUMERALS: Final = "零一二三四五六七"
_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(number: int) -> str:
    """A unified social credit code whose check digit is right and whose place, 990000, does not exist (GB 32100-2015).

    >>> credit_code(1)
    '91990000LAKE00001R'
    """
    body = f"91990000LAKE{number:05d}"
    total = sum(_ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return body + _ALPHABET[-total % 31]


def _cell(table: str, column: str, value: str) -> str:
    if not value:
        return value
    if column == "until" and table != "events":
        return (date.fromisoformat(value) - timedelta(days=1)).isoformat()
    if column == "payroll":
        return f"{Decimal(value) / 10_000:f}"
    if column == "ground":
        article, item = value.split(".")
        return f"第十{_NUMERALS[int(article) - 10]}条第{_NUMERALS[int(item)]}项"
    if column == "industry_edition":
        return value
    return WORDS.get(value, value)


def chinese_files(tables: dict[str, list[Row]]) -> dict[str, bytes]:
    """The tables as CSV in GB18030, and a note in UTF-8."""
    files: dict[str, bytes] = {}
    for name, columns in COLUMNS.items():
        header = tuple(HEADERS[name].split())
        rows = [
            tuple(_cell(name, column, value) for column, value in zip(columns, row, strict=True))
            for row in tables[name]
        ]
        if name == "employers":
            header += ("统一社会信用代码",)
            rows = [(*row, credit_code(number)) for number, row in enumerate(rows, start=1)]
        files[f"{name}.csv"] = as_csv(header, rows).encode("gb18030")
    files["README.md"] = resource("readme_zh.template").encode()
    return files
