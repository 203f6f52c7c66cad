grant create on schema public to pp_auth;
set local role pp_auth;

-- What programs were answered, and quotes, for the day they are kept: gone with whom they name. A request made again with the
-- same key is then carried out as a new one.
create function subject_erase_replies(workspace uuid, who jsonb) returns integer
language plpgsql security definer set search_path = pg_catalog, public as $$
declare part integer; gone integer;
begin
    if not exists (select from subject_scope(workspace)) then
        raise insufficient_privilege using message = 'only who answers for the workspace erases';
    end if;
    delete from api_replies r where r.workspace_id in (select subject_scope(workspace)) and r.body ~* (who ->> 'order');
    get diagnostics gone = row_count;
    delete from quotes q where q.workspace_id in (select subject_scope(workspace))
        and concat_ws(' ', q.spec, q.plan) ~* (who ->> 'order');
    get diagnostics part = row_count;
    return gone + part;
end $$;

-- A campaign that is deleted is in no answer that would be given again.
create function campaign_loses_replies() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    delete from api_replies r where r.workspace_id = new.workspace_id and strpos(r.body, new.id::text) > 0;
    return null;
end $$;

revoke all on function subject_erase_replies(uuid, jsonb) from public;
grant execute on function subject_erase_replies(uuid, jsonb) to pp_web;
reset role;
revoke create on schema public from pp_auth;
create trigger campaign_loses_replies after update on campaigns for each row
    when (old.deleted_at is null and new.deleted_at is not null) execute function campaign_loses_replies();
set local role pp_auth;
revoke all on function campaign_loses_replies() from public;
reset role;
