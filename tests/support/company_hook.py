"""An address that takes companies: a local server that checks signatures and remembers ids, as its standard asks."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pipeline.crm.adapter import COLUMNS
from tests.support.crm_accounts import Account, Asked


@dataclass(slots=True)
class CompanyHook(Account):
    """The address; ``messages`` are those that were new, by their id."""

    SYSTEM: ClassVar[str] = "webhook"
    MAPPING: ClassVar[Mapping[str, str]] = {column: column for column in COLUMNS}
    CREATE: ClassVar[str] = "POST /companies"
    REFUSAL: ClassVar[str] = "The webhook did not take it: status 422."

    token: str = "whsec_" + b64encode(b"a secret of 24 bytes, it").decode()
    messages: dict[str, Any] = field(default_factory=dict)

    @property
    def credentials(self) -> dict[str, str]:
        return {"url": "https://crm.example.com/companies", "secret": self.token}

    def writes(self) -> list[str]:
        return [id for id, message in self.messages.items() if message["type"] == "company.handed_over"]

    def told(self, asked: Asked) -> tuple[str, object]:
        headers = dict(line.split(": ", 1) for line in asked.head.lower().split("\r\n")[1:])
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + asked.content
        key = b64decode(self.token.removeprefix("whsec_"))
        signature = b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        if not asked.has("webhook-signature", f"v1,{signature}"):
            return "401 Unauthorized", {}
        message = asked.body
        assert message["id"] == headers["webhook-id"]
        if self.refuses & set(message["data"].values()):
            return "422 Unprocessable Content", {}
        if message["id"] not in self.messages and message["type"] == "company.handed_over":
            self.companies[message["data"]["company_id"]] = message["data"]
        self.messages[message["id"]] = message
        return "204 No Content", {}
