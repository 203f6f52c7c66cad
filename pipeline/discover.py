"""The first half of a campaign: find places, merge them to businesses, score them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.businesses import from_places
from pipeline.campaign import CampaignSpec, Stage
from pipeline.categories import match_types
from pipeline.errors import SourceError, SpecError
from pipeline.lead import Business
from pipeline.notices import around, counted, meaningless_types, nothing_found, unknown_location
from pipeline.place import Area, Place, PlaceQuery, TypeMatch
from pipeline.ports import CampaignPorts, Metrics, PlaceSearch
from pipeline.score import Basis, ranked, scored

MAX_CANDIDATES = 5000
"""The most records one source is asked for, nearest first: merging and scoring them takes about a second."""

_SCORED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Discovery:
    """Scored businesses, best first; ``notice`` says why there are none, ``reason`` which source gave out."""

    businesses: Sequence[Business] = ()
    notice: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Ground:
    """What was asked for, understood: the types, the area each source makes of the location, and the sources
    that could not be asked."""

    types: tuple[TypeMatch, ...]
    areas: tuple[tuple[PlaceSearch, Area], ...]
    failures: tuple[SourceError, ...]

    @property
    def area(self) -> Area:
        return self.areas[0][1]


def discover(spec: CampaignSpec, ports: CampaignPorts) -> Discovery:
    """Find, merge, score and store the businesses of a campaign.

    Raises SourceError when no source could answer.
    """
    ports.progress.report(Stage.DISCOVERING, Stage.DISCOVERING.at(0, 1), Metrics(), f"Started: {spec.title}.")
    ground = _ground(spec, ports)
    if isinstance(ground, str):
        found, reason = [], None
    else:
        places, reason = _search_all(spec, ground, ports)
        found = _businesses(places, ground, ports)
    ports.memory.save_discovered(found)
    notice = None if found else nothing_to_show(spec, ports)
    return Discovery(businesses=found, notice=notice, reason=reason)


def nothing_to_show(spec: CampaignSpec, ports: CampaignPorts) -> str:
    """Why a search gave nothing: the type, the location, or both together; and what to try."""
    ground = _ground(spec, ports)
    return ground if isinstance(ground, str) else nothing_found(spec, ground.area)


def _ground(spec: CampaignSpec, ports: CampaignPorts) -> _Ground | str:
    """What the order means on the ground, or the sentence that says which part of it means nothing."""
    types = match_types(spec.business_types)
    if not types:
        return meaningless_types(spec)
    areas: list[tuple[PlaceSearch, Area]] = []
    failures: list[SourceError] = []
    for search in _chosen(spec, ports):
        try:
            area = search.locate(spec.location, spec.radius_km)
        except SourceError as error:
            failures.append(error)
        except SpecError as error:
            return str(error)
        else:
            areas += [(search, area)] if area else []
    if failures and not areas:
        raise failures[0]
    return _Ground(types, tuple(areas), tuple(failures)) if areas else unknown_location(spec)


def _chosen(spec: CampaignSpec, ports: CampaignPorts) -> list[PlaceSearch]:
    searches = [search for search in ports.searches if search.name in spec.sources]
    if not searches:
        raise SourceError("None of the chosen sources is available here.", retryable=False, billed=False)
    return searches


def _search_all(spec: CampaignSpec, ground: _Ground, ports: CampaignPorts) -> tuple[list[Place], str | None]:
    """The places of all sources, and what a source said that gave out while another answered."""
    places: list[Place] = []
    failures = list(ground.failures)
    for number, (search, area) in enumerate(ground.areas):
        query = PlaceQuery(types=ground.types, area=area, limit=MAX_CANDIDATES)
        start = len(places)
        try:
            for batch in search.search(query):
                places.extend(batch[: MAX_CANDIDATES - len(places) + start])
                done = number * MAX_CANDIDATES + len(places) - start
                percent = Stage.DISCOVERING.at(done, len(ground.areas) * MAX_CANDIDATES)
                ports.progress.report(Stage.DISCOVERING, percent, Metrics())
        except SourceError as error:
            failures.append(error)
    if failures and (not places or len(failures) == len(ground.areas) + len(ground.failures)):
        raise failures[0]
    for line in _lines(spec, ground, places):
        ports.progress.report(Stage.DISCOVERING, Stage.DISCOVERING.at(1, 1), Metrics(), line)
    return places, str(failures[0]) if failures else None


def _lines(spec: CampaignSpec, ground: _Ground, places: Sequence[Place]) -> Iterator[str]:
    """What the search found, as lines of the event log."""
    for match in ground.types:
        if not match.tags:
            yield f"“{match.typed}” is no category known here; names and descriptions were searched for it."
    if len(places) >= MAX_CANDIDATES:
        yield (
            f"The search stopped at the {len(places):,} nearest records. Narrow the radius or the type to "
            "see what lies farther out."
        )
    yield f"Found {counted(len(places), 'record')} {around(spec, ground.area)}."


def _businesses(places: Sequence[Place], ground: _Ground, ports: CampaignPorts) -> list[Business]:
    """The places as scored businesses, best first."""
    merged = from_places(places, ground.area.country, ports.today)
    metrics = Metrics(businesses_found=len(merged))
    for line in _losses(places, merged):
        ports.progress.report(Stage.SCORING, Stage.SCORING.at(0, 1), metrics, line)
    basis = Basis(types=ground.types, today=ports.today)
    found: list[Business] = []
    for start in range(0, len(merged), _SCORED_AT_ONCE):
        found.extend(scored(business, basis) for business in merged[start : start + _SCORED_AT_ONCE])
        ports.progress.report(Stage.SCORING, Stage.SCORING.at(len(found), len(merged)), metrics)
    return ranked(found, ground.area)


def _losses(places: Sequence[Place], merged: Sequence[Business]) -> Iterator[str]:
    """Where the records went that are no business of their own."""
    kept = sum(len(business.origins) for business in merged)
    if kept < len(places):
        yield f"Left out {counted(len(places) - kept, 'record')}: unnamed, closed or listed twice."
    if len(merged) < kept:
        yield f"Merged {counted(kept - len(merged), 'duplicate')}."
