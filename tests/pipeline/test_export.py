from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from pipeline.lead import EmailStatus
from pipeline.licences import ODBL, in_words
from pipeline.output.export import COLUMNS, About, ExportRow, Layout, Spelling
from pipeline.output.file_names import file_name
from pipeline.output.formats import csv as csv_format
from pipeline.output.formats import json as json_format
from pipeline.output.formats import xlsx as xlsx_format
from pipeline.qualification.criteria import Criterion, Importance, not_said
from pipeline.words.osm_tags import CREDIT
from pipeline.words.text import one_line
from tests.pipeline.memory import spec

ROW = ExportRow(
    name="Café Anchor",
    category="Café",
    values={
        "address": "Pier Street 5, 00100 Harbour Town",
        "city": "Harbour Town",
        "postcode": "00100",
        "country": "FI",
        "phone": "+35891234567",
        "website": "https://example.com/",
        "email": "info@example.com",
    },
    email_status=EmailStatus.UNVERIFIED,
    is_role_address=True,
    confidence=80,
    reach=64,
    chain="Anchor Cafés",
    sources=("OpenStreetMap", "our list"),
    why_empty="",
    lat=60.1234567891,
    lon=-25.5,
    source_refs=("node/1", "7"),
    observed_on=date(2026, 1, 2),
    attribution=CREDIT,
    licence=in_words(ODBL),
)
ABOUT = About(
    spec=spec(),
    filtered_by="All leads",
    exported_at=datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    attribution=CREDIT,
    licence=in_words(ODBL),
)


def csv_bytes(rows: Sequence[ExportRow]) -> bytes:
    return csv_format.FORMAT.write(rows, ABOUT)


def xlsx_bytes(rows: Sequence[ExportRow]) -> bytes:
    return xlsx_format.FORMAT.write(rows, ABOUT)


def read_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline="")))


def read_xlsx(data: bytes, sheet: str) -> list[list[object]]:
    book = load_workbook(BytesIO(data))
    return [[cell.value for cell in row] for row in book[sheet].iter_rows()]


_LATER = (
    *("Opening hours", "Brand", "State", "Other phones", "Other e-mails", "Other websites"),
    *("Profiles", "Doubt", "Also"),
)
_TITLES = [column.title for column in COLUMNS]
LATER = (*_LATER, *_TITLES[_TITLES.index(_LATER[-1]) + 1 :])
"""With what was added since, at the end."""


def test_a_row_arrives_in_csv_as_it_was() -> None:
    (row,) = read_csv(csv_bytes([ROW]))
    assert row == {
        "Name": "Café Anchor",
        "Category": "Café",
        "Address": "Pier Street 5, 00100 Harbour Town",
        "Street": "Pier Street 5",
        "Postcode": "00100",
        "City": "Harbour Town",
        "Country": "FI",
        "Phone": "+35891234567",
        "Website": "https://example.com/",
        "E-mail": "info@example.com",
        "E-mail status": "unverified",
        "E-mail source": "",
        "Shared mailbox": "yes",
        "Confidence": "80",
        "Sources": "OpenStreetMap, our list",
        "Why empty": "",
        "Latitude": "60.1234568",
        "Longitude": "-25.5",
        "Source records": "node/1, 7",
        "Observed on": "2026-01-02",
        "Cost (USD)": "0",
        "Attribution": "© OpenStreetMap contributors, https://www.openstreetmap.org/copyright",
        "Simulated": "",
        "Reach": "64",
        "Chain": "Anchor Cafés",
        **dict.fromkeys(LATER, ""),
        "Licence": in_words(ODBL),
    }


def test_a_row_arrives_in_xlsx_as_it_was_with_numbers_as_numbers() -> None:
    head, row = read_xlsx(xlsx_bytes([ROW]), "Leads")
    assert head == [column.title for column in COLUMNS]
    values = dict(zip(head, row, strict=True))
    assert values["Phone"] == "+35891234567"
    assert values["Postcode"] == "00100"
    assert (values["Confidence"], values["Latitude"], values["Longitude"]) == (80, 60.1234568, -25.5)
    assert values["Why empty"] in (None, "")


def test_missing_values_are_empty_cells() -> None:
    bare = replace(
        ROW, values={}, email_status=EmailStatus.NONE, is_role_address=False, observed_on=None,
        why_empty="None listed.",
    )  # fmt: skip
    (row,) = read_csv(csv_bytes([bare]))
    empty = {
        "Address",
        "Street",
        "Postcode",
        "City",
        "Country",
        "Phone",
        "Website",
        "E-mail",
        "E-mail source",
        "Simulated",
        "Shared mailbox",
    }
    assert {title for title, value in row.items() if value == ""} == (
        empty | {"Observed on", *LATER} - {"Licence"}
    )
    cells = dict(zip(*read_xlsx(xlsx_bytes([bare]), "Leads"), strict=True))
    assert all(cells[title] is None for title in empty)


def test_a_personal_mailbox_is_not_shared() -> None:
    assert read_csv(csv_bytes([replace(ROW, is_role_address=False)]))[0]["Shared mailbox"] == "no"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+cmd", "-2+3", "@SUM(1)", "=HYPERLINK(1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "＝1+1",
        "＋1", "－1", "＠x", "﹦1", "﹢1", "﹣1", "﹫x", "−1", "⁼1", "₊1", "\u200b=1", "\ufeff=1", "\u200d=1", 
        "\u2060-1",        "\u202e=1", "\u3164=1", "+358 91", "+12345", "+1234567890123456", "+٣٥٨٩١٢٣٤", "\x00=1",
    ],
)  # fmt: skip
def test_no_csv_cell_starts_like_a_formula(text: str) -> None:
    (row,) = read_csv(csv_bytes([replace(ROW, name=text, values={"phone": text}, why_empty=text)]))
    for title in ("Name", "Phone", "Why empty"):
        assert row[title].startswith("'")
        assert row[title][1:] == one_line(text)


def test_a_phone_number_and_a_negative_number_keep_their_sign_in_csv() -> None:
    (row,) = read_csv(csv_bytes([replace(ROW, values={"phone": "+358912345678"}, lat=-1.5)]))
    assert (row["Phone"], row["Latitude"]) == ("+358912345678", "-1.5")


@pytest.mark.parametrize(
    "text", ["=1+1", "@SUM(1)", "{=1+1}", "https://example.com/", "mailto:a@example.com"]
)
def test_no_xlsx_text_becomes_a_formula_or_a_link(text: str) -> None:
    book = load_workbook(BytesIO(xlsx_bytes([replace(ROW, name=text, values={"website": text})])))
    for cell in (book["Leads"]["A2"], book["Leads"]["I2"]):
        assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
        assert cell.quotePrefix == (text[0] in "=@")


def test_control_characters_and_line_breaks_cannot_break_a_row() -> None:
    rough = replace(ROW, name="A\r\nB\x00C\x1bD\u2028E\ud800F", why_empty="x" * 40_000)
    (row,) = read_csv(csv_bytes([rough]))
    assert row["Name"] == "A B C D E F"
    assert len(row["Why empty"]) == 32_767
    assert read_xlsx(xlsx_bytes([rough]), "Leads")[1][0] == "A B C D E F"


def test_quotes_and_commas_survive_csv() -> None:
    name = 'Anchor "The, Pub"; & Söhne 錨'
    assert read_csv(csv_bytes([replace(ROW, name=name)]))[0]["Name"] == name


def test_csv_is_utf8_with_a_mark_bare_headings_quoted_cells_and_crlf_lines() -> None:
    data = csv_bytes([ROW])
    assert data.startswith(b"\xef\xbb\xbfName,")
    assert b'\r\n"Caf' in data
    assert data.count(b"\r\n") == 2
    assert data.count(b"\n") == 2


@pytest.mark.parametrize(
    ("spelling", "head", "end"),
    [
        (Spelling(delimiter=";"), b'\xef\xbb\xbfName;Latitude\r\n"', b'";"60.1234568"\r\n'),
        (
            Spelling(delimiter="\t", has_mark=False, decimal_mark=","),
            b'Name\tLatitude\r\n"',
            b'"\t"60,1234568"\r\n',
        ),
        (Spelling(decimal_mark=","), b'\xef\xbb\xbfName,Latitude\r\n"', b'","60,1234568"\r\n'),
    ],
)
def test_csv_is_spelled_for_the_spreadsheet_that_reads_it(
    spelling: Spelling, head: bytes, end: bytes
) -> None:
    titles = {column.title: column for column in COLUMNS}
    layout = Layout(columns=(titles["Name"], titles["Latitude"]), spelling=spelling)
    row = replace(ROW, name='1;2\t"3", 4.5')
    data = csv_format.FORMAT.file([row], ABOUT, layout)
    assert data.startswith(head)
    assert data.endswith(end)
    ((_, cells)) = csv.reader(StringIO(data.decode("utf-8-sig"), newline=""), delimiter=spelling.delimiter)
    assert cells[0] == '1;2 "3", 4.5'


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_with_another_delimiter_no_formula_starts_behind_a_comma_either(delimiter: str) -> None:
    layout = Layout(columns=COLUMNS[:1], spelling=Spelling.model_validate({"delimiter": delimiter}))
    data = csv_format.FORMAT.file([replace(ROW, name="Anchor, =1+1;@x|-2")], ABOUT, layout)
    assert "Anchor, '=1+1;'@x|'-2" in data.decode("utf-8-sig")


def test_chosen_columns_come_in_the_chosen_order() -> None:
    titles = {column.title: column for column in COLUMNS}
    layout = Layout(columns=(titles["City"], titles["Name"]))
    line = csv_format.FORMAT.file([ROW], ABOUT, layout).decode("utf-8-sig").splitlines()[1]
    assert line == '"Harbour Town","Café Anchor"'
    book = load_workbook(BytesIO(xlsx_format.FORMAT.file([ROW], ABOUT, layout)))
    assert [cell.value for cell in book["Leads"][2]] == ["Harbour Town", "Café Anchor"]
    assert book["Leads"].auto_filter.ref == "A1:B2"


def test_json_holds_the_leads_and_what_is_said_about_them() -> None:
    about = replace(
        ABOUT, withheld=1, withheld_by=("A source",), data_sheet=(("Source", "a"), ("Source", "b"))
    )
    said = json.loads(json_format.FORMAT.write([ROW], about))
    assert list(said) == [
        *("about", "attribution", "licence", "simulated", "withheld", "data_sheet", "leads"),
    ]
    assert said["about"]["Filter"] == "All leads"
    assert said["attribution"] == [ROW.attribution]
    assert said["data_sheet"] == {"Source": ["a", "b"]}
    (lead,) = said["leads"]
    assert (lead["name"], lead["phone"], lead["opening_hours"], lead["other_phones"]) == (
        *("Café Anchor", "+35891234567", None),
        [],
    )
    assert (lead["lat"], lead["cost_usd"]) == (60.1234567891, "0")


def test_no_leads_still_make_a_file_with_headings() -> None:
    assert csv_bytes([]).count(b"\r\n") == 1
    assert read_xlsx(xlsx_bytes([]), "Leads") == [[column.title for column in COLUMNS]]


def test_the_workbook_says_where_it_is_from_and_under_which_terms() -> None:
    about = {str(title): value for title, value in read_xlsx(xlsx_bytes([ROW, ROW]), "About")}
    assert about["Campaign"] == "cafe in Harbour Town"
    assert about["Filter"] == "All leads"
    assert about["Leads in this file"] == 2
    assert about["Radius"] == "the whole place"
    assert about["Exported at"] == "2026-11-24 09:30 UTC"
    assert "OpenStreetMap contributors" in str(about["Attribution"])
    assert "opendatacommons.org/licenses/odbl" in str(about["Licence"])


def test_the_headings_stay_in_view() -> None:
    book = load_workbook(BytesIO(xlsx_bytes([ROW])))
    assert book["Leads"].freeze_panes == "B2"
    assert book["Leads"].auto_filter.ref == f"A1:{get_column_letter(len(COLUMNS))}2"


def test_every_field_of_a_row_reaches_a_column() -> None:
    other = ExportRow(
        name="x", category="x", values={}, email_status=EmailStatus.INVALID, is_role_address=False,
        confidence=1, reach=1, chain="x", sources=("x",), why_empty="x", lat=1.0, lon=1.0, source_refs=("x",),
        observed_on=date(2000, 1, 1), attribution="x", licence="x", email_source="x", cost_micros=1, is_simulated=True,
        verdicts=(not_said(Criterion("x", Importance.MUST_HAVE), "x"),),
    )  # fmt: skip
    before = csv_bytes([ROW])
    only_in_json = {"id", "tag"}
    for field in fields(ExportRow):
        if field.name in only_in_json:
            continue
        assert csv_bytes([replace(ROW, **{field.name: getattr(other, field.name)})]) != before, field.name


@pytest.mark.parametrize(
    ("types", "location", "name"),
    [
        (("cafe",), "Helsinki", "prospectpro-cafe-helsinki-20261124.csv"),
        (("Café", "Bakery"), "Saint-Malo", "prospectpro-cafe-bakery-saint-malo-20261124.csv"),
        (("../../etc/passwd",), "C:\\con|?*", "prospectpro-etc-passwd-c-con-20261124.csv"),
        (("カフェ",), "東京", "prospectpro-campaign-20261124.csv"),
        (("x" * 200,), "Helsinki", f"prospectpro-{'x' * 80}-20261124.csv"),
    ],
)
def test_a_file_name_is_safe_everywhere(types: tuple[str, ...], location: str, name: str) -> None:
    assert file_name(spec(business_types=types, location=location), date(2026, 11, 24), "csv") == name
