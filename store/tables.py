"""The columns that composed statements name, typed: one definition of each, held by a test against the migrations.

Statements that are always the same stay plain SQL where they are used. What is put together from parts, such as
filters, orders, pages and bulk writes, is put together from these, so that no text is glued.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, INT4MULTIRANGE, JSONB, TIMESTAMP, TSVECTOR

from pipeline.fields import NAMED

METADATA = sa.MetaData()
_TIME = TIMESTAMP(timezone=True)
_DOUBLE: sa.Double[float] = sa.Double()

Types = dict[str, sa.types.TypeEngine[Any]]


def _all(kind: sa.types.TypeEngine[Any], names: str) -> Types:
    return dict.fromkeys(names.split(), kind)


def _table(name: str, *columns: Types) -> sa.Table:
    typed = {column: kind for types in columns for column, kind in types.items()}
    return sa.Table(name, METADATA, *(sa.Column(column, kind) for column, kind in typed.items()))


_BUSINESS_FIELDS: Types = {
    **_all(sa.Text(), "name category chain"),
    **dict.fromkeys((field.name for field in NAMED), sa.Text()),
    **_all(_DOUBLE, "lat lon"),
    **_all(sa.Integer(), "confidence reach"),
    **_all(JSONB(), "details origins provenance empty_reasons score_breakdown reach_breakdown"),
}
SHARED = tuple(_BUSINESS_FIELDS)
"""The columns a business and its lead share, in one place so that the two never drift apart."""

users = _table("users", _all(sa.Uuid(), "id"), _all(sa.Text(), "email"))
workspaces = _table("workspaces", _all(sa.Uuid(), "id"), _all(sa.Text(), "name"))

audit_log = _table(
    "audit_log",
    _all(sa.BigInteger(), "id"),
    _all(sa.Uuid(), "actor_id workspace_id target_id"),
    _all(sa.Text(), "action"),
    _all(JSONB(), "detail"),
    _all(_TIME, "at"),
)

campaigns = _table(
    "campaigns",
    _all(sa.Uuid(), "workspace_id id created_by order_key bulk_id"),
    _all(sa.Text(), "title status outcome_reason outcome_cause notice suspicion"),
    _all(JSONB(), "spec left_out"),
    _all(sa.BigInteger(), "budget_micros spent_micros saved_micros uncertain_micros ended_micros"),
    _all(
        sa.Integer(),
        "businesses_found qualified_leads leads_enriched emails_found emails_verified lead_count in_book customers",
    ),
    _all(sa.Numeric(5, 2), "avg_confidence avg_reach"),
    _all(sa.Boolean(), "simulated"),
    _all(ARRAY(sa.Text()), "tags"),
    _all(_TIME, "created_at started_at ended_at deleted_at"),
)

discovery_jobs = _table(
    "discovery_jobs",
    _all(sa.Uuid(), "workspace_id id campaign_id"),
    _all(sa.Text(), "status current_stage lease_owner error waiting_for"),
    _all(sa.Integer(), "progress attempt"),
    _all(_TIME, "lease_until discovered_at cancel_requested_at created_at wake_first_at started_at ended_at"),
)

businesses = _table(
    "businesses",
    _all(sa.Uuid(), "workspace_id id campaign_id"),
    _all(sa.Text(), "match_key"),
    _all(sa.Integer(), "rank"),
    _all(sa.Date(), "retain_until"),
    _BUSINESS_FIELDS,
)

leads = _table(
    "leads",
    _all(sa.Uuid(), "workspace_id id campaign_id business_id company_id owner_id"),
    _BUSINESS_FIELDS,
    _all(sa.Text(), "email_status team_status time_zone"),
    _all(INT4MULTIRANGE(), "open_week"),
    _all(sa.Boolean(), "is_role_address is_open is_current is_customer phone_is_mobile"),
    _all(JSONB(), "steps contacts profiles found verdicts"),
    _all(sa.BigInteger(), "cost_micros"),
    _all(sa.Date(), "retain_until follow_up_on"),
    _all(_TIME, "updated_at first_seen_at"),
    _all(ARRAY(sa.Text()), "tags"),
    _all(TSVECTOR(), "words"),
)

companies = _table(
    "companies",
    _all(sa.Uuid(), "workspace_id id owner_id"),
    _all(sa.Text(), "status"),
    _all(sa.Boolean(), "is_customer"),
    _all(sa.Date(), "follow_up_on"),
    _all(_TIME, "first_seen_at last_seen_at exported_at"),
    _all(ARRAY(sa.Text()), "tags"),
)

provider_calls = _table(
    "provider_calls",
    _all(sa.Uuid(), "workspace_id id campaign_id"),
    _all(sa.LargeBinary(), "key"),
    _all(sa.Text(), "provider operation state subject"),
    _all(JSONB(), "arguments response"),
    _all(sa.BigInteger(), "price_micros cost_micros saved_micros lease_token"),
    _all(sa.Integer(), "attempt http_status"),
    _all(sa.Boolean(), "found may_repeat"),
    _all(_TIME, "created_at sent_at done_at"),
)

_CALLS = "calls asked hits cost_micros saved_micros missed_micros uncertain_micros"

call_sums = _table(
    "call_sums",
    _all(sa.Uuid(), "workspace_id campaign_id"),
    _all(sa.Date(), "day"),
    _all(sa.Text(), "provider"),
    _all(sa.BigInteger(), _CALLS),
)

spend_sums, running_sums = (
    _table(
        name,
        _all(sa.Uuid(), "workspace_id user_id"),
        _all(sa.Date(), "day"),
        _all(sa.Text(), "provider"),
        _all(sa.BigInteger(), f"{_CALLS} ordered_micros usable"),
    )
    for name in ("spend_sums", "running_sums")
)

suppressions = _table(
    "suppressions",
    _all(sa.Uuid(), "workspace_id added_by"),
    _all(sa.LargeBinary(), "value_hash"),
    _all(sa.Text(), "kind reason source hint"),
    _all(sa.Uuid(), "list_id"),
    _all(_TIME, "created_at"),
)

suppressed_companies = _table(
    "suppressed_companies",
    _all(sa.Uuid(), "workspace_id company_id"),
    _all(sa.LargeBinary(), "value_hash"),
)

list_keys = _table(
    "list_keys",
    _all(sa.Uuid(), "workspace_id list_id"),
    _all(sa.Integer(), "row_number"),
    _all(sa.LargeBinary(), "key_hash"),
    _all(sa.Text(), "kind hint external_id"),
)

list_members = _table(
    "list_members",
    _all(sa.Uuid(), "workspace_id list_id company_id"),
    _all(sa.Text(), "external_id"),
)

outbox = _table(
    "outbox",
    _all(sa.Uuid(), "workspace_id id"),
    _all(sa.Text(), "kind error"),
    _all(_TIME, "created_at sent_at due_at dropped_at"),
)

places = _table(
    "places",
    _all(sa.BigInteger(), "id"),
    _all(sa.Uuid(), "import_id"),
    _all(sa.Text(), "source source_ref name category street housenumber city postcode country"),
    _all(sa.Text(), "phone website email opening_hours brand licence attribution"),
    _all(_DOUBLE, "lat lon"),
    _all(sa.Integer(), "cell"),
    _all(JSONB(), "tags"),
    _all(TSVECTOR(), "words"),
    _all(sa.Date(), "observed_on ends_on"),
    _all(_TIME, "gone_at"),
    _all(sa.Boolean(), "is_closed is_by_postcode"),
)

postcode_points = _table(
    "postcode_points",
    _all(sa.Text(), "country postcode"),
    _all(_DOUBLE, "lat lon"),
    _all(sa.Boolean(), "is_given"),
)

place_kinds = _table(
    "place_kinds",
    _all(sa.Text(), "kind"),
    _all(sa.Integer(), "cell"),
    _all(sa.BigInteger(), "place_id"),
)

localities = _table(
    "localities",
    _all(sa.Text(), "source_ref kind name country region county parent label"),
    _all(ARRAY(sa.Text()), "keys pieces"),
    _all(_DOUBLE, "lat lon radius_km"),
    _all(sa.Integer(), "places"),
    _all(JSONB(), "named"),
)
