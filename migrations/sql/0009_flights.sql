-- Questions that are being asked right now and whose answer will serve everybody: nobody else asks them meanwhile. No
-- tenant: a hash, a name that says nothing, and until when the asker is believed to be alive.
create table provider_flights (
    provider text not null,
    operation text not null,
    argument_hash bytea not null,
    holder uuid not null,
    until timestamptz not null,
    primary key (provider, operation, argument_hash)
);
alter table provider_flights enable row level security;
alter table provider_flights force row level security;
create policy shared on provider_flights to pp_worker using (true) with check (true);
grant select, insert, update, delete on provider_flights to pp_worker;

-- How it stands with a lease: 'held', 'cancelled', 'out_of_time' or 'lost'. Locks the job's row, so that a new claim waits
-- for this transaction and nothing stale commits after it.
create function lease_state(job uuid, token bigint, minutes integer) returns text
    language sql set search_path = pg_catalog, public
    as $$
        select coalesce((
            select case when cancel_requested_at is not null then 'cancelled'
                when started_at < now() - make_interval(mins => minutes) then 'out_of_time' else 'held' end
            from discovery_jobs where id = job and lease_token = token and lease_until > now()
            for no key update), 'lost')
    $$;

-- Says who asks, until the transaction ends, so that a statement can be a transaction of its own.
create function worker_asks(job uuid, token bigint) returns void language plpgsql set search_path = pg_catalog, public
    as $$
    begin
        perform set_config('app.job_id', job::text, true), set_config('app.lease_token', token::text, true);
    end $$;

create function flight_claim(question_provider text, question_operation text, question_hash bytea, asker uuid, seconds integer)
    returns boolean language plpgsql set search_path = pg_catalog, public
    as $$
    begin
        insert into provider_flights as f (provider, operation, argument_hash, holder, until)
        values (question_provider, question_operation, question_hash, asker, now() + make_interval(secs => seconds))
        on conflict (provider, operation, argument_hash) do update set holder = excluded.holder, until = excluded.until
        where f.holder = excluded.holder or f.until < now();
        return found;
    end $$;

-- What is to be done about a question: 'known' to the campaign, 'cached' for everybody, being asked 'elsewhere', or to be
-- asked now by this asker. Without a key the campaign is not asked, without a hash nobody else is.
create function call_look(
    job uuid, token bigint, workspace uuid, call_key bytea, question_provider text, question_operation text,
    question_hash bytea, asker uuid, seconds integer
) returns text language plpgsql set search_path = pg_catalog, public
    as $$
    begin
        perform worker_asks(job, token);
        if exists (select from provider_calls where workspace_id = workspace and key = call_key) then return 'known'; end if;
        if question_hash is null then return 'mine'; end if;
        if exists (select from provider_cache where provider = question_provider and operation = question_operation
            and argument_hash = question_hash and expires_at > now()) then return 'cached'; end if;
        -- A claim that a crash of the server undoes harms nobody: the intent makes it again.
        perform set_config('synchronous_commit', 'off', true);
        if not flight_claim(question_provider, question_operation, question_hash, asker, seconds) then
            return 'elsewhere';
        end if;
        -- An answer may have come, and its flight have ended, between the two looks.
        if exists (select from provider_cache where provider = question_provider and operation = question_operation
            and argument_hash = question_hash and expires_at > now()) then
            delete from provider_flights where provider = question_provider and operation = question_operation
                and argument_hash = question_hash and holder = asker;
            return 'cached';
        end if;
        return 'mine';
    end $$;

-- Reserves the price of a call and writes its intent, for the holder of a lease. 'begun', or why not: as lease_state says,
-- 'out_of_budget', 'elsewhere' or 'known'. A row that failed for nothing is opened again.
create function ledger_begin(
    job uuid, token bigint, minutes integer, workspace uuid, campaign uuid, call_key bytea, call_id uuid, call_provider text,
    call_operation text, call_arguments jsonb, price bigint, call_attempt integer, call_subject text, question_hash bytea,
    asker uuid, seconds integer
) returns text language plpgsql set search_path = pg_catalog, public
    as $$
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
                lease_token = excluded.lease_token, price_micros = excluded.price_micros, cost_micros = 0, error = null
            where provider_calls.state = 'failed_free';
            if not found then came_to := 'known'; end if;
        end if;
        if came_to <> 'begun' then
            update campaigns set reserved_micros = reserved_micros - price where workspace_id = workspace and id = campaign;
        end if;
        return came_to;
    end $$;

-- The answer to a call: for this campaign, for everybody, and the end of its flight.
create function call_answered(
    workspace uuid, call_key bytea, cost bigint, status integer, answer jsonb, has_found boolean, is_simulated boolean,
    question_provider text, question_operation text, question_hash bytea, days integer, asker uuid
) returns text language plpgsql set search_path = pg_catalog, public
    as $$
    declare came_to text := ledger_settle(
        workspace, call_key, 'done', cost, status, answer, has_found, is_simulated, null);
    begin
        if question_hash is null then return came_to; end if;
        insert into provider_cache (provider, operation, argument_hash, response, expires_at)
        values (question_provider, question_operation, question_hash, answer, now() + make_interval(days => days))
        on conflict (provider, operation, argument_hash)
        do update set response = excluded.response, fetched_at = now(), expires_at = excluded.expires_at;
        delete from provider_flights where provider = question_provider and operation = question_operation
            and argument_hash = question_hash and holder = asker;
        return came_to;
    end $$;

do $$
declare item text;
begin
    foreach item in array array[
        'lease_state(uuid, bigint, integer)',
        'worker_asks(uuid, bigint)',
        'flight_claim(text, text, bytea, uuid, integer)',
        'call_look(uuid, bigint, uuid, bytea, text, text, bytea, uuid, integer)',
        'ledger_begin(uuid, bigint, integer, uuid, uuid, bytea, uuid, text, text, jsonb, bigint, integer, text, bytea, uuid, integer)',
        'call_answered(uuid, bytea, bigint, integer, jsonb, boolean, boolean, text, text, bytea, integer, uuid)'
    ] loop
        execute format('revoke execute on function %s from public', item);
        execute format('grant execute on function %s to pp_worker', item);
    end loop;
end $$;
