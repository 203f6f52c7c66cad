"""A configuration that cannot work is told in one sentence, by whichever command meets it, and never in a traceback."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from psycopg2 import sql
from psycopg2.errors import InsufficientPrivilege

import manage
import settings
from embedded.postgres import Postgres
from store import database as store_database
from store import readiness
from store.database import Role
from tests.support import schema_dump, terminal
from tests.support.schema_dump import schema_text
from tests.support.servers import (
    APP_SECRET,
    Database,
    cloned,
    execute,
    rows,
    running_postgres,
    temporary_layout,
)
from tests.support.workers import worker

SECRET = {"APP_SECRET": APP_SECRET}
CANARY = "canary-password"
NOWHERE = f"postgresql://owner:{CANARY}@127.0.0.1:9/leads"


def run(
    monkeypatch: pytest.MonkeyPatch, command: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return terminal.manage(*command.split(), given="a long enough password\n")


def refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """It ended with one sentence that has these words, and no secret."""
    said = done.stderr.strip()
    assert done.returncode == 1, said
    assert len(said.splitlines()) == 1, said
    assert [word for word in words if word not in said] == [], said
    assert CANARY not in said


def of_database(url: str, name: str) -> str:
    return url.replace("/prospectpro?", f"/{name}?")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A server on which nothing was installed yet."""
    with temporary_layout(tmp_path_factory.mktemp("bare")) as layout, running_postgres(layout) as server:
        execute(server, sql.SQL("create role plain login password 'plain'"))
        execute(server, sql.SQL("create database plain owner plain template template0"))
        execute(
            server,
            sql.SQL(
                "create database latin owner pp_owner encoding 'LATIN1' locale_provider libc locale 'C'"
                " template template0"
            ),
        )
        execute(server, sql.SQL("create database second owner pp_owner template template0"))
        yield server


@pytest.mark.parametrize(
    "command",
    [
        *sorted(
            command.name or ""
            for command in manage.application().registered_commands
            if command.name not in ("run", "providers", "deploy-check")
        )
    ],
)
def test_without_any_server_every_command_says_what_to_set(
    monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    words = {
        "campaign": "cafe Helsinki",
        "follow": "00000000-0000-7000-8000-000000000000",
        "create-admin": "admin@example.com --password-stdin",
        "create-key": "admin@example.com",
        "reset-link": "admin@example.com",
        "suppress": "somebody@example.com",
        "import-osm": "README.md",
        "import-places": "README.md",
        "import-overture": "README.md",
        "import-foursquare": "README.md",
        "import-alltheplaces": "README.md",
        "import-prh": "README.md",
        "import-companies-house": "README.md",
        "plan": "cafe Helsinki",
        "backup": "no.backup",
        "restore": "README.md",
    }
    needed = "SMTP_HOST" if command == "send-mail" else "DATABASE_URL"
    refused(run(monkeypatch, f"{command} {words.get(command, '')}"), needed)


@pytest.mark.parametrize(
    ("command", "url", "said"),
    [
        ("migrate", "nonsense", "no address of a database"),
        ("worker", f"mysql://owner:{CANARY}@db.example.com/leads", "begin with postgresql://"),
        ("serve", f"postgresql://owner:{CANARY}@db.example.com:port/leads", "no address of a database"),
        ("prepare", f"postgresql://owner:{CANARY}@db.example.com:5432", "names no database"),
        ("campaign cafe Helsinki", f"postgresql://owner:{CANARY}@{CANARY}@db.example.com/leads", "%40"),
        ("migrate", NOWHERE, "Connection refused"),
        ("create-admin a@example.com --password-stdin", NOWHERE, "Connection refused"),
        ("housekeep", NOWHERE, "Connection refused"),
        ("migrate", NOWHERE.replace(":9/", ":99999/"), "invalid port"),
        ("migrate", f"{NOWHERE}?sslmood=on", "sslmood"),
    ],
)
def test_an_address_that_is_none(monkeypatch: pytest.MonkeyPatch, command: str, url: str, said: str) -> None:
    environment = {**SECRET, "REDIS_URL": "redis://127.0.0.1:9/0"} if command != "prepare" else SECRET
    refused(run(monkeypatch, command, DATABASE_URL=url, **environment), "DATABASE_URL", said)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (f"http://:{CANARY}@cache.example.com", "no address of a Redis"),
        (f"redis://:{CANARY}@cache.example.com:port/0", "no address of a Redis"),
        (f"redis://:{CANARY}@cache.example.com/0?pasword=x", "no address of a Redis"),
        (f"redis://:{CANARY}@127.0.0.1:9/0", "Connection refused"),
        ("WRONG PASSWORD", "invalid username-password pair"),
    ],
)
def test_a_redis_that_cannot_be_used(
    database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch, url: str, said: str
) -> None:
    wrong = redis_url.replace("@", f"{CANARY}@") if url == "WRONG PASSWORD" else url
    refused(run(monkeypatch, "worker --wait 0", REDIS_URL=wrong), "REDIS_URL", said)


@pytest.mark.parametrize("secret", ["", "too short"])
def test_a_secret_that_is_too_short(
    postgres: Postgres, migrated: str, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    refused(run(monkeypatch, "migrate", DATABASE_URL=postgres.url(), APP_SECRET=secret), "APP_SECRET", "32")


def test_a_password_the_server_does_not_know(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    url = postgres.url().replace("pp_owner:", f"pp_owner:{CANARY}")
    refused(
        run(monkeypatch, "migrate", DATABASE_URL=url, **SECRET), "DATABASE_URL", "password authentication"
    )


def test_the_older_name_of_the_scheme_works(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    url = database.owner_url.replace("postgresql:", "postgres:")
    done = run(monkeypatch, "migrate", DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    assert "nothing to do" in done.stdout
    assert "manage.py prepare" in done.stdout


def test_a_database_that_cannot_hold_every_name(bare: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    url = of_database(bare.url(), "latin")
    refused(run(monkeypatch, "migrate", DATABASE_URL=url, **SECRET), "LATIN1", "UTF8")


def test_an_owner_who_may_not_create_roles(bare: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"postgresql://plain:plain@/plain?host={quote(str(bare.socket_folder), safe='')}&port=5432"
    refused(run(monkeypatch, "migrate", DATABASE_URL=url, **SECRET), "CREATEROLE")


def test_a_second_installation_does_not_lock_the_first_one_out(
    bare: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, other = bare.url(), {"APP_SECRET": "a secret of another installation on this server"}
    unprepared = run(
        monkeypatch,
        "serve --wait 0",
        DATABASE_URL=url,
        REDIS_URL="redis://127.0.0.1:9/0",
        WEB_PORT="0",
        **SECRET,
    )
    refused(unprepared, "manage.py migrate")
    assert run(monkeypatch, "migrate", DATABASE_URL=url, **SECRET).returncode == 0
    second = run(monkeypatch, "migrate", DATABASE_URL=of_database(url, "second"), **other)
    refused(second, "another APP_SECRET", "--new-secret")
    assert run(monkeypatch, "migrate", DATABASE_URL=url, **SECRET).returncode == 0
    # On purpose, and back.
    changed = run(monkeypatch, "migrate --new-secret", DATABASE_URL=url, **other)
    assert changed.returncode == 0, changed.stderr
    refused(run(monkeypatch, "reconcile", DATABASE_URL=url, REDIS_URL="", **SECRET), "APP_SECRET")
    assert rows(bare.url(), "select count(*) from pg_roles where rolname = 'pp_web'") == [(1,)]


def test_installations_with_names_of_their_own_share_a_server(
    bare: Postgres, redis_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for prefix in ("one_", "two_"):
        execute(
            bare,
            sql.SQL("create database {} owner pp_owner template template0").format(sql.Identifier(prefix)),
        )

    def of(prefix: str) -> dict[str, str]:
        secret = f"a secret of the installation {prefix} alone"
        return {"DATABASE_URL": of_database(bare.url(), prefix), "ROLE_PREFIX": prefix, "APP_SECRET": secret}

    made = run(monkeypatch, "migrate", **of("one_"))
    assert made.returncode == 0, made.stderr
    refused(run(monkeypatch, "migrate", **{**of("one_"), "ROLE_PREFIX": "three_"}), "another ROLE_PREFIX")
    done = run(monkeypatch, "prepare", **of("two_"))
    assert done.returncode == 0, done.stderr
    assert run(monkeypatch, "create-admin two@example.com --password-stdin", **of("two_")).returncode == 0
    with worker(tmp_path, **of("two_")):
        ordered = run(monkeypatch, "campaign cafe Helsinki --max 3", **of("two_"))
    assert "Campaign completed: 3 leads" in ordered.stdout, ordered
    schema = schema_text(bare, "two_")
    assert re.search(r"\bpp_(web|worker|system|admin|importer|operator|auth)\b", schema) is None
    assert len(schema.splitlines()) == len(schema_dump.FILE.read_text().splitlines())
    # Neither the second one's roles nor anything it did touched the first one.
    for name, value in of("one_").items():
        monkeypatch.setenv(name, value)
    settings.get.cache_clear()
    for role in Role:
        readiness.check(role)
    url = store_database.url_for(Role.WEB).set(drivername="postgresql", database="two_")
    with pytest.raises(InsufficientPrivilege):
        rows(url.render_as_string(hide_password=False), "select * from leads")
    store_database.dispose()


@pytest.mark.parametrize("prefix", ["pg_", "Acme_", "1_", "a-b", "x" * 32])
def test_a_prefix_that_names_no_roles(monkeypatch: pytest.MonkeyPatch, prefix: str) -> None:
    monkeypatch.setenv("ROLE_PREFIX", prefix)
    with pytest.raises(settings.SettingsError, match="ROLE_PREFIX"):
        settings.load(with_installation=False)


def test_a_port_somebody_else_listens_on(
    database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused(run(monkeypatch, "serve", WEB_PORT=str(taken.getsockname()[1])), "WEB_PORT")


def test_a_file_of_settings_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / settings.INSTALLATION_FILE).write_bytes(b"APP_SECRET='\xff'\n")
    refused(run(monkeypatch, "migrate", DATA_DIR=str(tmp_path)), "cannot be read")


def test_idle_commands_say_that_there_was_nothing_to_do(
    postgres: Postgres, migrated: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = {"SMTP_HOST": "127.0.0.1", "MAIL_FROM": "mail@example.com"}
    with cloned(postgres, migrated) as empty:
        for command, said in (
            ("reconcile", "Nothing to do"),
            ("send-mail", "No mail is due."),
            ("prepare", "1,248 places that come with ProspectPro were loaded."),
            ("prepare", "loaded already"),
            ("migrate", "nothing to do"),
        ):
            done = run(monkeypatch, command, DATABASE_URL=empty.owner_url, **SECRET, **mail)
            assert (done.returncode, said in done.stdout) == (0, True), done
