"""Print the programme, and what such work would have to show: ``cd examples; python -m dalian_2016 [zh]``."""

import sys

from programme_rows import asked, show

from dalian_2016.rows import ROWS, helped
from injuryprev import Words

TITLE = Words(
    "Dalian, prevention work to the end of 2016 (report of 2017-06-09)",
    "大连市截至2016年底的工伤预防工作（2017年6月9日报告）",
)
HELPED = Words(
    "Did it help? The report prints no cases; these are of Lakeside, which is made up.",
    "是否有成效？报告未载明案件数，以下为湖畔（虚构）的数据。",
)
lang = asked(sys.argv[1:])
show(TITLE, ROWS, lang)
print(f"\n{HELPED.to(lang)}\n")
print(helped().text(lang))
