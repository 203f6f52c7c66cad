"""What the campaign being typed would find, cost and take."""

from __future__ import annotations

import streamlit as st

from pipeline.campaign import CampaignSpec
from services import campaigns, planning
from services.errors import Refused
from services.identity import Person
from ui.format import duration, money, number
from ui.text import plain


def plan(person: Person, spec: CampaignSpec | None, *, is_begun: bool) -> str | None:
    """Draw the plan of a complete order, or what to do to get one; ``is_begun`` once whom and where stand.

    Returns why the order would be refused, when the plan says so.
    """
    st.subheader("Your plan", anchor=False)
    if spec is None:
        missing = "Choose a type of business and a place, and see what to expect before you start."
        st.markdown("Correct the marked field to see the plan." if is_begun else missing)
        return None
    try:
        expected = planning.estimate(person, spec)
    except Refused as refused:
        st.markdown(plain(str(refused)))
        return None
    st.metric("Matching businesses we know of", number(expected.known))
    # Side by side where both fit: a cost from low to high needs the whole width.
    if expected.calls:
        _figures(expected)
    else:
        with st.container(horizontal=True, key="pp-figures-plan"):
            _figures(expected)
    _calls(expected)
    if expected.area_label:
        st.caption(f"Looking in {plain(expected.area_label)}")
    try:
        campaigns.check(spec)
    except Refused as refused:
        st.warning(plain(str(refused)))
        return str(refused)
    (st.markdown if expected.known else st.info)(plain(expected.message))
    return None


def _figures(expected: planning.Estimate) -> None:
    st.metric("Expected cost", _cost(expected))
    st.metric("Expected time", f"about {duration(expected.duration_s)}")


def _calls(expected: planning.Estimate) -> None:
    """What would be asked for money, provider by provider."""
    for call in expected.calls:
        asked = number(call.low) if call.low == call.high else f"{number(call.low)}–{number(call.high)}"
        low, high = _cents(call.cost_low_micros), _cents(call.cost_high_micros)
        cost = low if low == high else f"{low} – {high}"
        st.markdown(f"{plain(call.label)}: {asked} calls, {plain(cost)}")


def _cost(expected: planning.Estimate) -> str:
    low, high = _cents(expected.cost_low_micros), _cents(expected.cost_high_micros)
    return low if low == high else f"{low} – {high}"


def _cents(micros: int) -> str:
    """An expectation to the next cent: a tenth of one would promise too much precision."""
    return money(-(-micros // 10_000) * 10_000)
