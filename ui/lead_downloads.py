"""Downloads of exactly the leads the filters show: one popover with what there is to choose and one button."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import streamlit as st

from pipeline.output.file_names import file_name
from services import exporting
from services.campaigns import CampaignView
from services.exporting import SheetFormat
from services.identity import Person
from services.permissions import Right
from services.results import LeadFilter, LeadSort
from ui import client_sharing, download_choice, lead_columns, rights
from ui.download_choice import Choice
from ui.format import counted, number
from ui.text import plain
from ui.viewer_time import local

_SHEETS: dict[SheetFormat, str] = {"txt": "As text", "json": "As JSON"}


def downloads(
    person: Person,
    campaign: CampaignView,
    shown: tuple[LeadFilter, LeadSort],
    matching: int,
    ticked: tuple[UUID, ...],
) -> None:
    """Draw the popover, and beside it the one that shares them; the file is made when its button is clicked. ``ticked``
    are leads chosen one by one."""
    if not rights.offered(person, Right.EXPORT_LEADS):
        return
    with st.popover("Download", key="download", icon=":material/download:"):
        chosen, sort = shown
        if not ticked:
            st.caption("Rows that are ticked in the table can be downloaded alone.")
        elif only_ticked(matching, len(ticked)):
            chosen, matching = chosen.model_copy(update={"ids": ticked}), len(ticked)
        choice = download_choice.choice(person, lead_columns.as_exported(lead_columns.chosen()))
        _download(person, campaign, (chosen, sort), matching, choice)
        sheets(
            lambda kind: _sheet(person, campaign, chosen, sort, kind),
            lambda extension: _name(campaign, extension),
        )
    client_sharing.of_campaign(person, campaign)


def only_ticked(matching: int, count: int, everything: str | None = None) -> bool:
    """Draw the choice between the ticked rows and ``everything``; returns whether it is the ticked ones."""
    all_of_them, those = f"All {everything or number(matching)}", f"The {number(count)} ticked"
    return (
        st.segmented_control(
            "Leads", [those, all_of_them], default=those, key="download_which", required=True
        )
        == those
    )


def _download(
    person: Person, campaign: CampaignView, shown: tuple[LeadFilter, LeadSort], matching: int, choice: Choice
) -> None:
    chosen, sort = shown
    format, count = choice.format, matching
    if format.takes is not None:
        count = exporting.taken_by(person, campaign.id, chosen, format.key)
    note_left_out(matching - count, counted(matching, "lead"))
    st.download_button(
        f"Download {plain(choice.label)} ({counted(count, 'lead')})",
        data=lambda: exporting.export(person, campaign.id, chosen, sort, format, choice.layout).data,
        file_name=_name(campaign, format.extension),
        mime=format.mime,
        key=f"download_{format.key}",
        type="primary",
        width="stretch",
        disabled=count == 0,
        on_click="ignore",
    )


def note_left_out(missing: int, of: str, *, at_least: bool = False) -> None:
    """Say how many are not in the file, if any, of how many in words; ``at_least``: not all were looked at."""
    if missing:
        are = "is" if missing == 1 else "are"
        so_many = f"{'At least ' if at_least else ''}{number(missing)}"
        st.caption(f"{so_many} of {of} {are} left out: what this needs is not known.")


def sheets(data: Callable[[SheetFormat], Callable[[], bytes]], name: Callable[[str], str]) -> None:
    """Draw the buttons of the data sheet; ``data`` makes one, ``name`` names a file by its ending."""
    st.caption("Data sheet: where the data is from, under which terms, for how long, and its legal basis.")
    with st.container(horizontal=True):
        for kind, label in _SHEETS.items():
            st.download_button(
                label,
                data=data(kind),
                file_name=f"data-sheet-{name(kind)}",
                key=f"data_sheet_{kind}",
                on_click="ignore",
            )


def _name(campaign: CampaignView, extension: str) -> str:
    today = local(datetime.now(UTC)).date()
    return file_name(campaign.spec, today, extension, is_simulated=campaign.simulated)


def _sheet(
    person: Person, campaign: CampaignView, chosen: LeadFilter, sort: LeadSort, kind: SheetFormat
) -> Callable[[], bytes]:
    return lambda: exporting.data_sheet(person, campaign.id, chosen, sort, kind).data
