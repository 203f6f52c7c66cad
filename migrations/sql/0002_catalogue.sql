-- One row a file and name: which snapshot it was, how far its import got.
create table place_imports (
    id uuid primary key,
    name text not null check (length(name) between 1 and 100),
    source text not null,
    checksum text not null,
    observed_on date,
    country text,
    state text not null default 'running' check (state in ('running', 'stopped', 'done')),
    position bigint not null default 0,
    places integer not null default 0,
    left_out integer not null default 0,
    bad_records integer not null default 0,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    unique (name, checksum)
);

-- Businesses as a source records them. cell is the grid cell of the point, words what is searched for by name.
create table places (
    id bigint generated always as identity primary key,
    source text not null,
    source_ref text not null,
    import_id uuid not null references place_imports,
    name text not null check (name <> ''),
    category text not null,
    cell integer not null,
    lat double precision not null check (lat between -90 and 90),
    lon double precision not null check (lon between -180 and 180),
    street text,
    housenumber text,
    city text,
    postcode text,
    country text,
    phone text,
    website text,
    email text,
    opening_hours text,
    brand text,
    tags jsonb not null,
    words tsvector not null,
    observed_on date,
    ends_on date,
    gone_at timestamptz,
    unique (source, source_ref)
);
create index places_category_cell on places (category, cell) where gone_at is null;
create index places_cell on places (cell) where gone_at is null;
create index places_words on places using gin (words) where gone_at is null;
create index places_import on places (import_id);

-- What a typed location can mean. keys are its names in every language, ready to compare.
create table localities (
    id bigint generated always as identity primary key,
    source_ref text unique,
    kind text not null,
    name text not null,
    keys text[] not null,
    lat double precision not null,
    lon double precision not null,
    radius_km double precision not null,
    country text,
    region text,
    places integer not null default 0
);
create index localities_keys on localities using gin (keys);
create index localities_largest on localities (places desc, name);

-- Kept by each import, so that no page counts a million places.
create table place_category_counts (
    category text primary key,
    places integer not null
);

grant select on places, place_imports, localities, place_category_counts to pp_web, pp_worker, pp_admin;
grant select, insert, update, delete on places, place_imports, localities, place_category_counts to pp_importer;

-- The importer owns no table, and statistics can only be renewed by the owner.
create function analyze_places() returns void language plpgsql security definer
    set search_path = pg_catalog, public
    as $$ begin analyze public.places; analyze public.localities; end $$;
revoke execute on function analyze_places() from public;
grant execute on function analyze_places() to pp_importer;
