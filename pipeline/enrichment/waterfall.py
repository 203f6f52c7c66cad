"""Many leads through the waterfall at a time: stored as they become ready, whatever stops the rest."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from typing import Any

from pipeline.campaign import Stage
from pipeline.enrichment.steps import attempt, reopened, untried, with_former_costs
from pipeline.errors import LeaseLost, Stopped
from pipeline.lead import Business, EmailStatus, Lead
from pipeline.output.reasons import as_text, why_empty
from pipeline.ports import BatchStep, CampaignPorts, EnrichmentStep, Metrics
from pipeline.scoring.average import averages
from pipeline.scoring.figures import ScoreContext
from pipeline.scoring.score import scored_lead

THREADS = 24
"""Leads looked up at a time: above what Hunter's limit of 15 searches a second of 0.8 s each keeps busy."""
BESIDE = 20
"""Pieces of work for many leads at a time, beside those look-ups: the handful of addresses that are checked alone."""
BATCH = 10
"""Leads stored together: how often the results table grows."""
_PAUSE_S = 0.5  # The longest a finished lead waits to be stored, and the shortest time between two reports.

_USABLE = frozenset(EmailStatus) - {EmailStatus.NONE, EmailStatus.INVALID, EmailStatus.DISPOSABLE}


@dataclass(frozen=True, slots=True)
class _Part:
    """Steps a lead goes through alone, then perhaps one that takes many leads together."""

    steps: tuple[EnrichmentStep, ...]
    batch: BatchStep | None


class Waterfall:
    """Takes businesses as they are chosen and enriches them side by side; a context manager.

    Leaving it waits for what is being asked, so that no answer is lost, and stores each lead as far as it came.
    """

    def __init__(self, ports: CampaignPorts, context: ScoreContext) -> None:
        self._ports = ports
        self._basis = context
        self._parts = _parts(ports.steps)
        self._together = {number: part.batch for number, part in enumerate(self._parts) if part.batch}
        self._leads = {lead.business.key: reopened(lead) for lead in ports.memory.leads()}
        self._resumed = len(self._leads)
        # Look-ups of one lead with the part they belong to, and the work of steps for many.
        self._running: dict[Future[tuple[Lead, Stopped | None]], int] = {}
        self._work: set[Future[None]] = set()
        self._ready: dict[int, list[Lead]] = defaultdict(list)
        self._inside = Counter[int]()  # Leads in the hands of the step for many of a part.
        self._has_all: set[int] = set()
        self._unsaved: list[Lead] = []
        self._order: list[str] = []
        self._last_s = time.monotonic()
        self._stage = Stage.DISCOVERING
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="lead")
        self._beside = ThreadPoolExecutor(BESIDE, thread_name_prefix="many")

    def __enter__(self) -> Waterfall:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._beside.shutdown(wait=True, cancel_futures=True)
        if isinstance(error, Stopped) and not isinstance(error, LeaseLost):
            for future in self._running:
                if _has_result(future):
                    self._keep(future.result()[0])
            for number in +self._inside:
                for lead in self._together[number].take_turn(self._ready[number], None).done:
                    self._keep(lead)
            self._save()

    @property
    def leads(self) -> list[Lead]:
        """All leads as they stand, in the order they were chosen."""
        return [self._leads[key] for key in self._order]

    def add(self, businesses: Sequence[Business]) -> None:
        """Store chosen businesses and begin with those that are not done; store what has become ready."""
        self._ports.memory.save_businesses(businesses)
        for business in businesses:
            self._order.append(business.key)
            self._begin(self._leads.setdefault(business.key, Lead(business=business)), 0)
        self._collect(timeout_s=0)

    def finish(self) -> None:
        """Bring every lead through every step."""
        self._stage = Stage.ENRICHING
        self._say_resumed()
        self._take_turns()
        while self._running or self._work:
            self._collect(timeout_s=_PAUSE_S)
        if +self._inside:
            raise AssertionError("a step for many leads kept some of them")
        self._save()
        done, total = self._done()
        self._report(f"Enriched {done:,} of {total:,}." if total > self._resumed else None)

    def _begin(self, lead: Lead, number: int) -> None:
        """Bring a lead on, from a part of the waterfall to the first with something left to do."""
        for place in range(number, len(self._parts)):
            part = self._parts[place]
            if untried(lead, part.steps):
                self._running[self._threads.submit(_through, lead, part.steps)] = place
                return
            if part.batch and untried(lead, [part.batch]):
                self._ready[place].append(lead)
                self._inside[place] += 1
                return

    def _take_turns(self) -> None:
        """Every step for many leads gets what is ready for it and says what it has to ask."""
        for number in self._together:
            if self._inside[number]:
                coming = self._coming(number) if self._stage is Stage.ENRICHING else None
                if coming == 0 and number not in self._has_all:
                    # What is left may take the outside world a while: people see how far it came by itself.
                    self._has_all.add(number)
                    self._report(None)
                for work in self._take_turn(number, coming):
                    self._work.add(self._beside.submit(work))

    def _take_turn(self, number: int, coming: int | None) -> Sequence[Callable[[], None]]:
        turn = self._together[number].take_turn(self._ready.pop(number, []), coming)
        for lead in turn.done:
            self._inside[number] -= 1
            self._begin(self._keep(lead), number + 1)
        return turn.work

    def _coming(self, number: int) -> int:
        """How many leads have still to reach the step for many of a part."""
        alone = sum(place <= number for place in self._running.values())
        return alone + sum(count for place, count in self._inside.items() if place < number)

    def _collect(self, timeout_s: float) -> None:
        """Take what became ready, waiting at most so long for something."""
        waiting: list[Future[Any]] = [*self._running, *self._work]
        done, _ = wait(waiting, timeout_s, FIRST_COMPLETED)
        asked = [future for future in done if future in self._work]
        self._work.difference_update(asked)
        stopped = None
        for future, number in [(each, self._running.pop(each)) for each in done if each in self._running]:
            lead, stop = future.result()
            stopped = stopped or stop
            lead = self._keep(lead)
            if not stop:
                self._begin(lead, number)
        if stopped:
            raise stopped
        for future in asked:
            future.result()
        if done:
            self._take_turns()
        self._save_soon()

    def _keep(self, lead: Lead) -> Lead:
        lead = _rescored(with_former_costs(lead), self._basis)
        self._leads[lead.business.key] = lead
        self._unsaved.append(lead)
        return lead

    def _save_soon(self) -> None:
        is_late = time.monotonic() - self._last_s >= _PAUSE_S
        if is_late or len(self._unsaved) >= BATCH:
            self._save()
        if is_late:
            self._last_s = time.monotonic()
            self._report(None)

    def _save(self) -> None:
        if self._unsaved:
            # A lead that became ready twice is stored as it stands now.
            latest = {lead.business.key: lead for lead in self._unsaved}
            self._ports.memory.save_leads(list(latest.values()))
            self._unsaved = []

    def _done(self) -> tuple[int, int]:
        leads = self.leads
        steps = self._ports.steps
        # What a step left undone is over as far as this run goes.
        names = {step.name for step in steps}
        over = sum(names <= {result.step for result in lead.steps} for lead in leads)
        return over, len(leads)

    def _steps_done(self) -> tuple[int, int]:
        """Counted in steps, as a step for all leads together would otherwise leave every lead undone to the last."""
        names = {step.name for step in self._ports.steps}
        leads = self.leads
        over = sum(len(names & {result.step for result in lead.steps}) for lead in leads)
        return over, len(leads) * len(names)

    def _report(self, message: str | None) -> None:
        leads = self.leads
        metrics = Metrics(
            leads_enriched=self._done()[0],
            emails_found=sum(lead.email_status in _USABLE for lead in leads),
            emails_verified=sum(lead.email_status is EmailStatus.VERIFIED for lead in leads),
            **averages(lead.business for lead in leads),
        )
        is_enriching = self._stage is Stage.ENRICHING
        percent = self._stage.at(*self._steps_done()) if is_enriching else self._stage.percent[0]
        self._ports.progress.report(self._stage, percent, metrics, message)

    def _say_resumed(self) -> None:
        if self._resumed:
            done, total = self._done()
            self._report(f"Going on: {done:,} of {total:,} are already enriched.")


def _parts(steps: Sequence[EnrichmentStep | BatchStep]) -> tuple[_Part, ...]:
    parts: list[_Part] = []
    alone: list[EnrichmentStep] = []
    for step in steps:
        if isinstance(step, BatchStep):
            parts.append(_Part(tuple(alone), step))
            alone = []
        else:
            alone.append(step)
    return (*parts, _Part(tuple(alone), None))


def _through(lead: Lead, steps: Sequence[EnrichmentStep]) -> tuple[Lead, Stopped | None]:
    """The lead as far as it came, and what stopped it."""
    for step in steps:
        try:
            lead = attempt(lead, step)
        except Stopped as stop:
            return lead, stop
    return lead, None


def _has_result(future: Future[tuple[Lead, Stopped | None]]) -> bool:
    return not future.cancelled() and future.exception() is None


def _rescored(lead: Lead, context: ScoreContext) -> Lead:
    """The lead with new figures, whose evidence for empty fields is what the look-ups came to."""
    business = lead.business
    reasons = {field: as_text(said) for field, said in why_empty(lead).items()}
    judged = scored_lead(replace(lead, business=replace(business, empty_reasons=reasons)), context)
    return replace(lead, business=replace(judged, empty_reasons=business.empty_reasons))
