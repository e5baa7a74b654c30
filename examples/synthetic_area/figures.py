"""What the made-up area is drawn from. Every figure here is assumed, chosen so that the totals come out near
published ones; only the months of lump sums and the like follow 工伤保险条例 articles 34 to 39.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

EDITION: Final = "GB/T 4754-2011"
OTHER_EDITION: Final = "GB/T 4754-2017"

BASE_RATE: Final[dict[int, Decimal]] = {
    1: Decimal("0.002"),
    2: Decimal("0.004"),
    3: Decimal("0.007"),
    4: Decimal("0.009"),
    5: Decimal("0.011"),
    6: Decimal("0.013"),
    7: Decimal("0.016"),
    8: Decimal("0.019"),
}
"""The base rates named in 人社部发〔2015〕71号; used only to make past contributions plausible."""

CLASS_RISK: Final[dict[int, Decimal]] = {
    1: Decimal("0.0020"),
    2: Decimal("0.0044"),
    3: Decimal("0.0080"),
    4: Decimal("0.0112"),
    5: Decimal("0.0145"),
    6: Decimal("0.0172"),
    7: Decimal("0.0205"),
    8: Decimal("0.0290"),
}
"""Injuries a worker and year."""

PRONENESS: Final = (
    (20, Decimal("0.5"), 1),
    (100, Decimal("0.85"), 1),
    (500, Decimal("1.1"), 2),
    (None, Decimal("1.1"), 5),
)
"""Up to what headcount; injuries recognised there beside the mean of the division; shape of the gamma about that.
Fewer of the injuries in micro firms are reported and recognised, and large firms differ less from one another."""
LARGEST: Final = Decimal(4000)
LOCAL_WAGE: Final = 760_000
"""Mean wage a month in the area, in fen; contribution wages lie between 60 % and 300 % of it."""

DEATH_LUMP: Final[dict[int, int]] = {2022: 948_240_00, 2023: 985_660_00, 2024: 1_036_420_00}
"""Twenty times a year's disposable income a head, in fen; about the national size."""

# code; employers in ten thousand; size, wage and risk in per cent of what is usual (of the class, for the last two)
_DIVISIONS: Final = """
1: 65 180 90 165 80   66 45 320 190 90   67 15 60 190 85   68 25 200 140 110   69 10 60 150 95   75 90 60 130 105
1: 84 60 80 75 120   86 20 70 110 110   90 25 120 110 85   91 120 300 115 115   92 8 60 110 80   93 20 80 100 90
1: 94 60 50 95 100   95 150 50 75 120   96 3 30 140 85
2: 51 1350 42 95 95   52 1000 45 80 90   59 60 120 95 120   60 25 220 95 120   61 160 110 72 105   62 420 80 68 110
2: 63 30 200 140 85   64 70 70 150 80   70 280 90 95 95   71 80 50 90 115   72 850 78 95 100   73 50 90 150 85
2: 74 320 65 130 95   79 150 60 70 110   81 90 60 70 115   82 350 280 100 90   83 130 300 115 105   85 12 90 115 85
2: 87 70 60 90 95
3: 13 110 130 80 115   14 80 140 80 105   15 30 140 85 105   16 4 300 190 80   17 260 170 82 100   20 70 90 76 120
3: 24 110 130 80 105   39 180 260 100 80   40 60 170 105 85   41 50 100 82 110   46 20 180 100 90   76 15 80 90 95
3: 77 25 80 85 110   78 70 130 70 115   80 160 45 85 110   89 60 60 75 95
4: 01 40 60 68 90   03 30 60 68 105   05 25 50 70 95   18 330 170 75 80   19 110 180 75 85   23 90 90 85 95
4: 27 35 280 115 80   28 20 260 95 95   29 260 130 84 110   33 420 110 86 120   34 480 130 92 112   35 240 130 95 105
4: 36 130 260 100 105   37 40 220 100 105   38 360 180 92 100   42 20 60 82 118   43 30 50 90 105   44 40 200 140 85
4: 45 12 140 120 85   53 4 400 130 85   56 5 300 160 82   57 3 200 130 85   88 20 50 85 90
5: 02 12 60 66 90   11 3 120 110 110   21 80 120 80 115   22 60 140 85 108   49 130 90 95 92   50 220 70 88 95
5: 54 260 110 92 105   55 25 150 110 92   58 110 90 90 100
6: 04 12 60 75 110   26 90 170 105 85   30 130 130 86 108   31 15 330 100 105   32 25 240 98 100   47 140 190 90 100
6: 48 130 140 95 98
7: 07 5 350 150 90   12 8 130 100 108   25 40 260 120 98
8: 06 16 420 120 104   08 22 200 95 100   09 20 200 98 104   10 90 110 85 97
"""


@dataclass(frozen=True)
class Division:
    """One of the 96 divisions of GB/T 4754-2011 as the area knows it."""

    code: str
    risk_class: int
    share: int
    size: Decimal
    wage: Decimal
    risk: Decimal
    """Injuries a worker and year: what the synthetic province observed in this division."""


NICE_RISK: Final[dict[str, Decimal]] = {"17": Decimal("0.008"), "34": Decimal("0.0125"), "47": Decimal("0.016")}
"""Round means, so that an employer of a possible size can stand exactly at 1 and 1.5 times the mean."""


def _read() -> dict[str, Division]:
    found = {}
    for line in _DIVISIONS.split("\n"):
        if not line:
            continue
        head, rest = line.split(":")
        words = rest.split()
        for at in range(0, len(words), 5):
            code, share, size, wage, risk = words[at : at + 5]
            mean = NICE_RISK.get(code, (CLASS_RISK[int(head)] * Decimal(risk) / 100).quantize(Decimal("0.00001")))
            found[code] = Division(code, int(head), int(share), Decimal(size) / 100, Decimal(wage) / 100, mean)
    return dict(sorted(found.items()))


DIVISIONS: Final[dict[str, Division]] = _read()

TIERS: Final = ((50, 25), (80, 26), (100, 45), (120, 3), (150, 1))
"""Tiers of the years before, as Chuxiong 2025 published their shares: about half at base, most others below."""
TIERS_CLASS_1: Final = ((100, 97), (120, 2), (150, 1))

GROUNDS: Final = (
    *(("14.1", 7700), ("14.2", 200), ("14.3", 160), ("14.4", 110), ("14.5", 380), ("14.6", 1380), ("14.7", 12)),
    *(("15.1", 36), ("15.2", 14), ("15.3", 8)),
)
GROUNDS_OFFICE: Final = (
    *(("14.1", 5400), ("14.2", 250), ("14.3", 300), ("14.5", 900), ("14.6", 3050), ("15.1", 60)),
    *(("15.2", 25), ("15.3", 15)),
)
DEATH_PER_10_000: Final = {"14.1": 30, "14.3": 60, "14.4": 60, "14.5": 70, "14.6": 90, "15.1": 10_000, "15.2": 700}
GRADES: Final = (
    *((None, 7230), (10, 2000), (9, 530), (8, 130), (7, 50), (6, 20), (5, 14), (4, 10), (3, 7), (2, 5), (1, 4)),
)
LUMP_MONTHS: Final = {1: 27, 2: 25, 3: 23, 4: 21, 5: 18, 6: 16, 7: 13, 8: 11, 9: 9, 10: 7}
PENSION_PER_CENT: Final = {1: 90, 2: 85, 3: 80, 4: 75}
CARE_PER_CENT: Final = {1: 50, 2: 40, 3: 30}
LEAVING_MONTHS: Final = {5: 30, 6: 25, 7: 10, 8: 7, 9: 4, 10: 2}
MEDICAL_MEDIAN: Final[dict[int | None, int]] = {
    None: 2_100,
    10: 7_500,
    9: 15_000,
    8: 25_000,
    7: 36_000,
    6: 60_000,
    5: 80_000,
    4: 130_000,
    3: 160_000,
    2: 200_000,
    1: 240_000,
}
"""Medical cost of one case, in yuan."""

CIRCUMSTANCES: Final[dict[str, tuple[tuple[str, int], ...]]] = {
    "14.4": (("harmful_exposure", 1),),
    "14.6": (("road_traffic", 96), ("rail_or_ferry", 4)),
    "14.3": (("violence", 1),),
    "15.1": (("sudden_illness", 1),),
    "15.2": (("rescue", 1),),
    "15.3": (("old_service_wound", 1),),
}
MECHANISMS: Final = (
    *(("machinery", 33), ("struck_by_object", 22), ("fall_from_height", 11), ("slip_or_trip", 14), ("vehicle", 8)),
    *(("burn", 4), ("lifting", 4), ("electric_shock", 1), ("collapse", 1), ("strain", 2)),
)
OFFICE_MECHANISMS: Final = (("slip_or_trip", 50), ("struck_by_object", 20), ("vehicle", 18), ("burn", 6), ("strain", 6))
TRADES: Final[dict[str, tuple[tuple[str, int], ...]]] = {
    "office": (("clerk", 30), ("sales", 25), ("cook", 15), ("cleaner", 15), ("guard", 8), ("courier", 7)),
    "factory": (
        ("press_operator", 25),
        ("machinist", 20),
        ("assembler", 25),
        ("welder", 10),
        ("loader", 12),
        ("fitter", 8),
    ),
    "building": (
        ("scaffolder", 18),
        ("mason", 25),
        ("carpenter", 20),
        ("rigger", 10),
        ("electrician", 12),
        ("labourer", 15),
    ),
    "transport": (("driver", 50), ("loader", 30), ("mechanic", 12), ("dispatcher", 8)),
    "mine": (("miner", 50), ("blaster", 12), ("driver", 20), ("fitter", 18)),
    "farm": (("field_hand", 60), ("stockman", 25), ("driver", 15)),
}
POSTS: Final[dict[str, tuple[tuple[str, int], ...]]] = {
    "office": (("office", 40), ("shop_floor", 35), ("kitchen", 15), ("gate", 10)),
    "factory": (("press_shop", 28), ("assembly", 32), ("warehouse", 18), ("paint_shop", 8), ("maintenance", 14)),
    "building": (("scaffold", 30), ("shell", 40), ("pit", 15), ("yard", 15)),
    "transport": (("road", 60), ("dock", 30), ("depot", 10)),
    "mine": (("face", 55), ("haulage", 25), ("plant", 20)),
    "farm": (("field", 60), ("stall", 40)),
}


def surroundings(division: Division) -> str:
    """The kind of work place, for trades and posts."""
    number = int(division.code)
    if number <= 5:
        return "farm"
    if number <= 12:
        return "mine"
    if number <= 46:
        return "factory"
    if number <= 50:
        return "building"
    return "transport" if 53 <= number <= 60 else "office"
