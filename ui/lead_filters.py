"""The filters over a campaign's leads; each sits in the address, and hostile values there are ignored."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from pydantic import ValidationError

from services.results import LeadFilter, LeadSort
from ui import address
from ui.lead_sorts import BY_WORDS, WORDS
from ui.words import EMAIL_STATUS

PAGE = "page"
_TEXT, _CATEGORY, _ABOVE, _HAS, _STATUS, SORT = "q", "category", "above", "has", "status", "sort"
_LONGEST_TEXT = 200
_HAVES = ("Phone", "Website", "E-mail")
_STATUSES = {words: status for status, words in EMAIL_STATUS.items()}
_EMAIL_HELP = "E-mail leaves out addresses whose mailbox does not exist."


def filters(campaign: str, categories: Sequence[tuple[str, str, int]]) -> tuple[LeadFilter, LeadSort]:
    """Draw the filters of one campaign; ``categories`` are tag, label and count of what it found."""
    tags = {label: tag for tag, label, _ in categories}
    address.seed(
        {
            _TEXT: lambda values: address.one(values)[:_LONGEST_TEXT],
            _CATEGORY: address.choice(list(tags)),
            _STATUS: address.choice(list(_STATUSES)),
            _HAS: address.choices(_HAVES),
            _ABOVE: _percent,
            SORT: lambda values: address.choice(list(BY_WORDS))(values) or WORDS[LeadSort.CONFIDENCE],
        },
        subject=campaign,
    )
    with st.container(border=True, key="pp-card-filters"):
        first, second, third = st.columns([2, 1.3, 1.3])
        text = first.text_input(
            "Search", key=_TEXT, max_chars=_LONGEST_TEXT, placeholder="Name, address, website …"
        )
        category = second.selectbox("Category", list(tags), index=None, key=_CATEGORY, placeholder="All")
        status = third.selectbox("E-mail status", list(_STATUSES), index=None, key=_STATUS, placeholder="Any")
        fourth, fifth, sixth = st.columns([2, 1.3, 1.3])
        has = fourth.pills("Must have", _HAVES, selection_mode="multi", key=_HAS, help=_EMAIL_HELP)
        above = fifth.slider("Minimum confidence", 0, 100, key=_ABOVE)
        sort = sixth.selectbox("Sort by", list(BY_WORDS), key=SORT)
    _into_address(text, category, status, has, above, sort)
    chosen = LeadFilter(
        text=_searchable(text),
        category=tags.get(category or ""),
        min_confidence=above,
        has_phone="Phone" in has or None,
        has_website="Website" in has or None,
        has_email="E-mail" in has or None,
        status=_STATUSES.get(status or ""),
    )
    return chosen, BY_WORDS.get(sort or "", LeadSort.CONFIDENCE)


def _into_address(
    text: str | None, category: str | None, status: str | None, has: Sequence[str], above: int, sort: str
) -> None:
    is_usual = BY_WORDS.get(sort) is LeadSort.CONFIDENCE
    address.write(
        {
            _TEXT: [text] if text else [],
            _CATEGORY: [category] if category else [],
            _STATUS: [status] if status else [],
            _HAS: has,
            _ABOVE: [str(above)] if above else [],
            SORT: [] if is_usual else [sort],
        },
        outdates=[PAGE],
    )


def _percent(values: Sequence[str]) -> int:
    text = address.one(values)
    return int(text) if text.isascii() and text.isdecimal() and int(text[:4]) <= 100 else 0


def _searchable(text: str | None) -> str | None:
    try:
        return LeadFilter(text=text).text or None
    except ValidationError:
        # Only an address somebody made up holds text that no form could send.
        return None


def clear() -> None:
    """A callback: take every filter off, and keep the sorting."""
    st.session_state.update({_TEXT: "", _CATEGORY: None, _ABOVE: 0, _HAS: [], _STATUS: None})
