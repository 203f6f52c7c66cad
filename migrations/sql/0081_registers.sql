-- Registers of companies as open data: they state an address and no position, so what they hold is found by the middle of
-- its postcode.

alter table places add column is_by_postcode boolean not null default false;
comment on column places.is_by_postcode is 'Its source states an address and no position: lat and lon are the middle of its postcode, to be found by alone.';

alter table place_imports add column unplaced integer not null default 0;
comment on column place_imports.unplaced is 'Businesses of the file that state no position, nor a postcode of which a point is known.';

create table postcode_points (
    country text not null,
    postcode text not null,
    lat double precision not null,
    lon double precision not null,
    is_given boolean not null default false,
    primary key (country, postcode)
);
comment on table postcode_points is 'Middles of postcodes (capitals, no blanks), by which businesses of registers are found.';
comment on column postcode_points.is_given is 'An administrator gave it in a file; else it is the middle of places that state the postcode.';
alter table postcode_points enable row level security;
alter table postcode_points force row level security;
create policy everywhere on postcode_points to pp_importer using (true) with check (true);
grant select, insert, update, delete on postcode_points to pp_importer;

alter table place_loads drop constraint place_loads_kind_check;
alter table place_loads add constraint place_loads_kind_check check (
    kind in (
        'city', 'osm', 'places', 'overture', 'foursquare', 'alltheplaces', 'prh', 'companies_house', 'remove'
    )
);
