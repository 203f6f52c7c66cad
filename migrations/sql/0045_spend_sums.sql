-- What campaigns that ended came to, summed up further than call_sums: of a workspace and a person and of everybody, by the
-- day and of all time. Sums over years are sums over these few rows and over those of campaigns that run.
--
-- Rows are only ever added here, never changed, so that campaigns do not wait for each other: what a campaign came to when
-- it ends, and with a minus when it goes on or goes. The rows of a key are put together now and then (spend_sums_compact).

create table spend_sums (
    workspace_id uuid not null,
    day date not null,
    user_id uuid not null,
    provider text not null,
    calls bigint not null,
    asked bigint not null,
    hits bigint not null,
    cost_micros bigint not null,
    saved_micros bigint not null,
    missed_micros bigint not null,
    uncertain_micros bigint not null,
    ordered_micros bigint not null,
    usable bigint not null,
    is_new boolean not null default true
);
comment on table spend_sums is 'Of campaigns that ended, kept by triggers; several rows of a key add up.';
comment on column spend_sums.workspace_id is 'All zeros, and so is user_id: of everybody.';
comment on column spend_sums.day is 'The day (UTC) calls were sent, or a campaign was ordered; -infinity: of all time.';
comment on column spend_sums.provider is 'Empty: not of calls but of campaigns, by the day they were ordered.';
comment on column spend_sums.ordered_micros is 'What the campaigns ordered that day cost; usable: leads of theirs with a verified address.';
comment on column spend_sums.is_new is 'Not put together with the others of its key yet.';
create index spend_sums_key on spend_sums (workspace_id, day, provider, user_id);
create index spend_sums_day on spend_sums (day);
create index spend_sums_new on spend_sums (workspace_id) where is_new;

alter table spend_sums enable row level security;
alter table spend_sums force row level security;
create policy auth_all on spend_sums to pp_auth using (true) with check (true);
create policy member on spend_sums for select to pp_web using (workspace_id in (select app_workspaces()));
grant select, insert, delete on spend_sums to pp_auth;
create policy administrator on spend_sums for select to pp_admin using ((select app_is_admin()));
create policy administrator on call_sums for select to pp_admin using ((select app_is_admin()));
create policy administrator on workspaces for select to pp_admin using ((select app_is_admin()));
grant select on spend_sums to pp_web, pp_admin;
grant select on call_sums to pp_admin;
grant select (id, name) on workspaces to pp_admin;

-- The dearest campaigns are found without reading all. Of one that runs it says nothing, so that a paid call changes no index.
alter table campaigns add column ended_micros bigint
    generated always as (case when ended_at is not null then spent_micros end) stored;
comment on column campaigns.ended_micros is 'What it spent, once it ended.';
grant select (ended_micros) on campaigns to pp_web, pp_admin;
create index campaigns_dearest on campaigns (workspace_id, ended_micros desc, id desc) where ended_at is not null;
create index campaigns_dearest_of_all on campaigns (ended_micros desc, id desc) where ended_at is not null;
create index campaigns_ended_lately on campaigns (ended_at) where ended_at is not null;

-- The same of campaigns that run: few rows.
create view running_sums with (security_invoker = true) as
    select s.workspace_id, s.day, c.created_by as user_id, s.provider, s.calls, s.asked, s.hits, s.cost_micros, s.saved_micros,
        s.missed_micros, s.uncertain_micros, 0::bigint as ordered_micros, 0::bigint as usable
    from campaigns c join call_sums s on s.workspace_id = c.workspace_id and s.campaign_id = c.id
    where c.ended_at is null
    union all
    select c.workspace_id, (c.created_at at time zone 'UTC')::date, c.created_by, '', 0, 0, 0, 0, 0, 0, 0, c.spent_micros,
        c.emails_verified
    from campaigns c
    where c.ended_at is null;
grant select on running_sums to pp_web, pp_admin, pp_auth;

alter table campaigns no force row level security;
alter table call_sums no force row level security;
alter table spend_sums no force row level security;
insert into spend_sums
    with summed as (
        select s.workspace_id, s.day, c.created_by, s.provider, s.calls, s.asked, s.hits, s.cost_micros, s.saved_micros,
            s.missed_micros, s.uncertain_micros, 0 as ordered_micros, 0 as usable
        from campaigns c join call_sums s on s.workspace_id = c.workspace_id and s.campaign_id = c.id
        where c.ended_at is not null
        union all
        select workspace_id, (created_at at time zone 'UTC')::date, created_by, '', 0, 0, 0, 0, 0, 0, 0, spent_micros,
            emails_verified
        from campaigns where ended_at is not null
    )
    select coalesce(workspace_id, '00000000-0000-0000-0000-000000000000'), coalesce(day, '-infinity'),
        coalesce(created_by, '00000000-0000-0000-0000-000000000000'), provider, sum(calls), sum(asked), sum(hits),
        sum(cost_micros), sum(saved_micros), sum(missed_micros), sum(uncertain_micros), sum(ordered_micros), sum(usable), false
    from summed
    group by grouping sets ((provider, workspace_id, created_by, day), (provider, workspace_id, created_by), (provider, day),
        (provider));
alter table campaigns force row level security;
alter table call_sums force row level security;
alter table spend_sums force row level security;

grant create on schema public to pp_auth;
set local role pp_auth;

-- Adds, or with a sign of -1 takes away, what a call or a whole campaign came to at one provider on one day.
create function spend_sums_add(part call_sums, whose uuid, ordered bigint, usable bigint, sign integer) returns void
language sql security definer set search_path = pg_catalog, public as $$
    insert into spend_sums
        select o.workspace_id, d.day, o.user_id, part.provider, sign * part.calls, sign * part.asked, sign * part.hits,
            sign * part.cost_micros, sign * part.saved_micros, sign * part.missed_micros, sign * part.uncertain_micros,
            sign * ordered, sign * usable
        from (values (part.workspace_id, whose), ('00000000-0000-0000-0000-000000000000',
                '00000000-0000-0000-0000-000000000000')) as o (workspace_id, user_id),
            (values (part.day), ('-infinity')) as d (day)
$$;

create function spend_sums_of(campaign campaigns, sign integer) returns void
language sql security definer set search_path = pg_catalog, public as $$
    select spend_sums_add(s, campaign.created_by, 0, 0, sign) from call_sums s
    where s.workspace_id = campaign.workspace_id and s.campaign_id = campaign.id;
    select spend_sums_add((campaign.workspace_id, (campaign.created_at at time zone 'UTC')::date, campaign.id, '', 0, 0, 0, 0, 0, 0,
        0)::call_sums, campaign.created_by, campaign.spent_micros, campaign.emails_verified, sign);
$$;

create function spend_sums_keep() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if tg_op <> 'INSERT' and old.ended_at is not null then
        perform spend_sums_of(old, -1);
    end if;
    if tg_op <> 'DELETE' and new.ended_at is not null then
        perform spend_sums_of(new, 1);
    end if;
    return case tg_op when 'DELETE' then old end;
end $$;

create function spend_sums_left() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    delete from spend_sums where workspace_id = old.id;
    return null;
end $$;

-- A change to a campaign that ended is added there as well; its campaign's lock is held.
create or replace function call_sums_add(call provider_calls, sign integer) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
declare n record; whose uuid; of_call call_sums;
begin
    select * into n from call_counts(call.state, call.cost_micros, call.saved_micros, call.found);
    of_call := (call.workspace_id, (call.sent_at at time zone 'UTC')::date, call.campaign_id, call.provider, n.calls, n.asked,
        n.hits, n.cost_micros, n.saved_micros, n.missed_micros, n.uncertain_micros);
    if sign > 0 then
        insert into call_sums as s select of_call.*
            on conflict (workspace_id, day, campaign_id, provider) do update set calls = s.calls + n.calls,
                asked = s.asked + n.asked, hits = s.hits + n.hits, cost_micros = s.cost_micros + n.cost_micros,
                saved_micros = s.saved_micros + n.saved_micros, missed_micros = s.missed_micros + n.missed_micros,
                uncertain_micros = s.uncertain_micros + n.uncertain_micros;
    else
        update call_sums s set calls = s.calls - n.calls, asked = s.asked - n.asked, hits = s.hits - n.hits,
                cost_micros = s.cost_micros - n.cost_micros, saved_micros = s.saved_micros - n.saved_micros,
                missed_micros = s.missed_micros - n.missed_micros, uncertain_micros = s.uncertain_micros - n.uncertain_micros
            where s.workspace_id = of_call.workspace_id and s.day = of_call.day and s.campaign_id = of_call.campaign_id
                and s.provider = of_call.provider;
    end if;
    select created_by into whose from campaigns
        where workspace_id = call.workspace_id and id = call.campaign_id and ended_at is not null;
    if found then
        perform spend_sums_add(of_call, whose, 0, 0, sign);
    end if;
end $$;

-- Rows of a key that got new ones become one, or none where nothing is left.
create function spend_sums_compact() returns void
language sql security definer set search_path = pg_catalog, public as $$
    with fresh as (select distinct workspace_id, day, provider, user_id from spend_sums where is_new),
    gone as (
        delete from spend_sums s using fresh f
        where s.workspace_id = f.workspace_id and s.day = f.day and s.provider = f.provider and s.user_id = f.user_id
        returning s.*
    )
    insert into spend_sums
        select * from (
            select workspace_id, day, user_id, provider, sum(calls) as calls, sum(asked) as asked, sum(hits) as hits,
                sum(cost_micros) as cost, sum(saved_micros) as saved, sum(missed_micros) as missed,
                sum(uncertain_micros) as uncertain, sum(ordered_micros) as ordered, sum(usable) as usable, false
            from gone group by 1, 2, 3, 4
        ) s
        where (calls, asked, hits, cost, saved, missed, uncertain, ordered, usable) <> (0, 0, 0, 0, 0, 0, 0, 0, 0)
$$;

-- Campaigns whose sums are to be compared with their calls: those that run or ended within a day, and, in turn, so many others.
create function campaigns_to_check(most integer) returns table (workspace_id uuid, id uuid)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare reached text; in_turn record;
begin
    return query select c.workspace_id, c.id from campaigns c
        where c.ended_at is null or c.ended_at > now() - interval '1 day';
    select encode(i.value, 'hex') into reached from installation i where i.name = 'checked' for update;
    reached := coalesce(nullif(reached, ''), repeat('0', 64));
    for in_turn in
        select c.workspace_id, c.id from campaigns c
        where (c.workspace_id, c.id) > (left(reached, 32)::uuid, right(reached, 32)::uuid)
        order by c.workspace_id, c.id limit most
    loop
        workspace_id := in_turn.workspace_id;
        id := in_turn.id;
        most := most - 1;
        return next;
    end loop;
    -- After the last one comes the first again.
    insert into installation (name, value) values ('checked', case when most > 0 then ''::bytea
            else uuid_send(workspace_id) || uuid_send(id) end)
        on conflict (name) do update set value = excluded.value;
end $$;

create or replace function ledger_hit_rates() returns table (provider text, asked bigint, hits bigint)
language sql stable security definer set search_path = pg_catalog, public as $$
    with lately as (select (now() at time zone 'UTC')::date - 90 as before)
    select n.provider, sum(n.asked)::bigint, sum(n.hits)::bigint
    from (
        select s.provider, s.asked, s.hits from spend_sums s, lately
        where s.workspace_id = '00000000-0000-0000-0000-000000000000' and s.day > lately.before
        union all
        select r.provider, r.asked, r.hits from running_sums r, lately where r.day > lately.before
    ) n
    group by n.provider having sum(n.asked) > 0
$$;

reset role;
revoke create on schema public from pp_auth;
create trigger spend_sums_new after insert on campaigns for each row when (new.ended_at is not null)
    execute function spend_sums_keep();
create trigger spend_sums_change after update on campaigns for each row
    when ((old.ended_at is null) <> (new.ended_at is null)
        or new.ended_at is not null and (old.created_by <> new.created_by or old.spent_micros <> new.spent_micros
            or old.emails_verified <> new.emails_verified))
    execute function spend_sums_keep();
-- Before, while what its calls came to is still there.
create trigger spend_sums_gone before delete on campaigns for each row when (old.ended_at is not null)
    execute function spend_sums_keep();
-- After campaigns went with their workspace.
create trigger spend_sums_left after delete on workspaces for each row execute function spend_sums_left();
set local role pp_auth;
revoke all on function spend_sums_add(call_sums, uuid, bigint, bigint, integer), spend_sums_of(campaigns, integer),
    spend_sums_keep(), spend_sums_left(), spend_sums_compact(), campaigns_to_check(integer) from public;
grant execute on function spend_sums_compact(), campaigns_to_check(integer) to pp_system;
reset role;
