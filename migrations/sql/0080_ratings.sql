-- Stands for a search, as before. What an order of before did not hold counts only where something is demanded, so that
-- what stands in search_key stays right.
create or replace function campaign_search(spec jsonb) returns uuid
language sql immutable set search_path = pg_catalog, public as $$
    select md5((
        spec - '{max_results,budget_usd,waterfall,known_companies,skip_customers,own_list,must_have,nice_to_have,must_not}'::text[]
        - array(select e.key from jsonb_each(spec) as e (key, value)
            where e.key in ('chains_only', 'with_website', 'without_website', 'with_hours') and e.value = 'false'
                or e.key in ('min_rating', 'min_reviews', 'founded_since') and e.value = 'null'
                or e.key = 'company_sizes' and e.value = '[]')
    )::text)::uuid
$$;

grant create on schema public to pp_auth;
set local role pp_auth;

-- As before; of a business that another source found first, what is limited goes as well, as it does of its lead.
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
        select string_agg(format('%1$I = case when g.is_whole or %1$L = any(g.names) then null else b.%1$I end', name), ', ')
            into emptied from unnest(fields) as name;
        execute format('update businesses b set %s, retain_until = null,'
            ' name = case when g.is_whole or ''name'' = any(g.names) then ''Name removed'' else b.name end,'
            ' lat = case when g.is_whole then null else b.lat end,'
            ' lon = case when g.is_whole then null else b.lon end,'
            ' details = case when g.is_whole then ''{}'' else b.details - g.names end'
            ' from (select o.workspace_id, o.id, $1 ? (o.origins -> 0 ->> ''source'') as is_whole,'
            '     array(select p.key from jsonb_each(o.provenance) as p where $1 ? (p.value ->> ''source'')) as names'
            '     from unnest($2, $3) as d (workspace_id, id)'
            '     join leads l on l.workspace_id = d.workspace_id and l.id = d.id'
            '     join businesses o on o.workspace_id = l.workspace_id and o.id = l.business_id) as g'
            ' where b.workspace_id = g.workspace_id and b.id = g.id', emptied) using limits, whose, due;
    end if;
    delete from businesses b where b.retain_until <= current_date
        and not exists (select from leads l where l.workspace_id = b.workspace_id and l.campaign_id = b.campaign_id
            and l.business_id = b.id);
    -- Nothing more is due of those whose leads keep nothing for some days only.
    update businesses b set retain_until = null where b.retain_until <= current_date
        and not exists (select from leads l where l.workspace_id = b.workspace_id and l.campaign_id = b.campaign_id
            and l.business_id = b.id and l.retain_until is not null);
    return coalesce(cardinality(due), 0);
end $$;

reset role;
revoke create on schema public from pp_auth;
