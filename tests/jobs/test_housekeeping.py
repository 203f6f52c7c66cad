"""What is looked after beside the campaigns."""

from __future__ import annotations

from jobs import housekeeping
from services import operations
from tests.support.campaigns import finished, lead
from tests.support.people import person
from tests.support.servers import Database, change


def test_sums_that_do_not_follow_from_the_calls_are_shown_to_administrators(
    database: Database, redis_url: str
) -> None:
    admin = person("admin", is_admin=True)
    campaign = finished(admin, [lead(1)])
    right = finished(admin, [lead(2)])
    change(
        database.superuser_url,
        f"update campaigns set budget_micros = 10, spent_micros = 5 where id = '{campaign}'",
    )
    assert "The sums of 1 campaign do not follow from their calls." in list(housekeeping.run())
    problems = {row.campaign_id: row.error for row in operations.jobs(admin)}
    assert problems == {campaign: "The sums do not follow from the calls.", right: None}
