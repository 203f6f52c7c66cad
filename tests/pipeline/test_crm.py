"""What customer systems are asked and where: hosts, literals of queries, domains, fields."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline.crm.adapter import Access, CrmError, host_under
from pipeline.crm.matching import domain_in, spellings
from pipeline.crm.pipedrive_fields import Fields
from pipeline.crm.salesforce_soql import containing, queries, quoted
from pipeline.crm.wire import address_of

ACCESS = Access(typed={}, user_agent="ProspectPro/1", at=datetime(2026, 11, 26, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("acme", "acme.my.salesforce.com"),
        (" https://Acme.my.salesforce.com/lightning/page ", "acme.my.salesforce.com"),
        ("acme--test.sandbox.my.salesforce.com", "acme--test.sandbox.my.salesforce.com"),
        ("my.salesforce.com", None),
        ("acme.my.salesforce.com.example.com", None),
        ("acme.my.salesforce.com:8080", None),
        ("somebody@acme.my.salesforce.com", None),
        ("example.com/.my.salesforce.com", None),
        ("http://acme.my.salesforce.com", None),
        ("127.0.0.1", None),
        ("-.my.salesforce.com", None),
        ("", None),
    ],
)
def test_a_host_is_one_of_the_vendor(typed: str, host: str | None) -> None:
    assert host_under("my.salesforce.com")(typed) == host


def test_a_host_that_leads_into_the_network_is_not_asked() -> None:
    assert (
        address_of("acme.example.com", ACCESS, lambda host: ["93.184.215.14"]) == "https://acme.example.com"
    )
    with pytest.raises(CrmError, match="leads into a private network"):
        address_of("acme.example.com", ACCESS, lambda host: ["93.184.215.14", "10.0.0.7"])
    at_a_gateway = replace(ACCESS, gateway="http://127.0.0.1:1")
    assert address_of("acme.example.com", at_a_gateway) == "http://127.0.0.1:1"


@pytest.mark.parametrize(
    ("value", "literal", "like"),
    [
        ("Bob's BBQ", r"'Bob\'s BBQ'", r"'%Bob\'s BBQ%'"),
        ("a\\' OR Name != '", r"'a\\\' OR Name != \''", r"'%a\\\' OR Name != \'%'"),
        ("100%_", "'100%_'", r"'%100\%\_%'"),
    ],
)
def test_a_text_stays_within_its_literal(value: str, literal: str, like: str) -> None:
    assert (quoted(value), containing(value)) == (literal, like)


def test_conditions_are_spread_over_queries_of_a_length_that_is_taken() -> None:
    conditions = [f"Phone = '{number:0200}'" for number in range(20)]
    asked = list(queries("Id", "Account", conditions))
    assert max(map(len, asked)) < 1_500
    assert [condition for condition in conditions if sum(condition in one for one in asked) != 1] == []
    assert list(queries("Id", "Account", [])) == []


@pytest.mark.parametrize(
    ("value", "domain"),
    [
        ("https://www.cafe.fi/menu?x=1", "cafe.fi"),
        ("CAFE.fi", "cafe.fi"),
        ("https://facebook.com/cafe", ""),
        ("info@cafe.fi", ""),
        ("+358 40 1234501", ""),
        ("http://[broken.fi", ""),
        ("", ""),
    ],
)
def test_a_web_address_in_whatever_spelling_has_one_domain(value: str, domain: str) -> None:
    assert domain_in(value) == domain
    assert spellings("") == []


def test_fields_are_called_as_people_call_them_and_two_of_a_name_are_told_apart() -> None:
    def field(name: str, code: str, kind: str = "varchar") -> dict[str, object]:
        return {"field_name": name, "field_code": code, "field_type": kind, "is_custom_field": True}

    fields = Fields(
        [
            field("Web", "a" * 40),
            field("Web", "b" * 40),
            field("Name", "c" * 40),
            field("Size", "d", "double"),
        ]
    )
    assert fields.names() == {"Name", "Address", "Web (aaaaaa)", "Web (bbbbbb)", "Name (cccccc)"}
    assert fields.body({"Name": "Café", "Web (bbbbbb)": "cafe.fi"}) == {
        "name": "Café",
        "custom_fields": {"b" * 40: "cafe.fi"},
    }
    with pytest.raises(CrmError, match="no field Web any more"):
        fields.codes(["Web"])
