"""Fields of Pipedrive's organizations: a person knows them by name, requests name them by a key of 40 characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pipeline.crm.adapter import CrmError, Customer, Known
from pipeline.crm.matching import domain_in
from pipeline.crm.wire import of, text_of
from pipeline.money.calls import Json

NAME: Final = "Name"
ADDRESS: Final = "Address"
_PHONE = "phone"
_TEXT = frozenset({"varchar", "text", "varchar_auto", _PHONE})
"""Types whose values are texts: others take numbers, dates or choices, and refuse a text."""
_SHOWN_OF_KEY = 6


class Fields:
    """Name, address, and custom fields of text (``told`` lists all fields). Where two are called the same, the
    beginning of the key stands behind the name."""

    def __init__(self, told: Sequence[Mapping[str, Any]]) -> None:
        custom = [
            each
            for each in told
            if each.get("is_custom_field") is True and text_of(each, "field_type") in _TEXT
        ]
        called = Counter([NAME, ADDRESS, *(text_of(each, "field_name") for each in custom)])
        self._codes: dict[str, str] = {}
        self._phones: list[str] = []
        for each in custom:
            name, code = text_of(each, "field_name"), text_of(each, "field_code")
            self._codes[name if called[name] == 1 else f"{name} ({code[:_SHOWN_OF_KEY]})"] = code
            if text_of(each, "field_type") == _PHONE:
                self._phones.append(code)

    def names(self) -> frozenset[str]:
        """What can be written."""
        return frozenset({NAME, ADDRESS, *self._codes})

    def codes(self, names: Sequence[str]) -> list[str]:
        """The keys of custom fields among these. Raises CrmError for a name there is no field of any more."""
        return [self._code(name) for name in names if name not in (NAME, ADDRESS)]

    def body(self, values: Mapping[str, str]) -> dict[str, Json]:
        """An organization with these values as it is sent."""
        custom: dict[str, Json] = {
            self._code(name): value for name, value in values.items() if name not in (NAME, ADDRESS)
        }
        sent: dict[str, Json] = {"custom_fields": custom} if custom else {}
        if NAME in values:
            sent["name"] = values[NAME]
        if ADDRESS in values:
            sent["address"] = {"value": values[ADDRESS]}
        return sent

    def known(self, row: Mapping[str, Any], names: Sequence[str]) -> Known:
        """An organization as it stands there."""
        given = {NAME: text_of(row, "name"), ADDRESS: text_of(row, "address", "value")}
        given |= {
            name: text_of(row, "custom_fields", self._code(name)) for name in names if name not in given
        }
        return Known(id=text_of(row, "id"), values={name: value for name, value in given.items() if value})

    def customer(self, row: Mapping[str, Any]) -> Customer:
        """An organization as a customer; its domain and phone are those of the first custom field that has one."""
        custom = of(row, "custom_fields")
        texts = [text_of(custom, code) for code in self._codes.values()]
        phones = [text_of(custom, code) for code in self._phones]
        return Customer(
            id=text_of(row, "id"),
            name=text_of(row, "name"),
            domain=next((domain for value in texts if (domain := domain_in(value))), ""),
            phone=next((phone for phone in phones if phone), ""),
            city=text_of(row, "address", "locality"),
            postcode=text_of(row, "address", "postal_code"),
            country=text_of(row, "address", "country"),
        )

    def _code(self, name: str) -> str:
        if name not in self._codes:
            raise CrmError(f"Pipedrive has no field {name} any more. Choose another.", is_final=True)
        return self._codes[name]
