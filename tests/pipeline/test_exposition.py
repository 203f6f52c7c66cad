"""Figures as Prometheus reads them, and the dashboard that asks for them."""

from __future__ import annotations

import json
import re

import settings
from pipeline.health.exposition import METRICS, Figure, exposition

_LINE = re.compile(
    r'^(prospectpro_[a-z_]+)(\{[a-z]+="(?:[^"\\]|\\.)*"(?:,[a-z]+="(?:[^"\\]|\\.)*")*\})? ([-+.\deInf]+)$'
)


def told(*figures: Figure) -> dict[str, float]:
    lines = exposition(figures).splitlines()
    samples = [_LINE.match(line) for line in lines if not line.startswith("#")]
    assert all(samples)
    return {f"{found[1]}{found[2] or ''}": float(found[3]) for found in samples if found}


def test_sums_and_samples_are_told_in_their_units() -> None:
    found = told(
        Figure("campaigns", "", "completed", 19),
        Figure("campaign_micros", "", "", 4_500_000),
        Figure("calls", "hunter", "done", 7),
        Figure("now_alerts", "disk", "warning", 1),
        Figure("now_disk_used_percent", "", "", 25),
        Figure("waiting", "", "", 7),
    )
    assert found['prospectpro_campaigns_total{outcome="completed"}'] == 19
    assert found["prospectpro_campaign_cost_dollars_total"] == 4.5
    assert found['prospectpro_provider_calls_total{provider="hunter",outcome="done"}'] == 7
    assert found['prospectpro_alerts{rule="disk",severity="warning"}'] == 1
    assert found["prospectpro_disk_used_ratio"] == 0.25
    # What never was is told as nothing, so that a rate of it begins.
    assert found["prospectpro_leads_total"] == 0


def test_a_histogram_only_grows_towards_its_end() -> None:
    found = told(
        Figure("completion_s", "", "90", 3),
        Figure("completion_s", "", "120", 2),
        Figure("completion_s", "", "inf", 1),
        Figure("completion_total_s", "", "", 999.5),
        Figure("latency_ms", "hunter", "300", 4),
    )
    name = "prospectpro_campaign_duration_seconds"
    assert [found[f'{name}_bucket{{le="{le}"}}'] for le in ("75", "90", "105", "120", "3600", "+Inf")] == [
        *(0, 3, 3, 5, 5, 6)
    ]
    assert (found[f"{name}_sum"], found[f"{name}_count"]) == (999.5, 6)
    assert found['prospectpro_provider_answer_seconds_bucket{provider="hunter",le="0.3"}'] == 4


def test_labels_hold_whatever_they_hold() -> None:
    assert 'outcome="a\\"b\\\\c\\nd"' in exposition([Figure("campaigns", "", 'a"b\\c\nd', 1)])


def test_the_dashboard_asks_for_what_there_is_and_for_all_of_it() -> None:
    dashboard = json.loads((settings.PROJECT_ROOT / "deploy/grafana/prospectpro.json").read_text())
    asked = {
        re.sub(r"_bucket$", "", name)
        for panel in dashboard["panels"]
        for target in panel["targets"]
        for name in re.findall(r"prospectpro_\w+", target["expr"])
    }
    assert asked == {metric.name for metric in METRICS}


def test_every_metric_is_documented_and_no_others() -> None:
    text = (settings.PROJECT_ROOT / "docs/operations.md").read_text()
    rows = re.findall(r"^\| `(prospectpro_\w+)` \| (\w+) \| (.+) \|$", text, re.MULTILINE)
    assert rows == [(metric.name, metric.kind, metric.help) for metric in METRICS]
