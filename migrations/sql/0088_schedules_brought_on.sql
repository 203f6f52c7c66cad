-- A key with a money limit makes no schedules, as their orders would not count towards it; nor does it bring on those
-- there are. Pausing one stays open to it: that spends nothing.

grant create on schema public to pp_auth;
set local role pp_auth;

create function schedule_brought_on() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if exists (select from api_keys k where k.key_hash = app_proof() and k.limit_micros is not null) then
        raise exception using errcode = 'PPSCH', message = 'no key with a money limit brings schedules on';
    end if;
    return new;
end $$;

reset role;
revoke create on schema public from pp_auth;

create trigger schedule_brought_on before update of next_at on schedules for each row
    when (new.next_at is not null and new.spec is not null) execute function schedule_brought_on();
set local role pp_auth;
revoke all on function schedule_brought_on() from public;
reset role;
