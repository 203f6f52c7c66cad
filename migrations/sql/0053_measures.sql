-- How the installation does, by the minute, the hour and the day. A duty derives it from rows that are there anyway, so that
-- neither a campaign nor a paid call writes anything for it (store/measures.py).

create table measures (
    step text not null check (step in ('minute', 'hour', 'day')),
    at timestamp with time zone not null,
    name text not null,
    subject text not null default '',
    part text not null default '',
    value double precision not null,
    most double precision not null,
    primary key (step, at, name, subject, part)
);
comment on column measures.at is 'When the minute, hour or day (UTC) begins.';
comment on column measures.subject is 'A provider, or nothing.';
comment on column measures.part is 'An outcome, or the upper bound of a part of a histogram.';
comment on column measures.value is 'A sum; of what is sampled once a minute divided by ''samples'' the mean.';
comment on column measures.most is 'The largest sample.';

alter table measures enable row level security;
alter table measures force row level security;
create policy everywhere on measures to pp_system using (true) with check (true);
create policy administrator on measures for select to pp_admin using ((select app_is_admin()));
grant select, insert, update, delete on measures to pp_system;
grant select on measures to pp_admin;

grant select (ended_at, lead_count, emails_verified, suspicion) on campaigns to pp_system;
grant select (provider, done_at) on provider_calls to pp_system;

-- Jobs with a problem are few, and looked for among all.
create index discovery_jobs_error on discovery_jobs (error) where error is not null;
