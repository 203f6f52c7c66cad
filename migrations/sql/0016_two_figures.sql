-- What a business is worth is said by two figures. Without a reach it was rated before there were two: its confidence is
-- the single score of then, as it was. The chain a business belongs to is a field that orders may leave out by.
alter table businesses add column reach integer check (reach between 0 and 100);
alter table businesses add column reach_breakdown jsonb not null default '[]';
alter table businesses add column chain text;
alter table leads add column reach integer check (reach between 0 and 100);
alter table leads add column reach_breakdown jsonb not null default '[]';
alter table leads add column chain text;
alter table campaigns add column avg_reach numeric(5, 2);

-- A mail about the end tells both averages.
drop function outbox_claim_mail(integer, integer);
create function outbox_claim_mail(hold_s integer, most_hours integer) returns table (
    workspace_id uuid, id uuid, campaign_id uuid, attempt integer, tries integer, claimed_at timestamptz,
    recipient text, mail_when text, title text, status text, outcome_reason text, notice text, suspicion text,
    businesses_found integer, lead_count integer, emails_found integer, emails_verified integer,
    avg_confidence numeric, avg_reach numeric,
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
            c.avg_confidence, c.avg_reach,
            c.budget_micros, c.spent_micros, c.uncertain_micros, c.simulated
        from taken t
        join discovery_jobs j on j.workspace_id = t.workspace_id and j.id = t.job_id
        join campaigns c on c.workspace_id = j.workspace_id and c.id = j.campaign_id
        join users u on u.id = c.created_by
    $$;
grant create on schema public to pp_auth;
revoke execute on function outbox_claim_mail(integer, integer) from public;
grant execute on function outbox_claim_mail(integer, integer) to pp_system;
alter function outbox_claim_mail(integer, integer) owner to pp_auth;
revoke create on schema public from pp_auth;

-- The minimum of orders placed before keeps its meaning: it asks for the single score. Only this role sees all orders.
set local role pp_auth;
update campaigns set spec = spec || jsonb_build_object(
    'min_confidence', 0, 'min_reach', 0, 'min_score', nullif((spec ->> 'min_confidence')::integer, 0),
    'independents_only', false)
    where not spec ? 'min_score';
reset role;
