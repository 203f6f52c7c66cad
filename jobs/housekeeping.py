"""What has to be looked after now and then, beside the campaigns: sources, retention, mails, sums."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import settings
from jobs import reachability
from pipeline.output.notices import counted
from store import (
    api_access,
    audit,
    export_work,
    guests,
    jobs,
    ledger,
    list_work,
    mails,
    retention,
    spend_sums,
    webhooks,
)
from store.database import Role, transaction

log = logging.getLogger(__name__)

_CHECKED_AT_ONCE = 1000
"""Campaigns that ended long ago whose sums are looked at each time: all of a hundred thousand within nine hours."""

_DELIVERY_DAYS = 30
"""Days that what was sent to webhooks can be looked at; our own choice."""


def run() -> Iterator[str]:
    """Do all of it; yields a line on each for people."""
    for label, answers in reachability.check().items():
        yield f"{label} {'answers' if answers else 'cannot be reached'}."
    with transaction(Role.SYSTEM) as conn:
        forgotten = retention.forget_values(conn)
    yield f"Values their source allows to keep for some days only were removed from {forgotten:,} leads."
    with transaction(Role.SYSTEM) as conn:
        let_go = mails.let_go(conn, are_off=not settings.get().smtp_host)
    yield f"Mails that nobody can send any more: {let_go:,} let go."
    with transaction(Role.SYSTEM) as conn:
        gone = retention.forget_old(conn, settings.get().retention_days)
    yield f"{gone:,} rows of campaigns long ended were removed; their leads and sums stay."
    with transaction(Role.SYSTEM) as conn:
        leads = retention.forget_leads(conn, settings.get().lead_retention_days)
    yield f"{counted(leads, 'lead')} older than leads are kept here were removed."
    with transaction(Role.SYSTEM) as conn:
        forgotten = audit.forget(conn, settings.get().audit_days)
    yield f"Notes of who did what that are too old: {forgotten:,} removed."
    yield from _let_go()
    with transaction(Role.SYSTEM) as conn:
        spend_sums.compact(conn)
    yield "What campaigns came to was put together."
    with transaction(Role.SYSTEM) as conn:
        wrong = ledger.wrong_sums(conn, _CHECKED_AT_ONCE)
        for campaign_id in wrong:
            jobs.mark_problem(conn, campaign_id, "The sums do not follow from the calls.")
    for campaign_id in wrong:
        log.error("sums_wrong", extra={"action": "sums_wrong", "campaign_id": str(campaign_id)})
    yield f"The sums of {counted(len(wrong), 'campaign')} do not follow from their calls."


def _let_go() -> Iterator[str]:
    """What was kept for a while only, and its time is over."""
    with transaction(Role.SYSTEM) as conn:
        gone = webhooks.forget(conn, _DELIVERY_DAYS)
    yield f"{counted(gone, 'message')} to webhooks, {_DELIVERY_DAYS} days old: removed."
    with transaction(Role.SYSTEM) as conn:
        left, over = guests.forget(conn), api_access.forget(conn)
    yield f"Guests whose time is over: {left:,} removed, with all of theirs."
    yield f"Quotes and answers kept for programs whose time is over: {over:,} removed."
    with transaction(Role.SYSTEM) as conn:
        let_go = list_work.forget(conn)
    yield f"{counted(let_go, 'uploaded list')} removed, or left undecided, a day ago: gone for good."
    with transaction(Role.SYSTEM) as conn:
        over = export_work.forget(conn)
    yield f"{counted(over, 'file')} of leads, made for somebody, whose time is over: removed."
