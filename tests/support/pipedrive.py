"""A Pipedrive account: a local server that speaks the documented wire format of its API v2."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tests.support.crm_accounts import Account, Asked

_API = "/api/v2"
_CODES = {name: f"{number:040x}" for number, name in enumerate(("Domain", "Phone", "City", "About"), 1)}
_NAMES = {code: name for name, code in _CODES.items()}
_PAGE = 50
"""Objects of a page, below what is asked for."""


@dataclass(slots=True)
class Pipedrive(Account):
    """An account with four custom fields of organizations; ``won`` are the organizations of deals that were won."""

    SYSTEM: ClassVar[str] = "pipedrive"
    MAPPING: ClassVar[Mapping[str, str]] = {
        "name": "Name",
        "address": "Address",
        "domain": "Domain",
        "phone": "Phone",
        "city": "City",
        "description": "About",
    }
    CREATE: ClassVar[str] = "POST /api/v2/organizations"
    REFUSAL: ClassVar[str] = "Pipedrive did not take it: ERR_SCHEMA_VALIDATION_FAILED."

    won: list[str] = field(default_factory=list)

    @property
    def credentials(self) -> dict[str, str]:
        return {"host": "acme.pipedrive.com", "token": self.token}

    def customer(self, number: int, *, is_one: bool = True) -> None:
        id = self.company(name=f"Shop {number}", domain=f"https://www.cafe{number}.test/")
        self.won += [id] if is_one else []

    def writes(self) -> list[str]:
        return [line for line in self.asked if line.startswith(("POST", "PATCH"))]

    def told(self, asked: Asked) -> tuple[str, object]:
        if not asked.has("x-api-token", self.token):
            return "401 Unauthorized", {"success": False, "error": "unauthorized access", "errorCode": 401}
        what, _, rest = asked.path.removeprefix(f"{_API}/").partition("/")
        if asked.method == "GET":
            return "200 OK", self._read(what, rest, asked.query)
        if what == "organizations":
            return self._wrote(rest, asked.body)
        if rest:
            self.contacts[rest]["company"] = str(asked.body["org_id"])
            return "200 OK", _data(self._person(rest))
        (email,) = asked.body["emails"]
        id = self.contact(email["value"], str(asked.body["org_id"]))
        return "201 Created", _data(self._person(id))

    def _read(self, what: str, rest: str, query: Mapping[str, str]) -> object:
        if rest == "search":
            return _data(
                {"items": [{"result_score": 1.0, "item": each} for each in self._found(what, query)]}
            )
        if what == "organizationFields":
            return _data(_FIELDS)
        if what == "deals":
            assert query["status"] == "won"
            return self._page([{"id": int(id) + 1000, "org_id": int(id)} for id in self.won], query)
        ids = [id for id in query["ids"].split(",") if id in self.companies]
        return self._page([self._organization(id, query.get("custom_fields")) for id in ids], query)

    def _page(self, rows: list[dict[str, Any]], query: Mapping[str, str]) -> object:
        start = int(query.get("cursor", "0"))
        end = start + _PAGE
        cursor = str(end) if end < len(rows) else None
        return {"success": True, "data": rows[start:end], "additional_data": {"next_cursor": cursor}}

    def _found(self, what: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
        term, field_name = query["term"].casefold(), query["fields"]

        def hits(value: str) -> bool:
            there = value.casefold()
            return there == term if query.get("exact_match") == "true" else term in there

        if what == "persons":
            assert field_name in ("email", "phone")
            return [
                self._person(id)
                for id, values in reversed(self.contacts.items())
                if hits(values.get(field_name, ""))
            ]
        columns = {"name": ["Name"], "custom_fields": list(_CODES)}[field_name]
        return [
            {
                "id": int(id),
                "type": "organization",
                "name": values.get("Name", ""),
                "custom_fields": [values[name] for name in _CODES if values.get(name)],
            }
            for id, values in reversed(self.companies.items())
            if any(hits(values.get(name, "")) for name in columns)
        ]

    def _wrote(self, id: str, body: Mapping[str, Any]) -> tuple[str, object]:
        values = {_NAMES[code]: value for code, value in body.get("custom_fields", {}).items()}
        if "name" in body:
            values["Name"] = body["name"]
        if "address" in body:
            values["Address"] = body["address"]["value"]
        assert all(isinstance(value, str) for value in values.values())
        if self.refuses & set(values.values()):
            told = {"success": False, "error": "Validation failed", "code": "ERR_SCHEMA_VALIDATION_FAILED"}
            return "400 Bad Request", told
        if id:
            self.companies[id] |= values
            return "200 OK", _data(self._organization(id, None))
        return "201 Created", _data(self._organization(self.make(self.companies, values), None))

    def _organization(self, id: str, codes: str | None) -> dict[str, Any]:
        values = self.companies[id]
        shown = codes.split(",") if codes else list(_NAMES)
        return {
            "id": int(id),
            "name": values.get("Name", ""),
            "address": {"value": values["Address"]} if values.get("Address") else None,
            "is_deleted": False,
            "custom_fields": {code: values.get(_NAMES[code]) or None for code in shown},
        }

    def _person(self, id: str) -> dict[str, Any]:
        values = self.contacts[id]
        company = values.get("company")
        organization = {"id": int(company), "name": "x"} if company else None
        return {"id": int(id), "type": "person", "emails": [values["email"]], "organization": organization}


def _data(told: object) -> dict[str, Any]:
    return {"success": True, "data": told}


def _field(name: str, code: str, kind: str, *, is_custom: bool) -> dict[str, Any]:
    return {
        "field_name": name,
        "field_code": code,
        "field_type": kind,
        "is_custom_field": is_custom,
        "is_optional_response_field": False,
    }


_FIELDS = [
    _field("Name", "name", "varchar", is_custom=False),
    _field("Address", "address", "address", is_custom=False),
    *(
        _field(name, code, "phone" if name == "Phone" else "varchar", is_custom=True)
        for name, code in _CODES.items()
    ),
    _field("Size", "f" * 40, "double", is_custom=True),
]
