-- People look after their own account: password, address, sessions. What matters is proved by the password once more,
-- and only a session of a browser may do it: a key or a command may not.

alter table users add column email_unproved boolean not null default false;
comment on column users.email_unproved is
    'The person gave this address without showing that it is theirs: no other sign-in is believed to be theirs by it.';

create table account_links (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    kind text not null check (kind in ('email', 'reset')),
    key_hash bytea not null unique,
    new_email text,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz,
    is_mailed boolean not null,
    due_at timestamptz not null default now(),
    tries integer not null default 0,
    sent_at timestamptz,
    dropped_at timestamptz,
    error text
);
comment on table account_links is 'Links that are used once. What they hold is made from APP_SECRET; here is its hash.';
create index account_links_due on account_links (due_at) where is_mailed and sent_at is null and dropped_at is null;
create index account_links_user on account_links (user_id, created_at);
create index account_links_expired on account_links (expires_at);
alter table account_links enable row level security;
alter table account_links force row level security;
create policy auth_all on account_links to pp_auth using (true) with check (true);
grant select, insert, update, delete on account_links to pp_auth;

grant create on schema public to pp_auth;
set local role pp_auth;

create function app_session() returns table (id uuid, user_id uuid)
language sql stable security definer set search_path = pg_catalog, public as $$
    select s.id, s.user_id from app_asker() a join sessions s on s.token_hash = app_proof() and s.kind = 'web'
$$;

create function app_sessions() returns table (
    id uuid, kind text, device text, ip text, opened_at timestamptz, last_used_at timestamptz, is_this boolean
) language sql stable security definer set search_path = pg_catalog, public as $$
    select s.id, s.kind, s.device, s.ip, s.created_at, s.last_used_at, s.id = own.id
    from app_session() own join sessions s on s.user_id = own.user_id
    where s.revoked_at is null and s.passed_at is not null and now() < s.expires_at
        and now() < s.last_used_at + make_interval(secs => s.idle_s)
    order by s.id = own.id desc, s.last_used_at desc, s.id
$$;

create function auth_end_sessions(owner uuid, but uuid) returns integer
language plpgsql security definer set search_path = pg_catalog, public as $$
declare ended integer;
begin
    select count(*) into ended from sessions s where s.user_id = owner and s.id is distinct from but
        and s.revoked_at is null and s.passed_at is not null and now() < s.expires_at
        and now() < s.last_used_at + make_interval(secs => s.idle_s);
    update sessions s set revoked_at = now()
        where s.user_id = owner and s.id is distinct from but and s.revoked_at is null;
    return ended;
end $$;

create or replace function app_end_session(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare ended sessions%rowtype;
begin
    update sessions s set revoked_at = now() where s.revoked_at is null
        and case when which is null then s.token_hash = app_proof()
            else s.id = which and s.user_id = (select o.user_id from app_session() o) end
        returning * into ended;
    if ended.id is null then return false; end if;
    perform auth_note(ended.user_id, case when which is null then 'signed_out' else 'session_ended' end, null,
        ended.user_id, jsonb_build_object('session', ended.id));
    return true;
end $$;

create function app_end_other_sessions() returns integer
language plpgsql security definer set search_path = pg_catalog, public as $$
declare own record; ended integer;
begin
    select * into own from app_session();
    if own.id is null then return 0; end if;
    ended := auth_end_sessions(own.user_id, own.id);
    perform auth_note(own.user_id, 'other_sessions_ended', null, own.user_id, jsonb_build_object('sessions', ended));
    return ended;
end $$;

-- Guesses of the password from inside count like those from outside; in place of an address stands the session.
create function app_begin_password_check(fresh text) returns table (ticket uuid, parameters text, refused boolean)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare own record;
begin
    select s.id, u.email into own from app_session() s join users u on u.id = s.user_id;
    if own.id is null then raise insufficient_privilege using message = 'only a session of a browser may ask'; end if;
    return query select * from auth_begin_sign_in(own.email, 'session ' || own.id, null, fresh);
end $$;

create function auth_check_password(of_ticket uuid, derived text) returns uuid
language plpgsql security definer set search_path = pg_catalog, public as $$
declare t sign_in_tickets%rowtype; asker uuid; account uuid;
begin
    select user_id into asker from app_session();
    delete from sign_in_tickets where id = of_ticket and expires_at > now() returning * into t;
    select id into account from users where id = t.user_id and id = asker and password_hash = derived;
    if account is null then
        if asker is not null then perform auth_note(asker, 'password_refused', null, asker, '{}'); end if;
        return null;
    end if;
    delete from sign_in_throttle where bucket = any(t.forgiven);
    update sign_in_throttle set failures = failures - 1 where bucket = any(t.lessened);
    return account;
end $$;

create function auth_new_password(account uuid, new_hash text, but uuid) returns integer
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    update users set password_hash = new_hash where id = account;
    update account_links set used_at = now() where user_id = account and used_at is null;
    delete from known_devices where user_id = account;
    return auth_end_sessions(account, but);
end $$;

-- How many other sessions ended; null for a wrong password.
create function app_change_password(of_ticket uuid, derived text, new_hash text) returns integer
language plpgsql security definer set search_path = pg_catalog, public as $$
declare account uuid := auth_check_password(of_ticket, derived); ended integer;
begin
    if account is null then return null; end if;
    ended := auth_new_password(account, new_hash, (select id from app_session()));
    perform auth_note(account, 'password_changed', null, account, jsonb_build_object('sessions', ended));
    return ended;
end $$;

create function auth_new_link(
    new_id uuid, account uuid, of_kind text, hash bytea, address text, minutes integer, by_mail boolean
) returns void language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    delete from account_links where expires_at < now() - interval '1 day';
    if of_kind = 'email' then
        update account_links set used_at = now() where user_id = account and kind = of_kind and used_at is null;
    end if;
    insert into account_links (id, user_id, kind, key_hash, new_email, expires_at, is_mailed)
        values (new_id, account, of_kind, hash, address, now() + make_interval(mins => minutes), by_mail);
end $$;

-- Without a link the address counts at once; with one it is written to first, and somebody whose address it is already
-- is not betrayed by another answer.
create function app_change_email(of_ticket uuid, derived text, new_email text, link uuid, hash bytea) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare account uuid := auth_check_password(of_ticket, derived); taken boolean;
begin
    if account is null then return 'wrong'; end if;
    perform pg_advisory_xact_lock(5277460002);
    taken := exists (select from users where lower(email) = lower(new_email) and id <> account);
    if link is not null then
        if not taken then perform auth_new_link(link, account, 'email', hash, new_email, 1440, true); end if;
        perform auth_note(account, 'email_change_asked', null, account, '{}');
        return 'sent';
    end if;
    if taken then return 'taken'; end if;
    update account_links set used_at = now() where user_id = account and used_at is null;
    update users set email = new_email, email_unproved = true where id = account;
    perform auth_note(account, 'email_changed', null, account, '{"confirmed": false}');
    return 'changed';
end $$;

-- What an open link is for, and whose: the address that an account has, or will have.
create function auth_see_link(hash bytea) returns table (kind text, email text)
language sql stable security definer set search_path = pg_catalog, public as $$
    select l.kind, coalesce(l.new_email, u.email) from account_links l join users u on u.id = l.user_id
    where l.key_hash = hash and l.used_at is null and now() < l.expires_at and u.disabled_at is null
$$;

create function auth_use_email_link(hash bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare used account_links%rowtype;
begin
    perform pg_advisory_xact_lock(5277460002);
    if not exists (select from auth_see_link(hash) l where l.kind = 'email') then return false; end if;
    update account_links set used_at = now() where key_hash = hash returning * into used;
    if exists (select from users where lower(email) = lower(used.new_email) and id <> used.user_id) then return false; end if;
    update account_links set used_at = now() where user_id = used.user_id and used_at is null;
    update users set email = used.new_email, email_unproved = false where id = used.user_id;
    perform auth_note(used.user_id, 'email_changed', null, used.user_id, '{"confirmed": true}');
    return true;
end $$;

create function account_mails_due() returns boolean
language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (select from account_links where is_mailed and sent_at is null and dropped_at is null
        and used_at is null and due_at <= now() and now() < expires_at)
$$;

create function account_mail_claim(hold_s integer) returns table (
    id uuid, kind text, recipient text, tries integer, claimed_at timestamptz
) language sql security definer set search_path = pg_catalog, public as $$
    with taken as (
        update account_links l set tries = l.tries + 1, due_at = now() + make_interval(secs => hold_s)
        where l.id = (select d.id from account_links d join users u on u.id = d.user_id
            where d.is_mailed and d.sent_at is null and d.dropped_at is null and d.used_at is null
                and d.due_at <= now() and now() < d.expires_at and u.disabled_at is null
            order by d.created_at limit 1 for update of d skip locked)
        returning l.*)
    select t.id, t.kind, coalesce(t.new_email, u.email), t.tries, now() from taken t join users u on u.id = t.user_id
$$;

create function account_mail_came_to(link uuid, sent boolean, wait_s integer, why text) returns void
language sql security definer set search_path = pg_catalog, public as $$
    update account_links set error = why, sent_at = case when sent then now() end,
        dropped_at = case when not sent and wait_s is null then now() end,
        due_at = now() + make_interval(secs => coalesce(wait_s, 0))
    where id = link and sent_at is null
$$;

revoke all on function app_session(), app_sessions(), auth_end_sessions(uuid, uuid), app_end_other_sessions(),
    app_begin_password_check(text), auth_check_password(uuid, text), auth_new_password(uuid, text, uuid),
    app_change_password(uuid, text, text),
    auth_new_link(uuid, uuid, text, bytea, text, integer, boolean),
    app_change_email(uuid, text, text, uuid, bytea), auth_see_link(bytea), auth_use_email_link(bytea),
    account_mails_due(), account_mail_claim(integer), account_mail_came_to(uuid, boolean, integer, text)
    from public;
grant execute on function app_sessions(), app_end_other_sessions(), app_begin_password_check(text),
    app_change_password(uuid, text, text), app_change_email(uuid, text, text, uuid, bytea), auth_see_link(bytea),
    auth_use_email_link(bytea) to pp_web;
grant execute on function account_mails_due(), account_mail_claim(integer),
    account_mail_came_to(uuid, boolean, integer, text) to pp_system;
reset role;
revoke create on schema public from pp_auth;
