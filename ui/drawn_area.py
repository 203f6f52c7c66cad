"""The filter by an area that was drawn on the map: in the address, and the way out of it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pipeline.geo import box as boxes
from pipeline.geo.box import Box
from ui import address

BOX = "box"


def read(values: Sequence[str]) -> Box | None:
    """What an address means."""
    return boxes.read(address.one(values))


def as_address() -> list[str]:
    """The area as the address has it."""
    area: Box | None = st.session_state[BOX]
    return [boxes.written(area)] if area else []


def choose_box(area: Box | None) -> None:
    """A callback: show only leads within an area, or with None those everywhere."""
    st.session_state[BOX] = area


def way_out() -> None:
    """Draw how to leave the area, if there is one."""
    if st.session_state[BOX]:
        st.button(
            "Only within the drawn area ✕",
            type="tertiary",
            key="leave_box",
            on_click=choose_box,
            args=(None,),
            help="Show leads everywhere again",
        )
