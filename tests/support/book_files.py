"""Large files of leads, taken through the whole of their way."""

from __future__ import annotations

from uuid import UUID

from pipeline.output.export import COLUMNS, USUAL_SPELLING
from services import book_file_work, book_files
from services.book_file_work import PART_BYTES
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort


def asked(
    who: Person, format: str = "csv", filter: LeadFilter | None = None, sort: LeadSort = LeadSort.NAME
) -> UUID:
    """A file that waits for a worker."""
    columns = [column.title for column in COLUMNS]
    return book_files.ask(who, filter or LeadFilter(), sort, format, columns, USUAL_SPELLING)


def made(
    who: Person, format: str = "csv", sort: LeadSort = LeadSort.NAME, part_bytes: int = PART_BYTES
) -> UUID:
    """A file after a worker took it up."""
    file_id = asked(who, format, sort=sort)
    work(part_bytes)
    return file_id


def work(part_bytes: int = PART_BYTES) -> list[str]:
    """Do what a worker does about the files that are due; what it says of each."""
    return list(book_file_work.run_due(part_bytes))


def content(who: Person, file_id: UUID) -> bytes:
    """What a file holds."""
    return b"".join(book_files.download(who, file_id).parts)
