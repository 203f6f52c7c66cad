"""What services are asked with ids, cursors, sizes and filters that somebody made up, and rights somebody has not."""

from __future__ import annotations

import base64
import csv
import json
from collections.abc import Callable, Sequence
from io import StringIO
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from pipeline.campaign import CampaignStatus
from services import (
    calls_export,
    campaigns,
    continuing,
    exporting,
    history,
    lead_choices,
    mapping,
    operations,
    paging,
    results,
    spend_sums,
    spending,
    watching,
)
from services.errors import Conflict, NotAllowed, NotFound
from services.identity import Person
from services.results import LeadFilter, LeadSort
from store.ids import new_id
from tests.bad_inputs.conftest import World
from tests.bad_inputs.table import Case
from tests.support.campaigns import TODAY, finished, lead, submitted
from tests.support.people import person
from tests.support.servers import rows

Act = Callable[[Person, UUID], object]
OF_A_CAMPAIGN: dict[str, Act] = {
    "looking": campaigns.get,
    "its events": history.events,
    "stopping": campaigns.cancel,
    "deleting": campaigns.delete,
    "repeating": lambda who, it: campaigns.run_again(who, it, str(new_id())),
    "its leads": lambda who, it: results.leads(who, it, LeadFilter(), LeadSort.BEST),
    "one lead": lambda who, it: results.lead(who, it, new_id()),
    "its map": lambda who, it: mapping.extent(who, it, LeadFilter(), TODAY),
    "its choices of filters": lead_choices.of_the_campaign,
    "its file": lambda who, it: exporting.export(who, it, LeadFilter(), LeadSort.BEST, "csv"),
    "its calls": lambda who, it: spending.calls(who, it),
    "its list of calls": lambda who, it: calls_export.calls_csv(who, it),
    "its cost": watching.look,
    "more money": lambda who, it: continuing.add_budget(who, it, 1, str(new_id())),  # type: ignore[arg-type]
}


@pytest.mark.parametrize(
    "case", [Case(84, what, act, NotFound) for what, act in OF_A_CAMPAIGN.items()], ids=str
)
def test_somebody_elses_campaign_is_as_unknown_as_none(world: World, case: Case[Act, type[NotFound]]) -> None:
    said = []
    for campaign_id in (world.theirs, uuid4()):
        with pytest.raises(case.expected) as refused:
            case.given(world.owner, campaign_id)
        said.append(str(refused.value))
    assert said[0] == said[1]
    assert campaigns.get(world.stranger, world.theirs).lead_count == 1


def _cursor(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


CURSORS = (
    Case(87, "made up", "made up", None),
    Case(87, "cut off", _cursor("Cafe", str(uuid4()))[:-5], None),
    Case(87, "of another shape", _cursor({"a": 1}), None),
    Case(87, "with too many parts", _cursor("a", "b", "c"), None),
    Case(87, "with half a letter", _cursor("caf\ud800", str(uuid4())), None),
    Case(87, "with NUL", _cursor("a\x00", str(uuid4())), None),
    Case(87, "with SQL", _cursor("' or 1=1 --", "' or 1=1 --"), None),
    Case(87, "of a time without a zone", _cursor("2026-01-01T00:00:00", str(uuid4())), None),
    Case(87, "of no time", _cursor("9999-99-99", str(uuid4())), None),
    Case(87, "a megabyte", "x" * 1_000_000, None),
    Case(87, "of a place", 10**30, None),
    Case(86, "before the first", -1, None),
    Case(86, "far behind the last", 1_000_000_000, None),
)


@pytest.mark.parametrize("case", CURSORS, ids=str)
def test_a_position_nobody_gave_is_taken_calmly(world: World, case: Case[str | int, None]) -> None:
    for sort in (LeadSort.BEST, LeadSort.NAME, LeadSort.CONFIDENCE):
        page = results.leads(world.owner, world.done, LeadFilter(), sort, case.given)
        assert {row.name for row in page.rows} <= {"Cafe 000", "Cafe 001", "Cafe 002"}
        assert page.total == 3
    if isinstance(case.given, str):
        mine = {world.done, world.running}
        listed = campaigns.list_mine(world.owner, cursor=case.given)
        assert mine & {row.id for row in listed.rows} or not listed.rows
        assert spending.calls(world.owner, cursor=case.given).rows == ()


@pytest.mark.parametrize("case", [Case(87, "of somebody else", None, None)], ids=str)
def test_a_position_among_somebody_elses_leads_shows_none_of_theirs(
    world: World, case: Case[None, None]
) -> None:
    theirs = results.leads(world.owner, world.done, LeadFilter(), LeadSort.NAME, limit=1).next_cursor
    page = results.leads(world.stranger, world.theirs, LeadFilter(), LeadSort.NAME, theirs)
    assert {row.name for row in page.rows} <= {"Cafe 001"}
    assert page.total == 1


@pytest.mark.parametrize(
    "case",
    [Case(89, "ten million", 10**7, 200), Case(89, "none", 0, 1), Case(89, "less than none", -5, 1)],
    ids=str,
)
def test_a_page_has_a_size(world: World, case: Case[int, int]) -> None:
    asked = results.leads(world.owner, world.done, LeadFilter(), LeadSort.NAME, limit=case.given)
    assert len(asked.rows) == min(3, case.expected)
    assert len(campaigns.list_mine(world.owner, limit=case.given).rows) <= max(1, min(case.given, 100))


@pytest.mark.parametrize(
    "case",
    [
        Case(90, "any letters", "%", ["100% Gamma_"]),
        Case(90, "any letter", "_", ["100% Gamma_"]),
        Case(90, "an escape", "\\", ["Back\\slash"]),
        Case(6, "SQL in a filter", "' or 1=1 --", []),
    ],
    ids=str,
)
def test_a_filter_is_looked_for_as_it_stands(world: World, named: UUID, case: Case[str, list[str]]) -> None:
    page = results.leads(world.owner, named, LeadFilter(text=case.given), LeadSort.NAME)
    assert [row.name for row in page.rows] == case.expected


@pytest.fixture(scope="module")
def _named() -> list[UUID]:
    return []


@pytest.fixture
def named(world: World, _named: list[UUID]) -> UUID:
    """A campaign whose leads have signs of patterns in their names."""
    if not _named:
        names = ("100% Gamma_", "Back\\slash", "Plain")
        _named.append(finished(world.owner, [lead(n, name=name) for n, name in enumerate(names)]))
    return _named[0]


@pytest.mark.parametrize(
    "case",
    [
        Case(5, "NUL in a filter", {"text": "\x00"}, "text"),
        Case(3, "a filter of 10,001 letters", {"text": "x" * 10_001}, "text"),
        Case(32, "a minimum above a hundred", {"min_confidence": 101}, "min_confidence"),
        Case(107, "a status there is not", {"status": "sold"}, "status"),
        Case(107, "a kind of value there is not", {"has_phone": {"$gt": ""}}, "has_phone"),
    ],
    ids=str,
)
def test_a_filter_that_is_none_is_refused(case: Case[dict[str, object], str]) -> None:
    with pytest.raises(ValidationError) as refused:
        LeadFilter.model_validate(case.given)
    assert [problem["loc"][0] for problem in refused.value.errors()] == [case.expected]


EXPORTS = (
    Case(96, "while it runs", "running", 1),
    Case(96, "of somebody else", "theirs", None),
    Case(96, "of one that was deleted", "deleted", None),
)


@pytest.mark.parametrize("case", EXPORTS, ids=str)
def test_a_file_holds_what_is_there_for_whom_it_is(world: World, case: Case[str, int | None]) -> None:
    if case.given == "deleted":
        campaign_id = finished(world.owner, [lead(1)])
        campaigns.delete(world.owner, campaign_id)
    else:
        campaign_id = getattr(world, case.given)
    if case.expected is None:
        with pytest.raises(NotFound):
            exporting.export(world.owner, campaign_id, LeadFilter(), LeadSort.BEST, "csv")
    else:
        file = exporting.export(world.owner, campaign_id, LeadFilter(), LeadSort.BEST, "csv")
        assert file.rows == case.expected


NAMES = (
    Case(9, "a formula", '=HYPERLINK("http://evil.test")', '\'=HYPERLINK("http://evil.test")'),
    Case(9, "a formula behind a semicolon", "Anchor;=cmd|'/C calc'!A0", "Anchor;'=cmd|'/C calc'!A0"),
    Case(9, "a small equals sign", "\ufe661+1", "'\ufe661+1"),
    Case(16, "a line break", "Anchor\r\nLantern", "Anchor Lantern"),
    Case(12, "an override", "Anchor\u202e", "Anchor"),
    Case(
        11,
        "emoji of several signs",
        "Bar \U0001f3f3\ufe0f\u200d\U0001f308",
        "Bar \U0001f3f3\ufe0f\u200d\U0001f308",
    ),
)


@pytest.mark.parametrize("cases", [NAMES], ids=["names in a file"])
def test_a_file_holds_no_name_that_does_anything(world: World, cases: Sequence[Case[str, str]]) -> None:
    made = finished(world.owner, [lead(number, name=case.given) for number, case in enumerate(cases)])
    file = exporting.export(world.owner, made, LeadFilter(), LeadSort.BEST, "csv")
    names = {line["Name"] for line in csv.DictReader(StringIO(file.data.decode("utf-8-sig"), newline=""))}
    assert names == {case.expected for case in cases}


FOR_ADMINISTRATORS: dict[str, Callable[[Person, UUID], object]] = {
    "all jobs": lambda who, job: operations.jobs(who),
    "workers": lambda who, job: operations.workers(who),
    "stopping anybody's job": operations.cancel_job,
    "taking up anybody's job": operations.retry,
    "everybody's spending": lambda who, job: spend_sums.everybody(who, "day"),
}


@pytest.mark.parametrize(
    "case", [Case(94, what, act, NotAllowed) for what, act in FOR_ADMINISTRATORS.items()], ids=str
)
def test_what_administrators_do_nobody_else_does_whatever_a_page_sends(
    world: World, case: Case[Act, type[NotAllowed]]
) -> None:
    job = campaigns.get(world.owner, world.running).job_id
    with pytest.raises(case.expected):
        case.given(world.owner, job)
    assert campaigns.get(world.owner, world.running).status is CampaignStatus.PROCESSING


@pytest.mark.parametrize(
    "case",
    [
        Case(106, "stopping", operations.cancel_job, "already ended"),
        Case(106, "taking up", operations.retry, "Only a failed"),
    ],
    ids=str,
)
def test_two_administrators_at_one_job(world: World, case: Case[Act, str]) -> None:
    second = _second_boss(world)
    campaign_id = submitted(world.owner)
    job = campaigns.get(world.owner, campaign_id).job_id
    if case.given is operations.retry:
        operations.cancel_job(world.boss, job)
    case.given(world.boss, job)
    with pytest.raises(Conflict, match=case.expected):
        case.given(second, job)
    noted = rows(world.database.superuser_url, f"select count(*) from audit_log where target_id = '{job}'")
    assert noted == [(1 if case.given is operations.cancel_job else 2,)]


def _second_boss(world: World) -> Person:
    return person(f"boss-{uuid4().hex}", is_admin=True)


@pytest.mark.parametrize("case", [Case(87, "half a letter", _cursor("caf\ud800", "x"), None)], ids=str)
def test_no_part_of_a_position_is_a_text_no_database_holds(case: Case[str, None]) -> None:
    assert paging.decode(case.given, 2) is case.expected
