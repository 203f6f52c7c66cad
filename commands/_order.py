"""The words an order is made of on the command line, the same for every command that takes one.

What is not given is left to the order itself, which is the only place that has defaults and limits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from pipeline.campaign import CampaignSpec
    from services.identity import Person
    from services.lists import Orderable

Types = Annotated[str, typer.Argument(help="Type of business; several are parted by commas.")]
Location = Annotated[str, typer.Argument(help="A place, or coordinates such as '60.17, 24.94'.")]
Max = Annotated[
    str | None, typer.Option("--max", help="How many leads, 1 to 1000; 25 unless given, or all of a list.")
]
Budget = Annotated[
    str | None, typer.Option("--budget", help="The most it may cost, in US dollars; nothing unless given.")
]
Confidence = Annotated[
    str | None,
    typer.Option("--min-confidence", help="The least confidence of a lead, 0 to 100; 0 unless given."),
]
Reach = Annotated[
    str | None,
    typer.Option("--min-reach", help="The least reach of a lead, 0 to 100; 0 unless given."),
]
Independents = Annotated[
    bool, typer.Option("--independents-only", help="Leave out businesses that belong to a chain.")
]
Only = Annotated[
    str,
    typer.Option(
        "--only",
        help="Only these: independents, chains, with-website, without-website, with-hours, and what only some sources"
        " state: rating=4.5, reviews=20, founded=2015, size=micro, size=small; parted by commas.",
    ),
]
_ONLY = {
    "independents": "independents_only",
    "chains": "chains_only",
    "with-website": "with_website",
    "without-website": "without_website",
    "with-hours": "with_hours",
}
_DEMANDS = {
    "rating": "min_rating",
    "reviews": "min_reviews",
    "founded": "founded_since",
    "size": "company_sizes",
}
Known = Annotated[
    str,
    typer.Option(
        "--known",
        help="Companies in your book already: include; skip, which asks nothing about them and counts none of them; or"
        " refresh, which asks anew what is held about them, and pays for it.",
    ),
]
Customers = Annotated[
    str,
    typer.Option("--customers", help="Companies on your lists of customers: skip, as usual, or include."),
]
Radius = Annotated[str | None, typer.Option("--radius-km", help="Look this far around the place.")]
ByName = Annotated[
    str,
    typer.Option("--by-name", help="Words, parted by commas, to look for in names instead of as a type."),
]
Sources = Annotated[
    str,
    typer.Option("--sources", help="Where to look, parted by commas; `manage.py providers` lists them."),
]
MustHave = Annotated[
    list[str] | None,
    typer.Option("--must-have", help="What a company's website should say, in plain words; once for each."),
]
NiceToHave = Annotated[
    list[str] | None,
    typer.Option("--nice-to-have", help="As --must-have, of what counts less; once for each."),
]
MustNot = Annotated[
    list[str] | None,
    typer.Option("--must-not", help="As --must-have, of what a company should not be; once for each."),
]
Waterfall = Annotated[
    str,
    typer.Option(
        "--waterfall", help="Look-ups in order, parted by commas; or none. `manage.py providers` lists them."
    ),
]
User = Annotated[
    str, typer.Option("--user", help="E-mail of the account; not needed when there is only one.")
]

_KINDS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("max_results", "min_confidence", "min_reach", "min_reviews", "founded_since"), int),
    **dict.fromkeys(("radius_km", "min_rating"), float),
}


def spec_of(words: Mapping[str, Any], own: Orderable | None = None) -> CampaignSpec:
    """The order that the parameters of a command make, by their names; of all companies of an ``own`` list, unless they
    say how many. Raises Invalid with a sentence for each wrong one."""
    from pydantic import ValidationError

    from pipeline.campaign import CUSTOMERS_ARE_SKIPPED, CampaignSpec
    from pipeline.output.order_errors import sentences
    from services.errors import Invalid

    given = {
        **asked(words),
        "skip_customers": _skipped(words["customers"], CUSTOMERS_ARE_SKIPPED),
        **_choices(words["sources"], words["waterfall"]),
    }
    if own:
        given |= {**own.whom, "max_results": words["max_results"] or own.companies}
    try:
        return CampaignSpec.model_validate(
            {name: value for name, value in given.items() if value is not None}
        )
    except ValidationError as error:
        raise Invalid(sentences(error)) from None


def asked(words: Mapping[str, Any]) -> dict[str, Any]:
    """What the parameters of a command say of an order, by its fields; None for what they do not."""
    names = _parts(words["by_name"])
    types = _parts(words["business_types"])
    said = {part.casefold() for part in types}
    plain = ("location", "max_results", "min_confidence", "min_reach", "independents_only", "radius_km")
    return {
        **{name: words[name] for name in plain},
        **_conditions(words["only"]),
        "business_types": [*types, *(name for name in names if name.casefold() not in said)],
        "by_name": names,
        **{name: words[name] or None for name in ("must_have", "nice_to_have", "must_not")},
        "budget_usd": words["budget"],
        "known_companies": words["known"].strip().casefold() or None,
    }


def said(words: Mapping[str, Any]) -> dict[str, Any]:
    """The order as the parameters of a command say it, as programs send it; what they do not say is left to the
    installation."""
    given = {name: _typed(name, value) for name, value in asked(words).items() if value is not None}
    if words["customers"].strip():
        given["skip_customers"] = _skipped(words["customers"], usual=True)
    if sources := keys_of(words["sources"]):
        given["sources"] = list(sources)
    if words["waterfall"].strip():
        given["waterfall"] = [] if is_none(words["waterfall"]) else list(keys_of(words["waterfall"]))
    return given


def _typed(name: str, value: Any) -> Any:  # noqa: ANN401 - any JSON
    """A number as a number; what is none stays, to be refused where orders are."""
    with suppress(ValueError):
        return _KINDS.get(name, lambda same: same)(value)
    return value


def _conditions(typed: str) -> dict[str, Any]:
    """The conditions of an order that are on, and what it demands as it was typed; of several sizes all. Raises Invalid
    for a word that is none."""
    from services.errors import Invalid

    found: dict[str, Any] = {}
    for word in map(str.casefold, _parts(typed)):
        name, sign, value = (part.strip() for part in word.partition("="))
        if sign and name in _DEMANDS:
            field = _DEMANDS[name]
            found[field] = [*found.get(field, ()), value] if name == "size" else value
        elif word in _ONLY:
            found[_ONLY[word]] = True
        else:
            offers = ", ".join([*_ONLY, *(f"{each}=…" for each in _DEMANDS)])
            raise Invalid({"only": f"“{word[:40]}” is no condition. There are {offers}."})
    return found


def _skipped(typed: str, usual: bool) -> bool | str:
    """Whether customers are left out; a word that says neither stays, for the order to refuse."""
    word = typed.strip().casefold()
    return {"": usual, "skip": True, "include": False}.get(word, word)


def _parts(typed: str) -> list[str]:
    return [part.strip() for part in typed.split(",") if part.strip()]


def person_of(email: str, workspace: str = "") -> Person:
    """Whose order it is, and in which workspace: of the key in the environment, else as said. Raises Refused when
    nobody, or more than one, could be meant."""
    from services import identity, workspaces

    person = identity.by_key() or (identity.named(email) if email else identity.only_one())
    return workspaces.at_work_in(person, workspace) if workspace else person


def _choices(sources: str, waterfall: str) -> dict[str, tuple[str, ...]]:
    """Sources and steps as typed, or what this installation has switched on by itself."""
    from services import providers

    default_sources, default_steps = providers.defaults()
    steps = () if is_none(waterfall) else keys_of(waterfall) or default_steps
    return {"sources": keys_of(sources) or default_sources, "waterfall": steps}


def is_none(waterfall: str) -> bool:
    """Whether no look-up is wanted."""
    return waterfall.strip().casefold() in ("none", "off")


def keys_of(typed: str) -> tuple[str, ...]:
    """Sources or look-ups as they were typed, by their names in an order."""
    from pipeline.providers.registry import registry

    words = (word.strip().casefold().replace("-", "_") for word in typed.split(","))
    return tuple(registry().aliases.get(word, word) for word in words if word)
