"""Which of the contacts a site shows are its company's, which first, and why the others are left out."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from pipeline.contact.contacts import is_free_mail
from pipeline.contact.email_checks import FreeChecks, is_disposable, is_own_address
from pipeline.contact.likeness import is_alike, names_host, own_folder
from pipeline.contact.mailboxes import is_aside
from pipeline.contact.suffixes import registered_domain
from pipeline.lead import Business
from pipeline.providers.website.crawl import Read, Site
from pipeline.providers.website.extract import HIDDEN
from pipeline.words.text import folded

OTHER_DOMAIN = "it is on another domain"
MAKER = "it is that of whoever made the site"
SHARED = "it is that of a site others share"
THROW_AWAY = "it is a throw-away address"


@dataclass(frozen=True, slots=True)
class Shown:
    """A contact the company shows: its value, the page it stands on, whether only in the frame of all pages."""

    value: str
    page: str
    is_framed: bool = False


class Belonging:
    """What on a site is one company's. A site may hold many companies, and a company may have moved to another site."""

    def __init__(self, business: Business, checks: FreeChecks) -> None:
        self._business = business
        self._checks = checks
        self._folder = own_folder(business)
        self._silenced: dict[str, bool] = {}

    @property
    def shares_site(self) -> bool:
        """Whether the company has but a page on a site of others."""
        return self._folder is not None

    def is_about(self, url: str) -> bool:
        """Whether a page of a site that others share may be about the company; every page of its own site is."""
        if self._folder is None:
            return True
        path = unquote(urlsplit(url).path)
        return path.startswith(f"{self._folder}/") or path.removesuffix(".html").rstrip("/") == self._folder

    def has_address(self, site: Site) -> bool:
        """Whether an address that will be kept, and that somebody answers, was read behind the first page."""
        return len(site.pages) > 1 and any(not is_aside(shown.value) for shown in self.emails(site))

    def has_phone(self, site: Site) -> bool:
        """Whether a phone number was read."""
        return bool(self.phones(site))

    def emails(self, site: Site) -> list[Shown]:
        """The company's addresses, the one most likely to be answered by a person of it first."""
        found: dict[str, Shown] = {}
        for page in site.pages:
            for email in page.found.emails:
                if (
                    email not in found
                    and self._why_not(email, page, site) is None
                    and not self._is_silenced(email)
                ):
                    found[email] = Shown(email, page.url, email in page.found.framed)
        places = {email: place for place, email in enumerate(found)}

        def order(shown: Shown) -> tuple[bool, bool, bool, int]:
            email = shown.value
            is_own = not is_free_mail(email.rpartition("@")[2])
            return is_aside(email), not is_own, shown.is_framed, places[email]

        return sorted(found.values(), key=order)

    def phones(self, site: Site) -> list[Shown]:
        """The company's phone numbers as they are written, in the order they were read."""
        return [
            Shown(phone, page.url)
            for page in site.pages
            for phone in page.found.phones
            if phone not in page.found.makers and not (self._folder and phone in page.found.framed)
        ]

    def left_out(self, site: Site) -> dict[str, str]:
        """What was shown and is no contact of the company, with why; nobody on the suppression list is named."""
        kept = {shown.value for shown in (*self.emails(site), *self.phones(site))}
        reasons: dict[str, str] = {}
        for page in site.pages:
            for email in page.found.emails:
                why = self._why_not(email, page, site)
                if why:
                    reasons.setdefault(email, why)
            for phone in page.found.phones:
                if phone in page.found.makers or (self._folder and phone in page.found.framed):
                    reasons.setdefault(phone, MAKER if phone in page.found.makers else SHARED)
            for value, why in page.found.left_out.items():
                reasons.setdefault(value, why)
        return {
            value: why for value, why in reasons.items() if value not in kept and not self._is_silenced(value)
        }

    def silenced(self, site: Site) -> int:
        """How many of the company's addresses are on the suppression list."""
        return sum(self._is_silenced(email) for email in site.emails)

    def is_its_site(self, page: Read) -> bool:
        """Whether a page is on the company's own domain, or on the one it moved to."""
        host = urlsplit(page.url).hostname or ""
        domain = self._business.domain or ""
        if registered_domain(host) == registered_domain(domain):
            return True
        return is_alike(host, domain) or names_host(self._business.name, host)

    def is_named(self, page: Read) -> bool:
        """Whether the page shows the company's name."""
        return f" {folded(self._business.name)} " in f" {folded(page.found.text)} "

    def _why_not(self, email: str, page: Read, site: Site) -> str | None:
        host = email.rpartition("@")[2]
        if self._folder is not None and (email in page.found.framed or not self.is_about(page.url)):
            return SHARED
        if is_disposable(host):
            return THROW_AWAY
        if is_own_address(email, self._business) or self._is_of_new_site(host, site):
            return None
        if email in page.found.makers:
            return MAKER
        # A company that shows a mailbox of a mail provider as its own is believed; a third company's is not.
        if is_free_mail(host) or is_alike(host, self._business.domain or ""):
            return None
        return OTHER_DOMAIN

    def _is_of_new_site(self, host: str, site: Site) -> bool:
        first = site.pages[0]
        here = registered_domain(urlsplit(first.url).hostname or "")
        return registered_domain(host) == here and self.is_its_site(first)

    def _is_silenced(self, value: str) -> bool:
        if value not in self._silenced:
            self._silenced[value] = "@" in value and self._checks.is_suppressed(value)
        return self._silenced[value]


def told(reasons: dict[str, str], most: int = 3) -> str:
    """What was left out and why, as a sentence with a blank before it; nothing when nothing was."""
    if not reasons:
        return ""
    named = [
        f"{value[:80]} ({why})" for value, why in sorted(reasons.items(), key=lambda item: item[1] == HIDDEN)
    ]
    more = f" and {len(named) - most} more" if len(named) > most else ""
    return f" Left out: {', '.join(named[:most])}{more}."
