"""Erasing somebody from a workspace, or from the whole installation, for good."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from uuid import UUID

from pipeline.suppression import Subject
from services import kept_answers
from services.errors import Conflict
from services.identity import Person
from services.permissions import Right, require
from store import (
    export_files,
    subject_invitations,
    subject_lists,
    subject_replies,
    subject_tags,
    subject_views,
    subjects,
    suppressions,
)
from store.database import Connection, Role, transaction
from store.suppressions import Entry

Counts = Mapping[str, int]
_TOGETHER = 250
"""Companies that what is held is looked through for at once; our own choice."""
PARTS: Mapping[str, tuple[str, str]] = {
    "leads": ("lead removed", "leads removed"),
    "businesses": ("business removed", "businesses removed"),
    "changed": ("other record that loses the mention", "other records that lose the mention"),
    "notes": ("note or change in the book", "notes and changes in the book"),
    "edits": ("value that somebody typed", "values that people typed"),
    "answers": ("question to a provider, with its answer", "questions to providers, with their answers"),
    "kept_answers": ("answer kept for everybody", "answers kept for everybody"),
    "events": ("line of a log", "lines of logs"),
    "exports": ("filter of an export", "filters of exports"),
    "tags": ("tag of a campaign", "tags of campaigns"),
    "views": ("saved view that names it", "saved views that name it"),
    "orders": ("order that names it", "orders that name it"),
    "replies": ("answer kept for a program", "answers kept for programs"),
    "invitations": ("invitation", "invitations"),
    "acts": ("address in the audit log", "addresses in the audit log"),
    "lists": ("value of an uploaded list", "values of uploaded lists"),
    "files": ("file of leads that waited for its maker", "files of leads that waited for their makers"),
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


def preview_all(person: Person, subjects: Sequence[Subject]) -> Counts:
    """What ``erase_all`` would remove, as ``preview`` finds it. Raises what that raises."""
    counts: Counts = {}
    with _taken_back(person) as conn:
        counts = _all(conn, person, subjects)
        raise _Undone
    return counts


def erase_all(person: Person, subjects: Sequence[Subject], kept_away: Sequence[Entry] = ()) -> Counts:
    """Erase several companies from the workspace, all or none, as ``erase`` does each, and put ``kept_away`` on the
    suppression list beside them. Raises what ``erase`` raises."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        counts = _all(conn, person, subjects)
        suppressions.add(conn, person.workspace_id, kept_away)
        return counts


def in_words(counts: Counts) -> list[str]:
    """``2 leads removed``, one line for each part that is not empty."""
    return [f"{number:,} {PARTS[part][number != 1]}" for part in PARTS if (number := counts.get(part, 0))]


def _all(conn: Connection, person: Person, subjects: Sequence[Subject]) -> Counts:
    require(person, Right.ERASE)
    counts: Counter[str] = Counter()
    for start in range(0, len(subjects), _TOGETHER):
        counts.update(_removed(conn, person.workspace_id, *subjects[start : start + _TOGETHER]))
    return _with_files(conn, person.workspace_id, counts)


def _erased_here(conn: Connection, person: Person, subject: Subject) -> Counts:
    require(person, Right.ERASE)
    return _erased(conn, person.workspace_id, subject)


def _erased_everywhere(conn: Connection, person: Person, subject: Subject) -> Counts:
    require(person, Right.ERASE_EVERYWHERE)
    return _erased(conn, None, subject)


def _erased(conn: Connection, workspace_id: UUID | None, subject: Subject) -> Counts:
    return _with_files(conn, workspace_id, _removed(conn, workspace_id, subject))


def _with_files(conn: Connection, workspace_id: UUID | None, counts: Counts) -> Counts:
    # The last: whoever begins to make a file waits until this has ended.
    return {**counts, "files": export_files.erase(conn, workspace_id)}


def _removed(conn: Connection, workspace_id: UUID | None, *who: Subject) -> Counts:
    questions = kept_answers.of_subject(who[0], subjects.about(conn, workspace_id, *who))
    counts = subjects.erase(conn, workspace_id, questions, *who)
    if "running" in counts:
        raise Conflict("A campaign that knows of them is running. Wait for its end or stop it, then erase.")
    listed = subject_lists.erase(conn, workspace_id, who)
    if listed is None:
        raise Conflict("A list is being stored. Wait until it is kept, then erase.")
    return {
        **counts,
        **subject_invitations.erase(conn, workspace_id, *who),
        "replies": subject_replies.erase(conn, workspace_id, *who),
        "tags": subject_tags.erase(conn, workspace_id, *who),
        "views": subject_views.erase(conn, workspace_id, *who),
        "lists": listed,
    }


@contextmanager
def _taken_back(person: Person) -> Iterator[Connection]:
    try:
        with transaction(Role.WEB, proof=person.proof) as conn:
            yield conn
    except _Undone:
        return
