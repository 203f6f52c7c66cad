"""A page that shows a running campaign asks each second to be drawn anew; before a real Streamlit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path

from pipeline.campaign import Stage
from pipeline.ports import Metrics
from services import identity
from services.identity import Person
from store.leases import Lease
from tests.pages.stored import report
from tests.support.campaigns import SPEC, claimed, spent, submitted
from tests.support.figures import figures_in
from tests.support.people import person, signed_in
from tests.support.servers import Database, change
from tests.support.tabs import tab
from tests.support.web_server import web_server

OVER = 1008
_WITH_BUDGET = SPEC.model_copy(update={"budget_usd": Decimal(2)})
MOST_MESSAGES = 9
"""Four of Streamlit about the run, the part itself, and what is in it: the figures, the log, two charts."""


@contextmanager
def away(database: Database) -> Iterator[None]:
    """While this lasts, the database lets nobody in, and everybody who was is out."""
    others = f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database.name}'"
    with closing(database.server.connect("postgres", "postgres")) as conn, conn.cursor() as cursor:
        cursor.execute(f'alter database "{database.name}" allow_connections false')
        cursor.execute(f"{others} and usename like 'pp%'")
        try:
            yield
        finally:
            cursor.execute(f'alter database "{database.name}" allow_connections true')


def found(lease: Lease, businesses: int) -> None:
    report(lease, Stage.DISCOVERING, 20, None, Metrics(businesses_found=businesses))


def test_a_tick_draws_only_what_is_new_and_only_while_the_session_holds(
    database: Database, redis_url: str, tmp_path: Path
) -> None:
    owner: Person = person("owner")
    lease, token = claimed(owner, submitted(owner)), signed_in("owner")
    change(database.superuser_url, "update discovery_jobs set lease_until = now() + interval '1 hour'")
    found(lease, 1)
    with web_server("streamlit_app:app", tmp_path / "web.log") as server, tab(server, token) as page:
        page.run(f"campaign={lease.campaign_id}", "progress")
        assert "Businesses found: 1" in page.figures()
        before = page.draws
        page.tick()
        page.settle()
        found(lease, 2)
        page.tick()
        page.until(lambda each: figures_in(each.delta.new_element.html.body).get("Businesses found") == "2")
        page.until(lambda each: each.WhichOneof("type") == "script_finished")
        assert page.draws == before + 1
        identity.sign_out(token)
        page.tick()
        assert page.end() == OVER


def test_a_tick_with_news_takes_few_messages_and_one_without_none(
    database: Database, redis_url: str, tmp_path: Path
) -> None:
    owner: Person = person("owner")
    lease, token = claimed(owner, submitted(owner, _WITH_BUDGET)), signed_in("owner")
    change(database.superuser_url, "update discovery_jobs set lease_until = now() + interval '1 hour'")
    for businesses in (1, 2):
        found(lease, businesses)
        spent(lease, f"{businesses}.test", 24_500)
    with web_server("streamlit_app:app", tmp_path / "web.log") as server, tab(server, token) as page:
        page.run(f"campaign={lease.campaign_id}", "progress")
        page.settle()
        before = len(page.heard)
        page.tick()
        page.settle()
        assert [each.WhichOneof("type") for each in page.heard[before:]] == ["heartbeat_ack"]
        found(lease, 3)
        spent(lease, "3.test", 24_500)
        before = len(page.heard)
        page.tick()
        page.until(lambda each: each.WhichOneof("type") == "script_finished")
        page.settle()
        said = [each.WhichOneof("type") for each in page.heard[before:]]
        assert len(said) - said.count("heartbeat_ack") <= MOST_MESSAGES, said


def test_a_tick_that_comes_while_another_page_is_opened_leaves_that_page_alone(
    database: Database, redis_url: str, tmp_path: Path
) -> None:
    owner: Person = person("owner")
    lease, token = claimed(owner, submitted(owner)), signed_in("owner")
    change(database.superuser_url, "update discovery_jobs set lease_until = now() + interval '1 hour'")
    found(lease, 1)
    with web_server("streamlit_app:app", tmp_path / "web.log") as server, tab(server, token) as page:
        query = f"campaign={lease.campaign_id}"
        page.run(query, "progress")
        found(lease, 2)
        page.ask(query, "results")
        page.tick()
        page.until(lambda each: each.WhichOneof("type") == "script_finished")
        # What the tick leads to is said before the answer to a later wish.
        page.run(query, "results")
        assert page.pages() == ["", "results"]


def test_a_page_keeps_what_it_showed_while_the_database_is_away_and_goes_on_by_itself(
    database: Database, redis_url: str, tmp_path: Path
) -> None:
    owner: Person = person("owner")
    lease, token = claimed(owner, submitted(owner)), signed_in("owner")
    change(database.superuser_url, "update discovery_jobs set lease_until = now() + interval '1 hour'")
    found(lease, 1)
    with web_server("streamlit_app:app", tmp_path / "web.log") as server, tab(server, token) as page:
        page.run(f"campaign={lease.campaign_id}", "progress")
        with away(database):
            page.tick()
            page.until(lambda each: "Reconnecting" in each.delta.new_element.alert.body)
            page.until(lambda each: each.WhichOneof("type") == "script_finished")
            assert page.figures().count("Businesses found: 1") == 2
        found(lease, 2)
        page.tick()
        page.until(lambda each: figures_in(each.delta.new_element.html.body).get("Businesses found") == "2")
        page.until(lambda each: each.WhichOneof("type") == "script_finished")
        with away(database):
            # Whoever comes meanwhile waits, and asks again without being told to.
            page.run(f"campaign={lease.campaign_id}", "progress")
        kinds = [each.WhichOneof("type") for each in page.heard]
        assert "auto_rerun" in kinds[len(kinds) - kinds[::-1].index("new_session") :]
        said = [each.delta.new_element.alert.body for each in page.heard]
        assert sum("Reconnecting" in each for each in said) == 2
        assert not any("Something went wrong" in each for each in said)
        assert "Traceback" not in server.said()
