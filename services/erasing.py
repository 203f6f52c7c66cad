"""Erasing somebody from a workspace, or from the whole installation, for good."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from pipeline.suppression import Subject
from services import kept_answers
from services.errors import Conflict
from services.identity import Person
from services.permissions import Right, require
from store import subjects
from store.database import Connection, Role, transaction

Counts = Mapping[str, int]
PARTS: Mapping[str, tuple[str, str]] = {
    "leads": ("lead removed", "leads removed"),
    "businesses": ("business removed", "businesses removed"),
    "changed": ("other record that loses the mention", "other records that lose the mention"),
    "answers": ("question to a provider, with its answer", "questions to providers, with their answers"),
    "kept_answers": ("answer kept for everybody", "answers kept for everybody"),
    "events": ("line of a log", "lines of logs"),
    "exports": ("filter of an export", "filters of exports"),
    "orders": ("order that names it", "orders that name it"),
}
"""What is counted, in words: one of them, and several."""


class _Undone(Exception):
    """Takes a transaction back whose counts are all that was wanted."""


def preview(person: Person, subject: Subject, *, everywhere: bool = False) -> Counts:
    """What ``erase`` would remove, found by doing it and taking it back. Raises NotAllowed, and Conflict while a
    campaign that knows of the subject runs."""
    counts: Counts = {}
    with _taken_back(person) as conn:
        counts = (_erased_everywhere if everywhere else _erased_here)(conn, person, subject)
        raise _Undone
    return counts


def erase(person: Person, subject: Subject, *, everywhere: bool = False) -> Counts:
    """Remove a person or company from every lead, answer, order, export and log of the workspace, or of the whole
    installation, and put it on the suppression list so that no campaign brings it back; says what was removed.

    Raises NotAllowed, and Conflict while a campaign that knows of the subject runs.
    """
    with transaction(Role.WEB, proof=person.proof) as conn:
        return (_erased_everywhere if everywhere else _erased_here)(conn, person, subject)


def in_words(counts: Counts) -> list[str]:
    """``2 leads removed``, one line for each part that is not empty."""
    return [f"{number:,} {PARTS[part][number != 1]}" for part in PARTS if (number := counts.get(part, 0))]


def _erased_here(conn: Connection, person: Person, subject: Subject) -> Counts:
    require(person, Right.ERASE)
    return _erased(conn, person.workspace_id, subject)


def _erased_everywhere(conn: Connection, person: Person, subject: Subject) -> Counts:
    require(person, Right.ERASE_EVERYWHERE)
    return _erased(conn, None, subject)


def _erased(conn: Connection, workspace_id: UUID | None, subject: Subject) -> Counts:
    questions = kept_answers.of_subject(subject, subjects.about(conn, workspace_id, subject))
    counts = subjects.erase(conn, workspace_id, subject, questions)
    if "running" in counts:
        raise Conflict("A campaign that knows of them is running. Wait for its end or stop it, then erase.")
    return counts


@contextmanager
def _taken_back(person: Person) -> Iterator[Connection]:
    try:
        with transaction(Role.WEB, proof=person.proof) as conn:
            yield conn
    except _Undone:
        return
