"""Lists of companies people upload: customers, and whom campaigns leave out. Files are checked, people decide."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from pipeline.geo.countries import country_code
from pipeline.imports import company_list
from pipeline.imports.company_list import Column as Column
from pipeline.imports.company_list import Head as Head
from pipeline.imports.table_text import Unreadable
from pipeline.suppression import MAX_REASON
from pipeline.words.text import one_line
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.identity import Person
from services.permissions import Right, require, why_not
from store import lists, own_lists
from store.database import Role, transaction
from store.ids import new_id
from store.lists import ListKind as ListKind
from store.lists import ListRow as ListRow
from store.lists import ListState as ListState
from store.lists import Membership as Membership
from store.own_lists import Orderable as Orderable

MOST_SHOWN = 100
MOST_WAITING = 5
"""Lists that wait for a check or a decision, each with its file; our own choice."""
LONGEST_NAME = 100
_KNOWN_BY = {Column.WEBSITE, Column.EMAIL, Column.PHONE}
_NO_COLUMN = (
    "Choose the column of the website, e-mail or phone, or those of the name and its town or postcode: by these a"
    " company is known."
)
_GONE = "There is no such list any more."


def read(data: bytes) -> Head:
    """The beginning of a file; nothing is kept. Raises Invalid for a file that cannot be read."""
    try:
        return company_list.head(data)
    except Unreadable as problem:
        raise Invalid(str(problem)) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What somebody says of a file: what the list is called and for, why, which column is what, and the country of rows
    that name none, as a code or a name, or empty."""

    name: str
    kind: ListKind
    reason: str
    columns: Mapping[Column, int]
    country: str


def offer(person: Person, data: bytes, upload: Upload) -> UUID:
    """Have a file checked; a worker does, and nothing has an effect before ``keep``. Returns the id of the list.

    Raises NotAllowed, Conflict while too many wait, and Invalid for a name, columns or a country that cannot be.
    """
    require(person, Right.KEEP_LISTS)
    if upload.kind is ListKind.EXCLUSION:
        _check(person, Right.SUPPRESS)
    head = read(data)
    called = one_line(upload.name.replace("\x00", ""))[: LONGEST_NAME + 1]
    if not 0 < len(called) <= LONGEST_NAME:
        raise Invalid({"name": f"Give the list a name of 1 to {LONGEST_NAME} characters."})
    _check_columns(upload.columns, len(head.titles))
    region = country_code(upload.country) if upload.country.strip() else None
    if upload.country.strip() and region is None:
        raise Invalid({"country": "That is no country. Type its name or its two letters, such as FI."})
    new = lists.NewList(
        id=new_id(),
        name=called,
        kind=upload.kind,
        reason=one_line(upload.reason.replace("\x00", ""))[:MAX_REASON]
        or f"On the list {called}"[:MAX_REASON],
        sha256=hashlib.sha256(data).digest(),
        data=data,
        columns={column.value: place for column, place in upload.columns.items()},
        country=region,
    )
    with transaction(Role.WEB, proof=person.proof) as conn:
        waiting = [
            row
            for row in lists.newest(conn, person.workspace_id, MOST_SHOWN)
            if row.state not in (ListState.KEPT, ListState.ORDERED) and not row.is_of_book
        ]
        if len(waiting) >= MOST_WAITING:
            raise Conflict(f"{MOST_WAITING} lists wait already. Keep or discard one of them first.")
        lists.insert(conn, person.workspace_id, person.id, new)
    return new.id


def newest(person: Person) -> tuple[ListRow, ...]:
    """The lists of the workspace, newest first, at most ``MOST_SHOWN``."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return tuple(lists.newest(conn, person.workspace_id, MOST_SHOWN))


def state(person: Person, list_id: UUID) -> tuple[ListState, int, int]:
    """How far a list has come: its state, the last row that is done, its rows as far as known. Raises NotFound."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        found = lists.state(conn, person.workspace_id, list_id)
    if found is None:
        raise NotFound(_GONE)
    return found


def orderable(person: Person, list_id: UUID) -> Orderable:
    """A list whose companies can be looked up. Raises NotFound when it was ordered already or is gone."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        found = own_lists.waiting(conn, person.workspace_id, list_id)
    if found is None:
        raise NotFound(
            "This list is not kept any more: a campaign has taken it up, or it was let go. Upload the file again, or"
            " choose the companies on Leads again."
        )
    return found


def keep(person: Person, list_id: UUID) -> None:
    """Have a checked list take effect; a worker stores it. Raises NotAllowed, and NotFound when it is gone."""
    require(person, Right.KEEP_LISTS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        if not lists.go_on(conn, person.workspace_id, list_id):
            raise NotFound(_GONE)


def discard(person: Person, list_id: UUID) -> None:
    """Forget a list that was not kept, with its file. Raises NotAllowed and NotFound."""
    require(person, Right.KEEP_LISTS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        if not lists.let_go(conn, person.workspace_id, list_id):
            raise NotFound(_GONE)


def remove(person: Person, list_id: UUID) -> None:
    """Remove a kept list with its marks; for a day ``restore`` brings it back. Raises NotAllowed and NotFound."""
    _remove(person, list_id, gone=True)


def restore(person: Person, list_id: UUID) -> None:
    """Bring a removed list back with its marks. Raises NotAllowed and NotFound."""
    _remove(person, list_id, gone=False)


def of_company(person: Person, company_id: UUID) -> tuple[Membership, ...]:
    """The lists of customers a company stands on, oldest first."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return tuple(lists.of_company(conn, person.workspace_id, company_id))


def right_to_remove(kind: ListKind) -> Right:
    """What removing a list takes: whoever removes an exclusion list takes people off the suppression list."""
    return Right.LIFT_SUPPRESSIONS if kind is ListKind.EXCLUSION else Right.KEEP_LISTS


def _check(person: Person, right: Right) -> None:
    """Beside the right to keep lists at all. Raises NotAllowed."""
    if problem := why_not(person, right):
        raise NotAllowed(problem)


def _remove(person: Person, list_id: UUID, *, gone: bool) -> None:
    require(person, Right.KEEP_LISTS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        found = [row for row in lists.newest(conn, person.workspace_id, MOST_SHOWN) if row.id == list_id]
        if not found:
            raise NotFound(_GONE)
        _check(person, right_to_remove(found[0].kind))
        if not lists.remove(conn, person.workspace_id, list_id, gone=gone):
            raise NotFound(_GONE)


def _check_columns(columns: Mapping[Column, int], width: int) -> None:
    places = list(columns.values())
    if len(set(places)) < len(places):
        raise Invalid({"columns": "One column of the file is chosen twice. Choose each for one thing."})
    if any(not 0 <= place < width for place in places):
        raise Invalid({"columns": "The file has no such column. Choose the columns again."})
    has_place = Column.CITY in columns or Column.POSTCODE in columns
    if not (_KNOWN_BY & columns.keys() or (Column.NAME in columns and has_place)):
        raise Invalid({"columns": _NO_COLUMN})
