"""The filters over a campaign's leads; each sits in the address, and hostile values there are ignored."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from pydantic import ValidationError

from services.results import LeadFilter, LeadSort
from ui import address, figure_words
from ui.lead_sorts import BY_WORDS, WORDS
from ui.words import EMAIL_STATUS

PAGE, SORT = "page", "sort"
_TEXT, _CATEGORY, _ABOVE, _REACH, _HAS, _STATUS = "q", "category", "above", "reach", "has", "status"
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
            _REACH: _percent,
            SORT: lambda values: address.choice(list(BY_WORDS))(values) or WORDS[LeadSort.BEST],
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
        above = fifth.slider("Minimum confidence", 0, 100, key=_ABOVE, help=figure_words.CONFIDENCE)
        reach = fifth.slider("Minimum reach", 0, 100, key=_REACH, help=figure_words.REACH)
        sort = sixth.selectbox("Sort by", list(BY_WORDS), key=SORT)
    _into_address()
    chosen = LeadFilter(
        text=_searchable(text),
        category=tags.get(category or ""),
        min_confidence=above,
        min_reach=reach,
        has_phone="Phone" in has or None,
        has_website="Website" in has or None,
        has_email="E-mail" in has or None,
        status=_STATUSES.get(status or ""),
    )
    return chosen, BY_WORDS.get(sort or "", LeadSort.BEST)


def _into_address() -> None:
    """Everything that is chosen, and nothing that leaves all leads in or in their usual order."""
    chosen = {name: st.session_state[name] for name in (_TEXT, _CATEGORY, _STATUS, _ABOVE, _REACH, SORT)}
    if chosen[SORT] == WORDS[LeadSort.BEST]:
        chosen[SORT] = None
    values = {name: [str(value)] if value else [] for name, value in chosen.items()}
    address.write({**values, _HAS: st.session_state[_HAS]}, outdates=[PAGE])


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
    st.session_state.update({_TEXT: "", _CATEGORY: None, _ABOVE: 0, _REACH: 0, _HAS: [], _STATUS: None})
