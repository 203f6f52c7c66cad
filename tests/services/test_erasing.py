"""Erasing somebody leaves no trace of them, and nothing brings them back."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from jobs.campaign_ports import StoredSuppressions
from pipeline.discovery.silence import Silence
from pipeline.suppression import SuppressedBy, subject_of
from services import (
    api_access,
    book,
    book_edits,
    book_work,
    campaigns,
    erasing,
    invitations,
    notes,
    quoting,
    schedules,
    subject_reports,
    suppression_list,
)
from services.api_access import Begun, Told
from services.book_work import Change
from services.errors import Conflict, NotAllowed
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from services.roles import MemberRole
from services.schedules import Recurrence
from store import ledger
from store.database import Role, transaction
from tests.services.test_deleting import CANARIES, DOMAIN, EMAIL, NAME, PERSON, PHONE, campaign
from tests.support.campaigns import SPEC, TODAY, business, claimed, submitted
from tests.support.dump import holding
from tests.support.people import person
from tests.support.servers import Database, change, rows


@pytest.fixture
def owner(keys: None) -> Person:
    return person("owner")


# Who asks, what must be nowhere afterwards, and how many of the two leads are left.
SUBJECTS = {
    "an address": ((EMAIL, ""), (EMAIL, PERSON), 2),
    "a domain": ((DOMAIN, ""), (DOMAIN, EMAIL, PERSON, PHONE), 1),
    "a phone number": ((PHONE, ""), (PHONE, "Test street 1", EMAIL), 1),
    "a company": ((NAME, "Helsinki"), CANARIES, 1),
}


def work_on_everything(owner: Person, elsewhere: str) -> None:
    """Notes, tags and corrections of the book about the company of the subject, and of another one that name it."""
    for row in book.companies(owner, LeadFilter(), LeadSort.NAME, TODAY).rows:
        is_subject = row.lead.name == NAME
        for text in CANARIES if is_subject else (elsewhere,):
            notes.write(owner, row.company_id, f"Ask {text} about it")
            book_work.change(owner, [row.company_id], Change(adds=(text,)))
        if is_subject:
            # What sources gave stands behind what a person typed.
            book_edits.edit(owner, row.company_id, {"phone": "", "email": f"desk@{DOMAIN}"})
        elif elsewhere != "nobody":
            book_edits.edit(owner, row.company_id, {"street": f"Beside {elsewhere}"})


@pytest.mark.parametrize("who", SUBJECTS)
def test_nothing_names_who_was_erased_and_they_are_kept_away(
    owner: Person, database: Database, who: str
) -> None:
    typed, gone, left = SUBJECTS[who]
    lease = campaign(owner)
    work_on_everything(owner, "nobody" if who == "a company" else typed[0])
    subject = subject_of(*typed)
    before = campaigns.get(owner, lease.campaign_id)
    foreseen = erasing.preview(owner, subject)
    assert {"leads", "provider_calls", "provider_cache"} <= set(holding(database, *gone))
    assert erasing.erase(owner, subject) == foreseen
    assert erasing.in_words(foreseen)
    assert holding(database, *gone) == {}
    after = campaigns.get(owner, lease.campaign_id)
    assert (after.lead_count, after.spent_micros) == (left, before.spent_micros)
    assert holding(database, "lantern.test") == {"leads": ["lantern.test"], "businesses": ["lantern.test"]}
    with transaction(Role.SYSTEM) as system:
        assert ledger.wrong_sums(system) == []
    entry = suppression_list.check(owner, *typed)
    assert entry is not None
    assert entry.source is SuppressedBy.ERASURE
    noted = rows(
        database.superuser_url, "select action, detail ->> 'kind' from audit_log where action = 'erased'"
    )
    assert noted == [("erased", subject.kind.value)]


def test_a_later_campaign_meets_the_tombstone_before_it_stores_or_pays(owner: Person) -> None:
    campaign(owner)
    erasing.erase(owner, subject_of(NAME, "Helsinki"))
    erasing.erase(owner, subject_of(EMAIL))
    lease = claimed(owner, submitted(owner))
    listed = StoredSuppressions(lease)
    again = business(1, name=NAME.upper(), city="Helsinki", domain=DOMAIN)
    other = business(2, name="Lantern", city="Helsinki", email=EMAIL)
    (kept,) = Silence(listed.entries).kept([again, other])
    assert (kept.name, kept.email) == ("Lantern", None)
    assert listed.suppressed([EMAIL]) == {EMAIL}


def test_the_whole_installation_is_erased_by_who_administers_it(owner: Person, database: Database) -> None:
    stranger, boss = person("stranger"), person("boss", is_admin=True)
    campaign(owner)
    campaign(stranger)
    erasing.erase(owner, subject_of(DOMAIN))
    assert "leads" in holding(database, EMAIL)
    assert erasing.erase(boss, subject_of(DOMAIN), everywhere=True)["leads"] == 1
    assert holding(database, DOMAIN, EMAIL, PERSON) == {}
    for one in (stranger, person("newcomer")):
        entry = suppression_list.check(one, EMAIL)
        assert entry is not None
        assert entry.is_installation


def test_a_running_campaign_is_waited_for(owner: Person, database: Database) -> None:
    lease = campaign(owner)
    running = claimed(owner, submitted(owner))
    statement = (
        f"update leads set campaign_id = '{running.campaign_id}' where campaign_id = '{lease.campaign_id}'"
    )
    change(database.superuser_url, statement)
    change(database.superuser_url, statement.replace("update leads", "update businesses"))
    with pytest.raises(Conflict, match="is running"):
        erasing.erase(owner, subject_of(DOMAIN))
    assert "leads" in holding(database, EMAIL)


def test_only_who_answers_for_the_workspace_erases(owner: Person, database: Database) -> None:
    campaign(owner)
    stranger = person("stranger")
    with pytest.raises(NotAllowed):
        erasing.erase(replace(owner, role=MemberRole.MEMBER), subject_of(EMAIL))
    with pytest.raises(ProgrammingError, match="answers for the workspace"):
        erasing.erase(replace(stranger, workspace_id=owner.workspace_id), subject_of(EMAIL))
    with pytest.raises(ProgrammingError, match="answers for the workspace"):
        erasing.erase(replace(stranger, is_admin=True), subject_of(EMAIL), everywhere=True)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction(Role.WEB, proof=owner.proof) as conn,
    ):
        conn.execute(sa.text("select calls_forget(:workspace, '{}')"), {"workspace": owner.workspace_id})
    assert "leads" in holding(database, EMAIL)


def test_who_was_invited_is_erased_with_the_notes_of_it(owner: Person, database: Database) -> None:
    """Colleagues with an account, and other addresses, stay in the audit log."""
    stranger, boss = person("stranger"), person("boss", is_admin=True)
    address, other = "invited@harbour.test", "other@lantern.test"
    for who, invited in ((owner, address), (owner, other), (owner, boss.email), (stranger, address)):
        invitations.invite(who, invited, MemberRole.VIEWER)
    report = json.loads(subject_reports.file(owner, subject_of(address), "json").data)
    assert [(one["address"], one["made_by"]) for one in report["invitations"]] == [(address, owner.email)]
    counts = erasing.erase(owner, subject_of(address))
    assert (counts["invitations"], counts["acts"]) == (1, 1)
    assert holding(database, address) == {"invitations": [address], "audit_log": [address]}
    assert erasing.erase(owner, subject_of(boss.email))["acts"] == 0
    everywhere = erasing.erase(boss, subject_of("harbour.test"), everywhere=True)
    assert (everywhere["invitations"], everywhere["acts"]) == (1, 1)
    assert holding(database, address) == {}
    assert set(holding(database, other)) == {"invitations", "audit_log"}
    noted = rows(database.superuser_url, "select count(*) from audit_log where action = 'invitation_made'")
    assert noted == [(4,)]


MORNINGS = Recurrence(
    name=f"For {EMAIL}",
    cron="0 8 * * *",
    time_zone="UTC",
    budget_usd=Decimal(0),
    month_usd=None,
    only_new=False,
)


def test_answers_kept_for_programs_and_schedules_lose_whom_they_name(
    owner: Person, database: Database
) -> None:
    lease = campaign(owner)

    def keep(key: str, body: str) -> None:
        begun = api_access.begin(owner, key, key.encode())
        assert isinstance(begun, Begun)
        api_access.keep(owner, begun, Told(status=201, body=body))

    keep("named", f'{{"email": "{EMAIL}"}}')
    keep("campaign", f'{{"id": "{lease.campaign_id}"}}')
    keep("other", "{}")
    quoting.quote(owner, SPEC.model_copy(update={"by_name": (EMAIL,)}))
    schedules.add(owner, lease.campaign_id, MORNINGS)
    assert erasing.erase(owner, subject_of(EMAIL))["replies"] == 3
    assert [each.name for each in schedules.listing(owner)] == ["For erased"]
    left = "select idem_key from api_replies order by idem_key"
    assert rows(database.superuser_url, left) == [("campaign",), ("other",)]
    campaigns.delete(owner, lease.campaign_id)
    assert rows(database.superuser_url, left) == [("other",)]
