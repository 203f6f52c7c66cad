"""Figures drawn with plotly from our own data; nothing is fetched from anywhere."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go

from pipeline.campaign import MICROS_PER_USD
from services.history import EventView
from services.results import MapPoint
from services.spend_sums import SumView
from services.spending import CostPoint
from ui.format import duration

CONFIG = {"displayModeBar": False, "scrollZoom": False, "displaylogo": False}
MAP_CONFIG = {"displaylogo": False, "scrollZoom": True, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}

_PROGRESS = "#12897D"
_COST = "#D97706"
_PROVIDERS = ("#12897D", "#D97706", "#5B6BC0", "#8E5BA6", "#4C8C4A")
_LOW_TO_HIGH = [[0.0, "#D97706"], [0.5, "#8FA89F"], [1.0, "#0F9F8F"]]
_PAPER = {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)"}
_LEGEND = {
    "title": {"text": "Reach"},
    "orientation": "h",
    "y": 1,
    "yanchor": "bottom",
    "thickness": 8,
    "len": 0.5,
}
_MOST_TICKS = 6
_STEPS_S = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)
_LEAST_PX, _MOST_PX = 7, 15
_ROOM, _LEAST_ROOM_S = 1.03, 0.1
_MARGIN = {"l": 8, "r": 8, "t": 8, "b": 8}


def progress_and_cost(events: Sequence[EventView]) -> go.Figure:
    """Progress in percent and money spent, against the seconds since the first event; takes at least one."""
    times = [(event.at - events[0].at).total_seconds() for event in events]
    figure = go.Figure()
    figure.add_scatter(
        x=times,
        y=[event.progress for event in events],
        name="Progress (%)",
        mode="lines",
        line={"color": _PROGRESS, "width": 3, "shape": "hv"},
        fill="tozeroy",
        fillcolor="rgba(18,137,125,.12)",
        hovertemplate="%{y} %<extra></extra>",
    )
    figure.add_scatter(
        x=times,
        y=[event.spent_micros / MICROS_PER_USD for event in events],
        name="Cost (US$)",
        mode="lines",
        yaxis="y2",
        line={"color": _COST, "width": 2, "dash": "dot", "shape": "hv"},
        hovertemplate="$%{y:,.2f}<extra></extra>",
    )
    figure.update_layout(
        height=240,
        margin=_MARGIN,
        **_PAPER,
        hovermode="x unified",
        legend={"orientation": "h", "y": 1.15, "x": 0},
        xaxis=_time_axis(times[-1]),
        yaxis={"range": [0, 102], "ticksuffix": " %", "fixedrange": True, "nticks": 5},
        yaxis2=_cost_axis(events),
    )
    return figure


def cost_by_provider(points: Sequence[CostPoint]) -> go.Figure:
    """Money spent over time, stacked by provider; takes at least one point, the oldest first."""
    times = [(point.at - points[0].at).total_seconds() for point in points]
    # Beyond the last point, so that its step can be seen.
    times.append(times[-1] * _ROOM + _LEAST_ROOM_S)
    figure = go.Figure()
    for number, provider in enumerate(dict.fromkeys(point.provider for point in points)):
        figure.add_scatter(
            x=times,
            y=_spent_by(points, provider),
            name=provider,
            mode="lines",
            line={"width": 1, "shape": "hv", "color": _PROVIDERS[number % len(_PROVIDERS)]},
            stackgroup="cost",
            hovertemplate="$%{y:,.4f}<extra>" + escape(provider) + "</extra>",
        )
    figure.update_layout(
        height=240,
        margin=_MARGIN,
        **_PAPER,
        hovermode="x unified",
        showlegend=True,
        legend={"orientation": "h", "y": 1.15, "x": 0},
        xaxis=_time_axis(times[-1]),
        yaxis={"tickprefix": "$", "rangemode": "tozero", "fixedrange": True, "nticks": 5},
    )
    return figure


def spent_by_group(rows: Sequence[SumView]) -> go.Figure:
    """Money by day, oldest first."""
    ordered = sorted(rows, key=lambda row: row.group)
    figure = go.Figure()
    figure.add_bar(
        x=[row.group for row in ordered],
        y=[row.cost_micros / MICROS_PER_USD for row in ordered],
        marker={"color": _PROGRESS},
        hovertemplate="%{x}: $%{y:,.4f}<extra></extra>",
    )
    figure.update_layout(
        height=220,
        margin=_MARGIN,
        **_PAPER,
        bargap=max(0.4, 1 - len(ordered) / 10),
        xaxis={"type": "category", "fixedrange": True},
        yaxis={"tickprefix": "$", "rangemode": "tozero", "fixedrange": True, "nticks": 5},
    )
    return figure


def _spent_by(points: Sequence[CostPoint], provider: str) -> list[float]:
    """What this provider had cost at each point, and at the end."""
    spent, sums = 0, []
    for point in points:
        if point.provider == provider:
            spent = point.spent_micros
        sums.append(spent / MICROS_PER_USD)
    return [*sums, spent / MICROS_PER_USD]


def lead_map(points: Sequence[MapPoint], backdrop: Sequence[tuple[float, float]]) -> go.Figure:
    """Leads by longitude and latitude, with one kilometre equally long both ways; no map tiles.

    ``backdrop`` are (lat, lon) of other places around, which show the shape of the city.
    """
    figure = go.Figure()
    figure.add_scatter(
        x=[lon for _, lon in backdrop],
        y=[lat for lat, _ in backdrop],
        mode="markers",
        marker={"size": 3, "color": "rgba(128,140,136,.45)"},
        hoverinfo="skip",
    )
    _add_leads(figure, points)
    middle = sum(point.lat for point in points) / len(points) if points else 0.0
    figure.update_layout(
        height=520,
        showlegend=False,
        margin=_MARGIN,
        **_PAPER,
        dragmode="pan",
        xaxis={"ticksuffix": "°", "nticks": 6, "zeroline": False},
        yaxis={
            "ticksuffix": "°",
            "nticks": 6,
            "zeroline": False,
            "scaleanchor": "x",
            "scaleratio": 1 / max(0.05, math.cos(math.radians(middle))),
        },
    )
    return figure


def _add_leads(figure: go.Figure, points: Sequence[MapPoint]) -> None:
    figure.add_scatter(
        x=[point.lon for point in points],
        y=[point.lat for point in points],
        # Plotly reads a small HTML in labels; a name must stay a name.
        text=[escape(point.name) for point in points],
        customdata=[[point.id.hex, _figures(point)] for point in points],
        mode="markers",
        # A click opens a lead; it does not make the others fade.
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        marker={
            # Larger where it is surer that the business is there; an earlier score stands for both.
            "size": [_LEAST_PX + (_MOST_PX - _LEAST_PX) * point.confidence / 100 for point in points],
            "color": [point.confidence if point.reach is None else point.reach for point in points],
            "colorscale": _LOW_TO_HIGH,
            "cmin": 0,
            "cmax": 100,
            "line": {"width": 1, "color": "rgba(255,255,255,.8)"},
            "colorbar": _LEGEND,
        },
        hovertemplate="<b>%{text}</b><br>%{customdata[1]}<extra></extra>",
    )


def _figures(point: MapPoint) -> str:
    if point.reach is None:
        return f"Score {point.confidence}"
    return f"Confidence {point.confidence} · Reach {point.reach}"


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
