"""Where a bulk order stands, which follows from where its campaigns do (``bulk_status`` in the database)."""

from __future__ import annotations

from enum import StrEnum


class BulkStatus(StrEnum):
    """The states of a bulk order: ``PARTIAL`` when its campaigns did not all end the same way."""

    PENDING = "pending"
    PROCESSING = "processing"
    PAUSED = "paused"
    COMPLETED = "completed"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether all of its campaigns have ended."""
        return self not in (BulkStatus.PENDING, BulkStatus.PROCESSING, BulkStatus.PAUSED)
