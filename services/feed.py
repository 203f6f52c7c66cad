"""What the team of a workspace did, newest first, as far as whoever looks may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from pipeline.words.mentions import shown
from services import paging
from services.identity import Person
from store import feed, limits
from store.database import Role, transaction
from store.feed import MOST_COUNTED as MOST_COUNTED
from store.feed import FeedRow as FeedRow
from store.feed import FeedWhere

_PAGE = 50


class Kind(StrEnum):
    """What people look for in it."""

    NOTES = "notes"
    STATUS = "status"
    OWNER = "owner"
    FOLLOW_UP = "follow_up"
    TAGS = "tags"
    VALUES = "values"
    CAMPAIGNS = "campaigns"
    EXPORTS = "exports"
    HAND_OFFS = "hand_offs"


_ABOUT_COMPANIES: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.NOTES: ("note",),
    Kind.STATUS: ("status",),
    Kind.OWNER: ("owner",),
    Kind.FOLLOW_UP: ("follow_up",),
    Kind.TAGS: ("tags",),
    Kind.VALUES: ("edit",),
}
_OTHERS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.CAMPAIGNS: ("ordered", "ended", "bulk"),
    Kind.EXPORTS: ("export",),
    Kind.HAND_OFFS: ("push",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """A part of it; ``people`` are those of the workspace, by id."""

    rows: tuple[FeedRow, ...]
    people: Mapping[UUID, str]
    next_cursor: str | None


def people(person: Person) -> dict[UUID, str]:
    """Who is in the workspace, with their addresses, to choose whose part to see."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return dict(limits.members(conn, person.workspace_id))


def look(
    person: Person,
    kind: Kind | None = None,
    member: UUID | None = None,
    since: datetime | None = None,
    before: datetime | None = None,
    cursor: str | None = None,
) -> FeedPage:
    """What was done, of one kind or all, by one of the workspace or anybody, from ``since`` until ``before``; further
    back from ``cursor`` on."""
    until = min((each for each in (before, place(cursor)) if each), default=None)
    found: list[FeedRow] = []
    with transaction(Role.WEB, proof=person.proof) as conn:
        people = dict(limits.members(conn, person.workspace_id))
        for kinds, read in ((_ABOUT_COMPANIES, feed.of_companies), (_OTHERS, feed.of_others)):
            if wanted := _wanted(kinds, kind):
                where = FeedWhere(kinds=wanted, user_id=member, since=since, before=until)
                found += read(conn, person.workspace_id, where, _PAGE + 1)
    moments = sorted({row.at for row in found}, reverse=True)
    is_more = len(moments) > _PAGE
    last = moments[_PAGE - 1] if is_more else None
    rows = sorted(
        (row for row in found if last is None or row.at >= last), key=lambda row: row.at, reverse=True
    )
    return FeedPage(
        rows=tuple(_as_read(row, people) for row in rows),
        people=people,
        next_cursor=paging.encode(last.isoformat()) if last else None,
    )


def _wanted(kinds: Mapping[Kind, Sequence[str]], kind: Kind | None) -> list[str]:
    return [name for each, names in kinds.items() if kind in (None, each) for name in names]


def _as_read(row: FeedRow, people: Mapping[UUID, str]) -> FeedRow:
    """What a note says, with who is mentioned as people read it."""
    if row.kind != "note":
        return row
    return replace(row, detail={**row.detail, "text": shown(str(row.detail["text"]), people)})


def place(cursor: str | None) -> datetime | None:
    """The moment before which a cursor begins; None of what is no cursor of a part."""
    parts = paging.decode(cursor, 1)
    try:
        found = datetime.fromisoformat(parts[0]) if parts else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None
