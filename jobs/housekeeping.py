"""What has to be looked after now and then, beside the campaigns: retention, mails, sums. Each duty does one thing and
says what came of it; ``jobs/duties.py`` says how often."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import settings
from pipeline import events
from pipeline.output.notices import counted
from store import (
    api_access,
    audit,
    billing_mails,
    crm_work,
    export_work,
    guests,
    in_force,
    jobs,
    ledger,
    list_work,
    mails,
    place_load_work,
    retention,
    spend_sums,
    webhooks,
)
from store.database import Role, transaction

log = logging.getLogger(__name__)

_CHECKED_AT_ONCE = 1000
"""Campaigns that ended long ago whose sums are looked at each time: all of a hundred thousand within nine hours."""

_LOAD_FILE_DAYS, _LOAD_DAYS = 7, 400
"""Days that the file of a load that failed or was stopped is kept to go on with, and its note; our own choice."""

_DELIVERY_DAYS = 30
"""Days that what was sent to webhooks, or handed over, can be looked at; our own choice."""


def forget_values() -> str:
    """Remove values whose source lets them be kept for some days only."""
    with transaction(Role.SYSTEM) as conn:
        forgotten = retention.forget_values(conn)
    return f"Values their source allows to keep for some days only were removed from {forgotten:,} leads."


def let_mails_go() -> str:
    """Give up mails that are too old, or all while no mail server is set."""
    are_off = not in_force.has_mail(Role.SYSTEM)
    with transaction(Role.SYSTEM) as conn:
        let_go = mails.let_go(conn, are_off=are_off)
    return f"Mails that nobody can send any more: {let_go:,} let go."


def forget_old() -> str:
    """Remove what campaigns that ended long ago need no more."""
    with transaction(Role.SYSTEM) as conn:
        gone = retention.forget_old(conn, settings.get().retention_days)
    return f"{gone:,} rows of campaigns long ended were removed; their leads and sums stay."


def forget_leads() -> str:
    """Remove leads that are older than this installation keeps them."""
    with transaction(Role.SYSTEM) as conn:
        leads = retention.forget_leads(conn, settings.get().lead_retention_days)
    return f"{counted(leads, 'lead')} older than leads are kept here were removed."


def forget_audit() -> str:
    """Remove old notes of who did what."""
    with transaction(Role.SYSTEM) as conn:
        forgotten = audit.forget(conn, settings.get().audit_days)
    return f"Notes of who did what that are too old: {forgotten:,} removed."


def forget_guests() -> str:
    """Remove guests whose time is over."""
    with transaction(Role.SYSTEM) as conn:
        left = guests.forget(conn)
    return f"Guests whose time is over: {left:,} removed, with all of theirs."


def forget_for_programs() -> str:
    """Remove quotes, answers kept for programs, messages to webhooks and hand-offs whose time is over."""
    with transaction(Role.SYSTEM) as conn:
        over = api_access.forget(conn)
    with transaction(Role.SYSTEM) as conn:
        told = webhooks.forget(conn, _DELIVERY_DAYS) + crm_work.forget(conn, _DELIVERY_DAYS)
    return (
        "Quotes, answers for programs, messages to webhooks and hand-offs whose time is over:"
        f" {over + told:,} removed."
    )


def forget_lists() -> str:
    """Remove lists that were removed, or left undecided, a day ago."""
    with transaction(Role.SYSTEM) as conn:
        let_go = list_work.forget(conn)
    return f"{counted(let_go, 'uploaded list')} removed, or left undecided, a day ago: gone for good."


def forget_files() -> str:
    """Remove files of leads whose time is over."""
    with transaction(Role.SYSTEM) as conn:
        over = export_work.forget(conn)
    return f"{counted(over, 'file')} of leads, made for somebody, whose time is over: removed."


def forget_place_loads() -> str:
    """Remove the files of loads of places that ended a week ago, and notes of loads and wishes of 400 days ago."""
    with transaction(Role.SYSTEM) as conn:
        old = place_load_work.forget(conn, _LOAD_FILE_DAYS, _LOAD_DAYS)
    return f"Old notes of places that were loaded or wished for: {old:,} removed."


def sum_up() -> str:
    """Put together what ended campaigns added to the sums of spending."""
    with transaction(Role.SYSTEM) as conn:
        spend_sums.compact(conn)
    return "What campaigns came to was put together."


def check_sums() -> str:
    """Compare the sums of campaigns with their calls, and wallets with their entries, and mark those that differ."""
    with transaction(Role.SYSTEM) as conn:
        wrong = ledger.wrong_sums(conn, _CHECKED_AT_ONCE)
        for campaign_id in wrong:
            jobs.mark_problem(conn, campaign_id, jobs.SUMS_DIFFER)
    for campaign_id in wrong:
        events.error(log, "sums_wrong", campaign_id=campaign_id)
    said = f"The sums of {counted(len(wrong), 'campaign')} do not follow from their calls."
    return " ".join((said, *_check_wallets()))


def _check_wallets() -> Iterator[str]:
    """Says something of those that differ alone: wallets are not kept everywhere."""
    with transaction(Role.SYSTEM) as conn:
        wrong = billing_mails.wrong_wallets(conn)
    for workspace_id in wrong:
        events.error(log, "wallet_wrong", workspace_id=workspace_id)
    if wrong:
        yield f"The balance of {counted(len(wrong), 'wallet')} does not follow from its entries."
