"""The order being typed: where its fields live, in the session and in the address, and what it amounts to."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import uuid4

import streamlit as st
from pydantic import ValidationError

from pipeline.campaign import CampaignSpec
from pipeline.providers.registry import registry
from ui.form_errors import sentences

# Each field of the order and the key of its widget, which is its name in the address too.
KEYS = {
    "business_types": "type",
    "location": "where",
    "radius_km": "radius",
    "max_results": "count",
    "min_confidence": "min",
    "budget_usd": "budget",
    "sources": "source",
    "waterfall": "lookup",
}
_ORDER = "draft_order"
_WANTED = "draft_wanted"
_ARRIVED = "draft_arrived"


def current() -> tuple[CampaignSpec | None, dict[str, str]]:
    """The order as typed so far, or None and a sentence for each field that is missing or wrong."""
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
    given = {field: value for field, value in values.items() if value is not None}
    try:
        return CampaignSpec(**given), {}
    except ValidationError as error:
        return None, sentences(error)


def is_missing(field: str) -> bool:
    """Whether nothing has been typed into a field."""
    return st.session_state.get(KEYS[field]) in (None, "", [])


def as_query() -> dict[str, str | Sequence[str]]:
    """The query parameters that fill the form as it stands."""
    typed = {key: st.session_state.get(key) for key in KEYS.values()}
    typed = {key: typed[key] if typed[key] is not None else _in_address(key) for key in typed}
    return {key: _texts(value) for key, value in typed.items() if value not in (None, "", [])}


def query_of(spec: CampaignSpec) -> dict[str, str | Sequence[str]]:
    """The query parameters that fill the form with an order placed before."""
    values = spec.model_dump(mode="json", exclude_defaults=True)
    if "sources" in values:
        values["sources"] = [registry().order_label(key) for key in spec.sources]
    if "waterfall" in values:
        values["waterfall"] = [registry().order_label(key) for key in spec.waterfall]
    return {KEYS[field]: _texts(value) for field, value in values.items()}


def idem_key(spec: CampaignSpec) -> str:
    """The key of this very order: the same for every click, another after a change or a new visit."""
    order = st.session_state.get(_ORDER)
    if order is None or order[0] != spec:
        order = (spec, str(uuid4()))
        st.session_state[_ORDER] = order
    return str(order[1])


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


def _in_address(key: str) -> list[str] | None:
    return st.query_params.get_all(key) or None


def _texts(value: object) -> str | list[str]:
    return [str(item) for item in value] if isinstance(value, (list, tuple)) else str(value)
