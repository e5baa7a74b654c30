"""Rules over so few figures that every record can be tried: a ratio, a table over it, a rate of both, a claim."""

from __future__ import annotations

import itertools

from hypothesis import strategies as st

INPUTS = """
[inputs]
x = { unit = "number", range = [0, 6], worse = "higher" }
y = { unit = "number", range = [0, 4], worse = "lower" }
on = { unit = "flag", worse = "higher" }
"""
EVERY = [{"x": x, "y": y, "on": on} for x, y, on in itertools.product(range(7), range(5), (False, True))]
CUTS = ("0", "1/2", "1", "2", "3", "150%")
HITS = ("unique", "any", "first", "collect max", "collect min", "collect sum", "priority")


@st.composite
def rules(draw: st.DrawFn) -> str:
    """A ratio, a table over it, a rate made of both, and a claim."""

    def condition() -> str:
        parts = []
        for _ in range(draw(st.integers(1, 2))):
            cut = draw(st.sampled_from(CUTS))
            figure = draw(st.sampled_from(("ratio", "ratio", "x", "y", "x * y")))
            parts.append(draw(st.sampled_from((f"{figure} < {cut}", f"{figure} >= {cut}", f"{figure} == {cut}", "on"))))
        return draw(st.sampled_from((" and ", " or "))).join(parts)

    hit = draw(st.sampled_from(HITS))
    count = draw(st.integers(1, 4))
    thens = [draw(st.integers(-2, 2)) for _ in range(count)]
    rows = ", ".join(f'{{ when = "{condition()}", then = {then} }}' for then in thens)
    order = f"order = {draw(st.permutations(sorted(set(thens))))}\n" if hit == "priority" else ""
    none = "none = 0\n" if draw(st.booleans()) else ""
    top = draw(st.sampled_from(("x", "x + 1", "x - 3")))
    rate = draw(st.sampled_from(("move", "move * x", "4 - move", "ratio + move", "x * y + move")))
    return (
        f'[definitions.ratio]\nunit = "number"\nsource = "law"\nformula = "{top} / y"\n'
        f'[definitions.move]\nunit = "number"\nsource = "law"\n[definitions.move.table]\nhit = "{hit}"\n{order}{none}'
        f"rows = [{rows}]\n"
        f'[definitions.rate]\nunit = "number"\nsource = "law"\nformula = "{rate}"\n'
        'round = { to = 0.1, mode = "half_up" }\n'
        f'[claims.cap]\nsource = "law"\nformula = "rate {draw(st.sampled_from(("<=", ">=", "!=")))} '
        f'{draw(st.integers(-3, 9))}"\n'
    )
