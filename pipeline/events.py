"""What the processes write into their logs: one event a line, under a stable name, with its fields as ``name=value``.

Whoever reads logs by a program goes by ``EVENTS``; docs/logs.md has the same table, and tests hold both to the code.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

LINE: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"
_OURS = ("api", "jobs", "pipeline", "services", "store", "ui")
_LONGEST = 500
_BARE = re.compile(r"[\w.:@/+-]+", re.ASCII)

EVENTS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "api_request_failed": ("A program's request ended with an error of ours", ()),
    "api_unavailable": ("A program's request came while the database did not answer", ("reason",)),
    "beside_postponed": (
        "Work beside campaigns waits for the database or another server",
        ("work", "reason"),
    ),
    "bulk_ordered": ("Somebody ordered many campaigns at once", ("bulk_id", "campaigns")),
    "campaign_crashed": ("A campaign ended by a fault of ours", ("campaign_id", "job_id", "reference")),
    "campaign_ended": (
        "A worker wrote the end of a campaign",
        ("campaign_id", "job_id", "attempt", "status"),
    ),
    "campaign_not_watched": ("A page could not ask for news of its campaign", ("reason",)),
    "campaign_ordered": ("Somebody ordered a campaign", ("campaign_id", "job_id")),
    "campaign_taken": ("A worker took a campaign", ("campaign_id", "job_id", "attempt", "worker")),
    "database_away": ("A campaign lost its database and waits for it", ("campaign_id", "job_id", "reason")),
    "duty_failed": ("A duty failed", ("duty",)),
    "duty_not_noted": ("What came of work could not be noted; it is done", ("duty",)),
    "export_not_sent": ("A file of a schedule was not sent", ("run_id", "target", "reason")),
    "export_not_heard": ("A file that is made could not say that it goes on", ("reason",)),
    "heartbeat_missed": (
        "A campaign's lease could not be extended this time",
        ("campaign_id", "job_id", "reason"),
    ),
    "job_revived": ("A campaign nobody ran waits for a worker again", ("job_id", "attempt")),
    "lease_lost": ("A worker lost its campaign to another one", ("campaign_id", "job_id")),
    "locked_out": ("The database does not let this process in", ("reason",)),
    "mail_failed": (
        "A mail was not taken",
        ("reason", "campaign_id", "alert_id", "invitation_id", "mention_mail_id", "billing_mail_id"),
    ),
    "page_failed": ("A page ended with an error of ours", ("reference",)),
    "page_reconnects": ("A live page shows what it read before the database went away", ("reason",)),
    "page_waits": ("A page could not be drawn without the database", ("reason",)),
    "provider_called": (
        "A provider was asked",
        ("campaign_id", "job_id", "call_id", "provider", "operation", "outcome", "took_ms"),
    ),
    "reconciler_postponed": ("Campaigns nobody runs are looked for later", ("reason",)),
    "redis_away": ("Redis does not answer", ("reason",)),
    "redis_refuses": ("Redis takes no writes", ("reason",)),
    "request_failed": ("A request ended with an error of ours", ("reference",)),
    "schedule_not_placed": ("The order of a schedule could not be placed", ("schedule_id", "reason")),
    "schedule_was_due": (
        "A schedule was due, with what came of it and how many times before had passed",
        ("schedule_id", "outcome", "missed"),
    ),
    "secret_wrong": ("APP_SECRET is not that of the database", ("reason",)),
    "session_not_looked_up": ("Whether a session holds could not be asked", ("reason",)),
    "stand_in_postponed": ("A web server could not see whether a worker lives", ("reason",)),
    "stood_in": ("A web server told of an alert because no worker lives", ("said",)),
    "stream_refused": ("Somebody had too many pages open", ("reason",)),
    "wallet_wrong": ("The balance of a wallet does not follow from its entries", ("workspace_id",)),
    "sums_wrong": ("The sums of a campaign do not follow from its calls", ("campaign_id",)),
    "take_back_failed": ("A campaign whose process died waits for its lease to end", ("job_id",)),
    "tile_not_kept": ("A tile of the map could not be kept on disk", ("reason",)),
    "tile_unavailable": ("A tile of the map could not be had", ("reason",)),
    "wake_up_ignored": ("A wake-up came for a job that is taken or done", ("job_id", "attempt")),
    "webhook_failed": ("A message of a webhook did not arrive", ("delivery_id", "reason")),
    "stripe_event_refused": (
        "Something told to /api/stripe/events was not signed by Stripe, or long ago",
        (),
    ),
    "stripe_refused": ("Stripe did not do what it was asked", ("reason",)),
    "crm_failed": ("A customer system did not do what it was asked", ("crm", "reason")),
    "worker_goodbye_failed": ("A worker that ended stays in the list for a while", ()),
}
"""Each event: when it is written, and its fields. ``request_id`` stands on each that a click or a request led to."""

_request: ContextVar[str] = ContextVar("request_id", default="")


@contextmanager
def request(named: str) -> Iterator[None]:
    """All that is written while this lasts belongs to one request or one click."""
    before = _request.set(named)
    try:
        yield
    finally:
        _request.reset(before)


def request_id() -> str:
    """What all that is written now belongs to; "" for what nobody asked for."""
    return _request.get()


def info(log: logging.Logger, event: str, **fields: object) -> None:
    """Something happened as it should."""
    _write(log, logging.INFO, event, fields)


def warning(log: logging.Logger, event: str, **fields: object) -> None:
    """Something did not work this time, and is seen to."""
    _write(log, logging.WARNING, event, fields)


def error(log: logging.Logger, event: str, problem: BaseException | None = None, **fields: object) -> None:
    """Somebody has to look; the traceback of a ``problem`` follows on lines of its own."""
    _write(log, logging.ERROR, event, fields, problem)


def to_stderr() -> None:
    """Write events, with time and level, where the log of this process goes."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(LINE))
    for folder in _OURS:
        ours = logging.getLogger(folder)
        ours.setLevel(logging.INFO)
        ours.propagate = False
        ours.handlers = [handler]


def line(event: str, fields: Mapping[str, object]) -> str:
    """An event as its line says it; no value breaks the line or passes for another field."""
    return " ".join(
        [event, *(f"{name}={_value(value)}" for name, value in fields.items() if value is not None)]
    )


def _value(value: object) -> str:
    text = str(value)[:_LONGEST]
    return text if _BARE.fullmatch(text) else json.dumps(text)


def _write(
    log: logging.Logger,
    level: int,
    event: str,
    fields: Mapping[str, object],
    problem: BaseException | None = None,
) -> None:
    asked = request_id()
    every = {"request_id": asked, **fields} if asked else dict(fields)
    log.log(level, line(event, every), exc_info=problem, extra={"event": event, "fields": every})
