do $$ begin
    execute format('grant connect on database %I to pp_web, pp_worker, pp_system, pp_admin, pp_importer', current_database());
end $$;
grant usage on schema public to pp_web, pp_worker, pp_system, pp_admin, pp_importer, pp_auth;
-- Every process compares the schema with the one its code was written for before it starts.
grant select on alembic_version to pp_web, pp_worker, pp_system, pp_admin, pp_importer;

do $$
declare item text;
begin
    foreach item in array array[
        'users', 'sessions', 'sign_in_attempts', 'workspaces', 'memberships', 'api_keys', 'campaigns',
        'discovery_jobs', 'job_events', 'businesses', 'leads', 'provider_calls', 'provider_cache',
        'suppressions', 'outbox', 'exports', 'audit_log', 'workers'
    ] loop
        execute format('alter table %I enable row level security', item);
        execute format('alter table %I force row level security', item);
    end loop;
end $$;

-- pp_auth: people before they are signed in. Nobody can log in as it; it only owns the functions below.
grant select, insert, update, delete on users, sessions, sign_in_attempts to pp_auth;
grant select, insert on workspaces, memberships to pp_auth;
create policy auth_all on users to pp_auth using (true) with check (true);
create policy auth_all on sessions to pp_auth using (true) with check (true);
create policy auth_all on sign_in_attempts to pp_auth using (true) with check (true);
create policy auth_all on workspaces to pp_auth using (true) with check (true);
create policy auth_all on memberships to pp_auth using (true) with check (true);
grant select (id, status, created_at) on discovery_jobs to pp_auth;
create policy line on discovery_jobs for select to pp_auth using (true);

grant create on schema public to pp_auth;
do $$
declare signature text;
begin
    for signature in
        select p.oid::regprocedure::text from pg_proc p
        where p.pronamespace = 'public'::regnamespace and (p.proname like 'auth\_%' or p.proname in ('app_is_admin', 'app_place_in_line'))
    loop
        execute format('revoke execute on function %s from public', signature);
        execute format('grant execute on function %s to pp_web', signature);
        execute format('alter function %s owner to pp_auth', signature);
    end loop;
end $$;
revoke create on schema public from pp_auth;
set local role pp_auth;
grant execute on function app_is_admin() to pp_admin;
grant execute on function auth_create_user(uuid, uuid, text, text, boolean, boolean) to pp_admin;
grant execute on function auth_credentials(text) to pp_admin;
grant execute on function auth_person(uuid) to pp_admin;
reset role;

-- pp_web: a signed-in person, in their own workspaces.
create policy own on users for select to pp_web using (id = (select app_user_id()));
create policy own on memberships for select to pp_web using (user_id = (select app_user_id()));
create policy own on workspaces for select to pp_web using (id in (select app_workspaces()));
grant select (id, email, is_admin, created_at) on users to pp_web;
grant select on memberships, workspaces to pp_web;

do $$
declare item text;
begin
    foreach item in array array[
        'api_keys', 'campaigns', 'discovery_jobs', 'job_events', 'businesses', 'leads', 'provider_calls',
        'suppressions', 'outbox', 'exports'
    ] loop
        execute format('create policy member on %I to pp_web using (workspace_id in (select app_workspaces()))'
            ' with check (workspace_id in (select app_workspaces()))', item);
    end loop;
end $$;
grant select on campaigns, discovery_jobs, job_events, businesses, leads, provider_calls, outbox, exports to pp_web;
grant insert on campaigns, discovery_jobs, job_events, outbox, exports to pp_web;
grant update (status, outcome_reason, ended_at, deleted_at) on campaigns to pp_web;
grant update (status, cancel_requested_at, ended_at, updated_at, lease_token) on discovery_jobs to pp_web;
grant update (sent_at) on outbox to pp_web;
grant delete on businesses, leads, job_events to pp_web;

-- pp_worker: the job it holds a live lease on, and nothing else.
create policy held on discovery_jobs to pp_worker using (id = (select app_job_id()));
do $$
declare item text;
begin
    foreach item in array array['campaigns', 'job_events', 'businesses', 'leads', 'provider_calls', 'suppressions'] loop
        execute format('create policy held on %I to pp_worker using (workspace_id = (select app_job_workspace()))'
            ' with check (workspace_id = (select app_job_workspace()))', item);
    end loop;
end $$;
create policy shared on provider_cache to pp_worker using (true) with check (true);
grant select, update on discovery_jobs, campaigns to pp_worker;
grant select, insert on job_events, businesses, leads to pp_worker;
grant select, insert, update on provider_calls to pp_worker;
grant select, insert, update on provider_cache to pp_worker;
grant select, insert on suppressions to pp_worker;

-- pp_system: reconciler and dispatcher. Jobs, outbox, ledger states and workers across workspaces, never leads.
create policy everywhere on campaigns to pp_system using (true);
create policy everywhere on discovery_jobs to pp_system using (true);
create policy everywhere on outbox to pp_system using (true) with check (true);
create policy everywhere on job_events for insert to pp_system with check (true);
create policy everywhere on provider_calls to pp_system using (true);
create policy everywhere on workers to pp_system using (true) with check (true);
grant select (workspace_id, id, status), update (status, outcome_reason, notice, ended_at, reserved_micros)
    on campaigns to pp_system;
grant select, update on discovery_jobs to pp_system;
grant select, insert, update on outbox to pp_system;
grant insert on job_events to pp_system;
grant select (workspace_id, key, campaign_id, state, price_micros, sent_at), update (state) on provider_calls to pp_system;
grant select, insert, update, delete on workers to pp_system;

-- pp_admin: an administrator's view of everybody's jobs; every action leaves a row in audit_log.
create policy administrator on users for select to pp_admin using ((select app_is_admin()));
create policy administrator on campaigns to pp_admin using ((select app_is_admin()));
create policy administrator on discovery_jobs to pp_admin using ((select app_is_admin()));
create policy administrator on job_events for insert to pp_admin with check ((select app_is_admin()));
create policy administrator on outbox to pp_admin using ((select app_is_admin())) with check ((select app_is_admin()));
create policy administrator on workers for select to pp_admin using ((select app_is_admin()));
create policy administrator on audit_log to pp_admin using ((select app_is_admin()))
    with check (actor_id = (select app_user_id()) and (select app_is_admin()));
grant select (id, email, is_admin, created_at, disabled_at) on users to pp_admin;
grant select (workspace_id, id, created_by, title, status, created_at, started_at, ended_at, deleted_at, spent_micros),
    update (status, outcome_reason, notice, started_at, ended_at) on campaigns to pp_admin;
grant select, update on discovery_jobs to pp_admin;
grant insert on job_events to pp_admin;
grant select, insert, update (sent_at) on outbox to pp_admin;
grant select on workers to pp_admin;
grant select, insert on audit_log to pp_admin;
