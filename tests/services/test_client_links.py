"""Links for clients: what the database answers to whoever holds one, and to whoever should not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from pipeline.lead import EmailStatus, Origin
from pipeline.suppression import subject_of
from services import campaigns, client_links, erasing, export_terms, shared_leads, suppression_list
from services.client_links import Wish
from services.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from services.identity import Person
from services.lead_filter import LeadFilter
from services.roles import MemberRole
from services.shared_leads import Door
from store.database import Role, transaction
from tests.support.campaigns import TODAY, finished, lead
from tests.support.people import joins, person
from tests.support.servers import Database, change, rows

GOOGLE = Origin(source="google_places", ref="place-1", observed_on=TODAY)
EMAIL, PHONE, SITE = (
    "front.desk@cafe.test",
    "+358401234567",
    "https://cafe.test/contact?mail=front.desk@cafe.test",
)
WORDS = "seven purple walking trams"
CLIENT = Wish(name="Client Ltd")
SURE = lead(2, name="Surely", confidence=90)
CAFE = lead(1, name=f"Café {EMAIL} +358 40 123 4567", email=EMAIL, phone=PHONE, website=SITE, city="Turku")


@pytest.fixture
def owner(keys: None) -> Person:
    return person("owner")


@pytest.fixture
def campaign(owner: Person) -> UUID:
    return finished(owner, [CAFE, SURE])


def door_of(link_id: UUID, visit: str = "") -> Door:
    return Door(client_links.address(link_id).rpartition("/")[2], visit)


def shown(door: Door) -> list[str]:
    """The names it shows."""
    return [row[0] for row in shared_leads.page(door, None).rows]


def is_closed(door: Door) -> bool:
    """Whether it opens nothing, by no way."""
    for ask in (shared_leads.offer, shared_leads.file, shown):
        with pytest.raises(NotFound):
            ask(door)
    with pytest.raises(NotFound):
        shared_leads.enter(door.token, WORDS)
    return True


def test_contacts_are_masked_until_the_link_shows_them(owner: Person, campaign: UUID) -> None:
    door = door_of(client_links.make_for_campaign(owner, campaign, CLIENT))
    sure, cafe = shared_leads.page(door, None).rows
    assert (sure[0], sure[-1]) == ("Surely", "90")
    assert cafe == (
        *(
            "Café ••• •••",
            "Café",
            "Test street 1",
            "https://cafe.test",
            "",
            "f•••@cafe.test",
            "+358 •••67",
            "1",
        ),
    )
    whole = door_of(client_links.make_for_campaign(owner, campaign, replace(CLIENT, shows_contacts=True)))
    assert shared_leads.page(whole, None).rows[1][3:7] == (SITE, "", EMAIL, PHONE)
    newest, before = client_links.listing(owner)
    assert (before.views, before.shows_contacts, newest.shows_contacts) == (1, False, True)
    assert before.viewed_at is not None
    assert is_closed(replace(door, token=door.token[:-1] + "x"))


def test_what_a_mask_leaves(database: Database) -> None:
    for email, phone, masked in (
        ("i@cafe.test", "+12025550123", ("•••@cafe.test", "+1 •••23")),
        ("éè@cafe.test", "+4930123456; +4930123457", ("é•••@cafe.test", "+49 •••56")),
        ("a@b@cafe.test", "040 1234567", ("a•••@cafe.test", "•••67")),
        ("info@cafe.test", "+35312", ("i•••@cafe.test", "+353 •••")),
        ("info@cafe.test", "112", ("i•••@cafe.test", "•••")),
    ):
        asked = f"select client_link_email('{email}', false), client_link_phone('{phone}', false)"
        assert rows(database.superuser_url, asked) == [masked]


def test_a_view_shows_the_companies_it_had_and_nobody_elses(owner: Person, campaign: UUID) -> None:
    made = client_links.make_for_view(owner, LeadFilter(place="Turku"), TODAY, "In Turku", CLIENT)
    finished(owner, [lead(5, name="Later", city="Turku")])
    finished(person("other"), [lead(1, name="Not yours", city="Turku")])
    assert shown(door_of(made)) == ["Café ••• •••"]
    assert shared_leads.offer(door_of(made)).shows == "In Turku"
    with pytest.raises(Invalid, match="nothing to show"):
        client_links.make_for_view(owner, LeadFilter(text="nowhere"), TODAY, "x", CLIENT)


def test_nobody_reads_after_its_end(owner: Person, campaign: UUID, database: Database) -> None:
    maker = joins(database, person("maker"), owner, MemberRole.MEMBER)
    made = client_links.make_for_campaign(maker, campaign, CLIENT)
    door = door_of(made)
    of_maker = f"where user_id = '{maker.id}' and workspace_id = '{owner.workspace_id}'"
    for ends, goes_on in (
        (
            f"update memberships set role = 'viewer' {of_maker}",
            f"update memberships set role = 'member' {of_maker}",
        ),
        (
            "update users set disabled_at = now() where email like 'maker@%'",
            "update users set disabled_at = null",
        ),
        (
            "update client_links set created_at = created_at - interval '1 day', expires_at = now()",
            "update client_links set expires_at = now() + interval '1 hour'",
        ),
    ):
        assert shown(door)
        change(database.superuser_url, ends)
        assert is_closed(door)
        change(database.superuser_url, goes_on)
    with pytest.raises(NotFound):
        client_links.revoke(joins(database, person("mate"), owner, MemberRole.MEMBER), made)
    client_links.revoke(owner, made)
    assert is_closed(door)
    (row,) = client_links.listing(owner)
    assert (row.is_open, row.revoked_at is None, client_links.may_revoke(owner, row)) == (False, False, False)
    acts = "select action from audit_log where action like 'client_link%' order by id"
    assert [act for (act,) in rows(database.superuser_url, acts)] == [
        "client_link_made",
        "client_link_revoked",
    ]
    again = door_of(client_links.make_for_campaign(maker, campaign, CLIENT))
    gone = door_of(client_links.make_for_campaign(owner, campaign, CLIENT))
    change(database.superuser_url, f"delete from memberships {of_maker}")
    assert is_closed(again)
    campaigns.delete(owner, campaign)
    assert is_closed(gone)


def test_who_is_kept_away_is_on_no_page(owner: Person, database: Database) -> None:
    campaign = finished(
        owner,
        [
            lead(3, name="Silent", email="info@silent.test"),
            lead(4, name="Erased", email="info@erased.test"),
            lead(5, name="Only Google", origins=(GOOGLE,), provenance={"name": GOOGLE}),
            lead(6, name="Half", website="https://half.test", phone=PHONE, provenance={"phone": GOOGLE}),
            replace(lead(7, name="Bounced", email="gone@half.test"), email_status=EmailStatus.INVALID),
        ],
    )
    whole = replace(CLIENT, shows_contacts=True, allows_download=True)
    doors = [
        door_of(client_links.make_for_campaign(owner, campaign, whole)),
        door_of(client_links.make_for_view(owner, LeadFilter(), TODAY, "All", whole)),
    ]
    suppression_list.add(owner, [subject_of("info@silent.test")], "asked us")
    erasing.erase(owner, subject_of("info@erased.test"))
    for door in doors:
        page = {row[0]: row for row in shared_leads.page(door, None).rows}
        assert page["Bounced"][5] == ""
        assert (page["Half"][3], page["Half"][6]) == ("https://half.test", "")
        assert not {"Silent", "Only Google"} & set(shown(door))
        taken = shared_leads.file(door)[1].decode()
        assert "silent" not in taken
        assert "erased.test" not in taken
    export_terms.decide(person("boss", is_admin=True), "google_places", allowed=True)
    assert {"Only Google", "Half"} <= set(shown(doors[0]))


def test_a_password_is_compared_ten_times(owner: Person, campaign: UUID, database: Database) -> None:
    with pytest.raises(Invalid, match="at least 8"):
        client_links.make_for_campaign(owner, campaign, replace(CLIENT, password="short"))
    door = door_of(client_links.make_for_campaign(owner, campaign, replace(CLIENT, password=WORDS)))
    assert shared_leads.offer(door).shows is None
    assert shared_leads.page(door, None).rows == ()
    visit = shared_leads.enter(door.token, WORDS)
    assert shown(replace(door, visit=visit))
    assert not shown(replace(door, visit=visit[:-1]))
    for _ in range(10):
        with pytest.raises(Invalid, match="not the password"):
            shared_leads.enter(door.token, "another one")
    with pytest.raises(TooMany):
        shared_leads.enter(door.token, WORDS)
    assert shown(replace(door, visit=visit)), "who is inside stays inside"
    with transaction(Role.WEB) as conn:
        hashes = rows(database.superuser_url, "select token_hash, password_hash from client_links")[0]
        asked = "select client_link_enter(%s, %s, sha256('x'))"
        assert conn.exec_driver_sql(asked, hashes).scalar_one() is True, (
            "ten were counted, ten may be compared"
        )
    change(database.superuser_url, "update client_links set tries = 0")
    with transaction(Role.WEB) as conn:
        assert conn.exec_driver_sql(asked, hashes).scalar_one() is False, (
            "none is compared that was not counted"
        )
    change(
        database.superuser_url, "update client_links set wrong = 10, wrong_at = now() - interval '16 minutes'"
    )
    assert shared_leads.enter(door.token, WORDS)


def test_pages_and_the_file_hold_the_same(owner: Person, database: Database) -> None:
    campaign = finished(owner, [lead(n, name=f"=Cafe {n}", email=f"info{n}@cafe.test") for n in range(120)])
    made = client_links.make_for_campaign(owner, campaign, replace(CLIENT, allows_download=True))
    names, cursor, figures = [], None, []
    while True:
        page = shared_leads.page(door_of(made), cursor)
        names += [row[0] for row in page.rows]
        figures += [int(row[-1]) for row in page.rows]
        if (cursor := page.next_cursor) is None:
            break
    assert (len(names), len({*names})) == (120, 120)
    assert figures == sorted(figures, reverse=True)
    name, data = shared_leads.file(door_of(made))
    lines = data.decode("utf-8-sig").splitlines()
    assert name.endswith(".csv")
    assert [line.split('"')[1] for line in lines[1:]] == [f"'{one}" for one in names]
    assert "info1@" not in data.decode()
    assert "OpenStreetMap" in lines[1]
    (row,) = client_links.listing(owner)
    assert row.views == 1
    noted = rows(database.superuser_url, "select format, row_count, user_id from exports")
    assert noted == [("client_link", 120, str(owner.id))]
    change(database.superuser_url, "update client_links set files = 20")
    with pytest.raises(TooMany):
        shared_leads.file(door_of(made))
    plain = door_of(client_links.make_for_campaign(owner, campaign, CLIENT))
    with pytest.raises(NotFound):
        shared_leads.file(plain)


def test_whom_to_credit_is_what_the_records_say(owner: Person) -> None:
    places = Origin(
        source="overture", ref="a", licence="CDLA-Permissive-2.0", attribution="Harbour Data, 2026"
    )
    campaign = finished(owner, [lead(1, origins=(places,), provenance={})])
    made = client_links.make_for_campaign(owner, campaign, replace(CLIENT, allows_download=True))
    assert shared_leads.page(door_of(made), None).credits == ("Harbour Data, 2026",)
    _, data = shared_leads.file(door_of(made))
    said = data.decode("utf-8-sig").splitlines()[1]
    assert "Harbour Data, 2026" in said
    assert "CDLA" in said or "Community Data License" in said
    assert "OpenStreetMap" not in said


def test_who_makes_links_and_how_many(owner: Person, campaign: UUID, database: Database) -> None:
    for wish, said in (
        (replace(CLIENT, name=" "), "whom the link is for"),
        (replace(CLIENT, days=0), "1 to 90 days"),
        (replace(CLIENT, days=91), "1 to 90 days"),
    ):
        with pytest.raises(Invalid, match=said):
            client_links.make_for_campaign(owner, campaign, wish)
    viewer = joins(database, person("viewer"), owner, MemberRole.VIEWER)
    for ask in (
        lambda: client_links.make_for_campaign(viewer, campaign, CLIENT),
        lambda: client_links.listing(viewer),
        lambda: client_links.make_for_campaign(
            replace(owner, guest_until=datetime.now(UTC)), campaign, CLIENT
        ),
    ):
        with pytest.raises(NotAllowed):
            ask()
    with pytest.raises(NotFound):
        client_links.make_for_campaign(person("stranger"), campaign, CLIENT)
    change(
        database.superuser_url,
        "insert into client_links (workspace_id, id, made_by, name, shows, token_hash, shows_contacts, allows_download,"
        f" expires_at) select '{owner.workspace_id}', gen_random_uuid(), '{owner.id}', 'x', 'x',"
        " sha256(n::text::bytea), false, false, now() + interval '1 day' from generate_series(1, 100) n",
    )
    with pytest.raises(Conflict, match="100 open links"):
        client_links.make_for_campaign(owner, campaign, CLIENT)
