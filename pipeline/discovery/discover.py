"""The first half of a campaign: find places, merge them to businesses, score them, choose the leads to be.

Free sources are asked first and whole, so that the best of what they know is chosen. A paid source is asked
only for the rest, question by question, no further than the order needs; its businesses are handed on at once.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.campaign import CampaignSpec, Stage
from pipeline.discovery.pool import Pool
from pipeline.errors import BudgetReached, SourceError, SpecError
from pipeline.lead import Business
from pipeline.output.notices import around, counted, meaningless_types, nothing_found, unknown_location
from pipeline.place import Area, Place, PlaceQuery, TypeMatch
from pipeline.ports import CampaignPorts, Metrics, PlaceSearch
from pipeline.scoring.score import Basis
from pipeline.words.categories import match_types

MAX_CANDIDATES = 5000
"""The most records one source is asked for, nearest first: merging and scoring them takes about a second."""

Choose = Callable[[Sequence[Business]], None]
"""Takes businesses that are certain to become leads, as they are chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """How the search went: all businesses found, best first, and how many reach the confidence asked for.

    ``notice`` says why there are none; ``reason`` which source gave out, or that the budget did. Only with
    ``reason`` None is there nothing more to find.
    """

    found: Sequence[Business] = ()
    qualified: Sequence[Business] = ()
    notice: str | None = None
    reason: str | None = None


@dataclass(slots=True)
class _Ground:
    """What was asked for, understood: the types, the area each source makes of the location, and the sources
    that could not be asked or gave out."""

    types: tuple[TypeMatch, ...]
    areas: list[tuple[PlaceSearch, Area]]
    failures: list[str]
    first_failure: SourceError | None = None

    def failed(self, error: SourceError) -> None:
        self.failures.append(str(error))
        self.first_failure = self.first_failure or error


def discover(spec: CampaignSpec, ports: CampaignPorts, choose: Choose) -> Discovery:
    """Find, merge, score and store the businesses of a campaign, and hand on those that become leads.

    Raises SourceError when no source could answer.
    """
    ports.progress.report(Stage.DISCOVERING, Stage.DISCOVERING.at(0, 1), Metrics(), f"Started: {spec.title}.")
    types = match_types(spec.business_types)
    chosen = _chosen(spec, ports)
    if not types:
        ports.memory.finish_discovery()
        return Discovery(notice=meaningless_types(spec))
    ground = _Ground(types, [], [])
    refused = _locate([search for search in chosen if not search.is_paid], spec, ground)
    pool = Pool(spec, Basis(types=types, today=ports.today), ports.memory.businesses())
    choose(pool.chosen)
    _search_free(spec, ground, pool, ports)
    paid = [search for search in chosen if search.is_paid]
    if pool.missing and paid:
        choose(pool.choose_firm())
        refused = _locate(paid, spec, ground) or refused
        _search_paid(ground, pool, ports, choose)
    choose(pool.choose_rest())
    return _ended(spec, ground, pool, ports, refused)


def _chosen(spec: CampaignSpec, ports: CampaignPorts) -> list[PlaceSearch]:
    searches = [search for search in ports.searches if search.name in spec.sources]
    if not searches:
        raise SourceError("None of the chosen sources is available here.", retryable=False, billed=False)
    return searches


def _locate(searches: Sequence[PlaceSearch], spec: CampaignSpec, ground: _Ground) -> str | None:
    """Add the area each source makes of the location; returns why the location can be none at all."""
    for search in searches:
        try:
            area = search.locate(spec.location, spec.radius_km)
        except SourceError as error:
            ground.failed(error)
        except BudgetReached as error:
            ground.failures.append(str(error))
        except SpecError as error:
            return str(error)
        else:
            ground.areas += [(search, area)] if area else []
    return None


def _search_free(spec: CampaignSpec, ground: _Ground, pool: Pool, ports: CampaignPorts) -> None:
    """Everything the free sources know, then merged and scored."""
    areas = [(search, area) for search, area in ground.areas if not search.is_paid]
    for number, (search, area) in enumerate(areas):
        read = 0
        try:
            query = PlaceQuery(types=ground.types, area=area, limit=MAX_CANDIDATES)
            for batch in search.search(query):
                pool.add(batch[: MAX_CANDIDATES - read], area)
                read = min(MAX_CANDIDATES, read + len(batch))
                done = number * MAX_CANDIDATES + read
                percent = Stage.DISCOVERING.at(done, len(areas) * MAX_CANDIDATES)
                ports.progress.report(Stage.DISCOVERING, percent, Metrics())
        except SourceError as error:
            ground.failed(error)
        _say(ports, search.remarks())
    if areas:
        pool.merge()
        _say(ports, _lines(spec, ground, pool))


def _search_paid(ground: _Ground, pool: Pool, ports: CampaignPorts, choose: Choose) -> None:
    """Question by question until the order is filled or the sources are."""
    for search, area in [pair for pair in ground.areas if pair[0].is_paid]:
        query = PlaceQuery(types=ground.types, area=area, limit=pool.wanted)
        try:
            with closing(_iterator(search.search(query))) as batches:
                for batch in batches:
                    pool.add(batch, area)
                    pool.merge()
                    choose(pool.choose_firm())
                    percent = Stage.DISCOVERING.at(len(pool.chosen), pool.wanted)
                    ports.progress.report(Stage.DISCOVERING, percent, _figures(pool))
                    if not pool.missing:
                        break
        except SourceError as error:
            ground.failed(error)
        except BudgetReached as error:
            ground.failures.append(str(error))
        _say(ports, search.remarks())
        if not pool.missing:
            return


def _iterator(batches: Iterator[Sequence[Place]]) -> Generator[Sequence[Place], None, None]:
    """A generator around any iterator, so that it can be closed."""
    yield from batches


def _ended(
    spec: CampaignSpec, ground: _Ground, pool: Pool, ports: CampaignPorts, refused: str | None
) -> Discovery:
    if not pool.found:
        if ground.first_failure and len(ground.failures) > 0:
            raise ground.first_failure
        if ground.failures:
            return Discovery(reason=ground.failures[0])
        ports.memory.finish_discovery()
        return Discovery(notice=refused or _nothing(spec, ground))
    _say(ports, _losses(pool))
    reason = ground.failures[0] if ground.failures and pool.missing else None
    if reason is None:
        ports.memory.save_businesses(pool.rest)
        ports.memory.finish_discovery()
    _report_scores(spec, pool, ports)
    return Discovery(found=pool.found, qualified=pool.qualified, reason=reason)


def _nothing(spec: CampaignSpec, ground: _Ground) -> str:
    return nothing_found(spec, ground.areas[0][1]) if ground.areas else unknown_location(spec)


def _figures(pool: Pool) -> Metrics:
    return Metrics(businesses_found=len(pool.found), qualified_leads=len(pool.qualified))


def _report_scores(spec: CampaignSpec, pool: Pool, ports: CampaignPorts) -> None:
    found, reached = len(pool.found), len(pool.qualified)
    verb = "reaches" if reached == 1 else "reach"
    line = f"{reached:,} of {found:,} {verb} a confidence of {spec.min_confidence}."
    metrics = replace(_figures(pool), avg_confidence=average(pool.chosen))
    ports.progress.report(Stage.SCORING, Stage.SCORING.at(1, 1), metrics, line)


def average(businesses: Sequence[Business]) -> Decimal | None:
    """The mean confidence to two decimals; of nothing there is none."""
    if not businesses:
        return None
    total = sum(business.confidence for business in businesses)
    return (Decimal(total) / len(businesses)).quantize(Decimal("0.01"))


def _say(ports: CampaignPorts, lines: Iterable[str]) -> None:
    for line in lines:
        ports.progress.report(Stage.DISCOVERING, Stage.DISCOVERING.at(1, 1), Metrics(), line)


def _lines(spec: CampaignSpec, ground: _Ground, pool: Pool) -> Iterator[str]:
    """What the free search found, as lines of the event log."""
    for match in ground.types:
        if not match.tags:
            yield f"“{match.typed}” is no category known here; names and descriptions were searched for it."
    if pool.places_read >= MAX_CANDIDATES:
        yield (
            f"The search stopped at the {pool.places_read:,} nearest records. Narrow the radius or the type "
            "to see what lies farther out."
        )
    yield f"Found {counted(pool.places_read, 'record')} {around(spec, ground.areas[0][1])}."


def _losses(pool: Pool) -> Iterator[str]:
    """Where the records went that are no business of their own."""
    if pool.unusable:
        yield f"Left out {counted(pool.unusable, 'record')}: unnamed, closed or listed twice."
    if pool.duplicates > 0:
        yield f"Merged {counted(pool.duplicates, 'duplicate')}."
