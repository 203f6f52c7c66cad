"""How well one can call, write to or visit a business."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.lead import EmailStatus, Lead, Origin, StepOutcome, StepResult
from pipeline.place import TypeMatch
from pipeline.scoring.figures import ScoreContext
from pipeline.scoring.score import scored, scored_lead
from tests.pipeline.memory import TODAY, from_places, full_place, place

BASIS = ScoreContext(types=(TypeMatch(typed="cafe", tags=("amenity=cafe",)),), today=TODAY)
WRITTEN = "info@anchor.example.com"


def points(part: str, **values: object) -> tuple[int, str]:
    (business,) = from_places([place(**values)], "FI", TODAY)
    found = next(one for one in scored(business, BASIS).reach_parts if one.name == part)
    return found.points, found.evidence


def lead(status: EmailStatus = EmailStatus.UNVERIFIED, **values: object) -> Lead:
    (business,) = from_places([full_place(email=WRITTEN, **values)], "FI", TODAY)
    return Lead(business=business, email_status=status)


def part_of(found: Lead, name: str) -> tuple[int, str]:
    part = next(one for one in scored_lead(found, BASIS).reach_parts if one.name == name)
    return part.points, part.evidence


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (EmailStatus.INVALID, 0),
        (EmailStatus.DISPOSABLE, 0),
        (EmailStatus.UNKNOWN, 14),
        (EmailStatus.UNVERIFIED, 18),
        (EmailStatus.CATCHALL, 18),
        (EmailStatus.ACCEPTED, 30),
        (EmailStatus.VERIFIED, 35),
    ],
)
def test_an_address_counts_by_what_is_known_of_its_mailbox(status: EmailStatus, expected: int) -> None:
    assert part_of(lead(status), "email")[0] == expected


def test_every_verdict_on_a_mailbox_counts() -> None:
    verdicts = set(EmailStatus) - {EmailStatus.NONE}
    assert len({part_of(lead(status), "email")[1] for status in verdicts}) == len(verdicts)


def test_a_mailbox_that_does_not_exist_is_as_good_as_none_and_says_so() -> None:
    assert part_of(lead(EmailStatus.INVALID), "email") == (
        0,
        "The mailbox does not exist, so nothing can be written to it.",
    )
    assert (scored_lead(lead(EmailStatus.INVALID), BASIS).reach or 0) < (
        scored_lead(lead(EmailStatus.UNVERIFIED), BASIS).reach or 0
    )


def test_what_the_website_confirms_counts_in_full() -> None:
    found = lead()
    site = Origin(source="website", ref="anchor.example.com", observed_on=TODAY)
    confirmed = replace(
        found.business, provenance={**found.business.provenance, "phone": site, "website": site}
    )
    assert (part_of(found, "phone")[0], part_of(found, "website")[0]) == (28, 7)
    found = replace(found, business=confirmed)
    assert (part_of(found, "phone")[0], part_of(found, "website")[0]) == (35, 10)


def test_a_website_that_could_not_be_read_hardly_counts_and_says_why() -> None:
    step = StepResult(step="website", outcome=StepOutcome.FAILED, detail="The site does not answer.")
    share, evidence = part_of(replace(lead(), steps=(step,)), "website")
    assert (share, evidence) == (2, "Its own website could not be read: The site does not answer.")


@pytest.mark.parametrize(
    ("part", "values", "expected"),
    [
        ("phone", {"phone": "+358 9 1234567"}, 28),
        ("phone", {"phone": "call us!"}, 0),
        ("website", {"website": "https://example.com"}, 7),
        ("website", {"website": "https://facebook.com/anchor"}, 4),
        ("website", {}, 0),
        ("email", {"email": "info@example.org"}, 18),
        ("email", {"email": "info"}, 0),
    ],
)
def test_what_a_source_wrote_down(part: str, values: dict[str, object], expected: int) -> None:
    assert points(part, **values)[0] == expected


@pytest.mark.parametrize(
    ("values", "expected", "evidence"),
    [
        ({"lat": None, "lon": None}, 0, "No part of the address is recorded."),
        ({}, 4, "No part of the address is recorded. Its position on the map is known."),
        ({"city": "Harbour Town"}, 4, "Recorded: city; missing: street, house number, postcode."),
        ({"street": "Pier Street"}, 8, "Recorded: street; missing: house number, postcode, city."),
        (
            {"street": "Pier Street", "housenumber": "5"},
            12,
            "Recorded: street, house number; missing: postcode, city.",
        ),
        (
            {"street": "Pier Street", "housenumber": "5", "postcode": "00100", "city": "Harbour Town"},
            20,
            "The address is complete.",
        ),
    ],
)
def test_the_address_part(values: dict[str, object], expected: int, evidence: str) -> None:
    assert points("address", **values) == (expected, evidence)
