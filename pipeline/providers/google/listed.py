"""A place as Google Places lists it, and what of it becomes a place of ours."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from pipeline.contact.websites import MAX_URL
from pipeline.place import Place, TypeMatch
from pipeline.place_facts import rating_tags
from pipeline.providers.google.address import Component, Line, address_of
from pipeline.providers.google.answers import PLACES_KEY, category_of

_OPEN = (None, "", "OPERATIONAL", "BUSINESS_STATUS_UNSPECIFIED")


class _Text(BaseModel):
    model_config = ConfigDict(extra="ignore")
    text: Line = ""


class _Point(BaseModel):
    model_config = ConfigDict(extra="ignore")
    latitude: float = Field(default=0.0, ge=-90, le=90)
    longitude: float = Field(default=0.0, ge=-180, le=180)


class Listed(BaseModel):
    """A place as Text Search lists it."""

    model_config = ConfigDict(extra="ignore")
    id: str = Field(min_length=1, max_length=300)
    displayName: _Text = _Text()
    formattedAddress: Line | None = None
    addressComponents: list[Component] = Field(default=[], max_length=50)
    location: _Point | None = None
    types: list[Line] = Field(default=[], max_length=100)
    primaryType: Line | None = None
    businessStatus: Line | None = None
    websiteUri: str | None = Field(default=None, max_length=MAX_URL)
    internationalPhoneNumber: Line | None = None
    nationalPhoneNumber: Line | None = None
    rating: float | None = Field(default=None, ge=1, le=5)
    userRatingCount: int | None = Field(default=None, ge=0, lt=10**9)

    @field_validator("addressComponents", mode="before")
    @classmethod
    def _known(cls, value: object) -> object:
        """The parts that have the shape documented; the written address tells the others."""
        return [part for part in value if _is_component(part)] if isinstance(value, list) else value


def place_of(listed: Listed, match: TypeMatch, today: date, region: str | None) -> Place:
    """The place as a source's record of today; ``region`` is the country of one that names none."""
    address = address_of(listed.addressComponents, listed.formattedAddress, region)
    closed = {} if listed.businessStatus in _OPEN else {"operational_status": "closed"}
    return Place(
        source=PLACES_KEY,
        source_ref=listed.id,
        name=listed.displayName.text,
        category=category_of(listed.primaryType, listed.types, match),
        lat=listed.location.latitude if listed.location else None,
        lon=listed.location.longitude if listed.location else None,
        street=address.street,
        housenumber=address.housenumber,
        city=address.city,
        postcode=address.postcode,
        country=address.country,
        phone=listed.internationalPhoneNumber or listed.nationalPhoneNumber,
        website=listed.websiteUri,
        tags={
            **closed,
            **({"addr:state": address.state} if address.state else {}),
            **rating_tags(listed.rating, listed.userRatingCount),
        },
        observed_on=today,
    )


def _is_component(part: object) -> bool:
    try:
        Component.model_validate(part)
    except ValidationError:
        return False
    return True


def read_places(raw: object) -> list[Listed]:
    """The places that have the shape documented; others cannot be identified and are left out."""
    found: list[Listed] = []
    for item in raw if isinstance(raw, list) else []:
        place = _one(item)
        if place is not None:
            found.append(place)
    return found


def _one(item: object) -> Listed | None:
    """A place; values of a wrong shape beside its id are dropped, as if they were not given."""
    if not isinstance(item, dict):
        return None
    try:
        return Listed.model_validate(item)
    except ValidationError as error:
        wrong = {str(problem["loc"][0]) for problem in error.errors()}
        if "id" in wrong:
            return None
        return _one({name: value for name, value in item.items() if name not in wrong})
