"""One verdict on the installation with its why, and its figures beside what they are to be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from pipeline.health.measures import Figures
from pipeline.health.rules import COMPLETION_S, PER_LEAD_MICROS, SUCCESS, WAITING_S, Facts, Finding, Severity
from pipeline.providers.registry import registry
from services.health import HealthView
from ui.format import counted, duration, money, number
from ui.text import plain

_NONE = "–"
_CENT = 10_000


def verdict(view: HealthView) -> None:
    """Say in one line whether somebody is needed, and why."""
    if not view.findings:
        workers = counted(view.now.workers, "worker")
        st.success(plain(f"All is well. {workers}, {counted(view.now.waiting, 'campaign')} in line."))
        return
    why = "\n".join(f"- {_reason(finding)}" for finding in view.findings)
    if any(finding.severity is Severity.PROBLEM for finding in view.findings):
        st.error(f"**Somebody is needed.**\n\n{why}")
    else:
        st.warning(f"**It works, and something is worth a look.**\n\n{why}")


def _reason(finding: Finding) -> str:
    return f"**{plain(finding.title)}.** {plain(f'{finding.why} {finding.advice}')}"


@dataclass(frozen=True, slots=True)
class _Tile:
    """A figure: what it is called, its value in some time, how that is written, and how much it may be at most, or with
    ``least`` has to be at least."""

    label: str
    value: Callable[[Figures], float | None]
    written: Callable[[float], str]
    most: float | None = None
    least: float | None = None

    def is_met(self, value: float) -> bool | None:
        """Whether it is as it should be; None without an aim."""
        if self.most is not None:
            return value <= self.most
        return None if self.least is None else value >= self.least


def _money(micros: float) -> str:
    """To the cent."""
    return money(round(micros / _CENT) * _CENT)


def _number(value: float) -> str:
    return number(round(value))


def _seconds(value: float) -> str:
    return f"{value:.1f} s" if value < 10 else duration(round(value))


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"


_TILES = (
    _Tile("Half done within", lambda of: of.p50_s, _seconds, most=COMPLETION_S),
    _Tile("95 % done within", lambda of: of.p95_s, _seconds, most=COMPLETION_S),
    _Tile("Succeeded", lambda of: of.success, _share, least=SUCCESS),
    _Tile("Cost per lead", lambda of: of.per_lead_micros, _money, most=PER_LEAD_MICROS),
    _Tile("95 % waited at most", lambda of: of.waiting_p95_s, _seconds, most=WAITING_S),
    _Tile("Campaigns ended", lambda of: sum(of.ended.values()), _number),
    _Tile("Leads", lambda of: of.leads, _number),
    _Tile("Workers busy", lambda of: of.busy_share, _share),
)


def tiles(view: HealthView) -> None:
    """Draw the figures of the chosen time, each with its course and, where there is one, its aim."""
    with st.container(horizontal=True, key="pp-figures-health"):
        for tile in _TILES:
            _draw(tile, view)
    st.caption(plain(_aims(view.now)))


def _draw(tile: _Tile, view: HealthView) -> None:
    value = tile.value(view.overall)
    course = [point for slot in view.slots if (point := tile.value(slot.figures)) is not None]
    is_met = None if value is None else tile.is_met(value)
    st.metric(
        tile.label,
        _written(value, tile.written),
        delta=None if is_met is None else "aim met" if is_met else "aim missed",
        delta_color="green" if is_met else "red",
        delta_arrow="off",
        border=True,
        chart_data=course if len(course) > 1 and any(course) else None,
    )


def providers(of: Figures) -> None:
    """Draw how each provider that was asked did."""
    labels = {spec.key: spec.label for spec in registry()}
    st.dataframe(
        [
            {
                "Provider": labels.get(row.provider, row.provider),
                "Questions": row.calls,
                "Failed": row.failed,
                "Uncertain": row.uncertain,
                "Without an answer": _written(row.error_share, _share),
                "Half answered within": _written(row.p50_ms, _milliseconds),
                "95 % answered within": _written(row.p95_ms, _milliseconds),
                "Cost": _money(row.cost_micros),
            }
            for row in of.providers
        ],
        hide_index=True,
        placeholder=_NONE,
        key="health_providers",
        alt="Providers, one per row",
    )


def _aims(now: Facts) -> str:
    standing = f"Now: {counted(now.workers, 'worker')}, {counted(now.waiting, 'campaign')} in line."
    if now.waiting_longest_s:
        standing += f" The first has waited {duration(now.waiting_longest_s)}."
    return (
        f"{standing} Aims: done within {duration(COMPLETION_S)}, {SUCCESS:.0%} succeed, a lead costs"
        f" {money(PER_LEAD_MICROS)} at most."
    )


def _written(value: float | None, write: Callable[[float], str]) -> str:
    return _NONE if value is None else write(value)


def _milliseconds(value: float) -> str:
    return f"{value:,.0f} ms"
