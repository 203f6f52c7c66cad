"""A message to another system, and how it is signed: as Standard Webhooks describe it
(https://github.com/standard-webhooks/standard-webhooks, version 1), which libraries in most languages check."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

_PREFIX, _SECRET_BYTES = "whsec_", 24


class Event(StrEnum):
    """What a workspace can be told of."""

    CAMPAIGN_ENDED = "campaign.ended"
    LEAD_VERIFIED = "lead.verified"
    ALERT_RAISED = "alert.raised"
    ALERT_RESOLVED = "alert.resolved"


TEST = "webhook.test"
"""What is sent when a person tries an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is told; ``data`` holds ids, counts and amounts."""

    id: UUID
    event: str
    at: datetime
    data: Mapping[str, Any]

    def body(self) -> bytes:
        """As it is sent, however often: the same bytes each time."""
        told = {
            "id": str(self.id),
            "type": self.event,
            "timestamp": self.at.isoformat(),
            "data": dict(self.data),
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


def new_secret() -> str:
    """Another secret to sign with: ``whsec_`` and 24 random bytes in base 64."""
    return _PREFIX + b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def is_secret(text: str) -> bool:
    """Whether something can be signed with it."""
    try:
        return (
            text.startswith(_PREFIX)
            and len(b64decode(text.removeprefix(_PREFIX), validate=True)) >= _SECRET_BYTES
        )
    except ValueError:
        return False


def headers(message: Message, sent_s: int, signing: Sequence[str]) -> dict[str, str]:
    """The headers of a message that is sent ``sent_s`` seconds after 1970, signed with each of the secrets."""
    told = f"{message.id}.{sent_s}.".encode() + message.body()
    return {
        "Content-Type": "application/json",
        "webhook-id": str(message.id),
        "webhook-timestamp": str(sent_s),
        "webhook-signature": " ".join(f"v1,{_signature(secret, told)}" for secret in signing),
    }


def _signature(secret: str, told: bytes) -> str:
    key = b64decode(secret.removeprefix(_PREFIX))
    return b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()
