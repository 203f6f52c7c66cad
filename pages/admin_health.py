"""Health: whether this installation needs somebody, and how it does over time; for administrators."""

from __future__ import annotations

import streamlit as st

from services import about, alerts, health
from services.alerts import AlertRow
from services.health import HealthView, Span
from services.permissions import Right
from ui import alert_list, cards, charts, health_charts, health_tiles, live, session

_LOOK_S = 10.0
_CHARTS = {
    "Campaigns that ended": health_charts.ended,
    "How long campaigns took": health_charts.completion,
    "In line": health_charts.waiting,
    "Workers": health_charts.busy,
    "How long providers took (95 %)": health_charts.answer_times,
    "Questions without a usable answer": health_charts.errors,
}


def main() -> None:
    """Draw the page."""
    session.require_right(Right.SEE_HEALTH)
    cards.heading("Health", "Whether this installation does what it should, by the minute, hour and day.")
    words = st.segmented_control(
        "Time",
        [span.value for span in Span],
        default=Span.HOUR.value,
        key="span",
        bind="query-params",
        required=True,
    )
    span = Span(words or Span.HOUR)
    live.part("health", _LOOK_S, lambda: _read(span), _health, of=span)


def _read(span: Span) -> tuple[HealthView, tuple[AlertRow, ...]]:
    person = session.require_right(Right.SEE_HEALTH)
    return health.look(person, span), alerts.listing(person)


def _health(found: tuple[HealthView, tuple[AlertRow, ...]]) -> None:
    view, raised = found
    health_tiles.verdict(view)
    alert_list.draw(raised)
    health_tiles.tiles(view)
    _charts(view)
    st.header("Providers", anchor=False)
    health_tiles.providers(view.overall)
    st.caption("Times are those of campaigns from order to end, and of questions from request to answer.")
    st.caption(f"ProspectPro {about.version()}, schema {about.schema()}.")


def _charts(view: HealthView) -> None:
    names = list(_CHARTS)
    for first, second in zip(names[::2], names[1::2], strict=True):
        for column, name in zip(st.columns(2), (first, second), strict=True):
            with column.container(border=True, key=f"pp-card-chart-{name.split()[0].lower()}-{len(name)}"):
                st.markdown(f"**{name}**")
                st.plotly_chart(
                    _CHARTS[name](view.slots),
                    config=charts.CONFIG,
                    key=f"chart-{name}",
                    alt=f"{name}, by {view.step}",
                )


main()
