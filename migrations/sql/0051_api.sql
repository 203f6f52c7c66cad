-- What programs need beside their keys: how much each key asks for, answers that are given again, and quotes.

-- Not worth what keeping it through a crash costs: a minute later it counts from nothing anyway.
create unlogged table api_key_use (
    workspace_id uuid not null,
    key_id uuid not null,
    since timestamptz not null,
    requests integer not null,
    primary key (workspace_id, key_id),
    foreign key (workspace_id, key_id) references api_keys (workspace_id, id) on delete cascade
);
comment on table api_key_use is 'How often each key asked within the stretch of time that began at "since".';

create table api_replies (
    workspace_id uuid not null,
    id uuid not null,
    user_id uuid not null,
    idem_key text not null check (length(idem_key) between 1 and 200),
    asked bytea not null,
    begun_at timestamptz not null default now(),
    tried_at timestamptz not null default now(),
    status integer check (status between 200 and 299),
    body text,
    primary key (workspace_id, id),
    unique (workspace_id, user_id, idem_key),
    foreign key (workspace_id, user_id) references memberships (workspace_id, user_id) on delete cascade
);
comment on table api_replies is 'What a request with an idempotency key was answered, to be answered again for a day; without a status it is still being carried out.';
comment on column api_replies.asked is 'SHA-256 of what was asked for.';
create index api_replies_age on api_replies (begun_at);

create table quotes (
    workspace_id uuid not null,
    id uuid not null,
    user_id uuid not null,
    spec jsonb not null,
    spec_hash bytea not null,
    plan jsonb not null,
    cost_low_micros bigint not null,
    cost_high_micros bigint not null,
    duration_low_s integer not null,
    duration_high_s integer not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null default now() + interval '1 hour',
    primary key (workspace_id, id),
    foreign key (workspace_id, user_id) references memberships (workspace_id, user_id) on delete cascade
);
comment on table quotes is 'Plans somebody may order by within the hour: what of, what it was expected to cost and take.';
create index quotes_age on quotes (expires_at);

alter table api_key_use enable row level security;
alter table api_key_use force row level security;
create policy auth_all on api_key_use to pp_auth using (true) with check (true);
grant select, insert, update, delete on api_key_use to pp_auth;

alter table api_replies enable row level security;
alter table api_replies force row level security;
create policy own on api_replies to pp_web
    using (user_id = (select app_user_id()) and workspace_id in (select app_workspaces_as('member')))
    with check (user_id = (select app_user_id()) and workspace_id in (select app_workspaces_as('member')));
create policy auth_all on api_replies to pp_auth using (true) with check (true);
grant select, insert, delete on api_replies to pp_web;
grant update (tried_at, status, body) on api_replies to pp_web;
grant select, delete on api_replies to pp_auth;

alter table quotes enable row level security;
alter table quotes force row level security;
create policy sees on quotes for select to pp_web using (workspace_id in (select app_workspaces()));
create policy adds on quotes for insert to pp_web
    with check (user_id = (select app_user_id()) and workspace_id in (select app_workspaces_as('member')));
create policy auth_all on quotes to pp_auth using (true) with check (true);
grant select on quotes to pp_web;
grant insert (workspace_id, id, user_id, spec, spec_hash, plan, cost_low_micros, cost_high_micros, duration_low_s,
    duration_high_s) on quotes to pp_web;
grant select, delete on quotes to pp_auth;

grant create on schema public to pp_auth;
set local role pp_auth;

create function app_count_request(window_s integer) returns table (requests integer, resets_in_s integer)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare asking api_keys; begins timestamptz := now() - make_interval(secs => window_s);
begin
    select k.* into asking from api_keys k where k.key_hash = app_proof() and exists (select from app_asker());
    if not found then return; end if;
    return query
        insert into api_key_use as u (workspace_id, key_id, since, requests)
            values (asking.workspace_id, asking.id, now(), 1)
        on conflict (workspace_id, key_id) do update set
            requests = case when u.since > begins then u.requests + 1 else 1 end,
            since = case when u.since > begins then u.since else now() end
        returning u.requests, greatest(1, ceil(extract(epoch from u.since - begins))::integer);
end $$;
comment on function app_count_request is 'Counts one request of the key that asks: how many it made in this stretch of so many seconds, and when the next one begins; nothing for anybody else.';

create function forget_api_rows() returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
declare part bigint; gone bigint;
begin
    delete from api_replies where begun_at < now() - interval '24 hours';
    get diagnostics gone = row_count;
    delete from quotes where expires_at < now() - interval '24 hours';
    get diagnostics part = row_count;
    return gone + part;
end $$;

-- A key may end itself: who did it is read before, as afterwards it proves nothing any more.
create or replace function app_revoke_key(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare home uuid; me constant uuid := app_user_id();
begin
    update api_keys k set revoked_at = now() where k.id = which and k.revoked_at is null
        and (k.user_id = me or k.workspace_id in (select app_workspaces_as('admin')))
        and k.workspace_id in (select app_workspaces())
        returning k.workspace_id into home;
    if home is null then return false; end if;
    perform auth_note(me, 'key_revoked', home, which, '{}');
    return true;
end $$;

revoke all on function app_count_request(integer), forget_api_rows() from public;
grant execute on function app_count_request(integer) to pp_web;
grant execute on function forget_api_rows() to pp_system;
reset role;
revoke create on schema public from pp_auth;
