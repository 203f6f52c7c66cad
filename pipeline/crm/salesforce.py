"""Salesforce: accounts and contacts by its REST API, with the client credentials of an app.

A lead there requires a person's last name and is converted into an account by hand; what we have is a company, so it is
an account, and its e-mail address a contact of it, whose required last name is that address, as nobody's name is known.

Shapes (REST API Developer Guide, version 67.0, Summer '26, https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/):
SOQL by ``query`` (resources_query.htm: ``records``, ``done``, ``nextRecordsUrl``), up to 200 records at once by
``composite/sobjects`` with ``allOrNone`` false, results in the order of the records
(resources_composite_sobjects_collections_create.htm and ..._update.htm), fields by ``describe``
(dome_sobject_describe.htm).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
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
from pipeline.crm.salesforce_http import Http
from pipeline.crm.salesforce_soql import containing, queries, quoted
from pipeline.crm.wire import Rejected, objects, objects_of, text_of
from pipeline.money.calls import Json

_ACCOUNT, _CONTACT = "Account", "Contact"
_TEXT = frozenset({"string", "textarea", "phone", "url", "email", "picklist", "combobox"})
"""Types of fields whose values are texts."""


class Salesforce:
    """An org of Salesforce."""

    def __init__(self, access: Access) -> None:
        self._http = Http(access)

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def properties(self) -> frozenset[str]:
        """The fields of accounts that hold text, and can be set and changed."""
        found = objects_of(self._http.get(f"sobjects/{_ACCOUNT}/describe"), "fields")
        return frozenset(
            text_of(each, "name")
            for each in found
            if each.get("createable") is True and each.get("updateable") is True and each.get("type") in _TEXT
        )

    def find(self, wanted: Sequence[Outgoing], names: Sequence[str]) -> dict[str, Known]:
        """Those that are there already: by id, domain, e-mail address, phone, all values, in this order."""
        found: dict[str, Known] = {}
        found |= self._by_id({one.known_id: one.key for one in wanted if one.known_id}, names)
        new = [one for one in wanted if one.key not in found]
        by_domain = {one.domain: one.key for one in reversed(new) if one.domain}
        like = [f"Website LIKE {containing(domain)}" for domain in by_domain]
        for there in self._accounts(like, names):
            if key := by_domain.get(domain_in(there.values.get("Website", ""))):
                found.setdefault(key, there)
        found |= self._by_email([one for one in wanted if one.key not in found], names)
        new = [one for one in wanted if one.key not in found and one.phone]
        by_phone = {phone: one.key for one in reversed(new) for phone in spellings(one.phone or "")}
        for there in self._accounts([f"Phone = {quoted(phone)}" for phone in by_phone], names):
            if key := by_phone.get(there.values.get("Phone", "")):
                found.setdefault(key, there)
        new = [one for one in wanted if one.key not in found]
        alike = self._accounts([f"Name = {quoted(name)}" for name in _each(new, lambda one: one.name)], names)
        return found | made_already(new, list(alike), lambda known: known.values.get("Name", ""))

    def create(self, wanted: Sequence[Outgoing]) -> dict[str, str | Refused]:
        """Make accounts, in one request."""
        return self._made(_ACCOUNT, {one.key: one.values for one in wanted})

    def update(self, changes: Mapping[str, Mapping[str, str]]) -> dict[str, Refused]:
        """Write values of accounts, in one request."""
        if not changes:
            return {}
        results = self._http.update(
            [_record(_ACCOUNT, {**values, "id": id}) for id, values in changes.items()]
        )
        came = _came(changes, results)
        return {id: refused for id, refused in came.items() if isinstance(refused, Refused)}

    def contacts(self, wanted: Mapping[str, Outgoing]) -> dict[str, str | Refused]:
        """Make a contact with each address, or join the one that has it to the account unless it belongs to one."""
        there = {email: (id, account) for email, id, account in self._contacts(list(wanted.values()))}
        came: dict[str, str | Refused] = {}
        alone: dict[str, Json] = {}
        new: dict[str, Mapping[str, str]] = {}
        for company, one in wanted.items():
            email = one.email or ""
            id, account = there.get(email.casefold(), ("", ""))
            if not id:
                new[one.key] = {"LastName": email, "Email": email, "AccountId": company}
                continue
            came[one.key] = id
            if not account:
                alone[one.key] = _record(_CONTACT, {"id": id, "AccountId": company})
        if alone:
            came |= _came(list(alone), self._http.update(list(alone.values())))
        return came | self._made(_CONTACT, new)

    def customers(self) -> list[Customer]:
        """Accounts whose type begins with Customer, as the types Customer - Direct and Customer - Channel do that every
        org begins with."""
        asked = "Id, Name, Website, Phone, BillingCity, BillingPostalCode, BillingCountry"
        soql = f"SELECT {asked} FROM Account WHERE Type LIKE 'Customer%' ORDER BY Id LIMIT {MOST_CUSTOMERS}"  # noqa: S608
        return [
            Customer(
                id=text_of(row, "Id"),
                name=text_of(row, "Name"),
                domain=domain_in(text_of(row, "Website")),
                phone=text_of(row, "Phone"),
                city=text_of(row, "BillingCity"),
                postcode=text_of(row, "BillingPostalCode"),
                country=text_of(row, "BillingCountry"),
            )
            for row in self._http.query(soql)
        ]

    def _by_id(self, keys: Mapping[str, str], names: Sequence[str]) -> dict[str, Known]:
        found = self._accounts([f"Id = {quoted(id)}" for id in keys], names)
        return {keys[there.id]: there for there in found if there.id in keys}

    def _by_email(self, wanted: Sequence[Outgoing], names: Sequence[str]) -> dict[str, Known]:
        """The account of the contact that has the address."""
        keys = {one.email.casefold(): one.key for one in reversed(wanted) if one.email}
        accounts = {account: keys[email] for email, _, account in self._contacts(wanted) if account}
        return self._by_id(accounts, names)

    def _contacts(self, wanted: Sequence[Outgoing]) -> Iterator[tuple[str, str, str]]:
        """Contacts with these addresses: address, id, the id of their account or nothing; of several the oldest."""
        emails = _each(wanted, lambda one: one.email)
        seen: set[str] = set()
        for row in self._query(
            "Id, Email, AccountId", _CONTACT, [f"Email = {quoted(email)}" for email in emails]
        ):
            email = text_of(row, "Email").casefold()
            if email not in seen and email in {each.casefold() for each in emails}:
                seen.add(email)
                yield email, text_of(row, "Id"), text_of(row, "AccountId")

    def _accounts(self, conditions: Sequence[str], names: Sequence[str]) -> Iterator[Known]:
        """Accounts that meet one of the conditions, the oldest of each query first."""
        odd = [name for name in names if not re.fullmatch("[A-Za-z][A-Za-z0-9_]*", name)]
        if odd:
            raise Rejected("Salesforce", f"there is no field {odd[0]}")
        asked = list(dict.fromkeys(["Id", "Name", "Website", "Phone", *names]))
        for row in self._query(", ".join(asked), _ACCOUNT, conditions):
            values = {name: value for name in asked[1:] if (value := text_of(row, name))}
            yield Known(id=text_of(row, "Id"), values=values)

    def _query(self, fields: str, what: str, conditions: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        for query in queries(fields, what, conditions):
            yield from self._http.query(query)

    def _made(self, what: str, wanted: Mapping[str, Mapping[str, str]]) -> dict[str, str | Refused]:
        if not wanted:
            return {}
        results = self._http.create([_record(what, values) for values in wanted.values()])
        return _came(wanted, results)


def _each(wanted: Sequence[Outgoing], value: Callable[[Outgoing], str | None]) -> list[str]:
    return list(dict.fromkeys(each for one in wanted if (each := value(one))))


def _record(what: str, values: Mapping[str, str]) -> Json:
    return {"attributes": {"type": what}, **values}


def _came(keys: Collection[str], results: Sequence[Mapping[str, Any]]) -> dict[str, str | Refused]:
    """What came of each record, told in their order; nothing when the results are not theirs."""
    if len(results) != len(keys):
        return {}
    came = {key: _result(result) for key, result in zip(keys, results, strict=True)}
    return {key: each for key, each in came.items() if each}


def _result(result: Mapping[str, Any]) -> str | Refused:
    """The id, or why the record was not taken."""
    if result.get("success") is True:
        return text_of(result, "id")
    code = next((text_of(error, "statusCode") for error in objects(result.get("errors"))), "")
    return Refused(why=_WHY.get(code, f"Salesforce did not take it: {code or 'without a reason'}."))


_WHY = {
    "DUPLICATES_DETECTED": (
        "Salesforce did not take it: a duplicate rule there holds it for one that is there (DUPLICATES_DETECTED)."
    ),
    "REQUIRED_FIELD_MISSING": (
        "Salesforce did not take it: the org requires a field that nothing goes into (REQUIRED_FIELD_MISSING)."
    ),
}
KIND = Kind(
    key="salesforce",
    label="Salesforce",
    fields=(
        Field(
            key="host",
            label="My Domain",
            read=host_under("my.salesforce.com"),
            wrong="Type the org's My Domain, such as acme.my.salesforce.com.",
            is_secret=False,
            example="acme.my.salesforce.com",
        ),
        Field(key="client_id", label="Consumer key"),
        Field(key="client_secret", label="Consumer secret"),
    ),
    told=(
        "In Salesforce: Setup, External Client App Manager. Give an app the client credentials flow, the OAuth scope"
        " api, and a user to run as who may read, create and edit accounts and contacts."
    ),
    defaults=MappingProxyType(
        {
            "name": "Name",
            "website": "Website",
            "phone": "Phone",
            "street": "BillingStreet",
            "city": "BillingCity",
            "postcode": "BillingPostalCode",
            "state": "BillingState",
            "country": "BillingCountry",
            "description": "Description",
        }
    ),
    needs=("name",),
    customers="accounts whose type begins with Customer",
    open=Salesforce,
)
