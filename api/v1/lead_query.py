"""Which leads: the filter of the pages (``services.lead_filter``) as parameters of an address."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field, ValidationError, field_validator

from api.v1.bodies import Body, Day, Moment
from api.v1.paging import MOST, Part
from pipeline.geo import box as boxes
from services.errors import Invalid
from services.lead_filter import MOST_KM, LeadFilter
from services.results import LeadSort

_NUMBER = r"-?\d{1,3}(\.\d{1,10})?"
_APART = {"near", "box"}
_MOST_IDS = 100


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class Dated(LeadFilter):
    """The filter, with days and moments written as ISO 8601 has them."""

    exported_since: Moment | None = None
    exported_before: Moment | None = None
    found_since: Moment | None = None
    found_before: Moment | None = None
    seen_since: Moment | None = None
    seen_before: Moment | None = None
    today: Day | None = None


class BodyFilter(Body, Dated):
    """The filter as a part of a body: everything that is set must hold."""

    model_config = ConfigDict(
        frozen=True, json_schema_extra={"examples": [{"has_email": True, "min_confidence": 50}]}
    )

    @field_validator("box", mode="before")
    @classmethod
    def _has_four_sides(cls, sides: object) -> object:
        if sides is not None and not (isinstance(sides, list) and all(map(_is_number, sides))):
            raise ValueError("An area is its west, south, east and north in degrees")
        return sides


class LeadQuery(Dated, Part):
    """Everything that is set must hold; several values of one filter are given by naming it several times."""

    model_config = ConfigDict(extra="forbid")

    near: Annotated[
        str | None,
        Field(
            pattern=rf"^{_NUMBER},{_NUMBER},\d{{1,3}}(\.\d{{1,10}})?$",
            description=f"Latitude, longitude and kilometres, at most {MOST_KM:g}.",
            examples=["60.17,24.94,5"],
        ),
    ] = None  # type: ignore[assignment]
    box: Annotated[
        str | None,
        Field(
            pattern=rf"^{_NUMBER}(,{_NUMBER}){{3}}$",
            description="West, south, east and north in degrees.",
            examples=["24.9,60.1,25,60.2"],
        ),
    ] = None  # type: ignore[assignment]
    ids: tuple[UUID, ...] = Field(default=(), max_length=_MOST_IDS)
    sort: LeadSort = Field(default=LeadSort.BEST, description="With a minus sign the other way round.")
    limit: int = Field(default=50, ge=1, le=MOST, description="How many at most.")

    def chosen(self) -> LeadFilter:
        """The filter as services take it. Raises Invalid for a place or an area that cannot be."""
        kept = set(LeadFilter.model_fields) - _APART
        given: dict[str, Any] = self.model_dump(include=kept, exclude_defaults=True)
        if self.near is not None:
            lat, lon, km = map(float, str(self.near).split(","))
            given["near"] = {"label": f"{lat:g}, {lon:g}", "lat": lat, "lon": lon, "km": km}
        if self.box is not None:
            given["box"] = boxes.read(str(self.box)) or ()
        try:
            return LeadFilter.model_validate(given)
        except ValidationError as error:
            said = {str(each["loc"][0]): each["msg"].removeprefix("Value error, ") for each in error.errors()}
            raise Invalid(said) from None
