-- Plans that are paid for: which one a workspace has, what it allows, and what Stripe told.

create table billing_accounts (
    workspace_id uuid primary key references workspaces on delete cascade,
    customer_id text not null unique check (length(customer_id) between 1 and 255),
    subscription_id text check (length(subscription_id) <= 255),
    item_id text check (length(item_id) <= 255),
    plan text not null default 'free' check (length(plan) between 1 and 40),
    status text not null default 'none' check (status in ('none', 'active', 'past_due', 'ended', 'gone')),
    renews_at timestamp with time zone,
    ends_at timestamp with time zone,
    grace_until timestamp with time zone,
    running integer not null default 0 check (running >= 0),
    due_at timestamp with time zone not null default now(),
    asked_at timestamp with time zone,
    turn bigint not null default 0
);
comment on column billing_accounts.plan is 'What is paid for; until grace_until also while a payment is missing.';
comment on column billing_accounts.ends_at is 'When it ends because somebody cancelled; empty: it goes on.';
comment on column billing_accounts.running is 'How many subscriptions are paid for; more than one is a mistake somebody should end.';
comment on column billing_accounts.due_at is 'When Stripe is asked next how it stands.';
comment on column billing_accounts.turn is 'Who asks Stripe writes down the answer only while nobody asked after them.';
create index billing_accounts_due on billing_accounts (due_at);

create table billing_events (
    id text primary key check (length(id) between 1 and 255),
    kind text not null check (length(kind) between 1 and 100),
    customer_id text check (length(customer_id) <= 255),
    made_at timestamp with time zone not null,
    received_at timestamp with time zone not null default now()
);
comment on table billing_events is 'What Stripe told; each is kept once, however often it is told.';
create index billing_events_received on billing_events (received_at);

create table billing_partings (
    customer_id text primary key,
    parted_at timestamp with time zone not null default now(),
    due_at timestamp with time zone default now()
);
comment on table billing_partings is 'Customers whose workspace was deleted: what they still pay for is to end.';

create table plan_leads (
    workspace_id uuid not null references workspaces on delete cascade,
    month date not null,
    campaign_id uuid not null,
    base integer not null check (base >= 0),
    promised integer not null check (promised >= 0),
    used integer not null default 0 check (used >= 0),
    primary key (workspace_id, month, campaign_id)
);
comment on column plan_leads.base is 'Leads the campaign had when it began, or went on.';
comment on column plan_leads.promised is 'Leads it may still find; none once it has ended.';
comment on column plan_leads.used is 'Leads it found in all the times it ended.';
create index plan_leads_campaign on plan_leads (workspace_id, campaign_id) where promised > 0;

alter table billing_accounts enable row level security;
alter table billing_accounts force row level security;
alter table billing_events enable row level security;
alter table billing_events force row level security;
alter table billing_partings enable row level security;
alter table billing_partings force row level security;
alter table plan_leads enable row level security;
alter table plan_leads force row level security;
create policy member on billing_accounts for select to pp_web using (workspace_id in (select app_workspaces()));
create policy administrator on billing_accounts for select to pp_admin using ((select app_is_admin()));
create policy auth_all on billing_accounts to pp_auth using (true) with check (true);
create policy auth_all on billing_events to pp_auth using (true) with check (true);
create policy auth_all on billing_partings to pp_auth using (true) with check (true);
create policy auth_all on plan_leads to pp_auth using (true) with check (true);
grant select on billing_accounts to pp_web, pp_admin;
grant select, insert, update, delete on billing_accounts, billing_events, billing_partings, plan_leads to pp_auth;

alter table schedules drop constraint schedules_pause_cause_check;
alter table schedules add constraint schedules_pause_cause_check
    check (pause_cause in ('person', 'failures', 'no_right', 'never', 'plan'));
alter table schedule_runs drop constraint schedule_runs_outcome_check;
alter table schedule_runs add constraint schedule_runs_outcome_check
    check (outcome in ('ordered', 'still_running', 'month_spent', 'limit_reached', 'plan_reached', 'wallet_empty'));

grant create on schema public to pp_auth;
set local role pp_auth;

-- What a workspace's plan allows, and which one it is; nothing where plans are not sold.
create function plan_figures(workspace uuid) returns jsonb
language sql stable security definer set search_path = pg_catalog, public as $$
    select (p.plans -> w.plan) || jsonb_build_object('plan', w.plan)
    from (select convert_from(i.value, 'UTF8')::jsonb as plans
        from installation i where i.name = 'plans' and length(i.value) > 0) p,
        lateral (select coalesce((select case when a.grace_until < now() then 'free' else a.plan end
            from billing_accounts a where a.workspace_id = workspace and p.plans ? a.plan), 'free') as plan) w
$$;

create function plan_refuse(figures jsonb, what text, room bigint) returns void
language plpgsql set search_path = pg_catalog, public as $$
begin
    raise exception using errcode = 'PPPLN', message = 'the plan allows no more',
        detail = jsonb_build_object('what', what, 'plan', figures -> 'plan', 'left', greatest(0, room));
end $$;

-- A campaign begins or goes on when all it may still find fits into the month; a running one keeps what it was given.
create function plan_leads_grant() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare figures jsonb := plan_figures(new.workspace_id); starts date := spend_starts('month', now());
    wanted integer := greatest(0, coalesce((new.spec ->> 'max_results')::integer, 0) - new.lead_count); room bigint;
begin
    if figures is null then return null; end if;
    perform pg_advisory_xact_lock(hashtextextended('plan ' || new.workspace_id, 0));
    select (figures ->> 'leads')::bigint - coalesce(sum(l.used + l.promised), 0) into room
        from plan_leads l where l.workspace_id = new.workspace_id and l.month = starts;
    if wanted > room then perform plan_refuse(figures, 'leads', room); end if;
    insert into plan_leads (workspace_id, month, campaign_id, base, promised)
        values (new.workspace_id, starts, new.id, new.lead_count, wanted)
        on conflict (workspace_id, month, campaign_id) do update
        set base = excluded.base, promised = excluded.promised;
    return null;
end $$;

-- What it did not find is free again.
create function plan_leads_count() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    update plan_leads l set used = l.used + greatest(0, new.lead_count - l.base), promised = 0
        where l.workspace_id = new.workspace_id and l.campaign_id = new.id and l.promised > 0;
    return null;
end $$;

-- Who is invited counts as who is in; who accepts comes in while there is room.
create function plan_members_admit() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare figures jsonb := plan_figures(new.workspace_id); people bigint;
begin
    if figures is null then return null; end if;
    perform pg_advisory_xact_lock(hashtextextended('plan ' || new.workspace_id, 0));
    select count(*) into people from memberships m where m.workspace_id = new.workspace_id;
    if tg_op = 'INSERT' then
        people := people + (select count(*) from invitations i where i.workspace_id = new.workspace_id
            and i.accepted_at is null and i.revoked_at is null and i.expires_at > now());
    end if;
    if people > (figures ->> 'members')::bigint then perform plan_refuse(figures, 'members', 0); end if;
    return null;
end $$;

create function plan_schedules_admit() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare figures jsonb;
begin
    if new.paused_at is not null or (tg_op = 'UPDATE' and old.paused_at is null) then return new; end if;
    figures := plan_figures(new.workspace_id);
    if figures is null then return new; end if;
    perform pg_advisory_xact_lock(hashtextextended('plan ' || new.workspace_id, 0));
    if (select count(*) from schedules s
        where s.workspace_id = new.workspace_id and s.id <> new.id and s.paused_at is null) >= (figures ->> 'schedules')::bigint
    then
        perform plan_refuse(figures, 'schedules', 0);
    end if;
    return new;
end $$;

create function plan_keys_admit() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare figures jsonb := plan_figures(new.workspace_id);
begin
    if not (figures ->> 'api')::boolean then perform plan_refuse(figures, 'api', 0); end if;
    return new;
end $$;

-- What a workspace has of its plan, for who is in it; nothing where plans are not sold.
create function app_plan(of_workspace uuid)
returns table (plan text, leads bigint, members bigint, schedules bigint)
language sql stable security definer set search_path = pg_catalog, public as $$
    select f.figures ->> 'plan',
        (select coalesce(sum(l.used + l.promised), 0)::bigint from plan_leads l
            where l.workspace_id = of_workspace and l.month = spend_starts('month', now())),
        (select count(*) from memberships m where m.workspace_id = of_workspace)
            + (select count(*) from invitations i where i.workspace_id = of_workspace
                and i.accepted_at is null and i.revoked_at is null and i.expires_at > now()),
        (select count(*) from schedules s where s.workspace_id = of_workspace and s.paused_at is null)
    from (select plan_figures(of_workspace) as figures) f
    where f.figures is not null and of_workspace in (select app_workspaces())
$$;

-- The customer a workspace pays as; another one only where the one before is gone at Stripe.
create function app_billing_connect(of_workspace uuid, customer text, gone text) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if of_workspace not in (select app_workspaces_as('owner')) then
        raise insufficient_privilege using message = 'only the owner pays';
    end if;
    insert into billing_accounts (workspace_id, customer_id) values (of_workspace, customer)
        on conflict (workspace_id) do update set customer_id = excluded.customer_id, status = 'none', due_at = now()
        where billing_accounts.customer_id = gone and billing_accounts.status = 'gone';
    return (select a.customer_id from billing_accounts a where a.workspace_id = of_workspace);
end $$;

-- Its owner comes back from Stripe: it is asked at once.
create function app_billing_ask(of_workspace uuid) returns void
language sql security definer set search_path = pg_catalog, public as $$
    update billing_accounts a set due_at = now()
    where a.workspace_id = of_workspace and of_workspace in (select app_workspaces_as('owner')) and a.due_at > now()
$$;

create function billing_due() returns boolean
language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (select from billing_accounts a where a.due_at <= now())
        or exists (select from billing_partings p where p.due_at <= now())
$$;

create function billing_take(hold_s integer) returns table (workspace_id uuid, customer_id text, turn bigint, held_until timestamp with time zone)
language sql security definer set search_path = pg_catalog, public as $$
    update billing_accounts a set turn = a.turn + 1, due_at = now() + make_interval(secs => hold_s)
    where a.workspace_id = (select d.workspace_id from billing_accounts d where d.due_at <= now()
        order by d.due_at limit 1 for update skip locked)
    returning a.workspace_id, a.customer_id, a.turn, a.due_at
$$;

-- Write down how Stripe says it stands. What came while it was asked is asked about again.
create function billing_keep(workspace uuid, of_turn bigint, held timestamp with time zone, said jsonb) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare before billing_accounts; after billing_accounts;
begin
    select a.* into before from billing_accounts a where a.workspace_id = workspace and a.turn = of_turn for update;
    if before.workspace_id is null then return false; end if;
    update billing_accounts a set subscription_id = said ->> 'subscription_id', item_id = said ->> 'item_id',
            plan = said ->> 'plan', status = said ->> 'status', running = (said ->> 'running')::integer,
            renews_at = (said ->> 'renews_at')::timestamptz, ends_at = (said ->> 'ends_at')::timestamptz,
            -- A plan that stays unpaid has a newer bill each month; the time it is kept for does not begin anew.
            grace_until = case when said ->> 'grace_until' is not null then least((said ->> 'grace_until')::timestamptz,
                case when a.status = 'past_due' then a.grace_until end) end,
            asked_at = now(),
            due_at = case when a.due_at = held then
                least(now() + interval '1 day',
                    case when (said ->> 'grace_until')::timestamptz > now() then (said ->> 'grace_until')::timestamptz end)
                else a.due_at end
        where a.workspace_id = workspace returning a.* into after;
    if (before.plan, before.status) is distinct from (after.plan, after.status) then
        perform auth_note((select m.user_id from memberships m where m.workspace_id = workspace and m.role = 'owner'),
            'plan_changed', workspace, workspace, jsonb_build_object(
            'from', before.plan, 'to', after.plan, 'status', after.status));
    end if;
    return true;
end $$;

-- Stripe does not answer: nobody is asked about for a while.
create function billing_wait(wait_s integer) returns void
language sql security definer set search_path = pg_catalog, public as $$
    update billing_accounts a set due_at = now() + make_interval(secs => wait_s) where a.due_at <= now();
    update billing_partings p set due_at = now() + make_interval(secs => wait_s) where p.due_at <= now();
$$;

create function billing_parting(hold_s integer) returns text
language sql security definer set search_path = pg_catalog, public as $$
    update billing_partings p set due_at = now() + make_interval(secs => hold_s)
    where p.customer_id = (select d.customer_id from billing_partings d where d.due_at <= now()
        order by d.due_at limit 1 for update skip locked)
    returning p.customer_id
$$;

create function billing_parted(customer text) returns void
language sql security definer set search_path = pg_catalog, public as $$
    update billing_partings p set due_at = null where p.customer_id = customer and p.due_at > now()
$$;

-- Schedules beyond what a plan allows pause, the newest first; what is old goes.
create function billing_settle() returns integer
language plpgsql security definer set search_path = pg_catalog, public as $$
declare paused integer;
begin
    update schedules s set next_at = null, paused_at = now(), pause_cause = 'plan'
    from (
        select o.workspace_id, o.id, row_number() over (partition by o.workspace_id order by o.created_at, o.id) as place
        from schedules o where o.paused_at is null
    ) o
    where o.workspace_id = s.workspace_id and o.id = s.id
        and o.place > (plan_figures(s.workspace_id) ->> 'schedules')::bigint;
    get diagnostics paused = row_count;
    delete from billing_events e where e.received_at < now() - interval '90 days';
    delete from billing_partings p where p.parted_at < now() - interval '400 days' and p.due_at is null;
    delete from plan_leads l where l.month < current_date - 400 and l.promised = 0;
    return paused;
end $$;

create function billing_part() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    insert into billing_partings (customer_id) values (old.customer_id) on conflict do nothing;
    return null;
end $$;

-- As before, and told when the plan allows no more leads this month, or the wallet is empty.
create or replace function schedule_order(
    workspace uuid, schedule uuid, due timestamp with time zone, next_time timestamp with time zone, passed integer, run uuid, campaign uuid, job uuid, wake uuid
) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare one schedules; said text;
begin
    select s.* into one from schedules s
    where s.workspace_id = workspace and s.id = schedule and s.next_at = due for update skip locked;
    if one.id is null then return null; end if;
    if not exists (
        select from memberships m join users u on u.id = m.user_id
        where m.workspace_id = workspace and m.user_id = one.created_by and role_rank(m.role) >= role_rank('member')
            and u.disabled_at is null and u.deleted_at is null
            and not (u.is_free and (one.spec ->> 'budget_usd')::numeric > 0)
    ) then
        perform schedule_pause(workspace, schedule, 'no_right');
        return 'no_right';
    end if;
    if schedule_keeps_failing(one) then
        perform schedule_pause(workspace, schedule, 'failures');
        return 'failures';
    end if;
    said := schedule_refusal(one);
    if said is null then
        begin
            insert into campaigns (workspace_id, id, created_by, idem_key, title, spec, budget_micros)
            values (workspace, campaign, one.created_by, 'schedule ' || run, left(one.name, 300), one.spec,
                (one.spec ->> 'budget_usd')::numeric * 1000000);
            insert into discovery_jobs (workspace_id, id, campaign_id) values (workspace, job, campaign);
            insert into outbox (workspace_id, id, kind, job_id, attempt) values (workspace, wake, 'run_campaign', job, 0);
            said := 'ordered';
        exception when sqlstate 'PPLIM' then
            said := 'limit_reached';
        when sqlstate 'PPPLN' then
            said := 'plan_reached';
        when sqlstate 'PPWAL' then
            said := 'wallet_empty';
        end;
    end if;
    insert into schedule_runs (workspace_id, id, schedule_id, due_at, missed, outcome, campaign_id)
    values (workspace, run, schedule, due, passed, said, case when said = 'ordered' then campaign end);
    -- One that is due every hour would else keep a row of each for ever.
    delete from schedule_runs r
        where r.workspace_id = workspace and r.schedule_id = schedule and r.begun_at < now() - interval '400 days';
    update schedules s set next_at = next_time, paused_at = case when next_time is null then now() end,
        pause_cause = case when next_time is null then 'never' end
    where s.workspace_id = workspace and s.id = schedule;
    return said;
end $$;

revoke all on function plan_figures(uuid), plan_refuse(jsonb, text, bigint), app_plan(uuid),
    app_billing_connect(uuid, text, text), app_billing_ask(uuid),
    billing_due(), billing_take(integer),
    billing_keep(uuid, bigint, timestamp with time zone, jsonb), billing_parting(integer), billing_parted(text),
    billing_wait(integer), billing_settle() from public;
grant execute on function app_plan(uuid), app_billing_connect(uuid, text, text), app_billing_ask(uuid) to pp_web;
grant execute on function billing_due(), billing_take(integer),
    billing_keep(uuid, bigint, timestamp with time zone, jsonb), billing_parting(integer), billing_parted(text),
    billing_wait(integer), billing_settle() to pp_system;
reset role;
revoke create on schema public from pp_auth;

create trigger plan_leads_new after insert on campaigns for each row when (new.ended_at is null)
    execute function plan_leads_grant();
create trigger plan_leads_again after update on campaigns for each row
    when (old.ended_at is not null and new.ended_at is null) execute function plan_leads_grant();
create trigger plan_leads_end after update on campaigns for each row
    when (old.ended_at is null and new.ended_at is not null) execute function plan_leads_count();
create trigger plan_members_new after insert on invitations for each row execute function plan_members_admit();
create trigger plan_members_come after update of accepted_at on invitations for each row
    when (old.accepted_at is null and new.accepted_at is not null) execute function plan_members_admit();
create trigger plan_schedules_admit before insert or update of paused_at on schedules for each row
    execute function plan_schedules_admit();
create trigger plan_keys_admit before insert on api_keys for each row execute function plan_keys_admit();
create trigger billing_part after delete on billing_accounts for each row execute function billing_part();
set local role pp_auth;
revoke all on function plan_leads_grant(), plan_leads_count(), plan_members_admit(), plan_schedules_admit(),
    plan_keys_admit(), billing_part() from public;
reset role;
