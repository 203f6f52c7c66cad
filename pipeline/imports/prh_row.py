"""One company of the open data of PRH, the Finnish register (YTJ, version 3).

Fields: https://avoindata.prh.fi/opendata-ytj-api/v3/schema?lang=en. Whom post goes care of is a person mostly, and is
not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from pipeline.imports.places_row import reason
from pipeline.imports.record import Record
from pipeline.imports.register_row import Company, Register, in_lower_case
from pipeline.imports.register_row import record as register_record
from pipeline.words.nace import Scheme

REGISTER = Register(
    key="prh",
    licence="CC-BY-4.0",
    credit="Finnish Patent and Registration Office (PRH) and Tax Administration, YTJ open data, avoindata.prh.fi",
    scheme=Scheme.FINLAND,
    country="FI",
)
_CODES: Mapping[str, Scheme] = {"TOIMI4": Scheme.REVISED}
"""The classification of 2025; TOIMI3 is that of 2008, and the older ones resemble it."""
_OFFICIAL, _PARALLEL, _AUXILIARY = "1", "2", "3"
_VISITED = "1"
_FINNISH, _ENGLISH = "1", "3"
_SITUATIONS: Mapping[str, str] = {
    "KONK": "Bankrupt (konkurssi)",
    "SELTILA": "In liquidation (selvitystila)",
    "SANE": "Being restructured (yrityssaneeraus)",
}
_CEASED = ("lakannut", "ceased", "poistettu", "removed from the register")


class _Part(BaseModel):
    """Numbers where texts belong are read as texts: codes come as both. Null says nothing."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, alias_generator=to_camel)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, raw: Any) -> Any:  # noqa: ANN401 - whatever a file holds
        return (
            {name: value for name, value in raw.items() if value is not None}
            if isinstance(raw, dict)
            else raw
        )


class _Described(_Part):
    language_code: str = ""
    description: str | None = None


class _Id(_Part):
    value: str
    registration_date: str | None = None


class _Name(_Part):
    name: str
    type: str = ""
    end_date: str | None = None


class _Line(_Part):
    type: str = ""
    type_code_set: str | None = None
    descriptions: list[_Described] = Field(default_factory=list)


class _Site(_Part):
    url: str | None = None


class _Situation(_Part):
    type: str = ""
    end_date: str | None = None


class _Entry(_Part):
    kept_in: str = Field(default="", alias="register")
    end_date: str | None = None
    descriptions: list[_Described] = Field(default_factory=list)


class _Town(_Part):
    city: str = ""
    language_code: str = ""


class _Address(_Part):
    type: str = ""
    street: str | None = None
    post_code: str | None = None
    post_offices: list[_Town] = Field(default_factory=list)
    building_number: str | None = None
    entrance: str | None = None
    apartment_number: str | None = None
    apartment_id_suffix: str | None = None
    country: str | None = None
    free_address_line: str | None = None


class _Company(_Part):
    business_id: _Id
    names: list[_Name]
    main_business_line: _Line | None = None
    website: _Site | None = None
    company_situations: list[_Situation] = Field(default_factory=list)
    registered_entries: list[_Entry] = Field(default_factory=list)
    addresses: list[_Address] = Field(default_factory=list)
    registration_date: str | None = None
    end_date: str | None = None


def record(position: int, raw: object, observed_on: date | None) -> Record:
    """A company of an answer or of the whole as a record."""
    try:
        given = _Company.model_validate(raw)
    except ValidationError as error:
        ref = ref_of(raw)
        return Record(position=position, problem=reason(error), ref=ref, is_lost=ref is None)
    return register_record(position, _read(given), REGISTER, observed_on)


def ref_of(raw: object) -> str | None:
    """The number of a company that is otherwise unusable."""
    said = raw.get("businessId") if isinstance(raw, dict) else None
    value = said.get("value") if isinstance(said, dict) else None
    return value if isinstance(value, str) and value else None


def _read(given: _Company) -> Company:
    line = given.main_business_line
    scheme = _CODES.get((line.type_code_set or "") if line else "", REGISTER.scheme)
    situations = [_SITUATIONS[one.type] for one in _open(given.company_situations) if one.type in _SITUATIONS]
    is_ended = bool(given.end_date) or _has_ceased(given)
    return Company(
        number=given.business_id.value,
        name=next(iter(_names(given, _OFFICIAL)), ""),
        codes=[(line.type, scheme)] if line and line.type else [],
        columns={**_address(given.addresses), "website": given.website.url if given.website else None},
        founded=(given.registration_date or given.business_id.registration_date or "")[:10],
        status="Ceased" if is_ended else next(iter(situations), "Registered"),
        activity=_told(line.descriptions) if line else "",
        also_called="; ".join((*_names(given, _PARALLEL), *_names(given, _AUXILIARY)))[:1000],
        doubt="; ".join(situations),
        is_ended=is_ended,
        ended_on=(given.end_date or "")[:10],
    )


def _open(parts: Sequence[Any]) -> Iterator[Any]:
    """Those that did not end."""
    return (part for part in parts if not part.end_date)


def _has_ceased(given: _Company) -> bool:
    """Whether its entry in the trade register says so."""
    entries = (entry for entry in _open(given.registered_entries) if entry.kept_in == "1")
    return any(
        word in (text.description or "").casefold()
        for entry in entries
        for text in entry.descriptions
        for word in _CEASED
    )


def _names(given: _Company, kind: str) -> Iterator[str]:
    return (one.name for one in _open(given.names) if one.type == kind)


def _told(descriptions: Sequence[_Described]) -> str:
    """In English, or else in Finnish."""
    by_language = {one.language_code: one.description for one in descriptions}
    return by_language.get(_ENGLISH) or by_language.get(_FINNISH) or ""


def _address(addresses: Sequence[_Address]) -> dict[str, str | None]:
    """Where it can be visited, else where post goes: an address abroad, or a box, is no street."""
    ranked = sorted(addresses, key=lambda one: one.type != _VISITED)
    chosen = next((one for one in ranked if one.post_code), None)
    if chosen is None:
        return {}
    towns = {town.language_code: town.city for town in chosen.post_offices}
    number = " ".join(
        part
        for part in (
            chosen.building_number,
            chosen.entrance,
            chosen.apartment_number,
            chosen.apartment_id_suffix,
        )
        if part
    )
    return {
        "street": chosen.street or chosen.free_address_line,
        "housenumber": number if chosen.street else None,
        "postcode": chosen.post_code,
        "city": in_lower_case(towns.get(_FINNISH) or next(iter(towns.values()), "")),
        "country": chosen.country or REGISTER.country,
    }
