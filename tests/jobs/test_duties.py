"""What is done regularly: by one process at a time, noted, and by no duty kept from being done."""

from __future__ import annotations

import pytest

from jobs import duties
from services import auditing
from services import duties as shown
from services.auditing import AuditWhere
from services.duties import DutyState, DutyView
from services.errors import NotFound
from services.identity import Person
from tests.support.people import person
from tests.support.servers import Database, change


@pytest.fixture
def admin(database: Database, redis_url: str) -> Person:
    return person("admin", is_admin=True)


def standing(admin: Person, name: str) -> DutyView:
    return next(view for view in shown.listing(admin) if view.name == name)


def test_a_duty_that_fails_stops_no_other_and_is_shown_until_it_works(
    admin: Person, database: Database
) -> None:
    assert {view.state for view in shown.listing(admin)} == {DutyState.NEVER}
    change(database.superuser_url, "revoke execute on function forget_audit(integer) from pp_system")
    said = list(duties.run_due())
    assert any("permission denied" in line for line in said)
    assert said[-1].startswith("OpenStreetMap")
    failed = shown.listing(admin)[0]
    assert (failed.name, failed.state, failed.failures) == ("audit", DutyState.FAILED, 1)
    assert "permission denied" in (failed.error or "")
    assert standing(admin, "sums").said == "The sums of 0 campaigns do not follow from their calls."
    # By hand it is told at the end.
    with pytest.raises(duties.DutiesFailed, match="Remove old audit notes"):
        list(duties.run_all())
    assert standing(admin, "audit").failures == 2
    change(database.superuser_url, "grant execute on function forget_audit(integer) to pp_system")
    list(duties.run_all())
    mended = standing(admin, "audit")
    assert (mended.state, mended.error, mended.failures) == (DutyState.WELL, None, 0)


def test_each_is_done_when_its_time_has_come_by_one_at_a_time(admin: Person, database: Database) -> None:
    assert duties.are_due()
    list(duties.run_due())
    assert not duties.are_due()
    assert list(duties.run_due()) == []
    change(
        database.superuser_url, "update duties set due_at = now(), held_until = now() + interval '1 minute'"
    )
    assert not duties.are_due()
    assert list(duties.run_due()) == []
    assert "Compare sums with calls: somebody else is at it." in list(duties.run_all())
    assert standing(admin, "sums").state is DutyState.RUNNING
    # Its process died, and another one takes it up.
    change(database.superuser_url, "update duties set held_until = now() where name = 'sums'")
    broken = shown.listing(admin)[0]
    assert (broken.name, broken.state) == ("sums", DutyState.BROKEN)
    assert list(duties.run_due()) == ["The sums of 0 campaigns do not follow from their calls."]
    assert standing(admin, "sums").state is DutyState.WELL


def test_one_is_done_at_once_when_an_administrator_asks_and_that_is_recorded(admin: Person) -> None:
    list(duties.run_due())
    shown.run_now(admin, "sums")
    assert standing(admin, "sums").state is DutyState.ASKED
    assert duties.are_due()
    assert list(duties.run_due()) == ["The sums of 0 campaigns do not follow from their calls."]
    (noted,) = auditing.listing(admin, AuditWhere(action="duty_asked")).rows
    assert (noted.actor, noted.detail) == ("admin@example.com", {"duty": "sums"})
    for name in ("reconcile", "nothing"):
        with pytest.raises(NotFound):
            shown.run_now(admin, name)


def test_what_waits_for_work_is_noted_when_it_failed_and_now_and_then(
    admin: Person, database: Database
) -> None:
    list(duties.noted("mail", lambda: ["sent."]))
    first = standing(admin, "mail").ended_at
    list(duties.noted("mail", lambda: ["sent."]))
    assert standing(admin, "mail").ended_at == first

    def fails() -> list[str]:
        raise OSError("the mail server's name is not known")

    for times in (1, 2):
        with pytest.raises(OSError, match="mail server"):
            list(duties.noted("mail", fails))
        assert (standing(admin, "mail").state, standing(admin, "mail").failures) == (DutyState.FAILED, times)
    list(duties.noted("mail", lambda: []))
    assert standing(admin, "mail").state is DutyState.WELL
