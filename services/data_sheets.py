"""The facts of a data sheet: what the leads of a file are made of, and what the installation and workspace say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter

import settings
from pipeline.output import data_sheet
from pipeline.output.credits import Credit, attributions, credits_of, licences
from pipeline.output.data_sheet import Granted, Line, SheetFacts
from pipeline.providers.registry import registry
from services import export_terms
from services.identity import Person
from services.leaving import fields_that_stay
from store import privacy_notes
from store.database import Connection
from store.leads import StoredLead

_granted = attrgetter("source", "licence", "attribution")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """Who takes leads, from which workspace, and what it says of the legal basis of its work."""

    workspace: str
    exported_by: str
    legal_basis: str


class Tally:
    """What a file says of its leads, counted while they go by. ``kept_here`` are origins whose values stay."""

    def __init__(self, kept_here: frozenset[str]) -> None:
        self.kept_here = kept_here
        self.rows = self.withheld = 0
        self._granted: set[Granted] = set()
        self._credits: dict[Credit, None] = {}
        self._first: date | None = None
        self._last: date | None = None

    def see(self, lead: StoredLead) -> None:
        """Count one more lead."""
        self.rows += 1
        business = lead.business
        self.withheld += bool(fields_that_stay(business, self.kept_here))
        self._granted.update(map(_granted, business.provenance.values()))
        self._granted.update([_granted(contact.origin) for contact in lead.lead.contacts])
        self._granted.update(map(_granted, business.origins))
        self._credits.update(dict.fromkeys(credits_of(business.origins)))
        for origin in business.origins:
            if day := origin.observed_on:
                self._first = min(self._first or day, day)
                self._last = max(self._last or day, day)

    @property
    def granted(self) -> tuple[Granted, ...]:
        """The sources of all values, and under what terms their records are."""
        return tuple(sorted(self._granted, key=lambda each: tuple(part or "" for part in each)))

    @property
    def attribution(self) -> str:
        """Whom to credit for the companies, in one line."""
        return attributions(self._credits)

    @property
    def licence(self) -> str:
        """The licences they are under, in one line."""
        return licences(self._credits)

    @property
    def withheld_by(self) -> tuple[str, ...]:
        """What people call the origins whose values stay."""
        return tuple(registry().origin_label(origin) for origin in sorted(self.kept_here))

    @property
    def observed(self) -> tuple[date, ...]:
        """The first and the last day a record was observed."""
        return tuple(day for day in (self._first, self._last) if day)


def taken_by(conn: Connection, person: Person) -> Taking:
    """A person who takes leads."""
    basis = privacy_notes.get(conn, person.workspace_id)
    return Taking(workspace=person.workspace_name, exported_by=person.email, legal_basis=basis)


def lines(
    conn: Connection,
    person: Person,
    campaign: str,
    found: Sequence[StoredLead],
    filtered_by: str,
    at: datetime,
) -> list[Line]:
    """The data sheet of a file with these leads of a campaign, taken at a moment by a person."""
    tally = Tally(export_terms.withheld_as_of(conn))
    for lead in found:
        tally.see(lead)
    return of_tally(taken_by(conn, person), campaign, filtered_by, tally, at)


def of_tally(taking: Taking, title: str, filtered_by: str, tally: Tally, at: datetime) -> list[Line]:
    """The data sheet of a file whose leads were counted."""
    values = settings.get().provider_values()
    return data_sheet.lines(
        SheetFacts(
            workspace=taking.workspace,
            exported_by=taking.exported_by,
            exported_at=at,
            campaign=title,
            filtered_by=filtered_by,
            rows=tally.rows,
            granted=tally.granted,
            observed=tally.observed,
            withheld=tally.withheld,
            withheld_by=tally.withheld_by,
            retained_days={
                origin: int(values[name]) for origin, name in registry().retained_briefly().items()
            },
            leads_days=settings.get().lead_retention_days,
            legal_basis=taking.legal_basis,
        )
    )
