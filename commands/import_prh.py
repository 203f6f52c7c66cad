"""Companies of the Finnish register from the open data of PRH."""

from __future__ import annotations

from dataclasses import replace

from commands._imports import Complete, Country, Day, Files, Name, Postcodes, carry_out, order_of_release


def import_prh(
    path: Files,
    postcodes: Postcodes = None,
    name: Name = None,
    country: Country = None,
    observed_on: Day = None,
    complete: Complete = False,
) -> None:
    """Load companies of PRH's open data (YTJ v3: all_companies.zip, or answers as JSON) into the catalogue, each found
    by the middle of its postcode. A later file under the same name says what is new, changed, closed and gone."""
    from services import catalogue

    wanted = order_of_release(path, "", name, country, observed_on, complete)
    carry_out(catalogue.import_prh, replace(wanted, postcodes=postcodes), "companies")
