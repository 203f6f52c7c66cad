"""Lists as people upload them, taken through the whole of their way."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from jobs import list_work
from services import lists
from services.identity import Person
from services.lists import Column, ListKind, ListRow, Upload


def offered(
    who: Person,
    data: bytes,
    kind: ListKind,
    name: str = "A list",
    columns: Mapping[Column, int] | None = None,
) -> UUID:
    """A list that waits for its check, with columns as they are guessed unless they are given."""
    guessed = lists.read(data).guessed if columns is None else columns
    return lists.offer(
        who, data, Upload(name=name, kind=kind, reason="As agreed", columns=guessed, country="Finland")
    )


def row(who: Person, list_id: UUID) -> ListRow:
    """A list as it stands."""
    (found,) = [each for each in lists.newest(who) if each.id == list_id]
    return found


def checked(who: Person, data: bytes, kind: ListKind, name: str = "A list") -> ListRow:
    """The list once a worker has checked it."""
    list_id = offered(who, data, kind, name)
    work()
    return row(who, list_id)


def kept(who: Person, data: bytes, kind: ListKind, name: str = "A list") -> ListRow:
    """The list once it is kept."""
    found = checked(who, data, kind, name)
    lists.keep(who, found.id)
    work()
    return row(who, found.id)


def work() -> None:
    """Do what a worker does about the lists that are due."""
    for _ in list_work.run_due():
        pass
