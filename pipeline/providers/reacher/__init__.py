"""Reacher: asks mail servers from a server somebody runs themselves, for nothing."""

from __future__ import annotations

from dataclasses import replace

from pipeline.money.expectations import checks
from pipeline.money.outlook import Expectation, Outlook
from pipeline.network.http import Timeouts
from pipeline.providers.context import RunContext
from pipeline.providers.declaration import Kept, Kind, Limit, Operation, ProviderSpec, Setting, Terms
from pipeline.providers.reacher.answers import NAME
from pipeline.providers.reacher.verifier import AT_ONCE, CHECK, KEY, PATIENCE_S, ReacherStep

_CHECK_S = (
    10.0  # A conversation with a mail server, as people who run it report; many take less, some a minute.
)


def _expected(outlook: Outlook) -> Expectation:
    """Every address in a conversation of its own, a few at a time; lists there are none."""
    found = checks(outlook)
    return replace(
        found,
        duration_s=found.questions / AT_ONCE * _CHECK_S,
        limited_s=outlook.figures.slowest_s(found.questions),
    )


def _build(context: RunContext) -> ReacherStep:
    return ReacherStep(
        context.calls, context.http(KEY), context.text("REACHER_SECRET"), checks=context.checks
    )


PROVIDERS = (
    ProviderSpec(
        key=KEY,
        label=NAME,
        kind=Kind.VERIFIER,
        help="Asks mail servers from a server of your own whether they accept an address.",
        build=_build,
        rank=5,
        endpoint="REACHER_BASE_URL",
        needs="REACHER_BASE_URL",
        timeouts=Timeouts(read_s=PATIENCE_S, total_s=PATIENCE_S),
        limits=(Limit(setting="REACHER_PER_SECOND", window_s=1),),
        operations=(
            Operation(
                name=CHECK,
                label="Check an address",
                counts=("address", "addresses"),
                about=("email",),
            ),
        ),
        terms=Terms(url="https://github.com/reacherhq/check-if-email-exists/blob/master/LICENSE.md"),
        settings=(
            Setting(
                name="REACHER_BASE_URL",
                help="Address of a Reacher server you run, such as http://localhost:8080; empty switches it off.",
            ),
            Setting(
                name="REACHER_SECRET",
                help="What that server expects in x-reacher-secret; empty sends none.",
                is_secret=True,
            ),
            Setting(
                name="REACHER_PER_SECOND",
                help="Checks a second that Reacher is asked for, for the whole installation.",
                default=1,
                least=1,
                most=1000,
            ),
        ),
        kept=Kept(CHECK, lambda email: {"email": email}, lambda body, email: ()),
        expect=_expected,
    ),
)
