"""The suppression list of a workspace: who is on it, putting people on it, taking them off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.imports import subject_file
from pipeline.imports.subject_file import SubjectFile
from pipeline.imports.table_text import Unreadable
from pipeline.suppression import MAX_REASON, Subject, SuppressedBy, SuppressedKind, subject_of
from pipeline.words.text import one_line
from services import paging
from services.errors import Invalid, NotFound
from services.identity import Person
from services.permissions import Right, require
from store import suppressions
from store.database import Role, transaction
from store.suppressions import Entry, EntryRow

EntryView = EntryRow
NO_REASON = "No reason given"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A page of the list, newest first."""

    rows: tuple[EntryRow, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Added:
    """How many came onto the list, and how many were on it before."""

    new: int
    known: int


def understood(typed: str, place: str = "", country: str | None = None) -> Subject:
    """Whom a person means. Raises Invalid with what to type instead."""
    try:
        return subject_of(typed, place, country)
    except ValueError as problem:
        raise Invalid(str(problem)) from None


def check(person: Person, typed: str, place: str = "", country: str | None = None) -> EntryRow | None:
    """The entry that covers somebody, since when and why; None when nobody put them on the list. Raises Invalid."""
    subject = understood(typed, place, country)
    with transaction(Role.WEB, proof=person.proof) as conn:
        return suppressions.entry_of(conn, person.workspace_id, subject)


def add(
    person: Person, subjects: Sequence[Subject], reason: str, source: SuppressedBy = SuppressedBy.TYPED
) -> Added:
    """Put people and companies on the list. Raises NotAllowed."""
    require(person, Right.SUPPRESS)
    why = one_line(reason)[:MAX_REASON] or NO_REASON
    return _add(
        person,
        [Entry(subject=subject, reason=why, source=source, added_by=person.id) for subject in subjects],
    )


def read(data: bytes, country: str | None = None) -> SubjectFile:
    """Whom a file names; nothing is kept. Raises Invalid for a file that cannot be read."""
    try:
        return subject_file.read(data, country)
    except Unreadable as problem:
        raise Invalid(str(problem)) from None


def add_file(person: Person, file: SubjectFile, reason: str, *, skip_bad: bool) -> Added:
    """Put all that a file names on the list, all or none of them; a row's own reason goes before ``reason``.

    Raises NotAllowed, and Invalid when a row cannot be used, unless such rows are to be skipped, or none can.
    """
    require(person, Right.SUPPRESS)
    if file.bad and not (skip_bad and file.named):
        raise Invalid(bad_rows(file))
    why = one_line(reason)[:MAX_REASON] or NO_REASON
    return _add(
        person,
        [
            Entry(
                subject=named.subject,
                reason=named.reason or why,
                source=SuppressedBy.FILE,
                added_by=person.id,
            )
            for named in file.named
        ],
    )


def bad_rows(file: SubjectFile, most: int = 10) -> str:
    """Which rows of a file cannot be used, and why."""
    said = " ".join(f"Row {number:,}: {why}" for number, why in file.bad[:most])
    more = f" {len(file.bad) - most:,} more rows cannot be used." if len(file.bad) > most else ""
    return said + more


def entries(
    person: Person, kind: SuppressedKind | None = None, cursor: str | None = None, limit: int = 50
) -> ListPage:
    """A page of the workspace's list; no entry says who it is about."""
    limit = max(1, min(limit, 200))
    with transaction(Role.WEB, proof=person.proof) as conn:
        rows = suppressions.page(conn, person.workspace_id, kind, _after(cursor), limit + 1)
    shown = rows[:limit]
    last = (
        paging.encode(shown[-1].since.isoformat(), shown[-1].hash.hex()) if len(rows) > len(shown) else None
    )
    return ListPage(rows=tuple(shown), next_cursor=last)


def counts(person: Person) -> Mapping[SuppressedKind, int]:
    """How many entries of each kind there are."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return suppressions.counts(conn, person.workspace_id)


def remove(person: Person, hash: bytes) -> None:
    """Take an entry off the list. Raises NotAllowed, and NotFound."""
    require(person, Right.LIFT_SUPPRESSIONS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        if not suppressions.remove(conn, person.workspace_id, hash):
            raise NotFound("There is no such entry any more.")


def _add(person: Person, entries: Sequence[Entry]) -> Added:
    with transaction(Role.WEB, proof=person.proof) as conn:
        new = suppressions.add(conn, person.workspace_id, entries)
    return Added(new, len(entries) - new)


def _after(cursor: str | None) -> tuple[datetime, bytes] | None:
    parts = paging.decode(cursor, 2)
    try:
        return (datetime.fromisoformat(parts[0]), bytes.fromhex(parts[1])) if parts else None
    except ValueError:
        return None
