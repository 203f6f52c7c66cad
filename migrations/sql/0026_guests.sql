-- Guests: people without an account who run a few small free campaigns in a workspace of their own for some days, and may
-- keep it by signing up. Whoever signed up by themselves orders free campaigns alone until an administrator allows more.

alter table users
    add column guest_until timestamptz,
    add column is_free boolean not null default false,
    add column guest_network bytea,
    add constraint guests_get_no_mail check (guest_until is null or mail_when = 'never');
comment on column users.guest_until is 'Nobody has signed up as this person: then their session ends, and all of theirs goes.';
comment on column users.is_free is 'Orders nothing that may cost money.';
comment on column users.guest_network is 'The hash of the network a guest came from, by which guests are counted.';
create index users_guests on users (guest_network, created_at) where guest_network is not null;
create index users_guests_until on users (guest_until) where guest_until is not null;
alter table sessions drop constraint sessions_kind_check,
    add constraint sessions_kind_check check (kind in ('web', 'command', 'guest'));
grant select (is_free, guest_until) on users to pp_admin;

drop function auth_who();

grant create on schema public to pp_auth;
set local role pp_auth;

-- A guest owns a workspace, as everybody does, and does there what a member may.
create or replace function app_asker() returns table (user_id uuid, only_workspace uuid, most integer)
language sql stable security definer set search_path = pg_catalog, public as $$
    select s.user_id, null::uuid, role_rank(case when u.guest_until is null then 'owner' else 'member' end)
    from sessions s join users u on u.id = s.user_id
    where s.token_hash = app_proof() and s.revoked_at is null and s.passed_at is not null and u.disabled_at is null
        and now() < s.expires_at and now() < s.last_used_at + make_interval(secs => s.idle_s)
        and now() < coalesce(u.guest_until, 'infinity')
    union all
    select k.user_id, k.workspace_id,
        role_rank(case k.scope when 'read' then 'viewer' when 'submit' then 'member' else 'owner' end)
    from api_keys k join users u on u.id = k.user_id
    where k.key_hash = app_proof() and k.revoked_at is null and now() < k.expires_at and u.disabled_at is null
        and u.guest_until is null
$$;

create function auth_who() returns table (
    user_id uuid, email text, is_admin boolean, workspace_id uuid, workspace_name text, role text, most integer,
    session_id uuid, guest_until timestamptz, is_free boolean
) language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    update sessions s set last_used_at = now() where s.token_hash = app_proof()
        and s.last_used_at < now() - interval '1 minute' and s.last_used_at > now() - make_interval(secs => s.idle_s)
        and s.revoked_at is null;
    update api_keys k set last_used_at = now() where k.key_hash = app_proof()
        and coalesce(k.last_used_at < now() - interval '1 minute', true);
    return query
        select u.id, u.email, u.is_admin and a.most = role_rank('owner'), w.id, w.name, m.role, a.most, s.id,
            u.guest_until, u.is_free
        from app_asker() a
        join users u on u.id = a.user_id
        join memberships m on m.user_id = u.id and coalesce(m.workspace_id = a.only_workspace, true)
        join workspaces w on w.id = m.workspace_id
        left join sessions s on s.token_hash = app_proof()
        order by m.workspace_id is distinct from s.workspace_id, m.created_at, m.workspace_id limit 1;
end $$;

-- For a command on the machine itself; nobody can name a guest, and a guest is no second account.
create or replace function auth_open_command_session(wanted text, proof bytea, hours integer) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare account uuid; found_email text; known integer;
begin
    select min(id::text)::uuid, min(email), count(*) into account, found_email, known from users
        where disabled_at is null and guest_until is null and coalesce(lower(email) = lower(wanted), true);
    if known <> 1 then return null; end if;
    perform auth_open_session(proof, account, 'command', hours, hours, 'Command line', '');
    return found_email;
end $$;

-- What this installation allows guests; no row while it allows none. The figures are written by the owner of the
-- database alone.
create function auth_guest_terms() returns table (campaigns integer, days integer, leads integer, at_once integer)
language sql stable security definer set search_path = pg_catalog, public as $$
    select t.campaigns, t.days, t.leads, t.at_once from (
        select max(n) filter (where name = 'guest_campaigns') as campaigns,
            max(n) filter (where name = 'guest_days') as days,
            max(n) filter (where name = 'guest_leads') as leads,
            max(n) filter (where name = 'guests_per_network') as at_once
        from (select i.name, convert_from(i.value, 'UTF8')::integer as n from installation i
            where i.name like 'guest%') as each
    ) as t where t.campaigns > 0 and exists (select from users u where u.is_admin)
$$;

-- Counted by the network they come from, for a day; whoever signs up still counts.
create function auth_open_guest(
    new_id uuid, new_workspace uuid, proof bytea, from_network text, seen_device text, seen_ip text
) returns text language plpgsql security definer set search_path = pg_catalog, public as $$
declare terms record; network bytea := sha256(convert_to('guest ' || from_network, 'UTF8'));
begin
    perform pg_advisory_xact_lock(5277460002);
    select * into terms from auth_guest_terms();
    if not found then return 'off'; end if;
    if (select count(*) >= terms.at_once from users
        where guest_network = network and created_at > now() - interval '1 day') then return 'too_many'; end if;
    insert into users (id, email, is_admin, mail_when, guest_until, is_free, guest_network)
        values (new_id, 'guest ' || right(new_id::text, 12), false, 'never', now() + make_interval(days => terms.days),
            true, network);
    insert into workspaces (id, name) values (new_workspace, 'Guest');
    insert into memberships (workspace_id, user_id, role) values (new_workspace, new_id, 'owner');
    perform auth_open_session(proof, new_id, 'guest', terms.days * 24, terms.days * 24, seen_device, seen_ip);
    perform auth_note(new_id, 'guest_arrived', new_workspace, new_id, jsonb_build_object('ip', seen_ip));
    return 'in';
end $$;

-- A guest becomes a person with an account; the session they had as a guest ends. Ten tries in a quarter of an hour.
create function auth_sign_up(new_email text, new_hash text) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare me uuid; tries integer;
begin
    perform pg_advisory_xact_lock(5277460002);
    select a.user_id into me from app_asker() a join users u on u.id = a.user_id where u.guest_until is not null;
    if me is null then return 'gone'; end if;
    delete from sign_in_throttle t where t.since < now() - interval '15 minutes';
    insert into sign_in_throttle as t (bucket, failures, since) values (sha256(convert_to('sign up ' || me, 'UTF8')), 1, now())
        on conflict (bucket) do update set failures = t.failures + 1 returning t.failures into tries;
    if tries > 10 then return 'too_many'; end if;
    if exists (select from users where lower(email) = lower(new_email)) then return 'known'; end if;
    update users set email = new_email, password_hash = new_hash, email_unproved = true, guest_until = null,
        mail_when = default where id = me;
    update workspaces set name = new_email
        where id in (select m.workspace_id from memberships m where m.user_id = me and m.role = 'owner');
    update sessions set revoked_at = now() where user_id = me and revoked_at is null;
    perform auth_note(me, 'guest_signed_up', null, me, '{}');
    return 'done';
end $$;

-- What a guest has ordered, deleted ones among it. They are in one workspace only, as nobody can invite them.
create function guest_orders(account uuid) returns setof campaigns
language sql volatile security definer set search_path = pg_catalog, public as $$
    select c.* from memberships m join campaigns c on c.workspace_id = m.workspace_id
    where m.user_id = account and m.role = 'owner'
$$;

-- How many campaigns a guest may still order; null for everybody else.
create function app_guest_left() returns integer
language sql volatile security definer set search_path = pg_catalog, public as $$
    select greatest(0, coalesce((select t.campaigns from auth_guest_terms() t), 0)
        - (select count(*) from guest_orders(u.id)))::integer
    from app_asker() a join users u on u.id = a.user_id where u.guest_until is not null
$$;

-- What somebody who orders free campaigns alone may not order is refused, whoever writes it for them.
create function guest_admits() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare who users%rowtype; terms record; why text;
begin
    perform spend_sees_all();
    select u.* into who from app_asker() a join users u on u.id = a.user_id;
    if not coalesce(who.is_free, false) then return new; end if;
    if new.budget_micros > 0 then
        why := 'costs';
    elsif tg_op = 'INSERT' and who.guest_until is not null then
        -- Orders sent at the same time see one another.
        perform from users where id = who.id for no key update;
        select * into terms from auth_guest_terms();
        if (new.spec ->> 'max_results')::integer > coalesce(terms.leads, 0) then why := 'large';
        elsif (select count(*) >= coalesce(terms.campaigns, 0) from guest_orders(who.id)) then
            why := 'used_up';
        elsif exists (select from guest_orders(who.id) o where o.ended_at is null) then
            why := 'busy';
        end if;
    end if;
    if why is not null then
        raise exception using errcode = 'PPGST', message = 'more than they may order', detail = why;
    end if;
    return new;
end $$;

-- Everything of a guest goes, as nobody else has anything of it.
create function guest_forget(account uuid) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    delete from workspaces where id in (
        select m.workspace_id from memberships m where m.user_id = account and m.role = 'owner');
    delete from users where id = account;
end $$;

-- A hundred guests whose time is over, when nothing of theirs runs any more.
create function forget_guests() returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
declare account uuid; gone bigint := 0;
begin
    for account in select u.id from users u where u.guest_until < now()
        and not exists (select from guest_orders(u.id) o where o.ended_at is null)
        order by u.guest_until limit 100
    loop
        perform guest_forget(account);
        gone := gone + 1;
    end loop;
    return gone;
end $$;

-- A guest gets no link for a new password, and no key for a program.
create function needs_an_account() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if exists (select from users where id = new.user_id and guest_until is not null) then
        raise integrity_constraint_violation using message = 'a guest has no account';
    end if;
    return new;
end $$;

reset role;
revoke create on schema public from pp_auth;

create trigger guests_order_little before insert or update of budget_micros on campaigns
    for each row execute function guest_admits();
create trigger no_guests before insert on account_links for each row execute function needs_an_account();
create trigger no_guests before insert on api_keys for each row execute function needs_an_account();

set local role pp_auth;
revoke all on function auth_who(), auth_guest_terms(), auth_open_guest(uuid, uuid, bytea, text, text, text),
    auth_sign_up(text, text), guest_orders(uuid), app_guest_left(), guest_admits(), guest_forget(uuid), forget_guests(),
    needs_an_account() from public;
grant execute on function auth_who(), auth_guest_terms(), auth_open_guest(uuid, uuid, bytea, text, text, text),
    auth_sign_up(text, text), app_guest_left() to pp_web;
grant execute on function forget_guests() to pp_system;
reset role;
