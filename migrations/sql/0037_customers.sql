-- How many of the businesses a campaign found were customers; null for campaigns of before.

alter table campaigns add column customers integer check (customers >= 0);

-- Stands for a search, with whatever number, budget, look-ups and choice of whom to leave out. An own list is none.
create function campaign_search(spec jsonb) returns uuid
language sql immutable set search_path = pg_catalog, public as $$
    select md5((spec - '{max_results,budget_usd,waterfall,known_companies,skip_customers,own_list}'::text[])::text)::uuid
$$;
revoke all on function campaign_search(jsonb) from public;
grant execute on function campaign_search(jsonb) to pp_web, pp_worker, pp_auth, pp_system, pp_admin;
drop index campaigns_search;
create index campaigns_search on campaigns (workspace_id, campaign_search(spec), created_at) where deleted_at is null;
