"""The runs of one order: how the newest differs from the one before it, and the way to each of them."""

from __future__ import annotations

import streamlit as st

from services.campaign_orders import OrderView
from services.campaigns import CampaignView
from ui import campaign_filters, navigation
from ui.format import ago, counted, day, money, number
from ui.text import plain
from ui.viewer_time import local
from ui.words import STATUS


def runs(order: OrderView) -> None:
    """Draw the way to each, below the newest one; an order that ran once needs none."""
    if order.runs < 2:
        return
    head = order.head
    with st.expander(f"{number(order.runs)} runs of this order", key=f"runs-{head.id}"):
        for run in order.newest:
            _run(run, head)
        if order.runs > len(order.newest):
            st.caption(f"These are the newest {len(order.newest)}.")
        st.button(
            "List every run",
            key=f"list-{head.id}",
            type="tertiary",
            on_click=campaign_filters.only_runs_of,
            args=(head.id,),
        )


def difference(order: OrderView) -> None:
    """Draw what the newest run brought beside the one before, where there is one."""
    if order.before:
        st.caption(plain(against(order.head, order.before)))


def against(run: CampaignView, before: CampaignView) -> str:
    """What a run brought beside the one before: ``Against the run of 3 Nov 2026: 4 more leads, $0.12 less.``"""
    differences = [
        _more(run.lead_count - before.lead_count, "lead"),
        _more(run.emails_verified - before.emails_verified, "verified e-mail"),
        _dearer(run.spent_micros - before.spent_micros),
    ]
    said = ", ".join(part for part in differences if part) or "as many leads for as much money"
    return f"Against the run of {day(local(before.created_at))}: {said}."


def _more(count: int, noun: str) -> str:
    if not count:
        return ""
    words = counted(abs(count), noun)
    figure, _, rest = words.partition(" ")
    return f"{figure} {'more' if count > 0 else 'fewer'} {rest}"


def _dearer(micros: int) -> str:
    return f"{money(abs(micros))} {'more' if micros > 0 else 'less'} spent" if micros else ""


def _run(run: CampaignView, head: CampaignView) -> None:
    words, colour = STATUS[run.status]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(words, color=colour)
        figures = (
            f"{counted(run.lead_count, 'lead')} · {money(run.spent_micros)} · {ago(local(run.created_at))}"
        )
        st.markdown(plain(figures), width="content")
        if run.id == head.id:
            st.caption("Shown above", width="content")
            return
        if st.button("Open", key=f"open-{run.id}", type="tertiary"):
            navigation.open_results(run.id) if run.lead_count else navigation.open_progress(run.id)
        can_compare = run.started_at and head.started_at
        if can_compare and st.button("Compare with it", key=f"compare-{run.id}", type="tertiary"):
            navigation.open_comparison(head.id, run.id)
