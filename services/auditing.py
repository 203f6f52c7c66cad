"""Who did what when in the whole installation, for administrators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pipeline.output.formats import csv
from services import paging
from services.exporting import ExportFile
from services.identity import Person
from services.permissions import Right, require
from store import audit, clock
from store.audit import AuditRow as AuditRow
from store.audit import AuditWhere as AuditWhere
from store.database import Role, transaction

_PAGE, _MOST = 50, 10_000

IN_WORDS: Final[Mapping[str, str]] = {
    "signed_in": "Signed in",
    "guest_arrived": "Came as a guest",
    "guest_signed_up": "Guest signed up",
    "guest_ended": "Guest removed",
    "paid_orders_allowed": "Paid campaigns allowed",
    "paid_orders_refused": "Paid campaigns refused",
    "sign_in_failed": "Sign-in failed",
    "account_created": "Account created",
    "account_disabled": "Account disabled",
    "account_enabled": "Account enabled",
    "account_deleted": "Account deleted",
    "administrator_made": "Made administrator",
    "administrator_unmade": "Administration taken away",
    "role_changed": "Role changed",
    "member_removed": "Removed from a workspace",
    "member_left": "Left a workspace",
    "ownership_handed_over": "Workspace handed over",
    "workspace_renamed": "Workspace renamed",
    "invitation_made": "Invited",
    "invitation_revoked": "Invitation taken back",
    "invitation_accepted": "Invitation accepted",
    "leads_exported": "Leads downloaded",
    "suppressions_taken_back": "Taken off the suppression list",
    "campaign_deleted": "Campaign deleted",
    "bulk_order_placed": "Bulk order placed",
    "bulk_order_paused": "Bulk order paused",
    "bulk_order_resumed": "Bulk order resumed",
    "bulk_order_stopped": "Bulk order stopped",
    "bulk_order_deleted": "Bulk order deleted",
    "assignment_changed": "Given new companies otherwise",
    "client_link_made": "Client link made",
    "client_link_revoked": "Client link closed",
    "client_link_downloaded": "Leads downloaded by a client link",
    "webhook_added": "Webhook added",
    "webhook_changed": "Webhook changed",
    "webhook_removed": "Webhook removed",
    "webhook_secret_renewed": "Secret of a webhook renewed",
    "crm_connected": "Customer system connected",
    "crm_changed": "What a customer system is handed changed",
    "crm_token_renewed": "Token of a customer system renewed",
    "crm_customers_asked": "Customers of a customer system fetched",
    "crm_disconnected": "Customer system disconnected",
    "crm_pushed": "Companies handed to a customer system",
    "schedule_added": "Schedule added",
    "schedule_changed": "Schedule changed",
    "schedule_paused": "Schedule paused",
    "schedule_resumed": "Schedule resumed",
    "schedule_removed": "Schedule removed",
    "job_retried": "Job retried",
    "job_cancelled": "Job stopped",
    "provider_stopped": "Provider stopped",
    "provider_tried_again": "Provider to be tried again",
    "provider_key_set": "Key of a provider set",
    "provider_key_removed": "Key of a provider removed",
    "mail_server_set": "Mail server set",
    "mail_server_removed": "Mail server removed",
    "places_loaded": "Places to be loaded",
    "places_removed": "Places to be removed from the catalogue",
    "places_stopped": "Loading of places stopped",
    "duty_asked": "Duty to be done at once",
    "alert_noted": "Took care of an alert",
    "job_put_first": "Job put first in line",
    "job_looked_into": "Job looked into",
    "queue_paused": "Queue paused",
    "queue_resumed": "Queue resumed",
    "worker_rested": "Worker to rest",
    "worker_resumed": "Worker to go on",
}
"""Acts as people read them; another one is read from its own name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """One page of acts, newest first."""

    rows: tuple[AuditRow, ...]
    next_cursor: str | None


def listing(person: Person, where: AuditWhere, cursor: str | None = None) -> AuditPage:
    """A page of what was done. Raises NotAllowed for anyone but administrators."""
    require(person, Right.SEE_AUDIT)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        rows = audit.page(conn, where, _after(cursor), _PAGE + 1)
    shown = rows[:_PAGE]
    last = paging.encode(str(shown[-1].id)) if len(rows) > _PAGE else None
    return AuditPage(rows=tuple(shown), next_cursor=last)


def actions(person: Person) -> dict[str, str]:
    """The kinds of acts there are notes of, in words, to their names. Raises NotAllowed."""
    require(person, Right.SEE_AUDIT)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        return dict(sorted((action_in_words(action), action) for action in audit.actions(conn)))


def as_csv(person: Person, where: AuditWhere) -> ExportFile:
    """The newest 10,000 acts as CSV, times in UTC. Raises NotAllowed."""
    require(person, Right.SEE_AUDIT)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        rows = audit.page(conn, where, None, _MOST)
        today = clock.today(conn)
    titles = ("Time (UTC)", "Action", "Who", "About", "Detail", "Workspace", "Id of what it is about")
    cells = (
        (
            *(f"{row.at:%Y-%m-%d %H:%M:%S}", row.action, row.actor or "", row.target or "", detail_of(row)),
            *(str(row.workspace_id or ""), str(row.target_id or "")),
        )
        for row in rows
    )
    name = f"prospectpro-audit-{today:%Y%m%d}.{csv.FORMAT.extension}"
    return ExportFile(filename=name, mime=csv.FORMAT.mime, data=csv.table(titles, cells), rows=len(rows))


def action_in_words(action: str) -> str:
    """What was done, for people."""
    name, _, what = action.partition(":")
    words = IN_WORDS.get(name, name.replace("_", " ").capitalize())
    return f"{words}: {what}" if what else words


def detail_of(row: AuditRow) -> str:
    """What more is known of an act, on one line."""
    return ", ".join(
        f"{name.replace('_', ' ')}: {_plain(value)}"
        for name, value in sorted(row.detail.items(), key=_long_last)
    )


def _long_last(item: tuple[str, object]) -> tuple[bool, str]:
    return item[0] == "device", item[0]


def _plain(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _after(cursor: str | None) -> int | None:
    parts = paging.decode(cursor, 1)
    is_id = parts is not None and parts[0].isascii() and parts[0].isdigit() and len(parts[0]) <= 18
    return int(parts[0]) if parts and is_id else None
