"""One lead for programs: everything an export holds, by the names of the fields."""

from __future__ import annotations

from decimal import Decimal

from pipeline.campaign import MICROS_PER_USD
from pipeline.fields import BETWEEN, FIELDS, Field
from pipeline.output.export import ExportRow
from pipeline.qualification.criteria import ruled_out


def lead_json(row: ExportRow) -> dict[str, object]:
    """A row as JSON has it: a value that is not there is None, a field of several values a list."""
    return {
        "id": str(row.id),
        "name": row.name,
        "category": row.category,
        "tag": row.tag,
        **{field.name: _value(field, row.values.get(field.name)) for field in FIELDS},
        "email_status": row.email_status.value,
        "is_role_address": row.is_role_address if "email" in row.values else None,
        "confidence": row.confidence,
        "reach": row.reach,
        "chain": row.chain,
        "sources": list(row.sources),
        "source_records": list(row.source_refs),
        "observed_on": row.observed_on.isoformat() if row.observed_on else None,
        "why_empty": row.why_empty,
        "cost_usd": f"{Decimal(row.cost_micros) / MICROS_PER_USD:f}",
        "lat": row.lat,
        "lon": row.lon,
        "attribution": row.attribution,
        "criteria": [
            {
                "criterion": verdict.criterion,
                "importance": verdict.importance.value,
                "answer": verdict.answer.value,
                "quote": verdict.quote,
                "page": verdict.page,
                "why": verdict.why,
            }
            for verdict in row.verdicts
        ],
        "ruled_out": ruled_out(row.verdicts),
        "licence": row.licence,
    }


def _value(field: Field, value: str | None) -> str | list[str] | None:
    """A value, or the list of those of a field that holds several."""
    if field.is_several:
        return value.split(BETWEEN) if value else []
    return value
