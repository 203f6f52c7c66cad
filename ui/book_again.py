"""Looking companies of the book up again: from ticked rows to the form that shows what it would cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

import streamlit as st

from services import book_again
from services.errors import Refused
from services.identity import Person
from services.permissions import Right, may
from ui import draft_address, session
from ui.format import counted
from ui.navigation import NEW_CAMPAIGN
from ui.text import plain

_MOST = book_again.MOST_AT_ONCE


def offer(
    person: Person, companies: Callable[[], Sequence[UUID]], count: int, key: str = "book_again"
) -> None:
    """Draw the button; ``companies`` finds out which they are once it is clicked."""
    if not (may(person, Right.KEEP_LISTS) and may(person, Right.RUN_CAMPAIGNS)):
        return
    if st.button(
        "Look up again …",
        key=key,
        type="tertiary",
        icon=":material/refresh:",
        disabled=count > _MOST,
        help=f"At most {counted(_MOST, 'company', 'companies')} at once."
        if count > _MOST
        else "Shows first what it would cost.",
    ):
        _plan(companies)


def _plan(companies: Callable[[], Sequence[UUID]]) -> None:
    try:
        chosen = book_again.choose(session.require_person(), companies())
    except Refused as refused:
        st.warning(plain(str(refused)))
        return
    st.switch_page(
        NEW_CAMPAIGN,
        query_params=draft_address.query_of_list(
            chosen.list_id, chosen.companies, is_of_book=True, budget_usd=chosen.budget_usd
        ),
    )
