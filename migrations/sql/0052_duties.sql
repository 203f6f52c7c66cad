-- What an installation does regularly beside its campaigns: when each duty was done last, by whom and with what result. Which
-- duties there are and how often says the code.

create table duties (
    name text primary key,
    due_at timestamp with time zone not null default now(),
    asked_at timestamp with time zone,
    held_until timestamp with time zone,
    worker text,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    took_ms bigint,
    said text not null default '',
    error text,
    failures integer not null default 0
);
comment on column duties.asked_at is 'When somebody asked for it to be done at once; null: since done.';
comment on column duties.held_until is 'Whoever does it at this moment has until then; in the past: it did not come to an end.';
comment on column duties.started_at is 'Of the run that goes on, or of the last one.';
comment on column duties.ended_at is 'Of the last run that came to an end, as are took_ms, said and error.';
comment on column duties.failures is 'In a row.';

alter table duties enable row level security;
alter table duties force row level security;
create policy everywhere on duties to pp_system using (true) with check (true);
create policy administrator on duties for select to pp_admin using ((select app_is_admin()));
create policy auth_all on duties to pp_auth using (true) with check (true);
grant select, insert, update on duties to pp_system;
grant select on duties to pp_admin;
grant select, insert, update on duties to pp_auth;

grant create on schema public to pp_auth;
set local role pp_auth;

-- An administrator asks for a duty to be done at once; a worker does it.
create function duty_ask(wanted text) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if not app_is_admin() then
        raise insufficient_privilege using message = 'only administrators ask for duties';
    end if;
    insert into duties (name, asked_at) values (wanted, now())
        on conflict (name) do update set due_at = now(), asked_at = now();
    perform auth_note(app_user_id(), 'duty_asked', null, null, jsonb_build_object('duty', wanted));
end $$;

revoke all on function duty_ask(text) from public;
grant execute on function duty_ask(text) to pp_admin;
reset role;
revoke create on schema public from pp_auth;
