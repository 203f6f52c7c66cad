"""Campaigns that repeat, as people have them repeat, change, pause and look back."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

import settings
from jobs import export_sending
from jobs import schedules as placing
from pipeline.delivery.places import Target
from pipeline.output.export import USUAL_SPELLING
from services import book_file_work, identity, scheduled_exports, schedules, workspaces
from services.export_places import Delivery
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from services.roles import MemberRole
from tests.pages.conftest import Open, calm, words
from tests.support.campaigns import SPEC, finished, lead, submitted
from tests.support.people import joins
from tests.support.servers import Database, change
from tests.support.sftp_server import PASSWORD, USER, sftp_server

PAGE = "pages/schedules.py"


def button(app: AppTest, label: str) -> Button:
    return next(each for each in app.button if each.label == label)


@pytest.fixture
def campaign(person: Person) -> UUID:
    return submitted(person, SPEC.model_copy(update={"budget_usd": Decimal(2)}))


def test_a_campaign_is_had_repeated_changed_paused_and_removed(
    open_page: Open, token: str, person: Person, campaign: UUID, database: Database
) -> None:
    assert "Nothing repeats yet" in words(open_page(PAGE, token))
    app = open_page(PAGE, token, campaign=str(campaign))
    key = f"new_{campaign.hex}"
    assert "Next: Mon" in words(app), "every Monday morning unless something else is wanted"
    calm(app.selectbox(key=f"often_{key}").select("A cron pattern").run())
    assert button(app, "Repeat this campaign").disabled
    calm(app.text_input(key=f"cron_{key}").set_value("*/5 * * * *").run())
    assert "more often than every hour" in words(app)
    calm(app.text_input(key=f"cron_{key}").set_value("30 7 * * 1-5").run())
    calm(app.number_input(key=f"month_{key}").set_value(1.0).run())
    calm(button(app, "Repeat this campaign").click().run())
    assert "it would never run" in words(app)
    assert app.text_input(key=f"cron_{key}").value == "30 7 * * 1-5"
    calm(app.number_input(key=f"month_{key}").set_value(10.0).run())
    calm(button(app, "Repeat this campaign").click().run())
    (row,) = schedules.listing(person)
    assert (row.cron, row.month_micros, row.spec.budget_micros) == ("30 7 * * 1-5", 10_000_000, 2_000_000)
    assert "At 07:30 on Monday through Friday" in words(app)
    assert "of $10.00 this month" in words(app)

    calm(button(app, "Change").click().run())
    assert app.selectbox(key=f"often_{row.id.hex}").value == "Monday to Friday"
    calm(app.time_input(key=f"at_{row.id.hex}").set_value(time(6, 15)).run())
    calm(button(app, "Save").click().run())
    assert "At 06:15 on Monday through Friday" in words(app)

    calm(button(app, "Run now").click().run())
    assert placing.place_due() == "1 ordered"
    change(database.superuser_url, "update schedule_runs set missed = 3")
    calm(app.run())
    calm(button(app, "History: 1 time").click().run())
    assert "3 times after it passed while nothing ran" in words(app)
    assert button(app, "Open")

    stop = "update schedules set next_at = null, paused_at = now(), pause_cause = 'failures'"
    change(database.superuser_url, stop)
    assert "its last three campaigns failed" in words(open_page("pages/home.py", token))
    go_on = "update schedules set next_at = now() + interval '1 day', paused_at = null, pause_cause = null"
    change(database.superuser_url, go_on)
    calm(app.run())
    calm(button(app, "Pause").click().run())
    assert "is paused" not in words(open_page("pages/home.py", token)), "they know"
    assert "Paused." in words(app)
    calm(button(app, "Resume").click().run())
    assert button(app, "Run now")
    calm(button(app, "Remove").click().run())
    calm(app.button(key="question_yes").click().run())
    assert schedules.listing(person) == ()


def test_a_colleague_sees_it_and_is_offered_what_they_may(
    open_page: Open, token: str, colleague: str, person: Person, campaign: UUID, database: Database
) -> None:
    other = identity.who_is(colleague)
    assert other is not None
    joins(database, other, person, MemberRole.MEMBER)
    workspaces.switch(other, person.workspace_id)
    app = open_page(PAGE, token, campaign=str(campaign))
    calm(button(app, "Repeat this campaign").click().run())
    seen = open_page(PAGE, colleague)
    assert f"made by {person.email}" in words(seen)
    assert not {"Run now", "Pause", "Change", "Remove"} & {each.label for each in seen.button}


def test_what_is_no_campaign_of_theirs_is_told_calmly(open_page: Open, token: str) -> None:
    assert "We can't find that campaign" in words(open_page(PAGE, token, campaign=str(UUID(int=5))))
    assert "Nothing repeats yet" in words(open_page(PAGE, token, campaign="x"))


def test_a_time_zone_that_is_gone_is_told_where_another_can_be_chosen(
    open_page: Open, token: str, person: Person, campaign: UUID, database: Database
) -> None:
    calm(button(open_page(PAGE, token, campaign=str(campaign)), "Repeat this campaign").click().run())
    change(database.superuser_url, "update schedules set time_zone = 'Nowhere/Gone', next_at = now()")
    assert placing.place_due() == "1 never"
    app = open_page(PAGE, token)
    assert "its time zone is not known any more" in words(app)
    calm(button(app, "Resume").click().run())
    assert "This time zone is not known" in words(app)
    calm(button(app, "Change").click().run())
    (row,) = schedules.listing(person)
    assert "This time zone is not known" in words(app)
    calm(app.selectbox(key=f"zone_{row.id.hex}").select("Europe/Helsinki").run())
    calm(button(app, "Save").click().run())
    calm(button(app, "Resume").click().run())
    assert schedules.listing(person)[0].next_at is not None


def test_what_leads_shows_is_had_sent_tried_changed_and_looked_back_on(
    open_page: Open, token: str, person: Person, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished(person, [lead(1), lead(2)])
    app = open_page("pages/leads.py", token)
    app.session_state["book_download"] = True
    calm(app.run())
    calm(app.button(key="export_on_schedule").click().run())
    assert "It holds what Leads showed. Filters: none: every company of the workspace" in words(app)
    key = "new_export"
    app.switch_page(PAGE)
    app.query_params["export"] = "new"
    calm(app.run())
    calm(app.radio(key=f"target_{key}").set_value("sftp").run())
    with sftp_server() as server:
        monkeypatch.setenv("EXPORT_HOSTS", f"127.0.0.1:{server.port}")
        settings.get.cache_clear()
        for name, value in (
            ("host", "127.0.0.1"),
            ("user", USER),
            ("folder", "/leads"),
            ("password", "none"),
        ):
            app.text_input(key=f"{name}_{key}").set_value(value)
        calm(app.number_input(key=f"port_{key}").set_value(server.port).run())
        calm(app.radio(key=f"target_{key}").set_value("s3").run())
        assert app.text_input(key=f"secret_key_{key}").value == ""
        calm(app.radio(key=f"target_{key}").set_value("sftp").run())
        assert (app.text_input(key=f"host_{key}").value, app.number_input(key=f"port_{key}").value) == (
            "127.0.0.1",
            server.port,
        )
        app.text_input(key=f"password_{key}").set_value("wrong")
        calm(button(app, "Send from now on").click().run())
        assert "Ask the server for its key" in words(app)
        calm(button(app, "Ask the server for its key").click().run())
        assert [code.value for code in app.code] == [server.host_key()]
        calm(next(each for each in app.checkbox if "compared" in each.label).check().run())
        calm(button(app, "Try it now").click().run())
        assert "refused to sign in" in words(app)
        calm(app.text_input(key=f"password_{key}").set_value(PASSWORD).run())
        calm(button(app, "Try it now").click().run())
        assert "It works" in words(app)
        calm(button(app, "Send from now on").click().run())
        assert f"CSV to {USER} at 127.0.0.1, folder /leads" in words(app)
        (row,) = scheduled_exports.listing(person)
        assert PASSWORD not in str(app.session_state)

        calm(button(app, "Change").click().run())
        calm(app.text_input(key=f"name_{row.id.hex}").set_value("To the partner").run())
        calm(button(app, "Save").click().run())
        calm(button(app, "Run now").click().run())
        placing.place_due()
        list(book_file_work.run_due())
        assert len(list(export_sending.run_due())) == 1
        assert len(server.files) == 1
    settings.get.cache_clear()
    calm(app.run())
    calm(button(app, "History: 1 time").click().run())
    assert "2 leads, 2 kB · to sftp://127.0.0.1/leads/prospectpro-leads-" in words(app)
    change(
        database.superuser_url,
        "update schedules set next_at = null, paused_at = now(), pause_cause = 'no_right'",
    )
    assert "The schedule To the partner is paused: who made it may not take leads away here" in words(
        open_page("pages/home.py", token)
    )
    assert "Choose filters on Leads" in words(open_page(PAGE, token, export="new"))


def test_a_file_that_was_not_sent_is_sent_again_and_another_view_takes_the_place_of_its_filters(
    open_page: Open, token: str, person: Person, database: Database
) -> None:
    finished(person, [lead(1), lead(2)])
    sent = Delivery(
        name="To myself", cron="0 8 * * *", time_zone="Europe/Helsinki", format="csv", columns=(),
        spelling=USUAL_SPELLING, target=Target.MAIL, place={},
    )  # fmt: skip
    scheduled_exports.add(person, LeadFilter(), LeadSort.NAME, sent)
    app = open_page(PAGE, token)
    calm(button(app, "Run now").click().run())
    placing.place_due()
    list(book_file_work.run_due())
    assert "No mail server is set" in next(export_sending.run_due())
    calm(app.run())
    calm(button(app, "History: 1 time").click().run())
    calm(button(app, "Send again").click().run())
    assert "Under way" in words(app)
    assert "Send again" not in {each.label for each in app.button}

    calm(button(app, "Change").click().run())
    (row,) = scheduled_exports.listing(person)
    app.button(key=f"filters-{row.id.hex}").click()
    app.run()
    leads = open_page("pages/leads.py", token, q="001")
    leads.session_state["export_for"] = app.session_state["export_for"]
    leads.session_state["book_download"] = True
    calm(leads.run())
    app = calm(leads.button(key="export_on_schedule").click().run())
    app.switch_page(PAGE)
    app.query_params.clear()
    app.query_params["export"] = "new"
    calm(app.run())
    assert app.radio(key="for_new_export").value == "Change the filters of one there is"
    assert "Its filters so far: none" in words(app)
    calm(button(app, "Change its filters").click().run())
    (after,) = scheduled_exports.listing(person)
    assert scheduled_exports.held(after)[0] == LeadFilter(text="001")
    assert (after.name, after.place) == (row.name, row.place)
