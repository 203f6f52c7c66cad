"""Calling a campaign something else than its order says."""

from __future__ import annotations

from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from pipeline.campaign import MAX_TEXT, Line
from services.campaigns import owned
from services.errors import Invalid
from services.identity import Person
from services.permissions import Right, require
from store import campaigns
from store.database import Role, transaction

_NAME: TypeAdapter[str] = TypeAdapter(Line)


def rename(person: Person, campaign_id: UUID, title: str) -> None:
    """Give one of the person's campaigns another title. Raises NotFound, NotAllowed, and Invalid for one that cannot
    be."""
    require(person, Right.RUN_CAMPAIGNS)
    try:
        name = _NAME.validate_python(title)
    except ValidationError:
        raise Invalid(f"Type a name of 1 to {MAX_TEXT} characters.") from None
    with transaction(Role.WEB, proof=person.proof) as conn:
        owned(conn, person, campaign_id)
        campaigns.rename(conn, person.workspace_id, campaign_id, name)
