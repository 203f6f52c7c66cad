-- Tags of campaigns, which runs are of one order, and what two runs differ in.

-- Stands for an order: what is empty in it says nothing, so that a run from before a parameter was known is of the same one.
create function campaign_order(spec jsonb) returns uuid
language sql immutable set search_path = pg_catalog, public as $$
    select md5(coalesce(string_agg(name || '=' || said, E'\x1f' order by name collate "C"), ''))::uuid
    from (
        select e.key as name, case when e.key = 'budget_usd' and e.value #>> '{}' ~ '^[0-9]{1,12}([.][0-9]{1,6})?$'
            then trim_scale((e.value #>> '{}')::numeric)::text else e.value::text end as said
        from jsonb_each(spec) as e (key, value)) as part
    where said not in ('null', '0', 'false', '""', '[]', '{}')
        and (name, said) <> ('known_companies', '"include"')  -- what every order said before it could be chosen
$$;

alter table campaigns
    add column tags text[] not null default '{}' check (cardinality(tags) <= 20 and array_position(tags, null) is null),
    add column order_key uuid not null generated always as (campaign_order(spec)) stored;
comment on column campaigns.order_key is 'The same for every run of one order (campaign_order).';
create index campaigns_order on campaigns (workspace_id, order_key, created_at desc, id desc) where deleted_at is null;

-- Stands for one value of a lead; null where there was one that had to be removed, as nobody knows any more what it was.
create function lead_mark(value text, reason text) returns bigint
language sql immutable as $$
    select case when value is null and (reason like '%removed then.' or reason = 'It was erased on request.') then null
        else pg_catalog.hashtextextended(coalesce(value, ''), 0) end
$$;

-- Two runs are compared by an index alone. The order of the marks is that of MARKED in store/differences.py.
alter table leads add column marks bigint[] not null generated always as (array[
    lead_mark(nullif(name, 'Name removed'), case when name = 'Name removed' then 'removed then.' end),
    lead_mark(category, null), lead_mark(phone, empty_reasons ->> 'phone'), lead_mark(email, empty_reasons ->> 'email'),
    lead_mark(case when email is not null or email_status = 'none' then email_status end, empty_reasons ->> 'email'),
    lead_mark(website, empty_reasons ->> 'website'), lead_mark(address, empty_reasons ->> 'address'),
    lead_mark(opening_hours, empty_reasons ->> 'opening_hours'), lead_mark(details ->> 'doubt', empty_reasons ->> 'doubt')
]) stored;
comment on column leads.marks is 'One for each value that two runs are compared by.';
alter table leads drop constraint leads_once_a_campaign,
    add constraint leads_once_a_campaign unique (workspace_id, campaign_id, company_id)
        include (id, marks, confidence, reach);

-- A comparison looks at no row when Postgres knows that all of a page of the table are there to be seen, which it learns here.
alter table leads set (autovacuum_vacuum_insert_scale_factor = 0.02);

-- The companies that two runs have as leads, with those leads: one of them is null where only the other run has it. "changed"
-- has a bit for each mark that is another one. It runs as who asks, and as a part of the statement around it.
create function run_differences(workspace uuid, earlier uuid, later uuid)
returns table (changed integer, was uuid, becomes uuid, company uuid, figure integer)
language sql stable as $$
    select case when a.marks = b.marks then 0 else
            coalesce((a.marks[1] <> b.marks[1])::int, 0) + coalesce((a.marks[2] <> b.marks[2])::int, 0) * 2
            + coalesce((a.marks[3] <> b.marks[3])::int, 0) * 4 + coalesce((a.marks[4] <> b.marks[4])::int, 0) * 8
            + coalesce((a.marks[5] <> b.marks[5])::int, 0) * 16 + coalesce((a.marks[6] <> b.marks[6])::int, 0) * 32
            + coalesce((a.marks[7] <> b.marks[7])::int, 0) * 64 + coalesce((a.marks[8] <> b.marks[8])::int, 0) * 128
            + coalesce((a.marks[9] <> b.marks[9])::int, 0) * 256 end,
        a.id, b.id, coalesce(b.company_id, a.company_id),
        coalesce(b.confidence + coalesce(b.reach, b.confidence), a.confidence + coalesce(a.reach, a.confidence))
    from (select l.id, l.company_id, l.marks, l.confidence, l.reach from public.leads l
            where l.workspace_id = workspace and l.campaign_id = earlier) a
    full join (select l.id, l.company_id, l.marks, l.confidence, l.reach from public.leads l
            where l.workspace_id = workspace and l.campaign_id = later) b on b.company_id = a.company_id
$$;

grant update (tags) on campaigns to pp_web, pp_auth;

grant create on schema public to pp_auth;
set local role pp_auth;

-- What a campaign was about goes with it, its tags as well.
create function campaign_loses_tags() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    new.tags := '{}';
    return new;
end $$;

-- Tags of campaigns that name somebody.
create function subject_tags(workspace uuid, who jsonb) returns table (workspace_id uuid, campaign_id uuid, tag text)
language sql stable security definer set search_path = pg_catalog, public as $$
    select c.workspace_id, c.id, t.tag from campaigns c, unnest(c.tags) as t (tag)
    where c.workspace_id in (select subject_scope(workspace)) and who ->> 'kind' <> 'company' and t.tag ~* (who ->> 'pattern')
$$;

create function subject_erase_tags(workspace uuid, who jsonb) returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
declare gone bigint;
begin
    select count(*) into gone from subject_tags(workspace, who);
    update campaigns c set tags = array(select t.tag from unnest(c.tags) with ordinality as t (tag, place)
            where not exists (select from subject_tags(workspace, who) s where s.workspace_id = c.workspace_id
                and s.campaign_id = c.id and s.tag = t.tag) order by t.place)
        where (c.workspace_id, c.id) in (select s.workspace_id, s.campaign_id from subject_tags(workspace, who) s);
    return gone;
end $$;

revoke all on function subject_tags(uuid, jsonb), subject_erase_tags(uuid, jsonb) from public;
grant execute on function subject_tags(uuid, jsonb), subject_erase_tags(uuid, jsonb) to pp_web;
reset role;
revoke create on schema public from pp_auth;
create trigger campaign_loses_tags before update on campaigns for each row
    when (old.deleted_at is null and new.deleted_at is not null) execute function campaign_loses_tags();
set local role pp_auth;
revoke all on function campaign_loses_tags() from public;
reset role;
revoke all on function campaign_order(jsonb), lead_mark(text, text), run_differences(uuid, uuid, uuid) from public;
grant execute on function campaign_order(jsonb), lead_mark(text, text)
    to pp_web, pp_worker, pp_auth, pp_system, pp_admin;
grant execute on function run_differences(uuid, uuid, uuid) to pp_web;
