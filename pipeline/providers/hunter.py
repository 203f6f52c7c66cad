"""Hunter v2, domain search: the addresses known for a company's domain.

Rules of the provider (hunter.io/api-documentation/v2): one credit for one to ten addresses returned, none for
nothing; 403 means too fast and 429 that the credits are gone, the reverse of what is usual; 451 that a person asked not
to be processed; 202 and 222 are no answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from pipeline.causes import Cause, sentence
from pipeline.contact.contacts import is_role_address
from pipeline.contact.email_checks import FreeChecks, is_own_address
from pipeline.contact.suffixes import registered_domain
from pipeline.enrichment.contact_choice import with_contacts
from pipeline.enrichment.finders import needless
from pipeline.enrichment.step_results import ended, failed, skipped
from pipeline.errors import BudgetReached, SourceError
from pipeline.lead import Contact, Lead, Origin, StepOutcome
from pipeline.money.calls import Answer, Call, Json, ProviderCalls, Reply, SuppressionList
from pipeline.money.expectations import look_ups
from pipeline.network.http import ProviderHttp, unreadable
from pipeline.network.json_body import readable_items
from pipeline.ports import CampaignMemory
from pipeline.providers.context import RunContext
from pipeline.providers.declaration import Kept, Kind, Limit, Operation, ProviderSpec, Setting, Terms
from pipeline.providers.hunter_account import account
from pipeline.providers.hunter_answers import LIMIT, Found, addresses_in
from pipeline.providers.hunter_errors import NAME, error_id, failure_of

KEEP_DAYS = 30
KEY = "hunter"
_SEARCH = "domain_search"


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
        call = self._call(lead)
        why = needless(lead, self._checks)
        if why:
            before = self._answered_before(call)
            return self._with(lead, before) if before else skipped(lead, self.name, why)
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

    def _answered_before(self, call: Call) -> Reply | None:
        """The answer this lead has from before an interruption, when its company came onto the suppression list since:
        what was paid for it stays explained."""
        domain = call.arguments["domain"]
        if not domain or not self._checks.is_suppressed(str(domain)):
            return None
        reply = self._calls.held(call)
        return reply if reply and reply.subject == call.subject else None

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
            return self._empty_handed(lead, Cause.OPTED_OUT, cost)
        known = addresses_in(body.get("emails"))
        own = [found for found in known if is_own_address(found.value, lead.business)]
        usable = [found for found in own if not self._checks.is_suppressed(found.value)]
        if not usable:
            return self._empty_handed(lead, _why_none(body, known, own), cost)
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
        detail = f"{NAME} knows {several} on {domain}."
        return ended(with_contacts(lead, contacts), self.name, StepOutcome.FOUND, detail, cost)

    def _empty_handed(self, lead: Lead, cause: Cause, cost: int) -> Lead:
        detail = sentence(cause, NAME, lead.business.domain or "")
        return ended(lead, self.name, StepOutcome.NOT_FOUND, detail, cost, cause=cause)

    def _ask(self, domain: str) -> Answer:
        params = {"domain": domain, "limit": str(LIMIT)}
        reply = self._http.get("domain-search", params=params, headers={"X-API-KEY": self._key})
        if reply.status == 451:
            return Answer(http_status=451, body={"opted_out": True}, found=False, simulated=reply.simulated)
        if reply.status == 400 and error_id(reply) == "invalid_domain":
            return Answer(http_status=400, body={"refused": True}, found=False, simulated=reply.simulated)
        if reply.status != 200:
            raise failure_of(reply)
        data = reply.lenient_body.get("data") if isinstance(reply.lenient_body, dict) else None
        if not isinstance(data, dict):
            raise unreadable(NAME)
        found = addresses_in(readable_items(data.get("emails")))
        # What counts for the bill is what was returned, not what of it can be read.
        returned = data.get("emails")
        cost = self._price_micros if isinstance(returned, list) and returned else 0
        return Answer(
            http_status=200,
            body={
                "emails": [item.model_dump(exclude_none=True) for item in found],
                "returned": len(returned) if isinstance(returned, list) else 0,
            },
            cost_micros=cost,
            found=bool(found),
            simulated=reply.simulated,
        )


def _why_none(body: Mapping[str, Json], known: Sequence[Found], own: Sequence[Found]) -> Cause:
    """Why an answer holds no address that can be used: of those it ``known``, these are the company's ``own``."""
    if body.get("refused"):
        return Cause.DOMAIN_REFUSED
    if own:
        return Cause.ALL_SUPPRESSED
    if known:
        return Cause.OTHER_DOMAINS
    return Cause.ALL_UNREADABLE if body.get("returned") else Cause.NOTHING_KNOWN


def _kept_emails(body: Json, domain: str) -> list[str]:
    """The company's own addresses in an answer that is kept, the surest first."""
    found = addresses_in(body.get("emails") if isinstance(body, dict) else None)
    found.sort(key=lambda one: -(one.confidence or 0))
    return [one.value for one in found if registered_domain(one.value.rpartition("@")[2]) == domain]


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
        label=NAME,
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
                counts=("company", "companies"),
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
        account=account,
        kept=Kept(_SEARCH, lambda domain: {"domain": domain, "limit": LIMIT}, _kept_emails),
        expect=look_ups,
    ),
)
