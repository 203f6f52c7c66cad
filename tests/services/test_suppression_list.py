"""The suppression list of a workspace: kept as hashes, asked about somebody, emptied by few."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import ProgrammingError

from jobs.campaign_ports import StoredMemory, StoredSuppressions
from pipeline.suppression import SuppressedBy, SuppressedKind, subject_of
from services import campaigns, suppression_list
from services.errors import Invalid, NotAllowed
from services.identity import Person
from services.roles import MemberRole
from services.suppression_list import Added
from store import suppressions
from store.database import Role, transaction
from tests.support.campaigns import TODAY, claimed, end, lead, store_leads, submitted
from tests.support.people import person
from tests.support.servers import Database, rows

VALUES = ("info@anchor.test", "lantern.test", "+35891234567")


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def test_the_list_tells_who_is_on_it_only_whoever_asks(owner: Person, database: Database) -> None:
    subjects = [*map(subject_of, VALUES), subject_of("Anchor", "Helsinki")]
    assert suppression_list.add(owner, subjects, "asked us") == Added(4, 0)
    assert suppression_list.add(owner, subjects[:1], "again") == Added(0, 1)
    for typed in (*VALUES, "www.lantern.test", "sales@shop.lantern.test"):
        entry = suppression_list.check(owner, typed)
        assert entry is not None
        assert (entry.reason, entry.source) == ("asked us", SuppressedBy.TYPED)
    assert suppression_list.check(owner, "anchor", "Helsinki, Finland") is not None
    for typed in ("sales@anchor.test", "anchor.test", "+35891234568"):
        assert suppression_list.check(owner, typed) is None
    shown = suppression_list.entries(owner, limit=3)
    assert len(shown.rows) == 3
    rest = suppression_list.entries(owner, cursor=shown.next_cursor)
    assert {row.kind for row in (*shown.rows, *rest.rows)} == set(SuppressedKind)
    assert {row.added_by for row in shown.rows} == {"owner@example.com"}
    assert set(suppression_list.counts(owner).values()) == {1}
    (kept,) = rows(database.superuser_url, "select string_agg(s::text, ' ') from suppressions s")
    assert not any(word in str(kept) for word in ("anchor", "lantern", "91234567", "Anchor"))


def test_only_who_answers_for_the_workspace_takes_somebody_off(owner: Person, database: Database) -> None:
    suppression_list.add(owner, [subject_of(VALUES[0])], "asked us")
    (entry,) = suppression_list.entries(owner).rows
    member = replace(owner, role=MemberRole.MEMBER)
    with pytest.raises(NotAllowed):
        suppression_list.remove(member, entry.hash)
    stranger = person("stranger")
    assert suppression_list.check(stranger, VALUES[0]) is None
    with transaction(Role.WEB, proof=stranger.proof) as conn:
        assert not suppressions.remove(conn, owner.workspace_id, entry.hash)
    forged = [suppressions.Entry(subject=subject_of(VALUES[0]), reason="", source=SuppressedBy.TYPED)]
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction(Role.WEB, proof=stranger.proof) as conn,
    ):
        suppressions.add(conn, owner.workspace_id, forged)
    suppression_list.remove(owner, entry.hash)
    assert suppression_list.check(owner, VALUES[0]) is None
    noted = rows(
        database.superuser_url, "select detail - 'hash' from audit_log where action like 'suppression%'"
    )
    assert noted == [({"kind": "email", "source": "typed"},)]


def test_a_file_comes_onto_the_list_whole_or_not_at_all(owner: Person) -> None:
    file = suppression_list.read(
        b"email,reason\na@anchor.test,sold\nnobody\nb@anchor.test,\nb@anchor.test,\n"
    )
    with pytest.raises(Invalid, match="Row 3"):
        suppression_list.add_file(owner, file, "", skip_bad=False)
    assert suppression_list.counts(owner) == {}
    assert suppression_list.add_file(owner, file, "", skip_bad=True) == Added(2, 0)
    said = [suppression_list.check(owner, f"{name}@anchor.test") for name in "ab"]
    assert [entry and entry.reason for entry in said] == ["sold", suppression_list.NO_REASON]
    with pytest.raises(Invalid, match="a picture"):
        suppression_list.read(b"\x89PNG\r\n")


def test_a_campaign_keeps_how_many_it_left_out_and_stores_nobody_who_is_listed(
    owner: Person, database: Database
) -> None:
    lease = claimed(owner, submitted(owner))
    memory, listed = StoredMemory(lease, TODAY), StoredSuppressions(lease)
    found = lead(1, email="info@anchor.test", phone="+35891234567")
    store_leads(lease, [found])
    suppression_list.add(owner, list(map(subject_of, VALUES)), "asked us")
    listed.suppress("beacon.test", "opted out at Hunter")
    assert listed.suppressed(["x@beacon.test", "y@anchor.test"]) == {"x@beacon.test"}
    memory.save_leads([found])
    memory.note_left_out({listed.entries(["beacon.test"])["beacon.test"]: 2})
    end(lease)
    kept = rows(database.superuser_url, "select email, phone, email_status from leads")
    assert kept == [(None, None, "none")]
    ((entry, number),) = campaigns.get(owner, lease.campaign_id).left_out.items()
    assert (entry.reason, entry.source, number) == ("opted out at Hunter", SuppressedBy.PROVIDER, 2)
