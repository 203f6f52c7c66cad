-- What administrators see of guests, and what they do about them and about who signed up by themselves.

drop function admin_accounts(text, timestamptz, uuid, integer);
grant create on schema public to pp_auth;
set local role pp_auth;

create function admin_accounts(find text, before_at timestamptz, before_id uuid, most integer) returns table (
    id uuid, email text, created_at timestamptz, last_seen_at timestamptz, administers boolean, disabled_at timestamptz,
    workspaces bigint, guest_until timestamptz, is_free boolean
) language sql stable security definer set search_path = pg_catalog, public as $$
    select u.id, u.email, u.created_at,
        greatest((select max(s.last_used_at) from sessions s where s.user_id = u.id),
            (select max(k.last_used_at) from api_keys k where k.user_id = u.id)),
        u.is_admin, u.disabled_at, (select count(*) from memberships m where m.user_id = u.id), u.guest_until, u.is_free
    from users u
    where app_is_admin() and u.deleted_at is null and coalesce(u.guest_until > now(), true)
        and (find is null or strpos(lower(u.email), lower(find)) > 0)
        and (before_at is null or (u.created_at, u.id) < (before_at, before_id))
    order by u.created_at desc, u.id desc limit most
$$;

create function admin_set_free(account uuid, wanted boolean) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare problem text := admin_refusal(account);
begin
    if problem is not null then return problem; end if;
    if exists (select from users where id = account and guest_until is not null) then return 'guest'; end if;
    update users set is_free = wanted where id = account;
    perform auth_note(app_user_id(), case when wanted then 'paid_orders_refused' else 'paid_orders_allowed' end,
        null, account, '{}');
    return 'done';
end $$;

create or replace function admin_set_admin(account uuid, wanted boolean) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare problem text := admin_refusal(account);
begin
    if problem is not null then return problem; end if;
    if exists (select from users where id = account and guest_until is not null) then return 'guest'; end if;
    if not wanted and not exists (select from users
        where is_admin and disabled_at is null and deleted_at is null and id <> account) then return 'last'; end if;
    update users set is_admin = wanted where id = account;
    perform auth_note(app_user_id(), case when wanted then 'administrator_made' else 'administrator_unmade' end,
        null, account, '{}');
    return 'done';
end $$;

-- A guest's time is over at once; what is theirs goes as soon as nothing of it runs.
create or replace function admin_delete(account uuid, heir uuid) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare problem text := admin_refusal(account); home uuid; was text;
begin
    if problem is not null then return problem; end if;
    if account = app_user_id() then return 'own'; end if;
    if exists (select from users where id = account and guest_until is not null) then
        update users set guest_until = least(guest_until, now()) where id = account;
        perform admin_shut_out(account);
        perform auth_note(app_user_id(), 'guest_ended', null, account, '{}');
        return 'done';
    end if;
    if exists (select from memberships m where m.user_id = account and m.role = 'owner'
            and not workspace_is_empty(m.workspace_id))
        and not exists (select from users u where u.id = heir and u.id <> account and u.disabled_at is null
            and u.guest_until is null) then
        return 'heir';
    end if;
    for home in select m.workspace_id from memberships m where m.user_id = account and m.role = 'owner' loop
        if workspace_is_empty(home) then
            delete from workspaces where id = home;
        else
            update memberships set role = 'admin' where workspace_id = home and user_id = account;
            insert into memberships (workspace_id, user_id, role) values (home, heir, 'owner')
                on conflict (workspace_id, user_id) do update set role = 'owner';
            perform auth_note(app_user_id(), 'ownership_handed_over', home, heir, '{"by_administrator": true}');
        end if;
    end loop;
    perform admin_shut_out(account);
    -- With the row goes all that hangs on it, by which somebody could sign in; one of the same id keeps the books whole.
    delete from users where id = account returning email into was;
    insert into users (id, email, mail_when, disabled_at, deleted_at)
        values (account, 'deleted account ' || right(account::text, 12), 'never', now(), now());
    perform auth_note(app_user_id(), 'account_deleted', null, account, jsonb_build_object('email', was, 'heir', heir));
    return 'done';
end $$;

revoke all on function admin_accounts(text, timestamptz, uuid, integer), admin_set_free(uuid, boolean) from public;
grant execute on function admin_accounts(text, timestamptz, uuid, integer), admin_set_free(uuid, boolean) to pp_admin;
reset role;
revoke create on schema public from pp_auth;
