"""Orders that repeat: made of a campaign, changed, and what came of each time; and pausing, resuming and removing
whatever repeats."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from pipeline.campaign import MAX_BUDGET_USD, MICROS_PER_USD, CampaignSpec, KnownCompanies
from pipeline.timing import Timing
from services import campaigns, repeating
from services.errors import Invalid, NotFound
from services.identity import Person
from services.names import named
from services.permissions import Right, require
from store import paused_schedules, schedules
from store.database import Role, transaction
from store.ids import new_id
from store.paused_schedules import Paused as Paused
from store.schedules import NewSchedule
from store.schedules import Repeating as Repeating
from store.schedules import RunRow as RunRow
from store.schedules import ScheduleRow as ScheduleRow

MOST_SHOWN = 50
"""Times of one that are shown; our own choice."""
IN_WORDS: Final = {
    "ordered": "Ordered",
    "still_running": "The campaign of the time before was still running",
    "month_spent": "It would have gone above what it may spend in a month",
    "limit_reached": "A money limit of the workspace, its maker or the installation was reached",
    "wallet_empty": "It could have cost more than was left in the wallet of the workspace",
    "plan_reached": "The plan of the workspace had too few leads left in the month",
}
"""What came of a time, as people read it."""
PAUSED: Final = {
    "person": "Paused",
    "failures": "Paused: its last three campaigns failed. See why, then resume it",
    "no_right": "Paused: who made it may not order campaigns here any more. Make it anew in your name",
    "plan": "Paused: the plan of the workspace has fewer schedules at work. Pause another one, then resume it",
    "never": "Paused: it is never due again, or its time zone is not known any more. Change when it runs",
}
"""Why one orders nothing, as people read it."""
GONE = "We can't find that schedule, or only its maker and admins of the workspace may change it."
_OWN_LIST = "A list of your own is looked up once. Choose a campaign that searched for businesses."


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """How an order is to repeat, as it was typed: amounts in US dollars, ``month_usd`` None for no cap of its own.
    ``only_new``: companies the book holds already are left out each time."""

    name: str
    cron: str
    time_zone: str
    budget_usd: Decimal
    month_usd: Decimal | None
    only_new: bool


def listing(person: Person) -> tuple[ScheduleRow, ...]:
    """All of the workspace, those first that are due next."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return tuple(schedules.listing(conn, person.workspace_id))


def paused(person: Person) -> tuple[Paused, ...]:
    """What the person made that repeats, files as well, and that paused by itself and waits for somebody to look."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return tuple(paused_schedules.paused(conn, person.workspace_id, person.id))


def get(person: Person, schedule_id: UUID) -> ScheduleRow:
    """One of the workspace. Raises NotFound."""
    return _one(person, schedule_id)


def runs(person: Person, schedule_id: UUID) -> tuple[RunRow, ...]:
    """What came of one, the newest first; none for one there is not."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return tuple(schedules.runs(conn, person.workspace_id, schedule_id, MOST_SHOWN))


def add(person: Person, campaign_id: UUID, recurrence: Recurrence, made_id: UUID | None = None) -> UUID:
    """Have the order of a campaign placed again and again, in the person's name; the first time when it is due next.
    Added again with the same ``made_id`` it stays the one it is.

    Raises NotAllowed, NotFound, Conflict for guests, keys with a limit and beyond 50, and Invalid for the fields of
    ``recurrence`` and for what ``campaigns.submit`` would refuse.
    """
    require(person, Right.RUN_CAMPAIGNS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        spec = campaigns.owned(conn, person, campaign_id).spec
    name, timing, ordered, month_micros = _checked(person, spec, recurrence)
    with repeating.changing(person) as conn:
        repeating.check_room(conn, person)
        new = NewSchedule(
            workspace_id=person.workspace_id,
            id=made_id or new_id(),
            created_by=person.id,
            name=name,
            spec=ordered,
            timing=timing,
            month_micros=month_micros,
            next_at=repeating.next_time(conn, timing),
        )
        schedules.insert(conn, new)
    return new.id


def change(person: Person, schedule_id: UUID, recurrence: Recurrence) -> None:
    """Repeat it otherwise from now on; one that is paused stays so. Raises as ``add`` does."""
    require(person, Right.RUN_CAMPAIGNS)
    spec = _one(person, schedule_id).spec
    name, timing, ordered, month_micros = _checked(person, spec, recurrence)
    values = {
        "name": name,
        "spec": ordered.model_dump_json(),
        "cron": timing.cron,
        "time_zone": timing.time_zone,
        "month_micros": month_micros,
    }
    with repeating.changing(person) as conn:
        _found(
            schedules.change(
                conn, person.workspace_id, schedule_id, values, repeating.next_time(conn, timing)
            )
        )


def pause(person: Person, schedule_id: UUID) -> None:
    """Order nothing more until it is resumed; what runs goes on. Raises NotAllowed and NotFound."""
    require(person, Right.RUN_CAMPAIGNS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        _found(schedules.pause(conn, person.workspace_id, schedule_id))


def resume(person: Person, schedule_id: UUID) -> None:
    """Order again from the next time on; what passed meanwhile is not made up for. Raises NotAllowed, NotFound, and
    Conflict for keys with a money limit and when the plan allows no more."""
    require(person, Right.RUN_CAMPAIGNS)
    with repeating.changing(person) as conn:
        kept = schedules.times_of(conn, person.workspace_id, schedule_id)
        if kept is None:
            raise NotFound(GONE)
        timing = repeating.timing(*kept)
        _found(schedules.resume(conn, person.workspace_id, schedule_id, repeating.next_time(conn, timing)))


def run_now(person: Person, schedule_id: UUID) -> None:
    """Order within a minute, and again when it is due next. Raises NotAllowed, NotFound also for one that is paused,
    and Conflict for keys with a money limit."""
    require(person, Right.RUN_CAMPAIGNS)
    with repeating.changing(person) as conn:
        _found(schedules.bring_forward(conn, person.workspace_id, schedule_id))


def remove(person: Person, schedule_id: UUID) -> None:
    """Remove it with its history; its campaigns stay. Raises NotAllowed and NotFound."""
    require(person, Right.RUN_CAMPAIGNS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        _found(schedules.remove(conn, person.workspace_id, schedule_id))


def _checked(
    person: Person, spec: CampaignSpec, recurrence: Recurrence
) -> tuple[str, Timing, CampaignSpec, int | None]:
    """Name, timing, order and cap of a month in micro-dollars. Raises Invalid."""
    if spec.own_list:
        raise Invalid(_OWN_LIST)
    name, timing = (
        named(recurrence.name, repeating.MAX_NAME),
        repeating.timing(recurrence.cron, recurrence.time_zone),
    )
    if recurrence.budget_usd > 0 and person.is_free:
        raise Invalid({"budget_usd": "Your account orders nothing that costs money. Set $0."})
    for field, value in (("budget_usd", recurrence.budget_usd), ("month_usd", recurrence.month_usd)):
        if value is not None and not (0 <= value <= MAX_BUDGET_USD and value == round(value, 6)):
            sentence = f"Type an amount between $0 and ${MAX_BUDGET_USD:,}, with at most six decimals."
            raise Invalid({field: sentence})
    if recurrence.month_usd is not None and recurrence.month_usd < recurrence.budget_usd:
        raise Invalid({"month_usd": "Less than one campaign may cost: it would never run. Raise it."})
    known = KnownCompanies.SKIP if recurrence.only_new else KnownCompanies.INCLUDE
    kept = spec.known_companies if spec.skips_known is recurrence.only_new else known
    ordered = CampaignSpec.model_validate(
        {**spec.model_dump(), "budget_usd": recurrence.budget_usd, "known_companies": kept}
    )
    campaigns.check(ordered)
    month = None if recurrence.month_usd is None else int(recurrence.month_usd * MICROS_PER_USD)
    return name, timing, ordered, month


def _one(person: Person, schedule_id: UUID) -> ScheduleRow:
    found = next((row for row in listing(person) if row.id == schedule_id), None)
    if found is None:
        raise NotFound(GONE)
    return found


def _found(is_there: bool) -> None:
    if not is_there:
        raise NotFound(GONE)
