-- Administrators find jobs among many, look into one, delete it, pause the queue and let one worker rest.

-- Every order of the list of all jobs begins in the middle of an index. No column that changes while a campaign runs is in one.
create index discovery_jobs_newest_id on discovery_jobs (created_at desc, id desc);
create index discovery_jobs_state on discovery_jobs (status, created_at desc, id desc);
create index discovery_jobs_longest on discovery_jobs ((ended_at - started_at) desc, id desc)
    where ended_at is not null and started_at is not null;
create index discovery_jobs_of_worker on discovery_jobs (lease_owner, started_at desc) where lease_owner is not null;
create index campaigns_ended_of_all on campaigns (ended_at desc, id desc) where ended_at is not null;
create index campaigns_by_title on campaigns (title, id) where deleted_at is null;
create index campaigns_by_cause on campaigns (outcome_cause, ended_at desc) where outcome_cause is not null;

-- What happened in a job says no lead's name.
create policy administrator_reads on job_events for select to pp_admin using ((select app_is_admin()));
grant select on job_events to pp_admin;

create table switches (
    name text primary key,
    is_on boolean not null,
    changed_at timestamp with time zone not null default now()
);
comment on table switches is 'What administrators switch for the whole installation: queue_paused.';
alter table switches enable row level security;
alter table switches force row level security;
create policy everywhere on switches for select to pp_system using (true);
create policy administrator on switches for select to pp_admin using ((select app_is_admin()));
create policy auth_all on switches to pp_auth using (true) with check (true);
grant select on switches to pp_system, pp_admin;
grant select, insert, update on switches to pp_auth;

alter table workers add column memory_bytes bigint;
alter table workers add column rests_since timestamp with time zone;
comment on column workers.rests_since is 'Since when it takes no campaign, because an administrator wants it so.';
create policy rests on workers for update to pp_auth using (true) with check (true);
grant select (name, rests_since), update (rests_since) on workers to pp_auth;

grant create on schema public to pp_auth;
set local role pp_auth;

create function queue_pause(wanted boolean) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if not app_is_admin() then
        raise insufficient_privilege using message = 'only administrators pause the queue';
    end if;
    insert into switches (name, is_on) values ('queue_paused', wanted)
        on conflict (name) do update set is_on = excluded.is_on, changed_at = now();
    perform auth_note(app_user_id(), case when wanted then 'queue_paused' else 'queue_resumed' end, null, null, '{}');
end $$;

create function worker_rest(wanted text, rests boolean) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if not app_is_admin() then
        raise insufficient_privilege using message = 'only administrators let workers rest';
    end if;
    update workers set rests_since = case when rests then coalesce(rests_since, now()) end where name = wanted;
    if not found then return false; end if;
    perform auth_note(app_user_id(), case when rests then 'worker_rested' else 'worker_resumed' end, null, null,
        jsonb_build_object('worker', wanted));
    return true;
end $$;

-- What deleting a campaign removes, whoever may do it; whoever calls it has locked the campaign's row.
create function campaign_remove(home uuid, campaign uuid, began timestamptz, questions jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
declare job uuid;
begin
    select id into job from discovery_jobs where workspace_id = home and campaign_id = campaign;
    perform cache_forget(questions, began, array[campaign]);
    delete from leads where workspace_id = home and campaign_id = campaign;
    delete from businesses where workspace_id = home and campaign_id = campaign;
    delete from job_events where workspace_id = home and job_id = job;
    update outbox set error = null where workspace_id = home and job_id = job;
    update exports set filter = '{}' where workspace_id = home and campaign_id = campaign;
    perform calls_forget(home, array(
        select key from provider_calls where workspace_id = home and campaign_id = campaign));
    update discovery_jobs set error = null, metrics = '{}' where workspace_id = home and campaign_id = campaign;
    update campaigns set title = 'Deleted campaign', outcome_reason = null, notice = null, suspicion = null,
            left_out = '[]', deleted_at = now(),
            spec = jsonb_build_object('business_types', array['deleted'], 'location', 'deleted',
                'budget_usd', spec -> 'budget_usd')
        where workspace_id = home and id = campaign;
    perform auth_note(app_user_id(), 'campaign_deleted', home, campaign, '{}');
end $$;

create or replace function app_delete_campaign(campaign uuid, questions jsonb) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare home uuid; began timestamptz;
begin
    select workspace_id, created_at into home, began from campaigns where id = campaign and deleted_at is null
        and ended_at is not null and workspace_id in (select app_workspaces_as('member')) for no key update;
    if home is null then return false; end if;
    perform campaign_remove(home, campaign, began, questions);
    return true;
end $$;

-- An administrator deletes anybody's ended campaign. The questions it asked are nothing they may see, so answers kept for
-- everybody stay until their time is over.
create function job_delete(job uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare home uuid; campaign uuid; began timestamptz;
begin
    if not app_is_admin() then return false; end if;
    select c.workspace_id, c.id, c.created_at into home, campaign, began
        from discovery_jobs j join campaigns c on c.workspace_id = j.workspace_id and c.id = j.campaign_id
        where j.id = job and c.deleted_at is null and c.ended_at is not null for no key update of c;
    if home is null then return false; end if;
    perform campaign_remove(home, campaign, began, '[]');
    return true;
end $$;

revoke all on function queue_pause(boolean), worker_rest(text, boolean), job_delete(uuid),
    campaign_remove(uuid, uuid, timestamptz, jsonb) from public;
grant execute on function queue_pause(boolean), worker_rest(text, boolean), job_delete(uuid) to pp_admin;
reset role;
revoke create on schema public from pp_auth;
