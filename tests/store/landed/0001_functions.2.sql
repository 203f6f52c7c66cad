create function app_user_id() returns uuid language sql stable set search_path = pg_catalog, public
    as $$ select nullif(current_setting('app.user_id', true), '')::uuid $$;

create function app_job_id() returns uuid language sql stable set search_path = pg_catalog, public
    as $$ select nullif(current_setting('app.job_id', true), '')::uuid $$;

-- The workspaces the signed-in person belongs to.
create function app_workspaces() returns setof uuid language sql stable set search_path = pg_catalog, public
    as $$ select workspace_id from memberships where user_id = app_user_id() $$;

-- The workspace of the job whose current lease the transaction holds: a stale token sees and writes nothing.
create function app_job_workspace() returns uuid language sql stable set search_path = pg_catalog, public
    as $$
        select workspace_id from discovery_jobs
        where id = app_job_id()
          and lease_token = nullif(current_setting('app.lease_token', true), '')::bigint
          and lease_until > now()
    $$;

create function app_is_admin() returns boolean language sql stable security definer
    set search_path = pg_catalog, public
    as $$ select exists (select from users where id = app_user_id() and is_admin and disabled_at is null) $$;

create function auth_users_exist() returns boolean language sql stable security definer
    set search_path = pg_catalog, public
    as $$ select exists (select from users) $$;

create function auth_credentials(wanted text) returns table (user_id uuid, password_hash text)
    language sql stable security definer set search_path = pg_catalog, public
    as $$ select id, password_hash from users where lower(email) = lower(wanted) and disabled_at is null $$;

create function auth_person(wanted uuid) returns table (user_id uuid, email text, is_admin boolean, workspace_id uuid)
    language sql stable security definer set search_path = pg_catalog, public
    as $$
        select u.id, u.email, u.is_admin, m.workspace_id
        from users u join memberships m on m.user_id = u.id
        where u.id = wanted and u.disabled_at is null
        order by m.created_at limit 1
    $$;

create function auth_session(token bytea) returns uuid
    language sql stable security definer set search_path = pg_catalog, public
    as $$
        select s.user_id from sessions s
        where s.token_hash = token and s.revoked_at is null and s.expires_at > now()
    $$;

create function auth_open_session(token bytea, owner uuid, hours integer) returns void
    language sql security definer set search_path = pg_catalog, public
    as $$
        delete from sessions where user_id = owner and expires_at < now();
        insert into sessions (token_hash, user_id, expires_at) values (token, owner, now() + make_interval(hours => hours));
    $$;

create function auth_close_session(token bytea) returns void
    language sql security definer set search_path = pg_catalog, public
    as $$ update sessions set revoked_at = now() where token_hash = token and revoked_at is null $$;

-- Failures of the last 15 minutes, for this address and for this e-mail.
create function auth_recent_failures(email bytea, from_ip text) returns table (by_email bigint, by_ip bigint)
    language sql stable security definer set search_path = pg_catalog, public
    as $$
        select count(*) filter (where email_hash = email), count(*) filter (where ip = from_ip)
        from sign_in_attempts
        where not succeeded and at > now() - interval '15 minutes' and (email_hash = email or ip = from_ip)
    $$;

create function auth_note_attempt(email bytea, from_ip text, ok boolean) returns void
    language sql security definer set search_path = pg_catalog, public
    as $$
        delete from sign_in_attempts where at < now() - interval '1 day';
        delete from sign_in_attempts where ok and email_hash = email and not succeeded;
        insert into sign_in_attempts (email_hash, ip, succeeded) values (email, from_ip, ok);
    $$;

-- A person, their personal workspace and their membership, together. With only_if_first, nobody may exist yet.
create function auth_create_user(
    new_id uuid, new_workspace uuid, new_email text, new_hash text, admin boolean, only_if_first boolean
) returns boolean language plpgsql security definer set search_path = pg_catalog, public
    as $$
    begin
        perform pg_advisory_xact_lock(5277460002);
        if only_if_first and exists (select from users) then return false; end if;
        if exists (select from users where lower(email) = lower(new_email)) then return false; end if;
        insert into users (id, email, password_hash, is_admin) values (new_id, new_email, new_hash, admin);
        insert into workspaces (id, name) values (new_workspace, new_email);
        insert into memberships (workspace_id, user_id, role) values (new_workspace, new_id, 'owner');
        return true;
    end $$;

-- How many waiting campaigns, of whomever, come before this one: a number, nothing else, crosses tenants.
create function app_place_in_line(job uuid) returns bigint language sql stable security definer
    set search_path = pg_catalog, public
    as $$
        select count(*) + 1 from discovery_jobs other, discovery_jobs mine
        where mine.id = job and other.status = 'pending' and other.created_at < mine.created_at
    $$;
