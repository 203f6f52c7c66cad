create table users (
    id uuid primary key,
    email text not null check (length(email) between 3 and 254),
    password_hash text not null,
    is_admin boolean not null default false,
    created_at timestamptz not null default now(),
    disabled_at timestamptz
);
create unique index users_email on users (lower(email));

create table sessions (
    token_hash bytea primary key,
    user_id uuid not null references users on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz
);
create index sessions_user on sessions (user_id);

create table sign_in_attempts (
    id bigint generated always as identity primary key,
    email_hash bytea not null,
    ip text not null,
    succeeded boolean not null,
    at timestamptz not null default now()
);
create index sign_in_attempts_email on sign_in_attempts (email_hash, at);
create index sign_in_attempts_ip on sign_in_attempts (ip, at);

create table workspaces (
    id uuid primary key,
    name text not null,
    created_at timestamptz not null default now()
);

create table memberships (
    workspace_id uuid not null references workspaces on delete cascade,
    user_id uuid not null references users on delete cascade,
    role text not null check (role in ('owner', 'admin', 'member', 'viewer')),
    created_at timestamptz not null default now(),
    primary key (workspace_id, user_id)
);
create index memberships_user on memberships (user_id);

create table api_keys (
    workspace_id uuid not null,
    id uuid not null,
    user_id uuid not null,
    name text not null,
    key_hash bytea not null,
    created_at timestamptz not null default now(),
    last_used_at timestamptz,
    revoked_at timestamptz,
    primary key (workspace_id, id),
    foreign key (workspace_id, user_id) references memberships on delete cascade
);

create table campaigns (
    workspace_id uuid not null references workspaces on delete cascade,
    id uuid not null,
    created_by uuid not null,
    idem_key text not null check (length(idem_key) between 1 and 200),
    title text not null,
    spec jsonb not null,
    status text not null default 'pending'
        check (status in ('pending', 'processing', 'completed', 'partial', 'failed', 'cancelled')),
    outcome_reason text,
    notice text,
    budget_micros bigint not null check (budget_micros >= 0),
    spent_micros bigint not null default 0 check (spent_micros >= 0),
    reserved_micros bigint not null default 0 check (reserved_micros >= 0),
    businesses_found integer not null default 0,
    qualified_leads integer not null default 0,
    leads_enriched integer not null default 0,
    emails_found integer not null default 0,
    lead_count integer not null default 0,
    avg_confidence numeric(5, 2),
    created_at timestamptz not null default now(),
    started_at timestamptz,
    ended_at timestamptz,
    deleted_at timestamptz,
    primary key (workspace_id, id),
    unique (workspace_id, idem_key),
    check (spent_micros + reserved_micros <= budget_micros),
    check ((ended_at is not null) = (status in ('completed', 'partial', 'failed', 'cancelled')))
);
create index campaigns_newest on campaigns (workspace_id, created_at desc, id desc) where deleted_at is null;

create table discovery_jobs (
    workspace_id uuid not null,
    id uuid not null,
    campaign_id uuid not null,
    status text not null default 'pending'
        check (status in ('pending', 'processing', 'completed', 'partial', 'failed', 'cancelled')),
    progress integer not null default 0 check (progress between 0 and 100),
    current_stage text not null default 'initializing',
    attempt integer not null default 0,
    failures integer not null default 0,
    lease_token bigint not null default 0,
    lease_owner text,
    lease_until timestamptz,
    discovered_at timestamptz,
    cancel_requested_at timestamptz,
    metrics jsonb not null default '{}',
    error text,
    created_at timestamptz not null default now(),
    wake_at timestamptz not null default now(),
    started_at timestamptz,
    updated_at timestamptz not null default now(),
    ended_at timestamptz,
    primary key (workspace_id, id),
    unique (workspace_id, campaign_id),
    foreign key (workspace_id, campaign_id) references campaigns on delete cascade
);
create index discovery_jobs_id on discovery_jobs (id);
create index discovery_jobs_open on discovery_jobs (created_at) where status in ('pending', 'processing');
create index discovery_jobs_newest on discovery_jobs (created_at desc);

create table job_events (
    workspace_id uuid not null,
    id bigint generated always as identity,
    job_id uuid not null,
    at timestamptz not null default clock_timestamp(),
    stage text not null,
    progress integer not null,
    message text,
    metrics jsonb not null default '{}',
    primary key (workspace_id, job_id, id),
    foreign key (workspace_id, job_id) references discovery_jobs on delete cascade
);

create table businesses (
    workspace_id uuid not null,
    id uuid not null,
    campaign_id uuid not null,
    match_key text not null,
    rank integer not null,
    name text not null,
    category text not null,
    address text,
    city text,
    postcode text,
    country text,
    lat double precision not null,
    lon double precision not null,
    phone text,
    website text,
    domain text,
    email text,
    opening_hours text,
    brand text,
    origins jsonb not null,
    provenance jsonb not null,
    empty_reasons jsonb not null,
    confidence integer not null check (confidence between 0 and 100),
    score_breakdown jsonb not null,
    created_at timestamptz not null default now(),
    primary key (workspace_id, id),
    unique (workspace_id, campaign_id, match_key),
    foreign key (workspace_id, campaign_id) references campaigns on delete cascade
);
create index businesses_rank on businesses (workspace_id, campaign_id, rank);

create table leads (
    workspace_id uuid not null,
    id uuid not null,
    campaign_id uuid not null,
    business_id uuid not null,
    name text not null,
    category text not null,
    address text,
    city text,
    postcode text,
    country text,
    lat double precision not null,
    lon double precision not null,
    phone text,
    website text,
    domain text,
    email text,
    email_status text not null
        check (email_status in ('none', 'unverified', 'verified', 'catchall', 'unknown', 'disposable', 'invalid')),
    is_role_address boolean not null default false,
    opening_hours text,
    brand text,
    confidence integer not null check (confidence between 0 and 100),
    score_breakdown jsonb not null,
    origins jsonb not null,
    provenance jsonb not null,
    empty_reasons jsonb not null,
    steps jsonb not null,
    created_at timestamptz not null default now(),
    primary key (workspace_id, id),
    unique (workspace_id, campaign_id, business_id),
    foreign key (workspace_id, campaign_id) references campaigns on delete cascade,
    foreign key (workspace_id, business_id) references businesses on delete cascade
);
create index leads_best on leads (workspace_id, campaign_id, confidence desc, id);

create table provider_calls (
    workspace_id uuid not null,
    key bytea not null,
    campaign_id uuid not null,
    provider text not null,
    operation text not null,
    arguments jsonb not null,
    state text not null check (state in ('intent', 'done', 'failed_free', 'unknown')),
    price_micros bigint not null check (price_micros >= 0),
    lease_token bigint not null,
    http_status integer,
    response jsonb,
    sent_at timestamptz not null default now(),
    done_at timestamptz,
    primary key (workspace_id, key),
    foreign key (workspace_id, campaign_id) references campaigns on delete cascade
);
create index provider_calls_campaign on provider_calls (workspace_id, campaign_id, sent_at);

create table provider_cache (
    provider text not null,
    operation text not null,
    argument_hash bytea not null,
    response jsonb not null,
    fetched_at timestamptz not null default now(),
    expires_at timestamptz not null,
    primary key (provider, operation, argument_hash)
);
create index provider_cache_expiry on provider_cache (expires_at);

create table suppressions (
    workspace_id uuid not null references workspaces on delete cascade,
    value_hash bytea not null,
    reason text not null,
    created_at timestamptz not null default now(),
    primary key (workspace_id, value_hash)
);

create table outbox (
    workspace_id uuid not null,
    id uuid not null,
    kind text not null check (kind in ('run_campaign')),
    job_id uuid not null,
    attempt integer not null,
    created_at timestamptz not null default now(),
    sent_at timestamptz,
    primary key (workspace_id, id),
    unique (workspace_id, job_id, kind, attempt),
    foreign key (workspace_id, job_id) references discovery_jobs on delete cascade
);
create index outbox_unsent on outbox (created_at) where sent_at is null;

create table exports (
    workspace_id uuid not null,
    id uuid not null,
    campaign_id uuid not null,
    user_id uuid not null,
    format text not null,
    filter jsonb not null,
    row_count integer not null,
    sha256 bytea not null,
    created_at timestamptz not null default now(),
    primary key (workspace_id, id),
    foreign key (workspace_id, campaign_id) references campaigns on delete cascade
);
create index exports_campaign on exports (workspace_id, campaign_id);

create table audit_log (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    actor_id uuid not null,
    action text not null,
    workspace_id uuid,
    target_id uuid,
    detail jsonb not null default '{}'
);
create index audit_log_at on audit_log (at);

create table workers (
    name text primary key,
    pid integer not null,
    host text not null,
    started_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    stopped_at timestamptz
);
