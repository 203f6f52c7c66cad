-- Filters, order and columns of a list of leads under a name: one's own, or shared with the workspace.

create table saved_views (
    workspace_id uuid not null references workspaces on delete cascade,
    id uuid not null,
    list text not null check (list in ('book', 'campaign')),
    name text not null check (length(name) between 1 and 60),
    query jsonb not null check (jsonb_typeof(query) = 'object' and length(query::text) <= 20000),
    owner_id uuid,
    made_by uuid not null,
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    primary key (workspace_id, id),
    foreign key (workspace_id, owner_id) references memberships (workspace_id, user_id) on delete cascade
);
comment on column saved_views.owner_id is 'Whose view it is, gone with them; null: it is shared with the workspace.';
comment on column saved_views.query is 'As the address of the page has it: each name with its values.';
create unique index saved_views_shared on saved_views (workspace_id, list, lower(name)) where owner_id is null;
create unique index saved_views_own on saved_views (workspace_id, owner_id, list, lower(name)) where owner_id is not null;

create table default_views (
    workspace_id uuid not null,
    user_id uuid not null,
    list text not null check (list in ('book', 'campaign')),
    view_id uuid not null,
    primary key (workspace_id, user_id, list),
    foreign key (workspace_id, user_id) references memberships (workspace_id, user_id) on delete cascade,
    foreign key (workspace_id, view_id) references saved_views (workspace_id, id) on delete cascade
);
comment on table default_views is 'The view a person''s list opens with.';
create index default_views_view on default_views (workspace_id, view_id);

do $$
declare name text;
begin
    foreach name in array array['saved_views', 'default_views'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
    end loop;
end $$;

create policy sees on saved_views for select to pp_web using (
    workspace_id in (select app_workspaces()) and (owner_id is null or owner_id = (select app_user_id())));
-- Everybody keeps views of their own; to share one takes somebody who may work there.
create policy adds on saved_views for insert to pp_web with check (
    made_by = (select app_user_id()) and owner_id = (select app_user_id()) and workspace_id in (select app_workspaces()));
-- One's own; of a shared one its maker, while they may work there, or an admin.
create policy changes on saved_views for update to pp_web
    using ((owner_id = (select app_user_id()) and workspace_id in (select app_workspaces()))
        or (owner_id is null and (workspace_id in (select app_workspaces_as('admin'))
            or (made_by = (select app_user_id()) and workspace_id in (select app_workspaces_as('member'))))))
    with check ((owner_id = (select app_user_id()) and made_by = (select app_user_id())
            and workspace_id in (select app_workspaces()))
        or (owner_id is null and (workspace_id in (select app_workspaces_as('admin'))
            or (made_by = (select app_user_id()) and workspace_id in (select app_workspaces_as('member'))))));
create policy removes on saved_views for delete to pp_web
    using ((owner_id = (select app_user_id()) and workspace_id in (select app_workspaces()))
        or (owner_id is null and (workspace_id in (select app_workspaces_as('admin'))
            or (made_by = (select app_user_id()) and workspace_id in (select app_workspaces_as('member'))))));
grant select, insert, delete on saved_views to pp_web;
grant update (name, query, owner_id, changed_at) on saved_views to pp_web;

create policy own on default_views to pp_web
    using (user_id = (select app_user_id()) and workspace_id in (select app_workspaces()))
    with check (user_id = (select app_user_id()) and workspace_id in (select app_workspaces()));
grant select, insert, delete on default_views to pp_web;
grant update (view_id) on default_views to pp_web;

create policy auth_all on saved_views to pp_auth using (true) with check (true);
grant select, update on saved_views to pp_auth;

grant create on schema public to pp_auth;
set local role pp_auth;

-- Views that name somebody, of whoever they are: their names and what they filter by.
create function subject_views(workspace uuid, who jsonb)
returns table (workspace_id uuid, id uuid, name text, made_by uuid, created_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public as $$
    select v.workspace_id, v.id, v.name, v.made_by, v.created_at from saved_views v
    where v.workspace_id in (select subject_scope(workspace)) and concat_ws(' ', v.name, v.query) ~* (who ->> 'order')
$$;

-- What is left of a name gets a part of the id, so that two of them stay two.
create function subject_erase_views(workspace uuid, who jsonb) returns integer
language plpgsql security definer set search_path = pg_catalog, public as $$
declare by_order text := who ->> 'order'; done integer;
begin
    if not exists (select from subject_scope(workspace)) then
        raise insufficient_privilege using message = 'only who answers for the workspace erases';
    end if;
    update saved_views v set query = regexp_replace(v.query::text, by_order, '[erased]', 'gi')::jsonb,
            name = case when v.name ~* by_order
                then left(regexp_replace(v.name, by_order, '[erased]', 'gi'), 50) || ' ' || right(v.id::text, 8)
                else v.name end
        from subject_views(workspace, who) s where s.workspace_id = v.workspace_id and s.id = v.id;
    get diagnostics done = row_count;
    return done;
end $$;

revoke all on function subject_views(uuid, jsonb), subject_erase_views(uuid, jsonb) from public;
grant execute on function subject_views(uuid, jsonb), subject_erase_views(uuid, jsonb) to pp_web;
reset role;
revoke create on schema public from pp_auth;
