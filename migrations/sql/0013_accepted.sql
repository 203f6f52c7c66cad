-- What a mail verifier of one's own can say: less than verified, more than nothing.
alter table leads drop constraint leads_email_status_check;
alter table leads add constraint leads_email_status_check check (email_status in (
    'none', 'unverified', 'verified', 'accepted', 'catchall', 'unknown', 'disposable', 'invalid'
)) not valid;
alter table leads validate constraint leads_email_status_check;

-- A provider may have been asked several questions for one lead: its uncertain step bears what all of them cost, not
-- what the cheapest of them did.
grant create on schema public to pp_auth;
set local role pp_auth;
create or replace function ledger_correct_leads(workspace uuid, campaign uuid) returns void
    language sql security definer set search_path = pg_catalog, public as $$
        update leads t set cost_micros = t.cost_micros - (f.step ->> 'cost_micros')::bigint + f.cost_micros,
            steps = jsonb_set(t.steps, array[(f.place - 1)::text, 'cost_micros'], to_jsonb(f.cost_micros))
        from (
            select l.workspace_id, l.id, s.step, s.place, sum(p.cost_micros)::bigint as cost_micros
            from provider_calls p
            join businesses b on b.workspace_id = p.workspace_id and b.campaign_id = p.campaign_id
                and b.match_key = p.subject
            join leads l on l.workspace_id = b.workspace_id and l.campaign_id = b.campaign_id and l.business_id = b.id
            cross join lateral jsonb_array_elements(l.steps) with ordinality as s(step, place)
            where p.workspace_id = workspace and p.campaign_id = campaign
                and s.step ->> 'step' = p.provider and s.step ->> 'outcome' = 'uncertain'
            group by l.workspace_id, l.id, s.step, s.place
            having bool_and(p.state <> 'intent') and (s.step ->> 'cost_micros')::bigint > sum(p.cost_micros)
        ) f where t.workspace_id = f.workspace_id and t.id = f.id
    $$;

-- What was paid for by its start, and turned out to be free when its result was there.
create function ledger_refund(workspace uuid, call_key bytea) returns void
    language plpgsql security definer set search_path = pg_catalog, public as $$
    declare call provider_calls%rowtype;
    begin
        select * into call from provider_calls where workspace_id = workspace and key = call_key;
        if not found then return; end if;
        perform from campaigns where workspace_id = workspace and id = call.campaign_id for no key update;
        select * into call from provider_calls where workspace_id = workspace and key = call_key for no key update;
        if call.state <> 'done' then return; end if;
        update provider_calls set cost_micros = 0, found = false where workspace_id = workspace and key = call_key;
        update campaigns set spent_micros = spent_micros - call.cost_micros
        where workspace_id = workspace and id = call.campaign_id;
    end $$;
revoke execute on function ledger_refund(uuid, bytea) from public;
grant execute on function ledger_refund(uuid, bytea) to pp_worker;
reset role;
revoke create on schema public from pp_auth;
