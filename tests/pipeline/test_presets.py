"""What other programs are given: the columns they require, values as they want them, and nothing made up."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from pipeline.lead import EmailStatus
from pipeline.output.export import ExportRow
from pipeline.output.export_presets import presets
from tests.pipeline.test_export import ABOUT, ROW

FULL = replace(
    ROW,
    values={**ROW.values, "domain": "example.com", "street": "Pier Street 5", "state": "Uusimaa"},
)
BARE = replace(ROW, values={}, email_status=EmailStatus.NONE, is_role_address=False)
CREDIT = "Café · © OpenStreetMap contributors, https://www.openstreetmap.org/copyright"
EXPECTED = {
    "hubspot": {
        "Company name": "Café Anchor",
        "Company domain name": "example.com",
        "Website URL": "https://example.com/",
        "Phone number": "+35891234567",
        "Street address": "Pier Street 5",
        "City": "Harbour Town",
        "State/Region": "Uusimaa",
        "Postal code": "00100",
        "Country/Region": "Finland",
        "Description": CREDIT,
        "E-mail": "info@example.com",
    },
    "letters": {
        "Company": "Café Anchor",
        "Address 1": "Pier Street 5",
        "City": "Harbour Town",
        "State": "Uusimaa",
        "Postal Code": "00100",
        "Country or Region": "Finland",
        "Attribution": ROW.attribution,
    },
    "mailing": {
        "E-mail Address": "info@example.com",
        "Company": "Café Anchor",
        "City": "Harbour Town",
        "Country or Region": "Finland",
        "Website": "https://example.com/",
        "E-mail status": "unverified",
        "Shared mailbox": "yes",
        "Attribution": ROW.attribution,
    },
    "pipedrive": {
        "Organization - Name": "Café Anchor",
        "Organization - Address": "Pier Street 5, 00100 Harbour Town, Finland",
        "Organization - Website": "https://example.com/",
        "Organization - Phone": "+35891234567",
        "Organization - E-mail": "info@example.com",
        "Note - Content": CREDIT,
    },
    "salesforce": {
        "Account Name": "Café Anchor",
        "Phone": "+35891234567",
        "Website": "https://example.com/",
        "Billing Street": "Pier Street 5",
        "Billing City": "Harbour Town",
        "Billing State/Province": "Uusimaa",
        "Billing Zip/Postal Code": "00100",
        "Billing Country": "Finland",
        "Description": CREDIT,
        "E-mail": "info@example.com",
    },
}


def read(key: str, row: ExportRow) -> dict[str, str]:
    """The one row of a file, by its headings."""
    preset = presets()[key]
    data = preset.write([row], ABOUT)
    if preset.extension == "csv":
        assert not data.startswith(b"\xef\xbb\xbf"), "importers take it for a part of the first heading"
        (line,) = csv.DictReader(StringIO(data.decode(), newline=""))
        return line
    head, cells = load_workbook(BytesIO(data))["Leads"].iter_rows(values_only=True)
    return {str(title): "" if cell is None else str(cell) for title, cell in zip(head, cells, strict=True)}


@pytest.mark.parametrize("key", presets())
def test_each_value_is_where_the_program_looks_for_it(key: str) -> None:
    assert read(key, FULL) == EXPECTED[key]
    assert presets()[key].headings == tuple(EXPECTED[key])


@pytest.mark.parametrize("key", presets())
def test_what_is_not_known_stays_empty(key: str) -> None:
    said = {"Café Anchor", CREDIT, ROW.attribution, "none", "no", ""}
    assert set(read(key, BARE).values()) <= said


@pytest.mark.parametrize("key", presets())
def test_nothing_a_spreadsheet_would_run_gets_into_a_file_of_text(key: str) -> None:
    rough = replace(FULL, name="=1+1", values={**FULL.values, "website": "@x", "city": "a;-1"})
    cells = read(key, rough).values()
    if presets()[key].extension == "csv":
        assert not [cell for cell in cells if cell[:1] in "=@" and cell]
    else:
        book = load_workbook(BytesIO(presets()[key].write([rough], ABOUT)))
        assert {cell.data_type for cell in book["Leads"][2]} <= {"s", "n"}


DEAD = replace(FULL, email_status=EmailStatus.INVALID)


@pytest.mark.parametrize(
    ("key", "row", "taken"),
    [
        ("hubspot", BARE, True),
        ("hubspot", replace(FULL, name=None), True),
        ("hubspot", replace(BARE, name=None), False),
        ("salesforce", BARE, True),
        ("salesforce", replace(FULL, name=None), False),
        ("pipedrive", BARE, True),
        ("pipedrive", replace(FULL, name=None), False),
        ("letters", FULL, True),
        ("letters", BARE, False),
        ("letters", replace(FULL, values={"city": "Harbour Town"}), False),
        ("letters", replace(FULL, values={"street": "Pier Street 5"}), False),
        ("letters", replace(FULL, name=None), False),
        ("mailing", FULL, True),
        ("mailing", BARE, False),
        ("mailing", DEAD, False),
        ("mailing", replace(FULL, email_status=EmailStatus.DISPOSABLE), False),
    ],
)
def test_a_lead_that_lacks_what_is_required_is_left_out(key: str, row: ExportRow, taken: bool) -> None:
    takes = presets()[key].takes
    assert takes is not None
    assert takes(row) == taken


@pytest.mark.parametrize("key", ["hubspot", "salesforce", "pipedrive"])
def test_a_mailbox_that_does_not_exist_is_given_to_nobody(key: str) -> None:
    assert "info@example.com" not in read(key, DEAD).values()
