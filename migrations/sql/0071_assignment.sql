-- Whom a company is given to when it enters the book: who has its place, else whose turn it is.

create table assigned_places (
    workspace_id uuid not null references workspaces on delete cascade,
    id uuid not null,
    part text not null check (part in ('postcode', 'city', 'country')),
    place text not null check (length(place) between 1 and 100),
    user_id uuid not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, user_id) references memberships (workspace_id, user_id) on delete cascade
);
comment on column assigned_places.place is 'A city or a country as leads have it, or how a postcode begins.';
create unique index assigned_places_once on assigned_places (workspace_id, part, lower(place));
create index assigned_places_user on assigned_places (workspace_id, user_id);

create table assigned_turns (
    workspace_id uuid not null references workspaces on delete cascade,
    user_id uuid not null,
    turn bigint not null default 0 check (turn >= 0),
    primary key (workspace_id, user_id),
    foreign key (workspace_id, user_id) references memberships (workspace_id, user_id) on delete cascade
);
comment on column assigned_turns.turn is 'When they were given one last: who has the lowest is given the next.';

do $$
declare name text;
begin
    foreach name in array array['assigned_places', 'assigned_turns'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy auth_all on %I to pp_auth using (true) with check (true)', name);
        execute format('grant select, update on %I to pp_auth', name);
        execute format('create policy sees on %I for select to pp_web using (workspace_id in (select app_workspaces()))', name);
        execute format('create policy adds on %I for insert to pp_web'
            ' with check (workspace_id in (select app_workspaces_as(''admin'')))', name);
        execute format('create policy removes on %I for delete to pp_web'
            ' using (workspace_id in (select app_workspaces_as(''admin'')))', name);
        execute format('grant select, delete on %I to pp_web', name);
    end loop;
end $$;
grant insert on assigned_places to pp_web;
grant insert (workspace_id, user_id) on assigned_turns to pp_web;

grant create on schema public to pp_auth;
set local role pp_auth;

-- Asked once of a company, in the transaction that brings it into the book, before the book shows it: what a person
-- chooses later stays. Companies of one workspace are brought in by one transaction at a time.
create function assigned_on_arrival() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare whom uuid;
begin
    if not exists (select from assigned_places p where p.workspace_id = new.workspace_id)
        and not exists (select from assigned_turns t where t.workspace_id = new.workspace_id)
        or not exists (select from companies c where c.workspace_id = new.workspace_id and c.id = new.company_id
            and c.first_seen_at = now() and c.owner_id is null) then
        return new;
    end if;
    select p.user_id into whom
        from assigned_places p join memberships m on m.workspace_id = p.workspace_id and m.user_id = p.user_id
        where p.workspace_id = new.workspace_id and m.role <> 'viewer' and case p.part
            when 'postcode' then starts_with(lower(replace(new.postcode, ' ', '')), lower(replace(p.place, ' ', '')))
            when 'city' then lower(new.city) = lower(p.place)
            else lower(new.country) = lower(p.place) end
        order by array_position(array['postcode', 'city', 'country'], p.part), length(p.place) desc limit 1;
    if whom is null then
        update assigned_turns t set turn = (select max(o.turn) + 1 from assigned_turns o where o.workspace_id = t.workspace_id)
            where t.workspace_id = new.workspace_id and t.user_id = (
                select n.user_id from assigned_turns n
                join memberships m on m.workspace_id = n.workspace_id and m.user_id = n.user_id
                where n.workspace_id = new.workspace_id and m.role <> 'viewer' order by n.turn, n.user_id limit 1)
            returning t.user_id into whom;
    end if;
    if whom is not null then
        update companies c set owner_id = whom where c.workspace_id = new.workspace_id and c.id = new.company_id;
    end if;
    return new;
end $$;

create function assignment_noted() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare one jsonb := case when tg_op = 'DELETE' then to_jsonb(old) else to_jsonb(new) end;
begin
    -- Who leaves takes their places along; nobody asked for that one by one.
    if app_user_id() is not null then
        perform auth_note(app_user_id(), 'assignment_changed', (one ->> 'workspace_id')::uuid,
            (one ->> 'user_id')::uuid, '{}');
    end if;
    return null;
end $$;

reset role;
revoke create on schema public from pp_auth;
-- By its name the first of its kind: what the others carry over is there by then.
create trigger assigned_on_arrival before insert on leads for each row when (new.is_current)
    execute function assigned_on_arrival();
create trigger assignment_noted after insert or delete on assigned_places for each row execute function assignment_noted();
create trigger assignment_noted after insert or delete on assigned_turns for each row execute function assignment_noted();
set local role pp_auth;
revoke all on function assigned_on_arrival(), assignment_noted() from public;
reset role;
