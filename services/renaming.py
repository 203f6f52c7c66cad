"""Calling a campaign something else than its order says."""

from __future__ import annotations

from uuid import UUID

from pipeline.campaign import MAX_TEXT
from services.campaigns import owned
from services.identity import Person
from services.names import named
from services.permissions import Right, require
from store import campaigns
from store.database import Role, transaction


def rename(person: Person, campaign_id: UUID, title: str) -> None:
    """Give one of the person's campaigns another title. Raises NotFound, NotAllowed, and Invalid for one that cannot
    be."""
    require(person, Right.RUN_CAMPAIGNS)
    name = named(title, MAX_TEXT)
    with transaction(Role.WEB, proof=person.proof) as conn:
        owned(conn, person, campaign_id)
        campaigns.rename(conn, person.workspace_id, campaign_id, name)
