"""The statistics agree with results that others have published, to six digits at least."""

from __future__ import annotations

import math

import pytest

from injuryprev.measures.statistics import (
    Interval,
    Point,
    RateComparison,
    Standardised,
    compare_rates,
    count_interval,
    directly_standardised,
    expected_cases,
    funnel,
    proportion_interval,
    rate_interval,
    shrink,
    standardised_ratio,
)

# Test data of R package PHEindicatormethods 2.1.0 (dhsc-govuk / ukhsa-collaboration), worked out there in Excel.
EXPOSURES = [636, 558, 609, 543, 384, 594, 669, 843, 660, 576, 606, 522, 426, 273, 300, 288, 153, 123, 207]
BIG = [127, 25, 18, 21, 12, 27, 48, 27, 29, 32, 32, 34, 45, 65, 38, 68, 74, 82, 91]
SMALL = [12, 4, 3, 2, 3, 4, 8, 2, 2, 3, 4, 5, 6, 8, 5, 6, 5, 5, 4]
REFERENCE_COUNTS = [
    10303, 2824, 0, 3615, 3641, 3490, 3789, 3213, 3031, 2771, 3089, 3490, 3595, 4745, 5514, 7125, 5694, 6210, 5757,
]  # fmt: skip
REFERENCE_EXPOSURES = [
    50520, 57173, 60213, 54659, 44345, 50128, 62163, 67423, 62899, 55463,
    60479, 49974, 44140, 40888, 37239, 30819, 18136, 15325, 13918,
]  # fmt: skip
EUROPE_2013 = [
    5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000, 7000, 6500, 6000, 5500, 5000, 4000, 2500, 1500, 1000,
]  # fmt: skip
EUROPE_1976 = [8000, *[7000] * 10, 6000, 5000, 4000, 3000, 2000, 1000, 1000]


def same(value: object, published: float, digits: int = 9) -> bool:
    """Whether a value has the published digits."""
    return isinstance(value, float) and math.isclose(value, published, rel_tol=10.0**-digits)


def limits(interval: object) -> tuple[float, float]:
    """The two limits of what must be an interval."""
    assert isinstance(interval, Interval), interval
    return interval.low, interval.high


@pytest.mark.parametrize(
    ("count", "level", "low", "high"),
    [
        (65, 0.95, 50.163187710459454, 82.84913854593984),
        (1045, 0.95, 982.5932018073325, 1110.33121298565),
        (1, 0.95, 0.01307213290150435, 5.5637555824752605),
        (65, 0.998, 42.8802614714802, 94.00029084431802),
        (1045, 0.998, 947.9407035610374, 1148.806160988033),
        (10, 0.998, 2.916318374695686, 24.193724927880535),
    ],
)
def test_byar(count: int, level: float, low: float, high: float) -> None:
    """Byar's limits of PHEindicatormethods' test data."""
    found = limits(count_interval(count, level=level, method="byar"))
    assert same(found[0], low)
    assert same(found[1], high)


@pytest.mark.parametrize(
    ("count", "exposure", "low", "high", "low_998", "high_998"),
    [
        (1, 100, 0.025317807984289897, 5.571643390938898, 0.0010005003335835344, 9.233413476451585),
        (5, 100, 1.62348639011842, 11.668332079322669, 0.739371731917839, 16.454745203680105),
        (20, 100, 12.211428834875937, 30.889880369197066, 8.922802365144193, 38.08503562504191),
        (9856, 12345, 78.26949058976757, 81.4300165427214, 77.37590543271052, 82.3544727709543),
        (7776456, 7564336677, 0.10273196005302074, 0.10287648334092832, 0.102690317308454, 0.10291817639509068),
        (222, 3215, 6.026574877652675, 7.87572937087185, 5.560737695259854, 8.46104668173341),
        (250, 220, 99.98494738532876, 128.63114487455782, 92.71000554438953, 137.65123772147458),
    ],
)
def test_rates_by_the_english_rule(
    count: int, exposure: int, low: float, high: float, low_998: float, high_998: float
) -> None:
    """Rates per 100 with exact limits below 10 cases and Byar's from 10: PHEindicatormethods' test data."""
    found = limits(rate_interval(count, exposure, per=100, method="ohid"))
    wide = limits(rate_interval(count, exposure, per=100, level=0.998, method="ohid"))
    assert [*map(same, (*found, *wide), (low, high, low_998, high_998))] == [True] * 4


def test_the_rule_changes_at_ten() -> None:
    """9 cases are exact and 10 are Byar's."""
    for count, method in ((9, "exact"), (10, "byar")):
        assert limits(count_interval(count, method="ohid")) == limits(count_interval(count, method=method))  # type: ignore[call-overload]  # the names are among the choices
        other = "byar" if method == "exact" else "exact"
        assert limits(count_interval(count, method="ohid")) != limits(count_interval(count, method=other))  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("events", "total", "low", "high", "low_998", "high_998"),
    [
        (1, 100, 0.0017674320641406511, 0.054486196178705294, 0.000873065697299977, 0.1045544528370582),
        (65, 100, 0.5525444329688797, 0.7363575175690247, 0.4954946574070431, 0.7783540614089697),
        (9856, 12345, 0.7912101752909069, 0.8053640073614909, 0.7869924108419063, 0.8093061412589626),
        (
            7776456, 7564336677, 0.0010273201001641094, 0.0010287644578977231,
            0.0010269040118442213, 0.0010291812992698397,
        ),
        (999, 3456, 0.27418951080009873, 0.30440389662818057, 0.26583995768074953, 0.3134475449279985),
    ],
)  # fmt: skip
def test_wilson(events: int, total: int, low: float, high: float, low_998: float, high_998: float) -> None:
    """Wilson's limits of PHEindicatormethods' test data."""
    found = limits(proportion_interval(events, total))
    wide = limits(proportion_interval(events, total, level=0.998))
    assert [*map(same, (*found, *wide), (low, high, low_998, high_998))] == [True] * 4


@pytest.mark.parametrize(
    ("counts", "weights", "value", "low", "high"),
    [
        (BIG, EUROPE_2013, 1043.0247991469423, 971.770906798568, 1117.894091547925),
        (SMALL, EUROPE_2013, 110.3212025300104, 87.7455767536709, 136.70882227251795),
        (BIG[:18], EUROPE_1976, 859.2097585022366, 799.1160931442103, 922.5253880318318),
    ],
)
def test_dobson(counts: list[int], weights: list[int], value: float, low: float, high: float) -> None:
    """Directly standardised rates per 10,000 with Dobson's limits: PHEindicatormethods' test data."""
    for method in ("byar", "ohid"):
        found = directly_standardised(counts, EXPOSURES[: len(counts)], weights, per=10_000, method=method)
        assert isinstance(found, Standardised)
        assert same(found.value, value)
        assert [*map(same, limits(found.interval), (low, high))] == [True, True]


def test_dobson_at_another_level() -> None:
    """The 99.8 % limits of the same data."""
    found = directly_standardised(BIG, EXPOSURES, EUROPE_2013, per=10_000, level=0.998, method="byar")
    assert isinstance(found, Standardised)
    assert [*map(same, limits(found.interval), (932.3287880219904, 1162.0595999522059))] == [True, True]


@pytest.mark.parametrize(
    ("observed", "ratio", "low", "high", "low_998", "high_998"),
    [
        (895, 107.07232939020275, 100.17147712553987, 114.3233287249895, 96.35155619614437, 118.60070415876287),
        (91, 10.886683770400502, 8.765040101829404, 13.366576328418912, 7.695425528392111, 14.897920510466744),
        (9, 1.0767049882813684, 0.4923380825095776, 2.043921455549973, 0.2933930655068262, 2.710589651469021),
    ],
)
def test_standardised_ratios(
    observed: int, ratio: float, low: float, high: float, low_998: float, high_998: float
) -> None:
    """Indirectly standardised ratios x 100, from the strata on: PHEindicatormethods' test data."""
    expected = expected_cases(EXPOSURES, REFERENCE_COUNTS, REFERENCE_EXPOSURES)
    assert isinstance(expected, float)
    assert same(expected, 835.8835612311743)
    for level, wanted in ((0.95, (low, high)), (0.998, (low_998, high_998))):
        found = standardised_ratio(observed, expected, per=100, level=level, method="ohid")
        assert isinstance(found, Standardised)
        assert same(found.value, ratio)
        assert [*map(same, limits(found.interval), wanted)] == [True, True]


@pytest.mark.parametrize(
    ("figures", "ratio", "low", "high", "digits"),
    [
        pytest.param((41, 28010, 15, 19017), 1.855759, 1.005684, 3.6093, 5, id="Stata, iri"),
        pytest.param((2, 17877, 9, 16660), 0.207094155743, 0.0217740627591, 1.00054910449, 11, id="rateratio.test"),
        pytest.param((11, 800, 21, 3011), 1.971488, 0.8584264, 4.2772659, 6, id="R, poisson.test"),
    ],
)
def test_two_rates(figures: tuple[int, int, int, int], ratio: float, low: float, high: float, digits: int) -> None:
    """Ratios and exact intervals as Stata's `iri`, R package rateratio.test and R's `poisson.test` print them."""
    found = compare_rates(*figures)
    assert isinstance(found, RateComparison)
    assert [
        same(value, published, digits)
        for value, published in ((found.ratio, ratio), (found.interval.low, low), (found.interval.high, high))
    ] == [True] * 3


def test_two_rates_just_not_beyond_chance() -> None:
    """The central p value of rateratio.test's example, Fay 2010: 0.0501."""
    found = compare_rates(2, 17877, 9, 16660)
    assert isinstance(found, RateComparison)
    assert same(found.p_value, 0.0501064956141, 11)
    assert not found.beyond_chance


# Limits at the exposure at which a count lies on them exactly, PHEindicatormethods' funnel test data (its bisection
# stops at seven digits): count, then expected cases and ratio for the four limits.
FUNNEL = [
    (1, 5.571644585, 0.1794802207, 0.025317898, 39.49774946, 9.233410143, 0.1083023482, 0.001000547, 999.4532721),
    (5, 11.6683331, 0.4285102213, 1.623486324, 3.07979188, 16.45474478, 0.3038637225, 0.739371928, 6.762496398),
    (28, 40.46778889, 0.6919083243, 18.60579439, 1.504907526, 48.51942314, 0.5770884769, 14.44057519, 1.938980937),
    (105, 127.1089168, 0.8260632112, 85.87960596, 1.222641846, 140.6834151, 0.7463563477, 76.1589912, 1.378694732),
    (684, 737.2376756, 0.9277876357, 633.6939776, 1.079385357, 768.7368323, 0.8897713382, 606.0208883, 1.128673967),
]


@pytest.mark.parametrize("row", FUNNEL, ids=[str(row[0]) for row in FUNNEL])
def test_funnel_limits_of_ratios_and_rates(row: tuple[float, ...]) -> None:
    """The four Poisson limits, as ratios and as rates per 100,000 around a mean of 116.172."""
    plot = funnel([1], [1], kind="ratio")
    rates = funnel([1], [1], kind="rate", target=116.1720835, per=100_000)
    names = ("low_2", "high_2", "low_3", "high_3")
    for name, expected, ratio in zip(names, row[1::2], row[2::2], strict=True):
        (found,) = plot.limits([expected])
        assert same(getattr(found, name), ratio, 5 if row[0] == 1 else 6), name
        (rate,) = rates.limits([expected / 116.1720835e-5])
        assert same(getattr(rate, name), ratio * 116.1720835, 5 if row[0] == 1 else 6), name


@pytest.mark.parametrize(
    ("total", "low_2", "high_2", "low_3", "high_3"),
    [
        (1, 3.204264, 100, 0, 100),
        (7, 51.373565, 100, 34.494842, 100),
        (41, 68.548635, 92.73626, 61.574398, 99.710497),
        (539, 77.306949, 83.977947, 75.38344, 85.901456),
        (89294, 80.383302, 80.901594, 80.233858, 81.051037),
    ],
)
def test_funnel_limits_of_proportions(total: int, low_2: float, high_2: float, low_3: float, high_3: float) -> None:
    """The four score limits around 80.642448 %: PHEindicatormethods' funnel test data."""
    (found,) = funnel([1], [2], kind="proportion", target=80.642448, per=100).limits([total])
    for name, wanted in (("low_2", low_2), ("high_2", high_2), ("low_3", low_3), ("high_3", high_3)):
        assert getattr(found, name) == pytest.approx(wanted, rel=1e-6, abs=1e-6), name


# Of the 300 ratios in PHEindicatormethods' funnel test data the eight of each zone that lie nearest to its border:
# observed, expected.
ZONES = {
    "inside": [
        (85, "67.9184978"),
        (72, "90.53187476"),
        (46, "61.18648577"),
        (118, "98.01478528"),
        (261, "230.9734513"),
        (220, "249.8012944"),
        (57, "72.87138839"),
        (119, "140.9618574"),
    ],
    "high_2": [
        (355, "318.5570711"),
        (182, "143.6804295"),
        (164, "138.9830508"),
        (94, "67.43668843"),
        (207, "177.7129121"),
        (233, "201.7490692"),
        (156, "130.4020731"),
        (252, "218.7689904"),
    ],
    "high_3": [
        (275, "226.4679239"),
        (141, "106.7211626"),
        (104, "73.9476678"),
        (115, "82.14285714"),
        (335, "276.3114484"),
        (228, "179.598267"),
        (253, "200.9531374"),
        (124, "88.44507846"),
    ],
    "low_2": [
        (83, "103.0799801"),
        (77, "107.8582435"),
        (117, "140.709561"),
        (85, "105.5376211"),
        (48, "64"),
        (41, "64.5059786"),
        (102, "124.7553816"),
        (40, "55.14959327"),
    ],
    "low_3": [
        (66, "95.61060409"),
        (46, "71.75167681"),
        (84, "117.4004193"),
        (98, "134.6338783"),
        (121, "162.3289509"),
        (66, "98.43400447"),
        (47, "75.16392132"),
        (105, "144.8675497"),
    ],
}


@pytest.mark.parametrize("zone", list(ZONES))
def test_funnel_zones(zone: str) -> None:
    """The units lie where PHEindicatormethods puts them."""
    plot = funnel([row[0] for row in ZONES[zone]], [row[1] for row in ZONES[zone]], kind="ratio")
    assert {point.zone for point in plot.points if isinstance(point, Point)} == {zone}
    assert plot.outside(2) == (() if zone == "inside" else tuple(range(8)))
    assert plot.outside(3) == (tuple(range(8)) if zone.endswith("3") else ())


# Deaths of children under five in Auckland 1977-85 and children under five in 1981, by area (data of R package
# spData, from Bailey & Gatrell 1995).
AUCKLAND_DEATHS = [
    8, 2, 5, 8, 1, 2, 2, 1, 6, 2, 15, 6, 6, 3, 2, 5, 3, 1, 5, 4, 3, 8, 20, 13, 4, 3, 2, 0, 3, 1, 2, 4, 2, 5, 4,
    10, 8, 7, 3, 7, 15, 9, 8, 14, 12, 10, 5, 6, 5, 3, 4, 9, 4, 4, 10, 6, 8, 3, 4, 7, 3, 8, 6, 8, 24, 15, 1, 8, 5,
    1, 5, 15, 11, 4, 1, 5, 2, 13, 14, 3, 11, 26, 5, 4, 1, 4, 5, 8, 5, 4, 11, 4, 1, 5, 2, 6, 4, 9, 16, 4, 2, 12, 5,
    7, 12, 12, 14, 12, 7, 3, 3, 5, 9, 9, 4, 3, 11, 10, 2, 10, 17, 5, 9, 17, 10, 18, 10, 17, 9, 6, 29, 12, 8, 11,
    11, 3, 8, 24, 4, 7, 7, 4, 1, 3, 15, 34, 27, 26, 8, 13, 11, 31, 7, 17, 14, 38, 4, 27, 10, 10, 6, 18, 2, 5, 28,
    18, 3,
]  # fmt: skip
AUCKLAND_CHILDREN = [
    252, 45, 360, 366, 54, 36, 72, 27, 708, 234, 522, 183, 165, 225, 93, 225, 144, 120, 336, 369, 534, 429, 858,
    756, 354, 72, 63, 45, 75, 114, 180, 282, 144, 402, 168, 699, 423, 408, 165, 195, 273, 522, 372, 369, 429, 447,
    222, 264, 432, 201, 189, 327, 198, 279, 306, 306, 162, 189, 315, 429, 141, 522, 570, 435, 981, 858, 138, 204,
    39, 6, 90, 486, 324, 165, 189, 438, 153, 375, 234, 219, 435, 933, 99, 81, 93, 234, 183, 393, 303, 339, 450,
    258, 135, 168, 153, 177, 288, 516, 318, 201, 66, 309, 261, 516, 285, 495, 255, 444, 465, 261, 225, 414, 471,
    459, 282, 150, 225, 228, 21, 288, 366, 204, 216, 378, 309, 480, 384, 348, 351, 450, 543, 423, 399, 345, 339,
    288, 306, 1359, 372, 330, 360, 192, 162, 183, 528, 795, 891, 1209, 357, 618, 528, 1248, 186, 918, 387, 1290,
    255, 1407, 570, 306, 312, 594, 177, 177, 762, 714, 303,
]  # fmt: skip


def test_marshall() -> None:
    """The mean and the variance between areas that R package spdep publishes for `EBest` of these data."""
    found = shrink(AUCKLAND_DEATHS, [9 * children for children in AUCKLAND_CHILDREN])
    assert found.prior is not None
    assert f"{found.mean:.7g}" == "0.002633436"
    assert f"{found.prior.variance:.7g}" == "7.284173e-07"
