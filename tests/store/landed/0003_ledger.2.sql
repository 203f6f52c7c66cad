alter table campaigns
    add column uncertain_micros bigint not null default 0 check (uncertain_micros >= 0),
    add column saved_micros bigint not null default 0 check (saved_micros >= 0),
    add column emails_verified integer not null default 0,
    add column simulated boolean not null default false,
    add constraint uncertain_is_part_of_spent check (uncertain_micros <= spent_micros);

-- What the campaign waits for while it waits, in words for people.
alter table discovery_jobs add column waiting_for text;

alter table businesses alter column lat drop not null, alter column lon drop not null;
alter table leads
    alter column lat drop not null,
    alter column lon drop not null,
    add column contacts jsonb not null default '[]',
    add column profiles jsonb not null default '[]',
    add column cost_micros bigint not null default 0 check (cost_micros >= 0),
    add column is_open boolean not null default false,
    add column updated_at timestamptz not null default now(),
    -- The day by which values that only Google gave have to go.
    add column retain_until date;
create index leads_retention on leads (retain_until) where retain_until is not null;
-- A lead of the same company in an earlier campaign of the workspace.
create index leads_domain on leads (workspace_id, domain) where domain is not null and email is not null;

-- held: answered from provider_cache; spared: a free check made the call needless. Neither was sent.
alter table provider_calls
    drop constraint provider_calls_state_check,
    add constraint provider_calls_state_check
        check (state in ('intent', 'done', 'failed_free', 'unknown', 'held', 'spared')),
    add column id uuid not null,
    add column attempt integer not null default 1,
    add column subject text,
    add column cost_micros bigint not null default 0 check (cost_micros between 0 and price_micros),
    add column saved_micros bigint not null default 0 check (saved_micros >= 0),
    add column found boolean,
    add column error text,
    add column created_at timestamptz not null default now();
create unique index provider_calls_id on provider_calls (workspace_id, id);
create index provider_calls_newest on provider_calls (workspace_id, created_at desc, id desc);
create index provider_calls_open on provider_calls (sent_at) where state = 'intent';

-- How each provider is, as the workers last saw it; no tenant.
create table provider_status (
    provider text primary key,
    state text not null check (state in ('ok', 'waiting', 'refused', 'exhausted', 'unreachable')),
    message text not null,
    since timestamptz not null default now(),
    checked_at timestamptz not null default now()
);
-- An administrator's recorded decisions about a provider; no tenant. The newest row of a name holds.
create table provider_choices (
    id bigint generated always as identity primary key,
    provider text not null,
    name text not null,
    value text not null,
    decided_by uuid not null,
    decided_at timestamptz not null default now()
);
create index provider_choices_newest on provider_choices (provider, name, id desc);

do $$
declare item text;
begin
    foreach item in array array['provider_status', 'provider_choices'] loop
        execute format('alter table %I enable row level security', item);
        execute format('alter table %I force row level security', item);
        execute format('create policy everybody on %I for select to pp_web, pp_worker, pp_system, pp_admin using (true)', item);
        execute format('grant select on %I to pp_web, pp_worker, pp_system, pp_admin', item);
    end loop;
end $$;
create policy observed on provider_status to pp_worker using (true) with check (true);
create policy observed_by_system on provider_status to pp_system using (true) with check (true);
grant insert, update on provider_status to pp_worker, pp_system;
create policy decided on provider_choices for insert to pp_admin
    with check ((select app_is_admin()) and decided_by = (select app_user_id()));
grant insert on provider_choices to pp_admin;

grant update on leads to pp_worker;
grant select (budget_micros, spent_micros, reserved_micros, uncertain_micros, simulated) on campaigns to pp_system;
grant select (cost_micros) on provider_calls to pp_system;
grant update (attempt, failures, wake_at, waiting_for) on discovery_jobs to pp_web;
grant select on suppressions to pp_web;

-- Ends a call and moves its money, in one step. It needs no lease: the late answer of a worker that was taken for dead is
-- an answer that was paid for. It can only end what is open, and only as much as was reserved for it.
create function ledger_settle(
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
        return new_state;
    end $$;

-- What is still open when a campaign ends may have been billed.
create function ledger_close(workspace uuid, campaign uuid) returns bigint
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
        return closed;
    end $$;

-- A member gives an ended campaign of their workspace more money; the same key gives it once.
create table budget_raises (
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
create policy member on budget_raises for select to pp_web using (workspace_id in (select app_workspaces()));
grant select on budget_raises to pp_web;

create function app_raise_budget(campaign uuid, amount bigint, key text, most bigint) returns boolean
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
create function ledger_hit_rates() returns table (provider text, asked bigint, hits bigint)
    language sql stable security definer set search_path = pg_catalog, public
    as $$
        select c.provider, count(*), count(*) filter (where c.found) from provider_calls c
        where c.state = 'done' and c.created_at > now() - interval '90 days' group by c.provider
    $$;

-- What administrators see of everybody's spending: sums, never what was asked or answered.
create function ledger_spending(since timestamptz)
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
create function forget_google_values() returns bigint
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

grant select, update on provider_calls to pp_auth;
grant select, update (budget_micros, spec, reserved_micros, spent_micros, uncertain_micros, simulated)
    on campaigns to pp_auth;
grant select, insert on budget_raises to pp_auth;
create policy raises on budget_raises to pp_auth using (true) with check (true);
grant select, update on leads to pp_auth;
grant select, update, delete on businesses to pp_auth;
create policy ledger on provider_calls to pp_auth using (true) with check (true);
create policy ledger on campaigns to pp_auth using (true) with check (true);
create policy retention on leads to pp_auth using (true) with check (true);
create policy retention on businesses to pp_auth using (true) with check (true);
grant create on schema public to pp_auth;
do $$
declare item record;
begin
    for item in select * from (values
        ('ledger_settle(uuid, bytea, text, bigint, integer, jsonb, boolean, boolean, text)', 'pp_worker, pp_auth'),
        ('ledger_close(uuid, uuid)', 'pp_worker, pp_web, pp_admin, pp_system'),
        ('app_raise_budget(uuid, bigint, text, bigint)', 'pp_web'),
        ('ledger_hit_rates()', 'pp_web, pp_worker'),
        ('ledger_spending(timestamptz)', 'pp_admin'),
        ('forget_google_values()', 'pp_system')
    ) as given(signature, roles) loop
        execute format('revoke execute on function %s from public', item.signature);
        execute format('grant execute on function %s to %s', item.signature, item.roles);
        execute format('alter function %s owner to pp_auth', item.signature);
    end loop;
end $$;
revoke create on schema public from pp_auth;
