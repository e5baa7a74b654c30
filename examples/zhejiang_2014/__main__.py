"""Print the programme: ``cd examples; python -m zhejiang_2014``."""

from programme_rows import show

from zhejiang_2014.rows import ROWS, as_if_at_lakeside

show("Zhejiang, opinion on strengthening work-injury prevention (浙人社发〔2014〕4号)", ROWS)
print("\nThe target of incidence, as if it were due at Lakeside, which is made up:\n")
print(as_if_at_lakeside())
