-- A file of a schedule that was not sent is sent once more, while it is still there, by who may change the schedule.

grant create on schema public to pp_auth;
set local role pp_auth;

create function schedule_file_waits(workspace uuid, run uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (
        select from schedule_runs r
        join schedules s on s.workspace_id = r.workspace_id and s.id = r.schedule_id
        join export_files f on f.workspace_id = r.workspace_id and f.id = r.id and f.state = 'ready' and f.ends_at > now()
        where r.workspace_id = workspace and r.id = run and r.outcome = 'failed'
            and workspace in (select app_workspaces_as('member'))
            and (s.created_by = app_user_id() or workspace in (select app_workspaces_as('admin')))
    )
$$;

create function schedule_send_again(workspace uuid, run uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    -- The outcome is asked here as well: of two at once, the second one finds it changed.
    update schedule_runs r set outcome = 'making', said = '', tries = 0, try_at = now()
    where r.workspace_id = workspace and r.id = run and r.outcome = 'failed' and schedule_file_waits(workspace, run);
    return found;
end $$;

revoke all on function schedule_file_waits(uuid, uuid), schedule_send_again(uuid, uuid) from public;
grant execute on function schedule_file_waits(uuid, uuid), schedule_send_again(uuid, uuid) to pp_web;
reset role;
revoke create on schema public from pp_auth;
