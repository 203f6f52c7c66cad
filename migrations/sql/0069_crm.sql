-- Companies of the book are handed to a customer system. A worker alone reads the token and speaks to it.

create table crm_connections (
    workspace_id uuid not null references workspaces (id) on delete cascade,
    crm text not null check (crm ~ '^[a-z]{2,20}$'),
    token text not null,
    mapping jsonb not null check (jsonb_typeof(mapping) = 'object'),
    min_confidence integer not null default 0 check (min_confidence between 0 and 100),
    min_reach integer not null default 0 check (min_reach between 0 and 100),
    with_contacts boolean not null default true,
    created_by uuid not null,
    created_at timestamptz not null default now(),
    check_due_at timestamptz default now(),
    checked_at timestamptz,
    problem text,
    properties text[],
    customers_due_at timestamptz,
    customers_by uuid,
    customers_at timestamptz,
    customers_count integer,
    customers_problem text,
    customers_list uuid,
    customers_next uuid,
    primary key (workspace_id, crm)
);
comment on column crm_connections.token is 'Encrypted under APP_SECRET.';
comment on column crm_connections.mapping is 'Our columns and the properties they are written to.';
comment on column crm_connections.properties is 'What it said its companies have.';
comment on column crm_connections.customers_next is 'The list that takes the place of customers_list once it is kept.';
create index crm_connections_due on crm_connections (least(check_due_at, customers_due_at));

create table crm_runs (
    workspace_id uuid not null,
    id uuid not null,
    crm text not null,
    created_by uuid not null,
    created_at timestamptz not null default now(),
    state text not null default 'looking' check (state in ('looking', 'looked', 'pushing', 'done', 'stopped')),
    pushes boolean not null default false,
    due_at timestamptz default now(),
    tries integer not null default 0,
    problem text,
    ended_at timestamptz,
    primary key (workspace_id, id),
    foreign key (workspace_id, crm) references crm_connections (workspace_id, crm) on delete cascade
);
comment on table crm_runs is 'Companies somebody chose: first looked up there (a dry run), then pushed.';
create unique index crm_runs_one on crm_runs (workspace_id, crm) where state in ('looking', 'pushing');
create index crm_runs_due on crm_runs (due_at) where state in ('looking', 'pushing');
create index crm_runs_newest on crm_runs (workspace_id, crm, created_at desc);

create table crm_items (
    workspace_id uuid not null,
    run_id uuid not null,
    company_id uuid not null,
    state text not null default 'waits' check (state in ('waits', 'planned', 'done', 'skipped', 'failed')),
    action text check (action in ('create', 'update', 'same')),
    fields text[] not null default '{}',
    why text,
    their_id text,
    marks text[] not null default '{}',
    primary key (workspace_id, run_id, company_id),
    foreign key (workspace_id, run_id) references crm_runs (workspace_id, id) on delete cascade,
    foreign key (workspace_id, company_id) references companies (workspace_id, id) on delete cascade
);
comment on column crm_items.marks is 'Keyed hashes of its domain, e-mail address and phone.';
create index crm_items_of on crm_items (workspace_id, company_id);

create table crm_states (
    workspace_id uuid not null,
    crm text not null,
    company_id uuid not null,
    their_id text,
    contact_id text,
    sent jsonb not null default '{}',
    seen text,
    marks text[] not null default '{}',
    pushed_at timestamptz,
    problem text,
    failed_at timestamptz,
    primary key (workspace_id, crm, company_id),
    foreign key (workspace_id, crm) references crm_connections (workspace_id, crm) on delete cascade,
    foreign key (workspace_id, company_id) references companies (workspace_id, id) on delete cascade
);
comment on column crm_states.seen is 'A keyed hash of all our values when it was pushed: another one says that they changed.';
comment on column crm_states.sent is 'Keyed hashes of the values that were written, by property.';
create unique index crm_states_one on crm_states (workspace_id, crm, their_id) where their_id is not null;
create index crm_states_of on crm_states (workspace_id, company_id);

do $$
declare name text;
begin
    foreach name in array array['crm_connections', 'crm_runs', 'crm_items', 'crm_states'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy auth_all on %I to pp_auth using (true) with check (true)', name);
        execute format('grant select, insert, update, delete on %I to pp_auth', name);
        execute format('create policy sees on %I for select to pp_web using (workspace_id in (select app_workspaces_as(''member'')))', name);
    end loop;
end $$;
create policy connects on crm_connections for insert to pp_web with check (workspace_id in (select app_workspaces_as('admin')));
create policy changes on crm_connections for update to pp_web using (workspace_id in (select app_workspaces_as('admin')))
    with check (workspace_id in (select app_workspaces_as('admin')));
create policy disconnects on crm_connections for delete to pp_web using (workspace_id in (select app_workspaces_as('admin')));
create policy chooses on crm_runs for insert to pp_web with check (state = 'looking' and not pushes
    and created_by = (select app_user_id()) and workspace_id in (select app_workspaces_as('member')));
create policy lets_go on crm_runs for delete to pp_web using (state in ('looked', 'done', 'stopped')
    and workspace_id in (select app_workspaces_as('member')));
create policy chooses on crm_items for insert to pp_web with check (state = 'waits'
    and workspace_id in (select app_workspaces_as('member')));
grant select (workspace_id, crm, mapping, min_confidence, min_reach, with_contacts, created_by, created_at, check_due_at,
    checked_at, problem, properties, customers_due_at, customers_at, customers_count, customers_problem, customers_list)
    on crm_connections to pp_web;
grant insert (workspace_id, crm, token, mapping, created_by), delete,
    update (token, mapping, min_confidence, min_reach, with_contacts, check_due_at, customers_due_at, customers_by)
    on crm_connections to pp_web;
grant select on crm_runs, crm_items, crm_states to pp_web;
grant insert (workspace_id, id, crm, created_by), delete on crm_runs to pp_web;
grant insert (workspace_id, run_id, company_id) on crm_items to pp_web;

grant create on schema public to pp_auth;
set local role pp_auth;

create function crm_noted() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare one crm_connections := coalesce(new, old);
begin
    -- A workspace that goes takes it along, and what a worker notes is nobody's act.
    if app_user_id() is not null then
        perform auth_note(app_user_id(), case tg_op when 'INSERT' then 'crm_connected' when 'DELETE' then 'crm_disconnected'
            when 'UPDATE' then case when new.token <> old.token then 'crm_token_renewed'
                when new.customers_due_at is distinct from old.customers_due_at then 'crm_customers_asked'
                else 'crm_changed' end
            end, one.workspace_id, one.workspace_id, jsonb_build_object('crm', one.crm));
    end if;
    return null;
end $$;

-- Have what was looked up pushed, each company being judged anew; or what stopped or failed tried again.
create function crm_push(workspace uuid, run uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare chosen integer; began text;
begin
    update crm_runs r set state = case when r.state = 'stopped' and not r.pushes then 'looking' else 'pushing' end,
            pushes = r.pushes or r.state = 'looked', due_at = now(), tries = 0, problem = null, ended_at = null,
            created_by = app_user_id()
        where r.workspace_id = workspace and r.id = run and r.state in ('looked', 'stopped', 'done')
            and workspace in (select app_workspaces_as('member'))
        returning r.state into began;
    if not found then return false; end if;
    update crm_items i set state = 'waits', action = null, fields = '{}', why = null
        where i.workspace_id = workspace and i.run_id = run and i.state <> 'done';
    get diagnostics chosen = row_count;
    if began = 'pushing' then
        perform auth_note(app_user_id(), 'crm_pushed', workspace, run, jsonb_build_object('companies', chosen));
    end if;
    return true;
end $$;

create function crm_stop(workspace uuid, run uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    update crm_runs r set state = 'stopped', due_at = null, ended_at = now(), problem = 'Somebody stopped it.'
        where r.workspace_id = workspace and r.id = run and r.state in ('looking', 'pushing')
            and workspace in (select app_workspaces_as('member'));
    return found;
end $$;

create function crm_work_due() returns boolean
language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (select from crm_connections c where least(c.check_due_at, c.customers_due_at) <= now())
        or exists (select from crm_runs r where r.state in ('looking', 'pushing') and r.due_at <= now())
$$;

-- A connection to be checked, or whose customers are to be fetched; nobody else takes it for so many seconds.
create function crm_work_connection(hold_s integer) returns table (workspace_id uuid, crm text, token text, mapping jsonb,
    wants_customers boolean)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare one crm_connections;
begin
    select c.* into one from crm_connections c where least(c.check_due_at, c.customers_due_at) <= now()
        order by least(c.check_due_at, c.customers_due_at) limit 1 for update skip locked;
    if not found then return; end if;
    update crm_connections c set
            check_due_at = case when one.check_due_at <= now() then now() + make_interval(secs => hold_s) else c.check_due_at end,
            customers_due_at = case when one.check_due_at <= now() then c.customers_due_at
                else now() + make_interval(secs => hold_s) end
        where c.workspace_id = one.workspace_id and c.crm = one.crm;
    return query select one.workspace_id, one.crm, one.token, one.mapping, not coalesce(one.check_due_at <= now(), false);
end $$;

create function crm_work_checked(workspace uuid, which text, why text, has text[]) returns void
language sql security definer set search_path = pg_catalog, public as $$
    update crm_connections c set check_due_at = null, checked_at = now(), problem = why,
            properties = coalesce(has, c.properties)
        where c.workspace_id = workspace and c.crm = which
$$;

-- The customers as a list like those that are uploaded, which the work on lists stores; or why there is none.
create function crm_work_customers(workspace uuid, which text, why text, list uuid, called text, digest bytea, rows_of bytea,
    places jsonb, how_many integer) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
declare who uuid;
begin
    update crm_connections c set customers_due_at = null, customers_problem = why,
            customers_at = case when why is null then now() else c.customers_at end,
            customers_count = case when why is null then how_many else c.customers_count end,
            customers_next = case when why is null and how_many > 0 then list else c.customers_next end
        where c.workspace_id = workspace and c.crm = which
        returning coalesce(c.customers_by, c.created_by) into who;
    if who is null or why is not null or how_many = 0 then return; end if;
    insert into lists (workspace_id, id, name, kind, state, reason, sha256, rows, created_by)
        values (workspace, list, called, 'customers', 'storing', called, digest, how_many, who);
    insert into list_files (workspace_id, list_id, data, columns) values (workspace, list, rows_of, places);
end $$;

-- The list before it goes once the new one counts, so that no customer is met meanwhile.
create function crm_list_kept() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare before uuid;
begin
    select c.customers_list into before from crm_connections c
        where c.workspace_id = new.workspace_id and c.customers_next = new.id for update;
    if not found then return null; end if;
    update crm_connections c set customers_list = new.id, customers_next = null
        where c.workspace_id = new.workspace_id and c.customers_next = new.id;
    update lists s set removed_at = now() where s.workspace_id = new.workspace_id and s.id = before and s.removed_at is null;
    if found then
        perform customers_count(new.workspace_id, array(
            select m.company_id from list_members m where m.workspace_id = new.workspace_id and m.list_id = before));
    end if;
    return null;
end $$;

-- A run to go on with. One whose person may not take leads any more ends.
create function crm_work_run(hold_s integer) returns table (workspace_id uuid, id uuid, crm text, is_push boolean, tries integer,
    token text, mapping jsonb, min_confidence integer, min_reach integer, with_contacts boolean)
language plpgsql security definer set search_path = pg_catalog, public as $$
#variable_conflict use_column
begin
    update crm_runs r set state = 'stopped', due_at = null, ended_at = now(),
            problem = 'Whoever began it may not take leads of this workspace any more.'
        where r.state in ('looking', 'pushing') and r.due_at <= now() and not exists (
            select from memberships m join users u on u.id = m.user_id where m.workspace_id = r.workspace_id
                and m.user_id = r.created_by and u.disabled_at is null and role_rank(m.role) >= role_rank('member'));
    return query
        update crm_runs r set due_at = now() + make_interval(secs => hold_s)
        from crm_connections c
        where c.workspace_id = r.workspace_id and c.crm = r.crm and (r.workspace_id, r.id) = (
            select n.workspace_id, n.id from crm_runs n
            where n.state in ('looking', 'pushing') and n.due_at <= now()
            order by n.tries, n.due_at limit 1 for update skip locked)
        returning r.workspace_id, r.id, r.crm, r.state = 'pushing', r.tries, c.token, c.mapping, c.min_confidence,
            c.min_reach, c.with_contacts;
end $$;

create function crm_work_leads(workspace uuid, run uuid, most integer) returns setof leads
language sql stable security definer set search_path = pg_catalog, public as $$
    select l.* from crm_items i
    join leads l on l.workspace_id = i.workspace_id and l.company_id = i.company_id and l.is_current
    where i.workspace_id = workspace and i.run_id = run and i.state = 'waits'
    order by i.company_id limit most
$$;

-- What is known of the companies beside their leads.
create function crm_work_facts(workspace uuid, run uuid, companies uuid[]) returns table (company_id uuid, is_simulated boolean,
    is_suppressed boolean, their_id text, contact_id text, sent jsonb)
language sql stable security definer set search_path = pg_catalog, public as $$
    select i.company_id, coalesce(o.simulated, false), exists (
            select from suppressed_companies m
            join suppressions s on s.workspace_id = m.workspace_id and s.value_hash = m.value_hash
            where m.workspace_id = i.workspace_id and m.company_id = i.company_id),
        s.their_id, s.contact_id, coalesce(s.sent, '{}')
    from crm_items i
    join crm_runs r on r.workspace_id = i.workspace_id and r.id = i.run_id
    left join crm_states s on s.workspace_id = i.workspace_id and s.crm = r.crm and s.company_id = i.company_id
    left join leads l on l.workspace_id = i.workspace_id and l.company_id = i.company_id and l.is_current
    left join campaigns o on o.workspace_id = l.workspace_id and o.id = l.campaign_id
    where i.workspace_id = workspace and i.run_id = run and i.company_id = any(companies)
$$;

-- Those of the hashes that stand on the suppression list, of the workspace or of the installation.
create function crm_work_listed(workspace uuid, hashes bytea[]) returns setof bytea
language sql stable security definer set search_path = pg_catalog, public as $$
    select s.value_hash from suppressions s where s.workspace_id = workspace and s.value_hash = any(hashes)
    union all
    select i.value_hash from installation_suppressions i where i.value_hash = any(hashes)
$$;

-- Other companies of the workspace that are, or are about to be, the same one there.
create function crm_work_taken(workspace uuid, run uuid, companies uuid[], ids text[], by_marks text[])
returns table (company_id uuid, their_id text, marks text[])
language sql stable security definer set search_path = pg_catalog, public as $$
    select s.company_id, s.their_id, s.marks from crm_states s
    join crm_runs r on r.workspace_id = s.workspace_id and r.crm = s.crm
    where r.workspace_id = workspace and r.id = run and s.their_id is not null
        and (s.their_id = any(ids) or s.marks && by_marks) and s.company_id <> all(companies)
    union all
    select i.company_id, i.their_id, i.marks from crm_items i
    where i.workspace_id = workspace and i.run_id = run and i.state in ('planned', 'done')
        and (i.their_id = any(ids) or i.marks && by_marks) and i.company_id <> all(companies)
$$;

-- What came of some companies; those that were pushed or failed say so from now on.
create function crm_work_done(workspace uuid, run uuid, outcomes jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
declare one crm_runs;
begin
    select r.* into one from crm_runs r where r.workspace_id = workspace and r.id = run;
    update crm_items i set state = o.state, action = o.action, fields = coalesce(o.fields, '{}'), why = o.why,
            their_id = coalesce(o.their_id, i.their_id), marks = coalesce(o.marks, '{}')
        from jsonb_to_recordset(outcomes) as o (company_id uuid, state text, action text, fields text[], why text, their_id text,
            marks text[])
        where i.workspace_id = workspace and i.run_id = run and i.company_id = o.company_id;
    update crm_runs r set tries = 0, problem = null where r.workspace_id = workspace and r.id = run;
    if not one.pushes then return; end if;
    insert into crm_states as s (workspace_id, crm, company_id, their_id, contact_id, sent, seen, marks, pushed_at, problem, failed_at)
        select workspace, one.crm, o.company_id, o.their_id, o.contact_id, coalesce(o.sent, '{}'), o.seen, coalesce(o.marks, '{}'),
            case when o.state = 'done' then now() end, case when o.state = 'failed' then o.why end,
            case when o.state = 'failed' then now() end
        from jsonb_to_recordset(outcomes) as o (company_id uuid, state text, why text, their_id text, contact_id text, sent jsonb,
            seen text, marks text[])
        where o.state in ('done', 'failed')
            and exists (select from companies c where c.workspace_id = workspace and c.id = o.company_id)
        on conflict (workspace_id, crm, company_id) do update set their_id = coalesce(excluded.their_id, s.their_id),
            contact_id = coalesce(excluded.contact_id, s.contact_id), sent = s.sent || excluded.sent,
            seen = coalesce(excluded.seen, s.seen), marks = excluded.marks,
            pushed_at = coalesce(excluded.pushed_at, s.pushed_at), problem = excluded.problem, failed_at = excluded.failed_at;
end $$;

-- Go on after so many seconds, one try later; without a wait it is over, done or with the problem that stopped it.
create function crm_work_wait(workspace uuid, run uuid, why text, wait_s double precision) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if wait_s is not null then
        update crm_runs r set due_at = now() + make_interval(secs => wait_s), problem = why,
                tries = r.tries + case when why is null then 0 else 1 end
            where r.workspace_id = workspace and r.id = run and r.state in ('looking', 'pushing');
        return;
    end if;
    if why is not null then
        update crm_items i set state = 'failed', why = crm_work_wait.why
            where i.workspace_id = workspace and i.run_id = run and i.state = 'waits';
        insert into crm_states as s (workspace_id, crm, company_id, problem, failed_at)
            select i.workspace_id, r.crm, i.company_id, crm_work_wait.why, now() from crm_items i
            join crm_runs r on r.workspace_id = i.workspace_id and r.id = i.run_id
            where i.workspace_id = workspace and i.run_id = run and i.state = 'failed' and r.state = 'pushing'
            on conflict (workspace_id, crm, company_id) do update set problem = excluded.problem, failed_at = excluded.failed_at;
    end if;
    update crm_runs r set due_at = null, ended_at = now(), problem = crm_work_wait.why,
            state = case when why is not null then 'stopped' when r.state = 'pushing' then 'done' else 'looked' end
        where r.workspace_id = workspace and r.id = run and r.state in ('looking', 'pushing');
end $$;

-- Companies whose leads went before it was their turn.
create function crm_work_gone(workspace uuid, run uuid) returns integer
language plpgsql security definer set search_path = pg_catalog, public as $$
declare gone integer;
begin
    update crm_items i set state = 'skipped', why = 'gone'
        where i.workspace_id = workspace and i.run_id = run and i.state = 'waits' and not exists (
            select from leads l where l.workspace_id = i.workspace_id and l.company_id = i.company_id and l.is_current);
    get diagnostics gone = row_count;
    return gone;
end $$;

-- What was handed over longer ago; what each company is there stays.
create function forget_crm_runs(days integer) returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
declare gone bigint;
begin
    delete from crm_runs where created_at < now() - make_interval(days => days) and state not in ('looking', 'pushing');
    get diagnostics gone = row_count;
    return gone;
end $$;

revoke all on function crm_push(uuid, uuid), crm_stop(uuid, uuid), crm_work_due(), crm_work_connection(integer),
    crm_work_checked(uuid, text, text, text[]),
    crm_work_customers(uuid, text, text, uuid, text, bytea, bytea, jsonb, integer), crm_work_run(integer),
    crm_work_leads(uuid, uuid, integer), crm_work_facts(uuid, uuid, uuid[]), crm_work_listed(uuid, bytea[]),
    crm_work_taken(uuid, uuid, uuid[], text[], text[]), crm_work_done(uuid, uuid, jsonb),
    crm_work_wait(uuid, uuid, text, double precision), crm_work_gone(uuid, uuid), forget_crm_runs(integer) from public;
grant execute on function crm_push(uuid, uuid), crm_stop(uuid, uuid) to pp_web;
grant execute on function crm_work_due(), crm_work_connection(integer), crm_work_checked(uuid, text, text, text[]),
    crm_work_customers(uuid, text, text, uuid, text, bytea, bytea, jsonb, integer), crm_work_run(integer),
    crm_work_leads(uuid, uuid, integer), crm_work_facts(uuid, uuid, uuid[]), crm_work_listed(uuid, bytea[]),
    crm_work_taken(uuid, uuid, uuid[], text[], text[]), crm_work_done(uuid, uuid, jsonb),
    crm_work_wait(uuid, uuid, text, double precision), crm_work_gone(uuid, uuid), forget_crm_runs(integer) to pp_system;
reset role;
revoke create on schema public from pp_auth;

create trigger crm_noted after insert or update or delete on crm_connections for each row execute function crm_noted();
create trigger crm_list_kept after update of state on lists for each row
    when (new.state = 'kept' and old.state <> 'kept') execute function crm_list_kept();
set local role pp_auth;
revoke all on function crm_noted(), crm_list_kept() from public;
reset role;
