"""Files of registers as they are published, small ones: companies named after things, with numbers that follow the
form."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2)


def business_id(number: int) -> str:
    """A Finnish one with the digit that checks it; of the few numbers that have none, that of the next."""
    digits = f"{number + 1_000_000:07}"
    rest = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11
    return business_id(number + 1_000) if rest == 1 else f"{digits}-{11 - rest if rest else 0}"


def company(number: int, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - a field holds anything
    """A café at Pier Street ``number`` in the tests' town, as PRH writes a company."""
    return {
        "businessId": {"value": business_id(number), "registrationDate": "2015-02-17", "source": "3"},
        "names": [name(f"Cup {number} Oy")],
        "mainBusinessLine": line("56302", "Cafés and coffee bars"),
        "website": None,
        "companyForms": [{"type": "16", "version": 1, "source": "1", "endDate": None, "descriptions": []}],
        "companySituations": [],
        "registeredEntries": [],
        "addresses": [address(f"{number}")],
        "tradeRegisterStatus": "1",
        "status": "2",
        "registrationDate": "2015-03-06",
        "endDate": None,
        "lastModified": "2026-08-15 01:49:24",
        **changes,
    }


def name(text: str, kind: str = "1", ended: str | None = None) -> dict[str, Any]:
    """A name: 1 is the company's own, 2 a parallel one, 3 one for a part of what it does."""
    return {
        "name": text,
        "type": kind,
        "registrationDate": "2015-03-06",
        "endDate": ended,
        "version": 1,
        "source": "1",
    }


def line(code: str, said: str, code_set: str = "TOIMI3") -> dict[str, Any]:
    """A line of business."""
    descriptions = [{"languageCode": "1", "description": "Muu"}, {"languageCode": "3", "description": said}]
    return {"type": code, "descriptions": descriptions, "typeCodeSet": code_set, "source": "2"}


def address(number: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - a field holds anything
    """An address that can be visited."""
    towns = [{"city": "STAD", "languageCode": "2"}, {"city": "TOWN", "languageCode": "1"}]
    return {
        "type": 1,
        "street": "Pier Street",
        "buildingNumber": number,
        "apartmentNumber": "",
        "postCode": "00100",
        "postOffices": towns,
        "co": "c/o Ann Example",
        "country": None,
        **changes,
    }


def answer(path: Path, *companies: Any) -> Path:  # noqa: ANN401 - a company may be anything
    """An answer of PRH's interface."""
    said = {"totalResults": len(companies), "companies": companies}
    path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    return path


def zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    """Files in a zip, of the 19th of August 2026."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for inside, data in files.items():
            archive.writestr(zipfile.ZipInfo(inside, (2026, 8, 19, 3, 0, 0)), data)
    return path


TITLES = (
    *(
        "CompanyName",
        " CompanyNumber",
        "RegAddress.CareOf",
        "RegAddress.AddressLine1",
        " RegAddress.AddressLine2",
    ),
    *(
        "RegAddress.PostTown",
        "RegAddress.County",
        "RegAddress.Country",
        "RegAddress.PostCode",
        "CompanyCategory",
    ),
    *("CompanyStatus", "CountryOfOrigin", "DissolutionDate", "IncorporationDate", "Accounts.AccountCategory"),
    *("SICCode.SicText_1", "SICCode.SicText_2", "SICCode.SicText_3", "SICCode.SicText_4", "URI"),
)
"""As in the file, some with blanks before them."""


def house(number: int, **changes: str) -> dict[str, str]:
    """A pub at 1 Pier Street and so on, as Companies House writes a company; changes by the last part of the title."""
    row = {
        "CompanyName": f"CUP {number} LIMITED",
        "CompanyNumber": f"{number:08}",
        "RegAddress.CareOf": "ANN EXAMPLE",
        "RegAddress.AddressLine1": f"{number} PIER STREET",
        "RegAddress.PostTown": "TOWN ON THE WATER",
        "RegAddress.Country": "ENGLAND",
        "RegAddress.PostCode": "AB1 2CD",
        "CompanyCategory": "Private Limited Company",
        "CompanyStatus": "Active",
        "IncorporationDate": "17/02/2015",
        "Accounts.AccountCategory": "MICRO ENTITY",
        "SICCode.SicText_1": "56302 - Public houses and bars",
        "URI": f"http://business.data.gov.uk/id/company/{number:08}",
    }
    titles = {title.strip().rpartition(".")[2]: title.strip() for title in TITLES}
    return {**row, **{titles[short]: text for short, text in changes.items()}}


def table(rows: Iterable[Mapping[str, str]], titles: Iterable[str] = TITLES) -> str:
    """The rows as the text of a CSV file."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\n")
    written.write(",".join(titles) + "\n")
    for row in rows:
        writer.writerow([row.get(title.strip(), "") for title in titles])
    return written.getvalue()
