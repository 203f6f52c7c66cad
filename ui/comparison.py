"""Two runs beside each other, drawn: what each was, what to keep in mind, and the table of what differs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from pipeline.lead import EmailStatus
from services import comparison_export
from services.campaign_orders import Run
from services.campaigns import CampaignView
from services.comparing import Comparison, Difference, Show
from services.comparison_export import LABELS
from services.identity import Person
from services.permissions import Right
from ui import comparison_words, lead_table, navigation, order_words, rights
from ui.format import counted, day, money, number, ranged
from ui.text import plain
from ui.viewer_time import local, today
from ui.words import EMAIL_STATUS, STATUS

_ROW_PX, _MOST_ROWS_SHOWN = 35, 15
_WIDTHS: dict[str, Any] = {
    "Name": {"width": 220},
    "Value": {"width": 120},
    "Before": {"width": 300},
    "Now": {"width": 300},
    "Why": {"width": 340},
    "Phone": {"width": 140},
    "E-mail": {"width": 210},
    "E-mail status": {"width": 190},
    "Website": {"width": 190},
    "Address": {"width": 260},
}


def runs(found: Comparison) -> None:
    """Draw which two runs these are."""
    columns = st.columns(2)
    for column, words, run in zip(columns, ("Before", "Now"), (found.earlier, found.later), strict=True):
        with column.container(border=True, key=f"pp-card-run-{words}", gap="xsmall"):
            _run(words, run)
    same = counted(found.counts.same, "company is", "companies are")
    differing = order_words.different(found.earlier, found.later)
    said = "" if differing else " Both runs are of the same order."
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{same} as before.{said}", width="content")
        if st.button("Compare with another run", key="choose", type="tertiary"):
            navigation.open_comparison(found.later.id)
    if differing:
        with st.expander(f"The orders differ in {counted(len(differing), 'point')}", key="orders"):
            st.table([{"": label, "Before": before, "Now": after} for label, before, after in differing])


def is_comparable(found: Comparison) -> bool:
    """Whether there is anything to set beside each other; where not, why not is drawn."""
    emptied = comparison_words.emptied(found.earlier, found.later)
    if emptied:
        st.info(plain(emptied))
    return not emptied


def caveat(found: Comparison) -> None:
    """Draw what to keep in mind about what is shown."""
    if said := comparison_words.caveat(found.show, found.earlier, found.later):
        st.info(plain(said))


def choice(campaign: CampaignView, others: Sequence[Run]) -> None:
    """Draw which run to compare a campaign with."""
    if not others:
        st.info("There is no other run of this order, of its place or of one of its types yet.")
        if st.button("Open the campaign", key="back", type="primary"):
            navigation.open_progress(campaign.id)
        return
    figures = f"{_moment(campaign.created_at)}, {counted(campaign.lead_count, 'lead')}"
    st.markdown(f"**{plain(campaign.title)}** {plain(f'({figures})')}")
    by_id = {other.id: other for other in others}
    chosen = st.selectbox(
        "Compare with",
        list(by_id),
        index=None,
        key="with",
        format_func=lambda each: _choice(by_id[each]),
        placeholder="Choose; runs of the same order come first",
    )
    if chosen:
        navigation.open_comparison(campaign.id, chosen)


def nothing(found: Comparison) -> None:
    """Draw that no company is to be shown."""
    st.info(f"Nothing is {found.show.value} between these runs.")


def download(person: Person, found: Comparison) -> None:
    """Draw the buttons; the file is made when one is clicked."""
    if not rights.offered(person, Right.EXPORT_LEADS):
        return
    is_simulated = found.earlier.simulated or found.later.simulated
    offers: tuple[tuple[str, Show | None, str | None], ...] = (
        (f"Download these ({number(found.matching)})", found.show, found.value),
        ("Download all differences", None, None),
    )
    for label, show, value in offers:
        st.download_button(
            label,
            data=_file(person, found, show, value),
            file_name=comparison_export.comparison_name(found.later, today(), is_simulated=is_simulated),
            mime="text/csv",
            key=f"download_{'these' if show else 'all'}",
            type="secondary" if show else "tertiary",
            on_click="ignore",
            icon=":material/download:" if show else None,
        )


def table(found: Comparison, here: int) -> None:
    """Draw the page of differences; a click on a row opens the lead."""
    lines = [(row, cells) for row in found.rows for cells in _cells(found.show, row)]
    key = f"differences_{found.earlier.id}-{found.later.id}-{found.show}-{found.value}-{here}"
    leads = [row.lead.id for row, _ in lines]
    lead_table.mark_opened(key, "lead", leads, "Name")
    st.dataframe(
        [cells for _, cells in lines],
        column_config={
            name: st.column_config.TextColumn(**_WIDTHS.get(name, {}))
            for name in (lines[0][1] if lines else ())
        },
        hide_index=True,
        height=_ROW_PX * (min(len(lines), _MOST_ROWS_SHOWN) + 1) + 3,
        on_select=lambda: lead_table.follow_click(key, "lead", leads),
        selection_mode="single-cell",
        placeholder="–",
        key=key,
        alt=f"Companies that are {found.show.value}, one value per row",
    )


def pager(found: Comparison, here: int) -> None:
    """Draw which companies these are of how many, and the way to the others."""
    start = (here - 1) * lead_table.PAGE_ROWS
    last = start + len(found.rows)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        of = counted(found.matching, "company", "companies")
        st.caption(f"{ranged(number(start + 1), number(last), '–')} of {of}. Click a row to open the lead.")
        with st.container(horizontal=True, width="content"):
            if here > 1:
                st.button("Previous", key="previous", on_click=lead_table.turn_to, args=(here - 1,))
            if last < found.matching:
                st.button("Next", key="next", on_click=lead_table.turn_to, args=(here + 1,))


def _file(person: Person, found: Comparison, show: Show | None, value: str | None) -> Callable[[], bytes]:
    pair = found.earlier.id, found.later.id
    return lambda: comparison_export.differences_csv(person, *pair, show, value).data


def _run(words: str, run: CampaignView) -> None:
    status, colour = STATUS[run.status]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{words}: **{plain(run.title)}**", width="content")
        st.badge(status, color=colour)
        if st.button("See leads", key=f"leads-{run.id}", type="tertiary"):
            navigation.open_results(run.id)
    figures = f"{counted(run.lead_count, 'lead')} · {money(run.spent_micros)}"
    st.caption(plain(f"{_moment(run.created_at)} · {figures}"))


def _choice(run: Run) -> str:
    same = "Same order" if run.is_same else "Another order"
    figures = f"{STATUS[run.status][0]} · {counted(run.lead_count, 'lead')}"
    return f"{same} · {_moment(run.created_at)} · {run.title} · {figures}"


def _moment(at: datetime) -> str:
    """``7 Nov 2026, 00:55``."""
    return f"{day(local(at))}, {local(at):%H:%M}"


def _cells(show: Show, row: Difference) -> list[dict[str, object]]:
    lead = row.lead
    if show is Show.CHANGED:
        return [
            {
                "Name": lead.name,
                "Value": LABELS[change.field],
                "Before": _said(change.field, change.was),
                "Now": _said(change.field, change.now),
            }
            for change in row.changes
        ]
    why = {"Why": row.why} if show is Show.GONE else {}
    return [
        {
            "Name": lead.name,
            **why,
            "Category": lead.category_label,
            "Phone": lead.phone,
            "E-mail": lead.email,
            "E-mail status": EMAIL_STATUS[lead.email_status],
            "Website": lead.website,
            "Address": lead.address,
        }
    ]


def _said(field: str, value: str | None) -> str | None:
    return EMAIL_STATUS[EmailStatus(value)] if field == "email_status" and value else value
