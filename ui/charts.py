"""Figures drawn with plotly from our own data; nothing is fetched from anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go

from pipeline.campaign import MICROS_PER_USD
from services.history import EventView
from services.home import Yield
from services.spend_sums import SumView
from services.spending import CostPoint
from ui.format import duration

CONFIG = {"displayModeBar": False, "scrollZoom": False, "displaylogo": False}

ACCENT = "#12897D"
_COST = "#D97706"
COLOURS = ("#12897D", "#D97706", "#5B6BC0", "#8E5BA6", "#4C8C4A")
Trace = dict[str, object]
_PAPER = {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)"}
_MOST_TICKS = 6
_STEPS_S = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)
_ROOM, _LEAST_ROOM_S = 1.03, 0.1
_MARGIN = {"l": 8, "r": 8, "t": 8, "b": 8}


def progress_and_cost(events: Sequence[EventView]) -> go.Figure:
    """Progress in percent and money spent, against the seconds since the first event; takes at least one."""
    times = [(event.at - events[0].at).total_seconds() for event in events]
    progress = line(
        x=times,
        y=[event.progress for event in events],
        name="Progress (%)",
        line={"color": ACCENT, "width": 3, "shape": "hv"},
        fill="tozeroy",
        fillcolor="rgba(18,137,125,.12)",
        hovertemplate="%{y} %<extra></extra>",
    )
    cost = line(
        x=times,
        y=[event.spent_micros / MICROS_PER_USD for event in events],
        name="Cost (US$)",
        yaxis="y2",
        line={"color": _COST, "width": 2, "dash": "dot", "shape": "hv"},
        hovertemplate="$%{y:,.2f}<extra></extra>",
    )
    return figure(
        [progress, cost],
        height=240,
        hovermode="x unified",
        legend={"orientation": "h", "y": 1.15, "x": 0},
        xaxis=_time_axis(times[-1]),
        yaxis={"range": [0, 102], "ticksuffix": " %", "fixedrange": True, "nticks": 5},
        yaxis2=_cost_axis(events),
    )


def cost_by_provider(points: Sequence[CostPoint]) -> go.Figure:
    """Money spent over time, stacked by provider; takes at least one point, the oldest first."""
    times = [(point.at - points[0].at).total_seconds() for point in points]
    # Beyond the last point, so that its step can be seen.
    times.append(times[-1] * _ROOM + _LEAST_ROOM_S)
    lines = [
        line(
            x=times,
            y=_spent_by(points, provider),
            name=provider,
            line={"width": 1, "shape": "hv", "color": COLOURS[number % len(COLOURS)]},
            stackgroup="cost",
            hovertemplate="$%{y:,.4f}<extra>" + escape(provider) + "</extra>",
        )
        for number, provider in enumerate(dict.fromkeys(point.provider for point in points))
    ]
    return figure(
        lines,
        height=240,
        hovermode="x unified",
        showlegend=True,
        legend={"orientation": "h", "y": 1.15, "x": 0},
        xaxis=_time_axis(times[-1]),
        yaxis={"tickprefix": "$", "rangemode": "tozero", "fixedrange": True, "nticks": 5},
    )


def spent_by_group(rows: Sequence[SumView]) -> go.Figure:
    """Money by day, oldest first."""
    ordered = sorted(rows, key=lambda row: row.group)
    bars: Trace = {
        "type": "bar",
        "x": [row.group for row in ordered],
        "y": [row.cost_micros / MICROS_PER_USD for row in ordered],
        "marker": {"color": ACCENT},
        "hovertemplate": "%{x}: $%{y:,.4f}<extra></extra>",
    }
    return figure(
        [bars],
        height=220,
        bargap=max(0.4, 1 - len(ordered) / 10),
        xaxis={"type": "category", "fixedrange": True},
        yaxis={"tickprefix": "$", "rangemode": "tozero", "fixedrange": True, "nticks": 5},
    )


def per_usable_by_week(weeks: Sequence[Yield]) -> go.Figure:
    """What a usable lead of each week's orders cost, oldest first; a week without any leaves a gap."""
    costs = [week.per_usable_micros for week in weeks]
    bars: Trace = {
        "type": "bar",
        "x": [f"{week.starts.day} {week.starts:%b}" for week in weeks],
        "y": [None if cost is None else cost / MICROS_PER_USD for cost in costs],
        "marker": {"color": ACCENT},
        "hovertemplate": "Week of %{x}: $%{y:,.4f}<extra></extra>",
    }
    return figure(
        [bars],
        height=180,
        xaxis={"type": "category", "fixedrange": True, "nticks": 6, "tickangle": 0},
        yaxis={"tickprefix": "$", "rangemode": "tozero", "fixedrange": True, "nticks": 4},
    )


def _spent_by(points: Sequence[CostPoint], provider: str) -> list[float]:
    """What this provider had cost at each point, and at the end."""
    spent, sums = 0, []
    for point in points:
        if point.provider == provider:
            spent = point.spent_micros
        sums.append(spent / MICROS_PER_USD)
    return [*sums, spent / MICROS_PER_USD]


def line(**values: object) -> Trace:
    """A line of a chart."""
    return {"type": "scatter", "mode": "lines", **values}


def figure(traces: list[Trace], **layout: object) -> go.Figure:
    """Made in one step: each trace and each part of a layout that is added to a figure costs milliseconds."""
    return go.Figure(data=traces, layout={"margin": _MARGIN, **_PAPER, **layout})


def _time_axis(last_s: float) -> dict[str, object]:
    """Whole seconds, minutes or hours, a handful of them."""
    step_s = next((step for step in _STEPS_S if last_s / step <= _MOST_TICKS), _STEPS_S[-1])
    ticks = range(0, int(last_s) + step_s, step_s)
    return {
        "showgrid": False,
        "fixedrange": True,
        "range": [0, max(last_s, step_s)],
        "tickvals": list(ticks),
        "ticktext": [duration(tick) for tick in ticks],
    }


def _cost_axis(events: Sequence[EventView]) -> dict[str, object]:
    highest = max((event.spent_micros for event in events), default=0) / MICROS_PER_USD
    return {
        "overlaying": "y",
        "side": "right",
        "range": [0, (highest or 1) * 1.02],
        "tickprefix": "$",
        "showgrid": False,
        "fixedrange": True,
        "nticks": 4,
    }
