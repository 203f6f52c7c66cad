"""Keys and the mail server of the interface: sealed, above the settings, in force without a restart, on record."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy.exc import ProgrammingError

import settings
from commands._checks import findings
from jobs import campaign_setup, notifications
from pipeline.campaign import CampaignSpec
from pipeline.enrichment.steps import SwitchedOff
from pipeline.providers.hunter import HunterStep
from services import auditing, installation_keys, notifying, provider_upkeep, providers
from services.auditing import AuditWhere
from services.errors import Invalid, NotFound
from services.identity import Person
from services.provider_upkeep import ProviderRow
from store import in_force, provider_setup
from store.database import DatabaseError, Role, transaction
from tests.support.campaigns import SPEC, claimed, submitted
from tests.support.mail_server import MailServer, mail_server
from tests.support.people import person
from tests.support.servers import Database, change, rows

KEY, PASSWORD = "canary-key-of-the-interface", "canary-password"
HUNTER = "HUNTER_IO_API_KEY"


@pytest.fixture
def boss(database: Database, redis_url: str) -> Person:
    return person("boss", is_admin=True)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def hunter(boss: Person) -> ProviderRow:
    return next(row for row in provider_upkeep.overview(boss) if row.key == "hunter")


def step_of_a_campaign(boss: Person) -> object:
    spec: CampaignSpec = SPEC.model_copy(update={"waterfall": ("hunter",), "budget_usd": Decimal(1)})
    # As one that was ordered when there was a key.
    with campaign_setup.ports(claimed(boss, submitted(boss)), spec, threading.Event()) as ports:
        return ports.steps[-1]


def sealed(database: Database) -> str:
    ((text,),) = rows(database.superuser_url, "select sealed from installation_secrets")
    return str(text)


def test_a_key_is_in_force_at_once_above_the_setting_and_gone_when_it_is_removed(
    boss: Person, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hunter(boss).missing == (HUNTER,)
    installation_keys.keep_keys(boss, "hunter", {HUNTER: f" {KEY} "})
    assert (hunter(boss).missing, hunter(boss).has_setting) == ((), False)
    kept = installation_keys.listing(boss)["hunter"]
    assert (kept.set_by, kept.is_readable) == ("boss@example.com", True)
    assert "hunter" in {choice.value for choice in providers.steps() if choice.why_not is None}
    monkeypatch.setenv(HUNTER, "the one of the settings")
    settings.get.cache_clear()
    assert in_force.provider_values()[HUNTER] == KEY
    assert provider_setup.endpoints(in_force.provider_values())["hunter"].key == KEY
    installation_keys.remove_keys(boss, "hunter")
    assert in_force.provider_values()[HUNTER] == "the one of the settings"
    with pytest.raises(NotFound):
        installation_keys.remove_keys(boss, "hunter")


def test_a_campaign_is_set_up_with_it(boss: Person) -> None:
    assert isinstance(step_of_a_campaign(boss), SwitchedOff)
    installation_keys.keep_keys(boss, "hunter", {HUNTER: KEY})
    step = step_of_a_campaign(boss)
    assert isinstance(step, HunterStep)
    assert step._key == KEY


def test_it_stands_nowhere_in_the_clear_and_every_change_is_on_record(
    boss: Person, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    installation_keys.keep_keys(boss, "snov", {"SNOV_CLIENT_ID": "an-id", "SNOV_CLIENT_SECRET": KEY})
    first = sealed(database)
    installation_keys.keep_keys(boss, "snov", {"SNOV_CLIENT_ID": "an-id", "SNOV_CLIENT_SECRET": KEY})
    assert sealed(database) != first
    installation_keys.remove_keys(boss, "snov")
    acts = auditing.listing(boss, AuditWhere(person="boss")).rows
    assert [(act.action, act.detail) for act in acts if "key" in act.action] == [
        ("provider_key_removed", {"provider": "Snov.io"}),
        ("provider_key_set", {"provider": "Snov.io"}),
        ("provider_key_set", {"provider": "Snov.io"}),
    ]
    told = " ".join([first, repr(acts), repr(installation_keys.listing(boss)), caplog.text])
    assert KEY not in told


NO_KEYS: tuple[tuple[str, dict[str, str], set[str]], ...] = (
    ("hunter", {}, {HUNTER}),
    ("hunter", {HUNTER: "two words"}, {HUNTER}),
    ("hunter", {HUNTER: f"{KEY}\r\nX-Other: 1"}, {HUNTER}),
    ("hunter", {HUNTER: "schlüssel"}, {HUNTER}),
    ("hunter", {HUNTER: "x" * 501}, {HUNTER}),
    ("snov", {"SNOV_CLIENT_SECRET": KEY}, {"SNOV_CLIENT_ID"}),
    ("reacher", {}, {"REACHER_SECRET"}),
)


def test_what_cannot_be_a_key_is_refused_by_the_setting(boss: Person) -> None:
    for provider, keys, wrong in NO_KEYS:
        with pytest.raises(Invalid) as refused:
            installation_keys.keep_keys(boss, provider, keys)
        assert set(refused.value.fields) == wrong, keys
        assert KEY not in str(refused.value)


def test_under_another_secret_it_counts_as_not_set_and_that_is_told(
    boss: Person, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    installation_keys.keep_keys(boss, "hunter", {HUNTER: KEY})
    # As after a rotation: the roles have their new passwords.
    change(database.superuser_url, "update installation_secrets set fingerprint = 'of another secret'")
    other = sealed(database)[::-1]
    change(database.superuser_url, f"update installation_secrets set sealed = '{other}'")
    in_force.forget()
    kept = installation_keys.listing(boss)["hunter"]
    assert (hunter(boss).missing, kept.is_readable) == ((HUNTER,), False)
    assert not in_force.provider_values()[HUNTER]
    monkeypatch.setenv(HUNTER, "the one of the settings")
    settings.get.cache_clear()
    assert in_force.provider_values()[HUNTER] == "the one of the settings"
    told = {found.about: found for found in findings(asks_providers=False)}
    assert "another APP_SECRET" in told["key of Hunter"].said


def test_one_cannot_be_put_in_the_place_of_another(boss: Person, database: Database) -> None:
    installation_keys.keep_keys(boss, "hunter", {HUNTER: KEY})
    change(database.superuser_url, "update installation_secrets set subject = 'neverbounce'")
    in_force.forget()
    assert KEY not in in_force.provider_values().values()


def test_only_workers_read_and_only_administrators_write(boss: Person) -> None:
    installation_keys.keep_keys(boss, "hunter", {HUNTER: KEY})
    for role in (Role.WEB, Role.SYSTEM, Role.ADMIN, Role.IMPORTER, Role.OPERATOR):
        with pytest.raises(DatabaseError), transaction(role, proof=boss.proof) as conn:
            conn.exec_driver_sql("select sealed from installation_secrets")
    with transaction(Role.WORKER) as conn:
        assert conn.exec_driver_sql("select sealed from installation_secrets").scalar_one()
    pretender = replace(person("owner"), is_admin=True)
    with pytest.raises(ProgrammingError, match="only administrators set keys"):
        installation_keys.keep_keys(pretender, "hunter", {HUNTER: "theirs"})
    with pytest.raises(NotFound):
        installation_keys.remove_keys(pretender, "hunter")
    assert in_force.provider_values()[HUNTER] == KEY


def of_server(server: MailServer) -> dict[str, str]:
    return {name.lower(): value for name, value in server.settings().items()}


def test_mails_go_by_the_server_of_the_interface_and_not_by_that_of_the_settings(
    boss: Person, server: MailServer, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_HOST", "smtp.example.test")
    monkeypatch.setenv("MAIL_FROM", "before@example.com")
    settings.get.cache_clear()
    installation_keys.keep_mail_server(boss, of_server(server))
    raised = (
        "insert into alerts (rule, severity, title, why, advice)"
        " values ('disk', 'problem', 'Full', 'It is.', 'Look.')"
    )
    change(database.superuser_url, raised)
    assert notifications.are_due()
    assert [line.endswith("sent.") for line in notifications.send_due()] == [True]
    assert server.mails[0]["From"] == server.settings()["MAIL_FROM"]
    (act, *_) = auditing.listing(boss, AuditWhere(action="mail_server_set")).rows
    assert act.detail == {"server": "127.0.0.1"}


def test_the_password_of_the_mail_server_is_kept_and_not_told(boss: Person, server: MailServer) -> None:
    signing_in = {**of_server(server), "smtp_user": "somebody", "smtp_password": PASSWORD}
    installation_keys.keep_mail_server(boss, signing_in)
    assert notifying.are_on()
    kept = installation_keys.listing(boss)[installation_keys.MAIL]
    assert kept.about["smtp_user"] == "somebody"
    assert PASSWORD not in repr(kept)
    assert in_force.mail().smtp_password.get_secret_value() == PASSWORD
    assert PASSWORD not in repr(in_force.mail())
    installation_keys.remove_mail_server(boss)
    assert not notifying.are_on()


NO_SERVERS: tuple[tuple[dict[str, str], set[str]], ...] = (
    ({"smtp_host": ""}, {"smtp_host"}),
    ({"smtp_host": "https://smtp.example.com/"}, {"smtp_host"}),
    ({"smtp_port": "many"}, {"smtp_port"}),
    ({"smtp_security": "ssl"}, {"smtp_security"}),
    ({"smtp_password": PASSWORD}, {"smtp_password"}),
    ({"smtp_user": "us", "smtp_password": PASSWORD, "smtp_host": "smtp.example.com"}, {"smtp_password"}),
    ({"mail_from": "a@example.com\nBcc: b@example.com"}, {"mail_from"}),
)


def test_a_mail_server_that_cannot_be_is_refused_by_the_field(boss: Person) -> None:
    fits = {
        "smtp_host": "127.0.0.1",
        "smtp_port": "25",
        "smtp_security": "none",
        "mail_from": "m@example.com",
    }
    for changed, wrong in NO_SERVERS:
        with pytest.raises(Invalid) as refused:
            installation_keys.keep_mail_server(boss, {**fits, **changed})
        assert set(refused.value.fields) == wrong, changed
        assert PASSWORD not in str(refused.value)
