-- Fields of a business that no rule speaks of: their names are those of pipeline/fields.py, their values text.
alter table businesses add column details jsonb not null default '{}';
alter table leads add column details jsonb not null default '{}';

-- What sources with a time limit said of them is removed when that time is over, before the date itself is cleared.
create function forget_details(sources text[], said text) returns bigint
    language plpgsql security definer set search_path = pg_catalog, public
    as $$
    declare changed bigint;
    begin
        update businesses b set details = '{}'
            from leads l
            where l.workspace_id = b.workspace_id and l.business_id = b.id and l.retain_until <= current_date
            and b.details <> '{}' and b.origins -> 0 ->> 'source' = any(sources);
        update leads l set details = l.details - gone.names, provenance = l.provenance - gone.names,
                empty_reasons = l.empty_reasons || gone.reasons
            from (
                select o.workspace_id, o.id, array_agg(d.name) as names, jsonb_object_agg(d.name, said) as reasons
                from leads o, jsonb_object_keys(o.details) as d (name)
                where o.retain_until <= current_date and o.provenance -> d.name ->> 'source' = any(sources)
                group by o.workspace_id, o.id
            ) as gone
            where l.workspace_id = gone.workspace_id and l.id = gone.id;
        get diagnostics changed = row_count;
        return changed;
    end $$;
revoke execute on function forget_details(text[], text) from public;
grant execute on function forget_details(text[], text) to pp_system;
grant create on schema public to pp_auth;
alter function forget_details(text[], text) owner to pp_auth;
revoke create on schema public from pp_auth;
