"""Prevention work counted: whom it reached, each person once, and what that cost."""

from injuryprev.prevention.work.goals import GoalCheck, check_goals
from injuryprev.prevention.work.reach import CostPerPerson, Reach, Span, cost_per_person, reach

__all__ = ["CostPerPerson", "GoalCheck", "Reach", "Span", "check_goals", "cost_per_person", "reach"]
