-- What looked and then acted holds what it looked at: two that do so at the same moment see one another.

alter table crm_runs add column held_until timestamp with time zone;
comment on column crm_runs.held_until is 'Until when the process that works on it may still write there, also when somebody stopped it; empty when none does.';

grant create on schema public to pp_auth;
set local role pp_auth;

-- Companies are held before their lists are looked at: who takes them off one waits for who puts them on another.
create or replace function customers_count(workspace uuid, chosen uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    perform from companies c where c.workspace_id = workspace and c.id = any(chosen) order by c.id for no key update;
    update companies c set is_customer = f.now from (
        select o.id, exists (select from list_members m
            join lists s on s.workspace_id = m.workspace_id and s.id = m.list_id and s.removed_at is null
            where m.workspace_id = o.workspace_id and m.company_id = o.id) as now
        from companies o where o.workspace_id = workspace and o.id = any(chosen)) f
    where c.workspace_id = workspace and c.id = f.id and c.is_customer <> f.now;
end $$;

-- The oldest exclusion list that names somebody, also while it is stored.
create or replace function list_bringing(workspace uuid, hash bytea) returns uuid
language sql stable security definer set search_path = pg_catalog, public as $$
    select k.list_id from list_keys k
    join lists s on s.workspace_id = k.workspace_id and s.id = k.list_id
    where k.workspace_id = workspace and k.key_hash = hash and s.kind = 'exclusion' and s.state in ('storing', 'kept')
        and s.removed_at is null
    order by s.created_at, s.id limit 1
$$;

-- Until the transaction ends, nobody else brings entries to the suppression list of a workspace by a list, or takes them
-- along with one.
create function lists_hold(workspace uuid) returns void
language sql set search_path = pg_catalog, public as $$
    select pg_advisory_xact_lock(hashtextextended('lists ' || workspace, 0))
$$;

create or replace function list_remove(workspace uuid, list uuid, gone boolean) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare found_list lists%rowtype;
begin
    if workspace not in (select app_workspaces_as('member')) then return false; end if;
    perform lists_hold(workspace);
    select * into found_list from lists s where s.workspace_id = workspace and s.id = list and s.state = 'kept'
        and (s.removed_at is null) = gone
        and workspace in (select app_workspaces_as(case s.kind when 'exclusion' then 'admin' else 'member' end)) for update;
    if not found then return false; end if;
    update lists s set removed_at = case when gone then now() end where s.workspace_id = workspace and s.id = list;
    if found_list.kind = 'customers' then
        perform customers_count(workspace, array(
            select m.company_id from list_members m where m.workspace_id = workspace and m.list_id = list));
    elsif gone then
        delete from suppressions x where x.workspace_id = workspace and x.list_id = list
            and list_bringing(workspace, x.value_hash) is null;
        update suppressions x set list_id = list_bringing(workspace, x.value_hash)
            where x.workspace_id = workspace and x.list_id = list;
    else
        insert into suppressions (workspace_id, value_hash, kind, reason, source, hint, added_by, list_id)
            select distinct on (k.key_hash) workspace, k.key_hash, k.kind, found_list.reason, 'file', k.hint,
                found_list.created_by, list
            from list_keys k where k.workspace_id = workspace and k.list_id = list
            on conflict do nothing;
    end if;
    perform auth_note(app_user_id(), case when gone then 'list_removed' else 'list_restored' end, workspace, list,
        jsonb_build_object('kind', found_list.kind));
    return true;
end $$;

-- A run that was stopped and goes on at once waits for the process that still writes a batch of it.
create or replace function crm_work_due() returns boolean
language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (select from crm_connections c where least(c.check_due_at, c.customers_due_at) <= now())
        or exists (select from crm_runs r where r.state in ('looking', 'pushing') and r.due_at <= now()
            and coalesce(r.held_until, '-infinity') < now())
$$;

create or replace function crm_work_run(hold_s integer) returns table (workspace_id uuid, id uuid, crm text, is_push boolean, tries integer,
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
        update crm_runs r set due_at = now() + make_interval(secs => hold_s),
                held_until = now() + make_interval(secs => hold_s)
        from crm_connections c
        where c.workspace_id = r.workspace_id and c.crm = r.crm and (r.workspace_id, r.id) = (
            select n.workspace_id, n.id from crm_runs n
            where n.state in ('looking', 'pushing') and n.due_at <= now()
                and coalesce(n.held_until, '-infinity') < now()
            order by n.tries, n.due_at limit 1 for update skip locked)
        returning r.workspace_id, r.id, r.crm, r.state = 'pushing', r.tries, c.token, c.mapping, c.min_confidence,
            c.min_reach, c.with_contacts;
end $$;

create or replace function crm_work_wait(workspace uuid, run uuid, why text, wait_s double precision) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    update crm_runs r set held_until = null where r.workspace_id = workspace and r.id = run;
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

-- Customers that are fetched anew while those fetched before are stored take their place, too.
create or replace function crm_work_customers(workspace uuid, which text, why text, list uuid, called text, digest bytea, rows_of bytea,
    places jsonb, how_many integer) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
declare who uuid; earlier uuid;
begin
    perform pg_advisory_xact_lock(hashtextextended('crm customers ' || workspace || ' ' || which, 0));
    select c.customers_next into earlier from crm_connections c where c.workspace_id = workspace and c.crm = which;
    -- Held before the connection, as by who stores it.
    perform from lists s where s.workspace_id = workspace and s.id = earlier for no key update;
    update crm_connections c set customers_due_at = null, customers_problem = why,
            customers_at = case when why is null then now() else c.customers_at end,
            customers_count = case when why is null then how_many else c.customers_count end,
            customers_next = case when why is null and how_many > 0 then list else c.customers_next end
        where c.workspace_id = workspace and c.crm = which
        returning coalesce(c.customers_by, c.created_by) into who;
    if who is null or why is not null or how_many = 0 then return; end if;
    update lists s set removed_at = now() where s.workspace_id = workspace and s.id = earlier and s.state = 'storing';
    insert into lists (workspace_id, id, name, kind, state, reason, sha256, rows, created_by)
        values (workspace, list, called, 'customers', 'storing', called, digest, how_many, who);
    insert into list_files (workspace_id, list_id, data, columns) values (workspace, list, rows_of, places);
end $$;

-- A campaign that goes on in this moment keeps what it has.
create or replace function forget_leads(days integer) returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
declare item record; part bigint; gone bigint := 0;
begin
    for item in select c.workspace_id, c.id from campaigns c
        where c.ended_at < now() - make_interval(days => days) and c.deleted_at is null
            and (c.forgotten_at is null or c.forgotten_at < c.ended_at)
        order by c.ended_at limit 50 for no key update skip locked
    loop
        delete from leads where workspace_id = item.workspace_id and campaign_id = item.id;
        get diagnostics part = row_count; gone := gone + part;
        delete from businesses where workspace_id = item.workspace_id and campaign_id = item.id;
        perform calls_forget(item.workspace_id, array(select key from provider_calls
            where workspace_id = item.workspace_id and campaign_id = item.id));
        update exports set filter = '{}' where workspace_id = item.workspace_id and campaign_id = item.id;
        update campaigns set lead_count = 0, forgotten_at = now(), notice = case when part > 0
                then format('Its leads were removed: this installation keeps leads for %s days.', days) else notice end
            where workspace_id = item.workspace_id and id = item.id;
    end loop;
    return gone;
end $$;

-- Keys and passkeys of one account are made one after the other, so that none is made beyond those it may have.
create or replace function app_create_key(new_id uuid, key_name text, wanted_scope text, days integer, proof bytea)
returns boolean language plpgsql security definer set search_path = pg_catalog, public as $$
declare home uuid; owner uuid;
begin
    -- By a session only: a key that leaked makes no other ones.
    select s.user_id, s.workspace_id into owner, home from sessions s
        where s.token_hash = app_proof() and s.user_id = app_user_id();
    perform from users u where u.id = owner for no key update;
    if home is null or home not in (select app_workspaces_as(
        case wanted_scope when 'read' then 'viewer' when 'submit' then 'member' else 'admin' end))
        or days not between 1 and 365
        or (select count(*) from api_keys k where k.workspace_id = home and k.user_id = owner
            and k.revoked_at is null and k.expires_at > now()) >= 20 then return false; end if;
    insert into api_keys (workspace_id, id, user_id, name, scope, key_hash, expires_at)
        values (home, new_id, owner, key_name, wanted_scope, sha256(proof), now() + make_interval(days => days));
    perform auth_note(owner, 'key_created', home, new_id, jsonb_build_object('scope', wanted_scope, 'days', days));
    return true;
end $$;

create or replace function app_add_passkey(
    key text, new_id uuid, credential bytea, new_key bytea, signed bigint, challenge bytea, called text
) returns boolean language plpgsql security definer set search_path = pg_catalog, public as $$
declare asker uuid := (select user_id from app_session());
begin
    perform auth_check_voucher(key);
    perform from users u where u.id = asker for no key update;
    if asker is null or not auth_use_challenge(challenge)
        or (select count(p.id) from passkeys p where p.user_id = asker) >= 20 then return false; end if;
    insert into passkeys (id, user_id, credential_id, public_key, sign_count, name)
        values (new_id, asker, credential, new_key, signed, called) on conflict do nothing;
    if not found then return false; end if;
    perform auth_note(asker, 'passkey_added', null, asker, jsonb_build_object('passkey', new_id));
    return true;
end $$;

revoke all on function lists_hold(uuid) from public;
grant execute on function lists_hold(uuid) to pp_system;
reset role;
revoke create on schema public from pp_auth;
