"""A bulk order being typed: every type in every place, a pasted list or a file, and what holds for all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from pipeline.bulk_rows import MAX_ORDERS, MAX_WRITTEN, BulkRow, Common
from pipeline.campaign import CUSTOMERS_ARE_SKIPPED, KnownCompanies
from pipeline.order_limits import bounds, default_of, in_range
from pipeline.scoring.demands import DEMANDS
from pipeline.scoring.switches import SWITCHES
from services import bulk_drafts, planning, providers
from services.bulk_drafts import Column
from services.errors import Refused
from services.providers import Choice
from ui import bulk_towns, kept
from ui.form_demands import demands
from ui.text import plain

FORM, PASTED, FILE = "Types and places", "Pasted list", "File"
_WAYS = (FORM, PASTED, FILE)
_COLUMNS = {
    Column.TYPES: "Business types",
    Column.PLACE: "Place",
    Column.LEADS: "How many leads (optional)",
    Column.BUDGET: "Budget in US dollars (optional)",
}
_NOT_THERE = "Not in the file"
NAME = "bulk"
_KEPT = (
    *("bulk_way", "bulk_types", bulk_towns.PLACES, "bulk_text", "bulk_count", "bulk_budget", "bulk_sources"),
    *("bulk_steps", "bulk_new", "bulk_customers", *(f"bulk_{name}" for name in (*SWITCHES, *DEMANDS))),
)
_EXAMPLE = "dentist; Helsinki; 20\ncafe, bakery; Espoo; 50; 2.50"


def rows() -> tuple[BulkRow, ...] | None:
    """Draw what is asked for and how; returns the orders, None while nothing is written that can be read."""
    kept.keep(NAME, _KEPT)
    whom = st.container(border=True, key="pp-card-bulk-orders")
    with st.container(border=True, key="pp-card-bulk-all"):
        st.header("How many, for how much, and how?", anchor=False)
        common = _common()
    with whom:
        st.header("Whom, and where?", anchor=False)
        way = st.radio("How", _WAYS, horizontal=True, key="bulk_way", label_visibility="collapsed")
        try:
            return _READ[way](common)
        except Refused as refused:
            st.warning(plain(str(refused)))
            return None


def _crossed(common: Common) -> tuple[BulkRow, ...] | None:
    types = st.multiselect(
        "Business types",
        [choice.label for choice in planning.category_choices()],
        key="bulk_types",
        accept_new_options=True,
        select_all=False,
        filter_mode="contains",
        placeholder="Cafe, dentist, plumber …",
        help="Each is looked for in each place, by a campaign of its own.",
    )
    places = bulk_towns.chosen(planning.location_choices())
    if not types or not places:
        return None
    return bulk_drafts.crossed(types, places, common)


def _pasted(common: Common) -> tuple[BulkRow, ...] | None:
    text = st.text_area(
        f"One campaign a line, at most {MAX_ORDERS:,}",
        key="bulk_text",
        height=260,
        max_chars=MAX_WRITTEN,
        placeholder=_EXAMPLE,
        help="Type of business; place; how many leads; budget in US dollars. The last two may be left out. Separate by"
        " semicolons, tabs or vertical bars; several types by commas.",
    )
    return bulk_drafts.pasted(text, common) if text and text.strip() else None


def _uploaded(common: Common) -> tuple[BulkRow, ...] | None:
    given = st.file_uploader(
        f"CSV or Excel file (.xlsx), the first row with titles, up to {MAX_ORDERS:,} rows", key="bulk_file"
    )
    if given is None:
        return None
    data = given.getvalue()
    head = bulk_drafts.head(data)
    st.markdown("**Which column is what?** Guessed from the titles; change what is wrong.")
    columns: dict[Column, int] = {}
    for place, (column, words) in zip(st.columns(len(_COLUMNS)), _COLUMNS.items(), strict=True):
        guess = head.guessed.get(column)
        chosen = place.selectbox(
            words,
            [_NOT_THERE, *head.titles],
            index=0 if guess is None else guess + 1,
            key=f"bulk_column_{column.value}-{given.file_id}",
        )
        if chosen in head.titles:
            columns[column] = head.titles.index(chosen)
    return bulk_drafts.uploaded(data, columns, common)


_READ: Mapping[str, Callable[[Common], tuple[BulkRow, ...] | None]] = {
    FORM: _crossed,
    PASTED: _pasted,
    FILE: _uploaded,
}


def _common() -> dict[str, Any]:
    left, right = st.columns(2)
    least, most = bounds("max_results")
    kept.begin_with("bulk_count", int(default_of("max_results")))
    kept.begin_with("bulk_budget", 0.0)
    count = left.number_input(
        "How many leads each",
        int(least),
        int(most),
        key="bulk_count",
        help=f"The best ones first; {in_range('max_results')}. A line or row may say another number.",
    )
    budget = right.number_input(
        "Most for each in US dollars",
        0.0,
        bounds("budget_usd")[1],
        step=0.5,
        format="%.2f",
        key="bulk_budget",
        help="No campaign spends more. All together have a cap of their own, below. With $0 only what is free is"
        " asked.",
    )
    with st.expander("Sources, look-ups and whom to leave out", key="bulk_more"):
        ways = {**_where_and_what(), **_left_out()}
    return {
        "max_results": count or int(default_of("max_results")),
        "budget_usd": Decimal(str(budget or 0)),
        **ways,
    }


def _where_and_what() -> dict[str, Any]:
    sources, steps = providers.defaults()
    return {
        "sources": _several("Sources", providers.sources(), sources, "bulk_sources"),
        "waterfall": _several("Look-ups, in this order", providers.steps(), steps, "bulk_steps"),
    }


def _left_out() -> dict[str, Any]:
    new_only = st.checkbox(
        "New companies only",
        key="bulk_new",
        help="Companies in your book already are not looked up, not stored again, and do not count.",
    )
    on = {
        name: st.checkbox(switch.label, key=f"bulk_{name}", help=switch.help)
        for name, switch in SWITCHES.items()
    }
    wanted, _ = demands({name: f"bulk_{name}" for name in DEMANDS})
    kept.begin_with("bulk_customers", CUSTOMERS_ARE_SKIPPED)
    customers = st.checkbox(
        "Leave out customers",
        key="bulk_customers",
        help="Leaves out companies on the lists of customers that were uploaded on Lists.",
    )
    return {
        "known_companies": KnownCompanies.SKIP if new_only else KnownCompanies.INCLUDE,
        **on,
        **wanted,
        "skip_customers": customers,
    }


def _several(label: str, offers: Sequence[Choice], usual: Sequence[str], key: str) -> list[str]:
    """What is chosen of sources or look-ups, and what each costs or lacks."""
    names = {offer.label: offer.value for offer in offers if not offer.why_not}
    kept.begin_with(key, [name for name, value in names.items() if value in usual])
    chosen = st.multiselect(
        label,
        list(names),
        key=key,
        select_all=False,
        placeholder="None",
    )
    told = [offer.why_not or f"{offer.label}: {offer.price}" for offer in offers]
    st.caption(plain(" · ".join(part.removesuffix(".") for part in told)))
    return [names[name] for name in chosen]
