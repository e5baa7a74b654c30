"""The lowered tree: integers and truth values alone, every node bounded, equal nodes shared.

Every operation is total (a divisor is never zero, a missing input has a stand-in), so that a reader needs no nulls and
no exceptions: what is unknown travels beside the values as truth values of its own.  The bounds of each node follow
from the declared ranges of the inputs, and a node that could leave 64 bits is refused when it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from injuryprev.errors import InjuryprevError

LIMIT: Final = 2**63 - 1
MOST_WORK: Final = 1_000_000
"""Steps of making one tree, what an "and" or "or" joins counted: two hundred times what the largest law needs."""
INTEGER_OPS: Final = frozenset({"const", "var", "add", "sub", "mul", "floordiv", "mod", "select", "min", "max"})
TRUTH_OPS: Final = frozenset({"bool", "flag", "bad", "lt", "le", "eq", "and", "or", "not"})


class WidthError(InjuryprevError, ValueError):
    """A figure could exceed 64 bits within the declared ranges of the inputs."""


class Node:
    """One operation.  ``args`` are nodes, or for a leaf its value or name; ``low`` and ``high`` bound an integer."""

    __slots__ = ("args", "high", "low", "members", "op")

    def __init__(self, op: str, args: tuple[object, ...], low: int, high: int) -> None:
        self.op, self.args, self.low, self.high = op, args, low, high
        # What an "and" or "or" joins, however deep: an "and" with "not (a or …)" and "a" in it is never true.
        self.members: frozenset[Node] = frozenset((self,))
        if op in ("and", "or"):
            joined = [arg.members if arg.op == op else frozenset((arg,)) for arg in self.nodes]
            self.members = joined[0] | joined[1]

    def __repr__(self) -> str:
        inside = ", ".join(str(arg) for arg in self.args)
        return f"{self.op}({inside})" if self.op not in ("const", "bool", "var", "flag") else inside

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The arguments that are nodes themselves."""
        return tuple(arg for arg in self.args if isinstance(arg, Node))

    @property
    def fixed(self) -> int | None:
        """The value of an integer that cannot vary."""
        return self.low if self.low == self.high and self.op in INTEGER_OPS else None


class Graph:
    """Makes nodes: folds constants, drops what cannot matter, and gives equal nodes one identity."""

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], Node] = {}
        self.work, self.most_work = 0, MOST_WORK
        self.widest: int | None = LIMIT
        self.true = self._make("bool", (True,), 0, 1)
        self.false = self._make("bool", (False,), 0, 1)

    def _make(self, op: str, args: tuple[object, ...], low: int = 0, high: int = 1) -> Node:
        if self.widest is not None and not -self.widest <= low <= high <= self.widest:
            raise WidthError(
                "a figure could leave 64 bits",
                seen=f"values from {low} to {high}",
                expected=f"at most {self.widest}: narrow a range, or make a step larger",
            )
        if op in INTEGER_OPS and low == high and op != "const":
            return self.const(low)
        self.work += 1
        key = (op, *(id(arg) if isinstance(arg, Node) else (type(arg), arg) for arg in args))
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = Node(op, args, low, high)
            self.work += len(found.members)
            if self.work > self.most_work:
                raise WidthError(
                    "the rules are too large to be worked out",
                    seen=f"{self.work} steps",
                    expected=f"at most {self.most_work}: fewer rows and conditions",
                )
        return found

    # Integers

    def const(self, value: int) -> Node:
        """A fixed integer."""
        return self._make("const", (value,), value, value)

    def var(self, name: str, low: int, high: int) -> Node:
        """An input in its smallest units, or its stand-in."""
        return self._make("var", (name,), low, high)

    def add(self, a: Node, b: Node) -> Node:
        """The sum."""
        if a.fixed == 0:
            return b
        if b.fixed == 0:
            return a
        return self._make("add", (a, b), a.low + b.low, a.high + b.high)

    def sub(self, a: Node, b: Node) -> Node:
        """The difference."""
        if b.fixed == 0:
            return a
        return self._make("sub", (a, b), a.low - b.high, a.high - b.low)

    def mul(self, a: Node, b: Node) -> Node:
        """The product."""
        if a.fixed == 1:
            return b
        if b.fixed == 1:
            return a
        ends = (a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high)
        return self._make("mul", (a, b), min(ends), max(ends))

    def floordiv(self, a: Node, b: Node) -> Node:
        """The quotient rounded towards minus infinity; ``b`` is positive."""
        if b.low < 1:
            raise ValueError("a divisor of the lowered tree must be positive")
        if b.fixed == 1:
            return a
        ends = (a.low // b.low, a.low // b.high, a.high // b.low, a.high // b.high)
        return self._make("floordiv", (a, b), min(ends), max(ends))

    def mod(self, a: Node, b: Node) -> Node:
        """What ``floordiv`` leaves over, from 0 up to but not including ``b``."""
        if b.fixed == 1:
            return self.const(0)
        if a.low >= 0 and a.high < b.low:
            return a
        return self._make("mod", (a, b), 0, b.high - 1)

    def select(self, condition: Node, then: Node, otherwise: Node) -> Node:
        """``then`` where the condition holds, else ``otherwise``; serves truth values too."""
        if condition is self.true or then is otherwise:
            return then
        if condition is self.false:
            return otherwise
        if condition.op == "not":
            inner = condition.nodes[0]
            return self.select(inner, otherwise, then)
        if then.op in TRUTH_OPS:
            return self.either(self.both(condition, then), self.both(self.negate(condition), otherwise))
        return self._make(
            "select", (condition, then, otherwise), min(then.low, otherwise.low), max(then.high, otherwise.high)
        )

    def least(self, a: Node, b: Node) -> Node:
        """The smaller."""
        if a is b or a.high <= b.low:
            return a
        if b.high <= a.low:
            return b
        return self._make("min", (a, b), min(a.low, b.low), min(a.high, b.high))

    def most(self, a: Node, b: Node) -> Node:
        """The larger."""
        if a is b or a.low >= b.high:
            return a
        if b.low >= a.high:
            return b
        return self._make("max", (a, b), max(a.low, b.low), max(a.high, b.high))

    # Truth values

    def truth(self, value: bool) -> Node:
        """A fixed truth value."""
        return self.true if value else self.false

    def flag(self, name: str) -> Node:
        """An input that is true or false."""
        return self._make("flag", (name,))

    def bad(self, name: str) -> Node:
        """Whether an input is no use: not given, unreadable, out of range, or finer than its step."""
        return self._make("bad", (name,))

    def compare(self, op: str, a: Node, b: Node) -> Node:
        """One of ``< <= == != >= >`` between integers."""
        if op in (">", ">="):
            return self.compare("<" if op == ">" else "<=", b, a)
        if op == "!=":
            return self.negate(self.compare("==", a, b))
        if op == "<":
            if a.high < b.low or a.low >= b.high:
                return self.truth(a.high < b.low)
            return self._make("lt", (a, b))
        if op == "<=":
            if a.high <= b.low or a.low > b.high:
                return self.truth(a.high <= b.low)
            return self._make("le", (a, b))
        if a is b or a.high < b.low or b.high < a.low:
            return self.truth(a is b)
        return self._make("eq", (a, b))

    def both(self, a: Node, b: Node) -> Node:
        """And."""
        if a is self.true or self._holds(b, a, "and"):
            return b
        if b is self.true or self._holds(a, b, "and"):
            return a
        if a is self.false or b is self.false or self._excluded(a, b) or self._excluded(b, a):
            return self.false
        if self._implies_not(a, b):
            return a
        if self._implies_not(b, a):
            return b
        for one, other in ((a, b), (b, a)):
            if one.op == "or":  # what the other excludes is no alternative any more
                parts = _parts(one, "or")
                left = [part for part in parts if not (self._excluded(part, other) or self._excluded(other, part))]
                if len(left) < len(parts):
                    return self.both(other, self.any(left))
        return self._make("and", (a, b))

    def either(self, a: Node, b: Node) -> Node:
        """Or."""
        if a is self.false or self._holds(b, a, "or"):
            return b
        if b is self.false or self._holds(a, b, "or"):
            return a
        if a is self.true or b is self.true or self._opposed(a, b):
            return self.true
        if self._holds(a, b, "and"):  # a or (a and …)
            return b
        if self._holds(b, a, "and"):
            return a
        for one, other in ((a, b), (b, a)):
            if one.op == "and":  # what holds wherever the other does not need not be asked
                parts = _parts(one, "and")
                left = [part for part in parts if not self._denies(part, other)]
                if len(left) < len(parts):
                    return self.either(other, self.all(left))
        return self._factored(a, b)

    def _factored(self, a: Node, b: Node) -> Node:
        """``(x and …) or (x and …)`` asks for ``x`` once."""
        if a.op != "and" or b.op != "and" or a.members.isdisjoint(b.members):
            return self._make("or", (a, b))
        shared = a.members & b.members
        common = [part for part in _parts(a, "and") if part in shared]
        rests = [self.all(part for part in _parts(one, "and") if part not in shared) for one in (a, b)]
        return self.both(self.all(common), self.either(*rests))

    @staticmethod
    def _denies(part: Node, other: Node) -> bool:
        """Whether ``part`` says no more than that something in ``other`` does not hold."""
        return part.op == "not" and part.nodes[0] in (other.members if other.op == "or" else (other,))

    @staticmethod
    def _holds(whole: Node, part: Node, op: str) -> bool:
        """Whether ``part`` is among what ``whole`` joins with ``op``, or all that ``part`` joins is."""
        if part is whole:
            return True
        return whole.op == op and (part.members <= whole.members if part.op == op else part in whole.members)

    def _implies_not(self, a: Node, b: Node) -> bool:
        """Whether ``b`` denies something that ``a`` already rules out."""
        if b.op != "not":
            return False
        denied = b.nodes[0]
        return self._excluded(denied, a) or self._excluded(a, denied)

    @staticmethod
    def _excluded(a: Node, b: Node) -> bool:
        """Whether something that ``a`` requires denies something that ``b`` requires."""
        required = b.members if b.op == "and" else frozenset((b,))
        for part in a.members if a.op == "and" else (a,):
            if part.op == "not":
                denied = part.nodes[0]
                if not required.isdisjoint(denied.members if denied.op == "or" else (denied,)):
                    return True
        return False

    def negate(self, a: Node) -> Node:
        """Not."""
        if a.op == "bool":
            return self.truth(not a.args[0])
        if a.op == "not":
            return a.nodes[0]
        if a.op in ("lt", "le"):
            left, right = a.nodes
            return self.compare("<=" if a.op == "lt" else "<", right, left)
        return self._make("not", (a,))

    @staticmethod
    def _opposed(a: Node, b: Node) -> bool:
        return (a.op == "not" and a.args[0] is b) or (b.op == "not" and b.args[0] is a)

    def any(self, nodes: Iterable[Node]) -> Node:
        """Or over any number."""
        found = self.false
        for node in nodes:
            found = self.either(found, node)
        return found

    def all(self, nodes: Iterable[Node]) -> Node:
        """And over any number."""
        found = self.true
        for node in nodes:
            found = self.both(found, node)
        return found

    # Rewriting

    def rebuild(self, roots: Iterable[Node], leaves: Mapping[Node, Node]) -> list[Node]:
        """The same trees with some leaves replaced, simplified again."""
        done: dict[Node, Node] = dict(leaves)
        make: dict[str, Callable[..., Node]] = {
            "add": self.add,
            "sub": self.sub,
            "mul": self.mul,
            "floordiv": self.floordiv,
            "mod": self.mod,
            "select": self.select,
            "min": self.least,
            "max": self.most,
            "lt": lambda a, b: self.compare("<", a, b),
            "le": lambda a, b: self.compare("<=", a, b),
            "eq": lambda a, b: self.compare("==", a, b),
            "and": self.both,
            "or": self.either,
            "not": self.negate,
        }
        roots = list(roots)
        for node in in_order(roots):
            if node not in done:
                done[node] = make[node.op](*(done[arg] for arg in node.nodes)) if node.nodes else node
        return [done[root] for root in roots]


def _parts(node: Node, op: str) -> list[Node]:
    """What a node joins with ``op``, in the order in which it was written, however deep."""
    found: dict[Node, None] = {}
    stack = [node]
    while stack:
        here = stack.pop()
        if here.op == op:
            stack.extend(reversed(here.nodes))
        else:
            found[here] = None
    return list(found)


def in_order(roots: Iterable[Node]) -> list[Node]:
    """Every node below the roots, each after its arguments, each once."""
    done: dict[Node, None] = {}
    stack: list[tuple[Node, bool]] = [(root, False) for root in reversed(list(roots))]
    while stack:
        node, ready = stack.pop()
        if node in done:
            continue
        if ready:
            done[node] = None
        else:
            stack.append((node, True))
            stack.extend((arg, False) for arg in reversed(node.nodes) if arg not in done)
    return list(done)
