"""What a page reads from its own address; whatever is wrong there counts as missing."""

from __future__ import annotations

from typing import NoReturn
from uuid import UUID

import streamlit as st

from services import campaigns
from services.campaigns import CampaignView
from services.errors import NotFound
from services.identity import Person
from ui import cards, workspace_menu
from ui.navigation import CAMPAIGNS


def campaign_in_address(person: Person) -> CampaignView:
    """The campaign ``?campaign=`` names; a calm card and the end of the script when it is not theirs.

    One of another workspace of theirs takes them there.
    """
    try:
        wanted = UUID(st.query_params.get("campaign", "")[:64])
        found = find(person, wanted)
    except (ValueError, NotFound):
        no_such_campaign()
    return found


def two_campaigns() -> tuple[UUID | None, UUID | None]:
    """The campaigns ``?campaign=`` and ``?with=`` name, whoever's they are; None for what is no id."""
    return _id("campaign"), _id("with")


def no_such_campaign() -> NoReturn:
    """A calm card, and the end of the script."""
    text = "It may have been deleted, or the link is not complete."
    with cards.empty("We can't find that campaign", text, "search"):
        if st.button("See your campaigns", type="primary", key="to_campaigns"):
            st.switch_page(CAMPAIGNS)
    st.stop()


def _id(name: str) -> UUID | None:
    try:
        return UUID(st.query_params.get(name, "")[:64])
    except ValueError:
        return None


def find(person: Person, campaign_id: UUID) -> CampaignView:
    """One of the person's campaigns; one of another workspace of theirs takes them there. Raises NotFound."""
    try:
        found = campaigns.get(person, campaign_id)
    except NotFound:
        workspace_menu.follow(person, campaign_id)
        raise
    workspace_menu.came_for(campaign_id)
    return found
