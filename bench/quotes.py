"""Whether quotes hold: orders of all kinds are quoted, carried out against the stand-in, and compared.

Three installations, each with the same businesses: one where half of all companies have an address somebody knows,
which is new at first and warm later; then, with what it learnt, one where hardly any company has one, and one where
nearly all do.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import typer

import settings
from bench._installation import installation, percentile
from pipeline.campaign import CampaignSpec
from services import campaigns, catalogue, planning
from services.identity import Person
from store.ids import new_id
from tests.providers_server.world import World
from tests.support.providers import providers
from tests.support.workers import worker

SHOPS = 6000
"""Made up potteries of the stand-in."""
_OPTIONS = (
    "--synthetic",
    str(SHOPS),
    "--latency",
    "google_places=0.1,hunter=0.25,neverbounce=0.1,overpass=0.2",
    "--job-s",
    "0.7",
)
_COST_BAR, _TIME_BAR, _WIDTH_BAR = 0.95, 0.90, 2.5
_FOUND = ("hunter", "neverbounce")
_ALL = ("website", *_FOUND)


@dataclass(frozen=True, slots=True)
class Result:
    """One order: its quote, and what became of it."""

    phase: str
    spec: CampaignSpec
    quote: planning.Estimate
    spent_micros: int
    took_s: float
    quoting_s: float

    @property
    def cost_holds(self) -> bool:
        return self.quote.cost_low_micros <= self.spent_micros <= self.quote.cost_high_micros

    @property
    def time_holds(self) -> bool:
        return self.quote.duration_low_s <= max(self.took_s, 1) and self.took_s <= self.quote.duration_high_s

    @property
    def width(self) -> float:
        low, high = self.quote.cost_low_micros, self.quote.cost_high_micros
        return 1.0 if low == high else high / low if low else math.inf


def main() -> None:
    """Print every phase and the sums; exit code 1 when a bar is missed."""
    results: list[Result] = []
    with installation() as (folder, owner):
        fill(folder)
        for known, phases in (
            (None, (("new", _first()), ("warm", _later()))),
            (25, (("few addresses", _elsewhere(0)),)),
            (75, (("many addresses", _elsewhere(1)),)),
        ):
            with ExitStack() as stack:
                options = _OPTIONS if known is None else (*_OPTIONS, "--known", str(known))
                os.environ.update(stack.enter_context(providers(*options)).settings())
                settings.get.cache_clear()
                place = folder / f"worker-{known}"
                place.mkdir()
                stack.enter_context(worker(place))
                # A worker that is still starting would be counted as a slow campaign.
                _carried_out(owner, "start", _order("bakery", "Helsinki", 1, 1))
                for phase, orders in phases:
                    results += [_carried_out(owner, phase, spec) for spec in orders]
    sys.exit(_judged(results))


def fill(folder: Path) -> None:
    """Every other pottery of the stand-in is in the catalogue, some with an address."""
    file = folder / "potteries.jsonl"
    with file.open("w") as out:
        for shop in World(SHOPS).shops[-SHOPS::2]:
            row = {
                "osm_id": f"synthetic/{shop.number}",
                "name": shop.name,
                "category": shop.category,
                "lat": shop.lat,
                "lon": shop.lon,
                "street": "Harbour street",
                "housenumber": str(shop.number + 1),
                "city": "Helsinki",
                "postcode": "00100",
                "phone": f"+358 9 {1000000 + shop.number}",
                "website": f"https://{shop.domain}/" if shop.domain else None,
                "email": shop.email if shop.number % 7 == 0 else None,
            }
            out.write(json.dumps(row) + "\n")
    catalogue.import_places(
        catalogue.Order(path=file, name="potteries", country="FI", observed_on=date(2026, 1, 1)),
        lambda _: None,
    )


def _order(  # noqa: PLR0913 - the words of an order
    kind: str,
    where: str,
    leads: int,
    budget_usd: int | str,
    sources: Sequence[str] = ("open_data",),
    waterfall: Sequence[str] = _FOUND,
    *,
    radius_km: float | None = None,
    confidence: int = 0,
) -> CampaignSpec:
    return CampaignSpec(
        business_types=tuple(kind.split(",")),
        location=where,
        radius_km=radius_km,
        max_results=leads,
        min_confidence=confidence,
        budget_usd=Decimal(budget_usd),
        sources=tuple(sources),
        waterfall=tuple(waterfall),
    )


def _spot(number: int) -> str:
    """A point amid the potteries; circles of 300 m around two of them share none."""
    return f"{60.1585 + number % 5 * 0.0055:.4f}, {24.9165 + number // 5 * 0.0055:.4f}"


def _first() -> Iterator[CampaignSpec]:
    """An installation that knows nothing yet."""
    google, live = ("google_places",), ("osm_live",)
    yield _order("pottery", _spot(0), 20, 20, radius_km=0.3)
    yield _order("pottery", _spot(1), 30, 20, waterfall=_ALL, radius_km=0.3)
    yield _order("cafe", "Helsinki", 20, 5, google)
    yield _order("restaurant", "Helsinki", 45, 20, google, _ALL)
    yield _order("pottery", _spot(2), 40, 20, google, radius_km=0.3)
    yield _order("cafe", "Helsinki", 15, 5, live)
    yield _order("bakery", "Helsinki station quarter", 10, 5, live, _ALL)
    yield _order("dentist", "Helsinki harbour quarter", 15, 5, google)
    yield _order("dentist", "Atlantis", 15, 5, google)
    yield _order("cafe", "Atlantis", 15, 5, live)
    yield _order("restaurant", "Helsinki", 60, "0.3", google)
    yield _order("pottery", _spot(3), 60, "0.25", radius_km=0.3)
    yield _order("cafe", "Helsinki", 20, 2, google, confidence=90)
    yield _order("cafe", "Helsinki", 20, 2, waterfall=("website",))
    yield _order("pottery", _spot(4), 10, 0, waterfall=_ALL, radius_km=0.3)
    yield _order("pottery", _spot(5), 80, 20, waterfall=_ALL, radius_km=0.3)


def _later() -> Iterator[CampaignSpec]:
    """The same installation, warm: half of the orders are new, half repeat or go on from earlier ones, as people's
    do."""
    yield from _again()
    yield from _fresh()
    yield from _weekly()


def _again() -> Iterator[CampaignSpec]:
    google, live, both = ("google_places",), ("osm_live",), ("open_data", "google_places")
    yield _order("pottery", _spot(0), 20, 20, radius_km=0.3)
    yield _order("pottery", _spot(1), 40, 20, waterfall=_ALL, radius_km=0.3)
    yield _order("pottery", _spot(1), 30, 20, waterfall=_FOUND, radius_km=0.3)
    yield _order("pottery", _spot(3), 60, 20, radius_km=0.3)
    yield _order("pottery", _spot(4), 40, 20, waterfall=_ALL, radius_km=0.3)
    yield _order("pottery", _spot(5), 80, 20, waterfall=("hunter",), radius_km=0.3)
    yield _order("cafe", "Helsinki", 20, 5, google)
    yield _order("cafe", "Helsinki", 40, 5, google)
    yield _order("restaurant", "Helsinki", 45, 20, google, _ALL)
    yield _order("restaurant", "Helsinki", 30, "0.05", google)
    yield _order("pottery", _spot(2), 40, 20, google, ("hunter",), radius_km=0.3)
    yield _order("pottery", _spot(2), 60, 20, both, radius_km=0.3)
    yield _order("cafe", "Helsinki", 15, 5, live)
    yield _order("cafe", "Helsinki", 40, 5, live, _ALL)
    yield _order("dentist", "Helsinki harbour quarter", 15, 5, google)
    yield _order("cafe", "Helsinki", 20, 2, google, confidence=90)
    yield _order("dentist", "Atlantis", 15, 5, google)


def _fresh() -> Iterator[CampaignSpec]:
    google, live = ("google_places",), ("osm_live",)
    yield _order("pottery", _spot(6), 25, 20, radius_km=0.3)
    yield _order("pottery", _spot(7), 50, 20, waterfall=_ALL, radius_km=0.3)
    yield _order("pottery", _wide(0), 150, 20, radius_km=0.45)
    yield _order("pottery", _wide(1), 200, 20, waterfall=_ALL, radius_km=0.45)
    yield _order("pottery", _wide(2), 200, 20, waterfall=("hunter",), radius_km=0.45)
    yield _order("pottery", _spot(11), 60, 20, waterfall=("neverbounce",), radius_km=0.3)
    yield from (
        _order("pottery", _spot(12 + number), 60, budget_usd, waterfall=_ALL, radius_km=0.3)
        for number, budget_usd in enumerate(("0.1", "0.4"))
    )
    yield _order("hairdresser", "Helsinki", 40, 20, google)
    yield _order("clothes,pharmacy", "Helsinki", 100, 20, google, _ALL)
    yield _order("bar", "Kluuvi", 20, 5, google, radius_km=1)
    yield _order("pottery", _spot(14), 100, 20, google, radius_km=0.3)
    yield _order("beauty", "Helsinki", 30, "0.2", google, _ALL)
    yield _order("pub", "Helsinki", 15, 5, live)
    yield _order("hotel", "Helsinki", 20, 5, ("osm_live", "open_data"))
    yield _order("hotel", "Helsinki market quarter", 15, 5, live)
    yield _order("pub", "Helsinki harbour quarter", 15, 5, google)
    yield _order("florist", "Lemuria", 15, 5, google)
    yield _order("bank", "Helsinki", 20, 2, google, confidence=78)
    yield _order("books,shoes", "Helsinki", 60, 0, google + live, _ALL)


def _weekly() -> Iterator[CampaignSpec]:
    """Orders that are placed again as they were."""
    google, live = ("google_places",), ("osm_live",)
    yield _order("pottery", _spot(6), 25, 20, radius_km=0.3)
    yield _order("pottery", _wide(0), 150, 20, radius_km=0.45)
    yield _order("hairdresser", "Helsinki", 40, 20, google)
    yield _order("bar", "Kluuvi", 20, 5, google, radius_km=1)
    yield _order("pub", "Helsinki", 15, 5, live)
    yield _order("pub", "Helsinki harbour quarter", 15, 5, google)
    yield _order("florist", "Lemuria", 15, 5, google)
    yield _order("bakery", "Helsinki station quarter", 10, 5, live, _ALL)


def _wide(number: int) -> str:
    """A point amid many more potteries, away from all spots."""
    return f"{60.160 + number * 0.010:.4f}, 24.9470"


def _elsewhere(shift: int) -> Iterator[CampaignSpec]:
    """Companies nobody asked about yet, of which far more or far fewer than usual have an address."""
    google, kind = ("google_places",), ("jewelry", "furniture")[shift]
    yield _order("pottery", _spot(15 + shift), 20, 20, radius_km=0.3)
    yield _order(kind, "Helsinki", 15, 20, google)
    yield _order("pottery", _spot(17 + shift), 50, 20, waterfall=_ALL, radius_km=0.3)


def _carried_out(owner: Person, phase: str, spec: CampaignSpec) -> Result:
    begun = time.perf_counter()
    quote = planning.estimate(owner, spec)
    quoted = time.perf_counter()
    campaign = campaigns.submit(owner, spec, str(new_id()))
    while not (view := campaigns.get(owner, campaign)).status.is_final:
        time.sleep(0.02)
    return Result(phase, spec, quote, view.spent_micros, time.perf_counter() - quoted, quoted - begun)


def _judged(results: Sequence[Result]) -> int:
    cost = _share([result.cost_holds for result in results])
    timely = _share([result.time_holds for result in results])
    print(
        f"{'installation':<16}{'orders':>7}{'cost held':>11}{'time held':>11}{'width p50':>11}{'width p90':>11}"
    )
    for phase in dict.fromkeys(result.phase for result in results):
        _line(phase, [result for result in results if result.phase == phase])
    _line("all", results)
    for result in results:
        if not (result.cost_holds and result.time_holds):
            print(_missed(result))
    quoting = [result.quoting_s * 1000 for result in results]
    print(f"a quote takes {statistics.median(quoting):.0f} ms, 90 % within {percentile(quoting, 90):.0f} ms")
    width = statistics.median(result.width for result in results if result.phase == "warm")
    print(
        f"bars: cost {_COST_BAR:.0%}, time {_TIME_BAR:.0%}, median width of the warm installation {_WIDTH_BAR}"
    )
    return int(cost < _COST_BAR or timely < _TIME_BAR or width > _WIDTH_BAR)


def _line(name: str, results: Sequence[Result]) -> None:
    widths = sorted(result.width for result in results)
    wide = widths[min(len(widths) - 1, math.ceil(0.9 * len(widths)) - 1)]
    print(
        f"{name:<16}{len(results):>7}{_share([r.cost_holds for r in results]):>11.1%}"
        f"{_share([r.time_holds for r in results]):>11.1%}{statistics.median(widths):>11.2f}{wide:>11.2f}"
    )


def _share(held: Sequence[bool]) -> float:
    return sum(held) / len(held)


def _missed(result: Result) -> str:
    quote, spec = result.quote, result.spec
    low, high = quote.cost_low_micros / 1e6, quote.cost_high_micros / 1e6
    cost = f"${result.spent_micros / 1e6:.4f} of ${low:.4f}-{high:.4f}"
    took = f"{result.took_s:.1f} s of {quote.duration_low_s}-{quote.duration_high_s} s"
    what = "cost" if not result.cost_holds else "time"
    sources = "+".join(spec.sources)
    return f"  missed {what}: {spec.title}, {spec.max_results} leads, {sources}, ${spec.budget_usd}: {cost}; {took}"


if __name__ == "__main__":
    typer.run(main)
