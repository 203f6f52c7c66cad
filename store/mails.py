"""Mails promised in the outbox: claimed for a while, sent outside of any transaction, then marked."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.campaign import CampaignStatus
from pipeline.output.ending_mail import Ending, MailWhen

EXPIRE_HOURS = 24
"""For how long a mail about the end of a campaign is worth sending."""
_FIRST_WAIT_S = 30
_LONGEST_WAIT_S = 3600
_OPEN = "kind = 'campaign_ended' and sent_at is null and dropped_at is null"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisedMail:
    """A claimed mail. ``recipient`` is None when nobody is to be told any more; ``tries`` counts this one."""

    workspace_id: UUID
    id: UUID
    campaign_id: UUID
    attempt: int
    tries: int
    claimed_at: datetime
    recipient: str | None
    mail_when: MailWhen
    ending: Ending


def are_due(conn: Connection) -> bool:
    """Whether a mail waits to be sent now."""
    return bool(
        conn.execute(
            sa.text(
                f"select exists (select from outbox where {_OPEN} and due_at <= now()"
                " and created_at > now() - make_interval(hours => :hours))"
            ),
            {"hours": EXPIRE_HOURS},
        ).scalar_one()
    )


def claim(conn: Connection, hold_s: int) -> PromisedMail | None:
    """Take the oldest mail that is due: nobody else takes it for ``hold_s`` seconds, also when this process dies."""
    row = conn.execute(
        sa.text("select * from outbox_claim_mail(:hold, :hours)"), {"hold": hold_s, "hours": EXPIRE_HOURS}
    ).one_or_none()
    if row is None:
        return None
    said = row._mapping
    ending = Ending(
        **{**{field.name: said[field.name] for field in fields(Ending)}, "status": CampaignStatus(row.status)}
    )
    own = {field.name: said[field.name] for field in fields(PromisedMail) if field.name in said}
    return PromisedMail(**{**own, "mail_when": MailWhen(row.mail_when), "ending": ending})


def mark_sent(conn: Connection, mail: PromisedMail) -> None:
    """The mail server has taken it."""
    _update(conn, mail, "sent_at = now(), dropped_at = null, error = null")


def drop(conn: Connection, mail: PromisedMail, why: str) -> None:
    """It is not sent and not tried again."""
    _update(conn, mail, "dropped_at = now(), error = :error", error=why)


def postpone(conn: Connection, mail: PromisedMail, why: str, *, all_others: bool) -> None:
    """It is tried again later, after twice as long each time; ``all_others`` wait as long when it was the server."""
    wait = wait_s(mail.tries)
    change = "due_at = now() + make_interval(secs => :wait), error = :error"
    _update(conn, mail, change, error=why, wait=wait)
    if all_others:
        conn.execute(
            sa.text(
                "update outbox set due_at = now() + make_interval(secs => :wait)"
                f" where {_OPEN} and due_at <= now()"
            ),
            {"wait": wait},
        )


def wait_s(tries: int) -> int:
    """How many seconds to wait after so many failures: twice as long each time, up to an hour."""
    return int(min(_FIRST_WAIT_S * 2 ** min(tries - 1, 20), _LONGEST_WAIT_S))


@dataclass(frozen=True, slots=True, kw_only=True)
class MailHealth:
    """How sending goes, for administrators. ``problem`` is what came of the last try of a mail that still waits."""

    waiting: int
    problem: str | None
    last_sent_at: datetime | None


def health(conn: Connection) -> MailHealth:
    """How sending mails goes."""
    row = conn.execute(
        sa.text(
            f"select count(*) filter (where {_OPEN}) as waiting, max(sent_at) as last_sent_at,"
            f" (array_agg(error order by due_at desc) filter (where {_OPEN} and error is not null))[1] as problem"
            " from outbox where kind = 'campaign_ended'"
        )
    ).one()
    return MailHealth(**row._mapping)


def let_go(conn: Connection, *, are_off: bool) -> int:
    """Drop mails that are too old by now, and all of them when no mail server is set; returns how many."""
    why = "Mails are switched off." if are_off else f"Could not be sent within {EXPIRE_HOURS} hours."
    return conn.execute(
        sa.text(
            "update outbox set dropped_at = now(), error = concat_ws(' ', cast(:why as text), error)"
            f" where {_OPEN} and (:off or created_at < now() - make_interval(hours => :hours))"
        ),
        {"why": why, "off": are_off, "hours": EXPIRE_HOURS},
    ).rowcount


def _update(conn: Connection, mail: PromisedMail, change: str, **values: object) -> None:
    """Change it unless another process has sent it meanwhile."""
    conn.execute(
        sa.text(
            f"update outbox set {change} where workspace_id = :workspace and id = :id and sent_at is null"
        ),
        {"workspace": mail.workspace_id, "id": mail.id, **values},
    )
