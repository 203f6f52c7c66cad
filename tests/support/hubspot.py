"""A HubSpot account: a local server that speaks the documented wire format, and fails as the real one may."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.support.wire import Wire, plain, wire

TOKEN = "pat-eu1-right"
PROPERTIES = (
    "name",
    "domain",
    "website",
    "phone",
    "address",
    "city",
    "zip",
    "state",
    "country",
    "description",
)
_CALCULATED = "hs_searchable"
Objects = dict[str, dict[str, str]]


@dataclass(slots=True)
class Account:
    """What is in it. ``refuses``: names HubSpot holds to be wrong; ``faults`` happen to the next requests whose path
    ends so: a status with headers, or ``lost``: done, and no answer."""

    token: str = TOKEN
    companies: Objects = field(default_factory=dict)
    contacts: Objects = field(default_factory=dict)
    refuses: set[str] = field(default_factory=set)
    faults: list[tuple[str, str]] = field(default_factory=list)
    traces: bool = True
    next_id: int = 100
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def company(self, **values: str) -> str:
        """Somebody typed a company; its id."""
        return self._make(self.companies, values)

    def contact(self, **values: str) -> str:
        """Somebody typed a contact; its id."""
        return self._make(self.contacts, values)

    def writes(self) -> list[str]:
        """The paths of what was written."""
        return [path for path in self.asked if path.endswith(("/create", "/update"))]

    def answer(self, connection: socket.socket, request: bytes) -> None:
        """Answer a request."""
        head, _, content = request.partition(b"\r\n\r\n")
        path = head.decode().split(" ")[1]
        self.asked.append(path)
        fault = next((each for each in self.faults if path.endswith(each[0])), None)
        if fault:
            self.faults.remove(fault)
            if fault[1] != "lost":
                status, *headers = fault[1].split("; ")
                plain('{"status": "error"}', status, *headers)(connection, request)
                return
        if f"authorization: bearer {self.token}" not in head.decode().lower():
            plain('{"category": "INVALID_AUTHENTICATION"}', "401 Unauthorized")(connection, request)
            return
        status, told = self._told(path, json.loads(content) if content else {})
        if fault is None:
            plain(json.dumps(told), status)(connection, request)

    def _told(self, path: str, body: Mapping[str, Any]) -> tuple[str, object]:
        of = self.contacts if "/objects/contacts" in path else self.companies
        if path == "/crm/v3/properties/companies":
            read_only = {"name": _CALCULATED, "modificationMetadata": {"readOnlyValue": True}}
            return "200 OK", {"results": [*({"name": name} for name in PROPERTIES), read_only]}
        if path.endswith("/search"):
            return "200 OK", self._searched(of, body)
        if path.endswith("/batch/read"):
            ids = [each["id"] for each in body["inputs"]]
            return "200 OK", {"results": [_object(of, id) for id in ids if id in of]}
        if path.endswith("associations/contacts/companies/batch/create"):
            for each in body["inputs"]:
                self.contacts[each["from"]["id"]]["associatedcompanyid"] = each["to"]["id"]
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
                values["associatedcompanyid"] = each["associations"][0]["to"]["id"]
            made = _object(of, self._make(of, values))
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

    def _make(self, of: Objects, values: Mapping[str, str]) -> str:
        self.next_id += 1
        of[str(self.next_id)] = dict(values)
        return str(self.next_id)


@contextmanager
def hubspot() -> Iterator[Account]:
    """A running one."""
    account = Account()
    with wire(account.answer) as server:
        account.url = _url(server)
        yield account


def _url(server: Wire) -> str:
    return server.url


def _object(of: Objects, id: str) -> dict[str, object]:
    return {"id": id, "properties": {**of[id], "hs_object_id": id}, "archived": False}


def _matches(values: Mapping[str, str], asked: Mapping[str, Any]) -> bool:
    there = values.get(asked["propertyName"], "").casefold()
    if asked["operator"] == "IN":
        return there in list[str](asked["values"])
    if asked["operator"] == "GT":
        return int(there) > int(asked["value"])
    return there == str(asked["value"])
