"""Campaigns by their job: the application that ProspectPro grew out of knew them by that."""

from __future__ import annotations

from uuid import UUID

from services.campaigns import CampaignView, owned, view_of
from services.errors import NotFound
from services.identity import Person
from store import jobs
from store.database import Role, transaction


def campaign_of(person: Person, job_id: UUID) -> CampaignView:
    """The campaign of a job of the person's. Raises NotFound."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        campaign_id = jobs.campaign_of(conn, person.workspace_id, job_id)
        if campaign_id is None:
            raise NotFound("There is no such job.")
        return view_of(owned(conn, person, campaign_id))
