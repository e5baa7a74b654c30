"""Joint action: meetings, dangers and their deadlines, data owed, lists, inspections, notices."""

from injuryprev.prevention.joint.bulletins import Bulletin, Group, bulletin, former_period
from injuryprev.prevention.joint.calendar import Held, conferences, days_of
from injuryprev.prevention.joint.exchanges import Delivery, deliveries
from injuryprev.prevention.joint.inspection import Inspection, Notices, graded_notices, inspection_list
from injuryprev.prevention.joint.lists import Checklist, Expiring, checklist, expiring, in_force, listed, revoked
from injuryprev.prevention.joint.mechanisms import Mechanism, list_mechanisms, mechanism
from injuryprev.prevention.joint.suppression import GroupRow, put_together
from injuryprev.prevention.joint.tasks import outstanding, overdue, states

__all__ = [
    "Bulletin",
    "Checklist",
    "Delivery",
    "Expiring",
    "Group",
    "GroupRow",
    "Held",
    "Inspection",
    "Mechanism",
    "Notices",
    "bulletin",
    "checklist",
    "conferences",
    "days_of",
    "deliveries",
    "expiring",
    "former_period",
    "graded_notices",
    "in_force",
    "inspection_list",
    "list_mechanisms",
    "listed",
    "mechanism",
    "outstanding",
    "overdue",
    "put_together",
    "revoked",
    "states",
]
