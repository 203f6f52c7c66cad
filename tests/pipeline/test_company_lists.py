"""Lists of companies: titles in many languages, workbooks, and what a row says."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from pipeline.imports import company_list, tables
from pipeline.imports.company_list import BadRow, Column, Entry
from pipeline.imports.list_titles import TITLES
from pipeline.words.text import folded
from settings import Settings

IN_LANGUAGES = {
    "de": "Firma;Webseite;E-Mail;Telefon;Straße;Ort;PLZ;Land;Kundennummer",
    "fr": "Société;Site web;Courriel;Téléphone;Adresse;Ville;Code postal;Pays;N° client",
    "fi": "Yritys;Kotisivut;Sähköposti;Puhelin;Katuosoite;Kaupunki;Postinumero;Maa;Asiakasnumero",
    "sv": "Företag;Hemsida;E-post;Telefonnummer;Gatuadress;Stad;Postnummer;Land;Kundnummer",
    "es": "Empresa;Sitio web;Correo electrónico;Teléfono;Dirección;Ciudad;Código postal;País;NIF",
    "it": "Azienda;Sito web;E-mail;Telefono;Indirizzo;Città;CAP;Paese;Partita IVA",
}


@pytest.mark.parametrize("language", IN_LANGUAGES)
def test_columns_are_guessed_from_their_titles(language: str) -> None:
    titles = IN_LANGUAGES[language]
    head = company_list.head(f"{titles}\n;;;;;;;;x\n".encode())
    expected = {column: place for place, column in enumerate(Column)}
    if language == "fr":
        del expected[Column.EXTERNAL_ID]
    assert head.guessed == expected


def test_titles_are_written_as_they_are_compared() -> None:
    for column, titles in TITLES.items():
        assert [folded(title) for title in titles] == list(titles), column
        assert len(set(titles)) == len(titles), column


def test_empty_and_repeated_titles_get_names_of_their_own() -> None:
    head = company_list.head(b"name,,name,\na,b,c,d\n")
    assert head.titles == ("name", "Column 2", "name (2)", "Column 4")
    assert head.guessed == {Column.NAME: 0}


def workbook(*sheets: list[list[object]], inline: bool = False) -> bytes:
    """A workbook with these rows in its sheets, its texts shared or each in its cell."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "constant_memory": inline}) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, cells in enumerate(rows):
                sheet.write_row(number, 0, cells)
    return held.getvalue()


ROWS: list[list[object]] = [
    ["name", "phone", "open"],
    ["Café “Ä” <b>", 358401234567, True],
    [],
    ["x", 0.5, ""],
]


@pytest.mark.parametrize("inline", [False, True])
def test_a_workbook_is_read_as_people_see_it(inline: bool) -> None:
    read = list(tables.read(workbook(ROWS, [["other"]], inline=inline)))
    assert [row.number for row in read] == [1, 2, 4]
    assert [row.cells for row in read][1:] == [("Café “Ä” <b>", "358401234567", "TRUE"), ("x", "0.5")]


def test_hidden_sheets_are_passed_over_and_formulas_are_their_value() -> None:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        first, second = book.add_worksheet(), book.add_worksheet()
        first.write(0, 0, "secret")
        second.activate()
        second.set_first_sheet()
        first.hide()
        second.write_row(0, 1, ["name", "town"])
        second.write_formula(1, 1, '=HYPERLINK("http://example.com","Anchor")', None, "Anchor")
        second.write_formula(1, 2, "=1/0", None, "#DIV/0!")
        second.write_formula(2, 1, "=A1", None, "")
    read = list(tables.read(held.getvalue()))
    assert read[0].cells == ("", "name", "town")
    assert read[1].cells[1] == "Anchor"
    assert all(not cell.startswith("=HYPERLINK") for row in read for cell in row.cells)


COLUMNS = {column: place for place, column in enumerate(Column)}


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("Anchor,anchor.test/x,Info@Anchor.test,040 1234567,Quay 1,Helsinki,00100,Finland,K 7",
         ("anchor.test", "info@anchor.test", "+358401234567", "FI")),
        ("Anchor,https://facebook.com/anchor,,,,Helsinki,,,", (None, None, None, None)),
        ("Anchor,http://169.254.169.254/,,,,Helsinki,,Atlantis,", (None, None, None, None)),
    ],
)  # fmt: skip
def test_a_row_says_what_can_be_used_of_it(cells: str, said: tuple[str | None, ...]) -> None:
    (entry,) = company_list.entries(f"titles\n{cells}\n".encode(), COLUMNS, "FI")
    assert isinstance(entry, Entry)
    assert (entry.domain, entry.email, entry.phone, entry.country) == said
    assert bool(entry.remarks) == (said[0] is None)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ("Anchor,,,,,,,,", "“Anchor” has no town"),
        (",,,,Quay 1,,,,", "The row has no website"),
        (",,nobody,call us!,,,,,", "not a valid address"),
        ("short", "“short” has no town"),
    ],
)
def test_a_row_that_names_nobody_says_what_it_lacks(cells: str, why: str) -> None:
    (row,) = company_list.entries(f"titles\n{cells}\n".encode(), COLUMNS, None)
    assert isinstance(row, BadRow)
    assert why in row.why


def test_a_usual_list_of_the_most_rows_may_be_uploaded() -> None:
    row = "Cafe Lantern Oy;www.lantern.example;info@lantern.example;+358 9 1234567;Harbour street 12;Helsinki;00100\n"
    assert (
        len(row.encode()) * company_list.MOST_ROWS <= Settings.model_fields["upload_mb"].default * 1024 * 1024
    )
