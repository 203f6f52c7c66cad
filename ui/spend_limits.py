"""Money limits on the Spend page: what is left, and, for those who may, setting them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import streamlit as st

from pipeline.money.limits import WHOSE
from services import limits
from services.errors import Refused
from services.identity import Person
from services.limits import LimitRow, Period, Scope
from services.permissions import Right, may
from ui import session
from ui.format import money
from ui.text import plain

_SAID = "limits_said"
_PERIODS = {"A day": Period.DAY, "A month": Period.MONTH}
_INSTALLATION = "The whole installation"
_WORKSPACE = "This workspace"
_RIGHT = st.column_config.TextColumn(alignment="right")
_MONEY = dict.fromkeys(("Limit", "Spent", "Promised", "Left"), _RIGHT)


def left(rows: Sequence[LimitRow]) -> None:
    """Draw what is left for whoever looks, and a notice when it is little; nothing without limits."""
    tightest = limits.left([row for row in rows if row.binds])
    if not tightest:
        return
    with st.container(horizontal=True, key="pp-figures-left"):
        for period, row in tightest.items():
            st.metric(
                f"Left {period.in_words}",
                money(row.left_micros),
                border=True,
                help=f"By {WHOSE[row.scope].lower()} limit; days and months are UTC's.",
            )
    said = limits.refusal(list(tightest.values()), 1) or limits.notice(list(tightest.values()))
    if said:
        st.info(plain(said))


def section(person: Person, rows: Sequence[LimitRow]) -> None:
    """Draw the limits, and the form of those who may set some; nothing where there is neither."""
    choices = _choices(person)
    if not (rows or choices):
        return
    st.header("Limits", anchor=False)
    if rows:
        _table(rows)
    else:
        st.markdown("No limits are set: campaigns may spend their budgets.")
    if choices:
        _form(choices)


def _table(rows: Sequence[LimitRow]) -> None:
    st.dataframe(
        [
            {
                "Whose": row.email or (_WORKSPACE if row.scope is Scope.WORKSPACE else _INSTALLATION),
                "For": next(words for words, period in _PERIODS.items() if period is row.period).lower(),
                "Limit": _amount(row.micros),
                "Spent": _amount(row.used_micros),
                "Promised": _amount(row.promised_micros),
                "Left": money(row.left_micros),
                "Renews (UTC)": f"{row.renews_at:%Y-%m-%d %H:%M}",
                "Set by": row.set_by,
            }
            for row in rows
        ],
        column_config=_MONEY,
        hide_index=True,
        placeholder="–",
        key="limits_table",
        alt="Money limits, one per row",
    )
    st.caption("Promised is what open campaigns may still spend of their budgets. All limits hold at once.")


def _choices(person: Person) -> dict[str, UUID | Scope]:
    """Whose limit the person may set, by what to call it."""
    found: dict[str, UUID | Scope] = {}
    if may(person, Right.SET_LIMITS):
        found |= {_WORKSPACE: Scope.WORKSPACE, **{email: who for who, email in limits.people(person)}}
    if may(person, Right.SET_INSTALLATION_LIMITS):
        found[_INSTALLATION] = Scope.INSTALLATION
    return found


def _form(choices: dict[str, UUID | Scope]) -> None:
    with st.form("set_limit", border=True):
        whose, period, amount = st.columns(3)
        whose.selectbox("Limit of", list(choices), key="limit_whose")
        period.selectbox("For", list(_PERIODS), key="limit_period")
        amount.number_input(
            "US dollars",
            value=None,
            min_value=0.0,
            max_value=float(limits.MAX_LIMIT_USD),
            step=1.0,
            format="%.2f",
            key="limit_usd",
            placeholder="0.00",
        )
        with st.container(horizontal=True):
            sets = st.form_submit_button("Set limit", type="primary", key="limit_set")
            removes = st.form_submit_button("Remove limit", key="limit_remove")
    if sets or removes:
        chosen = choices[st.session_state["limit_whose"]]
        typed = st.session_state["limit_usd"]
        st.session_state[_SAID] = _changed(
            chosen, None if removes or typed is None else typed, removes=removes
        )
        st.rerun()
    if said := st.session_state.pop(_SAID, None):
        st.info(plain(said))


def _changed(chosen: UUID | Scope, typed: float | None, *, removes: bool) -> str:
    """Set or remove a limit; what to say of it."""
    if typed is None and not removes:
        return "Type an amount first; $0 lets nothing that costs money start."
    person = session.require_person()
    period = _PERIODS[st.session_state["limit_period"]]
    amount = None if typed is None else Decimal(str(typed))
    try:
        if chosen is Scope.INSTALLATION:
            limits.set_installation_limit(person, period, amount)
        else:
            limits.set_limit(person, period, amount, chosen if isinstance(chosen, UUID) else None)
    except Refused as refused:
        return str(refused)
    return "The limit is removed." if removes else "The limit is set. It holds from now on."


def _amount(micros: int | None) -> str | None:
    return None if micros is None else money(micros)
