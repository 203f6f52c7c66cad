"""The names people give to what they keep."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from pipeline.campaign import Line
from services.errors import Invalid

_NAME: TypeAdapter[str] = TypeAdapter(Line)


def named(typed: str, longest: int, asked: str = "Type a name of") -> str:
    """A name as it is kept, on one line and without what letters hide. Raises Invalid for ``name``, with what was
    ``asked`` for, when there is none or when it has more than ``longest`` characters."""
    try:
        name = _NAME.validate_python(typed)
    except ValidationError:
        name = ""
    if not 1 <= len(name) <= longest:
        raise Invalid({"name": f"{asked} 1 to {longest} characters."})
    return name
