"""The waterfall's look at the company's own website."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

from pipeline.contact.contacts import is_free_mail, is_role_address, phone_e164
from pipeline.contact.email_checks import FreeChecks, is_own_address
from pipeline.enrichment.contact_choice import with_contacts
from pipeline.enrichment.step_results import ended, skipped
from pipeline.lead import Business, Contact, Lead, Origin, StepOutcome
from pipeline.providers.website.crawl import Crawler, Site
from pipeline.words.text import folded

KEY = "website"
_OFFLINE = "This machine cannot reach the internet."


class WebsiteStep:
    """Reads each company's site once in a campaign, however many leads it has."""

    name = KEY

    def __init__(
        self,
        crawler: Crawler,
        *,
        checks: FreeChecks,
        online: Callable[[], bool],
        simulated: Callable[[], None],
        today: date,
    ) -> None:
        self._crawler = crawler
        self._checks = checks
        self._online = online
        self._simulated = simulated
        self._today = today
        self._sites: dict[str, Site] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def enrich(self, lead: Lead) -> Lead:
        """The lead with what its company's site says: addresses, a phone number, profiles."""
        business = lead.business
        if business.website is None or business.domain is None:
            return skipped(lead, self.name, "It has no website of its own.")
        if business.email and business.phone:
            return skipped(lead, self.name, "An e-mail address and a phone number are known already.")
        if not self._online():
            return skipped(lead, self.name, _OFFLINE)
        site = self._site(business.website)
        if site.simulated:
            self._simulated()
        if site.problem:
            return ended(lead, self.name, StepOutcome.FAILED, site.problem)
        return self._with(lead, site)

    def _site(self, url: str) -> Site:
        host = urlsplit(url).netloc
        with self._guard:
            lock = self._locks.setdefault(host, threading.Lock())
        with lock:
            if host not in self._sites:
                self._sites[host] = self._crawler.read(url)
            return self._sites[host]

    def _with(self, lead: Lead, site: Site) -> Lead:
        business = self._confirmed(lead.business, site)
        told: list[str] = []
        contacts: list[Contact] = []
        suppressed = 0
        for email, page in site.emails.items():
            # A company that shows a mailbox of a mail provider as its own is believed; a third company's is not.
            if not (is_own_address(email, business) or is_free_mail(email.rpartition("@")[2])):
                continue
            if self._checks.is_suppressed(email):
                suppressed += 1
                continue
            contacts.append(
                Contact(email=email, origin=self._origin(page), is_role_address=is_role_address(email))
            )
        if contacts:
            told.append("an e-mail address" if len(contacts) == 1 else f"{len(contacts)} e-mail addresses")
        business, has_phone = self._with_phone(business, site)
        if has_phone:
            told.append("a phone number")
        left_out = f" {suppressed} left out: on the suppression list." if suppressed else ""
        pages = f"{len(site.pages)} page{'' if len(site.pages) == 1 else 's'} read."
        enriched = replace(lead, business=business, profiles=tuple(site.profiles[:10]))
        enriched = with_contacts(enriched, contacts)
        if not told:
            detail = f"No address or phone number is shown there; {pages}{left_out}"
            return ended(enriched, self.name, StepOutcome.NOT_FOUND, detail)
        where = urlsplit(contacts[0].origin.url or "").path if contacts else ""
        on = f" on {where}" if where not in ("", "/") else ""
        detail = f"Found {' and '.join(told)}{on}; {pages}{left_out}"
        return ended(enriched, self.name, StepOutcome.FOUND, detail)

    def _with_phone(self, business: Business, site: Site) -> tuple[Business, bool]:
        if business.phone:
            return business, False
        for raw, page in site.phones.items():
            number = phone_e164(raw, business.country).value
            if number:
                reasons = {key: why for key, why in business.empty_reasons.items() if key != "phone"}
                provenance = {**business.provenance, "phone": self._origin(page)}
                return replace(business, phone=number, provenance=provenance, empty_reasons=reasons), True
        return business, False

    def _confirmed(self, business: Business, site: Site) -> Business:
        """Values the company states itself become first-party, whoever named them first."""
        origin = self._origin(site.pages[0])
        provenance = dict(business.provenance)
        provenance["website"] = provenance["domain"] = origin
        if f" {folded(business.name)} " in f" {folded(site.text)} ":
            provenance["name"] = origin
        numbers = {phone_e164(raw, business.country).value: page for raw, page in site.phones.items()}
        if business.phone in numbers:
            provenance["phone"] = self._origin(numbers[business.phone])
        return replace(business, provenance=provenance)

    def _origin(self, page: str) -> Origin:
        return Origin(source=KEY, ref=urlsplit(page).netloc, observed_on=self._today, url=page)
