-- What a place is besides its category, one row a kind: a shop for tyres that also repairs cars, a restaurant whose
-- cuisine is pizza. The cell is that of the place, so that a search in an area reads an index and nothing else.
create table place_kinds (
    kind text not null,
    cell integer not null,
    place_id bigint not null references places on delete cascade,
    primary key (kind, cell, place_id)
);
create index place_kinds_place on place_kinds (place_id);
grant select on place_kinds to pp_web, pp_worker, pp_admin;
grant select, insert, update, delete on place_kinds to pp_importer;

-- Places that were stored before get theirs from their tags, as an import writes them.
with mains as (
    select id, cell, category, tags, category as kind
    from places
    union
    select p.id, p.cell, p.category, p.tags, key || '=' || btrim(one)
    from places p
    cross join unnest(array['amenity', 'shop', 'craft', 'office', 'healthcare', 'tourism', 'leisure']) key
    cross join unnest(string_to_array(p.tags ->> key, ';')) one
    where p.tags ? key and btrim(one) not in ('', 'no', 'none', 'vacant', 'disused', 'closed', 'empty', 'abandoned')
),
finer as (
    select p.id, tag.key || '=' || btrim(one) as tag
    from places p
    cross join jsonb_each_text(p.tags) as tag
    cross join unnest(string_to_array(tag.value, ';')) one
    where btrim(one) <> ''
        and (
            tag.key = any(array[
                'cuisine', 'sport', 'healthcare:speciality', 'beauty', 'hairdresser', 'clothes', 'massage', 'museum',
                'microbrewery', 'organic', 'rental', 'second_hand', 'self_service', 'street_vendor', 'studio', 'theme',
                'trade', 'social_facility', 'zoo', 'lgbtq'
            ])
            or tag.key like 'service:%' and btrim(one) = 'yes'
        )
)
insert into place_kinds (kind, cell, place_id)
select kind, cell, id
from mains
where kind <> category
union
select m.kind || '+' || f.tag, m.cell, m.id
from mains m
join finer f on f.id = m.id;
