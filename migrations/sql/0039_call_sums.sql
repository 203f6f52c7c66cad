-- What the calls of a campaign to one provider came to, by day: sums over the ledger are sums over these few rows. Triggers keep
-- them in the transaction that writes a call, under the lock of its campaign, which the ledger holds already.

create table call_sums (
    workspace_id uuid not null,
    day date not null,
    campaign_id uuid not null,
    provider text not null,
    calls bigint not null,
    asked bigint not null,
    hits bigint not null,
    cost_micros bigint not null,
    saved_micros bigint not null,
    missed_micros bigint not null,
    uncertain_micros bigint not null,
    primary key (workspace_id, day, campaign_id, provider),
    foreign key (workspace_id, campaign_id) references campaigns (workspace_id, id) on delete cascade
) with (fillfactor = 50);
comment on table call_sums is 'Of provider_calls by the day (UTC) they were sent; kept by triggers.';
comment on column call_sums.calls is 'Calls that were or may have been billed: done or unknown; asked: those done, hits: that found something.';
create index call_sums_campaign on call_sums (workspace_id, campaign_id);
create index call_sums_day on call_sums (day, provider);

alter table call_sums enable row level security;
alter table call_sums force row level security;
create policy auth_all on call_sums to pp_auth using (true) with check (true);
create policy member on call_sums for select to pp_web using (workspace_id in (select app_workspaces()));
grant select, insert, update, delete on call_sums to pp_auth;
create policy everywhere on call_sums for select to pp_system using (true);
grant select on call_sums to pp_web;
grant select (workspace_id, campaign_id, cost_micros, uncertain_micros) on call_sums to pp_system;

-- What one call adds to its sums.
create function call_counts(state text, cost bigint, saved bigint, found boolean, out calls bigint, out asked bigint,
    out hits bigint, out cost_micros bigint, out saved_micros bigint, out missed_micros bigint, out uncertain_micros bigint)
language sql immutable set search_path = pg_catalog, public as $$
    select (state in ('done', 'unknown'))::int::bigint, (state = 'done')::int::bigint,
        (state = 'done' and coalesce(found, false))::int::bigint, cost, saved,
        case when state = 'done' and not coalesce(found, true) then cost else 0 end,
        case when state = 'unknown' then cost else 0 end
$$;
revoke all on function call_counts(text, bigint, bigint, boolean) from public;
grant execute on function call_counts(text, bigint, bigint, boolean) to pp_auth;

alter table provider_calls no force row level security;
alter table call_sums no force row level security;
insert into call_sums
    select p.workspace_id, (p.sent_at at time zone 'UTC')::date, p.campaign_id, p.provider, sum(n.calls), sum(n.asked), sum(n.hits),
        sum(n.cost_micros), sum(n.saved_micros), sum(n.missed_micros), sum(n.uncertain_micros)
    from provider_calls p, call_counts(p.state, p.cost_micros, p.saved_micros, p.found) as n
    where p.state in ('done', 'unknown') or p.cost_micros > 0 or p.saved_micros > 0
    group by 1, 2, 3, 4;
alter table provider_calls force row level security;
alter table call_sums force row level security;

grant create on schema public to pp_auth;
set local role pp_auth;

-- Adds what a call came to, or takes it away again with a sign of -1. Sums of a campaign that goes are gone already.
create function call_sums_add(call provider_calls, sign integer) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
declare n record;
begin
    select * into n from call_counts(call.state, call.cost_micros, call.saved_micros, call.found);
    if sign > 0 then
        insert into call_sums as s values (call.workspace_id, (call.sent_at at time zone 'UTC')::date, call.campaign_id,
                call.provider, n.calls, n.asked, n.hits, n.cost_micros, n.saved_micros, n.missed_micros, n.uncertain_micros)
            on conflict (workspace_id, day, campaign_id, provider) do update set calls = s.calls + n.calls,
                asked = s.asked + n.asked, hits = s.hits + n.hits, cost_micros = s.cost_micros + n.cost_micros,
                saved_micros = s.saved_micros + n.saved_micros, missed_micros = s.missed_micros + n.missed_micros,
                uncertain_micros = s.uncertain_micros + n.uncertain_micros;
    else
        update call_sums s set calls = s.calls - n.calls, asked = s.asked - n.asked, hits = s.hits - n.hits,
                cost_micros = s.cost_micros - n.cost_micros, saved_micros = s.saved_micros - n.saved_micros,
                missed_micros = s.missed_micros - n.missed_micros, uncertain_micros = s.uncertain_micros - n.uncertain_micros
            where s.workspace_id = call.workspace_id and s.day = (call.sent_at at time zone 'UTC')::date
                and s.campaign_id = call.campaign_id and s.provider = call.provider;
    end if;
end $$;

create function call_sums_keep() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if tg_op <> 'INSERT' and (old.state in ('done', 'unknown') or old.cost_micros > 0 or old.saved_micros > 0) then
        perform call_sums_add(old, -1);
    end if;
    if tg_op <> 'DELETE' and (new.state in ('done', 'unknown') or new.cost_micros > 0 or new.saved_micros > 0) then
        perform call_sums_add(new, 1);
    end if;
    return null;
end $$;

create or replace function ledger_hit_rates() returns table (provider text, asked bigint, hits bigint)
language sql stable security definer set search_path = pg_catalog, public as $$
    select s.provider, sum(s.asked)::bigint, sum(s.hits)::bigint from call_sums s
    where s.day > (now() at time zone 'UTC')::date - 90 group by s.provider having sum(s.asked) > 0
$$;

create or replace function ledger_sums(by_what text, since timestamp with time zone, until timestamp with time zone)
returns table ("group" text, calls bigint, cost_micros bigint, saved_micros bigint, missed_micros bigint, uncertain_micros bigint)
language sql stable security definer set search_path = pg_catalog, public as $$
    with added as (
        select case when by_what = 'day' then s.day end as day, case when by_what = 'provider' then s.provider end as provider,
            case when by_what in ('workspace', 'campaign', 'user') then s.workspace_id end as workspace_id,
            case when by_what in ('campaign', 'user') then s.campaign_id end as campaign_id, sum(s.calls) as calls,
            sum(s.cost_micros) as cost_micros, sum(s.saved_micros) as saved_micros, sum(s.missed_micros) as missed_micros,
            sum(s.uncertain_micros) as uncertain_micros
        from call_sums s
        where app_is_admin() and coalesce(s.day >= (since at time zone 'UTC')::date, true)
            and coalesce(s.day < (until at time zone 'UTC')::date, true)
        group by 1, 2, 3, 4
    ),
    told as (
        select s.*, case by_what when 'campaign' then g.id end as one, case by_what
            when 'day' then to_char(s.day, 'YYYY-MM-DD')
            when 'campaign' then g.title || ', ' || to_char(g.created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI')
            when 'provider' then s.provider
            when 'workspace' then w.name
            else coalesce(u.email, 'A former member') end as what
        from added s
        left join campaigns g on g.workspace_id = s.workspace_id and g.id = s.campaign_id
        left join workspaces w on w.id = s.workspace_id
        left join users u on u.id = g.created_by
    )
    select what, sum(calls)::bigint, sum(cost_micros)::bigint, sum(saved_micros)::bigint, sum(missed_micros)::bigint,
        sum(uncertain_micros)::bigint
    from told group by what, one
    order by case when by_what = 'day' then what end desc, 3 desc, what
$$;

reset role;
revoke create on schema public from pp_auth;
create trigger call_sums_new after insert on provider_calls for each row
    when (new.state in ('done', 'unknown') or new.cost_micros > 0 or new.saved_micros > 0) execute function call_sums_keep();
create trigger call_sums_gone after delete on provider_calls for each row
    when (old.state in ('done', 'unknown') or old.cost_micros > 0 or old.saved_micros > 0) execute function call_sums_keep();
create trigger call_sums_change after update on provider_calls for each row
    when (old.state <> new.state or old.cost_micros <> new.cost_micros or old.saved_micros <> new.saved_micros
        or old.found is distinct from new.found or old.sent_at <> new.sent_at or old.provider <> new.provider
        or old.campaign_id <> new.campaign_id)
    execute function call_sums_keep();
set local role pp_auth;
revoke all on function call_sums_add(provider_calls, integer), call_sums_keep() from public;
reset role;
