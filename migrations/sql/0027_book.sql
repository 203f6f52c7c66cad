-- The lead book: what a team knows of a company stays when campaigns come and go. A company is found again by its keys; its
-- newest lead is what the book shows; what people did about it hangs on the company.

create table companies (
    workspace_id uuid not null references workspaces (id) on delete cascade,
    id uuid not null,
    status text not null default 'new' check (status in ('new', 'contacted', 'interested', 'won', 'lost')),
    owner_id uuid,
    follow_up_on date,
    tags text[] not null default '{}' check (cardinality(tags) <= 20 and array_position(tags, null) is null),
    first_seen_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    primary key (workspace_id, id),
    foreign key (workspace_id, owner_id) references memberships (workspace_id, user_id) on delete set null (owner_id)
);
create index companies_of_owner on companies (workspace_id, owner_id) where owner_id is not null;

create table company_keys (
    workspace_id uuid not null,
    key_hash bytea not null,
    company_id uuid not null,
    primary key (workspace_id, key_hash),
    foreign key (workspace_id, company_id) references companies (workspace_id, id) on delete cascade
);
comment on column company_keys.key_hash is 'Of a source record, or of a name with a phone number or an address (pipeline/company_keys.py).';
create index company_keys_company on company_keys (workspace_id, company_id);

create table activities (
    workspace_id uuid not null,
    id bigint generated always as identity,
    company_id uuid not null,
    at timestamptz not null default now(),
    user_id uuid,
    kind text not null check (kind in ('note', 'status', 'owner', 'follow_up', 'tags')),
    detail jsonb not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, company_id) references companies (workspace_id, id) on delete cascade
);
comment on table activities is 'What people did about a company, newest last; rows are only ever added, or go with it.';
create index activities_of_company on activities (workspace_id, company_id, id);

-- Beside the values of a lead, so that any filter and sort reads one table: whether it is the newest of its company, and
-- copies of what the team says of the company.
alter table leads
    add column company_id uuid,
    add column is_current boolean not null default false,
    add column team_status text,
    add column owner_id uuid,
    add column follow_up_on date,
    add column tags text[] not null default '{}',
    add column first_seen_at timestamptz,
    add column words tsvector;
comment on column leads.words is 'Of the newest lead alone: its words, each behind the beginning of the id of its workspace.';

-- Letter case and accents aside.
create function book_plain(words text) returns text
language sql immutable set search_path = pg_catalog, public as $$
    select lower(regexp_replace(normalize(coalesce(words, ''), nfkd), '[\u0300-\u036f]', '', 'g'))
$$;

-- Words behind the beginning of a workspace's id, so that one index serves every workspace without mixing them.
create function book_words(workspace uuid, words text) returns tsvector
language sql immutable set search_path = pg_catalog, public as $$
    select to_tsvector('simple', coalesce(string_agg(left(workspace::text, 8) || word, ' '), ''))
    from regexp_split_to_table(book_plain(words), '[^[:alnum:]]+') as word where word <> ''
$$;

-- The key of a source record, as pipeline/company_keys.py makes it.
create function book_record_key(source text, ref text) returns bytea
language sql immutable set search_path = pg_catalog, public as $$
    select substring(sha256(convert_to(concat_ws(E'\x1f', 'record', source, ref), 'UTF8')) for 16)
$$;

-- The policies of leads let the owner of the table see none of them while it is forced to obey them.
alter table leads no force row level security;
-- Leads of earlier campaigns: those that share their first source record are one company, the newest shows it.
create temporary table book_found on commit drop as
    select f.*, row_number() over (partition by workspace_id, company_id order by updated_at desc, lead_id desc) = 1 as is_newest,
        min(created_at) over (partition by workspace_id, company_id) as first_seen_at
    from (select e.*, first_value(lead_id) over (
            partition by workspace_id, source, ref, again order by created_at, lead_id) as company_id
        from (select l.workspace_id, l.id as lead_id, l.created_at, l.updated_at, l.origins -> 0 ->> 'source' as source,
                l.origins -> 0 ->> 'ref' as ref, row_number() over (partition by l.workspace_id, l.campaign_id,
                    l.origins -> 0 ->> 'source', l.origins -> 0 ->> 'ref' order by l.id) as again
            from leads l) as e) as f;
insert into companies (workspace_id, id, first_seen_at, last_seen_at)
    select workspace_id, company_id, min(created_at), max(updated_at) from book_found group by 1, 2;
update leads l set company_id = f.company_id, first_seen_at = f.first_seen_at, is_current = f.is_newest,
        team_status = case when f.is_newest then 'new' end,
        words = case when f.is_newest then book_words(l.workspace_id, concat_ws(' ', l.name, l.address, l.city,
            l.postcode, l.phone, l.domain, l.website, l.email, l.chain)) end
    from book_found f where f.workspace_id = l.workspace_id and f.lead_id = l.id;
insert into company_keys (workspace_id, key_hash, company_id)
    select distinct on (l.workspace_id, k.hash) l.workspace_id, k.hash, l.company_id
    from leads l, jsonb_array_elements(l.origins) as o,
        lateral (select book_record_key(o ->> 'source', o ->> 'ref') as hash) as k
    order by l.workspace_id, k.hash, l.updated_at desc;
alter table leads force row level security;
alter table leads alter column company_id set not null,
    add foreign key (workspace_id, company_id) references companies (workspace_id, id) on delete cascade,
    add constraint leads_once_a_campaign unique (workspace_id, campaign_id, company_id);
create unique index leads_current on leads (workspace_id, company_id) where is_current;
create index leads_of_company on leads (workspace_id, company_id, updated_at desc);
create index leads_book_best on leads
    (workspace_id, (confidence + coalesce(reach, confidence)) desc, id desc) where is_current;
create index leads_book_new on leads (workspace_id, first_seen_at desc, id desc) where is_current;
create index leads_book_due on leads (workspace_id, follow_up_on, id) where is_current and follow_up_on is not null;
create index leads_book_owner on leads (workspace_id, owner_id, id) where is_current and owner_id is not null;
create index leads_book_worked on leads (workspace_id, team_status, id) where is_current and team_status <> 'new';
create index leads_book_tags on leads using gin (tags) where is_current and tags <> '{}';
create index leads_book_words on leads using gin (words) where is_current;
create index leads_book_category on leads (workspace_id, category) where is_current;
create index leads_book_city on leads (workspace_id, lower(city)) where is_current;

do $$
declare name text;
begin
    foreach name in array array['companies', 'company_keys', 'activities'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy auth_all on %I to pp_auth using (true) with check (true)', name);
        execute format('grant select, insert, update, delete on %I to pp_auth', name);
    end loop;
    foreach name in array array['companies', 'activities'] loop
        execute format('create policy member on %I for select to pp_web using (workspace_id in (select app_workspaces()))',
            name);
        execute format('grant select on %I to pp_web', name);
    end loop;
    foreach name in array array['companies', 'company_keys'] loop
        execute format('create policy held on %I to pp_worker using (workspace_id = (select app_job_workspace()))'
            ' with check (workspace_id = (select app_job_workspace()))', name);
        execute format('grant select, insert on %I to pp_worker', name);
    end loop;
end $$;
grant update (last_seen_at) on companies to pp_worker;
create policy works on companies for update to pp_web using (workspace_id in (select app_workspaces_as('member')))
    with check (workspace_id in (select app_workspaces_as('member')));
grant update (status, owner_id, follow_up_on, tags) on companies to pp_web;
create policy adds on activities for insert to pp_web with check (kind = 'note'
    and workspace_id in (select app_workspaces_as('member')) and user_id = (select app_user_id()));
grant insert (workspace_id, company_id, user_id, kind, detail) on activities to pp_web;
grant select (workspace_id, user_id, role) on memberships to pp_auth;

grant create on schema public to pp_auth;
set local role pp_auth;

-- The newest lead of a company carries its words and what the team says of it.
create function book_carries() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if not new.is_current then
        new.words := null;
        return new;
    end if;
    new.words := book_words(new.workspace_id, concat_ws(' ', new.name, new.address, new.city, new.postcode, new.phone,
        new.domain, new.website, new.email, new.chain));
    select c.status, c.owner_id, c.follow_up_on, c.tags, c.first_seen_at
        into new.team_status, new.owner_id, new.follow_up_on, new.tags, new.first_seen_at
        from companies c where c.workspace_id = new.workspace_id and c.id = new.company_id;
    return new;
end $$;

-- What the team changes shows in the book, and is noted.
create function book_notes() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare me uuid := app_user_id(); what record;
begin
    update leads set team_status = new.status, owner_id = new.owner_id, follow_up_on = new.follow_up_on, tags = new.tags
        where workspace_id = new.workspace_id and company_id = new.id and is_current;
    for what in
        select k.kind, k.was, k.now from (values
            ('status', to_jsonb(old.status), to_jsonb(new.status)), ('owner', to_jsonb(old.owner_id), to_jsonb(new.owner_id)),
            ('follow_up', to_jsonb(old.follow_up_on), to_jsonb(new.follow_up_on)), ('tags', to_jsonb(old.tags), to_jsonb(new.tags))
        ) as k (kind, was, now) where k.was is distinct from k.now
    loop
        insert into activities (workspace_id, company_id, user_id, kind, detail)
            values (new.workspace_id, new.id, me, what.kind, jsonb_build_object('from', what.was, 'to', what.now));
    end loop;
    return null;
end $$;

-- When the newest lead of a company goes, an older one takes its place; a company without leads goes with the last.
create function book_loses() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    update leads l set is_current = true from (
        select distinct on (o.workspace_id, o.company_id) o.workspace_id, o.id
        from leads o where (o.workspace_id, o.company_id) in (
            select g.workspace_id, g.company_id from gone g where g.is_current)
        order by o.workspace_id, o.company_id, o.updated_at desc, o.id desc) as next
    where l.workspace_id = next.workspace_id and l.id = next.id;
    delete from companies c where (c.workspace_id, c.id) in (select g.workspace_id, g.company_id from gone g)
        and not exists (select from leads l where l.workspace_id = c.workspace_id and l.company_id = c.id);
    return null;
end $$;

reset role;
revoke create on schema public from pp_auth;
create trigger book_carries before insert or update on leads for each row execute function book_carries();
create trigger book_notes after update on companies for each row
    when (old.status is distinct from new.status or old.owner_id is distinct from new.owner_id
        or old.follow_up_on is distinct from new.follow_up_on or old.tags is distinct from new.tags)
    execute function book_notes();
create trigger book_loses after delete on leads referencing old table as gone
    for each statement execute function book_loses();
revoke all on function book_plain(text), book_words(uuid, text), book_record_key(text, text) from public;
grant execute on function book_plain(text), book_words(uuid, text) to pp_auth, pp_web;
set local role pp_auth;
revoke all on function book_carries(), book_notes(), book_loses() from public;
reset role;
