"""What is measured by the minute, and the figures that follow from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pipeline.campaign import CampaignStatus

SECONDS: Final = (1, 2, 5, 10, 20, 30, 45, 60, 75, 90, 105, 120, 150, 180, 240, 300, 600, 1200, 1800, 3600)
"""Upper bounds of the parts of a histogram of how long campaigns take and wait."""
MILLISECONDS: Final = (50, 100, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000, 15_000)
"""The same of how long a provider takes to answer."""

_SUCCEEDED = (CampaignStatus.COMPLETED.value, CampaignStatus.PARTIAL.value)
_ANSWERED, _FREE_FAILURE, _UNCERTAIN, _ON_ITS_WAY = "done", "failed_free", "unknown", "intent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One measure of one minute, hour or day."""

    at: datetime
    name: str
    subject: str
    part: str
    value: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderFigures:
    """One provider in some time. ``failed`` questions had no usable answer and cost nothing; of ``uncertain`` ones
    nobody knows."""

    provider: str
    calls: int
    failed: int
    uncertain: int
    cost_micros: int
    p50_ms: float | None
    p95_ms: float | None

    @property
    def error_share(self) -> float | None:
        """How many of its questions had no usable answer."""
        return (self.failed + self.uncertain) / self.calls if self.calls else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How the installation did in some time. Percentiles lie within a part of their histogram; what nothing was
    measured for is None. A campaign takes from the moment it got in line until its end, however it succeeded."""

    ended: Mapping[str, int]
    suspicious: int
    p50_s: float | None
    p95_s: float | None
    waiting_p50_s: float | None
    waiting_p95_s: float | None
    leads: int
    cost_micros: int
    waiting_most: int
    waiting_longest_s: float
    workers: float | None
    busy_share: float | None
    providers: tuple[ProviderFigures, ...]

    @property
    def succeeded(self) -> int:
        """Campaigns that are complete or ended early."""
        return sum(self.ended.get(status, 0) for status in _SUCCEEDED)

    @property
    def judged(self) -> int:
        """Campaigns that succeeded or failed; nobody judges one that was stopped."""
        return self.succeeded + self.ended.get(CampaignStatus.FAILED, 0)

    @property
    def success(self) -> float | None:
        """The share that succeeded."""
        return self.succeeded / self.judged if self.judged else None

    @property
    def per_lead_micros(self) -> int | None:
        """What a lead of the campaigns that ended cost."""
        return round(self.cost_micros / self.leads) if self.leads else None


def figures(points: Iterable[Point]) -> Figures:
    """What the measures of some time come to."""
    sums: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    most: dict[str, float] = defaultdict(float)
    for point in points:
        sums[point.name, point.subject][point.part] += point.value
        most[point.name] = max(most[point.name], point.most)

    def total(name: str) -> float:
        return sum(sums[name, ""].values())

    samples, alive = total("samples"), total("workers_alive")
    return Figures(
        ended={status: round(number) for status, number in sums["campaigns", ""].items()},
        suspicious=round(total("suspicious")),
        p50_s=percentile(sums["completion_s", ""], 0.5),
        p95_s=percentile(sums["completion_s", ""], 0.95),
        waiting_p50_s=percentile(sums["waiting_s", ""], 0.5),
        waiting_p95_s=percentile(sums["waiting_s", ""], 0.95),
        leads=round(total("leads")),
        cost_micros=round(total("campaign_micros")),
        waiting_most=round(most["waiting"]),
        waiting_longest_s=most["waiting_longest_s"],
        workers=alive / samples if samples else None,
        busy_share=min(1.0, total("workers_busy") / alive) if alive else None,
        providers=tuple(_provider(provider, sums) for provider in sorted(s for n, s in sums if n == "calls")),
    )


def percentile(histogram: Mapping[str, float], share: float, bounds: Sequence[int] = SECONDS) -> float | None:
    """The value below which that share lies; within a part all values count as equally likely. The last part has no
    upper bound and counts as its lower one."""
    parts = sorted((float(bound), number) for bound, number in histogram.items() if number > 0)
    wanted = share * sum(number for _, number in parts)
    passed = 0.0
    for bound, number in parts:
        lower = max((float(lower) for lower in bounds if lower < bound), default=0.0)
        if passed + number >= wanted:
            return lower if bound == float("inf") else lower + (bound - lower) * (wanted - passed) / number
        passed += number
    return None


def _provider(provider: str, sums: Mapping[tuple[str, str], Mapping[str, float]]) -> ProviderFigures:
    calls, latency = sums["calls", provider], sums.get(("latency_ms", provider), {})
    outcomes = {part: round(number) for part, number in calls.items()}
    asked = (_ANSWERED, _FREE_FAILURE, _UNCERTAIN, _ON_ITS_WAY)
    return ProviderFigures(
        provider=provider,
        calls=sum(outcomes.get(part, 0) for part in asked),
        failed=outcomes.get(_FREE_FAILURE, 0),
        uncertain=outcomes.get(_UNCERTAIN, 0),
        cost_micros=round(sum(sums.get(("call_micros", provider), {}).values())),
        p50_ms=percentile(latency, 0.5, MILLISECONDS),
        p95_ms=percentile(latency, 0.95, MILLISECONDS),
    )
