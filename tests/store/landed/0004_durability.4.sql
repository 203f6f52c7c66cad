-- Since when the job waits for its first start, or for the one after it was opened again.
alter table discovery_jobs add column wake_first_at timestamptz not null default now();
grant update (wake_first_at, started_at) on discovery_jobs to pp_web;

-- Messages to the owner of a campaign that ended, beside the wake-ups; tried again later when the mail server is away.
alter table outbox
    drop constraint outbox_kind_check,
    add constraint outbox_kind_check check (kind in ('run_campaign', 'campaign_ended')),
    add column due_at timestamptz not null default now(),
    add column tries integer not null default 0,
    add column error text;
create policy held on outbox for insert to pp_worker with check (workspace_id = (select app_job_workspace()));
grant insert on outbox to pp_worker;

-- An uncertain call its owner allows to be sent once more, at its price.
alter table provider_calls add column may_repeat boolean not null default false;

-- The ledger keeps a page of Google's under "body"; what only Google said has to go after its time, place ids may stay.
create function forget_google_answers() returns bigint
    language plpgsql security definer set search_path = pg_catalog, public
    as $$
    declare changed bigint;
    begin
        update provider_calls c set response = jsonb_build_object('place_ids',
                (select coalesce(jsonb_agg(p ->> 'id'), '[]') from jsonb_array_elements(c.response -> 'body' -> 'places') p))
            where c.provider = 'google_places' and c.response -> 'body' ? 'places' and c.done_at < now() - interval '30 days';
        get diagnostics changed = row_count;
        -- Coordinates may be kept for as long.
        update provider_calls set response = null
            where provider = 'google_geocoding' and response is not null and done_at < now() - interval '30 days';
        return changed;
    end $$;

-- What is only of use for a while: the history and messages of ended jobs, bodies of answers, expired cache. Sums, leads
-- and the rows of the ledger stay. At most ten thousand rows of each at once; returns how many went.
create function forget_old(days integer) returns bigint
    language plpgsql security definer set search_path = pg_catalog, public
    as $$
    declare before timestamptz := now() - make_interval(days => days); part bigint; gone bigint := 0;
    begin
        delete from job_events where (workspace_id, job_id, id) in (
            select e.workspace_id, e.job_id, e.id from job_events e
            join discovery_jobs j on j.workspace_id = e.workspace_id and j.id = e.job_id
            where j.ended_at < before and e.at < before limit 10000);
        get diagnostics part = row_count; gone := gone + part;
        delete from outbox where (workspace_id, id) in (
            select workspace_id, id from outbox where created_at < before and sent_at is not null limit 10000);
        get diagnostics part = row_count; gone := gone + part;
        delete from provider_cache where ctid in (
            select ctid from provider_cache where expires_at < now() limit 10000);
        get diagnostics part = row_count; gone := gone + part;
        update provider_calls set response = null where (workspace_id, key) in (
            select p.workspace_id, p.key from provider_calls p
            join campaigns c on c.workspace_id = p.workspace_id and c.id = p.campaign_id
            where c.ended_at < before and p.done_at < before and p.response is not null limit 10000);
        get diagnostics part = row_count; gone := gone + part;
        return gone;
    end $$;
grant select, delete on job_events, outbox, provider_cache to pp_auth;
grant select (workspace_id, id, ended_at) on discovery_jobs to pp_auth;
grant select (ended_at) on campaigns to pp_auth;
create policy retention on job_events to pp_auth using (true);
create policy retention on outbox to pp_auth using (true);
create policy retention on provider_cache to pp_auth using (true);

-- Opens the look-ups of an ended campaign that got no certain answer, so that a continued run asks again. Returns how
-- many leads wait for one.
create function app_retry_uncertain(campaign uuid) returns bigint
    language plpgsql security definer set search_path = pg_catalog, public
    as $$
    declare home uuid; opened bigint;
    begin
        select workspace_id into home from campaigns
            where id = campaign and workspace_id in (select app_workspaces()) and ended_at is not null for no key update;
        if home is null then return 0; end if;
        update provider_calls set may_repeat = true
            where workspace_id = home and campaign_id = campaign and state = 'unknown' and not may_repeat;
        update leads set is_open = true, steps = (
            select jsonb_agg(case when step ->> 'outcome' in ('uncertain', 'failed')
                then step || '{"is_open": true}' else step end order by place)
            from jsonb_array_elements(steps) with ordinality as given(step, place))
        where workspace_id = home and campaign_id = campaign
            and steps @? '$[*] ? (@.outcome == "uncertain" || @.outcome == "failed")';
        get diagnostics opened = row_count;
        return opened;
    end $$;

do $$
declare item record;
begin
    execute 'grant create on schema public to pp_auth';
    for item in select * from (values
        ('app_retry_uncertain(uuid)', 'pp_web'),
        ('forget_google_answers()', 'pp_system'),
        ('forget_old(integer)', 'pp_system')
    ) as given(signature, roles) loop
        execute format('revoke execute on function %s from public', item.signature);
        execute format('grant execute on function %s to %s', item.signature, item.roles);
        execute format('alter function %s owner to pp_auth', item.signature);
    end loop;
end $$;
revoke create on schema public from pp_auth;
