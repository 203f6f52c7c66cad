"""The first half of a campaign: find places, merge them to businesses, score them, choose the leads to be.

Free sources are asked first and whole, so that the best of what they know is chosen. A paid source is asked
only for the rest, question by question, no further than the order needs; its businesses are handed on at once.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from pipeline.campaign import CampaignSpec, Stage
from pipeline.causes import Cause
from pipeline.discovery.left_out import LeftOut
from pipeline.discovery.pool import Pool
from pipeline.discovery.worth_paying import worth_paying
from pipeline.errors import BudgetReached, SourceError, SpecError
from pipeline.lead import Business
from pipeline.output import notices
from pipeline.output.notices import NONE_SKIPPED, Skipped
from pipeline.output.unstated_words import unstated_lines
from pipeline.place import Area, Place, PlaceQuery
from pipeline.ports import CampaignPorts, Metrics, PlaceSearch
from pipeline.providers.registry import registry
from pipeline.scoring.average import averages
from pipeline.scoring.figures import ScoreContext
from pipeline.words.understanding import match_types

FRUITLESS = 40
"""So many new businesses of a paid source in a row without one that qualifies end its search: two full pages of Google.
Our own choice."""
MAX_CANDIDATES = 5000
"""The most records one source is asked for, nearest first: merging and scoring them takes about a second."""

Choose = Callable[[Sequence[Business]], None]
"""Takes businesses that are certain to become leads, as they are chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """How the search went: all businesses found, best first, and which meet what is asked for.

    ``skipped`` counts those left out as customers or as in the book already. ``notice`` says why there are none;
    ``reason`` which sources gave out or were not asked, or that the budget gave out, and ``cause`` the first of it as a
    value. Only with ``reason`` None is there nothing more to find.
    """

    found: Sequence[Business] = ()
    qualified: Sequence[Business] = ()
    notice: str | None = None
    reason: str | None = None
    cause: Cause | None = None
    skipped: Skipped = NONE_SKIPPED


class Search:
    """The search of one campaign: what was asked for, understood; the area each source makes of the place; what was
    found; and which sources could not be asked or gave out.

    ``choose`` is handed businesses as they become certain to be leads.
    """

    def __init__(self, spec: CampaignSpec, ports: CampaignPorts, choose: Choose) -> None:
        self._spec = spec
        self._ports = ports
        self._choose = choose
        self._types = match_types(spec.business_types, spec.by_name)
        self._areas: list[tuple[PlaceSearch, Area]] = []
        self._failures: list[SourceError | BudgetReached] = []
        self._is_answered = False
        self._refused: str | None = None
        self._left_out = LeftOut(spec, ports)
        context = ScoreContext(types=self._types, today=ports.today)
        self._pool = Pool(spec, context, ports.memory.businesses(), self._left_out)

    def run(self) -> Discovery:
        """Find, merge, score and store the businesses of a campaign, and hand on those that become leads.

        Raises SourceError when no source could answer.
        """
        self._say([f"Started: {self._spec.title}."], Stage.DISCOVERING.at(0, 1))
        searches = [search for search in self._ports.searches if search.name in self._spec.sources]
        if not searches:
            raise SourceError(Cause.NO_SOURCE)
        if not self._types:
            self._ports.memory.finish_discovery()
            return Discovery(notice=notices.meaningless_types(self._spec))
        self._locate([search for search in searches if not search.is_paid])
        self._choose(self._pool.chosen)
        self._search_free()
        if self._pool.missing:
            self._choose(self._pool.choose_firm())
            paid, unasked = worth_paying(self._spec, searches)
            self._failures += unasked
            self._locate(paid)
            self._search_paid()
        self._choose(self._pool.choose_rest())
        return self._ended()

    def _locate(self, searches: Sequence[PlaceSearch]) -> None:
        """Add the area each source makes of the location."""
        for search in searches:
            try:
                area = search.locate(self._spec.location, self._spec.radius_km)
            except (SourceError, BudgetReached) as error:
                self._failures.append(error)
            except SpecError as error:
                self._refused = str(error)
                return
            else:
                self._areas += [(search, area)] if area else []

    def _search_free(self) -> None:
        """Everything the free sources know, then merged and scored."""
        areas = [(search, area) for search, area in self._areas if not search.is_paid]
        for number, (search, area) in enumerate(areas):
            read = 0
            try:
                query = PlaceQuery(types=self._types, area=area, limit=MAX_CANDIDATES)
                for batch in search.search(query):
                    self._pool.add(batch[: MAX_CANDIDATES - read], area)
                    read = min(MAX_CANDIDATES, read + len(batch))
                    done = number * MAX_CANDIDATES + read
                    percent = Stage.DISCOVERING.at(done, len(areas) * MAX_CANDIDATES)
                    self._ports.progress.report(Stage.DISCOVERING, percent, Metrics())
                self._is_answered = True
            except SourceError as error:
                self._failures.append(error)
                self._is_answered = self._is_answered or read > 0
            self._say(search.remarks())
        if areas:
            self._pool.merge()
            self._say(
                notices.found_lines(
                    self._spec, self._types, areas[0][1], self._pool.places_read, MAX_CANDIDATES
                )
            )

    def _search_paid(self) -> None:
        """Question by question until the order is filled or the sources are."""
        for search, area in [pair for pair in self._areas if pair[0].is_paid]:
            try:
                self._ask_paid(search, area)
                self._is_answered = True
            except (SourceError, BudgetReached) as error:
                self._failures.append(error)
            self._say(search.remarks())
            if not self._pool.missing:
                return

    def _ask_paid(self, search: PlaceSearch, area: Area) -> None:
        """Raises SourceError with ``NONE_QUALIFIES`` when what is bought becomes no leads."""
        query = PlaceQuery(types=self._types, area=area, limit=self._pool.wanted)
        fruitless = 0
        with closing(_generator(search.search(query))) as batches:
            for batch in batches:
                found, reached = len(self._pool.found), len(self._pool.qualified)
                self._take(batch, area)
                # What the free sources know already is neither gained nor in vain.
                fruitless += len(self._pool.found) - found
                fruitless = 0 if len(self._pool.qualified) > reached else fruitless
                if not self._pool.missing:
                    return
                if fruitless >= FRUITLESS:
                    label = registry().order_label(search.name)
                    raise SourceError(Cause.NONE_QUALIFIES, label, detail=str(fruitless))

    def _take(self, batch: Sequence[Place], area: Area) -> None:
        """A page that was paid for: merged at once, and those handed on that are certain to be leads."""
        self._is_answered = True
        self._pool.add(batch, area)
        self._pool.merge()
        self._choose(self._pool.choose_firm())
        percent = Stage.DISCOVERING.at(len(self._pool.chosen), self._pool.wanted)
        self._ports.progress.report(Stage.DISCOVERING, percent, self._figures())

    def _ended(self) -> Discovery:
        self._say(self._left_out.note(self._pool.found))
        if not self._pool.found:
            return self._nothing_found()
        self._say(notices.loss_lines(self._pool.unusable, self._pool.duplicates))
        reason, cause = _why_short(self._failures) if self._pool.missing else (None, None)
        if reason is None or all(failure.cause.is_final for failure in self._failures):
            self._ports.memory.save_businesses(() if self._spec.is_of_book else self._pool.rest)
            self._ports.memory.finish_discovery()
        self._report_scores()
        return Discovery(
            found=self._pool.found,
            qualified=self._pool.qualified,
            reason=reason,
            cause=cause,
            skipped=self._left_out.skipped,
        )

    def _nothing_found(self) -> Discovery:
        """Why there is nothing: the order names no place, a source failed, the budget did not reach, all were left out,
        or the place holds no such business. Raises SourceError when a source failed and no other one answered."""
        if self._refused:
            self._ports.memory.finish_discovery()
            return Discovery(notice=self._refused)
        for failure in [] if self._is_answered else self._failures:
            if isinstance(failure, SourceError) and not failure.cause.is_choice:
                raise failure
        nobody_left = self._left_out.nobody_left()
        if self._failures:
            reason, cause = _why_short(self._failures)
            is_unknown = not self._areas and all(failure.cause.is_choice for failure in self._failures)
            notice = notices.unknown_location(self._spec) if is_unknown else nobody_left
            return Discovery(reason=reason, cause=cause, notice=notice)
        self._ports.memory.finish_discovery()
        nothing = notices.nothing_found(self._spec, self._areas[0][1]) if self._areas else None
        return Discovery(notice=nobody_left or nothing or notices.unknown_location(self._spec))

    def _figures(self) -> Metrics:
        return Metrics(businesses_found=len(self._pool.found), qualified_leads=len(self._pool.qualified))

    def _report_scores(self) -> None:
        found, reached = len(self._pool.found), len(self._pool.qualified)
        metrics = replace(self._figures(), **averages(self._pool.chosen))
        self._say(unstated_lines(self._spec, self._pool.found))
        line = notices.met_line(self._spec, reached, found)
        self._ports.progress.report(Stage.SCORING, Stage.SCORING.at(1, 1), metrics, line)

    def _say(self, lines: Iterable[str], percent: int = Stage.DISCOVERING.at(1, 1)) -> None:
        for line in lines:
            self._ports.progress.report(Stage.DISCOVERING, percent, Metrics(), line)


def _generator(batches: Iterator[Sequence[Place]]) -> Generator[Sequence[Place], None, None]:
    """A search may be any iterator; only a generator can be closed, which ends it before the next paid question."""
    yield from batches


def _why_short(failures: Sequence[SourceError | BudgetReached]) -> tuple[str | None, Cause | None]:
    """Why the sources gave less than was asked for, in words, and the first of it as a value: what went wrong comes
    before what the order left out."""
    ordered = sorted(failures, key=lambda failure: failure.cause.is_choice)
    if not ordered:
        return None, None
    return " ".join(dict.fromkeys(map(str, ordered))), ordered[0].cause
