"""Leads on the Home page: whom to follow up, and who is new."""

from __future__ import annotations

from datetime import date

import streamlit as st

from services.book import FollowUp, TeamStatus
from services.home import Due, DueRow, Home
from services.results import LeadSort
from ui import book_filters, book_table, navigation
from ui.format import day
from ui.text import plain
from ui.words import TEAM_STATUS

_MINE, _EVERYBODYS = "Mine", "Everybody's"


def follow_ups(view: Home, today: date) -> None:
    """Draw the follow-ups that are due, one's own or everybody's; each opens the company. What is due by now goes above
    everything on a phone."""
    shown = view.mine if view.mine.rows else view.everybodys
    key = "pp-card-due-now" if shown.overdue or shown.today else "pp-card-due"
    with st.container(border=True, key=key, gap="xsmall"):
        st.header("Follow-ups", anchor=False)
        due, is_mine = _whose(view)
        if not due.rows:
            st.caption("None in the next 7 days. Set a day on a company, and it stands here.")
            return
        counts = (
            (due.overdue, "overdue", FollowUp.OVERDUE),
            (due.today, "today", FollowUp.TODAY),
            (due.week, "in the next 7 days", FollowUp.WEEK),
        )
        with st.container(horizontal=True):
            for count, words, when in counts:
                if count:
                    query = book_filters.address_of(is_mine=is_mine, follow_up=when, sort=LeadSort.FOLLOW_UP)
                    st.page_link(
                        navigation.LEADS,
                        label=f"**{book_table.how_many(count)}** {words}",
                        query_params=query,
                    )
        for row in due.rows:
            _follow_up(row, today, is_mine=is_mine)


def _whose(view: Home) -> tuple[Due, bool]:
    """One's own, where there are any and nobody wants the others'."""
    if view.mine == view.everybodys:
        return view.mine, bool(view.mine.rows)
    chosen = st.segmented_control(
        "Whose",
        [_MINE, _EVERYBODYS],
        default=_MINE if view.mine.rows else _EVERYBODYS,
        key="due_whose",
        required=True,
        label_visibility="collapsed",
    )
    return (view.mine, True) if chosen == _MINE else (view.everybodys, False)


def _follow_up(row: DueRow, today: date, *, is_mine: bool) -> None:
    if row.day < today:
        when, words = FollowUp.OVERDUE, f"Overdue since {day(row.day)}"
    elif row.day == today:
        when, words = FollowUp.TODAY, "Today"
    else:
        when, words = FollowUp.WEEK, day(row.day)
    parts = (words, TEAM_STATUS[TeamStatus(row.status)], "" if is_mine else row.owner or "Nobody's")
    # The list behind the company is the one it stands in, so that one can walk on through it.
    query = book_filters.address_of(
        is_mine=is_mine, follow_up=when, sort=LeadSort.FOLLOW_UP, company=row.company_id
    )
    with st.container(gap=None):
        st.page_link(navigation.LEADS, label=plain(row.name), query_params=query)
        st.caption(plain(" · ".join(part for part in parts if part)))


def new(view: Home) -> None:
    """Draw the companies found since the last visit that nobody has worked on, the newest first."""
    with st.container(border=True, key="pp-card-new", gap="xsmall"):
        st.header("New leads", anchor=False)
        when = "in the last 7 days" if view.is_first else "since your last visit"
        if view.new:
            query = book_filters.address_of(
                status=TeamStatus.NEW, found_since=view.since, sort=LeadSort.NEWEST
            )
            label = f"**{book_table.how_many(view.new)}** found {when}"
            st.page_link(navigation.LEADS, label=label, query_params=query)
        else:
            st.caption(f"None {when}.")
        for each in view.newest:
            query = book_filters.address_of(
                status=TeamStatus.NEW, found_since=view.since, sort=LeadSort.NEWEST, company=each.company_id
            )
            with st.container(gap=None):
                st.page_link(navigation.LEADS, label=plain(each.name), query_params=query)
                st.caption(plain(", ".join(part for part in (each.category_label, each.city) if part)))
        if view.untouched > view.new:
            label = f"**{book_table.how_many(view.untouched)}** nobody has worked on yet"
            query = book_filters.address_of(status=TeamStatus.NEW)
            st.page_link(navigation.LEADS, label=label, query_params=query)
