"""What only administrators may do is refused to everybody else, twice: by the one table, and by the database."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.exc import ProgrammingError

import settings
from pipeline.campaign import CampaignStatus
from pipeline.delivery.places import Target
from pipeline.imports.subject_file import SubjectFile
from pipeline.output.export import USUAL_SPELLING
from pipeline.suppression import company
from services import (
    accounts,
    administration,
    alerts,
    api_access,
    assigning,
    auditing,
    billing,
    book_again,
    book_edits,
    book_erasing,
    book_export,
    book_files,
    book_suppressing,
    book_work,
    bulk_continuing,
    bulk_orders,
    call_list,
    calls_export,
    campaign_tags,
    campaigns,
    client_links,
    comparison_export,
    continuing,
    crm,
    crm_runs,
    duties,
    erasing,
    export_choices,
    export_places,
    export_terms,
    exporting,
    health,
    identity,
    installation_keys,
    invitations,
    job_detail,
    job_steering,
    limits,
    lists,
    notes,
    notifying,
    operations,
    place_loading,
    privacy_notes,
    provider_upkeep,
    quoting,
    renaming,
    saved_views,
    scheduled_exports,
    schedules,
    spend_sums,
    subject_reports,
    suppression_list,
    teams,
    wallet,
    webhooks,
)
from services.api_access import Begun, Told
from services.assigning import Part
from services.auditing import AuditWhere
from services.book_suppressing import Suppressed
from services.book_work import Change
from services.book_work import Standing as Before
from services.call_list import Called, Outcome
from services.client_links import Wish
from services.errors import Invalid, NotAllowed, NotFound
from services.identity import Person
from services.lists import Column, ListKind, Upload
from services.permissions import WHO_MAY, Right, Standing, may
from services.results import LeadFilter, LeadSort
from services.roles import MemberRole
from services.scheduled_exports import Delivery
from services.schedules import Recurrence
from services.webhooks import Event
from tests.support.campaigns import SPEC, claimed, finished, lead, submitted
from tests.support.people import PASSWORD, person
from tests.support.servers import Database

PLACES_FILE = place_loading.FileLoad(kind=place_loading.LoadKind.PLACES, file_name="places.jsonl")
NO_JOB = UUID(int=1)
MAIL_SERVER = {
    "smtp_host": "smtp.example.com",
    "smtp_port": "587",
    "smtp_security": "tls",
    "mail_from": "m@example.com",
}
MORNINGS = Recurrence(
    name="Mornings", cron="0 8 * * *", time_zone="UTC", budget_usd=Decimal(0), month_usd=None, only_new=False
)
SENT = Delivery(
    name="Mornings", cron="0 8 * * *", time_zone="UTC", format="csv", columns=(), spelling=USUAL_SPELLING,
    target=Target.MAIL, place={},
)  # fmt: skip
CLIENT = Wish(name="A client")
HOOK = "https://crm.example.com/hooks"
BEGUN = Begun(id=NO_JOB, idem_key="x")
SUPPRESSED = Suppressed(at=datetime(2026, 11, 27, tzinfo=UTC), companies=0, entries=0, nameless=0)
CALLED = Called(
    before=Before(company_id=NO_JOB, status="new", owner_id=None, follow_up_on=None, tags=()),
    took_number=False,
)
CAFE = company("Nobody's", "Nowhere")
# What these allow is done to one job, campaign or account, which nobody has here.
_ABOUT_ONE = {
    Right.PAY,
    Right.ASSIGN,
    Right.MANAGE_WEBHOOKS,
    Right.CONNECT_CRM,
    Right.HAND_OFF,
    Right.LIFT_SUPPRESSIONS,
    Right.STEER_ALL_JOBS,
    Right.SEE_ALL_JOBS,
    Right.STEER_HEALTH,
    Right.LOAD_PLACES,
    Right.RUN_CAMPAIGNS,
    Right.DELETE_CAMPAIGNS,
    Right.EXPORT_LEADS,
    Right.MANAGE_PEOPLE,
    Right.HAND_OVER,
    Right.MANAGE_USERS,
    Right.WORK_LEADS,
    Right.KEEP_LISTS,
    Right.ERASE,
    Right.SHARE_VIEWS,
    Right.SET_KEYS,
    Right.STEER_PROVIDERS,
}
# Each function of a service that needs a right, how to ask it, and the right.
GUARDED: dict[str, tuple[Callable[[Person], object], Right]] = {
    "accounts.create_for": (
        lambda asking: accounts.create_for(asking, "new@example.com", PASSWORD, is_admin=False),
        Right.MANAGE_USERS,
    ),
    "campaigns.submit": (lambda asking: campaigns.submit(asking, SPEC, "a key"), Right.RUN_CAMPAIGNS),
    "campaigns.run_again": (
        lambda asking: campaigns.run_again(asking, NO_JOB, "a key"),
        Right.RUN_CAMPAIGNS,
    ),
    "campaigns.cancel": (lambda asking: campaigns.cancel(asking, NO_JOB), Right.RUN_CAMPAIGNS),
    "campaigns.delete": (lambda asking: campaigns.delete(asking, NO_JOB), Right.DELETE_CAMPAIGNS),
    "bulk_orders.submit": (
        lambda asking: bulk_orders.submit(asking, [SPEC], Decimal(0), "a key"),
        Right.RUN_CAMPAIGNS,
    ),
    "bulk_continuing.go_on": (
        lambda asking: bulk_continuing.go_on(asking, NO_JOB, Decimal(0), "a key"),
        Right.RUN_CAMPAIGNS,
    ),
    "bulk_orders.pause": (lambda asking: bulk_orders.pause(asking, NO_JOB), Right.RUN_CAMPAIGNS),
    "bulk_orders.resume": (lambda asking: bulk_orders.resume(asking, NO_JOB), Right.RUN_CAMPAIGNS),
    "bulk_orders.cancel": (lambda asking: bulk_orders.cancel(asking, NO_JOB), Right.RUN_CAMPAIGNS),
    "bulk_orders.delete": (lambda asking: bulk_orders.delete(asking, NO_JOB), Right.DELETE_CAMPAIGNS),
    "continuing.add_budget": (
        lambda asking: continuing.add_budget(asking, NO_JOB, Decimal(1), "a key"),
        Right.RUN_CAMPAIGNS,
    ),
    "continuing.go_on": (lambda asking: continuing.go_on(asking, NO_JOB), Right.RUN_CAMPAIGNS),
    "continuing.retry_unanswered": (
        lambda asking: continuing.retry_unanswered(asking, NO_JOB),
        Right.RUN_CAMPAIGNS,
    ),
    "exporting.export": (
        lambda asking: exporting.export(asking, NO_JOB, LeadFilter(), LeadSort.CONFIDENCE, "csv"),
        Right.EXPORT_LEADS,
    ),
    "book_export.export": (
        lambda asking: book_export.export(asking, LeadFilter(), LeadSort.NAME, "csv"),
        Right.EXPORT_LEADS,
    ),
    "book_files.ask": (
        lambda asking: book_files.ask(asking, LeadFilter(), LeadSort.NAME, "csv", ["Name"], USUAL_SPELLING),
        Right.EXPORT_LEADS,
    ),
    "book_files.again": (lambda asking: book_files.again(asking, NO_JOB), Right.EXPORT_LEADS),
    "book_files.discard": (lambda asking: book_files.discard(asking, NO_JOB), Right.EXPORT_LEADS),
    "book_files.download": (lambda asking: book_files.download(asking, NO_JOB), Right.EXPORT_LEADS),
    "book_suppressing.suppress": (
        lambda asking: book_suppressing.suppress(asking, [NO_JOB], "Asked us"),
        Right.SUPPRESS,
    ),
    "book_suppressing.take_back": (
        lambda asking: book_suppressing.take_back(asking, SUPPRESSED),
        Right.LIFT_SUPPRESSIONS,
    ),
    "book_again.choose": (lambda asking: book_again.choose(asking, [NO_JOB]), Right.KEEP_LISTS),
    "book_erasing.preview": (lambda asking: book_erasing.preview(asking, [NO_JOB]), Right.ERASE),
    "book_erasing.erase": (lambda asking: book_erasing.erase(asking, [NO_JOB]), Right.ERASE),
    "erasing._all": (lambda asking: erasing.erase_all(asking, []), Right.ERASE),
    "book_export.left_out": (
        lambda asking: book_export.left_out(asking, LeadFilter(), "mailing"),
        Right.EXPORT_LEADS,
    ),
    "book_export.is_simulated": (
        lambda asking: book_export.is_simulated(asking, LeadFilter()),
        Right.EXPORT_LEADS,
    ),
    "book_export.data_sheet": (
        lambda asking: book_export.data_sheet(asking, LeadFilter(), "txt"),
        Right.EXPORT_LEADS,
    ),
    "exporting.taken_by": (
        lambda asking: exporting.taken_by(asking, NO_JOB, LeadFilter(), "csv"),
        Right.EXPORT_LEADS,
    ),
    "export_choices.save": (
        lambda asking: export_choices.save(asking, "A name", "csv", ["Name"]),
        Right.EXPORT_LEADS,
    ),
    "saved_views.share": (lambda asking: saved_views.share(asking, NO_JOB), Right.SHARE_VIEWS),
    "export_choices.delete": (lambda asking: export_choices.delete(asking, NO_JOB), Right.EXPORT_LEADS),
    "limits.people": (limits.people, Right.SET_LIMITS),
    "limits.set_limit": (
        lambda asking: limits.set_limit(asking, limits.Period.DAY, Decimal(5)),
        Right.SET_LIMITS,
    ),
    "limits.set_installation_limit": (
        lambda asking: limits.set_installation_limit(asking, limits.Period.DAY, Decimal(5)),
        Right.SET_INSTALLATION_LIMITS,
    ),
    "api_access.begin": (lambda asking: api_access.begin(asking, "x", b"x"), Right.RUN_CAMPAIGNS),
    "api_access.keep": (
        lambda asking: api_access.keep(asking, BEGUN, Told(status=201, body="{}")),
        Right.RUN_CAMPAIGNS,
    ),
    "api_access.let_go": (lambda asking: api_access.let_go(asking, BEGUN), Right.RUN_CAMPAIGNS),
    "quoting.order": (lambda asking: quoting.order(asking, NO_JOB, Decimal(0), "x"), Right.RUN_CAMPAIGNS),
    "quoting.quote": (lambda asking: quoting.quote(asking, SPEC), Right.RUN_CAMPAIGNS),
    "renaming.rename": (lambda asking: renaming.rename(asking, NO_JOB, "A name"), Right.RUN_CAMPAIGNS),
    "campaign_tags.set_tags": (
        lambda asking: campaign_tags.set_tags(asking, NO_JOB, ["A tag"]),
        Right.RUN_CAMPAIGNS,
    ),
    "comparison_export.differences_csv": (
        lambda asking: comparison_export.differences_csv(asking, NO_JOB, NO_JOB),
        Right.EXPORT_LEADS,
    ),
    "calls_export.calls_csv": (calls_export.calls_csv, Right.EXPORT_LEADS),
    "exporting.data_sheet": (
        lambda asking: exporting.data_sheet(asking, NO_JOB, LeadFilter(), LeadSort.CONFIDENCE, "txt"),
        Right.EXPORT_LEADS,
    ),
    "suppression_list.add": (lambda asking: suppression_list.add(asking, [], ""), Right.SUPPRESS),
    "suppression_list.add_file": (
        lambda asking: suppression_list.add_file(asking, SubjectFile((), (), 0), "", skip_bad=True),
        Right.SUPPRESS,
    ),
    "suppression_list.remove": (
        lambda asking: suppression_list.remove(asking, b"nobody"),
        Right.LIFT_SUPPRESSIONS,
    ),
    "lists.offer": (
        lambda asking: lists.offer(
            asking,
            b"website\nlantern.test\n",
            Upload(name="x", kind=ListKind.CUSTOMERS, reason="", country="", columns={Column.WEBSITE: 0}),
        ),
        Right.KEEP_LISTS,
    ),
    "lists.keep": (lambda asking: lists.keep(asking, NO_JOB), Right.KEEP_LISTS),
    "lists.discard": (lambda asking: lists.discard(asking, NO_JOB), Right.KEEP_LISTS),
    "lists._remove": (lambda asking: lists.remove(asking, NO_JOB), Right.KEEP_LISTS),
    "erasing._erased_here": (lambda asking: erasing.erase(asking, CAFE), Right.ERASE),
    "erasing._erased_everywhere": (
        lambda asking: erasing.preview(asking, CAFE, everywhere=True),
        Right.ERASE_EVERYWHERE,
    ),
    "subject_reports.report": (
        lambda asking: subject_reports.report(asking, CAFE),
        Right.REPORT_SUBJECTS,
    ),
    "privacy_notes.say": (lambda asking: privacy_notes.say(asking, "a note"), Right.STATE_LEGAL_BASIS),
    "invitations.invite": (
        lambda asking: invitations.invite(asking, "new@example.com", MemberRole.VIEWER),
        Right.MANAGE_PEOPLE,
    ),
    "invitations.revoke": (lambda asking: invitations.revoke(asking, NO_JOB), Right.MANAGE_PEOPLE),
    "invitations.open_ones": (invitations.open_ones, Right.MANAGE_PEOPLE),
    "schedules.add": (lambda asking: schedules.add(asking, NO_JOB, MORNINGS), Right.RUN_CAMPAIGNS),
    "schedules.change": (lambda asking: schedules.change(asking, NO_JOB, MORNINGS), Right.RUN_CAMPAIGNS),
    "schedules.pause": (lambda asking: schedules.pause(asking, NO_JOB), Right.RUN_CAMPAIGNS),
    "schedules.resume": (lambda asking: schedules.resume(asking, NO_JOB), Right.RUN_CAMPAIGNS),
    "schedules.run_now": (lambda asking: schedules.run_now(asking, NO_JOB), Right.RUN_CAMPAIGNS),
    "schedules.remove": (lambda asking: schedules.remove(asking, NO_JOB), Right.RUN_CAMPAIGNS),
    "scheduled_exports.add": (
        lambda asking: scheduled_exports.add(asking, LeadFilter(), LeadSort.NAME, SENT),
        Right.EXPORT_LEADS,
    ),
    "scheduled_exports.change": (
        lambda asking: scheduled_exports.change(asking, NO_JOB, SENT),
        Right.EXPORT_LEADS,
    ),
    "scheduled_exports.refilter": (
        lambda asking: scheduled_exports.refilter(asking, NO_JOB, LeadFilter(), LeadSort.NAME),
        Right.EXPORT_LEADS,
    ),
    "scheduled_exports.send_again": (
        lambda asking: scheduled_exports.send_again(asking, NO_JOB),
        Right.EXPORT_LEADS,
    ),
    "export_places.key_shown": (
        lambda asking: export_places.key_shown(asking, {}),
        Right.EXPORT_LEADS,
    ),
    "export_places.try_out": (
        lambda asking: export_places.try_out(asking, SENT),
        Right.EXPORT_LEADS,
    ),
    "assigning.assignment": (assigning.assignment, Right.ASSIGN),
    "assigning.give_place": (
        lambda asking: assigning.give_place(asking, Part.CITY, "Turku", NO_JOB),
        Right.ASSIGN,
    ),
    "assigning.take_place": (lambda asking: assigning.take_place(asking, NO_JOB), Right.ASSIGN),
    "assigning.take_turns": (lambda asking: assigning.take_turns(asking, [NO_JOB]), Right.ASSIGN),
    "client_links.make_for_campaign": (
        lambda asking: client_links.make_for_campaign(asking, NO_JOB, CLIENT),
        Right.EXPORT_LEADS,
    ),
    "client_links.make_for_view": (
        lambda asking: client_links.make_for_view(asking, LeadFilter(), date(2026, 11, 26), "All", CLIENT),
        Right.EXPORT_LEADS,
    ),
    "client_links.listing": (client_links.listing, Right.EXPORT_LEADS),
    "client_links.revoke": (lambda asking: client_links.revoke(asking, NO_JOB), Right.EXPORT_LEADS),
    "webhooks.listing": (webhooks.listing, Right.MANAGE_WEBHOOKS),
    "webhooks.add": (
        lambda asking: webhooks.add(asking, HOOK, [Event.CAMPAIGN_ENDED]),
        Right.MANAGE_WEBHOOKS,
    ),
    "webhooks.change": (
        lambda asking: webhooks.change(asking, NO_JOB, HOOK, [Event.LEAD_VERIFIED]),
        Right.MANAGE_WEBHOOKS,
    ),
    "webhooks.pause": (lambda asking: webhooks.pause(asking, NO_JOB, is_paused=True), Right.MANAGE_WEBHOOKS),
    "webhooks.remove": (lambda asking: webhooks.remove(asking, NO_JOB), Right.MANAGE_WEBHOOKS),
    "webhooks.renew_secret": (lambda asking: webhooks.renew_secret(asking, NO_JOB), Right.MANAGE_WEBHOOKS),
    "webhooks.send_test": (lambda asking: webhooks.send_test(asking, NO_JOB), Right.MANAGE_WEBHOOKS),
    "webhooks.deliveries": (lambda asking: webhooks.deliveries(asking, NO_JOB), Right.MANAGE_WEBHOOKS),
    "webhooks.send_again": (lambda asking: webhooks.send_again(asking, NO_JOB), Right.MANAGE_WEBHOOKS),
    "crm.listing": (crm.listing, Right.HAND_OFF),
    "crm.connect": (
        lambda asking: crm.connect(asking, "hubspot", {"token": "a-good-token"}),
        Right.CONNECT_CRM,
    ),
    "crm.change": (
        lambda asking: crm.change(asking, "hubspot", {"mapping": {"name": "name"}}),
        Right.CONNECT_CRM,
    ),
    "crm.check": (lambda asking: crm.check(asking, "hubspot"), Right.CONNECT_CRM),
    "crm.fetch_customers": (lambda asking: crm.fetch_customers(asking, "hubspot"), Right.CONNECT_CRM),
    "crm.disconnect": (lambda asking: crm.disconnect(asking, "hubspot"), Right.CONNECT_CRM),
    "crm_runs.look": (lambda asking: crm_runs.look(asking, "hubspot", [NO_JOB]), Right.HAND_OFF),
    "crm_runs.push": (lambda asking: crm_runs.push(asking, NO_JOB), Right.HAND_OFF),
    "crm_runs.stop": (lambda asking: crm_runs.stop(asking, NO_JOB), Right.HAND_OFF),
    "crm_runs.discard": (lambda asking: crm_runs.discard(asking, NO_JOB), Right.HAND_OFF),
    "crm_runs.runs": (crm_runs.runs, Right.HAND_OFF),
    "crm_runs.items": (lambda asking: crm_runs.items(asking, NO_JOB), Right.HAND_OFF),
    "teams.set_role": (lambda asking: teams.set_role(asking, NO_JOB, MemberRole.VIEWER), Right.MANAGE_PEOPLE),
    "teams.remove": (lambda asking: teams.remove(asking, NO_JOB), Right.MANAGE_PEOPLE),
    "teams.rename": (lambda asking: teams.rename(asking, "A name"), Right.RENAME_WORKSPACE),
    "teams.hand_over": (lambda asking: teams.hand_over(asking, NO_JOB), Right.HAND_OVER),
    "billing.checkout": (lambda asking: billing.checkout(asking, "team"), Right.PAY),
    "billing.change": (lambda asking: billing.change(asking, "team"), Right.PAY),
    "billing.portal": (billing.portal, Right.PAY),
    "billing.invoices": (billing.invoices, Right.PAY),
    "billing.came_back": (billing.came_back, Right.PAY),
    "billing.everybody": (billing.everybody, Right.MANAGE_USERS),
    "billing.pay_in": (lambda asking: billing.pay_in(asking, 1000), Right.PAY),
    "wallet.top_up": (lambda asking: wallet.top_up(asking, Decimal(50)), Right.PAY),
    "book_work.change": (
        lambda asking: book_work.change(asking, [NO_JOB], Change(status="won")),
        Right.WORK_LEADS,
    ),
    "call_list.upcoming": (
        lambda asking: call_list.upcoming(asking, LeadFilter(), LeadSort.BEST, date(2026, 11, 26), ()),
        Right.WORK_LEADS,
    ),
    "call_list.note": (
        lambda asking: call_list.note(asking, NO_JOB, Outcome.WON, "", None),
        Right.WORK_LEADS,
    ),
    "call_list.undo": (lambda asking: call_list.undo(asking, CALLED), Right.WORK_LEADS),
    "book_edits.edit": (
        lambda asking: book_edits.edit(asking, NO_JOB, {"name": "Another name"}),
        Right.WORK_LEADS,
    ),
    "book_edits.take_back": (
        lambda asking: book_edits.take_back(asking, NO_JOB, ["name"]),
        Right.WORK_LEADS,
    ),
    "notes.write": (lambda asking: notes.write(asking, NO_JOB, "A note"), Right.WORK_LEADS),
    "notes.edit": (lambda asking: notes.edit(asking, NO_JOB, 1, "A note", "Another"), Right.WORK_LEADS),
    "notes.delete": (lambda asking: notes.delete(asking, NO_JOB, 1), Right.WORK_LEADS),
    "book_work.undo": (lambda asking: book_work.undo(asking, ()), Right.WORK_LEADS),
    "administration.listing": (administration.listing, Right.MANAGE_USERS),
    "administration.disable": (
        lambda asking: administration.disable(asking, NO_JOB),
        Right.MANAGE_USERS,
    ),
    "administration.enable": (lambda asking: administration.enable(asking, NO_JOB), Right.MANAGE_USERS),
    "administration.set_admin": (
        lambda asking: administration.set_admin(asking, NO_JOB, wanted=False),
        Right.MANAGE_USERS,
    ),
    "administration.set_free": (
        lambda asking: administration.set_free(asking, NO_JOB, wanted=False),
        Right.MANAGE_USERS,
    ),
    "administration.delete": (
        lambda asking: administration.delete(asking, NO_JOB, None),
        Right.MANAGE_USERS,
    ),
    "auditing.listing": (lambda asking: auditing.listing(asking, AuditWhere()), Right.SEE_AUDIT),
    "health.look": (lambda asking: health.look(asking, health.Span.HOUR), Right.SEE_HEALTH),
    "alerts.listing": (alerts.listing, Right.SEE_HEALTH),
    "alerts.note": (lambda asking: alerts.note(asking, 0), Right.STEER_HEALTH),
    "duties.listing": (duties.listing, Right.SEE_HEALTH),
    "duties.run_now": (lambda asking: duties.run_now(asking, "sums"), Right.STEER_HEALTH),
    "place_loading.overview": (place_loading.overview, Right.SEE_PLACES),
    "place_loading.loads": (place_loading.loads, Right.SEE_PLACES),
    "place_loading.load_city": (
        lambda asking: place_loading.load_city(asking, "Nowhere, Nobody's"),
        Right.LOAD_PLACES,
    ),
    "place_loading.load_file": (
        lambda asking: place_loading.load_file(asking, PLACES_FILE, b"{}"),
        Right.LOAD_PLACES,
    ),
    "place_loading.remove": (lambda asking: place_loading.remove(asking, "Nothing"), Right.LOAD_PLACES),
    "place_loading.stop": (lambda asking: place_loading.stop(asking, NO_JOB), Right.LOAD_PLACES),
    "place_loading.go_on": (lambda asking: place_loading.go_on(asking, NO_JOB), Right.LOAD_PLACES),
    "place_loading.turn_down": (
        lambda asking: place_loading.turn_down(asking, "Nowhere, Nobody's"),
        Right.LOAD_PLACES,
    ),
    "place_loading.wish": (
        lambda asking: place_loading.wish(asking, "Nowhere, Nobody's"),
        Right.RUN_CAMPAIGNS,
    ),
    "auditing.actions": (auditing.actions, Right.SEE_AUDIT),
    "auditing.as_csv": (lambda asking: auditing.as_csv(asking, AuditWhere()), Right.SEE_AUDIT),
    "operations.jobs": (operations.jobs, Right.SEE_ALL_JOBS),
    "operations.attention": (operations.attention, Right.SEE_ALL_JOBS),
    "operations.job_counts": (operations.job_counts, Right.SEE_ALL_JOBS),
    "operations.workers": (operations.workers, Right.SEE_WORKERS),
    "operations.retry": (lambda asking: operations.retry(asking, NO_JOB), Right.STEER_ALL_JOBS),
    "operations.worker_jobs": (
        lambda asking: operations.worker_jobs(asking, "a worker"),
        Right.SEE_WORKERS,
    ),
    "operations.failures": (operations.failures, Right.SEE_ALL_JOBS),
    "job_detail.summary": (lambda asking: job_detail.summary(asking, NO_JOB), Right.SEE_ALL_JOBS),
    "job_detail.look": (lambda asking: job_detail.look(asking, NO_JOB), Right.SEE_ALL_JOBS),
    "job_detail.opened": (lambda asking: job_detail.opened(asking, NO_JOB), Right.SEE_ALL_JOBS),
    "job_steering.matching": (
        lambda asking: job_steering.matching(asking, job_steering.Act.RETRY, operations.EVERY_JOB, None),
        Right.STEER_ALL_JOBS,
    ),
    "job_steering.carry_out": (
        lambda asking: job_steering.carry_out(asking, job_steering.Act.RETRY, []),
        Right.STEER_ALL_JOBS,
    ),
    "job_steering.delete_job": (
        lambda asking: job_steering.delete_job(asking, NO_JOB),
        Right.STEER_ALL_JOBS,
    ),
    "job_steering.run_next": (lambda asking: job_steering.run_next(asking, NO_JOB), Right.STEER_ALL_JOBS),
    "job_steering.pause": (lambda asking: job_steering.pause(asking, wanted=False), Right.STEER_ALL_JOBS),
    "job_steering.rest": (
        lambda asking: job_steering.rest(asking, "nobody", wanted=True),
        Right.STEER_ALL_JOBS,
    ),
    "operations.cancel_job": (lambda asking: operations.cancel_job(asking, NO_JOB), Right.STEER_ALL_JOBS),
    "provider_upkeep.overview": (provider_upkeep.overview, Right.SEE_PROVIDERS),
    "provider_upkeep.ask_for_credit": (provider_upkeep.ask_for_credit, Right.STEER_PROVIDERS),
    "provider_upkeep.stop": (lambda asking: provider_upkeep.stop(asking, "nobody"), Right.STEER_PROVIDERS),
    "provider_upkeep.try_again": (
        lambda asking: provider_upkeep.try_again(asking, "nobody"),
        Right.STEER_PROVIDERS,
    ),
    "installation_keys.keep_keys": (
        lambda asking: installation_keys.keep_keys(asking, "nobody", {}),
        Right.SET_KEYS,
    ),
    "installation_keys.remove_keys": (
        lambda asking: installation_keys.remove_keys(asking, "hunter"),
        Right.SET_KEYS,
    ),
    "installation_keys.keep_mail_server": (
        lambda asking: installation_keys.keep_mail_server(asking, MAIL_SERVER),
        Right.SET_KEYS,
    ),
    "installation_keys.remove_mail_server": (installation_keys.remove_mail_server, Right.SET_KEYS),
    "installation_keys.listing": (installation_keys.listing, Right.SET_KEYS),
    "export_terms.restrictions": (export_terms.restrictions, Right.DECIDE_EXPORT),
    "export_terms.decide": (
        lambda asking: export_terms.decide(asking, "google_places", allowed=True),
        Right.DECIDE_EXPORT,
    ),
    "accounts.reset_link": (lambda asking: accounts.reset_link(asking, NO_JOB), Right.MANAGE_USERS),
    "notifying.health": (notifying.health, Right.SEE_MAIL_HEALTH),
    "spend_sums.team": (spend_sums.team, Right.SEE_TEAM_SPENDING),
    "spend_sums.everybody": (lambda asking: spend_sums.everybody(asking, "user"), Right.SEE_ALL_SPENDING),
}


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


@pytest.fixture
def pretender(owner: Person) -> Person:
    """Somebody the services take for an administrator; the database knows better."""
    return replace(owner, is_admin=True)


def guarded_functions() -> dict[str, str]:
    """Every function in ``services/`` that calls ``require``, with the right it names."""
    found: dict[str, str] = {}
    for path in sorted((settings.PROJECT_ROOT / "services").glob("*.py")):
        for function in ast.parse(path.read_text()).body:
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "require":
                    found[f"{path.stem}.{getattr(function, 'name', '')}"] = ast.unparse(node.args[1])
    return found


def test_no_guarded_function_is_left_out() -> None:
    assert guarded_functions() == {name: f"Right.{right.name}" for name, (_, right) in GUARDED.items()}


def test_every_right_stands_in_the_table_and_guards_something() -> None:
    assert set(WHO_MAY) == set(Right) == {right for _, right in GUARDED.values()}


@pytest.mark.parametrize("name", GUARDED)
def test_everybody_else_is_refused(owner: Person, name: str) -> None:
    """A right of the installation is that of no owner of a workspace; one of a workspace that of no viewer, not even of
    one who administers the installation."""
    ask, right = GUARDED[name]
    of_installation = Standing.ADMINISTRATOR in WHO_MAY[right]
    assert not of_installation or WHO_MAY[right] == {Standing.ADMINISTRATOR}
    asking = owner if of_installation else replace(owner, role=MemberRole.VIEWER, is_admin=True)
    assert not may(asking, right)
    with pytest.raises(NotAllowed):
        ask(asking)


def test_an_administrator_is_let_through(owner: Person) -> None:
    boss = person("boss", is_admin=True)
    for ask, right in GUARDED.values():
        assert may(boss, right)
        try:
            ask(boss)
        except NotFound:
            assert right in _ABOUT_ONE
        except Invalid:
            assert right in (Right.RUN_CAMPAIGNS, Right.EXPORT_LEADS), "catalogue and book are empty"


def test_the_database_shows_a_pretender_nothing(owner: Person, pretender: Person) -> None:
    claimed(owner, submitted(owner))
    finished(owner, [lead(1)])
    assert operations.jobs(pretender).rows == ()
    assert sum(operations.job_counts(pretender).values()) == 0
    assert operations.attention(pretender).suspicious == 0
    assert operations.workers(pretender) == ()
    assert spend_sums.everybody(pretender, "user").rows == ()
    assert spend_sums.everybody(pretender, "user").per_usable_lead_micros is None
    assert {row.calls_today for row in provider_upkeep.overview(pretender)} == {0}
    assert notifying.health(pretender).waiting == 0
    assert administration.listing(pretender).rows == ()
    assert auditing.listing(pretender, AuditWhere()).rows == ()


def test_the_database_lets_a_pretender_change_nothing(owner: Person, pretender: Person) -> None:
    campaign = submitted(owner)
    job = operations.jobs(person("boss", is_admin=True)).rows[0].job_id
    for act in (operations.cancel_job, operations.retry):
        with pytest.raises(NotFound):
            act(pretender, job)
    with pytest.raises(ProgrammingError, match="this limit is set by others"):
        limits.set_installation_limit(pretender, limits.Period.DAY, Decimal(5))
    acts: tuple[Callable[[UUID], None], ...] = (
        lambda whom: administration.disable(pretender, whom),
        lambda whom: administration.set_admin(pretender, whom, wanted=True),
        lambda whom: administration.delete(pretender, whom, pretender.id),
    )
    for account in (pretender.id, identity.named("boss@example.com").id):
        for change in acts:
            with pytest.raises(NotAllowed):
                change(account)
    with pytest.raises(ProgrammingError, match="only an administrator creates accounts"):
        accounts.create_for(pretender, "new@example.com", PASSWORD, is_admin=True)
    with pytest.raises(ProgrammingError, match="row-level security"):
        export_terms.decide(pretender, "google_places", allowed=True)
    assert campaigns.get(owner, campaign).status is CampaignStatus.PENDING
    assert "google_places" in export_terms.withheld_origins()


def test_only_the_table_asks_who_is_an_administrator() -> None:
    asking = {
        str(path.relative_to(settings.PROJECT_ROOT))
        for folder in ("api", "commands", "jobs", "pages", "services", "ui")
        for path in (settings.PROJECT_ROOT / folder).rglob("*.py")
        if reads_is_admin(path)
    }
    # Who a person is comes from identity; what that allows is decided in one place.
    assert asking == {"services/identity.py", "services/permissions.py"}


def reads_is_admin(path: Path) -> bool:
    nodes = ast.walk(ast.parse(path.read_text()))
    return any(isinstance(node, ast.Attribute) and node.attr == "is_admin" for node in nodes)
