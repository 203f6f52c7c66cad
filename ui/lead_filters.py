"""The filters over a campaign's leads; each sits in the address, and hostile values there are ignored."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from pydantic import ValidationError

from services.results import LeadFilter, LeadSort
from ui.words import EMAIL_STATUS

_TEXT, _CATEGORY, _ABOVE, _HAS, _STATUS, _SORT = "q", "category", "above", "has", "status", "sort"
_LONGEST_TEXT = 200
_HAVES = ("Phone", "Website", "E-mail")
_SORTS = {
    "Confidence": LeadSort.CONFIDENCE,
    "Name": LeadSort.NAME,
    "Category": LeadSort.CATEGORY,
    "City": LeadSort.CITY,
}
_STATUSES = {words: status for status, words in EMAIL_STATUS.items()}


def filters(categories: Sequence[tuple[str, str, int]]) -> tuple[LeadFilter, LeadSort]:
    """Draw the filters; ``categories`` are tag, label and count of what the campaign found."""
    tags = {label: tag for tag, label, _ in categories}
    with st.container(border=True, key="pp-card-filters"):
        first, second, third = st.columns([2, 1.3, 1.3])
        text = first.text_input(
            "Search",
            key=_TEXT,
            max_chars=_LONGEST_TEXT,
            placeholder="Name, address, website …",
            bind="query-params",
        )
        category = second.selectbox(
            "Category", list(tags), index=None, key=_CATEGORY, placeholder="All", bind="query-params"
        )
        status = third.selectbox(
            "E-mail status", list(_STATUSES), index=None, key=_STATUS, placeholder="Any", bind="query-params"
        )
        fourth, fifth, sixth = st.columns([2, 1.3, 1.3])
        has = fourth.pills("Must have", _HAVES, selection_mode="multi", key=_HAS, bind="query-params")
        above = fifth.slider("Minimum confidence", 0, 100, key=_ABOVE, bind="query-params")
        sort = sixth.selectbox("Sort by", list(_SORTS), key=_SORT, bind="query-params")
    chosen = LeadFilter(
        text=_searchable(text),
        category=tags.get(category or ""),
        min_confidence=above,
        has_phone="Phone" in has or None,
        has_website="Website" in has or None,
        has_email="E-mail" in has or None,
        status=_STATUSES.get(status or ""),
    )
    return chosen, _SORTS.get(sort or "", LeadSort.CONFIDENCE)


def _searchable(text: str | None) -> str | None:
    try:
        return LeadFilter(text=text).text or None
    except ValidationError:
        # Only an address somebody made up holds text that no form could send.
        return None


def clear() -> None:
    """A callback: take every filter off, and keep the sorting."""
    st.session_state.update({_TEXT: "", _CATEGORY: None, _ABOVE: 0, _HAS: [], _STATUS: None})
