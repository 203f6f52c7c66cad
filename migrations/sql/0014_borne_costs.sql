grant create on schema public to pp_auth;
set local role pp_auth;

-- What a campaign paid for a company stands on its lead, whatever a later run made of the lead: each step's cost follows
-- from the calls that were made for the lead, plus its shares of lists. A cost is lowered only where nobody knew yet what
-- was billed: results of earlier versions do not say which part of them was a share.
create or replace function ledger_correct_leads(workspace uuid, campaign uuid) returns void
    language sql security definer set search_path = pg_catalog, public
    as $$
        with paid as (
            select subject, provider, sum(cost_micros)::bigint as cost_micros
            from provider_calls
            where workspace_id = workspace and campaign_id = campaign and subject is not null
            group by subject, provider
            having bool_and(state <> 'intent')
        ),
        results as (
            select l.id, b.match_key, s.step, s.place,
                row_number() over (partition by l.id, s.step ->> 'step' order by s.place desc) = 1 as is_last,
                sum((s.step ->> 'cost_micros')::bigint) over each as noted_micros,
                sum(coalesce((s.step ->> 'shared_micros')::bigint, 0)) over each as shared_micros
            from leads l
            join businesses b on b.workspace_id = l.workspace_id and b.id = l.business_id
            cross join lateral jsonb_array_elements(l.steps) with ordinality as s(step, place)
            where l.workspace_id = workspace and l.campaign_id = campaign
            window each as (partition by l.id, s.step ->> 'step')
        ),
        wrong as (
            select r.id, r.place, (r.step ->> 'cost_micros')::bigint as cost_micros,
                p.cost_micros + r.shared_micros - r.noted_micros as missing_micros
            from results r
            join paid p on p.subject = r.match_key and p.provider = r.step ->> 'step'
            where r.is_last and (p.cost_micros + r.shared_micros > r.noted_micros
                or (p.cost_micros + r.shared_micros < r.noted_micros and r.step ->> 'outcome' = 'uncertain'))
        )
        update leads t set
            cost_micros = t.cost_micros + (select sum(w.missing_micros) from wrong w where w.id = t.id)::bigint,
            steps = (
                select jsonb_agg(case when w.id is null then s.step else jsonb_set(
                    s.step, '{cost_micros}', to_jsonb((w.cost_micros + w.missing_micros)::bigint)) end order by s.place)
                from jsonb_array_elements(t.steps) with ordinality as s(step, place)
                left join wrong w on w.id = t.id and w.place = s.place)
        where t.workspace_id = workspace and t.id in (select id from wrong)
    $$;

reset role;
revoke create on schema public from pp_auth;
