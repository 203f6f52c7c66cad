-- Erasing somebody: every row that is about them goes, every text that names them loses it, and a tombstone keeps later
-- campaigns from bringing them back. A subject (who) is {kind, value, name, place, pattern, wide, order}: the patterns find
-- its value in a text, with what hangs on it, and in orders and filters; name and place are those of a company, squeezed.

grant update (message) on job_events to pp_auth;
grant update (businesses_found, leads_enriched, emails_found, emails_verified) on campaigns to pp_auth;

-- Text as it is compared: letter case, accents, blanks and punctuation aside.
create function squeezed(words text) returns text
language sql immutable set search_path = pg_catalog, public as $$
    select regexp_replace(translate(normalize(replace(replace(replace(replace(lower(coalesce(words, '')),
        'ß', 'ss'), '&', ' and '), 'æ', 'ae'), 'œ', 'oe'), nfkd), 'øđðłı', 'oddli'), '[^[:alnum:]]', '', 'g')
$$;

grant create on schema public to pp_auth;
set local role pp_auth;

-- The workspaces somebody may erase in: the one they answer for, or without one every one of an installation they
-- administer.
create function subject_scope(workspace uuid) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public as $$
    select w.id from workspaces w where case when workspace is null then app_is_admin()
        else w.id = workspace and w.id in (select app_workspaces_as('admin')) end
$$;

-- The businesses that are the subject, or only name it somewhere.
create function subject_businesses(workspace uuid, who jsonb)
returns table (workspace_id uuid, business_id uuid, campaign_id uuid, match_key text, is_whole boolean)
language sql stable security definer set search_path = pg_catalog, public as $$
    select f.workspace_id, f.id, f.campaign_id, f.match_key, f.is_whole from (
        select b.workspace_id, b.id, b.campaign_id, b.match_key, coalesce(case who ->> 'kind'
                when 'domain' then coalesce(l.domain, b.domain) = who ->> 'value'
                    or coalesce(l.domain, b.domain) like '%.' || (who ->> 'value')
                when 'phone' then who ->> 'value' in (l.phone, b.phone)
                when 'company' then squeezed(coalesce(l.name, b.name)) = who ->> 'name'
                    and who ->> 'place' in (squeezed(b.city), squeezed(b.postcode),
                        squeezed(coalesce(b.postcode, '') || coalesce(b.city, '')))
                else false end, false) as is_whole,
            who ->> 'kind' <> 'company'
                and (b::text ~* (who ->> 'pattern') or coalesce(l::text ~* (who ->> 'pattern'), false)) as is_named
        from businesses b
        left join leads l on l.workspace_id = b.workspace_id and l.business_id = b.id
        where b.workspace_id in (select subject_scope(workspace))
    ) f where f.is_whole or f.is_named
$$;

-- The domains and addresses of the businesses that are the subject, which answers kept for everybody are found by.
create function subject_about(workspace uuid, who jsonb) returns table (what text, value text)
language sql stable security definer set search_path = pg_catalog, public as $$
    with found as (
        select coalesce(l.domain, b.domain) as domain, b.email, l.email as lead_email, l.contacts
        from subject_businesses(workspace, who) s
        join businesses b on b.workspace_id = s.workspace_id and b.id = s.business_id
        left join leads l on l.workspace_id = b.workspace_id and l.business_id = b.id
        where s.is_whole
    )
    select 'domain', domain from found where domain is not null
    union select 'email', email from found where email is not null
    union select 'email', lead_email from found where lead_email is not null
    union select 'email', c ->> 'email' from found, jsonb_array_elements(coalesce(contacts, '[]')) as c
$$;

-- The calls that were asked about it, or whose question or answer names it or an address of its businesses.
create function subject_calls(workspace uuid, who jsonb)
returns table (workspace_id uuid, key bytea, campaign_id uuid)
language sql stable security definer set search_path = pg_catalog, public as $$
    with addresses as materialized (
        select lower(a.value) as email from subject_about(workspace, who) a where a.what = 'email')
    select c.workspace_id, c.key, c.campaign_id from provider_calls c
    where c.workspace_id in (select subject_scope(workspace)) and (
        (c.campaign_id, c.subject) in (select b.campaign_id, b.match_key from subject_businesses(workspace, who) b
            where b.is_whole)
        or c.arguments::text ~* (who ->> 'pattern') or c.response::text ~* (who ->> 'pattern')
        or c.error ~* (who ->> 'pattern')
        or exists (select from addresses a where strpos(lower(concat(c.arguments, c.response)), a.email) > 0))
$$;

create function subject_kept(workspace uuid, who jsonb, questions jsonb)
returns table (provider text, operation text, argument_hash bytea, fetched_at timestamptz, expires_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public as $$
    select c.provider, c.operation, c.argument_hash, c.fetched_at, c.expires_at from provider_cache c
    where exists (select subject_scope(workspace)) and (c.response::text ~* (who ->> 'pattern') or exists (
        select from jsonb_to_recordset(questions) as q (provider text, operation text, hash text)
        where q.provider = c.provider and q.operation = c.operation and decode(q.hash, 'hex') = c.argument_hash))
$$;

-- Takes a subject out of every text of some rows of businesses or leads.
create function subject_blot(rows_of regclass, who jsonb, ids uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
declare item record; id_column text := case rows_of::text when 'leads' then 'business_id' else 'id' end;
begin
    if rows_of::text = 'leads' then
        update leads set contacts = (select coalesce(jsonb_agg(c order by place), '[]')
                from jsonb_array_elements(contacts) with ordinality as given (c, place)
                where c::text !~* (who ->> 'pattern'))
            where business_id = any(ids);
    end if;
    for item in select attname as name, attnotnull as is_needed, atttypid = 'jsonb'::regtype as is_json
        from pg_attribute where attrelid = rows_of and attnum > 0 and not attisdropped
            and atttypid in ('text'::regtype, 'jsonb'::regtype) and attname not in ('match_key', 'email_status')
    loop
        if item.is_json then
            execute format('update %s set %I = regexp_replace(%2$I::text, $1, ''[erased]'', ''gi'')::jsonb'
                ' where %I = any($2) and %2$I::text ~* $1', rows_of, item.name, id_column)
                using who ->> 'wide', ids;
        else
            execute format('update %s set %I = %s where %I = any($2) and %2$I ~* $1', rows_of, item.name,
                case when item.is_needed then format('regexp_replace(%I, $1, ''[erased]'', ''gi'')', item.name)
                    else 'null' end, id_column) using who ->> 'wide', ids;
        end if;
    end loop;
end $$;

create function subject_erase(workspace uuid, who jsonb, questions jsonb, tombstone bytea, hint text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, public as $$
declare
    scope uuid[] := array(select subject_scope(workspace)); whole uuid[]; named uuid[]; said text; item text;
    pattern text := who ->> 'pattern'; by_order text := who ->> 'order'; is_company boolean := who ->> 'kind' = 'company';
    part bigint; done jsonb; why constant text := 'Asked to be erased';
begin
    if cardinality(scope) = 0 then
        raise insufficient_privilege using message = 'only who answers for the workspace erases';
    end if;
    whole := array(select business_id from subject_businesses(workspace, who) where is_whole);
    named := array(select business_id from subject_businesses(workspace, who) where not is_whole);
    if exists (select from campaigns c where c.ended_at is null and (c.workspace_id, c.id) in (
            select b.workspace_id, b.campaign_id from subject_businesses(workspace, who) b
            union select p.workspace_id, p.campaign_id from subject_calls(workspace, who) p)) then
        return '{"running": 1}';
    end if;

    delete from provider_cache c using subject_kept(workspace, who, questions) k
        where c.provider = k.provider and c.operation = k.operation and c.argument_hash = k.argument_hash;
    get diagnostics part = row_count; done := jsonb_build_object('kept_answers', part);
    select coalesce(sum(calls_forget(s.workspace_id, s.keys)), 0) into part from (
        select workspace_id, array_agg(key) as keys from subject_calls(workspace, who) group by 1) s;
    done := done || jsonb_build_object('answers', part);

    update campaigns c set lead_count = greatest(0, c.lead_count - g.leads), businesses_found = greatest(0, c.businesses_found - g.found),
            leads_enriched = least(c.leads_enriched, greatest(0, c.lead_count - g.leads)),
            emails_found = least(c.emails_found, greatest(0, c.lead_count - g.leads)),
            emails_verified = least(c.emails_verified, greatest(0, c.lead_count - g.leads))
        from (select b.workspace_id, b.campaign_id, count(*)::int as found, count(l.id)::int as leads from businesses b
            left join leads l on l.workspace_id = b.workspace_id and l.business_id = b.id
            where b.id = any(whole) and b.workspace_id = any(scope) group by 1, 2) g
        where c.workspace_id = g.workspace_id and c.id = g.campaign_id;
    delete from leads where business_id = any(whole) and workspace_id = any(scope);
    get diagnostics part = row_count; done := done || jsonb_build_object('leads', part);
    delete from businesses where id = any(whole) and workspace_id = any(scope);
    get diagnostics part = row_count; done := done || jsonb_build_object('businesses', part);
    if cardinality(named) > 0 then
        perform subject_blot('businesses', who, named);
        perform subject_blot('leads', who, named);
        foreach item in array array['email', 'phone', 'website', 'domain'] loop
            execute format('update leads set provenance = provenance - %1$L,'
                ' empty_reasons = empty_reasons || jsonb_build_object(%1$L, ''It was erased on request.'')'
                ' where business_id = any($1) and %1$I is null and provenance ? %1$L', item) using named;
        end loop;
        update leads set email_status = 'none', is_role_address = false where business_id = any(named) and email is null;
    end if;
    done := done || jsonb_build_object('changed', cardinality(named));

    update exports set filter = regexp_replace(filter::text, by_order, '[erased]', 'gi')::jsonb
        where workspace_id = any(scope) and filter::text ~* by_order;
    get diagnostics part = row_count; done := done || jsonb_build_object('exports', part);
    update campaigns set title = regexp_replace(title, by_order, 'erased', 'gi'),
            spec = regexp_replace(spec::text, by_order, 'erased', 'gi')::jsonb,
            notice = regexp_replace(notice, by_order, 'erased', 'gi'), suspicion = regexp_replace(suspicion, by_order, 'erased', 'gi'),
            outcome_reason = regexp_replace(outcome_reason, by_order, 'erased', 'gi')
        where workspace_id = any(scope) and case when is_company then spec ->> 'by_name' ~* by_order
            else concat_ws(' ', title, spec, notice, suspicion, outcome_reason) ~* by_order end;
    get diagnostics part = row_count; done := done || jsonb_build_object('orders', part);
    if not is_company then
        update job_events set message = regexp_replace(message, who ->> 'wide', '[erased]', 'gi')
            where workspace_id = any(scope) and message ~* pattern;
        get diagnostics part = row_count; done := done || jsonb_build_object('events', part);
        update discovery_jobs set error = regexp_replace(error, who ->> 'wide', '[erased]', 'gi')
            where workspace_id = any(scope) and error ~* pattern;
        update outbox set error = regexp_replace(error, who ->> 'wide', '[erased]', 'gi')
            where workspace_id = any(scope) and error ~* pattern;
    end if;

    if workspace is null then
        insert into installation_suppressions (value_hash, kind, reason) values (tombstone, who ->> 'kind', why)
            on conflict do nothing;
    else
        delete from suppressions where workspace_id = workspace and value_hash = tombstone;
        insert into suppressions (workspace_id, value_hash, kind, reason, source, hint, added_by)
            values (workspace, tombstone, who ->> 'kind', why, 'erasure', hint, app_user_id());
    end if;
    perform auth_note(app_user_id(), case when workspace is null then 'erased_everywhere' else 'erased' end, workspace, null,
        done || jsonb_build_object('hash', encode(tombstone, 'hex'), 'kind', who ->> 'kind'));
    return done;
end $$;

-- That somebody was told what is held about a person is kept, and not about whom.
create function subject_reported(workspace uuid, hash bytea, kind text) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if workspace not in (select app_workspaces_as('admin')) then
        raise insufficient_privilege using message = 'only who answers for the workspace reports';
    end if;
    perform auth_note(app_user_id(), 'subject_reported', workspace, null,
        jsonb_build_object('hash', encode(hash, 'hex'), 'kind', kind));
end $$;

revoke all on function subject_scope(uuid), subject_businesses(uuid, jsonb), subject_calls(uuid, jsonb),
    subject_about(uuid, jsonb), subject_kept(uuid, jsonb, jsonb), subject_blot(regclass, jsonb, uuid[]),
    subject_erase(uuid, jsonb, jsonb, bytea, text), subject_reported(uuid, bytea, text) from public;
grant execute on function subject_businesses(uuid, jsonb), subject_calls(uuid, jsonb), subject_about(uuid, jsonb),
    subject_kept(uuid, jsonb, jsonb), subject_erase(uuid, jsonb, jsonb, bytea, text), subject_reported(uuid, bytea, text)
    to pp_web;
reset role;
revoke create on schema public from pp_auth;
