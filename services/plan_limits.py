"""What a plan allows, in sentences that name the plan and what to do; the database keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from pipeline.billing.plans import Plan, plan_of
from pipeline.campaign import CampaignSpec
from pipeline.output.notices import counted
from services import billing_setup
from services.errors import Conflict
from services.identity import Person
from store import billing, plan_limits
from store.database import Connection, Role, transaction
from store.plan_limits import Beyond, What

_LARGER: Final = "The owner of the workspace can choose a larger plan under Billing."
_FULL: Final = (
    "The workspace has as many people as its plan allows. Ask whoever invited you for room, then try again."
)


@contextmanager
def kept(*, comes: bool = False) -> Iterator[None]:
    """Around a transaction that a plan may refuse; ``comes``: for somebody who accepts an invitation. Raises Conflict,
    which says what to do."""
    try:
        with plan_limits.kept():
            yield
    except Beyond as beyond:
        raise Conflict(_FULL if comes else _beyond(beyond)) from None


def check_leads(conn: Connection, workspace_id: UUID, wanted: int) -> None:
    """Raises Conflict when so many leads, of several campaigns together, do not fit into what is left of the month."""
    found = billing.used(conn, workspace_id) if billing_setup.is_on() else None
    if found is not None and (said := _too_many(plan_of(found.plan), found.leads, wanted)):
        raise Conflict(said)


def refusal(person: Person, spec: CampaignSpec) -> str | None:
    """Why an order would be refused; None when the plan allows it."""
    found = _used(person)
    return _too_many(plan_of(found.plan), found.leads, spec.max_results) if found else None


def left_in_words(person: Person) -> str:
    """``1,200 leads this month in the plan Team``: what it leaves; empty where plans are not sold."""
    found = _used(person)
    if found is None:
        return ""
    plan = plan_of(found.plan)
    return f"{counted(max(0, plan.leads - found.leads), 'lead')} this month in the plan {plan.label}"


def why_no_api(person: Person) -> str | None:
    """Why keys of the workspace open nothing now; None when its plan has the API."""
    found = _used(person)
    return None if found is None or plan_of(found.plan).api else _no_api(plan_of(found.plan))


def _used(person: Person) -> billing.UsedRow | None:
    if not billing_setup.is_on():
        return None
    with transaction(Role.WEB, proof=person.proof) as conn:
        return billing.used(conn, person.workspace_id)


def _beyond(beyond: Beyond) -> str:
    plan = plan_of(beyond.plan)
    if beyond.what is What.LEADS:
        return _leads(plan, beyond.left)
    if beyond.what is What.MEMBERS:
        return (
            f"The plan {plan.label} is for {counted(plan.members, 'person', 'people')}, open invitations included."
            f" Take an invitation back or remove somebody first. {_LARGER}"
        )
    if beyond.what is What.SCHEDULES:
        return (
            f"The plan {plan.label} has {counted(plan.schedules, 'schedule')} at work. Pause or remove one first."
            f" {_LARGER}"
        )
    return _no_api(plan)


def _no_api(plan: Plan) -> str:
    return (
        f"The plan {plan.label} has no API keys; those there are stay, and open nothing meanwhile. {_LARGER}"
    )


def _too_many(plan: Plan, used: int, wanted: int) -> str | None:
    return _leads(plan, max(0, plan.leads - used)) if used + wanted > plan.leads else None


def _leads(plan: Plan, left: int) -> str:
    gives = f"The plan {plan.label} gives {counted(plan.leads, 'lead')} a month"
    if left:
        return (
            f"{gives}, and {left:,} {'is' if left == 1 else 'are'} left: ask for {left:,} at most. {_LARGER}"
        )
    return f"{gives}, and none is left until the 1st of next month, at 00:00 UTC. {_LARGER}"
