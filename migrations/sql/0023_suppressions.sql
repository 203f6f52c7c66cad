-- An entry of the suppression list says what it is about, where it came from and since when; who it is stays a hash.

alter table suppressions
    add column kind text not null default 'domain' check (kind in ('email', 'domain', 'phone', 'company')),
    add column source text not null default 'provider'
        check (source in ('typed', 'file', 'command', 'provider', 'erasure')),
    add column hint text not null default '' check (length(hint) <= 100),
    add column added_by uuid,
    add constraint suppressions_reason_check check (length(reason) <= 200);
-- What is there came from a provider, whose contacts of a whole domain asked not to be processed.
alter table suppressions alter column kind drop default, alter column source drop default;
create index suppressions_newest on suppressions (workspace_id, created_at desc, value_hash);

-- Who asked the whole installation for silence, whatever workspace is made later.
create table installation_suppressions (
    value_hash bytea primary key,
    kind text not null check (kind in ('email', 'domain', 'phone', 'company')),
    reason text not null check (length(reason) <= 200),
    created_at timestamptz not null default now()
);
alter table installation_suppressions enable row level security;
alter table installation_suppressions force row level security;
create policy everybody on installation_suppressions for select to pp_web, pp_worker using (true);
create policy auth_all on installation_suppressions to pp_auth using (true) with check (true);
grant select on installation_suppressions to pp_web, pp_worker;
grant select, insert, delete on installation_suppressions to pp_auth;

create policy adds on suppressions for insert to pp_web
    with check (workspace_id in (select app_workspaces_as('member')) and added_by = (select app_user_id())
        and source in ('typed', 'file', 'command'));
create policy auth_all on suppressions to pp_auth using (true) with check (true);
grant insert on suppressions to pp_web;
grant select, insert, delete on suppressions to pp_auth;

alter table campaigns add column left_out jsonb not null default '[]';

grant create on schema public to pp_auth;
set local role pp_auth;

-- Taking somebody off the list is for those who answer for the workspace, and is noted without saying who it was.
create function suppression_remove(workspace uuid, hash bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare gone suppressions%rowtype;
begin
    delete from suppressions s where s.workspace_id = workspace and s.value_hash = hash
        and workspace in (select app_workspaces_as('admin')) returning s.* into gone;
    if not found then return false; end if;
    perform auth_note(app_user_id(), 'suppression_removed', workspace, null, jsonb_build_object(
        'hash', encode(hash, 'hex'), 'kind', gone.kind, 'source', gone.source));
    return true;
end $$;

reset role;
revoke create on schema public from pp_auth;
set local role pp_auth;
revoke all on function suppression_remove(uuid, bytea) from public;
grant execute on function suppression_remove(uuid, bytea) to pp_web;
reset role;
