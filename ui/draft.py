"""The order being typed: where its fields live, in the session and in the address, and what it amounts to."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID, uuid4

import streamlit as st
from pydantic import ValidationError

from pipeline.campaign import CampaignSpec
from pipeline.output.order_errors import sentences
from pipeline.providers.registry import registry
from services import providers, understanding
from services.lists import Orderable
from ui import draft_address
from ui.draft_address import KEYS

_ORDER = "draft_order"
_WANTED = "draft_wanted"
_ARRIVED = "draft_arrived"


def current(own: Orderable | None = None) -> tuple[CampaignSpec | None, dict[str, str]]:
    """The order as typed so far, of an ``own`` list if there is one, or None and a sentence for each field that is
    missing or wrong."""
    values = {field: st.session_state.get(key) for field, key in KEYS.items()}
    # The budget is a decimal amount of money: the widget's binary fraction must not reach it.
    values["budget_usd"] = (
        Decimal(str(values["budget_usd"])) if values["budget_usd"] is not None else Decimal(0)
    )
    sources = {spec.order_label: spec.order_key for spec in registry().sources}
    picked = values["sources"] or []
    values["sources"] = [key for label, key in sources.items() if label in picked]
    names = {spec.order_label: spec.order_key for spec in registry().steps}
    values["waterfall"] = [names[words] for words in values["waterfall"] or [] if words in names]
    values["by_name"] = [
        words for words in values["by_name"] or [] if words in (values["business_types"] or [])
    ]
    given = {field: value for field, value in values.items() if value is not None}
    if own:
        given = {**given, **own.whom, "by_name": []}
        given.pop("radius_km", None)
    unread = draft_address.unread_sentences()
    try:
        spec = CampaignSpec(**given)
    except ValidationError as error:
        return None, sentences(error) | unread
    if refused := providers.nobody_states(spec):
        return None, refused | unread
    return (None if any(map(draft_address.blocking, unread)) else spec), unread


def take_type(typed: str, label: str) -> None:
    """A callback: a type is meant as the category called ``label``."""
    _replace(typed, label)


def search_names(typed: str) -> None:
    """A callback: the words of a type are to be searched for in names."""
    chosen = st.session_state.get(KEYS["by_name"]) or []
    st.session_state[KEYS["by_name"]] = [*chosen, typed]


def look_in(typed: str, bare: str, place: str) -> None:
    """A callback: a type named the place to look in."""
    _replace(typed, bare)
    st.session_state[KEYS["location"]] = place


def move_place() -> None:
    """A callback: a place typed into a type moves to the field for it, when that is still empty."""
    for typed in st.session_state.get(KEYS["business_types"]) or []:
        found = None if st.session_state.get(KEYS["location"]) else understanding.place_within(typed)
        if found:
            look_in(typed, *found)


def _replace(typed: str, new: str) -> None:
    """A text may hold several types: what stands around the replaced one stays."""
    types = st.session_state.get(KEYS["business_types"]) or []
    changed = [text if typed not in text else text.replace(typed, new, 1) for text in types]
    st.session_state[KEYS["business_types"]] = list(dict.fromkeys(changed))


def is_missing(field: str) -> bool:
    """Whether nothing has been typed into a field."""
    return field not in draft_address.unread_sentences() and st.session_state.get(KEYS[field]) in (
        None,
        "",
        [],
    )


def idem_key(spec: CampaignSpec) -> str:
    """The key of this very order: the same for every click, another after a change or a new visit."""
    order = st.session_state.get(_ORDER)
    if order is None or order[0] != spec:
        order = (spec, str(uuid4()))
        st.session_state[_ORDER] = order
    return str(order[1])


def placed_of(list_id: UUID | None) -> CampaignSpec | None:
    """The order of an own list that a wish is about, when that list was taken up by the order already."""
    order = st.session_state.get(_ORDER)
    return order[0] if order and list_id and order[0].own_list == list_id else None


def want() -> None:
    """A callback: the person asked for this order.

    The wish stays until it is granted or dropped: fast clicks interrupt the rerun that grants it, even
    between the stored campaign and the way to its progress.
    """
    st.session_state[_WANTED] = True


def is_wanted() -> bool:
    """Whether an order waits to be placed. Without one, somebody who came back starts a new order."""
    if _WANTED in st.session_state:
        return True
    if st.session_state.pop(_ARRIVED, False):
        st.session_state.pop(_ORDER, None)
    return False


def drop() -> None:
    """The order cannot be placed as it is."""
    st.session_state.pop(_WANTED, None)


def arrived() -> None:
    """The person has reached the progress of what they ordered."""
    if _WANTED in st.session_state:
        st.session_state[_ARRIVED] = True
        drop()
