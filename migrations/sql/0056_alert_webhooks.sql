grant create on schema public to pp_auth;
set local role pp_auth;

-- What an alert says is the installation's: it goes where an administrator, who is one still, wanted it.
create function webhook_alert() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare what text := case when new.resolved_at is null then 'alert.raised' else 'alert.resolved' end;
begin
    insert into webhook_deliveries (workspace_id, id, webhook_id, event, data)
    select w.workspace_id, gen_random_uuid(), w.id, what, jsonb_build_object('alert_id', new.id, 'rule', new.rule,
        'subject', new.subject, 'severity', new.severity, 'title', new.title, 'why', new.why, 'raised_at', new.raised_at)
    from webhooks w join users u on u.id = w.created_by
    where what = any (w.events) and w.paused_at is null and u.is_admin and u.disabled_at is null;
    return null;
end $$;

reset role;
revoke create on schema public from pp_auth;
create trigger webhook_alert_raised after insert on alerts for each row execute function webhook_alert();
create trigger webhook_alert_resolved after update of resolved_at on alerts for each row
    when (old.resolved_at is null and new.resolved_at is not null) execute function webhook_alert();
set local role pp_auth;
revoke all on function webhook_alert() from public;
reset role;
