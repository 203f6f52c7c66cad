"""Large files of leads, made by a worker: asked for, watched, fetched by whoever asked, let go."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from pipeline.output.export import ExportFormat, Spelling
from services.book_export import MOST_AT_ONCE
from services.errors import Conflict, Invalid, NotFound
from services.exporting import known_format
from services.identity import Person
from services.lead_filter import LeadFilter
from services.permissions import Right, require
from services.results import LeadSort
from store import export_files
from store.database import Role, transaction
from store.export_files import FileRow as FileRow
from store.export_files import FileState as FileState
from store.ids import new_id

MOST_KEPT = 3
"""Files of one person in a workspace; the oldest goes when another one is asked for."""
_GONE = "There is no such file any more. Have it made again."
_ONE_IS_MADE = "A file of yours is being made. Wait for it, or let go of it first."


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file on its way out: its name, type and size in bytes, and how to read them part by part."""

    name: str
    mime: str
    size: int
    parts: Iterator[bytes]


def ask(
    person: Person,
    filter: LeadFilter,
    sort: LeadSort,
    format: str,
    columns: Sequence[str],
    spelling: Spelling,
) -> UUID:
    """Have a worker write every company of the book that the filter lets through; returns the id of the file.

    ``columns`` are headings, as for ``export_choices.layout``. Raises NotAllowed, Conflict while one of theirs is made,
    and Invalid for a format there is not or that holds all leads in memory.
    """
    require(person, Right.EXPORT_LEADS)
    chosen = known_format(format)
    if chosen.stream is None:
        raise Invalid(f"{chosen.label} takes at most {MOST_AT_ONCE:,} leads. Choose another format.")
    asked = as_asked(filter, sort, columns, spelling)
    whose, file_id = (person.workspace_id, person.id), new_id()
    with transaction(Role.WEB, proof=person.proof) as conn:
        if not export_files.ask(conn, whose, file_id, chosen.key, json.dumps(asked)):
            raise Conflict(_ONE_IS_MADE)
        export_files.keep_few(conn, whose, MOST_KEPT)
    return file_id


def as_asked(
    filter: LeadFilter, sort: LeadSort, columns: Sequence[str], spelling: Spelling
) -> dict[str, object]:
    """What a file is to hold, as it is kept."""
    return {
        "filter": json.loads(filter.as_kept()),
        "sort": sort.value,
        "columns": list(columns),
        "spelling": spelling.model_dump(),
    }


def mine(person: Person) -> tuple[FileRow, ...]:
    """The person's files of the workspace, newest first; none for who may not take leads."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return tuple(export_files.newest(conn, (person.workspace_id, person.id), MOST_KEPT))


def one(person: Person, file_id: UUID) -> FileRow:
    """A file of the person's. Raises NotFound."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        found = export_files.newest(conn, (person.workspace_id, person.id), 1, file_id)
    if not found:
        raise NotFound(_GONE)
    return found[0]


def again(person: Person, file_id: UUID) -> None:
    """Have a file made that failed. Raises NotAllowed, NotFound, and Conflict while another one is made."""
    require(person, Right.EXPORT_LEADS)
    one(person, file_id)
    if any(row.state in (FileState.WAITING, FileState.MAKING) for row in mine(person)):
        raise Conflict(_ONE_IS_MADE)
    try:
        with transaction(Role.WEB, proof=person.proof) as conn:
            if not export_files.again(conn, person.workspace_id, file_id):
                raise NotFound(_GONE)
    except export_files.OneIsMade:
        raise Conflict(_ONE_IS_MADE) from None


def discard(person: Person, file_id: UUID) -> None:
    """Let go of a file, also while it is made. Raises NotAllowed and NotFound."""
    require(person, Right.EXPORT_LEADS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        if not export_files.let_go(conn, person.workspace_id, file_id):
            raise NotFound(_GONE)


def download(person: Person, file_id: UUID) -> Download:
    """A file that is ready. Each part is asked for anew, so it ends in the middle for whoever may not have it any more.
    Raises NotAllowed, and NotFound for a file that is not ready, of somebody else, or gone."""
    require(person, Right.EXPORT_LEADS)
    row = one(person, file_id)
    if row.state is not FileState.READY or row.name is None or row.size is None:
        raise NotFound(_GONE)
    return Download(
        name=row.name, mime=known_format(row.format).mime, size=row.size, parts=_parts(person, file_id)
    )


def label_of(row: FileRow) -> str:
    """What people call the format of a file; its key when there is no such format any more."""
    try:
        format: ExportFormat = known_format(row.format)
    except Invalid:
        return row.format
    return format.label


def _parts(person: Person, file_id: UUID) -> Iterator[bytes]:
    number = 0
    while True:
        with transaction(Role.WEB, proof=person.proof) as conn:
            data = export_files.part(conn, person.workspace_id, file_id, number)
        if data is None:
            return
        yield data
        number += 1
