-- Housekeeping comes by every few minutes: whatever it looks for has an index, so that it reads what is to be done and
-- not whole tables. It is asked in the order of the index, as Postgres cannot know that of all that is old hardly
-- anything is left to do.

alter table businesses add column retain_until date;
comment on column businesses.retain_until is 'The day after which it goes when no lead came of it; null: it may stay.';
grant insert (retain_until) on businesses to pp_worker;
create index businesses_retention on businesses (retain_until) where retain_until is not null;

alter table campaigns add column forgotten_at timestamp with time zone;
comment on column campaigns.forgotten_at is 'When its leads were removed, as old ones are.';
grant select (forgotten_at), update (forgotten_at) on campaigns to pp_auth;
create index campaigns_to_forget on campaigns (ended_at)
    where deleted_at is null and (forgotten_at is null or forgotten_at < ended_at);
create index campaigns_own_list on campaigns (workspace_id, (spec ->> 'own_list')) where spec ->> 'own_list' is not null;

create index job_events_at on job_events (at);
create index outbox_past on outbox (created_at) where sent_at is not null or kind = 'campaign_ended';
create index exports_of_book on exports (created_at) where campaign_id is null and filter <> '{}';
create index provider_calls_answered on provider_calls (done_at) where response is not null;
create index provider_calls_of_google on provider_calls (done_at)
    where provider = 'google_places' and (response ? 'places' or response -> 'body' ? 'places')
        or provider = 'google_geocoding' and response is not null;

grant create on schema public to pp_auth;
set local role pp_auth;

create or replace function forget_values(limits jsonb, fields text[]) returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
    declare whose uuid[]; due uuid[]; emptied text;
    begin
        select array_agg(d.workspace_id), array_agg(d.id) into whose, due from (
            select l.workspace_id, l.id from leads l where l.retain_until <= current_date order by l.retain_until, l.id limit 1000
        ) d;
        if due is not null then
            select string_agg(format('%1$I = case when %1$L = any(g.names) then null else l.%1$I end', name), ', ')
                into emptied from unnest(fields) as name;
            execute format('update leads l set %s,'
                ' name = case when ''name'' = any(g.names) then ''Name removed'' else l.name end,'
                ' lat = case when $1 ? (l.origins -> 0 ->> ''source'') then null else l.lat end,'
                ' lon = case when $1 ? (l.origins -> 0 ->> ''source'') then null else l.lon end,'
                ' details = l.details - g.names, provenance = l.provenance - g.names,'
                ' empty_reasons = l.empty_reasons || g.reasons, retain_until = null'
                ' from (select o.workspace_id, o.id, coalesce(array_agg(p.key) filter (where p.key is not null), ''{}'') as names,'
                '     coalesce(jsonb_object_agg(p.key, $1 -> (p.value ->> ''source'') -> ''said'')'
                '         filter (where p.key <> ''name''), ''{}'') as reasons'
                '     from unnest($2, $3) as d (workspace_id, id)'
                '     join leads o on o.workspace_id = d.workspace_id and o.id = d.id'
                '     left join lateral jsonb_each(o.provenance) as p on $1 ? (p.value ->> ''source'')'
                '         and (p.key = ''name'' or p.key = any($4) or o.details ? p.key)'
                '     group by o.workspace_id, o.id) as g'
                ' where l.workspace_id = g.workspace_id and l.id = g.id', emptied) using limits, whose, due, fields;
            select string_agg(format('%I = null', name), ', ') into emptied from unnest(fields) as name;
            execute format(
                'update businesses b set name = ''Name removed'', lat = null, lon = null, details = ''{}'','
                ' retain_until = null, %s from unnest($2, $3) as d (workspace_id, id)'
                ' join leads l on l.workspace_id = d.workspace_id and l.id = d.id'
                ' where b.workspace_id = l.workspace_id and b.id = l.business_id'
                ' and $1 ? (b.origins -> 0 ->> ''source'')', emptied) using limits, whose, due;
        end if;
        delete from businesses b where b.retain_until <= current_date
            and not exists (select from leads l where l.workspace_id = b.workspace_id and l.campaign_id = b.campaign_id
                and l.business_id = b.id);
        return coalesce(cardinality(due), 0);
    end $$;

create or replace function forget_google_answers() returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
    declare changed bigint;
    begin
        update provider_calls c set response = case c.provider when 'google_places' then jsonb_build_object('place_ids',
                (select coalesce(jsonb_agg(p ->> 'id'), '[]')
                from jsonb_array_elements(coalesce(c.response -> 'body' -> 'places', c.response -> 'places')) p)) end
            where ctid = any(array(
                -- As the index says it. Coordinates may be kept for as long.
                select ctid from provider_calls
                where (provider = 'google_places' and (response ? 'places' or response -> 'body' ? 'places')
                    or provider = 'google_geocoding' and response is not null) and done_at < now() - interval '30 days'
                order by done_at limit 10000));
        get diagnostics changed = row_count;
        return changed;
    end $$;

create or replace function forget_leads(days integer) returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
declare item record; part bigint; gone bigint := 0;
begin
    for item in select c.workspace_id, c.id from campaigns c
        where c.ended_at < now() - make_interval(days => days) and c.deleted_at is null
            and (c.forgotten_at is null or c.forgotten_at < c.ended_at)
        order by c.ended_at limit 50
    loop
        delete from leads where workspace_id = item.workspace_id and campaign_id = item.id;
        get diagnostics part = row_count; gone := gone + part;
        delete from businesses where workspace_id = item.workspace_id and campaign_id = item.id;
        perform calls_forget(item.workspace_id, array(select key from provider_calls
            where workspace_id = item.workspace_id and campaign_id = item.id));
        update exports set filter = '{}' where workspace_id = item.workspace_id and campaign_id = item.id;
        update campaigns set lead_count = 0, forgotten_at = now(), notice = case when part > 0
                then format('Its leads were removed: this installation keeps leads for %s days.', days) else notice end
            where workspace_id = item.workspace_id and id = item.id;
    end loop;
    return gone;
end $$;

create or replace function forget_old(days integer) returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
    declare before timestamptz := now() - make_interval(days => days); part bigint; gone bigint := 0;
    begin
        delete from job_events where ctid = any(array(
            select e.ctid from job_events e
            join discovery_jobs j on j.workspace_id = e.workspace_id and j.id = e.job_id
            where j.ended_at < before and e.at < before order by e.at limit 10000));
        get diagnostics part = row_count; gone := gone + part;
        delete from outbox where ctid = any(array(
            select ctid from outbox
            where created_at < before and (sent_at is not null or kind = 'campaign_ended')
            order by created_at limit 10000));
        get diagnostics part = row_count; gone := gone + part;
        delete from provider_cache where ctid = any(array(
            select ctid from provider_cache where expires_at < now() order by expires_at limit 10000));
        get diagnostics part = row_count; gone := gone + part;
        update provider_calls set response = null where ctid = any(array(
            select p.ctid from provider_calls p
            join campaigns c on c.workspace_id = p.workspace_id and c.id = p.campaign_id
            where c.ended_at < before and p.done_at < before and p.response is not null
            order by p.done_at limit 10000));
        get diagnostics part = row_count; gone := gone + part;
        return gone;
    end $$;

reset role;
revoke create on schema public from pp_auth;
