"""Downloads of exactly the leads the filters show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st

from services import exporting
from services.campaigns import CampaignView
from services.identity import Person
from services.results import LeadFilter, LeadSort
from ui import session
from ui.format import counted, slug

_MIMES: dict[Literal["csv", "xlsx"], str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def downloads(campaign: CampaignView, chosen: LeadFilter, sort: LeadSort, matching: int) -> None:
    """Draw one button per format; the file is made when it is clicked."""
    person = session.require_person()
    for kind, mime in _MIMES.items():
        st.download_button(
            f"{kind.upper()} ({counted(matching, 'lead')})",
            data=_file(person, campaign, chosen, sort, kind),
            file_name=f"leads-{slug(campaign.title)}.{kind}",
            mime=mime,
            key=f"download_{kind}",
            on_click="ignore",
        )


def _file(
    person: Person, campaign: CampaignView, chosen: LeadFilter, sort: LeadSort, kind: Literal["csv", "xlsx"]
) -> Callable[[], bytes]:
    return lambda: exporting.export(person, campaign.id, chosen, sort, kind).data
