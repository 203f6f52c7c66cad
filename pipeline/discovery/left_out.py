"""Whom a search leaves out before anybody is stored or asked about: who is on the suppression list, in an order without
customers who is on a list of those, and in one for new companies only who is in the workspace's book already."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.campaign import CampaignSpec
from pipeline.discovery.customers import Customers
from pipeline.discovery.familiar import Familiar
from pipeline.discovery.silence import Silence
from pipeline.lead import Business
from pipeline.output import notices
from pipeline.output.notices import NONE_SKIPPED, Skipped
from pipeline.ports import CampaignPorts
from pipeline.suppression import left_out_line


class LeftOut:
    """Keeps some out of a search and counts them; each counts once, for the first of the reasons."""

    def __init__(self, spec: CampaignSpec, ports: CampaignPorts) -> None:
        self._spec = spec
        self._memory = ports.memory
        self._silence = Silence(ports.suppressions.entries)
        self._customers = Customers(ports.customers.named, ports.customers.stands)
        self._familiar = Familiar(ports.book.stands)
        self.skipped = NONE_SKIPPED

    def kept(self, businesses: Sequence[Business]) -> list[Business]:
        """Those that may become leads; given are all that were found so far but those that were chosen."""
        heard = self._silence.kept(businesses)
        customers = self._customers.among(heard) if self._spec.skip_customers else frozenset()
        others = [business for business in heard if business.key not in customers]
        known = self._familiar.among(others) if self._spec.skips_known else frozenset()
        self.skipped = Skipped(in_book=len(known), customers=len(customers))
        return [business for business in others if business.key not in known]

    @property
    def number(self) -> int:
        """How many businesses were left out."""
        return self.skipped.number + sum(self._silence.left_out.values())

    def note(self, found: Sequence[Business]) -> list[str]:
        """Keep with the campaign how many were left out, how many are customers and how many are in the book, and say
        so in lines; ``found`` are all others."""
        silenced, spec = self._silence.left_out, self._spec
        customers = self.skipped.customers if spec.skip_customers else len(self._customers.among(found))
        known = self.skipped.in_book if spec.skips_known else len(self._familiar.among(found))
        self._memory.note_left_out(silenced)
        self._memory.note_customers(customers)
        self._memory.note_in_book(known)
        lines = (
            left_out_line(silenced),
            notices.customers_line(spec, customers, len(found)),
            notices.in_book_line(spec, known, len(found)),
        )
        return [line for line in lines if line]

    def nobody_left(self) -> str | None:
        """Why there is no lead though businesses were found; None when nobody was left out."""
        silenced = self.number - self.skipped.number
        return notices.nobody_left(self._spec, self.skipped, silenced) if self.number else None
