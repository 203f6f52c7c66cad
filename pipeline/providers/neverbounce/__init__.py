"""NeverBounce: verifies e-mail addresses."""

from __future__ import annotations

from decimal import Decimal

from pipeline.money.expectations import checks
from pipeline.providers.context import RunContext
from pipeline.providers.declaration import Kept, Kind, Limit, Operation, ProviderSpec, Setting, Terms
from pipeline.providers.neverbounce.account import account
from pipeline.providers.neverbounce.answers import KEY, NAME
from pipeline.providers.neverbounce.asking import SINGLE
from pipeline.providers.neverbounce.lists import LIST
from pipeline.providers.neverbounce.verifier import NeverBounceStep


def _build(context: RunContext) -> NeverBounceStep:
    return NeverBounceStep(
        context.calls,
        context.http(KEY),
        context.text("NEVERBOUNCE_API_KEY"),
        price_micros=context.price_micros("NEVERBOUNCE_CHECK_USD"),
        checks=context.checks,
    )


PROVIDERS = (
    ProviderSpec(
        key=KEY,
        label=NAME,
        kind=Kind.VERIFIER,
        help="Asks the mail server whether the mailbox of an address exists.",
        build=_build,
        rank=10,
        endpoint="NEVERBOUNCE_BASE_URL",
        needs="NEVERBOUNCE_API_KEY",
        limits=(Limit(setting="NEVERBOUNCE_PER_SECOND", window_s=1),),
        operations=(
            Operation(
                name=SINGLE,
                label="Check an address",
                price="NEVERBOUNCE_CHECK_USD",
                unit="an address",
                counts=("address", "addresses"),
                about=("email",),
            ),
            Operation(
                name=LIST,
                label="Check a list of addresses",
                price="NEVERBOUNCE_CHECK_USD",
                unit="an address",
                about=("emails",),
            ),
        ),
        terms=Terms(url="https://www.neverbounce.com/terms-and-conditions"),
        settings=(
            Setting(
                name="NEVERBOUNCE_API_KEY",
                help="Key for NeverBounce, which verifies e-mail addresses; empty switches it off.",
                is_secret=True,
            ),
            Setting(
                name="NEVERBOUNCE_BASE_URL",
                help="Where NeverBounce is asked.",
                default="https://api.neverbounce.com/v4.2",
            ),
            Setting(
                name="NEVERBOUNCE_CHECK_USD",
                help="Price of one NeverBounce check (smallest pay-as-you-go package).",
                default=Decimal("0.008"),
                most=100,
            ),
            Setting(
                name="NEVERBOUNCE_PER_SECOND",
                help="NeverBounce requests a second for the whole installation.",
                default=10,
                least=1,
                most=1000,
            ),
        ),
        account=account,
        kept=Kept(SINGLE, lambda email: {"email": email}, lambda body, email: ()),
        expect=checks,
    ),
)
