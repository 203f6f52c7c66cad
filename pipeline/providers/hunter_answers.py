"""The addresses in Hunter's answers."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from pipeline.contact.contacts import email_address
from pipeline.lead import EmailStatus

LIMIT = 10
"""Addresses asked for: one credit buys up to ten."""
_OPINIONS = {
    "valid": EmailStatus.VERIFIED,
    "accept_all": EmailStatus.CATCHALL,
    "webmail": EmailStatus.UNKNOWN,
    "unknown": EmailStatus.UNKNOWN,
    "disposable": EmailStatus.DISPOSABLE,
    "invalid": EmailStatus.INVALID,
}
"""What Hunter's ``verification.status`` says of an address; it decides which one is tried first, and nothing else."""


class Found(BaseModel):
    """One address; people's values of a wrong type count as not given."""

    model_config = ConfigDict(extra="ignore")
    value: str
    confidence: int | None = None
    first_name: str | None = None
    last_name: str | None = None
    position: str | None = None
    verification: str | None = None

    @field_validator("confidence", mode="before")
    @classmethod
    def _percent(cls, value: object) -> int | None:
        return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100 else None

    @field_validator("first_name", "last_name", "position", mode="before")
    @classmethod
    def _text(cls, value: object) -> str | None:
        return value[:200] if isinstance(value, str) and value.strip() else None

    @field_validator("verification", mode="before")
    @classmethod
    def _status(cls, value: object) -> str | None:
        """Hunter gives it inside an object; we keep the status alone."""
        status = value.get("status") if isinstance(value, dict) else value
        return status if isinstance(status, str) and status in _OPINIONS else None

    @property
    def opinion(self) -> EmailStatus | None:
        """What Hunter itself thinks of the mailbox."""
        return _OPINIONS.get(self.verification or "")

    @property
    def name(self) -> str | None:
        """The whole name of the person, if it is one's."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or None


def addresses_in(raw: object) -> list[Found]:
    """Addresses with valid syntax, in the form they are compared in."""
    found: list[Found] = []
    for item in raw if isinstance(raw, list) else []:
        try:
            one = Found.model_validate(item)
        except ValidationError:
            continue
        address = email_address(one.value).value
        if address:
            found.append(one.model_copy(update={"value": address}))
    return found[:LIMIT]
