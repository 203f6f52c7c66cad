"""Every function of a service, asked by every role and by a stranger: found by itself, so none is forgotten."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest

import services
from pipeline.delivery.places import Target
from pipeline.geo.box import Box
from pipeline.imports.subject_file import SubjectFile
from pipeline.output.ending_mail import MailWhen
from pipeline.output.export import USUAL_LAYOUT, USUAL_SPELLING
from pipeline.suppression import SuppressedBy, company
from services import (
    api_keys,
    assigning,
    book,
    bulk_orders,
    campaigns,
    client_links,
    crm,
    crm_runs,
    export_choices,
    identity,
    invitations,
    limits,
    lists,
    quoting,
    results,
    saved_views,
    scheduled_exports,
    schedules,
    spend_sums,
    webhooks,
)
from services.api_access import Begun, Told
from services.api_keys import Scope
from services.assigning import Part
from services.auditing import AuditWhere
from services.book_work import Change
from services.book_work import Standing as Before
from services.call_list import Called, Outcome
from services.campaign_orders import CampaignWhere
from services.client_links import Wish
from services.comparing import Look
from services.errors import NotAllowed, Refused
from services.health import Span
from services.identity import Person, Visitor
from services.job_steering import Act
from services.lists import Column, ListKind, Upload
from services.mapping import ColourBy, View
from services.permissions import WHO_MAY, Standing
from services.place_loading import FileLoad, LoadKind
from services.results import LeadFilter, LeadSort
from services.roles import MemberRole
from services.saved_views import Listing
from services.scheduled_exports import Delivery
from services.schedules import Recurrence
from store import users
from store.database import Role, transaction
from store.ids import new_id
from tests.services.test_permissions import SUPPRESSED, guarded_functions
from tests.support.book_files import made
from tests.support.campaigns import SPEC, finished, lead
from tests.support.people import PASSWORD, person, signed_in
from tests.support.servers import Database, change

CANARIES = ("owner@example.com", "info@canary.example.com", "Cafe 001")
# What others call inside a transaction of the person's, or about the person alone.
_INSIDE = {
    "wake",
    "owned",
    "known",
    "before",
    "survey",
    "informed",
    "standings",
    "may",
    "may_revoke",
    "require",
    "where",
    "why_not",
    "leave",
    "ordering",
    "note_down",
}
# About whoever asks alone, with their own password or code; but for what takes an id.
_OWN = {"own_account", "passkeys", "second_factor"}
IDS = {
    "campaign_id",
    "lead_id",
    "job_id",
    "key_id",
    "user_id",
    "session_id",
    "passkey_id",
    "preset_id",
    "view_id",
    "account",
    "member",
    "invitation",
    "workspace_id",
    "company_id",
    "other_id",
    "list_id",
    "file_id",
    "webhook_id",
    "delivery_id",
    "quote_id",
    "schedule_id",
    "bulk_id",
    "run_id",
    "link_id",
    "rule_id",
    "load_id",
}
# What asks for the right in a part of its own.
_GUARDED_IN = {
    "erasing.erase": "erasing._erased_here",
    "erasing.preview": "erasing._erased_here",
    "erasing.erase_all": "erasing._all",
    "erasing.preview_all": "erasing._all",
    "subject_reports.file": "subject_reports.report",
    "lists.remove": "lists._remove",
    "lists.restore": "lists._remove",
}
MORNINGS = Recurrence(
    name="Mornings", cron="0 8 * * *", time_zone="UTC", budget_usd=Decimal(0), month_usd=None, only_new=False
)
SENT = Delivery(
    name="Mornings", cron="0 8 * * *", time_zone="UTC", format="csv", columns=(), spelling=USUAL_SPELLING,
    target=Target.MAIL, place={},
)  # fmt: skip
CLIENT = Wish(name="A canary of ours")
NOBODYS = UUID(int=7)
LIST = b"name,town\nNobody's,Nowhere\n"
UPLOAD = Upload(
    name="A list", kind=ListKind.CUSTOMERS, reason="", country="", columns={Column.NAME: 0, Column.CITY: 1}
)
_BEFORE = Before(company_id=NOBODYS, status="new", owner_id=None, follow_up_on=None, tags=())
CALLED = Called(before=_BEFORE, took_number=False)


def asked_by_people() -> Iterator[tuple[str, Callable[..., object]]]:
    for module in pkgutil.iter_modules(services.__path__):
        of = import_module(f"services.{module.name}")
        for name, function in inspect.getmembers(of, inspect.isfunction):
            asks = set(inspect.signature(function).parameters)
            is_left_out = (
                "conn" in asks
                or name in _INSIDE
                or name.startswith("_")
                or (module.name in _OWN and not asks & IDS)
            )
            if "person" in asks and not is_left_out and function.__module__ == of.__name__:
                yield f"{module.name}.{name}", function


FUNCTIONS = dict(asked_by_people())


def values(ids: dict[str, UUID]) -> dict[str, Any]:
    """A value for each parameter by its name; a function with a new one needs a line here."""
    return {
        **ids, "spec": SPEC, "idem_key": str(new_id()), "amount_usd": Decimal(1), "title": "A name", "text": None,
        "filter": LeadFilter(), "sort": LeadSort.CONFIDENCE, "format": "csv", "status": None, "cursor": None,
        "limit": 10, "by": "provider", "since": None, "until": None, "days": 30, "provider": None,
        "when": MailWhen.ALL, "key": "google_places", "allowed": True, "email": f"{new_id()}@example.com",
        "password": PASSWORD, "is_admin": False, "name": "A program", "scope": Scope.READ,
        "chosen": spend_sums.ALL, "period": limits.Period.DAY, "without_second_factor": False,
        "subject": company("Nobody's", "Nowhere"), "everywhere": False, "note": "A note", "place": "",
        "typed": "nobody@example.com", "country": None, "subjects": [], "reason": "Asked for",
        "source": SuppressedBy.TYPED, "file": SubjectFile((), (), 0), "skip_bad": True, "kind": None,
        "find": "", "where": AuditWhere(), "heir": None, "wanted": False, "role": MemberRole.VIEWER, "by_mail": False,
        "hash": b"nobody", "types": ("cafe",), "only_suspicious": False, "day": date(2026, 11, 26),
        "visitor": Visitor(), "today": date(2026, 11, 26), "offset": 0, "shown": "",
        "companies": [ids["company_id"]], "desired": Change(status="won"), "before": (), "written": "A note",
        "looked_for": CampaignWhere(), "tags": ["A tag"], "look": Look(), "show": None, "value": None,
        "data": LIST, "upload": UPLOAD, "made_id": None, "note_id": 7, "named": (),
        "outcome": Outcome.WON, "follow_up_on": date(2026, 11, 26), "called": CALLED,
        "corrected": {"name": "Another name"}, "fields": ["name"],
        "layout": USUAL_LAYOUT, "columns": ["Name"], "spelling": USUAL_SPELLING,
        "view": View(box=Box(24, 60, 25, 61), zoom=12), "colour": ColourBy.REACH,
        "listing": Listing.BOOK, "query": {}, "done": SUPPRESSED, "kept_away": [], "url": "https://crm.example.com/",
        "about": ["campaign.ended"], "is_paused": True,
        "asked": b"an order", "begun": Begun(id=NOBODYS, idem_key="x"), "told": Told(status=201, body="{}"),
        "duty": "sums", "jobs": [ids["job_id"]], "act": Act.RETRY, "alert": 1, "worker": "a worker", "span": Span.HOUR,
        "keys": {}, "server": {}, "recurrence": MORNINGS, "delivery": SENT, "cron": "0 8 * * *", "time_zone": "UTC",
        "system": "hubspot", "credentials": {"token": "a-good-token"}, "rules": {"mapping": {"name": "name"}},
        "orders": [SPEC], "cap_usd": Decimal(0), "quoted": None, "rows": [], "specs": [],
        "given": FileLoad(kind=LoadKind.PLACES, file_name="places.jsonl"),
        "shows": "All leads", "wish": CLIENT, "part": Part.CITY, "members": [],
        "plan": "team", "cents": 1000, "budget_micros": 1,
    }  # fmt: skip


def ask(name: str, asking: Person, ids: dict[str, UUID]) -> object:
    given = {**values(ids), "person": asking}
    if name in ("subject_reports.file", "book_export.data_sheet"):
        given["format"] = "json"
    function = FUNCTIONS[name]
    return function(**{parameter: given[parameter] for parameter in inspect.signature(function).parameters})


def outcome(name: str, asking: Person, ids: dict[str, UUID]) -> str:
    try:
        return repr(ask(name, asking, ids))
    except Refused as refused:
        return f"{type(refused).__name__}: {refused}"


def in_a_browser(mailbox: str) -> Person:
    """Somebody in a new session, as pages have it."""
    found = identity.who_is(signed_in(mailbox))
    assert found is not None
    return found


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    person("owner")
    return in_a_browser("owner")


@pytest.fixture
def theirs(owner: Person) -> dict[str, UUID]:
    """The ids of what the owner has."""
    campaign = finished(owner, [lead(1, email="info@canary.example.com")])
    api_keys.create(owner, "A program", Scope.READ, 1)
    invitations.invite(owner, "invited@example.com", MemberRole.VIEWER)
    (company,) = book.companies(owner, LeadFilter(), LeadSort.NAME, date(2026, 11, 26)).rows
    assigning.give_place(owner, Part.CITY, "Canary", owner.id)
    hook = webhooks.add(owner, "https://canary.example.com/", webhooks.events(owner)).id
    webhooks.send_test(owner, hook)
    crm.connect(owner, "hubspot", {"token": "info@canary.example.com"})
    scheduled_exports.add(owner, LeadFilter(text="canary.example.com"), LeadSort.NAME, SENT)
    (only,) = results.leads(owner, campaign, LeadFilter(), LeadSort.CONFIDENCE, None, 10).rows
    return {
        "campaign_id": campaign,
        "lead_id": only.id,
        "job_id": campaigns.get(owner, campaign).job_id,
        "key_id": api_keys.listing(owner)[0].id,
        "user_id": owner.id,
        "session_id": in_a_browser("owner").session_id or NOBODYS,
        "passkey_id": NOBODYS,
        "preset_id": export_choices.save(owner, "For the map", "csv", ["Name"]),
        "account": owner.id,
        "member": owner.id,
        "invitation": invitations.open_ones(owner)[0].id,
        "view_id": saved_views.save(owner, Listing.BOOK, "A view", {"q": ["canary"]}),
        "workspace_id": owner.workspace_id,
        "company_id": company.company_id,
        "other_id": finished(owner, [lead(1, email="info@canary.example.com")]),
        "list_id": lists.offer(owner, LIST, UPLOAD),
        "file_id": made(owner),
        "webhook_id": hook,
        "delivery_id": webhooks.deliveries(owner, hook)[0].id,
        "quote_id": quoting.quote(owner, SPEC).id,
        "schedule_id": schedules.add(owner, campaign, MORNINGS),
        "run_id": crm_runs.look(owner, "hubspot", [company.company_id]),
        "bulk_id": bulk_orders.submit(owner, [SPEC], Decimal(0), "many"),
        "rule_id": assigning.assignment(owner).places[0].id,
        "load_id": NOBODYS,
        "link_id": client_links.make_for_campaign(owner, campaign, CLIENT),
    }


def member(owner: Person, role: MemberRole, database: Database) -> Person:
    """Somebody who works in the owner's workspace now."""
    joined = person(role.value)
    change(
        database.superuser_url,
        f"insert into memberships values ('{owner.workspace_id}', '{joined.id}', '{role.value}')",
    )
    token = signed_in(role.value)
    with transaction(Role.WEB, proof=identity.proof_of(token)) as conn:
        assert users.switch_workspace(conn, owner.workspace_id)
    found = identity.who_is(token)
    assert found is not None
    assert found.workspace_id == owner.workspace_id
    return found


def test_what_is_not_yours_looks_like_what_does_not_exist(owner: Person, theirs: dict[str, UUID]) -> None:
    person("stranger")
    stranger = in_a_browser("stranger")
    missing = dict.fromkeys(IDS, NOBODYS)
    for name, function in FUNCTIONS.items():
        wanted = IDS & set(inspect.signature(function).parameters)
        if wanted:
            assert outcome(name, stranger, theirs) == outcome(name, stranger, missing), name
        else:
            said = outcome(name, stranger, theirs)
            assert not [canary for canary in CANARIES if canary in said], name
    assert campaigns.get(owner, theirs["campaign_id"]).lead_count == 1


@pytest.mark.parametrize("role", MemberRole)
def test_a_role_may_what_the_table_says(
    owner: Person, theirs: dict[str, UUID], database: Database, role: MemberRole
) -> None:
    asking = owner if role is MemberRole.OWNER else member(owner, role, database)
    # What may be done to the owner, and by whom, the database says; here it is asked about nobody.
    theirs = {**theirs, "member": NOBODYS}
    guarded = guarded_functions()
    rights = {f"Right.{right.name}": who for right, who in WHO_MAY.items()}
    for name in FUNCTIONS:
        asks_in = _GUARDED_IN.get(name, name)
        who = rights[guarded[asks_in]] if asks_in in guarded else frozenset(Standing)
        refused = outcome(name, asking, theirs).startswith(NotAllowed.__name__)
        assert refused == (Standing(role.value) not in who), name
