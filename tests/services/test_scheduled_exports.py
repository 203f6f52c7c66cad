"""Files that are sent again and again: once each time, as a download would be, in somebody's name, however often what
receives them fails."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from typing import Any
from uuid import UUID

import pytest

import settings
from jobs import export_sending
from jobs import schedules as placing
from pipeline.delivery.places import Target
from pipeline.output.export import USUAL_SPELLING
from pipeline.output.webhook_message import new_secret
from pipeline.suppression import subject_of
from services import (
    book_export,
    book_file_work,
    book_files,
    client_links,
    erasing,
    export_choices,
    export_places,
    schedules,
    shared_leads,
)
from services import scheduled_exports as exports
from services.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from services.roles import MemberRole
from services.scheduled_exports import Delivery, ExportScheduleRow, SendRow
from services.shared_leads import Door
from store import send_work
from store.database import Role, transaction
from tests.support import s3_store, sftp_server
from tests.support.campaigns import finished, lead
from tests.support.mail_server import mail_server
from tests.support.people import joins, person
from tests.support.receiver import Receiver, receiving
from tests.support.s3_store import S3Store
from tests.support.servers import Database, change, rows
from tests.support.sftp_server import SftpServer

MORNINGS = Delivery(
    name="Cafes, mornings",
    cron="0 8 * * *",
    time_zone="Europe/Helsinki",
    format="csv",
    columns=("Name", "E-mail"),
    spelling=USUAL_SPELLING,
    target=Target.MAIL,
    place={},
)


@pytest.fixture
def owner(keys: None) -> Person:
    made = person("owner")
    finished(made, [lead(number) for number in range(3)])
    return made


def named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    settings.get.cache_clear()


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Store]:
    with s3_store.s3_store() as running:
        named(monkeypatch, "EXPORT_HOSTS", running.url.partition("//")[2])
        yield running
    settings.get.cache_clear()


@pytest.fixture
def sftp(monkeypatch: pytest.MonkeyPatch) -> Iterator[SftpServer]:
    with sftp_server.sftp_server() as running:
        named(monkeypatch, "EXPORT_HOSTS", f"127.0.0.1:{running.port}")
        yield running
    settings.get.cache_clear()


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiving() as running:
        named(monkeypatch, "WEBHOOK_GATEWAY", running.url)
        yield running
    settings.get.cache_clear()


def into_bucket(store: S3Store, **changes: object) -> Delivery:
    place = {
        "endpoint": store.url,
        "region": s3_store.REGION,
        "bucket": s3_store.BUCKET,
        "prefix": "crm/in/",
        "access_key": s3_store.ACCESS_KEY,
        **changes,
    }
    return replace(MORNINGS, target=Target.S3, place=place, secret=s3_store.SECRET_KEY)


def by_sftp(server: SftpServer, **changes: object) -> Delivery:
    place = {
        "host": "127.0.0.1",
        "port": server.port,
        "user": sftp_server.USER,
        "folder": "/leads",
        "host_key": server.host_key(),
        **changes,
    }
    return replace(MORNINGS, target=Target.SFTP, place=place, secret=sftp_server.PASSWORD)


def made(owner: Person, delivery: Delivery) -> UUID:
    return exports.add(owner, LeadFilter(), LeadSort.NAME, delivery)


def due(database: Database) -> None:
    """Time passes: every schedule is due."""
    change(database.superuser_url, "update schedules set next_at = now() where next_at is not null")


def again(database: Database) -> None:
    """Waiting is over, and so is every lease."""
    change(
        database.superuser_url,
        "update schedule_runs set try_at = now(), lease_until = null where try_at is not null",
    )


def work() -> list[str]:
    """All that workers do of it."""
    placing.place_due()
    list(book_file_work.run_due())
    return list(export_sending.run_due())


def one(owner: Person) -> ExportScheduleRow:
    (row,) = exports.listing(owner)
    return row


def newest(owner: Person) -> SendRow:
    return exports.runs(owner, one(owner).id)[0]


def outcomes(owner: Person) -> list[str]:
    return [run.outcome for run in exports.runs(owner, one(owner).id)]


def download(owner: Person) -> bytes:
    """What the same view gives whoever clicks."""
    layout = export_choices.layout(MORNINGS.columns, USUAL_SPELLING)
    return book_export.export(owner, LeadFilter(), LeadSort.NAME, "csv", layout).data


def test_a_file_is_put_into_a_bucket_as_a_download_would_be_and_noted_as_one(
    owner: Person, store: S3Store, database: Database
) -> None:
    made(owner, into_bucket(store))
    assert work() == [], "it is due tomorrow"
    due(database)
    assert work() == ["A file of a schedule with 3 leads was sent."]
    ((key, data),) = store.objects.items()
    assert data == download(owner)
    assert key.startswith("crm/in/prospectpro-leads-")
    assert key.endswith(f"Z-{newest(owner).id.hex[-6:]}.csv")
    run = newest(owner)
    assert (run.outcome, run.row_count, run.bytes, run.place, run.tries) == (
        "sent", 3, len(data), f"s3://{s3_store.BUCKET}/{key}", 1,
    )  # fmt: skip
    ((person_id, count, sha),) = rows(
        database.superuser_url, f"select user_id, row_count, sha256 from exports where id = '{run.id}'"
    )
    assert (person_id, count, bytes(sha)) == (str(owner.id), 3, hashlib.sha256(data).digest())  # type: ignore[call-overload]
    assert rows(database.superuser_url, "select from export_files") == [], (
        "what was sent is kept nowhere else"
    )
    assert rows(database.superuser_url, "select from companies where exported_at is null") == []
    kept = str(rows(database.superuser_url, "select e::text from schedule_exports e"))
    assert s3_store.SECRET_KEY not in kept
    due(database)
    work()
    assert len(store.objects) == 2, "each time has a file of its own"


def test_what_a_store_refuses_for_now_is_tried_again_and_ends_as_one_object(
    owner: Person, store: S3Store, database: Database
) -> None:
    made(owner, into_bucket(store))
    store.faults = [("SlowDown", "503 Slow Down")]
    store.lost = 1
    due(database)
    assert "SlowDown): it is busy" in work()[0]
    assert (newest(owner).outcome, newest(owner).said[:17]) == ("making", "The store refused")
    assert newest(owner).try_at is not None
    assert work() == [], "it waits a minute"
    due(database)
    work()
    assert outcomes(owner)[0] == "still_running"
    again(database)
    assert "cannot be reached" in work()[0], "the answer was lost"
    again(database)
    assert work() == ["A file of a schedule with 3 leads was sent."]
    assert len(store.put) == 2
    assert len(store.objects) == 1
    assert outcomes(owner) == ["still_running", "sent"]


def test_three_times_in_vain_pause_it_until_somebody_resumes_it(
    owner: Person, store: S3Store, database: Database
) -> None:
    made(owner, into_bucket(store))
    for _ in range(3):
        store.faults = [("AccessDenied", "403 Forbidden")]
        due(database)
        assert "AccessDenied" in work()[0]
    assert outcomes(owner) == ["failed"] * 3
    assert one(owner).pause_cause == "failures"
    assert [row.id for row in schedules.paused(owner)] == [one(owner).id]
    assert newest(owner).has_file, "what was not sent can be downloaded"
    kept = newest(owner)
    assert kept.can_send_again
    admin = joins(database, person("admin"), owner, MemberRole.ADMIN)
    member = joins(database, person("member"), owner, MemberRole.MEMBER)
    with pytest.raises(NotFound, match="not kept any more"):
        exports.send_again(member, kept.id)
    exports.send_again(admin, kept.id)
    with pytest.raises(NotFound):
        exports.send_again(owner, kept.id)
    assert work() == ["A file of a schedule with 3 leads was sent."]
    assert (newest(owner).id, newest(owner).outcome, newest(owner).tries) == (kept.id, "sent", 1)
    assert len(store.objects) == 1
    schedules.resume(owner, one(owner).id)
    store.faults = [("AccessDenied", "403 Forbidden")]
    due(database)
    work()
    assert one(owner).pause_cause is None, "failures before count no more"
    schedules.run_now(owner, one(owner).id)
    work()
    assert newest(owner).outcome == "sent"


def test_whoever_dies_midway_is_followed_by_somebody_who_sends_the_same_file(
    owner: Person, store: S3Store, database: Database
) -> None:
    made(owner, into_bucket(store))
    due(database)
    placing.place_due()
    list(book_file_work.run_due())
    with transaction(Role.WORKER) as conn:
        dead = send_work.take(conn, 60)
    assert dead is not None
    assert list(export_sending.run_due()) == [], "somebody is at it"
    again(database)
    assert len(list(export_sending.run_due())) == 1
    with transaction(Role.WORKER, lease=dead) as conn:
        assert send_work.part(conn, 0) is None
        assert not send_work.go_on(conn, 60)
        assert not send_work.done(conn, "elsewhere")
        assert not send_work.failed(conn, "It died.", None)
    assert newest(owner).outcome == "sent"
    due(database)
    placing.place_due()
    list(book_file_work.run_due())
    change(database.superuser_url, "update schedule_runs set tries = 8 where try_at is not null")
    assert list(export_sending.run_due()) == []
    assert newest(owner).said == "It was begun eight times and never finished."


def test_a_file_is_written_beside_its_place_by_sftp_and_then_named(
    owner: Person, sftp: SftpServer, database: Database
) -> None:
    sftp.drops = 1
    made(owner, by_sftp(sftp))
    due(database)
    work()
    again(database)
    assert work() == ["A file of a schedule with 3 leads was sent."]
    ((path, data),) = sftp.files.items()
    assert data == download(owner)
    assert sftp.renamed == [path, path], "the lost answer brought the same file once more"
    assert newest(owner).place == f"sftp://127.0.0.1{path}"


def test_a_server_whose_key_changed_or_whose_disk_is_full_gets_nothing(
    owner: Person, sftp: SftpServer, database: Database
) -> None:
    shown = export_places.key_shown(owner, {**by_sftp(sftp).place, "host_key": ""})
    assert shown == sftp.host_key()
    made(owner, by_sftp(sftp, host_key=shown))
    sftp.is_full = True
    due(database)
    assert "Its disk may be full" in work()[0]
    assert sftp.files == {}
    assert newest(owner).outcome == "making"
    sftp.is_full, sftp.key = False, sftp_server.new_key()
    again(database)
    assert "another key than the one that was confirmed" in work()[0]
    assert (sftp.files, newest(owner).outcome) == ({}, "failed")


def test_trying_it_says_what_is_wrong_and_leaves_nothing(
    owner: Person, sftp: SftpServer, store: S3Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(monkeypatch, "EXPORT_HOSTS", f"127.0.0.1:{sftp.port} {store.url.partition('//')[2]}")
    good = by_sftp(sftp)
    export_places.try_out(owner, good)
    export_places.try_out(owner, into_bucket(store))
    key = sftp_server.new_key()
    sftp.known_key, written = key, StringIO()
    key.write_private_key(written)
    export_places.try_out(owner, replace(good, secret=written.getvalue()))
    kept = made(owner, good)
    export_places.try_out(owner, replace(good, secret=""), kept)
    with pytest.raises(NotFound):
        export_places.try_out(joins_nobody(), replace(good, secret=""), kept)
    for wrong, why in (
        (replace(good, secret="another"), "refused to sign in"),
        (by_sftp(sftp, folder="/elsewhere"), "no such folder"),
        (replace(into_bucket(store), secret="another"), "the secret key is another one"),
        (into_bucket(store, bucket="elsewhere"), "no such bucket"),
        (into_bucket(store, access_key="AKIAOTHER"), "does not know the access key"),
    ):
        with pytest.raises(Invalid, match=why) as refused:
            export_places.try_out(owner, wrong)
        assert "place" in refused.value.fields
    assert (sftp.files, store.objects) == ({}, {})


def joins_nobody() -> Person:
    return person("stranger")


def test_a_signed_message_brings_the_file_with_the_same_id_however_often(
    owner: Person, receiver: Receiver, database: Database
) -> None:
    secret = new_secret()
    place = {"url": "https://crm.example.com/files"}
    made(owner, replace(MORNINGS, target=Target.WEBHOOK, place=place, secret=secret))
    receiver.status[0] = "500 Internal Server Error"
    due(database)
    assert "the status 500" in work()[0]
    receiver.status[0] = "204 No Content"
    again(database)
    work()
    first, second = receiver.received()
    assert first.body == second.body
    assert second.headers["webhook-id"] == str(newest(owner).id)
    assert second.is_signed_with(secret)
    told = second.told()
    assert (told["type"], told["data"]["leads"]) == ("export.ready", 3)
    assert base64.b64decode(told["data"]["content_base64"]) == download(owner)
    assert newest(owner).place == place["url"]


def test_a_mail_leads_its_maker_to_the_file_and_carries_none_of_it(
    owner: Person, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(owner, MORNINGS)
    due(database)
    assert "No mail server is set" in work()[0]
    with mail_server() as server:
        for name, value in server.settings().items():
            named(monkeypatch, name, value)
        due(database)
        assert work() == ["A file of a schedule with 3 leads was sent."]
        (mail,) = server.mails
    settings.get.cache_clear()
    run = newest(owner)
    assert f"/exports/{run.id}" in str(mail)
    assert "Cafe 00" not in str(mail)
    assert run.has_file
    assert b"".join(book_files.download(owner, run.id).parts) == download(owner)
    assert book_files.mine(owner) == (), "it does not stand on Leads"
    member = joins(database, person("member"), owner, MemberRole.MEMBER)
    with pytest.raises(NotFound):
        book_files.download(member, run.id)


def test_a_link_gives_the_newest_file_until_it_ends_and_to_nobody_when_its_maker_may_not(
    owner: Person, database: Database
) -> None:
    member = joins(database, person("member"), owner, MemberRole.MEMBER)
    hourly = replace(MORNINGS, cron="0 * * * *", target=Target.LINK, place={"days": 3})
    schedule = made(member, hourly)
    (link,) = client_links.listing(owner)
    assert (link.schedule_id, link.shows) == (schedule, MORNINGS.name)
    door = Door(client_links.formula(link.id).removesuffix('/leads.csv")').rpartition("/")[2])
    with pytest.raises(NotFound, match="no file at this moment"):
        shared_leads.sheet(door)
    for _ in range(2):
        due(database)
        assert work() == ["A file of a schedule with 3 leads was sent."]
    sheet = shared_leads.sheet(door)
    assert sheet is not None
    data = b"".join(sheet.parts)
    assert (data, sheet.size) == (download(member), len(data))
    assert shared_leads.page(door, None).rows == ()
    change(database.superuser_url, "update client_links set files = 20")
    with pytest.raises(TooMany):
        shared_leads.sheet(door)
    change(database.superuser_url, "update client_links set files = 0")
    begun = shared_leads.sheet(door)
    assert begun is not None
    theirs = f"where user_id = '{member.id}' and workspace_id = '{owner.workspace_id}'"
    change(database.superuser_url, f"update memberships set role = 'viewer' {theirs}")
    assert shared_leads.sheet(door) is None
    assert b"".join(begun.parts) == b"", "also for who has begun to fetch it"
    change(database.superuser_url, f"update memberships set role = 'member' {theirs}")
    client_links.revoke(owner, link.id)
    assert shared_leads.sheet(door) is None
    due(database)
    work()
    assert "The link is closed" in newest(owner).said
    exports.change(member, schedule, hourly)
    assert [one.is_open for one in client_links.listing(owner)] == [True, False]
    for wrong, field in (
        (replace(hourly, cron="0 8 * * 1-5"), "cron"),
        (replace(hourly, format="json"), "format"),
    ):
        with pytest.raises(Invalid) as refused:
            made(member, wrong)
        assert field in refused.value.fields


@pytest.mark.parametrize("moment", ["before", "made", "sending"])
def test_nothing_is_sent_for_somebody_who_may_not_take_leads_any_more(
    owner: Person, store: S3Store, database: Database, moment: str
) -> None:
    member = joins(database, person("member"), owner, MemberRole.MEMBER)
    made(member, into_bucket(store))
    due(database)
    if moment != "before":
        placing.place_due()
    if moment == "sending":
        list(book_file_work.run_due())
    change(
        database.superuser_url,
        f"update memberships set role = 'viewer' where user_id = '{member.id}' and role = 'member'",
    )
    work()
    assert store.objects == {}
    assert one(owner).pause_cause == "no_right"
    if moment != "before":
        assert "may not" in newest(owner).said


def test_whoever_is_erased_is_in_no_file_that_waits_and_in_no_filter(
    owner: Person, store: S3Store, database: Database
) -> None:
    finished(owner, [lead(7, email="anna@lantern.test")])
    exports.add(owner, LeadFilter(text="anna@lantern.test"), LeadSort.NAME, into_bucket(store))
    due(database)
    placing.place_due()
    list(book_file_work.run_due())
    erasing.erase(owner, subject_of("anna@lantern.test"))
    assert list(export_sending.run_due()) == []
    assert (outcomes(owner), store.objects) == (["let_go"], {})
    assert "anna" not in str(one(owner).asked)


def test_who_made_it_and_admins_change_it_and_viewers_see_nothing_of_it(
    owner: Person, store: S3Store, database: Database
) -> None:
    member = joins(database, person("member"), owner, MemberRole.MEMBER)
    other = joins(database, person("other"), owner, MemberRole.MEMBER)
    viewer = joins(database, person("viewer"), owner, MemberRole.VIEWER)
    stranger = person("stranger")
    schedule = made(member, into_bucket(store))
    assert one(other).id == schedule
    assert exports.listing(viewer) == exports.listing(stranger) == ()
    assert schedules.listing(owner) == (), "it is no order"
    for refused, why in ((other, NotFound), (viewer, NotAllowed), (stranger, NotFound)):
        with pytest.raises(why):
            exports.change(refused, schedule, into_bucket(store))
        with pytest.raises(why):
            schedules.remove(refused, schedule)
    with pytest.raises(NotAllowed):
        exports.add(viewer, LeadFilter(), LeadSort.NAME, MORNINGS)
    moved = replace(into_bucket(store, prefix="new"), name="Changed", secret="")
    exports.change(owner, schedule, moved)
    assert (one(member).name, one(member).place["prefix"]) == ("Changed", "new")
    due(database)
    work()
    assert next(iter(store.objects)).startswith("new/"), "the secret was kept"
    for elsewhere in (
        by_sftp(SftpServer(sftp_server.new_key(), 22)),
        into_bucket(store, access_key="AKIAOTHER"),
    ):
        for act in (exports.change, lambda who, kept, told: export_places.try_out(who, told, kept)):
            with pytest.raises(Invalid, match="Type the password or the key"):
                act(owner, schedule, replace(elsewhere, secret=""))
    with pytest.raises(Invalid) as without:
        exports.change(
            owner, schedule, replace(MORNINGS, target=Target.WEBHOOK, place={"url": "https://a.test/"})
        )
    assert "secret" in without.value.fields
    due(database)
    placing.place_due()
    schedules.remove(member, schedule)
    assert rows(database.superuser_url, "select from export_files") == [], "files go with it"


WRONG: list[tuple[Target, dict[str, Any], str, str]] = [
    (Target.S3, {"endpoint": "http://s3.example.com"}, "endpoint", "https"),
    (Target.S3, {"endpoint": "https://s3.example.com:9000"}, "endpoint", "EXPORT_HOSTS"),
    (Target.S3, {"endpoint": "s3.example.com"}, "endpoint", "such as https"),
    (Target.S3, {"endpoint": "https://s3.example.com", "bucket": "No"}, "bucket", "small letters"),
    (Target.SFTP, {"host": ""}, "host", "is missing"),
    (Target.SFTP, {"host": "sftp://x"}, "host", "without sftp"),
    (Target.SFTP, {"port": "many"}, "port", "1 to 65535"),
    (Target.SFTP, {"folder": "../etc"}, "folder", "upwards"),
    (Target.SFTP, {"host_key": ""}, "host_key", "compare it"),
    (Target.WEBHOOK, {"url": "http://a.test/"}, "url", "https"),
]


@pytest.mark.parametrize(("target", "place", "field", "why"), WRONG)
def test_what_cannot_be_is_refused_with_the_field(
    owner: Person, target: Target, place: dict[str, Any], field: str, why: str
) -> None:
    good: dict[Target, dict[str, Any]] = {
        Target.S3: {"endpoint": "https://s3.example.com", "bucket": "leads", "access_key": "AKIA"},
        Target.SFTP: {
            "host": "files.example.com",
            "user": "us",
            "host_key": f"ssh-ed25519 SHA256:{'a' * 43}",
        },
        Target.WEBHOOK: {},
    }
    with pytest.raises(Invalid, match=why) as refused:
        made(owner, replace(MORNINGS, target=target, place={**good[target], **place}, secret="secret"))
    assert field in refused.value.fields


def test_a_private_network_is_sent_nothing(owner: Person) -> None:
    place = {"host": "127.0.0.1", "user": "us", "host_key": f"ssh-ed25519 SHA256:{'a' * 43}"}
    with pytest.raises(Invalid, match="private network"):
        export_places.try_out(owner, replace(MORNINGS, target=Target.SFTP, place=place, secret="word"))
    place = {"endpoint": "https://localhost", "bucket": "leads", "access_key": "AKIA"}
    with pytest.raises(Invalid, match="private network"):
        export_places.try_out(owner, replace(MORNINGS, target=Target.S3, place=place, secret="word"))


def test_a_workspace_has_fifty_of_all_kinds_at_most(owner: Person, database: Database) -> None:
    made(owner, MORNINGS)
    change(
        database.superuser_url,
        "insert into schedules (workspace_id, id, created_by, name, cron, time_zone, next_at)"
        " select workspace_id, gen_random_uuid(), created_by, name, cron, time_zone, next_at"
        " from schedules, generate_series(2, 50)",
    )
    with pytest.raises(Conflict, match="50 schedules at most"):
        made(owner, MORNINGS)


def test_whatever_pauses_orders_and_files_has_a_sentence_for_both() -> None:
    assert set(exports.PAUSED) == set(schedules.PAUSED)


def test_other_filters_hold_from_the_next_time_on_and_all_else_stays(
    owner: Person, store: S3Store, database: Database
) -> None:
    schedule = made(owner, into_bucket(store))
    before = one(owner)
    due(database)
    placing.place_due()
    exports.refilter(owner, schedule, LeadFilter(text="Cafe 001"), LeadSort.NAME)
    assert work() == ["A file of a schedule with 3 leads was sent."], (
        "that of before is sent as it was asked for"
    )
    due(database)
    assert work() == ["A file of a schedule with 1 lead was sent."]
    after = one(owner)
    same = ("name", "cron", "format", "target", "place")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
    assert after.asked["columns"] == before.asked["columns"]
    ticked = LeadFilter(ids=(schedule,))
    with pytest.raises(Invalid, match="ticked"):
        exports.refilter(owner, schedule, ticked, LeadSort.NAME)
    member = joins(database, person("member"), owner, MemberRole.MEMBER)
    with pytest.raises(NotFound):
        exports.refilter(member, schedule, LeadFilter(), LeadSort.NAME)
