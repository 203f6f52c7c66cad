"""What values look like that programs send: as JSON means them, with nothing taken for something else."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationInfo, field_validator

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_KINDS: dict[object, tuple[tuple[type, ...], str]] = {
    bool: ((bool,), "Input should be true or false"),
    int: ((int,), "Input should be a whole number"),
    float: ((int, float), "Input should be a number"),
}


class Body(BaseModel):
    """The body of a request: what is not known here is refused, and a text is no number."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _is_of_its_kind(cls, value: Any, info: ValidationInfo) -> Any:  # noqa: ANN401 - any JSON
        kinds, said = _KINDS.get(_plain(cls.model_fields[str(info.field_name)].annotation), ((object,), ""))
        is_whole = isinstance(value, float) and value.is_integer()
        is_kind = isinstance(value, kinds) and (
            not isinstance(value, bool) or bool in kinds or object in kinds
        )
        if value is not None and not is_kind and not (is_whole and int in kinds):
            raise ValueError(said)
        return value


def _plain(annotation: Any) -> object:  # noqa: ANN401 - any type
    """The type of a field, without that it may be null."""
    if get_origin(annotation) not in (Union, UnionType):
        return annotation
    kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
    return kinds[0] if len(kinds) == 1 else annotation


def dated(value: object) -> object:
    """A day or a moment is written as ISO 8601 has it, and is no number of seconds."""
    if isinstance(value, str) and not _DAY.match(value):
        raise ValueError("Write it as 2026-11-27, or with a time as 2026-11-27T09:00:00Z")
    return value


def _in_utc(moment: datetime) -> datetime:
    """The same moment; one that names no zone is meant in UTC."""
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        raise ValueError("No calendar has this moment") from None


Day = Annotated[date, BeforeValidator(dated)]
Moment = Annotated[datetime, BeforeValidator(dated), AfterValidator(_in_utc)]
