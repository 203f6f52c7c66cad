"""Hunter v2, domain search: the addresses known for a company's domain.

Rules of the provider (hunter.io/api-documentation/v2): one credit for one to ten addresses returned, none for
nothing; 403 means too fast and 429 that the credits are gone, the reverse of what is usual; 451 that a person asked not
to be processed; 202 and 222 are no answers.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.causes import Billed, Cause
from pipeline.contact.contacts import is_role_address
from pipeline.contact.email_checks import FreeChecks, is_own_address
from pipeline.enrichment.contact_choice import with_contacts
from pipeline.enrichment.step_results import ended, failed, skipped
from pipeline.errors import BudgetReached, SourceError
from pipeline.lead import Contact, EmailStatus, Lead, Origin, StepOutcome
from pipeline.money.calls import Answer, Call, ProviderCalls, Reply, SuppressionList
from pipeline.money.expectations import look_ups
from pipeline.network.http import HttpReply, ProviderHttp, server_error, too_fast, unreadable
from pipeline.ports import CampaignMemory
from pipeline.providers.context import RunContext
from pipeline.providers.declaration import Kind, Limit, Operation, ProviderSpec, Setting, Terms
from pipeline.providers.hunter_answers import LIMIT, addresses_in

KEEP_DAYS = 30
KEY = "hunter"
_NAME = "Hunter"
_SEARCH = "domain_search"
_OPTED_OUT = "The company's contact asked Hunter not to be found; it is suppressed for good."


class HunterStep:
    """Asks Hunter for addresses of companies nobody else gave an address for."""

    name = KEY

    def __init__(  # noqa: PLR0913 - what a step needs from outside, each a thing of its own
        self,
        calls: ProviderCalls,
        http: ProviderHttp,
        key: str,
        *,
        price_micros: int,
        checks: FreeChecks,
        suppressions: SuppressionList,
        memory: CampaignMemory,
        today: date,
    ) -> None:
        self._calls = calls
        self._http = http
        self._key = key
        self._price_micros = price_micros
        self._checks = checks
        self._suppressions = suppressions
        self._memory = memory
        self._today = today

    def enrich(self, lead: Lead) -> Lead:
        """The lead with the addresses Hunter knows on the company's own domain."""
        business = lead.business
        if business.email is not None and lead.email_status not in (
            EmailStatus.INVALID,
            EmailStatus.DISPOSABLE,
        ):
            return skipped(lead, self.name, "An e-mail address is known already.")
        why = self._checks.domain(business)
        if why:
            return skipped(lead, self.name, why)
        call = self._call(lead)
        known = self._memory.known_contact(business.domain or "")
        if known and not self._checks.is_suppressed(known.email):
            self._calls.spare(call, "known lead")
            detail = f"{known.email} was verified for an earlier campaign of yours."
            return ended(with_contacts(lead, [known]), self.name, StepOutcome.FOUND, detail)
        try:
            reply = self._calls.ask(call, lambda: self._ask(business.domain or ""))
        except (SourceError, BudgetReached) as error:
            return failed(lead, self.name, error, self._price_micros)
        return self._with(lead, reply)

    def _call(self, lead: Lead) -> Call:
        return Call(
            provider=KEY,
            operation=_SEARCH,
            arguments={"domain": lead.business.domain, "limit": LIMIT},
            price_micros=self._price_micros,
            subject=lead.business.key,
            keep_days=KEEP_DAYS,
        )

    def _with(self, lead: Lead, reply: Reply) -> Lead:
        domain = lead.business.domain or ""
        # Two leads of one company share one look-up; it is paid for by the lead it was made for.
        cost = reply.cost_micros if reply.subject in (None, lead.business.key) else 0
        body = reply.body if isinstance(reply.body, dict) else {}
        if body.get("opted_out"):
            self._suppressions.suppress(domain, "opted out at Hunter")
            return ended(lead, self.name, StepOutcome.NOT_FOUND, _OPTED_OUT, cost)
        usable = [found for found in addresses_in(body.get("emails")) if self._is_usable(found.value, lead)]
        if not usable:
            return ended(
                lead, self.name, StepOutcome.NOT_FOUND, f"{_NAME} knows no address on {domain}.", cost
            )
        origin = Origin(source=KEY, ref=domain, observed_on=self._today, url=f"https://{domain}")
        contacts = [
            Contact(
                email=found.value,
                origin=origin,
                is_role_address=is_role_address(found.value),
                name=found.name,
                position=found.position,
                certainty=found.confidence,
                opinion=found.opinion,
            )
            for found in usable
        ]
        several = f"{len(contacts)} addresses" if len(contacts) > 1 else "one address"
        detail = f"{_NAME} knows {several} on {domain}."
        return ended(with_contacts(lead, contacts), self.name, StepOutcome.FOUND, detail, cost)

    def _is_usable(self, email: str, lead: Lead) -> bool:
        return is_own_address(email, lead.business) and not self._checks.is_suppressed(email)

    def _ask(self, domain: str) -> Answer:
        params = {"domain": domain, "limit": str(LIMIT)}
        reply = self._http.get("domain-search", params=params, headers={"X-API-KEY": self._key})
        if reply.status == 451:
            return Answer(http_status=451, body={"opted_out": True}, found=False, simulated=reply.simulated)
        if reply.status == 400 and _error_id(reply) == "invalid_domain":
            return Answer(http_status=400, body={"emails": []}, found=False, simulated=reply.simulated)
        if reply.status != 200:
            raise _failure(reply)
        data = reply.body.get("data") if isinstance(reply.body, dict) else None
        if not isinstance(data, dict):
            raise unreadable(_NAME)
        found = addresses_in(data.get("emails"))
        # What counts for the bill is what was returned, not what of it can be read.
        returned = data.get("emails")
        cost = self._price_micros if isinstance(returned, list) and returned else 0
        return Answer(
            http_status=200,
            body={"emails": [item.model_dump(exclude_none=True) for item in found]},
            cost_micros=cost,
            found=bool(found),
            simulated=reply.simulated,
        )


def _error_id(reply: HttpReply) -> str:
    errors: Any = reply.body.get("errors") if isinstance(reply.body, dict) else None
    first = errors[0] if isinstance(errors, list) and errors else None
    return str(first.get("id", "")) if isinstance(first, dict) else ""


def _failure(reply: HttpReply) -> SourceError:
    """Branches on the error's id where one status means two things."""
    kind = _error_id(reply)
    if reply.status == 401:
        return SourceError(Cause.KEY_REFUSED, _NAME)
    if reply.status == 429:
        return SourceError(Cause.OUT_OF_CREDITS, _NAME)
    if reply.status == 403 and "access" in kind:
        return SourceError(Cause.NOT_IN_PLAN, _NAME)
    if reply.status == 403:
        return too_fast(_NAME, reply)
    if reply.status in (202, 222):
        # Documented for its verifier alone, and nowhere whether they are billed.
        return SourceError(Cause.BUSY, _NAME, billed=Billed.UNKNOWN, retry_after_s=reply.retry_after_s)
    if reply.status >= 500:
        return server_error(_NAME, reply)
    if reply.status < 400:
        return unreadable(_NAME)
    return SourceError(Cause.NOT_ACCEPTED, _NAME)


def _build(context: RunContext) -> HunterStep:
    return HunterStep(
        context.calls,
        context.http(KEY),
        context.text("HUNTER_IO_API_KEY"),
        price_micros=context.price_micros("HUNTER_CREDIT_USD"),
        checks=context.checks,
        suppressions=context.suppressions,
        memory=context.memory,
        today=context.today,
    )


PROVIDERS = (
    ProviderSpec(
        key=KEY,
        label=_NAME,
        kind=Kind.FINDER,
        help="Finds e-mail addresses by a company's domain.",
        build=_build,
        origin=KEY,
        rank=10,
        aliases=("hunter_io",),
        endpoint="HUNTER_BASE_URL",
        needs="HUNTER_IO_API_KEY",
        limits=(
            Limit(setting="HUNTER_PER_SECOND", window_s=1),
            Limit(setting="HUNTER_PER_MINUTE", window_s=60),
        ),
        operations=(
            Operation(
                name=_SEARCH,
                label="Addresses of a company",
                price="HUNTER_CREDIT_USD",
                unit="a company found",
                about=("domain",),
            ),
        ),
        terms=Terms(url="https://hunter.io/terms-of-service"),
        settings=(
            Setting(
                name="HUNTER_IO_API_KEY",
                help="Key for Hunter, which finds e-mail addresses; empty switches it off.",
                is_secret=True,
            ),
            Setting(
                name="HUNTER_BASE_URL", help="Where Hunter is asked.", default="https://api.hunter.io/v2"
            ),
            Setting(
                name="HUNTER_CREDIT_USD",
                help="Price of one Hunter credit (Starter plan: $49 for 2,000).",
                default=Decimal("0.0245"),
                most=100,
            ),
            Setting(
                name="HUNTER_PER_SECOND",
                help="Hunter searches a second for the whole installation.",
                default=15,
                least=1,
                most=1000,
            ),
            Setting(
                name="HUNTER_PER_MINUTE",
                help="Hunter searches a minute for the whole installation.",
                default=500,
                least=1,
                most=10_000,
            ),
        ),
        expect=look_ups,
    ),
)
