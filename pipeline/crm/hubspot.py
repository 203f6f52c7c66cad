"""HubSpot: companies and contacts by its CRM API v3, with the token of a private app.

Shapes: https://developers.hubspot.com/docs/api-reference/crm-companies-v3/guide, of searches
https://developers.hubspot.com/docs/api-reference/search/guide, of errors and partly done batches (207, told apart by
``objectWriteTraceId``) https://developers.hubspot.com/docs/api-reference/error-handling.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from pipeline.crm import hubspot_answers as answers
from pipeline.crm.adapter import MOST_CUSTOMERS, Access, Customer, Field, Kind, Known, Outgoing, Refused
from pipeline.crm.hubspot_http import Http, objects_of
from pipeline.crm.matching import made_already, spellings
from pipeline.crm.wire import Rejected, text_of
from pipeline.money.calls import Json

_COMPANIES, _CONTACTS = "/crm/v3/objects/companies", "/crm/v3/objects/contacts"
_PAGE = 100
_CONTACT_TO_COMPANY = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}


class HubSpot:
    """An account of HubSpot."""

    def __init__(self, access: Access) -> None:
        self._http = Http(access)

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def properties(self) -> frozenset[str]:
        """The properties of companies that can be written."""
        found = objects_of(self._http.get("/crm/v3/properties/companies"))
        return frozenset(
            text_of(each, "name")
            for each in found
            if not (each.get("calculated") or answers.is_read_only(each.get("modificationMetadata")))
        )

    def find(self, wanted: Sequence[Outgoing], names: Sequence[str]) -> dict[str, Known]:
        """Those that are there already: by id, domain, e-mail address, phone, all values, in this order."""
        found: dict[str, Known] = {}
        known = {one.known_id: one for one in wanted if one.known_id}
        for there in self._read(list(known), names):
            found[known[there.id].key] = there
        for one in self._by(wanted, found, names, "domain", lambda one: [one.domain] if one.domain else []):
            found.setdefault(*one)
        found.update(self._by_email([one for one in wanted if one.key not in found and one.email], names))
        for one in self._by(wanted, found, names, "phone", lambda one: spellings(one.phone or "")):
            found.setdefault(*one)
        new = [one for one in wanted if one.key not in found]
        rows = self._search(
            _COMPANIES, "name", list({one.name.casefold() for one in new if one.name}), [*names, "name"]
        )
        alike = [answers.known(row) for row in rows]
        return found | made_already(new, alike, lambda known: known.values.get("name", ""))

    def create(self, wanted: Sequence[Outgoing]) -> dict[str, str | Refused]:
        """Make companies, in one batch while HubSpot takes it as one."""
        inputs = [{"properties": dict(one.values), "objectWriteTraceId": one.key} for one in wanted]
        return self._made(_COMPANIES, inputs, {one.key: one.values for one in wanted})

    def update(self, changes: Mapping[str, Mapping[str, str]]) -> dict[str, Refused]:
        """Write values of companies, in one batch while HubSpot takes it as one."""
        if not changes:
            return {}
        inputs: list[Json] = [{"id": id, "properties": dict(values)} for id, values in changes.items()]
        try:
            self._http.post(f"{_COMPANIES}/batch/update", {"inputs": inputs})
        except Rejected as error:
            if len(changes) == 1:
                return dict.fromkeys(changes, Refused(why=answers.REFUSED.format(category=error.category)))
            parts = (self.update({id: values}) for id, values in changes.items())
            return {id: why for part in parts for id, why in part.items()}
        return {}

    def contacts(self, wanted: Mapping[str, Outgoing]) -> dict[str, str | Refused]:
        """Make a contact with each address, or join the one that has it to the company."""
        if not wanted:
            return {}
        there = {
            email: contact for email, contact, _ in self._contacts([one.email for one in wanted.values()])
        }
        joined = {
            company: (one.key, there[email])
            for company, one in wanted.items()
            if (email := (one.email or "").casefold()) in there
        }
        if joined:
            inputs: list[Json] = [
                {"from": {"id": contact}, "to": {"id": company}, "type": "contact_to_company"}
                for company, (_, contact) in joined.items()
            ]
            self._http.post("/crm/v3/associations/contacts/companies/batch/create", {"inputs": inputs})
        new = {company: one for company, one in wanted.items() if company not in joined}
        contacts: list[dict[str, Any]] = [
            {
                "properties": {"email": one.email},
                "associations": [{"to": {"id": company}, "types": [_CONTACT_TO_COMPANY]}],
                "objectWriteTraceId": one.key,
            }
            for company, one in new.items()
        ]
        made = self._made(_CONTACTS, contacts, {one.key: {"email": one.email or ""} for one in new.values()})
        return {**dict(joined.values()), **made}

    def customers(self) -> list[Customer]:
        """Companies whose stage is customer. A search gives no more than ten thousand, so each page begins behind the
        last id."""
        found: list[Customer] = []
        last = "0"
        while len(found) < MOST_CUSTOMERS:
            filters = [
                {"propertyName": "lifecyclestage", "operator": "EQ", "value": "customer"},
                {"propertyName": "hs_object_id", "operator": "GT", "value": last},
            ]
            page = self._http.post(
                f"{_COMPANIES}/search",
                {
                    "filterGroups": [{"filters": filters}],
                    "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
                    "properties": list(answers.CUSTOMER_FIELDS),
                    "limit": _PAGE,
                },
            )
            rows = objects_of(page)
            found += [answers.customer(row) for row in rows]
            if len(rows) < _PAGE:
                break
            last = text_of(rows[-1], "id")
        return found[:MOST_CUSTOMERS]

    def _by(
        self,
        wanted: Sequence[Outgoing],
        found: Mapping[str, Known],
        names: Sequence[str],
        by: str,
        values: Any,  # noqa: ANN401 - a function of Outgoing
    ) -> Iterator[tuple[str, Known]]:
        """Companies by a property of theirs, for whoever was not found; of several the oldest."""
        keys = {value.casefold(): one.key for one in wanted if one.key not in found for value in values(one)}
        for row in self._search(_COMPANIES, by, list(keys), [*names, by]):
            there = answers.known(row)
            key = keys.get(there.values.get(by, "").casefold())
            if key:
                yield key, there

    def _by_email(self, wanted: Sequence[Outgoing], names: Sequence[str]) -> dict[str, Known]:
        """The company of the contact that has the address."""
        keys = {one.email.casefold(): one.key for one in wanted if one.email}
        companies = {
            company: keys[email]
            for email, _, company in self._contacts(list(keys))
            if company and email in keys
        }
        return {companies[there.id]: there for there in self._read(list(companies), names)}

    def _contacts(self, emails: Sequence[str | None]) -> Iterator[tuple[str, str, str]]:
        """Contacts with these addresses: address, id, the id of their company or nothing."""
        asked = [email.casefold() for email in emails if email]
        for row in self._search(_CONTACTS, "email", asked, ["email", "associatedcompanyid"]):
            there = answers.known(row)
            yield (
                there.values.get("email", "").casefold(),
                there.id,
                there.values.get("associatedcompanyid", ""),
            )

    def _read(self, ids: Sequence[str], names: Sequence[str]) -> list[Known]:
        if not ids:
            return []
        asked: dict[str, Json] = {"properties": list(names), "inputs": [{"id": id} for id in ids]}
        rows = objects_of(self._http.post(f"{_COMPANIES}/batch/read", asked))
        # What was merged into another one there answers under that one's id.
        return [answers.known(row) for row in rows if not row.get("archived") and text_of(row, "id") in ids]

    def _search(
        self, path: str, by: str, values: Sequence[str], names: Sequence[str]
    ) -> Iterator[Mapping[str, Any]]:
        for start in range(0, len(values), _PAGE):
            asked: dict[str, Any] = {
                "filterGroups": [
                    {
                        "filters": [
                            {"propertyName": by, "operator": "IN", "values": values[start : start + _PAGE]}
                        ]
                    }
                ],
                "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
                "properties": list(dict.fromkeys(names)),
                "limit": _PAGE,
            }
            after: str | None = ""
            while after is not None:
                page = self._http.post(f"{path}/search", {**asked, **({"after": after} if after else {})})
                yield from objects_of(page)
                after = answers.following(page)

    def _made(
        self, path: str, inputs: list[dict[str, Any]], sent: Mapping[str, Mapping[str, str]]
    ) -> dict[str, str | Refused]:
        """What came of each, by the id it was traced by; a batch that is refused as a whole is sent one by one."""
        if not inputs:
            return {}
        try:
            told = self._http.post(f"{path}/batch/create", {"inputs": inputs})
        except Rejected as error:
            if len(inputs) == 1:
                return {
                    inputs[0]["objectWriteTraceId"]: Refused(
                        why=answers.REFUSED.format(category=error.category)
                    )
                }
            parts = (self._made(path, [one], sent) for one in inputs)
            return {key: came for part in parts for key, came in part.items()}
        return {**answers.refused(told, sent), **answers.made(told, sent)}


KIND = Kind(
    key="hubspot",
    label="HubSpot",
    fields=(Field(key="token", label="Access token of a private app"),),
    told=(
        "In HubSpot: Settings, Integrations, Private apps. Give it the scopes crm.objects.companies.read and .write,"
        " crm.objects.contacts.read and .write, and crm.schemas.companies.read."
    ),
    defaults=MappingProxyType(
        {
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
    ),
    needs=("name", "domain"),
    customers="companies whose lifecycle stage is Customer",
    open=HubSpot,
)
