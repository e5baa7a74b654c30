"""What changes from one policy to another: what is written, and for whom it comes to something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from injuryprev.engine.policy import Policy
from injuryprev.engine.proof import SECONDS, Proofs

if TYPE_CHECKING:
    from injuryprev.engine.proof.difference import Difference


def diff(before: Policy, after: Policy, *, seconds: float = SECONDS) -> Difference:
    """Compare two policies over every employer that both can be asked about.

    Needs the extra ``proof``.  The policies may be one region's on two days, or two regions' on one.

    Args:
        before: The one.
        after: The other.
        seconds: What one question may take; an output not decided in it is ``not reached``, never the same.

    Returns:
        ``changes``: what is written differently, by entry, sources among it.  ``outputs``: for each output of both
        whether it is proved the same for everybody, or an employer for each region where it differs.

    Raises:
        InputError: The extra is not installed.

    >>> import injuryprev as ip
    >>> toyland = ip.load_profile("toyland")
    >>> found = ip.diff(toyland.on("2023-12-30"), toyland.on("2023-12-31"))
    >>> found.outputs[0].name, found.outputs[0].status
    ('base_rate', 'differs')
    """
    return Proofs(seconds).compare(before.rules, after.rules)
