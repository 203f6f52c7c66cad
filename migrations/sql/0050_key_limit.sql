alter table api_keys add column limit_micros bigint check (limit_micros >= 0);
comment on column api_keys.limit_micros is 'The most that all it orders may cost together; null: as much as its owner may.';
grant select (limit_micros) on api_keys to pp_web;
alter table campaigns add column key_id uuid;
comment on column campaigns.key_id is 'The key it was ordered with; kept by a trigger.';
create index campaigns_of_key on campaigns (workspace_id, key_id) where key_id is not null;

grant create on schema public to pp_auth;
set local role pp_auth;

-- What a key has ordered: what its campaigns that ended cost, and all that the others may still cost.
create function key_ordered(of_workspace uuid, of_key uuid) returns bigint
language sql stable security definer set search_path = pg_catalog, public as $$
    select coalesce(sum(case when c.ended_at is null then c.budget_micros else c.spent_micros end), 0)::bigint
    from campaigns c where c.workspace_id = of_workspace and c.key_id = of_key
$$;

create function key_orders() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    new.key_id := (select k.id from api_keys k where k.key_hash = app_proof());
    return new;
end $$;

-- Orders of one key sent at the same time see one another, as each locks the key first. A key with a limit lets money into
-- no campaign that was not ordered with it.
create function key_admits() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare asking api_keys; room bigint;
begin
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

create function app_create_key(new_id uuid, key_name text, wanted_scope text, days integer, proof bytea, most_micros bigint)
returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if not app_create_key(new_id, key_name, wanted_scope, days, proof) then return false; end if;
    update api_keys set limit_micros = most_micros where id = new_id and key_hash = sha256(proof);
    return true;
end $$;

revoke all on function key_ordered(uuid, uuid), app_create_key(uuid, text, text, integer, bytea, bigint) from public;
grant execute on function app_create_key(uuid, text, text, integer, bytea, bigint) to pp_web;
reset role;
revoke create on schema public from pp_auth;
create trigger key_orders before insert on campaigns for each row execute function key_orders();
create trigger key_admits_new after insert on campaigns for each row
    when (new.ended_at is null and new.budget_micros > new.spent_micros) execute function key_admits();
create trigger key_admits_again after update of budget_micros, ended_at on campaigns for each row
    when (new.ended_at is null and new.budget_micros > new.spent_micros
        and (old.ended_at is not null or new.budget_micros > old.budget_micros)) execute function key_admits();
set local role pp_auth;
revoke all on function key_orders(), key_admits() from public;
reset role;
