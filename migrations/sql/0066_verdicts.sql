-- Criteria of an order in plain words, and what the companies' own websites say to them.

alter table leads add column verdicts jsonb not null default '[]';
comment on column leads.verdicts is 'For each criterion of the order: yes, no or not_said, and the sentence and page it rests on.';

-- Stands for a search, with whatever number, budget, look-ups, criteria and choice of whom to leave out. An own list is
-- none. Orders of before hold no criteria, so that what stands in search_key stays right.
create or replace function campaign_search(spec jsonb) returns uuid
language sql immutable set search_path = pg_catalog, public as $$
    select md5((spec - '{max_results,budget_usd,waterfall,known_companies,skip_customers,own_list,must_have,nice_to_have,must_not}'::text[])::text)::uuid
$$;
