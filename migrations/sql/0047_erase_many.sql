-- Many companies are erased as one is, looking once through what is held for all of them.

grant create on schema public to pp_auth;
set local role pp_auth;

-- ``names`` are the companies, by name, with the places of each; code of before asks for one by ``name`` and ``place``.
create or replace function subject_businesses(workspace uuid, who jsonb)
returns table (workspace_id uuid, business_id uuid, campaign_id uuid, match_key text, is_whole boolean)
language sql stable security definer set search_path = pg_catalog, public as $$
    with asked as materialized (
        select coalesce(who -> 'names', jsonb_build_object(
            coalesce(who ->> 'name', ''), jsonb_build_array(who ->> 'place'))) as names)
    select f.workspace_id, f.id, f.campaign_id, f.match_key, f.is_whole from (
        select b.workspace_id, b.id, b.campaign_id, b.match_key, coalesce(case who ->> 'kind'
                when 'domain' then coalesce(l.domain, b.domain) = who ->> 'value'
                    or coalesce(l.domain, b.domain) like '%.' || (who ->> 'value')
                when 'phone' then who ->> 'value' in (l.phone, b.phone)
                when 'company' then case
                    when a.names ?| array[squeezed(coalesce(l.name, b.name)), squeezed(b.name)] then (
                        coalesce(a.names -> squeezed(coalesce(l.name, b.name)), '[]')
                        || coalesce(a.names -> squeezed(b.name), '[]')
                    ) ?| array[
                        squeezed(b.city), squeezed(b.postcode), squeezed(coalesce(b.postcode, '') || coalesce(b.city, '')),
                        squeezed(l.city), squeezed(l.postcode), squeezed(coalesce(l.postcode, '') || coalesce(l.city, ''))]
                    end
                else false end, false) as is_whole,
            who ->> 'kind' <> 'company'
                and (b::text ~* (who ->> 'pattern') or coalesce(l::text ~* (who ->> 'pattern'), false)) as is_named
        from businesses b
        cross join asked a
        left join leads l on l.workspace_id = b.workspace_id and l.business_id = b.id
        where b.workspace_id in (select subject_scope(workspace))
    ) f where f.is_whole or f.is_named
$$;

-- What keeps companies away that were erased with another one, as that is by subject_erase.
create function subject_keep_away(workspace uuid, hashes bytea[], hints text[]) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
declare item bytea;
begin
    if workspace not in (select app_workspaces_as('admin')) then
        raise insufficient_privilege using message = 'only who answers for the workspace erases';
    end if;
    delete from suppressions where workspace_id = workspace and value_hash = any(hashes);
    insert into suppressions (workspace_id, value_hash, kind, reason, source, hint, added_by)
        select workspace, h.hash, 'company', 'Asked to be erased', 'erasure', h.hint, app_user_id()
        from unnest(hashes, hints) as h (hash, hint);
    foreach item in array hashes loop
        perform auth_note(app_user_id(), 'erased', workspace, null,
            jsonb_build_object('hash', encode(item, 'hex'), 'kind', 'company'));
    end loop;
end $$;

revoke all on function subject_keep_away(uuid, bytea[], text[]) from public;
grant execute on function subject_keep_away(uuid, bytea[], text[]) to pp_web;
reset role;
revoke create on schema public from pp_auth;
