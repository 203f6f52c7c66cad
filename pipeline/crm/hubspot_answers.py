"""What HubSpot's answers say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.crm.adapter import Customer, Known, Refused
from pipeline.crm.hubspot_http import objects_of
from pipeline.crm.wire import text_of

CUSTOMER_FIELDS = ("name", "domain", "phone", "city", "zip", "country")
"""The properties a customer is known by again."""
REFUSED = "HubSpot did not take it: {category}."


def made(told: Mapping[str, Any], sent: Mapping[str, Mapping[str, str]]) -> dict[str, str | Refused]:
    """Those that were made, by what they were traced by."""
    ids: dict[str, str | Refused] = {}
    for row in objects_of(told):
        key = text_of(row, "objectWriteTraceId") or _alike(row, sent, ids)
        if key in sent and text_of(row, "id"):
            ids[key] = text_of(row, "id")
    return ids


def refused(told: Mapping[str, Any], sent: Mapping[str, Mapping[str, str]]) -> dict[str, str | Refused]:
    """What a batch that was done in part (207) says of the others."""
    found: dict[str, str | Refused] = {}
    for problem in objects_of(told, "errors"):
        context = problem.get("context")
        traced = context.get("objectWriteTraceId") if isinstance(context, Mapping) else None
        why = Refused(why=REFUSED.format(category=text_of(problem, "category") or "without a reason"))
        found |= {str(key): why for key in (traced if isinstance(traced, list) else [traced]) if key in sent}
    return found


def _alike(row: Mapping[str, Any], sent: Mapping[str, Mapping[str, str]], taken: Mapping[str, object]) -> str:
    """Whose answer it is that bears no trace: the only one all of whose values it repeats."""
    told = {name: value.casefold() for name, value in known(row).values.items()}
    keys = [
        key
        for key, values in sent.items()
        if key not in taken and all(told.get(name) == value.casefold() for name, value in values.items())
    ]
    return keys[0] if len(keys) == 1 else ""


def is_read_only(metadata: object) -> bool:
    """Whether a property cannot be written."""
    return isinstance(metadata, Mapping) and bool(metadata.get("readOnlyValue"))


def following(page: Mapping[str, Any]) -> str | None:
    """Where the next page of a search begins; None on the last."""
    paging = page.get("paging")
    behind = paging.get("next") if isinstance(paging, Mapping) else None
    return (text_of(behind, "after") or None) if isinstance(behind, Mapping) else None


def known(row: Mapping[str, Any]) -> Known:
    """An object as it stands there."""
    values = row.get("properties")
    given = values if isinstance(values, Mapping) else {}
    return Known(id=text_of(row, "id"), values={name: str(value) for name, value in given.items() if value})


def customer(row: Mapping[str, Any]) -> Customer:
    """A company as a customer."""
    there = known(row)
    given = {name: there.values.get(name, "") for name in CUSTOMER_FIELDS}
    return Customer(id=there.id, postcode=given.pop("zip"), **given)
