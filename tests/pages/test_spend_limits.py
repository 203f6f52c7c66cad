"""Limits and sums on the Spend page, and what the form says of limits before an order."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from io import StringIO

import pytest
from streamlit.testing.v1 import AppTest

import settings
from services import campaigns, identity, limits, spend_sums
from services.identity import Person
from services.limits import Period
from services.roles import MemberRole
from tests.pages.conftest import Open, calm, words
from tests.pages.stored import make_known
from tests.support.campaigns import SPEC, claimed, spent, submitted
from tests.support.servers import Database, change

PAID = SPEC.model_copy(update={"budget_usd": Decimal(2), "waterfall": ("hunter",)})


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUNTER_IO_API_KEY", "canary-key-of-nobody")
    settings.get.cache_clear()


def set_on_page(app: AppTest, whose: str, period: str, amount: float | None) -> str:
    app.selectbox(key="limit_whose").select(whose)
    app.selectbox(key="limit_period").select(period)
    app.number_input(key="limit_usd").set_value(amount)
    return words(calm(app.button(key="limit_set").click().run()))


def test_limits_are_set_changed_and_removed_on_the_page(open_page: Open, token: str, person: Person) -> None:
    app = open_page("pages/spend.py", token)
    assert "No limits are set: campaigns may spend their budgets." in words(app)
    assert "Type an amount first" in set_on_page(app, "This workspace", "A day", None)
    assert "The limit is set." in set_on_page(app, "The whole installation", "A day", 10)
    assert "Set at most $10.00" in set_on_page(app, "This workspace", "A day", 11)
    assert "The limit is set." in set_on_page(app, "boss@example.com", "A month", 4.5)
    assert "Left this month: $4.50" in words(app)
    shown = app.dataframe[0].value
    assert list(shown["Whose"]) == ["The whole installation", "boss@example.com"]
    assert list(shown["Limit"]) == ["$10.00", "$4.50"]
    submitted(person, PAID.model_copy(update={"budget_usd": Decimal("4.5")}))
    app = open_page("pages/spend.py", token)
    assert "The personal limit for this month is used up, so nothing that costs money starts." in words(app)
    app.selectbox(key="limit_whose").select("boss@example.com")
    app.selectbox(key="limit_period").select("A month")
    assert "The limit is removed." in words(calm(app.button(key="limit_remove").click().run()))
    assert [row.micros for row in limits.listing(person)] == [10_000_000]


def test_the_plan_says_what_is_left_and_an_order_above_it_is_refused(
    open_page: Open, token: str, person: Person
) -> None:
    make_known("Helsinki")
    limits.set_limit(person, Period.DAY, Decimal(5))
    submitted(person, PAID.model_copy(update={"budget_usd": Decimal(4)}))
    order = {"type": "Café", "where": "Helsinki", "lookup": "Hunter"}
    nearly = "The workspace's limit for today is nearly used up: $1.00 left."
    app = open_page("pages/new_campaign.py", token, budget="1", **order)
    assert "Left to spend: $1.00 today" in words(app)
    assert nearly in words(app)
    app = open_page("pages/new_campaign.py", token, budget="1.5", **order)
    refusal = "The workspace's limit for today leaves $1.00, less than this may cost. Lower the budget"
    assert words(app).count(refusal) == 1
    calm(app.button(key="start").click().run())
    assert words(app).count(refusal) == 1
    assert campaigns.list_mine(person).total == 1


def test_who_sees_whose_spending(
    open_page: Open, token: str, person: Person, colleague: str, database: Database
) -> None:
    them = identity.who_is(colleague)
    assert them is not None
    for role in (MemberRole.MEMBER, MemberRole.ADMIN):
        change(
            database.superuser_url,
            f"insert into memberships (workspace_id, user_id, role) values ('{person.workspace_id}', '{them.id}',"
            f" '{role}') on conflict (workspace_id, user_id) do update set role = excluded.role;"
            f"update sessions set workspace_id = '{person.workspace_id}' where user_id = '{them.id}'",
        )
        them = identity.who_is(colleague)
        assert them is not None
        spent(claimed(them, submitted(them, PAID)), f"{role}.test", 24_500)
        spent(claimed(person, submitted(person, PAID)), f"{role}.example", 10_000)
        app = open_page("pages/spend.py", colleague)
        (by,) = [group for group in app.button_group if group.key == "by"]
        assert ("Person" in by.options) is (role is MemberRole.ADMIN)
        (whose,) = [group for group in app.button_group if group.key == "whose"]
        assert whose.options == ["Workspace", "Mine"]
    assert "Spent: $0.069" in words(app)
    assert "Spent: $0.049" in words(open_page("pages/spend.py", colleague, whose="Mine"))
    assert "Spent: $0.00" not in words(open_page("pages/spend.py", colleague, when="Today"))
    assert "Nothing was spent then" in words(open_page("pages/spend.py", colleague, when="Last month"))
    app = open_page("pages/spend.py", colleague, by="Person")
    assert list(app.dataframe[0].value["Person"]) == ["colleague@example.com", "boss@example.com"]
    app = open_page("pages/spend.py", token, whose="Installation", by_installation="Workspace")
    assert list(app.dataframe[0].value["Cost"]) == ["$0.069"]
    assert len(app.dataframe) == 1


def test_sums_are_taken_away_as_they_are_shown(person: Person) -> None:
    spent(claimed(person, submitted(person, PAID)), "a.test", 24_500)
    view = spend_sums.summary(person, "provider")
    lines = list(csv.reader(StringIO(spend_sums.sums_csv(view, "Provider").decode("utf-8-sig"))))
    assert lines == [
        ["Provider", "Calls", "Cost (USD)", "Saved (USD)", "Found nothing (USD)", "Uncertain (USD)"],
        ["Hunter", "1", "0.0245", "0", "0", "0"],
        ["All", "1", "0.0245", "0", "0", "0"],
    ]
    assert replace(view.total, group="Hunter") == view.rows[0]
    early = spend_sums.summary(person, "day", spend_sums.during(spend_sums.When.LAST_MONTH))
    assert early.total.calls == 0
