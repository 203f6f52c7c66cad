-- Fields of a business that no rule speaks of: their names are those of pipeline/fields.py, their values text.
alter table businesses add column details jsonb not null default '{}';
alter table leads add column details jsonb not null default '{}';

-- What a source allows to keep for some days only is removed from leads whose time is over and from their businesses,
-- whatever the source; ids stay in origins. `limits` holds of each such source its days and the sentence that is said
-- instead of a value; `fields` names the columns that are fields. Returns how many leads were looked at, 1,000 at most.
create function forget_values(limits jsonb, fields text[]) returns bigint
    language plpgsql security definer set search_path = pg_catalog, public
    as $$
    declare item text; due uuid[]; emptied text;
    begin
        due := array(select id from leads where retain_until <= current_date order by retain_until, id limit 1000);
        foreach item in array fields loop
            execute format(
                'update leads set %1$I = null, provenance = provenance - %1$L,'
                ' empty_reasons = empty_reasons || jsonb_build_object(%1$L, $1 -> (provenance -> %1$L ->> ''source'') -> ''said'')'
                ' where id = any($2) and $1 ? (provenance -> %1$L ->> ''source'')', item) using limits, due;
        end loop;
        update leads l set details = l.details - gone.names, provenance = l.provenance - gone.names,
                empty_reasons = l.empty_reasons || gone.reasons
            from (
                select o.workspace_id, o.id, array_agg(d.name) as names,
                    jsonb_object_agg(d.name, limits -> (o.provenance -> d.name ->> 'source') -> 'said') as reasons
                from leads o, jsonb_object_keys(o.details) as d (name)
                where o.id = any(due) and limits ? (o.provenance -> d.name ->> 'source')
                group by o.workspace_id, o.id
            ) as gone
            where l.workspace_id = gone.workspace_id and l.id = gone.id;
        update leads set name = 'Name removed', provenance = provenance - 'name'
            where id = any(due) and limits ? (provenance -> 'name' ->> 'source');
        update leads set lat = null, lon = null where id = any(due) and limits ? (origins -> 0 ->> 'source');
        select string_agg(format('%I = null', name), ', ') into emptied from unnest(fields) as name;
        execute format(
            'update businesses b set name = ''Name removed'', lat = null, lon = null, details = ''{}'', %s'
            ' from leads l where l.id = any($2) and b.workspace_id = l.workspace_id and b.id = l.business_id'
            ' and $1 ? (b.origins -> 0 ->> ''source'')', emptied) using limits, due;
        update leads set retain_until = null where id = any(due);
        delete from businesses b
            where not exists (select from leads l where l.workspace_id = b.workspace_id and l.business_id = b.id)
            and exists (
                select from jsonb_array_elements(b.origins) as o (origin)
                where limits ? (o.origin ->> 'source')
                and b.created_at < now() - make_interval(days => (limits -> (o.origin ->> 'source') ->> 'days')::int));
        return cardinality(due);
    end $$;
revoke execute on function forget_values(jsonb, text[]) from public;
grant execute on function forget_values(jsonb, text[]) to pp_system;
grant create on schema public to pp_auth;
alter function forget_values(jsonb, text[]) owner to pp_auth;
revoke create on schema public from pp_auth;
