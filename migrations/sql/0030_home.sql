-- What is new since somebody was last here, and indexes that its counts stop in early, however large the workspace is.

create table visits (
    workspace_id uuid not null,
    user_id uuid not null,
    latest_at timestamptz not null default now(),
    before_at timestamptz,
    primary key (workspace_id, user_id),
    foreign key (workspace_id, user_id) references memberships (workspace_id, user_id) on delete cascade
);
comment on table visits is 'When somebody last looked at the Home page of a workspace, and when the visit before ended. Shown to themselves alone.';
alter table visits enable row level security;
alter table visits force row level security;
create policy auth_all on visits to pp_auth using (true) with check (true);
grant select, insert, update, delete on visits to pp_auth;

-- Found, and nobody has worked on them.
create index leads_book_fresh on leads (workspace_id, first_seen_at desc, id desc) where is_current and team_status = 'new';
create index leads_book_due_of on leads (workspace_id, owner_id, follow_up_on, id)
    where is_current and follow_up_on is not null and owner_id is not null;
create index campaigns_ended on campaigns (workspace_id, ended_at desc, id desc)
    where deleted_at is null and ended_at is not null;
create index campaigns_short on campaigns (workspace_id, ended_at desc)
    where deleted_at is null and status = 'partial' and outcome_cause = 'out_of_budget';
create index campaigns_usable on campaigns (workspace_id, emails_verified desc)
    where deleted_at is null and status = 'completed' and emails_verified > 0;
-- The same search, with whatever number, budget and look-ups.
create index campaigns_search on campaigns
    (workspace_id, md5((spec - '{max_results,budget_usd,waterfall,known_companies}'::text[])::text), created_at) where deleted_at is null;
create index campaigns_ordered on campaigns (workspace_id, created_at);
create index provider_calls_paid on provider_calls (workspace_id, sent_at) include (cost_micros) where cost_micros > 0;

grant create on schema public to pp_auth;
set local role pp_auth;

-- Notes that somebody is here and returns when their visit before ended, to the minute; null when there was none. A visit
-- goes on until they have not looked for 30 minutes, so that a reload does not make the news old.
create function app_visit(of_workspace uuid) returns timestamptz
language plpgsql volatile security definer set search_path = pg_catalog, public as $$
declare me uuid := app_user_id();
begin
    if not exists (select from app_workspaces() as home where home = of_workspace) then
        return null;
    end if;
    insert into visits as v (workspace_id, user_id) values (of_workspace, me)
        on conflict (workspace_id, user_id) do update set latest_at = now(),
            before_at = case when v.latest_at < now() - interval '30 minutes' then v.latest_at else v.before_at end
        where v.latest_at < now() - interval '1 minute';
    return (select date_trunc('minute', v.before_at) from visits v where v.workspace_id = of_workspace and v.user_id = me);
end $$;

reset role;
revoke create on schema public from pp_auth;
set local role pp_auth;
revoke all on function app_visit(uuid) from public;
grant execute on function app_visit(uuid) to pp_web;
reset role;
