"""What the campaign being typed would find, cost and take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pipeline.campaign import CampaignSpec
from services import campaigns, guests, limits, plan_limits, planning, wallet
from services.errors import Invalid, Refused
from services.identity import Person
from ui import form_minimums, place_offers, plan_figures, type_readings
from ui.format import money
from ui.text import plain


def plan(
    person: Person, spec: CampaignSpec | None, notes: Mapping[str, DeltaGenerator], *, is_begun: bool
) -> str | None:
    """Draw the plan of a complete order, or what to do to get one; ``is_begun`` once whom and where stand. Below the
    settings of the form, at ``notes``, what each keeps.

    Returns why the order would be refused, when the plan says so.
    """
    st.header("Your plan", anchor=False)
    if spec is None:
        missing = "Choose a type of business and a place, and see what to expect before you start."
        st.markdown("Correct the marked field to see the plan." if is_begun else missing)
        return None
    try:
        expected = planning.estimate(person, spec)
    except Refused as refused:
        st.markdown(plain(str(refused)))
        place_offers.draw(person, spec)
        return None
    type_readings.draw(spec)
    whom = "Companies of the list" if spec.own_list else "Matching businesses we know of"
    st.metric(whom, plan_figures.matching(expected))
    form_minimums.keeps(notes, expected)
    _known(expected)
    _cost(expected)
    st.metric("Expected time", plan_figures.time(expected))
    if expected.calls:
        st.markdown("\n".join(f"- {plain(plan_figures.call(call))}" for call in expected.calls))
    if expected.area_label and not spec.own_list:
        st.caption(f"Looking in {plain(expected.area_label)}")
    elif not spec.own_list:
        place_offers.draw(person, spec)
    if expected.message:
        st.markdown(plain(expected.message))
    rows = limits.standing(person)
    _left(person, rows)
    return _told(person, spec, expected, rows)


def _too_much(person: Person, spec: CampaignSpec, rows: Sequence[limits.LimitRow]) -> str | None:
    return (
        guests.refusal(person, spec)
        or plan_limits.refusal(person, spec)
        or limits.refusal(rows, spec.budget_micros)
        or wallet.refusal(person, spec.budget_micros)
    )


def _left(person: Person, rows: Sequence[limits.LimitRow]) -> None:
    """What limits, the plan and the wallet of the workspace leave."""
    if rows and not person.is_free:
        st.caption(plain(f"Left to spend: {limits.left_in_words(rows)}"))
    if leads := plan_limits.left_in_words(person):
        st.caption(plain(f"Left to find: {leads}"))
    if (found := wallet.look(person)) is not None:
        st.caption(plain(f"Left in the wallet: {money(found.left_micros)}"))


def _cost(expected: planning.Estimate) -> None:
    st.metric("Expected cost", plan_figures.cost(expected))
    if anew := plan_figures.included(expected):
        st.caption(plain(anew))


def _known(expected: planning.Estimate) -> None:
    """What the order keeps of the businesses known, who of them is a customer, and whom the book holds."""
    told = (plan_figures.kept(expected), plan_figures.customers(expected), plan_figures.in_book(expected))
    for said in filter(None, told):
        st.caption(plain(said))


def _told(
    person: Person, spec: CampaignSpec, expected: planning.Estimate, rows: Sequence[limits.LimitRow]
) -> str | None:
    """What a person should know before starting; why the order would be refused, when it would."""
    if too_much := _too_much(person, spec, rows):
        st.warning(plain(too_much))
        return too_much
    if nearly := limits.notice(rows):
        st.info(plain(nearly))
    try:
        campaigns.check(spec)
    except Refused as refused:
        # What is wrong with a type stands beside it, with what can be done.
        if not (isinstance(refused, Invalid) and refused.fields.keys() == {"business_types"}):
            st.warning(plain(str(refused)))
        return str(refused)
    for warning in expected.warnings:
        st.info(plain(warning.message))
    return None
