"""From the records of the sources to businesses: read, merged, every value with its origin."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from pipeline.chains.belonging import chain_of
from pipeline.discovery.again import KnownPlace
from pipeline.discovery.closed_elsewhere import Ref, closed_elsewhere
from pipeline.discovery.duplicates import groups
from pipeline.discovery.records import Record
from pipeline.fields import BETWEEN, DETAILS, FIELDS
from pipeline.geo.addresses import address_line
from pipeline.lead import REGION, Business, Origin
from pipeline.output.reasons import not_listed
from pipeline.place import TypeMatch
from pipeline.words.osm_tags import kinds_of
from pipeline.words.text import folded

_ADDRESS = ("address", "street", "postcode", "city", "state")
"""What is said of where it is; its parts belong together."""


def from_records(
    records: Sequence[Record],
    types: Sequence[TypeMatch] = (),
    gone: Sequence[Record] = (),
    final: Collection[Ref] = (),
) -> list[Business]:
    """The businesses behind records that were read already, duplicates merged, in the order given.

    Of everything a business is, its category is what ``types`` ask for. ``gone``: records that say of their business
    that it closed, which casts a doubt on those of other sources. ``final``: records of businesses that are made
    already, which are left out together with what belongs to them. Companies that are looked up ``again`` stay as they
    are, and apart.
    """
    wanted = frozenset(tag for match in types for tag in match.tags)
    closed = closed_elsewhere(records, gone)
    again = [record.place.business for record in records if isinstance(record.place, KnownPlace)]
    others = [record for record in records if not isinstance(record.place, KnownPlace)]
    return [
        *(
            business
            for business in again
            if not any((origin.source, origin.ref) in final for origin in business.origins)
        ),
        *(
            _merged(group, wanted, closed)
            for group in groups(others)
            if not any((record.origin.source, record.origin.ref) in final for record in group)
        ),
    ]


def _merged(group: Sequence[Record], wanted: frozenset[str], closed: Mapping[Ref, Origin]) -> Business:
    """One business of all records of a group: for each field the richest record that has a value wins, and a register
    only fills what the others leave empty."""
    ranked = sorted(
        group,
        key=lambda record: (
            record.place.is_by_postcode,
            -record.richness,
            record.origin.source,
            record.origin.ref,
        ),
    )
    best = ranked[0]
    values, provenance, reasons = _values(ranked, closed)
    category, provenance["category"] = _category(ranked, wanted)
    chain = _chain(ranked)
    if chain:
        provenance["chain"] = chain[1]
    return Business(
        name=best.name,
        category=category,
        lat=best.place.lat,
        lon=best.place.lon,
        origins=tuple(dict.fromkeys(record.origin for record in ranked)),
        address=_address(values, best.region),
        city=values.get("city"),
        postcode=values.get("postcode"),
        country=values.get("country"),
        phone=values.get("phone"),
        website=values.get("website"),
        domain=values.get("domain"),
        email=values.get("email"),
        opening_hours=values.get("opening_hours"),
        brand=values.get("brand"),
        chain=chain[0] if chain else None,
        details=_details(values, best.region),
        provenance=provenance,
        empty_reasons=reasons,
    )


def _values(
    ranked: Sequence[Record], closed: Mapping[Ref, Origin]
) -> tuple[dict[str, str], dict[str, Origin], dict[str, str]]:
    """The fields of a business, where each is from, and why the others are empty."""
    values: dict[str, str] = {}
    provenance: dict[str, Origin] = {"name": ranked[0].origin}
    reasons: dict[str, str] = {}
    for field in FIELDS:
        filled = _others(field.others_of, values, ranked) if field.others_of else _filled(field.name, ranked)
        if filled:
            values[field.name], provenance[field.name] = filled
        elif not field.is_optional:
            reasons[field.name] = _why_empty(field.name, ranked)
    if "doubt" not in values and (witness := _witness(ranked, closed)):
        values["doubt"], provenance["doubt"] = f"{witness.label}: closed", witness
    return values, provenance, reasons


def _witness(group: Sequence[Record], closed: Mapping[Ref, Origin]) -> Origin | None:
    """Who says that it closed, unless one of its records is newer than that."""
    said = [closed.get((record.origin.source, record.origin.ref)) for record in group]
    return said[0] if all(said) else None


def _address(values: Mapping[str, str], region: str | None) -> str | None:
    """The whole address in the form of its country."""
    street, postcode, city = (values.get(name) for name in ("address", "postcode", "city"))
    country = values.get("country") or region
    return address_line(street, postcode, city, state=values.get("state"), country=country)


def _details(values: Mapping[str, str], region: str | None) -> Mapping[str, str]:
    details = {field.name: values[field.name] for field in DETAILS if field.name in values}
    return details | ({REGION: region} if region and "country" not in values else {})


def _others(field: str, values: Mapping[str, str], ranked: Sequence[Record]) -> tuple[str, Origin] | None:
    """Every further value of a field, of the first source that has any: an origin is said of all of them."""
    origin: Origin | None = None
    found: dict[str, None] = {}
    for record in ranked:
        reading = record.readings[field]
        others = [value for value in (reading.value, *reading.others) if value and value != values.get(field)]
        if others and (origin is None or origin.source == record.origin.source):
            origin = origin or record.origin
            found |= dict.fromkeys(others)
    return (BETWEEN.join(found), origin) if origin else None


def _chain(ranked: Sequence[Record]) -> tuple[str, Origin] | None:
    """The chain it belongs to, and the first record that says so."""
    chains = ((chain_of(record.place, record.region), record.origin) for record in ranked)
    return next(((chain, origin) for chain, origin in chains if chain), None)


def _category(ranked: Sequence[Record], wanted: frozenset[str]) -> tuple[str, Origin]:
    """The first kind that was asked for, else the category of the richest record; and the record that says so."""
    kinds = (
        (kind, record) for record in ranked for kind in kinds_of(record.place.category, record.place.tags)
    )
    asked = ((kind, record.origin) for kind, record in kinds if kind in wanted)
    return next(asked, (ranked[0].place.category, ranked[0].origin))


def _filled(field: str, ranked: Sequence[Record]) -> tuple[str, Origin] | None:
    """A field's value and the record it is from."""
    for record in _preferred(field, ranked):
        value = record.value(field)
        if value is not None:
            return value, record.origin
    return None


def _preferred(field: str, ranked: Sequence[Record]) -> Sequence[Record]:
    """Richest first, but a street with a house number before one without, and a company site before a shared
    one, so that website and domain come from the same record. Of an address a register says nothing where others
    name another place."""
    if field in _ADDRESS:
        ranked = _at_its_place(ranked)
    if field in ("address", "street"):
        return sorted(ranked, key=lambda record: not record.numbers)
    if field in ("website", "domain"):
        return sorted(ranked, key=lambda record: record.value("domain") is None)
    return ranked


def _at_its_place(ranked: Sequence[Record]) -> Sequence[Record]:
    """The records whose address is that of the business: a registered office elsewhere is not, nor would its parts
    belong to those of another address."""
    others = [record for record in ranked if not record.place.is_by_postcode]
    finest = next(
        (field for field in ("address", "postcode", "city") if any(record.value(field) for record in others)),
        None,
    )
    if finest is None:
        return ranked
    said = {folded(record.value(finest) or "") for record in others}
    return [
        record
        for record in ranked
        if not record.place.is_by_postcode or folded(record.value(finest) or "") in said
    ]


def _why_empty(field: str, ranked: Sequence[Record]) -> str:
    said = (record.readings[field].reason for record in ranked)
    if field == "domain":
        said = (record.readings[key].reason for record in ranked for key in ("domain", "website"))
    unusable = next((reason for reason in said if reason), None)
    return unusable or not_listed(field, [record.origin.source for record in ranked])
