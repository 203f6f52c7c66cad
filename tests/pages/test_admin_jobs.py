"""Everybody's jobs, for administrators."""

from __future__ import annotations

from dataclasses import replace

import pytest

import settings
from pipeline.campaign import CampaignStatus
from services import auditing, identity, operations
from services.auditing import AuditWhere
from services.identity import Person
from store import workers
from store.database import Role, transaction
from store.progress import End
from store.schema_version import NEWEST
from tests.pages.conftest import Open, words
from tests.pages.stored import ended, finish
from tests.support.campaigns import PAID, claimed, lead, spent, submitted

PAGE = "pages/admin_jobs.py"
FAILED = End(status=CampaignStatus.FAILED, message="Ended.", reason="Sorry.", error="The source was away.")


def test_a_new_installation_has_no_jobs_and_says_when_no_worker_runs(open_page: Open, token: str) -> None:
    said = words(open_page(PAGE, token))
    assert "No jobs here" in said
    assert "No worker is running" in said
    assert "Waiting: 0" in said


def test_everybodys_jobs_are_listed_with_what_went_wrong(
    open_page: Open, token: str, person: Person, colleague: str
) -> None:
    other = identity.who_is(colleague)
    assert other is not None
    ended(other, [lead(1)], FAILED)
    submitted(person)
    app = open_page(PAGE, token)
    table = app.dataframe[0].value
    assert set(table["Owner"]) == {"boss@example.com", "colleague@example.com"}
    assert "The source was away." in set(table["Problem"])
    assert "Failed: 1" in words(app)
    assert "Waiting: 1" in words(app)


def test_the_state_in_the_address_filters_and_a_wrong_one_is_ignored(
    open_page: Open, token: str, person: Person
) -> None:
    ended(person, [], FAILED)
    submitted(person)
    assert list(open_page(PAGE, token, state="Failed").dataframe[0].value["State"]) == ["Failed"]
    assert len(open_page(PAGE, token, state="' or 1=1").dataframe[0].value) == 2


def test_a_success_that_is_worth_a_look_is_said_and_can_be_found(
    open_page: Open, token: str, person: Person
) -> None:
    ended(person, [lead(1)])
    assert "ended without a fault" not in words(open_page(PAGE, token))
    ended(person, [])
    app = open_page(PAGE, token)
    assert "1 campaign of the last 7 days ended without a fault and yet with little." in words(app)
    assert list(app.dataframe[0].value["State"]) == ["Worth a look", "Complete"]
    found = open_page(PAGE, token, state="Worth a look").dataframe[0].value
    assert list(found["Problem"]) == ["It ended without a fault and yet has no leads."]


def test_a_failed_job_can_be_retried_and_a_waiting_one_stopped(person: Person) -> None:
    ended(person, [], FAILED)
    job = operations.jobs(person).rows[0]
    operations.retry(person, job.job_id)
    assert operations.jobs(person).rows[0].status is CampaignStatus.PENDING
    operations.cancel_job(person, job.job_id)
    assert operations.jobs(person).rows[0].status is CampaignStatus.CANCELLED


def test_what_is_done_to_the_ticked_job_is_done_to_it_wherever_it_stands_by_now(
    open_page: Open, token: str, person: Person
) -> None:
    ended(person, [], FAILED)
    (failed,) = operations.jobs(person).rows
    app = open_page(PAGE, token, before={"jobs_chosen": (failed.job_id,)})
    assert "The source was away." in words(app)
    submitted(person)
    app.button(key="jobs_retry").click().run()
    assert "They wait for a worker again" in words(app)
    app.button(key="question_yes").click().run()
    assert "1 job wait" in words(app)
    assert [job.status for job in operations.jobs(person).rows] == [CampaignStatus.PENDING] * 2


def test_all_that_match_are_counted_and_deleted_after_a_question(
    open_page: Open, token: str, person: Person
) -> None:
    for _ in range(3):
        ended(person, [lead(1)], FAILED)
    submitted(person)
    app = open_page(PAGE, token, state="Failed")
    assert app.button(key="jobs_delete").disabled
    app.toggle(key="jobs_all").set_value(True).run()
    app.button(key="jobs_delete").click().run()
    assert app.button(key="question_yes").label == "Yes, delete 3 jobs"
    app.button(key="question_yes").click().run()
    assert "3 jobs are deleted." in words(app)
    assert [job.status for job in operations.jobs(person).rows] == [CampaignStatus.PENDING]


def test_failures_are_grouped_by_cause_and_each_is_a_filter(
    open_page: Open, token: str, person: Person
) -> None:
    for end in (FAILED, FAILED, replace(FAILED, error="Another fault.")):
        ended(person, [], end)
    app = open_page(PAGE, token)
    (causes,) = app.get("button_group")
    assert [option.content for option in causes.proto.options] == [
        "The source was away. · 2",
        "Another fault. · 1",
    ]
    app.session_state["cause"] = "Another fault."
    assert list(app.run().dataframe[0].value["Problem"]) == ["Another fault."]


def test_one_job_is_looked_into_and_put_first_in_line(open_page: Open, token: str, colleague: str) -> None:
    other, admin = identity.who_is(colleague), identity.who_is(token)
    assert other is not None
    assert admin is not None
    submitted(other)
    (job,) = operations.jobs(admin).rows
    app = open_page(PAGE, token, before={"jobs_chosen": (job.job_id,)})
    assert "What happened" not in words(app)
    app.button(key="look_into").click().run()
    assert "Its leads are for its workspace alone." in words(app)
    assert "No worker took it yet" in words(app)
    app.button(key="run_next").click().run()
    acts = [row.action for row in auditing.listing(admin, AuditWhere()).rows]
    assert {"job_looked_into", "job_put_first"} <= set(acts)


def test_a_job_shows_its_attempts_its_error_and_each_of_its_calls(
    open_page: Open, token: str, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUNTER_IO_API_KEY", "a key")
    settings.get.cache_clear()
    lease = claimed(person, submitted(person, PAID.model_copy(update={"waterfall": ("hunter",)})))
    for number in range(51):
        spent(lease, f"site-{number}.test", 1_000)
    finish(lease, replace(FAILED, fault="KeyError: '…'"))
    app = open_page(PAGE, token, before={"jobs_chosen": (lease.job_id,)})
    app.button(key="look_into").click().run()
    shown = {
        name: frame.value for name in ("Ended", "What") for frame in app.dataframe if name in frame.value
    }
    assert list(shown["Ended"]["Ended"]) == ["Failed"]
    assert (len(shown["What"]), set(shown["What"]["Outcome"])) == (50, {"Answered"})
    assert [block.value for block in app.code] == ["KeyError: '…'"]
    app.button(key="older_calls").click().run()
    assert [len(frame.value) for frame in app.dataframe if "What" in frame.value] == [1]
    app.button(key="newer_calls").click().run()
    assert [len(frame.value) for frame in app.dataframe if "What" in frame.value] == [50]


def test_the_queue_is_paused_and_goes_on(open_page: Open, token: str) -> None:
    app = open_page(PAGE, token)
    app.button(key="queue_pause").click().run()
    assert "The queue is paused" in words(app)
    assert "waits for more than 24 hours fails, paused or not" in words(app)
    app.button(key="queue_pause").click().run()
    assert "The queue is paused" not in words(app)


def test_a_worker_rests_goes_on_and_tells_its_last_jobs(open_page: Open, token: str, person: Person) -> None:
    with transaction(Role.SYSTEM) as conn:
        workers.report(conn, "a worker", 1, "host", 3 << 20, settings.version())
        workers.report(conn, "an old one", 2, "host", version="1.0.0")
    ended(person, [lead(1)])
    app = open_page(PAGE, token)
    assert "Waiting for work · process 1 on host · 3 MiB" in words(app)
    assert f"ProspectPro {settings.version()} · schema {NEWEST}" in words(app)
    assert words(app).count("Another version") == 1
    app.button(key="rest-a worker").click().run()
    assert "Takes no campaigns" in words(app)
    app.button(key="rest-a worker").click().run()
    assert "Takes no campaigns" not in words(app)
    app.button(key="last-a worker").click().run()
    assert list(app.dataframe[0].value["State"]) == ["Complete"]
