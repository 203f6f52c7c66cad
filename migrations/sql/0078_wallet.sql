-- Wallets: what a workspace has paid in for the calls of paid providers, and what became of it.

create table wallets (
    workspace_id uuid primary key references workspaces on delete cascade,
    balance_micros bigint not null default 0 check (balance_micros >= 0),
    owed_micros bigint not null default 0 check (owed_micros >= 0),
    check (balance_micros = 0 or owed_micros = 0)
);
comment on column wallets.owed_micros is 'What refunds and disputes took that was spent already: nothing is spent until it is paid in.';

create table wallet_entries (
    workspace_id uuid not null references wallets on delete cascade,
    id bigint generated always as identity,
    kind text not null check (kind in ('top_up', 'refund', 'dispute', 'spend')),
    micros bigint not null check (micros <> 0),
    charge_id text check (length(charge_id) <= 255),
    campaign_id uuid,
    call_id uuid,
    is_test boolean not null default false,
    at timestamp with time zone not null default now(),
    primary key (workspace_id, id),
    check ((kind = 'spend') = (call_id is not null)),
    check ((kind = 'spend') = (charge_id is null))
);
comment on table wallet_entries is 'Never changed: their sum is the balance, less what is owed.';
create index wallet_entries_call on wallet_entries (workspace_id, call_id) where call_id is not null;
create index wallet_entries_newest on wallet_entries (workspace_id, at desc);
create index wallet_entries_charge on wallet_entries (charge_id) where charge_id is not null;

alter table wallets enable row level security;
alter table wallets force row level security;
alter table wallet_entries enable row level security;
alter table wallet_entries force row level security;
create policy member on wallets for select to pp_web using (workspace_id in (select app_workspaces()));
create policy member on wallet_entries for select to pp_web using (workspace_id in (select app_workspaces()));
create policy auth_all on wallets to pp_auth using (true) with check (true);
create policy auth_all on wallet_entries to pp_auth using (true) with check (true);
grant select on wallets, wallet_entries to pp_web;
grant select, insert, update on wallets to pp_auth;
grant select, insert on wallet_entries to pp_auth;

grant create on schema public to pp_auth;
set local role pp_auth;

create function wallets_are_on() returns boolean
language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (select from installation i where i.name = 'wallet' and i.value = convert_to('on', 'UTF8'))
$$;

create function wallet_refuse(room bigint, owed bigint) returns void
language plpgsql set search_path = pg_catalog, public as $$
begin
    raise exception using errcode = 'PPWAL', message = 'the wallet has too little',
        detail = jsonb_build_object('left', greatest(0, room), 'owed', coalesce(owed, 0));
end $$;

-- What a workspace's open campaigns may still spend, beside calls on their way, which the balance lacks already.
create function wallet_promised(workspace uuid) returns bigint
language sql security definer set search_path = pg_catalog, public as $$
    select spend_promised(jsonb_populate_record(null::spend_limits, jsonb_build_object('workspace_id', workspace)))
$$;

-- Money in or out, with its entry. What is spent is there before; what Stripe takes back may be gone, and is owed then.
create function wallet_move(
    workspace uuid, why text, change bigint, charge text, campaign uuid, call uuid, of_test boolean
) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
declare one wallets;
begin
    if change = 0 then return; end if;
    if change > 0 or why <> 'spend' then
        insert into wallets (workspace_id) values (workspace) on conflict do nothing;
    end if;
    select w.* into one from wallets w where w.workspace_id = workspace for no key update;
    if why = 'spend' and coalesce(one.balance_micros, 0) + change < 0 then
        perform wallet_refuse(one.balance_micros, one.owed_micros);
    end if;
    update wallets w set balance_micros = greatest(0, w.balance_micros - w.owed_micros + change),
            owed_micros = greatest(0, w.owed_micros - w.balance_micros - change)
        where w.workspace_id = workspace;
    insert into wallet_entries (workspace_id, kind, micros, charge_id, campaign_id, call_id, is_test)
        values (workspace, why, change, charge, campaign, call, of_test);
end $$;

-- A call takes its price before it is sent, and gives back what it did not cost. What began before wallets were kept, or
-- ends after, is settled by what the wallet paid for it.
create function wallet_count() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare paid bigint;
begin
    select -sum(e.micros) into paid from wallet_entries e
        where e.workspace_id = new.workspace_id and e.call_id = new.id;
    if paid is null and (new.state <> 'intent' or not wallets_are_on()) then return null; end if;
    perform spend_sees_all();
    perform wallet_move(new.workspace_id, 'spend',
        coalesce(paid, 0) - spend_counts(new.state, new.price_micros, new.cost_micros), null, new.campaign_id, new.id, false);
    return null;
end $$;

-- A campaign begins or goes on when all it may still spend is in the wallet, beside what is promised to others.
create function wallet_admit() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare one wallets; room bigint;
begin
    if not wallets_are_on() or (tg_op = 'INSERT' and new.bulk_id is not null) then return null; end if;
    perform spend_sees_all();
    select w.* into one from wallets w where w.workspace_id = new.workspace_id for no key update;
    room := coalesce(one.balance_micros, 0) - wallet_promised(new.workspace_id);
    if room < 0 then perform wallet_refuse(room + new.budget_micros - new.spent_micros, one.owed_micros); end if;
    return null;
end $$;

-- The campaigns of a bulk order count with its cap.
create function wallet_admit_bulk() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare one wallets; room bigint;
begin
    if not wallets_are_on() then return null; end if;
    perform spend_sees_all();
    select w.* into one from wallets w where w.workspace_id = new.workspace_id for no key update;
    room := coalesce(one.balance_micros, 0) - wallet_promised(new.workspace_id);
    if room < new.cap_micros then perform wallet_refuse(room, one.owed_micros); end if;
    return null;
end $$;

-- How the wallet of a workspace stands, for who is in it; nothing where there are none.
create function app_wallet(of_workspace uuid)
returns table (balance_micros bigint, owed_micros bigint, promised_micros bigint, is_used boolean)
language sql security definer set search_path = pg_catalog, public as $$
    select coalesce(w.balance_micros, 0), coalesce(w.owed_micros, 0), wallet_promised(of_workspace),
        w.workspace_id is not null
    from (select 1) one left join wallets w on w.workspace_id = of_workspace
    where wallets_are_on() and of_workspace in (select app_workspaces())
$$;

-- What Stripe says of the payments into a wallet: each comes to what was paid, given back and disputed, however often it is
-- said. Asked in a turn, as standings are.
create function billing_payments_keep(workspace uuid, of_turn bigint, said jsonb) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare item record;
begin
    perform from billing_accounts a where a.workspace_id = workspace and a.turn = of_turn for update;
    if not found then return false; end if;
    for item in
        select p ->> 'charge_id' as charge, (p ->> 'is_test')::boolean as is_test, k.kind, (p ->> k.kind)::bigint * k.sign - coalesce((
            select sum(e.micros)::bigint from wallet_entries e
            where e.workspace_id = workspace and e.charge_id = p ->> 'charge_id' and e.kind = k.kind), 0) as change
        from jsonb_array_elements(said) p, (values (1, 'top_up', 1), (2, 'refund', -1), (3, 'dispute', -1)) k (place, kind, sign)
        order by p ->> 'charge_id', k.place
    loop
        perform wallet_move(workspace, item.kind, item.change, item.charge, null, null, item.is_test);
    end loop;
    return true;
end $$;

-- What was paid in with a key for testing is no money once the key is another one.
create function wallets_end_test() returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
declare item record;
begin
    for item in
        select e.workspace_id, e.charge_id, e.kind, sum(e.micros)::bigint as micros from wallet_entries e
        where e.is_test group by e.workspace_id, e.charge_id, e.kind having sum(e.micros) <> 0
    loop
        perform wallet_move(item.workspace_id, item.kind, -item.micros, item.charge_id, null, null, true);
    end loop;
end $$;

-- The application has verified who sent it. What is about a payment alone, as disputes are, is about who paid it.
create function billing_event_keep(
    key text, event text, event_kind text, made timestamp with time zone, customer text, charge text
) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    perform auth_check_voucher(key);
    insert into billing_events (id, kind, customer_id, made_at) values (event, event_kind, customer, made)
        on conflict (id) do nothing;
    if not found then return false; end if;
    update billing_accounts a set due_at = now() where a.customer_id = customer
        or a.workspace_id in (select e.workspace_id from wallet_entries e where e.charge_id = charge);
    update billing_partings p set due_at = now() where p.customer_id = customer;
    return true;
end $$;

revoke all on function wallets_are_on(), wallet_refuse(bigint, bigint), wallet_promised(uuid),
    wallet_move(uuid, text, bigint, text, uuid, uuid, boolean), wallets_end_test(), app_wallet(uuid), billing_payments_keep(uuid, bigint, jsonb),
    billing_event_keep(text, text, text, timestamp with time zone, text, text) from public;
grant execute on function app_wallet(uuid),
    billing_event_keep(text, text, text, timestamp with time zone, text, text) to pp_web;
grant execute on function billing_payments_keep(uuid, bigint, jsonb) to pp_system;
reset role;
revoke create on schema public from pp_auth;

create trigger wallet_admits_new after insert on campaigns for each row
    when (new.ended_at is null and new.budget_micros > new.spent_micros) execute function wallet_admit();
create trigger wallet_admits_again after update on campaigns for each row
    when (new.ended_at is null and new.budget_micros > new.spent_micros
        and (old.ended_at is not null or new.budget_micros > old.budget_micros)) execute function wallet_admit();
create trigger wallet_admits_bulk after insert on bulk_caps for each row when (new.cap_micros > 0)
    execute function wallet_admit_bulk();
create trigger wallet_counts_new after insert on provider_calls for each row
    when (spend_counts(new.state, new.price_micros, new.cost_micros) > 0) execute function wallet_count();
create trigger wallet_counts_change after update on provider_calls for each row
    when (spend_counts(new.state, new.price_micros, new.cost_micros) <> spend_counts(old.state, old.price_micros, old.cost_micros))
    execute function wallet_count();
set local role pp_auth;
revoke all on function wallet_count(), wallet_admit(), wallet_admit_bulk() from public;
reset role;
