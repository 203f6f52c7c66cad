"""Snov.io in the waterfall: shared mailboxes of a company first, any address of its domain when it knows none."""

from __future__ import annotations

from datetime import date

from pipeline.contact.contacts import is_role_address
from pipeline.contact.email_checks import FreeChecks, is_own_address
from pipeline.enrichment.contact_choice import with_contacts
from pipeline.enrichment.finders import needless
from pipeline.enrichment.step_results import bearing, ended, failed, skipped
from pipeline.errors import BudgetReached, SourceError
from pipeline.lead import Contact, Lead, Origin, StepOutcome
from pipeline.money.calls import ProviderCalls, Reply
from pipeline.ports import CampaignMemory
from pipeline.providers.snov.questions import Search, SnovQuestions
from pipeline.providers.snov.token import KEY, NAME


class SnovStep:
    """Asks Snov.io for addresses of companies nobody else gave an address for."""

    name = KEY

    def __init__(
        self,
        calls: ProviderCalls,
        questions: SnovQuestions,
        *,
        checks: FreeChecks,
        memory: CampaignMemory,
        today: date,
    ) -> None:
        self._calls = calls
        self._questions = questions
        self._checks = checks
        self._memory = memory
        self._today = today

    def enrich(self, lead: Lead) -> Lead:
        """The lead with the addresses Snov.io knows on the company's own domain."""
        why = needless(lead, self._checks)
        if why:
            return skipped(lead, self.name, why)
        domain = lead.business.domain or ""
        known = self._memory.known_contact(domain)
        if known and not self._checks.is_suppressed(known.email):
            self._spare(lead, "known lead")
            detail = f"{known.email} was verified for an earlier campaign of yours."
            return ended(with_contacts(lead, [known]), self.name, StepOutcome.FOUND, detail)
        try:
            count = self._questions.count(domain)
        except SourceError as error:
            return failed(lead, self.name, error)
        if count == 0:
            self._spare(lead, "free count")
            return self._none(lead, 0)
        return self._searched(lead, domain)

    def _searched(self, lead: Lead, domain: str) -> Lead:
        """One search after the other, until there is an address; the lead bears what they cost together."""
        cost = 0
        for search in Search:
            try:
                reply = self._questions.started(search, domain, lead.business.key)
            except (SourceError, BudgetReached) as error:
                return bearing(failed(lead, self.name, error, self._questions.price_micros), cost)
            share = self._share(reply, lead)
            try:
                emails = self._questions.found(search, reply, domain)
            except SourceError as error:
                return bearing(failed(lead, self.name, error), cost + share)
            cost += 0 if emails is None else share
            usable = [email for email in emails or () if self._is_usable(email, lead)]
            if usable:
                several = f"{len(usable)} addresses" if len(usable) > 1 else "one address"
                detail = f"{NAME} knows {several} on {domain}."
                contacts = [self._contact(email, domain) for email in usable]
                return ended(with_contacts(lead, contacts), self.name, StepOutcome.FOUND, detail, cost)
        return self._none(lead, cost)

    def _share(self, reply: Reply, lead: Lead) -> int:
        # Two leads of one company share one search; it is paid for by the lead it was made for.
        return reply.cost_micros if reply.subject in (None, lead.business.key) else 0

    def _spare(self, lead: Lead, why: str) -> None:
        call = self._questions.call(Search.GENERIC, lead.business.domain or "", lead.business.key)
        self._calls.spare(call, why)

    def _none(self, lead: Lead, cost: int) -> Lead:
        detail = f"{NAME} knows no address on {lead.business.domain}."
        return ended(lead, self.name, StepOutcome.NOT_FOUND, detail, cost)

    def _is_usable(self, email: str, lead: Lead) -> bool:
        return is_own_address(email, lead.business) and not self._checks.is_suppressed(email)

    def _contact(self, email: str, domain: str) -> Contact:
        origin = Origin(source=KEY, ref=domain, observed_on=self._today, url=f"https://{domain}")
        return Contact(email=email, origin=origin, is_role_address=is_role_address(email))
