-- Everybody's jobs by state and by owner: pages begin in the middle of an index.
create index discovery_jobs_by_state on discovery_jobs (status desc, created_at desc, id desc);
-- The other one does the same for one state, and nothing for all of them.
drop index discovery_jobs_state;
create index campaigns_by_owner on campaigns (created_by, id) where deleted_at is null;
