"""The waterfall's look at the company's own website."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

from pipeline.contact.contacts import is_role_address, phone_e164
from pipeline.contact.email_checks import FreeChecks
from pipeline.enrichment.contact_choice import with_contacts
from pipeline.enrichment.step_results import ended, skipped
from pipeline.lead import Business, Contact, Lead, StepOutcome
from pipeline.providers.website.belonging import Belonging, Shown
from pipeline.providers.website.belonging import told as told_of
from pipeline.providers.website.confirming import KEY as KEY
from pipeline.providers.website.confirming import confirmed, origin_of
from pipeline.providers.website.crawl import Crawler, Site

_MOST_UNREAD = 3
_OFFLINE = "This machine cannot reach the internet."


class WebsiteStep:
    """Reads the site of each company for what it lacks."""

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

    def enrich(self, lead: Lead) -> Lead:
        """The lead with what its company's site says: addresses, a phone number, profiles."""
        business = lead.business
        if business.website is None or business.domain is None:
            return skipped(lead, self.name, "It has no website of its own.")
        if business.email and business.phone:
            return skipped(lead, self.name, "An e-mail address and a phone number are known already.")
        if not self._online():
            return skipped(lead, self.name, _OFFLINE)
        belonging = Belonging(business, self._checks)
        enough = belonging.has_phone if business.email else belonging.has_address
        site = self._crawler.read(business.website, enough, belonging.is_about)
        if site.simulated:
            self._simulated()
        if site.problem:
            return ended(lead, self.name, StepOutcome.FAILED, site.problem)
        return self._with(lead, site, belonging)

    def _with(self, lead: Lead, site: Site, belonging: Belonging) -> Lead:
        emails = belonging.emails(site)
        contacts = [
            Contact(
                email=shown.value,
                origin=origin_of(shown.page, self._today),
                is_role_address=is_role_address(shown.value),
            )
            for shown in emails
        ]
        business = confirmed(lead.business, site, belonging, self._today)
        business, has_phone = self._with_phone(business, belonging.phones(site))
        told = []
        if contacts:
            told.append("an e-mail address" if len(contacts) == 1 else f"{len(contacts)} e-mail addresses")
        if has_phone:
            told.append("a phone number")
        enriched = replace(lead, business=business, profiles=tuple(site.profiles[:10]))
        enriched = with_contacts(enriched, contacts)
        detail = _detail(site, told, emails, belonging)
        return ended(enriched, self.name, StepOutcome.FOUND if told else StepOutcome.NOT_FOUND, detail)

    def _with_phone(self, business: Business, phones: Sequence[Shown]) -> tuple[Business, bool]:
        if business.phone:
            return business, False
        for shown in phones:
            number = phone_e164(shown.value, business.region).value
            if number:
                reasons = {key: why for key, why in business.empty_reasons.items() if key != "phone"}
                provenance = {**business.provenance, "phone": origin_of(shown.page, self._today)}
                return replace(business, phone=number, provenance=provenance, empty_reasons=reasons), True
        return business, False


def _detail(site: Site, told: Sequence[str], emails: Sequence[Shown], belonging: Belonging) -> str:
    """What was found and where, what was left out and what was not read, each with why."""
    pages = f"{len(site.pages)} page{'' if len(site.pages) == 1 else 's'} read."
    silenced = belonging.silenced(site)
    left_out = f" {silenced} left out: on the suppression list." if silenced else ""
    left_out += told_of(belonging.left_out(site))
    if told:
        where = urlsplit(emails[0].page).path if emails else ""
        on = f" on {where}" if where not in ("", "/") else ""
        said = f"Found {' and '.join(told)}{on}; {pages}"
    elif left_out or site.phones:
        said = f"No usable address or phone number of the company is shown there; {pages}"
    else:
        said = f"No address or phone number is shown there; {pages}"
    cuts = [
        f"the rest of {urlsplit(page.url).path or '/'}, as {page.found.cut}"
        for page in site.pages
        if page.found.cut
    ]
    unread = [*cuts, *site.unread]
    more = f" and {len(unread) - _MOST_UNREAD} more" if len(unread) > _MOST_UNREAD else ""
    shared = " Only its own pages there were read: others share the site." if belonging.shares_site else ""
    not_read = f" Not read: {', '.join(unread[:_MOST_UNREAD])}{more}." if unread else ""
    return f"{said}{left_out}{shared}{not_read}"
