"""Prevention work: money, projects, joint action, and whether it helped."""

from injuryprev.prevention.allocation import allocate, judge_proposal, judge_year
from injuryprev.prevention.balance import Balance, Income, balance
from injuryprev.prevention.chain import Head, MemoryStore
from injuryprev.prevention.deadlines import deadline
from injuryprev.prevention.demands import Judgement, judge
from injuryprev.prevention.ledger import Ledger
from injuryprev.prevention.whatif import Change, Comparison, Totals, changes, compare

__all__ = [
    "Balance",
    "Change",
    "Comparison",
    "Head",
    "Income",
    "Judgement",
    "Ledger",
    "MemoryStore",
    "Totals",
    "allocate",
    "balance",
    "changes",
    "compare",
    "deadline",
    "judge",
    "judge_proposal",
    "judge_year",
]
