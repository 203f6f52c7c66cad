"""A Salesforce org: a local server that speaks the documented wire format of its REST API, with a part of SOQL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from tests.support.crm_accounts import Account, Asked, Objects

_DATA = "/services/data/v67.0"
_QUERY = re.compile(
    r"SELECT (?P<fields>[\w, ]+) FROM (?P<what>\w+) WHERE (?P<where>.+) ORDER BY (?:CreatedDate, )?Id(?: LIMIT \d+)?"
)
_CONDITION = re.compile(r"(?P<field>\w+) (?P<by>=|LIKE) '(?P<value>(?:[^'\\]|\\.)*)'(?P<more> OR )?")
_PAGE = 50
"""Records of a page, below what a real one holds."""


@dataclass(slots=True)
class Salesforce(Account):
    """An org with a client; ``session`` is the access token that counts, ``code`` why names
    in ``refuses`` fail, ``limited``: whether the requests of a day are used up."""

    SYSTEM: ClassVar[str] = "salesforce"
    MAPPING: ClassVar[Mapping[str, str]] = {
        "name": "Name",
        "domain": "Website",
        "phone": "Phone",
        "street": "BillingStreet",
        "city": "BillingCity",
        "description": "Description",
    }
    CREATE: ClassVar[str] = "POST /services/data/v67.0/composite/sobjects"
    REFUSAL: ClassVar[str] = (
        "Salesforce did not take it: a duplicate rule there holds it for one that is there (DUPLICATES_DETECTED)."
    )

    code: str = "DUPLICATES_DETECTED"
    session: str = "none"
    limited: bool = False
    queries: list[str] = field(default_factory=list)
    pages: list[list[dict[str, Any]]] = field(default_factory=list)

    @property
    def credentials(self) -> dict[str, str]:
        return {
            "host": "https://acme.my.salesforce.com/",
            "client_id": "a-consumer-key",
            "client_secret": self.token,
        }

    def customer(self, number: int, *, is_one: bool = True) -> None:
        id = self.company(name=f"Shop {number}", domain=f"https://www.cafe{number}.test/")
        self.companies[id]["Type"] = "Customer - Direct" if is_one else "Prospect"

    def writes(self) -> list[str]:
        return [line for line in self.asked if line.endswith("/composite/sobjects")]

    def told(self, asked: Asked) -> tuple[str, object]:
        if asked.path == "/services/oauth2/token":
            return self._signed_in(dict(parse_qsl(asked.content.decode())))
        if not asked.has("authorization", f"Bearer {self.session}"):
            return "401 Unauthorized", _error("INVALID_SESSION_ID")
        if self.limited:
            return "403 Forbidden", _error("REQUEST_LIMIT_EXCEEDED")
        rest = asked.path.removeprefix(f"{_DATA}/")
        if rest == "sobjects/Account/describe":
            return "200 OK", {"name": "Account", "fields": _FIELDS}
        if rest == "query":
            return self._queried(asked.query["q"])
        if rest.startswith("query/"):
            return "200 OK", self._paged(int(rest.rpartition("-")[2]))
        assert (rest, asked.body["allOrNone"]) == ("composite/sobjects", False)
        records = asked.body["records"]
        assert len(records) <= 200
        return "200 OK", [self._saved(asked.method, dict(record)) for record in records]

    def _signed_in(self, form: Mapping[str, str]) -> tuple[str, object]:
        assert form["grant_type"] == "client_credentials"
        if (form["client_id"], form["client_secret"]) != ("a-consumer-key", self.token):
            return "400 Bad Request", {
                "error": "invalid_client",
                "error_description": "invalid client credentials",
            }
        self.session = f"session-{len(self.asked)}"
        told = {
            "access_token": self.session,
            "instance_url": "https://acme.my.salesforce.com",
            "token_type": "Bearer",
        }
        return "200 OK", told

    def _queried(self, soql: str) -> tuple[str, object]:
        self.queries.append(soql)
        query = _QUERY.fullmatch(soql)
        conditions = list(_CONDITION.finditer(query["where"])) if query else []
        if not query or "".join(each[0] for each in conditions) != query["where"]:
            return "400 Bad Request", _error("MALFORMED_QUERY")
        fields = query["fields"].split(", ")
        rows = [
            {"attributes": {"type": query["what"]}, **{name: record.get(name) for name in fields}}
            for record in self._records(query["what"])
            if any(_meets(record, each) for each in conditions)
        ]
        self.pages = [rows[start : start + _PAGE] for start in range(0, len(rows), _PAGE)] or [[]]
        return "200 OK", self._paged(0)

    def _paged(self, number: int) -> object:
        told: dict[str, Any] = {
            "totalSize": sum(map(len, self.pages)),
            "done": True,
            "records": self.pages[number],
        }
        if number + 1 < len(self.pages):
            told |= {"done": False, "nextRecordsUrl": f"{_DATA}/query/01g000000000001-{number + 1}"}
        return told

    def _records(self, what: str) -> list[dict[str, str]]:
        if what == "Account":
            return [{**values, "Id": id} for id, values in self.companies.items()]
        return [
            {"Id": id, "Email": values["email"], "AccountId": values.get("company", "")}
            for id, values in self.contacts.items()
        ]

    def _saved(self, method: str, record: dict[str, Any]) -> dict[str, Any]:
        what = record.pop("attributes")["type"]
        of: Objects = self.companies if what == "Account" else self.contacts
        if self.refuses & set(record.values()):
            return {"success": False, "errors": [{"statusCode": self.code, "message": "No.", "fields": []}]}
        id = record.pop("id", "")
        assert (method == "PATCH") == bool(id)
        if what == "Contact":
            assert id or record.pop("LastName")
            record = {
                {"Email": "email", "AccountId": "company"}[name]: value for name, value in record.items()
            }
        else:
            assert record.keys() <= {each["name"] for each in _FIELDS if each["createable"]}
        if id:
            of[id] |= record
        return {"id": id or self.make(of, record), "success": True, "errors": []}


def _error(code: str) -> list[dict[str, str]]:
    return [{"message": "No.", "errorCode": code}]


def _meets(record: Mapping[str, str], condition: re.Match[str]) -> bool:
    there = record.get(condition["field"], "").casefold()
    value = condition["value"].casefold()
    if condition["by"] == "=":
        return there == re.sub(r"\\(.)", r"\1", value)
    parts = re.split(r"(\\.|%|_)", value)
    pattern = {"%": ".*", "_": "."}
    return bool(
        re.fullmatch("".join(pattern.get(part, re.escape(part.removeprefix("\\"))) for part in parts), there)
    )


def _field(name: str, kind: str, *, is_written: bool = True) -> dict[str, Any]:
    return {"name": name, "type": kind, "createable": is_written, "updateable": is_written}


_FIELDS = [
    _field("Id", "id", is_written=False),
    _field("CreatedDate", "datetime", is_written=False),
    _field("NumberOfEmployees", "int"),
    _field("Website", "url"),
    _field("Phone", "phone"),
    _field("Description", "textarea"),
    _field("Type", "picklist"),
    *(
        _field(name, "string")
        for name in ("Name", "BillingCity", "BillingPostalCode", "BillingState", "BillingCountry")
    ),
    _field("BillingStreet", "textarea"),
]
