"""What a team did, day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from pipeline.campaign import CampaignStatus
from pipeline.output.export_presets import known
from services import feed
from services.crm import CRMS
from services.feed import FeedPage, FeedRow, Kind
from ui import company_timeline, navigation
from ui.format import counted, day, number
from ui.text import plain
from ui.viewer_time import local
from ui.words import STATUS

KINDS: Final[Mapping[Kind, str]] = {
    Kind.NOTES: "Notes and calls",
    Kind.STATUS: "Status",
    Kind.OWNER: "Owner",
    Kind.FOLLOW_UP: "Follow-up",
    Kind.TAGS: "Tags",
    Kind.VALUES: "Edited values",
    Kind.CAMPAIGNS: "Campaigns",
    Kind.EXPORTS: "Downloads",
    Kind.HAND_OFFS: "Hand-offs to a CRM",
}
_MANY: Final[Mapping[str, str]] = {
    "note": "Notes written",
    "owner": "Owner changed",
    "follow_up": "Follow-up changed",
    "tags": "Tags changed",
    "edit": "Values edited",
}


def draw(page: FeedPage) -> None:
    """Draw each act under its day."""
    under = None
    for row in page.rows:
        its_day = local(row.at).date()
        if its_day != under:
            st.header(day(its_day), anchor=False)
            under = its_day
        with st.container(gap=None):
            _about(row)
            # That a campaign ended is nobody's act.
            who = "" if row.kind == "ended" else f"{company_timeline.by(row.user_id, row.user)} · "
            st.markdown(f"{_done(row, list(page.people.values()))}  \n:gray[{who}{local(row.at):%H:%M}]")


def _about(row: FeedRow) -> None:
    """What it was done to, as a link to it where there is one."""
    name = plain(row.name)
    if row.kind in ("ordered", "ended"):
        st.page_link(navigation.PROGRESS, label=name, query_params={"campaign": str(row.about)})
    elif row.kind == "bulk":
        st.page_link(navigation.BULK_ORDERS, label=name, query_params={"bulk": str(row.about)})
    elif row.kind == "export":
        st.markdown(f"**{name or 'Leads'}**")
    elif row.kind == "push":
        st.page_link(navigation.CRM, label="CRM")
    elif row.number == 1 and row.about:
        st.page_link(navigation.LEADS, label=name, query_params={"company": row.about.hex})
    else:
        st.markdown(f"**{_companies(row.number)}**")


def _companies(many: int) -> str:
    if many > feed.MOST_COUNTED:
        return f"More than {number(feed.MOST_COUNTED)} companies"
    return counted(many, "company", "companies")


def _done(row: FeedRow, people: Sequence[str]) -> str:
    """What was done, as markdown."""
    match row.kind:
        case "ordered":
            return "Campaign ordered"
        case "ended":
            status, _ = STATUS[CampaignStatus(row.detail["status"])]
            return f"Campaign ended: {status}, {counted(row.number, 'lead')}"
        case "bulk":
            return "Bulk order placed"
        case "export":
            kind = known().get(row.detail["format"])
            return f"{counted(row.number, 'row')} downloaded" + (f" as {plain(kind.label)}" if kind else "")
        case "push":
            return f"Companies pushed to {plain(CRMS[row.detail['crm']].label)}"
        case "status" if row.number > 1:
            return f"Status → {company_timeline.status_words(row.detail['to'])}"
        case kind if row.number > 1:
            return _MANY[kind]
        case kind:
            return company_timeline.in_words(kind, row.detail, people, is_deleted=row.is_deleted)
