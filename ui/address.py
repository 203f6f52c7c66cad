"""What a page keeps in its address, so that a reload, Back and a link bring it all back.

Streamlit can bind a widget to the address by itself, but then leaves out what equals a default, drops what it cannot
read without a word, and carries a value over to the next campaign: here the address says everything, and wins whenever
a person arrives by it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

_SUBJECT = "address_subject"
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)
"""The days that fields take; our own choice."""


def arrives(first: str, subject: str) -> bool:
    """Whether the address counts and not the widgets: somebody came to the page, went Back or Forward, or the page is
    about another ``subject`` than before.

    ``first`` is the key of a widget that is always drawn: Streamlit forgets it when the page is left.
    """
    return first not in st.session_state or st.session_state.get(_SUBJECT) != subject or _came_by_history()


def seed(fields: Mapping[str, Callable[[Sequence[str]], object]], subject: str) -> list[str]:
    """Before their widgets are drawn: give each session key what the address has under the same name.

    That is done when ``arrives`` says so of the first field; in between the widgets hold what counts. Each reader gets
    every value of its name, none when it is missing. Returns the names whose values on arriving were none.
    """
    is_new = arrives(next(iter(fields)), subject)
    st.session_state[_SUBJECT] = subject
    unread = []
    for name, read in fields.items():
        if is_new or name not in st.session_state:
            values = st.query_params.get_all(name)
            st.session_state[name] = value = read(values)
            if not value and any(given not in ("", "0") for given in values):
                unread.append(name)
    return unread


def start_anew() -> None:
    """A callback: what was written into the address counts, as if somebody came by it."""
    st.session_state.pop(_SUBJECT, None)


def write(values: Mapping[str, Sequence[str]], *, outdates: Sequence[str] = ()) -> None:
    """Put ``values`` into the address, all at once; an empty one takes its name out, names not given stay.

    A change takes the names it ``outdates`` out as well.
    """
    before = {name: st.query_params.get_all(name) for name in st.query_params}
    after = {**before, **{name: list(value) for name, value in values.items()}}
    after = {name: value for name, value in after.items() if value}
    if after != before:
        st.query_params.from_dict({name: value for name, value in after.items() if name not in outdates})


def one(values: Sequence[str]) -> str:
    """The last of several values, as browsers' forms have it; empty when there is none."""
    return values[-1] if values else ""


def day(values: Sequence[str]) -> date | None:
    """A reader of days such as ``2026-11-26``; None for anything else, and for days no field takes."""
    try:
        read = date.fromisoformat(one(values))
    except ValueError:
        return None
    return read if EARLIEST <= read <= LATEST else None


def choice(options: Sequence[str]) -> Callable[[Sequence[str]], str | None]:
    """A reader of one of ``options``; None for anything else."""
    return lambda values: one(values) if one(values) in options else None


def choices(options: Sequence[str]) -> Callable[[Sequence[str]], list[str]]:
    """A reader of several of ``options``; others are left out."""
    return lambda values: [value for value in values if value in options]


def _came_by_history() -> bool:
    # Streamlit tells its own bound widgets the same way; it has no public word for it.
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation
