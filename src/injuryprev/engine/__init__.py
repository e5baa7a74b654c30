"""How a policy is worked out: lowering to exact integers, and the readers of the lowered tree."""

from injuryprev.engine.policy import Policy, PolicyProfile
from injuryprev.engine.result import Result
from injuryprev.engine.specs import InputSpec, OutputSpec
from injuryprev.engine.trace import InputRule, RowRule, StepRule, Trace, TraceInput, TraceStep

__all__ = [
    "InputRule",
    "InputSpec",
    "OutputSpec",
    "Policy",
    "PolicyProfile",
    "Result",
    "RowRule",
    "StepRule",
    "Trace",
    "TraceInput",
    "TraceStep",
]
