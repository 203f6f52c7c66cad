"""The data sheet of an export: where its data is from, under which terms, for how long, and on what legal basis."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from pipeline.output.credits import credit
from pipeline.output.notices import counted, ranged
from pipeline.providers.registry import registry

Line = tuple[str, str]
Granted = tuple[str, str | None, str | None]
"""A source of values, and the licence and the attribution its records say of themselves."""
NO_NOTE = "Nobody has stated it yet; an admin of the workspace can, on the page Privacy."


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFacts:
    """What a data sheet is made from. ``granted`` are the sources of the values in the file; ``retained_days`` says of
    some for how many days their values may be kept; ``leads_days`` how long leads are kept, 0 for until deleted."""

    workspace: str
    exported_by: str
    exported_at: datetime
    campaign: str
    filtered_by: str
    rows: int
    granted: Sequence[Granted]
    observed: Sequence[date]
    withheld: int
    withheld_by: Sequence[str]
    retained_days: Mapping[str, int]
    leads_days: int
    legal_basis: str


def lines(facts: SheetFacts) -> list[Line]:
    """The sheet as titles and values."""
    return [*_lines(facts)]


def as_json(sheet: Sequence[Line]) -> bytes:
    """The sheet for programs; titles in their order, each with its values."""
    told: dict[str, list[str]] = {}
    for title, value in sheet:
        told.setdefault(title, []).append(value)
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


def as_text(sheet: Sequence[Line]) -> bytes:
    """The sheet for people."""
    return "".join(f"{title}: {value}\n" for title, value in sheet).encode()


def _lines(facts: SheetFacts) -> Iterator[Line]:
    yield "Data sheet of", f"{facts.campaign}, {counted(facts.rows, 'lead')}"
    yield "Workspace", facts.workspace
    yield "Exported", f"{facts.exported_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC by {facts.exported_by}"
    yield "Filter", facts.filtered_by
    for granted in facts.granted:
        yield "Source", _source(granted, facts.retained_days.get(granted[0]))
    if facts.observed:
        first, last = min(facts.observed).isoformat(), max(facts.observed).isoformat()
        yield "Observed", ranged(first, last, " to ")
    if facts.withheld:
        who = " and ".join(facts.withheld_by)
        yield (
            "Withheld",
            f"values only {who} gave, of {counted(facts.withheld, 'lead')}: the terms there restrict it",
        )
    else:
        yield "Withheld", "nothing"
    yield (
        "Kept here",
        f"leads for {facts.leads_days} days" if facts.leads_days else "leads until they are deleted",
    )
    yield "Legal basis", facts.legal_basis or NO_NOTE
    yield (
        "People's rights",
        "Addresses and phone numbers may be personal data. Who asks what is held or to be erased is answered on the"
        " page Privacy; delete them from this file, too.",
    )


def _source(granted: Granted, days: int | None) -> str:
    origin = granted[0]
    terms, asked = registry().terms(origin), credit(*granted)
    parts = [registry().origin_label(origin)]
    if asked.licence:
        parts.append(f"licence: {asked.licence}")
    if terms.credit:
        parts.append(f"attribution: {asked.attribution}")
    if terms.url:
        parts.append(f"terms: {terms.url}")
    if days is not None:
        parts.append(f"values only it gave may be kept for {counted(days, 'day')}")
    return "; ".join(parts)
