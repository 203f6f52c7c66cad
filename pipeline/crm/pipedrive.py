"""Pipedrive: organizations and persons by its API v2, with the API token of a user.

Shapes, as Pipedrive's own client declares them (https://github.com/pipedrive/client-nodejs, src/versions/v2):
organizations (``name``, ``address.value``, ``custom_fields`` by 40-character keys), persons (``emails``, ``org_id``),
organizationFields, searches (``data.items[].item``), won deals (``status=won``); how values of custom fields look:
https://pipedrive.readme.io/docs/pipedrive-api-v2-migration-guide. The token goes into the header ``x-api-token``, the
host is the company's: https://pipedrive.readme.io/docs/how-to-get-the-company-domain.

An organization has no field for a domain or a phone number of its own, only those a company added: any of them counts.
There is no request that makes several at once, and a search asks for one value, ten in two seconds
(https://pipedrive.readme.io/docs/core-api-concepts-rate-limiting); so one company is handed over at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import Any

from pipeline.crm.adapter import (
    MOST_CUSTOMERS,
    Access,
    Customer,
    Field,
    Kind,
    Known,
    Outgoing,
    Refused,
    host_under,
)
from pipeline.crm.matching import domain_in, made_already, spellings
from pipeline.crm.pipedrive_fields import ADDRESS, NAME, Fields
from pipeline.crm.pipedrive_http import Http
from pipeline.crm.wire import Rejected, made_singly, not_taken, objects_of, of, text_of
from pipeline.money.calls import Json

_LABEL = "Pipedrive"
_ORGANIZATIONS, _PERSONS = "organizations", "persons"
_IDS = 100
"""Organizations that are read at once."""


class Pipedrive:
    """An account of Pipedrive."""

    def __init__(self, access: Access) -> None:
        self._http = Http(access)
        self._fields: Fields | None = None

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def properties(self) -> frozenset[str]:
        """Name, address, and what custom fields of text are called."""
        return self._known_fields().names()

    def find(self, wanted: Sequence[Outgoing], names: Sequence[str]) -> dict[str, Known]:
        """Those that are there already: by id, domain, e-mail address, phone, all values, in this order."""
        known = {one.known_id: one.key for one in wanted if one.known_id}
        found = {known[there.id]: there for there in self._read(list(known), names)}
        new = [one for one in wanted if one.key not in found]
        matched = {one.key: id for one in new if (id := self._looked_for(one))}
        there = {each.id: each for each in self._read(list(dict.fromkeys(matched.values())), names)}
        found |= {key: there[id] for key, id in matched.items() if id in there}
        for one in new:
            if one.key not in found and one.name:
                items = self._search(_ORGANIZATIONS, one.name, "name", is_exact=True)
                alike = self._read([text_of(item, "id") for item in items], names)
                found |= made_already([one], alike, lambda known: known.values.get(NAME, ""))
        return found

    def create(self, wanted: Sequence[Outgoing]) -> dict[str, str | Refused]:
        """Make organizations one by one; after a failure those that were made are told, and the others missing."""
        return made_singly(
            _LABEL,
            wanted,
            lambda one: text_of(self._http.post(_ORGANIZATIONS, self._body(one.values)), "data", "id"),
        )

    def update(self, changes: Mapping[str, Mapping[str, str]]) -> dict[str, Refused]:
        """Write values of organizations, one by one."""
        refused: dict[str, Refused] = {}
        for id, values in changes.items():
            try:
                self._http.patch(f"{_ORGANIZATIONS}/{id}", self._body(values))
            except Rejected as error:
                refused[id] = not_taken(_LABEL, error)
        return refused

    def contacts(self, wanted: Mapping[str, Outgoing]) -> dict[str, str | Refused]:
        """A person with each address, who is called like it, as nobody's name is known. Who has the address already is
        joined to the organization unless they belong to one."""
        came: dict[str, str | Refused] = {}
        for company, one in wanted.items():
            try:
                came[one.key] = self._contact(int(company), one.email or "")
            except Rejected as error:
                came[one.key] = not_taken(_LABEL, error)
        return came

    def customers(self) -> list[Customer]:
        """Organizations with a deal that was won."""
        ids: dict[str, None] = {}
        for deal in self._http.pages("deals", {"status": "won"}):
            if id := text_of(deal, "org_id"):
                ids[id] = None
            if len(ids) == MOST_CUSTOMERS:
                break
        fields = self._known_fields()
        return [fields.customer(row) for row in self._rows(list(ids), {})]

    def _contact(self, company: int, email: str) -> str:
        for item in self._people("email", email):
            id = text_of(item, "id")
            if not text_of(item, "organization", "id"):
                self._http.patch(f"{_PERSONS}/{id}", {"org_id": company})
            return id
        told = self._http.post(
            _PERSONS, {"name": email, "org_id": company, "emails": [{"value": email, "primary": True}]}
        )
        return text_of(told, "data", "id")

    def _looked_for(self, one: Outgoing) -> str:
        """The id of the organization that has the domain, else the address, else the number; empty when none does."""
        ids = chain(
            self._with_domain(one.domain) if one.domain else (),
            self._employers("email", one.email) if one.email else (),
            *(self._with_phone(phone) for phone in spellings(one.phone or "")),
        )
        return next(ids, "")

    def _with_domain(self, domain: str) -> Iterator[str]:
        for item in self._search(_ORGANIZATIONS, domain, "custom_fields", is_exact=False):
            if domain in _domains(item):
                yield text_of(item, "id")

    def _with_phone(self, phone: str) -> Iterator[str]:
        yield from self._employers("phone", phone)
        for item in self._search(_ORGANIZATIONS, phone, "custom_fields", is_exact=True):
            yield text_of(item, "id")

    def _employers(self, field: str, value: str) -> Iterator[str]:
        """The organizations of the people who have this address or number."""
        for item in self._people(field, value):
            if id := text_of(item, "organization", "id"):
                yield id

    def _people(self, field: str, value: str) -> Iterator[Mapping[str, Any]]:
        return self._search(_PERSONS, value, field, is_exact=True)

    def _search(self, what: str, term: str, fields: str, *, is_exact: bool) -> Iterator[Mapping[str, Any]]:
        """What is found, the oldest first."""
        exact = {"exact_match": "true"} if is_exact else {}
        told = self._http.get(f"{what}/search", {"term": term, "fields": fields, **exact})
        items = [each.get("item") for each in objects_of(of(told, "data"), "items")]
        found = [item for item in items if isinstance(item, Mapping) and text_of(item, "id")]
        return iter(sorted(found, key=lambda item: int(text_of(item, "id"))))

    def _read(self, ids: Sequence[str], names: Sequence[str]) -> list[Known]:
        if not ids:
            return []
        fields = self._known_fields() if set(names) - {NAME, ADDRESS} else Fields(())
        codes = fields.codes(names)
        rows = self._rows(ids, {"custom_fields": ",".join(codes)} if codes else {})
        return [fields.known(row, names) for row in rows]

    def _rows(self, ids: Sequence[str], params: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        for start in range(0, len(ids), _IDS):
            asked = {**params, "ids": ",".join(ids[start : start + _IDS])}
            yield from (row for row in self._http.pages(_ORGANIZATIONS, asked) if not row.get("is_deleted"))

    def _body(self, values: Mapping[str, str]) -> dict[str, Json]:
        fields = self._known_fields() if values.keys() - {NAME, ADDRESS} else Fields(())
        return fields.body(values)

    def _known_fields(self) -> Fields:
        if self._fields is None:
            self._fields = Fields(tuple(self._http.pages("organizationFields", {})))
        return self._fields


def _domains(item: Mapping[str, Any]) -> set[str]:
    values = item.get("custom_fields")
    return (
        {domain_in(value) for value in values if isinstance(value, str)}
        if isinstance(values, list)
        else set()
    )


KIND = Kind(
    key="pipedrive",
    label=_LABEL,
    fields=(
        Field(
            key="host",
            label="Company domain",
            read=host_under("pipedrive.com"),
            wrong="Type the address you see in Pipedrive, such as acme.pipedrive.com.",
            is_secret=False,
            example="acme.pipedrive.com",
        ),
        Field(key="token", label="API token"),
    ),
    told=(
        "In Pipedrive: Personal preferences, API. The token does what its user may do. Organizations are told apart by"
        " domain and phone where custom fields of them hold these."
    ),
    defaults=MappingProxyType({"name": NAME, "address": ADDRESS}),
    needs=("name",),
    customers="organizations with a deal that was won",
    open=Pipedrive,
    batch=1,
)
