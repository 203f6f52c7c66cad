"""Hunter over the wire: its answers, and a step that asks it with everything around it in sight."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from pipeline.contact.email_checks import FreeChecks
from pipeline.lead import Lead
from pipeline.money.calls import Endpoint
from pipeline.network.http import ProviderHttp
from pipeline.providers.hunter import HunterStep
from tests.pipeline.memory import TODAY, ListMemory, from_places, full_place
from tests.support.calls import DirectCalls, ListSuppressions
from tests.support.wire import Answerer, plain, wire

PRICE = 24_500
DOMAIN = "anchor.test"


def lead(**values: object) -> Lead:
    """A café with a website of its own."""
    (business,) = from_places([full_place(website=f"https://{DOMAIN}/", **values)], "FI", TODAY)
    return Lead(business=business)


def found(*emails: object) -> Answerer:
    """An answer with these addresses."""
    return plain(json.dumps({"data": {"domain": DOMAIN, "emails": list(emails)}, "meta": {}}))


def email(value: object, **more: object) -> dict[str, Any]:
    """An address as Hunter lists it."""
    return {"value": value, "type": "generic", "confidence": 90, "first_name": None} | more


class Bench:
    """A step with everything around it in sight."""

    def __init__(self) -> None:
        self.calls = DirectCalls()
        self.suppressions = ListSuppressions()
        self.memory = ListMemory()
        self.receives: bool | None = None
        self.request = b""

    def run(self, answer: Answerer, given: Lead | None = None) -> Lead:
        """The lead after the step asked a server that answers so."""
        with wire(answer) as server:
            http = ProviderHttp("Hunter", Endpoint(base_url=f"{server.url}/v2"), user_agent="t")
            step = HunterStep(
                self.calls,
                http,
                "the-key",
                price_micros=PRICE,
                checks=FreeChecks(self.suppressions, lambda _: self.receives),
                suppressions=self.suppressions,
                memory=self.memory,
                today=date(2026, 11, 24),
            )
            result = step.enrich(given or lead())
            http.close()
            self.request = server.requests[0] if server.requests else b""
        return result
