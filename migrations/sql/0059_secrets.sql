-- Keys of providers and the mail server, as administrators set them in the interface: encrypted by the application under APP_SECRET,
-- written through two functions, read by workers alone. Others learn that there is one, and under which APP_SECRET.

create table installation_secrets (
    subject text primary key check (subject ~ '^[a-z][a-z0-9_]{0,63}$'),
    sealed text not null check (length(sealed) between 1 and 20000),
    fingerprint text not null,
    about jsonb not null default '{}' check (jsonb_typeof(about) = 'object'),
    set_at timestamp with time zone not null default now(),
    set_by uuid references users on delete set null
);
comment on column installation_secrets.subject is 'The key of a provider, or mail_server.';
comment on column installation_secrets.sealed is 'Its values by the names of the settings they stand for, encrypted under APP_SECRET.';
comment on column installation_secrets.fingerprint is 'Which APP_SECRET that was; the secret cannot be found from it.';
comment on column installation_secrets.about is 'What is no secret of it, to show.';
create index installation_secrets_set_by on installation_secrets (set_by) where set_by is not null;

alter table installation_secrets enable row level security;
alter table installation_secrets force row level security;
create policy everybody on installation_secrets for select to pp_web, pp_worker, pp_system using (true);
create policy administrator on installation_secrets for select to pp_admin using ((select app_is_admin()));
create policy auth_all on installation_secrets to pp_auth using (true) with check (true);
grant select (subject, fingerprint) on installation_secrets to pp_web, pp_system;
grant select (subject, fingerprint, sealed) on installation_secrets to pp_worker;
grant select (subject, fingerprint, about, set_at, set_by) on installation_secrets to pp_admin;
grant select, insert, update, delete on installation_secrets to pp_auth;

grant create on schema public to pp_auth;
set local role pp_auth;

create function secret_noted(what text, done text, label text) returns void
language sql set search_path = pg_catalog, public as $$
    select auth_note(app_user_id(),
        case what when 'mail_server' then 'mail_server_' else 'provider_key_' end || done, null, null,
        jsonb_build_object(case what when 'mail_server' then 'server' else 'provider' end, label))
$$;

-- An administrator sets it, or another one in its place.
create function secret_keep(what text, encrypted text, mark text, to_show jsonb, label text) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if not app_is_admin() then
        raise insufficient_privilege using message = 'only administrators set keys';
    end if;
    insert into installation_secrets (subject, sealed, fingerprint, about, set_by)
        values (what, encrypted, mark, to_show, app_user_id())
        on conflict (subject) do update set sealed = excluded.sealed, fingerprint = excluded.fingerprint,
            about = excluded.about, set_at = now(), set_by = excluded.set_by;
    perform secret_noted(what, 'set', label);
end $$;

-- An administrator removes it; whether there was one.
create function secret_remove(what text, label text) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if not app_is_admin() then return false; end if;
    delete from installation_secrets where subject = what;
    if not found then return false; end if;
    perform secret_noted(what, 'removed', label);
    return true;
end $$;

revoke all on function secret_noted(text, text, text), secret_keep(text, text, text, jsonb, text), secret_remove(text, text)
    from public;
grant execute on function secret_keep(text, text, text, jsonb, text), secret_remove(text, text) to pp_admin;
reset role;
revoke create on schema public from pp_auth;
