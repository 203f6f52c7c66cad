"""What a campaign produces: businesses found, and the leads among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from pipeline.causes import Cause
from pipeline.providers.registry import registry
from pipeline.qualification.criteria import Verdict

PERSON = "person"
"""The source of a value that a person of the workspace typed."""
BOOK_COMPANY = "book_company"
"""Among the details of a business: the id of the company it is, when it was chosen from the book."""
REGION = "region"
"""Among the details of a business: the country of the area it was found in, when no record names one."""


class EmailStatus(StrEnum):
    """What is known of a lead's e-mail address.

    Only a verification provider may say ``verified``. ``typed`` is an address that a person of the workspace typed and
    nobody has checked. ``accepted`` is less: the mail server took the address in a
    conversation of a server somebody runs themselves, and nobody stands for it; it never counts as verified.
    """

    NONE = "none"
    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    ACCEPTED = "accepted"
    CATCHALL = "catchall"
    TYPED = "typed"
    UNKNOWN = "unknown"
    DISPOSABLE = "disposable"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where one value was read: the source's key, its own id there, the day it was observed.

    ``licence`` (an SPDX expression) and ``attribution`` are those of the record, None where the terms of its source say
    them of everything there.
    """

    source: str
    ref: str
    observed_on: date | None = None
    url: str | None = None
    licence: str | None = None
    attribution: str | None = None

    @property
    def label(self) -> str:
        """What people call the source."""
        return "Typed by a person" if self.source == PERSON else registry().origin_label(self.source)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePart:
    """One named part of a figure: ``points`` of at most ``weight``, and the evidence for it."""

    name: str
    points: int
    weight: int
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """A business found for a campaign: normalised, duplicates merged, scored.

    ``address`` is one line in the form of its country. ``phone`` is E.164, ``website`` an
    absolute URL, ``domain`` the company's own registered host or None (never a social network's).
    ``provenance`` names the origin of each filled field, ``empty_reasons`` says in one sentence why a
    field is empty; a field that is not optional is in exactly one of the two. ``origins`` lists every record
    that was merged.
    ``chain`` is the chain it belongs to, None where none is known.
    ``details`` holds the fields no rule speaks of, by name. ``confidence`` (how sure it is real and still there) and
    ``reach`` (how well one can call, write or visit) are 0-100, the sums of ``score_parts`` and ``reach_parts``.
    Without a reach the business was rated by an earlier version, whose single score is in ``confidence``.
    """

    name: str
    category: str
    lat: float | None
    lon: float | None
    origins: tuple[Origin, ...]
    address: str | None = None
    city: str | None = None
    postcode: str | None = None
    country: str | None = None
    phone: str | None = None
    website: str | None = None
    domain: str | None = None
    email: str | None = None
    opening_hours: str | None = None
    brand: str | None = None
    chain: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    provenance: Mapping[str, Origin] = field(default_factory=dict)
    empty_reasons: Mapping[str, str] = field(default_factory=dict)
    confidence: int = 0
    score_parts: tuple[ScorePart, ...] = ()
    reach: int | None = None
    reach_parts: tuple[ScorePart, ...] = ()

    @property
    def key(self) -> str:
        """The stable identity inside a campaign: the first merged record's source and id."""
        return f"{self.origins[0].source}:{self.origins[0].ref}"

    def value(self, name: str) -> str | None:
        """A field of ``pipeline.fields`` by its name."""
        if name in self.__dataclass_fields__:
            known: str | None = getattr(self, name)
            return known
        return self.details.get(name)

    @property
    def region(self) -> str | None:
        """The country (ISO 3166 alpha-2) whose local phone numbers need no prefix here: its own, else that of the area
        it was found in."""
        return self.country or self.details.get(REGION)

    @property
    def street(self) -> str | None:
        """The street line of the address, without postcode and city."""
        return self.details.get("street") or street_line(self.address, self.postcode, self.city)


def street_line(address: str | None, postcode: str | None, city: str | None) -> str | None:
    """The street of an address of an earlier version, which wrote ``street, postcode city`` in every country."""
    if address is None:
        return None
    locality = " ".join(part for part in (postcode, city) if part)
    return address.removesuffix(f", {locality}") if locality else address


class StepOutcome(StrEnum):
    """How one enrichment step ended for one lead."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """What one enrichment step did: its outcome, a sentence for people, what it cost.

    ``cause``: why it got no answer, or one that brought nothing. ``is_open``: it was left undone for want of budget or
    because its provider was out; a continued campaign does it then. ``shared_micros`` is the part of the cost that is
    a share of a question asked for many leads at once, such as a list of addresses.
    """

    step: str
    outcome: StepOutcome
    detail: str
    cost_micros: int = 0
    is_open: bool = False
    cause: Cause | None = None
    shared_micros: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """An e-mail address found for a business: whose it is when the source says so, and where it was read.

    ``certainty`` (0-100) is the source's own figure and ``opinion`` what it says of the mailbox itself, None when it
    gives none; both only say which address to try first.
    """

    email: str
    origin: Origin
    status: EmailStatus = EmailStatus.UNVERIFIED
    is_role_address: bool = False
    name: str | None = None
    position: str | None = None
    certainty: int | None = None
    opinion: EmailStatus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A qualified business after enrichment.

    ``email_status`` says what is known of ``business.email``; ``is_role_address`` marks a shared mailbox
    (info@, sales@). ``steps`` is the enrichment history in order. ``contacts`` are all addresses found, the
    one in ``business.email`` first; ``profiles`` are pages of the business on social networks. ``undone`` are results
    of an earlier run that cost something and do not count any more: their steps are tried again, their cost stays.
    ``verdicts`` are what its own website says to the criteria of the order.
    """

    business: Business
    email_status: EmailStatus = EmailStatus.NONE
    is_role_address: bool = False
    steps: tuple[StepResult, ...] = ()
    contacts: tuple[Contact, ...] = ()
    profiles: tuple[str, ...] = ()
    undone: tuple[StepResult, ...] = ()
    verdicts: tuple[Verdict, ...] = ()

    @property
    def cost_micros(self) -> int:
        """What was paid for this lead, in millionths of a US dollar."""
        return sum(step.cost_micros for step in (*self.steps, *self.undone))

    @property
    def is_open(self) -> bool:
        """Whether a step was left undone that a continued campaign does."""
        return any(step.is_open for step in (*self.steps, *self.undone))
