"""Files of registers: what becomes of a company, which are no businesses, and what is wrong with a file."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import SourceError
from pipeline.imports import alltheplaces_file, companies_house_file, postcodes_file, prh_file
from pipeline.imports.record import Record
from pipeline.imports.register_row import in_lower_case
from pipeline.place import Place
from pipeline.words.closure import doubt, is_closed
from tests.support.registers import (
    TITLES,
    address,
    answer,
    business_id,
    company,
    house,
    line,
    name,
    table,
    zipped,
)

DAY = date(2026, 8, 19)


def prh(folder: Path, *companies: Any) -> list[Record]:  # noqa: ANN401 - a company may be anything
    return list(prh_file.read([answer(folder / "answer.json", *companies)], DAY))


def finnish(folder: Path, **changes: object) -> Place:
    (found,) = prh(folder, company(1, **changes))
    assert found.place, found
    return found.place


def british(folder: Path, **changes: str) -> Record:
    path = folder / "BasicCompanyData.csv"
    path.write_text(table([house(1, **changes)]))
    (found,) = companies_house_file.read([path], DAY)
    return found


def british_place(folder: Path, **changes: str) -> Place:
    found = british(folder, **changes)
    assert found.place, found
    return found.place


def test_a_finnish_company_becomes_a_place_without_a_position(tmp_path: Path) -> None:
    names = [name("Cup 1 Oy"), name("Old Cup Oy", ended="2020-01-01"), name("Mug", "3")]
    found = finnish(tmp_path, names=names, website={"url": "www.cup.example"}, addresses=[
        address("7", type=2, postCode="00200"), address("18", entrance="B", apartmentNumber=52),
    ])  # fmt: skip
    assert found == Place(
        source="prh",
        source_ref=business_id(1),
        name="Cup 1 Oy",
        category="amenity=cafe",
        lat=None,
        lon=None,
        street="Pier Street",
        housenumber="18 B 52",
        city="Town",
        postcode="00100",
        country="FI",
        website="www.cup.example",
        tags={
            "company:register": "prh",
            "company:number": business_id(1),
            "company:founded": "2015-03-06",
            "company:status": "Registered",
            "company:activity": "Cafés and coffee bars",
            "alt_name": "Mug",
        },
        observed_on=DAY,
        licence="CC-BY-4.0",
        attribution="Finnish Patent and Registration Office (PRH) and Tax Administration, YTJ open data,"
        " avoindata.prh.fi",
        is_by_postcode=True,
    )


def test_a_british_company_becomes_a_place_without_a_position(tmp_path: Path) -> None:
    found = british_place(
        tmp_path, AddressLine2="NORTH-END", SicText_2="68209 - Other letting of real estate"
    )
    assert (found.source, found.source_ref, found.name) == ("companies_house", "00000001", "CUP 1 LIMITED")
    assert (found.lat, found.lon, found.is_by_postcode) == (None, None, True)
    assert (found.street, found.city) == ("1 Pier Street, North-End", "Town on the Water")
    assert (found.postcode, found.country, found.licence) == ("AB1 2CD", "GB", "OGL-UK-3.0")
    assert (found.category, found.tags["office"]) == ("amenity=pub", "property_management")
    assert found.tags["company:activity"] == "Public houses and bars; Other letting of real estate"
    told = [found.tags[f"company:{key}"] for key in ("register", "number", "founded", "size", "status")]
    assert told == ["companies_house", "00000001", "2015-02-17", "micro", "Active"]
    # Whom post goes care of is a person.
    assert "EXAMPLE" not in repr(found).upper()


@pytest.mark.parametrize(
    ("accounts", "size"),
    [
        ("TOTAL EXEMPTION FULL", "small"),
        ("UNAUDITED ABRIDGED", "small"),
        ("MEDIUM", "medium"),
        ("FULL", None),
        ("GROUP", None),
        ("NO ACCOUNTS FILED", None),
        ("DORMANT", None),
    ],
)
def test_accounts_say_a_size_only_where_no_other_company_may_file_them(
    tmp_path: Path, accounts: str, size: str | None
) -> None:
    assert british_place(tmp_path, AccountCategory=accounts).tags.get("company:size") == size


def test_what_ended_is_closed_and_what_may_end_is_a_doubt(tmp_path: Path) -> None:
    assert is_closed(finnish(tmp_path, endDate="2024-05-01"), DAY)
    entry = {
        "register": "1",
        "endDate": None,
        "descriptions": [{"languageCode": "3", "description": "Ceased"}],
    }
    assert is_closed(finnish(tmp_path, registeredEntries=[entry]), DAY)
    assert is_closed(british_place(tmp_path, DissolutionDate="01/05/2024"), DAY)
    assert is_closed(british_place(tmp_path, CompanyStatus="Converted/Closed"), DAY)
    for code, said in (("KONK", "konkurssi"), ("SELTILA", "selvitystila"), ("SANE", "yrityssaneeraus")):
        place = finnish(tmp_path, companySituations=[{"type": code, "endDate": None}])
        assert said in (doubt(place) or "")
        assert not is_closed(place, DAY)
    assert doubt(finnish(tmp_path, companySituations=[{"type": "KONK", "endDate": "2020-01-01"}])) is None
    for status in (
        *("Liquidation", "In Administration", "Active - Proposal to Strike off", "Voluntary Arrangement"),
        *("RECEIVERSHIP", "Live but Receiver Manager on at least one charge", "ADMINISTRATION ORDER"),
    ):
        place = british_place(tmp_path, CompanyStatus=status)
        assert doubt(place) == f"note: “{status}, says UK Companies House”"
        assert not is_closed(place, DAY)
    assert (
        doubt(british_place(tmp_path, AccountCategory="DORMANT"))
        == "note: “Dormant accounts, says UK Companies House”"
    )
    assert doubt(british_place(tmp_path)) is None


def test_a_line_of_business_without_a_business_is_told_apart(tmp_path: Path) -> None:
    (housing, none) = prh(
        tmp_path, company(1, mainBusinessLine=line("68202", "Housing")), company(2, mainBusinessLine=None)
    )
    assert (housing.apart, none.apart) == ("of the line of business 68202", "without a line of business")
    assert british(tmp_path, SicText_1="99999 - Dormant Company").apart == "of the line of business 99999"
    assert british(tmp_path, SicText_1="None Supplied").apart == "without a line of business"
    revised = finnish(tmp_path, mainBusinessLine=line("96210", "Hairdressing", "TOIMI4"))
    assert revised.category == "shop=hairdresser"


@pytest.mark.parametrize(
    ("raw", "problem", "is_lost"),
    [
        ("nothing", "not an object", True),
        ({"names": []}, "businessId: ", True),
        (company(1, names=5), "names: ", False),
        (company(1, businessId={"value": "no number"}), "id: ", False),
    ],
)
def test_junk_is_told_and_the_next_company_is_read(
    tmp_path: Path, raw: object, problem: str, is_lost: bool
) -> None:
    junk, then = prh(tmp_path, raw, company(2))
    assert (junk.problem or "").startswith(problem), junk
    assert (junk.is_lost, then.position) == (is_lost, 2)
    assert then.place


def test_the_whole_of_prh_is_a_zip_and_may_be_a_bare_list(tmp_path: Path) -> None:
    data = json.dumps([company(number) for number in range(1, 4)]).encode()
    path = zipped(tmp_path / "all.zip", {"all_companies.json": data})
    assert prh_file.count([path]) == 3
    assert prh_file.observed_on([path]) == DAY
    assert [found.position for found in prh_file.read([path], DAY, after=1)] == [2, 3]
    pages = [answer(tmp_path / f"{page}.json", company(page)) for page in (1, 2)]
    assert [found.position for found in prh_file.read(pages, DAY)] == [1, 2]
    assert (prh_file.count(pages), prh_file.observed_on(pages)) == (2, date(2026, 8, 15))
    (tmp_path / "mark.json").write_bytes(b"\xef\xbb\xbf" + data)
    assert len(list(prh_file.read([tmp_path / "mark.json"]))) == 3


def test_a_day_that_is_none_is_no_day_of_a_file(tmp_path: Path) -> None:
    odd = answer(tmp_path / "odd.json", company(1, lastModified="2026-13-45 00:00:00"), company(2))
    assert prh_file.observed_on([odd]) == date(2026, 8, 15)
    table_ = tmp_path / "BasicCompanyData-2026-13-45.csv"
    table_.write_text(table([house(1)]))
    assert companies_house_file.observed_on([table_]) is None
    files = {"all.json": b"[]", "all.geojson": b"{}"}
    for day in (b"\x00\x00", b"\x21\x00"):
        undated = zipped(tmp_path / "undated.zip", files)
        packed = undated.read_bytes().replace(b"\x13\x5d", day)
        undated.write_bytes(packed)
        assert prh_file.observed_on([undated]) is None
        assert alltheplaces_file.observed_on([undated]) is None


def test_null_is_nothing_said(tmp_path: Path) -> None:
    names = [{"name": "Mug Oy", "type": None}, name("Cup 1 Oy")]
    nameless = {"type": "56302", "typeCodeSet": None, "descriptions": None}
    towns = [{"city": None, "languageCode": None}]
    found = finnish(
        tmp_path, names=names, mainBusinessLine=nameless, addresses=[address("1", postOffices=towns)]
    )
    assert (found.name, found.category, found.city) == ("Cup 1 Oy", "amenity=cafe", None)


def test_a_broken_file_of_prh_says_so_behind_what_can_be_read(tmp_path: Path) -> None:
    path = answer(tmp_path / "answer.json", company(1), company(2))
    path.write_bytes(path.read_bytes()[:-40])
    read = prh_file.read([path])
    assert next(read).place
    with pytest.raises(SourceError, match=r"answer\.json was cut off; what comes before was read"):
        next(read)
    for text, said in (
        ('{"error": "x"}', "is no JSON file of companies"),
        ("PK", "no whole zip"),
    ):
        path.write_text(text)
        with pytest.raises(SourceError, match=said):
            list(prh_file.read([path]))
    path.write_text("")
    with pytest.raises(SourceError, match=r"answer\.json is empty\.$"):
        list(prh_file.read([path]))
    with pytest.raises(SourceError, match="holds no JSON file"):
        list(prh_file.read([zipped(tmp_path / "it.zip", {"readme.txt": b"nothing"})]))


def test_rows_of_companies_house_are_read_whatever_wrote_them(tmp_path: Path) -> None:
    rows = [house(number, PostTown="CAFÉVILLE") for number in range(1, 4)]
    texts = (table(rows).encode(), table(rows).encode("utf-8-sig"), table(rows).encode("latin-1"))
    for data in texts:
        path = zipped(tmp_path / "all.zip", {"BasicCompanyDataAsOneFile-2026-08-01.csv": data})
        assert companies_house_file.count([path]) == 3
        assert companies_house_file.observed_on([path]) == date(2026, 8, 1)
        found = list(companies_house_file.read([path], DAY, after=1))
        assert [(each.position, each.place.city) for each in found if each.place] == [
            (2, "Caféville"),
            (3, "Caféville"),
        ]


def test_a_bad_row_of_companies_house_is_named_and_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(
        table([house(1)])
        + '"CUP"\n\n'
        + table([house(3, CompanyNumber="?")], TITLES).partition("\n")[2]
        + "\n"
    )
    first, short, odd = companies_house_file.read([path])
    assert first.place
    assert (short.problem, short.is_lost) == ("the row has too few cells", True)
    assert (odd.problem or "").startswith("id: ")


def test_numbers_and_countries_of_companies_house_are_what_it_says(tmp_path: Path) -> None:
    assert british_place(tmp_path, CompanyNumber="12345").source_ref == "00012345"
    assert british_place(tmp_path, CompanyNumber="SC1234").source_ref == "SC1234"
    for named, country in (
        *(("", "GB"), ("WALES", "GB"), ("ENGLAND & WALES", "GB"), ("JERSEY", "JE")),
        *(("REPUBLIC OF ERIN", None), ("VIRGIN ISLANDS, BRITISH", None)),
    ):
        assert british_place(tmp_path, Country=named).country == country


def test_another_table_is_refused_with_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("name,town\nCup,Town\n")
    with pytest.raises(SourceError, match="no CompanyName and no CompanyNumber"):
        list(companies_house_file.read([path]))
    path.write_text("")
    with pytest.raises(SourceError, match="no CompanyName"):
        list(companies_house_file.read([path]))
    with pytest.raises(SourceError, match="holds no CSV file"):
        list(companies_house_file.read([zipped(tmp_path / "it.zip", {"readme.txt": b"nothing"})]))


@pytest.mark.parametrize(
    "text",
    [
        "Postcode,Latitude,Longitude\nab1 2cd,60.0,25.0\nAB9 9ZZ,99.999999,0\n",
        "pcd,pcds,lat,long\nAB12CD,AB1 2CD,60.0,25.0\n",
        "postcode;lat;lon\nAB1 2CD;60.0;25.0\n;60.0;25.0\nAB2 2CD;x;25.0\n",
        'GB\tAB1 2CD\t"Town\tEngland\tENG\t\t\t\t\t60.0\t25.0\t6\nFI\t00100\tTown\t\t\t\t\t\t\t61.0\t25.0\t6\n',
        "country,postcode,lat,lon\nFR,00100,61,25\nEngland,AB1 2CD,60.0,25.0\n",
        "postcode,lat,lon\nA\x00B,61,25\n" + 3_000 * "X" + ",61,25\nAB1 2CD,60.0,25.0\n",
    ],
)
def test_postcodes_are_read_whoever_wrote_them(tmp_path: Path, text: str) -> None:
    path = tmp_path / "points.csv"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    (found,) = postcodes_file.read(path, "GB")
    assert (found.postcode, found.lat, found.lon) == ("AB12CD", 60.0, 25.0)


def test_a_file_without_positions_of_postcodes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    for text, said in (
        ("name,town\nCup,Town\n", "has no columns postcode, latitude and longitude"),
        ("postcode,lat,lon\nAB1 2CD,,\n", "holds no postcode of GB with"),
        ("", "has no columns"),
    ):
        path.write_text(text)
        with pytest.raises(SourceError, match=said):
            list(postcodes_file.read(path, "GB"))


def test_capitals_become_what_people_write() -> None:
    said = ["NEWCASTLE UPON TYNE", "UNIT 4B", "O'NEILL LANE", "McDonald Way", "STOKE-ON-TRENT", "THE BARN"]
    said += ["P.O. BOX 7", "PO BOX 7"]
    assert [in_lower_case(text) for text in said] == [
        *("Newcastle upon Tyne", "Unit 4B", "O'neill Lane", "McDonald Way", "Stoke-On-Trent", "The Barn"),
        *("P.O. Box 7", "PO Box 7"),
    ]  # fmt: skip
