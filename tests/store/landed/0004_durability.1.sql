-- An uncertain call its owner allows to be sent once more, at its price.
alter table provider_calls add column may_repeat boolean not null default false;

-- The ledger keeps a page of Google's under "body"; what only Google said has to go after its time, place ids may stay.
create function forget_google_answers() returns bigint
    language plpgsql security definer set search_path = pg_catalog, public
    as $$
    declare changed bigint;
    begin
        update provider_calls c set response = jsonb_build_object('place_ids',
                (select coalesce(jsonb_agg(p ->> 'id'), '[]') from jsonb_array_elements(c.response -> 'body' -> 'places') p))
            where c.provider = 'google_places' and c.response -> 'body' ? 'places' and c.done_at < now() - interval '30 days';
        get diagnostics changed = row_count;
        return changed;
    end $$;

-- Opens the look-ups of an ended campaign that got no certain answer, so that a continued run asks again. Returns how
-- many leads wait for one.
create function app_retry_uncertain(campaign uuid) returns bigint
    language plpgsql security definer set search_path = pg_catalog, public
    as $$
    declare home uuid; opened bigint;
    begin
        select workspace_id into home from campaigns
            where id = campaign and workspace_id in (select app_workspaces()) and ended_at is not null for no key update;
        if home is null then return 0; end if;
        update provider_calls set may_repeat = true
            where workspace_id = home and campaign_id = campaign and state = 'unknown' and not may_repeat;
        update leads set is_open = true, steps = (
            select jsonb_agg(case when step ->> 'outcome' in ('uncertain', 'failed')
                then step || '{"is_open": true}' else step end order by place)
            from jsonb_array_elements(steps) with ordinality as given(step, place))
        where workspace_id = home and campaign_id = campaign
            and steps @? '$[*] ? (@.outcome == "uncertain" || @.outcome == "failed")';
        get diagnostics opened = row_count;
        return opened;
    end $$;

do $$
declare item record;
begin
    execute 'grant create on schema public to pp_auth';
    for item in select * from (values
        ('app_retry_uncertain(uuid)', 'pp_web'),
        ('forget_google_answers()', 'pp_system')
    ) as given(signature, roles) loop
        execute format('revoke execute on function %s from public', item.signature);
        execute format('grant execute on function %s to %s', item.signature, item.roles);
        execute format('alter function %s owner to pp_auth', item.signature);
    end loop;
end $$;
revoke create on schema public from pp_auth;
