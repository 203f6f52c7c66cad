"""What is told in the name of Stripe and was not signed by it, is too old, or is no event."""

from __future__ import annotations

import pytest

import settings
from services import billing_events
from services.errors import Invalid
from tests.bad_inputs.table import Case
from tests.support.stripe_account import KEY, SECRET, event, signature

BODY = event("invoice.paid", {"object": "invoice", "customer": "cus_1"})
REFUSED = "The signature does not fit the body, or is too old."

TOLD: tuple[Case[tuple[bytes, str], str], ...] = (
    Case(98, "unsigned", (BODY, ""), REFUSED),
    Case(98, "signed by nonsense", (BODY, "t=now,v1=\x00é"), REFUSED),
    Case(98, "signed without a moment", (BODY, signature(BODY).partition(",")[2]), REFUSED),
    Case(98, "signed by somebody else", (BODY, signature(BODY, "whsec_wrong")), REFUSED),
    Case(98, "signed by a scheme of before", (BODY, signature(BODY).replace("v1=", "v0=")), REFUSED),
    Case(98, "too old", (BODY, signature(BODY, age_s=301)), REFUSED),
    Case(98, "changed by a space", (BODY + b" ", signature(BODY)), REFUSED),
    Case(98, "changed in its customer", (BODY.replace(b"cus_1", b"cus_2"), signature(BODY)), REFUSED),
    Case(98, "no UTF-8", (b"\xff", "t=1,v1=x"), REFUSED),
    *(
        Case(98, f"signed, and no event: {body!r}", (body, signature(body)), REFUSED)
        for body in (
            b"",
            b"{}",
            b"[]",
            b"null",
            b'{"object": "v2.core.event"}',
            b'{"id": "evt_1", "data": 1}',
        )
    ),
)


@pytest.mark.parametrize("case", TOLD, ids=str)
def test_what_stripe_did_not_tell_is_refused(
    case: Case[tuple[bytes, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "STRIPE_SECRET_KEY": KEY,
        "STRIPE_WEBHOOK_SECRET": SECRET,
        "STRIPE_PRICE_TEAM": "price_team",
        "STRIPE_PRICE_BUSINESS": "price_business",
    }.items():
        monkeypatch.setenv(name, value)
    settings.get.cache_clear()
    with pytest.raises(Invalid) as refused:
        billing_events.told(*case.given)
    assert str(refused.value) == case.expected


SETTINGS: tuple[Case[dict[str, str], str], ...] = (
    Case(98, "a key without the rest", {"STRIPE_SECRET_KEY": KEY}, "STRIPE_WEBHOOK_SECRET: is needed with"),
    Case(
        98,
        "a public key",
        {"STRIPE_SECRET_KEY": "pk_test_1"},
        "STRIPE_SECRET_KEY: has to begin with sk_ or rk_",
    ),
    Case(
        98,
        "a cut secret",
        {"STRIPE_WEBHOOK_SECRET": "sec_1"},
        "STRIPE_WEBHOOK_SECRET: has to begin with whsec_",
    ),
    Case(
        98,
        "a product as a price",
        {"STRIPE_PRICE_TEAM": "prod_1"},
        "STRIPE_PRICE_TEAM: has to be like price_",
    ),
)


@pytest.mark.parametrize("case", SETTINGS, ids=str)
def test_settings_that_do_not_fit_are_refused_by_name(
    case: Case[dict[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in case.given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(settings.SettingsError, match=case.expected):
        settings.load(with_installation=False)
