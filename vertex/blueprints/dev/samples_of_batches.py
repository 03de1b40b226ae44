"""What became of many things at once, in all its states, stored nowhere."""

from collections.abc import Mapping
from typing import Any

from vertex.blueprints.dev._parts import Sample
from vertex.models import Batch, BatchAction, Thing, utcnow, uuid7


def _batch(action: BatchAction, **given: Any) -> dict[str, Any]:
    batch = Batch(
        id=uuid7(), thing=Thing.ORDER, action=action, wanted=None, undone_at=None,
        **{"done": [{"id": str(uuid7()), "name": "2026-0042", "before": None}], "refused": [],
           "finished_at": utcnow(), **given},
    )  # fmt: skip
    reason = "Somebody else has moved order 2026-0043 meanwhile."
    return {
        "batch": batch,
        "refused": [(one, reason) for one in batch.refused],
        "can_be_undone": True,
        "ready": True,
        "progress": 0.4,
        "ask_again": 3600,  # here nothing would ever end it
        "title": "1 order: Ready to print",
    }


def _refused() -> dict[str, Any]:
    one = {"id": str(uuid7()), "name": "2026-0043", "code": "order_moved_meanwhile", "params": {}}
    return _batch(BatchAction.MOVE, refused=[one, {**one, "name": ""}])


SAMPLES: Mapping[str, Sample] = {
    "batch-refused": Sample("batches/show.html", "batch_state", _refused),
    "batch-export-working": Sample(
        "batches/show.html", "batch_state", lambda: _batch(BatchAction.EXPORT, finished_at=None)
    ),
    "batch-export-ready": Sample(
        "batches/show.html", "batch_state", lambda: _batch(BatchAction.EXPORT)
    ),
    "batch-export-gone": Sample(
        "batches/show.html",
        "batch_state",
        lambda: {**_batch(BatchAction.EXPORT), "ready": False},
    ),
}
