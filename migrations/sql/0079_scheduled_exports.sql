-- Exports that repeat: schedules that send a file of leads of the book somewhere, instead of ordering a campaign.

alter table schedules alter column spec drop not null;
comment on column schedules.spec is 'What is ordered; empty of one that sends files, which schedule_exports describes.';

create table schedule_exports (
    workspace_id uuid not null,
    schedule_id uuid not null,
    format text not null check (length(format) between 1 and 60),
    asked jsonb not null,
    target text not null check (target in ('mail', 'link', 'sftp', 's3', 'webhook')),
    place jsonb not null,
    secret text,
    primary key (workspace_id, schedule_id),
    foreign key (workspace_id, schedule_id) references schedules on delete cascade
);
comment on column schedule_exports.asked is 'The filter, the order, the columns and the spelling, as in export_files, and the time zone whose day it is.';
comment on column schedule_exports.place is 'Where the files go: host and folder, bucket, or address.';
comment on column schedule_exports.secret is 'The sealed password or key; empty where none is needed.';

-- The file of a time has the id of its row here.
alter table schedule_runs drop constraint schedule_runs_outcome_check,
    add constraint schedule_runs_outcome_check
        check (outcome in ('ordered', 'still_running', 'month_spent', 'limit_reached', 'plan_reached', 'wallet_empty',
            'making', 'sent', 'failed', 'let_go')),
    add column row_count integer,
    add column left_out integer,
    add column bytes bigint,
    add column place text check (length(place) <= 2000),
    add column said text not null default '' check (length(said) <= 1000),
    add column tries integer not null default 0,
    add column try_at timestamp with time zone,
    add column sent_at timestamp with time zone,
    add column lease_hash bytea,
    add column lease_until timestamp with time zone;
comment on column schedule_runs.place is 'Where its file went.';
comment on column schedule_runs.said is 'Why it was not sent, or not yet.';
comment on column schedule_runs.try_at is 'When its file is sent, or tried again; empty while it is made, and when all is over.';
create index schedule_runs_to_send on schedule_runs (try_at) where try_at is not null;

alter table export_files add column is_scheduled boolean not null default false;
comment on column export_files.is_scheduled is 'Made for a schedule: the row of schedule_runs with its id says what becomes of it.';
grant select (is_scheduled) on export_files to pp_web;
drop index export_files_one;
create unique index export_files_one on export_files (workspace_id, user_id)
    where state in ('waiting', 'making') and not is_scheduled;

-- A link that gives the newest file of a schedule to whoever holds it, such as a spreadsheet.
alter table client_links add column schedule_id uuid,
    add foreign key (workspace_id, schedule_id) references schedules on delete cascade;
comment on column client_links.schedule_id is 'Whose newest file it gives; empty of a page that shows leads.';
create index client_links_schedule on client_links (workspace_id, schedule_id) where schedule_id is not null;
grant select (schedule_id), insert (schedule_id) on client_links to pp_web;

alter table schedule_exports enable row level security;
alter table schedule_exports force row level security;
create policy sees on schedule_exports for select to pp_web using (workspace_id in (select app_workspaces_as('member')));
create policy adds on schedule_exports for insert to pp_web
    with check (workspace_id in (select app_workspaces_as('member')) and exists (
        select from schedules s where s.workspace_id = schedule_exports.workspace_id and s.id = schedule_exports.schedule_id
            and s.created_by = (select app_user_id()) and s.spec is null));
create policy changes on schedule_exports for update to pp_web
    using (workspace_id in (select app_workspaces_as('member')) and exists (
        select from schedules s where s.workspace_id = schedule_exports.workspace_id and s.id = schedule_exports.schedule_id
            and (s.created_by = (select app_user_id()) or s.workspace_id in (select app_workspaces_as('admin')))));
create policy auth_all on schedule_exports to pp_auth using (true) with check (true);
grant select (workspace_id, schedule_id, format, asked, target, place),
    insert (workspace_id, schedule_id, format, asked, target, place, secret),
    update (format, asked, target, place, secret) on schedule_exports to pp_web;
grant select, insert, update, delete on schedule_exports to pp_auth;

grant create on schema public to pp_auth;
set local role pp_auth;

-- Whether somebody may take leads of a workspace away at this moment.
create function schedule_may_export(workspace uuid, person uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (
        select from memberships m join users u on u.id = m.user_id
        where m.workspace_id = workspace and m.user_id = person and role_rank(m.role) >= role_rank('member')
            and u.disabled_at is null and u.deleted_at is null and u.guest_until is null
    )
$$;

-- A time came to nothing, for good: the schedule pauses after three of them, and at once when its maker may not any more.
create function schedule_run_failed(workspace uuid, run uuid, why text) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
declare one schedules;
begin
    update schedule_runs r set outcome = 'failed', said = left(why, 1000), try_at = null, lease_hash = null, lease_until = null
    where r.workspace_id = workspace and r.id = run and r.outcome = 'making';
    if not found then return; end if;
    select s.* into one from schedules s join schedule_runs r on r.workspace_id = s.workspace_id and r.schedule_id = s.id
    where r.workspace_id = workspace and r.id = run and s.next_at is not null;
    if one.id is null then return; end if;
    if not schedule_may_export(workspace, one.created_by) then
        perform schedule_pause(workspace, one.id, 'no_right');
    elsif (
        select count(*) = 3 and bool_and(last.outcome = 'failed')
        from (
            select r.outcome from schedule_runs r
            where r.workspace_id = workspace and r.schedule_id = one.id and r.begun_at > one.changed_at
                and r.outcome in ('sent', 'failed')
            order by r.begun_at desc limit 3
        ) last
    ) then
        perform schedule_pause(workspace, one.id, 'failures');
    end if;
end $$;

-- What becomes of a file decides what becomes of its time.
create function schedule_run_follows() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if tg_op = 'DELETE' then
        update schedule_runs r set outcome = 'let_go', try_at = null, lease_hash = null, lease_until = null
        where r.workspace_id = old.workspace_id and r.id = old.id and r.outcome = 'making';
    elsif new.state = 'ready' and old.state <> 'ready' then
        update schedule_runs r set row_count = new.row_count, left_out = new.left_out, bytes = new.bytes, try_at = now()
        where r.workspace_id = new.workspace_id and r.id = new.id and r.outcome = 'making';
    elsif new.state = 'failed' and old.state <> 'failed' then
        perform schedule_run_failed(new.workspace_id, new.id, new.said);
    end if;
    return null;
end $$;

-- Files of a schedule go with it.
create function schedule_run_gone() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    delete from export_files f where f.workspace_id = old.workspace_id and f.id = old.id and f.is_scheduled;
    return null;
end $$;

-- The order, or the file, that was due; one transaction, once for each time. Answers what came of it, nothing when
-- somebody else was quicker.
create or replace function schedule_order(
    workspace uuid, schedule uuid, due timestamp with time zone, next_time timestamp with time zone, passed integer, run uuid, campaign uuid, job uuid, wake uuid
) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare one schedules; export schedule_exports; said text;
begin
    select s.* into one from schedules s
    where s.workspace_id = workspace and s.id = schedule and s.next_at = due for update skip locked;
    if one.id is null then return null; end if;
    select e.* into export from schedule_exports e where e.workspace_id = workspace and e.schedule_id = schedule;
    if not (case when one.spec is null then schedule_may_export(workspace, one.created_by) else exists (
        select from memberships m join users u on u.id = m.user_id
        where m.workspace_id = workspace and m.user_id = one.created_by and role_rank(m.role) >= role_rank('member')
            and u.disabled_at is null and u.deleted_at is null
            and not (u.is_free and (one.spec ->> 'budget_usd')::numeric > 0)
    ) end) then
        perform schedule_pause(workspace, schedule, 'no_right');
        return 'no_right';
    end if;
    if schedule_keeps_failing(one) then
        perform schedule_pause(workspace, schedule, 'failures');
        return 'failures';
    end if;
    if one.spec is null then
        said := case when exists (
            select from schedule_runs r where r.workspace_id = workspace and r.schedule_id = schedule and r.outcome = 'making'
        ) then 'still_running' else 'making' end;
    else
        said := schedule_refusal(one);
    end if;
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
    if said = 'making' then
        insert into export_files (workspace_id, id, user_id, format, asked, is_scheduled)
        values (workspace, run, one.created_by, export.format, export.asked, true);
    end if;
    -- One that is due every hour would else keep a row of each for ever.
    delete from schedule_runs r
        where r.workspace_id = workspace and r.schedule_id = schedule and r.begun_at < now() - interval '400 days';
    update schedules s set next_at = next_time, paused_at = case when next_time is null then now() end,
        pause_cause = case when next_time is null then 'never' end
    where s.workspace_id = workspace and s.id = schedule;
    return said;
end $$;

create function schedule_send_is_due() returns boolean
language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (select from schedule_runs where try_at <= now() and coalesce(lease_until, '-infinity') < now())
$$;

-- Takes up the file that has waited longest to be sent, for so many seconds from the last word on.
create function schedule_send_take(seconds integer) returns table (workspace_id uuid, job_id uuid, secret text,
    schedule_id uuid, called text, due_at timestamp with time zone, name text, format text, row_count integer,
    size bigint, sha256 bytea, target text, place jsonb, sealed text, tries integer, recipient text,
    begun_at timestamp with time zone, ends_at timestamp with time zone, now_at timestamp with time zone)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare given schedule_runs%rowtype; proof text;
begin
    perform schedule_run_failed(r.workspace_id, r.id, case when r.tries < 8
            then 'Who made this schedule may not take leads away here any more.'
            else 'It was begun eight times and never finished.' end)
        from schedule_runs r join schedules s on s.workspace_id = r.workspace_id and s.id = r.schedule_id
        where r.try_at <= now() and coalesce(r.lease_until, '-infinity') < now()
            and (r.tries >= 8 or not schedule_may_export(r.workspace_id, s.created_by));
    perform schedule_run_failed(r.workspace_id, r.id,
            'The link is closed, or its time is over. Save the schedule again for another one.')
        from schedule_runs r join schedule_exports e on e.workspace_id = r.workspace_id and e.schedule_id = r.schedule_id
        where r.try_at <= now() and coalesce(r.lease_until, '-infinity') < now() and e.target = 'link'
            and not exists (select from client_links l where l.workspace_id = r.workspace_id
                and l.schedule_id = r.schedule_id and l.revoked_at is null and l.expires_at > now());
    select r.* into given from schedule_runs r
        where r.try_at <= now() and coalesce(r.lease_until, '-infinity') < now()
        order by r.try_at limit 1 for update skip locked;
    if not found then return; end if;
    proof := encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex');
    update schedule_runs r set tries = r.tries + 1, lease_hash = sha256(convert_to(proof, 'UTF8')),
            lease_until = now() + make_interval(secs => seconds)
        where r.workspace_id = given.workspace_id and r.id = given.id;
    return query
        select s.workspace_id, given.id, proof, s.id, s.name, given.due_at, f.name, f.format, f.row_count, f.bytes,
            f.sha256, e.target, e.place, e.secret, given.tries + 1, u.email, given.begun_at, f.ends_at, now()
        from schedules s
        join schedule_exports e on e.workspace_id = s.workspace_id and e.schedule_id = s.id
        join export_files f on f.workspace_id = s.workspace_id and f.id = given.id
        join users u on u.id = s.created_by
        where s.workspace_id = given.workspace_id and s.id = given.schedule_id;
end $$;

-- The run whose file is being sent by whoever proves to hold its lease.
create function schedule_sending() returns table (workspace_id uuid, id uuid)
language sql stable security definer set search_path = pg_catalog, public as $$
    select r.workspace_id, r.id from schedule_runs r
    where r.id = nullif(current_setting('app.job_id', true), '')::uuid and r.outcome = 'making'
        and r.lease_hash = app_lease_hash() and r.lease_until > now()
$$;
create function schedule_send_part(place integer) returns bytea
language sql stable security definer set search_path = pg_catalog, public as $$
    select p.data from export_parts p join schedule_sending() h on p.workspace_id = h.workspace_id and p.file_id = h.id
    where p.number = place
$$;
create function schedule_send_go_on(seconds integer) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    update schedule_runs r set lease_until = now() + make_interval(secs => seconds)
        from schedule_sending() h where r.workspace_id = h.workspace_id and r.id = h.id;
    return found;
end $$;

-- The file has arrived. One that a mail or a link leads to stays, and so do the two before; that of a link until
-- the next one is there for sure.
create function schedule_send_done(went_to text) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare done schedule_runs%rowtype;
begin
    update schedule_runs r set outcome = 'sent', place = left(went_to, 2000), said = '', sent_at = now(), try_at = null,
            lease_hash = null, lease_until = null
        from schedule_sending() h where r.workspace_id = h.workspace_id and r.id = h.id returning r.* into done;
    if not found then return false; end if;
    delete from export_files f where f.workspace_id = done.workspace_id and f.is_scheduled and f.id in (
        select kept.id from (
            select r.id, e.target, row_number() over (order by r.begun_at desc) as nth
            from schedule_runs r
            join schedule_exports e on e.workspace_id = r.workspace_id and e.schedule_id = r.schedule_id
            where r.workspace_id = done.workspace_id and r.schedule_id = done.schedule_id and r.outcome = 'sent'
        ) kept where kept.target not in ('mail', 'link') or kept.nth > 3);
    update export_files f set ends_at = f.ends_at + interval '1 hour'
        from schedule_exports e
        where f.workspace_id = done.workspace_id and f.id = done.id and e.workspace_id = done.workspace_id
            and e.schedule_id = done.schedule_id and e.target = 'link';
    return true;
end $$;
create function schedule_send_failed(why text, wait_s double precision) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare held record;
begin
    select h.* into held from schedule_sending() h;
    if held.id is null then return false; end if;
    if wait_s is null then
        perform schedule_run_failed(held.workspace_id, held.id, why);
    else
        update schedule_runs r set said = left(why, 1000), try_at = now() + make_interval(secs => wait_s),
                lease_hash = null, lease_until = null
            where r.workspace_id = held.workspace_id and r.id = held.id;
    end if;
    return true;
end $$;

-- The sealed secret, for who may change the schedule and tries whether it still works.
create function schedule_export_secret(workspace uuid, schedule uuid) returns text
language sql stable security definer set search_path = pg_catalog, public as $$
    select e.secret from schedule_exports e
    join schedules s on s.workspace_id = e.workspace_id and s.id = e.schedule_id
    where e.workspace_id = workspace and e.schedule_id = schedule
        and workspace in (select app_workspaces_as('member'))
        and (s.created_by = app_user_id() or workspace in (select app_workspaces_as('admin')))
$$;

-- The newest file of a schedule, for who holds a link to it whose maker may still take leads away; twenty times an hour.
-- What left was noted as an export when the file was made. Answers nothing where a link is to no schedule.
create function client_link_sheet(key bytea) returns table (came_to text, file_id uuid, name text, bytes bigint)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare one client_links; file export_files;
begin
    select l.* into one from client_link_of(key) l where l.schedule_id is not null;
    if not found then return; end if;
    select f.* into file
        from schedule_runs r
        join schedules s on s.workspace_id = r.workspace_id and s.id = r.schedule_id and s.created_by = one.made_by
        join schedule_exports e on e.workspace_id = s.workspace_id and e.schedule_id = s.id and e.target = 'link'
        join export_files f on f.workspace_id = r.workspace_id and f.id = r.id
        where r.workspace_id = one.workspace_id and r.schedule_id = one.schedule_id and r.outcome = 'sent'
            and f.state = 'ready' and f.ends_at > now()
        order by r.begun_at desc limit 1;
    if file.id is null then return query select 'nothing', null::uuid, null, null::bigint; return; end if;
    update client_links l set files = case when l.files_since > now() - interval '1 hour' then l.files + 1 else 1 end,
            files_since = case when l.files_since > now() - interval '1 hour' then l.files_since else now() end,
            views = l.views + 1, viewed_at = now()
        where l.workspace_id = one.workspace_id and l.id = one.id
            and (l.files < 20 or l.files_since <= now() - interval '1 hour');
    if not found then return query select 'too_many', null::uuid, null, null::bigint; return; end if;
    perform auth_note(one.made_by, 'client_link_downloaded', one.workspace_id, one.id,
        jsonb_build_object('leads', file.row_count));
    return query select 'done', file.id, file.name, file.bytes;
end $$;
create function client_link_sheet_part(key bytea, file uuid, nth integer) returns bytea
language sql stable security definer set search_path = pg_catalog, public as $$
    select p.data
    from client_link_of(key) l
    join schedule_runs r on r.workspace_id = l.workspace_id and r.schedule_id = l.schedule_id and r.id = file
    join schedules s on s.workspace_id = r.workspace_id and s.id = r.schedule_id and s.created_by = l.made_by
    join schedule_exports e on e.workspace_id = s.workspace_id and e.schedule_id = s.id and e.target = 'link'
    join export_parts p on p.workspace_id = r.workspace_id and p.file_id = r.id
    where p.number = nth
$$;

-- Erasing somebody reaches files that are still to be made, as it reaches orders.
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
    get diagnostics part = row_count; gone := gone + part;
    update schedule_exports set asked = regexp_replace(asked::text, by_order, 'erased', 'gi')::jsonb
        where workspace_id in (select subject_scope(workspace))
            and case when who ->> 'kind' = 'company' then asked #>> '{filter,text}' ~* by_order
                else asked ->> 'filter' ~* by_order end;
    get diagnostics part = row_count;
    return gone + part;
end $$;

revoke all on function schedule_may_export(uuid, uuid), schedule_run_failed(uuid, uuid, text), schedule_send_is_due(),
    schedule_send_take(integer), schedule_sending(), schedule_send_part(integer), schedule_send_go_on(integer),
    schedule_send_done(text), schedule_send_failed(text, double precision), schedule_export_secret(uuid, uuid), client_link_sheet(bytea),
    client_link_sheet_part(bytea, uuid, integer) from public;
grant execute on function schedule_send_is_due() to pp_system;
grant execute on function schedule_send_take(integer), schedule_send_part(integer), schedule_send_go_on(integer),
    schedule_send_done(text), schedule_send_failed(text, double precision) to pp_worker;
grant execute on function schedule_export_secret(uuid, uuid), client_link_sheet(bytea),
    client_link_sheet_part(bytea, uuid, integer) to pp_web;
reset role;
revoke create on schema public from pp_auth;
create trigger schedule_run_follows after update of state or delete on export_files
    for each row when (old.is_scheduled) execute function schedule_run_follows();
create trigger schedule_run_gone after delete on schedule_runs for each row execute function schedule_run_gone();
set local role pp_auth;
revoke all on function schedule_run_follows(), schedule_run_gone() from public;
reset role;
