"""An account at Stripe: a local server that speaks the documented wire format, and fails as the real one may."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import stripe

from tests.support.wire import plain, wire

KEY, SECRET = "sk_test_right", "whsec_right"
TEAM, BUSINESS, OLD_TEAM = "price_team", "price_business", "price_team_before"
MONTH_S = 30 * 86_400
_Object = dict[str, Any]


@dataclass(slots=True)
class StripeAccount:
    """What is in it. ``faults`` happen to the next requests whose path ends so: a status, or ``lost``: done, and no
    answer; ``asked``: method, path and form of each request."""

    customers: dict[str, _Object] = field(default_factory=dict)
    subscriptions: dict[str, _Object] = field(default_factory=dict)
    invoices: list[_Object] = field(default_factory=list)
    charges: list[_Object] = field(default_factory=list)
    disputes: list[_Object] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    answered: dict[str, tuple[str, object]] = field(default_factory=dict)
    versions: set[str] = field(default_factory=set)
    url: str = ""

    def subscribe(self, customer: str, price: str = TEAM, status: str = "active", **more: object) -> str:
        """Somebody subscribes; the id."""
        name = f"sub_{len(self.subscriptions) + 1}"
        item = {
            "id": f"si_{name}",
            "object": "subscription_item",
            "current_period_end": int(time.time()) + MONTH_S,
            "price": {"id": price, "object": "price"},
        }
        self.subscriptions[name] = {
            "id": name,
            "object": "subscription",
            "customer": customer,
            "status": status,
            "cancel_at": None,
            "cancel_at_period_end": False,
            "items": {"object": "list", "data": [item], "has_more": False, "url": "/v1/subscription_items"},
            "latest_invoice": None,
            **more,
        }
        return name

    def bill(self, customer: str, status: str = "open", age_s: int = 0) -> _Object:
        """A bill of so many seconds ago."""
        number = len(self.invoices) + 1
        made = {
            "id": f"in_{number}",
            "object": "invoice",
            "customer": customer,
            "number": f"TEST-{number:04}",
            "status": status,
            "created": int(time.time()) - age_s,
            "total": 4900,
            "currency": "usd",
            "hosted_invoice_url": f"https://invoice.stripe.com/i/{number}",
        }
        self.invoices.append(made)
        return made

    def pay_in(self, customer: str, cents: int, purpose: str = "wallet") -> _Object:
        """A payment into a wallet, or another one."""
        made = {
            "id": f"ch_{len(self.charges) + 1}",
            "object": "charge",
            "customer": customer,
            "status": "succeeded",
            "captured": True,
            "currency": "usd",
            "metadata": {"purpose": purpose},
            "livemode": False,
            "amount_captured": cents,
            "amount_refunded": 0,
            "disputed": False,
        }
        self.charges.append(made)
        return made

    def dispute(self, charge: _Object, status: str = "needs_response") -> _Object:
        """Somebody disputes a payment; an event about it names no customer."""
        charge["disputed"] = True
        made = {"id": "dp_1", "object": "dispute", "charge": charge["id"], "status": status}
        made |= {"amount": charge["amount_captured"] - charge["amount_refunded"]}
        self.disputes.append(made)
        return made

    def answer(self, connection: socket.socket, request: bytes) -> None:
        """Answer a request."""
        head, _, content = request.partition(b"\r\n\r\n")
        method, target, _ = head.decode().split("\r\n")[0].split(" ")
        headers = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:])
        path, form = urlsplit(target).path, dict(parse_qsl(content.decode()))
        self.asked.append((method, path, form))
        self.versions.add(headers["stripe-version"])
        fault = next((each for each in self.faults if path.endswith(each[0])), None)
        if fault:
            self.faults.remove(fault)
            if fault[1] != "lost":
                return plain(_error("api_error", "failed"), fault[1])(connection, request)
        if headers.get("authorization") != f"bearer {KEY}":
            return plain(_error("invalid_request_error", "Invalid API Key"), "401 Unauthorized")(
                connection, request
            )
        query = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
        idem_key = headers.get("idempotency-key")
        status, told = self.answered.get(idem_key or "") or self._told(method, path, form or query)
        if idem_key:
            self.answered[idem_key] = (status, told)
        if fault is None:
            plain(json.dumps(told), status)(connection, request)
        return None

    def _told(self, method: str, path: str, form: Mapping[str, str]) -> tuple[str, object]:
        customer = form.get("customer")
        if customer is not None and customer not in self.customers:
            return "404 Not Found", json.loads(
                _error("invalid_request_error", "No such customer", "resource_missing", "customer")
            )
        if path == "/v1/customers":
            made: _Object = {"id": f"cus_{len(self.customers) + 1}", "object": "customer", **form}
            self.customers[made["id"]] = made
            return "200 OK", made
        if path == "/v1/checkout/sessions":
            what = form.get("line_items[0][price]") or form["line_items[0][price_data][unit_amount]"]
            url = f"https://checkout.stripe.com/c/pay/{what}"
            return "200 OK", {"id": "cs_1", "object": "checkout.session", "url": url}
        if path == "/v1/billing_portal/sessions":
            url = f"https://billing.stripe.com/p/session/{form.get('flow_data[type]', 'home')}"
            return "200 OK", {"id": "bps_1", "object": "billing_portal.session", "url": url}
        if method == "GET" and path in ("/v1/invoices", "/v1/subscriptions", "/v1/charges"):
            every = [*self.invoices, *self.subscriptions.values(), *self.charges]
            kind = path.removeprefix("/v1/").removesuffix("s")
            found = [each for each in every if (each["customer"], each["object"]) == (customer, kind)]
            return "200 OK", _list(path, found[::-1])
        if path == "/v1/disputes":
            return "200 OK", _list(path, [each for each in self.disputes if each["charge"] == form["charge"]])
        return self._one(method, path)

    def _one(self, method: str, path: str) -> tuple[str, object]:
        name = path.rpartition("/")[2]
        if path.startswith("/v1/customers/"):
            missing = _error("invalid_request_error", "No such customer", "resource_missing", "id")
            found = self.customers.get(name)
            return ("200 OK", found) if found else ("404 Not Found", json.loads(missing))
        if path.startswith("/v1/prices/"):
            amount = 4900 if name == TEAM else 19900
            return "200 OK", {
                "id": name, "object": "price", "unit_amount": amount, "currency": "usd",
                "recurring": {"interval": "month"},
            }  # fmt: skip
        assert (method, path) == ("DELETE", f"/v1/subscriptions/{name}"), path
        self.subscriptions[name]["status"] = "canceled"
        return "200 OK", self.subscriptions[name]


def event(kind: str, about: Mapping[str, object], name: str = "evt_1", age_s: int = 0) -> bytes:
    """The body of an event that happened so many seconds ago."""
    told = {
        "id": name,
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": int(time.time()) - age_s,
        "livemode": False,
        "type": kind,
        "data": {"object": dict(about)},
    }
    return json.dumps(told).encode()


def signature(body: bytes, secret: str = SECRET, age_s: int = 0) -> str:
    """Stripe's signature over a body, made so many seconds ago."""
    signed: str = stripe.WebhookSignature.generate_signature_header(
        body.decode(), secret, int(time.time()) - age_s
    )
    return signed


def _list(path: str, data: list[_Object]) -> _Object:
    return {"object": "list", "url": path, "has_more": False, "data": data}


def _error(kind: str, message: str, code: str | None = None, param: str | None = None) -> str:
    return json.dumps({"error": {"type": kind, "message": message, "code": code, "param": param}})


@contextmanager
def stripe_account() -> Iterator[StripeAccount]:
    """A running one."""
    account = StripeAccount()
    with wire(account.answer) as server:
        account.url = server.url
        yield account
