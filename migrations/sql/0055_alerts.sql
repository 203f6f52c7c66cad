-- What needs somebody: raised once while it lasts, taken note of by a person, resolved by itself; told administrators by mail.

create table alerts (
    id bigint generated always as identity primary key,
    rule text not null,
    subject text not null default '',
    severity text not null check (severity in ('problem', 'warning')),
    title text not null,
    why text not null,
    advice text not null,
    raised_at timestamp with time zone not null default now(),
    seen_at timestamp with time zone not null default now(),
    resolved_at timestamp with time zone,
    noted_at timestamp with time zone,
    noted_by uuid references users on delete set null
);
comment on column alerts.seen_at is 'When the rule last found it.';
comment on column alerts.noted_at is 'When an administrator took note of it.';
create unique index alerts_open on alerts (rule, subject) where resolved_at is null;
create index alerts_raised on alerts (raised_at desc);
create index alerts_noted_by on alerts (noted_by) where noted_by is not null;

create table alert_mails (
    alert_id bigint not null references alerts on delete cascade,
    user_id uuid not null references users on delete cascade,
    due_at timestamp with time zone default now(),
    tries integer not null default 0,
    sent_at timestamp with time zone,
    error text,
    primary key (alert_id, user_id)
);
comment on column alert_mails.due_at is 'When it is tried next; null: it was sent, or is not to be sent any more.';
create index alert_mails_due on alert_mails (due_at) where due_at is not null;
create index alert_mails_user on alert_mails (user_id);

alter table alerts enable row level security;
alter table alerts force row level security;
create policy everywhere on alerts to pp_system using (true) with check (true);
create policy administrator on alerts for select to pp_admin using ((select app_is_admin()));
create policy auth_all on alerts to pp_auth using (true) with check (true);
grant select, insert, update, delete on alerts to pp_system;
grant select on alerts to pp_admin;
grant select, update (noted_at, noted_by) on alerts to pp_auth;

alter table alert_mails enable row level security;
alter table alert_mails force row level security;
create policy everywhere on alert_mails for select to pp_system using (true);
create policy auth_all on alert_mails to pp_auth using (true) with check (true);
grant select (due_at) on alert_mails to pp_system;
grant select, insert, update, delete on alert_mails to pp_auth;

create policy auth_reads on measures for select to pp_auth using (true);
grant select on measures to pp_auth;

create index users_administrators on users (id) where is_admin;

grant create on schema public to pp_auth;
set local role pp_auth;

-- Every administrator who wants mails at all is told once.
create function alert_raised() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    insert into alert_mails (alert_id, user_id) select new.id, u.id from users u
        where u.is_admin and u.disabled_at is null and u.deleted_at is null and u.mail_when <> 'never';
    return null;
end $$;

-- The oldest mail that is due and whose alert is a day old at most and lasts; nobody else takes it for some time.
create function alert_mail_claim(hold integer) returns table (
    alert_id bigint, user_id uuid, recipient text, severity text, title text, why text, advice text,
    raised_at timestamptz, tries integer, claimed_at timestamptz)
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    update alert_mails m set due_at = null from alerts a
        where m.due_at <= now() and a.id = m.alert_id
            and (a.resolved_at is not null or a.raised_at < now() - interval '1 day');
    return query
        update alert_mails m set due_at = now() + make_interval(secs => hold), tries = m.tries + 1
            from alerts a, users u
            where a.id = m.alert_id and u.id = m.user_id and (m.alert_id, m.user_id) = (
                select d.alert_id, d.user_id from alert_mails d where d.due_at <= now()
                order by d.due_at limit 1 for update skip locked)
            returning m.alert_id, m.user_id, u.email, a.severity, a.title, a.why, a.advice, a.raised_at, m.tries, now();
end $$;

-- It was sent, or why not, and after how many seconds it is tried again, if it is.
create function alert_mail_done(alert bigint, whom uuid, problem text, again integer) returns void
language sql security definer set search_path = pg_catalog, public as $$
    update alert_mails set error = problem, sent_at = case when problem is null then now() end,
            due_at = now() + make_interval(secs => again)
        where alert_id = alert and user_id = whom and sent_at is null
$$;

create function alert_note(alert bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if not app_is_admin() then return false; end if;
    update alerts set noted_at = now(), noted_by = app_user_id()
        where id = alert and resolved_at is null and noted_at is null;
    if not found then return false; end if;
    perform auth_note(app_user_id(), 'alert_noted', null, null,
        (select jsonb_build_object('alert', title) from alerts where id = alert));
    return true;
end $$;

-- What a program that watches the installation reads: figures of everybody together, nothing of anybody.
create function metrics_now() returns table (name text, subject text, part text, value double precision)
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
    (select 'now_disk_used_percent', '', '', m.most from measures m
        where m.step = 'minute' and m.at > now() - interval '10 minutes' and m.name = 'disk_used_percent'
        order by m.at desc limit 1)
$$;

reset role;
create trigger alert_raised after insert on alerts for each row execute function alert_raised();
set local role pp_auth;
revoke all on function alert_raised(), alert_mail_claim(integer), alert_mail_done(bigint, uuid, text, integer),
    alert_note(bigint), metrics_now() from public;
grant execute on function metrics_now() to pp_web;
grant execute on function alert_mail_claim(integer), alert_mail_done(bigint, uuid, text, integer) to pp_system;
grant execute on function alert_note(bigint) to pp_admin;
reset role;
revoke create on schema public from pp_auth;
