-- Why a completed campaign is worth a look although it ended without a fault, in words for people.
alter table campaigns add column suspicion text;
grant update (suspicion) on campaigns to pp_web, pp_system, pp_admin;
grant select (suspicion) on campaigns to pp_admin;

-- When a person wants a mail about the end of a campaign of theirs.
alter table users add column mail_when text not null default 'all' check (mail_when in ('all', 'problems', 'never'));
create policy own_wish on users for update to pp_web
    using (id = (select app_user_id())) with check (id = (select app_user_id()));
grant select (mail_when), update (mail_when) on users to pp_web;

-- A promise that is not kept any more; error says why.
alter table outbox add column dropped_at timestamptz;
drop index outbox_unsent;
create index outbox_unsent on outbox (created_at) where sent_at is null and kind = 'run_campaign';
create index outbox_mail_due on outbox (due_at)
    where sent_at is null and dropped_at is null and kind = 'campaign_ended';

grant update (due_at, tries, error, dropped_at) on outbox to pp_auth;
grant select (campaign_id, attempt) on discovery_jobs to pp_auth;

-- Takes the oldest mail that is due, so that for hold_s seconds nobody else does, and tells what it says and to whom:
-- the system role reads neither accounts nor orders. Promises older than most_hours are left alone.
create function outbox_claim_mail(hold_s integer, most_hours integer) returns table (
    workspace_id uuid, id uuid, campaign_id uuid, attempt integer, tries integer, claimed_at timestamptz,
    recipient text, mail_when text, title text, status text, outcome_reason text, notice text, suspicion text,
    businesses_found integer, lead_count integer, emails_found integer, emails_verified integer,
    budget_micros bigint, spent_micros bigint, uncertain_micros bigint, simulated boolean
) language sql security definer set search_path = pg_catalog, public
    as $$
        with taken as (
            update outbox o set tries = o.tries + 1, due_at = now() + make_interval(secs => hold_s)
            where (o.workspace_id, o.id) = (
                select d.workspace_id, d.id from outbox d
                where d.kind = 'campaign_ended' and d.sent_at is null and d.dropped_at is null and d.due_at <= now()
                    and d.created_at > now() - make_interval(hours => most_hours)
                order by d.created_at limit 1 for update skip locked)
            returning o.workspace_id, o.id, o.job_id, o.attempt, o.tries
        )
        select t.workspace_id, t.id, c.id, t.attempt, t.tries, now(),
            -- Nobody is written to about a campaign that goes on or is deleted, or whose owner may not sign in.
            case when j.attempt = t.attempt and c.ended_at is not null and c.deleted_at is null
                and u.disabled_at is null then u.email end,
            u.mail_when, c.title, c.status, c.outcome_reason, c.notice, c.suspicion,
            c.businesses_found, c.lead_count, c.emails_found, c.emails_verified,
            c.budget_micros, c.spent_micros, c.uncertain_micros, c.simulated
        from taken t
        join discovery_jobs j on j.workspace_id = t.workspace_id and j.id = t.job_id
        join campaigns c on c.workspace_id = j.workspace_id and c.id = j.campaign_id
        join users u on u.id = c.created_by
    $$;

do $$ begin
    execute 'grant create on schema public to pp_auth';
    execute 'revoke execute on function outbox_claim_mail(integer, integer) from public';
    execute 'grant execute on function outbox_claim_mail(integer, integer) to pp_system';
    execute 'alter function outbox_claim_mail(integer, integer) owner to pp_auth';
end $$;

set local role pp_auth;
-- Whoever switches mails on with this version gets none about what is over.
update outbox set dropped_at = now(), error = 'Ended before mails could be sent.'
    where kind = 'campaign_ended' and sent_at is null;
-- As before, and messages that were never sent as well.
create or replace function forget_old(days integer) returns bigint
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
            select workspace_id, id from outbox
            where created_at < before and (sent_at is not null or kind = 'campaign_ended') limit 10000);
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
reset role;
revoke create on schema public from pp_auth;
