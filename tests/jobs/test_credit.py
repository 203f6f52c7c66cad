"""What credit is left at providers, and what ends soon: asked for nothing, kept, shown, and an alert in time."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import create_server

import pytest
import trustme

import settings
from jobs import credit, facts
from jobs.duties import LABELS
from pipeline.health import rules
from pipeline.network import certificate
from services import api_keys, duties, installation_keys, provider_upkeep
from services.api_keys import Scope
from services.identity import Person
from services.provider_upkeep import ProviderRow
from store import provider_credit, provider_facts, provider_status
from store.database import Role, transaction
from store.provider_status import ProviderState
from tests.providers_server.desk import REVOKED
from tests.support.people import person
from tests.support.providers import HUNTER_KEY, Providers, providers
from tests.support.servers import Database, change


@pytest.fixture(scope="module")
def stand_in() -> Iterator[Providers]:
    with providers("--synthetic", "1") as running:
        yield running


@pytest.fixture
def boss(stand_in: Providers, database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Person:
    """An administrator of an installation with the address of Hunter, and no key."""
    monkeypatch.setenv("HUNTER_BASE_URL", stand_in.settings()["HUNTER_BASE_URL"])
    settings.get.cache_clear()
    return person("boss", is_admin=True)


def hunter(boss: Person) -> ProviderRow:
    return next(row for row in provider_upkeep.overview(boss) if row.key == "hunter")


def alerts_of(rule: str) -> list[str]:
    with transaction(Role.SYSTEM) as conn:
        found = rules.findings(facts.gathered(conn, LABELS).facts)
    return [finding.title for finding in found if finding.rule == rule]


def noted(left: float, whole: float | None) -> float | None:
    with transaction(Role.SYSTEM) as conn:
        provider_credit.note(conn, "hunter", left, whole)
        kept = provider_facts.everything(conn)["hunter"].credit
    return kept.share if kept else None


def test_a_key_that_is_set_is_asked_for_its_credit_and_what_is_left_is_shown(
    boss: Person, stand_in: Providers
) -> None:
    assert credit.ask() == "No provider that tells of its credit is set up."
    installation_keys.keep_keys(boss, "hunter", {"HUNTER_IO_API_KEY": HUNTER_KEY})
    provider_upkeep.ask_for_credit(boss)
    assert next(view for view in duties.listing(boss) if view.name == "credit").state == "asked"
    assert credit.ask() == "Hunter: the key is taken, 1,988 of 2,000 credits left."
    found = hunter(boss).credit
    assert found is not None
    assert (found.left_over, found.whole) == (1988, 2000)
    assert (hunter(boss).state, hunter(boss).message) == (ProviderState.OK, "It takes the key.")
    assert stand_in.billed_micros() == 0
    installation_keys.keep_keys(boss, "hunter", {"HUNTER_IO_API_KEY": REVOKED})
    assert hunter(boss).credit is None
    assert credit.ask() == "Hunter: Hunter refused the key of this installation."
    assert hunter(boss).state is ProviderState.REFUSED
    # Of another key nothing is known yet.
    installation_keys.keep_keys(boss, "hunter", {"HUNTER_IO_API_KEY": HUNTER_KEY})
    assert hunter(boss).state is None


def test_credits_that_were_bought_end_what_was_said_of_having_none(boss: Person) -> None:
    installation_keys.keep_keys(boss, "hunter", {"HUNTER_IO_API_KEY": HUNTER_KEY})
    with transaction(Role.SYSTEM) as conn:
        provider_status.report(conn, "hunter", ProviderState.EXHAUSTED, "Its credits are used up.")
    assert alerts_of("provider_out") == ["Hunter is out"]
    credit.ask()
    assert alerts_of("provider_out") == []


def test_the_share_is_of_the_whole_or_of_what_there_was_when_some_was_bought(boss: Person) -> None:
    assert noted(500, 2000) == 0.25
    assert noted(1000, None) == 1
    assert noted(250, None) == 0.25
    # What a failed question gives back is nothing somebody bought.
    assert noted(260, None) == 0.26
    assert noted(460, None) == 1
    assert noted(0, None) == 0


def test_little_credit_is_an_alert_while_the_provider_is_set_up(boss: Person, database: Database) -> None:
    noted(399, 2000)
    assert alerts_of("credit") == []
    installation_keys.keep_keys(boss, "hunter", {"HUNTER_IO_API_KEY": HUNTER_KEY})
    noted(399, 2000)
    assert alerts_of("credit") == ["Hunter has 19% of its credit left"]
    noted(400, 2000)
    assert alerts_of("credit") == []
    noted(1, 2000)
    change(database.superuser_url, "update provider_credit set asked_at = now() - interval '2 days'")
    assert alerts_of("credit") == []


Site = Callable[[datetime], str]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Makes an https address whose certificate ends then."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with closing(create_server(("127.0.0.1", 0))) as listening:

        def made(ends_at: datetime) -> str:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            authority.issue_cert("localhost", not_after=ends_at).configure_cert(context)

            def answer() -> None:
                with suppress(OSError), closing(listening.accept()[0]) as plain:
                    context.wrap_socket(plain, server_side=True).close()

            threading.Thread(target=answer, daemon=True).start()
            return f"https://localhost:{listening.getsockname()[1]}"

        yield made


def test_a_certificate_is_an_alert_two_weeks_before_it_ends_and_when_it_has(
    boss: Person, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    for lasts, titles in (
        (timedelta(days=10, hours=1), ["The certificate of the public address ends within 11 days"]),
        (timedelta(days=-1), ["The certificate of the public address has ended"]),
        (timedelta(days=60), []),
    ):
        monkeypatch.setenv("PUBLIC_URL", site(now + lasts))
        settings.get.cache_clear()
        credit.look_for_endings()
        assert alerts_of("ending") == titles


def test_an_address_that_says_nothing_raises_nothing(boss: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(certificate.Unseen):
        certificate.ends_at("https://127.0.0.1:9")
    monkeypatch.setenv("PUBLIC_URL", "https://127.0.0.1:9")
    settings.get.cache_clear()
    assert "nothing is known: it cannot be reached from here" in credit.look_for_endings()
    assert alerts_of("ending") == []


def test_keys_of_programs_that_are_in_use_are_an_alert_before_they_end(
    boss: Person, database: Database
) -> None:
    api_keys.create(boss, "A program", Scope.READ, 9)
    credit.look_for_endings()
    assert alerts_of("ending") == []
    change(database.superuser_url, "update api_keys set last_used_at = now()")
    credit.look_for_endings()
    assert alerts_of("ending") == ["1 API key in use ends within 14 days"]
    change(database.superuser_url, "update api_keys set revoked_at = now()")
    credit.look_for_endings()
    assert alerts_of("ending") == []
