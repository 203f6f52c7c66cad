-- Sums of the whole installation between two days, and what administrators need for the cost of a usable lead.

drop function ledger_spending(timestamptz);
grant select (emails_verified) on campaigns to pp_admin;

grant create on schema public to pp_auth;
set local role pp_auth;

create function ledger_sums(by_what text, since timestamptz, until timestamptz) returns table (
    "group" text, calls bigint, cost_micros bigint, saved_micros bigint, missed_micros bigint, uncertain_micros bigint
) language sql stable security definer set search_path = pg_catalog, public as $$
    with told as (
        select p.*, case by_what when 'campaign' then g.id end as one, case by_what
            when 'day' then to_char(p.sent_at at time zone 'UTC', 'YYYY-MM-DD')
            when 'campaign' then g.title || ', ' || to_char(g.created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI')
            when 'provider' then p.provider
            when 'workspace' then w.name
            else coalesce(u.email, 'A former member') end as what
        from provider_calls p
        join campaigns g on g.workspace_id = p.workspace_id and g.id = p.campaign_id
        join workspaces w on w.id = p.workspace_id
        left join users u on u.id = g.created_by
        where app_is_admin() and coalesce(p.sent_at >= since, true) and coalesce(p.sent_at < until, true)
    )
    select what, count(*) filter (where state in ('done', 'unknown')), coalesce(sum(cost_micros), 0)::bigint,
        coalesce(sum(saved_micros), 0)::bigint,
        coalesce(sum(cost_micros) filter (where state = 'done' and not coalesce(found, true)), 0)::bigint,
        coalesce(sum(cost_micros) filter (where state = 'unknown'), 0)::bigint
    from told group by what, one
    order by case when by_what = 'day' then what end desc, 3 desc, what
$$;

reset role;
revoke create on schema public from pp_auth;
set local role pp_auth;
revoke all on function ledger_sums(text, timestamptz, timestamptz) from public;
grant execute on function ledger_sums(text, timestamptz, timestamptz) to pp_admin;
reset role;
