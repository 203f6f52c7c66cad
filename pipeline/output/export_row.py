"""One lead as it is taken away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pipeline.lead import EmailStatus, street_line
from pipeline.qualification.criteria import Verdict

SIMULATED = "SIMULATED"
"""Stands before the name, in a column of its own and in the file's name when a stand-in gave the contacts."""


# Not frozen: each lead of a file makes one, and freezing takes longer than all else about it.
@dataclass(slots=True, kw_only=True)
class ExportRow:
    """One lead as exported. ``category``, ``sources`` and ``why_empty`` are already words for people.

    ``values`` are those of the fields of ``pipeline.fields``, by name; one that is empty or must not leave is missing.
    ``attribution`` and ``licence`` are those of all records it was made from. ``id`` is the lead's, ``tag`` that of its
    category.
    """

    name: str | None
    category: str
    values: Mapping[str, str]
    email_status: EmailStatus
    is_role_address: bool
    confidence: int
    sources: tuple[str, ...]
    why_empty: str
    lat: float | None
    lon: float | None
    source_refs: tuple[str, ...]
    observed_on: date | None
    attribution: str = ""
    licence: str = ""
    email_source: str | None = None
    cost_micros: int = 0
    is_simulated: bool = False
    reach: int | None = None
    chain: str | None = None
    id: UUID | None = None
    tag: str = ""
    verdicts: tuple[Verdict, ...] = ()

    @property
    def street(self) -> str | None:
        """The street line of the address, without postcode and city."""
        return self.values.get("street") or street_line(
            *(self.values.get(name) for name in ("address", "postcode", "city"))
        )

    @property
    def shown_name(self) -> str | None:
        """The name, which says of simulated contacts that they are."""
        return f"{SIMULATED} {self.name or ''}".strip() if self.is_simulated else self.name
