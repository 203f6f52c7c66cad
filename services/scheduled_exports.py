"""Files of leads that are sent again and again: what a view of the book shows, to where its maker says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import settings
from pipeline.delivery.places import SftpPlace, Target
from pipeline.output.export import Spelling
from pipeline.output.formats import csv
from pipeline.timing import Timing
from services import client_links, repeating
from services.book_export import MOST_AT_ONCE
from services.book_files import as_asked
from services.errors import Invalid, NotFound
from services.export_places import Delivery as Delivery
from services.export_places import check_secret, kept_row, place_typed, sealed
from services.exporting import known_format
from services.identity import Person
from services.lead_filter import LeadFilter
from services.names import named
from services.permissions import Right, require
from services.results import LeadSort
from services.schedules import GONE, MOST_SHOWN
from store import scheduled_exports, schedules
from store.database import Role, transaction
from store.ids import new_id
from store.scheduled_exports import ExportScheduleRow as ExportScheduleRow
from store.scheduled_exports import Parts
from store.scheduled_exports import SendRow as SendRow
from store.schedules import NewSchedule

PAUSED: Final = {
    "person": "Paused",
    "failures": "Paused: its last three files were not sent. See why, then resume it",
    "no_right": "Paused: who made it may not take leads away here any more. Make it anew in your name",
    "plan": "Paused: the plan of the workspace has fewer schedules at work. Pause another one, then resume it",
    "never": "Paused: it is never due again, or its time zone is not known any more. Change when it runs",
}
"""Why one sends nothing, as people read it."""
IN_WORDS: Final = {
    "still_running": "The file of the time before was still under way",
    "let_go": "The file was removed before it was sent",
}
"""What came of a time, where nothing else is known of it."""
NO_FILE = "This file is under way, was sent, or is not kept any more. Run the schedule now for a new one."


def listing(person: Person) -> tuple[ExportScheduleRow, ...]:
    """All of the workspace, those first that are due next; none for who may not take leads."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return tuple(scheduled_exports.listing(conn, person.workspace_id))


def get(person: Person, schedule_id: UUID) -> ExportScheduleRow:
    """One of the workspace. Raises NotFound."""
    return kept_row(person, schedule_id)


def runs(person: Person, schedule_id: UUID) -> tuple[SendRow, ...]:
    """What came of one, the newest first; none for one there is not."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return tuple(scheduled_exports.runs(conn, person.workspace_id, schedule_id, MOST_SHOWN))


def add(
    person: Person,
    filter: LeadFilter,
    sort: LeadSort,
    delivery: Delivery,
    made_id: UUID | None = None,
) -> UUID:
    """Have a file of what the filter lets through sent again and again, in the person's name; the first time when it is
    due next. Added again with the same ``made_id`` it stays the one it is.

    Raises NotAllowed, Invalid for the fields of ``delivery`` and its place, and Conflict for guests, keys with a money
    limit, beyond 50, and without APP_SECRET.
    """
    require(person, Right.EXPORT_LEADS)
    name, timing = (
        named(delivery.name, repeating.MAX_NAME),
        repeating.timing(delivery.cron, delivery.time_zone),
    )
    parts = _parts(filter, sort, delivery, None)
    _check_link(delivery, timing)
    with repeating.changing(person) as conn:
        repeating.check_room(conn, person)
        new = NewSchedule(
            workspace_id=person.workspace_id,
            id=made_id or new_id(),
            created_by=person.id,
            name=name,
            spec=None,
            timing=timing,
            month_micros=None,
            next_at=repeating.next_time(conn, timing),
        )
        if not schedules.insert(conn, new):
            return new.id
        scheduled_exports.describe(conn, person.workspace_id, new.id, parts)
        if delivery.target is Target.LINK:
            client_links.add_sheet(conn, person, new.id, name, parts.place["days"])
    return new.id


def change(
    person: Person, schedule_id: UUID, delivery: Delivery, shown: tuple[LeadFilter, LeadSort] | None = None
) -> None:
    """Send otherwise from now on, with the same filter and order unless others are ``shown``; one that is paused stays
    so. Raises as ``add`` does, and NotFound."""
    require(person, Right.EXPORT_LEADS)
    row = get(person, schedule_id)
    filter, sort = shown or held(row)
    timing = repeating.timing(delivery.cron, delivery.time_zone)
    parts = _parts(filter, sort, delivery, row)
    _check_link(delivery, timing)
    name = named(delivery.name, repeating.MAX_NAME)
    values = {
        "name": name,
        "spec": None,
        "cron": timing.cron,
        "time_zone": timing.time_zone,
        "month_micros": None,
    }
    with repeating.changing(person) as conn:
        following = repeating.next_time(conn, timing)
        if not (
            schedules.change(conn, person.workspace_id, schedule_id, values, following)
            and scheduled_exports.change(conn, person.workspace_id, schedule_id, parts)
        ):
            raise NotFound(GONE)
        if delivery.target is Target.LINK and row.creator_id == person.id:
            client_links.add_sheet(conn, person, schedule_id, name, parts.place["days"])
        if parts.secret or delivery.target in (Target.MAIL, Target.LINK):
            scheduled_exports.set_secret(conn, person.workspace_id, schedule_id, parts.secret)


def refilter(person: Person, schedule_id: UUID, filter: LeadFilter, sort: LeadSort) -> None:
    """Send what this filter lets through from the next time on, in this order, and all else as before. Raises
    NotAllowed, NotFound, and Invalid for rows that were ticked."""
    require(person, Right.EXPORT_LEADS)
    row = get(person, schedule_id)
    spelling = Spelling.model_validate(row.asked["spelling"])
    parts = Parts(
        format=row.format,
        asked=_asked(filter, sort, row.asked["columns"], spelling, row.time_zone),
        target=row.target,
        place=row.place,
    )
    with transaction(Role.WEB, proof=person.proof) as conn:
        if not scheduled_exports.change(conn, person.workspace_id, schedule_id, parts):
            raise NotFound(GONE)


def send_again(person: Person, run_id: UUID) -> None:
    """Send a file that was not sent once more, to where its schedule sends now. Raises NotAllowed, and NotFound when it
    is under way or sent by now, or not kept any more."""
    require(person, Right.EXPORT_LEADS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        if not scheduled_exports.send_again(conn, person.workspace_id, run_id):
            raise NotFound(NO_FILE)


def held(row: ExportScheduleRow) -> tuple[LeadFilter, LeadSort]:
    """What a schedule sends: the filter and the order."""
    return LeadFilter.model_validate(row.asked["filter"]), LeadSort(row.asked["sort"])


def delivery_of(row: ExportScheduleRow) -> Delivery:
    """How a schedule sends, as it would be typed again; without its secret, which is told to nobody."""
    return Delivery(
        name=row.name,
        cron=row.cron,
        time_zone=row.time_zone,
        format=row.format,
        columns=row.asked["columns"],
        spelling=Spelling.model_validate(row.asked["spelling"]),
        target=Target(row.target),
        place=row.place,
    )


def _check_link(delivery: Delivery, timing: Timing) -> None:
    """A link gives a file for as long as files are kept. Raises Invalid for ``cron`` and ``format``."""
    if delivery.target is not Target.LINK:
        return
    hours = settings.get().export_hours
    # A day may have 25 hours.
    if timing.longest_wait() > timedelta(hours=hours + 1):
        raise Invalid(
            {"cron": f"A link gives a file for {hours} hours. Choose a time that comes that often at least."}
        )
    if delivery.format != csv.FORMAT.key:
        raise Invalid({"format": "A link gives CSV. Choose it."})


def _parts(filter: LeadFilter, sort: LeadSort, delivery: Delivery, before: ExportScheduleRow | None) -> Parts:
    format = known_format(delivery.format)
    if format.stream is None:
        raise Invalid(
            {"format": f"{format.label} takes at most {MOST_AT_ONCE:,} leads. Choose another format."}
        )
    asked = _asked(filter, sort, delivery.columns, delivery.spelling, delivery.time_zone)
    place = place_typed(delivery.target, delivery.place)
    if isinstance(place, SftpPlace) and not place.host_key:
        raise Invalid({"host_key": "Ask the server for its key, compare it, and confirm it."})
    check_secret(place, delivery.secret, before)
    return Parts(
        format=format.key,
        asked=asked,
        target=delivery.target.value,
        place=place.model_dump(),
        secret=sealed(delivery.secret) if delivery.secret else None,
    )


def _asked(
    filter: LeadFilter, sort: LeadSort, columns: Sequence[str], spelling: Spelling, time_zone: str
) -> dict[str, object]:
    """What a file is to hold, as it is kept; the day it is comes from the time zone, each time. Raises Invalid."""
    if len(filter.ids):
        raise Invalid("Rows that were ticked are no view. Choose filters instead.")
    asked = as_asked(filter.model_copy(update={"today": None}), sort, columns, spelling)
    return {**asked, "time_zone": time_zone}
