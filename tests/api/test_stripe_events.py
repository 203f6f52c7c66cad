"""What Stripe tells over HTTP: kept when it signed it, whatever it is about; nothing where plans are not sold."""

from __future__ import annotations

import httpx
import pytest

from tests.api.conftest import served
from tests.support.billing_on import sold
from tests.support.servers import Database, rows
from tests.support.stripe_account import event, signature

PATH = "/api/stripe/events"


def tell(browser: httpx.Client, body: bytes, signed: str) -> int:
    headers = {"Stripe-Signature": signed, "Content-Type": "application/json; charset=utf-8"}
    return browser.post(PATH, content=body, headers=headers).status_code


def test_an_event_comes_through_the_gate(
    database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served() as browser:
        body = event("invoice.paid", {"object": "invoice", "customer": "cus_1"})
        missing = browser.post("/api/nothing/here", content=body)
        off = browser.post(PATH, content=body, headers={"Stripe-Signature": signature(body)})
        assert (off.status_code, off.text) == (missing.status_code, missing.text)
        with sold(monkeypatch):
            assert browser.get(PATH).status_code == 404
            assert tell(browser, body, "") == 400
            assert tell(browser, body, signature(body, age_s=400)) == 400
            assert tell(browser, body[:-1] + b" ", signature(body)) == 400
            assert tell(browser, body, signature(body)) == 200
            assert tell(browser, body, signature(body)) == 200
            unknown = event("made.up.event", {"object": "thing", "note": "x" * 300_000}, "evt_2")
            assert tell(browser, unknown, signature(unknown)) == 200
            huge = event("made.up.event", {"object": "thing", "note": "x" * 1_100_000}, "evt_3")
            assert tell(browser, huge, signature(huge)) == 413
    assert rows(database.superuser_url, "select id from billing_events order by id") == [
        ("evt_1",),
        ("evt_2",),
    ]
