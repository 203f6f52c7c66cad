"""Raises what needs somebody, resolves what does not any more, and tells administrators by mail."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from functools import partial

import settings
from jobs import facts, mail_server
from jobs.mail_server import GiveUp, ServerAway
from pipeline.health import rules
from pipeline.output.alert_mail import Alert, compose
from pipeline.output.ending_mail import message_id
from pipeline.output.mail_message import Stamp
from pipeline.output.notices import counted
from store import alerts, in_force, mails
from store.alerts import AlertMail
from store.database import Role, transaction

_CALM_S = 300


def watch(labels: Mapping[str, str]) -> str:
    """Compare what the rules find with what is open; ``labels`` are those of the duties by name."""
    with transaction(Role.SYSTEM) as conn:
        found = rules.findings(facts.gathered(conn, labels).facts)
        raised, resolved = alerts.keep(conn, found, _CALM_S)
    return f"{counted(len(found), 'alert')} open, {raised:,} of them new, {resolved:,} resolved."


def mails_are_due() -> bool:
    """Whether a mail about an alert waits to be sent."""
    with transaction(Role.SYSTEM) as conn:
        return alerts.mails_are_due(conn)


def send_due(hold_s: int, until_s: float) -> Iterator[str]:
    """Send what is due until the monotonic clock says ``until_s``; yields a line on each, without its recipient."""
    while time.monotonic() < until_s:
        with transaction(Role.SYSTEM) as conn:
            claimed = alerts.claim_mail(conn, hold_s)
        if claimed is None:
            return
        problem = mail_server.handed_over(partial(_composed, claimed), alert_id=claimed.alert_id)
        with transaction(Role.SYSTEM) as conn:
            again_s = None if problem is None or isinstance(problem, GiveUp) else mails.wait_s(claimed.tries)
            alerts.mail_done(conn, claimed, str(problem) if problem else None, again_s)
        yield f"Alert {claimed.alert_id}: {problem or 'sent.'}"
        if isinstance(problem, ServerAway):
            return


def _composed(mail: AlertMail) -> EmailMessage:
    sender = in_force.mail().mail_from
    stamp = Stamp(
        sender=sender,
        recipient=mail_server.deliverable(mail.recipient),
        message_id=message_id(f"alert-{mail.alert_id}-{mail.user_id}", 0, sender),
        date=mail.claimed_at,
    )
    alert = Alert(
        title=mail.title,
        why=mail.why,
        advice=mail.advice,
        is_problem=mail.severity == rules.Severity.PROBLEM,
        health_url=f"{settings.get().address()}/admin_health",
    )
    return compose(alert, stamp)
