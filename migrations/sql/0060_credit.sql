-- What credit providers say is left, and what ends soon: the certificate of the public address, keys of programs.

create table provider_credit (
    provider text primary key,
    left_over double precision not null,
    whole double precision,
    most double precision not null,
    asked_at timestamp with time zone not null default now()
);
comment on column provider_credit.whole is 'Of how many, where the provider says so.';
comment on column provider_credit.most is 'The most there was since somebody last bought some.';

create table endings (
    kind text primary key check (kind in ('certificate', 'api_keys')),
    number integer not null default 1,
    ends_at timestamp with time zone not null,
    asked_at timestamp with time zone not null default now()
);
comment on table endings is 'What ends soon, and when the first of a kind does.';

alter table provider_credit enable row level security;
alter table provider_credit force row level security;
create policy everywhere on provider_credit to pp_system using (true) with check (true);
create policy administrator on provider_credit for select to pp_admin using ((select app_is_admin()));
create policy everybody on provider_credit for select to pp_web using (true);
create policy auth_all on provider_credit to pp_auth using (true) with check (true);
grant select, insert, update, delete on provider_credit to pp_system;
grant select on provider_credit to pp_admin, pp_web;
grant select, delete on provider_credit to pp_auth;

alter table endings enable row level security;
alter table endings force row level security;
create policy everywhere on endings to pp_system using (true) with check (true);
create policy administrator on endings for select to pp_admin using ((select app_is_admin()));
grant select, insert, update, delete on endings to pp_system;
grant select on endings to pp_admin;

create policy forgotten on provider_status for delete to pp_auth using (true);
create policy read_by_auth on provider_status for select to pp_auth using (true);
grant select, delete on provider_status to pp_auth;

grant create on schema public to pp_auth;
set local role pp_auth;

-- Another key is another account: what was known of the one before goes.
create function secret_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    delete from provider_credit where provider = coalesce(new.subject, old.subject);
    delete from provider_status where provider = coalesce(new.subject, old.subject) and state in ('refused', 'exhausted');
    return null;
end $$;

-- How many keys of programs that are in use end within so many days, and when the first does; nothing of whose they are.
create function api_keys_that_end(within integer) returns table (number bigint, first_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public as $$
    select count(*), min(k.expires_at) from api_keys k join users u on u.id = k.user_id
        where k.revoked_at is null and k.expires_at between now() and now() + make_interval(days => least(within, 366))
            and k.last_used_at > now() - interval '30 days' and u.disabled_at is null and u.deleted_at is null
$$;

-- As before, and the credit providers say is left.
create or replace function metrics_now() returns table (name text, subject text, part text, value double precision)
language sql stable security definer set search_path = pg_catalog, public as $$
    select m.name, m.subject, m.part, sum(m.value) from measures m where m.step = 'day' group by 1, 2, 3
    union all
    select 'now_waiting', '', '', count(*) from discovery_jobs j where j.status = 'pending'
    union all
    select 'now_waiting_longest_s', '', '', coalesce(extract(epoch from now() - min(j.wake_first_at)), 0)
        from discovery_jobs j where j.status = 'pending' and j.started_at is null
    union all
    select 'now_workers', '', '', count(*) from workers w where w.seen_at > now() - interval '20 seconds'
    union all
    select 'now_busy', '', '', count(distinct j.lease_owner) from discovery_jobs j
        where j.status = 'processing' and j.lease_until > now()
    union all
    select 'now_alerts', a.rule, a.severity, count(*) from alerts a where a.resolved_at is null group by 2, 3
    union all
    select 'now_credit', c.provider, '', c.left_over from provider_credit c
    union all
    select 'now_credit_whole', c.provider, '', coalesce(c.whole, c.most) from provider_credit c
    union all
    (select 'now_disk_used_percent', '', '', m.most from measures m
        where m.step = 'minute' and m.at > now() - interval '10 minutes' and m.name = 'disk_used_percent'
        order by m.at desc limit 1)
$$;

reset role;
create trigger secret_changed after insert or update or delete on installation_secrets
    for each row execute function secret_changed();
set local role pp_auth;
revoke all on function secret_changed(), api_keys_that_end(integer) from public;
grant execute on function api_keys_that_end(integer) to pp_system;
reset role;
revoke create on schema public from pp_auth;
