"""Which sources that cost money a search asks: what they sell has to be able to become a lead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.campaign import CampaignSpec
from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.output.notices import in_points
from pipeline.ports import PlaceSearch
from pipeline.providers.declaration import ProviderSpec
from pipeline.providers.registry import registry
from pipeline.scoring.ceiling import most_before_look_ups, out_of_reach
from pipeline.scoring.demands import in_vain


def worth_paying(
    spec: CampaignSpec, searches: Sequence[PlaceSearch]
) -> tuple[list[PlaceSearch], list[SourceError]]:
    """Those of the paid ones that are asked, and why each other one is not: there is no budget, what all sources
    together may say of a business is too little for a lead, or it states nothing of what is demanded."""
    known = registry().chosen(search.name for search in searches)
    why_not = dict(_why_not(spec, known if len(known) == len(searches) else (), searches))
    paid = [search for search in searches if search.is_paid]
    return [search for search in paid if search.name not in why_not], list(why_not.values())


def _why_not(
    spec: CampaignSpec, known: Sequence[ProviderSpec], searches: Sequence[PlaceSearch]
) -> Iterator[tuple[str, SourceError]]:
    """``known`` are the declarations of all the searches, where each has one."""
    short = in_points(out_of_reach(spec, most_before_look_ups(known)) if known else {})
    declared = {each.order_key: each for each in known}
    for name in (search.name for search in searches if search.is_paid):
        label = registry().order_label(name)
        nouns = in_vain(spec, declared[name], known) if name in declared else ()
        if spec.budget_micros == 0:
            yield name, SourceError(Cause.NO_BUDGET, label)
        elif short:
            yield name, SourceError(Cause.OUT_OF_REACH, label, detail=short)
        elif nouns:
            yield name, SourceError(Cause.UNSTATED, label, detail=" or ".join(nouns))
