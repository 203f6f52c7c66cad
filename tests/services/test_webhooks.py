"""Other systems are told of what happens: signed, in time, again when they did not listen, and of nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

import settings
from jobs import webhooks as sending
from pipeline.lead import EmailStatus, Lead
from pipeline.network.public_address import Unreachable
from pipeline.network.web_post import Poster
from services import campaigns, webhooks
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.identity import Person
from services.roles import MemberRole
from services.webhooks import Event
from tests.support.campaigns import claimed, finished, lead, store_leads, submitted
from tests.support.people import joins, person
from tests.support.receiver import Receiver, receiving
from tests.support.servers import Database, change, rows

URL = "https://crm.example.com/hooks?from=prospectpro"
BOTH = (Event.CAMPAIGN_ENDED, Event.LEAD_VERIFIED)
ALERTS = (Event.ALERT_RAISED, Event.ALERT_RESOLVED)


@pytest.fixture
def owner(keys: None) -> Person:
    return person("owner")


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiving() as running:
        monkeypatch.setenv("WEBHOOK_GATEWAY", running.url)
        settings.get.cache_clear()
        yield running
    settings.get.cache_clear()


def sent() -> list[str]:
    return list(sending.send_due())


def with_address(status: EmailStatus) -> Lead:
    return replace(lead(1, email="info@cafe.test"), email_status=status)


def due(database: Database) -> None:
    """Waiting is over."""
    change(database.superuser_url, "update webhook_deliveries set due_at = now() where due_at is not null")


def test_a_campaign_that_ends_and_an_address_that_is_verified_are_told(
    owner: Person, receiver: Receiver
) -> None:
    made = webhooks.add(owner, URL, BOTH)
    stranger = person("stranger")
    webhooks.add(stranger, "https://other.example.com/", BOTH)
    campaign = finished(owner, [with_address(EmailStatus.VERIFIED), lead(2)])
    assert len(sent()) == 2
    by_event = {message.told()["type"]: message for message in receiver.received()}
    assert set(by_event) == {"campaign.ended", "lead.verified"}
    ended, verified = by_event["campaign.ended"], by_event["lead.verified"]
    told = campaigns.get(owner, campaign)
    assert ended.told()["data"] == {
        "campaign_id": str(campaign),
        "status": told.status.value,
        "leads": 2,
        "emails_verified": told.emails_verified,
        "spent_micros": told.spent_micros,
        "ended_at": ended.told()["data"]["ended_at"],
    }
    assert verified.told()["data"]["campaign_id"] == str(campaign)
    for message in (ended, verified):
        assert message.line == "POST /hooks?from=prospectpro HTTP/1.1"
        assert message.headers["host"] == "crm.example.com"
        assert message.is_signed_with(made.secret)
        assert message.told()["id"] == message.headers["webhook-id"]
        assert b"cafe" not in message.body, "nothing of a business leaves but by asking for it"
    assert sent() == []
    assert {(row.event, row.status, row.tries) for row in webhooks.deliveries(owner, made.id)} == {
        ("campaign.ended", 204, 1),
        ("lead.verified", 204, 1),
    }


def test_an_address_verified_later_is_told_once(owner: Person, receiver: Receiver) -> None:
    webhooks.add(owner, URL, [Event.LEAD_VERIFIED])
    lease = claimed(owner, submitted(owner))
    for status in (EmailStatus.UNVERIFIED, EmailStatus.VERIFIED, EmailStatus.VERIFIED):
        store_leads(lease, [with_address(status)])
    sent()
    assert [message.told()["type"] for message in receiver.received()] == ["lead.verified"]


def test_what_was_not_heard_is_told_again_for_a_day_and_a_half_then_given_up_and_sent_by_hand(
    owner: Person, receiver: Receiver, database: Database
) -> None:
    made = webhooks.add(owner, URL, BOTH)
    webhooks.send_test(owner, made.id)
    receiver.status[0] = "302 Found"
    for number, wait_s in enumerate((*sending.WAITS_S, None), start=1):
        (line,) = sent()
        assert "the status 302" in line
        (row,) = webhooks.deliveries(owner, made.id)
        ((waits,),) = rows(
            database.superuser_url,
            "select extract(epoch from due_at - tried_at)::int from webhook_deliveries",
        )
        assert (row.tries, row.status, row.delivered_at, waits) == (number, 302, None, wait_s)
        assert sent() == []
        due(database)
    assert 34 * 3600 < sum(sending.WAITS_S) < 38 * 3600
    receiver.status[0] = "200 OK"
    webhooks.send_again(owner, row.id)
    with pytest.raises(NotFound):
        webhooks.send_again(owner, row.id)
    assert len(sent()) == 1
    (row,) = webhooks.deliveries(owner, made.id)
    assert row.delivered_at
    assert (row.tries, row.problem, row.status) == (1, None, 200)
    received = receiver.received()
    assert (
        len({message.body for message in received}) == len({m.headers["webhook-id"] for m in received}) == 1
    )


def test_both_secrets_sign_while_a_receiver_changes_over(
    owner: Person, receiver: Receiver, database: Database
) -> None:
    old = webhooks.add(owner, URL, BOTH)
    new = webhooks.renew_secret(owner, old.id)
    stored = rows(database.superuser_url, "select webhooks::text from webhooks")
    assert old.secret not in str(stored)
    assert new.secret not in str(stored)
    for moved, signs in (("0 s", [True, True]), ("25 h", [False, True])):
        change(
            database.superuser_url, f"update webhooks set earlier_until = earlier_until - interval '{moved}'"
        )
        webhooks.send_test(owner, old.id)
        sent()
        assert [receiver.received()[-1].is_signed_with(each.secret) for each in (old, new)] == signs


def test_nothing_is_promised_while_paused_and_what_was_promised_goes_where_it_leads_now(
    owner: Person, receiver: Receiver
) -> None:
    made = webhooks.add(owner, URL, [Event.CAMPAIGN_ENDED])
    webhooks.pause(owner, made.id, is_paused=True)
    finished(owner, [lead(1)])
    assert webhooks.deliveries(owner, made.id) == ()
    webhooks.pause(owner, made.id, is_paused=False)
    finished(owner, [lead(1)])
    webhooks.change(owner, made.id, "https://new.example.com/in", [Event.LEAD_VERIFIED])
    sent()
    (message,) = receiver.received()
    assert message.headers["host"] == "new.example.com"
    finished(owner, [lead(1)])
    webhooks.remove(owner, made.id)
    assert sent() == []


def test_alerts_are_told_to_administrators_alone(
    owner: Person, receiver: Receiver, database: Database
) -> None:
    boss, former = person("boss", is_admin=True), person("former", is_admin=True)
    assert webhooks.events(owner) == BOTH
    with pytest.raises(Invalid, match="administrators"):
        webhooks.add(owner, URL, ALERTS)
    for who in (boss, former):
        webhooks.add(who, f"https://{who.email.partition('@')[0]}.example.com/", webhooks.events(who))
    change(database.superuser_url, "update users set is_admin = false where email like 'former%'")
    change(
        database.superuser_url,
        "insert into alerts (rule, severity, title, why, advice)"
        " values ('disk', 'problem', 'Full', 'It is', 'Make room')",
    )
    change(database.superuser_url, "update alerts set resolved_at = now()")
    change(database.superuser_url, "update alerts set seen_at = now()")
    sent()
    told = [(message.headers["host"], message.told()["type"]) for message in receiver.received()]
    assert told == [("boss.example.com", "alert.raised"), ("boss.example.com", "alert.resolved")]
    assert receiver.received()[0].told()["data"]["rule"] == "disk"


WRONG = {
    "http://crm.example.com/": "does not begin with https",
    "https://127.0.0.1/": "not a public web address",
    "https://localhost/": "not a public web address",
    "https://crm.example.com:8443/": "unusual port",
    "https://user:word@crm.example.com/": "not a public web address",
    "crm.example.com": "not a public web address",
    "": "not a public web address",
    f"https://crm.example.com/{'a' * 500}": "at most 500",
}


@pytest.mark.parametrize("url", WRONG)
def test_an_address_that_cannot_be_sent_to_is_refused(owner: Person, url: str) -> None:
    with pytest.raises(Invalid) as refused:
        webhooks.add(owner, url, [])
    assert WRONG[url] in refused.value.fields["url"]
    assert "at least one" in refused.value.fields["events"]


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1", "100.64.0.1"]
)
def test_a_name_that_leads_into_a_private_network_is_not_connected_to(address: str) -> None:
    poster = Poster("ProspectPro/1", resolver=lambda _host: [address])
    with pytest.raises(Unreachable, match="private network"):
        poster.post("https://inside.example.com/", b"{}", {})
    poster.close()


def test_a_workspace_has_ten_and_its_admins_alone_see_them(owner: Person, database: Database) -> None:
    made = [webhooks.add(owner, URL, BOTH) for _ in range(webhooks.MOST)]
    with pytest.raises(Conflict, match="10 webhooks at most"):
        webhooks.add(owner, URL, BOTH)
    stranger, member = person("stranger"), joins(database, person("member"), owner, MemberRole.MEMBER)
    assert webhooks.listing(stranger) == ()
    for act in (webhooks.remove, webhooks.send_test, webhooks.renew_secret):
        with pytest.raises(NotFound):
            act(stranger, made[0].id)
        with pytest.raises(NotAllowed):
            act(member, made[0].id)
    assert len(webhooks.listing(owner)) == webhooks.MOST
    noted = rows(
        database.superuser_url,
        "select action, count(*) from audit_log where action like 'webhook%' group by action",
    )
    assert noted == [("webhook_added", webhooks.MOST)]
