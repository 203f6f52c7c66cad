"""What both figures make of real places: whom the default keeps, what age and chains come to.

``python -m bench.scores [FILE.jsonl.gz …]``: files of places, the shipped one unless given; ``--observed-on`` is their
day, ``--country`` that of values that name none. Ends with code 1 when a bar is missed.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

import settings
from pipeline.campaign import CampaignSpec
from pipeline.chains.belonging import chain_of
from pipeline.discovery.businesses import from_records
from pipeline.discovery.records import is_open, read
from pipeline.imports import places_file
from pipeline.lead import Business
from pipeline.place import Area, Place, TypeMatch
from pipeline.scoring.figures import ScoreContext
from pipeline.scoring.score import qualified, ranked, scored

_SHIPPED = settings.PROJECT_ROOT / "data" / "helsinki-core.jsonl.gz"
_SHIPPED_DAY, _SHIPPED_COUNTRY = date(2019, 4, 21), "FI"
_CONTACTS = ("phone", "email", "website", "address")
_FORMER_DEFAULT = 50
_MOST_OF_SEVEN_YEARS = 75
_LEAST_BY_NAME = 0.9
_ANYWHERE = Area(label="", lat=0.0, lon=0.0, radius_km=1.0)


def main(
    files: Annotated[list[Path] | None, typer.Argument()] = None,
    observed_on: Annotated[str, typer.Option()] = "",
    country: Annotated[str, typer.Option()] = "",
    today: Annotated[str, typer.Option(help="The day of the figures.")] = "2026-11-24",
) -> None:
    """Print one block a file."""
    day = date.fromisoformat(observed_on) if observed_on else None
    missed: list[str] = []
    for path in files or [_SHIPPED]:
        is_shipped = path == _SHIPPED
        places = _places(path, _SHIPPED_DAY if is_shipped else day)
        where = _SHIPPED_COUNTRY if is_shipped else country or None
        missed += [
            f"{path.name}: {bar}" for bar in _told(path.name, places, where, date.fromisoformat(today))
        ]
    for bar in missed:
        print(f"Missed: {bar}", file=sys.stderr)
    sys.exit(1 if missed else 0)


def _places(path: Path, observed_on: date | None) -> list[Place]:
    return [record.place for record in places_file.read(path, observed_on) if record.place]


def _told(name: str, places: Sequence[Place], country: str | None, today: date) -> list[str]:
    """Print what a file comes to; returns the bars it misses."""
    kinds = tuple(sorted({place.category for place in places}))
    context = ScoreContext(types=(TypeMatch(typed="anything", tags=kinds),), today=today)
    records = [read(place, country) for place in places if is_open(place, today)]
    found = [scored(business, context) for business in from_records(records, context.types)]
    reachable = [business for business in found if _is_reachable(business)]
    default = CampaignSpec(business_types=("anything",), location=name)
    kept = _share(default, reachable, context)
    former = _share(default.model_copy(update={"min_score": _FORMER_DEFAULT}), reachable, context)
    print(f"{name}: {len(found):,} businesses, {len(reachable):,} of them with a phone, an address or a page")
    print(f"  reachable ones the default keeps         {kept:>7.1%}   (the former minimum kept {former:.1%})")
    first = ranked(found, _ANYWHERE)[: len(found) // 4]
    print(f"  reachable among the best quarter         {_reached(first):>7.1%}")
    for figure in ("confidence", "reach"):
        values = sorted(getattr(business, figure) for business in found)
        middle = statistics.median(values)
        print(f"  {figure:<12} least {values[0]}, median {middle:g}, most {values[-1]}")
    missed = [] if kept == 1 else [f"the default keeps {kept:.1%} of the reachable businesses"]
    return missed + _aged(found, context, today) + _chains(places, found, country)


def _reached(businesses: Sequence[Business]) -> float:
    return sum(_is_reachable(business) for business in businesses) / max(1, len(businesses))


def _is_reachable(business: Business) -> bool:
    return any(business.value(field) for field in _CONTACTS)


def _share(spec: CampaignSpec, businesses: Sequence[Business], context: ScoreContext) -> float:
    return len(qualified(businesses, spec, context)) / max(1, len(businesses))


def _aged(found: Sequence[Business], context: ScoreContext, today: date) -> list[str]:
    """What the richest record is worth by its age alone."""
    best = max(found, key=lambda business: business.confidence)
    told: dict[str, int] = {}
    for words, day in (
        ("today", today),
        ("three years", today.replace(year=today.year - 3)),
        ("seven years", today.replace(year=today.year - 7)),
        ("undated", None),
    ):
        origins = tuple(replace(origin, observed_on=day) for origin in best.origins)
        told[words] = scored(replace(best, origins=origins, provenance={}), context).confidence
    print(f"  the richest record by its age            {', '.join(f'{w} {p}' for w, p in told.items())}")
    missed = []
    if told["seven years"] > _MOST_OF_SEVEN_YEARS:
        missed.append(f"a record of seven years comes to {told['seven years']}")
    if told["undated"] >= told["three years"]:
        missed.append("an undated record looks like a fresh one")
    return missed


def _chains(places: Sequence[Place], found: Sequence[Business], country: str | None) -> list[str]:
    """Chains, and of the records that a Wikidata item puts in one, how many their name alone puts there, too."""
    chained = sum(business.chain is not None for business in found)
    print(f"  part of a chain                          {chained / max(1, len(found)):>7.1%}")
    named = [place for place in places if place.tags.get("brand:wikidata")]
    if not named:
        return []
    bare = [replace(place, brand=None, tags={}) for place in named]
    known = sum(chain_of(place, place.country or country) is not None for place in bare)
    share = known / len(named)
    print(f"  chains known by their name alone         {share:>7.1%}   of {len(named):,}")
    few = len(named) < 100
    return [] if few or share >= _LEAST_BY_NAME else [f"names tell only {share:.1%} of the chains"]


if __name__ == "__main__":
    typer.run(main)
