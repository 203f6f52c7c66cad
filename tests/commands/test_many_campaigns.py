"""`manage.py bulk` and `manage.py schedules`: on the machine itself and, in the same words, from another one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from httpx import Client
from psycopg2 import extensions
from typer.testing import CliRunner, Result

import manage
from services import api_keys, campaigns, catalogue
from services.api_keys import Scope
from services.identity import Person
from tests.api.conftest import site as site
from tests.support.campaigns import SPEC, submitted
from tests.support.people import person
from tests.support.servers import Database

LINES = "cafe; Helsinki; 5\nbakery; Helsinki\ncafe; Helsinki; 5\ncafe; Nowhereland\nonly this\n"
Typed = Callable[..., Result]


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    catalogue.ensure_first_fill()
    return person("owner")


@pytest.fixture(params=["here", "elsewhere"])
def typed(request: pytest.FixtureRequest, owner: Person) -> Iterator[Typed]:
    """A command on the machine itself, or on another one with a key."""
    there: dict[str, str] = {}
    if request.param == "elsewhere":
        url: Client = request.getfixturevalue("site")
        key = api_keys.create(owner, "A program", Scope.SUBMIT, 1)
        there = {"PROSPECTPRO_URL": str(url.base_url), "PROSPECTPRO_KEY": key}
    app, terminal = manage.application(), CliRunner(env=there)
    yield lambda *words, given="": terminal.invoke(app, words, input=given)
    # Commands wait for Postgres in a way of their own, which is the process's.
    extensions.set_wait_callback(None)


def said(done: Result, code: int = 0) -> str:
    """What a command printed; fails when it ended otherwise."""
    assert done.exit_code == code, done.output
    return done.stdout


def test_many_orders_of_a_file_are_placed_and_steered(typed: Typed, owner: Person) -> None:
    plan = typed("bulk", "plan", "-", given=LINES)
    assert "3 campaigns: " in said(plan, 1)
    assert "Row 5 (only this): Write the type" in plan.stderr
    assert "Row 4 (cafe; Nowhereland): " in plan.stderr
    assert "Row 3 (cafe; Helsinki; 5): It looks for the same as row 1." in plan.stderr
    refused = typed("bulk", "run", "-", given=LINES)
    assert (refused.exit_code, "--skip-bad" in refused.stderr) == (1, True)
    assert campaigns.list_mine(owner).total == 0
    words = ("--skip-bad", "--skip-duplicates", "--max", "7", "--budget", "2", "--waterfall", "none")
    run = typed("bulk", "run", "-", *words, "--cap", "3", "--json", given=LINES)
    made = json.loads(said(run))
    assert (made["campaigns"]["total"], made["cap_usd"]) == (2, "3")
    assert "Left out: Row 4" in run.stderr
    bulk = made["id"]
    each = json.loads(said(typed("bulk", "campaigns", bulk, "--json")))
    assert sorted(one["order"]["max_results"] for one in each) == [5, 7]
    assert {one["budget_usd"] for one in each} == {"2"}
    assert f"{bulk}  pending      0 %  0 of 2 campaigns, 0 leads, $0.00 of $3.00" in said(
        typed("bulk", "list")
    )
    assert "paused" in said(typed("bulk", "pause", bulk))
    assert "pending" in said(typed("bulk", "resume", bulk))
    assert "cancelled" in said(typed("bulk", "cancel", bulk))
    assert "100 %" in said(typed("bulk", "show", bulk, "--wait"), 5)
    assert "pending" in said(typed("bulk", "continue", bulk))
    still = typed("bulk", "delete", bulk)
    assert (still.exit_code, "still running" in still.stderr) == (1, True)
    typed("bulk", "cancel", bulk)
    said(typed("bulk", "delete", bulk))
    assert said(typed("bulk", "list")) == "There is no bulk order.\n"


def test_a_table_needs_titles_that_tell(typed: Typed, owner: Person, tmp_path: Path) -> None:
    table = tmp_path / "orders.csv"
    table.write_text("type,place,leads\ncafe,Helsinki,3\nbakery,Helsinki,4\n")
    assert "2 campaigns: 6 leads, $0.00, " in said(typed("bulk", "plan", str(table)))
    table.write_text("a,b\ncafe,Helsinki\n")
    refused = typed("bulk", "plan", str(table))
    assert (refused.exit_code, "first row of orders.csv" in refused.stderr) == (1, True)
    for odd in ("much", "-1", "NaN", "1e99", "0.0000001"):
        cap = typed("bulk", "run", "-", "--cap", odd, given="cafe; Helsinki")
        assert (cap.exit_code, "--cap is an amount of US dollars" in cap.stderr) == (1, True), odd


def test_a_campaign_is_had_repeated(typed: Typed, owner: Person) -> None:
    campaign = str(submitted(owner, SPEC))
    words = ("--cron", "0 8 * * 1", "--time-zone", "Europe/Helsinki", "--month", "10", "--only-new")
    made = json.loads(said(typed("schedules", "create", campaign, *words, "--json")))
    assert (made["month_usd"], made["only_new"], made["name"]) == ("10", True, made["title"])
    which = made["id"]
    assert "0 8 * * 1 Europe/Helsinki  $0.00 this month of $10.00" in said(typed("schedules", "list"))
    change = ("schedules", "change", which, "--cron", "0 9 * * 1", "--month", "none", "--all", "--json")
    changed = json.loads(said(typed(*change)))
    others = {"cron": "0 9 * * 1", "month_usd": None, "only_new": False, "next_at": changed["next_at"]}
    assert changed == {**made, **others}
    assert "budget" in typed("schedules", "change", which, "--budget", "much").stderr
    again = typed("schedules", "change", which, "--name", "Mondays", "--month", "10", "--only-new", "--json")
    assert json.loads(said(again)) == {**changed, "name": "Mondays", "month_usd": "10", "only_new": True}
    assert "paused (person)" in said(typed("schedules", "pause", which))
    assert "can't find" in typed("schedules", "run", which).stderr
    assert "next 20" in said(typed("schedules", "resume", which))
    said(typed("schedules", "run", which))
    assert "not due yet" in said(typed("schedules", "history", which))
    assert which in said(typed("schedules", "show", which))
    wrong = typed("schedules", "create", campaign, "--cron", "* * * * *")
    assert (wrong.exit_code, wrong.stderr.strip() != "") == (1, True)
    said(typed("schedules", "remove", which))
    assert said(typed("schedules", "list")) == "Nothing repeats.\n"
