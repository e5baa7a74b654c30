"""Pictures say what the figures say: every unit, its colour, the limits, and what could not be drawn."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from injuryprev.errors import InputError
from injuryprev.measures import funnel
from injuryprev.report.pictures import Span, funnel_plot, span_plot, svg

NAMES = ["a", "b", "c", "d", "e"]
PLOT = funnel([10, 100, 400, 50, None], [1000, 10_000, 20_000, 10_000, 500], per=1000)


def texts(drawn: str) -> list[str]:
    """Everything written in a picture."""
    return [text for element in ET.fromstring(drawn).iter() if (text := (element.text or "").strip())]  # noqa: S314 - our own


def picture() -> str:
    """The funnel of the five."""
    return svg(funnel_plot(PLOT, NAMES, title="Two stand out", size="insured persons", value="cases per 1,000"))


def test_outside_units_are_named() -> None:
    """Of five units two lie outside the limits: they are named, those inside are not."""
    assert [NAMES[index] for index in PLOT.outside()] == ["b", "c", "d"]
    said = texts(picture())
    assert {"b", "c", "d", "Two stand out", "insured persons", "cases per 1,000"} <= set(said)
    assert "a" not in said


def test_limits_are_named_where_there_is_room() -> None:
    """Two lines far apart have each its name; where they lie together at the end of the funnel, one for both."""
    few = funnel([3, 9, 1], [300, 350, 320], per=1000)
    apart = texts(svg(funnel_plot(few, NAMES[:3], title="t", size="s", value="v")))
    assert apart.count("3 SD") == 2
    assert texts(picture()).count("2, 3 SD") == 2


@pytest.mark.parametrize("cases", [(300, 301), (301, 300), (300, 305), (300, 340)])
def test_names_do_not_cover_one_another(cases: tuple[int, int]) -> None:
    """Two units side by side: their names lie on different lines, or on different sides."""
    plot = funnel([*cases, 100], [10_000, 10_100, 20_000], per=1000)
    drawn = svg(funnel_plot(plot, ["Northern hills", "Southern hills", "Coast"], title="t", size="s", value="v"))
    found = re.findall(r'text-anchor: (start|end)[^>]* x="([\d.]+)" y="([\d.]+)"[^>]*>\w+ hills<', drawn)
    (side, _, first), (other, _, second) = found
    assert side != other or abs(float(first) - float(second)) > 8


def test_what_is_not_drawn_is_said() -> None:
    """A unit without a figure is no point at zero; it is named below."""
    assert "not drawn, for lack of figures: e" in texts(picture())


def test_every_unit_is_a_point_of_its_zone() -> None:
    """One marker for each known unit, in the colour of its side."""
    drawn = picture()
    markers = re.findall(r'<use [^>]*style="fill: (#[0-9a-f]{6})', drawn)
    points = [colour for colour in markers if colour in {"#9aa5b1", "#b3261e", "#1f5fa8"}]
    assert sorted(points) == ["#1f5fa8", "#1f5fa8", "#9aa5b1", "#b3261e"]


def test_the_same_figures_are_the_same_picture() -> None:
    """No date, no random names of parts: what is committed changes only with what it shows."""
    assert picture() == picture()
    assert not re.search(r"\d{4}-\d{2}-\d{2}T", picture())


def test_units_may_be_chosen() -> None:
    """Whoever is asked for is named, inside or not."""
    drawn = texts(svg(funnel_plot(PLOT, NAMES, title="t", size="s", value="v", named=["a"])))
    assert "a" in drawn
    assert "c" not in drawn


def test_spans_stand_in_order_and_tell_their_side() -> None:
    """From the highest down; one that holds the reference is grey, the others coloured by their side."""
    spans = [Span("up", 1.5, 1.2, 1.9), Span("same", 1.0, 0.9, 1.1), Span("down", 0.5, 0.4, 0.7)]
    drawn = svg(span_plot(spans, title="t", value="ratio", reference=1, log=True))
    said = texts(drawn)
    assert [name for name in said if name in {"up", "same", "down"}] == ["down", "same", "up"]
    markers = re.findall(r'<use [^>]*style="fill: (#[0-9a-f]{6})', drawn)
    assert [one for one in markers if one in {"#9aa5b1", "#b3261e", "#1f5fa8"}] == ["#1f5fa8", "#9aa5b1", "#b3261e"]


def test_what_cannot_be_drawn_is_refused() -> None:
    """Names that do not fit, nothing to draw, a span that does not hold its value."""
    with pytest.raises(InputError, match="a name for each point"):
        funnel_plot(PLOT, NAMES[:2], title="t", size="s", value="v")
    with pytest.raises(InputError, match="nothing to draw"):
        span_plot([], title="t", value="v", reference=1)
    with pytest.raises(InputError, match="holds its value"):
        Span("a", 3, 1, 2)
    with pytest.raises(InputError, match="all finite"):
        Span("a", 3, 1, float("inf"))
