"""The rows of an own list as the businesses of a campaign."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from pipeline.campaign import OWN_LIST, CampaignSpec, CampaignStatus, KnownCompanies
from pipeline.company_keys import company_keys
from pipeline.imports.own_list import CATEGORY, OwnList
from pipeline.lead import EmailStatus
from pipeline.output import notices
from pipeline.output.notices import Skipped
from pipeline.place import Area, Place
from pipeline.run import run
from tests.pipeline.memory import (
    TODAY,
    ListBook,
    ListMemory,
    ListProgress,
    ListSearch,
    from_places,
    place,
    ports,
)

FILE = (
    "name;website;email;phone;street;city;postcode;country\n"
    "Lantern Oy;lantern.test;info@lantern.test;09 1234567;Pier Street 5;Turku;20100;Finland\n"
    "LANTERN;www.lantern.test;;;Pier Street 5;Turku;20100;\n"
    ";harbour.test;;;;;;\n"
    ";;;;;;;\n"
    ";;somebody@gmail.com;;;;;\n"
)
COLUMNS = ("name", "website", "email", "phone", "street", "city", "postcode", "country")
FAIR = OwnList(
    id=UUID("0196d1c2-0000-7000-8000-0000deadbeef"),
    name="Fair",
    data=FILE.encode(),
    columns=tuple((column, number) for number, column in enumerate(COLUMNS)),
    country="FI",
    uploaded_on=date(2026, 11, 20),
)
ORDER = CampaignSpec(business_types=("Company",), location="Fair", sources=(OWN_LIST,), own_list=FAIR.id)


def rows(*places: Place, area: Area | None = FAIR.area) -> ListSearch:
    """The rows as the source has them; without an area the list is gone."""
    return ListSearch(places, name=OWN_LIST, area=area)


def test_rows_become_leads_with_what_they_say_as_from_the_list() -> None:
    memory, progress = ListMemory(), ListProgress()
    outcome = run(ORDER, ports(rows(*FAIR.places()), memory=memory, progress=progress))
    assert (outcome.status, outcome.leads, outcome.notice) == (CampaignStatus.COMPLETED, 3, None)
    by_name = {lead.business.name: lead for lead in memory.stored.values()}
    assert set(by_name) == {"Lantern Oy", "harbour.test", "Row 6"}
    lantern = by_name["Lantern Oy"]
    assert (lantern.business.email, lantern.email_status) == ("info@lantern.test", EmailStatus.UNVERIFIED)
    assert (lantern.business.phone, lantern.business.lat) == ("+35891234567", None)
    assert {origin.source for origin in lantern.business.provenance.values()} == {OWN_LIST}
    (first, second) = lantern.business.origins
    assert (first.label, first.ref, first.observed_on) == (
        "Own list",
        "Fair, row 2 (deadbeef)",
        FAIR.uploaded_on,
    )
    assert second.ref == "Fair, row 3 (deadbeef)"
    assert "Found 4 records on the list Fair." in progress.messages
    assert "Merged 1 duplicate." in progress.messages


def test_a_list_that_is_gone_ends_it_and_says_so() -> None:
    outcome = run(ORDER, ports(rows(area=None)))
    assert (outcome.status, outcome.leads) == (CampaignStatus.COMPLETED, 0)
    assert (
        outcome.notice
        == "The list Fair is not kept any more. Upload the file again on Lists, or choose the companies on Leads again,"
        " and order anew."
    )


def test_the_notices_of_a_list_speak_of_no_place() -> None:
    strict = ORDER.model_copy(update={"min_reach": 90})
    found = from_places([place()], "FI", TODAY)
    said = (
        notices.nobody_left(ORDER, Skipped(customers=2), 0),
        notices.nothing_stored(ORDER, Skipped()),
        notices.nothing_found(ORDER, FAIR.area),
        str(notices.shortfall(strict, found, 0, Skipped())),
        ORDER.title,
    )
    assert not any("place" in sentence or "type" in sentence or "Company" in sentence for sentence in said)


@pytest.mark.parametrize(("chain", "leads"), [(None, 0), ("Lantern", 1)])
def test_a_row_finds_the_company_of_the_book_by_name_and_website_unless_that_is_a_chain(
    chain: str | None, leads: int
) -> None:
    row = Place(
        source=OWN_LIST, source_ref="r", name="Lantern", category=CATEGORY, lat=None, lon=None,
        website="lantern.test",
    )  # fmt: skip
    (known,) = from_places([place("node/7", name="Lantern Oy", website="https://lantern.test/")], "FI", TODAY)
    order = ORDER.model_copy(update={"known_companies": KnownCompanies.SKIP})
    held = ListBook([replace(known, chain=chain)])
    assert run(order, ports(rows(row), book=held)).leads == leads


def test_of_two_that_stand_somewhere_a_website_says_nothing() -> None:
    far, near = (
        from_places([place(ref, lat=lat, website="https://lantern.test/")], "FI", TODAY)[0]
        for ref, lat in (("node/7", 60.0), ("node/8", 61.0))
    )
    sought = {key.hashed for key in company_keys(far) if key.is_sought}
    assert not sought & {key.hashed for key in company_keys(near)}
