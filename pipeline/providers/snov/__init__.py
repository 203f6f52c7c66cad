"""Snov.io: finds e-mail addresses by a company's domain."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pipeline.money.expectations import look_ups
from pipeline.money.outlook import Expectation, Outlook
from pipeline.providers.context import RunContext
from pipeline.providers.declaration import Kind, Limit, Operation, ProviderSpec, Setting, Terms
from pipeline.providers.snov.account import account
from pipeline.providers.snov.questions import Search, SnovQuestions
from pipeline.providers.snov.step import SnovStep
from pipeline.providers.snov.token import KEY, NAME

_REQUESTS = 4
"""Requests that a company usually takes: the count, the start of a search, and twice how it is."""


def _expected(outlook: Outlook) -> Expectation:
    """Each company is searched for at least once, and for every kind of address at most; the budget bounds both."""
    found = look_ups(outlook)
    kinds = outlook.rng.integers(1, len(Search), len(found.questions), endpoint=True)
    cost = (found.cost_micros * kinds).clip(max=outlook.left_micros)
    return replace(
        found,
        questions=found.questions * kinds,
        cost_micros=cost,
        limited_s=outlook.figures.slowest_s(found.questions * _REQUESTS),
        after=replace(found.after, left_micros=outlook.left_micros - cost),
    )


def _build(context: RunContext) -> SnovStep:
    questions = SnovQuestions(
        context.calls,
        context.http(KEY),
        context.text("SNOV_CLIENT_ID"),
        context.text("SNOV_CLIENT_SECRET"),
        price_micros=context.price_micros("SNOV_CREDIT_USD"),
    )
    return SnovStep(
        context.calls, questions, checks=context.checks, memory=context.memory, today=context.today
    )


PROVIDERS = (
    ProviderSpec(
        key=KEY,
        label=NAME,
        kind=Kind.FINDER,
        help="Finds e-mail addresses by a company's domain, where it knows any.",
        build=_build,
        origin=KEY,
        rank=20,
        aliases=("snov_io", "snovio"),
        endpoint="SNOV_BASE_URL",
        needs="SNOV_CLIENT_ID",
        needs_also=("SNOV_CLIENT_SECRET",),
        limits=(Limit(setting="SNOV_PER_MINUTE", window_s=60),),
        operations=(
            Operation(
                name=Search.GENERIC.operation,
                label="Shared mailboxes of a company",
                price="SNOV_CREDIT_USD",
                unit="a company",
                counts=("search", "searches"),
                about=("domain",),
            ),
            Operation(
                name=Search.EMAILS.operation,
                label="Addresses of a company",
                price="SNOV_CREDIT_USD",
                unit="a company",
                counts=("search", "searches"),
                about=("domain",),
            ),
        ),
        terms=Terms(url="https://snov.io/t_and_c"),
        settings=(
            Setting(
                name="SNOV_CLIENT_ID",
                help="API User ID of a Snov.io account, which finds e-mail addresses; empty switches it off.",
            ),
            Setting(name="SNOV_CLIENT_SECRET", help="API Secret for SNOV_CLIENT_ID.", is_secret=True),
            Setting(name="SNOV_BASE_URL", help="Where Snov.io is asked.", default="https://api.snov.io"),
            Setting(
                name="SNOV_CREDIT_USD",
                help="Price of one Snov.io credit (Starter plan: $39 for 1,000).",
                default=Decimal("0.039"),
                most=100,
            ),
            Setting(
                name="SNOV_PER_MINUTE",
                help="Snov.io requests a minute for the whole installation.",
                default=60,
                least=1,
                most=10_000,
            ),
        ),
        account=account,
        expect=_expected,
    ),
)
