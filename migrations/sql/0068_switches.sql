-- Stands for a search, as before. What an order of before did not hold counts only where it is on, so that what stands in
-- search_key stays right.
create or replace function campaign_search(spec jsonb) returns uuid
language sql immutable set search_path = pg_catalog, public as $$
    select md5((
        spec - '{max_results,budget_usd,waterfall,known_companies,skip_customers,own_list,must_have,nice_to_have,must_not}'::text[]
        - array(select e.key from jsonb_each(spec) as e (key, value)
            where e.key in ('chains_only', 'with_website', 'without_website', 'with_hours') and e.value = 'false')
    )::text)::uuid
$$;
