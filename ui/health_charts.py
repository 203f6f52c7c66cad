"""How the installation did over time, drawn; each takes at least one step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from html import escape

import plotly.graph_objects as go

from pipeline.campaign import CampaignStatus
from pipeline.health.measures import Figures
from pipeline.health.rules import COMPLETION_S
from pipeline.providers.registry import registry
from services.health import Slot
from ui.charts import ACCENT, COLOURS, Trace, figure, line
from ui.viewer_time import local
from ui.words import STATUS

_ENDS = {
    CampaignStatus.COMPLETED: "#12897D",
    CampaignStatus.PARTIAL: "#D97706",
    CampaignStatus.FAILED: "#C0392B",
    CampaignStatus.CANCELLED: "#8A8F8D",
}
_AIM: Trace = {"color": "#8A8F8D", "width": 1, "dash": "dash"}


def ended(slots: Sequence[Slot]) -> go.Figure:
    """How many campaigns ended, and how."""
    bars: list[Trace] = [
        {
            "type": "bar",
            "name": STATUS[status][0],
            "x": _times(slots),
            "y": [slot.figures.ended.get(status, 0) for slot in slots],
            "marker": {"color": colour},
            "hovertemplate": "%{y}<extra>" + STATUS[status][0] + "</extra>",
        }
        for status, colour in _ENDS.items()
    ]
    return _over_time(bars, barmode="stack")


def completion(slots: Sequence[Slot]) -> go.Figure:
    """How long campaigns took, beside how long they may."""
    aim = line(
        x=_times(slots), y=[COMPLETION_S] * len(slots), name="Aim", line=_AIM, hoverinfo="skip", mode="lines"
    )
    lines = [
        _series(slots, "Half of them", ACCENT, lambda of: of.p50_s),
        _series(slots, "Nineteen of twenty", COLOURS[1], lambda of: of.p95_s),
    ]
    return _over_time([*lines, aim], yaxis={**_AXIS, "ticksuffix": " s"})


def waiting(slots: Sequence[Slot]) -> go.Figure:
    """How many campaigns were in line, and for how long at most."""
    longest = _series(slots, "Longest wait (s)", COLOURS[1], lambda of: of.waiting_longest_s)
    lines = [_series(slots, "In line at most", ACCENT, lambda of: of.waiting_most), longest]
    return _over_time(lines)


def busy(slots: Sequence[Slot]) -> go.Figure:
    """How busy the workers were."""
    share = _series(slots, "Busy", ACCENT, lambda of: None if of.busy_share is None else 100 * of.busy_share)
    workers = _series(slots, "Workers", COLOURS[2], lambda of: of.workers)
    most = max((slot.figures.workers or 0 for slot in slots), default=0)
    whole = {"dtick": max(1, round(most / 4)), "range": [0, most + 1]}
    right = {**_AXIS, "overlaying": "y", "side": "right", "showgrid": False, **whole}
    left = {**_AXIS, "ticksuffix": " %", "range": [0, 102]}
    return _over_time([share, {**workers, "yaxis": "y2"}], yaxis=left, yaxis2=right)


def answer_times(slots: Sequence[Slot]) -> go.Figure:
    """How long nineteen of twenty questions took, by provider."""
    return _over_time(_by_provider(slots, partial(_of, name="p95_ms")), yaxis={**_AXIS, "ticksuffix": " ms"})


def errors(slots: Sequence[Slot]) -> go.Figure:
    """How many questions had no usable answer, by provider."""
    return _over_time(
        _by_provider(slots, _without_answer),
        yaxis={**_AXIS, "ticksuffix": " %"},
    )


_AXIS: Trace = {"rangemode": "tozero", "fixedrange": True, "nticks": 5}


def _of(figures: Figures, provider: str, name: str) -> float | None:
    found = next((of for of in figures.providers if of.provider == provider), None)
    return None if found is None else getattr(found, name)


def _without_answer(figures: Figures, provider: str) -> float | None:
    """In percent."""
    share = _of(figures, provider, "error_share")
    return None if share is None else 100 * share


def _by_provider(slots: Sequence[Slot], value: Callable[[Figures, str], float | None]) -> list[Trace]:
    labels = {spec.key: spec.label for spec in registry()}
    keys = sorted({of.provider for slot in slots for of in slot.figures.providers if of.calls})
    return [
        _series(slots, labels.get(key, key), COLOURS[number % len(COLOURS)], _about(key, value))
        for number, key in enumerate(keys)
    ]


def _about(provider: str, value: Callable[[Figures, str], float | None]) -> Callable[[Figures], float | None]:
    return lambda figures: value(figures, provider)


def _series(slots: Sequence[Slot], name: str, colour: str, value: Callable[[Figures], float | None]) -> Trace:
    """A line with its points, as a step that has neighbours without a value would else not be seen."""
    return line(
        mode="lines+markers",
        x=_times(slots),
        y=[value(slot.figures) for slot in slots],
        name=name,
        line={"color": colour, "width": 2},
        marker={"size": 4},
        hovertemplate="%{y:,.4~g}<extra>" + escape(name) + "</extra>",
    )


def _times(slots: Sequence[Slot]) -> list[str]:
    """In the viewer's time zone, which a chart knows nothing about."""
    return [f"{local(slot.at):%Y-%m-%d %H:%M}" for slot in slots]


def _over_time(traces: list[Trace], **layout: object) -> go.Figure:
    given: Trace = {
        "height": 220,
        "hovermode": "x unified",
        "showlegend": True,
        "legend": {"orientation": "h", "y": 1.2, "x": 0},
        "xaxis": {"type": "date", "showgrid": False, "fixedrange": True, "nticks": 6},
        "yaxis": _AXIS,
        **layout,
    }
    return figure(traces, **given)
