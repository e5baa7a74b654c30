"""What the opinion asks for, acted out at Lakeside, which is made up: it prints no meeting, visit or employer."""

from __future__ import annotations

from injuryprev import Period
from injuryprev.model import (
    AgreedMeasure,
    Campaign,
    Conference,
    Contest,
    DataExchange,
    EmployerEvent,
    HiddenDanger,
    Listing,
    MediaPiece,
    PlaceCheck,
    Recognition,
    Recurrence,
    Service,
)
from injuryprev.model.coordination import PLACE_ITEMS
from injuryprev.model.services import SERVICE_KINDS

YEAR = Period.year(2024)
ONE, TWO = "LH-000004", "LH-000010"

DANGERS = (
    HiddenDanger(id="D-1", employer_id=ONE, what="a press without a guard", grade="major", found_by="safety",
                 set_on="2024-03-04", due="2024-04-03", closed_on="2024-03-28", evidence="re-inspection of 2024-03-28"),
    HiddenDanger(id="D-2", employer_id=TWO, what="a blocked way out", grade="general", found_by="safety",
                 set_on="2024-11-04", due="2024-11-18"),
)  # fmt: skip

CHECKS = tuple(
    PlaceCheck(employer_id=ONE, item=item, in_place=item != "emergency_rescue", on="2024-06-03", evidence="visit 17")
    for item in PLACE_ITEMS
)  # fmt: skip

CONFERENCE = Conference(
    title="joint conference / 联席会议",
    recurrence=Recurrence("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15", "2024-01-15"),
    zone="Asia/Shanghai",
)
NOTIFICATION = DataExchange(
    id="progress", giver="health", receiver="hrss", what="progress of the quarter",
    recurrence=Recurrence("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=10", "2024-01-10"),
)  # fmt: skip
AGREED = AgreedMeasure(id="M-1", set_on="2024-01-15", due="2024-06-30", what="visit all press shops", member="safety")

SERVICES = tuple(Service(id=f"service-{kind}", period=YEAR, kind=kind, employers=[ONE, TWO]) for kind in SERVICE_KINDS)
CUP = Contest(
    id="cup-2024", period=YEAR, kind="ankang_cup", entrants=[ONE, TWO],
    awards=[Recognition(ONE, "ankang_cup", 1, Period("2024-12-01", "2025-12-01"))],
)  # fmt: skip

# The opinion asks for penalties and prints none.
PENALTY = EmployerEvent(TWO, "administrative_penalty", "2024-11-25")

# A constraint of safety credit is an event that profiles can count; the opinion prints no grades of credit.
CREDIT = EmployerEvent(TWO, "joint_punishment", "2024-12-02", "2025-12-02")

PUBLICITY = Campaign(
    id="week", period=Period("2024-06-03", "2024-06-10"),
    channels=[MediaPiece("newspaper"), MediaPiece("television"), MediaPiece("radio")],
)  # fmt: skip
LISTINGS = (
    Listing(list="exemplar", employer_id=ONE, grounds="dangers put right", period=Period("2024-12-01", "2025-12-01")),
    Listing(list="exposed", employer_id=TWO, grounds="D-2 not put right", period=Period("2024-12-02", "2025-06-02")),
)  # fmt: skip
