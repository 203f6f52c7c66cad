"""Everything a search has found so far: merged, scored, and which of it is certain to become a lead."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.campaign import CampaignSpec
from pipeline.discovery.businesses import from_records
from pipeline.discovery.left_out import LeftOut
from pipeline.discovery.records import Record, is_gone, is_open, read
from pipeline.geo.membership import elsewhere
from pipeline.lead import Business
from pipeline.place import Area, Place
from pipeline.scoring.figures import ScoreContext
from pipeline.scoring.score import qualified, ranked, scored


class Pool:
    """Businesses in the making. A chosen one is final: later records of it add nothing, and no second lead.

    ``stored`` are the businesses an interrupted attempt had chosen already.
    """

    def __init__(
        self, spec: CampaignSpec, context: ScoreContext, stored: Sequence[Business], left_out: LeftOut
    ) -> None:
        self._spec = spec
        self._left_out = left_out
        self._basis = context
        self._records: list[Record] = []
        self._gone: list[Record] = []
        self._area: Area | None = None
        self._open: list[Business] = []
        self.chosen: list[Business] = []
        self._taken: set[tuple[str, str]] = set()
        self._take(qualified(stored, spec, context)[: spec.max_results])
        self.places_read = 0

    def add(self, places: Sequence[Place], area: Area) -> None:
        """Read more records; they count after the next ``merge``."""
        self._area = self._area or area
        self.places_read += len(places)
        is_elsewhere, today = elsewhere(area), self._basis.today
        places = [place for place in places if not is_elsewhere(place)]
        self._records += [read(place, area.country) for place in places if is_open(place, today)]
        self._gone += [read(place, area.country) for place in places if is_gone(place, today)]

    def merge(self) -> None:
        """Make businesses of all records read, leave out who may be no lead, and score those not chosen yet."""
        made = from_records(self._records, self._basis.types, self._gone, self._taken)
        fresh = [scored(business, self._basis) for business in self._left_out.kept(made)]
        self._open = ranked(fresh, self._area) if self._area else fresh

    @property
    def wanted(self) -> int:
        """How many leads the order asks for."""
        return self._spec.max_results

    @property
    def missing(self) -> int:
        """How many leads the order still lacks."""
        return max(0, self._spec.max_results - len(self.chosen) - len(self._reached()))

    def choose_firm(self) -> list[Business]:
        """Choose, for good, those more records would hardly complete: they have a website of their own."""
        return self._choose([business for business in self._reached() if business.domain])

    def choose_rest(self) -> list[Business]:
        """Choose the best of what is left."""
        return self._choose(self._reached())

    @property
    def found(self) -> list[Business]:
        """All businesses, the chosen ones first."""
        return [*self.chosen, *self._open]

    @property
    def qualified(self) -> list[Business]:
        """Those that meet the minimum asked for, the chosen ones first."""
        return [*self.chosen, *self._reached()]

    @property
    def rest(self) -> list[Business]:
        """Those that were not chosen, best first."""
        return self._open

    @property
    def unusable(self) -> int:
        """How many records are no business there: unnamed, closed or of another place."""
        return self.places_read - len({(r.origin.source, r.origin.ref) for r in self._records})

    @property
    def duplicates(self) -> int:
        """How many records turned out to be another one's business."""
        distinct = {(record.origin.source, record.origin.ref) for record in self._records}
        return len(distinct) - len(self.found) - self._left_out.number

    def _reached(self) -> list[Business]:
        return qualified(self._open, self._spec, self._basis)

    def _choose(self, candidates: Sequence[Business]) -> list[Business]:
        fresh = list(candidates[: self._spec.max_results - len(self.chosen)])
        self._take(fresh)
        self._open = [business for business in self._open if not self._taken.intersection(_refs(business))]
        return fresh

    def _take(self, businesses: Sequence[Business]) -> None:
        self.chosen += businesses
        for business in businesses:
            self._taken |= _refs(business)


def _refs(business: Business) -> set[tuple[str, str]]:
    return {(origin.source, origin.ref) for origin in business.origins}
