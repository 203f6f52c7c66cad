"""Campaigns by order: runs together, filters, tags and who may set them."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pipeline.campaign import CampaignStatus
from pipeline.suppression import subject_of
from services import campaign_orders, campaign_tags, campaigns, erasing, renaming, subject_reports
from services.campaign_orders import CampaignWhere, OrderPage
from services.errors import Invalid, NotAllowed, NotFound
from services.identity import Person
from services.roles import MemberRole
from store.database import Role, transaction
from tests.support.campaigns import SPEC, finished, lead, submitted
from tests.support.people import joins, person
from tests.support.servers import Database, change, rows

OTHER = SPEC.model_copy(update={"business_types": ("dentist",), "location": "Espoo"})


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def listed(who: Person, limit: int = 25, /, **where: object) -> OrderPage:
    return campaign_orders.orders(who, CampaignWhere(**where), limit)  # type: ignore[arg-type]


def heads(who: Person, **where: object) -> list[UUID]:
    return [order.head.id for order in listed(who, **where).rows]


def test_runs_of_one_order_are_one_and_the_newest_stands_for_them(owner: Person) -> None:
    first = finished(owner, [lead(1)])
    other = submitted(owner, OTHER)
    again = campaigns.run_again(owner, first, "again")
    renaming.rename(owner, again, "Another name")
    page = listed(owner)
    assert [order.head.id for order in page.rows] == [again, other]
    assert [run.id for run in page.rows[0].newest] == [again, first]
    assert (page.rows[0].runs, page.total, page.campaigns) == (2, 2, 3)
    # It has not ended, so there is nothing to say about how it differs.
    assert page.rows[0].before is None
    assert [order.head.id for order in listed(owner, 1).rows] == [again]
    assert listed(owner, 1).has_more
    assert heads(owner, order=first) == [again, first]


@pytest.mark.parametrize(
    "changed",
    [{"radius_km": 3.0}, {"max_results": 11}, {"waterfall": ("website",)}, {"budget_usd": Decimal("0.5")}],
)
def test_another_order_is_another_one(owner: Person, changed: dict[str, object]) -> None:
    finished(owner, [lead(1)])
    finished(owner, [lead(1)], SPEC.model_copy(update=changed))
    assert [order.runs for order in listed(owner).rows] == [1, 1]


def test_an_order_from_before_a_parameter_was_known_is_the_same(owner: Person, database: Database) -> None:
    finished(owner, [lead(1)])
    change(
        database.superuser_url,
        "update campaigns set spec = spec - '{min_reach,min_score,independents_only,radius_km,by_name}'::text[]"
        ' || \'{"budget_usd": "0.00"}\'',
    )
    finished(owner, [lead(1)])
    assert [order.runs for order in listed(owner).rows] == [2]


def test_an_order_from_before_ratings_is_the_same_search_as_one_that_demands_none(
    owner: Person, database: Database
) -> None:
    finished(owner, [lead(1)])
    since = "'{min_rating,min_reviews,founded_since,company_sizes}'::text[]"
    change(database.superuser_url, f"update campaigns set spec = spec - {since}")
    finished(owner, [lead(1)])
    finished(owner, [lead(1)], SPEC.model_copy(update={"founded_since": 2015}))
    keys = "select count(distinct search_key), count(distinct order_key), count(*) from campaigns"
    assert rows(database.superuser_url, keys) == [(2, 2, 3)]


def test_a_deleted_run_is_none(owner: Person) -> None:
    first, second = finished(owner, [lead(1)]), finished(owner, [lead(2)])
    campaign_tags.set_tags(owner, second, ["Spring"])
    campaigns.delete(owner, second)
    (order,) = listed(owner).rows
    assert (order.head.id, order.runs, order.head.order_key) == (first, 1, order.newest[0].order_key)
    assert campaign_orders.choices(owner).tags == ()


def test_only_the_newest_runs_come_along(owner: Person) -> None:
    made = [submitted(owner) for _ in range(7)]
    (order,) = listed(owner).rows
    assert order.runs == 7
    assert [run.id for run in order.newest] == made[:1:-1]


def test_every_filter_leaves_out_what_it_should(owner: Person, database: Database) -> None:
    member = joins(database, person("member"), owner, MemberRole.MEMBER)
    cafe, dentist = finished(owner, [lead(1)]), submitted(member, OTHER)
    campaign_tags.set_tags(owner, cafe, ["Spring"])
    renaming.rename(owner, cafe, "Best of town")
    change(
        database.superuser_url,
        f"update campaigns set created_at = now() - interval '9 days' where id = '{cafe}'",
    )
    week_ago = datetime.now(UTC) - timedelta(days=7)
    for where, expected in (
        ({}, [dentist, cafe]),
        ({"status": CampaignStatus.COMPLETED}, [cafe]),
        ({"text": "BEST of"}, [cafe]),
        ({"text": "helsinki"}, [cafe]),
        ({"text": "dent"}, [dentist]),
        ({"text": '"'}, []),
        ({"ordered_by": member.id}, [dentist]),
        ({"tag": "Spring"}, [cafe]),
        ({"tag": "Autumn"}, []),
        ({"since": week_ago}, [dentist]),
        ({"until": week_ago}, [cafe]),
        ({"order": uuid4()}, []),
        ({"status": CampaignStatus.COMPLETED, "tag": "Spring", "text": "town"}, [cafe]),
    ):
        page = listed(owner, **where)
        assert ([order.head.id for order in page.rows], page.campaigns) == (expected, len(expected)), where


def test_a_filter_shows_an_order_by_its_newest_run_that_matches(owner: Person) -> None:
    done = finished(owner, [lead(1)])
    submitted(owner)
    (order,) = listed(owner, status=CampaignStatus.COMPLETED).rows
    assert (order.head.id, order.runs) == (done, 2)


def test_tags_are_clean_shared_and_each_there_once(owner: Person, database: Database) -> None:
    mine = finished(owner, [lead(1)])
    campaign_tags.set_tags(owner, mine, [" Spring  fair ", "spring FAIR", "B"])
    member = joins(database, person("member"), owner, MemberRole.MEMBER)
    assert campaigns.get(member, mine).tags == ("Spring fair", "B")
    assert campaign_orders.choices(member).tags == ("B", "Spring fair")
    campaign_tags.set_tags(member, mine, [])
    assert campaigns.get(owner, mine).tags == ()


@pytest.mark.parametrize("tags", [[""], ["x" * 41], ["a\x00b"], [f"tag {number}" for number in range(21)]])
def test_tags_that_cannot_be_are_refused(owner: Person, tags: list[str]) -> None:
    mine = finished(owner, [lead(1)])
    with pytest.raises(Invalid):
        campaign_tags.set_tags(owner, mine, tags)
    assert campaigns.get(owner, mine).tags == ()


def test_a_viewer_sees_tags_and_sets_none_and_a_stranger_sees_nothing(
    owner: Person, database: Database
) -> None:
    mine = finished(owner, [lead(1)])
    campaign_tags.set_tags(owner, mine, ["Spring"])
    viewer, stranger = joins(database, person("viewer"), owner, MemberRole.VIEWER), person("stranger")
    assert campaigns.get(viewer, mine).tags == ("Spring",)
    with pytest.raises(NotAllowed):
        campaign_tags.set_tags(viewer, mine, [])
    with pytest.raises(NotFound):
        campaign_tags.set_tags(stranger, mine, [])
    assert (heads(stranger), campaign_orders.choices(stranger).tags) == ([], ())
    assert heads(stranger, order=mine) == []
    for asking in (viewer, stranger):
        with suppress(DBAPIError), transaction(Role.WEB, proof=asking.proof) as conn:
            conn.execute(sa.text("update campaigns set tags = '{Mine}'"))
    assert rows(database.superuser_url, "select tags from campaigns") == [(["Spring"],)]


def test_tags_that_name_somebody_are_reported_and_erased(owner: Person) -> None:
    mine = finished(owner, [lead(1)])
    campaign_tags.set_tags(owner, mine, ["Spring", "Ask info@gone.example.com"])
    subject = subject_of("info@gone.example.com")
    told = subject_reports.report(owner, subject).told["tags_of_campaigns"]
    assert told == [{"campaign": "cafe in Helsinki", "tag": "Ask info@gone.example.com"}]
    assert erasing.preview(owner, subject)["tags"] == 1
    assert campaigns.get(owner, mine).tags == ("Spring", "Ask info@gone.example.com")
    assert erasing.erase(owner, subject)["tags"] == 1
    assert campaigns.get(owner, mine).tags == ("Spring",)
