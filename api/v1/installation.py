"""How the installation does, for administrators' keys: what the page Health says in a few words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.v1.door import Asking
from pipeline.health.rules import Severity
from services import about, health, notifying
from services.health import Span

router = APIRouter(tags=["health"])
_FINDING: dict[str, Any] = {
    "rule": "waiting",
    "subject": "",
    "severity": "warning",
    "title": "A campaign has waited for 75 seconds",
    "why": "3 campaigns in line for 1 worker.",
    "advice": "Start more workers, or see on Jobs what keeps these.",
}


class Needed(BaseModel):
    """Something that needs somebody; ``rule`` is one of those of the operators' document."""

    model_config = ConfigDict(json_schema_extra={"examples": [_FINDING]})

    rule: str
    subject: str
    severity: Severity
    title: str
    why: str
    advice: str


class Mails(BaseModel):
    """How sending mails goes; ``problem`` is what came of the last try of one that still waits."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"are_on": True, "waiting": 0, "problem": None, "last_sent_at": "2026-11-27T09:01:13Z"}
            ]
        }
    )

    are_on: bool
    waiting: int
    problem: str | None
    last_sent_at: datetime | None


class Installation(BaseModel):
    """The versions, who works, what waits, and what needs somebody."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "version": "0.1.0",
                    "schema_version": "0058",
                    "workers": 2,
                    "is_paused": False,
                    "waiting": 3,
                    "waiting_longest_s": 75,
                    "findings": [_FINDING],
                    "mails": {"are_on": False, "waiting": 0, "problem": None, "last_sent_at": None},
                }
            ]
        }
    )

    version: str
    schema_version: str
    workers: int = Field(description="Workers that said within seconds that they live.")
    is_paused: bool = Field(description="Whether an administrator paused the queue.")
    waiting: int = Field(description="Campaigns in line.")
    waiting_longest_s: int
    findings: tuple[Needed, ...] = Field(description="Empty when nothing needs anybody.")
    mails: Mails


@router.get("/installation", summary="How the installation does")
def installation(person: Asking) -> Installation:
    """Takes a key with the scope `admin` of an administrator."""
    seen = health.look(person, Span.HOUR)
    sending = notifying.health(person)
    return Installation(
        version=about.version(),
        schema_version=about.schema(),
        workers=seen.now.workers,
        is_paused=seen.now.is_paused,
        waiting=seen.now.waiting,
        waiting_longest_s=seen.now.waiting_longest_s,
        findings=tuple(
            Needed(**{name: getattr(found, name) for name in Needed.model_fields}) for found in seen.findings
        ),
        mails=Mails(
            are_on=notifying.are_on(),
            waiting=sending.waiting,
            problem=sending.problem,
            last_sent_at=sending.last_sent_at,
        ),
    )
