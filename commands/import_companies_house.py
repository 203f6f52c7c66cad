"""Companies of UK Companies House from its basic company data."""

from __future__ import annotations

from dataclasses import replace

from commands._imports import Complete, Country, Day, Files, Name, Postcodes, carry_out, order_of_release


def import_companies_house(
    path: Files,
    postcodes: Postcodes = None,
    name: Name = None,
    country: Country = None,
    observed_on: Day = None,
    complete: Complete = False,
) -> None:
    """Load companies of Companies House (BasicCompanyData….zip or .csv) into the catalogue, each found by the middle of
    its postcode. A later file under the same name says what is new, changed, closed and gone."""
    from services import catalogue

    wanted = order_of_release(path, "", name, country, observed_on, complete)
    carry_out(catalogue.import_companies_house, replace(wanted, postcodes=postcodes), "rows")
