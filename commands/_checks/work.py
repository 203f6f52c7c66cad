"""Whether somebody works, and what waits."""

from __future__ import annotations

from collections.abc import Iterator

from commands._checks.finding import Finding, ok, skipped, warning, wrong
from pipeline.output.notices import counted
from settings import SettingsError
from store import diagnosis
from store.database import DatabaseError, DatabaseNotConfigured, Role, transaction
from store.diagnosis import QueueFacts

_LONG_S = 60


def findings() -> Iterator[Finding]:
    """Workers, the queue, mails that should have gone."""
    try:
        with transaction(Role.SYSTEM) as conn:
            facts = diagnosis.queue(conn)
    except (DatabaseError, DatabaseNotConfigured, SettingsError):
        yield skipped("queue", "It takes the role of workers, which does not get in from here.")
        return
    if facts.workers:
        yield ok("workers", f"{counted(facts.workers, 'worker')} at work.")
    else:
        yield wrong("workers", "No worker runs: campaigns wait.", "Start `manage.py worker`, or `make run`.")
    yield _queue(facts)
    if facts.late_mails:
        said = f"{counted(facts.late_mails, 'mail')} should have gone an hour ago."
        yield warning("mails", said, "`manage.py send-mail` says what becomes of each.")


def _queue(facts: QueueFacts) -> Finding:
    waited = f", the first for {facts.waited_s:,} s" if facts.waiting else ""
    said = f"{facts.running:,} running, {facts.waiting:,} waiting{waited}."
    if facts.left:
        advice = "A worker takes them back within seconds; its log says why not. `manage.py reconcile` does it by hand."
        return warning("queue", f"{said} {facts.left:,} of the running ones without a worker.", advice)
    if facts.unsent:
        advice = "See whether Redis takes writes and a worker runs; `manage.py reconcile` sends them by hand."
        return warning("queue", f"{said} {counted(facts.unsent, 'wake-up')} not sent.", advice)
    if facts.waited_s > _LONG_S:
        return warning("queue", said, "Start more workers; each runs one campaign at a time.")
    return ok("queue", said)
