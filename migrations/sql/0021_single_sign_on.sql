-- Sign-in by another site that the settings name (OpenID Connect). Who somebody is there, the application vouches for.

create table sign_in_identities (
    issuer text not null,
    subject text not null,
    user_id uuid not null references users (id) on delete cascade,
    created_at timestamptz not null default now(),
    last_used_at timestamptz not null default now(),
    primary key (issuer, subject)
);
create unique index sign_in_identities_user on sign_in_identities (user_id, issuer);
alter table sign_in_identities enable row level security;
alter table sign_in_identities force row level security;
create policy auth_all on sign_in_identities to pp_auth using (true) with check (true);
grant select, insert, update, delete on sign_in_identities to pp_auth;

grant create on schema public to pp_auth;
set local role pp_auth;

-- Somebody the issuer calls "sub", for the first time: the account with their address, which the issuer has verified, or
-- a new one. An account with a second factor, one whose address its owner never proved, and one that is linked to
-- somebody else there is not given away by an address: its owner links it from inside.
create function auth_link_by_address(
    iss text, sub text, mail text, may_make boolean, new_id uuid, new_workspace uuid, out account uuid, out came_to text
) language plpgsql security definer set search_path = pg_catalog, public as $$
declare found users%rowtype;
begin
    select * into found from users where lower(email) = lower(mail);
    if found.id is null then
        if not may_make or not exists (select from users) then came_to := 'unknown'; return; end if;
        perform auth_make_user(new_id, new_workspace, mail, null, false);
        perform auth_note(new_id, 'account_created', new_workspace, new_id, jsonb_build_object('by', iss));
        account := new_id;
    elsif found.disabled_at is not null then
        came_to := 'unknown'; return;
    elsif found.email_unproved or exists (select from second_factors where user_id = found.id)
        or exists (select from sign_in_identities where user_id = found.id and issuer = iss) then
        perform auth_note(found.id, 'identity_refused', null, found.id, jsonb_build_object('issuer', iss));
        came_to := 'conflict'; return;
    else
        account := found.id;
    end if;
    insert into sign_in_identities (issuer, subject, user_id) values (iss, sub, account);
    perform auth_note(account, 'identity_linked', null, account, jsonb_build_object('issuer', iss));
end $$;

create function auth_sign_in_by_issuer(
    key text, iss text, sub text, mail text, may_make boolean, new_id uuid, new_workspace uuid,
    proof bytea, hours integer, idle_hours integer, seen_device text, seen_ip text, new_device bytea
) returns text language plpgsql security definer set search_path = pg_catalog, public as $$
declare account uuid; refusal text;
begin
    perform auth_check_voucher(key);
    perform pg_advisory_xact_lock(5277460002);
    update sign_in_identities i set last_used_at = now() where i.issuer = iss and i.subject = sub
        returning i.user_id into account;
    if account is null then
        select l.account, l.came_to into account, refusal
            from auth_link_by_address(iss, sub, mail, may_make, new_id, new_workspace) l;
        if refusal is not null then return refusal; end if;
    elsif exists (select from users where id = account and disabled_at is not null) then
        return 'unknown';
    end if;
    return auth_let_in(account, 'single sign-on', proof, hours, idle_hours, seen_device, seen_ip, new_device);
end $$;

create function app_connect_identity(key text, iss text, sub text) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare asker uuid := (select user_id from app_session());
begin
    perform auth_check_voucher(key);
    insert into sign_in_identities (issuer, subject, user_id) select iss, sub, asker where asker is not null
        on conflict do nothing;
    if not found then return false; end if;
    perform auth_note(asker, 'identity_linked', null, asker, jsonb_build_object('issuer', iss));
    return true;
end $$;

create function app_identity_since(iss text) returns timestamptz
language sql stable security definer set search_path = pg_catalog, public as $$
    select i.created_at from app_session() s join sign_in_identities i on i.user_id = s.user_id and i.issuer = iss
$$;

-- Whoever has a password keeps a way to sign in.
create function app_disconnect_identity(of_ticket uuid, derived text, iss text) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare account uuid := auth_check_password(of_ticket, derived);
begin
    if account is null then return false; end if;
    delete from sign_in_identities where user_id = account and issuer = iss;
    perform auth_note(account, 'identity_unlinked', null, account, jsonb_build_object('issuer', iss));
    return true;
end $$;

revoke all on function auth_link_by_address(text, text, text, boolean, uuid, uuid),
    auth_sign_in_by_issuer(text, text, text, text, boolean, uuid, uuid, bytea, integer, integer, text, text, bytea),
    app_connect_identity(text, text, text), app_identity_since(text), app_disconnect_identity(uuid, text, text)
    from public;
grant execute on function
    auth_sign_in_by_issuer(text, text, text, text, boolean, uuid, uuid, bytea, integer, integer, text, text, bytea),
    app_connect_identity(text, text, text), app_identity_since(text), app_disconnect_identity(uuid, text, text)
    to pp_web;
reset role;
revoke create on schema public from pp_auth;
