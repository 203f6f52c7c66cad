-- Deleting a campaign leaves of it what it cost: provider, operation, price, time. Everything it was about goes.

-- Whether another campaign asked the same, too.
create index provider_calls_question on provider_calls (provider, operation, md5(arguments::text));

grant delete on leads to pp_auth;
grant select, update (filter) on exports to pp_auth;
grant update (title, outcome_reason, notice, suspicion, left_out, lead_count, deleted_at) on campaigns to pp_auth;
grant update (error, metrics) on discovery_jobs to pp_auth;
create policy auth_all on exports to pp_auth using (true) with check (true);

grant create on schema public to pp_auth;
set local role pp_auth;

-- The answers kept for everybody that were fetched since a moment and that nobody but these campaigns asked for. The
-- hashes are made where the addresses of providers are known; the questions say who else asked.
create function cache_forget(questions jsonb, since timestamptz, campaigns uuid[]) returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
declare gone bigint;
begin
    delete from provider_cache c using jsonb_to_recordset(questions)
            as q (provider text, operation text, arguments jsonb, hash text)
        where c.provider = q.provider and c.operation = q.operation and c.argument_hash = decode(q.hash, 'hex')
            and c.fetched_at >= since
            and not exists (select from provider_calls o where o.provider = q.provider and o.operation = q.operation
                and md5(o.arguments::text) = md5(q.arguments::text) and o.campaign_id <> all(campaigns));
    get diagnostics gone = row_count;
    return gone;
end $$;

-- What a call was about; its key is a hash of that, so it becomes one of nothing. Sums need none of it.
create function calls_forget(workspace uuid, keys bytea[]) returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
declare gone bigint;
begin
    update provider_calls set arguments = '{}', subject = null, response = null, error = null, may_repeat = false,
            key = sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
        where workspace_id = workspace and key = any(keys);
    get diagnostics gone = row_count;
    return gone;
end $$;

create function app_delete_campaign(campaign uuid, questions jsonb) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare home uuid; job uuid; began timestamptz;
begin
    select workspace_id, created_at into home, began from campaigns where id = campaign and deleted_at is null
        and ended_at is not null and workspace_id in (select app_workspaces_as('member')) for no key update;
    if home is null then return false; end if;
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
    return true;
end $$;

revoke all on function cache_forget(jsonb, timestamptz, uuid[]), calls_forget(uuid, bytea[]),
    app_delete_campaign(uuid, jsonb) from public;
grant execute on function app_delete_campaign(uuid, jsonb) to pp_web;
reset role;
revoke create on schema public from pp_auth;
