"""What the page *Jobs* reads again and again: how it is now, and the jobs on show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.campaign import CampaignStatus
from services import operations
from services.identity import Person
from services.job_detail import JobDetail, JobSummary
from services.operations import Attention, JobPage, JobRow, WorkerRow
from services.permissions import Right
from ui import job_panel, job_table, session, worker_cards
from ui.job_filters import Chosen


@dataclass(frozen=True, slots=True)
class Now:
    """How it is at this moment."""

    attention: Attention
    workers: tuple[WorkerRow, ...]
    last_jobs: tuple[JobRow, ...]


@dataclass(frozen=True, slots=True)
class Jobs:
    """The jobs on show, and the one that is ticked alone."""

    person: Person
    counts: Mapping[CampaignStatus, int]
    page: JobPage
    one: JobDetail | JobSummary | str | None


def now() -> Now:
    """The workers, the jobs of the one that is looked at, and what to look at."""
    person, shown = session.require_right(Right.SEE_ALL_JOBS), worker_cards.shown()
    last_jobs = operations.worker_jobs(person, shown) if shown else ()
    return Now(operations.attention(person), operations.workers(person), last_jobs)


def jobs(chosen: Chosen) -> Jobs:
    """A page of what was chosen."""
    person, ticked = session.require_right(Right.SEE_ALL_JOBS), job_table.ticked()
    return Jobs(
        person,
        operations.job_counts(person, chosen.where),
        operations.jobs(person, chosen.where, chosen.sort, job_table.cursor(chosen)),
        job_panel.read(person, ticked[0]) if len(ticked) == 1 else None,
    )
