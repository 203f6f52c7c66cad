"""Places from the Parquet files of Foursquare."""

from __future__ import annotations

from commands._imports import Complete, Country, Day, Files, Name, Part, carry_out, order_of_release


def import_foursquare(
    path: Files,
    bbox: Part = "",
    name: Name = None,
    country: Country = None,
    observed_on: Day = None,
    complete: Complete = False,
) -> None:
    """Load open places of Foursquare (*.parquet) into the catalogue. A later release under the same name says what is
    new, changed, closed and gone."""
    from services import catalogue

    wanted = order_of_release(path, bbox, name, country, observed_on, complete)
    carry_out(catalogue.import_foursquare, wanted, "rows")
