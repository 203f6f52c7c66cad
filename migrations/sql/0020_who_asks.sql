-- Who asks is proved to the database, not told to it. A person proves it by a session or a key of theirs, a worker by
-- the secret of its lease: app.proof and app.lease_secret hold what only they were given, the tables its hash.

create table installation (name text primary key, value bytea not null);
alter table installation enable row level security;
alter table installation force row level security;
create policy auth_all on installation to pp_auth using (true) with check (true);
grant select, insert, update on installation to pp_auth;

-- The table kept what a session proves itself with; now it keeps the hash of that.
update sessions set token_hash = sha256(token_hash);
alter table sessions
    add column id uuid not null default gen_random_uuid(),
    add column workspace_id uuid references workspaces (id) on delete set null,
    add column last_used_at timestamptz not null default now(),
    add column idle_s integer not null default 604800,
    add column kind text not null default 'web' check (kind in ('web', 'command', 'anonymous')),
    add column device text not null default '',
    add column ip text not null default '',
    add column passed_at timestamptz default now();
comment on column sessions.passed_at is 'When every factor was shown; until then the session proves nothing.';
create unique index sessions_id on sessions (id);

create table known_devices (
    token_hash bytea primary key,
    user_id uuid not null references users (id) on delete cascade,
    created_at timestamptz not null default now()
);
create index known_devices_user on known_devices (user_id, created_at);
create table sign_in_throttle (bucket bytea primary key, failures integer not null, since timestamptz not null);
create table sign_in_tickets (
    id uuid primary key,
    user_id uuid references users (id) on delete cascade,
    forgiven bytea[] not null,
    lessened bytea[] not null,
    known_device boolean not null,
    expires_at timestamptz not null
);
alter table known_devices enable row level security;
alter table known_devices force row level security;
alter table sign_in_throttle enable row level security;
alter table sign_in_throttle force row level security;
alter table sign_in_tickets enable row level security;
alter table sign_in_tickets force row level security;
create policy auth_all on known_devices to pp_auth using (true) with check (true);
create policy auth_all on sign_in_throttle to pp_auth using (true) with check (true);
create policy auth_all on sign_in_tickets to pp_auth using (true) with check (true);
grant select, insert, update, delete on known_devices, sign_in_throttle, sign_in_tickets to pp_auth;
drop table sign_in_attempts cascade;

alter table api_keys
    add column scope text not null default 'read' check (scope in ('read', 'submit', 'admin')),
    add column expires_at timestamptz not null default now();
create unique index api_keys_hash on api_keys (key_hash);
create policy auth_all on api_keys to pp_auth using (true) with check (true);
grant select, insert, update, delete on api_keys to pp_auth;
grant update, delete on memberships, workspaces to pp_auth;

create policy auth_notes on audit_log to pp_auth using (true) with check (true);
grant select, insert on audit_log to pp_auth;

alter table discovery_jobs add column lease_hash bytea;
alter table provider_calls add column holder bytea;
comment on column provider_calls.holder is 'The hash of the secret of the lease that asked: it may say what came of it.';
create policy lease on discovery_jobs for update to pp_auth using (true) with check (true);
grant select on discovery_jobs to pp_auth;
grant update (status, lease_token, lease_owner, lease_until, lease_hash, started_at, updated_at)
    on discovery_jobs to pp_auth;
-- A lease is made by lease_claim alone.
revoke update on discovery_jobs from pp_worker, pp_system, pp_admin;
grant update (status, progress, current_stage, attempt, failures, lease_token, lease_owner, lease_until, discovered_at,
        cancel_requested_at, metrics, error, wake_at, started_at, updated_at, ended_at, waiting_for, wake_first_at)
    on discovery_jobs to pp_worker, pp_system, pp_admin;

drop function auth_close_session(bytea);
drop function auth_create_user(uuid, uuid, text, text, boolean, boolean);
drop function auth_credentials(text);
drop function auth_note_attempt(bytea, text, boolean);
drop function auth_only_email();
drop function auth_open_session(bytea, uuid, integer);
drop function auth_person(uuid);
drop function auth_recent_failures(bytea, text);
drop function auth_session(bytea);

alter table users alter column password_hash drop not null;

grant usage on schema public to pp_operator;
grant select on alembic_version to pp_operator;
