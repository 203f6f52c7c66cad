"""`manage.py scheduled-exports`: on the machine itself and, in the same words, from another one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands._sending import SECRET_VARIABLE
from services.identity import Person
from tests.api.conftest import site as site
from tests.api.v1.test_scheduled_exports import store as store
from tests.api.v1.test_scheduled_exports import work
from tests.commands.test_many_campaigns import Typed, said
from tests.commands.test_many_campaigns import typed as typed
from tests.support import s3_store
from tests.support.campaigns import finished, lead
from tests.support.people import person
from tests.support.s3_store import S3Store
from tests.support.servers import Database

MORNINGS = ("create", "--name", "Mornings", "--cron", "0 8 * * *", "--time-zone", "Europe/Helsinki")


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def bucket(store: S3Store) -> tuple[str, ...]:
    parts = {"endpoint": store.url, "region": s3_store.REGION, "bucket": s3_store.BUCKET}
    places = {**parts, "access_key": s3_store.ACCESS_KEY}
    return ("--target", "s3", *(f"--place={name}={value}" for name, value in places.items()))


def test_a_file_is_had_sent_and_its_secret_is_told_nowhere(
    typed: Typed, owner: Person, store: S3Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished(owner, [lead(1, email="info@cafe.test"), lead(2)])
    printed: list[str] = []

    def asked(*words: str, code: int = 0) -> str:
        done = typed("scheduled-exports", *words)
        printed.append(done.output)
        said(done, code)
        return done.output

    secret = tmp_path / "secret"
    secret.write_text(f"{s3_store.SECRET_KEY}\n")
    shape = ("--column", "Name", "--spelling", "delimiter=;", "--filter", "has_email=true", "--sort", "name")
    words = (*MORNINGS, *bucket(store), *shape, "--secret-file", str(secret))
    made = json.loads(asked(*words, "--json"))
    assert (made["filter"], made["sort"], made["columns"]) == ({"has_email": True}, "name", ["Name"])
    assert (made["place"]["bucket"], made["spelling"]["delimiter"]) == (s3_store.BUCKET, ";")
    which = made["id"]
    listed = asked("list")
    assert f"csv to bucket {s3_store.BUCKET} at {store.url}  Mornings" in listed
    assert asked("show", which) == listed
    assert "Files arrive there." in asked("try", which)
    assert "not due yet" in asked("history", which)

    store.faults = [("AccessDenied", "403 Forbidden")]
    asked("run", which)
    work()
    (run,) = json.loads(asked("history", which, "--json"))
    assert "failed  1 lead" in asked("history", which)
    assert "making  1 lead" in asked("send-again", which, run["id"])
    assert "This file is under way" in asked("send-again", which, run["id"], code=1)
    assert work() == ["A file of a schedule with 1 lead was sent."]

    changed = json.loads(asked("change", which, "--name", "Evenings", "--place", "prefix=in/", "--json"))
    place = {**made["place"], "prefix": "in"}
    assert changed == {**made, "name": "Evenings", "place": place, "runs": 1, "next_at": changed["next_at"]}
    other = ("change", which, "--place", "access_key=AKIAOTHER")
    assert "Type the password or the key" in asked(*other, code=1)
    monkeypatch.setenv(SECRET_VARIABLE, "another secret of theirs")
    asked(*other, "--filter", "")
    assert json.loads(asked("show", which, "--json"))["filter"] == {}
    assert "paused (person)" in asked("pause", which)
    assert "next 20" in asked("resume", which)
    asked("remove", which)
    assert asked("list") == "No file is sent regularly.\n"
    for told in (s3_store.SECRET_KEY, "another secret of theirs"):
        assert told not in "".join(printed)


def test_what_cannot_be_sent_is_told_by_its_name(
    typed: Typed, owner: Person, store: S3Store, tmp_path: Path
) -> None:
    new = ("scheduled-exports", *MORNINGS, *bucket(store))
    blank = tmp_path / "blank"
    blank.write_text("\n")
    for words, told in (
        (("--secret-file", str(tmp_path / "none")), f"{tmp_path / 'none'} does not exist."),
        (("--secret-file", str(blank)), f"{blank} is empty"),
        (("--filter", "has_email=perhaps"), "filter/has_email: Input should be true or false."),
        (("--filter", "made_up=1"), "filter/made_up: Extra inputs are not permitted."),
        (("--place", "bucket"), "--place “bucket” is no name with its value"),
        ((), "Type the password or the key."),
    ):
        refused = typed(*new, *words)
        assert (refused.exit_code, told in refused.stderr) == (1, True), (words, refused.output)
    assert typed("scheduled-exports", *MORNINGS).exit_code == 2, "no word of where to"
    nobody = typed("scheduled-exports", "host-key", "127.0.0.1", "leads", "--port", "9")
    assert (nobody.exit_code, nobody.stdout) == (1, "")
