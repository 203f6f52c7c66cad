-- Whether there is anything new of a campaign, asked by every page that shows one every second, in one round trip; and
-- which campaigns have leads that wait for a look-up, without a look at their leads.

create index leads_open on leads (workspace_id, campaign_id) where is_open;

-- Stands for all that a page about a running campaign shows: another text, another page.
create function app_campaign_state(home uuid, campaign uuid, gone_after_s integer) returns text
language sql stable set search_path = pg_catalog, public as $$
    select md5(row(
        c.title, c.spec, c.status, c.budget_micros, c.spent_micros, c.saved_micros, c.uncertain_micros, c.simulated,
        c.businesses_found, c.qualified_leads, c.leads_enriched, c.emails_found, c.emails_verified, c.lead_count,
        c.avg_confidence, c.avg_reach, j.status, j.current_stage, j.progress, j.waiting_for,
        j.cancel_requested_at is null,
        j.status = 'processing' and coalesce(j.lease_until < now(), true),
        case when j.status in ('pending', 'processing') and coalesce(j.lease_until < now(), true)
            then app_worker_lives(gone_after_s) end,
        case when j.status = 'pending' then app_place_in_line(j.id) end,
        (select max(e.id) from job_events e where e.workspace_id = home and e.job_id = j.id)
    )::text)
    from campaigns c
    join discovery_jobs j on j.workspace_id = c.workspace_id and j.campaign_id = c.id
    where c.workspace_id = home and c.id = campaign and c.deleted_at is null
$$;

-- As pp_web, under its policies. Null: the session is over; empty: there is no such campaign where its person works.
create function app_watch(proof text, campaign uuid, gone_after_s integer) returns text
language plpgsql set search_path = pg_catalog, public as $$
declare home uuid;
begin
    perform set_config('app.proof', proof, true);
    select workspace_id into home from auth_who() where session_id is not null;
    if home is null then return null; end if;
    return coalesce(app_campaign_state(home, campaign, gone_after_s), '');
end $$;

revoke all on function app_campaign_state(uuid, uuid, integer), app_watch(text, uuid, integer) from public;
grant execute on function app_campaign_state(uuid, uuid, integer), app_watch(text, uuid, integer) to pp_web;
