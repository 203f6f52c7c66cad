-- Functions that look at accounts before anybody is known, and those that say who asks.

create function app_proof() returns bytea language sql stable set search_path = pg_catalog, public as $$
    select case when p ~ '^[0-9a-f]{64}$' then sha256(decode(p, 'hex')) end
    from current_setting('app.proof', true) as p
$$;

create function role_rank(role text) returns integer language sql immutable set search_path = pg_catalog, public as $$
    select array_position(array['viewer', 'member', 'admin', 'owner'], role)
$$;

create function app_lease_hash() returns bytea language sql stable set search_path = pg_catalog, public as $$
    select sha256(convert_to(nullif(current_setting('app.lease_secret', true), ''), 'UTF8'))
$$;
alter table provider_calls alter column holder set default app_lease_hash();

grant create on schema public to pp_auth;
set local role pp_auth;

-- Whoever the proof belongs to. A key is good for one workspace and for no more than its scope.
create function app_asker() returns table (user_id uuid, only_workspace uuid, most integer)
language sql stable security definer set search_path = pg_catalog, public as $$
    select s.user_id, null::uuid, role_rank('owner') from sessions s join users u on u.id = s.user_id
    where s.token_hash = app_proof() and s.revoked_at is null and s.passed_at is not null and u.disabled_at is null
        and now() < s.expires_at and now() < s.last_used_at + make_interval(secs => s.idle_s)
    union all
    select k.user_id, k.workspace_id,
        role_rank(case k.scope when 'read' then 'viewer' when 'submit' then 'member' else 'owner' end)
    from api_keys k join users u on u.id = k.user_id
    where k.key_hash = app_proof() and k.revoked_at is null and now() < k.expires_at and u.disabled_at is null
$$;

create function app_workspaces_as(at_least text) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public as $$
    select m.workspace_id from app_asker() a join memberships m on m.user_id = a.user_id
    where coalesce(m.workspace_id = a.only_workspace, true)
        and least(role_rank(m.role), a.most) >= role_rank(at_least)
$$;

create function auth_note(actor uuid, what text, workspace uuid, target uuid, more jsonb) returns void
language sql security definer set search_path = pg_catalog, public as $$
    insert into audit_log (actor_id, action, workspace_id, target_id, detail)
    values (actor, what, workspace, target, jsonb_strip_nulls(more))
$$;

create function auth_open_session(
    proof bytea, owner uuid, kind_of text, hours integer, idle_hours integer, seen_device text, seen_ip text
) returns void language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    delete from sessions where user_id = owner and (now() > expires_at or revoked_at < now() - interval '1 day'
        -- Nobody needs more than 50 at once; the oldest give way.
        or id in (select id from sessions where user_id = owner order by last_used_at desc offset 49));
    insert into sessions (token_hash, user_id, workspace_id, expires_at, idle_s, kind, device, ip)
    values (sha256(proof), owner,
        (select m.workspace_id from memberships m where m.user_id = owner order by m.created_at, m.workspace_id limit 1),
        now() + make_interval(hours => least(hours, 8760)), least(idle_hours, 8760) * 3600, kind_of,
        left(seen_device, 200), left(seen_ip, 60));
end $$;

-- Counts an attempt before anything is compared, so that parallel guesses are counted, too. Five of an account from one
-- address in a quarter of an hour, 30 of an account, 100 of an address; a browser that has signed in to the account
-- before has ten of its own, so that nobody is kept out by the guesses of others. One guess for each ticket.
create function auth_begin_sign_in(wanted text, from_ip text, device bytea, fresh text)
returns table (ticket uuid, parameters text, refused boolean)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
    account uuid; known boolean; item record; too_many boolean := false;
    pair bytea := sha256(convert_to('pair ' || lower(wanted) || ' ' || from_ip, 'UTF8'));
    one bytea := sha256(convert_to('account ' || lower(wanted), 'UTF8'));
    address bytea := sha256(convert_to('address ' || from_ip, 'UTF8'));
    own bytea := sha256('device ' || coalesce(device, ''));
begin
    delete from sign_in_throttle t where t.since < now() - interval '15 minutes';
    delete from sign_in_tickets t where t.expires_at < now();
    select u.id into account from users u
        where lower(u.email) = lower(wanted) and u.disabled_at is null and u.password_hash is not null;
    known := exists (select from known_devices d where d.token_hash = sha256(device) and d.user_id = account);
    for item in
        select b.bucket, b.most from (values (own, 10, known), (pair, 5, not known), (one, 30, not known),
            (address, 100, not known)) as b (bucket, most, counts) where b.counts order by b.bucket
    loop
        insert into sign_in_throttle as t (bucket, failures, since) values (item.bucket, 1, now())
            on conflict (bucket) do update set failures = t.failures + 1
            returning t.failures > item.most or too_many into too_many;
    end loop;
    if too_many then return query select null::uuid, null::text, true; return; end if;
    ticket := gen_random_uuid();
    insert into sign_in_tickets (id, user_id, forgiven, lessened, known_device, expires_at)
        values (ticket, account, array[own, pair], array[one, address], known, now() + interval '1 minute');
    return query select ticket, coalesce(
        (select regexp_replace(u.password_hash, '\$[^$]*$', '') from users u where u.id = account),
        -- Somebody unknown costs the same work, with a salt that is always theirs.
        fresh || '$' || rtrim(encode(substring(sha256(
            (select i.value from installation i where i.name = 'salt') || convert_to(lower(wanted), 'UTF8')) for 16),
            'base64'), '=')), false;
end $$;

create function auth_sign_in(
    of_ticket uuid, derived text, proof bytea, hours integer, idle_hours integer, seen_device text, seen_ip text,
    new_device bytea
) returns text language plpgsql security definer set search_path = pg_catalog, public as $$
declare t sign_in_tickets%rowtype; account uuid;
begin
    delete from sign_in_tickets where id = of_ticket and expires_at > now() returning * into t;
    select id into account from users where id = t.user_id and disabled_at is null and password_hash = derived;
    if account is null then
        if t.user_id is not null then
            perform auth_note(t.user_id, 'sign_in_failed', null, t.user_id, jsonb_build_object('ip', seen_ip));
        end if;
        return 'wrong';
    end if;
    delete from sign_in_throttle where bucket = any(t.forgiven);
    update sign_in_throttle set failures = failures - 1 where bucket = any(t.lessened);
    if not t.known_device and new_device is not null then
        delete from known_devices where user_id = account and token_hash in (
            select token_hash from known_devices where user_id = account order by created_at desc offset 19);
        insert into known_devices (token_hash, user_id) values (sha256(new_device), account) on conflict do nothing;
    end if;
    perform auth_open_session(proof, account, 'web', hours, idle_hours, seen_device, seen_ip);
    perform auth_note(account, 'signed_in', null, account, jsonb_build_object('ip', seen_ip, 'device', left(seen_device, 200)));
    return 'in';
end $$;

-- Who asks, in the workspace they work in; and that they did.
create function auth_who() returns table (
    user_id uuid, email text, is_admin boolean, workspace_id uuid, workspace_name text, role text, most integer,
    session_id uuid
) language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    update sessions s set last_used_at = now() where s.token_hash = app_proof()
        and s.last_used_at < now() - interval '1 minute' and s.last_used_at > now() - make_interval(secs => s.idle_s)
        and s.revoked_at is null;
    update api_keys k set last_used_at = now() where k.key_hash = app_proof()
        and coalesce(k.last_used_at < now() - interval '1 minute', true);
    return query
        select u.id, u.email, u.is_admin and a.most = role_rank('owner'), w.id, w.name, m.role, a.most, s.id
        from app_asker() a
        join users u on u.id = a.user_id
        join memberships m on m.user_id = u.id and coalesce(m.workspace_id = a.only_workspace, true)
        join workspaces w on w.id = m.workspace_id
        left join sessions s on s.token_hash = app_proof()
        order by m.workspace_id is distinct from s.workspace_id, m.created_at, m.workspace_id limit 1;
end $$;

create function app_end_session(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    update sessions s set revoked_at = now() where s.revoked_at is null
        and case when which is null then s.token_hash = app_proof()
            else s.id = which and s.user_id = app_user_id() end;
    return found;
end $$;

create function app_switch_workspace(wanted uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    update sessions set workspace_id = wanted where token_hash = app_proof()
        and wanted in (select app_workspaces_as('viewer'));
    return found;
end $$;

create function auth_make_user(new_id uuid, new_workspace uuid, new_email text, new_hash text, admin boolean)
returns boolean language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    perform pg_advisory_xact_lock(5277460002);
    if exists (select from users where lower(email) = lower(new_email)) then return false; end if;
    insert into users (id, email, password_hash, is_admin) values (new_id, new_email, new_hash, admin);
    insert into workspaces (id, name) values (new_workspace, new_email);
    insert into memberships (workspace_id, user_id, role) values (new_workspace, new_id, 'owner');
    return true;
end $$;

create function auth_create_first(new_id uuid, new_workspace uuid, new_email text, new_hash text, key text)
returns boolean language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    perform pg_advisory_xact_lock(5277460002);
    if exists (select from users) or not exists (select from installation
        where name = 'first_admin' and value = sha256(convert_to(key, 'UTF8'))) then return false; end if;
    perform auth_note(new_id, 'account_created', new_workspace, new_id, '{"administrator": true, "first": true}');
    return auth_make_user(new_id, new_workspace, new_email, new_hash, true);
end $$;

create function auth_create_user(new_id uuid, new_workspace uuid, new_email text, new_hash text, admin boolean)
returns boolean language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    -- The operator's connection is only used on the machine itself; the web's has to show an administrator.
    if session_user <> 'pp_operator' and not app_is_admin() then
        raise insufficient_privilege using message = 'only an administrator creates accounts';
    end if;
    if not auth_make_user(new_id, new_workspace, new_email, new_hash, admin) then return false; end if;
    perform auth_note(coalesce(app_user_id(), new_id), 'account_created', new_workspace, new_id,
        jsonb_build_object('administrator', admin, 'by_command', session_user = 'pp_operator'));
    return true;
end $$;

-- A session for a command on the machine itself; "wanted" null means the only account there is.
create function auth_open_command_session(wanted text, proof bytea, hours integer) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare account uuid; found_email text; known integer;
begin
    select min(id::text)::uuid, min(email), count(*) into account, found_email, known from users
        where disabled_at is null and coalesce(lower(email) = lower(wanted), true);
    if known <> 1 then return null; end if;
    perform auth_open_session(proof, account, 'command', hours, hours, 'Command line', '');
    return found_email;
end $$;

create or replace function app_is_admin() returns boolean
language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (select from app_asker() a join users u on u.id = a.user_id
        where u.is_admin and a.most = role_rank('owner'))
$$;

create or replace function app_place_in_line(job uuid) returns bigint
language sql stable security definer set search_path = pg_catalog, public as $$
    select count(*) + 1 from discovery_jobs other, discovery_jobs mine
    where mine.id = job and mine.workspace_id in (select app_workspaces())
        and other.status = 'pending' and other.created_at < mine.created_at
$$;

reset role;
