"""A lead as programs see it: everything an export holds, by the names of the fields."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import WithJsonSchema

from api.v1.paging import Page
from pipeline.fields import FIELDS, Field
from pipeline.lead import EmailStatus
from pipeline.output.export import ExportRow
from pipeline.output.lead_json import lead_json
from pipeline.qualification.criteria import Answer, Importance

_TEXT = {"type": ["string", "null"]}
_TEXTS = {"type": "array", "items": {"type": "string"}}
_PERCENT = {"type": ["integer", "null"], "minimum": 0, "maximum": 100}
_SEEN = {
    "phone": "+358401234567",
    "website": "https://cafe.example.com",
    "email": "info@cafe.example.com",
    "city": "Helsinki",
}
EXAMPLE: dict[str, Any] = {
    "id": "01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e91",
    "name": "Café Example",
    "category": "Café",
    "tag": "amenity=cafe",
    **{field.name: [] if field.is_several else _SEEN.get(field.name) for field in FIELDS},
    "email_status": "unverified",
    "is_role_address": True,
    "confidence": 78,
    "reach": 64,
    "chain": None,
    "sources": ["OpenStreetMap"],
    "source_records": ["node/1"],
    "observed_on": "2026-10-01",
    "why_empty": "",
    "cost_usd": "0",
    "lat": 60.17,
    "lon": 24.94,
    "attribution": "© OpenStreetMap contributors, https://www.openstreetmap.org/copyright",
    "licence": "Open Database License (ODbL) 1.0, https://opendatacommons.org/licenses/odbl/1-0/",
    "criteria": [
        {
            "criterion": "has its own kitchen",
            "importance": "must_have",
            "answer": "yes",
            "quote": "Everything is baked in our own kitchen.",
            "page": "https://cafe.example.com/about",
            "why": "Found by words and phrases.",
        }
    ],
    "ruled_out": None,
}
_VERDICT: dict[str, Any] = {
    "type": "object",
    "description": "What the company's own website says to a criterion of the order: the sentence it rests on stands on"
    " the page as it is. Where nothing is said, why.",
    "properties": {
        "criterion": {"type": "string"},
        "importance": {"type": "string", "enum": [importance.value for importance in Importance]},
        "answer": {"type": "string", "enum": [answer.value for answer in Answer]},
        "quote": _TEXT,
        "page": _TEXT,
        "why": {"type": "string"},
    },
    "required": ["criterion", "importance", "answer", "quote", "page", "why"],
    "additionalProperties": False,
}


def _of(field: Field) -> dict[str, Any]:
    return {**(_TEXTS if field.is_several else _TEXT), "description": field.label}


_PROPERTIES: dict[str, Any] = {
    "id": {"type": "string", "format": "uuid"},
    "name": _TEXT,
    "category": {"type": "string"},
    "tag": {"type": "string"},
    **{field.name: _of(field) for field in FIELDS},
    "email_status": {"type": "string", "enum": [status.value for status in EmailStatus]},
    "is_role_address": {"type": ["boolean", "null"]},
    "confidence": {**_PERCENT, "type": "integer"},
    "reach": _PERCENT,
    "chain": _TEXT,
    "sources": _TEXTS,
    "source_records": _TEXTS,
    "observed_on": {"type": ["string", "null"], "format": "date"},
    "why_empty": {"type": "string"},
    "cost_usd": {"type": "string"},
    "lat": {"type": ["number", "null"]},
    "lon": {"type": ["number", "null"]},
    "attribution": {"type": "string"},
    "criteria": {"type": "array", "items": _VERDICT},
    "ruled_out": {**_TEXT, "description": "Why its website says that it is not what was asked for."},
    "licence": {"type": "string"},
}
SCHEMA: dict[str, Any] = {
    "title": "Lead",
    "description": "A business; null is what nobody knows, and `why_empty` says why. Values whose provider does not let"
    " them leave are null, too.",
    "type": "object",
    "properties": _PROPERTIES,
    "required": list(_PROPERTIES),
    "additionalProperties": False,
    "examples": [EXAMPLE],
}
Lead = Annotated[dict[str, Any], WithJsonSchema(SCHEMA)]


class Leads(Page):
    """Leads of a campaign; ``matching`` counts those the filter lets through, ``total`` all of them."""

    items: tuple[Lead, ...]
    matching: int
    total: int


def of(row: ExportRow) -> dict[str, Any]:
    """A lead as it may leave."""
    return lead_json(row)
