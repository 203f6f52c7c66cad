-- What a locality is called where several bear its name, what it lies in, and how records name it: that decides who
-- belongs to it, its circle only for the rest. Empty until the localities are worked out again.
alter table localities
    add column label text,
    add column parent text,
    add column county text,
    add column pieces text[] not null default '{}',
    add column named jsonb;
create index localities_pieces on localities using gin (pieces);
