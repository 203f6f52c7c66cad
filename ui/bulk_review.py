"""A bulk order before it is placed: what cannot be ordered, what is there twice, the quote, and the start."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import ROUND_UP, Decimal
from uuid import uuid4

import streamlit as st

from pipeline.bulk_rows import BulkRow
from pipeline.campaign import MICROS_PER_USD, CampaignSpec
from services import bulk_checks, bulk_drafts, bulk_orders, limits
from services.bulk_checks import CheckedRow
from services.bulk_drafts import BulkQuote
from services.errors import Refused
from services.identity import Person
from services.permissions import Right
from ui import bulk_form, kept, navigation, rights
from ui.format import counted, duration, money, number, ranged
from ui.text import plain

_CHECKED, _QUOTED, _KEY = "bulk_checked", "bulk_quoted", "bulk_key"
_CENT = Decimal("0.01")
_MOST_IN_FULL = 20


def chosen(person: Person, rows: Sequence[BulkRow]) -> tuple[CampaignSpec, ...]:
    """Draw what is good and what is not; returns the orders to go on with."""
    checked = _checked(person, rows)
    bad = [row for row in checked if not row.is_good]
    twice = [row for row in checked if row.is_good and row.is_duplicate]
    st.header(f"{counted(len(checked), 'row')} read", anchor=False)
    goes_on = _bad(bad, len(checked) - len(bad)) if bad else True
    without = _twice(twice) if twice else False
    good = [row for row in checked if row.spec and not (without and row.is_duplicate)]
    with st.expander(
        f"The {counted(len(good), 'good one')}" if bad else "What would be ordered", key="bulk_seen"
    ):
        st.dataframe([_shown(row.spec) for row in good if row.spec], hide_index=True, width="stretch")
    return tuple(row.spec for row in good if row.spec) if goes_on else ()


def order(person: Person, specs: tuple[CampaignSpec, ...]) -> None:
    """Draw the quote, the cap and the start."""
    quote = _quote(person, specs)
    if quote is None:
        return
    figures = st.columns(3)
    figures[0].metric("Expected leads", ranged(*map(number, quote.leads)))
    figures[1].metric("Expected cost", ranged(*map(money, quote.cost_micros)))
    figures[2].metric("One after the other", ranged(*map(duration, quote.duration_s)))
    st.caption(
        "A company that several campaigns find counts for each of them here, and stands in the book once."
    )
    cap = _cap(quote, specs)
    if told := limits.left_in_words(limits.standing(person)):
        st.caption(plain(f"Left to spend: {told}"))
    allowed = rights.offered(person, Right.RUN_CAMPAIGNS)
    label = f"Start {counted(len(specs), 'campaign')}"
    if st.button(label, type="primary", key="bulk_start", disabled=not allowed):
        _start(person, specs, cap, quote)


def _checked(person: Person, rows: Sequence[BulkRow]) -> tuple[CheckedRow, ...]:
    """Looked at once for what is written."""
    held = st.session_state.get(_CHECKED)
    if held is None or held[0] != rows:
        with st.spinner("Looking at them …"):
            held = (rows, bulk_checks.checked(person, rows))
        st.session_state[_CHECKED] = held
    found: tuple[CheckedRow, ...] = held[1]
    return found


def _bad(bad: Sequence[CheckedRow], good: int) -> bool:
    """Those that cannot be ordered, and whether the person goes on without them."""
    those = "it" if len(bad) == 1 else "them"
    st.warning(
        f"Cannot be ordered: {counted(len(bad), 'row')}. Mend {those} above, or go on without {those}."
    )
    shown = [{"Row": row.row, "Written": row.written, "What to do": row.problem} for row in bad]
    # A table shows sentences in full, and would draw a thousand of them.
    if len(shown) <= _MOST_IN_FULL:
        st.table(shown, hide_index=True)
    else:
        st.dataframe(shown, hide_index=True, width="stretch", key="bulk_bad")
    if not good:
        return False
    return st.checkbox(f"Go on without {those}", key=f"bulk_go_on-{len(bad)}-{good}")


def _twice(twice: Sequence[CheckedRow]) -> bool:
    """Those that look for the same as another one, and whether they are left out."""
    looks = "row looks" if len(twice) == 1 else "rows look"
    st.info(f"Duplicates: {number(len(twice))} {looks} for the same as another campaign.")
    shown = [
        {
            "Row": row.row,
            "Written": row.written,
            "The same as": f"row {row.same_as}" if row.same_as is not None else "a campaign that runs",
        }
        for row in twice
    ]
    st.dataframe(shown, hide_index=True, width="stretch", key="bulk_twice")
    return st.checkbox("Leave these out", True, key="bulk_without")


def _quote(person: Person, specs: tuple[CampaignSpec, ...]) -> BulkQuote | None:
    held = st.session_state.get(_QUOTED)
    if held is not None and held[0] == specs:
        found: BulkQuote = held[1]
        return found
    st.caption("Nothing is asked or paid for a quote. Of hundreds of campaigns it takes some seconds.")
    if not st.button("Work out the quote", type="primary", key="bulk_quote"):
        return None
    bar, estimates = st.progress(0.0, "Working out the quote …"), []
    try:
        for number_done, estimate in enumerate(bulk_drafts.estimates(person, specs), start=1):
            estimates.append(estimate)
            bar.progress(number_done / len(specs), f"{number(number_done)} of {number(len(specs))}")
    except Refused as refused:
        st.warning(plain(str(refused)))
        return None
    st.session_state[_QUOTED] = (specs, bulk_drafts.quote(estimates))
    st.rerun()


def _cap(quote: BulkQuote, specs: tuple[CampaignSpec, ...]) -> Decimal:
    most = sum((spec.budget_usd for spec in specs), Decimal(0))
    if not most:
        st.caption("Each has a budget of $0: only what is free is asked.")
        return most
    expected = (Decimal(quote.cost_micros[1]) / MICROS_PER_USD).quantize(_CENT, ROUND_UP)
    given = st.number_input(
        "Cap for all together in US dollars",
        0.0,
        float(most),
        float(min(most, expected)),
        step=1.0,
        format="%.2f",
        key=f"bulk_cap-{quote.orders}-{most}",
        help="All campaigns together never spend more, whatever each of them may.",
    )
    return Decimal(str(given or 0))


def _start(person: Person, specs: tuple[CampaignSpec, ...], cap: Decimal, quote: BulkQuote) -> None:
    """Clicks are one wish as long as nothing is changed."""
    wish = hashlib.sha256(repr((specs, cap)).encode()).hexdigest()
    held = st.session_state.get(_KEY)
    if held is None or held[0] != wish:
        held = (wish, str(uuid4()))
        st.session_state[_KEY] = held
    try:
        bulk_id = bulk_orders.submit(person, specs, cap, held[1], quote.cost_micros)
    except Refused as refused:
        st.warning(plain(str(refused)))
        return
    for key in (_CHECKED, _QUOTED, _KEY):
        st.session_state.pop(key, None)
    kept.forget(bulk_form.NAME)
    navigation.open_bulk_order(bulk_id)


def _shown(spec: CampaignSpec) -> dict[str, object]:
    return {
        "Business types": ", ".join(spec.business_types),
        "Place": spec.location,
        "Leads": spec.max_results,
        "Budget": f"${spec.budget_usd:,.2f}",
    }
