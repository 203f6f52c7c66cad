-- A second factor: codes of an authenticator app, and recovery codes. The secret of the codes is kept encrypted, so the
-- application compares them; that it did, it proves by a key only who knows APP_SECRET can make.

create table second_factors (
    user_id uuid primary key references users (id) on delete cascade,
    secret text not null,
    last_step bigint not null,
    created_at timestamptz not null default now()
);
comment on column second_factors.secret is 'Encrypted with a key made from APP_SECRET.';
comment on column second_factors.last_step is 'The half minute whose code was taken last: a code is taken once.';
create table recovery_codes (
    user_id uuid not null references users (id) on delete cascade,
    code_hash bytea not null,
    used_at timestamptz,
    primary key (user_id, code_hash)
);
alter table second_factors enable row level security;
alter table second_factors force row level security;
alter table recovery_codes enable row level security;
alter table recovery_codes force row level security;
create policy auth_all on second_factors to pp_auth using (true) with check (true);
create policy auth_all on recovery_codes to pp_auth using (true) with check (true);
grant select, insert, update, delete on second_factors, recovery_codes to pp_auth;

grant create on schema public to pp_auth;
set local role pp_auth;

-- What the application alone can judge, it vouches for.
create function auth_check_voucher(key text) returns void
language plpgsql stable security definer set search_path = pg_catalog, public as $$
begin
    if not exists (select from installation where name = 'voucher' and value = sha256(convert_to(key, 'UTF8'))) then
        raise insufficient_privilege using message = 'the application does not vouch for this';
    end if;
end $$;

create function auth_know_device(account uuid, device bytea) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if device is null then return; end if;
    delete from known_devices where user_id = account and token_hash in (
        select token_hash from known_devices where user_id = account order by created_at desc offset 19);
    insert into known_devices (token_hash, user_id) values (sha256(device), account) on conflict do nothing;
end $$;

-- Whoever showed the first factor: inside, or at the second one for ten minutes, where the session proves nothing.
create function auth_let_in(
    account uuid, how text, proof bytea, hours integer, idle_hours integer, seen_device text, seen_ip text, new_device bytea
) returns text language plpgsql security definer set search_path = pg_catalog, public as $$
declare seen jsonb := jsonb_build_object('ip', seen_ip, 'device', left(seen_device, 200), 'by', how);
begin
    perform auth_open_session(proof, account, 'web', hours, idle_hours, seen_device, seen_ip);
    if exists (select from second_factors where user_id = account) then
        update sessions set passed_at = null, expires_at = now() + interval '10 minutes' where token_hash = sha256(proof);
        perform auth_note(account, 'second_factor_asked', null, account, seen);
        return 'second_factor';
    end if;
    perform auth_know_device(account, new_device);
    perform auth_note(account, 'signed_in', null, account, seen);
    return 'in';
end $$;

create or replace function auth_sign_in(
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
    return auth_let_in(account, 'password', proof, hours, idle_hours, seen_device, seen_ip,
        case when not t.known_device then new_device end);
end $$;

-- Whoever's session the proof belongs to, also one that waits for the second factor.
create function auth_half_session() returns table (id uuid, user_id uuid, waits boolean)
language sql stable security definer set search_path = pg_catalog, public as $$
    select s.id, s.user_id, s.passed_at is null from sessions s join users u on u.id = s.user_id
    where s.token_hash = app_proof() and s.kind = 'web' and s.revoked_at is null and u.disabled_at is null
        and now() < s.expires_at and now() < s.last_used_at + make_interval(secs => s.idle_s)
$$;

-- Counts an attempt before anything is compared: five of an account in a quarter of an hour.
create function auth_begin_second_factor() returns table (refused boolean, secret text, last_step bigint, now_s bigint)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare account uuid; count integer;
begin
    select s.user_id into account from auth_half_session() s;
    if account is null then return; end if;
    delete from sign_in_throttle t where t.since < now() - interval '15 minutes';
    insert into sign_in_throttle as t (bucket, failures, since)
        values (sha256(convert_to('second factor ' || account, 'UTF8')), 1, now())
        on conflict (bucket) do update set failures = t.failures + 1 returning t.failures into count;
    return query select count > 5, f.secret, f.last_step, extract(epoch from now())::bigint
        from second_factors f where f.user_id = account;
end $$;

-- "step" is that of a code of the app, which the application compared; "code" the hash of a recovery code.
create function auth_take_code(account uuid, key text, step bigint, code bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if step is not null then
        perform auth_check_voucher(key);
        update second_factors set last_step = step where user_id = account and last_step < step;
    else
        update recovery_codes set used_at = now() where user_id = account and code_hash = code and used_at is null;
    end if;
    if not found then
        perform auth_note(account, 'second_factor_refused', null, account, '{}');
        return false;
    end if;
    if step is null then perform auth_note(account, 'recovery_code_used', null, account, '{}'); end if;
    delete from sign_in_throttle where bucket = sha256(convert_to('second factor ' || account, 'UTF8'));
    return true;
end $$;

-- The session gets another token: whoever knew the one of the half sign-in knows nothing.
create function auth_pass_second_factor(
    key text, step bigint, code bytea, new_proof bytea, hours integer, idle_hours integer, new_device bytea
) returns boolean language plpgsql security definer set search_path = pg_catalog, public as $$
declare own record;
begin
    select * into own from auth_half_session() s where s.waits;
    if own.id is null or not auth_take_code(own.user_id, key, step, code) then return false; end if;
    update sessions set token_hash = sha256(new_proof), passed_at = now(), last_used_at = now(),
        expires_at = now() + make_interval(hours => least(hours, 8760)), idle_s = least(idle_hours, 8760) * 3600
        where id = own.id;
    perform auth_know_device(own.user_id, new_device);
    perform auth_note(own.user_id, 'signed_in', null, own.user_id, jsonb_build_object('by', 'second factor'));
    return true;
end $$;

create function app_sign_in_ways() returns table (has_password boolean, factor_since timestamptz, codes_left integer)
language sql stable security definer set search_path = pg_catalog, public as $$
    select u.password_hash is not null, f.created_at,
        (select count(*)::integer from recovery_codes c where c.user_id = u.id and c.used_at is null)
    from app_session() s join users u on u.id = s.user_id left join second_factors f on f.user_id = u.id
$$;

create function auth_keep_codes(account uuid, codes bytea[]) returns void
language sql security definer set search_path = pg_catalog, public as $$
    delete from recovery_codes where user_id = account;
    insert into recovery_codes (user_id, code_hash) select account, unnest(codes);
$$;

create function app_switch_on_second_factor(
    of_ticket uuid, derived text, new_secret text, step bigint, codes bytea[]
) returns text language plpgsql security definer set search_path = pg_catalog, public as $$
declare account uuid := auth_check_password(of_ticket, derived);
begin
    if account is null then return 'wrong'; end if;
    insert into second_factors (user_id, secret, last_step) values (account, new_secret, step) on conflict do nothing;
    if not found then return 'already'; end if;
    perform auth_keep_codes(account, codes);
    perform auth_note(account, 'second_factor_on', null, account, '{}');
    return 'on';
end $$;

create function app_switch_off_second_factor(of_ticket uuid, derived text, key text, step bigint, code bytea) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare account uuid := auth_check_password(of_ticket, derived);
begin
    if account is null then return 'wrong'; end if;
    if not auth_take_code(account, key, step, code) then return 'refused'; end if;
    delete from second_factors where user_id = account;
    delete from recovery_codes where user_id = account;
    perform auth_note(account, 'second_factor_off', null, account, '{}');
    return 'off';
end $$;

create function app_new_recovery_codes(key text, step bigint, code bytea, codes bytea[]) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare account uuid := (select user_id from app_session());
begin
    if account is null or not auth_take_code(account, key, step, code) then return false; end if;
    perform auth_keep_codes(account, codes);
    perform auth_note(account, 'recovery_codes_renewed', null, account, '{}');
    return true;
end $$;

revoke all on function auth_check_voucher(text), auth_know_device(uuid, bytea),
    auth_let_in(uuid, text, bytea, integer, integer, text, text, bytea), auth_half_session(),
    auth_begin_second_factor(), auth_take_code(uuid, text, bigint, bytea),
    auth_pass_second_factor(text, bigint, bytea, bytea, integer, integer, bytea), app_sign_in_ways(),
    auth_keep_codes(uuid, bytea[]), app_switch_on_second_factor(uuid, text, text, bigint, bytea[]),
    app_switch_off_second_factor(uuid, text, text, bigint, bytea),
    app_new_recovery_codes(text, bigint, bytea, bytea[])
    from public;
grant execute on function auth_begin_second_factor(),
    auth_pass_second_factor(text, bigint, bytea, bytea, integer, integer, bytea), app_sign_in_ways(),
    app_switch_on_second_factor(uuid, text, text, bigint, bytea[]),
    app_switch_off_second_factor(uuid, text, text, bigint, bytea),
    app_new_recovery_codes(text, bigint, bytea, bytea[])
    to pp_web;
reset role;
revoke create on schema public from pp_auth;
