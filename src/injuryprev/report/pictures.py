"""Pictures of rates: the funnel, and spans around a reference; drawn by Matplotlib, given back as SVG text.

Nothing is written here and nothing global is touched: a picture is a ``Figure`` of its own, and :func:`svg` its text.
Text stays text in it, so that a picture can be searched and read aloud; the same data give the same bytes.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from injuryprev.errors import InjuryprevError, InputError
from injuryprev.measures.statistics import Funnel, Limits, Point

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_INK: Final = "#1f2933"
_FAINT: Final = "#7b8794"
_IN: Final = "#9aa5b1"
_HIGH: Final = "#b3261e"
_LOW: Final = "#1f5fa8"
_CURVE_POINTS: Final = 120
_LINE: Final = {"2": (0, (5, 3)), "3": "solid"}


def _matplotlib() -> Any:
    try:
        import matplotlib as mpl  # noqa: PLC0415  # loaded by use, not by import of the package
        import matplotlib.figure  # noqa: PLC0415
    except ModuleNotFoundError as error:  # pragma: no cover - the tests have it
        raise InjuryprevError(
            "pictures need Matplotlib", where="injuryprev.report", expected="pip install 'injuryprev[report]'"
        ) from error
    return mpl


def _style(mpl: Any) -> Any:
    """The look of all pictures, for as long as one is drawn or saved."""
    return mpl.rc_context(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": "injuryprev",
            "font.family": "sans-serif",
            "font.size": 10,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": _FAINT,
            "axes.labelcolor": _INK,
            "text.color": _INK,
            "xtick.color": _INK,
            "ytick.color": _INK,
            "axes.titlelocation": "left",
            "axes.titlesize": 12,
        }
    )


def svg(picture: Figure) -> str:
    """A picture as the text of an SVG file: no date in it, so that the same picture is the same text."""
    mpl = _matplotlib()
    with _style(mpl), io.StringIO() as file:
        picture.savefig(file, format="svg", metadata={"Date": None, "Creator": "injuryprev"}, bbox_inches="tight")
        # Matplotlib ends some lines with a space, which tools that tidy files would take away.
        return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


def funnel_plot(
    plot: Funnel, names: Sequence[str], *, title: str, size: str, value: str, named: Iterable[str] = ()
) -> Figure:
    """Draw a funnel: each unit by its size, the line in the middle, and the limits for 2 and 3 standard deviations.

    Args:
        plot: What :func:`injuryprev.measures.funnel` found.
        names: The units in the order of its points.
        title: The sentence above the picture: what is to be seen in it.
        size: What the units are sized by, with its unit.
        value: What is plotted, with its unit.
        named: Units to name; by default those outside 2 standard deviations.

    Units whose point is unknown are not drawn; a line below the picture says how many and which.

    Raises:
        InputError: The names are not as many as the points, or no point can be drawn.
        InjuryprevError: Matplotlib is not installed.
    """
    if len(names) != len(plot.points):
        raise InputError("a name for each point", where="funnel_plot", seen=len(names), expected=str(len(plot.points)))
    drawn = [(name, point) for name, point in zip(names, plot.points, strict=True) if isinstance(point, Point)]
    if not drawn:
        raise InputError("no unit can be drawn", where="funnel_plot", expected="at least one known point")
    wanted = set(named) or {name for name, point in drawn if point.zone != "inside"}
    mpl = _matplotlib()
    with _style(mpl):
        picture: Figure = mpl.figure.Figure(figsize=(8, 5), layout="constrained")
        axes = picture.subplots()
        axes.set_xscale("log")
        sizes = _sizes([point.size for _, point in drawn])
        curves = [(at, one) for at, one in zip(sizes, plot.limits(sizes), strict=True) if isinstance(one, Limits)]
        most = max(point.value for _, point in drawn)
        top = max(1.15 * most, min(1.05 * max(one.high_3 for _, one in curves), 1.6 * most))
        for deviations in ("2", "3"):
            for edge in ("low", "high"):
                line = [(at, getattr(one, f"{edge}_{deviations}")) for at, one in curves]
                axes.plot(*zip(*line, strict=True), color=_FAINT, linewidth=1, linestyle=_LINE[deviations])
        for end, text in _limit_labels(*curves[-1], apart=top / 25):
            axes.annotate(text, end, color=_FAINT, fontsize=8, va="center", xytext=(3, 0), **_NEAR)
        axes.axhline(plot.target, color=_INK, linewidth=1)
        for _, point in drawn:
            axes.plot([point.size], [point.value], "o", color=_colour(point), markersize=5)
        spots = {name: _Spot.of(point, sizes, top) for name, point in drawn}
        for (name, point), (side, up) in _arranged([one for one in drawn if one[0] in wanted], spots).items():
            where: dict[str, Any] = {
                "xytext": (5 * side, 4 * up),
                "ha": "left" if side > 0 else "right",
                "va": _VERTICAL[up],
            }
            axes.annotate(name, (point.size, point.value), fontsize=8, color=_colour(point), **where, **_NEAR)
        axes.set_ylim(bottom=0, top=top)
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.set_title(title)
        axes.set_xlabel(size)
        axes.set_ylabel(value)
        _left_out(picture, [name for name in names if name not in {known for known, _ in drawn}])
    return picture


_NEAR: Final[dict[str, Any]] = {"textcoords": "offset points"}
_VERTICAL: Final = {1: "bottom", -1: "top"}
_WIDE, _HIGH_PT, _LETTER, _TALL = 500.0, 280.0, 4.8, 10.0
"""The field, a letter and a line of small print, in points, near enough to keep names apart."""


def _colour(point: Point) -> str:
    return _IN if point.zone == "inside" else _HIGH if point.zone.startswith("high") else _LOW


def _limit_labels(size: float, limits: Limits, *, apart: float) -> list[tuple[tuple[float, float], str]]:
    """Names of the limits at their right end; where two lie too close for two names, one for both."""
    labels = []
    for side in ("low", "high"):
        two, three = getattr(limits, f"{side}_2"), getattr(limits, f"{side}_3")
        if abs(two - three) < apart:
            outward = -apart / 2 if side == "low" else apart / 2
            labels.append(((size, three + outward), "2, 3 SD"))
        else:
            labels += [((size, two), "2 SD"), ((size, three), "3 SD")]
    return labels


@attrs.frozen
class _Spot:
    """Where a point lies in the field, in points of print."""

    x: float
    y: float

    @classmethod
    def of(cls, point: Point, sizes: Sequence[float], top: float) -> _Spot:
        low, high = math.log(sizes[0]), math.log(sizes[-1])
        return cls((math.log(point.size) - low) / (high - low) * _WIDE, point.value / top * _HIGH_PT)

    def box(self, name: str, side: int, up: int) -> tuple[float, float, float, float]:
        """The ground that a name covers on one side of the point, above or below."""
        near, far = self.x + 5 * side, self.x + side * (5 + _LETTER * len(name))
        low = self.y + 4 if up > 0 else self.y - 4 - _TALL
        return min(near, far), low, max(near, far), low + _TALL


def _arranged(named: Sequence[tuple[str, Point]], spots: dict[str, _Spot]) -> dict[tuple[str, Point], tuple[int, int]]:
    """For each name the side of its point on which it covers neither another name nor another point."""
    taken: list[tuple[float, float, float, float]] = []
    found = {}
    for name, point in sorted(named, key=lambda one: (spots[one[0]].x, one[0])):
        points = [(spot.x - 3, spot.y - 3, spot.x + 3, spot.y + 3) for one, spot in spots.items() if one != name]
        corners = [(side, up) for side in (1, -1) for up in (1, -1)]
        free = [
            corner
            for corner in corners
            if not any(_meet(spots[name].box(name, *corner), other) for other in (*taken, *points))
        ]
        chosen = (free or corners)[0]
        taken.append(spots[name].box(name, *chosen))
        found[name, point] = chosen
    return found


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _sizes(sizes: Sequence[float]) -> list[float]:
    """Sizes from the smallest unit to the largest and a little beyond, evenly on the scale of logarithms."""
    low, high = math.log(min(sizes) / 1.3), math.log(max(sizes) * 1.3)
    return [math.exp(low + (high - low) * step / (_CURVE_POINTS - 1)) for step in range(_CURVE_POINTS)]


def _left_out(picture: Figure, names: Sequence[str]) -> None:
    if names:
        picture.supxlabel(f"not drawn, for lack of figures: {', '.join(names)}", fontsize=8, color=_FAINT)


@attrs.frozen
class Span:
    """One line of a picture of spans.

    Args:
        name: The unit.
        value: Its figure.
        low: The lower end of what it may be.
        high: The upper end.
    """

    name: str
    value: float
    low: float
    high: float

    def __attrs_post_init__(self) -> None:
        if not self.low <= self.value <= self.high or not math.isfinite(self.high):
            raise InputError(
                "a span holds its value",
                where=f"Span {self.name}",
                seen=f"{self.low}, {self.value}, {self.high}",
                expected="low <= value <= high, all finite",
            )


def span_plot(spans: Sequence[Span], *, title: str, value: str, reference: float, log: bool = False) -> Figure:
    """Draw figures with what they may be, from the highest to the lowest, against a reference.

    Args:
        spans: One for each unit.
        title: The sentence above the picture.
        value: What is plotted, with its unit.
        reference: The line they are held against: no change, the rate of all.
        log: Whether ratios are drawn so that half and double lie equally far from 1.

    A span that does not hold the reference is coloured.  Equal figures stand by name.

    Raises:
        InputError: There is nothing to draw.
        InjuryprevError: Matplotlib is not installed.
    """
    if not spans:
        raise InputError("nothing to draw", where="span_plot", expected="at least one span")
    mpl = _matplotlib()
    ordered = sorted(spans, key=lambda span: (span.value, span.name))
    with _style(mpl):
        picture: Figure = mpl.figure.Figure(figsize=(8, 1.2 + 0.21 * len(ordered)), layout="constrained")
        axes = picture.subplots()
        if log:
            axes.set_xscale("log")
            axes.xaxis.set_major_formatter("{x:g}")
            axes.xaxis.set_minor_formatter("{x:g}")
            axes.tick_params(axis="x", which="both", labelsize=8)
        axes.axvline(reference, color=_INK, linewidth=1)
        for place, span in enumerate(ordered):
            colour = _IN if span.low <= reference <= span.high else _HIGH if span.value > reference else _LOW
            axes.plot([span.low, span.high], [place, place], color=colour, linewidth=2, solid_capstyle="butt")
            axes.plot([span.value], [place], "o", color=colour, markersize=5)
        axes.set_yticks(range(len(ordered)), [span.name for span in ordered], fontsize=8)
        axes.set_ylim(-0.8, len(ordered) - 0.2)
        axes.set_title(title)
        axes.set_xlabel(value)
    return picture
