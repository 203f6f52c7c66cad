"""Saved views: one's own and the workspace's, who may do what with them, and their end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pipeline.suppression import subject_of
from services import erasing, saved_views, subject_reports, teams
from services.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from services.identity import Person
from services.roles import MemberRole
from services.saved_views import Listing, SavedView
from store.database import Role, transaction
from tests.support.people import joins, person
from tests.support.servers import Database, rows

QUERY = {"q": ["lunch"], "has": ["Phone", "E-mail"], "place": []}
KEPT = {"q": ["lunch"], "has": ["Phone", "E-mail"]}


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def seen(who: Person, listing: Listing = Listing.BOOK) -> dict[str, SavedView]:
    return {view.name: view for view in saved_views.views(who, listing)}


def test_a_view_is_ones_own_until_it_is_shared(owner: Person, database: Database) -> None:
    member = joins(database, person("member"), owner, MemberRole.MEMBER)
    made = saved_views.save(owner, Listing.BOOK, "  Call  today ", QUERY)
    view = seen(owner)["Call today"]
    assert (view.id, view.query, view.is_shared, view.may_change) == (made, KEPT, False, True)
    assert seen(member) == {} == seen(owner, Listing.CAMPAIGN)
    saved_views.share(owner, made)
    theirs = seen(member)["Call today"]
    assert (theirs.query, theirs.is_shared, theirs.is_mine, theirs.may_change) == (KEPT, True, False, False)
    # An own one may have the name of a shared one.
    saved_views.save(member, Listing.BOOK, "call TODAY", {})
    assert list(seen(member)) == ["call TODAY", "Call today"]
    saved_views.keep_to_oneself(owner, made)
    assert list(seen(member)) == ["call TODAY"]
    assert seen(person("stranger")) == {}


def test_a_view_is_renamed_overwritten_and_deleted(owner: Person) -> None:
    made, other = (saved_views.save(owner, Listing.BOOK, name, QUERY) for name in ("One", "Other"))
    saved_views.rename(owner, made, "Two")
    saved_views.overwrite(owner, made, {"sort": ["Name"]})
    assert seen(owner)["Two"].query == {"sort": ["Name"]}
    for taken in (
        lambda: saved_views.save(owner, Listing.BOOK, "two", QUERY),
        lambda: saved_views.rename(owner, other, "TWO"),
    ):
        with pytest.raises(Conflict, match="There is a view called"):
            taken()
    saved_views.share(owner, made)
    again = saved_views.save(owner, Listing.BOOK, "Two", QUERY)
    with pytest.raises(Conflict, match="of that name"):
        saved_views.share(owner, again)
    saved_views.delete(owner, made)
    with pytest.raises(NotFound):
        saved_views.delete(owner, made)
    assert set(seen(owner)) == {"Other", "Two"}


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("", QUERY),
        ("x" * 61, QUERY),
        ("a\x00b", QUERY),
        ("A name", {"q": ["x" * 201]}),
        ("A name", {"q": ["\x00"]}),
        ("A name", {"has": ["x"] * 300}),
    ],
)
def test_what_cannot_be_kept_is_refused(owner: Person, name: str, query: dict[str, list[str]]) -> None:
    with pytest.raises(Invalid):
        saved_views.save(owner, Listing.BOOK, name, query)
    assert seen(owner) == {}


def test_nobody_keeps_more_views_than_a_menu_shows(owner: Person) -> None:
    for number in range(saved_views.MOST_VIEWS):
        saved_views.save(owner, Listing.BOOK, f"View {number}", QUERY)
    with pytest.raises(Invalid, match="Delete one first"):
        saved_views.save(owner, Listing.BOOK, "One more", QUERY)
    saved_views.save(owner, Listing.CAMPAIGN, "One more", QUERY)


@pytest.mark.parametrize(
    ("role", "may_share", "may_change"),
    [
        (MemberRole.VIEWER, False, False),
        (MemberRole.MEMBER, True, False),
        (MemberRole.ADMIN, True, True),
    ],
)
def test_a_role_may_what_it_may(
    owner: Person, database: Database, role: MemberRole, may_share: bool, may_change: bool
) -> None:
    shared = saved_views.save(owner, Listing.BOOK, "Shared", QUERY)
    saved_views.share(owner, shared)
    asking = joins(database, person("asking"), owner, role)
    own = saved_views.save(asking, Listing.BOOK, "Own", QUERY)
    saved_views.rename(asking, own, "My own")
    assert seen(asking)["Shared"].may_change == may_change
    acts: list[tuple[Callable[[], None], bool]] = [
        (lambda: saved_views.share(asking, own), may_share),
        (lambda: saved_views.rename(asking, shared, "Theirs"), may_change),
        (lambda: saved_views.overwrite(asking, shared, {}), may_change),
        (lambda: saved_views.keep_to_oneself(asking, shared), False),
        (lambda: saved_views.delete(asking, shared), may_change),
    ]
    for act, may in acts:
        if may:
            act()
        else:
            with pytest.raises((NotAllowed, NotFound)):
                act()
    assert seen(asking)["My own"].is_shared == may_share


def test_a_list_opens_with_a_view_of_each_ones_own_choice(owner: Person, database: Database) -> None:
    viewer = joins(database, person("viewer"), owner, MemberRole.VIEWER)
    first, second = (saved_views.save(owner, Listing.BOOK, name, QUERY) for name in ("First", "Second"))
    saved_views.share(owner, first)
    saved_views.open_with(viewer, first, wanted=True)
    saved_views.open_with(owner, first, wanted=True)
    saved_views.open_with(owner, second, wanted=True)
    assert [name for name, view in seen(owner).items() if view.is_default] == ["Second"]
    assert seen(viewer)["First"].is_default
    with pytest.raises(NotFound):
        saved_views.open_with(viewer, second, wanted=True)
    saved_views.open_with(owner, second, wanted=False)
    saved_views.delete(owner, first)
    assert not any(view.is_default for who in (owner, viewer) for view in seen(who).values())


def test_who_leaves_takes_their_own_views_along_and_leaves_the_shared_ones(
    owner: Person, database: Database
) -> None:
    member = joins(database, person("member"), owner, MemberRole.MEMBER)
    own, shared = (saved_views.save(member, Listing.BOOK, name, QUERY) for name in ("Own", "Shared"))
    saved_views.share(member, shared)
    saved_views.open_with(member, own, wanted=True)
    teams.remove(owner, member.id)
    kept = "select (select string_agg(name, ' ') from saved_views), (select count(*) from default_views)"
    assert rows(database.superuser_url, kept) == [("Shared", 0)]
    assert seen(owner)["Shared"].may_change
    change_nothing = (saved_views.delete, saved_views.share)
    for act in change_nothing:
        with suppress(Refused):
            act(member, shared)
    assert "Shared" in seen(owner)


@pytest.mark.parametrize(
    "statement",
    [
        "update saved_views set name = 'x'",
        "update saved_views set owner_id = '{me}'",
        "update saved_views set made_by = '{me}'",
        "delete from saved_views",
        "insert into saved_views (workspace_id, id, list, name, query, made_by)"
        " values ('{home}', gen_random_uuid(), 'book', 'x', '{{}}', '{me}')",
        "insert into saved_views (workspace_id, id, list, name, query, owner_id, made_by)"
        " values ('{home}', gen_random_uuid(), 'book', 'x', '{{}}', '{owner}', '{owner}')",
        "insert into default_views (workspace_id, user_id, list, view_id)"
        " select workspace_id, '{owner}', list, id from saved_views",
    ],
)
def test_with_sql_of_their_own_a_viewer_changes_no_view_of_others(
    owner: Person, database: Database, statement: str
) -> None:
    saved_views.share(owner, saved_views.save(owner, Listing.BOOK, "Shared", QUERY))
    viewer = joins(database, person("viewer"), owner, MemberRole.VIEWER)
    state = "select v::text, (select count(*) from default_views) from saved_views v"
    before = rows(database.superuser_url, state)
    told = statement.format(me=viewer.id, owner=owner.id, home=owner.workspace_id)
    with suppress(DBAPIError), transaction(Role.WEB, proof=viewer.proof) as conn:
        conn.execute(sa.text(told))
    assert rows(database.superuser_url, state) == before


def test_views_that_name_somebody_are_reported_and_lose_the_mention(
    owner: Person, database: Database
) -> None:
    member = joins(database, person("member"), owner, MemberRole.MEMBER)
    subject = subject_of("maker@canary.test", "")
    for name, asked in (("Maker@canary.test", "x"), ("Plain", "maker@canary.test"), ("Other", "y")):
        saved_views.save(member, Listing.BOOK, name, {"q": [asked]})
    saved_views.save(member, Listing.CAMPAIGN, "For maker@canary.test", {})
    told = subject_reports.report(owner, subject).told["saved_views"]
    assert isinstance(told, list)
    assert [view["made_by"] for view in told if isinstance(view, dict)] == ["member@example.com"] * 3
    assert erasing.preview(owner, subject)["views"] == 3
    assert "Plain" in seen(member)
    assert erasing.erase(owner, subject)["views"] == 3
    assert rows(database.superuser_url, "select count(*) from saved_views v where v::text ~* 'canary'") == [
        (0,)
    ]
    assert seen(member)["Plain"].query == {"q": ["[erased]"]}
    assert seen(member)["Other"].query == {"q": ["y"]}


def test_the_id_of_nobodys_view_is_none(owner: Person) -> None:
    with pytest.raises(NotFound):
        saved_views.rename(owner, UUID(int=7), "A name")
