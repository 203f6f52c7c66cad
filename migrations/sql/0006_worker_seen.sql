-- Whether any worker was seen lately: one bit about the installation, so that the owner of a waiting campaign can be told.
create function app_worker_lives(gone_after_s integer) returns boolean language sql stable security definer
    set search_path = pg_catalog, public
    as $$ select exists (select from workers where seen_at > now() - make_interval(secs => gone_after_s)) $$;
grant select (seen_at) on workers to pp_auth;
create policy seen on workers for select to pp_auth using (true);

grant create on schema public to pp_auth;
revoke execute on function app_worker_lives(integer) from public;
grant execute on function app_worker_lives(integer) to pp_web;
alter function app_worker_lives(integer) owner to pp_auth;
revoke create on schema public from pp_auth;

-- A campaign that its owner lets go on begins its progress anew.
grant update (current_stage) on discovery_jobs to pp_web;
