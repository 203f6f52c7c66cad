"""Lists of addresses at NeverBounce: what is billed of them, how they end, and what is told of them.

By developers.neverbounce.com/reference/jobs-status: rows that are no address (``bad_syntax``) are not billable;
``total.billable`` says how many credits a list takes; a list may fail, or wait for a review by people.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

ODDITIES = {
    "list_failed": "the list fails; nothing is billed",
    "list_failed_billed": "the list fails after all of it was checked and billed",
    "list_under_review": "the list waits for people; nothing is billed",
    "missing_rows": "every fifth address is in no result and not billed",
    "free_rows": "every fifth address counts as bad syntax: an invalid result, not billed",
}
_FIFTH = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One address of a list."""

    email: str
    is_billed: bool
    result: str | None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """One list. ``end`` is the state it comes to once the monotonic clock says ``ready_s``."""

    number: int
    filename: str
    rows: Sequence[Row]
    end: str
    ready_s: float
    created: str

    @property
    def state(self) -> str:
        """Its ``job_status``."""
        return self.end if time.monotonic() >= self.ready_s else "running"

    def told(self) -> dict[str, Any]:
        """What ``jobs/status`` and ``jobs/search`` say of it."""
        state, results = self.state, Counter(row.result for row in self.rows)
        is_done = state == "complete"
        billable = sum(row.is_billed for row in self.rows)
        counted = {name: results[name] * is_done for name in ("valid", "invalid", "catchall", "disposable")}
        counted["unknown"] = results["unknown"] * is_done
        return {
            "id": self.number,
            "filename": self.filename,
            "created_at": self.created,
            "started_at": self.created,
            "finished_at": None if state in ("running", "under_review") else self.created,
            "failure_reason": "The list could not be processed." if state == "failed" else None,
            "total": {
                "records": len(self.rows),
                "billable": billable,
                "processed": len(self.rows) * is_done,
                **counted,
                "duplicates": sum("duplicate" in row.flags for row in self.rows),
                "bad_syntax": sum("bad_syntax" in row.flags for row in self.rows),
            },
            "bounce_estimate": 0.0,
            "percent_complete": 100.0 if is_done else 40.5,
            "job_status": state,
        }

    def results(self) -> list[dict[str, Any]]:
        """Its rows with a result; none before it is complete."""
        if self.state != "complete":
            return []
        return [
            {
                "data": {"email": row.email},
                "verification": {"result": row.result, "flags": list(row.flags), "suggested_correction": ""},
            }
            for row in self.rows
            if row.result is not None
        ]


def made(
    number: int, fields: dict[str, Any], kind: str, verdict: Callable[[str], str], *, takes_s: float
) -> Job:
    """The list of a ``jobs/create``; ``kind`` is one of ODDITIES or something else, for a list without any."""
    ends = {"list_failed": "failed", "list_failed_billed": "failed", "list_under_review": "under_review"}
    return Job(
        number=number,
        filename=str(fields.get("filename") or "Created from Array.csv"),
        rows=list(_rows([str(row["email"]) for row in fields["input"]], kind, verdict)),
        end=ends.get(kind, "complete"),
        ready_s=time.monotonic() + takes_s,
        created=time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime()),
    )


def _rows(emails: Sequence[str], kind: str, verdict: Callable[[str], str]) -> Iterator[Row]:
    seen: set[str] = set()
    for place, email in enumerate(emails, 1):
        is_fifth = place % _FIFTH == 0
        if "@" not in email or (kind == "free_rows" and is_fifth):
            yield Row(email, is_billed=False, result="invalid", flags=("bad_syntax",))
        elif email.casefold() in seen:
            yield Row(email, is_billed=False, result=None, flags=("duplicate",))
        elif kind == "missing_rows" and is_fifth:
            yield Row(email, is_billed=False, result=None)
        else:
            is_billed = kind not in ("list_failed", "list_under_review")
            yield Row(email, is_billed=is_billed, result=verdict(email))
        seen.add(email.casefold())
