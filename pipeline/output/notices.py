"""What a campaign tells a person when it finds less than was asked for: what happened, and what to try."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.campaign import CampaignSpec
from pipeline.lead import Business
from pipeline.place import Area, TypeMatch


def meaningless_types(spec: CampaignSpec) -> str:
    """No business type holds a word."""
    return f"{_typed(spec)} names no type of business. Type a word such as cafe or dentist."


def unknown_location(spec: CampaignSpec) -> str:
    """No source knows the place."""
    return (
        f"No place called “{spec.location}” is known here. Check the spelling, choose one of the suggested "
        "places, or type coordinates such as 60.17, 24.94."
    )


def nothing_found(spec: CampaignSpec, area: Area) -> str:
    """The place is known, but no business of these types in it."""
    where = "a wider radius" if spec.radius_km else "another place"
    return f"No business of type {_typed(spec)} is known {around(spec, area)}. Try {where} or a broader type."


def nothing_stored(spec: CampaignSpec) -> str:
    """An interrupted campaign goes on, and its finished search had found nothing."""
    return f"No business of type {_typed(spec)} was found in “{spec.location}”. Try another place or type."


def shortfall(spec: CampaignSpec, found: Sequence[Business], leads: int) -> str | None:
    """Why there are fewer leads than asked for, or None when there are enough."""
    if leads >= spec.max_results or not found:
        return None
    more = "widen the radius" if spec.radius_km else "search a larger place"
    if leads == len(found):
        known = "The only business found is" if leads == 1 else f"All {leads:,} businesses found are"
        return f"{known} in the list; you asked for {spec.max_results:,}. For more, {more} or add a type."
    if leads:
        verb = "reaches" if leads == 1 else "reach"
        said = f"Only {leads:,} of {len(found):,} businesses found {verb}"
        return f"{said} a confidence of {spec.min_confidence}. Lower the minimum or {more}."
    best = max(business.confidence for business in found)
    said = f"Found {counted(len(found), 'business', 'businesses')}, none with a confidence of"
    return f"{said} {spec.min_confidence}; the best has {best}. Lower the minimum or {more}."


def found_lines(
    spec: CampaignSpec, types: Sequence[TypeMatch], area: Area, read: int, most: int
) -> Iterator[str]:
    """What the free sources found, as lines of the event log: records ``read``, of which they give ``most``."""
    for match in types:
        if not match.tags:
            yield f"“{match.typed}” is no category known here; names and descriptions were searched for it."
    if read >= most:
        yield (
            f"The search stopped at the {read:,} nearest records. Narrow the radius or the type to see what lies"
            " farther out."
        )
    yield f"Found {counted(read, 'record')} {around(spec, area)}."


def loss_lines(unusable: int, duplicates: int) -> Iterator[str]:
    """Where the records went that are no business of their own."""
    if unusable:
        yield f"Left out {counted(unusable, 'record')}: unnamed, closed or listed twice."
    if duplicates > 0:
        yield f"Merged {counted(duplicates, 'duplicate')}."


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: ``1 record``, ``1,204 records``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def around(spec: CampaignSpec, area: Area) -> str:
    """The area in words: ``in Helsinki`` or ``within 1.5 km of Helsinki``."""
    return f"within {spec.radius_km:g} km of {area.label}" if spec.radius_km else f"in {area.label}"


def _typed(spec: CampaignSpec) -> str:
    return " or ".join(f"“{typed}”" for typed in spec.business_types)
