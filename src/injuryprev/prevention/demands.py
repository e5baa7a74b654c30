"""Facts judged by a policy: which of its demands are met, and what it has against the rest.

A demand is an output of the profile that is a flag: true where what was given is lawful.  No rule of a region stands
here; what is asked, what would be lawful and where that is written are read from the profile, whatever it demands.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from injuryprev.engine import Policy, Result
from injuryprev.engine.explain import show
from injuryprev.engine.trace import TraceInput, TraceStep
from injuryprev.errors import InputError, UnknownNameError, nearest
from injuryprev.model.objection import Objection
from injuryprev.policy.check import check_rules, reached_by
from injuryprev.policy.expr import Expr, names, write
from injuryprev.policy.rules import Cited, weakest
from injuryprev.rating import of_one_day
from injuryprev.units import shown
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import LANGUAGES, Lang, Words


@attrs.frozen
class Judgement:
    """What came of judging.

    Args:
        result: The evaluation, which can explain itself step by step.
        objections: Demands that are not met or not known to be, in the order asked.
        despite: Demands that are not known to be met, which the caller has taken upon itself.
    """

    result: Result
    objections: tuple[Objection, ...]
    despite: tuple[Objection, ...] = ()

    @property
    def lawful(self) -> bool:
        """Whether nothing stands against it."""
        return not self.objections


def judge(
    policy: Policy,
    facts: Mapping[str, object],
    demands: Iterable[str],
    *,
    also: Iterable[str] = (),
    despite: Collection[str] = (),
) -> Judgement:
    """Judge facts by the demands of a policy.

    Args:
        policy: The rules of one day, of a profile such as ``cn-prevention``.
        facts: Inputs of the policy by name.
        demands: Outputs that must be true; the profile must have every one of them.
        also: Further ones, of which a region has some.
        despite: Demands whose answer may be unknown: the caller answers for them, and the judgement says so.  A demand
            that is known not to be met is never passed over.

    Raises:
        UnknownNameError: The profile has no such demand, or a fact is no input of it.
        InputError: No rules of one day, or a bare text for the demands.

    >>> import injuryprev as ip
    >>> policy = ip.load_profile("cn-prevention").on("2024-01-01")
    >>> print(judge(policy, {"months": 30}, ["term_allowed"]).objections[0].lawful)
    term of the project <= longest term of a project (24 months)
    """
    of_one_day(policy, "judge policy")
    if isinstance(demands, str):
        raise InputError("a bare text", where="judge demands", seen=demands, expected="a list of demands")
    asked = [*demands]
    for name in asked:
        if name not in policy.outputs or policy.outputs[name].unit != "flag":
            raise UnknownNameError(
                f"these rules make no demand {name!r}",
                where=f"{policy.id} on {policy.on}",
                seen=name,
                expected="a profile of the prevention fee, such as cn-prevention"
                if not any(spec.unit == "flag" for spec in policy.outputs.values())
                else nearest(name, (key for key, spec in policy.outputs.items() if spec.unit == "flag")),
            )
    asked += [name for name in also if name in policy.outputs and policy.outputs[name].unit == "flag"]
    result = policy.evaluate(**facts)
    open_ = [name for name in asked if result[name] is not True]
    found = [objection(policy, result, name) for name in open_]
    return Judgement(
        result,
        tuple(one for one in found if one.unknown is None or one.rule not in despite),
        tuple(one for one in found if one.unknown is not None and one.rule in despite),
    )


def known_to(policy: Policy, facts: Mapping[str, object]) -> dict[str, object]:
    """Those of the facts that the policy asks for: what this library can tell is more than one region looks at."""
    return {name: value for name, value in facts.items() if name in policy.inputs and value is not None}


def only(policy: Policy, outputs: Collection[str]) -> Policy:
    """The same rules, asked for some of their outputs alone, so that an explanation shows nothing else."""
    named = tuple(name for name in policy.rules.outputs if name in outputs)
    return Policy(check_rules(attrs.evolve(policy.rules, outputs=named), policy.id))


def amount_of(result: Result, name: str) -> Decimal | Unknown:
    """A sum of money among the outputs, or why there is none."""
    value = result.get(name)
    if isinstance(value, (Decimal, Unknown)):
        return value
    words = Words(f"these rules state no {name}", f"该政策未规定 {name}")
    return Unknown((Reason("no_output", name, words),))


def sources(result: Result, name: str) -> Words:
    """The documents that an output of a result rests on."""
    cited = next(step.rule.cited for step in result.trace.steps if step.name == name)
    return _both(lambda lang: _list(lang, _cited(cited, lang)))


def check_despite(policy: Policy, despite: Collection[str], where: str) -> None:
    """Refuse a misspelt name among the demands a caller takes upon itself, and a bare text taken for its letters.

    Raises:
        InputError: A text, or a name that is no output of the policy; or no rules of one day.
    """
    of_one_day(policy, f"{where} policy")
    if isinstance(despite, str) or any(name not in policy.outputs for name in despite):
        wrong = despite if isinstance(despite, str) else next(name for name in despite if name not in policy.outputs)
        raise InputError(
            "not demands of these rules", where=f"{where} despite", seen=wrong, expected=nearest(wrong, policy.outputs)
        )


def check_inputs(policy: Policy, names: Iterable[str], where: str, also: Collection[str] = ()) -> None:
    """Refuse a name that is no input of a policy, nor one of ``also``; the nearest are named.

    Raises:
        UnknownNameError: There is one.
    """
    for name in names:
        if name not in policy.inputs and name not in also:
            raise UnknownNameError(
                f"{policy.id} on {policy.on} has no input {name!r}",
                where=where,
                seen=name,
                expected=nearest(name, (*policy.inputs, *also)),
            )


# In words --------------------------------------------------------------------------------------------------------


def objection(policy: Policy, result: Result, name: str, beside: Iterable[str] = ()) -> Objection:
    """What a policy has against the facts of a result, by the demand ``name`` that is not met.

    ``beside`` are outputs that a figure which was told rests on, such as what a use may have.
    """
    trace = result.trace
    parts: dict[str, TraceInput | TraceStep] = {given.name: given for given in trace.inputs}
    parts.update((step.name, step) for step in trace.steps)
    step = next(step for step in trace.steps if step.name == name)
    value = result[name]
    rule, row = step.rule, _row(step)
    cited = dict.fromkeys((*rule.cited, *(cite for one in rule.rows[row : row + 1] for cite in one.cited)))
    formula = _formula(policy, step, row)
    used = [] if formula is None else list(dict.fromkeys(names(formula)))
    below = reached_by(policy.rules, [*used, *beside])  # the figures of a region under a rule of the country
    worked = [step.rule for step in trace.steps if step.name in below]
    items = policy.rules.parameters | policy.rules.definitions  # as sure as they are, whatever they are rounded by
    cited |= dict.fromkeys(cite for one in worked for cite in one.cited)
    given = [part for part in (parts[one] for one in used) if isinstance(part, TraceInput)]
    return Objection(
        rule=name,
        demand=_both(rule.title.to),
        seen=_both(lambda lang: _list(lang, (_seen(policy, part, lang) for part in given))),
        lawful=_both(lambda lang: "" if formula is None else write(formula, _titles(policy, parts, used, lang))),
        source=_both(lambda lang: _list(lang, _cited(cited, lang))),
        confidence=weakest([rule.confidence, *(items[one.name].confidence for one in worked)]),
        unknown=value if isinstance(value, Unknown) else None,
        caveat=_both(
            lambda lang: _list(lang, dict.fromkeys(one.caveat.to(lang) for one in (rule, *worked) if one.caveat))
        ),
    )


def _both(said: Callable[[Lang], str]) -> Words:
    return Words(*(said(lang) for lang in LANGUAGES))


_FROM_MEMORY: Final = Words("from memory, unchecked", "凭记忆，未核对")


def _cited(cited: Iterable[Cited], lang: Lang) -> dict[str, None]:
    """Documents as a reader is told of them: what was not read there but is remembered is said to be."""
    said = {cite.text(lang): cite.confidence for cite in cited}
    said |= {cite.text(lang): cite.confidence for cite in cited if cite.confidence == "recalled"}
    return {
        _ABOUT[lang].format(text, _FROM_MEMORY.to(lang)) if confidence == "recalled" else text: None
        for text, confidence in said.items()
    }


def _row(step: TraceStep) -> int:
    """The row that settled the demand, or the number of rows where none did."""
    return next((place for place, holds in enumerate(step.rows) if holds), len(step.rows))


def _formula(policy: Policy, step: TraceStep, row: int) -> Expr | None:
    """What had to hold, as written."""
    rule = step.rule
    if rule.formula is not None or rule.kind != "table":
        return rule.formula
    table = policy.rules.definitions[rule.name].entry.table
    outcome = rule.rows[row].outcome if row < len(rule.rows) else table.none if table else None
    return outcome if isinstance(outcome, Expr) else None


_ABOUT: Final = {"en": "{} ({})", "zh": "{}（{}）"}


def _seen(policy: Policy, part: TraceInput | TraceStep, lang: Lang) -> str:
    return f"{part.rule.title.to(lang)}{'：' if lang == 'zh' else ': '}{_value(policy, part, lang)}"


def _titles(
    policy: Policy, parts: Mapping[str, TraceInput | TraceStep], used: Iterable[str], lang: Lang
) -> dict[str, str]:
    """What stands for the names of a formula: titles, and beside those of the law what they come to."""
    titles = dict(_GRAMMAR_ZH) if lang == "zh" else {}
    for name in used:
        part = parts[name]
        title = part.rule.title.to(lang)
        titles[name] = title if isinstance(part, TraceInput) else _ABOUT[lang].format(title, _value(policy, part, lang))
        titles |= {f"'{key}'": words.to(lang) for key, words in part.rule.choices.items()}
    return titles


_GRAMMAR_ZH: Final = {
    "and": "且",
    "or": "或",
    "not": "非",
    "in": "属于",
    "not in": "不属于",
    "true": "是",
    "false": "否",
}


def _value(policy: Policy, part: TraceInput | TraceStep, lang: Lang) -> str:
    value = part.value
    if isinstance(value, Unknown):
        return "?"
    if isinstance(value, Fraction) and part.rule.unit == "number":
        return shown(value)
    words = part.rule.choices.get(value) if isinstance(value, str) else None
    return words.to(lang) if words else show(value, part.rule.unit, lang, policy.currency)


def _list(lang: Lang, parts: Iterable[str]) -> str:
    return ("；" if lang == "zh" else "; ").join(parts)
