-- What a locality is called where several bear its name, what it lies in, and how records name it: that decides who
-- belongs to it, its circle only for the rest. Empty until the localities are worked out again.
alter table localities
    add column label text,
    add column parent text,
    add column county text,
    add column pieces text[] not null default '{}',
    add column named jsonb;
create index localities_pieces on localities using gin (pieces);

-- Cells of 0.005 degrees, for what lies within some kilometres of a crowded middle; the last row and column take in the
-- pole and the date line.
create function fine_cell(lat double precision, lon double precision) returns bigint
    language sql immutable parallel safe
    as $$
        select least(floor((lat + 90) / 0.005), 35999)::bigint * 72000
            + mod(floor((lon + 180) / 0.005)::bigint, 72000)
    $$;
create index places_category_fine on places (category, fine_cell(lat, lon)) where gone_at is null;
