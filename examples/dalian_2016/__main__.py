"""Print the programme and, at its end, what such work would have to show: ``cd examples; python -m dalian_2016``."""

from programme_rows import show

from dalian_2016.rows import ROWS, helped

show("Dalian, prevention work to the end of 2016 (report of 2017-06-09)", ROWS)
print("\nDid it help? The report prints no cases; these are of Lakeside, which is made up.\n")
print(helped())
