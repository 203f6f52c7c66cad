-- What a workspace says of itself in the data sheets of its exports, and leads that go after a time.

create table privacy_notes (
    workspace_id uuid primary key references workspaces (id) on delete cascade,
    legal_basis text not null check (length(legal_basis) <= 2000),
    updated_at timestamptz not null default now(),
    updated_by uuid not null
);
alter table privacy_notes enable row level security;
alter table privacy_notes force row level security;
create policy member on privacy_notes for select to pp_web using (workspace_id in (select app_workspaces()));
create policy adds on privacy_notes for insert to pp_web
    with check (workspace_id in (select app_workspaces_as('admin')) and updated_by = (select app_user_id()));
create policy changes on privacy_notes for update to pp_web using (workspace_id in (select app_workspaces_as('admin')))
    with check (workspace_id in (select app_workspaces_as('admin')) and updated_by = (select app_user_id()));
grant select, insert, update on privacy_notes to pp_web;

grant create on schema public to pp_auth;
set local role pp_auth;

-- Fifty campaigns at once; the order and what it cost stay, and the page says why the leads are gone.
create function forget_leads(days integer) returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
declare item record; part bigint; gone bigint := 0;
begin
    for item in select c.workspace_id, c.id from campaigns c
        where c.ended_at < now() - make_interval(days => days) and c.deleted_at is null and exists (
            select from businesses b where b.workspace_id = c.workspace_id and b.campaign_id = c.id)
        order by c.ended_at limit 50
    loop
        delete from leads where workspace_id = item.workspace_id and campaign_id = item.id;
        get diagnostics part = row_count; gone := gone + part;
        delete from businesses where workspace_id = item.workspace_id and campaign_id = item.id;
        perform calls_forget(item.workspace_id, array(select key from provider_calls
            where workspace_id = item.workspace_id and campaign_id = item.id));
        update exports set filter = '{}' where workspace_id = item.workspace_id and campaign_id = item.id;
        update campaigns set lead_count = 0,
                notice = format('Its leads were removed: this installation keeps leads for %s days.', days)
            where workspace_id = item.workspace_id and id = item.id;
    end loop;
    return gone;
end $$;

revoke all on function forget_leads(integer) from public;
grant execute on function forget_leads(integer) to pp_system;
reset role;
revoke create on schema public from pp_auth;
