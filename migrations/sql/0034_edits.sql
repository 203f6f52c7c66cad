-- What people correct: their value stands in every lead of the company, whatever campaigns find later, until they take it
-- back. What sources gave is kept beside it.

create table company_edits (
    workspace_id uuid not null,
    company_id uuid not null,
    field text not null check (field in ('name', 'category', 'address', 'phone', 'email', 'website', 'opening_hours')),
    typed jsonb not null check (typed ? field and typed - array['name', 'category', 'address', 'street', 'postcode', 'city',
        'phone', 'email', 'is_role_address', 'website', 'domain', 'opening_hours'] = '{}'),
    user_id uuid not null,
    at timestamptz not null default now(),
    primary key (workspace_id, company_id, field),
    foreign key (workspace_id, company_id) references companies (workspace_id, id) on delete cascade,
    check (field not in ('name', 'category') or typed ->> field is not null)
);
comment on column company_edits.typed is 'Every value of a lead the correction sets, by name; null where a person says that there is none.';

alter table leads add column found jsonb not null default '{}';
comment on column leads.found is 'By name, what sources gave where a person''s value stands: value, origin, reason it is empty.';
alter table leads drop constraint leads_email_status_check;
alter table leads add constraint leads_email_status_check check (email_status in (
    'none', 'unverified', 'verified', 'accepted', 'catchall', 'typed', 'unknown', 'disposable', 'invalid'
)) not valid;
alter table leads validate constraint leads_email_status_check;
alter table activities drop constraint activities_kind_check;
alter table activities add constraint activities_kind_check
    check (kind in ('note', 'status', 'owner', 'follow_up', 'tags', 'edit'));

alter table company_edits enable row level security;
alter table company_edits force row level security;
create policy auth_all on company_edits to pp_auth using (true) with check (true);
create policy member on company_edits for select to pp_web using (workspace_id in (select app_workspaces()));
create policy adds on company_edits for insert to pp_web
    with check (workspace_id in (select app_workspaces_as('member')) and user_id = (select app_user_id()));
create policy changes on company_edits for update to pp_web using (workspace_id in (select app_workspaces_as('member')))
    with check (workspace_id in (select app_workspaces_as('member')) and user_id = (select app_user_id()));
create policy takes_back on company_edits for delete to pp_web using (workspace_id in (select app_workspaces_as('member')));
grant select, insert, update, delete on company_edits to pp_auth;
grant select, insert, delete on company_edits to pp_web;
grant update (typed, user_id, at) on company_edits to pp_web;

grant create on schema public to pp_auth;
set local role pp_auth;

-- A lead with other values: `given` holds of each name its value, its origin, and why it is empty. The street is the only
-- one that stands among the details.
create function lead_with(one leads, given jsonb) returns leads
language plpgsql stable set search_path = pg_catalog, public as $$
declare names text[] := array(select jsonb_object_keys(given));
begin
    one := jsonb_populate_record(one, (select coalesce(jsonb_object_agg(key, value -> 'value'), '{}')
        from jsonb_each(given) where key <> 'street'));
    if given ? 'street' then
        one.details := one.details - 'street' || jsonb_strip_nulls(jsonb_build_object('street', given -> 'street' -> 'value'));
    end if;
    one.provenance := one.provenance - names || (select coalesce(jsonb_object_agg(key, value -> 'origin'), '{}')
        from jsonb_each(given) where jsonb_typeof(value -> 'origin') = 'object');
    one.empty_reasons := one.empty_reasons - names || (select coalesce(jsonb_object_agg(key, value -> 'reason'), '{}')
        from jsonb_each(given) where jsonb_typeof(value -> 'reason') = 'string');
    return one;
end $$;

-- What people typed about the company of a lead, as lead_with takes it. An address is as good as typed until a look-up of
-- the lead has checked the same one.
create function lead_typed(one leads) returns jsonb
language plpgsql stable set search_path = pg_catalog, public as $$
declare typed jsonb; address text;
begin
    select jsonb_object_agg(t.key, jsonb_build_object('value', t.value,
            'origin', case when t.key <> 'is_role_address' and t.value <> 'null' then jsonb_build_object(
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

-- People's values stand in every lead of their company; the newest carries its words and what the team says of it.
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

-- A correction shows in every lead of the company at once, and is noted; so is taking it back.
create function book_edited() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare one company_edits; was text; shown text; is_gone boolean := tg_op = 'DELETE';
begin
    if is_gone then one := old; else one := new; end if;
    if tg_op = 'INSERT' then
        -- Of several corrections at once the first has put all of them into the leads.
        select case when l.found ? one.field then l.found -> one.field ->> 'value' else to_jsonb(l) ->> one.field end into was
            from leads l where l.workspace_id = one.workspace_id and l.company_id = one.company_id and l.is_current;
    else
        was := old.typed ->> one.field;
    end if;
    update leads l set found = l.found where l.workspace_id = one.workspace_id and l.company_id = one.company_id;
    select to_jsonb(l) ->> one.field into shown from leads l
        where l.workspace_id = one.workspace_id and l.company_id = one.company_id and l.is_current;
    insert into activities (workspace_id, company_id, user_id, kind, detail)
        select c.workspace_id, c.id, app_user_id(), 'edit', jsonb_build_object(
            'field', one.field, 'from', was, 'to', shown, 'taken_back', is_gone)
        from companies c where c.workspace_id = one.workspace_id and c.id = one.company_id;
    return null;
end $$;

-- What a source allows to keep for some days only is not kept behind a person's value either.
create function forget_found(limits jsonb) returns void
language sql security definer set search_path = pg_catalog, public as $$
    update leads l set found = (
            select jsonb_object_agg(f.key, case when limits ? (f.value -> 'origin' ->> 'source') then jsonb_build_object(
                'value', case f.key when 'name' then 'Name removed' end,
                'reason', limits -> (f.value -> 'origin' ->> 'source') -> 'said') else f.value end)
            from jsonb_each(l.found) as f)
        where l.retain_until <= current_date and l.found <> '{}'
$$;

-- Under its own name or the one a person gave it, here or there, a company is the subject.
create or replace function subject_businesses(workspace uuid, who jsonb)
returns table (workspace_id uuid, business_id uuid, campaign_id uuid, match_key text, is_whole boolean)
language sql stable security definer set search_path = pg_catalog, public as $$
    select f.workspace_id, f.id, f.campaign_id, f.match_key, f.is_whole from (
        select b.workspace_id, b.id, b.campaign_id, b.match_key, coalesce(case who ->> 'kind'
                when 'domain' then coalesce(l.domain, b.domain) = who ->> 'value'
                    or coalesce(l.domain, b.domain) like '%.' || (who ->> 'value')
                when 'phone' then who ->> 'value' in (l.phone, b.phone)
                when 'company' then (squeezed(coalesce(l.name, b.name)) = who ->> 'name' or squeezed(b.name) = who ->> 'name')
                    and (who ->> 'place' in (squeezed(b.city), squeezed(b.postcode),
                        squeezed(coalesce(b.postcode, '') || coalesce(b.city, '')))
                    or who ->> 'place' in (squeezed(l.city), squeezed(l.postcode),
                        squeezed(coalesce(l.postcode, '') || coalesce(l.city, ''))))
                else false end, false) as is_whole,
            who ->> 'kind' <> 'company'
                and (b::text ~* (who ->> 'pattern') or coalesce(l::text ~* (who ->> 'pattern'), false)) as is_named
        from businesses b
        left join leads l on l.workspace_id = b.workspace_id and l.business_id = b.id
        where b.workspace_id in (select subject_scope(workspace))
    ) f where f.is_whole or f.is_named
$$;

-- What people typed about the companies that are the subject, or typed of it elsewhere.
create function subject_edits(workspace uuid, who jsonb)
returns table (workspace_id uuid, company_id uuid, field text, is_whole boolean)
language sql stable security definer set search_path = pg_catalog, public as $$
    select f.workspace_id, f.company_id, f.field, f.is_whole from (
        select e.workspace_id, e.company_id, e.field, (e.workspace_id, e.company_id) in (
                select l.workspace_id, l.company_id from subject_businesses(workspace, who) b
                join leads l on l.workspace_id = b.workspace_id and l.business_id = b.business_id where b.is_whole) as is_whole,
            who ->> 'kind' <> 'company' and e.typed::text ~* (who ->> 'pattern') as is_named
        from company_edits e where e.workspace_id in (select subject_scope(workspace))
    ) f where f.is_whole or f.is_named
$$;

-- Before the rest is erased: what was typed of a subject goes, and what a person's value covers of it; companies that are
-- the subject go whole, with what was typed of them. Returns how many values people typed are concerned.
create function subject_forget_edits(workspace uuid, who jsonb) returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
declare concerned bigint; pattern text := who ->> 'pattern';
begin
    select count(*) into concerned from subject_edits(workspace, who);
    if who ->> 'kind' = 'company' then return concerned; end if;
    delete from company_edits e using subject_edits(workspace, who) s where not s.is_whole
        and e.workspace_id = s.workspace_id and e.company_id = s.company_id and e.field = s.field;
    update leads l set found = (
            select jsonb_object_agg(f.key, case when f.key not in ('name', 'category') and f.value::text ~* pattern
                then '{"value": null, "reason": "It was erased on request."}' else f.value end)
            from jsonb_each(l.found) as f)
        where l.workspace_id in (select subject_scope(workspace)) and l.found::text ~* pattern and not exists (
            select from subject_businesses(workspace, who) b
            where b.is_whole and b.workspace_id = l.workspace_id and b.business_id = l.business_id);
    return concerned;
end $$;

reset role;
create trigger book_edited after insert or update or delete on company_edits for each row execute function book_edited();
set local role pp_auth;
revoke all on function lead_with(leads, jsonb), lead_typed(leads), book_edited(), forget_found(jsonb),
    subject_edits(uuid, jsonb), subject_forget_edits(uuid, jsonb) from public;
grant execute on function subject_edits(uuid, jsonb), subject_forget_edits(uuid, jsonb) to pp_web;
grant execute on function forget_found(jsonb) to pp_system;
reset role;
revoke create on schema public from pp_auth;
