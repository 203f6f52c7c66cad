alter table campaigns
    add column uncertain_micros bigint not null default 0 check (uncertain_micros >= 0),
    add column saved_micros bigint not null default 0 check (saved_micros >= 0),
    add column emails_verified integer not null default 0,
    add column simulated boolean not null default false,
    add constraint uncertain_is_part_of_spent check (uncertain_micros <= spent_micros);

-- What the campaign waits for while it waits, in words for people.
alter table discovery_jobs add column waiting_for text;

alter table businesses alter column lat drop not null, alter column lon drop not null;
alter table leads
    alter column lat drop not null,
    alter column lon drop not null,
    add column contacts jsonb not null default '[]',
    add column profiles jsonb not null default '[]',
    add column cost_micros bigint not null default 0 check (cost_micros >= 0),
    add column is_open boolean not null default false,
    add column updated_at timestamptz not null default now(),
    -- The day by which values that only Google gave have to go.
    add column retain_until date;
create index leads_retention on leads (retain_until) where retain_until is not null;
-- A lead of the same company in an earlier campaign of the workspace.
create index leads_domain on leads (workspace_id, domain) where domain is not null and email is not null;

-- held: answered from provider_cache; spared: a free check made the call needless. Neither was sent.
alter table provider_calls
    drop constraint provider_calls_state_check,
    add constraint provider_calls_state_check
        check (state in ('intent', 'done', 'failed_free', 'unknown', 'held', 'spared')),
    add column id uuid not null,
    add column attempt integer not null default 1,
    add column subject text,
    add column cost_micros bigint not null default 0 check (cost_micros between 0 and price_micros),
    add column saved_micros bigint not null default 0 check (saved_micros >= 0),
    add column found boolean,
    add column error text,
    add column created_at timestamptz not null default now();
create unique index provider_calls_id on provider_calls (workspace_id, id);
create index provider_calls_newest on provider_calls (workspace_id, created_at desc, id desc);
create index provider_calls_open on provider_calls (sent_at) where state = 'intent';

-- How each provider is, as the workers last saw it; no tenant.
create table provider_status (
    provider text primary key,
    state text not null check (state in ('ok', 'waiting', 'refused', 'exhausted', 'unreachable')),
    message text not null,
    since timestamptz not null default now(),
    checked_at timestamptz not null default now()
);
-- An administrator's recorded decisions about a provider; no tenant. The newest row of a name holds.
create table provider_choices (
    id bigint generated always as identity primary key,
    provider text not null,
    name text not null,
    value text not null,
    decided_by uuid not null,
    decided_at timestamptz not null default now()
);
create index provider_choices_newest on provider_choices (provider, name, id desc);

do $$
declare item text;
begin
    foreach item in array array['provider_status', 'provider_choices'] loop
        execute format('alter table %I enable row level security', item);
        execute format('alter table %I force row level security', item);
        execute format('create policy everybody on %I for select to pp_web, pp_worker, pp_system, pp_admin using (true)', item);
        execute format('grant select on %I to pp_web, pp_worker, pp_system, pp_admin', item);
    end loop;
end $$;
create policy observed on provider_status to pp_worker using (true) with check (true);
create policy observed_by_system on provider_status to pp_system using (true) with check (true);
grant insert, update on provider_status to pp_worker, pp_system;
create policy decided on provider_choices for insert to pp_admin
    with check ((select app_is_admin()) and decided_by = (select app_user_id()));
grant insert on provider_choices to pp_admin;
