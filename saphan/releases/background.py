"""What the worker does for the inward door when both sides live in one process."""

from typing import Any
from uuid import UUID

from saphan.core import clock
from saphan.core.outbox import handler
from saphan.releases.reports import COLLECT, collect_one


@handler(COLLECT)
def collect_sealed_report(payload: dict[str, Any], *, key: str) -> None:  # noqa: ARG001  # each handler gets the key
    """Takes one sealed report to the room that receives it."""
    collect_one(report_id=UUID(payload["report"]), at=clock.now())
