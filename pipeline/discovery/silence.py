"""Businesses on the suppression list are left out before any of them is stored or asked about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from pipeline.fields import BETWEEN
from pipeline.lead import Business
from pipeline.suppression import Listed, emails_of, keys_of

SUPPRESSED = "What was found is on the suppression list."
"""Why a field of a lead is empty."""


class Silence:
    """Keeps those who asked for silence out of a search, and counts them by what their entry says.

    Nobody is asked about twice: what is on the list when a search first meets a value holds for that search.
    """

    def __init__(self, entries: Callable[[Sequence[str]], Mapping[str, Listed]]) -> None:
        """``entries`` gives what the list says of values that are on it."""
        self._entries = entries
        self._known: dict[str, Listed | None] = {}
        self._out: dict[str, Listed] = {}

    def kept(self, businesses: Sequence[Business]) -> list[Business]:
        """Those that are not on the list, without addresses that are."""
        self._look([value for business in businesses for value in (*keys_of(business), *emails_of(business))])
        kept: list[Business] = []
        for business in businesses:
            listed = next((entry for key in keys_of(business) if (entry := self._known[key])), None)
            if listed is None:
                kept.append(self._without_addresses(business))
            else:
                self._out[business.key] = listed
        return kept

    @property
    def left_out(self) -> Mapping[Listed, int]:
        """How many businesses were left out, by entry of the list."""
        return Counter(self._out.values())

    def _look(self, values: Sequence[str]) -> None:
        new = [value for value in dict.fromkeys(values) if value not in self._known]
        if new:
            found = self._entries(new)
            self._known |= {value: found.get(value) for value in new}

    def _without_addresses(self, business: Business) -> Business:
        emails = list(emails_of(business))
        left = [email for email in emails if self._known[email] is None]
        if left == emails:
            return business
        details = {name: value for name, value in business.details.items() if name != "other_emails"}
        if not left:
            return without_email(replace(business, details=details))
        others = BETWEEN.join(left[1:])
        return replace(
            business, email=left[0], details={**details, "other_emails": others} if others else details
        )


def without_email(business: Business) -> Business:
    """The business without an e-mail address, which says why."""
    provenance = {name: origin for name, origin in business.provenance.items() if name != "email"}
    reasons = {**business.empty_reasons, "email": SUPPRESSED}
    return replace(business, email=None, provenance=provenance, empty_reasons=reasons)


def without_phone(business: Business) -> Business:
    """The business without a phone number, which says why."""
    provenance = {name: origin for name, origin in business.provenance.items() if name != "phone"}
    reasons = {**business.empty_reasons, "phone": SUPPRESSED}
    return replace(business, phone=None, provenance=provenance, empty_reasons=reasons)
