-- What leaves a workspace as a file is noted by the table itself, whichever way it was done. Old notes are removed, and
-- old invitations with them.

create index audit_log_actor on audit_log (actor_id, id);
grant delete on audit_log, invitations to pp_auth;

grant create on schema public to pp_auth;
set local role pp_auth;

create function audit_export() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    perform auth_note(new.user_id, 'leads_exported', new.workspace_id, new.campaign_id,
        jsonb_build_object('format', new.format, 'leads', new.row_count));
    return null;
end $$;

create function forget_audit(days integer) returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
declare gone bigint;
begin
    delete from audit_log where at < now() - make_interval(days => days);
    get diagnostics gone = row_count;
    delete from invitations where expires_at < now() - make_interval(days => days);
    return gone;
end $$;

reset role;
create trigger noted after insert on exports for each row execute function audit_export();
set local role pp_auth;

revoke all on function audit_export(), forget_audit(integer) from public;
grant execute on function forget_audit(integer) to pp_system;

reset role;
revoke create on schema public from pp_auth;
