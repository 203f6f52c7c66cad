-- A mail that was let go, as the wallet was filled again before it left, stands in the way of no other: a call takes its
-- price and gives some of it back, so that a balance may be low for a moment and later for good.

grant create on schema public to pp_auth;
set local role pp_auth;

create or replace function billing_wallet_low() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if not exists (select from billing_mails m where m.workspace_id = new.workspace_id and m.kind = 'wallet_low'
        and m.at > now() - interval '1 day' and (m.due_at is not null or (m.tries > 0 and m.error is null)))
    then
        perform billing_promise(new.workspace_id, 'wallet_low');
    end if;
    return null;
end $$;

reset role;
revoke create on schema public from pp_auth;
