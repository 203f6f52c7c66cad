-- Bulk orders: many campaigns ordered together. They share one cap, which calls count against as they do against a money
-- limit, and begin in turns, so that nobody else waits behind all of them.
create table bulk_orders (
    workspace_id uuid not null references workspaces (id) on delete cascade,
    id uuid not null,
    created_by uuid not null,
    idem_key text not null check (length(idem_key) between 1 and 200),
    fingerprint bytea not null,
    title text not null check (length(title) between 1 and 300),
    cost_low_micros bigint check (cost_low_micros >= 0),
    cost_high_micros bigint check (cost_high_micros >= cost_low_micros),
    created_at timestamptz not null default now(),
    turn_at timestamptz,
    paused_at timestamptz,
    stopped_at timestamptz,
    ended_at timestamptz,
    deleted_at timestamptz,
    primary key (workspace_id, id),
    unique (workspace_id, idem_key)
);
comment on column bulk_orders.fingerprint is 'SHA-256 of what was ordered: the same key with another order is refused.';
comment on column bulk_orders.cost_low_micros is 'With cost_high_micros what the quote said, to be compared with what it cost; null: none was asked for.';
comment on column bulk_orders.turn_at is 'When a campaign of it was put in line last: whoever waits longest is next.';
comment on column bulk_orders.ended_at is 'When all of its campaigns were found ended; null again when one of them goes on.';
create index bulk_orders_newest on bulk_orders (workspace_id, created_at desc, id desc) where deleted_at is null;
create index bulk_orders_open on bulk_orders (created_at) where ended_at is null;

create table bulk_caps (
    workspace_id uuid not null,
    bulk_id uuid not null,
    cap_micros bigint not null check (cap_micros between 0 and 10000000000000),
    used_micros bigint not null default 0 check (used_micros between 0 and cap_micros),
    raised_by text[] not null default '{}',
    primary key (workspace_id, bulk_id),
    foreign key (workspace_id, bulk_id) references bulk_orders (workspace_id, id) on delete cascade
) with (fillfactor = 50);
comment on table bulk_caps is 'The most the campaigns of a bulk order may spend together. A row of its own: calls lock it, steering does not.';
comment on column bulk_caps.raised_by is 'The idempotency keys of what raised it: each does so once.';
comment on column bulk_caps.used_micros is 'What their calls cost, and the price of those still open.';

alter table campaigns add column bulk_id uuid;
comment on column campaigns.bulk_id is 'The bulk order it was ordered with.';
alter table campaigns add foreign key (workspace_id, bulk_id) references bulk_orders (workspace_id, id);
create index campaigns_of_bulk on campaigns (workspace_id, bulk_id, id) where bulk_id is not null;
comment on column discovery_jobs.wake_at is 'Since when it is to be woken; infinity: it waits for its turn in a bulk order.';

alter table bulk_orders enable row level security;
alter table bulk_orders force row level security;
alter table bulk_caps enable row level security;
alter table bulk_caps force row level security;
create policy member on bulk_orders for select to pp_web using (workspace_id in (select app_workspaces()));
create policy adds on bulk_orders for insert to pp_web
    with check (workspace_id in (select app_workspaces_as('member')) and created_by = (select app_user_id()));
create policy changes on bulk_orders for update to pp_web
    using (workspace_id in (select app_workspaces_as('member'))) with check (workspace_id in (select app_workspaces_as('member')));
create policy everywhere on bulk_orders to pp_system using (true) with check (true);
create policy auth_all on bulk_orders to pp_auth using (true) with check (true);
create policy member on bulk_caps for select to pp_web using (workspace_id in (select app_workspaces()));
create policy adds on bulk_caps for insert to pp_web with check (workspace_id in (select app_workspaces_as('member')));
create policy auth_all on bulk_caps to pp_auth using (true) with check (true);
grant select, insert, update (paused_at, stopped_at) on bulk_orders to pp_web;
grant select (workspace_id, id, created_at, turn_at, paused_at, ended_at), update (turn_at, ended_at) on bulk_orders to pp_system;
grant select, insert, update, delete on bulk_orders, bulk_caps to pp_auth;
grant select on bulk_caps to pp_web;
grant insert (workspace_id, bulk_id, cap_micros) on bulk_caps to pp_web;
grant select (bulk_id) on campaigns to pp_system, pp_admin;

-- The one rule of what a bulk order's state is, from those of its campaigns.
create function bulk_status(open bigint, begun bigint, completed bigint, failed bigint, cancelled bigint, total bigint,
    is_paused boolean, is_stopped boolean) returns text
language sql immutable set search_path = pg_catalog, public as $$
    select case
        when open > 0 and is_paused then 'paused'
        when open > 0 and begun = 0 then 'pending'
        when open > 0 then 'processing'
        when completed = total then 'completed'
        when failed = total then 'failed'
        when cancelled = total or (is_stopped and cancelled > 0) then 'cancelled'
        else 'partial' end
$$;

-- What the campaigns of a bulk order come to, for whoever sees them.
create function bulk_sums(of_workspace uuid, of_bulk uuid) returns table (
    total bigint, open bigint, pending bigint, processing bigint, completed bigint, partial bigint, failed bigint,
    cancelled bigint, businesses bigint, leads bigint, emails_found bigint, emails_verified bigint, spent_micros bigint,
    saved_micros bigint, uncertain_micros bigint, simulated boolean, begun_at timestamptz, over_at timestamptz
) language sql stable set search_path = pg_catalog, public as $$
    select count(*), count(*) filter (where c.ended_at is null), count(*) filter (where c.status = 'pending'),
        count(*) filter (where c.status = 'processing'), count(*) filter (where c.status = 'completed'),
        count(*) filter (where c.status = 'partial'), count(*) filter (where c.status = 'failed'),
        count(*) filter (where c.status = 'cancelled'), sum(c.businesses_found)::bigint, sum(c.lead_count)::bigint,
        sum(c.emails_found)::bigint, sum(c.emails_verified)::bigint, sum(c.spent_micros)::bigint,
        sum(c.saved_micros)::bigint, sum(c.uncertain_micros)::bigint, bool_or(c.simulated), min(c.started_at),
        case when bool_and(c.ended_at is not null) then max(c.ended_at) end
    from campaigns c where c.workspace_id = of_workspace and c.bulk_id = of_bulk
    having count(*) > 0
$$;
revoke all on function bulk_status(bigint, bigint, bigint, bigint, bigint, bigint, boolean, boolean),
    bulk_sums(uuid, uuid) from public;
grant execute on function bulk_status(bigint, bigint, bigint, bigint, bigint, bigint, boolean, boolean),
    bulk_sums(uuid, uuid) to pp_web, pp_auth;

grant create on schema public to pp_auth;
set local role pp_auth;

-- A call of a campaign of a bulk order counts against the cap in the transaction that begins or ends it.
create function bulk_count() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare bulk uuid; change bigint := spend_counts(new.state, new.price_micros, new.cost_micros);
begin
    select c.bulk_id into bulk from campaigns c where c.workspace_id = new.workspace_id and c.id = new.campaign_id;
    if bulk is null then return null; end if;
    perform spend_sees_all();
    if tg_op = 'UPDATE' then
        change := change - spend_counts(old.state, old.price_micros, old.cost_micros);
    end if;
    update bulk_caps b set used_micros = b.used_micros + change
        where b.workspace_id = new.workspace_id and b.bulk_id = bulk
            and (change <= 0 or b.used_micros + change <= b.cap_micros);
    if not found then
        raise exception using errcode = 'PPBLK', message = 'the cap of a bulk order is reached';
    end if;
    return null;
end $$;

-- What open campaigns may still spend beyond what their calls have counted for already; those of a bulk order together no
-- more than is left of its cap.
create or replace function spend_promised(of_limit spend_limits) returns bigint
language sql volatile security definer set search_path = pg_catalog, public as $$
    with still_open as (
        select c.workspace_id, c.bulk_id, c.budget_micros - c.spent_micros - (
            select coalesce(sum(p.price_micros), 0) from provider_calls p
            where p.workspace_id = c.workspace_id and p.campaign_id = c.id and p.state = 'intent') as room
        from campaigns c
        where c.ended_at is null and (of_limit.workspace_id is null or c.workspace_id = of_limit.workspace_id)
            and (of_limit.user_id is null or c.created_by = of_limit.user_id)
    ), promised as (
        select o.room from still_open o where o.bulk_id is null
        union all
        select least(sum(o.room), min(b.cap_micros - b.used_micros)) from still_open o
        join bulk_caps b on b.workspace_id = o.workspace_id and b.bulk_id = o.bulk_id
        group by b.workspace_id, b.bulk_id
    )
    select coalesce(sum(room), 0)::bigint from promised
$$;

create or replace function key_ordered(of_workspace uuid, of_key uuid) returns bigint
language sql stable security definer set search_path = pg_catalog, public as $$
    with each as (
        select c.bulk_id, case when c.ended_at is null then c.budget_micros else c.spent_micros end as micros
        from campaigns c where c.workspace_id = of_workspace and c.key_id = of_key
    ), ordered as (
        select e.micros from each e where e.bulk_id is null
        union all
        select least(sum(e.micros), min(b.cap_micros)) from each e
        join bulk_caps b on b.workspace_id = of_workspace and b.bulk_id = e.bulk_id
        group by e.bulk_id
    )
    select coalesce(sum(micros), 0)::bigint from ordered
$$;

-- A bulk order has to fit into every limit with its cap, as a campaign has to with its budget.
create function bulk_admit() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare item spend_limits; asking api_keys; room bigint;
begin
    perform spend_sees_all();
    for item in
        select l.* from spend_limits l
        where l.workspace_id is null or (l.workspace_id = new.workspace_id and (l.user_id is null or l.user_id = (
            select b.created_by from bulk_orders b where b.workspace_id = new.workspace_id and b.id = new.bulk_id)))
        order by l.period desc, l.scope for no key update
    loop
        room := item.micros - spend_used(item) - spend_promised(item);
        if room < new.cap_micros then
            raise exception using errcode = 'PPLIM', message = 'a money limit is reached', detail = jsonb_build_object(
                'scope', item.scope, 'period', item.period, 'left', greatest(0, room));
        end if;
    end loop;
    select k.* into asking from api_keys k where k.key_hash = app_proof();
    if asking.limit_micros is null then return null; end if;
    perform from api_keys k where k.workspace_id = asking.workspace_id and k.id = asking.id for no key update;
    room := asking.limit_micros - key_ordered(asking.workspace_id, asking.id);
    if room < new.cap_micros then
        raise exception using errcode = 'PPKEY', message = 'the money limit of a key is reached',
            detail = jsonb_build_object('left', greatest(0, room), 'is_own', true);
    end if;
    return null;
end $$;

-- Of a campaign of a bulk order the cap was admitted.
create or replace function spend_admit() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare item spend_limits; room bigint;
begin
    if tg_op = 'INSERT' and new.bulk_id is not null then return null; end if;
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

create or replace function key_admits() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare asking api_keys; room bigint;
begin
    if tg_op = 'INSERT' and new.bulk_id is not null then return null; end if;
    select k.* into asking from api_keys k where k.key_hash = app_proof();
    if asking.limit_micros is null then return null; end if;
    perform spend_sees_all();
    perform from api_keys k where k.workspace_id = asking.workspace_id and k.id = asking.id for no key update;
    room := asking.limit_micros - key_ordered(asking.workspace_id, asking.id);
    if room < 0 or new.key_id is distinct from asking.id then
        raise exception using errcode = 'PPKEY', message = 'the money limit of a key is reached',
            detail = jsonb_build_object('left', greatest(0, room + new.budget_micros - new.spent_micros),
                'is_own', new.key_id is not distinct from asking.id);
    end if;
    return null;
end $$;

-- Who adds money to a campaign of a bulk order means it to be spent.
create or replace function app_raise_budget(campaign uuid, amount bigint, key text, most bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
    declare home uuid; bulk uuid;
    begin
        select workspace_id, bulk_id into home, bulk from campaigns
            where id = campaign and workspace_id in (select app_workspaces_as('member')) and ended_at is not null
            and budget_micros + amount <= most for no key update;
        if home is null then return false; end if;
        insert into budget_raises (workspace_id, campaign_id, idem_key, amount_micros, user_id)
            values (home, campaign, key, amount, app_user_id()) on conflict do nothing;
        if not found then return false; end if;
        update campaigns set budget_micros = budget_micros + amount,
            spec = jsonb_set(spec, '{budget_usd}', to_jsonb(((budget_micros + amount) / 1000000.0)::numeric(20, 6)::text))
            where workspace_id = home and id = campaign;
        update bulk_caps set cap_micros = cap_micros + amount where workspace_id = home and bulk_id = bulk;
        return true;
    end $$;

-- What goes on with it is admitted when it is opened again.
create function app_raise_cap(bulk uuid, amount bigint, key text, most bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    update bulk_caps set cap_micros = cap_micros + amount, raised_by = raised_by || key
        where bulk_id = bulk and workspace_id in (select app_workspaces_as('member'))
            and amount > 0 and cap_micros + amount <= most and not key = any(raised_by);
    return found;
end $$;

create function bulk_goes_on() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    update bulk_orders set ended_at = null, stopped_at = null
        where workspace_id = new.workspace_id and id = new.bulk_id;
    return null;
end $$;

create function bulk_note() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare was bulk_orders; what text;
begin
    if tg_op = 'UPDATE' then was := old; end if;
    what := case
        when tg_op = 'INSERT' then 'bulk_order_placed'
        when new.deleted_at is not null and was.deleted_at is null then 'bulk_order_deleted'
        when new.stopped_at is not null and was.stopped_at is null then 'bulk_order_stopped'
        when new.paused_at is not null and was.paused_at is null then 'bulk_order_paused'
        when new.paused_at is null and was.paused_at is not null then 'bulk_order_resumed' end;
    if what is not null then
        perform auth_note(app_user_id(), what, new.workspace_id, new.id, '{}');
    end if;
    return null;
end $$;

-- An order in which somebody was erased may stand in the title.
create function bulk_forgets() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    update bulk_orders set title = 'Bulk order' where workspace_id = new.workspace_id and id = new.bulk_id;
    return null;
end $$;

-- The order itself, once none of its campaigns is left. What it cost stays with them.
create function app_delete_bulk_order(bulk uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare home uuid;
begin
    update bulk_orders b set deleted_at = now(), title = 'Deleted bulk order'
        where b.id = bulk and b.deleted_at is null and b.workspace_id in (select app_workspaces_as('member'))
            and not exists (select from campaigns c
                where c.workspace_id = b.workspace_id and c.bulk_id = b.id and c.deleted_at is null)
        returning b.workspace_id into home;
    delete from api_replies r where r.workspace_id = home and strpos(r.body, bulk::text) > 0;
    return home is not null;
end $$;

-- A campaign that waits for its turn in a bulk order is not in line, and nobody is late with it.
create or replace function app_place_in_line(job uuid) returns bigint
language sql stable security definer set search_path = pg_catalog, public as $$
    select count(*) + 1 from discovery_jobs other, discovery_jobs mine
    where mine.id = job and mine.workspace_id in (select app_workspaces()) and mine.wake_at < 'infinity'
        and other.status = 'pending' and other.wake_at < 'infinity' and other.wake_first_at < mine.wake_first_at
    having exists (select from discovery_jobs j where j.id = job and j.wake_at < 'infinity')
$$;

drop function outbox_claim_mail(integer, integer);
create function outbox_claim_mail(hold_s integer, most_hours integer) returns table (
    workspace_id uuid, id uuid, campaign_id uuid, attempt integer, tries integer, claimed_at timestamptz, recipient text,
    mail_when text, title text, status text, outcome_reason text, notice text, suspicion text, businesses_found bigint,
    lead_count bigint, emails_found bigint, emails_verified bigint, avg_confidence numeric, avg_reach numeric,
    budget_micros bigint, spent_micros bigint, uncertain_micros bigint, simulated boolean, bulk_id uuid, campaigns bigint
) language sql security definer set search_path = pg_catalog, public as $$
        with taken as (
            update outbox o set tries = o.tries + 1, due_at = now() + make_interval(secs => hold_s)
            where (o.workspace_id, o.id) = (
                select d.workspace_id, d.id from outbox d
                where d.kind = 'campaign_ended' and d.sent_at is null and d.dropped_at is null and d.due_at <= now()
                    and d.created_at > now() - make_interval(hours => most_hours)
                order by d.created_at limit 1 for update skip locked)
            returning o.workspace_id, o.id, o.job_id, o.attempt, o.tries
        )
        select t.workspace_id, t.id, c.id, t.attempt, t.tries, now(),
            -- Nobody is written to about a campaign that goes on or is deleted, or whose owner may not sign in; nor about
            -- a bulk order that does.
            case when j.attempt = t.attempt and c.ended_at is not null and c.deleted_at is null
                and u.disabled_at is null and (b.id is null or b.ended_at is not null) then u.email end,
            u.mail_when, coalesce(b.title, c.title),
            case when b.id is null then c.status else bulk_status(s.open, s.total, s.completed, s.failed, s.cancelled,
                s.total, false, b.stopped_at is not null) end,
            case when b.id is null then c.outcome_reason end, case when b.id is null then c.notice end,
            case when b.id is null then c.suspicion end,
            coalesce(s.businesses, c.businesses_found), coalesce(s.leads, c.lead_count),
            coalesce(s.emails_found, c.emails_found), coalesce(s.emails_verified, c.emails_verified),
            case when b.id is null then c.avg_confidence end, case when b.id is null then c.avg_reach end,
            coalesce(k.cap_micros, c.budget_micros), coalesce(s.spent_micros, c.spent_micros),
            coalesce(s.uncertain_micros, c.uncertain_micros), coalesce(s.simulated, c.simulated), b.id,
            coalesce(s.total, 1)
        from taken t
        join discovery_jobs j on j.workspace_id = t.workspace_id and j.id = t.job_id
        join campaigns c on c.workspace_id = j.workspace_id and c.id = j.campaign_id
        join users u on u.id = c.created_by
        left join bulk_orders b on b.workspace_id = c.workspace_id and b.id = c.bulk_id
        left join bulk_caps k on k.workspace_id = b.workspace_id and k.bulk_id = b.id
        left join lateral bulk_sums(b.workspace_id, b.id) s on true
    $$;
create or replace function metrics_now() returns table (name text, subject text, part text, value double precision)
language sql stable security definer set search_path = pg_catalog, public as $$
    select m.name, m.subject, m.part, sum(m.value) from measures m where m.step = 'day' group by 1, 2, 3
    union all
    select 'now_waiting', '', '', count(*) from discovery_jobs j
        where j.status = 'pending' and j.wake_at < 'infinity'
    union all
    select 'now_waiting_longest_s', '', '', coalesce(extract(epoch from now() - min(j.wake_first_at)), 0)
        from discovery_jobs j where j.status = 'pending' and j.started_at is null and j.wake_at < 'infinity'
    union all
    select 'now_workers', '', '', count(*) from workers w where w.seen_at > now() - interval '20 seconds'
    union all
    select 'now_busy', '', '', count(distinct j.lease_owner) from discovery_jobs j
        where j.status = 'processing' and j.lease_until > now()
    union all
    select 'now_alerts', a.rule, a.severity, count(*) from alerts a where a.resolved_at is null group by 2, 3
    union all
    select 'now_credit', c.provider, '', c.left_over from provider_credit c
    union all
    select 'now_credit_whole', c.provider, '', coalesce(c.whole, c.most) from provider_credit c
    union all
    (select 'now_disk_used_percent', '', '', m.most from measures m
        where m.step = 'minute' and m.at > now() - interval '10 minutes' and m.name = 'disk_used_percent'
        order by m.at desc limit 1)
$$;

revoke all on function outbox_claim_mail(integer, integer), app_delete_bulk_order(uuid),
    app_raise_cap(uuid, bigint, text, bigint) from public;
grant execute on function outbox_claim_mail(integer, integer) to pp_system;
grant execute on function app_delete_bulk_order(uuid), app_raise_cap(uuid, bigint, text, bigint) to pp_web;
reset role;
revoke create on schema public from pp_auth;

create trigger bulk_counts_new after insert on provider_calls for each row
    when (spend_counts(new.state, new.price_micros, new.cost_micros) > 0) execute function bulk_count();
create trigger bulk_counts_change after update on provider_calls for each row
    when (spend_counts(new.state, new.price_micros, new.cost_micros)
        <> spend_counts(old.state, old.price_micros, old.cost_micros)) execute function bulk_count();
create trigger bulk_admits after insert on bulk_caps for each row when (new.cap_micros > 0) execute function bulk_admit();
create trigger bulk_goes_on after update on campaigns for each row
    when (new.bulk_id is not null and old.ended_at is not null and new.ended_at is null) execute function bulk_goes_on();
create trigger bulk_forgets after update of spec on campaigns for each row
    when (new.bulk_id is not null and new.deleted_at is null and new.spec - 'budget_usd' <> old.spec - 'budget_usd')
    execute function bulk_forgets();
create trigger bulk_notes after insert or update of paused_at, stopped_at, deleted_at on bulk_orders for each row
    execute function bulk_note();
set local role pp_auth;
revoke all on function bulk_count(), bulk_admit(), bulk_goes_on(), bulk_forgets(), bulk_note() from public;
reset role;
