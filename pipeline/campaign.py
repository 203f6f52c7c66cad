"""What a campaign is: the order a person places, its states and its stages.

The only definition of the order's limits; the form, the command line and the database take theirs from here.
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from pipeline.qualification.criteria import MOST_CRITERIA, Criterion, Importance
from pipeline.words.register_tags import SIZES
from pipeline.words.text import folded, one_line

MICROS_PER_USD = 1_000_000
MAX_TYPES = 10
MAX_TEXT = 200
MAX_RESULTS = 1000
MAX_RADIUS_KM = 100
MAX_BUDGET_USD = Decimal(10_000)


def clean_text(value: object) -> object:
    """One visible line of text in Unicode NFC.

    Raises ValueError for text that is no valid Unicode (a lone surrogate) or holds a NUL.
    """
    if not isinstance(value, str):
        return value
    if not value.isprintable() and ("\x00" in value or any(0xD800 <= ord(char) <= 0xDFFF for char in value)):
        raise ValueError("contains characters that cannot be stored; type it again")
    return unicodedata.normalize("NFC", one_line(value))


Line = Annotated[str, BeforeValidator(clean_text), Field(min_length=1, max_length=MAX_TEXT)]
OrderKey = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,39}$")]
"""The name of a source or a look-up in an order, as its provider declares it."""
CompanySize = Annotated[str, Field(pattern=f"^({'|'.join(SIZES)})$")]
OPEN_DATA = "open_data"
OWN_LIST = "own_list"
LEAD_BOOK = "lead_book"
CRITERIA = tuple(importance.value for importance in Importance)
"""The fields of an order that hold criteria."""
LISTED_AS = "Company"
"""What the companies of an own list are taken for: their rows name no type."""


class KnownCompanies(StrEnum):
    """What an order does with companies that are in the workspace's book already.

    ``INCLUDE``: they are leads like others; answers that are held are used, and nothing is bought twice. ``SKIP``: they
    are left out before anything is asked about them, are not stored again and do not count towards ``max_results``.
    ``REFRESH``: they are leads like others, and no look-up uses an answer from before the order: it is asked and paid
    anew, once.
    """

    INCLUDE = "include"
    SKIP = "skip"
    REFRESH = "refresh"

    @property
    def said(self) -> str:
        """What happens with them, in words."""
        return {"include": "included", "skip": "left out", "refresh": "looked up anew"}[self]


CUSTOMERS_ARE_SKIPPED: Final = True
"""Whether a new order leaves out customers when nothing is said. An order that does not hold it is of before it could
be chosen, and takes them."""


class CampaignSpec(BaseModel):
    """The order: whom, where, how many, how sure, how reachable, for how much money, from which sources, looked up
    how.

    ``sources`` names where businesses are looked for; ``waterfall`` lists the enrichment steps that are on, in the
    order they are tried. Which names there are is the providers' matter; an order that names another is refused
    where it is placed, and one that was placed before is carried out without it.
    ``by_name`` are those of ``business_types`` that are no type: their words are searched for in names instead.
    ``radius_km`` empty means the whole place named by ``location``. ``budget_usd`` is the most the
    campaign may ever spend. ``min_confidence`` and ``min_reach`` leave out what its sources rate lower, and nothing
    unless given: the best come first anyway. ``min_score`` is the minimum of an order placed when there was one figure.
    ``independents_only`` leaves out what belongs to a chain, ``chains_only`` what belongs to none; ``with_website``,
    ``without_website`` and ``with_hours`` go by what is on record (``pipeline/scoring/switches.py``).
    ``min_rating`` (stars), ``min_reviews``, ``founded_since`` (a year) and ``company_sizes`` demand what only some
    sources state (``pipeline/scoring/demands.py``); 0 stars or reviews demand nothing.
    ``known_companies`` says what happens with those the book holds already; ``skip_customers`` leaves out those on the
    workspace's lists of customers. ``own_list`` is the id of a list whose companies are looked up, one that was
    uploaded or one chosen from the book; ``location`` is then what the list is called, and no place. ``must_have``,
    ``nice_to_have`` and ``must_not`` are criteria in plain words that
    the companies' own websites are read for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    business_types: tuple[Line, ...] = Field(min_length=1, max_length=MAX_TYPES)
    location: Line
    by_name: tuple[Line, ...] = Field(default=(), max_length=MAX_TYPES)
    radius_km: float | None = Field(default=None, ge=0.1, le=MAX_RADIUS_KM, allow_inf_nan=False)
    max_results: int = Field(default=25, ge=1, le=MAX_RESULTS)
    min_confidence: int = Field(default=0, ge=0, le=100)
    min_reach: int = Field(default=0, ge=0, le=100)
    min_score: int | None = Field(default=None, ge=0, le=100)
    independents_only: bool = False
    chains_only: bool = False
    with_website: bool = False
    without_website: bool = False
    with_hours: bool = False
    min_rating: float | None = Field(default=None, ge=0, le=5, multiple_of=0.5, allow_inf_nan=False)
    min_reviews: int | None = Field(default=None, ge=0, le=100_000)
    founded_since: int | None = Field(default=None, ge=1800, le=2100)
    company_sizes: tuple[CompanySize, ...] = ()
    known_companies: KnownCompanies = KnownCompanies.INCLUDE
    skip_customers: bool = False
    own_list: UUID | None = None
    budget_usd: Decimal = Field(default=Decimal(0), ge=0, le=MAX_BUDGET_USD, decimal_places=6)
    sources: tuple[OrderKey, ...] = Field(default=(OPEN_DATA,), min_length=1)
    waterfall: tuple[OrderKey, ...] = ()
    must_have: tuple[Line, ...] = Field(default=(), max_length=MOST_CRITERIA)
    nice_to_have: tuple[Line, ...] = Field(default=(), max_length=MOST_CRITERIA)
    must_not: tuple[Line, ...] = Field(default=(), max_length=MOST_CRITERIA)

    @field_validator("business_types", "by_name", "sources", "waterfall", *CRITERIA)
    @classmethod
    def _once_each(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple({str(value).casefold(): value for value in reversed(values)}.values())[::-1]

    @field_validator("min_rating", "min_reviews")
    @classmethod
    def _demanded(cls, value: float | None) -> float | None:
        return value or None

    @field_validator("company_sizes")
    @classmethod
    def _smallest_first(cls, sizes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(size for size in SIZES if size in sizes)

    @field_validator(*CRITERIA)
    @classmethod
    def _in_words(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            if not any(map(str.isalpha, value)):
                raise ValueError(f"says nothing in words: “{value[:40]}”")
        return values

    @model_validator(mode="after")
    def _few_criteria(self) -> CampaignSpec:
        said = [folded(criterion.text) for criterion in self.criteria]
        if len(said) > MOST_CRITERIA:
            raise PydanticCustomError("too_many_criteria", "too many criteria")
        if len(set(said)) < len(said):
            raise PydanticCustomError("criterion_twice", "a criterion stands there twice")
        return self

    @model_validator(mode="after")
    def _can_be_met(self) -> CampaignSpec:
        if self.independents_only and self.chains_only:
            raise PydanticCustomError("chains_and_none", "nothing is both")
        if self.with_website and self.without_website:
            raise PydanticCustomError("website_and_none", "nothing is both")
        return self

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """What is asked about each company, the most important first."""
        return tuple(Criterion(text, kind) for kind in Importance for text in getattr(self, kind))

    @property
    def budget_micros(self) -> int:
        """The budget in millionths of a US dollar."""
        return int(self.budget_usd * MICROS_PER_USD)

    @property
    def skips_known(self) -> bool:
        """Whether only companies that are new to the workspace become leads."""
        return self.known_companies is KnownCompanies.SKIP

    @property
    def refreshes(self) -> bool:
        """Whether look-ups ask anew what was answered before the order."""
        return self.known_companies is KnownCompanies.REFRESH

    @property
    def wants_ratings(self) -> bool:
        """Whether it demands what only a source with ratings states."""
        return self.min_rating is not None or self.min_reviews is not None

    @property
    def is_of_book(self) -> bool:
        """Whether its companies were chosen from the book."""
        return self.own_list is not None and LEAD_BOOK in self.sources

    @property
    def title(self) -> str:
        """How the campaign is called in lists: ``Cafe, bakery in Helsinki``."""
        if self.own_list:
            return self.location if self.is_of_book else f"List {self.location}"
        return f"{', '.join(self.business_types)} in {self.location}"


class CampaignStatus(StrEnum):
    """Where a campaign stands. The last four are final and written once."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self not in (CampaignStatus.PENDING, CampaignStatus.PROCESSING)


class Stage(StrEnum):
    """The steps of a campaign, in order: what each is called, and the percent of the progress bar it fills up to."""

    label: str
    until: int

    INITIALIZING = "initializing", "Getting ready", 10
    DISCOVERING = "discovering_businesses", "Finding businesses", 30
    SCORING = "scoring_businesses", "Scoring businesses", 50
    ENRICHING = "enriching_contacts", "Looking up contacts", 90
    STORING = "storing_results", "Saving results", 100

    def __new__(cls, value: str, label: str = "", until: int = 0) -> Stage:
        """A stage by its name in the database."""
        stage = str.__new__(cls, value)
        stage._value_, stage.label, stage.until = value, label, until
        return stage

    @property
    def percent(self) -> tuple[int, int]:
        """The share of the progress bar this stage fills, from and to."""
        before = [stage.until for stage in Stage if stage.until < self.until]
        return max(before, default=0), self.until

    def at(self, done: int, total: int) -> int:
        """Progress in percent when ``done`` of ``total`` units of this stage are finished."""
        start, end = self.percent
        return end if total <= 0 else start + (end - start) * min(done, total) // total
