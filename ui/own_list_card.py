"""An own list in the form of a new campaign: in place of whom to look for and where."""

from __future__ import annotations

import streamlit as st

from services import lists
from services.errors import NotFound
from services.identity import Person
from services.lists import Orderable
from ui import address, draft_address
from ui.draft_address import KEYS
from ui.format import counted
from ui.text import plain


def chosen(person: Person) -> tuple[Orderable | None, str | None]:
    """The list the address names, and why it cannot be ordered where it is gone."""
    list_id = draft_address.own_list()
    if list_id is None:
        return None, None
    try:
        return lists.orderable(person, list_id), None
    except NotFound as gone:
        return None, str(gone)


def draw(own: Orderable) -> None:
    """What the list is called and holds, and the way to an order without it."""
    if own.is_of_book:
        _of_book(own)
    else:
        st.header("Companies of your list", anchor=False)
        st.markdown(f"**{plain(own.name)}** · {counted(own.companies, 'row')}")
        st.caption(
            "They are looked up and rated like others. What a row says is kept as it is, as from your list; an e-mail"
            " address counts as verified only once a look-up has checked it."
        )
    st.button("Look for businesses instead", key="without_list", type="tertiary", on_click=drop)


def _of_book(own: Orderable) -> None:
    st.header("Companies of your book", anchor=False)
    st.markdown(f"**{plain(own.name)}**")
    st.caption(
        "They are looked up by what their sources say of them, without what look-ups found and people corrected before."
        " What is found stands in the book as the newest; corrections and what the team says of them stay."
    )
    if own.left_out:
        st.warning(
            f"{counted(own.left_out, 'company', 'companies')} that you chose cannot be looked up again: not in the book"
            " any more, or what is known of it was not to be kept."
        )
    if own.bare:
        has = "has" if own.bare == 1 else "have"
        st.info(
            f"{counted(own.bare, 'company', 'companies')} of them {has} neither a website nor an e-mail address by what"
            " sources say: there is nothing to look up by."
        )


def drop() -> None:
    """A callback: the order is not of the list any more."""
    address.write({KEYS["own_list"]: []})
