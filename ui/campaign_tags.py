"""The tags of a campaign, chosen and made in one field."""

from __future__ import annotations

import streamlit as st

from services import campaign_orders, campaign_tags
from services.campaigns import CampaignView
from services.errors import Refused
from services.identity import Person
from ui import session
from ui.text import plain

_CHOSEN = "tags_chosen"


def editor(person: Person, campaign: CampaignView) -> bool:
    """Draw the field with its button; returns whether it was saved."""
    known = campaign_orders.choices(person).tags
    with st.form("tags_form", border=False):
        chosen = st.multiselect(
            "Tags",
            list(dict.fromkeys([*known, *campaign.tags])),
            default=list(campaign.tags),
            key=f"{_CHOSEN}-{campaign.id}",
            accept_new_options=True,
            select_all=False,
            placeholder="Choose or type",
            help="Everybody in the workspace sees them and can filter campaigns by them.",
        )
        is_sent = st.form_submit_button("Save", type="primary", key="tags_save")
    if not is_sent:
        return False
    try:
        campaign_tags.set_tags(session.require_person(), campaign.id, chosen)
    except Refused as refused:
        st.error(plain(str(refused)))
        return False
    return True
