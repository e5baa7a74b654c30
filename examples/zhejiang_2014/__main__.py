"""Print the programme: ``cd examples; python -m zhejiang_2014 [zh]``."""

import sys

from programme_rows import asked, show

from injuryprev import Words
from zhejiang_2014.rows import ROWS, as_if_at_lakeside

TITLE = Words(
    "Zhejiang, opinion on strengthening work-injury prevention (浙人社发〔2014〕4号)",
    "浙江省关于加强工伤预防工作的意见（浙人社发〔2014〕4号）",
)
AIM = Words(
    "The target of incidence, as if it were due at Lakeside, which is made up:",
    "工伤发生率目标，假设适用于湖畔（虚构）：",
)
lang = asked(sys.argv[1:])
show(TITLE, ROWS, lang)
print(f"\n{AIM.to(lang)}\n")
print(as_if_at_lakeside(lang))
