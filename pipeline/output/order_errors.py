"""A refused order for a campaign, in sentences beside the fields; limits come from the order itself."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError

from pipeline.campaign import CRITERIA, MAX_TEXT, MAX_TYPES
from pipeline.order_limits import in_range
from pipeline.qualification.criteria import MOST_CRITERIA
from pipeline.words.register_tags import SIZES

_RANGES = {
    "radius_km": f"The radius must be {in_range('radius_km')} km, or empty for the whole place.",
    "max_results": f"Ask for a whole number of leads {in_range('max_results')}.",
    "min_confidence": f"The minimum confidence must be {in_range('min_confidence')}.",
    "min_reach": f"The minimum reach must be {in_range('min_reach')}.",
    "min_rating": f"The minimum rating is {in_range('min_rating')} stars in steps of a half, such as 4.5.",
    "min_reviews": f"Ask for a whole number of reviews {in_range('min_reviews')}.",
    "founded_since": "Give a year between 1800 and 2100, such as 2015.",
    "budget_usd": f"The budget must be {in_range('budget_usd')}, with at most six decimals.",
}
_MISSING = {
    "business_types": "Choose or type at least one type of business.",
    "location": "Choose or type a place.",
    "sources": "Choose at least one source.",
    "waterfall": "Choose look-ups of the list.",
    "known_companies": "Companies in the book can be taken in one of three ways: include, skip or refresh.",
    "company_sizes": f"Choose from the sizes {', '.join(SIZES[:-1])} and {SIZES[-1]}.",
    "skip_customers": "Customers can be taken in one of two ways: skip or include.",
}
_LISTS = ("business_types", "sources", "waterfall", *CRITERIA)
_TOO_MANY = f"Choose at most {MAX_TYPES} types of business."
_OF_CRITERIA = {
    "too_many_criteria": f"Ask for at most {MOST_CRITERIA} things in all.",
    "criterion_twice": "The same is asked for twice. Leave one of them.",
}
_OF_TWO = {
    "chains_and_none": ("chains_only", "No business belongs to a chain and to none. Choose one of the two."),
    "website_and_none": ("without_website", "No business has a website and none. Choose one of the two."),
}
_LONGEST_QUOTE = 40


def sentences(error: ValidationError) -> dict[str, str]:
    """One sentence for each wrong field of the order, keyed by the field's name."""
    found: dict[str, str] = {}
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        if problem["type"] in _OF_TWO:
            field, sentence = _OF_TWO[problem["type"]]
            found.setdefault(field, sentence)
            continue
        usual = CRITERIA[0] if problem["type"] in _OF_CRITERIA else "location"
        field = str(problem["loc"][0]) if problem["loc"] else usual
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
    if kind in _OF_CRITERIA:
        return _OF_CRITERIA[kind]
    if kind == "too_long" and field in CRITERIA and not is_item:
        return _OF_CRITERIA["too_many_criteria"]
    if kind in ("string_too_long", "too_long"):
        is_text = field not in _LISTS or is_item
        return f"Use at most {MAX_TEXT} characters." if is_text else _TOO_MANY
    if kind == "value_error":
        return "This " + message.removeprefix("Value error, ").rstrip(".") + "."
    return _MISSING.get(field, "Check this field.")
