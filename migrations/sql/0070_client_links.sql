-- Client links: pages by which somebody without an account reads leads of one campaign, or companies that a view showed.

create table client_links (
    workspace_id uuid not null references workspaces on delete cascade,
    id uuid not null,
    made_by uuid not null,
    name text not null check (length(name) between 1 and 100),
    shows text not null check (length(shows) between 1 and 300),
    campaign_id uuid,
    token_hash bytea not null unique check (length(token_hash) = 32),
    password_hash text check (password_hash ~ '^\$argon2id\$'),
    shows_contacts boolean not null,
    allows_download boolean not null,
    created_at timestamp with time zone not null default now(),
    expires_at timestamp with time zone not null,
    revoked_at timestamp with time zone,
    views integer not null default 0,
    viewed_at timestamp with time zone,
    wrong integer not null default 0,
    wrong_at timestamp with time zone,
    tries integer not null default 0,
    files integer not null default 0,
    files_since timestamp with time zone,
    has_password boolean generated always as (password_hash is not null) stored,
    primary key (workspace_id, id),
    foreign key (workspace_id, made_by) references memberships (workspace_id, user_id) on delete cascade,
    foreign key (workspace_id, campaign_id) references campaigns on delete cascade,
    check (expires_at > created_at and expires_at <= created_at + interval '2160 hours')
);
comment on column client_links.name is 'Whom it is for.';
comment on column client_links.shows is 'What it shows, in words: the title of the campaign or the name of the view.';
comment on column client_links.campaign_id is 'Whose leads it shows; empty: the companies of client_link_companies.';
comment on column client_links.wrong is 'Passwords typed in a row that were not the right one, the one being compared included.';
comment on column client_links.tries is 'Passwords that may be compared: each was counted before.';
comment on column client_links.files is 'Files that left by it since files_since, for an hour.';
create index client_links_made_by on client_links (workspace_id, made_by);
create index client_links_campaign on client_links (workspace_id, campaign_id) where campaign_id is not null;

create table client_link_companies (
    workspace_id uuid not null,
    link_id uuid not null,
    company_id uuid not null,
    primary key (workspace_id, link_id, company_id),
    foreign key (workspace_id, link_id) references client_links on delete cascade,
    foreign key (workspace_id, company_id) references companies on delete cascade
);
create index client_link_companies_company on client_link_companies (workspace_id, company_id);

create table client_link_visits (
    workspace_id uuid not null,
    link_id uuid not null,
    key_hash bytea not null check (length(key_hash) = 32),
    until timestamp with time zone not null,
    primary key (workspace_id, link_id, key_hash),
    foreign key (workspace_id, link_id) references client_links on delete cascade
);
comment on table client_link_visits is 'Browsers that gave the password of a link.';

do $$
declare name text;
begin
    foreach name in array array['client_links', 'client_link_companies', 'client_link_visits'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy auth_all on %I to pp_auth using (true) with check (true)', name);
        execute format('grant select, insert, update, delete on %I to pp_auth', name);
    end loop;
end $$;

create policy sees on client_links for select to pp_web using (workspace_id in (select app_workspaces_as('member')));
create policy adds on client_links for insert to pp_web
    with check (workspace_id in (select app_workspaces_as('member')) and made_by = (select app_user_id()));
grant select (workspace_id, id, made_by, name, shows, campaign_id, shows_contacts, allows_download, created_at, expires_at,
    revoked_at, views, viewed_at, has_password), insert (workspace_id, id, made_by, name, shows, campaign_id, token_hash, password_hash,
    shows_contacts, allows_download, expires_at) on client_links to pp_web;
create policy adds on client_link_companies for insert to pp_web
    with check (exists (select from client_links l where l.workspace_id = client_link_companies.workspace_id
        and l.id = client_link_companies.link_id and l.made_by = (select app_user_id())));
grant insert on client_link_companies to pp_web;

grant create on schema public to pp_auth;
set local role pp_auth;

-- A guest makes none, as strangers would publish under our name; what ended long ago goes when another one is made.
create function client_link_admits() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if exists (select from users u where u.id = app_user_id() and u.guest_until is not null) then
        raise insufficient_privilege using message = 'guests make no links';
    end if;
    perform pg_advisory_xact_lock(hashtextextended('client links ' || new.workspace_id, 0));
    delete from client_links l
        where l.workspace_id = new.workspace_id and least(l.revoked_at, l.expires_at) < now() - interval '90 days';
    if (select count(*) from client_links l where l.workspace_id = new.workspace_id
        and l.revoked_at is null and l.expires_at > now()) >= 100 then
        raise check_violation using message = 'a workspace has 100 open links at most', constraint = 'client_links_most';
    end if;
    return new;
end $$;

create function client_link_noted() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    perform auth_note(new.made_by, 'client_link_made', new.workspace_id, new.id, jsonb_build_object(
        'contacts', new.shows_contacts, 'download', new.allows_download, 'password', new.password_hash is not null));
    return null;
end $$;

create function client_link_revoke(workspace uuid, link uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    update client_links l set revoked_at = now()
        where l.workspace_id = workspace and l.id = link and l.revoked_at is null and l.expires_at > now()
            and workspace in (select app_workspaces_as('member'))
            and (l.made_by = app_user_id() or workspace in (select app_workspaces_as('admin')));
    if not found then return false; end if;
    perform auth_note(app_user_id(), 'client_link_revoked', workspace, link, '{}');
    return true;
end $$;

-- The link that a key opens, while it is open and its maker may still take leads out of the workspace.
create function client_link_of(key bytea) returns setof client_links
language sql stable security definer set search_path = pg_catalog, public as $$
    select l.*
    from client_links l
    join memberships m on m.workspace_id = l.workspace_id and m.user_id = l.made_by
    join users u on u.id = l.made_by
    where l.token_hash = key and l.revoked_at is null and l.expires_at > now()
        and role_rank(m.role) >= role_rank('member') and u.disabled_at is null
        and (l.campaign_id is null or exists (select from campaigns c
            where c.workspace_id = l.workspace_id and c.id = l.campaign_id and c.deleted_at is null))
$$;

create function client_link_is_open(link client_links, visit bytea) returns boolean
language sql stable security definer set search_path = pg_catalog, public as $$
    select link.password_hash is null or exists (select from client_link_visits v
        where v.workspace_id = link.workspace_id and v.link_id = link.id and v.key_hash = sha256(visit) and v.until > now())
$$;

-- What a key opens; before the password was given not even whom it is for.
create function client_link_see(key bytea, visit bytea)
returns table (shows text, shows_contacts boolean, allows_download boolean, expires_at timestamp with time zone,
    is_open boolean)
language sql stable security definer set search_path = pg_catalog, public as $$
    select case when o.is_open then l.shows end, l.shows_contacts, l.allows_download, l.expires_at, o.is_open
    from client_link_of(key) l, lateral (select client_link_is_open(l, visit) as is_open) o
$$;

-- Before a password is compared it counts as a wrong one; after ten nobody is heard for fifteen minutes.
create function client_link_try(key bytea) returns table (parameters text, refused boolean)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare one client_links;
begin
    select l.* into one from client_link_of(key) l where l.password_hash is not null;
    if not found then return; end if;
    update client_links l set wrong_at = now(), tries = least(l.tries + 1, 10),
            wrong = case when l.wrong_at < now() - interval '15 minutes' then 1 else l.wrong + 1 end
        where l.workspace_id = one.workspace_id and l.id = one.id
            and (l.wrong < 10 or l.wrong_at < now() - interval '15 minutes');
    return query select regexp_replace(one.password_hash, '\$[^$]*$', ''), not found;
end $$;

-- The right password lets the browser that holds the visit's key read for twelve hours.
create function client_link_enter(key bytea, derived text, visit bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare one client_links;
begin
    select l.* into one from client_link_of(key) l;
    update client_links l set tries = l.tries - 1
        where l.workspace_id = one.workspace_id and l.id = one.id and l.tries > 0;
    if not found or one.password_hash is distinct from derived or visit is null then return false; end if;
    update client_links l set wrong = 0, wrong_at = null where l.workspace_id = one.workspace_id and l.id = one.id;
    delete from client_link_visits v
        where v.workspace_id = one.workspace_id and v.link_id = one.id and v.until < now();
    insert into client_link_visits values (one.workspace_id, one.id, sha256(visit), now() + interval '12 hours')
        on conflict do nothing;
    return true;
end $$;

-- A value, unless an origin gave it whose values stay here.
create function client_link_value(value text, field text, provenance jsonb, kept_here text[]) returns text
language sql immutable set search_path = pg_catalog, public as $$
    select case when provenance -> field ->> 'source' = any(kept_here) then null else nullif(value, '') end
$$;

-- Addresses and numbers that stand in another text, such as a name.
create function client_link_text(value text, is_whole boolean) returns text
language sql immutable set search_path = pg_catalog, public as $$
    select case when is_whole then value else
        regexp_replace(regexp_replace(value, '[^\s@,;<>()]+@[^\s@,;<>()]+', '•••', 'g'),
            '\+\d[\d\s()/.-]{5,}\d|\m0\d{8,}', '•••', 'g') end
$$;

create function client_link_email(value text, is_whole boolean) returns text
language sql immutable set search_path = pg_catalog, public as $$
    select case when is_whole then value
        else regexp_replace(value, '^(?:(.).+|.)@(?=[^@]*$)', '\1•••@') end
$$;

-- Of a number the country code of E.164 and the last two digits.
create function client_link_phone(value text, is_whole boolean) returns text
language sql immutable set search_path = pg_catalog, public as $$
    select case when is_whole then value else concat_ws(' ', substring(d.digits from
            '^\+(?:[17]|2[07]|2[1-689]\d|3[0-469]|3[578]\d|4[013-9]|42\d|5[1-8]|5[09]\d|6[0-6]|6[7-9]\d|8[1246]|8[035789]\d|'
            || '9[0-58]|9[679]\d)'),
        '•••' || case when length(d.digits) >= 8 then right(d.digits, 2) else '' end) end
    from (select regexp_replace(split_part(value, ';', 1), '[^\d+]', '', 'g') as digits) d
$$;

-- What a link shows: nobody the suppression list keeps away, nothing an origin keeps here, contacts only where the link
-- says so, and never what the team made of a company. Sorted by confidence, behind one of them.
create function client_link_leads(key bytea, visit bytea, kept_here text[], after_confidence integer, after_id uuid,
    most integer)
returns table (id uuid, name text, category text, place text, website text, opening_hours text, email text, phone text,
    confidence integer, is_simulated boolean, origins jsonb)
language sql stable security definer set search_path = pg_catalog, public as $$
    with link as materialized (
        select l.workspace_id, l.id, l.campaign_id, l.shows_contacts as is_whole
        from client_link_of(key) l where client_link_is_open(l, visit)
    ), every as (
        select l.*, k.is_whole
        from link k join leads l on l.workspace_id = k.workspace_id and l.campaign_id = k.campaign_id
        union all
        select l.*, k.is_whole
        from link k
        join client_link_companies x on x.workspace_id = k.workspace_id and x.link_id = k.id and k.campaign_id is null
        join leads l on l.workspace_id = x.workspace_id and l.company_id = x.company_id and l.is_current
    ), shown as (
        select l.*
        from every l
        where l.name <> 'Name removed'
            and client_link_value(l.name, 'name', l.provenance, kept_here) is not null
            and not exists (select from suppressed_companies s
                where s.workspace_id = l.workspace_id and s.company_id = l.company_id and (
                    exists (select from suppressions x where x.workspace_id = s.workspace_id and x.value_hash = s.value_hash)
                    or exists (select from installation_suppressions x where x.value_hash = s.value_hash)))
            and (after_id is null or (-l.confidence, l.id) > (-after_confidence, after_id))
        order by l.confidence desc, l.id limit most
    )
    select l.id, client_link_text(l.name, l.is_whole), l.category,
        client_link_text(coalesce(client_link_value(l.address, 'address', l.provenance, kept_here), nullif(concat_ws(', ',
            concat_ws(' ', client_link_value(l.postcode, 'postcode', l.provenance, kept_here),
                client_link_value(l.city, 'city', l.provenance, kept_here)),
            client_link_value(l.country, 'country', l.provenance, kept_here)), '')), l.is_whole),
        case when l.is_whole then w.website else substring(w.website from '^https?://[^/?#@\s]+(?=[/?#]|$)') end,
        client_link_text(client_link_value(l.opening_hours, 'opening_hours', l.provenance, kept_here), l.is_whole),
        case when l.email_status <> 'invalid' then
            client_link_email(client_link_value(l.email, 'email', l.provenance, kept_here), l.is_whole) end,
        client_link_phone(client_link_value(l.phone, 'phone', l.provenance, kept_here), l.is_whole),
        l.confidence, c.simulated, (select coalesce(jsonb_agg(distinct jsonb_build_object('ref', '', 'source', o -> 'source',
                'licence', o -> 'licence', 'attribution', o -> 'attribution')), '[]')
            from jsonb_array_elements(l.origins) o where o ->> 'source' <> all(kept_here))
    from shown l
    join campaigns c on c.workspace_id = l.workspace_id and c.id = l.campaign_id
    cross join lateral (select client_link_value(l.website, 'website', l.provenance, kept_here) as website) w
    order by l.confidence desc, l.id
$$;

create function client_link_viewed(key bytea, visit bytea) returns void
language sql security definer set search_path = pg_catalog, public as $$
    update client_links l set views = l.views + 1, viewed_at = now()
    from client_link_of(key) k
    where l.workspace_id = k.workspace_id and l.id = k.id and client_link_is_open(k, visit)
$$;

-- A file that left by a link stands in the log of exports under whoever made the link; twenty an hour do.
create function client_link_taken(key bytea, visit bytea, export_id uuid, taken uuid[], sha bytea) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
declare one client_links;
begin
    select l.* into one from client_link_of(key) l where l.allows_download and client_link_is_open(l, visit);
    if not found then return 'closed'; end if;
    update client_links l set files = case when l.files_since > now() - interval '1 hour' then l.files + 1 else 1 end,
            files_since = case when l.files_since > now() - interval '1 hour' then l.files_since else now() end
        where l.workspace_id = one.workspace_id and l.id = one.id
            and (l.files < 20 or l.files_since <= now() - interval '1 hour');
    if not found then return 'too_many'; end if;
    perform from companies c where c.workspace_id = one.workspace_id and c.id = any (array(
            select l.company_id from leads l where l.workspace_id = one.workspace_id and l.id = any (taken)))
        order by c.id for no key update;
    update companies c set exported_at = now() where c.workspace_id = one.workspace_id and c.id = any (array(
            select l.company_id from leads l where l.workspace_id = one.workspace_id and l.id = any (taken)));
    insert into exports (workspace_id, id, campaign_id, user_id, format, filter, row_count, sha256)
        values (one.workspace_id, export_id, one.campaign_id, one.made_by, 'client_link', '{}', cardinality(taken), sha);
    perform auth_note(one.made_by, 'client_link_downloaded', one.workspace_id, one.id,
        jsonb_build_object('leads', cardinality(taken)));
    return 'done';
end $$;

-- What links are called may name somebody, as names of views may.
create or replace function subject_views(workspace uuid, who jsonb)
returns table (workspace_id uuid, id uuid, name text, made_by uuid, created_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public as $$
    select v.workspace_id, v.id, v.name, v.made_by, v.created_at from saved_views v
    where v.workspace_id in (select subject_scope(workspace)) and concat_ws(' ', v.name, v.query) ~* (who ->> 'order')
    union all
    select l.workspace_id, l.id, l.name, l.made_by, l.created_at from client_links l
    where l.workspace_id in (select subject_scope(workspace)) and concat_ws(' ', l.name, l.shows) ~* (who ->> 'order')
$$;

create or replace function subject_erase_views(workspace uuid, who jsonb) returns integer
language plpgsql security definer set search_path = pg_catalog, public as $$
declare by_order text := who ->> 'order'; done integer; part integer;
begin
    if not exists (select from subject_scope(workspace)) then
        raise insufficient_privilege using message = 'only who answers for the workspace erases';
    end if;
    update client_links l set name = left(regexp_replace(l.name, by_order, '[erased]', 'gi'), 100),
            shows = left(regexp_replace(l.shows, by_order, '[erased]', 'gi'), 300)
        where l.workspace_id in (select subject_scope(workspace)) and concat_ws(' ', l.name, l.shows) ~* by_order;
    get diagnostics done = row_count;
    update saved_views v set query = regexp_replace(v.query::text, by_order, '[erased]', 'gi')::jsonb,
            name = case when v.name ~* by_order
                then left(regexp_replace(v.name, by_order, '[erased]', 'gi'), 50) || ' ' || right(v.id::text, 8)
                else v.name end
        from subject_views(workspace, who) s where s.workspace_id = v.workspace_id and s.id = v.id;
    get diagnostics part = row_count;
    return done + part;
end $$;

revoke all on function client_link_revoke(uuid, uuid), client_link_of(bytea),
    client_link_is_open(client_links, bytea), client_link_see(bytea, bytea), client_link_try(bytea),
    client_link_enter(bytea, text, bytea), client_link_value(text, text, jsonb, text[]),
    client_link_text(text, boolean), client_link_email(text, boolean), client_link_phone(text, boolean),
    client_link_leads(bytea, bytea, text[], integer, uuid, integer), client_link_viewed(bytea, bytea),
    client_link_taken(bytea, bytea, uuid, uuid[], bytea) from public;
grant execute on function client_link_revoke(uuid, uuid), client_link_see(bytea, bytea), client_link_try(bytea),
    client_link_enter(bytea, text, bytea), client_link_leads(bytea, bytea, text[], integer, uuid, integer),
    client_link_viewed(bytea, bytea), client_link_taken(bytea, bytea, uuid, uuid[], bytea) to pp_web;
reset role;
revoke create on schema public from pp_auth;

create trigger client_link_admits before insert on client_links for each row execute function client_link_admits();
create trigger client_link_noted after insert on client_links for each row execute function client_link_noted();
set local role pp_auth;
revoke all on function client_link_admits(), client_link_noted() from public;
reset role;
