-- Schedules: an order that is placed again and again, by the time of somebody's clock.

create table schedules (
    workspace_id uuid not null references workspaces on delete cascade,
    id uuid not null,
    created_by uuid not null,
    name text not null check (length(name) between 1 and 200),
    spec jsonb not null,
    cron text not null check (length(cron) between 9 and 100),
    time_zone text not null check (length(time_zone) between 1 and 64),
    month_micros bigint check (month_micros between 0 and 10000000000),
    next_at timestamp with time zone,
    paused_at timestamp with time zone,
    pause_cause text check (pause_cause in ('person', 'failures', 'no_right', 'never')),
    changed_at timestamp with time zone not null default now(),
    created_at timestamp with time zone not null default now(),
    primary key (workspace_id, id),
    check ((next_at is null) = (paused_at is not null)),
    check ((paused_at is null) = (pause_cause is null))
);
comment on column schedules.created_by is 'Whose rights and money limits each order is placed under.';
comment on column schedules.month_micros is 'What its orders of a calendar month may come to; empty: only the limits of the workspace hold.';
comment on column schedules.changed_at is 'When it was made, changed or resumed last: failures before count no more.';
create index schedules_due on schedules (next_at) where next_at is not null;

create table schedule_runs (
    workspace_id uuid not null,
    id uuid not null,
    schedule_id uuid not null,
    due_at timestamp with time zone not null,
    begun_at timestamp with time zone not null default now(),
    missed integer not null default 0 check (missed >= 0),
    outcome text not null check (outcome in ('ordered', 'still_running', 'month_spent', 'limit_reached')),
    campaign_id uuid,
    primary key (workspace_id, id),
    foreign key (workspace_id, schedule_id) references schedules on delete cascade,
    foreign key (workspace_id, campaign_id) references campaigns on delete set null (campaign_id),
    unique (workspace_id, schedule_id, due_at)
);
comment on column schedule_runs.missed is 'How many times before this one were due and passed, as nothing ran: they are made up for by this one.';
create index schedule_runs_newest on schedule_runs (workspace_id, schedule_id, begun_at desc);
create index schedule_runs_campaign on schedule_runs (workspace_id, campaign_id) where campaign_id is not null;

alter table schedules enable row level security;
alter table schedules force row level security;
alter table schedule_runs enable row level security;
alter table schedule_runs force row level security;
create policy member on schedules for select to pp_web using (workspace_id in (select app_workspaces()));
create policy adds on schedules for insert to pp_web
    with check (workspace_id in (select app_workspaces_as('member')) and created_by = (select app_user_id()));
create policy changes on schedules for update to pp_web
    using (workspace_id in (select app_workspaces_as('member'))
        and (created_by = (select app_user_id()) or workspace_id in (select app_workspaces_as('admin'))));
create policy removes on schedules for delete to pp_web
    using (workspace_id in (select app_workspaces_as('member'))
        and (created_by = (select app_user_id()) or workspace_id in (select app_workspaces_as('admin'))));
create policy member on schedule_runs for select to pp_web using (workspace_id in (select app_workspaces()));
create policy auth_all on schedules to pp_auth using (true) with check (true);
create policy auth_all on schedule_runs to pp_auth using (true) with check (true);
grant select, insert, delete on schedules to pp_web;
grant update (name, spec, cron, time_zone, month_micros, next_at, paused_at, pause_cause, changed_at) on schedules to pp_web;
grant select on schedule_runs to pp_web;
grant select, insert, update, delete on schedules, schedule_runs to pp_auth;

-- What is due orders in the name of who made the schedule.
create policy schedules on discovery_jobs for insert to pp_auth with check (true);
create policy schedules on outbox for insert to pp_auth with check (true);
grant insert (workspace_id, id, created_by, idem_key, title, spec, budget_micros) on campaigns to pp_auth;
grant insert (workspace_id, id, campaign_id) on discovery_jobs to pp_auth;
grant insert (workspace_id, id, kind, job_id, attempt) on outbox to pp_auth;

grant create on schema public to pp_auth;
set local role pp_auth;

-- A key with a money limit makes none, as orders that come later would not know it; nor does a guest, whose all is removed.
create function schedule_admits() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if exists (select from api_keys k where k.key_hash = app_proof() and k.limit_micros is not null)
        or exists (select from users u where u.id = app_user_id() and u.guest_until is not null) then
        raise exception using errcode = 'PPSCH', message = 'neither guests nor keys with a money limit make schedules';
    end if;
    perform pg_advisory_xact_lock(hashtextextended('schedules ' || new.workspace_id, 0));
    if tg_op = 'INSERT' and (select count(*) from schedules where workspace_id = new.workspace_id) >= 50 then
        raise check_violation using message = 'a workspace has 50 schedules at most', constraint = 'schedules_most';
    end if;
    return new;
end $$;

create function schedule_noted() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare one schedules := coalesce(new, old);
begin
    if app_user_id() is not null then
        perform auth_note(app_user_id(), case tg_op when 'INSERT' then 'schedule_added' when 'DELETE' then 'schedule_removed'
            when 'UPDATE' then case when (new.paused_at is null) = (old.paused_at is null) then 'schedule_changed'
                when new.paused_at is null then 'schedule_resumed' else 'schedule_paused' end
            end, one.workspace_id, one.id, '{}');
    end if;
    return null;
end $$;

-- What is due, the longest due first.
create function schedules_due(most integer)
returns table (workspace_id uuid, id uuid, cron text, time_zone text, next_at timestamp with time zone,
    now_at timestamp with time zone)
language sql stable security definer set search_path = pg_catalog, public as $$
    select s.workspace_id, s.id, s.cron, s.time_zone, s.next_at, now()
    from schedules s where s.next_at <= now() order by s.next_at limit most
$$;

-- Nobody places its orders until somebody looks.
create function schedule_pause(workspace uuid, schedule uuid, cause text) returns void
language sql security definer set search_path = pg_catalog, public as $$
    update schedules set next_at = null, paused_at = now(), pause_cause = cause
    where workspace_id = workspace and id = schedule
$$;

-- Whether the last three of its campaigns, since it was changed, all failed.
create function schedule_keeps_failing(one schedules) returns boolean
language sql stable security definer set search_path = pg_catalog, public as $$
    select count(*) = 3 and bool_and(last.status = 'failed')
    from (
        select c.status
        from schedule_runs r join campaigns c on c.workspace_id = r.workspace_id and c.id = r.campaign_id
        where r.workspace_id = one.workspace_id and r.schedule_id = one.id and r.begun_at > one.changed_at
            and c.ended_at is not null
        order by r.begun_at desc limit 3
    ) last
$$;

-- What its orders of this calendar month came to, or may still come to; months as those of money limits.
create function schedule_spent(one schedules) returns bigint
language sql stable security definer set search_path = pg_catalog, public as $$
    select coalesce(sum(case when c.ended_at is null then c.budget_micros else c.spent_micros end), 0)::bigint
    from schedule_runs r join campaigns c on c.workspace_id = r.workspace_id and c.id = r.campaign_id
    where r.workspace_id = one.workspace_id and r.schedule_id = one.id and c.created_at >= date_trunc('month', now(), 'UTC')
$$;

-- The same for everybody of the workspace.
create function schedules_spent(workspace uuid) returns table (id uuid, micros bigint)
language sql stable security definer set search_path = pg_catalog, public as $$
    select s.id, schedule_spent(s) from schedules s
    where s.workspace_id = workspace and workspace in (select app_workspaces())
$$;

-- Why an order is not placed this time; nothing when it is.
create function schedule_refusal(one schedules) returns text
language sql stable security definer set search_path = pg_catalog, public as $$
    select case
        when exists (
            select from schedule_runs r join campaigns c on c.workspace_id = r.workspace_id and c.id = r.campaign_id
            where r.workspace_id = one.workspace_id and r.schedule_id = one.id and c.ended_at is null
        ) then 'still_running'
        when schedule_spent(one) + (one.spec ->> 'budget_usd')::numeric * 1000000 > one.month_micros
            then 'month_spent'
    end
$$;

-- Place the order that was due, or note why not, and set when the next is; one transaction, once for each time. Answers
-- what came of it, nothing when somebody else was quicker.
create function schedule_order(
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

-- Erasing somebody reaches orders that are still to be placed, as it reaches those that were.
create or replace function subject_erase_replies(workspace uuid, who jsonb) returns integer
language plpgsql security definer set search_path = pg_catalog, public as $$
declare part integer; gone integer; by_order text := who ->> 'order';
begin
    if not exists (select from subject_scope(workspace)) then
        raise insufficient_privilege using message = 'only who answers for the workspace erases';
    end if;
    delete from api_replies r where r.workspace_id in (select subject_scope(workspace)) and r.body ~* by_order;
    get diagnostics gone = row_count;
    delete from quotes q where q.workspace_id in (select subject_scope(workspace))
        and concat_ws(' ', q.spec, q.plan) ~* by_order;
    get diagnostics part = row_count; gone := gone + part;
    update schedules set name = left(regexp_replace(name, by_order, 'erased', 'gi'), 200),
            spec = regexp_replace(spec::text, by_order, 'erased', 'gi')::jsonb
        where workspace_id in (select subject_scope(workspace))
            and case when who ->> 'kind' = 'company' then spec ->> 'by_name' ~* by_order
                else concat_ws(' ', name, spec) ~* by_order end;
    get diagnostics part = row_count;
    return gone + part;
end $$;

revoke all on function schedules_spent(uuid), schedules_due(integer), schedule_pause(uuid, uuid, text), schedule_keeps_failing(schedules),
    schedule_spent(schedules), schedule_refusal(schedules),
    schedule_order(uuid, uuid, timestamp with time zone, timestamp with time zone, integer, uuid, uuid, uuid, uuid) from public;
grant execute on function schedules_due(integer), schedule_pause(uuid, uuid, text),
    schedule_order(uuid, uuid, timestamp with time zone, timestamp with time zone, integer, uuid, uuid, uuid, uuid) to pp_system;
grant execute on function schedules_spent(uuid) to pp_web;
reset role;
revoke create on schema public from pp_auth;
create trigger schedule_admits before insert or update of spec, month_micros on schedules for each row execute function schedule_admits();
create trigger schedule_noted after insert or update or delete on schedules for each row execute function schedule_noted();
set local role pp_auth;
revoke all on function schedule_admits(), schedule_noted() from public;
reset role;
