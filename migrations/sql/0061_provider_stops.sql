-- Administrators stop asking a provider, and have it tried again: workers look each second while they ask.

create table provider_stops (
    provider text primary key check (provider ~ '^[a-z][a-z0-9_]{0,63}$'),
    is_stopped boolean not null,
    changed_at timestamp with time zone not null default now(),
    changed_by uuid references users on delete set null
);
comment on column provider_stops.is_stopped is 'No: it was to be tried again at once, whatever it answered before.';
create index provider_stops_changed_by on provider_stops (changed_by) where changed_by is not null;

alter table provider_stops enable row level security;
alter table provider_stops force row level security;
create policy everybody on provider_stops for select to pp_web, pp_worker, pp_system using (true);
create policy administrator on provider_stops for select to pp_admin using ((select app_is_admin()));
create policy auth_all on provider_stops to pp_auth using (true) with check (true);
grant select (provider, is_stopped, changed_at) on provider_stops to pp_web, pp_worker, pp_system;
grant select on provider_stops to pp_admin;
grant select, insert, update on provider_stops to pp_auth;

grant create on schema public to pp_auth;
set local role pp_auth;

-- An administrator has a provider asked no more, or tried again: then what was known of it counts no more.
create function provider_steer(what text, stop boolean, label text) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if not app_is_admin() then
        raise insufficient_privilege using message = 'only administrators stop providers';
    end if;
    insert into provider_stops (provider, is_stopped, changed_by) values (what, stop, app_user_id())
        on conflict (provider) do update
            set is_stopped = excluded.is_stopped, changed_at = now(), changed_by = excluded.changed_by;
    if not stop then
        delete from provider_status where provider = what and state <> 'ok';
    end if;
    perform auth_note(app_user_id(), case when stop then 'provider_stopped' else 'provider_tried_again' end, null, null,
        jsonb_build_object('provider', label));
end $$;

revoke all on function provider_steer(text, boolean, text) from public;
grant execute on function provider_steer(text, boolean, text) to pp_admin;
reset role;
revoke create on schema public from pp_auth;
