-- Money limits. A call that would pass one is not begun, an order that would pass one is not taken; both are decided by
-- triggers, whoever writes. What a limit has used of its period stands in one row, which the calls of its scope change.

create table spend_limits (
    id bigint generated always as identity primary key,
    workspace_id uuid references workspaces (id) on delete cascade,
    user_id uuid,
    scope text not null generated always as (
        case when workspace_id is null then 'installation' when user_id is null then 'workspace' else 'person' end) stored,
    period text not null check (period in ('day', 'month')),
    micros bigint not null check (micros between 0 and 1000000000000),
    set_by uuid not null,
    set_at timestamptz not null default now(),
    check (workspace_id is not null or user_id is null),
    unique nulls not distinct (workspace_id, user_id, period),
    foreign key (workspace_id, user_id) references memberships (workspace_id, user_id) on delete cascade
);
comment on table spend_limits is 'Without a workspace it is that of the installation, with a user that of one person in the workspace.';
create table spend_counters (
    limit_id bigint not null references spend_limits (id) on delete cascade,
    starts date not null,
    used_micros bigint not null,
    primary key (limit_id, starts)
) with (fillfactor = 50);
comment on column spend_counters.used_micros is 'What the calls sent in the period cost, and the price of those still open.';
alter table spend_limits enable row level security;
alter table spend_limits force row level security;
alter table spend_counters enable row level security;
alter table spend_counters force row level security;
create policy auth_all on spend_limits to pp_auth using (true) with check (true);
create policy auth_all on spend_counters to pp_auth using (true) with check (true);
grant select, insert, update, delete on spend_limits, spend_counters to pp_auth;

create index campaigns_open on campaigns (workspace_id) where ended_at is null;
create index provider_calls_sent on provider_calls using brin (sent_at);
-- What a form may ask for at most; until now only the application knew.
alter table campaigns add constraint budget_is_bounded check (budget_micros <= 10000000000);

create function spend_starts(period text, at timestamptz) returns date
language sql immutable set search_path = pg_catalog, public as $$ select date_trunc(period, at at time zone 'UTC')::date $$;

-- What a call counts for in the period it was sent in.
create function spend_counts(state text, price bigint, cost bigint) returns bigint
language sql immutable as $$ select case state when 'intent' then price else cost end $$;

grant create on schema public to pp_auth;
set local role pp_auth;

-- Adds to every limit of a call, or takes away. All lock in one order, so that nobody waits in a circle.
create function spend_add(workspace uuid, campaign uuid, at timestamptz, change bigint) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
declare item record; used bigint;
begin
    for item in
        select l.id, l.scope, l.period, l.micros, spend_starts(l.period, at) as starts from spend_limits l
        where l.workspace_id is null or (l.workspace_id = workspace and (l.user_id is null or l.user_id = (
            select c.created_by from campaigns c where c.workspace_id = workspace and c.id = campaign)))
        order by l.period desc, l.scope
    loop
        if change <= 0 then
            update spend_counters c set used_micros = c.used_micros + change
                where c.limit_id = item.id and c.starts = item.starts;
            continue;
        end if;
        insert into spend_counters as c (limit_id, starts, used_micros) values (item.id, item.starts, change)
            on conflict (limit_id, starts) do update set used_micros = c.used_micros + excluded.used_micros
            returning c.used_micros into used;
        if used > item.micros then
            raise exception using errcode = 'PPLIM', message = 'a money limit is reached',
                detail = jsonb_build_object('scope', item.scope, 'period', item.period);
        end if;
        if used = change then
            delete from spend_counters c where c.limit_id = item.id and c.starts < item.starts - 62;
        end if;
    end loop;
end $$;

-- A transaction that looks at the past would not see the limits and the orders of others.
create function spend_sees_all() returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'money moves in read committed transactions only';
    end if;
end $$;

create function spend_count() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare change bigint := spend_counts(new.state, new.price_micros, new.cost_micros);
begin
    perform spend_sees_all();
    if not exists (select from spend_limits) then return null; end if;
    if tg_op = 'UPDATE' then
        if old.sent_at = new.sent_at then
            change := change - spend_counts(old.state, old.price_micros, old.cost_micros);
        else
            perform spend_add(old.workspace_id, old.campaign_id, old.sent_at,
                -spend_counts(old.state, old.price_micros, old.cost_micros));
        end if;
    end if;
    perform spend_add(new.workspace_id, new.campaign_id, new.sent_at, change);
    return null;
end $$;

-- What open campaigns may still spend beyond what their calls have counted for already.
create function spend_promised(of_limit spend_limits) returns bigint
language sql volatile security definer set search_path = pg_catalog, public as $$
    select coalesce(sum(c.budget_micros - c.spent_micros - (
        select coalesce(sum(p.price_micros), 0) from provider_calls p
        where p.workspace_id = c.workspace_id and p.campaign_id = c.id and p.state = 'intent')), 0)::bigint
    from campaigns c
    where c.ended_at is null and (of_limit.workspace_id is null or c.workspace_id = of_limit.workspace_id)
        and (of_limit.user_id is null or c.created_by = of_limit.user_id)
$$;

create function spend_used(of_limit spend_limits) returns bigint
language sql volatile security definer set search_path = pg_catalog, public as $$
    select coalesce((select c.used_micros from spend_counters c
        where c.limit_id = of_limit.id and c.starts = spend_starts(of_limit.period, now())), 0)
$$;

-- A campaign that opens has to fit into every limit together with all that are open. The limits are locked, so that
-- orders sent at the same time see one another; a snapshot from before the lock would not show them.
create function spend_admit() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare item spend_limits; room bigint;
begin
    perform spend_sees_all();
    for item in
        select l.* from spend_limits l
        where l.workspace_id is null
            or (l.workspace_id = new.workspace_id and (l.user_id is null or l.user_id = new.created_by))
        order by l.period desc, l.scope for no key update
    loop
        room := item.micros - spend_used(item) - spend_promised(item);
        if room < 0 then
            raise exception using errcode = 'PPLIM', message = 'a money limit is reached', detail = jsonb_build_object(
                'scope', item.scope, 'period', item.period,
                'left', greatest(0, room + new.budget_micros - new.spent_micros));
        end if;
    end loop;
    return null;
end $$;

-- Null when it is done, else the most it may be: what the next wider limit of the same period allows. "new_micros" null
-- takes the limit away.
create function app_set_limit(of_workspace uuid, of_person uuid, of_period text, new_micros bigint) returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
declare most bigint; was bigint; made bigint; since date := spend_starts(of_period, now());
begin
    if not coalesce(case when of_workspace is null then app_is_admin()
            else of_workspace in (select app_workspaces_as('admin')) end, false) then
        raise insufficient_privilege using message = 'this limit is set by others';
    end if;
    -- Nobody spends while it is summed up what was spent, and nobody sets another limit.
    lock table provider_calls in share row exclusive mode;
    select l.micros into was from spend_limits l where l.workspace_id is not distinct from of_workspace
        and l.user_id is not distinct from of_person and l.period = of_period;
    if new_micros is null then
        delete from spend_limits l where l.workspace_id is not distinct from of_workspace
            and l.user_id is not distinct from of_person and l.period = of_period;
    else
        select min(l.micros) into most from spend_limits l where l.period = of_period
            and ((of_workspace is not null and l.workspace_id is null)
                or (of_person is not null and l.workspace_id = of_workspace and l.user_id is null));
        if new_micros > most then return most; end if;
        insert into spend_limits as l (workspace_id, user_id, period, micros, set_by)
            values (of_workspace, of_person, of_period, new_micros, app_user_id())
            on conflict (workspace_id, user_id, period)
            do update set micros = excluded.micros, set_by = excluded.set_by, set_at = now()
            returning l.id into made;
        insert into spend_counters as c (limit_id, starts, used_micros)
            select made, since, coalesce(sum(spend_counts(p.state, p.price_micros, p.cost_micros)), 0)
            from provider_calls p join campaigns g on g.workspace_id = p.workspace_id and g.id = p.campaign_id
            where p.sent_at >= since::timestamp at time zone 'UTC'
                and (of_workspace is null or p.workspace_id = of_workspace)
                and (of_person is null or g.created_by = of_person)
            on conflict (limit_id, starts) do update set used_micros = excluded.used_micros;
    end if;
    perform auth_note(app_user_id(), 'limit_set', of_workspace, of_person,
        jsonb_build_object('period', of_period, 'micros', new_micros, 'was', was));
    return null;
end $$;

-- The limits a person may know of in a workspace. Of the installation's only an administrator learns more than what is
-- left, which does not tell what others spent.
create function app_limits(of_workspace uuid) returns table (
    scope text, period text, user_id uuid, email text, micros bigint, used_micros bigint, promised_micros bigint,
    left_micros bigint, is_near boolean, renews_at timestamptz, set_by text, set_at timestamptz, binds boolean
) language sql volatile security definer set search_path = pg_catalog, public as $$
    with asking as (
        select app_user_id() as me, app_is_admin() as administers,
            of_workspace in (select app_workspaces_as('admin')) as leads
    ), known as (
        select l.*, spend_used(l) as used, spend_promised(l) as promised, a.me,
            l.workspace_id is not null or a.administers as is_told
        from spend_limits l, asking a
        where of_workspace in (select app_workspaces())
            and (l.workspace_id is null or (l.workspace_id = of_workspace and (l.user_id is null or l.user_id = a.me or a.leads)))
    )
    select k.scope, k.period, k.user_id, u.email, case when k.is_told then k.micros end,
        case when k.is_told then k.used end, case when k.is_told then k.promised end,
        greatest(0, k.micros - k.used - k.promised), (k.micros - k.used - k.promised) * 5 <= k.micros,
        (spend_starts(k.period, now()) + ('1 ' || k.period)::interval) at time zone 'UTC',
        case when k.is_told then s.email end, case when k.is_told then k.set_at end, k.user_id is null or k.user_id = k.me
    from known k left join users u on u.id = k.user_id left join users s on s.id = k.set_by
    order by k.scope, u.email, k.period
$$;

reset role;
revoke create on schema public from pp_auth;

create trigger spend_counts_new after insert on provider_calls for each row
    when (spend_counts(new.state, new.price_micros, new.cost_micros) > 0) execute function spend_count();
create trigger spend_counts_change after update on provider_calls for each row
    when (spend_counts(new.state, new.price_micros, new.cost_micros)
            <> spend_counts(old.state, old.price_micros, old.cost_micros)
        or (new.sent_at <> old.sent_at and spend_counts(new.state, new.price_micros, new.cost_micros) > 0))
    execute function spend_count();
create trigger spend_admits_new after insert on campaigns for each row
    when (new.ended_at is null and new.budget_micros > new.spent_micros) execute function spend_admit();
create trigger spend_admits_again after update on campaigns for each row
    when (new.ended_at is null and new.budget_micros > new.spent_micros
        and (old.ended_at is not null or new.budget_micros > old.budget_micros)) execute function spend_admit();

revoke all on function spend_starts(text, timestamptz), spend_counts(text, bigint, bigint) from public;
grant execute on function spend_starts(text, timestamptz), spend_counts(text, bigint, bigint) to pp_auth;
-- The triggers ask it in the name of whoever writes.
grant execute on function spend_counts(text, bigint, bigint) to pp_worker, pp_system;
set local role pp_auth;
revoke all on function spend_sees_all(), spend_add(uuid, uuid, timestamptz, bigint), spend_count(), spend_promised(spend_limits),
    spend_used(spend_limits), spend_admit(), app_set_limit(uuid, uuid, text, bigint), app_limits(uuid) from public;
grant execute on function app_set_limit(uuid, uuid, text, bigint), app_limits(uuid) to pp_web;
reset role;
