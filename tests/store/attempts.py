"""What somebody who can run any SQL as one of our roles would try, with another's identity forged as well as can be.

Each attempt may name ``:user``, ``:email``, ``:workspace``, ``:campaign``, ``:job``, ``:session``, ``:key`` and
``:call`` of the victim. ``work_of`` are the roles whose work it is, for which it is no attempt.
"""

from __future__ import annotations

from dataclasses import dataclass

from store.database import Role


@dataclass(frozen=True, slots=True)
class Attempt:
    """One statement."""

    sql: str
    work_of: frozenset[Role] = frozenset()


def _all(*statements: str, work_of: frozenset[Role] = frozenset()) -> list[Attempt]:
    return [Attempt(statement, work_of) for statement in statements]


_SYSTEM = frozenset({Role.SYSTEM})
_OPERATOR = frozenset({Role.OPERATOR})
_NOT_OURS = "to_jsonb(row) from (select * from {}) as row"

READS = [
    *_all(
        *(
            f"select {_NOT_OURS.format(table)}"
            for table in ("discovery_jobs", "outbox", "place_loads", "place_load_parts", "place_wishes")
        ),
        "select to_jsonb(id) from bulk_orders",
        work_of=_SYSTEM,
    ),
    *_all("select subject, sealed from installation_secrets", work_of=frozenset({Role.WORKER})),
    *_all(
    *(
        f"select {_NOT_OURS.format(table)}"
        for table in (
            "users", "sessions", "api_keys", "known_devices", "sign_in_throttle", "sign_in_tickets",
            "installation", "audit_log", "memberships", "workspaces", "campaigns", "job_events",
            "businesses", "leads", "provider_calls", "call_sums", "spend_sums", "running_sums",
            "provider_cache", "provider_flights", "exports",
            "suppressions", "budget_raises", "account_links", "second_factors", "recovery_codes",
            "sign_in_identities", "passkeys", "used_challenges",
            "companies", "company_keys", "activities", "company_edits", "visits", "saved_views", "default_views",
            "lists", "list_files", "list_keys", "list_members", "suppressed_companies",
            "export_files", "export_parts", "webhooks", "webhook_deliveries", "api_key_use", "api_replies", "quotes",
            "duties", "measures", "switches", "alerts", "alert_mails", "job_attempts",
            "installation_secrets", "endings", "provider_stops",
            "schedules", "schedule_runs", "schedule_exports", "bulk_orders", "bulk_caps",
            "crm_connections", "crm_runs", "crm_items", "crm_states",
            "assigned_places", "assigned_turns",
            "client_links", "client_link_companies", "client_link_visits", "mentions",
            "billing_accounts", "billing_events", "billing_partings", "plan_leads",
            "wallets", "wallet_entries", "billing_mails",
        )
    ),
    "select email from users",
    "select password_hash from users",
    "select token_hash from sessions",
    "select key_hash from api_keys",
    "select title from campaigns",
    "select spec from campaigns",
    "select name, email from leads where id is not null",
    "select arguments, response from provider_calls",
    "select l.email from leads l join campaigns c on c.id = l.campaign_id where c.id = :campaign",
    "copy leads to stdout",
    "table pg_authid",
    "select rolpassword from pg_authid",
    "select pg_read_file('/etc/passwd')",
    "select pg_ls_dir('.')",
    "select most_common_vals::text from pg_stats where tablename = 'leads'",
    "select query from pg_stat_activity where query like '%@example.com%' and pid <> pg_backend_pid()",
    "select * from auth_who()",
    "select * from app_asker()",
    "select * from app_workspaces()",
    "select * from app_workspaces_as('viewer')",
    "select app_user_id()",
    "select app_job_workspace()",
    "select app_job_id()",
    "select * from run_differences(:workspace, :campaign, gen_random_uuid())",
    "select * from ledger_sums('provider', now() - interval '1 year', now())",
    "select * from subject_invitations(:workspace, '{\"kind\": \"email\", \"pattern\": \".\"}')",
    "select * from subject_tags(:workspace, '{\"kind\": \"email\", \"pattern\": \".\"}')",
    ),
]  # fmt: skip

BECOMING = _all(
    "select set_config('app.user_id', :user, true), name from leads",
    "select set_config('app.proof', encode(sha256('guess'), 'hex'), true) from leads",
    "select set_config('app.lease_secret', 'guess', true) from leads",
    "select set_config('row_security', 'off', true) from leads",
    "set role pp_auth",
    "set role pp_owner",
    "set role postgres",
    "set session authorization postgres",
    "alter role pp_web superuser",
    "alter role pp_web bypassrls",
    "create role intruder superuser",
    "grant pp_auth to pp_web",
    "set local session_replication_role = replica",
)

WRITES = _all(
    "update users set is_admin = true where id = :user returning id",
    "update users set password_hash = 'guess' where id = :user returning id",
    "update users set email = 'intruder@example.com' where id = :user returning id",
    "update users set mail_when = 'never' where id = :user returning id",
    "insert into users (id, email, is_admin) values (gen_random_uuid(), 'intruder@example.com', true) returning id",
    "delete from users where id = :user returning id",
    "insert into sessions (token_hash, user_id, expires_at) values (sha256('guess'), :user, now() + interval '1 day')",
    "update sessions set token_hash = sha256('guess') where user_id = :user returning id",
    "delete from sessions returning id",
    "insert into memberships (workspace_id, user_id, role) values (:workspace, gen_random_uuid(), 'owner')",
    "update memberships set role = 'owner' returning user_id",
    "delete from memberships returning user_id",
    "insert into workspaces (id, name) values (gen_random_uuid(), 'x') returning id",
    "update workspaces set name = 'x' returning id",
    "insert into api_keys (workspace_id, id, user_id, name, key_hash) values"
    " (:workspace, gen_random_uuid(), :user, 'x', sha256('guess'))",
    "update api_keys set limit_micros = null returning id",
    "update campaigns set key_id = null returning id",
    "update api_keys set key_hash = sha256('guess') returning id",
    "update installation set value = 'guess' returning name",
    "insert into installation values ('x', 'guess') returning name",
    "update campaigns set budget_micros = 1000000000 where id = :campaign returning id",
    "update campaigns set spent_micros = 0 where id = :campaign returning id",
    "update campaigns set title = 'x' where id = :campaign returning id",
    "update campaigns set tags = '{x}' where id = :campaign returning id",
    "update campaigns set deleted_at = now() where id = :campaign returning id",
    "delete from campaigns where id = :campaign returning id",
    "insert into campaigns (workspace_id, id, created_by, idem_key, title, spec, budget_micros)"
    " values (:workspace, gen_random_uuid(), :user, 'x', 'x', '{}', 1000000) returning id",
    "insert into discovery_jobs (workspace_id, id, campaign_id) values (:workspace, gen_random_uuid(), :campaign)",
    "update discovery_jobs set lease_hash = sha256('guess') where id = :job returning id",
    "update leads set email = 'x@example.com' returning id",
    "delete from leads returning id",
    "delete from companies returning id",
    "delete from activities returning id",
    "update visits set before_at = null returning user_id",
    "insert into visits (workspace_id, user_id) values (:workspace, :user)",
    "insert into installation_secrets (subject, sealed, fingerprint) values ('hunter', 'x', 'x') returning subject",
    "update installation_secrets set sealed = 'x' returning subject",
    "delete from installation_secrets returning subject",
    "insert into provider_stops (provider, is_stopped) values ('hunter', true) returning provider",
    "update provider_stops set is_stopped = false returning provider",
    "update bulk_caps set cap_micros = cap_micros + 1 returning bulk_id",
    "update bulk_caps set used_micros = 0 returning bulk_id",
    "delete from bulk_caps returning bulk_id",
    "insert into bulk_caps (workspace_id, bulk_id, cap_micros) select workspace_id, id, 1 from bulk_orders",
    "update bulk_orders set paused_at = now() returning id",
    "update bulk_orders set stopped_at = now() returning id",
    "update bulk_orders set title = 'x' returning id",
    "delete from bulk_orders returning id",
    "insert into bulk_orders (workspace_id, id, created_by, idem_key, fingerprint, title)"
    " values (:workspace, gen_random_uuid(), :user, 'x', 'x', 'x') returning id",
    "update campaigns set bulk_id = null where id = :campaign returning id",
    "insert into assigned_places (workspace_id, id, part, place, user_id)"
    " values (:workspace, gen_random_uuid(), 'country', 'FI', :user) returning id",
    "update assigned_places set user_id = :user returning id",
    "delete from assigned_places returning id",
    "insert into assigned_turns (workspace_id, user_id) values (:workspace, :user) on conflict do nothing"
    " returning user_id",
    "delete from assigned_turns returning user_id",
    "select name from client_links",
    "select token_hash from client_links",
    "insert into client_links (workspace_id, id, made_by, name, shows, campaign_id, token_hash, shows_contacts,"
    " allows_download, expires_at) values (:workspace, gen_random_uuid(), :user, 'x', 'x', :campaign, sha256('guess'),"
    " true, true, now() + interval '1 day')",
    "update client_links set shows_contacts = true, expires_at = now() + interval '80 days' returning id",
    "update client_links set revoked_at = null, password_hash = null returning id",
    "delete from client_links returning id",
    "insert into client_link_companies (workspace_id, link_id, company_id)"
    " select c.workspace_id, l.id, c.id from client_links l join companies c using (workspace_id)",
    "insert into client_link_visits (workspace_id, link_id, key_hash, until)"
    " values (:workspace, gen_random_uuid(), sha256('guess'), now() + interval '1 day')",
    "select customer_id from billing_accounts",
    "insert into billing_accounts (workspace_id, customer_id) values (:workspace, 'cus_x') returning plan",
    "update billing_accounts set plan = 'business', grace_until = null returning plan",
    "delete from billing_accounts returning plan",
    "insert into billing_events (id, kind, customer_id, made_at) values ('evt_x', 'x', 'cus_x', now()) returning id",
    "insert into billing_partings (customer_id) select customer_id from billing_accounts returning customer_id",
    "insert into wallets (workspace_id, balance_micros) values (:workspace, 1000000) returning balance_micros",
    "update wallets set balance_micros = balance_micros + 1000000 returning balance_micros",
    "delete from wallets returning balance_micros",
    "insert into wallet_entries (workspace_id, kind, micros, charge_id)"
    " values (:workspace, 'top_up', 1, 'ch_x') returning id",
    "update wallet_entries set micros = 2 returning id",
    "delete from wallet_entries returning id",
    "update plan_leads set promised = 0 returning campaign_id",
    "delete from plan_leads returning campaign_id",
    "select url from webhooks",
    "select secret from webhooks",
    "insert into webhooks (workspace_id, id, url, events, secret, created_by)"
    " values (:workspace, gen_random_uuid(), 'https://example.com/', '{campaign.ended}', 'x', :user) returning id",
    "update webhooks set url = 'https://example.com/' returning id",
    "delete from webhooks returning id",
    "insert into schedules (workspace_id, id, created_by, name, spec, cron, time_zone, next_at)"
    " values (:workspace, gen_random_uuid(), :user, 'x', '{}', '0 8 * * *', 'UTC', now()) returning id",
    "update schedules set next_at = now(), name = 'x' returning id",
    "update schedules set created_by = :user returning id",
    "delete from schedules returning id",
    "insert into schedule_runs (workspace_id, id, schedule_id, due_at, outcome)"
    " select workspace_id, gen_random_uuid(), id, now(), 'ordered' from schedules returning id",
    "update schedule_runs set campaign_id = :campaign returning id",
    "delete from schedule_runs returning id",
    "select secret from schedule_exports",
    "select schedule_export_secret(workspace_id, id) from schedules",
    "insert into schedule_exports (workspace_id, schedule_id, format, asked, target, place)"
    " select workspace_id, id, 'csv', '{}', 'mail', '{}' from schedules returning schedule_id",
    "update schedule_exports set place = '{}', secret = 'x' returning schedule_id",
    "delete from schedule_exports returning schedule_id",
    "update schedule_runs set try_at = now() returning id",
    "select schedule_send_again(workspace_id, id) from schedule_runs",
    "select schedule_file_waits(workspace_id, id) from schedule_runs",
    "select token from crm_connections",
    "insert into crm_connections (workspace_id, crm, token, mapping, created_by)"
    " values (:workspace, 'other', 'x', '{}', :user) returning crm",
    "update crm_connections set token = 'x' returning crm",
    "update crm_connections set customers_due_at = now(), customers_by = :user returning crm",
    "delete from crm_connections returning crm",
    "insert into crm_runs (workspace_id, id, crm, created_by)"
    " values (:workspace, gen_random_uuid(), 'hubspot', :user) returning id",
    "update crm_runs set state = 'pushing', pushes = true, due_at = now() returning id",
    "delete from crm_runs returning id",
    "insert into crm_items (workspace_id, run_id, company_id)"
    " select r.workspace_id, r.id, c.id from crm_runs r, companies c returning company_id",
    "update crm_items set state = 'done' returning company_id",
    "update crm_states set their_id = 'x' returning company_id",
    "delete from crm_states returning company_id",
    "update webhook_deliveries set due_at = now() returning id",
    "delete from webhook_deliveries returning id",
    "delete from saved_views returning id",
    "update saved_views set name = 'x' returning id",
    "insert into saved_views (workspace_id, id, list, name, query, owner_id, made_by)"
    " values (:workspace, gen_random_uuid(), 'book', 'x', '{}', :user, :user)",
    "insert into default_views (workspace_id, user_id, list, view_id)"
    " values (:workspace, :user, 'book', gen_random_uuid())",
    "delete from default_views returning view_id",
    "select subject_erase_views(:workspace, '{}')",
    "select subject_keep_away(:workspace, '{x}', '{x}')",
    "select * from subject_views(:workspace, '{}')",
    "update companies set status = 'lost', tags = '{taken}' returning id",
    "update activities set detail = '{}' returning id",
    "update activities set deleted_at = now() returning id",
    "update mentions set read_at = now() returning user_id",
    "delete from mentions returning user_id",
    "insert into mentions (workspace_id, activity_id, user_id, author_id)"
    " select workspace_id, id, :user, :user from activities returning user_id",
    "update leads set team_status = 'lost' returning id",
    "insert into activities (workspace_id, company_id, user_id, kind, detail)"
    " select workspace_id, company_id, :user, 'note', '{}' from leads returning id",
    "insert into activities (workspace_id, company_id, user_id, kind, detail)"
    " values (:workspace, gen_random_uuid(), :user, 'note', '{}') returning id",
    "delete from company_edits returning field",
    "update company_edits set typed = '{}' returning field",
    "insert into company_edits (workspace_id, company_id, field, typed, user_id)"
    " select workspace_id, company_id, 'phone', '{\"phone\": null}', :user from leads returning field",
    "insert into companies (workspace_id, id) values (:workspace, gen_random_uuid()) returning id",
    "insert into company_keys (workspace_id, key_hash, company_id)"
    " values (:workspace, 'x', gen_random_uuid()) returning 1",
    "insert into lists (workspace_id, id, name, kind, sha256, created_by)"
    " values (:workspace, gen_random_uuid(), 'x', 'customers', 'x', :user) returning id",
    "insert into list_files (workspace_id, list_id, data, columns)"
    " select workspace_id, id, 'x', '{}' from lists returning 1",
    "insert into list_keys (workspace_id, list_id, row_number, key_hash, kind)"
    " select workspace_id, id, 1, 'x', 'domain' from lists returning 1",
    "insert into list_members (workspace_id, list_id, company_id)"
    " select l.workspace_id, l.id, c.id from lists l join companies c using (workspace_id) returning 1",
    "update lists set state = 'storing', done = 0 returning id",
    "insert into export_files (workspace_id, id, user_id, format, asked)"
    " values (:workspace, gen_random_uuid(), :user, 'csv', '{}') returning id",
    "update export_files set state = 'waiting', attempts = 0 returning id",
    "update export_files set lease_hash = sha256('guess') returning id",
    "delete from export_files returning id",
    "insert into export_parts (workspace_id, file_id, number, data)"
    " select workspace_id, id, 7, 'x' from export_files returning 1",
    "insert into api_replies (workspace_id, id, user_id, idem_key, asked)"
    " values (:workspace, gen_random_uuid(), :user, 'x', 'x') returning id",
    "update api_replies set body = 'x' returning id",
    "delete from api_replies returning id",
    "insert into quotes (workspace_id, id, user_id, spec, spec_hash, plan, cost_low_micros, cost_high_micros,"
    " duration_low_s, duration_high_s) values (:workspace, gen_random_uuid(), :user, '{}', 'x', '{}', 0, 0, 0, 0)"
    " returning id",
    "update quotes set expires_at = now() + interval '1 year' returning id",
    "delete from quotes returning id",
    "update api_key_use set requests = 0 returning key_id",
    "delete from lists returning id",
    "update companies set is_customer = true returning id",
    "update companies set exported_at = now() returning id",
    "insert into suppressed_companies (workspace_id, company_id, value_hash)"
    " select workspace_id, id, 'x' from companies returning 1",
    "delete from suppressed_companies returning 1",
    "select 1 from book_named(:workspace, '{}', '{}', '{}', '{Anchor}')",
    "select nullif(export_marks('{}'), false)",
    "delete from businesses returning id",
    "truncate leads",
    "truncate audit_log",
    "update provider_calls set cost_micros = 0 returning id",
    "delete from provider_calls returning id",
    "insert into budget_raises (workspace_id, campaign_id, idem_key, amount_micros, user_id)"
    " values (:workspace, :campaign, 'x', 1, :user)",
    "insert into exports (workspace_id, id, campaign_id, user_id, format, filter, row_count, sha256)"
    " values (:workspace, gen_random_uuid(), :campaign, :user, 'csv', '{}', 1, '')",
    "insert into suppressions (workspace_id, value_hash, reason) values (:workspace, 'x', 'x')",
    "delete from suppressions returning value_hash",
    "insert into audit_log (actor_id, action) values (:user, 'signed_in')",
    "update audit_log set action = 'x' returning id",
    "delete from audit_log returning id",
    "insert into provider_choices (provider, name, value, decided_by) values ('google_places', 'x', 'x', :user)",
)
JOBS = _all(
    "update discovery_jobs set lease_token = lease_token + 1, lease_until = now() + interval '1 day'"
    " where id = :job returning id",
    "update discovery_jobs set cancel_requested_at = now() where id = :job returning id",
    "update discovery_jobs set attempt = attempt + 1 where id = :job returning id",
    "update campaigns set status = 'failed', ended_at = now() where id = :campaign returning id",
    "insert into job_events (workspace_id, job_id, stage, progress, message)"
    " values (:workspace, :job, 'storing', 100, 'x')",
    "insert into outbox (workspace_id, id, kind, job_id, attempt) values"
    " (:workspace, gen_random_uuid(), 'run_campaign', :job, 9)",
    "select ledger_close(:workspace, :campaign)",
    "select forget_old(0)",
    work_of=_SYSTEM,
)

CALLS = [
    *_all(
        "select auth_make_user(gen_random_uuid(), gen_random_uuid(), 'intruder@example.com', 'x', true)",
        "select nullif(auth_create_first(gen_random_uuid(), gen_random_uuid(), 'i@example.com', 'x', 'x'), false)",
        "select auth_open_session(sha256('guess'), :user, 'web', 24, 24, '', '')",
        "select nullif(auth_sign_in(gen_random_uuid(), 'x', sha256('guess'), 24, 24, '', '', null), 'wrong')",
        "select auth_note(:user, 'signed_in', null, null, '{}')",
        "select nullif(app_is_admin(), false)",
        "select nullif(app_end_session(:session), false)",
        "select nullif(app_switch_workspace(:workspace), false)",
        "select nullif(app_raise_budget(:campaign, 1000000, 'x', 1000000000), false)",
        "select nullif(app_retry_uncertain(:campaign), 0)",
        "select nullif(app_place_in_line(:job), 1)",
        "select nullif(app_create_key(gen_random_uuid(), 'x', 'admin', 9, sha256('guess')), false)",
        "select nullif(app_revoke_key(:key), false)",
        "select * from app_sessions()",
        "select nullif(app_end_other_sessions(), 0)",
        "select * from app_begin_password_check('$argon2id$')",
        "select app_change_password(gen_random_uuid(), 'x', 'x')",
        "select nullif(app_change_email(gen_random_uuid(), 'x', 'i@example.com', null, null), 'wrong')",
        "select auth_check_password(gen_random_uuid(), 'x')",
        "select auth_new_password(:user, 'x', null)",
        "select auth_new_link(gen_random_uuid(), :user, 'reset', sha256('guess'), null, 60, true)",
        "select auth_end_sessions(:user, null)",
        "select * from auth_see_link(sha256('guess'))",
        "select nullif(auth_use_email_link(sha256('guess')), false)",
        "select nullif(auth_use_reset_link(sha256('guess'), 'x'), false)",
        "select auth_let_in(:user, 'x', sha256('guess'), 24, 24, '', '', null)",
        "select * from auth_begin_second_factor()",
        "select auth_take_code(:user, 'guess', 1, null)",
        "select nullif(auth_pass_second_factor('guess', 1, null, sha256('guess'), 24, 24, null), false)",
        "select nullif(app_switch_on_second_factor(gen_random_uuid(), 'x', 'x', 1, '{}'), 'wrong')",
        "select nullif(app_switch_off_second_factor(gen_random_uuid(), 'x', 'guess', 1, null), 'wrong')",
        "select nullif(app_new_recovery_codes('guess', 1, null, '{}'), false)",
        "select auth_sign_in_by_issuer('guess', 'x', 'x', :email, true, gen_random_uuid(), gen_random_uuid(),"
        " sha256('guess'), 24, 24, '', '', null)",
        "select app_connect_identity('guess', 'x', 'x')",
        "select auth_sign_in_by_passkey('guess', '', 1, '', sha256('guess'), 24, 24, '', '', null)",
        "select app_add_passkey('guess', gen_random_uuid(), '', '', 1, '', 'x')",
        "select nullif(app_remove_passkey(gen_random_uuid(), 'x', gen_random_uuid()), 'wrong')",
        "select * from lease_claim(:job, 0, 'intruder', 60)",
        "select ledger_settle(:workspace, :call, 'done', 0, 200, '{}', true, false, null)",
        "select ledger_restate(:workspace, :call, 0, '{}', true, false)",
        "select ledger_correct_leads(:workspace, :campaign)",
    ),
    *_all(
        "select auth_create_user(gen_random_uuid(), gen_random_uuid(), 'intruder@example.com', 'x', true)",
        "select auth_open_command_session(:email, sha256('guess'), 24)",
        "select auth_make_reset_link(:user, null, gen_random_uuid(), sha256('guess'), true)",
        work_of=_OPERATOR,
    ),
]

SCHEMA = _all(
    "create table intruder (a int)",
    "create temporary table intruder as select * from leads",
    "create function intruder() returns int language sql as 'select 1'",
    "create or replace function app_user_id() returns uuid language sql as 'select null::uuid'",
    "alter table leads disable row level security",
    "alter table leads no force row level security",
    "drop policy member on leads",
    "create policy intruder on leads using (true)",
    "drop table leads",
    "create view intruder as select * from leads",
    "create extension dblink",
    "create trigger intruder after insert on leads execute function suppress_redundant_updates_trigger()",
    "copy (select 1) to program 'true'",
    "lock table leads in access exclusive mode",
    "comment on table leads is 'x'",
    "grant select on leads to public",
    "create schema intruder",
    "create language plperlu",
    "do $$ begin execute 'delete from leads'; raise exception 'nothing was deleted'; end $$",
)

ATTEMPTS = [*READS, *BECOMING, *WRITES, *JOBS, *CALLS, *SCHEMA]
