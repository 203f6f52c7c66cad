"""One row of the basic company data of UK Companies House.

Columns: https://www.gov.uk/guidance/companies-house-data-products (free company data product). Whom post goes care of
is a person mostly, and is not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pipeline.geo.countries import country_code
from pipeline.imports.record import Record
from pipeline.imports.register_row import Company, Register, in_lower_case
from pipeline.imports.register_row import record as register_record
from pipeline.words.nace import Scheme

REGISTER = Register(
    key="companies_house",
    licence="OGL-UK-3.0",
    credit="Companies House, Free Company Data Product. Contains public sector information licensed under the Open"
    " Government Licence v3.0.",
    scheme=Scheme.UNITED_KINGDOM,
    country="GB",
)
NEEDED = ("CompanyName", "CompanyNumber", "RegAddress.PostCode", "CompanyStatus", "SICCode.SicText_1")
COLUMNS = (
    *NEEDED,
    *("RegAddress.AddressLine1", "RegAddress.AddressLine2", "RegAddress.PostTown", "RegAddress.Country"),
    *("DissolutionDate", "IncorporationDate", "Accounts.AccountCategory"),
    *("SICCode.SicText_2", "SICCode.SicText_3", "SICCode.SicText_4"),
)
_SIZES: Mapping[str, str] = {
    "MICRO ENTITY": "micro",
    "SMALL": "small",
    "TOTAL EXEMPTION SMALL": "small",
    "TOTAL EXEMPTION FULL": "small",
    "PARTIAL EXEMPTION": "small",
    "UNAUDITED ABRIDGED": "small",
    "AUDITED ABRIDGED": "small",
    "MEDIUM": "medium",
}
"""What kinds of accounts only a company of a size may file; full and group accounts any."""
_ENDED = ("dissolved", "closed", "converted", "removed")
_DORMANT = "DORMANT"


def record(position: int, row: Mapping[str, str], observed_on: date | None) -> Record:
    """A row as a record; its columns without blanks around their names."""
    said = {name: value.strip() for name, value in row.items()}
    return register_record(position, _read(said), REGISTER, observed_on)


def _read(row: Mapping[str, str]) -> Company:
    codes = [text for number in range(1, 5) if (text := row.get(f"SICCode.SicText_{number}", ""))]
    status = row["CompanyStatus"]
    ended_on = _day(row.get("DissolutionDate", ""))
    accounts = row.get("Accounts.AccountCategory", "").upper()
    return Company(
        number=_number(row["CompanyNumber"].upper()),
        name=row["CompanyName"],
        codes=[(code, REGISTER.scheme) for text in codes if (code := text.partition(" ")[0])[:1].isdigit()],
        columns=_address(row),
        founded=_day(row.get("IncorporationDate", "")),
        size=_SIZES.get(accounts, ""),
        status=status,
        activity="; ".join(text.partition(" - ")[2] or text for text in codes),
        doubt=_doubt(status, accounts),
        is_ended=bool(ended_on) or status.casefold().startswith(_ENDED),
        ended_on=ended_on,
    )


def _number(text: str) -> str:
    """Spreadsheets take the zeros away from numbers of digits alone; those of other registrars begin with letters."""
    return text.zfill(8) if text.isdecimal() else text


def _doubt(status: str, accounts: str) -> str:
    """Why it may not be there any more: any status but the plain one, or that it says itself that it does nothing."""
    said = [] if status.casefold() in ("", "active") else [status]
    return "; ".join([*said, *(["Dormant accounts"] if accounts == _DORMANT else [])])


def _address(row: Mapping[str, str]) -> dict[str, str | None]:
    lines = [row.get(f"RegAddress.AddressLine{number}", "") for number in (1, 2)]
    return {
        "street": ", ".join(in_lower_case(line) for line in lines if line),
        "city": in_lower_case(row.get("RegAddress.PostTown", "")),
        "postcode": row["RegAddress.PostCode"],
        "country": _country(row.get("RegAddress.Country", "")),
    }


def _country(named: str) -> str | None:
    """Of what an address names; offices of companies from abroad are abroad, so what is no country is not taken for the
    United Kingdom."""
    if not named:
        return REGISTER.country
    return next((code for part in named.split("&") if (code := country_code(part.strip()))), None)


def _day(text: str) -> str:
    """A British date as an ISO date; empty for what is none."""
    day, month, year = [*text.split("/"), "", ""][:3]
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
