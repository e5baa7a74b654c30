"""The work the report tells of, figure by figure; what it does not print is not here.

"More than 350" stays a lower bound. Since when the figures "to date" are counted is not printed; the objects need days,
so the year 2016, at whose end the report stops, frames them all.
"""

from __future__ import annotations

from injuryprev import Period
from injuryprev.model import (
    Attendance,
    Campaign,
    Caravan,
    DistrictAppraisal,
    ExpertExchange,
    Films,
    Lecture,
    OnlineChannel,
    Screens,
    Tally,
    TourStop,
    TrainingPlan,
)

FRAME = Period.year(2016)

CARAVAN = Caravan(
    id="caravan",
    period=FRAME,
    days=210,
    districts=13,
    points=Tally(350, "more_than"),
    employers=Tally(300, "more_than"),
    leaflets=50_000,
    films=Films(number=3, hours=1_500),
    equipment=["75-inch screen", "sound system", "injury manikin", "wall charts"],
    health_checks=Attendance(heads=Tally(1_500, "more_than")),
    attendance=Attendance(heads=300_000, once=False),  # an audience over a whole tour: who came twice counts twice
)

TRAINING = TrainingPlan(
    id="thousand-person-training", period=FRAME, central=4, tailored=4, attendance=Attendance(heads=1_400)
)

# How many lectures there were is not printed: one stands for each country that is named.
EXCHANGE = ExpertExchange(
    id="exchange",
    period=FRAME,
    lectures=[
        Lecture(topic="the prevention system of Germany", lecturer_from="Germany"),
        Lecture(topic="the prevention system of Japan", lecturer_from="Japan"),
    ],
)

WECHAT = Campaign(id="wechat", period=FRAME, channels=[
    OnlineChannel("WeChat", posts=Tally(200, "more_than"), contents=["policies", "news", "procedures"]),
])  # fmt: skip

LED = Campaign(id="led", period=FRAME, channels=[Screens("busy districts", months=3, hours=1_350)])

# The schedule and the appraisals themselves are not printed. These are of Lakeside, which is made up: they show the
# four parts of a schedule (time, place, route, content) and that districts are appraised.
SCHEDULE = Caravan(
    id="lakeside-caravan",
    period=FRAME,
    stops=[
        TourStop("2016-05-10", "north gate square", "film, manikin, consultation", route="north", district="north",
                 starts="09:00", ends="11:30", zone="Asia/Shanghai"),
        TourStop("2016-05-11", "harbour canteen", "film, wall charts, health checks", route="harbour",
                 district="harbour", starts="13:00", ends="16:00", zone="Asia/Shanghai"),
    ],
    appraisals=[
        DistrictAppraisal("north", "2016-12-20", 88, 100),
        DistrictAppraisal("harbour", "2016-12-20", 93, 100),
    ],
)  # fmt: skip
