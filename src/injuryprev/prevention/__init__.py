"""Prevention work: money, projects, joint action, and whether it helped."""

from injuryprev.prevention.allocation import allocate, judge_proposal, judge_year
from injuryprev.prevention.balance import Balance, Income, balance
from injuryprev.prevention.chain import Head, MemoryStore
from injuryprev.prevention.deadlines import deadline
from injuryprev.prevention.demands import Judgement, judge
from injuryprev.prevention.evaluation import Evaluation, Served, evaluate, windows
from injuryprev.prevention.ledger import Ledger
from injuryprev.prevention.payments import due_on, is_overdue, payment
from injuryprev.prevention.procedure import Procedure, read_procedure, shipped
from injuryprev.prevention.projects import Move, advance, bar, is_barred
from injuryprev.prevention.review import Criterion, ReviewSheet
from injuryprev.prevention.whatif import Change, Comparison, Totals, changes, compare

__all__ = [
    "Balance",
    "Change",
    "Comparison",
    "Criterion",
    "Evaluation",
    "Head",
    "Income",
    "Judgement",
    "Ledger",
    "MemoryStore",
    "Move",
    "Procedure",
    "ReviewSheet",
    "Served",
    "Totals",
    "advance",
    "allocate",
    "balance",
    "bar",
    "changes",
    "compare",
    "deadline",
    "due_on",
    "evaluate",
    "is_barred",
    "is_overdue",
    "judge",
    "judge_proposal",
    "judge_year",
    "payment",
    "read_procedure",
    "shipped",
    "windows",
]
