"""Mails promised in the outbox: claimed for a while, sent outside of any transaction, then marked."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.engine import Connection

from pipeline.campaign import CampaignStatus
from pipeline.output.ending_mail import Ending, MailWhen
from store.tables import outbox

EXPIRE_HOURS = 24
"""For how long a mail about the end of a campaign is worth sending."""
_FIRST_WAIT_S = 30
_LONGEST_WAIT_S = 3600
_O = outbox.c
_ABOUT_ENDS = _O.kind == "campaign_ended"
_IS_OPEN = sa.and_(_ABOUT_ENDS, _O.sent_at.is_(None), _O.dropped_at.is_(None))
_IS_DUE = sa.and_(_IS_OPEN, _O.due_at <= sa.func.now())


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisedMail:
    """A claimed mail, about a campaign or the bulk order it was the last one of. ``recipient`` is None when nobody is
    to be told any more; ``tries`` counts this one."""

    workspace_id: UUID
    id: UUID
    campaign_id: UUID
    bulk_id: UUID | None
    attempt: int
    tries: int
    claimed_at: datetime
    recipient: str | None
    mail_when: MailWhen
    ending: Ending


def are_due(conn: Connection) -> bool:
    """Whether a mail waits to be sent now."""
    due = sa.select(_O.id).where(_IS_DUE, _O.created_at > _hours_ago(EXPIRE_HOURS))
    return bool(conn.execute(sa.select(due.exists())).scalar_one())


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
    _update(conn, mail, sent_at=sa.func.now(), dropped_at=None, error=None)


def drop(conn: Connection, mail: PromisedMail, why: str) -> None:
    """It is not sent and not tried again."""
    _update(conn, mail, dropped_at=sa.func.now(), error=why)


def postpone(conn: Connection, mail: PromisedMail, why: str, *, all_others: bool) -> None:
    """It is tried again later, after twice as long each time; ``all_others`` wait as long when it was the server."""
    later = sa.func.now() + timedelta(seconds=wait_s(mail.tries))
    _update(conn, mail, due_at=later, error=why)
    if all_others:
        conn.execute(sa.update(outbox).where(_IS_DUE).values(due_at=later))


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
    newest = aggregate_order_by(_O.error, _O.due_at.desc())
    problems = sa.func.array_agg(newest, type_=ARRAY(sa.Text)).filter(_IS_OPEN, _O.error.is_not(None))
    query = sa.select(
        sa.func.count().filter(_IS_OPEN).label("waiting"),
        sa.func.max(_O.sent_at).label("last_sent_at"),
        problems[1].label("problem"),
    ).where(_ABOUT_ENDS)
    row = conn.execute(query).one()
    return MailHealth(**row._mapping)


def let_go(conn: Connection, *, are_off: bool) -> int:
    """Drop mails that are too old by now, and all of them when no mail server is set; returns how many."""
    why = "Mails are switched off." if are_off else f"Could not be sent within {EXPIRE_HOURS} hours."
    left = sa.update(outbox).where(_IS_OPEN)
    if not are_off:
        left = left.where(_O.created_at < _hours_ago(EXPIRE_HOURS))
    error = sa.func.concat_ws(" ", why, _O.error)
    return conn.execute(left.values(dropped_at=sa.func.now(), error=error)).rowcount


def _hours_ago(hours: int) -> sa.ColumnElement[datetime]:
    return sa.func.now() - timedelta(hours=hours)


def _update(conn: Connection, mail: PromisedMail, **values: object) -> None:
    """Change it unless another process has sent it meanwhile."""
    its = (_O.workspace_id == mail.workspace_id, _O.id == mail.id, _O.sent_at.is_(None))
    conn.execute(sa.update(outbox).where(*its).values(**values))
