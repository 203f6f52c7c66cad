"""Plans beside each other, what is used of one's own, and the ways to Stripe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

import streamlit as st

from pipeline.billing.plans import PLANS, Plan
from pipeline.billing.records import Invoice, Price
from services import billing
from services.billing import View
from services.errors import Refused
from services.identity import Person
from services.permissions import Right, may
from ui import billing_words, session
from ui.billing_words import TEST_MODE
from ui.text import plain

_WAY = "billing_way"
_ASK_EVERY_S = 3


def standing(person: Person, view: View) -> None:
    """Draw what is used of the plan, and what somebody should know of it."""
    if view.is_asking and view.is_customer:
        _asking(person)
    with st.container(border=True, key="pp-card-standing"):
        st.header(plain(f"Your plan: {view.plan.label}"), anchor=False)
        if said := billing_words.standing(view):
            (st.warning if view.status is billing.Status.PAST_DUE else st.markdown)(plain(said))
        if said := billing_words.over(view):
            st.info(plain(said))
        if view.doubled:
            st.warning(
                "More than one subscription is paid for. End all but one at Stripe, under *Manage at Stripe*."
            )
        _used("Leads this month", view.leads, view.plan.leads)
        _used("People, with those invited", view.members, view.plan.members)
        _used("Schedules at work", view.schedules, view.plan.schedules)
        st.caption(
            "Months are those of UTC. A running campaign counts with all the leads it may still find; what it does not"
            " find is free again when it ends."
        )


def _used(label: str, used: int, most: int) -> None:
    st.progress(min(1.0, used / most), text=f"{label}: {used:,} of {most:,}")


@st.fragment(run_every=_ASK_EVERY_S)
def _asking(person: Person) -> None:
    """The page as soon as Stripe has answered."""
    if not billing.look(person).is_asking:
        st.rerun()
    st.info("Stripe is asked what is paid for. This takes a moment.")


def plans(person: Person, view: View) -> None:
    """Draw all plans beside each other; whoever pays chooses one."""
    st.header("Plans", anchor=False)
    if not may(person, Right.PAY):
        st.caption("The owner of the workspace chooses the plan and pays for it.")
    costs = _prices()
    for column, plan in zip(st.columns(len(PLANS)), PLANS.values(), strict=True):
        with column, st.container(border=True, key=f"pp-card-plan-{plan.key}"):
            _plan(person, view, plan, costs)


def _plan(person: Person, view: View, plan: Plan, costs: Mapping[str, Price]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(plan.label), anchor=False, width="content")
        if plan is view.plan:
            st.badge("Yours", color="green")
    is_sold = plan in billing.SOLD
    st.markdown(plain(billing_words.price(costs.get(plan.key)) if is_sold else "Free of charge"))
    st.markdown("\n".join(f"- {plain(line)}" for line in billing_words.allows(plan)))
    if not may(person, Right.PAY) or (plan is view.bought and view.subscribes):
        return
    if is_sold and view.subscribes:
        button(
            person, f"Change to {plan.label}", f"change-{plan.key}", lambda who: billing.change(who, plan.key)
        )
    elif is_sold:
        button(
            person, f"Choose {plan.label}", f"choose-{plan.key}", lambda who: billing.checkout(who, plan.key)
        )


def bills(person: Person, view: View) -> None:
    """Draw the bills, for whoever pays."""
    if not may(person, Right.PAY) or not view.is_customer:
        return
    st.header("Invoices", anchor=False)
    button(person, "Manage at Stripe", "portal", billing.portal)
    st.caption("Cards, address, other bills and cancelling are at Stripe.")
    try:
        found = _invoices(person, person.workspace_id)
    except Refused as refused:
        st.markdown(plain(str(refused)))
        return
    if not found:
        st.markdown("There is no invoice yet.")
    for number, each in enumerate(found):
        when, amount, state = billing_words.invoice(each)
        with st.container(horizontal=True, vertical_alignment="center", key=f"pp-row-{number}"):
            st.text(f"{when} · {each.number} · {amount} · {state}", width="content")
            if each.url and each.url.startswith("https://"):
                st.link_button("See at Stripe", each.url, type="tertiary")


def way_back() -> None:
    """Whoever comes back from Stripe: what they did there is asked for at once."""
    if st.query_params.pop("came", None) is None:
        return
    st.session_state.pop(_WAY, None)
    _invoices.clear()
    person = session.require_person()
    if may(person, Right.PAY):
        billing.came_back(person)


def button(person: Person, label: str, key: str, find: Callable[[Person], str]) -> None:
    """A button that finds a way to Stripe, which then stands below it, or why there is none."""
    st.button(label, key=key, on_click=_find, args=(key, find))
    of, asked, said, is_there = st.session_state.get(_WAY, (None, "", "", False))
    if (of, asked) != (person.workspace_id, key):
        return
    if is_there:
        st.link_button("Go on to Stripe", said, type="primary")
        st.caption("Afterwards you come back here.")
    else:
        st.warning(plain(said))


def _find(key: str, find: Callable[[Person], str]) -> None:
    person = session.require_person()
    try:
        st.session_state[_WAY] = (person.workspace_id, key, find(person), True)
    except Refused as refused:
        st.session_state[_WAY] = (person.workspace_id, key, str(refused), False)


@st.cache_data(ttl=3600, show_spinner=False)
def _known_prices() -> dict[str, Price]:
    return billing.prices()


def _prices() -> Mapping[str, Price]:
    try:
        return _known_prices()
    except Refused:
        return {}


@st.cache_data(ttl=60, show_spinner=False)
def _invoices(_person: Person, workspace_id: UUID) -> tuple[Invoice, ...]:
    return billing.invoices(_person)


def notice(person: Person) -> None:
    """Draw on Home that a payment is missing, for whoever pays."""
    if not billing.is_on() or person.guest_until is not None or not may(person, Right.PAY):
        return
    view = billing.look(person)
    if view.status is billing.Status.PAST_DUE:
        st.warning(plain(f"{billing_words.standing(view)} See Billing."))


def everybody(person: Person) -> None:
    """Draw the workspaces that went to Stripe, for administrators."""
    if not billing.is_on():
        return
    with st.expander("Plans by workspace"):
        if billing.is_test():
            st.badge(TEST_MODE[0], color=TEST_MODE[1])
        rows = billing.everybody(person)
        if not rows:
            st.markdown("No workspace has paid yet: all have the plan Free.")
        for row in rows:
            st.text(billing_words.paying(row))
