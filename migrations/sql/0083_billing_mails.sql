-- Mails about money to owner and admins of a workspace, and wallets whose balance does not follow from their entries.

create table billing_mails (
    workspace_id uuid not null,
    id uuid not null default gen_random_uuid(),
    user_id uuid not null,
    kind text not null check (kind in ('payment_failed', 'wallet_low')),
    at timestamp with time zone not null default now(),
    due_at timestamp with time zone default now(),
    tries integer not null default 0,
    error text,
    primary key (workspace_id, id),
    foreign key (workspace_id, user_id) references memberships (workspace_id, user_id) on delete cascade
);
comment on table billing_mails is 'Promised where the payment fails, or the wallet falls below its mark; each is one mail, however often it is tried.';
comment on column billing_mails.due_at is 'When it is sent, or tried again; empty once it was sent or let go.';
create index billing_mails_due on billing_mails (due_at) where due_at is not null;
create index billing_mails_of on billing_mails (workspace_id, user_id);

alter table wallets add column differs_since timestamp with time zone;
comment on column wallets.differs_since is 'Since when the balance was seen not to follow from the entries; empty while it does.';

alter table billing_mails enable row level security;
alter table billing_mails force row level security;
create policy auth_all on billing_mails to pp_auth using (true) with check (true);
grant select, insert, update, delete on billing_mails to pp_auth;
create policy everywhere on wallets for select to pp_system using (true);
create policy administrator on wallets for select to pp_admin using ((select app_is_admin()));
grant select (differs_since) on wallets to pp_system, pp_admin;

grant create on schema public to pp_auth;
set local role pp_auth;

-- One mail to each who may see to it.
create function billing_promise(workspace uuid, what text) returns void
language sql security definer set search_path = pg_catalog, public as $$
    insert into billing_mails (workspace_id, user_id, kind)
    select m.workspace_id, m.user_id, what
    from memberships m join users u on u.id = m.user_id
    where m.workspace_id = workspace and role_rank(m.role) >= role_rank('admin')
        and u.disabled_at is null and u.deleted_at is null and u.guest_until is null
$$;

create function billing_payment_failed() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    perform billing_promise(new.workspace_id, 'payment_failed');
    return null;
end $$;

-- A call takes its price and gives back what it did not cost, so that a balance may cross the mark many times an hour.
create function billing_wallet_low() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if not exists (select from billing_mails m where m.workspace_id = new.workspace_id and m.kind = 'wallet_low'
        and m.at > now() - interval '1 day')
    then
        perform billing_promise(new.workspace_id, 'wallet_low');
    end if;
    return null;
end $$;

create function billing_mails_due() returns boolean
language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (select from billing_mails where due_at <= now())
$$;

-- The oldest one that is due and is still true, for somebody who may still see to it; tried for a day. Nobody else takes
-- it for so many seconds.
create function billing_mail_claim(hold_s integer) returns table (workspace_id uuid, id uuid, kind text, recipient text,
    workspace_name text, grace_until timestamp with time zone, balance_micros bigint, claimed_at timestamp with time zone)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare taken billing_mails;
begin
    update billing_mails b set due_at = null where b.due_at <= now() and (b.at < now() - interval '1 day'
        or not exists (select from memberships m join users u on u.id = m.user_id
            where m.workspace_id = b.workspace_id and m.user_id = b.user_id and role_rank(m.role) >= role_rank('admin')
                and u.disabled_at is null and u.deleted_at is null)
        or case b.kind
            when 'payment_failed' then plan_figures(b.workspace_id) is null or not exists (select from billing_accounts a
                where a.workspace_id = b.workspace_id and a.status = 'past_due')
            else not wallets_are_on() or not exists (select from wallets w
                where w.workspace_id = b.workspace_id and w.balance_micros < 5000000) end);
    update billing_mails b set tries = b.tries + 1, due_at = now() + make_interval(secs => hold_s)
        where (b.workspace_id, b.id) = (select d.workspace_id, d.id from billing_mails d where d.due_at <= now()
            order by d.due_at limit 1 for update skip locked)
        returning b.* into taken;
    if taken.id is null then return; end if;
    return query
        select taken.workspace_id, taken.id, taken.kind, u.email, w.name, a.grace_until, coalesce(l.balance_micros, 0), now()
        from workspaces w
        join users u on u.id = taken.user_id
        left join billing_accounts a on a.workspace_id = w.id
        left join wallets l on l.workspace_id = w.id
        where w.id = taken.workspace_id;
end $$;

create function billing_mail_done(workspace uuid, mail uuid, problem text, again boolean) returns void
language sql security definer set search_path = pg_catalog, public as $$
    update billing_mails b set error = problem, due_at = case when again
            then now() + make_interval(secs => least(30 * 2 ^ least(b.tries - 1, 20), 3600)) end
    where b.workspace_id = workspace and b.id = mail and b.due_at is not null
$$;

-- Marks the wallets whose balance, less what is owed, is not the sum of their entries, and lets go of old mails; which
-- wallets they are. Both are read by one statement, which sees no movement by half.
create function billing_wallets_check() returns table (workspace_id uuid)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare wrong uuid[];
begin
    delete from billing_mails b where b.at < now() - interval '90 days';
    select coalesce(array_agg(w.workspace_id), '{}') into wrong from wallets w
        where w.balance_micros - w.owed_micros <> coalesce((select sum(e.micros) from wallet_entries e
            where e.workspace_id = w.workspace_id), 0);
    update wallets w set differs_since = case when w.workspace_id = any (wrong) then now() end
        where (w.differs_since is not null) <> (w.workspace_id = any (wrong));
    return query select unnest(wrong);
end $$;

revoke all on function billing_promise(uuid, text), billing_mails_due(), billing_mail_claim(integer),
    billing_mail_done(uuid, uuid, text, boolean), billing_wallets_check() from public;
grant execute on function billing_mails_due(), billing_mail_claim(integer), billing_mail_done(uuid, uuid, text, boolean),
    billing_wallets_check() to pp_system;
reset role;
revoke create on schema public from pp_auth;

create trigger billing_payment_failed after update of status on billing_accounts for each row
    when (new.status = 'past_due' and old.status <> 'past_due') execute function billing_payment_failed();
create trigger billing_wallet_low after update of balance_micros on wallets for each row
    when (new.balance_micros < 5000000 and old.balance_micros >= 5000000) execute function billing_wallet_low();
set local role pp_auth;
revoke all on function billing_payment_failed(), billing_wallet_low() from public;
reset role;
