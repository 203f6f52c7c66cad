"""A HubSpot account: a local server that speaks the documented wire format, and fails as the real one may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from tests.support.crm_accounts import Account, Asked, Objects

MAPPING = {
    "name": "name",
    "domain": "domain",
    "website": "website",
    "phone": "phone",
    "street": "address",
    "city": "city",
    "postcode": "zip",
    "state": "state",
    "country": "country",
    "description": "description",
}
_CALCULATED = "hs_searchable"


@dataclass(slots=True)
class HubSpot(Account):
    """An account; ``traces``: whether answers say which request they are of."""

    SYSTEM: ClassVar[str] = "hubspot"
    MAPPING: ClassVar[Mapping[str, str]] = MAPPING
    CREATE: ClassVar[str] = "companies/batch/create"
    REFUSAL: ClassVar[str] = "HubSpot did not take it: VALIDATION_ERROR."

    traces: bool = True

    def customer(self, number: int, *, is_one: bool = True) -> None:
        id = self.company(name=f"Shop {number}", domain=f"cafe{number}.test")
        self.companies[id]["lifecyclestage"] = "customer" if is_one else "lead"

    def writes(self) -> list[str]:
        return [line for line in self.asked if line.endswith(("/create", "/update"))]

    def told(self, asked: Asked) -> tuple[str, object]:
        if not asked.has("authorization", f"Bearer {self.token}"):
            return "401 Unauthorized", {"category": "INVALID_AUTHENTICATION"}
        return self._told(asked.path, asked.body)

    def _told(self, path: str, body: Mapping[str, Any]) -> tuple[str, object]:
        of = self.contacts if "/objects/contacts" in path else self.companies
        if path == "/crm/v3/properties/companies":
            read_only = {"name": _CALCULATED, "modificationMetadata": {"readOnlyValue": True}}
            return "200 OK", {"results": [*({"name": name} for name in MAPPING.values()), read_only]}
        if path.endswith("/search"):
            return "200 OK", self._searched(of, body)
        if path.endswith("/batch/read"):
            ids = [each["id"] for each in body["inputs"]]
            return "200 OK", {"results": [_object(of, id) for id in ids if id in of]}
        if path.endswith("associations/contacts/companies/batch/create"):
            for each in body["inputs"]:
                self.contacts[each["from"]["id"]]["company"] = each["to"]["id"]
            return "201 Created", {"results": body["inputs"]}
        if path.endswith("/batch/update"):
            for each in body["inputs"]:
                of[each["id"]] |= each["properties"]
            return "200 OK", {"results": [_object(of, each["id"]) for each in body["inputs"]]}
        assert path.endswith("/batch/create"), path
        return self._created(of, body["inputs"])

    def _created(self, of: Objects, inputs: list[dict[str, Any]]) -> tuple[str, object]:
        bad = [each for each in inputs if self.refuses & set(each["properties"].values())]
        told: dict[str, Any] = {"status": "COMPLETE", "results": []}
        if bad and not self.traces:
            return "400 Bad Request", {"status": "error", "category": "VALIDATION_ERROR"}
        for each in inputs:
            if each in bad:
                continue
            values = dict(each["properties"])
            if each.get("associations"):
                values["company"] = each["associations"][0]["to"]["id"]
            made = _object(of, self.make(of, values))
            told["results"].append(
                {**made, **({"objectWriteTraceId": each["objectWriteTraceId"]} if self.traces else {})}
            )
        if bad:
            told["numErrors"] = len(bad)
            told["errors"] = [
                {
                    "status": "error",
                    "category": "VALIDATION_ERROR",
                    "message": "Property values were not valid",
                    "context": {"objectWriteTraceId": [each["objectWriteTraceId"]]},
                }
                for each in bad
            ]
        return ("207 Multi-Status" if bad else "201 Created"), told

    def _searched(self, of: Objects, body: Mapping[str, Any]) -> object:
        (group,) = body["filterGroups"]
        ids = [
            id
            for id in of
            if all(_matches({**of[id], "hs_object_id": id}, each) for each in group["filters"])
        ]
        start = int(body.get("after") or 0)
        page = sorted(ids, key=int)[start : start + body["limit"]]
        told: dict[str, Any] = {"total": len(ids), "results": [_object(of, id) for id in page]}
        if start + len(page) < len(ids):
            told["paging"] = {"next": {"after": str(start + len(page))}}
        return told


def _object(of: Objects, id: str) -> dict[str, object]:
    values = {**of[id], "associatedcompanyid": of[id].get("company", ""), "hs_object_id": id}
    return {"id": id, "properties": values, "archived": False}


def _matches(values: Mapping[str, str], asked: Mapping[str, Any]) -> bool:
    there = values.get(asked["propertyName"], "").casefold()
    if asked["operator"] == "IN":
        return there in list[str](asked["values"])
    if asked["operator"] == "GT":
        return int(there) > int(asked["value"])
    return there == str(asked["value"])
