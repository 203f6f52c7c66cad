-- A new password by a link that is used once: asked for by mail, or made by an administrator or on the machine itself.

alter table account_links add column drops_factor boolean not null default false;
comment on column account_links.drops_factor is 'Who uses the link is asked for no second factor any more: it was lost.';

grant create on schema public to pp_auth;
set local role pp_auth;

-- False after too many: three of an address, twenty of a network address in a quarter of an hour, whether or not anybody
-- has the address. Earlier links stay good, so that asking for others' links spoils none.
create function auth_ask_reset(wanted text, from_ip text, link uuid, hash bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare account uuid; item record; too_many boolean := false;
begin
    delete from sign_in_throttle t where t.since < now() - interval '15 minutes';
    for item in
        select b.bucket, b.most from (values (sha256(convert_to('reset ' || lower(wanted), 'UTF8')), 3),
            (sha256(convert_to('reset from ' || from_ip, 'UTF8')), 20)) as b (bucket, most) order by b.bucket
    loop
        insert into sign_in_throttle as t (bucket, failures, since) values (item.bucket, 1, now())
            on conflict (bucket) do update set failures = t.failures + 1
            returning t.failures > item.most or too_many into too_many;
    end loop;
    if too_many then return false; end if;
    select u.id into account from users u where lower(u.email) = lower(wanted) and u.disabled_at is null;
    if account is not null then
        perform auth_new_link(link, account, 'reset', hash, null, 60, true);
        perform auth_note(account, 'reset_asked', null, account, jsonb_build_object('ip', from_ip));
    end if;
    return true;
end $$;

-- The address of the account; null when there is none.
create function auth_make_reset_link(account uuid, wanted text, link uuid, hash bytea, without_factor boolean) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare found record;
begin
    if session_user <> 'pp_operator' and not app_is_admin() then
        raise insufficient_privilege using message = 'only an administrator makes links for others';
    end if;
    select u.id, u.email into found from users u where u.disabled_at is null
        and case when account is null then lower(u.email) = lower(wanted) else u.id = account end;
    if found.id is null then return null; end if;
    perform auth_new_link(link, found.id, 'reset', hash, null, 1440, false);
    update account_links set drops_factor = without_factor where id = link;
    perform auth_note(coalesce(app_user_id(), found.id), 'reset_link_made', null, found.id,
        jsonb_build_object('by_command', session_user = 'pp_operator', 'without_second_factor', without_factor));
    return found.email;
end $$;

create function auth_use_reset_link(hash bytea, new_hash text) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare used account_links%rowtype; ended integer;
begin
    update account_links l set used_at = now() from users u
        where l.key_hash = hash and l.kind = 'reset' and l.used_at is null and now() < l.expires_at
            and u.id = l.user_id and u.disabled_at is null
        returning l.* into used;
    if used.id is null then return false; end if;
    ended := auth_new_password(used.user_id, new_hash, null);
    update users set email_unproved = email_unproved and not used.is_mailed where id = used.user_id;
    if used.drops_factor then
        delete from second_factors where user_id = used.user_id;
        delete from recovery_codes where user_id = used.user_id;
    end if;
    delete from sign_in_throttle where bucket = (select sha256(convert_to('account ' || lower(u.email), 'UTF8'))
        from users u where u.id = used.user_id);
    perform auth_note(used.user_id, 'password_reset', null, used.user_id, jsonb_build_object('by_mail', used.is_mailed,
        'sessions', ended, 'without_second_factor', used.drops_factor));
    return true;
end $$;

revoke all on function auth_ask_reset(text, text, uuid, bytea), auth_make_reset_link(uuid, text, uuid, bytea, boolean),
    auth_use_reset_link(bytea, text) from public;
grant execute on function auth_ask_reset(text, text, uuid, bytea), auth_use_reset_link(bytea, text) to pp_web;
grant execute on function auth_make_reset_link(uuid, text, uuid, bytea, boolean) to pp_admin, pp_operator;
reset role;
revoke create on schema public from pp_auth;
