create table webhooks (
    workspace_id uuid not null references workspaces on delete cascade,
    id uuid not null,
    url text not null check (length(url) between 12 and 500) check (url ~ '^https://'),
    events text[] not null check (cardinality(events) between 1 and 20) check (array_position(events, null) is null),
    secret text not null,
    earlier_secret text,
    earlier_until timestamptz,
    created_by uuid not null,
    created_at timestamptz not null default now(),
    paused_at timestamptz,
    primary key (workspace_id, id),
    check ((earlier_secret is null) = (earlier_until is null))
);
comment on column webhooks.secret is 'What messages are signed with, encrypted under APP_SECRET.';
comment on column webhooks.earlier_secret is 'The one before, which signs as well until earlier_until.';

create table webhook_deliveries (
    workspace_id uuid not null,
    id uuid not null,
    webhook_id uuid not null,
    event text not null,
    data jsonb not null check (jsonb_typeof(data) = 'object'),
    created_at timestamptz not null default now(),
    due_at timestamptz default now(),
    tries integer not null default 0,
    tried_at timestamptz,
    status integer,
    problem text,
    delivered_at timestamptz,
    primary key (workspace_id, id),
    foreign key (workspace_id, webhook_id) references webhooks (workspace_id, id) on delete cascade,
    check (due_at is null or delivered_at is null)
);
comment on table webhook_deliveries is 'Messages: ids, counts and amounts, never what is known of a business or a person.';
comment on column webhook_deliveries.due_at is 'When it is to be sent next; null: it arrived, or nobody tries any more.';
create index webhook_deliveries_due on webhook_deliveries (due_at) where due_at is not null;
create index webhook_deliveries_of on webhook_deliveries (workspace_id, webhook_id, created_at desc, id desc);
create index webhook_deliveries_at on webhook_deliveries (created_at);

do $$
declare name text;
begin
    foreach name in array array['webhooks', 'webhook_deliveries'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy manager on %I to pp_web using (workspace_id in (select app_workspaces_as(''admin'')))'
            ' with check (workspace_id in (select app_workspaces_as(''admin'')))', name);
        execute format('create policy auth_all on %I to pp_auth using (true) with check (true)', name);
        execute format('grant select, insert, update, delete on %I to pp_auth', name);
    end loop;
end $$;
create policy everywhere on webhook_deliveries for select to pp_system using (true);
grant select (due_at) on webhook_deliveries to pp_system;
grant select (workspace_id, id, url, events, earlier_until, created_by, created_at, paused_at) on webhooks to pp_web;
grant insert (workspace_id, id, url, events, secret, created_by), update (url, events, paused_at), delete
    on webhooks to pp_web;
grant select on webhook_deliveries to pp_web;

grant create on schema public to pp_auth;
set local role pp_auth;

-- Tell everybody in a workspace who wants to know. Costs one look at an index where nobody does.
create function webhook_promise(workspace uuid, what text, told jsonb) returns void
language sql security definer set search_path = pg_catalog, public as $$
    insert into webhook_deliveries (workspace_id, id, webhook_id, event, data)
    select w.workspace_id, gen_random_uuid(), w.id, what, told from webhooks w
    where w.workspace_id = workspace and what = any (w.events) and w.paused_at is null
$$;

create function webhook_campaign_ended() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    perform webhook_promise(new.workspace_id, 'campaign.ended', jsonb_build_object('campaign_id', new.id,
        'status', new.status, 'leads', new.lead_count, 'emails_verified', new.emails_verified,
        'spent_micros', new.spent_micros, 'ended_at', new.ended_at));
    return null;
end $$;

create function webhook_lead_verified() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    perform webhook_promise(new.workspace_id, 'lead.verified', jsonb_build_object('campaign_id', new.campaign_id,
        'lead_id', new.id, 'company_id', new.company_id));
    return null;
end $$;

create function webhook_most() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('webhooks ' || new.workspace_id, 0));
    if (select count(*) from webhooks where workspace_id = new.workspace_id) >= 10 then
        raise check_violation using message = 'a workspace has ten webhooks at most', constraint = 'webhooks_most';
    end if;
    return new;
end $$;

create function webhook_noted() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare one webhooks := coalesce(new, old);
begin
    -- A workspace that goes takes them along; nobody asked for that one by one.
    if app_user_id() is not null then
        perform auth_note(app_user_id(), case tg_op when 'INSERT' then 'webhook_added' when 'DELETE' then 'webhook_removed'
            when 'UPDATE' then case when new.secret <> old.secret then 'webhook_secret_renewed' else 'webhook_changed' end
            end, one.workspace_id, one.id, '{}');
    end if;
    return null;
end $$;

-- The secret before signs beside the new one for as many hours, so that whoever checks can change over.
create function webhook_renew_secret(workspace uuid, webhook uuid, sealed text, hours integer) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    update webhooks set earlier_secret = secret, earlier_until = now() + make_interval(hours => least(hours, 168)),
            secret = sealed
        where workspace_id = workspace and id = webhook and workspace in (select app_workspaces_as('admin'));
    return found;
end $$;

-- One message more to this very webhook, paused or not: a test, or one that is sent again.
create function webhook_send(workspace uuid, webhook uuid, delivery uuid, what text) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    insert into webhook_deliveries (workspace_id, id, webhook_id, event, data)
        select w.workspace_id, delivery, w.id, what, '{}' from webhooks w
        where w.workspace_id = workspace and w.id = webhook and workspace in (select app_workspaces_as('admin'));
    return found;
end $$;
create function webhook_send_again(workspace uuid, delivery uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    update webhook_deliveries set due_at = now(), tries = 0, delivered_at = null
        where workspace_id = workspace and id = delivery and due_at is null
            and workspace in (select app_workspaces_as('admin'));
    return found;
end $$;

-- Those that were tried least come first, so that an address that never answers keeps nobody waiting.
create function webhook_claim(hold_s integer) returns table (workspace_id uuid, id uuid, url text, event text, data jsonb,
    created_at timestamptz, tries integer, secret text, earlier_secret text, now_s bigint)
language plpgsql security definer set search_path = pg_catalog, public as $$
#variable_conflict use_column
begin
    return query
        update webhook_deliveries d set due_at = now() + make_interval(secs => hold_s), tries = d.tries + 1, tried_at = now()
        from webhooks w
        where w.workspace_id = d.workspace_id and w.id = d.webhook_id and (d.workspace_id, d.id) = (
            select n.workspace_id, n.id from webhook_deliveries n where n.due_at <= now()
            order by n.tries, n.due_at limit 1 for update skip locked)
        returning d.workspace_id, d.id, w.url, d.event, d.data, d.created_at, d.tries, w.secret,
            case when w.earlier_until > now() then w.earlier_secret end, extract(epoch from now())::bigint;
end $$;

-- What came of it. Without a time to wait it arrived, or nobody tries any more.
create function webhook_done(workspace uuid, delivery uuid, answered integer, why text, wait_s double precision)
returns void
language sql security definer set search_path = pg_catalog, public as $$
    update webhook_deliveries set status = answered, problem = why, due_at = now() + make_interval(secs => wait_s),
            delivered_at = case when why is null then now() end
        where workspace_id = workspace and id = delivery and delivered_at is null
$$;

create function forget_webhook_deliveries(days integer) returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
declare gone bigint;
begin
    delete from webhook_deliveries where created_at < now() - make_interval(days => days) and due_at is null;
    get diagnostics gone = row_count;
    return gone;
end $$;

revoke all on function webhook_promise(uuid, text, jsonb), webhook_renew_secret(uuid, uuid, text, integer), webhook_send(uuid, uuid, uuid, text),
    webhook_send_again(uuid, uuid), webhook_claim(integer), webhook_done(uuid, uuid, integer, text, double precision),
    forget_webhook_deliveries(integer) from public;
grant execute on function webhook_renew_secret(uuid, uuid, text, integer), webhook_send(uuid, uuid, uuid, text),
    webhook_send_again(uuid, uuid) to pp_web;
grant execute on function webhook_claim(integer), webhook_done(uuid, uuid, integer, text, double precision),
    forget_webhook_deliveries(integer) to pp_system;
reset role;
revoke create on schema public from pp_auth;

create trigger webhook_campaign_ended after update on campaigns for each row
    when (old.ended_at is null and new.ended_at is not null) execute function webhook_campaign_ended();
create trigger webhook_lead_verified after insert on leads for each row
    when (new.email_status = 'verified') execute function webhook_lead_verified();
create trigger webhook_lead_verified_later after update of email_status on leads for each row
    when (new.email_status = 'verified' and old.email_status <> 'verified') execute function webhook_lead_verified();
create trigger webhook_most before insert on webhooks for each row execute function webhook_most();
create trigger webhook_noted after insert or update or delete on webhooks for each row execute function webhook_noted();
set local role pp_auth;
revoke all on function webhook_campaign_ended(), webhook_lead_verified(), webhook_most(), webhook_noted() from public;
reset role;
