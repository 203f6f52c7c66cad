"""Headings, notices and empty states, the same on every page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from urllib.parse import quote

import streamlit as st

from ui import said
from ui.text import plain, someone
from ui.words import Colour

Drawing = Literal["search", "list", "lock", "filter"]


def heading(
    title: str,
    caption: str | None = None,
    badge: tuple[str, Colour] | None = None,
    tags: Sequence[str] = (),
) -> None:
    """The title of a page, in the browser's tab as well, and what came of the last action; ``title``, ``caption`` and
    ``tags`` may hold what people typed."""
    st.set_page_config(page_title=f"{title} · ProspectPro")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.title(plain(title), anchor=False, width="content")
        if badge is not None:
            st.badge(badge[0], color=badge[1])
        labels(tags)
    if caption:
        st.caption(someone(caption))
    said.show()


def labels(tags: Sequence[str]) -> None:
    """Tags, one badge each."""
    for tag in tags:
        st.badge(plain(tag), color="gray", icon=":material/label:")


def empty(title: str, body: str, drawing: Drawing, key: str = "page") -> st.delta_generator.DeltaGenerator:
    """A calm empty state; the returned container takes one action below the text."""
    card = st.container(border=True, key=f"pp-card-empty-{key}", horizontal_alignment="center")
    with card:
        # Decoration: the words below say it all.
        st.html(f'<div class="pp-drawing pp-drawing-{drawing}"></div>')
        st.header(plain(title), anchor=False, text_alignment="center")
        st.markdown(plain(body), text_alignment="center")
    return card


def own_page_link(label: Literal["Sign in", "Sign up"], path: str, next_path: str) -> None:
    """A link to one of our pages outside Streamlit, coming back to ``next_path`` afterwards."""
    # Percent-encoded without exceptions, so nothing of the address can end the attribute.
    st.html(f'<a class="pp-button" href="{path}?next={quote(next_path, safe="")}">{label}</a>')
