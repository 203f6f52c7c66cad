-- What took longer the more there is: whether a search was run again, which Home asks of every campaign worth it, and the
-- last pages of leads by name.

-- Row-level security keeps Postgres from an index on a function of the row that it does not trust; a column it reads.
alter table campaigns add column search_key uuid not null generated always as (campaign_search(spec)) stored;
comment on column campaigns.search_key is 'The same for every run of one search (campaign_search).';
drop index campaigns_search;
create index campaigns_search on campaigns (workspace_id, search_key, created_at) where deleted_at is null;

-- With the name itself, so that turning to a page far down reads no lead of those before it.
drop index leads_book_title;
create index leads_book_title on leads (workspace_id, lower(name), id) include (name) where is_current;
