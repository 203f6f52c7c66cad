"""What the team does about one company: status, owner, follow-up and tags, with notes below."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import streamlit as st

from services import book_work
from services.book import Company, TeamStatus
from services.book_work import Change
from services.identity import Person
from services.permissions import Right, may
from ui import company_notes, said, session
from ui.viewer_time import DAY_TYPED
from ui.words import TEAM_STATUS

_NOBODY = "Nobody"
_HERE = "company_work"


def work(person: Person, company: Company) -> None:
    """Draw what can be set, each kept at once."""
    row, is_off = company.row, not may(person, Right.WORK_LEADS)
    people = {email: user for user, email in company.people}
    statuses = {words: status for status, words in TEAM_STATUS.items()}
    key = row.company_id.hex
    with st.container(border=True, key="pp-card-work"):
        said.show(_HERE)
        first, second, third = st.columns(3)
        first.selectbox(
            "Status", list(statuses), index=list(statuses).index(TEAM_STATUS[row.status]),
            key=f"work_status_{key}", disabled=is_off,
            on_change=_set, args=(row.company_id, f"work_status_{key}", lambda words: _status(statuses[words])),
        )  # fmt: skip
        owners = [_NOBODY, *people]
        second.selectbox(
            "Owner", owners, index=owners.index(row.owner) if row.owner in owners else 0,
            key=f"work_owner_{key}", disabled=is_off,
            on_change=_set, args=(row.company_id, f"work_owner_{key}", lambda email: _owner(people.get(email))),
        )  # fmt: skip
        third.date_input(
            "Follow-up on", value=row.follow_up_on, key=f"work_day_{key}", disabled=is_off, format=DAY_TYPED,
            on_change=_set, args=(row.company_id, f"work_day_{key}", _follow_up),
        )  # fmt: skip
        st.multiselect(
            "Tags", list(dict.fromkeys((*company.tags, *row.tags))), default=list(row.tags),
            key=f"work_tags_{key}", disabled=is_off, accept_new_options=True, select_all=False,
            on_change=_set, args=(row.company_id, f"work_tags_{key}", lambda tags: _tags(row.tags, tags)),
        )  # fmt: skip
        if not is_off:
            company_notes.form(person, company)


def _set(company_id: UUID, key: str, change: Callable[[Any], Change]) -> None:
    wanted = change(st.session_state[key])
    said.after(lambda: _changed(company_id, wanted), "Saved.", _HERE)


def _changed(company_id: UUID, wanted: Change) -> None:
    book_work.change(session.require_person(), [company_id], wanted)


def _status(status: TeamStatus) -> Change:
    return Change(status=status)


def _owner(owner: UUID | None) -> Change:
    return Change(sets_owner=True, owner_id=owner)


def _follow_up(on: date | None) -> Change:
    return Change(sets_follow_up=True, follow_up_on=on)


def _tags(before: tuple[str, ...], after: list[str]) -> Change:
    return Change(
        adds=tuple(tag for tag in after if tag not in before),
        takes=tuple(tag for tag in before if tag not in after),
    )
