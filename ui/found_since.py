"""The filter by the moment since when companies were first found, in the address and as a field for day and time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from ui import address
from ui.viewer_time import DAY_TYPED, meant, typed

SINCE = "since"
_EARLIEST, _LATEST = datetime(2020, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001


def draw() -> None:
    """Draw the field."""
    st.datetime_input(
        "Found since",
        value=None,
        min_value=_EARLIEST,
        max_value=_LATEST,
        key=SINCE,
        format=DAY_TYPED,
        step=60,
    )


def chosen() -> datetime | None:
    """The moment that was chosen."""
    given: datetime | None = st.session_state[SINCE]
    return meant(given) if given else None


def read(values: Sequence[str]) -> datetime | None:
    """What an address means, as the field holds it."""
    try:
        moment = datetime.fromisoformat(address.one(values)[:40])
        found = typed(moment) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
    return found if found and _EARLIEST <= found <= _LATEST else None


def as_text(moment: datetime) -> str:
    """A moment as the address has it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
