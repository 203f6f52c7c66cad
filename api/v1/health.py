"""Whether the installation is there, and whether it can work."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

import settings
from api.v1 import answers
from api.v1.door import Asking
from api.v1.problems import Problem, Refusal
from services import identity
from services.roles import MemberRole

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The web server runs."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "ok"}]})

    status: Literal["ok"] = "ok"


class Me(BaseModel):
    """Whom the key acts for, where, and as what; and the version of ProspectPro that answers."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"email": "sales@example.com", "workspace": "Sales", "role": "member", "version": "1.0.0"}
            ]
        }
    )

    email: str
    workspace: str
    role: MemberRole
    version: str


@router.get("/health", summary="Whether the server runs")
async def health() -> Health:
    """Asks nobody; needs no key."""
    return Health()


@router.get("/ready", summary="Whether the server can answer", responses=answers.problems(503))
def ready() -> Health:
    """Asks the database; needs no key."""
    try:
        identity.needs_first_admin()
    except Exception:  # noqa: BLE001  whatever is wrong, it is not ready
        raise Refusal(Problem.UNAVAILABLE, "The database cannot be reached.", {"Retry-After": "5"}) from None
    return Health()


@router.get("/me", summary="Whom the key acts for")
def me(person: Asking) -> Me:
    """The person and the workspace; how far the key goes shows in the role."""
    return Me(
        email=person.email, workspace=person.workspace_name, role=person.role, version=settings.version()
    )
