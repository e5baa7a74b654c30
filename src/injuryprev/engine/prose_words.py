"""Words of the readable document, in both languages."""

from __future__ import annotations

from typing import Final

from injuryprev.words import Words

HEADS: Final = {
    "results": Words("What comes out", "结果"),
    "given": Words("What is given", "输入"),
    "figures": Words("Figures of the law", "法定数值"),
    "rules": Words("The rules, in the order in which they are worked out", "规则（按计算顺序）"),
    "counted": Words("How figures follow from records", "数据统计口径"),
    "tables": Words("Industry tables", "行业分类表"),
    "claims": Words("What the law promises", "法律对结果的保证"),
    "unknown": Words("What is not known", "未知事项"),
    "sources": Words("Sources", "依据"),
}
WORDS: Final = {
    "covers": Words("covers", "覆盖期"),
    "currency": Words("currency", "货币"),
    "name": Words("name", "名称"),
    "meaning": Words("meaning", "含义"),
    "unit": Words("unit", "单位"),
    "range": Words("values", "取值"),
    "absent": Words("if not given", "未提供时"),
    "worse": Words("worse when", "不利方向"),
    "higher": Words("higher", "越高"),
    "lower": Words("lower", "越低"),
    "step": Words("step", "最小单位"),
    "yes": Words("yes", "是"),
    "no": Words("no", "否"),
    "to": Words("to", "至"),
    "aside": Words("; ", "；"),
    "when": Words("when", "条件"),
    "then": Words("then", "结果"),
    "otherwise": Words("otherwise", "其他情形"),
    "none": Words("if no row holds", "无一行成立时"),
    "unknown": Words("not known", "未知"),
    "value": Words("figure", "数值"),
    "since": Words("since {day}", "自 {day} 起"),
    "until": Words("until {day}, that day not included", "至 {day}（不含）"),
    "order": Words("from the highest priority: {listed}", "优先级由高到低：{listed}"),
    "by": Words("looked up by", "按此查找："),
    "of": Words("of", "对象："),
    "no_source": Words("the profile names no document", "文件未注明依据"),
    "checked": Words("last checked {day}", "最近核对 {day}"),
    "of_day": Words("The rules of {day}, from profile {lineage}.", "{day} 的规则，政策文件 {lineage}。"),
}


COUNTING: Final = {
    "from": Words("records", "记录"),
    "take": Words("taken", "取值方式"),
    "per": Words("put together by", "归并为"),
    "each": Words("of each", "逐一计算"),
    "where": Words("that count", "计入条件"),
    "of": Words("compared", "比较"),
    "dated": Words("placed by", "按日期归入"),
    "none": Words("if none counts", "无记录计入时"),
    "undated": Words("without the date", "缺日期的记录"),
    "partial": Words("of a part", "部分数据"),
    "classification": Words("by the table", "按分类表"),
    "round": Words("rounding", "取整"),
}
