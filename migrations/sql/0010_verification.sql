-- What a question that was sent came to after all, as its provider states it later: the answer to one that counted as
-- unanswered, or a lower cost than was booked. It never costs more than it counted as. The worker's own rights and
-- policies decide which calls it can reach.
create function ledger_restate(
    workspace uuid, call_key bytea, cost bigint, answer jsonb, has_found boolean, is_simulated boolean
) returns text language plpgsql set search_path = pg_catalog, public
    as $$
    declare call provider_calls%rowtype; settled bigint;
    begin
        select * into call from provider_calls where workspace_id = workspace and key = call_key;
        if not found then return null; end if;
        perform from campaigns where workspace_id = workspace and id = call.campaign_id for no key update;
        select * into call from provider_calls where workspace_id = workspace and key = call_key for no key update;
        if call.state in ('intent', 'unknown') then
            return ledger_settle(workspace, call_key, 'done', cost, 200, answer, has_found, is_simulated, null);
        end if;
        if call.state <> 'done' then return call.state; end if;
        settled := least(cost, call.cost_micros);
        update provider_calls set cost_micros = settled, response = answer, found = has_found
            where workspace_id = workspace and key = call_key;
        update campaigns set spent_micros = spent_micros - (call.cost_micros - settled)
            where workspace_id = workspace and id = call.campaign_id;
        return 'done';
    end $$;
revoke execute on function ledger_restate(uuid, bytea, bigint, jsonb, boolean, boolean) from public;
grant execute on function ledger_restate(uuid, bytea, bigint, jsonb, boolean, boolean) to pp_worker;

grant create on schema public to pp_auth;
set local role pp_auth;

-- Several questions may have been asked for one lead: an uncertain step bears what all of them cost, and beside that its
-- shares of lists, which have no call of their own.
create or replace function ledger_correct_leads(workspace uuid, campaign uuid) returns void
    language sql security definer set search_path = pg_catalog, public
    as $$
        update leads t set cost_micros = t.cost_micros - (f.step ->> 'cost_micros')::bigint + f.cost_micros,
            steps = jsonb_set(t.steps, array[(f.place - 1)::text, 'cost_micros'], to_jsonb(f.cost_micros))
        from (
            select l.workspace_id, l.id, s.step, s.place,
                sum(p.cost_micros)::bigint + coalesce((s.step ->> 'shared_micros')::bigint, 0) as cost_micros
            from provider_calls p
            join businesses b on b.workspace_id = p.workspace_id and b.campaign_id = p.campaign_id
                and b.match_key = p.subject
            join leads l on l.workspace_id = b.workspace_id and l.campaign_id = b.campaign_id and l.business_id = b.id
            cross join lateral jsonb_array_elements(l.steps) with ordinality as s(step, place)
            where p.workspace_id = workspace and p.campaign_id = campaign
                and s.step ->> 'step' = p.provider and s.step ->> 'outcome' = 'uncertain'
            group by l.workspace_id, l.id, s.step, s.place
            having bool_and(p.state <> 'intent')
                and (s.step ->> 'cost_micros')::bigint
                    > sum(p.cost_micros) + coalesce((s.step ->> 'shared_micros')::bigint, 0)
        ) f where t.workspace_id = f.workspace_id and t.id = f.id
    $$;

-- Opens the look-ups of an ended campaign that got no certain answer, so that a continued run asks again. Returns how
-- many leads wait for one: those that are open because a list failed or said nothing of them, too.
create or replace function app_retry_uncertain(campaign uuid) returns bigint
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
            and steps @? '$[*] ? (@.outcome == "uncertain" || @.outcome == "failed" || (@.is_open == true
                && (@.cause == "list_failed" || @.cause == "no_result")))';
        get diagnostics opened = row_count;
        return opened;
    end $$;

reset role;
revoke create on schema public from pp_auth;
