-- Loading places from the page: what was asked for, how far it is and what came of it, with the files until they are read;
-- what the catalogue holds; and the places people miss.

alter table place_imports
    add column added integer not null default 0,
    add column updated integer not null default 0,
    add column changed integer not null default 0,
    add column closed integer not null default 0,
    add column hidden integer not null default 0,
    add column apart integer not null default 0,
    add column removed_at timestamp with time zone;
comment on column place_imports.added is 'Since the file was begun, as are updated, changed, closed, hidden and apart: whoever goes on adds to them.';
comment on column place_imports.removed_at is 'When its places were taken out of the catalogue; null: they are there.';

create table place_holdings (
    name text not null,
    source text not null,
    country text not null default '',
    places integer not null,
    hidden integer not null,
    oldest date,
    newest date,
    primary key (name, source, country)
);
comment on table place_holdings is 'What the catalogue holds of each import, by country; worked out at the end of each.';
-- Before row-level security, which is forced upon the owner, too.
insert into place_holdings (name, source, country, places, hidden, oldest, newest)
select i.name, p.source, coalesce(p.country, i.country, ''), count(*) filter (where p.gone_at is null),
    count(*) filter (where p.gone_at is not null), min(p.observed_on) filter (where p.gone_at is null),
    max(p.observed_on) filter (where p.gone_at is null)
from places p
join place_imports i on i.id = p.import_id
group by 1, 2, 3;

alter table place_holdings enable row level security;
alter table place_holdings force row level security;
create policy everywhere on place_holdings to pp_importer using (true) with check (true);
create policy administrator on place_holdings for select to pp_admin using ((select app_is_admin()));
grant select, insert, update, delete on place_holdings to pp_importer;
grant select on place_holdings to pp_admin;

create table place_loads (
    id uuid primary key,
    kind text not null check (kind in ('city', 'osm', 'places', 'overture', 'foursquare', 'alltheplaces', 'remove')),
    name text not null check (length(name) between 1 and 100),
    place text,
    file_name text,
    country text,
    observed_on date,
    is_complete boolean not null default false,
    state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'stopped')),
    asked_by uuid references users (id) on delete set null,
    asked_at timestamp with time zone not null default now(),
    worked_at timestamp with time zone,
    tries integer not null default 0,
    turn bigint not null default 0,
    ended_at timestamp with time zone,
    stage text not null default '',
    done bigint not null default 0,
    total bigint not null default 0,
    counts jsonb not null default '{}',
    said text not null default ''
);
comment on column place_loads.worked_at is 'When the process at it was last heard of.';
comment on column place_loads.tries is 'How many processes have taken it up since it was asked for.';
comment on column place_loads.turn is 'One higher whenever a process takes it up; the last one alone may go on.';
comment on column place_loads.done is 'Of total, in what the stage counts.';
create unique index place_loads_under_way on place_loads (name) where state in ('waiting', 'running');
create index place_loads_newest on place_loads (asked_at desc);

create table place_load_parts (
    load_id uuid not null references place_loads (id) on delete cascade,
    part text not null,
    data bytea not null,
    observed_on date,
    primary key (load_id, part)
);
comment on column place_load_parts.part is 'Which part of the area; empty for an uploaded file.';

create table place_wishes (
    place text not null check (length(place) between 1 and 200),
    user_id uuid not null references users (id) on delete cascade,
    asked_at timestamp with time zone not null default now(),
    primary key (place, user_id)
);
comment on table place_wishes is 'Places people ordered campaigns for in vain, and asked administrators to load.';

alter table place_loads enable row level security;
alter table place_loads force row level security;
create policy everywhere on place_loads to pp_system using (true) with check (true);
create policy administrator on place_loads for select to pp_admin using ((select app_is_admin()));
create policy auth_all on place_loads to pp_auth using (true) with check (true);
grant select, insert, update, delete on place_loads to pp_system;
grant select on place_loads to pp_admin;
grant select, insert, update on place_loads to pp_auth;

alter table place_load_parts enable row level security;
alter table place_load_parts force row level security;
create policy everywhere on place_load_parts to pp_system using (true) with check (true);
create policy auth_all on place_load_parts to pp_auth using (true) with check (true);
create policy administrator on place_load_parts for select to pp_admin using ((select app_is_admin()));
grant select, insert, update, delete on place_load_parts to pp_system;
grant select (load_id) on place_load_parts to pp_admin;
grant select, insert on place_load_parts to pp_auth;

alter table place_wishes enable row level security;
alter table place_wishes force row level security;
create policy administrator on place_wishes for select to pp_admin using ((select app_is_admin()));
create policy everywhere on place_wishes to pp_system using (true) with check (true);
create policy auth_all on place_wishes to pp_auth using (true) with check (true);
grant select on place_wishes to pp_admin;
grant select, delete on place_wishes to pp_system;
grant select, insert, delete on place_wishes to pp_auth;

grant create on schema public to pp_auth;
set local role pp_auth;

-- An administrator has places loaded, or those of an import removed; a worker does it. False: one of the name is under way.
create function place_load_ask(load uuid, what text, called text, typed text, file text, land text, seen_on date, whole boolean,
    content bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if not app_is_admin() then
        raise insufficient_privilege using message = 'only administrators load places';
    end if;
    insert into place_loads (id, kind, name, place, file_name, country, observed_on, is_complete, asked_by)
        values (load, what, called, typed, file, land, seen_on, whole, app_user_id())
        on conflict do nothing;
    if not found then return false; end if;
    if content is not null then
        insert into place_load_parts (load_id, part, data) values (load, '', content);
    end if;
    if what = 'remove' then
        perform auth_note(app_user_id(), 'places_removed', null, load, jsonb_build_object('name', called));
    else
        perform auth_note(app_user_id(), 'places_loaded', null, load,
            jsonb_build_object('name', called, 'kind', what, 'file', file));
    end if;
    return true;
end $$;

-- Stop one that waits or runs; what is stored stays. False when there is none.
create function place_load_stop(load uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if not app_is_admin() then
        raise insufficient_privilege using message = 'only administrators load places';
    end if;
    update place_loads set state = 'stopped', ended_at = now(), said = '' where id = load and state in ('waiting', 'running');
    if not found then return false; end if;
    perform auth_note(app_user_id(), 'places_stopped', null, load,
        (select jsonb_build_object('name', l.name) from place_loads l where l.id = load));
    return true;
end $$;

-- Go on with one that failed or was stopped, where it stands. False when there is none, or its file is gone, or another one of
-- the name is under way.
create function place_load_again(load uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if not app_is_admin() then
        raise insufficient_privilege using message = 'only administrators load places';
    end if;
    update place_loads l set state = 'waiting', tries = 0, worked_at = null, ended_at = null, said = ''
        where l.id = load and l.state in ('failed', 'stopped')
            and (l.kind in ('city', 'remove') or exists (select from place_load_parts p where p.load_id = l.id));
    if not found then return false; end if;
    perform auth_note(app_user_id(), 'places_loaded', null, load,
        (select jsonb_build_object('name', l.name, 'kind', l.kind, 'file', l.file_name) from place_loads l where l.id = load));
    return true;
exception when unique_violation then
    return false;
end $$;

-- Somebody misses a place; administrators see it. Not more than five hundred wishes are kept, and ten of one person.
create function place_wish(typed text) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare me uuid := app_user_id();
begin
    if me is null then
        raise insufficient_privilege using message = 'nobody asks';
    end if;
    insert into place_wishes (place, user_id)
        select typed, me where (select count(*) < 500 and count(*) filter (where user_id = me) < 10 from place_wishes)
        on conflict do nothing;
    return exists (select from place_wishes where place = typed and user_id = me);
end $$;

create function place_wish_settle(typed text) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if not app_is_admin() then
        raise insufficient_privilege using message = 'only administrators load places';
    end if;
    delete from place_wishes where place = typed;
end $$;

revoke all on function place_load_ask(uuid, text, text, text, text, text, date, boolean, bytea), place_load_stop(uuid),
    place_load_again(uuid), place_wish(text), place_wish_settle(text) from public;
grant execute on function place_load_ask(uuid, text, text, text, text, text, date, boolean, bytea), place_load_stop(uuid),
    place_load_again(uuid), place_wish_settle(text) to pp_admin;
grant execute on function place_wish(text) to pp_web;
reset role;
revoke create on schema public from pp_auth;
