-- How many of the businesses a campaign found were in the book already; null for campaigns of before. What a plan is about
-- is compared with the book as well: members of a workspace see the keys of its companies.

alter table campaigns add column in_book integer check (in_book >= 0);

create policy member on company_keys for select to pp_web using (workspace_id in (select app_workspaces()));
grant select on company_keys to pp_web;
