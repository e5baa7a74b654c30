"""Prevention work: money, projects, joint action, and whether it helped."""

from injuryprev.prevention.balance import Balance, Income, balance
from injuryprev.prevention.whatif import Change, Comparison, Totals, changes, compare

__all__ = ["Balance", "Change", "Comparison", "Income", "Totals", "balance", "changes", "compare"]
