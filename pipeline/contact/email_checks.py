"""What can be known of an address without paying: the checks that come before every paid question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from disposable_email_domains import blocklist

from pipeline.contact.contacts import email_address, is_free_mail
from pipeline.contact.likeness import own_folder
from pipeline.contact.suffixes import registered_domain
from pipeline.lead import Business, EmailStatus
from pipeline.money.calls import SuppressionList

CanReceive = Callable[[str], bool | None]
"""Whether a mail domain can receive mail; None when nobody could say."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a free check found: the status it settles, if any, and a sentence for people."""

    status: EmailStatus | None
    why: str


class FreeChecks:
    """Suppression, syntax, throw-away domains, mail exchangers: cheapest first."""

    def __init__(self, suppressions: SuppressionList, can_receive: CanReceive) -> None:
        self._suppressions = suppressions
        self._can_receive = can_receive

    def address(self, email: str) -> Verdict | None:
        """Why an address need not be verified for money, or None when only its mail server can tell."""
        domain = email.rpartition("@")[2]
        if email_address(email).value is None:
            return Verdict(EmailStatus.INVALID, f"{email} is not a valid address.")
        if self.is_suppressed(email):
            return Verdict(None, "The address is on the suppression list.")
        if is_disposable(domain):
            return Verdict(EmailStatus.DISPOSABLE, f"{domain} gives out throw-away addresses.")
        if self._can_receive(domain) is False:
            return Verdict(EmailStatus.INVALID, f"{domain} cannot receive mail.")
        return None

    def domain(self, business: Business) -> str | None:
        """Why nobody need be asked for addresses of a business, or None when its domain is worth asking for."""
        domain = business.domain
        if domain is None:
            return "It has no website of its own."
        if own_folder(business) is not None:
            return f"It has but a page on {domain}, which others share."
        if is_free_mail(domain) or is_disposable(domain):
            return f"{domain} is a mail provider, not the company's own."
        if self.is_suppressed(domain):
            return "The company is on the suppression list."
        if self._can_receive(registered_domain(domain)) is False:
            return f"{domain} cannot receive mail."
        return None

    def is_suppressed(self, value: str) -> bool:
        """Whether an address, or a domain, is on the list."""
        return bool(self._suppressions.suppressed([value]))


def is_disposable(domain: str) -> bool:
    """Whether a domain is known for throw-away addresses (list of the package disposable-email-domains)."""
    return domain in blocklist or registered_domain(domain) in blocklist


def is_own_address(email: str, business: Business) -> bool:
    """Whether an address is on the company's own domain."""
    host = email.rpartition("@")[2].casefold()
    return business.domain is not None and registered_domain(host) == registered_domain(business.domain)
