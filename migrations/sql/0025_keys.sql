-- Keys for programs: made by a person for one workspace, for no more than that person may do there.
grant create on schema public to pp_auth;
set local role pp_auth;

-- The key itself is made and shown by the application; the table gets the hash of what it proves itself with.
create function app_create_key(new_id uuid, key_name text, wanted_scope text, days integer, proof bytea)
returns boolean language plpgsql security definer set search_path = pg_catalog, public as $$
declare home uuid; owner uuid;
begin
    -- By a session only: a key that leaked makes no other ones.
    select s.user_id, s.workspace_id into owner, home from sessions s
        where s.token_hash = app_proof() and s.user_id = app_user_id();
    if home is null or home not in (select app_workspaces_as(
        case wanted_scope when 'read' then 'viewer' when 'submit' then 'member' else 'admin' end))
        or days not between 1 and 365
        or (select count(*) from api_keys k where k.workspace_id = home and k.user_id = owner
            and k.revoked_at is null and k.expires_at > now()) >= 20 then return false; end if;
    insert into api_keys (workspace_id, id, user_id, name, scope, key_hash, expires_at)
        values (home, new_id, owner, key_name, wanted_scope, sha256(proof), now() + make_interval(days => days));
    perform auth_note(owner, 'key_created', home, new_id, jsonb_build_object('scope', wanted_scope, 'days', days));
    return true;
end $$;

create function app_revoke_key(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare home uuid;
begin
    update api_keys k set revoked_at = now() where k.id = which and k.revoked_at is null
        and (k.user_id = app_user_id() or k.workspace_id in (select app_workspaces_as('admin')))
        and k.workspace_id in (select app_workspaces())
        returning k.workspace_id into home;
    if home is null then return false; end if;
    perform auth_note(app_user_id(), 'key_revoked', home, which, '{}');
    return true;
end $$;

revoke all on function app_create_key(uuid, text, text, integer, bytea), app_revoke_key(uuid) from public;
grant execute on function app_create_key(uuid, text, text, integer, bytea), app_revoke_key(uuid) to pp_web;
reset role;
revoke create on schema public from pp_auth;

drop policy own on api_keys;
create policy member on api_keys for select to pp_web using (
    workspace_id in (select app_workspaces())
    and (user_id = (select app_user_id()) or workspace_id in (select app_workspaces_as('admin'))));
