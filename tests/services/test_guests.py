"""Guests: what they get, what the database keeps from them, how they stay, and that all of theirs goes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from jobs import duties
from services import (
    administration,
    api_keys,
    auditing,
    campaigns,
    continuing,
    guests,
    identity,
    invitations,
    own_account,
)
from services.api_keys import Scope
from services.auditing import AuditWhere
from services.errors import Conflict, Invalid, NotAllowed, NotFound, Refused, TooMany
from services.identity import Person, Visitor
from services.roles import MemberRole
from store.campaigns import NewCampaign, insert
from store.database import Role, transaction
from store.guests import Refused as TooMuchOrdered
from store.guests import kept
from store.ids import new_id
from tests.support.campaigns import SPEC, finished, lead, submitted
from tests.support.guests import HOME, guest, let_guests_in
from tests.support.people import PASSWORD, person
from tests.support.servers import Database, change, rows
from tests.support.workers import eventually

PAID = SPEC.model_copy(update={"budget_usd": Decimal("0.01")})


@pytest.fixture
def admin(database: Database, redis_url: str) -> Person:
    return person("admin", is_admin=True)


@pytest.fixture
def terms(admin: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    let_guests_in(monkeypatch, guest_campaigns=2, guest_leads=10, guest_days=3, guests_per_network=2)


def why_not(somebody: Person, spec: object = SPEC) -> str:
    """Why the database refuses an order of theirs, in the words they read."""
    with pytest.raises(Conflict) as refused:
        submitted(somebody, spec)  # type: ignore[arg-type]
    return str(refused.value)


def test_nobody_is_let_in_unless_the_installation_says_so(admin: Person) -> None:
    assert guests.terms() is None
    with pytest.raises(NotFound):
        guests.arrive(HOME)


def test_without_an_administrator_there_are_no_guests(
    database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_guests_in(monkeypatch, guest_campaigns=2)
    with pytest.raises(NotFound):
        guests.arrive(HOME)


def test_a_guest_runs_small_free_campaigns_one_at_a_time_and_no_more_than_allowed(terms: None) -> None:
    visitor = guest()
    given = guests.terms()
    assert given is not None
    assert guests.terms_in_words(given) == "2 free campaigns of at most 10 leads each"
    assert "set the budget to $0" in why_not(visitor, PAID)
    large = SPEC.model_copy(update={"max_results": 11})
    assert "at most 10 leads at once" in why_not(visitor, large)
    # The plan says the same before anything is sent.
    assert guests.refusal(visitor, PAID) == why_not(visitor, PAID)
    assert guests.refusal(visitor, large) == why_not(visitor, large)
    assert guests.refusal(visitor, SPEC) is None
    first = submitted(visitor)
    assert "one campaign at a time" in why_not(visitor)
    campaigns.cancel(visitor, first)
    campaigns.delete(visitor, first)
    finished(visitor, [lead(1)])
    assert guests.left(visitor) == 0
    assert "Sign up to order more" in why_not(visitor)
    assert guests.refusal(visitor, SPEC) == why_not(visitor)


def test_orders_sent_at_the_same_time_see_one_another(terms: None, database: Database) -> None:
    """The second order waits for the end of the first one's transaction, and then is one too many."""
    visitor = guest()
    waits = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"

    def order() -> bool:
        with kept(), transaction(Role.WEB, proof=visitor.proof) as conn:
            return insert(conn, _new(visitor))

    with ThreadPoolExecutor(1) as pool, transaction(Role.WEB, proof=visitor.proof) as conn:
        assert insert(conn, _new(visitor))
        second = pool.submit(order)
        eventually(lambda: second.done() or rows(database.superuser_url, waits) != [(0,)], "the second order")
        conn.commit()
        with pytest.raises(TooMuchOrdered, match="busy"):
            second.result()


def _new(visitor: Person) -> NewCampaign:
    return NewCampaign(
        workspace_id=visitor.workspace_id,
        campaign_id=new_id(),
        job_id=new_id(),
        created_by=visitor.id,
        idem_key=str(new_id()),
        spec=SPEC,
    )


def test_guests_of_one_network_are_counted_also_when_they_have_signed_up(terms: None) -> None:
    near = Visitor(ip="2001:db8:1:2::1")
    guests.sign_up(guest(near), "first@example.com", PASSWORD, near)
    guest(Visitor(ip="2001:db8:1:2:ffff::9"))
    with pytest.raises(TooMany):
        guests.arrive(Visitor(ip="2001:db8:1:2::3"))
    guest(Visitor(ip="2001:db8:1:3::1"))
    assert Visitor(ip="::ffff:192.0.2.7").network != Visitor(ip="::ffff:192.0.2.8").network


def test_a_guest_is_no_owner_and_proves_nothing_that_needs_an_account(terms: None, admin: Person) -> None:
    visitor = guest()
    acts = (
        lambda: invitations.invite(visitor, "new@example.com", MemberRole.VIEWER),
        lambda: api_keys.create(visitor, "a key", Scope.READ, 1),
        lambda: own_account.change_email(visitor, "new@example.com", PASSWORD),
    )
    for act in acts:
        with pytest.raises((Refused, DBAPIError)):
            act()
    assert visitor.role is MemberRole.MEMBER
    with pytest.raises(NotAllowed, match="Sign up"):
        invitations.invite(visitor, "new@example.com", MemberRole.VIEWER)
    # Commands on the machine name people with an account.
    assert identity.only_one().email == admin.email
    with pytest.raises(NotFound):
        identity.named(visitor.email)
    with pytest.raises(Conflict, match="no account yet"):
        administration.set_admin(admin, visitor.id, wanted=True)


@pytest.mark.parametrize(
    "statement",
    [
        "update users set is_free = false",
        "update users set guest_until = null",
        "update users set mail_when = 'all'",
        "update installation set value = '99'",
        "update campaigns set budget_micros = 1000000",
        "select admin_set_free('{user}', false)",
        "select guest_forget('{user}')",
        "select forget_guests()",
        "select app_create_key(gen_random_uuid(), 'key', 'submit', 30, 'proof')",
    ],
)
def test_with_sql_of_their_own_a_guest_gets_no_further(
    terms: None, database: Database, statement: str
) -> None:
    visitor = guest()
    submitted(visitor)
    before = _everything(database)
    with suppress(DBAPIError), transaction(Role.WEB, proof=visitor.proof) as conn:
        conn.execute(sa.text(statement.format(user=visitor.id)))
    assert _everything(database) == before


def _everything(database: Database) -> list[object]:
    looked_at = (
        "select u.is_free, u.guest_until, u.mail_when, c.budget_micros, (select count(*) from api_keys)"
    )
    return list(
        rows(database.superuser_url, f"{looked_at} from users u left join campaigns c on c.created_by = u.id")
    )


def test_whoever_signs_up_keeps_all_and_orders_free_campaigns_until_an_administrator_allows_more(
    terms: None, admin: Person
) -> None:
    visitor = guest()
    campaign = finished(visitor, [lead(1)])
    with pytest.raises(Invalid):
        guests.sign_up(visitor, "admin@example.com", PASSWORD, HOME)
    with pytest.raises(Invalid):
        guests.sign_up(visitor, "new@example.com", "short", HOME)
    token = guests.sign_up(visitor, "new@example.com", PASSWORD, HOME).token
    with pytest.raises(NotFound):
        guests.sign_up(visitor, "other@example.com", PASSWORD, HOME)
    stayed = identity.who_is(token)
    assert stayed is not None
    assert (stayed.email, stayed.workspace_name, stayed.role) == (
        "new@example.com",
        "new@example.com",
        MemberRole.OWNER,
    )
    assert [row.id for row in campaigns.list_mine(stayed).rows] == [campaign]
    assert "An administrator can allow more" in why_not(stayed, PAID)
    with pytest.raises(Conflict, match="An administrator can allow more"):
        continuing.add_budget(stayed, campaign, Decimal(1), "a key")
    for _ in range(3):
        submitted(stayed, SPEC.model_copy(update={"max_results": 50}))
    administration.set_free(admin, stayed.id, wanted=False)
    submitted(stayed, PAID)
    administration.set_free(admin, stayed.id, wanted=True)
    assert "An administrator can allow more" in why_not(stayed, PAID)
    noted = {row.action for row in auditing.listing(admin, AuditWhere()).rows}
    assert {"guest_arrived", "guest_signed_up", "paid_orders_allowed", "paid_orders_refused"} <= noted


def test_guesses_of_known_addresses_are_counted(terms: None) -> None:
    visitor = guest()
    for _ in range(10):
        with pytest.raises(Invalid):
            guests.sign_up(visitor, "admin@example.com", PASSWORD, HOME)
    with pytest.raises(TooMany):
        guests.sign_up(visitor, "new@example.com", PASSWORD, HOME)


def test_when_their_time_is_over_a_guest_is_out_and_all_of_theirs_goes(
    terms: None, admin: Person, database: Database
) -> None:
    kept = finished(admin, [lead(1)])
    idle, busy = guest(), guest()
    finished(idle, [lead(2)])
    running = submitted(busy)
    change(database.superuser_url, "update users set guest_until = now() where guest_until is not null")
    with transaction(Role.WEB, proof=idle.proof) as conn:
        assert not conn.execute(sa.text("select * from auth_who()")).all()
    assert "Guests whose time is over: 1 removed, with all of theirs." in list(duties.run_all())
    left = rows(database.superuser_url, "select id::text from campaigns")
    assert sorted(left) == sorted([(str(kept),), (str(running),)])
    assert rows(database.superuser_url, "select count(*) from leads") == [(1,)]


def test_an_administrator_ends_a_guest(terms: None, admin: Person, database: Database) -> None:
    visitor = guest()
    running = submitted(visitor)
    (shown,) = [row for row in administration.listing(admin).rows if row.guest_until]
    assert shown.is_free
    administration.delete(admin, visitor.id, None)
    assert not [row for row in administration.listing(admin).rows if row.guest_until]
    asked = (
        "select cancel_requested_at is not null or ended_at is not null from discovery_jobs"
        f" where campaign_id = '{running}'"
    )
    assert rows(database.superuser_url, asked) == [(True,)]
