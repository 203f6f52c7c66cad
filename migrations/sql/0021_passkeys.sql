-- Passkeys (WebAuthn): a device that checks who holds it counts as both factors. The application compares the
-- signatures and vouches for them; a challenge is good for one sign-in.

create table passkeys (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    credential_id bytea not null unique,
    public_key bytea not null,
    sign_count bigint not null,
    name text not null check (length(name) between 1 and 60),
    created_at timestamptz not null default now(),
    last_used_at timestamptz
);
create index passkeys_user on passkeys (user_id, created_at);
create table used_challenges (challenge_hash bytea primary key, expires_at timestamptz not null);
alter table passkeys enable row level security;
alter table passkeys force row level security;
alter table used_challenges enable row level security;
alter table used_challenges force row level security;
create policy auth_all on passkeys to pp_auth using (true) with check (true);
create policy auth_all on used_challenges to pp_auth using (true) with check (true);
grant select, insert, update, delete on passkeys, used_challenges to pp_auth;

grant create on schema public to pp_auth;
set local role pp_auth;

create function auth_use_challenge(challenge bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    delete from used_challenges where expires_at < now();
    insert into used_challenges values (sha256(challenge), now() + interval '1 hour') on conflict do nothing;
    return found;
end $$;

create function auth_passkey(credential bytea) returns table (public_key bytea, sign_count bigint)
language sql stable security definer set search_path = pg_catalog, public as $$
    select p.public_key, p.sign_count from passkeys p join users u on u.id = p.user_id
    where p.credential_id = credential and u.disabled_at is null
$$;

create function auth_sign_in_by_passkey(
    key text, credential bytea, count bigint, challenge bytea,
    proof bytea, hours integer, idle_hours integer, seen_device text, seen_ip text, new_device bytea
) returns boolean language plpgsql security definer set search_path = pg_catalog, public as $$
declare account uuid;
begin
    perform auth_check_voucher(key);
    if not auth_use_challenge(challenge) then return false; end if;
    -- A counter that does not grow is that of a copy; devices that count nothing always say nought.
    update passkeys p set sign_count = count, last_used_at = now() from users u
        where p.credential_id = credential and u.id = p.user_id and u.disabled_at is null
            and (count > p.sign_count or (count = 0 and p.sign_count = 0))
        returning p.user_id into account;
    if account is null then return false; end if;
    perform auth_open_session(proof, account, 'web', hours, idle_hours, seen_device, seen_ip);
    perform auth_know_device(account, new_device);
    perform auth_note(account, 'signed_in', null, account,
        jsonb_build_object('ip', seen_ip, 'device', left(seen_device, 200), 'by', 'passkey'));
    return true;
end $$;

create function app_confirm_password(of_ticket uuid, derived text) returns boolean
language sql security definer set search_path = pg_catalog, public as $$
    select auth_check_password(of_ticket, derived) is not null
$$;

create function app_add_passkey(
    key text, new_id uuid, credential bytea, new_key bytea, signed bigint, challenge bytea, called text
) returns boolean language plpgsql security definer set search_path = pg_catalog, public as $$
declare asker uuid := (select user_id from app_session());
begin
    perform auth_check_voucher(key);
    if asker is null or not auth_use_challenge(challenge)
        or (select count(p.id) from passkeys p where p.user_id = asker) >= 20 then return false; end if;
    insert into passkeys (id, user_id, credential_id, public_key, sign_count, name)
        values (new_id, asker, credential, new_key, signed, called) on conflict do nothing;
    if not found then return false; end if;
    perform auth_note(asker, 'passkey_added', null, asker, jsonb_build_object('passkey', new_id));
    return true;
end $$;

create function app_passkeys() returns table (
    id uuid, credential_id bytea, name text, created_at timestamptz, last_used_at timestamptz
) language sql stable security definer set search_path = pg_catalog, public as $$
    select p.id, p.credential_id, p.name, p.created_at, p.last_used_at
    from app_session() s join passkeys p on p.user_id = s.user_id order by p.created_at, p.id
$$;

create function app_remove_passkey(of_ticket uuid, derived text, which uuid) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare account uuid := auth_check_password(of_ticket, derived);
begin
    if account is null then return 'wrong'; end if;
    delete from passkeys where id = which and user_id = account;
    if not found then return 'gone'; end if;
    perform auth_note(account, 'passkey_removed', null, account, jsonb_build_object('passkey', which));
    return 'removed';
end $$;

revoke all on function auth_use_challenge(bytea), auth_passkey(bytea),
    auth_sign_in_by_passkey(text, bytea, bigint, bytea, bytea, integer, integer, text, text, bytea),
    app_confirm_password(uuid, text), app_add_passkey(text, uuid, bytea, bytea, bigint, bytea, text),
    app_passkeys(), app_remove_passkey(uuid, text, uuid) from public;
grant execute on function auth_passkey(bytea),
    auth_sign_in_by_passkey(text, bytea, bigint, bytea, bytea, integer, integer, text, text, bytea),
    app_confirm_password(uuid, text), app_add_passkey(text, uuid, bytea, bytea, bigint, bytea, text),
    app_passkeys(), app_remove_passkey(uuid, text, uuid) to pp_web;
reset role;
revoke create on schema public from pp_auth;
