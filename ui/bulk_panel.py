"""One bulk order: how far it is, what is done to all of it, and its campaigns in a table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import streamlit as st

from services import bulk_continuing, bulk_orders
from services.bulk_orders import BulkView, ChildRow
from services.errors import Refused
from services.identity import Person
from services.permissions import Right, may
from ui import bulk_words, cards, live, navigation, question, said, session
from ui.format import counted, money
from ui.question import Question
from ui.text import plain
from ui.words import STATUS

_LOOK_S = 3.0
_Sight = tuple[BulkView, tuple[ChildRow, ...]]


def draw(person: Person, bulk_id: UUID) -> None:
    """Draw it; one that can still move is looked at again by itself."""
    seen = bulk_orders.watch(person, bulk_id)
    order = seen[0]
    cards.heading(order.title, badge=bulk_words.BULK_STATUS[order.status])
    with st.container(horizontal=True):
        _actions(person, order)
    question.draw()
    if order.status.is_final:
        _sight(seen)
        return
    live.part("bulk", _LOOK_S, lambda: _read(bulk_id, order), _sight, of=bulk_id)


def _read(bulk_id: UUID, drawn: BulkView) -> _Sight:
    try:
        seen = bulk_orders.watch(session.require_person(), bulk_id)
    except Refused:
        st.rerun()
    if seen[0].status is not drawn.status:
        st.rerun()
    return seen


def _actions(person: Person, order: BulkView) -> None:
    if order.leads and st.button("See all leads", type="primary", key="bulk_leads"):
        # Among all companies, each once: what several campaigns found is one there, also in the download.
        st.switch_page(navigation.LEADS, query_params={"by": order.id.hex})
    if order.status.is_final and order.completed < order.total and may(person, Right.RUN_CAMPAIGNS):
        _continuing(person, order)
    if order.status.is_final and may(person, Right.DELETE_CAMPAIGNS):
        st.button("Delete", key="bulk_delete", type="tertiary", on_click=_ask_delete, args=(order,))
    if not order.status.is_final and may(person, Right.RUN_CAMPAIGNS):
        _steering(person, order)


def _continuing(person: Person, order: BulkView) -> None:
    with st.popover("Continue", key="bulk_continue"):
        st.markdown("Campaigns that failed, were cut short or stopped do what they left undone.")
        amount = st.number_input(
            "Raise the cap by, in US dollars", 0.0, value=0.0, step=1.0, format="%.2f", key="bulk_raise"
        )
        if st.button("Go on", type="primary", key="bulk_go_on"):
            # Whoever clicks twice means it once: the second click finds it running.
            key = f"continue-{order.over_at:%Y%m%d%H%M%S%f}"
            given = Decimal(str(amount or 0))
            said.after(lambda: _go_on(person, order.id, given, key), "It goes on.")
            st.rerun()


def _go_on(person: Person, bulk_id: UUID, amount: Decimal, key: str) -> None:
    bulk_continuing.go_on(person, bulk_id, amount, key)


def _steering(person: Person, order: BulkView) -> None:
    if order.is_paused:
        if st.button("Resume", key="bulk_resume"):
            said.after(lambda: bulk_orders.resume(person, order.id), "It goes on.")
            st.rerun()
    elif st.button("Pause", key="bulk_pause"):
        said.after(
            lambda: bulk_orders.pause(person, order.id),
            "No further campaign begins. Those that run go on to their end.",
        )
        st.rerun()
    if order.is_stopped:
        st.button("Stopping …", disabled=True, key="bulk_stopping")
    else:
        st.button("Stop all", key="bulk_stop", type="tertiary", on_click=_ask_stop, args=(order,))


def _ask_stop(order: BulkView) -> None:
    question.ask(
        Question(
            title="Stop this bulk order?",
            body=f"{counted(order.open, 'campaign')} that run or wait stop within a few seconds. The leads found so far"
            " stay yours.",
            yes="Yes, stop all",
            act=lambda person: bulk_orders.cancel(person, order.id),
            done="It stops.",
        )
    )


def _ask_delete(order: BulkView) -> None:
    question.ask(
        Question(
            title="Delete this bulk order?",
            body=f"{order.title} with its {counted(order.total, 'campaign')}, their leads, histories and answers will"
            " be gone for good. What it cost stays on Spend, without names. Files you took and backups are not"
            " reached.",
            yes="Yes, delete all of it",
            act=lambda person: bulk_orders.delete(person, order.id),
            done="The bulk order is gone, with its campaigns.",
        )
    )


def _sight(seen: _Sight) -> None:
    order, children = seen
    st.progress(order.percent / 100, plain(bulk_words.by_status(order)))
    st.caption(
        plain(" ".join(filter(None, (bulk_words.figures(order) + ".", bulk_words.against_quote(order)))))
    )
    if order.is_paused and order.processing:
        st.caption(f"Still running to the end: {counted(order.processing, 'campaign')}.")
    _table(children)


def _table(children: Sequence[ChildRow]) -> None:
    rows = [
        {
            "Campaign": child.title,
            "Status": STATUS[child.status][0],
            "Progress": child.progress,
            "Leads": child.lead_count,
            "Cost": money(child.spent_micros),
            "Why": child.outcome_reason or "",
            "Open": f"/{'results' if child.status.is_final else 'progress'}?campaign={child.id}",
        }
        for child in children
    ]
    st.dataframe(
        rows,
        hide_index=True,
        width="stretch",
        key="bulk_table",
        column_config={
            "Progress": st.column_config.ProgressColumn(min_value=0, max_value=100, format="%d %%"),
            "Cost": st.column_config.TextColumn(alignment="right"),
            "Open": st.column_config.LinkColumn(display_text="Open"),
        },
    )
