"""A refused order for a campaign, in sentences beside the fields; limits come from the order itself."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError

from pipeline.campaign import MAX_TEXT, MAX_TYPES, in_range

_RANGES = {
    "radius_km": f"The radius must be {in_range('radius_km')} km, or empty for the whole place.",
    "max_results": f"Ask for a whole number of leads {in_range('max_results')}.",
    "min_confidence": f"The minimum confidence must be {in_range('min_confidence')}.",
    "min_reach": f"The minimum reach must be {in_range('min_reach')}.",
    "budget_usd": f"The budget must be {in_range('budget_usd')}, with at most six decimals.",
}
_MISSING = {
    "business_types": "Choose or type at least one type of business.",
    "location": "Choose or type a place.",
    "sources": "Choose at least one source.",
    "waterfall": "Choose look-ups of the list.",
    "known_companies": "Companies in the book can be taken in one of three ways: include, skip or refresh.",
    "skip_customers": "Customers can be taken in one of two ways: skip or include.",
}
_LISTS = ("business_types", "sources", "waterfall")
_TOO_MANY = f"Choose at most {MAX_TYPES} types of business."
_LONGEST_QUOTE = 40


def sentences(error: ValidationError) -> dict[str, str]:
    """One sentence for each wrong field of the order, keyed by the field's name."""
    found: dict[str, str] = {}
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        field = str(problem["loc"][0]) if problem["loc"] else "location"
        found.setdefault(
            field, _sentence(field, problem["type"], problem["msg"], is_item=len(problem["loc"]) > 1)
        )
    return found


def unreadable(field: str, texts: Sequence[str]) -> str:
    """What to say of ``texts`` that came with an address and that ``field`` cannot take."""
    quoted = ", ".join(f"“{text[:_LONGEST_QUOTE]}”" for text in texts)
    if field in _RANGES:
        return f"{quoted} cannot be read as a number. {_RANGES[field]}"
    return f"{quoted} cannot be chosen here and was left out."


def _sentence(field: str, kind: str, message: str, *, is_item: bool) -> str:
    if field in _RANGES:
        return _RANGES[field]
    if kind in ("string_too_long", "too_long"):
        is_text = field not in _LISTS or is_item
        return f"Use at most {MAX_TEXT} characters." if is_text else _TOO_MANY
    if kind == "value_error":
        return "This " + message.removeprefix("Value error, ").rstrip(".") + "."
    return _MISSING.get(field, "Check this field.")
