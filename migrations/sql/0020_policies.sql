-- Who may write what: a viewer nothing, a worker what its lease is for, everybody only under their own name.

create or replace function app_user_id() returns uuid
language sql stable security definer set search_path = pg_catalog, public as $$ select user_id from app_asker() $$;
create or replace function app_workspaces() returns setof uuid
language sql stable security definer set search_path = pg_catalog, public as $$
    select m.workspace_id from app_asker() a join memberships m on m.user_id = a.user_id
    where coalesce(m.workspace_id = a.only_workspace, true)
$$;
create or replace function app_job_id() returns uuid
language sql stable security definer set search_path = pg_catalog, public as $$
    select id from discovery_jobs
    where id = nullif(current_setting('app.job_id', true), '')::uuid
        and lease_token = nullif(current_setting('app.lease_token', true), '')::bigint
        and lease_hash = app_lease_hash()
$$;
create or replace function app_job_workspace() returns uuid
language sql stable security definer set search_path = pg_catalog, public as $$
    select workspace_id from discovery_jobs where id = app_job_id() and lease_until > now()
$$;
alter function app_user_id() owner to pp_auth;
alter function app_workspaces() owner to pp_auth;
alter function app_job_id() owner to pp_auth;
alter function app_job_workspace() owner to pp_auth;

create or replace function ledger_begin(job uuid, token bigint, minutes integer, workspace uuid, campaign uuid, call_key bytea, call_id uuid, call_provider text, call_operation text, call_arguments jsonb, price bigint, call_attempt integer, call_subject text, question_hash bytea, asker uuid, seconds integer) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    declare came_to text;
    begin
        perform worker_asks(job, token);
        came_to := lease_state(job, token, minutes);
        if came_to <> 'held' then return came_to; end if;
        update campaigns set reserved_micros = reserved_micros + price
            where workspace_id = workspace and id = campaign and spent_micros + reserved_micros + price <= budget_micros;
        if not found then return 'out_of_budget'; end if;
        came_to := 'begun';
        if question_hash is not null
            and not flight_claim(call_provider, call_operation, question_hash, asker, seconds) then
            came_to := 'elsewhere';
        else
            insert into provider_calls (workspace_id, key, id, campaign_id, provider, operation, arguments, state,
                price_micros, lease_token, attempt, subject)
            values (workspace, call_key, call_id, campaign, call_provider, call_operation, call_arguments, 'intent', price,
                token, call_attempt, call_subject)
            on conflict (workspace_id, key) do update set state = 'intent', sent_at = now(), done_at = null,
                lease_token = excluded.lease_token, price_micros = excluded.price_micros, cost_micros = 0, error = null,
                holder = excluded.holder
            where provider_calls.state = 'failed_free';
            if not found then came_to := 'known'; end if;
        end if;
        if came_to <> 'begun' then
            update campaigns set reserved_micros = reserved_micros - price where workspace_id = workspace and id = campaign;
        end if;
        return came_to;
    end $$;

set local role pp_auth;

-- The secret is given to whoever claims and kept nowhere.
create function lease_claim(job uuid, wanted_attempt integer, owner text, seconds integer)
returns table (workspace_id uuid, job_id uuid, campaign_id uuid, attempt integer, token bigint, secret text)
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    secret := encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex');
    return query
        update discovery_jobs j
        set status = 'processing', lease_token = j.lease_token + 1, lease_owner = owner,
            lease_hash = sha256(convert_to(secret, 'UTF8')), lease_until = now() + make_interval(secs => seconds),
            started_at = coalesce(j.started_at, now()), updated_at = now()
        where j.id = job and j.attempt = wanted_attempt and j.status in ('pending', 'processing')
            and (j.lease_until is null or j.lease_until < now())
        returning j.workspace_id, j.id, j.campaign_id, j.attempt, j.lease_token, secret;
end $$;

-- Whether the connection that asks may write to the ledger of a workspace.
create function ledger_is_open(workspace uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public as $$
    select case session_user
        when 'pp_web' then workspace in (select app_workspaces_as('member'))
        when 'pp_worker' then coalesce(workspace = app_job_workspace(), false)
        when 'pp_admin' then app_is_admin()
        else true end
$$;

create or replace function ledger_settle(workspace uuid, call_key bytea, new_state text, cost bigint, status integer, answer jsonb, has_found boolean, is_simulated boolean, problem text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    declare call provider_calls%rowtype;
    begin
        select * into call from provider_calls where workspace_id = workspace and key = call_key;
        if not found then return null; end if;
        -- A lease that was lost since may still say what came of a call it made.
        if session_user = 'pp_worker' and call.holder is distinct from app_lease_hash()
            and not ledger_is_open(workspace) then
            raise insufficient_privilege using message = 'the call is that of another lease';
        end if;
        -- Every other place locks the campaign before its calls, so this one does, too.
        perform from campaigns where workspace_id = workspace and id = call.campaign_id for no key update;
        select * into call from provider_calls where workspace_id = workspace and key = call_key for no key update;
        if call.state not in ('intent', 'unknown') or new_state not in ('done', 'failed_free', 'unknown') then
            return call.state;
        end if;
        update provider_calls set state = new_state, done_at = now(), http_status = status, response = answer,
            found = has_found, error = problem,
            cost_micros = case new_state when 'done' then least(cost, price_micros) when 'unknown' then price_micros else 0 end
        where workspace_id = workspace and key = call_key;
        update campaigns set
            reserved_micros = reserved_micros - case when call.state = 'intent' then call.price_micros else 0 end,
            uncertain_micros = uncertain_micros - case when call.state = 'unknown' then call.price_micros else 0 end
                + case when new_state = 'unknown' then call.price_micros else 0 end,
            spent_micros = spent_micros - case when call.state = 'unknown' then call.price_micros else 0 end
                + case new_state when 'done' then least(cost, call.price_micros) when 'unknown' then call.price_micros else 0 end,
            simulated = simulated or is_simulated
        where workspace_id = workspace and id = call.campaign_id;
        if call.state = 'unknown' then perform ledger_correct_leads(workspace, call.campaign_id); end if;
        return new_state;
    end $$;

create or replace function ledger_close(workspace uuid, campaign uuid) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    declare item bytea; closed bigint := 0;
    begin
        if not ledger_is_open(workspace) then
            raise insufficient_privilege using message = 'the ledger is that of another workspace';
        end if;
        for item in select key from provider_calls
            where workspace_id = workspace and campaign_id = campaign and state = 'intent'
        loop
            perform ledger_settle(workspace, item, 'unknown', 0, null, null, null, false, 'The campaign ended first.');
            closed := closed + 1;
        end loop;
        -- A lead may have been stored after its late answer.
        perform ledger_correct_leads(workspace, campaign);
        return closed;
    end $$;

create or replace function app_raise_budget(campaign uuid, amount bigint, key text, most bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    declare home uuid;
    begin
        select workspace_id into home from campaigns
            where id = campaign and workspace_id in (select app_workspaces_as('member')) and ended_at is not null
            and budget_micros + amount <= most for no key update;
        if home is null then return false; end if;
        insert into budget_raises (workspace_id, campaign_id, idem_key, amount_micros, user_id)
            values (home, campaign, key, amount, app_user_id()) on conflict do nothing;
        if not found then return false; end if;
        update campaigns set budget_micros = budget_micros + amount,
            spec = jsonb_set(spec, '{budget_usd}', to_jsonb(((budget_micros + amount) / 1000000.0)::numeric(20, 6)::text))
            where workspace_id = home and id = campaign;
        return true;
    end $$;

create or replace function app_retry_uncertain(campaign uuid) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $_$
    declare home uuid; opened bigint;
    begin
        select workspace_id into home from campaigns
            where id = campaign and workspace_id in (select app_workspaces_as('member')) and ended_at is not null for no key update;
        if home is null then return 0; end if;
        update provider_calls set may_repeat = true
            where workspace_id = home and campaign_id = campaign and state = 'unknown' and not may_repeat;
        update leads set is_open = true, steps = (
            select jsonb_agg(case when step ->> 'outcome' in ('uncertain', 'failed')
                then step || '{"is_open": true}' else step end order by place)
            from jsonb_array_elements(steps) with ordinality as given(step, place))
        where workspace_id = home and campaign_id = campaign
            and steps @? '$[*] ? (@.outcome == "uncertain" || @.outcome == "failed" || (@.is_open == true
                && (@.cause == "list_failed" || @.cause == "no_result")))';
        get diagnostics opened = row_count;
        return opened;
    end $_$;

reset role;
revoke create on schema public from pp_auth;


drop policy own on memberships;
create policy colleague on memberships for select to pp_web
    using (workspace_id in (select app_workspaces()) or user_id = (select app_user_id()));
create policy colleague on users for select to pp_web
    using (id in (select m.user_id from memberships m where m.workspace_id in (select app_workspaces())));

do $$
declare name text;
begin
    foreach name in array array['campaigns', 'businesses', 'leads', 'discovery_jobs', 'job_events', 'outbox',
            'exports', 'suppressions', 'provider_calls'] loop
        execute format('drop policy member on %I', name);
        execute format('create policy member on %I for select to pp_web'
            ' using (workspace_id in (select app_workspaces()))', name);
    end loop;
    foreach name in array array['discovery_jobs', 'job_events', 'outbox'] loop
        execute format('create policy adds on %I for insert to pp_web'
            ' with check (workspace_id in (select app_workspaces_as(''member'')))', name);
    end loop;
    foreach name in array array['campaigns', 'discovery_jobs', 'outbox'] loop
        execute format('create policy changes on %I for update to pp_web'
            ' using (workspace_id in (select app_workspaces_as(''member'')))'
            ' with check (workspace_id in (select app_workspaces_as(''member'')))', name);
    end loop;
    foreach name in array array['businesses', 'leads', 'job_events'] loop
        execute format('create policy removes on %I for delete to pp_web'
            ' using (workspace_id in (select app_workspaces_as(''member'')))', name);
    end loop;
end $$;
create policy adds on campaigns for insert to pp_web
    with check (workspace_id in (select app_workspaces_as('member')) and created_by = (select app_user_id()));
create policy adds on exports for insert to pp_web
    with check (workspace_id in (select app_workspaces_as('member')) and user_id = (select app_user_id()));
drop policy member on api_keys;
create policy own on api_keys for select to pp_web using (user_id = (select app_user_id()));
grant select (workspace_id, id, user_id, name, scope, created_at, expires_at, last_used_at, revoked_at)
    on api_keys to pp_web;

revoke all on function app_proof(), role_rank(text) from public;
grant execute on function app_proof(), role_rank(text) to pp_auth;
set local role pp_auth;
revoke all on function app_asker(), app_workspaces_as(text),
    auth_note(uuid, text, uuid, uuid, jsonb),
    auth_open_session(bytea, uuid, text, integer, integer, text, text),
    auth_begin_sign_in(text, text, bytea, text),
    auth_sign_in(uuid, text, bytea, integer, integer, text, text, bytea),
    auth_who(), app_end_session(uuid), app_switch_workspace(uuid),
    auth_make_user(uuid, uuid, text, text, boolean), auth_create_first(uuid, uuid, text, text, text),
    auth_create_user(uuid, uuid, text, text, boolean), auth_open_command_session(text, bytea, integer),
    lease_claim(uuid, integer, text, integer), ledger_is_open(uuid)
    from public;
grant execute on function app_workspaces_as(text), auth_begin_sign_in(text, text, bytea, text),
    auth_sign_in(uuid, text, bytea, integer, integer, text, text, bytea),
    auth_who(), app_end_session(uuid), app_switch_workspace(uuid), auth_create_first(uuid, uuid, text, text, text)
    to pp_web;
grant execute on function auth_create_user(uuid, uuid, text, text, boolean) to pp_admin, pp_operator;
grant execute on function auth_open_command_session(text, bytea, integer) to pp_operator;
grant execute on function lease_claim(uuid, integer, text, integer) to pp_worker;
reset role;
