-- Lists of companies somebody uploads. A list of customers marks companies, an exclusion list puts them on the suppression
-- list. What stays of a file are keyed hashes, as of the suppression list; the file itself goes once its list is kept.

create table lists (
    workspace_id uuid not null references workspaces (id) on delete cascade,
    id uuid not null,
    name text not null check (length(name) between 1 and 100),
    kind text not null check (kind in ('customers', 'exclusion')),
    state text not null default 'checking' check (state in ('checking', 'checked', 'refused', 'storing', 'kept')),
    reason text not null default '' check (length(reason) <= 200),
    sha256 bytea not null,
    said text not null default '',
    done integer not null default 0,
    rows integer not null default 0,
    bad integer not null default 0,
    repeated integer not null default 0,
    known integer not null default 0,
    companies integer not null default 0,
    entries integer not null default 0,
    created_by uuid not null,
    created_at timestamptz not null default now(),
    worked_at timestamptz,
    kept_at timestamptz,
    removed_at timestamptz,
    primary key (workspace_id, id)
);
comment on column lists.said is 'Why the file was refused.';
comment on column lists.done is 'The number of the last row the work is through with.';
comment on column lists.known is 'Rows that mean a company of the book; companies is how many of these there are.';
comment on column lists.entries is 'Of an exclusion list: how many entries it brings that were not on the suppression list.';
create index lists_newest on lists (workspace_id, created_at desc, id);
create index lists_due on lists (created_at) where state in ('checking', 'storing');

create table list_files (
    workspace_id uuid not null,
    list_id uuid not null,
    data bytea not null,
    columns jsonb not null,
    country text check (country ~ '^[A-Z]{2}$'),
    problems jsonb not null default '[]',
    primary key (workspace_id, list_id),
    foreign key (workspace_id, list_id) references lists (workspace_id, id) on delete cascade
);
comment on table list_files is 'A file until its list is kept, let go, or a day is over.';
alter table list_files alter column data set storage external;

create table list_keys (
    workspace_id uuid not null,
    list_id uuid not null,
    row_number integer not null,
    key_hash bytea not null,
    kind text not null check (kind in ('email', 'domain', 'phone', 'company')),
    hint text not null default '' check (length(hint) <= 100),
    external_id text check (length(external_id) <= 100),
    primary key (workspace_id, list_id, row_number, key_hash),
    foreign key (workspace_id, list_id) references lists (workspace_id, id) on delete cascade
);
comment on column list_keys.key_hash is 'HMAC under APP_SECRET of a value by which a company is known again, as in suppressions.';
create index list_keys_by_hash on list_keys (workspace_id, key_hash);

create table list_members (
    workspace_id uuid not null,
    list_id uuid not null,
    company_id uuid not null,
    external_id text check (length(external_id) <= 100),
    primary key (workspace_id, list_id, company_id),
    foreign key (workspace_id, list_id) references lists (workspace_id, id) on delete cascade,
    foreign key (workspace_id, company_id) references companies (workspace_id, id) on delete cascade
);
comment on table list_members is 'Companies of the book that stand on a list of customers.';
create index list_members_of_company on list_members (workspace_id, company_id);

alter table companies add column is_customer boolean not null default false;
comment on column companies.is_customer is 'Whether it stands on a list of customers that was not removed; kept by the database.';
alter table leads add column is_customer boolean not null default false;
comment on column leads.is_customer is 'Of the newest lead of a company: a copy, so that any filter reads one table.';
create index leads_book_customers on leads (workspace_id, id) where is_current and is_customer;
create index leads_book_domain on leads (workspace_id, domain) where is_current and domain is not null;
create index leads_book_phone on leads (workspace_id, phone) where is_current and phone is not null;

-- A name as names of lists are compared: letter case, accents, punctuation, blanks and legal form aside. It only finds who
-- comes into question; pipeline/listed_companies.py decides.
create function book_name(name text) returns text
language sql immutable set search_path = pg_catalog, public as $$
    select coalesce(nullif(string_agg(word, '' order by place) filter (where word <> all (array['ab', 'ag', 'as', 'bv', 'co',
        'company', 'corp', 'ey', 'ek', 'gbr', 'gmbh', 'inc', 'kft', 'kg', 'ky', 'lda', 'llc', 'llp', 'ltd', 'limited', 'mbh',
        'nv', 'ohg', 'oy', 'oyj', 'plc', 'sa', 'sarl', 'sas', 'sl', 'slu', 'sprl', 'srl', 'tmi', 'ug'])), ''), squeezed(name))
    from regexp_split_to_table(regexp_replace(translate(normalize(replace(replace(replace(replace(replace(
        lower(coalesce(name, '')), 'ß', 'ss'), '&', ' and '), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), nfkd),
        'øđðłı''’‘`´.·', 'oddli'), '[\u0300-\u036f]', '', 'g'), '[^[:alnum:]]+') with ordinality as w (word, place)
    where word <> ''
$$;
create index leads_book_name on leads (workspace_id, book_name(name)) where is_current;

alter table suppressions add column list_id uuid,
    add foreign key (workspace_id, list_id) references lists (workspace_id, id) on delete set null (list_id);
comment on column suppressions.list_id is 'The exclusion list that brought the entry, and takes it along when it is removed.';
create index suppressions_of_list on suppressions (workspace_id, list_id) where list_id is not null;

do $$
declare name text;
begin
    foreach name in array array['lists', 'list_files', 'list_keys', 'list_members'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy auth_all on %I to pp_auth using (true) with check (true)', name);
        execute format('grant select, insert, update, delete on %I to pp_auth', name);
        execute format('create policy everywhere on %I to pp_system using (true) with check (true)', name);
        execute format('create policy member on %I for select to pp_web using (workspace_id in (select app_workspaces()))', name);
        execute format('grant select on %I to pp_web', name);
    end loop;
    foreach name in array array['lists', 'list_keys', 'list_members'] loop
        execute format('create policy held on %I to pp_worker using (workspace_id = (select app_job_workspace()))'
            ' with check (workspace_id = (select app_job_workspace()))', name);
        execute format('grant select on %I to pp_worker', name);
    end loop;
end $$;
create policy adds on lists for insert to pp_web with check (state = 'checking' and removed_at is null
    and workspace_id in (select app_workspaces_as('member')) and created_by = (select app_user_id()));
create policy goes_on on lists for update to pp_web
    using (state = 'checked' and workspace_id in (select app_workspaces_as('member')))
    with check (state = 'storing' and workspace_id in (select app_workspaces_as('member')));
create policy lets_go on lists for delete to pp_web
    using (state in ('checking', 'checked', 'refused') and workspace_id in (select app_workspaces_as('member')));
create policy adds on list_files for insert to pp_web with check (workspace_id in (select app_workspaces_as('member')));
grant insert (workspace_id, id, name, kind, reason, sha256, created_by), update (state, done), delete on lists to pp_web;
grant insert (workspace_id, list_id, data, columns, country) on list_files to pp_web;
grant insert on list_members to pp_worker;
grant select, update on lists to pp_system;
grant select, update, delete on list_files to pp_system;
grant select, insert on list_keys, list_members to pp_system;
create policy of_lists on suppressions to pp_system using (true) with check (source = 'file' and list_id is not null);
grant select, insert on suppressions to pp_system;
grant update (list_id) on suppressions to pp_auth;

grant create on schema public to pp_auth;
set local role pp_auth;

-- Who of the book comes into question for values of a list.
create function list_alike(workspace uuid, domains text[], phones text[], names text[])
returns table (company_id uuid, name text, category text, domain text, phone text, city text, postcode text, chain text,
    details jsonb)
language sql stable security definer set search_path = pg_catalog, public as $$
    select l.company_id, l.name, l.category, l.domain, l.phone, l.city, l.postcode, l.chain, l.details from leads l
        where l.workspace_id = workspace and l.is_current and l.domain is not null and l.chain is null
            and l.domain = any(domains)
    union select l.company_id, l.name, l.category, l.domain, l.phone, l.city, l.postcode, l.chain, l.details from leads l
        where l.workspace_id = workspace and l.is_current and l.phone is not null and l.phone = any(phones)
    union select l.company_id, l.name, l.category, l.domain, l.phone, l.city, l.postcode, l.chain, l.details from leads l
        where l.workspace_id = workspace and l.is_current
            and book_name(l.name) = any(array(select book_name(n) from unnest(names) as n))
$$;

-- Whether companies are customers follows from the lists they stand on.
create function customers_count(workspace uuid, chosen uuid[]) returns void
language sql security definer set search_path = pg_catalog, public as $$
    update companies c set is_customer = f.now from (
        select o.id, exists (select from list_members m
            join lists s on s.workspace_id = m.workspace_id and s.id = m.list_id and s.removed_at is null
            where m.workspace_id = o.workspace_id and m.company_id = o.id) as now
        from companies o where o.workspace_id = workspace and o.id = any(chosen)) f
    where c.workspace_id = workspace and c.id = f.id and c.is_customer <> f.now
$$;

create function customers_change() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    perform customers_count(t.workspace_id, array_agg(distinct t.company_id)) from touched t group by t.workspace_id;
    return null;
end $$;

create function customers_carry() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    new.is_customer := new.is_current and coalesce((select c.is_customer from companies c
        where c.workspace_id = new.workspace_id and c.id = new.company_id), false);
    return new;
end $$;

create function customers_show() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    update leads set is_customer = new.is_customer
        where workspace_id = new.workspace_id and company_id = new.id and is_current;
    return null;
end $$;

-- The oldest exclusion list that names somebody.
create function list_bringing(workspace uuid, hash bytea) returns uuid
language sql stable security definer set search_path = pg_catalog, public as $$
    select k.list_id from list_keys k
    join lists s on s.workspace_id = k.workspace_id and s.id = k.list_id
    where k.workspace_id = workspace and k.key_hash = hash and s.kind = 'exclusion' and s.state = 'kept'
        and s.removed_at is null
    order by s.created_at, s.id limit 1
$$;

-- Removes a list, or takes that back: its marks go and come with it. An entry of the suppression list that another list
-- brings as well stays for that one; one that was on it before any list stays for good.
create function list_remove(workspace uuid, list uuid, gone boolean) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare found_list lists%rowtype;
begin
    select * into found_list from lists s where s.workspace_id = workspace and s.id = list and s.state = 'kept'
        and (s.removed_at is null) = gone
        and workspace in (select app_workspaces_as(case s.kind when 'exclusion' then 'admin' else 'member' end)) for update;
    if not found then return false; end if;
    update lists s set removed_at = case when gone then now() end where s.workspace_id = workspace and s.id = list;
    if found_list.kind = 'customers' then
        perform customers_count(workspace, array(
            select m.company_id from list_members m where m.workspace_id = workspace and m.list_id = list));
    elsif gone then
        delete from suppressions x where x.workspace_id = workspace and x.list_id = list
            and list_bringing(workspace, x.value_hash) is null;
        update suppressions x set list_id = list_bringing(workspace, x.value_hash)
            where x.workspace_id = workspace and x.list_id = list;
    else
        insert into suppressions (workspace_id, value_hash, kind, reason, source, hint, added_by, list_id)
            select distinct on (k.key_hash) workspace, k.key_hash, k.kind, found_list.reason, 'file', k.hint,
                found_list.created_by, list
            from list_keys k where k.workspace_id = workspace and k.list_id = list
            on conflict do nothing;
    end if;
    perform auth_note(app_user_id(), case when gone then 'list_removed' else 'list_restored' end, workspace, list,
        jsonb_build_object('kind', found_list.kind));
    return true;
end $$;

-- Takes somebody off every list, and lets go of files that wait; how many values that was, or -1 while a list is stored.
create function subject_lists_erase(workspace uuid, hash bytea, kind text) returns integer
language plpgsql security definer set search_path = pg_catalog, public as $$
declare scope uuid[] := array(select subject_scope(workspace)); gone integer;
begin
    if cardinality(scope) = 0 then
        raise insufficient_privilege using message = 'only who answers for the workspace erases';
    end if;
    if exists (select from lists where workspace_id = any(scope) and state = 'storing') then return -1; end if;
    delete from lists where workspace_id = any(scope) and state in ('checking', 'checked', 'refused');
    delete from list_keys k using list_keys t
        where t.workspace_id = any(scope) and t.key_hash = hash and k.workspace_id = t.workspace_id
            and k.list_id = t.list_id and k.row_number = t.row_number
            and (k.key_hash = hash or subject_lists_erase.kind <> 'email');
    get diagnostics gone = row_count;
    return gone;
end $$;

-- Files nobody decided about within a day go, and so do lists that were removed a day ago.
create function forget_lists() returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
declare gone bigint;
begin
    delete from lists where (state in ('checking', 'checked', 'refused') and created_at < now() - interval '1 day')
        or removed_at < now() - interval '1 day';
    get diagnostics gone = row_count;
    return gone;
end $$;

create or replace function workspace_is_empty(workspace uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public as $$
    select (select count(*) from memberships m where m.workspace_id = workspace) <= 1
        and not exists (select from campaigns c where c.workspace_id = workspace)
        and not exists (select from suppressions s where s.workspace_id = workspace)
        and not exists (select from lists s where s.workspace_id = workspace)
$$;

revoke all on function list_alike(uuid, text[], text[], text[]), customers_count(uuid, uuid[]), list_bringing(uuid, bytea), list_remove(uuid, uuid, boolean),
    subject_lists_erase(uuid, bytea, text), forget_lists() from public;
grant execute on function list_alike(uuid, text[], text[], text[]), forget_lists() to pp_system;
grant execute on function list_remove(uuid, uuid, boolean), subject_lists_erase(uuid, bytea, text) to pp_web;
reset role;
revoke create on schema public from pp_auth;
create trigger customers_added after insert on list_members referencing new table as touched
    for each statement execute function customers_change();
create trigger customers_gone after delete on list_members referencing old table as touched
    for each statement execute function customers_change();
create trigger customers_carry before insert or update of is_current on leads
    for each row execute function customers_carry();
create trigger customers_show after update of is_customer on companies for each row
    when (old.is_customer <> new.is_customer) execute function customers_show();
set local role pp_auth;
revoke all on function customers_change(), customers_carry(), customers_show() from public;
reset role;
