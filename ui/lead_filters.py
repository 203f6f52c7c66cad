"""The filters over a list of leads; each sits in the address, and hostile values there are left out and named."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import streamlit as st
from pydantic import ValidationError

from services import lead_choices, places
from services.errors import Refused
from services.identity import Person
from services.lead_choices import Facet
from services.lead_filter import LeadFilter, NearPlace
from services.places import Point
from services.results import LeadSort
from ui import (
    address,
    drawn_area,
    figure_words,
    filter_fields,
    filter_values,
    found_since,
    lead_columns,
    taken_days,
    view_address,
)
from ui.filter_fields import Pick
from ui.lead_list import LeadList
from ui.lead_sorts import WORDS
from ui.text import plain
from ui.viewer_time import today

PAGE, SORT = "page", "sort"
_TEXT, _PLACE, _NEAR, _KM, _ABOVE, _REACH, _HAS = "q", "place", "near", "km", "above", "reach", "has"
_OPEN = "more_filters"
_LONGEST_TEXT = 200
_HAVES = {
    "Phone": "has_phone",
    "Mobile number": "has_mobile",
    "Website": "has_website",
    "E-mail": "has_email",
    "Opening hours": "has_hours",
    "Profile": "has_profile",
}
# The names of filters in the address are short, and some would mislead whoever reads them.
_LABELS = {
    _HAS: "Must have",
    _ABOVE: "Minimum confidence",
    _REACH: "Minimum reach",
    SORT: "Sort by",
    lead_columns.COLUMNS: "Columns",
    found_since.SINCE: "Found since",
    drawn_area.BOX: "Drawn area",
    **taken_days.LABELS,
}
_DISTANCES = {"1 km": 1.0, "2 km": 2.0, "5 km": 5.0, "10 km": 10.0, "25 km": 25.0, "50 km": 50.0}
_USUAL_KM = "5 km"
_HAVE_HELP = (
    "Mobile numbers cannot be told in countries whose numbers look alike, such as the United States. E-mail leaves out"
    " addresses whose mailbox does not exist. Profile is a page on a social network."
)
_NEAR_HELP = "A town, a district, a postcode or coordinates. Leads whose position nobody knows are left out."
_FRESH_S = 60
"""How long counts beside values are kept while nothing else is chosen."""


def filters(of: LeadList) -> tuple[LeadFilter, LeadSort]:
    """Draw the filters of a list, and return what is chosen."""
    day = today()
    rows = filter_fields.rows(of.person, of.listing, of.choices, day)
    picks = [pick for row in rows for pick in row]
    _seed(of, picks)
    with st.container(border=True, key="pp-card-filters"):
        first, last = st.columns([2, 1])
        first.text_input("Search", key=_TEXT, max_chars=_LONGEST_TEXT, placeholder="Name, address, website …")
        sort = last.selectbox(_LABELS[SORT], list(of.sorts), key=SORT)
        # With another label it is another one to Streamlit, which would close it with every choice.
        st.session_state[_OPEN] = st.session_state.get(_OPEN, False)
        # Closed, so that the first lead stands on the first screen of a phone; the label says what is chosen inside.
        active = _active(picks)
        label = f"Filters ({active})" if active else "Filters"
        more = st.expander(label, key=_OPEN, on_change="rerun")
        chosen = _asked(picks)
        if chosen.follow_up:
            chosen = chosen.model_copy(update={"today": day})
        with more:
            _draw(of, rows, chosen)
            if active:
                st.button("Clear filters", key="clear_filters", type="tertiary", on_click=clear)
        drawn_area.way_out()
    _into_address(picks)
    return chosen, of.sorts.get(sort or "", LeadSort.BEST)


def clear() -> None:
    """A callback: take every filter off, and keep the sorting."""
    kept = {SORT, lead_columns.COLUMNS}
    named = st.session_state.get(view_address.NAMES, ())
    view_address.leave()
    address.write({name: [] for name in named if name not in kept})
    address.start_anew()


def _seed(of: LeadList, picks: Sequence[Pick]) -> None:
    """What the address says, or on arriving without a word the view the list opens with."""
    readers: dict[str, Callable[[Sequence[str]], object]] = {
        _TEXT: _text,
        _PLACE: _text,
        _NEAR: _text,
        _KM: lambda values: address.choice(list(_DISTANCES))(values) or _USUAL_KM,
        _HAS: address.choices(list(_HAVES)),
        _ABOVE: _percent,
        _REACH: _percent,
        SORT: lambda values: address.choice(list(of.sorts))(values) or WORDS[LeadSort.BEST],
        lead_columns.COLUMNS: address.choices(lead_columns.titles(of.listing)),
        found_since.SINCE: found_since.read,
        **taken_days.READERS,
        drawn_area.BOX: drawn_area.read,
        **{
            pick.name: (address.choices if pick.takes_several else address.choice)(pick.options)
            for pick in picks
        },
    }
    st.session_state[view_address.NAMES] = tuple(readers)
    if address.arrives(_TEXT, of.subject):
        view_address.expand(of.views, tuple(readers))
    unread = address.seed(readers, of.subject)
    if unread:
        labels = {**_LABELS, **{pick.name: pick.label for pick in picks}}
        named = ", ".join(labels.get(name, name) for name in unread)
        st.info(plain(f"Left out, as it cannot be read or is not there any more: {named}."))
    for pick in picks:
        filter_values.settle(pick)


def _active(picks: Sequence[Pick]) -> int:
    fields = (
        _PLACE,
        _NEAR,
        _HAS,
        _ABOVE,
        _REACH,
        found_since.SINCE,
        *taken_days.READERS,
        drawn_area.BOX,
        *(pick.name for pick in picks),
    )
    return sum(bool(st.session_state[name]) for name in fields)


def _draw(of: LeadList, rows: Sequence[Sequence[Pick]], chosen: LeadFilter) -> None:
    st.pills(_LABELS[_HAS], list(_HAVES), selection_mode="multi", key=_HAS, help=_HAVE_HELP)
    first, second, third = st.columns([2, 2, 1])
    first.text_input("Address, postcode or city", key=_PLACE, max_chars=_LONGEST_TEXT)
    second.text_input("Near a place", key=_NEAR, max_chars=_LONGEST_TEXT, help=_NEAR_HELP)
    third.selectbox("Within", list(_DISTANCES), key=_KM)
    # Only while somebody looks: counting reads up to ten thousand leads of each filter.
    facets = _facets(of, chosen) if st.session_state.get(_OPEN) else {}
    for row in rows:
        for column, pick in zip(st.columns(len(row)), row, strict=True):
            filter_values.draw(column, pick, facets)
    since, *taken = st.columns(3)
    with since:
        found_since.draw()
    taken_days.draw(taken)
    left, right = st.columns(2)
    left.slider(_LABELS[_ABOVE], 0, 100, key=_ABOVE, help=figure_words.CONFIDENCE)
    right.slider(_LABELS[_REACH], 0, 100, key=_REACH, help=figure_words.REACH)


def _facets(of: LeadList, chosen: LeadFilter) -> Mapping[str, Facet]:
    return _counted(of.person, (of.person.workspace_id, of.campaign, chosen.as_kept()), chosen)


@st.cache_data(scope="session", ttl=_FRESH_S, max_entries=20, show_spinner=False)
def _counted(
    _person: Person, list: tuple[UUID, UUID | None, str], _chosen: LeadFilter
) -> Mapping[str, Facet]:
    return lead_choices.counts(_person, _chosen, list[1])


def _asked(picks: Sequence[Pick]) -> LeadFilter:
    state = st.session_state
    asked: dict[str, object] = {}
    for pick in picks:
        asked.update(pick.asked(filter_values.chosen(pick)))
    if since := found_since.chosen():
        earlier = asked.get("found_since")
        asked["found_since"] = max(since, earlier) if isinstance(earlier, datetime) else since
    return LeadFilter(
        text=_text([state[_TEXT]]) or None,
        place=_text([state[_PLACE]]) or None,
        box=state[drawn_area.BOX],
        near=_near(_text([state[_NEAR]]), state[_KM]),
        min_confidence=state[_ABOVE],
        min_reach=state[_REACH],
        **{name: True for words, name in _HAVES.items() if words in state[_HAS]},
        **taken_days.narrowed(asked),
    )


def _near(typed: str, within: str) -> NearPlace | None:
    if not typed.strip():
        return None
    try:
        point = _point(typed)
    except Refused as refused:
        st.warning(plain(f"{refused} The distance is left out."))
        return None
    return NearPlace(label=point.label, lat=point.lat, lon=point.lon, km=_DISTANCES[within])


@st.cache_data(ttl=600, max_entries=200, show_spinner=False)
def _point(typed: str) -> Point:
    return places.point(typed)


def _into_address(picks: Sequence[Pick]) -> None:
    """Everything that is chosen, and nothing that leaves all leads in or in their usual order."""
    state = st.session_state
    names = (_TEXT, _PLACE, _NEAR, _ABOVE, _REACH, SORT)
    chosen = {name: state[name] for name in names}
    if chosen[SORT] == WORDS[LeadSort.BEST]:
        chosen[SORT] = None
    chosen[_KM] = state[_KM] if state[_NEAR] and state[_KM] != _USUAL_KM else None
    values = {name: [str(value)] if value else [] for name, value in chosen.items()}
    values |= {pick.name: filter_values.chosen(pick) for pick in picks}
    since = found_since.chosen()
    values[found_since.SINCE] = [found_since.as_text(since)] if since else []
    values[drawn_area.BOX] = drawn_area.as_address()
    address.write({**values, **taken_days.as_address(), _HAS: state[_HAS]}, outdates=[PAGE])


def _percent(values: Sequence[str]) -> int:
    text = address.one(values)
    return int(text) if text.isascii() and text.isdecimal() and int(text[:4]) <= 100 else 0


def _text(values: Sequence[str]) -> str:
    """Only an address somebody made up holds text that no form could send."""
    text = address.one(values)[:_LONGEST_TEXT]
    try:
        return LeadFilter(text=text).text or ""
    except ValidationError:
        return ""
