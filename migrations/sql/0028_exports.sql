-- Columns of exports that a workspace saved under a name, and how a person's spreadsheet wants text tables spelled.

create table export_presets (
    workspace_id uuid not null references workspaces on delete cascade,
    id uuid not null,
    name text not null check (length(name) between 1 and 60),
    format text not null,
    columns jsonb not null check (jsonb_typeof(columns) = 'array' and jsonb_array_length(columns) between 1 and 200),
    made_by uuid not null,
    created_at timestamptz not null default now(),
    primary key (workspace_id, id)
);
create unique index export_presets_name on export_presets (workspace_id, lower(name));
alter table export_presets enable row level security;
alter table export_presets force row level security;
create policy member on export_presets for select to pp_web using (workspace_id in (select app_workspaces()));
create policy adds on export_presets for insert to pp_web with check (
    workspace_id in (select app_workspaces_as('member')) and made_by = (select app_user_id()));
-- Its maker, while they may work there, or an admin.
create policy removes on export_presets for delete to pp_web using (
    workspace_id in (select app_workspaces_as('admin'))
    or (workspace_id in (select app_workspaces_as('member')) and made_by = (select app_user_id())));
grant select, insert, delete on export_presets to pp_web;

alter table users add column export_spelling jsonb not null default '{}';
comment on column users.export_spelling is 'Delimiter, byte order mark and decimal mark of the text tables they take.';
grant select (export_spelling), update (export_spelling) on users to pp_web;
