"""From the records of the sources to businesses: read, merged, every value with its origin."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.discovery.duplicates import groups
from pipeline.discovery.records import Record
from pipeline.fields import BY_NAME, DETAILS
from pipeline.lead import Business, Origin, address_line
from pipeline.output.reasons import not_listed


def from_records(records: Sequence[Record]) -> list[Business]:
    """The businesses behind records that were read already, duplicates merged, in the order given."""
    return [_merged(group) for group in groups(records)]


def _merged(group: Sequence[Record]) -> Business:
    """One business of all records of a group: for each field the richest record that has a value wins."""
    ranked = sorted(group, key=lambda record: (-record.richness, record.origin.source, record.origin.ref))
    best = ranked[0]
    values: dict[str, str] = {}
    provenance: dict[str, Origin] = {"name": best.origin, "category": best.origin}
    reasons: dict[str, str] = {}
    for field in BY_NAME:
        filled = _filled(field, ranked)
        if filled:
            values[field], provenance[field] = filled
        else:
            reasons[field] = _why_empty(field, ranked)
    return Business(
        name=best.name,
        category=best.place.category,
        lat=best.place.lat,
        lon=best.place.lon,
        origins=tuple(dict.fromkeys(record.origin for record in ranked)),
        address=address_line(values.get("address"), values.get("postcode"), values.get("city")),
        city=values.get("city"),
        postcode=values.get("postcode"),
        country=values.get("country"),
        phone=values.get("phone"),
        website=values.get("website"),
        domain=values.get("domain"),
        email=values.get("email"),
        opening_hours=values.get("opening_hours"),
        brand=values.get("brand"),
        details={field.name: values[field.name] for field in DETAILS if field.name in values},
        provenance=provenance,
        empty_reasons=reasons,
    )


def _filled(field: str, ranked: Sequence[Record]) -> tuple[str, Origin] | None:
    """A field's value and the record it is from."""
    for record in _preferred(field, ranked):
        value = record.value(field)
        if value is not None:
            return value, record.origin
    return None


def _preferred(field: str, ranked: Sequence[Record]) -> Sequence[Record]:
    """Richest first, but a street with a house number before one without, and a company site before a shared
    one, so that website and domain come from the same record."""
    if field == "address":
        return sorted(ranked, key=lambda record: not record.numbers)
    if field in ("website", "domain"):
        return sorted(ranked, key=lambda record: record.value("domain") is None)
    return ranked


def _why_empty(field: str, ranked: Sequence[Record]) -> str:
    said = (record.readings[field].reason for record in ranked)
    if field == "domain":
        said = (record.readings[key].reason for record in ranked for key in ("domain", "website"))
    unusable = next((reason for reason in said if reason), None)
    return unusable or not_listed(field, [record.origin.source for record in ranked])
