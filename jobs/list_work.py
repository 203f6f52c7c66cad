"""Uploaded lists, checked and stored batch by batch: what is stored stays stored when the process dies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

from pipeline.imports import company_list
from pipeline.imports.company_list import BadRow, Column, Entry
from pipeline.imports.own_list import MOST_COMPANIES
from pipeline.imports.table_text import Unreadable
from pipeline.lead import Business
from pipeline.listed_companies import keys_of_company, keys_of_entry, subjects_of
from pipeline.suppression import Subject, SuppressedKind
from store import list_work, locks, suppressed_companies
from store.database import Role, transaction
from store.list_work import Counts, ListKey, Work
from store.lists import ListKind, ListState
from store.suppressions import hashed

_BATCH = 500
_LISTED_PROBLEMS = 100
_TOO_MANY = f"A campaign looks up {MOST_COMPANIES:,} companies at most."
# Rows and values of a file are told apart by eight bytes of a hash: two of a hundred thousand are alike once in four
# thousand million files.
_MARK_BYTES = 8


@dataclass(slots=True)
class _Tally:
    """What was found so far; of values only marks are held."""

    rows: int = 0
    bad: int = 0
    repeated: int = 0
    known: int = 0
    entries: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)
    companies: set[UUID] = field(default_factory=set)
    seen_rows: set[int] = field(default_factory=set)
    seen_values: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Keyed:
    """A row with the values it names companies by, each with its hash."""

    entry: Entry
    subjects: Mapping[str, Subject]
    hashes: Mapping[str, bytes]


def are_due() -> bool:
    """Whether a list waits to be checked or stored."""
    with transaction(Role.SYSTEM) as conn:
        return list_work.are_due(conn)


def run_due() -> Iterator[str]:
    """Check and store lists as long as there are any; yields a line on each for people."""
    while True:
        with transaction(Role.SYSTEM) as conn:
            work = list_work.take(conn)
        if work is None:
            return
        _carry_out(work)
        yield f"A list was {'checked' if work.state is ListState.CHECKING else 'stored'}."


def _carry_out(work: Work) -> None:
    columns = {Column(name): place for name, place in work.columns.items()}
    found = company_list.entries(work.data, columns, work.country)
    tally = _Tally()
    do = _check if work.state is ListState.CHECKING else _store
    try:
        while batch := list(islice(found, _BATCH)):
            last = batch[-1].row
            if last > work.done or work.state is ListState.CHECKING:
                do(work, _usable(work, batch, tally), tally)
            with transaction(Role.SYSTEM) as conn:
                if not list_work.go_on(conn, work, last):
                    return
    except Unreadable as problem:
        with transaction(Role.SYSTEM) as conn:
            list_work.refuse(conn, work, str(problem))
        return
    _finish(work, tally)


def _finish(work: Work, tally: _Tally) -> None:
    with transaction(Role.SYSTEM) as conn:
        if work.state is ListState.STORING:
            list_work.kept(conn, work)
            return
        counts = Counts(
            rows=tally.rows,
            bad=tally.bad,
            repeated=tally.repeated,
            known=tally.known,
            companies=len(tally.companies),
            entries=tally.entries,
        )
        if work.kind is ListKind.OWN and (usable := tally.rows - tally.bad - tally.repeated) > MOST_COMPANIES:
            list_work.refuse(conn, work, f"{_TOO_MANY} This file names {usable:,}.")
            return
        list_work.checked(conn, work, counts, tally.problems)


def _usable(work: Work, batch: Sequence[Entry | BadRow], tally: _Tally) -> list[_Keyed]:
    """The rows that name somebody nobody named before; the others are counted."""
    name = subjects_of if work.kind is ListKind.EXCLUSION else keys_of_entry
    usable: list[_Keyed] = []
    for row in batch:
        tally.rows += 1
        subjects = {} if isinstance(row, BadRow) else name(row)
        if isinstance(row, BadRow) or not subjects:
            tally.bad += 1
            why = row.why if isinstance(row, BadRow) else f"{row.domain} belongs to many people."
            tally.problems += [(row.row, why)] if len(tally.problems) < _LISTED_PROBLEMS else []
            continue
        hashes = {value: hashed(value) for value in subjects}
        mark = sum(map(_mark, hashes.values()))
        if mark in tally.seen_rows:
            tally.repeated += 1
            continue
        tally.seen_rows.add(mark)
        usable.append(_Keyed(row, subjects, hashes))
    return usable


def _check(work: Work, usable: Sequence[_Keyed], tally: _Tally) -> None:
    with transaction(Role.SYSTEM) as conn:
        members = _members(list_work.alike(conn, work, *_asked(usable)), usable)
        if work.kind is ListKind.EXCLUSION:
            hashes = [hash for row in usable for hash in row.hashes.values()]
            there = list_work.listed(conn, work, hashes)
            fresh = {_mark(hash) for hash in hashes if hash not in there} - tally.seen_values
            tally.entries += len(fresh)
            tally.seen_values |= fresh
    for found in members.values():
        tally.known += bool(found)
        tally.companies |= found


def _store(work: Work, usable: Sequence[_Keyed], tally: _Tally) -> None:
    keys = [
        ListKey(
            row=row.entry.row,
            hashed=row.hashes[value],
            kind=subject.kind.value,
            hint=subject.hint,
            external_id=row.entry.external_id,
        )
        for row in usable
        for value, subject in row.subjects.items()
    ]
    with transaction(Role.SYSTEM) as conn:
        if work.kind is ListKind.EXCLUSION:
            locks.hold_lists(conn, work.workspace_id)
            locks.hold_companies(conn, work.workspace_id)
        list_work.add_keys(conn, work, keys)
        if work.kind is ListKind.EXCLUSION:
            subjects = [subject for row in usable for subject in row.subjects.values()]
            suppressed_companies.mark(conn, work.workspace_id, subjects)
    if work.kind is ListKind.CUSTOMERS:
        # After the values are there for campaigns to see: what one stores meanwhile is met by one of the two.
        with transaction(Role.SYSTEM) as conn:
            locks.hold_companies(conn, work.workspace_id)
            members = _members(list_work.alike(conn, work, *_asked(usable)), usable)
            called = {row.entry.row: row.entry.external_id for row in usable}
            list_work.add_members(
                conn,
                work,
                {company: called[row] for row, found in reversed(members.items()) for company in found},
            )


def _asked(usable: Sequence[_Keyed]) -> tuple[list[str], list[str], list[str]]:
    """The domains, phone numbers and names of rows."""
    by_kind: dict[SuppressedKind, set[str]] = defaultdict(set)
    for row in usable:
        for value, subject in row.subjects.items():
            by_kind[subject.kind].add(value)
    names = {row.entry.name for row in usable if row.entry.name}
    return sorted(by_kind[SuppressedKind.DOMAIN]), sorted(by_kind[SuppressedKind.PHONE]), sorted(names)


def _members(alike: Sequence[tuple[UUID, Business]], usable: Sequence[_Keyed]) -> dict[int, set[UUID]]:
    """The companies each row means, by its number."""
    by_value: dict[str, set[UUID]] = defaultdict(set)
    for company, business in alike:
        for value in keys_of_company(business):
            by_value[value].add(company)
    return {
        row.entry.row: {company for value in row.subjects for company in by_value.get(value, ())}
        for row in usable
    }


def _mark(hash: bytes) -> int:
    return int.from_bytes(hash[:_MARK_BYTES])
