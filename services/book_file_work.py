"""Making large files of leads: what a worker does beside its campaigns (``jobs.side_work``)."""

from __future__ import annotations

import hashlib
import logging
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import settings
from pipeline import events
from pipeline.output.export import Spelling
from pipeline.output.file_names import book_file_name
from pipeline.output.notices import counted
from services import export_choices, export_terms
from services.book_writing import Source, Target, Wanted, Written, write
from services.data_sheets import Taking
from services.errors import Invalid, Refused
from services.exporting import known_format
from services.lead_filter import LeadFilter
from services.results import LeadSort
from store import book, clock, export_work
from store.database import Connection, DatabaseError, Role, transaction
from store.export_work import ExportWork

log = logging.getLogger(__name__)
LEASE_S = 60
"""A file whose process was not heard of for so long is made by another one, from the start."""
_BEAT_S = 1.0
PART_BYTES = 1024 * 1024
_IDS = 10_000
"""Leads whose companies are marked at once."""


class _Lost(Exception):
    """The file was let go, or somebody else makes it by now."""


def are_due() -> bool:
    """Whether a file waits to be made."""
    with transaction(Role.SYSTEM) as conn:
        return export_work.are_due(conn)


def run_due(part_bytes: int = PART_BYTES) -> Iterator[str]:
    """Make files as long as there are any, kept in parts of so many bytes; yields a line on each for people."""
    while True:
        with transaction(Role.WORKER) as conn:
            work = export_work.take(conn, LEASE_S)
        if work is None:
            return
        yield _carry_out(work, part_bytes)


def _carry_out(work: ExportWork, part_bytes: int) -> str:
    try:
        with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as ids, _beating(work) as beat:
            into = Target(file=file, ids=ids)
            made, name = _made(work, into, beat)
            _keep(work, into, made, name, part_bytes)
    except _Lost:
        return "A file of leads was let go while it was made."
    except Refused as refused:
        with transaction(Role.WORKER, lease=work) as conn:
            export_work.fail(conn, str(refused))
        return f"A file of leads cannot be made: {refused}"
    return f"A file with {counted(made.rows, 'lead')} was made."


def _made(work: ExportWork, into: Target, beat: _Beat) -> tuple[Written, str]:
    with transaction(Role.WORKER, lease=work) as conn:
        export_work.take_time(conn)
        source = _source(conn, work)
        wanted = _wanted(work, source.at)
        expected = book.count_all(conn, work.workspace_id, wanted.filter.where())
        if wanted.format.most is not None and expected > wanted.format.most:
            raise Invalid(
                f"{wanted.format.label} holds at most {counted(wanted.format.most, 'lead')}, these are {expected:,}."
                " Take CSV, or narrow the filters."
            )
        beat.expected = expected
        made = write(conn, source, wanted, into, beat.passes)
    name = book_file_name(source.at.date(), wanted.format.extension, is_simulated=made.is_simulated)
    return made, name


def _wanted(work: ExportWork, at: datetime) -> Wanted:
    asked = work.asked
    spelling = Spelling.model_validate(asked["spelling"])
    filter = LeadFilter.model_validate(asked["filter"])
    if zone := asked.get("time_zone"):
        # Asked for by a schedule, for which each time it is another day.
        filter = filter.model_copy(update={"today": at.astimezone(ZoneInfo(zone)).date()})
    return Wanted(
        filter=filter,
        sort=LeadSort(asked["sort"]),
        format=known_format(work.format),
        layout=export_choices.layout(asked["columns"], spelling),
    )


def _source(conn: Connection, work: ExportWork) -> Source:
    taking = Taking(workspace=work.workspace, exported_by=work.exported_by, legal_basis=work.legal_basis)
    return Source(
        workspace_id=work.workspace_id,
        taking=taking,
        simulated=work.simulated,
        kept_here=export_terms.withheld_as_of(conn),
        at=clock.now(conn),
    )


def _keep(work: ExportWork, into: Target, made: Written, name: str, part_bytes: int) -> None:
    """Store the file, part by part, note whom it holds, and offer it."""
    file = into.file
    digest, size, number = hashlib.sha256(), file.tell(), 0
    file.seek(0)
    while data := file.read(part_bytes):
        digest.update(data)
        with transaction(Role.WORKER, lease=work) as conn:
            if not export_work.add_part(conn, number, data):
                raise _Lost
        number += 1
    for part in into.parts(_IDS):
        with transaction(Role.WORKER, lease=work) as conn:
            if not export_work.mark(conn, part):
                raise _Lost
    hours = settings.get().export_hours
    with transaction(Role.WORKER, lease=work) as conn:
        counts = (made.rows, made.left_out)
        if not export_work.finish(conn, name, counts, size, digest.digest(), hours):
            raise _Lost


class _Beat:
    """Tells the database how far the work is while it goes on, also while the library is busy with a workbook."""

    def __init__(self, work: ExportWork) -> None:
        self._work = work
        self._passed = 0
        self.expected: int | None = None
        self.over, self._lost = threading.Event(), threading.Event()

    def passes(self, rows: int) -> None:
        """So many leads have gone by. Raises _Lost to end the work."""
        self._passed = rows
        if self._lost.is_set():
            raise _Lost

    def run(self) -> None:
        """Until it is over or lost."""
        while not self.over.wait(_BEAT_S):
            try:
                with transaction(Role.WORKER, lease=self._work) as conn:
                    is_ours = export_work.go_on(conn, self._passed, self.expected, LEASE_S)
            except DatabaseError as error:
                # The lease outlasts a pause; what is written meanwhile finds out by itself.
                events.warning(log, "export_not_heard", reason=type(error).__name__)
                continue
            if not is_ours:
                self._lost.set()
                return


@contextmanager
def _beating(work: ExportWork) -> Iterator[_Beat]:
    beat = _Beat(work)
    thread = threading.Thread(target=beat.run, name="export-beat", daemon=True)
    thread.start()
    try:
        yield beat
    finally:
        beat.over.set()
        thread.join()
