-- Leads are taken from the book as well, whichever campaigns found them.

alter table exports alter column campaign_id drop not null,
    add foreign key (workspace_id) references workspaces (id) on delete cascade;
comment on column exports.campaign_id is 'The campaign the leads are of; none when they were taken from the book.';

-- Large files are made by a worker and wait here, in parts, until their maker has fetched them or their time is over.
create table export_files (
    workspace_id uuid not null references workspaces (id) on delete cascade,
    id uuid not null,
    user_id uuid not null,
    format text not null,
    asked jsonb not null,
    state text not null default 'waiting' check (state in ('waiting', 'making', 'ready', 'failed')),
    passed integer not null default 0,
    expected integer,
    row_count integer,
    left_out integer,
    bytes bigint,
    sha256 bytea,
    name text,
    said text not null default '',
    attempts integer not null default 0,
    lease_hash bytea,
    lease_until timestamptz,
    created_at timestamptz not null default now(),
    ends_at timestamptz,
    primary key (workspace_id, id)
);
comment on column export_files.asked is 'The filter, the order, the columns and the spelling.';
comment on column export_files.passed is 'Leads the work is through with, of those expected.';
comment on column export_files.said is 'Why it was not made.';
comment on column export_files.ends_at is 'When the file is removed that is ready.';
create unique index export_files_one on export_files (workspace_id, user_id) where state in ('waiting', 'making');
create index export_files_due on export_files (created_at) where state in ('waiting', 'making');

create table export_parts (
    workspace_id uuid not null,
    file_id uuid not null,
    number integer not null,
    data bytea not null,
    primary key (workspace_id, file_id, number),
    foreign key (workspace_id, file_id) references export_files (workspace_id, id) on delete cascade
);
alter table export_parts alter column data set storage external;

do $$
declare name text;
begin
    foreach name in array array['export_files', 'export_parts'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy auth_all on %I to pp_auth using (true) with check (true)', name);
        execute format('grant select, insert, update, delete on %I to pp_auth', name);
    end loop;
end $$;
-- A file is its maker's alone, as long as they may take leads of the workspace.
create policy own on export_files for select to pp_web using (
    user_id = (select app_user_id()) and workspace_id in (select app_workspaces_as('member')));
create policy asks on export_files for insert to pp_web with check (state = 'waiting' and attempts = 0
    and user_id = (select app_user_id()) and workspace_id in (select app_workspaces_as('member')));
create policy again on export_files for update to pp_web
    using (state = 'failed' and user_id = (select app_user_id()) and workspace_id in (select app_workspaces_as('member')))
    with check (state = 'waiting' and attempts = 0);
create policy lets_go on export_files for delete to pp_web using (
    user_id = (select app_user_id()) and workspace_id in (select app_workspaces_as('member')));
create policy own on export_parts for select to pp_web using ((workspace_id, file_id) in (
    select f.workspace_id, f.id from export_files f where f.state = 'ready' and f.ends_at > now()));
grant select (workspace_id, id, user_id, format, asked, state, passed, expected, row_count, left_out, bytes, sha256, name,
    said, created_at, ends_at) on export_files to pp_web;
grant insert (workspace_id, id, user_id, format, asked), update (state, attempts, passed, said, created_at), delete
    on export_files to pp_web;
grant select on export_parts to pp_web;

-- What stands for all that is to be seen of a file.
create function export_mark(home uuid, file uuid) returns text
language sql stable set search_path = pg_catalog, public as $$
    select md5(row(f.state, f.passed, f.expected)::text) from export_files f where f.workspace_id = home and f.id = file
$$;
create or replace function app_watch(proof text, campaign uuid, gone_after_s integer) returns text
language plpgsql set search_path = pg_catalog, public as $$
declare home uuid;
begin
    perform set_config('app.proof', proof, true);
    select workspace_id into home from auth_who() where session_id is not null;
    if home is null then return null; end if;
    return coalesce(app_campaign_state(home, campaign, gone_after_s), export_mark(home, campaign), '');
end $$;
revoke all on function export_mark(uuid, uuid) from public;
grant execute on function export_mark(uuid, uuid) to pp_web;

grant create on schema public to pp_auth;
set local role pp_auth;

-- What exports of the book were filtered by goes with the leads of their time, as that of a campaign's goes with its leads.
create function forget_book_filters(days integer) returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
declare gone bigint;
begin
    update exports set filter = '{}' where campaign_id is null and filter <> '{}'
        and created_at < now() - make_interval(days => days);
    get diagnostics gone = row_count;
    return gone;
end $$;

-- The file whose maker proves the lease it holds; its workspace, and who may be named there.
create function app_export() returns table (workspace_id uuid, id uuid)
language sql stable security definer set search_path = pg_catalog, public as $$
    select f.workspace_id, f.id from export_files f
    where f.id = nullif(current_setting('app.job_id', true), '')::uuid and f.state = 'making'
        and f.lease_hash = app_lease_hash() and f.lease_until > now()
$$;
create function app_export_workspace() returns uuid
language sql stable security definer set search_path = pg_catalog, public as $$ select workspace_id from app_export() $$;
create function app_export_people() returns setof uuid
language sql stable security definer set search_path = pg_catalog, public as $$
    select m.user_id from memberships m join app_export() f on f.workspace_id = m.workspace_id
$$;

create function export_is_due() returns boolean
language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (select from export_files where state = 'waiting' or (state = 'making' and lease_until < now()))
$$;

-- Takes up the file that has waited longest. Erasing holds the same lock to its end, so that what is read afterwards
-- names nobody who was erased.
create function export_take(seconds integer) returns table (workspace_id uuid, job_id uuid, secret text, format text,
    asked jsonb, workspace text, exported_by text, legal_basis text, simulated uuid[])
language plpgsql security definer set search_path = pg_catalog, public as $$
declare given_file export_files%rowtype;
begin
    perform pg_advisory_xact_lock_shared(hashtextextended('exports', 0));
    update export_files f set state = 'failed', lease_hash = null, lease_until = null,
            said = 'It was begun three times and never finished.'
        where f.state = 'making' and f.lease_until < now() and f.attempts >= 3;
    update export_files f set state = 'failed', said = 'You may not download leads of this workspace any more.'
        where f.state in ('waiting', 'making') and coalesce(f.lease_until, '-infinity') < now() and not exists (
            select from memberships m join users u on u.id = m.user_id where m.workspace_id = f.workspace_id
                and m.user_id = f.user_id and u.disabled_at is null and role_rank(m.role) >= role_rank('member'));
    select * into given_file from export_files f
        where f.state = 'waiting' or (f.state = 'making' and f.lease_until < now())
        order by f.created_at limit 1 for update skip locked;
    if not found then return; end if;
    secret := encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex');
    update export_files f set state = 'making', passed = 0, attempts = f.attempts + 1,
            lease_hash = sha256(convert_to(secret, 'UTF8')), lease_until = now() + make_interval(secs => seconds)
        where f.workspace_id = given_file.workspace_id and f.id = given_file.id;
    delete from export_parts p where p.workspace_id = given_file.workspace_id and p.file_id = given_file.id;
    return query
        select given_file.workspace_id, given_file.id, secret, given_file.format, given_file.asked, w.name, u.email,
            coalesce((select n.legal_basis from privacy_notes n where n.workspace_id = w.id), ''),
            array(select c.id from campaigns c where c.workspace_id = w.id and c.simulated)
        from workspaces w, users u where w.id = given_file.workspace_id and u.id = given_file.user_id;
end $$;

-- How far the work is; false when it was let go or somebody else does it by now.
create function export_go_on(through integer, of_all integer, seconds integer) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    update export_files f set passed = through, expected = coalesce(of_all, f.expected),
            lease_until = now() + make_interval(secs => seconds)
        from app_export() h where f.workspace_id = h.workspace_id and f.id = h.id;
    return found;
end $$;
create function export_part(place integer, piece bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    insert into export_parts (workspace_id, file_id, number, data)
        select h.workspace_id, h.id, place, piece from app_export() h;
    return found;
end $$;
create function export_finish(file_name text, leads integer, missing integer, size bigint, sum bytea, hours integer)
returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare done export_files%rowtype;
begin
    update export_files f set state = 'ready', name = file_name, row_count = leads, left_out = missing, bytes = size,
            sha256 = sum, ends_at = now() + make_interval(hours => hours), lease_hash = null, lease_until = null
        from app_export() h where f.workspace_id = h.workspace_id and f.id = h.id returning f.* into done;
    if not found then return false; end if;
    insert into exports (workspace_id, id, user_id, format, filter, row_count, sha256)
        values (done.workspace_id, done.id, done.user_id, done.format, done.asked -> 'filter', leads, sum);
    return true;
end $$;
create function export_fail(why text) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    update export_files f set state = 'failed', said = why, lease_hash = null, lease_until = null
        from app_export() h where f.workspace_id = h.workspace_id and f.id = h.id;
    return found;
end $$;

-- Files that wait or are made may hold whoever is erased: all of them go.
create function subject_exports_erase(workspace uuid) returns integer
language plpgsql security definer set search_path = pg_catalog, public as $$
declare scope uuid[] := array(select subject_scope(workspace)); gone integer;
begin
    if cardinality(scope) = 0 then
        raise insufficient_privilege using message = 'only who answers for the workspace erases';
    end if;
    perform pg_advisory_xact_lock(hashtextextended('exports', 0));
    delete from export_files where workspace_id = any(scope);
    get diagnostics gone = row_count;
    return gone;
end $$;

-- Files whose time is over go, and those that failed a day ago; what nobody took up in a day has failed.
create function forget_exports() returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
declare gone bigint;
begin
    delete from export_files where ends_at < now() or (state = 'failed' and created_at < now() - interval '2 days');
    get diagnostics gone = row_count;
    update export_files set state = 'failed', said = 'No worker took it up within a day.'
        where state = 'waiting' and created_at < now() - interval '1 day';
    return gone;
end $$;

-- Takes off the suppression list what whoever asks put on it by one act, at that moment: they may have been many.
create function suppressions_take_back(workspace uuid, put_at timestamptz) returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
declare gone bigint;
begin
    delete from suppressions s where s.workspace_id = workspace and s.created_at = put_at and s.source = 'typed'
        and s.added_by = app_user_id() and workspace in (select app_workspaces_as('admin'));
    get diagnostics gone = row_count;
    if gone > 0 then
        perform auth_note(app_user_id(), 'suppressions_taken_back', workspace, null, jsonb_build_object('entries', gone));
    end if;
    return gone;
end $$;

revoke all on function suppressions_take_back(uuid, timestamptz), forget_book_filters(integer), app_export(), app_export_workspace(), app_export_people(),
    export_is_due(), export_take(integer), export_go_on(integer, integer, integer), export_part(integer, bytea),
    export_finish(text, integer, integer, bigint, bytea, integer), export_fail(text), subject_exports_erase(uuid),
    forget_exports() from public;
grant execute on function forget_book_filters(integer), forget_exports(), export_is_due() to pp_system;
grant execute on function app_export_workspace(), app_export_people(), export_take(integer),
    export_go_on(integer, integer, integer), export_part(integer, bytea),
    export_finish(text, integer, integer, bigint, bytea, integer), export_fail(text) to pp_worker;
grant execute on function subject_exports_erase(uuid), suppressions_take_back(uuid, timestamptz) to pp_web;
reset role;
revoke create on schema public from pp_auth;

grant insert on exports to pp_auth;
grant select on privacy_notes to pp_auth;
create policy auth_reads on privacy_notes for select to pp_auth using (true);
-- Who makes a file reads the leads of its workspace, and the addresses of its people, by which leads can be in order.
create policy exported on leads for select to pp_worker using (workspace_id = (select app_export_workspace()));
create policy exported on users for select to pp_worker using (id in (select app_export_people()));
grant select (id, email) on users to pp_worker;
