-- What leads can be filtered by beside their values: whether the number is a mobile one, when a company last left in a file,
-- and whether it stands on the suppression list.

alter table leads add column phone_is_mobile boolean not null default false;
comment on column leads.phone_is_mobile is 'The plan of its country gives the number to mobile phones alone; as the number it is of a source or typed.';
create index leads_book_mobile on leads (workspace_id, id) where is_current and phone_is_mobile;
alter table company_edits drop constraint company_edits_check;
alter table company_edits add constraint company_edits_check check (typed ? field and typed - array['name', 'category',
    'address', 'street', 'postcode', 'city', 'phone', 'phone_is_mobile', 'email', 'is_role_address', 'website', 'domain',
    'opening_hours'] = '{}');

-- Not on leads, whose rows many indexes would have to follow.
alter table companies add column exported_at timestamptz;
comment on column companies.exported_at is 'When it last left in a file; unknown of files before version 0040 of the schema.';
create index companies_exported on companies (workspace_id, id) where exported_at is not null;
create index companies_not_exported on companies (workspace_id, id) where exported_at is null;
grant update (exported_at) on companies to pp_web;

-- The suppression list holds hashes alone, which lead back to nobody. When somebody is put on it, the companies of the book
-- that are meant are noted beside the hash.
create table suppressed_companies (
    workspace_id uuid not null,
    company_id uuid not null,
    value_hash bytea not null,
    primary key (workspace_id, company_id, value_hash),
    foreign key (workspace_id, company_id) references companies (workspace_id, id) on delete cascade
);
comment on table suppressed_companies is 'Companies of the book that an entry of the suppression list means; whether it stands there still, suppressions says.';
create index suppressed_companies_by_value on suppressed_companies (workspace_id, value_hash);
alter table suppressed_companies enable row level security;
alter table suppressed_companies force row level security;
create policy auth_all on suppressed_companies to pp_auth using (true) with check (true);
create policy everywhere on suppressed_companies to pp_system using (true) with check (true);
create policy member on suppressed_companies for select to pp_web using (workspace_id in (select app_workspaces()));
create policy adds on suppressed_companies for insert to pp_web
    with check (workspace_id in (select app_workspaces_as('member')));
create policy held on suppressed_companies to pp_worker using (workspace_id = (select app_job_workspace()))
    with check (workspace_id = (select app_job_workspace()));
grant select, insert, update, delete on suppressed_companies to pp_auth;
grant select, insert on suppressed_companies to pp_web, pp_worker, pp_system;

-- Further numbers, addresses and hosts a company is known by, each behind the beginning of the id of its workspace.
create function book_others(workspace uuid, details jsonb) returns text[]
language sql immutable set search_path = pg_catalog, public as $$
    select array_agg(distinct left(workspace::text, 8) || value) from (
        select lower(v) from unnest(string_to_array(concat_ws('; ', details ->> 'other_phones', details ->> 'other_emails'), '; ')) as v
        union all
        select substring(lower(v) from '^[a-z]+://(?:www\.)?([^/:?#]+)')
            from unnest(string_to_array(details ->> 'other_websites', '; ')) as v) as each (value)
    where value <> ''
$$;
create index leads_book_others on leads using gin (book_others(workspace_id, details))
    where is_current and details ?| array['other_phones', 'other_emails', 'other_websites'];
revoke all on function book_others(uuid, jsonb) from public;
grant execute on function book_others(uuid, jsonb) to pp_auth, pp_web, pp_worker;

grant create on schema public to pp_auth;
set local role pp_auth;

-- Who of the book comes into question for values that are put on the suppression list; store/suppressed_companies.py decides.
create function book_named(workspace uuid, emails text[], domains text[], phones text[], names text[])
returns table (company_id uuid, name text, category text, chain text, domain text, phone text, email text, city text,
    postcode text, details jsonb)
language sql stable security definer set search_path = pg_catalog, public as $$
    select l.company_id, l.name, l.category, l.chain, l.domain, l.phone, l.email, l.city, l.postcode, l.details from leads l
    where l.workspace_id = workspace and l.is_current
        and (session_user = 'pp_system' or workspace = app_job_workspace() or workspace in (select app_workspaces_as('member')))
        and l.id in (
            select o.id from leads o where o.workspace_id = workspace and o.is_current and o.domain = any(domains)
            union all
            select o.id from leads o where o.workspace_id = workspace and o.is_current and o.phone = any(phones)
            union all
            select o.id from leads o where o.workspace_id = workspace and o.is_current and o.email is not null
                and lower(o.email) = any(emails)
            union all
            select o.id from leads o where o.workspace_id = workspace and o.is_current
                and book_name(o.name) = any(array(select book_name(n) from unnest(names) as n))
            union all
            select o.id from leads o where o.is_current
                and o.details ?| array['other_phones', 'other_emails', 'other_websites']
                and book_others(o.workspace_id, o.details) && array(
                    select left(workspace::text, 8) || v from unnest(emails || domains || phones) as v))
$$;

-- As in migration 0039, with any of several tags.
drop function book_ids(uuid, tsquery, text, text, text, integer);
create function book_ids(workspace uuid, wanted tsquery, tags text[], source text, kind text, most integer) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, public as $$
declare
    sampled constant integer := 200;
    prefix constant text := left(workspace::text, 8);
    labelled constant text := '(tags <> ''{}'' or jsonb_array_length(origins) > 1)'
        ' and book_labels(workspace_id, tags, origins) && %s';
    of_kind constant text := ' and email is not null and book_email_kind(email, is_role_address) = $3';
    has text := case when wanted is null then 'true' else 'words @@ $2' end;
    labels constant text[] := (select array_agg(prefix || 'tag ' || one) from unnest(book_ids.tags) as one);
    found integer;
begin
    if workspace is null or workspace not in (select app_workspaces()) then
        return;
    end if;
    if book_ids.tags is not null then
        has := has || ' and ' || format(labelled, '$5');
    end if;
    if source is not null then
        has := has || ' and (lower(jsonb_extract_path_text(origins, ''0'', ''source'')) = $7'
            ' and jsonb_extract_path_text(origins, ''0'', ''source'') is not null or ' || format(labelled, 'array[$6]') || ')';
    end if;
    if has <> 'true' then
        execute format('select count(*) filter (where %s) from (select * from leads where workspace_id = $1 and is_current'
            ' order by workspace_id, confidence + coalesce(reach, confidence) desc, id desc limit $4) l', has)
            into found using workspace, wanted, kind, sampled, labels, prefix || 'source ' || source, source;
    end if;
    return query execute format(case when found * 4 >= sampled * 3
        then 'select id from (select * from leads where workspace_id = $1 and is_current offset 0) l where %s%s limit $4'
        else 'select id from leads where workspace_id = $1 and is_current and %s%s limit $4' end,
        has, case when kind is not null then of_kind else '' end)
        using workspace, wanted, kind, most, labels, prefix || 'source ' || source, source;
end $$;

-- Whoever is erased is not to be known again by a company they were mentioned with.
create function suppressed_forget() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare home uuid := to_jsonb(new) ->> 'workspace_id';
begin
    delete from suppressed_companies m where m.value_hash = new.value_hash and (home is null or m.workspace_id = home);
    return null;
end $$;

-- Companies of leads that are in the file whose maker proves the lease; false when it was let go.
create function export_marks(taken uuid[]) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare home uuid := app_export_workspace();
begin
    with locked as (
        select c.id from companies c where c.workspace_id = home
            and c.id in (select l.company_id from leads l where l.workspace_id = home and l.id = any(taken))
        order by c.id for no key update)
    update companies c set exported_at = now() from locked k where c.workspace_id = home and c.id = k.id;
    return home is not null;
end $$;

-- As in migration 0034; whether a number is a mobile one comes with the number.
create or replace function lead_typed(one leads) returns jsonb
language plpgsql stable set search_path = pg_catalog, public as $$
declare typed jsonb; address text;
begin
    select jsonb_object_agg(t.key, jsonb_build_object('value', t.value,
            'origin', case when t.key not in ('is_role_address', 'phone_is_mobile') and t.value <> 'null' then jsonb_build_object(
                'source', 'person', 'ref', '', 'observed_on', to_char(e.at at time zone 'utc', 'YYYY-MM-DD'), 'url', null) end,
            'reason', case when t.key <> 'street' and t.value = 'null' then 'A person says that there is none.' end))
        into typed from company_edits e, jsonb_each(e.typed) as t
        where e.workspace_id = one.workspace_id and e.company_id = one.company_id;
    if typed ? 'email' then
        address := lower(typed -> 'email' ->> 'value');
        typed := typed || jsonb_build_object('email_status', jsonb_build_object('value', case
            when address is null then 'none'
            when address = lower(one.email) then one.email_status
            else coalesce((select c ->> 'status' from jsonb_array_elements(one.contacts) as c
                where lower(c ->> 'email') = address limit 1), 'typed') end));
    end if;
    return coalesce(typed, '{}');
end $$;

-- As in migration 0034; where a number is taken out, erased or forgotten, none is mobile.
create or replace function book_carries() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare typed jsonb; bare jsonb;
begin
    if new.found <> '{}' then
        new := lead_with(new, new.found);
        new.found := '{}';
    end if;
    typed := lead_typed(new);
    if typed <> '{}' then
        bare := to_jsonb(new) || jsonb_build_object('street', new.details -> 'street');
        new.found := (select jsonb_object_agg(name, jsonb_build_object('value', bare -> name,
                'origin', new.provenance -> name, 'reason', new.empty_reasons -> name))
            from jsonb_object_keys(typed) as name);
        new := lead_with(new, typed);
    end if;
    new.phone_is_mobile := new.phone_is_mobile and new.phone is not null;
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

revoke all on function book_ids(uuid, tsquery, text[], text, text, integer),
    book_named(uuid, text[], text[], text[], text[]), export_marks(uuid[]) from public;
grant execute on function book_ids(uuid, tsquery, text[], text, text, integer) to pp_web;
grant execute on function book_named(uuid, text[], text[], text[], text[]) to pp_web, pp_worker, pp_system;
grant execute on function export_marks(uuid[]) to pp_worker;
reset role;
revoke create on schema public from pp_auth;
create trigger suppressed_forget after insert on suppressions for each row
    when (new.source = 'erasure') execute function suppressed_forget();
create trigger suppressed_forget after insert on installation_suppressions for each row execute function suppressed_forget();
set local role pp_auth;
revoke all on function suppressed_forget() from public;
reset role;
