"""A campaign while it runs and when it is over, from a deep link, a second tab or a reload."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pipeline.campaign import CampaignStatus, Stage
from pipeline.ports import Metrics
from services import campaigns, history, identity, renaming
from services.errors import Invalid, NotFound
from services.identity import Person
from store import progress, workers
from store.database import Role, transaction
from store.progress import End
from tests.pages.conftest import Open, calm, words
from tests.pages.stored import SPEC, ended, finish, make_known, report
from tests.support.campaigns import claimed, lead, submitted
from tests.support.servers import Database, change
from ui import campaign_charts, viewer_time

PAGE = "pages/progress.py"


@pytest.mark.parametrize(
    "campaign",
    [
        "",
        "x",
        "1 OR 1=1",
        "../../etc/passwd",
        "x" * 10_000,
        "00000000-0000-0000-0000-000000000000",
        "\x00",
        "<script>alert(1)</script>",
    ],
)
@pytest.mark.parametrize("page", [PAGE, "pages/results.py"])
def test_no_such_campaign_is_told_calmly(open_page: Open, token: str, page: str, campaign: str) -> None:
    app = open_page(page, token, campaign=campaign)
    assert "We can't find that campaign" in words(app)
    assert "Businesses found" not in words(app)
    calm(app.button(key="to_campaigns").click().run())
    assert [title.value for title in app.title] == ["Campaigns"]


@pytest.mark.parametrize("page", [PAGE, "pages/results.py"])
def test_another_persons_campaign_looks_like_none(
    open_page: Open, person: Person, colleague: str, page: str
) -> None:
    theirs = words(open_page(page, colleague, campaign=str(ended(person, [lead(1)]))))
    assert theirs == words(open_page(page, colleague, campaign=str(uuid4())))
    assert "Cafe" not in theirs


def test_the_id_may_be_written_in_capitals(open_page: Open, token: str, person: Person) -> None:
    app = open_page(PAGE, token, campaign=str(ended(person, [lead(1)])).upper())
    assert "Campaign complete" in words(app)


def test_a_waiting_campaign_shows_its_place_in_line(open_page: Open, token: str, person: Person) -> None:
    submitted(person, SPEC)
    second = submitted(person, SPEC)
    app = open_page(PAGE, token, campaign=str(second))
    assert "Number 2 in line" in words(app)
    assert "Average confidence: –" in words(app)
    assert "Average reach: –" in words(app)


def test_a_running_campaign_shows_its_figures_and_its_story(
    open_page: Open, token: str, person: Person
) -> None:
    campaign_id = submitted(person, SPEC)
    lease = claimed(person, campaign_id)
    report(lease, Stage.DISCOVERING, 20, "Found 1,204 businesses.", Metrics(businesses_found=1204))
    figures = Metrics(qualified_leads=25, leads_enriched=7, avg_confidence=Decimal(72), avg_reach=Decimal(64))
    report(lease, Stage.ENRICHING, 60, None, figures)
    for _ in ("a deep link", "a second tab"):
        said = words(open_page(PAGE, token, campaign=str(campaign_id)))
        assert "Businesses found: 1,204" in said
        assert "Qualified leads: 25" in said
        assert "Leads enriched: 7" in said
        assert "Total cost: $0.00" in said
        assert "Average confidence: 72" in said
        assert "Average reach: 64" in said
        assert "Found 1,204 businesses." in said


def test_a_campaign_that_ends_meanwhile_is_seen(open_page: Open, token: str, person: Person) -> None:
    campaign_id = submitted(person, SPEC)
    lease = claimed(person, campaign_id)
    app = open_page(PAGE, token, campaign=str(campaign_id))
    assert "Campaign complete" not in words(app)
    finish(lease, End(status=CampaignStatus.COMPLETED, message="Campaign complete: 0 leads."))
    calm(app.run())
    assert "Campaign complete: 0 leads, $0.00" in words(app)


def test_a_success_without_leads_is_no_plain_success(open_page: Open, token: str, person: Person) -> None:
    campaign_id = ended(person, [])
    app = open_page(PAGE, token, campaign=str(campaign_id))
    assert not app.success
    assert "Campaign complete: 0 leads, $0.00" in app.warning[0].value.replace("\\", "")
    assert "It ended without a fault and yet has no leads." in words(app)
    assert "Worth a look" in words(open_page("pages/campaigns.py", token))


def test_a_complete_campaign_leads_to_its_leads(open_page: Open, token: str, person: Person) -> None:
    app = open_page(PAGE, token, campaign=str(ended(person, [lead(n) for n in range(25)])))
    assert "Campaign complete: 25 leads, $0.00" in words(app)
    calm(app.button(key="see_leads").click().run())
    assert "Showing **25** of 25" in words(app)


@pytest.mark.parametrize(
    ("status", "headline"),
    [
        (CampaignStatus.PARTIAL, "Ended early: 1 lead, $0.00"),
        (CampaignStatus.FAILED, "This campaign failed: 1 lead, $0.00"),
        (CampaignStatus.CANCELLED, "Cancelled: 1 lead, $0.00"),
    ],
)
def test_every_other_end_tells_why_and_what_to_do(
    open_page: Open, token: str, person: Person, status: CampaignStatus, headline: str
) -> None:
    end = End(status=status, message="Ended.", reason="The ![x](y) is *away*.", notice="Try again later.")
    said = words(open_page(PAGE, token, campaign=str(ended(person, [lead(1)], end))))
    assert headline in said
    assert "The ![x](y) is *away*." in said
    assert "Try again later." in said


def test_a_campaign_without_leads_offers_its_order_again(open_page: Open, token: str, person: Person) -> None:
    make_known("Helsinki")
    app = open_page(PAGE, token, campaign=str(ended(person, [])))
    calm(app.button(key="edit_again").click().run())
    assert [title.value for title in app.title] == ["New campaign"]
    assert app.multiselect(key="type").value == ["Café"]
    assert app.selectbox(key="where").value == "Helsinki"


def test_cancelling_asks_first(open_page: Open, token: str, person: Person) -> None:
    campaign_id = submitted(person, SPEC)
    app = open_page(PAGE, token, campaign=str(campaign_id))
    calm(app.button(key="cancel").click().run())
    assert "stops within a few seconds" in words(app)
    assert campaigns.get(person, campaign_id).status is CampaignStatus.PENDING


def worker_seen() -> None:
    with transaction(Role.SYSTEM) as conn:
        workers.report(conn, "a worker", 1, "host")


def test_a_campaign_that_waits_for_no_worker_says_so_and_what_to_do(
    open_page: Open, token: str, person: Person
) -> None:
    app = open_page(PAGE, token, campaign=str(submitted(person, SPEC)))
    assert "No worker is running. This campaign begins by itself" in words(app)
    assert "Start the installation again" in words(app)
    calm(app.button(key="to_jobs").click().run())
    assert [title.value for title in app.title] == ["Jobs"]


def test_a_member_is_told_whom_to_ask(open_page: Open, token: str, colleague: str) -> None:
    member = identity.who_is(colleague)
    assert member is not None
    campaign = str(submitted(member, SPEC))
    app = open_page(PAGE, colleague, campaign=campaign)
    assert "tell an administrator" in words(app)
    assert not [button for button in app.button if button.key == "to_jobs"]
    worker_seen()
    assert "No worker" not in words(open_page(PAGE, colleague, campaign=campaign))


def test_a_campaign_whose_worker_is_gone_says_what_happens_next(
    open_page: Open, token: str, person: Person, database: Database
) -> None:
    campaign_id = submitted(person, SPEC)
    claimed(person, campaign_id)
    change(database.superuser_url, "update discovery_jobs set lease_until = now() - interval '1 second'")
    assert "This campaign goes on by itself as soon as one does" in words(
        open_page(PAGE, token, campaign=str(campaign_id))
    )
    worker_seen()
    assert "Another one takes it over within seconds" in words(
        open_page(PAGE, token, campaign=str(campaign_id))
    )


def test_a_campaign_that_waits_for_a_provider_names_it_and_promises_no_end(
    open_page: Open, token: str, person: Person
) -> None:
    campaign_id = submitted(person, SPEC)
    lease = claimed(person, campaign_id)
    report(lease, Stage.ENRICHING, 60, None, Metrics())
    assert "left" in words(open_page(PAGE, token, campaign=str(campaign_id)))
    with transaction(Role.WORKER, lease=lease) as conn:
        progress.waiting(conn, lease, "Hunter")
    said = words(open_page(PAGE, token, campaign=str(campaign_id)))
    assert "Waiting for Hunter. Everything else goes on." in said
    assert " left" not in said


def test_a_failed_campaign_is_tried_again_with_one_click(open_page: Open, token: str, person: Person) -> None:
    end = End(status=CampaignStatus.FAILED, message="Ended.", reason="The source was away.")
    campaign_id = ended(person, [], end)
    app = open_page(PAGE, token, campaign=str(campaign_id))
    assert app.button(key="go_on").label == "Try again"
    calm(app.button(key="go_on").click().run())
    assert campaigns.get(person, campaign_id).status is CampaignStatus.PENDING


def test_the_chart_begins_with_the_latest_run(person: Person) -> None:
    """A campaign that goes on begins at the start again: drawn as one line, its progress would fall."""
    campaign_id = ended(person, [lead(1)])
    (event, *_) = history.events(person, campaign_id)
    course = [replace(event, progress=percent) for percent in (0, 60, 100, 0, 10, 30, 20, 90)]
    assert [found.progress for found in campaign_charts.latest_run(course)] == [20, 90]
    assert campaign_charts.latest_run(course[:3]) == course[:3]
    assert campaign_charts.latest_run([]) == []


def test_the_chart_of_a_campaign_is_drawn_as_it_ended(open_page: Open, token: str, person: Person) -> None:
    """While it runs, a chart may be a few seconds old."""
    lease = claimed(person, submitted(person, SPEC))
    for percent in (10, 20):
        report(lease, Stage.DISCOVERING, percent, None, Metrics())
    assert _progress(open_page(PAGE, token, campaign=str(lease.campaign_id)))[-1] == 20
    report(lease, Stage.ENRICHING, 70, None, Metrics())
    finish(lease, End(status=CampaignStatus.FAILED, message="Ended.", reason="The source was away."))
    assert _progress(open_page(PAGE, token, campaign=str(lease.campaign_id)))[-1] == 70


def _progress(app: AppTest) -> list[int]:
    (chart,) = app.get("plotly_chart")
    return list(json.loads(chart.proto.spec)["data"][0]["y"])


def test_a_campaign_can_be_renamed_and_still_says_what_was_ordered(
    open_page: Open, token: str, person: Person, colleague: str
) -> None:
    campaign_id = submitted(person, SPEC)
    app = open_page(PAGE, token, campaign=str(campaign_id))
    calm(app.button(key="rename").click().run())
    assert app.text_input(key="campaign_name").value == "Café in Helsinki"
    for wrong in (" ", "x" * 201, "a\x00b"):
        with pytest.raises(Invalid, match=r"Type a name of 1 to 200 characters\."):
            renaming.rename(person, campaign_id, wrong)
    renaming.rename(person, campaign_id, "Cafés  for *spring*")
    app = open_page("pages/results.py", token, campaign=str(campaign_id))
    assert app.title[0].value.replace("\\", "") == "Cafés for *spring*"
    assert "Café in Helsinki · whole place · at most 25 leads · budget $0.00" in words(app)
    stranger = identity.who_is(colleague)
    assert stranger is not None
    with pytest.raises(NotFound):
        renaming.rename(stranger, campaign_id, "Mine")


@pytest.mark.parametrize("zone", ["Europe/Helsinki", "", "../../etc/passwd", "Not/AZone"])
def test_times_are_those_of_the_viewer(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setattr(type(st.context), "timezone", zone)
    moment = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    is_known = zone == "Europe/Helsinki"
    assert viewer_time.to_the_second(moment) == ("2026-07-02 01:30:00" if is_known else "2026-07-01 22:30:00")
    assert viewer_time.zone_name() == (zone if is_known else "UTC")
