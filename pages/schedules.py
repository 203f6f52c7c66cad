"""Schedules: campaigns that repeat and files that are sent regularly, what came of them, and another one."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from services import scheduled_exports, schedules
from services.errors import NotFound
from services.identity import Person
from services.permissions import Right, may
from ui import (
    cards,
    export_schedule_cards,
    export_schedule_draft,
    links,
    navigation,
    question,
    rights,
    schedule_cards,
    schedule_form,
    session,
)
from ui.text import plain

_CAPTION = (
    "Campaigns that are ordered and files that are sent again and again, in the name of who had them repeat."
)
_HOW = (
    "Open a campaign and choose Repeat: it is then ordered as often as you say, within what you let it spend. Or have"
    " what Leads shows sent: choose Download there, then Export on a schedule."
)


def main() -> None:
    """Draw the page."""
    person = session.require_person()
    cards.heading("Schedules", _CAPTION)
    question.draw()
    rights.offered(person, Right.RUN_CAMPAIGNS)
    campaign_id, _ = links.two_campaigns()
    if campaign_id and may(person, Right.RUN_CAMPAIGNS):
        _new(person, campaign_id)
    is_new_file = export_schedule_draft.NEW in st.query_params and may(person, Right.EXPORT_LEADS)
    if is_new_file:
        export_schedule_draft.new(person)
    _list(person, is_new=bool(campaign_id) or is_new_file)


def _list(person: Person, *, is_new: bool) -> None:
    rows, files = schedules.listing(person), scheduled_exports.listing(person)
    if rows and files:
        st.header("Campaigns", anchor=False)
    for row in rows:
        schedule_cards.card(person, row)
    if files:
        st.header("Files", anchor=False)
    for file in files:
        export_schedule_cards.card(person, file)
    if not rows and not files and not is_new:
        with cards.empty("Nothing repeats yet", _HOW, "list"):
            if st.button("See campaigns", type="primary", key="to_campaigns"):
                st.switch_page(navigation.CAMPAIGNS)


def _new(person: Person, campaign_id: UUID) -> None:
    try:
        campaign = links.find(person, campaign_id)
    except NotFound as error:
        st.warning(plain(str(error)))
        return
    start = schedule_form.new(campaign.title, campaign.spec.budget_usd, only_new=campaign.spec.skips_known)
    with st.container(border=True, key="pp-card-new-schedule"):
        schedule_cards.new(campaign_id, start)


main()
