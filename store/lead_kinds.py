"""What filters of leads can be told apart by: how far the team is, when to follow up, whose mailbox an address is,
whether a place is open; and as conditions."""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from pipeline.contact.contact_lists import FREE_MAIL
from pipeline.qualification.criteria import Answer, Importance
from store.conditions import is_given
from store.tables import campaigns, leads

WEEK = timedelta(days=7)
"""How far ahead ``FollowUp.WEEK`` looks."""
_HOSTS = "|".join(re.escape(entry) for entry in sorted(FREE_MAIL) if "." in entry)
_NAMES = "|".join(re.escape(entry) for entry in sorted(FREE_MAIL) if "." not in entry)
# As pipeline.contact.contacts.is_free_mail: the host or one above it, or a name under any ending.
_FREE_MAIL = rf"@(?:(?:[^@]+\.)?(?:{_HOSTS})|(?:{_NAMES})\.(?:com?\.)?[a-z]+)$"


class TeamStatus(StrEnum):
    """How far the team has come with a company."""

    NEW = "new"
    CONTACTED = "contacted"
    INTERESTED = "interested"
    WON = "won"
    LOST = "lost"


class FollowUp(StrEnum):
    """When a company is to be followed up: ``OVERDUE`` is before today, ``DUE`` both, ``WEEK`` the seven days after."""

    DUE = "due"
    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    SET = "set"
    NONE = "none"


class EmailKind(StrEnum):
    """Whose mailbox an address is: one at a mailbox provider is ``FREE`` whoever reads it; of the others one that
    several people read by its name is ``ROLE``, and the rest are ``PERSONAL``."""

    PERSONAL = "personal"
    ROLE = "role"
    FREE = "free"


def is_kind(kind: EmailKind) -> sa.ColumnElement[bool]:
    """The address of a lead is of this kind."""
    is_free = sa.func.lower(leads.c.email).op("~", is_comparison=True)(_FREE_MAIL)
    if kind is EmailKind.FREE:
        return is_free
    # Without an address there is neither: the first comparison is null then.
    return sa.and_(sa.not_(is_free), leads.c.is_role_address == (kind is EmailKind.ROLE))


def is_open_now() -> sa.ColumnElement[bool]:
    """The minute that it is at the place lies in its week; null where that is not known."""
    minute = sa.func.minute_of_week(sa.func.now(), leads.c.time_zone, type_=sa.Integer())
    return leads.c.open_week.op("@>", is_comparison=True)(minute)


def is_followed_up(
    day: sa.ColumnElement[date], when: FollowUp, today: sa.ColumnElement[date]
) -> sa.ColumnElement[bool]:
    """A follow-up on ``day`` is of this kind."""
    match when:
        case FollowUp.DUE:
            return sa.and_(day <= today)
        case FollowUp.OVERDUE:
            return sa.and_(day < today)
        case FollowUp.TODAY:
            return sa.and_(day == today)
        case FollowUp.WEEK:
            return sa.and_(day > today, day <= today + sa.literal(WEEK.days, sa.Integer()))
    return is_given(day, when is FollowUp.SET)


def is_ruled_out() -> sa.ColumnElement[bool]:
    """Its own website says that it is not what was asked for; as ``Verdict.rules_out`` has it."""
    against = ((Importance.MUST_HAVE, Answer.NO), (Importance.MUST_NOT, Answer.YES))
    return sa.or_(
        *(
            leads.c.verdicts.contains([{"importance": importance.value, "answer": answer.value}])
            for importance, answer in against
        )
    )


def is_found_by(workspace_id: UUID, found_by: UUID) -> sa.ColumnElement[bool]:
    """Whether a campaign found the company, or one of a bulk order did."""
    by = leads.alias("by")
    of_bulk = sa.select(campaigns.c.id).where(
        campaigns.c.workspace_id == workspace_id, campaigns.c.bulk_id == found_by
    )
    found = sa.select(by.c.company_id).where(
        by.c.workspace_id == workspace_id,
        by.c.campaign_id.in_(of_bulk.union_all(sa.select(sa.literal(found_by, sa.Uuid())))),
    )
    return leads.c.company_id.in_(found)
