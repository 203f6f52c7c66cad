-- Invitations to a workspace: for one address and one role, good once and for a week. Of the link only a hash is kept.

create table invitations (
    workspace_id uuid not null references workspaces (id) on delete cascade,
    id uuid not null,
    email text not null check (length(email) between 3 and 254),
    role text not null check (role in ('admin', 'member', 'viewer')),
    token_hash bytea not null unique,
    invited_by uuid not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null default now() + interval '7 days',
    accepted_at timestamptz,
    revoked_at timestamptz,
    mail_due_at timestamptz,
    mail_tries integer not null default 0,
    mailed_at timestamptz,
    mail_error text,
    primary key (workspace_id, id)
);
comment on column invitations.mail_due_at is 'When to write to the address; null when nobody asked for that, or it is done.';
create index invitations_mail_due on invitations (mail_due_at) where mail_due_at is not null;
create index invitations_made on invitations (invited_by, created_at);
alter table invitations enable row level security;
alter table invitations force row level security;
create policy auth_all on invitations to pp_auth using (true) with check (true);
grant select, insert, update on invitations to pp_auth;
create policy manager on invitations for select to pp_web using (workspace_id in (select app_workspaces_as('admin')));
grant select (workspace_id, id, email, role, invited_by, created_at, expires_at, accepted_at, revoked_at, mail_due_at,
        mailed_at, mail_error) on invitations to pp_web;
create policy everywhere on invitations for select to pp_system using (true);
grant select (mail_due_at) on invitations to pp_system;

grant create on schema public to pp_auth;
set local role pp_auth;

-- Whoever may not invite any more has left no open door behind.
create function invitations_close() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if tg_op = 'DELETE' or role_rank(new.role) < role_rank('admin') then
        update invitations set revoked_at = now(), mail_due_at = null
        where workspace_id = old.workspace_id and invited_by = old.user_id and accepted_at is null and revoked_at is null;
    end if;
    return null;
end $$;

-- At most 20 an hour for a workspace and 50 a day for a person. Another one for the same address takes the place of an
-- open one.
create function team_invite(
    workspace uuid, new_id uuid, wanted text, new_role text, proof bytea, by_mail boolean
) returns text language plpgsql security definer set search_path = pg_catalog, public as $$
declare me uuid := app_user_id();
begin
    if coalesce(team_rank(workspace) < role_rank('admin'), true)
        or coalesce(new_role not in ('viewer', 'member', 'admin'), true) then return 'refused'; end if;
    if exists (select from memberships m join users u on u.id = m.user_id
        where m.workspace_id = workspace and lower(u.email) = lower(wanted)) then return 'member'; end if;
    if (select count(*) >= 20 from invitations
            where workspace_id = workspace and created_at > now() - interval '1 hour')
        or (select count(*) >= 50 from invitations
            where invited_by = me and created_at > now() - interval '1 day') then return 'too_many'; end if;
    update invitations set revoked_at = now(), mail_due_at = null where workspace_id = workspace
        and lower(email) = lower(wanted) and accepted_at is null and revoked_at is null;
    insert into invitations (workspace_id, id, email, role, token_hash, invited_by, mail_due_at)
        values (workspace, new_id, wanted, new_role, sha256(proof), me, case when by_mail then now() end);
    perform auth_note(me, 'invitation_made', workspace, new_id,
        jsonb_build_object('email', wanted, 'role', new_role, 'by_mail', by_mail));
    return 'done';
end $$;

create function team_uninvite(workspace uuid, invitation uuid) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare said_to text;
begin
    if coalesce(team_rank(workspace) < role_rank('admin'), true) then return 'refused'; end if;
    update invitations set revoked_at = now(), mail_due_at = null where workspace_id = workspace and id = invitation
        and accepted_at is null and revoked_at is null returning email into said_to;
    if said_to is null then return 'closed'; end if;
    perform auth_note(app_user_id(), 'invitation_revoked', workspace, invitation, jsonb_build_object('email', said_to));
    return 'done';
end $$;

-- What a link opens, for whoever has it; no row for one that is used, revoked, too old or made up. Of the address only
-- enough to know it again.
create function invitation_of(proof bytea) returns table (workspace_name text, role text, hint text, expires_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public as $$
    select w.name, i.role, left(i.email, 1) || '…@' || substring(i.email from '[^@]*$'), i.expires_at
    from invitations i join workspaces w on w.id = i.workspace_id
    where i.token_hash = sha256(proof) and i.accepted_at is null and i.revoked_at is null and i.expires_at > now()
$$;

-- Puts somebody into the workspace of an open invitation for their address; says what came of it.
create function invitation_take(proof bytea, account uuid) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare i invitations%rowtype;
begin
    select * into i from invitations where token_hash = sha256(proof) and accepted_at is null and revoked_at is null
        and expires_at > now() for update;
    if not found then return 'closed'; end if;
    if not exists (select from users where id = account and lower(email) = lower(i.email)) then return 'another'; end if;
    insert into memberships (workspace_id, user_id, role) values (i.workspace_id, account, i.role) on conflict do nothing;
    if not found then return 'member'; end if;
    update invitations set accepted_at = now(), mail_due_at = null where workspace_id = i.workspace_id and id = i.id;
    perform auth_note(account, 'invitation_accepted', i.workspace_id, i.id,
        jsonb_build_object('email', i.email, 'role', i.role));
    return 'done';
end $$;

-- For somebody signed in. A key is for one workspace and joins no other.
create function invitation_accept(proof bytea) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare me uuid; came_to text;
begin
    select a.user_id into me from app_asker() a where a.only_workspace is null;
    if me is null then return 'refused'; end if;
    came_to := invitation_take(proof, me);
    if came_to in ('done', 'member') then
        update sessions set workspace_id = (select i.workspace_id from invitations i where i.token_hash = sha256(proof))
            where token_hash = app_proof();
    end if;
    return came_to;
end $$;

-- For somebody without an account, who gets one with a workspace of its own.
create function invitation_accept_new(proof bytea, new_id uuid, new_workspace uuid, new_email text, new_hash text)
returns text language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if not exists (select from invitations i where i.token_hash = sha256(proof) and lower(i.email) = lower(new_email)
        and i.accepted_at is null and i.revoked_at is null and i.expires_at > now()) then return 'another'; end if;
    if not auth_make_user(new_id, new_workspace, new_email, new_hash, false) then return 'known'; end if;
    perform auth_note(new_id, 'account_created', new_workspace, new_id, '{"administrator": false, "by_invitation": true}');
    return invitation_take(proof, new_id);
end $$;

-- The oldest mail that is due: nobody else takes it for so many seconds. Given up after a day.
create function invitation_claim_mail(hold_s integer) returns table (
    id uuid, recipient text, workspace_name text, role text, inviter text, claimed_at timestamptz, expires_at timestamptz
) language sql security definer set search_path = pg_catalog, public as $$
    with taken as (
        update invitations i set mail_tries = i.mail_tries + 1, mail_due_at = now() + make_interval(secs => hold_s)
        where (i.workspace_id, i.id) = (
            select d.workspace_id, d.id from invitations d where d.mail_due_at <= now()
            order by d.mail_due_at limit 1 for update skip locked)
        returning i.*)
    select t.id, t.email, w.name, t.role, u.email, now(), t.expires_at
    from taken t join workspaces w on w.id = t.workspace_id join users u on u.id = t.invited_by
$$;

-- What came of a mail: null that it was sent, else why not, and whether it is worth another try.
create function invitation_mail_done(invitation uuid, problem text, again boolean) returns void
language sql security definer set search_path = pg_catalog, public as $$
    update invitations set mail_error = problem, mailed_at = case when problem is null then now() end,
        mail_due_at = case when again and created_at > now() - interval '1 day'
            then now() + make_interval(secs => least(30 * 2 ^ least(mail_tries - 1, 20), 3600)) end
    where id = invitation and mailed_at is null
$$;

reset role;
create trigger close_invitations after update of role or delete on memberships
    for each row execute function invitations_close();
set local role pp_auth;

revoke all on function invitations_close(), team_invite(uuid, uuid, text, text, bytea, boolean),
    team_uninvite(uuid, uuid), invitation_of(bytea), invitation_take(bytea, uuid), invitation_accept(bytea),
    invitation_accept_new(bytea, uuid, uuid, text, text), invitation_claim_mail(integer),
    invitation_mail_done(uuid, text, boolean) from public;
grant execute on function team_invite(uuid, uuid, text, text, bytea, boolean), team_uninvite(uuid, uuid),
    invitation_of(bytea), invitation_accept(bytea), invitation_accept_new(bytea, uuid, uuid, text, text) to pp_web;
grant execute on function invitation_claim_mail(integer), invitation_mail_done(uuid, text, boolean) to pp_system;

reset role;
revoke create on schema public from pp_auth;
