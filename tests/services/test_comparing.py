"""Two runs beside each other: what is new, gone and changed, why it is gone, and the file of it."""

from __future__ import annotations

import csv
import json
from io import StringIO
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from pipeline.campaign import CampaignSpec, CampaignStatus
from pipeline.lead import Lead
from pipeline.suppression import subject_of
from services import campaign_orders, comparing, comparison_export, suppression_list
from services.comparing import Comparison, Look, Show
from services.errors import Invalid, NotAllowed, NotFound
from services.identity import Person
from services.roles import MemberRole
from store import businesses
from store.database import Role, transaction
from store.differences import MARKED
from tests.support.campaigns import (
    SPEC,
    TODAY,
    business,
    claimed,
    end,
    finished,
    lead,
    store_leads,
    submitted,
)
from tests.support.people import joins, person
from tests.support.servers import Database, change, rows


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def compared(who: Person, one: UUID, other: UUID, show: Show | None = None, **look: object) -> Comparison:
    return comparing.compare(who, one, other, Look(show=show, **look))  # type: ignore[arg-type]


def names(found: Comparison) -> list[str]:
    return sorted(row.lead.name for row in found.rows)


def run_of(owner: Person, leads: list[Lead], spec: CampaignSpec = SPEC, **left: object) -> UUID:
    """A run with these leads that ended as ``status`` says, and ``found`` businesses that became no lead."""
    campaign = submitted(owner, spec)
    lease = claimed(owner, campaign)
    store_leads(lease, leads)
    with transaction(Role.WORKER, lease=lease) as conn:
        businesses.save(conn, lease, left.get("found", []), TODAY, {})  # type: ignore[arg-type]
    end(lease, left.get("status", CampaignStatus.COMPLETED))  # type: ignore[arg-type]
    return campaign


def test_new_gone_and_changed_are_told_apart_whichever_comes_first(owner: Person) -> None:
    first = finished(owner, [lead(1), lead(2, phone="+358401234567"), lead(3), lead(5)])
    second = finished(
        owner, [lead(2, phone="+358407654321", website="https://two.example.com"), lead(3), lead(4)]
    )
    for one, other in ((first, second), (second, first)):
        new = compared(owner, one, other)
        assert (new.earlier.id, new.later.id, new.show) == (first, second, Show.NEW)
        assert (new.counts.new, new.counts.gone, new.counts.changed, new.counts.same) == (1, 2, 1, 1)
        assert names(new) == ["Cafe 004"]
        assert names(compared(owner, one, other, Show.GONE)) == ["Cafe 001", "Cafe 005"]
        changed = compared(owner, one, other, Show.CHANGED)
        assert [(c.field, c.was, c.now) for row in changed.rows for c in row.changes] == [
            ("phone", "+358401234567", "+358407654321"),
            ("website", None, "https://two.example.com"),
        ]
    assert changed.counts.values == {"phone": 1, "website": 1}
    assert names(compared(owner, first, second, Show.CHANGED, value="phone")) == ["Cafe 002"]
    assert names(compared(owner, first, second, Show.CHANGED, value="email")) == []
    assert compared(owner, first, second, Show.CHANGED, value="email").matching == 0
    assert names(compared(owner, first, second, Show.CHANGED, value="'; --")) == ["Cafe 002"]


_OTHERS: dict[str, dict[str, object]] = {
    "name": {"name": "Corner"},
    "category": {"category": "amenity=bar"},
    "phone": {"phone": "+358401234567"},
    "email": {"email": "info@example.com"},
    "website": {"website": "https://example.com"},
    "address": {"address": "Other street 1"},
    "opening_hours": {"opening_hours": "Mo-Fr 09:00-17:00"},
    "doubt": {"details": {"doubt": "It may be closed."}},
}


def test_each_value_that_is_compared_has_its_own_bit(owner: Person) -> None:
    assert {*_OTHERS, "email_status"} == set(MARKED)
    numbers = {field: number for number, field in enumerate(_OTHERS, start=1)}
    first = finished(owner, [lead(number) for number in numbers.values()])
    second = finished(owner, [lead(number, **_OTHERS[field]) for field, number in numbers.items()])
    counts = compared(owner, first, second).counts
    assert counts.values == dict.fromkeys(MARKED, 1)
    for field in MARKED:
        (row,) = compared(owner, first, second, Show.CHANGED, value=field).rows
        assert field in {change.field for change in row.changes}


def test_the_best_come_first_and_pages_leave_none_out(owner: Person) -> None:
    first = finished(owner, [lead(200)])
    second = finished(owner, [lead(number) for number in range(30)])
    found = [
        row.lead.confidence
        for offset in (0, 12, 24)
        for row in compared(owner, first, second, Show.NEW, offset=offset, limit=12).rows
    ]
    assert found == sorted(range(30), reverse=True)


def test_why_it_is_gone_is_said_as_far_as_it_is_known(owner: Person) -> None:
    strict = SPEC.model_copy(update={"min_confidence": 50, "independents_only": True})
    first = finished(owner, [lead(number, phone=f"+35840123456{number}") for number in range(1, 6)])
    weak, chained, other = business(1), business(2, confidence=80, chain="Coffee"), business(3, confidence=80)
    second = run_of(owner, [lead(90)], strict, found=[weak, chained, other])
    suppression_list.add(owner, [subject_of("+358401234564")], "Asked us")
    said = {row.lead.name: row.why for row in compared(owner, first, second, Show.GONE).rows}
    assert said == {
        "Cafe 001": "Found again, with a confidence of 1, below the minimum of 50.",
        "Cafe 002": "Found again, left out as part of a chain: Coffee.",
        "Cafe 003": "Found again, but left out of the leads.",
        "Cafe 004": "It is on the suppression list now.",
        "Cafe 005": "Not found in this run.",
    }


def test_why_it_is_gone_names_what_was_demanded_of_it(owner: Person) -> None:
    strict = SPEC.model_copy(update={"founded_since": 2015})
    first = finished(owner, [lead(1), lead(2)])
    found = [business(1, details={"founded": "1998-03-01"}), business(2)]
    second = run_of(owner, [lead(90)], strict, found=found)
    said = {row.lead.name: row.why for row in compared(owner, first, second, Show.GONE).rows}
    assert said == {
        "Cafe 001": "Found again, left out as its date of founding is 1998-03-01.",
        "Cafe 002": "Found again, left out as no date of founding of it is on record.",
    }


@pytest.mark.parametrize(
    ("most", "status", "said"),
    [
        (1, CampaignStatus.COMPLETED, "Found again, beyond the 1 lead that were ordered."),
        (9, CampaignStatus.PARTIAL, "Found again, but the run ended before it became a lead."),
        (9, CampaignStatus.CANCELLED, "Found again, but the run ended before it became a lead."),
    ],
)
def test_a_run_that_was_cut_short_is_not_taken_for_one_that_looked_everywhere(
    owner: Person, most: int, status: CampaignStatus, said: str
) -> None:
    first = finished(owner, [lead(1), lead(2)])
    spec = SPEC.model_copy(update={"max_results": most})
    second = run_of(owner, [lead(3)], spec, found=[business(1)], status=status)
    why = {row.lead.name: row.why for row in compared(owner, first, second, Show.GONE).rows}
    assert why["Cafe 001"] == said.replace("1 lead that were", "1 lead that was")
    assert why["Cafe 002"] == (
        "Not found in this run." if status is CampaignStatus.COMPLETED else "Not found before the run ended."
    )


def test_what_had_to_be_removed_is_not_called_changed(owner: Person, database: Database) -> None:
    values = {"phone": "+358401234567", "email": "info@example.com", "details": {"doubt": "Closed?"}}
    first = finished(owner, [lead(1, **values), lead(2, **values)])
    change(
        database.superuser_url,
        "update leads set origins = jsonb_set(origins, '{0,source}', '\"google_places\"'), retain_until = current_date,"
        ' provenance = (select jsonb_object_agg(name, origins -> 0 || \'{"source": "google_places"}\') from'
        " unnest(array['name', 'phone', 'email', 'address', 'doubt']) as name) where name = 'Cafe 001'",
    )
    second = finished(owner, [lead(1, **values), lead(2)])
    said = "Google allows keeping this for 30 days only; it was removed then."
    limits = json.dumps({"google_places": {"days": 30, "said": said}})
    with transaction(Role.SYSTEM) as conn:
        fields = ["phone", "email", "address", "website"]
        conn.execute(
            sa.text("select forget_values(cast(:limits as jsonb), :fields)"),
            {"limits": limits, "fields": fields},
        )
    assert rows(database.superuser_url, "select count(*) from leads where name = 'Name removed'") == [(1,)]
    counts = compared(owner, first, second).counts
    assert (counts.same, counts.changed, counts.values) == (
        1,
        1,
        {"phone": 1, "email": 1, "email_status": 1, "doubt": 1},
    )


def test_a_run_beside_itself_one_of_others_and_one_there_is_not(owner: Person) -> None:
    mine, again = finished(owner, [lead(1)]), finished(owner, [lead(2)])
    stranger = person("stranger")
    theirs = finished(stranger, [lead(1)])
    with pytest.raises(Invalid):
        compared(owner, mine, mine)
    for other in (theirs, uuid4()):
        for one, two in ((mine, other), (other, mine)):
            with pytest.raises(NotFound):
                compared(owner, one, two)
            with pytest.raises(NotFound):
                comparison_export.differences_csv(owner, one, two)
    with transaction(Role.WEB, proof=stranger.proof) as conn:
        asked = "select * from run_differences(:workspace, :one, :two)"
        given = {"workspace": owner.workspace_id, "one": mine, "two": again}
        assert conn.execute(sa.text(asked), given).all() == []


def taken(who: Person, one: UUID, other: UUID, *what: object) -> list[dict[str, str]]:
    file = comparison_export.differences_csv(who, one, other, *what)  # type: ignore[arg-type]
    assert file.filename.startswith("differences-prospectpro-cafe-helsinki-")
    return list(csv.DictReader(StringIO(file.data.decode("utf-8-sig"))))


def test_the_file_holds_every_difference_and_is_noted_for_both_runs(
    owner: Person, database: Database
) -> None:
    first = finished(owner, [lead(1), lead(2, name="=cmd|' /C calc'!A0")])
    second = finished(owner, [lead(2, name="=cmd|' /C calc'!A0", phone="+358401234567"), lead(3)])
    lines = taken(owner, first, second)
    assert [(line["Difference"], line["Value"], line["Before"], line["Now"]) for line in lines] == [
        ("New", "", "", ""),
        ("Gone", "", "", ""),
        ("Changed", "Phone", "", "+358401234567"),
    ]
    assert lines[1]["Why gone"] == "Not found in this run."
    assert lines[2]["Name"] == "'=cmd|' /C calc'!A0"
    assert {line["Attribution"] for line in lines} == {lines[0]["Attribution"]} != {""}
    noted = "select campaign_id::text, row_count, filter ->> 'compared_with', length(sha256) from exports order by 1"
    assert rows(database.superuser_url, noted) == sorted(
        [(str(first), 2, str(second), 32), (str(second), 2, str(first), 32)]
    )
    assert [line["Difference"] for line in taken(owner, first, second, Show.GONE)] == ["Gone"]
    assert taken(owner, first, second, Show.CHANGED, "email") == []


def test_values_that_must_stay_are_not_in_the_file(owner: Person, database: Database) -> None:
    first = finished(owner, [lead(1, phone="+358401234567")])
    second = finished(owner, [lead(1, phone="+358407654321"), lead(2, phone="+358401111111")])
    change(
        database.superuser_url,
        "update leads set provenance = provenance || jsonb_build_object('phone', origins -> 0"
        ' || \'{"source": "google_places"}\')',
    )
    data = comparison_export.differences_csv(owner, first, second).data.decode()
    assert "restrict exporting" in data
    assert "+35840" not in data


def test_a_viewer_compares_and_takes_nothing_away(owner: Person, database: Database) -> None:
    first, second = finished(owner, [lead(1)]), finished(owner, [lead(2)])
    viewer = joins(database, person("viewer"), owner, MemberRole.VIEWER)
    assert names(compared(viewer, first, second)) == ["Cafe 002"]
    with pytest.raises(NotAllowed):
        comparison_export.differences_csv(viewer, first, second)


def test_runs_of_the_same_order_are_offered_first_then_alike_ones(owner: Person) -> None:
    first = finished(owner, [lead(1)])
    elsewhere = finished(owner, [lead(2)], SPEC.model_copy(update={"location": "Espoo"}))
    finished(owner, [lead(3)], SPEC.model_copy(update={"location": "Espoo", "business_types": ("dentist",)}))
    again = finished(owner, [lead(4)])
    submitted(owner)
    offered = campaign_orders.comparable(owner, first)
    assert [(run.id, run.is_same) for run in offered] == [(again, True), (elsewhere, False)]
