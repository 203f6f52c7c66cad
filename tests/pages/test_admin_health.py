"""Whether the installation needs somebody, for administrators."""

from __future__ import annotations

import settings
from jobs import measuring
from services.identity import Person
from store import workers
from store.database import Role, transaction
from store.schema_version import NEWEST
from tests.pages.conftest import Open, words
from tests.pages.stored import ended
from tests.support.campaigns import lead, submitted
from tests.support.servers import Database, change

PAGE = "pages/admin_health.py"


def test_without_a_worker_the_verdict_says_so_and_why(open_page: Open, token: str, person: Person) -> None:
    submitted(person)
    app = open_page(PAGE, token)
    said = words(app)
    assert "Somebody is needed." in said
    assert "**No worker runs.** 1 campaign waits, and duties are not done." in said
    assert "All is well" not in said
    assert "Succeeded: –" in said
    assert f"ProspectPro {settings.version()}, schema {NEWEST}." in said
    assert not any(metric.proto.chart_data for metric in app.metric), (
        "nothing happened, so there is no course"
    )


def test_figures_stand_beside_what_they_are_to_be(
    open_page: Open, token: str, person: Person, database: Database
) -> None:
    with transaction(Role.SYSTEM) as conn:
        workers.report(conn, "a worker", 1, "host")
    ended(person, [lead(1, email="info@example.com")])
    change(database.superuser_url, "update campaigns set ended_at = ended_at - interval '2 minutes'")
    change(
        database.superuser_url,
        "update discovery_jobs set wake_first_at = wake_first_at - interval '5 minutes'",
    )
    measuring.take()
    app = open_page(PAGE, token)
    said = words(app)
    assert "All is well. 1 worker, 0 campaigns in line." in said
    assert "Succeeded: 100.0 %" in said
    assert "Leads: 1" in said
    by_label = {metric.label: metric for metric in app.metric}
    assert by_label["Succeeded"].delta == "aim met"
    assert by_label["95 % done within"].delta == "aim missed"
    assert "Succeeded: 100.0 %" in words(open_page(PAGE, token, span="Last 30 days"))


def test_others_see_nothing_of_it(open_page: Open, colleague: str) -> None:
    assert "This page is for administrators." in words(open_page(PAGE, colleague))


def test_an_alert_is_taken_care_of(open_page: Open, token: str, person: Person, database: Database) -> None:
    raised = (
        "insert into alerts (rule, severity, title, why, advice)"
        " values ('disk', 'problem', 'Full', 'It is.', 'Look.')"
    )
    change(database.superuser_url, raised)
    app = open_page(PAGE, token)
    assert "**Full**" in words(app)
    (button,) = [each for each in app.button if each.label == "I take care of it"]
    button.click().run()
    assert "boss@example.com takes care of it since just now" in words(app)
