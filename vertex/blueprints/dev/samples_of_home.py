"""What the first page is shown with."""

from typing import Any

from vertex.blueprints.dev._parts import portrait
from vertex.models import OrderStatus
from vertex.services.dashboard import Numbers


def numbers_of_home(*, is_calm: bool = False) -> dict[str, Any]:
    """The counts of a studio that has trouble, or of one where nothing needs anybody."""
    failed = 0 if is_calm else 1
    return {
        "orders": 5,
        "numbers": Numbers(12, 34, overdue=2 * failed, waiting=3, failed=failed),
        "by_status": [(OrderStatus.NEW, 3), (OrderStatus.PRINTED, 1000)],
        "most": 1000,
        "many": 5_000,
        "poor": [] if is_calm else [portrait()],
        "is_admin": True,
        "is_full": not is_calm,
        "free": 2 * 1024**3,
    }
