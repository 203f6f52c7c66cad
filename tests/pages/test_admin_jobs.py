"""Everybody's jobs, for administrators."""

from __future__ import annotations

from pipeline.campaign import CampaignStatus
from services import identity, operations
from services.identity import Person
from store.progress import End
from tests.pages.conftest import Open, words
from tests.pages.stored import ended
from tests.support.campaigns import lead, submitted

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
    job = operations.jobs(person)[0]
    operations.retry(person, job.job_id)
    assert operations.jobs(person)[0].status is CampaignStatus.PENDING
    operations.cancel_job(person, job.job_id)
    assert operations.jobs(person)[0].status is CampaignStatus.CANCELLED


def test_what_is_done_to_the_chosen_job_is_done_to_it_wherever_it_stands_by_now(
    open_page: Open, token: str, person: Person
) -> None:
    ended(person, [], FAILED)
    (failed,) = operations.jobs(person)
    app = open_page(PAGE, token, before={"jobs_chosen": failed.job_id})
    assert "The source was away." in words(app)
    submitted(person)
    app.button(key="retry").click().run()
    assert [job.status for job in operations.jobs(person)] == [CampaignStatus.PENDING] * 2
