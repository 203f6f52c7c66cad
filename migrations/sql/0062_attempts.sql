-- Administrators see each attempt at a job, with the error of one that ended by a fault of ours, and each of its calls;
-- of workers also which version they run.
create table job_attempts (
    workspace_id uuid not null,
    job_id uuid not null,
    token bigint not null,
    attempt integer not null,
    worker text not null,
    began_at timestamp with time zone not null default now(),
    ended_at timestamp with time zone,
    ended_as text check (ended_as in ('completed', 'partial', 'failed', 'cancelled', 'handed_over', 'interrupted')),
    fault text,
    primary key (workspace_id, job_id, token),
    foreign key (workspace_id, job_id) references discovery_jobs (workspace_id, id) on delete cascade
);
comment on table job_attempts is 'Each time a worker took a job. Nobody in a workspace sees it.';
comment on column job_attempts.fault is 'The traceback of a fault of ours, without what it was about.';
create index job_attempts_faults on job_attempts (began_at) where fault is not null;
alter table job_attempts enable row level security;
alter table job_attempts force row level security;
create policy administrator on job_attempts for select to pp_admin using ((select app_is_admin()));
create policy held on job_attempts to pp_worker using (job_id = (select app_job_id()));
create policy auth_all on job_attempts to pp_auth using (true) with check (true);
grant select on job_attempts to pp_admin;
grant select (workspace_id, job_id, ended_at), update (fault) on job_attempts to pp_worker;
grant select, insert, update, delete on job_attempts to pp_auth;

-- What was asked of whom says no lead's name: neither the question nor the answer is among these columns.
create policy administrator on provider_calls for select to pp_admin using ((select app_is_admin()));
grant select (workspace_id, campaign_id, id, provider, operation, attempt, state, found, http_status, price_micros,
    cost_micros, sent_at, done_at) on provider_calls to pp_admin;

alter table workers add column version text;
alter table workers add column schema_version text;

grant create on schema public to pp_auth;
set local role pp_auth;

-- A heartbeat and a report of progress name neither column, so neither comes here.
create function attempt_keep() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    update job_attempts
        set ended_at = now(), ended_as = case
            when new.status in ('completed', 'partial', 'failed', 'cancelled') then new.status
            when new.status = 'pending' and new.lease_token = old.lease_token then 'handed_over'
            else 'interrupted' end
        where workspace_id = new.workspace_id and job_id = new.id and ended_at is null;
    if new.status = 'processing' and new.lease_token > old.lease_token then
        insert into job_attempts (workspace_id, job_id, token, attempt, worker)
            values (new.workspace_id, new.id, new.lease_token, new.attempt, coalesce(new.lease_owner, ''));
    end if;
    return null;
end $$;

create function attempts_forget() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    delete from job_attempts a using discovery_jobs j
        where j.workspace_id = new.workspace_id and j.campaign_id = new.id
            and a.workspace_id = j.workspace_id and a.job_id = j.id;
    return null;
end $$;

create function forget_faults(days integer) returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
declare gone bigint;
begin
    update job_attempts set fault = null
        where fault is not null and began_at < now() - make_interval(days => days);
    get diagnostics gone = row_count;
    return gone;
end $$;

revoke all on function forget_faults(integer) from public;
grant execute on function forget_faults(integer) to pp_system;
reset role;
revoke create on schema public from pp_auth;

create trigger attempt_keep after update of lease_token, status on discovery_jobs for each row
    when (old.lease_token <> new.lease_token or old.status <> new.status) execute function attempt_keep();
create trigger attempts_forget after update of deleted_at on campaigns for each row
    when (old.deleted_at is null and new.deleted_at is not null) execute function attempts_forget();

set local role pp_auth;
revoke all on function attempt_keep(), attempts_forget() from public;
reset role;
