-- Migrations 0001 to 0004 were completed after they had first been run somewhere. This brings a database that ran them
-- as they read at any time to what they say now, and changes nothing where that is so already. It runs as 0007, and
-- before 0005, which builds on it.
grant update (notice, reserved_micros) on campaigns to pp_web;
grant update (reserved_micros) on campaigns to pp_admin;
revoke update (started_at) on campaigns from pp_admin;
grant update (error, progress, lease_until, attempt, failures, wake_at, waiting_for) on discovery_jobs to pp_web;
grant select (id, status, created_at) on discovery_jobs to pp_auth;
drop policy if exists line on discovery_jobs;
create policy line on discovery_jobs for select to pp_auth using (true);

create table if not exists budget_raises (
    workspace_id uuid not null,
    campaign_id uuid not null,
    idem_key text not null check (length(idem_key) between 1 and 200),
    amount_micros bigint not null check (amount_micros > 0),
    user_id uuid not null,
    at timestamptz not null default now(),
    primary key (workspace_id, campaign_id, idem_key),
    foreign key (workspace_id, campaign_id) references campaigns on delete cascade
);
alter table budget_raises enable row level security;
alter table budget_raises force row level security;
drop policy if exists member on budget_raises;
create policy member on budget_raises for select to pp_web using (workspace_id in (select app_workspaces()));
drop policy if exists raises on budget_raises;
create policy raises on budget_raises to pp_auth using (true) with check (true);
grant select on budget_raises to pp_web;
grant select, insert on budget_raises to pp_auth;

grant update on leads to pp_worker;
grant select (budget_micros, spent_micros, reserved_micros, uncertain_micros, simulated) on campaigns to pp_system;
grant select (cost_micros) on provider_calls to pp_system;
grant select on suppressions to pp_web;
grant select, update on provider_calls to pp_auth;
grant select, update (budget_micros, spec, reserved_micros, spent_micros, uncertain_micros, simulated)
    on campaigns to pp_auth;
grant select, update on leads to pp_auth;
grant select, update, delete on businesses to pp_auth;
drop policy if exists ledger on provider_calls;
create policy ledger on provider_calls to pp_auth using (true) with check (true);
drop policy if exists ledger on campaigns;
create policy ledger on campaigns to pp_auth using (true) with check (true);
drop policy if exists retention on leads;
create policy retention on leads to pp_auth using (true) with check (true);
drop policy if exists retention on businesses;
create policy retention on businesses to pp_auth using (true) with check (true);

alter table discovery_jobs add column if not exists wake_first_at timestamptz not null default now();
grant update (wake_first_at, started_at) on discovery_jobs to pp_web;
alter table outbox
    drop constraint outbox_kind_check,
    add constraint outbox_kind_check check (kind in ('run_campaign', 'campaign_ended')),
    add column if not exists due_at timestamptz not null default now(),
    add column if not exists tries integer not null default 0,
    add column if not exists error text;
drop policy if exists held on outbox;
create policy held on outbox for insert to pp_worker with check (workspace_id = (select app_job_workspace()));
grant insert on outbox to pp_worker;
grant select, delete on job_events, outbox, provider_cache to pp_auth;
grant select (workspace_id, id, ended_at) on discovery_jobs to pp_auth;
grant select (ended_at) on campaigns to pp_auth;
drop policy if exists retention on job_events;
create policy retention on job_events to pp_auth using (true);
drop policy if exists retention on outbox;
create policy retention on outbox to pp_auth using (true);
drop policy if exists retention on provider_cache;
create policy retention on provider_cache to pp_auth using (true);

grant create on schema public to pp_auth;
set local role pp_auth;

create or replace function auth_only_email() returns text
    language sql stable security definer set search_path = pg_catalog, public
    as $$ select case when count(*) = 1 then min(email) end from users where disabled_at is null $$;

-- How many waiting campaigns, of whomever, come before this one: a number, nothing else, crosses tenants.
create or replace function app_place_in_line(job uuid) returns bigint language sql stable security definer
    set search_path = pg_catalog, public
    as $$
        select count(*) + 1 from discovery_jobs other, discovery_jobs mine
        where mine.id = job and other.status = 'pending' and other.created_at < mine.created_at
    $$;

-- A look-up that counted as uncertain was answered after all: the leads of the campaign bear what it really cost.
create or replace function ledger_correct_leads(workspace uuid, campaign uuid) returns void
    language sql security definer set search_path = pg_catalog, public
    as $$
        update leads t set cost_micros = t.cost_micros - (f.step ->> 'cost_micros')::bigint + f.cost_micros,
            steps = jsonb_set(t.steps, array[(f.place - 1)::text, 'cost_micros'], to_jsonb(f.cost_micros))
        from (
            select l.workspace_id, l.id, s.step, s.place, p.cost_micros from provider_calls p
            join businesses b on b.workspace_id = p.workspace_id and b.campaign_id = p.campaign_id
                and b.match_key = p.subject
            join leads l on l.workspace_id = b.workspace_id and l.campaign_id = b.campaign_id and l.business_id = b.id
            cross join lateral jsonb_array_elements(l.steps) with ordinality as s(step, place)
            where p.workspace_id = workspace and p.campaign_id = campaign and p.state in ('done', 'failed_free')
                and s.step ->> 'step' = p.provider and s.step ->> 'outcome' = 'uncertain'
                and (s.step ->> 'cost_micros')::bigint > p.cost_micros
        ) f where t.workspace_id = f.workspace_id and t.id = f.id
    $$;

-- Ends a call and moves its money, in one step. It needs no lease: the late answer of a worker that was taken for dead is
-- an answer that was paid for. It can only end what is open, and only as much as was reserved for it.
create or replace function ledger_settle(
    workspace uuid, call_key bytea, new_state text, cost bigint, status integer, answer jsonb, has_found boolean,
    is_simulated boolean, problem text
) returns text language plpgsql security definer set search_path = pg_catalog, public
    as $$
    declare call provider_calls%rowtype;
    begin
        select * into call from provider_calls where workspace_id = workspace and key = call_key;
        if not found then return null; end if;
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

-- What is still open when a campaign ends may have been billed.
create or replace function ledger_close(workspace uuid, campaign uuid) returns bigint
    language plpgsql security definer set search_path = pg_catalog, public
    as $$
    declare item bytea; closed bigint := 0;
    begin
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

create or replace function app_raise_budget(campaign uuid, amount bigint, key text, most bigint) returns boolean
    language plpgsql security definer set search_path = pg_catalog, public
    as $$
    declare home uuid;
    begin
        select workspace_id into home from campaigns
            where id = campaign and workspace_id in (select app_workspaces()) and ended_at is not null
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

-- How often paid look-ups found something, over all tenants: figures, nothing else, for the estimate of a new order.
create or replace function ledger_hit_rates() returns table (provider text, asked bigint, hits bigint)
    language sql stable security definer set search_path = pg_catalog, public
    as $$
        select c.provider, count(*), count(*) filter (where c.found) from provider_calls c
        where c.state = 'done' and c.created_at > now() - interval '90 days' group by c.provider
    $$;

-- What administrators see of everybody's spending: sums, never what was asked or answered.
create or replace function ledger_spending(since timestamptz)
    returns table (day date, provider text, owner text, calls bigint, cost bigint, saved bigint, missed bigint, uncertain bigint)
    language sql stable security definer set search_path = pg_catalog, public
    as $$
        select (c.created_at at time zone 'UTC')::date, c.provider, u.email, count(*) filter (where c.state in ('done', 'unknown')),
            coalesce(sum(c.cost_micros), 0)::bigint, coalesce(sum(c.saved_micros), 0)::bigint,
            coalesce(sum(c.cost_micros) filter (where c.state = 'done' and not coalesce(c.found, true)), 0)::bigint,
            coalesce(sum(c.cost_micros) filter (where c.state = 'unknown'), 0)::bigint
        from provider_calls c
        join campaigns g on g.workspace_id = c.workspace_id and g.id = c.campaign_id
        join users u on u.id = g.created_by
        where c.created_at >= since and app_is_admin()
        group by 1, 2, 3 order by 1, 2, 3
    $$;

-- Values that only Google gave are removed when their time is over; place ids, which may be kept, stay in origins.
create or replace function forget_google_values() returns bigint
    language plpgsql security definer set search_path = pg_catalog, public
    as $$
    declare
        said constant text := 'Google allows keeping this for 30 days only; it was removed then.';
        item text; changed bigint;
    begin
        create temporary table if not exists due (workspace_id uuid, id uuid, business_id uuid) on commit drop;
        truncate due;
        insert into due select l.workspace_id, l.id, l.business_id from leads l
            where l.retain_until <= current_date limit 1000;
        foreach item in array array['address', 'city', 'postcode', 'country', 'phone', 'website', 'domain', 'email'] loop
            execute format(
                'update leads l set %1$I = null, empty_reasons = empty_reasons || jsonb_build_object(%1$L, %2$L::text),'
                ' provenance = provenance - %1$L from due'
                ' where l.workspace_id = due.workspace_id and l.id = due.id'
                ' and provenance -> %1$L ->> ''source'' = ''google_places''', item, said);
        end loop;
        update leads l set name = 'Name removed', provenance = provenance - 'name' from due
            where l.workspace_id = due.workspace_id and l.id = due.id
            and provenance -> 'name' ->> 'source' = 'google_places';
        update leads l set lat = null, lon = null from due
            where l.workspace_id = due.workspace_id and l.id = due.id and origins -> 0 ->> 'source' = 'google_places';
        update leads l set retain_until = null from due where l.workspace_id = due.workspace_id and l.id = due.id;
        get diagnostics changed = row_count;
        delete from businesses b where not exists (
                select from leads l where l.workspace_id = b.workspace_id and l.business_id = b.id)
            and b.created_at < now() - interval '30 days' and b.origins @> '[{"source": "google_places"}]';
        update businesses b set name = 'Name removed', address = null, city = null, postcode = null, phone = null,
                website = null, domain = null, email = null, lat = null, lon = null
            from due where b.workspace_id = due.workspace_id and b.id = due.business_id
            and b.origins -> 0 ->> 'source' = 'google_places';
        update provider_calls c set response = jsonb_build_object('place_ids',
                (select coalesce(jsonb_agg(p ->> 'id'), '[]') from jsonb_array_elements(c.response -> 'places') p))
            where c.provider = 'google_places' and c.response ? 'places' and c.done_at < now() - interval '30 days';
        return changed;
    end $$;

-- The ledger keeps a page of Google's under "body"; what only Google said has to go after its time, place ids may stay.
create or replace function forget_google_answers() returns bigint
    language plpgsql security definer set search_path = pg_catalog, public
    as $$
    declare changed bigint;
    begin
        update provider_calls c set response = jsonb_build_object('place_ids',
                (select coalesce(jsonb_agg(p ->> 'id'), '[]') from jsonb_array_elements(c.response -> 'body' -> 'places') p))
            where c.provider = 'google_places' and c.response -> 'body' ? 'places' and c.done_at < now() - interval '30 days';
        get diagnostics changed = row_count;
        -- Coordinates may be kept for as long.
        update provider_calls set response = null
            where provider = 'google_geocoding' and response is not null and done_at < now() - interval '30 days';
        return changed;
    end $$;

-- What is only of use for a while: the history and messages of ended jobs, bodies of answers, expired cache. Sums, leads
-- and the rows of the ledger stay. At most ten thousand rows of each at once; returns how many went.
create or replace function forget_old(days integer) returns bigint
    language plpgsql security definer set search_path = pg_catalog, public
    as $$
    declare before timestamptz := now() - make_interval(days => days); part bigint; gone bigint := 0;
    begin
        delete from job_events where (workspace_id, job_id, id) in (
            select e.workspace_id, e.job_id, e.id from job_events e
            join discovery_jobs j on j.workspace_id = e.workspace_id and j.id = e.job_id
            where j.ended_at < before and e.at < before limit 10000);
        get diagnostics part = row_count; gone := gone + part;
        delete from outbox where (workspace_id, id) in (
            select workspace_id, id from outbox
            where created_at < before and (sent_at is not null or kind = 'campaign_ended') limit 10000);
        get diagnostics part = row_count; gone := gone + part;
        delete from provider_cache where ctid in (
            select ctid from provider_cache where expires_at < now() limit 10000);
        get diagnostics part = row_count; gone := gone + part;
        update provider_calls set response = null where (workspace_id, key) in (
            select p.workspace_id, p.key from provider_calls p
            join campaigns c on c.workspace_id = p.workspace_id and c.id = p.campaign_id
            where c.ended_at < before and p.done_at < before and p.response is not null limit 10000);
        get diagnostics part = row_count; gone := gone + part;
        return gone;
    end $$;

-- Opens the look-ups of an ended campaign that got no certain answer, so that a continued run asks again. Returns how
-- many leads wait for one.
create or replace function app_retry_uncertain(campaign uuid) returns bigint
    language plpgsql security definer set search_path = pg_catalog, public
    as $$
    declare home uuid; opened bigint;
    begin
        select workspace_id into home from campaigns
            where id = campaign and workspace_id in (select app_workspaces()) and ended_at is not null for no key update;
        if home is null then return 0; end if;
        update provider_calls set may_repeat = true
            where workspace_id = home and campaign_id = campaign and state = 'unknown' and not may_repeat;
        update leads set is_open = true, steps = (
            select jsonb_agg(case when step ->> 'outcome' in ('uncertain', 'failed')
                then step || '{"is_open": true}' else step end order by place)
            from jsonb_array_elements(steps) with ordinality as given(step, place))
        where workspace_id = home and campaign_id = campaign
            and steps @? '$[*] ? (@.outcome == "uncertain" || @.outcome == "failed")';
        get diagnostics opened = row_count;
        return opened;
    end $$;

do $$
declare item record;
begin
    for item in select * from (values
        ('auth_only_email()', 'pp_web, pp_admin'),
        ('app_place_in_line(uuid)', 'pp_web'),
        ('ledger_settle(uuid, bytea, text, bigint, integer, jsonb, boolean, boolean, text)', 'pp_worker'),
        ('ledger_close(uuid, uuid)', 'pp_worker, pp_web, pp_admin, pp_system'),
        ('ledger_correct_leads(uuid, uuid)', 'pp_auth'),
        ('app_raise_budget(uuid, bigint, text, bigint)', 'pp_web'),
        ('ledger_hit_rates()', 'pp_web, pp_worker'),
        ('ledger_spending(timestamptz)', 'pp_admin'),
        ('forget_google_values()', 'pp_system'),
        ('app_retry_uncertain(uuid)', 'pp_web'),
        ('forget_google_answers()', 'pp_system'),
        ('forget_old(integer)', 'pp_system')
    ) as given(signature, roles) loop
        execute format('revoke execute on function %s from public', item.signature);
        execute format('grant execute on function %s to %s', item.signature, item.roles);
    end loop;
end $$;
reset role;
revoke create on schema public from pp_auth;
