-- Notes and tags of the book tell of people, too: they are reported and erased with everything else.

grant create on schema public to pp_auth;
set local role pp_auth;

-- What was done about the companies that are the subject, and the notes that name it elsewhere.
create function subject_activities(workspace uuid, who jsonb) returns table (workspace_id uuid, id bigint)
language sql stable security definer set search_path = pg_catalog, public as $$
    select a.workspace_id, a.id from activities a
    where a.workspace_id in (select subject_scope(workspace)) and (
        (a.workspace_id, a.company_id) in (
            select l.workspace_id, l.company_id from subject_businesses(workspace, who) b
            join leads l on l.workspace_id = b.workspace_id and l.business_id = b.business_id where b.is_whole)
        or (who ->> 'kind' <> 'company' and a.detail::text ~* (who ->> 'pattern')))
$$;

create or replace function subject_erase(workspace uuid, who jsonb, questions jsonb, tombstone bytea, hint text)
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
    delete from activities a using subject_activities(workspace, who) s
        where a.workspace_id = s.workspace_id and a.id = s.id;
    get diagnostics part = row_count; done := done || jsonb_build_object('notes', part);
    if not is_company then
        update companies set tags = array(select tag from unnest(tags) as tag where tag !~* pattern)
            where workspace_id = any(scope) and array_to_string(tags, ' ') ~* pattern;
        -- What was noted of the tags before, and of this.
        delete from activities where workspace_id = any(scope) and kind = 'tags' and detail::text ~* pattern;
    end if;
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

revoke all on function subject_activities(uuid, jsonb) from public;
grant execute on function subject_activities(uuid, jsonb) to pp_web;
reset role;
revoke create on schema public from pp_auth;
