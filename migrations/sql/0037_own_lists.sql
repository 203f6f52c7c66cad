-- Lists of companies that are uploaded to be looked up. A campaign is ordered of a checked one, reads its file, and lets it go in
-- the moment its businesses are stored.

alter table lists drop constraint lists_kind_check, drop constraint lists_state_check,
    add constraint lists_kind_check check (kind in ('customers', 'exclusion', 'own')),
    add constraint lists_state_check check (state in ('checking', 'checked', 'refused', 'storing', 'kept', 'ordered')),
    add constraint lists_own_check check ((state = 'ordered') <= (kind = 'own') and (state in ('storing', 'kept')) <= (kind <> 'own'));

drop policy goes_on on lists;
create policy goes_on on lists for update to pp_web
    using (state = 'checked' and workspace_id in (select app_workspaces_as('member')))
    with check (state = case kind when 'own' then 'ordered' else 'storing' end
        and workspace_id in (select app_workspaces_as('member')));
create policy ordered on list_files for select to pp_worker using (workspace_id = (select app_job_workspace())
    and exists (select from lists l where l.workspace_id = list_files.workspace_id and l.id = list_files.list_id
        and l.state = 'ordered'));
grant select on list_files to pp_worker;

grant create on schema public to pp_auth;
set local role pp_auth;

create function own_list_let_go(campaign uuid) returns void
language sql security definer set search_path = pg_catalog, public as $$
    delete from lists l using campaigns c
    where c.workspace_id = app_job_workspace() and c.id = campaign and l.workspace_id = c.workspace_id
        and l.state = 'ordered' and l.id::text = c.spec ->> 'own_list'
$$;

-- As before; a list that waits for its campaign goes as well.
create or replace function subject_lists_erase(workspace uuid, hash bytea, kind text) returns integer
language plpgsql security definer set search_path = pg_catalog, public as $$
declare scope uuid[] := array(select subject_scope(workspace)); gone integer;
begin
    if cardinality(scope) = 0 then
        raise insufficient_privilege using message = 'only who answers for the workspace erases';
    end if;
    if exists (select from lists where workspace_id = any(scope) and state = 'storing') then return -1; end if;
    delete from lists where workspace_id = any(scope) and state in ('checking', 'checked', 'refused', 'ordered');
    delete from list_keys k using list_keys t
        where t.workspace_id = any(scope) and t.key_hash = hash and k.workspace_id = t.workspace_id
            and k.list_id = t.list_id and k.row_number = t.row_number
            and (k.key_hash = hash or subject_lists_erase.kind <> 'email');
    get diagnostics gone = row_count;
    return gone;
end $$;

-- As before; a list that was ordered goes a day after its campaign ended without having read it.
create or replace function forget_lists() returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
declare gone bigint;
begin
    delete from lists l where (l.state in ('checking', 'checked', 'refused') and l.created_at < now() - interval '1 day')
        or l.removed_at < now() - interval '1 day'
        or (l.state = 'ordered' and not exists (select from campaigns c
            where c.workspace_id = l.workspace_id and c.spec ->> 'own_list' = l.id::text and c.deleted_at is null
                and (c.ended_at is null or c.ended_at > now() - interval '1 day')));
    get diagnostics gone = row_count;
    return gone;
end $$;

revoke all on function own_list_let_go(uuid) from public;
grant execute on function own_list_let_go(uuid) to pp_worker;
reset role;
revoke create on schema public from pp_auth;
