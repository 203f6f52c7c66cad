"""A permanently closed mark of one source lowers what campaigns think of the business that another has as open."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from jobs.catalogue_search import CatalogueSearch
from pipeline.discovery.businesses import from_records
from pipeline.discovery.records import is_gone, is_open, read
from pipeline.lead import Business
from pipeline.scoring.confidence import RULES
from pipeline.scoring.figures import WEIGHTS, Figure, ScoreContext, Subject, parts
from services import catalogue
from services.catalogue import Order
from tests.support import overture
from tests.support.catalogue import fill, query, row
from tests.support.servers import Database, rows

TODAY = date(2026, 11, 26)
OURS = {"category": "amenity=dentist", "name": "Smile 1", "street": "Pier Street", "housenumber": "1"}


def release(folder: Path, day: int, *given: dict[str, object]) -> None:
    path = overture.places_file(folder / f"{day}.parquet", given, group_rows=2)
    catalogue.import_overture(Order(path=path, name="overture", observed_on=date(2026, 8, day)))


def found() -> list[Business]:
    """What a campaign for dentists makes of the catalogue."""
    places = [place for batch in CatalogueSearch().search(query("dentist")) for place in batch]
    records = [read(place, "FI") for place in places if is_open(place, TODAY)]
    gone = [read(place, "FI") for place in places if is_gone(place, TODAY)]
    return from_records(records, query("dentist").types, gone)


def closing(business: Business) -> tuple[int, str]:
    context = ScoreContext(types=query("dentist").types, today=TODAY)
    earned = parts(RULES, WEIGHTS[Figure.CONFIDENCE], Subject(business=business, context=context))
    (part,) = [part for part in earned if part.name == "closing"]
    return part.points, part.evidence


def test_a_closed_mark_of_another_source_is_a_doubt_until_that_opens_again(
    database: Database, tmp_path: Path
) -> None:
    fill(tmp_path, row(1, **OURS), observed_on=date(2026, 1, 1))
    assert closing(found()[0]) == (10, "Nothing in its records says that it closed.")
    release(tmp_path, 1, overture.row(1, operating_status="permanently_closed"), overture.row(3))
    shown, _ = sorted(found(), key=lambda business: business.name)
    assert [origin.source for origin in shown.origins] == ["openstreetmap"]
    assert closing(shown) == (0, "It may have closed (Overture Maps: closed).")
    # It is no result of its own, and is not counted as a place.
    ((hidden,),) = rows(
        database.owner_url, "select count(*) from places where gone_at is not null and is_closed"
    )
    assert (hidden, catalogue.sources()[0].places) == (1, 1)
    release(tmp_path, 19, overture.row(1), overture.row(3))
    both = min(found(), key=lambda business: business.name)
    assert {origin.source for origin in both.origins} == {"openstreetmap", "overture"}
    assert closing(both)[0] == 10


def test_an_older_closed_mark_and_that_of_another_business_say_nothing(
    database: Database, tmp_path: Path
) -> None:
    fill(tmp_path, row(1, **OURS), observed_on=date(2026, 9, 1))
    far = overture.row(1, at=(60.01, 25.0), operating_status="permanently_closed")
    release(tmp_path, 1, overture.row(1, id="08f0" + "a" * 28, operating_status="permanently_closed"), far)
    assert closing(found()[0])[0] == 10
