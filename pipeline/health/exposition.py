"""The figures of the installation as Prometheus reads them (text format 0.0.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.campaign import MICROS_PER_USD
from pipeline.health.measures import MILLISECONDS, SECONDS

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: a sum or a sample of all of the installation."""

    name: str
    subject: str
    part: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """How a figure is called and told outside: its kind, its labels for ``subject`` and ``part``, and what its value is
    divided by."""

    source: str
    name: str
    help: str
    kind: str = "counter"
    subject: str = ""
    part: str = ""
    unit: float = 1
    bounds: Sequence[int] = ()
    total: str = ""


METRICS: Final = (
    Metric(
        source="campaigns", name="prospectpro_campaigns_total", help="Campaigns that ended.", part="outcome"
    ),
    Metric(
        source="suspicious",
        name="prospectpro_campaigns_suspicious_total",
        help="Campaigns that ended without a fault and yet with little.",
    ),
    Metric(source="leads", name="prospectpro_leads_total", help="Leads of campaigns that ended."),
    Metric(
        source="usable",
        name="prospectpro_verified_addresses_total",
        help="Verified addresses of campaigns that ended.",
    ),
    Metric(
        source="campaign_micros",
        name="prospectpro_campaign_cost_dollars_total",
        help="What campaigns that ended cost.",
        unit=MICROS_PER_USD,
    ),
    Metric(
        source="completion_s",
        name="prospectpro_campaign_duration_seconds",
        help="From order to end, of campaigns that succeeded.",
        kind="histogram",
        bounds=SECONDS,
        total="completion_total_s",
    ),
    Metric(
        source="waiting_s",
        name="prospectpro_campaign_waiting_seconds",
        help="From order to start.",
        kind="histogram",
        bounds=SECONDS,
    ),
    Metric(
        source="calls",
        name="prospectpro_provider_calls_total",
        help="Questions by outcome; held ones were answered from what was at hand.",
        subject="provider",
        part="outcome",
    ),
    Metric(
        source="call_micros",
        name="prospectpro_provider_cost_dollars_total",
        help="What questions cost.",
        subject="provider",
        unit=MICROS_PER_USD,
    ),
    Metric(
        source="latency_ms",
        name="prospectpro_provider_answer_seconds",
        help="From question to answer.",
        kind="histogram",
        subject="provider",
        bounds=MILLISECONDS,
        unit=1000,
    ),
    Metric(source="now_waiting", name="prospectpro_queue_waiting", help="Campaigns in line.", kind="gauge"),
    Metric(
        source="now_waiting_longest_s",
        name="prospectpro_queue_longest_wait_seconds",
        help="How long the first one in line has waited.",
        kind="gauge",
    ),
    Metric(source="now_workers", name="prospectpro_workers", help="Workers alive.", kind="gauge"),
    Metric(
        source="now_busy", name="prospectpro_workers_busy", help="Workers that run a campaign.", kind="gauge"
    ),
    Metric(
        source="now_alerts",
        name="prospectpro_alerts",
        help="Open alerts.",
        kind="gauge",
        subject="rule",
        part="severity",
    ),
    Metric(
        source="now_credit",
        name="prospectpro_provider_credits_left",
        help="Credits a provider says are left.",
        kind="gauge",
        subject="provider",
    ),
    Metric(
        source="now_credit_whole",
        name="prospectpro_provider_credits_whole",
        help="Of how many, or the most there were since some were bought.",
        kind="gauge",
        subject="provider",
    ),
    Metric(
        source="now_disk_used_percent",
        name="prospectpro_disk_used_ratio",
        help="How full the disk of the data folder is, on the machine of a worker.",
        kind="gauge",
        unit=100,
    ),
)
"""Everything that is told; the documents and the dashboard name the same."""


def exposition(figures: Iterable[Figure]) -> str:
    """All metrics with what is known of them."""
    by_source: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        by_source[figure.name].append(figure)
    return "".join(f"{line}\n" for metric in METRICS for line in _told(metric, by_source))


def _told(metric: Metric, by_source: dict[str, list[Figure]]) -> Iterator[str]:
    yield f"# HELP {metric.name} {metric.help}"
    yield f"# TYPE {metric.name} {metric.kind}"
    found = by_source[metric.source]
    if metric.kind == "histogram":
        for subject in sorted({figure.subject for figure in found}) or ([""] if not metric.subject else []):
            parts = {figure.part: figure.value for figure in found if figure.subject == subject}
            total = sum(figure.value for figure in by_source[metric.total]) if metric.total else None
            yield from _histogram(metric, subject, parts, total)
        return
    for figure in sorted(found, key=lambda figure: (figure.subject, figure.part)):
        labels = _labels({metric.subject: figure.subject, metric.part: figure.part})
        yield f"{metric.name}{labels} {_number(figure.value / metric.unit)}"
    if not found and not (metric.subject or metric.part or metric.kind == "gauge"):
        yield f"{metric.name} 0"


def _histogram(metric: Metric, subject: str, parts: dict[str, float], total: float | None) -> Iterator[str]:
    passed = 0.0
    for bound in metric.bounds:
        passed += parts.get(str(bound), 0)
        labels = _labels({metric.subject: subject, "le": _number(bound / metric.unit)})
        yield f"{metric.name}_bucket{labels} {_number(passed)}"
    every = _number(passed + parts.get("inf", 0))
    yield f"{metric.name}_bucket{_labels({metric.subject: subject, 'le': '+Inf'})} {every}"
    if total is not None:
        yield f"{metric.name}_sum{_labels({metric.subject: subject})} {_number(total)}"
    yield f"{metric.name}_count{_labels({metric.subject: subject})} {every}"


def _labels(values: dict[str, str]) -> str:
    told = ",".join(f'{name}="{_escaped(value)}"' for name, value in values.items() if name)
    return f"{{{told}}}" if told else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return f"{value:.10g}"
