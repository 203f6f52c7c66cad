"""A refused order for a campaign, in sentences beside the fields; limits come from the order itself."""

from __future__ import annotations

from pydantic import ValidationError

from pipeline.campaign import MAX_TEXT, MAX_TYPES, in_range

_RANGES = {
    "radius_km": f"The radius must be {in_range('radius_km')} km, or empty for the whole place.",
    "max_results": f"Ask for a whole number of leads {in_range('max_results')}.",
    "min_confidence": f"The minimum confidence must be {in_range('min_confidence')}.",
    "budget_usd": f"The budget must be {in_range('budget_usd')}, with at most six decimals.",
}
_MISSING = {
    "business_types": "Choose or type at least one type of business.",
    "location": "Choose or type a place.",
    "sources": "Choose at least one source.",
    "waterfall": "Choose look-ups of the list.",
}


def sentences(error: ValidationError) -> dict[str, str]:
    """One sentence for each wrong field of the order, keyed by the field's name."""
    found: dict[str, str] = {}
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        field = str(problem["loc"][0]) if problem["loc"] else "location"
        found.setdefault(field, _sentence(field, problem["type"], problem["msg"]))
    return found


def _sentence(field: str, kind: str, message: str) -> str:
    if field in _RANGES:
        return _RANGES[field]
    if kind == "string_too_long":
        return f"Use at most {MAX_TEXT} characters."
    if kind == "too_long":
        return f"Choose at most {MAX_TYPES} types of business."
    if kind == "value_error":
        return "This " + message.removeprefix("Value error, ").rstrip(".") + "."
    return _MISSING.get(field, "Check this field.")
