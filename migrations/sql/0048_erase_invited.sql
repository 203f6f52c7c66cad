grant update (detail) on audit_log to pp_auth;

grant create on schema public to pp_auth;
set local role pp_auth;

-- Invitations whose address is the subject's, or of its domain. Who has an account is not among them: an account goes by
-- deleting it, and the audit log keeps whom one let in for as long as they can come in.
create function subject_invitations(workspace uuid, who jsonb)
returns table (workspace_id uuid, id uuid, email text, role text, invited_by uuid, created_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public as $$
    select i.workspace_id, i.id, i.email, i.role, i.invited_by, i.created_at from invitations i
    where i.workspace_id in (select subject_scope(workspace)) and who ->> 'kind' in ('email', 'domain')
        and i.email ~* (who ->> 'pattern')
        and not exists (select from users u where lower(u.email) = lower(i.email))
$$;

-- Acts that name them; those that belong to no workspace are the installation's.
create function subject_acts(workspace uuid, who jsonb) returns setof bigint
language sql stable security definer set search_path = pg_catalog, public as $$
    select a.id from audit_log a
    where (a.workspace_id in (select subject_scope(workspace)) or workspace is null and a.workspace_id is null)
        and exists (select from subject_scope(workspace)) and who ->> 'kind' in ('email', 'domain')
        and a.detail ->> 'email' ~* (who ->> 'pattern')
        and not exists (select from users u where lower(u.email) = lower(a.detail ->> 'email'))
$$;

-- An invitation that waits cannot be taken any more, as it is gone; the act stays, without the address.
create function subject_erase_invited(workspace uuid, who jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public as $$
declare gone integer; blotted integer;
begin
    if not exists (select from subject_scope(workspace)) then
        raise insufficient_privilege using message = 'only who answers for the workspace erases';
    end if;
    update audit_log set detail = detail - 'email' || '{"erased": true}' where id in (select subject_acts(workspace, who));
    get diagnostics blotted = row_count;
    delete from invitations i using subject_invitations(workspace, who) s
        where s.workspace_id = i.workspace_id and s.id = i.id;
    get diagnostics gone = row_count;
    return jsonb_build_object('invitations', gone, 'acts', blotted);
end $$;

revoke all on function subject_invitations(uuid, jsonb), subject_acts(uuid, jsonb), subject_erase_invited(uuid, jsonb)
    from public;
grant execute on function subject_invitations(uuid, jsonb), subject_erase_invited(uuid, jsonb) to pp_web;
reset role;
revoke create on schema public from pp_auth;
