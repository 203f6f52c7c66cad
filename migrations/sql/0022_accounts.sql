-- Accounts as administrators look after them. A deleted account stays as a row without a person, as the books name it.

alter table users add column deleted_at timestamptz;
comment on column users.deleted_at is 'Nobody is behind this account any more: its address, password and sessions are gone.';
grant select (deleted_at) on users to pp_admin;

grant create on schema public to pp_auth;
set local role pp_auth;

create function admin_accounts(find text, before_at timestamptz, before_id uuid, most integer) returns table (
    id uuid, email text, created_at timestamptz, last_seen_at timestamptz, administers boolean, disabled_at timestamptz,
    workspaces bigint
) language sql stable security definer set search_path = pg_catalog, public as $$
    select u.id, u.email, u.created_at,
        greatest((select max(s.last_used_at) from sessions s where s.user_id = u.id),
            (select max(k.last_used_at) from api_keys k where k.user_id = u.id)),
        u.is_admin, u.disabled_at, (select count(*) from memberships m where m.user_id = u.id)
    from users u
    where app_is_admin() and u.deleted_at is null and (find is null or strpos(lower(u.email), lower(find)) > 0)
        and (before_at is null or (u.created_at, u.id) < (before_at, before_id))
    order by u.created_at desc, u.id desc limit most
$$;

-- One act on an account at a time, so that two administrators do not take each other's rights away at once. Returns why
-- not, or null.
create function admin_refusal(account uuid) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    perform pg_advisory_xact_lock(5277460002);
    if not app_is_admin() then return 'refused'; end if;
    if not exists (select from users where id = account and deleted_at is null) then return 'gone'; end if;
    return null;
end $$;

-- Ends all by which somebody proves who they are, and the links they have given away.
create function admin_shut_out(account uuid) returns void
language sql security definer set search_path = pg_catalog, public as $$
    update sessions set revoked_at = coalesce(revoked_at, now()) where user_id = account;
    update api_keys set revoked_at = coalesce(revoked_at, now()) where user_id = account;
    update invitations set revoked_at = now(), mail_due_at = null
        where invited_by = account and accepted_at is null and revoked_at is null;
$$;

create function admin_disable(account uuid) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare problem text := admin_refusal(account);
begin
    if problem is not null then return problem; end if;
    if account = app_user_id() then return 'own'; end if;
    update users set disabled_at = coalesce(disabled_at, now()) where id = account;
    perform admin_shut_out(account);
    perform auth_note(app_user_id(), 'account_disabled', null, account, '{}');
    return 'done';
end $$;

create function admin_enable(account uuid) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare problem text := admin_refusal(account);
begin
    if problem is not null then return problem; end if;
    update users set disabled_at = null where id = account;
    perform auth_note(app_user_id(), 'account_enabled', null, account, '{}');
    return 'done';
end $$;

create function admin_set_admin(account uuid, wanted boolean) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare problem text := admin_refusal(account);
begin
    if problem is not null then return problem; end if;
    if not wanted and not exists (select from users
        where is_admin and disabled_at is null and deleted_at is null and id <> account) then return 'last'; end if;
    update users set is_admin = wanted where id = account;
    perform auth_note(app_user_id(), case when wanted then 'administrator_made' else 'administrator_unmade' end,
        null, account, '{}');
    return 'done';
end $$;

-- Whether nothing is in a workspace, and nobody but its owner.
create function workspace_is_empty(workspace uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public as $$
    select (select count(*) from memberships m where m.workspace_id = workspace) <= 1
        and not exists (select from campaigns c where c.workspace_id = workspace)
        and not exists (select from suppressions s where s.workspace_id = workspace)
$$;

-- What they own goes to an heir, with its books; a workspace in which nothing is and nobody else goes with them.
create function admin_delete(account uuid, heir uuid) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare problem text := admin_refusal(account); home uuid; was text;
begin
    if problem is not null then return problem; end if;
    if account = app_user_id() then return 'own'; end if;
    if exists (select from memberships m where m.user_id = account and m.role = 'owner'
            and not workspace_is_empty(m.workspace_id))
        and not exists (select from users u where u.id = heir and u.id <> account and u.disabled_at is null) then
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

revoke all on function admin_accounts(text, timestamptz, uuid, integer), admin_refusal(uuid), admin_shut_out(uuid), workspace_is_empty(uuid),
    admin_disable(uuid), admin_enable(uuid), admin_set_admin(uuid, boolean), admin_delete(uuid, uuid) from public;
grant execute on function admin_accounts(text, timestamptz, uuid, integer), admin_disable(uuid), admin_enable(uuid),
    admin_set_admin(uuid, boolean), admin_delete(uuid, uuid) to pp_admin;

reset role;
grant select on suppressions to pp_auth;
create policy content on suppressions for select to pp_auth using (true);
revoke create on schema public from pp_auth;
