-- A note about a company may name people of the workspace, who are told of it; its author changes and deletes it.

alter table activities add column edited_at timestamptz, add column deleted_at timestamptz;
comment on table activities is
    'What people did about a company, newest last; rows are added or go with it, and notes are changed by their author.';
alter table users add column mail_mentions boolean not null default true;
grant select (mail_mentions), update (mail_mentions) on users to pp_web;

create table mentions (
    workspace_id uuid not null,
    activity_id bigint not null,
    user_id uuid not null,
    author_id uuid not null,
    at timestamptz not null default now(),
    read_at timestamptz,
    mail_due_at timestamptz default now() + interval '5 minutes',
    mail_id uuid,
    mail_tries integer not null default 0,
    mail_error text,
    primary key (workspace_id, activity_id, user_id),
    foreign key (workspace_id, activity_id) references activities (workspace_id, id) on delete cascade,
    foreign key (workspace_id, user_id) references memberships (workspace_id, user_id) on delete cascade
);
comment on table mentions is 'Who is named in which note; goes with the note, and when they leave the workspace.';
comment on column mentions.mail_due_at is 'When a mail may say so; more that come until then are said in the same one.';
comment on column mentions.mail_id is 'The mail that says so, the same however often it is tried.';
create index mentions_of on mentions (workspace_id, user_id, activity_id desc);
create index mentions_unread on mentions (workspace_id, user_id, activity_id desc) where read_at is null;
create index mentions_mail_due on mentions (mail_due_at) where mail_due_at is not null;
create index mentions_mail on mentions (mail_id) where mail_id is not null;

alter table mentions enable row level security;
alter table mentions force row level security;
create policy auth_all on mentions to pp_auth using (true) with check (true);
grant select, update on mentions to pp_auth;
create policy everywhere on mentions for select to pp_system using (true);
grant select (mail_due_at) on mentions to pp_system;
create policy sees on mentions for select to pp_web using (workspace_id in (select app_workspaces())
    and (select app_user_id()) in (user_id, author_id));
create policy names on mentions for insert to pp_web with check (author_id = (select app_user_id())
    and workspace_id in (select app_workspaces_as('member'))
    and exists (select from activities a where a.workspace_id = mentions.workspace_id and a.id = mentions.activity_id
        and a.kind = 'note' and a.user_id = (select app_user_id())));
create policy unnames on mentions for delete to pp_web using (author_id = (select app_user_id())
    and workspace_id in (select app_workspaces_as('member')));
create policy reads on mentions for update to pp_web using (user_id = (select app_user_id())
    and workspace_id in (select app_workspaces())) with check (user_id = (select app_user_id()));
grant select, delete on mentions to pp_web;
grant insert (workspace_id, activity_id, user_id, author_id), update (read_at) on mentions to pp_web;

create policy rewrites on activities for update to pp_web using (kind = 'note' and deleted_at is null
    and user_id = (select app_user_id()) and workspace_id in (select app_workspaces_as('member')))
    with check (kind = 'note' and user_id = (select app_user_id()) and workspace_id in (select app_workspaces_as('member')));
grant update (detail, deleted_at) on activities to pp_web;

grant create on schema public to pp_auth;
set local role pp_auth;

-- A note that was changed says so, and one that was deleted says nothing else.
create function note_rewritten() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if new.deleted_at is not null then
        new.deleted_at := now();
        new.detail := '{"text": ""}';
        new.edited_at := null;
    elsif new.detail is distinct from old.detail then
        new.edited_at := now();
    end if;
    return new;
end $$;

-- All that one person was named in and has not read is one mail. Who is gone, is a guest, may not sign in, wants none or
-- could not be told within a day gets none.
create function mention_claim_mail(hold_s integer)
returns table (id uuid, recipient text, workspace_name text, tries integer, claimed_at timestamptz, named_by jsonb)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare home uuid; who uuid; mail uuid;
begin
    update mentions m set mail_due_at = null where m.mail_due_at <= now() and (m.read_at is not null
        or m.at < now() - interval '1 day' or not exists (select from users u where u.id = m.user_id
            and u.mail_mentions and u.disabled_at is null and u.deleted_at is null and u.guest_until is null));
    -- The membership stands for all mentions of the person: two that send never share one out between them.
    select d.workspace_id, d.user_id, d.mail_id into home, who, mail
        from mentions d join memberships p on p.workspace_id = d.workspace_id and p.user_id = d.user_id
        where d.mail_due_at <= now() order by d.mail_due_at limit 1 for no key update of p skip locked;
    if home is null then
        return;
    end if;
    if mail is not null and not exists (select from mentions m where m.mail_id = mail and m.mail_due_at <= now()) then
        return; -- Another process has taken it in this moment.
    elsif mail is null then
        mail := gen_random_uuid();
        update mentions m set mail_id = mail
            where m.workspace_id = home and m.user_id = who and m.mail_id is null and m.mail_due_at is not null;
    end if;
    update mentions m set mail_tries = m.mail_tries + 1, mail_due_at = now() + make_interval(secs => hold_s)
        where m.mail_id = mail and m.mail_due_at is not null;
    return query
        select mail, u.email, w.name, max(m.mail_tries), now(), jsonb_agg(jsonb_build_object('author', b.email,
            'company_id', a.company_id, 'company', l.name) order by a.id)
        from mentions m
        join activities a on a.workspace_id = m.workspace_id and a.id = m.activity_id
        join leads l on l.workspace_id = a.workspace_id and l.company_id = a.company_id and l.is_current
        join users u on u.id = m.user_id
        left join users b on b.id = m.author_id
        join workspaces w on w.id = m.workspace_id
        where m.mail_id = mail and m.mail_due_at is not null
        group by u.email, w.name;
end $$;

create function mention_mail_done(mail uuid, problem text, again boolean) returns void
language sql security definer set search_path = pg_catalog, public as $$
    update mentions set mail_error = problem, mail_due_at = case when again
            then now() + make_interval(secs => least(30 * 2 ^ least(mail_tries - 1, 20), 3600)) end
    where mail_id = mail and mail_due_at is not null
$$;

reset role;
revoke create on schema public from pp_auth;
create trigger note_rewritten before update on activities for each row execute function note_rewritten();
set local role pp_auth;
revoke all on function note_rewritten(), mention_claim_mail(integer), mention_mail_done(uuid, text, boolean) from public;
grant execute on function mention_claim_mail(integer), mention_mail_done(uuid, text, boolean) to pp_system;
reset role;
