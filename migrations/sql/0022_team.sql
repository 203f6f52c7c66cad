-- A workspace is a team: exactly one owner at any time, and who may change what about its people is asked here.

alter table workspaces add constraint workspaces_name_check check (length(name) between 1 and 254);
create unique index memberships_one_owner on memberships (workspace_id) where role = 'owner';

grant create on schema public to pp_auth;
set local role pp_auth;

-- Asked when a transaction ends, so that a hand-over may take two steps.
create function membership_has_owner() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if exists (select from workspaces where id = old.workspace_id)
        and not exists (select from memberships where workspace_id = old.workspace_id and role = 'owner') then
        raise integrity_constraint_violation using message = 'a workspace has exactly one owner';
    end if;
    return null;
end $$;

-- Keeps others from changing the people of a workspace until the transaction ends; returns the rank that whoever asks
-- acts in there, null for a stranger.
create function team_rank(workspace uuid) returns integer
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    perform from workspaces where id = workspace for no key update;
    return (select least(role_rank(m.role), a.most) from app_asker() a join memberships m on m.user_id = a.user_id
        where m.workspace_id = workspace and coalesce(m.workspace_id = a.only_workspace, true));
end $$;

-- Takes a member out; whoever belongs nowhere then gets a workspace of their own, as everybody has one.
create function team_take_out(workspace uuid, member uuid) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
declare own uuid := gen_random_uuid();
begin
    update sessions set workspace_id = null where user_id = member and workspace_id = workspace;
    delete from memberships where workspace_id = workspace and user_id = member;
    if not exists (select from memberships where user_id = member) then
        insert into workspaces (id, name) select own, email from users where id = member;
        insert into memberships (workspace_id, user_id, role) values (own, member, 'owner');
    end if;
end $$;

create function team_people(workspace uuid) returns table (
    user_id uuid, email text, role text, joined_at timestamptz, last_seen_at timestamptz, is_disabled boolean
) language sql stable security definer set search_path = pg_catalog, public as $$
    select u.id, u.email, m.role, m.created_at,
        greatest((select max(s.last_used_at) from sessions s where s.user_id = u.id),
            (select max(k.last_used_at) from api_keys k where k.user_id = u.id)),
        u.disabled_at is not null
    from memberships m join users u on u.id = m.user_id
    where m.workspace_id = workspace and workspace in (select app_workspaces())
    order by role_rank(m.role) desc, lower(u.email)
$$;

-- Each of these says what came of it: done, or why not. Nobody changes their own role, and the owner's is changed by
-- handing over alone.
create function team_set_role(workspace uuid, member uuid, new_role text) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare had text;
begin
    if coalesce(team_rank(workspace) < role_rank('admin'), true)
        or coalesce(new_role not in ('viewer', 'member', 'admin'), true) then return 'refused'; end if;
    select role into had from memberships where workspace_id = workspace and user_id = member;
    if had is null then return 'gone'; end if;
    if member = app_user_id() then return 'own'; end if;
    if had = 'owner' then return 'owner'; end if;
    if had <> new_role then
        update memberships set role = new_role where workspace_id = workspace and user_id = member;
        perform auth_note(app_user_id(), 'role_changed', workspace, member,
            jsonb_build_object('from', had, 'to', new_role));
    end if;
    return 'done';
end $$;

create function team_remove(workspace uuid, member uuid) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare had text;
begin
    if coalesce(team_rank(workspace) < role_rank('admin'), true) then return 'refused'; end if;
    select role into had from memberships where workspace_id = workspace and user_id = member;
    if had is null then return 'gone'; end if;
    if member = app_user_id() then return 'own'; end if;
    if had = 'owner' then return 'owner'; end if;
    perform team_take_out(workspace, member);
    perform auth_note(app_user_id(), 'member_removed', workspace, member, jsonb_build_object('role', had));
    return 'done';
end $$;

create function team_leave(workspace uuid) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare me uuid := app_user_id(); had text;
begin
    if team_rank(workspace) is null then return 'gone'; end if;
    select role into had from memberships where workspace_id = workspace and user_id = me;
    if had = 'owner' then return 'owner'; end if;
    perform team_take_out(workspace, me);
    perform auth_note(me, 'member_left', workspace, me, jsonb_build_object('role', had));
    return 'done';
end $$;

create function team_hand_over(workspace uuid, member uuid) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare me uuid := app_user_id();
begin
    if coalesce(team_rank(workspace) < role_rank('owner'), true) then return 'refused'; end if;
    if member = me then return 'own'; end if;
    if not exists (select from memberships m join users u on u.id = m.user_id
        where m.workspace_id = workspace and m.user_id = member and u.disabled_at is null) then return 'gone'; end if;
    update memberships set role = 'admin' where workspace_id = workspace and user_id = me;
    update memberships set role = 'owner' where workspace_id = workspace and user_id = member;
    perform auth_note(me, 'ownership_handed_over', workspace, member, '{}');
    return 'done';
end $$;

create function team_rename(workspace uuid, new_name text) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare had text;
begin
    if coalesce(team_rank(workspace) < role_rank('admin'), true) then return 'refused'; end if;
    select name into had from workspaces where id = workspace;
    update workspaces set name = new_name where id = workspace;
    perform auth_note(app_user_id(), 'workspace_renamed', workspace, workspace,
        jsonb_build_object('from', had, 'to', new_name));
    return 'done';
end $$;

reset role;
create constraint trigger one_owner after update or delete on memberships deferrable initially deferred
    for each row when (old.role = 'owner') execute function membership_has_owner();
set local role pp_auth;

revoke all on function membership_has_owner(), team_rank(uuid), team_take_out(uuid, uuid), team_people(uuid),
    team_set_role(uuid, uuid, text), team_remove(uuid, uuid), team_leave(uuid), team_hand_over(uuid, uuid),
    team_rename(uuid, text) from public;
grant execute on function team_people(uuid), team_set_role(uuid, uuid, text), team_remove(uuid, uuid),
    team_leave(uuid), team_hand_over(uuid, uuid), team_rename(uuid, text) to pp_web;

reset role;
revoke create on schema public from pp_auth;
