-- What a plan may know of answers that are held for everybody: those whose very question it names, and never who asked.
create function held_answers(wanted_provider text, wanted_operation text, hashes bytea[])
    returns table (argument_hash bytea, response jsonb) language sql stable security definer
    set search_path = pg_catalog, public
    as $$
        select c.argument_hash, c.response from provider_cache c
        where c.provider = wanted_provider and c.operation = wanted_operation
            and c.argument_hash = any(hashes) and c.expires_at > now()
    $$;
grant create on schema public to pp_auth;
revoke execute on function held_answers(text, text, bytea[]) from public;
grant execute on function held_answers(text, text, bytea[]) to pp_web;
alter function held_answers(text, text, bytea[]) owner to pp_auth;
revoke create on schema public from pp_auth;

-- What was learnt of a company before, with an address or without one.
create index leads_of_domain on leads (workspace_id, domain, updated_at desc) where domain is not null;
