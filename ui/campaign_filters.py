"""The filters of the campaigns page, each in the address: words, state, person, tag, days, the runs of one order."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from pipeline.campaign import MAX_TEXT
from services.campaign_orders import CampaignChoices, CampaignWhere
from services.identity import Person
from ui import address
from ui.viewer_time import DAY_TYPED, midnight
from ui.words import STATUS

RUNS = "runs"
_TEXT, _STATE, _BY, _TAG, _FROM, _TO = "find", "show", "by", "tag", "from", "to"
_ME = "Me"
_STATUSES = {words: status for status, (words, _) in STATUS.items()}
_SUBJECT = "campaigns"


def filters(person: Person, choices: CampaignChoices) -> CampaignWhere:
    """Draw them; returns which campaigns are wanted."""
    people = {_ME if user == person.id else email: user for user, email in choices.people}
    address.seed(
        {
            _TEXT: lambda values: address.one(values)[:MAX_TEXT].replace("\x00", ""),
            _STATE: address.choice(list(_STATUSES)),
            _BY: address.choice(list(people)),
            _TAG: address.choice(list(choices.tags)),
            _FROM: address.day,
            _TO: address.day,
        },
        subject=_SUBJECT,
    )
    left, right = st.columns([2, 1])
    left.text_input("Search", key=_TEXT, max_chars=MAX_TEXT, placeholder="Name, type of business or place")
    right.selectbox("Status", list(_STATUSES), index=None, key=_STATE, placeholder="Any")
    with st.expander(_label(), key="more_filters"):
        _draw(list(people), choices.tags)
    state = st.session_state
    address.write(
        {
            **{name: [state[name]] if state[name] else [] for name in (_TEXT, _STATE, _BY, _TAG)},
            **{name: [state[name].isoformat()] if state[name] else [] for name in (_FROM, _TO)},
        }
    )
    since, until = state[_FROM], state[_TO]
    return CampaignWhere(
        status=_STATUSES.get(state[_STATE] or ""),
        text=(state[_TEXT] or "").strip() or None,
        ordered_by=people.get(state[_BY] or ""),
        tag=state[_TAG],
        since=midnight(since) if since else None,
        until=midnight(until, 1) if until else None,
        order=_runs_of(),
    )


def clear() -> None:
    """A callback: take every filter off."""
    st.session_state.update({_TEXT: "", _STATE: None, _BY: None, _TAG: None, _FROM: None, _TO: None})
    st.query_params.pop(RUNS, None)


def only_runs_of(campaign_id: UUID) -> None:
    """A callback: show every run of the order of a campaign by itself."""
    clear()
    address.write({RUNS: [str(campaign_id)]})


def _draw(people: Sequence[str], tags: Sequence[str]) -> None:
    first, second, third, fourth = st.columns(4)
    first.selectbox("Ordered by", people, index=None, key=_BY, placeholder="Anybody")
    second.selectbox("Tag", tags, index=None, key=_TAG, placeholder="Any" if tags else "No tags yet")
    third.date_input("Ordered from", key=_FROM, format=DAY_TYPED)
    fourth.date_input("Ordered until", key=_TO, format=DAY_TYPED)


def _label() -> str:
    active = sum(bool(st.session_state[name]) for name in (_BY, _TAG, _FROM, _TO))
    return f"More filters ({active})" if active else "More filters"


def _runs_of() -> UUID | None:
    try:
        return UUID(st.query_params.get(RUNS, "")[:64])
    except ValueError:
        return None
