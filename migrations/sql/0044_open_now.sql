-- Which leads are open now: each carries what its opening hours say of a normal week, and the time zone it is in.

alter table leads add column open_week int4multirange, add column time_zone text;
comment on column leads.open_week is 'The minutes of a normal week it is open in, from Monday 00:00 on at its place; null where hours or place are unknown, or hours change from week to week.';
comment on column leads.time_zone is 'Where the minutes of the week count, a name of the IANA time zone database; null where they are.';
alter table company_edits drop constraint company_edits_check;
alter table company_edits add constraint company_edits_check check (typed ? field and typed - array['name', 'category',
    'address', 'street', 'postcode', 'city', 'phone', 'phone_is_mobile', 'email', 'is_role_address', 'website', 'domain',
    'opening_hours', 'open_week', 'time_zone'] = '{}');

-- What stands after "return" is bound when it is made, so that it needs no search path and becomes a part of statements.
create function minute_of_week(moment timestamptz, zone text) returns integer
language sql immutable
return (floor(date_part('epoch', timezone(zone, moment) - timestamp '2001-01-01') / 60)::bigint % 10080)::integer;

-- Each hour of the day, with the days of the week as bits, Monday the lowest, in which a lead is open at some time of that hour;
-- and with those in which it is open for all of it, where these are others. Behind the beginning of the id of its workspace, as
-- words are, and its time zone. So both who is open and who is closed within an hour is found by the days that fit.
create function book_open_labels(workspace uuid, time_zone text, open_week int4multirange) returns text[]
language plpgsql immutable set search_path = pg_catalog, public as $$
declare
    prefix constant text := left(workspace::text, 8) || time_zone || ' ';
    at_some_time integer[] := array_fill(0, array[24], array[0]);
    all_along integer[] := at_some_time;
    labels text[] := '{}';
    span int4range;
begin
    for span in select unnest(open_week) loop
        for h in lower(span) / 60 .. (upper(span) - 1) / 60 loop
            at_some_time[h % 24] := at_some_time[h % 24] | (1 << h / 24);
            if span @> int4range(h * 60, h * 60 + 60) then
                all_along[h % 24] := all_along[h % 24] | (1 << h / 24);
            end if;
        end loop;
    end loop;
    for hour in 0 .. 23 loop
        labels := labels || (prefix || hour || ' ' || at_some_time[hour]);
        if all_along[hour] <> at_some_time[hour] then
            labels := labels || (prefix || hour || ' ' || all_along[hour]);
        end if;
    end loop;
    return labels;
end $$;
create index leads_book_open on leads using gin (book_open_labels(workspace_id, time_zone, open_week))
    where is_current and open_week is not null;
create index leads_book_zones on leads (workspace_id, time_zone) where is_current and open_week is not null;

revoke all on function minute_of_week(timestamptz, text), book_open_labels(uuid, text, int4multirange) from public;
grant execute on function minute_of_week(timestamptz, text), book_open_labels(uuid, text, int4multirange)
    to pp_auth, pp_web, pp_worker;

grant create on schema public to pp_auth;
set local role pp_auth;

-- A lead without the week of hours that are not there any more, of a place that is not known any more, or in a time zone
-- that this Postgres does not know.
create function lead_week(one leads) returns leads
language plpgsql stable set search_path = pg_catalog, public as $$
begin
    if one.opening_hours is null or one.lat is null or one.lon is null or one.time_zone is null then
        one.open_week := null;
    else
        begin
            perform minute_of_week(now(), one.time_zone);
        exception when invalid_parameter_value then
            one.open_week := null;
        end;
    end if;
    if one.open_week is null then
        one.time_zone := null;
    end if;
    return one;
end $$;

-- As in migration 0040; the week comes with the hours.
create or replace function lead_typed(one leads) returns jsonb
language plpgsql stable set search_path = pg_catalog, public as $$
declare
    follows constant text[] := array['is_role_address', 'phone_is_mobile', 'open_week', 'time_zone'];
    typed jsonb; address text;
begin
    select jsonb_object_agg(t.key, jsonb_build_object('value', t.value,
            'origin', case when t.key <> all(follows) and t.value <> 'null' then jsonb_build_object(
                'source', 'person', 'ref', '', 'observed_on', to_char(e.at at time zone 'utc', 'YYYY-MM-DD'), 'url', null) end,
            'reason', case when t.key <> all(follows || text 'street') and t.value = 'null'
                then 'A person says that there is none.' end))
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

-- As in migration 0040; where hours or the place are taken out, erased or forgotten, no week is known, also not beneath what a
-- person typed.
create or replace function book_carries() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare typed jsonb; bare jsonb;
begin
    if new.found <> '{}' then
        new := lead_with(new, new.found);
        new.found := '{}';
    end if;
    if new.open_week is not null then
        new := lead_week(new);
    end if;
    typed := lead_typed(new);
    if typed <> '{}' then
        bare := to_jsonb(new) || jsonb_build_object('street', new.details -> 'street');
        new.found := (select jsonb_object_agg(name, jsonb_build_object('value', bare -> name,
                'origin', new.provenance -> name, 'reason', new.empty_reasons -> name))
            from jsonb_object_keys(typed) as name);
        new := lead_with(new, typed);
        if new.open_week is not null then
            new := lead_week(new);
        end if;
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

-- As in migration 0040; and those alone that are open now, or closed. Of these the index knows who is so within the hour, in each
-- time zone of the workspace. When many are, those whose hours are known are read through.
drop function book_ids(uuid, tsquery, text[], text, text, integer);
create function book_ids(workspace uuid, wanted tsquery, tags text[], source text, kind text, open boolean, most integer)
returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, public set work_mem = '64MB' as $$
declare
    sampled constant integer := 200;
    prefix constant text := left(workspace::text, 8);
    labelled constant text := '(tags <> ''{}'' or jsonb_array_length(origins) > 1)'
        ' and book_labels(workspace_id, tags, origins) && %s';
    of_kind constant text := ' and email is not null and book_email_kind(email, is_role_address) = $3';
    within_hour constant text := ' and book_open_labels(workspace_id, time_zone, open_week) && $8';
    has text := case when wanted is null then 'true' else 'words @@ $2' end;
    labels constant text[] := (select array_agg(prefix || 'tag ' || one) from unnest(book_ids.tags) as one);
    hours text[];
    open_now text := 'true';
    found integer;
    are_open integer;
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
    if open is not null then
        open_now := 'open_week is not null and (open_week @> minute_of_week(now(), time_zone)) = $9';
        has := has || ' and ' || open_now;
        hours := array(
            with recursive zones as (
                (select l.time_zone from leads l where l.workspace_id = workspace and l.is_current
                    and l.open_week is not null order by l.time_zone limit 1)
                union all
                select n.time_zone from zones z cross join lateral (
                    select l.time_zone from leads l where l.workspace_id = workspace and l.is_current
                        and l.open_week is not null and l.time_zone > z.time_zone order by l.time_zone limit 1) n)
            select prefix || z.time_zone || ' ' || m.minute % 1440 / 60 || ' ' || days
            from zones z, minute_of_week(now(), z.time_zone) as m (minute), generate_series(0, 127) as days
            where days >> m.minute / 1440 & 1 = open::integer);
    end if;
    if has <> 'true' then
        execute format('select count(*) filter (where %s), count(*) filter (where %s) from ('
            'select * from leads where workspace_id = $1 and is_current'
            ' order by workspace_id, confidence + coalesce(reach, confidence) desc, id desc limit $4) l', has, open_now)
            into found, are_open using workspace, wanted, kind, sampled, labels, prefix || 'source ' || source, source, hours, open;
    end if;
    return query execute format(case when open is null and found * 4 >= sampled * 3
        then 'select id from (select * from leads where workspace_id = $1 and is_current offset 0) l where %s%s%s limit $4'
        else 'select id from leads where workspace_id = $1 and is_current and %s%s%s limit $4' end,
        has, case when kind is not null then of_kind else '' end,
        case when open is not null and are_open * 4 < sampled then within_hour else '' end)
        using workspace, wanted, kind, most, labels, prefix || 'source ' || source, source, hours, open;
end $$;

revoke all on function lead_week(leads), book_ids(uuid, tsquery, text[], text, text, boolean, integer) from public;
grant execute on function book_ids(uuid, tsquery, text[], text, text, boolean, integer) to pp_web;
reset role;
revoke create on schema public from pp_auth;
