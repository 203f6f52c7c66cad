"""Activity: what the team did, newest first."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import streamlit as st

from services import feed
from services.feed import Kind
from services.identity import Person
from ui import cards, feed_list, session, turning
from ui.viewer_time import DAY_TYPED, midnight

_CURSORS = "activity_cursors"
_Where = tuple[Kind | None, UUID | None, datetime | None, datetime | None]


def main() -> None:
    """Draw the page."""
    person = session.require_account()
    cards.heading("Activity", "What your team did, newest first.")
    where = _filters(person)
    passed = turning.passed(_CURSORS, where)
    page = feed.look(person, *where, cursor=passed[-1] if passed else None)
    if not page.rows and not passed:
        is_filtered = any(each is not None for each in where)
        head = "Nothing like that" if is_filtered else "Nothing yet"
        said = (
            "Choose another kind, person or day."
            if is_filtered
            else "Campaigns, notes and changes show up here."
        )
        cards.empty(head, said, "filter" if is_filtered else "list")
        return
    feed_list.draw(page)
    turning.buttons(_CURSORS, where, page.next_cursor)


def _filters(person: Person) -> _Where:
    people = feed.people(person)
    kinds = {words: kind for kind, words in feed_list.KINDS.items()}
    left, middle, first, last = st.columns([2, 2, 1, 1])
    kind = left.selectbox(
        "What", list(kinds), index=None, key="what", placeholder="Anything", bind="query-params"
    )
    who = middle.selectbox(
        "Who", list(people.values()), index=None, key="who", placeholder="Anybody", bind="query-params"
    )
    since: date | None = first.date_input("From", value=None, key="since", format=DAY_TYPED)
    until: date | None = last.date_input("To", value=None, key="until", format=DAY_TYPED)
    return (
        kinds.get(kind or ""),
        next((user for user, email in people.items() if email == who), None),
        midnight(since) if since else None,
        midnight(until, days_later=1) if until else None,
    )


main()
