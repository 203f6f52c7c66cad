"""What whoever holds a client link is shown: rows of the database's own making, as the link says and no more."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Final
from uuid import UUID

from pipeline.output.credits import attributions, credits_of, licences
from pipeline.output.export_row import SIMULATED
from pipeline.output.formats import csv
from pipeline.words.categories import label_for
from services import export_terms, paging, passwords
from services.errors import Invalid, NotFound, TooMany
from store import client_links, clock, sheet_links
from store.client_links import Offer as Offer
from store.client_links import SharedLead
from store.database import Connection, Role, transaction

HOURS_OPEN: Final = 12
"""Hours for which a browser that gave the password is not asked again; the database keeps to it."""
PAGE_ROWS: Final = 50
CLOSED: Final = (
    "This link shows nothing any more: its time is over, it was closed, or it is not complete. Ask whoever sent it for"
    " another one."
)
TITLES: Final = (*("Name", "Category", "Place", "Website", "Opening hours", "E-mail", "Phone", "Confidence"),)
"""The columns of the page and of its file."""
WRONG: Final = "This is not the password of this link. Ask whoever sent it."
WAIT: Final = "Ten passwords were wrong. Wait 15 minutes, then try again."
OFTEN: Final = "This file was taken twenty times within an hour. Wait an hour, then try again."
NO_FILE: Final = (
    "There is no file at this moment: the first one is still to be made, or the schedule makes none any more. Ask"
    " whoever gave you the link."
)
_AT_ONCE = 500
Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPage:
    """A page of a link; each row as ``TITLES`` has it. ``credits`` name the sources, as their licences ask for."""

    offer: Offer
    rows: tuple[Cells, ...]
    next_cursor: str | None
    credits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Door:
    """What a browser comes with: what the link held, and what it was given for the password."""

    token: str
    visit: str = ""

    @property
    def keys(self) -> tuple[bytes, bytes]:
        """What the database knows them by."""
        return client_links.hash_of(self.token), client_links.hash_of(self.visit)


def offer(door: Door) -> Offer:
    """What the link is, for this browser. Raises NotFound."""
    with transaction(Role.WEB) as conn:
        return _offer(conn, door)


def page(door: Door, cursor: str | None) -> SharedPage:
    """A page of the leads, the surest first; the first one counts as a view. None before the password was given.

    Raises NotFound.
    """
    after = _after(cursor)
    with transaction(Role.WEB) as conn:
        found = _offer(conn, door)
        if not found.is_open:
            return SharedPage(offer=found, rows=(), next_cursor=None, credits=())
        if after is None:
            client_links.was_viewed(conn, *door.keys)
        kept_here = export_terms.withheld_as_of(conn)
        rows = client_links.leads(conn, door.keys, kept_here, after, PAGE_ROWS + 1)
    shown = rows[:PAGE_ROWS]
    more = len(rows) > PAGE_ROWS
    return SharedPage(
        offer=found,
        rows=tuple(map(_cells, shown)),
        next_cursor=paging.encode(str(shown[-1].confidence), str(shown[-1].id)) if more else None,
        credits=_credits(shown),
    )


def enter(token: str, password: str) -> str:
    """Compare a password; returns what the browser shows from now on.

    Raises NotFound, Invalid for ``password``, and TooMany after ten wrong ones.
    """
    visit, key = secrets.token_urlsafe(32), client_links.hash_of(token)
    with transaction(Role.WEB) as conn:
        asked = client_links.try_password(conn, key)
    if asked is None:
        raise NotFound(CLOSED)
    parameters, is_refused = asked
    if is_refused:
        raise TooMany(WAIT)
    derived = passwords.derive(parameters, password)
    with transaction(Role.WEB) as conn:
        if not client_links.enter(conn, key, derived, client_links.hash_of(visit)):
            raise Invalid({"password": WRONG})
    return visit


def file(door: Door) -> tuple[str, bytes]:
    """All rows of the link as CSV, with the name of the file; noted in the log of exports.

    Raises NotFound, and TooMany after twenty in an hour.
    """
    with transaction(Role.WEB) as conn:
        if not _offer(conn, door).allows_download:
            raise NotFound(CLOSED)
        rows = [*_every(conn, door)]
        cells = ((*_cells(row), *_terms(row)) for row in rows)
        data = csv.table((*TITLES, "Attribution", "Licence"), cells)
        came_to = client_links.was_taken(conn, door.keys, [row.id for row in rows], data)
        if came_to == "too_many":
            raise TooMany(OFTEN)
        if came_to != "done":
            raise NotFound(CLOSED)
        day = clock.today(conn)
    return f"leads-{day:%Y-%m-%d}.csv", data


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFile:
    """The newest file of a schedule on its way out: its name, its size in bytes, and how to read it part by part."""

    name: str
    size: int
    parts: Iterator[bytes]


def sheet(door: Door) -> SheetFile | None:
    """The file that a link to a schedule gives; None for a link that shows a page.

    Raises NotFound while there is no file, and TooMany after twenty in an hour.
    """
    key = door.keys[0]
    with transaction(Role.WEB) as conn:
        found = sheet_links.take(conn, key)
    if found is None:
        return None
    if found.came_to == "too_many":
        raise TooMany(OFTEN)
    if found.file_id is None or found.name is None:
        raise NotFound(NO_FILE)
    return SheetFile(name=found.name, size=found.bytes or 0, parts=_parts(key, found.file_id))


def _parts(key: bytes, file_id: UUID) -> Iterator[bytes]:
    for number in count():
        with transaction(Role.WEB) as conn:
            data = sheet_links.part(conn, key, file_id, number)
        if data is None:
            return
        yield bytes(data)


def _every(conn: Connection, door: Door) -> Iterator[SharedLead]:
    kept_here = export_terms.withheld_as_of(conn)
    after: tuple[int, UUID] | None = None
    while part := client_links.leads(conn, door.keys, kept_here, after, _AT_ONCE):
        yield from part
        after = (part[-1].confidence, part[-1].id)


def _offer(conn: Connection, door: Door) -> Offer:
    found = client_links.see(conn, *door.keys)
    if found is None:
        raise NotFound(CLOSED)
    return found


def _cells(lead: SharedLead) -> Cells:
    name = f"{SIMULATED} {lead.name}" if lead.is_simulated else lead.name
    values = (lead.place, lead.website, lead.opening_hours, lead.email, lead.phone)
    return name, label_for(lead.category), *(value or "" for value in values), str(lead.confidence)


def _credits(leads: Iterable[SharedLead]) -> tuple[str, ...]:
    found = credits_of(origin for lead in leads for origin in lead.origins)
    return tuple(dict.fromkeys([credit.attribution for credit in found]))


def _terms(lead: SharedLead) -> tuple[str, str]:
    found = credits_of(lead.origins)
    return attributions(found), licences(found)


def _after(cursor: str | None) -> tuple[int, UUID] | None:
    parts = paging.decode(cursor, 2)
    try:
        confidence, row = (int(parts[0]), UUID(parts[1])) if parts else (0, None)
    except ValueError:
        return None
    return (confidence, row) if row is not None and 0 <= confidence <= 100 else None
