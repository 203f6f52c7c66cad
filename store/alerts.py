"""What needs somebody, from when it is raised until it is resolved, and the mails that tell of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.health.rules import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """An alert; ``noted_by`` is the address of who took note of it."""

    id: int
    rule: str
    severity: str
    title: str
    why: str
    advice: str
    raised_at: datetime
    resolved_at: datetime | None
    noted_at: datetime | None
    noted_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertMail:
    """A claimed mail about an alert; ``tries`` counts this one."""

    alert_id: int
    user_id: UUID
    recipient: str
    severity: str
    title: str
    why: str
    advice: str
    raised_at: datetime
    tries: int
    claimed_at: datetime


def keep(conn: Connection, found: Sequence[Finding], calm_s: int) -> tuple[int, int]:
    """Raise what was found and is not open yet, and resolve what was not found for ``calm_s`` seconds; returns how many
    of each. What was resolved a quarter of a year ago goes."""
    raised = sum(_raise(conn, finding) for finding in found)
    resolved = conn.execute(
        sa.text("""
            update alerts
            set resolved_at = now()
            where resolved_at is null and seen_at < now() - make_interval(secs => :calm)
        """),
        {"calm": calm_s},
    ).rowcount
    conn.execute(sa.text("delete from alerts where resolved_at < now() - interval '90 days'"))
    return raised, resolved


def listing(conn: Connection, most: int) -> list[AlertRow]:
    """Open alerts first, then the newest of those that were resolved."""
    rows = conn.execute(
        sa.text("""
            select a.id, a.rule, a.severity, a.title, a.why, a.advice, a.raised_at, a.resolved_at, a.noted_at,
                u.email as noted_by
            from alerts a
            left join users u on u.id = a.noted_by
            order by a.resolved_at is not null, a.raised_at desc
            limit :most
        """),
        {"most": most},
    )
    return [AlertRow(**row._mapping) for row in rows]


def note(conn: Connection, alert: int) -> bool:
    """An administrator takes note of an open alert; recorded by the database. False when somebody has, or it is
    over."""
    return bool(conn.execute(sa.text("select alert_note(:alert)"), {"alert": alert}).scalar_one())


def mails_are_due(conn: Connection) -> bool:
    """Whether a mail waits to be sent now."""
    statement = sa.text("select exists (select from alert_mails where due_at <= now())")
    return bool(conn.execute(statement).scalar_one())


def claim_mail(conn: Connection, hold_s: int) -> AlertMail | None:
    """Take the oldest mail that is due: nobody else takes it for ``hold_s`` seconds."""
    row = conn.execute(sa.text("select * from alert_mail_claim(:hold)"), {"hold": hold_s}).one_or_none()
    return None if row is None else AlertMail(**row._mapping)


def mail_done(conn: Connection, mail: AlertMail, problem: str | None, again_s: int | None) -> None:
    """Note that it was sent, or why not and when it is tried again."""
    conn.execute(
        sa.text("select alert_mail_done(:alert, :whom, :problem, :again)"),
        {"alert": mail.alert_id, "whom": mail.user_id, "problem": problem, "again": again_s},
    )


def _raise(conn: Connection, finding: Finding) -> bool:
    """Whether it is new; one that is open is told anew as it is now."""
    row = conn.execute(
        sa.text("""
            insert into alerts (rule, subject, severity, title, why, advice)
            values (:rule, :subject, :severity, :title, :why, :advice)
            on conflict (rule, subject) where resolved_at is null
            do update set seen_at = now(), severity = excluded.severity, title = excluded.title, why = excluded.why
            returning xmax = 0 as is_new
        """),
        {
            "rule": finding.rule,
            "subject": finding.subject,
            "severity": finding.severity.value,
            "title": finding.title,
            "why": finding.why,
            "advice": finding.advice,
        },
    ).one()
    return bool(row.is_new)
